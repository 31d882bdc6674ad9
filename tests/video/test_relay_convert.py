"""The relay encodes anew where a mask or a viewer demands it: once a camera, bounded, never without its masks."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.drill.feeds.testcard import write_testcard
from smartcity_console.video.relay import ConvertersBusy, LiveBroken, LiveRelay, Masks, read_producer_time
from smartcity_console.video.relay.burn import Burner
from smartcity_console.video.relay.stream import CameraStream, Converters
from smartcity_console.video.relay.viewer import Begin, Stop
from smartcity_console.video.ring import Record, RingReader, SegmentHead, Taken
from smartcity_console.video.ring.format import KEY
from tests.video.test_relay import LiveCamera, camera_packets, take

FPS = 30
LEFT = [[(0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)]]


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_testcard(tmp_path_factory.mktemp("convert") / "card.mp4", seconds=4.0, fps=FPS, keyframe_every=15)


@pytest.fixture(scope="module")
def hevc_card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("convert") / "hevc.mp4"
    return write_testcard(path, codec="libx265", seconds=4.0, fps=FPS, keyframe_every=15)


def with_relay(root: Path, act: Callable[[LiveRelay], Awaitable[None]], **options: Any) -> None:
    async def main() -> None:
        relay = LiveRelay(RingReader(root), **options)
        try:
            await act(relay)
        finally:
            await relay.close()

    asyncio.run(main())


def pictures(parts: list[str | bytes]) -> list[npt.NDArray[np.uint8]]:
    data = b"".join(part for part in parts[1:] if isinstance(part, bytes))
    with av.open(io.BytesIO(data)) as container:
        return [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]


def is_masked(picture: npt.NDArray[np.uint8]) -> bool:
    """Whether the left half is one grey while the right half is a picture."""
    left, right = picture[:, : picture.shape[1] // 2 - 4], picture[:, picture.shape[1] // 2 + 4 :]
    return int(np.ptp(left)) <= 24 and abs(float(left.mean()) - 128) < 16 and int(np.ptp(right)) > 60


def test_a_mask_is_in_every_picture_and_one_encoder_serves_all_viewers(tmp_path: Path, card: Path) -> None:
    async def act(relay: LiveRelay) -> None:
        first, second = relay.stream("A"), relay.stream("A")
        got = await take(first, 10)
        also = await take(second, 6)
        assert relay.converting == 1
        assert [t.name for t in threading.enumerate()].count("relay A") == 1
        for parts in (got, also):
            assert str(parts[0]).startswith('video/mp4; codecs="avc1.42')  # the baseline profile
            shown = pictures(parts)
            assert len(shown) > 10
            assert all(is_masked(picture) for picture in shown)
        await first.aclose()
        await second.aclose()
        assert relay.converting == 0

    with LiveCamera(tmp_path, *camera_packets(card)):
        with_relay(tmp_path, act, masked=lambda _: LEFT)


def test_a_mask_set_while_somebody_watches_ends_the_open_picture_and_its_queue(tmp_path: Path, card: Path) -> None:
    masks: list[Any] = []

    async def act(relay: LiveRelay) -> None:
        stream = relay.stream("A")
        got = await take(stream, 6)
        assert not any(is_masked(picture) for picture in pictures(got))
        await asyncio.sleep(1.0)  # fragments without the mask wait in the viewer's queue
        masks.extend(LEFT)
        await asyncio.sleep(2.5)
        async with asyncio.timeout(8):
            assert [item async for item in stream] == []  # what waited is not given out any more
        again = relay.stream("A")
        assert all(is_masked(picture) for picture in pictures(await take(again, 8)))
        masks.clear()  # lifted: the camera's own bits again, on a new connection
        await take(again, 10**6, 12)
        after = relay.stream("A")
        assert not any(is_masked(picture) for picture in pictures(await take(after, 6)))
        assert relay.converting == 0
        await after.aclose()

    with LiveCamera(tmp_path, *camera_packets(card)):
        with_relay(tmp_path, act, masked=lambda _: masks)


@pytest.mark.logs
def test_where_the_masks_cannot_be_told_nothing_is_shown(tmp_path: Path, card: Path) -> None:
    def broken(_: str) -> Masks | None:
        raise RuntimeError("no masks to be had")

    async def act(relay: LiveRelay) -> None:
        with pytest.raises(LiveBroken, match="RuntimeError"):
            await take(relay.stream("A"), 1)

    with LiveCamera(tmp_path, *camera_packets(card)):
        with_relay(tmp_path, act, masked=broken)


def test_h265_passes_as_it_is_and_is_converted_on_request(tmp_path: Path, hevc_card: Path) -> None:
    async def act(relay: LiveRelay) -> None:
        plain, converted = relay.stream("A"), relay.stream("A", codec="h264")
        got, made = await take(plain, 5), await take(converted, 8)
        assert str(got[0]).startswith('video/mp4; codecs="hvc1.')
        assert str(made[0]).startswith('video/mp4; codecs="avc1.42')
        assert len(pictures(made)) > 10
        assert (relay.active, relay.converting) == (["A"], 1)
        await plain.aclose()
        await converted.aclose()

    with LiveCamera(tmp_path, *camera_packets(hevc_card)):
        with_relay(tmp_path, act)


def test_mjpeg_is_converted_on_request(tmp_path: Path) -> None:
    file = write_testcard(tmp_path / "card.avi", codec="mjpeg", seconds=2.0, fps=FPS)
    with av.open(str(file)) as container:
        packets = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    head = SegmentHead("A", "s1", "mjpeg", 320, 180, 1, 90_000, b"")
    records = [Record(data, KEY, number * 3000, number * 3000, 0, 0) for number, data in enumerate(packets)]

    async def act(relay: LiveRelay) -> None:
        stream = relay.stream("A", codec="h264")
        assert len(pictures(await take(stream, 8))) > 10
        await stream.aclose()

    with LiveCamera(tmp_path / "ring", head, records):
        with_relay(tmp_path / "ring", act)


@pytest.mark.logs
def test_no_more_are_converted_at_once_than_allowed(tmp_path: Path, hevc_card: Path) -> None:
    async def act(relay: LiveRelay) -> None:
        first = relay.stream("A", codec="h264")
        await take(first, 3)
        with pytest.raises(ConvertersBusy, match="1 pictures"):
            await take(relay.stream("B", codec="h264"), 1)
        await take(first, 2)  # who is there goes on
        await first.aclose()
        second = relay.stream("B", codec="h264")
        await take(second, 3)
        await second.aclose()

    packets = camera_packets(hevc_card)
    with LiveCamera(tmp_path, *packets), LiveCamera(tmp_path, *packets, camera="B"):
        with_relay(tmp_path, act, most_converters=1)


def test_converted_pictures_keep_their_receive_time_and_survive_a_reconnect(tmp_path: Path, card: Path) -> None:
    async def act(relay: LiveRelay) -> None:
        stream = relay.stream("A")
        got = await take(stream, 6)
        camera.reconnect.set()
        got += await take(stream, 12)
        times = [read_producer_time(part) for part in got[2:] if isinstance(part, bytes)]
        now_us = SystemClock().now().timestamp() * 1e6
        assert all(told is not None and 0 < now_us - told[0] < 20e6 for told in times)
        media = [told[1] for told in times if told]
        assert media == sorted(media)
        assert len(pictures(got)) > 30
        await stream.aclose()

    with LiveCamera(tmp_path, *camera_packets(card)) as camera:
        with_relay(tmp_path, act, masked=lambda _: LEFT)


def test_a_mask_covers_its_edge_in_luma_and_colour() -> None:
    planes = np.zeros((90 * 3 // 2, 160), np.uint8)
    Burner([[(0.25, 0.2), (0.5, 0.2), (0.5, 0.8), (0.25, 0.8)], [(0.9, 0.9), (2.0, 0.9), (2.0, 2.0)]], 160, 90).burn(
        planes
    )
    luma, colours = planes[:90], planes[90:].reshape(2, 45, 80)
    assert (luma[18:73, 40:81] == 128).all()
    assert (colours[:, 9:37, 20:41] == 128).all()
    assert luma[:16].max() == 0
    assert luma[:, :38].max() == 0
    assert luma[-1, -1] == 128  # cut at the picture's edge


def test_with_a_new_mask_nothing_of_before_is_given_out_even_before_the_next_keyframe(card: Path) -> None:
    head, records = camera_packets(card)
    clock, masks = SystemClock(), list[Any]()
    now_us = round(clock.now().timestamp() * 1e6)
    fresh = [Record(r.payload, r.flags, r.pts, r.dts, now_us, n) for n, r in enumerate(records)]
    stream = CameraStream("A", "", clock, lambda _: masks, Converters(1))
    try:
        assert isinstance(stream.take(Taken(head, fresh[0]))[0], Begin)
        stream.take(Taken(head, fresh[1]))
        masks.extend(LEFT)
        time.sleep(0.25)  # masks are asked for five times a second
        assert stream.take(Taken(head, fresh[2])) == [Stop()]
        assert stream.take(Taken(head, fresh[3])) == []  # no keyframe yet: no picture
        assert isinstance(stream.take(Taken(head, fresh[15]))[0], Begin)
    finally:
        stream.close()
