"""The live relay: playable fragments, shared by viewers, never a recording in the place of a live view."""

from __future__ import annotations

import asyncio
import base64
import io
import shutil
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import av
import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.drill.feeds.testcard import number_shown, write_testcard
from smartcity_console.video.nal import annexb_parameters, picture_units, split_annexb
from smartcity_console.video.relay import LiveRelay, NotPlayable
from smartcity_console.video.relay.fragments import Fragment, Fragmenter
from smartcity_console.video.relay.viewer import VIEWER_FRAGMENTS, Viewer
from smartcity_console.video.ring import ReceiveClock, Record, RingReader, RingWriter, SegmentHead, Taken
from smartcity_console.video.ring.format import KEY, NO_DTS

FPS = 30


def camera_packets(file: Path) -> tuple[SegmentHead, list[Record]]:
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        codec, context = stream.codec_context.name, stream.codec_context
        extradata = annexb_parameters(codec, bytes(context.extradata or b""))
        to_annexb = av.BitStreamFilterContext(f"{codec}_mp4toannexb", stream)
        records = []
        for packet in container.demux(stream):
            for made in to_annexb.filter(packet) if packet.size else []:
                units = picture_units(codec, split_annexb(bytes(made)))
                payload = b"".join(b"\x00\x00\x00\x01" + unit for unit in units)
                pts = round(made.pts * made.time_base * 90_000)
                records.append(Record(payload, KEY * made.is_keyframe | NO_DTS, pts, pts, 0, 0))
    return SegmentHead("A", "s1", codec, context.width, context.height, 1, 90_000, extradata), records


def again(head: SegmentHead, **changes: object) -> SegmentHead:
    facts = {name: getattr(head, name) for name in SegmentHead.__struct_fields__}
    return SegmentHead(**facts | changes)


class LiveCamera(threading.Thread):
    """Writes the packets into the ring at their pace, over and over, as a camera would come in."""

    def __init__(self, root: Path, head: SegmentHead, records: list[Record], camera: str = "A") -> None:
        super().__init__(name=f"camera {camera}")
        self.root, self.head, self.records, self.camera = root, head, records, camera
        self.halted = threading.Event()
        self.reconnect = threading.Event()

    def __enter__(self) -> LiveCamera:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.halted.set()
        self.join()

    def run(self) -> None:
        receive = ReceiveClock(SystemClock())
        length = len(self.records) * 90_000 // FPS
        number, base, head = 0, 0, self.head
        with RingWriter(self.root, self.camera, 2.0) as writer:
            while not self.halted.wait(1 / FPS):
                if self.reconnect.is_set():
                    self.reconnect.clear()
                    head, base, number = again(head, session=head.session + "'"), 0, 0
                record = self.records[number % len(self.records)]
                pts = record.pts + base + number // len(self.records) * length
                utc_us, mono_ns = receive.now()
                writer.append(head, Record(record.payload, record.flags, pts, pts, utc_us, mono_ns))
                number += 1


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_testcard(tmp_path_factory.mktemp("relay") / "card.mp4", seconds=4.0, fps=FPS, keyframe_every=15)


@pytest.fixture
def camera(tmp_path: Path, card: Path) -> Iterator[LiveCamera]:
    with LiveCamera(tmp_path, *camera_packets(card)) as live:
        yield live


async def take(stream: AsyncIterator[str | bytes], count: int, limit_s: float = 8.0) -> list[str | bytes]:
    got: list[str | bytes] = []
    async with asyncio.timeout(limit_s):
        async for item in stream:
            got.append(item)
            if len(got) == count:
                break
    return got


def decoded_numbers(parts: list[str | bytes]) -> list[int]:
    assert isinstance(parts[0], str)
    data = b"".join(part for part in parts[1:] if isinstance(part, bytes))
    with av.open(io.BytesIO(data)) as container:
        return [number_shown(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]


def consecutive(numbers: list[int], length: int = 120) -> bool:
    return all((b - a) % length == 1 for a, b in pairwise(numbers))


def with_relay(root: Path, act: Callable[[LiveRelay], Awaitable[None]]) -> None:
    async def main() -> None:
        relay = LiveRelay(RingReader(root))
        try:
            await act(relay)
        finally:
            await relay.close()

    asyncio.run(main())


def test_type_then_init_then_playable_fragments(camera: LiveCamera, tmp_path: Path) -> None:
    async def act(relay: LiveRelay) -> None:
        stream = relay.stream("A")
        got = await take(stream, 12)
        await stream.aclose()
        assert got[0] == f'video/mp4; codecs="avc1.{split_annexb(camera.head.extradata)[0][1:4].hex().upper()}"'
        assert isinstance(got[1], bytes)
        assert got[1][4:8] == b"ftyp"
        assert b"moov" in got[1]
        assert all(isinstance(part, bytes) and (part[4:8], part[36:40]) == (b"prft", b"moof") for part in got[2:])
        numbers = decoded_numbers(got)
        assert numbers[0] % 15 == 0  # begins at a keyframe
        assert len(numbers) >= 10 * 3
        assert consecutive(numbers)
        assert relay.active == []

    with_relay(tmp_path, act)


def test_the_view_is_fresh(camera: LiveCamera, tmp_path: Path) -> None:
    """From the packet's reception to its fragment: a quarter second of fragment, a poll, and a busy machine."""

    async def act(relay: LiveRelay) -> None:
        stream = relay.stream("A")
        await take(stream, 10)
        ring = RingReader(tmp_path)
        newest = ring.spans("A")[-1].end
        item = await anext(stream)
        assert isinstance(item, bytes)
        assert SystemClock().now() - newest < timedelta(seconds=1.5)
        await stream.aclose()

    with_relay(tmp_path, act)


def test_viewers_share_one_thread_and_each_begins_at_a_keyframe(camera: LiveCamera, tmp_path: Path) -> None:
    async def act(relay: LiveRelay) -> None:
        first = relay.stream("A")
        await take(first, 6)
        second = relay.stream("A")
        got = await take(second, 8)
        assert decoded_numbers(got)[0] % 15 == 0
        assert consecutive(decoded_numbers(got))
        assert [t.name for t in threading.enumerate()].count("relay A") == 1
        await first.aclose()
        assert relay.active == ["A"]
        await second.aclose()
        assert relay.active == []

    with_relay(tmp_path, act)


def test_a_reconnect_joins_without_a_hole(camera: LiveCamera, tmp_path: Path) -> None:
    async def act(relay: LiveRelay) -> None:
        stream = relay.stream("A")
        got = await take(stream, 8)
        camera.reconnect.set()
        got += await take(stream, 8)
        await stream.aclose()
        data = b"".join(part for part in got[1:] if isinstance(part, bytes))
        with av.open(io.BytesIO(data)) as container:
            times = [p.pts for p in container.demux(video=0) if p.size]
        steps = {b - a for a, b in pairwise(times)}
        assert steps == {3000}

    with_relay(tmp_path, act)


def test_a_change_of_format_ends_the_stream(tmp_path: Path, card: Path) -> None:
    other = write_testcard(tmp_path / "other.mp4", seconds=2.0, fps=FPS, size=(160, 96), keyframe_every=15)

    async def act(relay: LiveRelay) -> None:
        stream = relay.stream("A")
        with LiveCamera(tmp_path / "ring", *camera_packets(card)):
            await take(stream, 4)
        head, records = camera_packets(other)
        with LiveCamera(tmp_path / "ring", again(head, session="s2"), records):
            async with asyncio.timeout(8):
                rest = [item async for item in stream]
            assert all(isinstance(item, bytes) for item in rest)
            fresh = relay.stream("A")
            numbers = decoded_numbers(await take(fresh, 5))
            assert consecutive(numbers, 60)
            await fresh.aclose()

    with_relay(tmp_path / "ring", act)


def test_an_old_recording_is_no_live_view(tmp_path: Path, card: Path) -> None:
    head, records = camera_packets(card)
    with RingWriter(tmp_path, "A", 2.0) as writer:
        for number, record in enumerate(records):
            hour_ago = int((time.time() - 3600) * 1e6) + number * 33_333
            writer.append(head, Record(record.payload, record.flags, record.pts, record.pts, hour_ago, number))

    async def act(relay: LiveRelay) -> None:
        stream = relay.stream("A")
        waiting = asyncio.ensure_future(anext(stream))
        done, _ = await asyncio.wait([waiting], timeout=0.5)
        assert not done
        with LiveCamera(tmp_path, again(head, session="s2"), records):
            assert str(await asyncio.wait_for(waiting, 8)).startswith("video/mp4")
        await stream.aclose()

    with_relay(tmp_path, act)


def test_close_ends_every_stream(camera: LiveCamera, tmp_path: Path) -> None:
    async def act(relay: LiveRelay) -> None:
        streams = [relay.stream("A"), relay.stream("A"), relay.stream("never recorded")]
        tasks = [asyncio.ensure_future(take(s, 10**6)) for s in streams]
        await asyncio.sleep(0)
        while len(relay.active) < 2:
            await asyncio.sleep(0.01)
        await relay.close()
        await asyncio.wait_for(asyncio.gather(*tasks), 5)
        assert await take(relay.stream("A"), 1) == []

    with_relay(tmp_path, act)


@pytest.mark.logs
def test_a_codec_that_no_browser_plays_is_named(tmp_path: Path) -> None:
    head = SegmentHead("A", "s1", "vp6", 64, 48, 1, 90_000, b"")
    with LiveCamera(tmp_path, head, [Record(b"x" * 50, KEY, 0, 0, 0, 0)]):

        async def act(relay: LiveRelay) -> None:
            with pytest.raises(NotPlayable, match="vp6"):
                await take(relay.stream("A"), 3)
            assert relay.active == []

        with_relay(tmp_path, act)


def test_b_pictures_are_in_order(tmp_path: Path) -> None:
    file = write_testcard(tmp_path / "b.mp4", seconds=3.0, fps=FPS, keyframe_every=30, b_pictures=2)
    head, records = camera_packets(file)
    fragmenter = Fragmenter(Taken(head, records[0]))
    made = [f for record in records for f in fragmenter.add(Taken(head, record))]
    fragmenter.close()
    numbers = decoded_numbers([fragmenter.mime, fragmenter.init, *(f.data for f in made)])
    assert numbers[:75] == list(range(75))  # the last fragment may end between a picture and those shown before it
    assert [f.is_key for f in made][:1] == [True]
    assert sum(f.is_key for f in made) == 3


def test_a_camera_that_sends_its_parameter_sets_in_band_only(card: Path) -> None:
    head, records = camera_packets(card)
    in_band = [Record(head.extradata * r.is_key + r.payload, r.flags, r.pts, r.dts, 0, 0) for r in records]
    bare = again(head, extradata=b"")
    fragmenter = Fragmenter(Taken(bare, in_band[0]))
    made = [f.data for record in in_band for f in fragmenter.add(Taken(bare, record))]
    fragmenter.close()
    assert fragmenter.mime == Fragmenter(Taken(head, records[0])).mime
    assert consecutive(decoded_numbers([fragmenter.mime, fragmenter.init, *made]))


async def taken_all(viewer: Viewer) -> list[object]:
    return [await viewer.take() for _ in range(viewer.waiting)]


def test_a_slow_viewer_goes_on_at_the_next_keyframe() -> None:
    viewer = Viewer()
    for number in range(VIEWER_FRAGMENTS + 10):
        viewer.offer(Fragment(bytes([number]), number % 5 == 0))
    waiting = viewer.waiting
    left = asyncio.run(taken_all(viewer))
    assert isinstance(left[0], Fragment)
    assert left[0].is_key
    assert left[0].data[0] == 65
    assert len(left) == waiting
    assert len(left) + viewer.dropped == VIEWER_FRAGMENTS + 10


PAGE = """
<video muted autoplay></video><script>
window.played = async (mime, parts) => {
  const bytes = parts.map(p => Uint8Array.from(atob(p), c => c.charCodeAt(0)));
  const video = document.querySelector('video'), source = new MediaSource();
  if (!MediaSource.isTypeSupported(mime)) return 'unsupported ' + mime;
  video.src = URL.createObjectURL(source);
  await new Promise(done => source.addEventListener('sourceopen', done, {once: true}));
  const buffer = source.addSourceBuffer(mime);
  for (const part of bytes) {
    const ended = new Promise((ok, no) => {
      buffer.addEventListener('updateend', ok, {once: true}); buffer.addEventListener('error', no, {once: true}); });
    buffer.appendBuffer(part); await ended;
  }
  await video.play();
  while (video.currentTime < 0.5) await new Promise(r => requestAnimationFrame(r));
  return [video.videoWidth, video.videoHeight, buffer.buffered.length];
};
</script>"""


@pytest.mark.browser
def test_chromium_plays_it(tmp_path: Path, card: Path) -> None:
    from playwright.sync_api import sync_playwright

    head, records = camera_packets(card)
    fragmenter = Fragmenter(Taken(head, records[0]))
    made = [f.data for record in records for f in fragmenter.add(Taken(head, record))]
    fragmenter.close()
    parts = [base64.b64encode(data).decode() for data in (fragmenter.init, *made)]
    chromium = shutil.which("chromium")
    assert chromium, "Debian's chromium is needed"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(PAGE)
        page.set_default_timeout(20_000)
        assert page.evaluate("([m, p]) => window.played(m, p)", [fragmenter.mime, parts]) == [320, 180, 1]
        browser.close()
