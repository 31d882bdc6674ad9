"""The feed server, through libavformat's own RTSP client and through raw RTSP on a socket."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import av
import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.drill.feeds import Fault, run_feeds
from smartcity_console.drill.feeds.mount import LoopClock, Mount
from smartcity_console.drill.feeds.recording import read_recording
from smartcity_console.drill.feeds.server import RtspServer
from smartcity_console.drill.feeds.testcard import number_shown, write_testcard
from smartcity_console.runtime import bind_tcp
from smartcity_console.settings import Settings
from smartcity_console.video.nal import picture_units, split_annexb, split_sample

FPS = 45  # faster than a camera, so that the tests are too
STEP = 90_000 // FPS
CLIENT = {"rtsp_transport": "tcp", "fpsprobesize": "0"}


class Served:
    """A server on its own thread and loop, with a way to act on its loop."""

    def __init__(self, url: str, server: RtspServer, loop: asyncio.AbstractEventLoop) -> None:
        self.url, self.server, self._loop = url, server, loop

    def call(self, act: Callable[[], object]) -> None:
        done = threading.Event()
        self._loop.call_soon_threadsafe(lambda: (act(), done.set()))
        assert done.wait(5)


@contextmanager
def served(files: dict[str, Path], loop_s: float | None = None) -> Iterator[Served]:
    ready: list[Served] = []
    up, stop = threading.Event(), threading.Event()

    async def main() -> None:
        clock = SystemClock()
        time_line = LoopClock(clock, clock.monotonic_s())
        mounts = []
        for camera, file in files.items():
            recording = read_recording(file)
            mounts.append(Mount(camera, recording, time_line, loop_s or recording.duration_s))
        server = RtspServer(mounts, clock)
        sock = bind_tcp("127.0.0.1", 0, "test", "-")
        await server.start(sock)
        ready.append(Served(f"rtsp://127.0.0.1:{sock.getsockname()[1]}", server, asyncio.get_running_loop()))
        up.set()
        while not stop.is_set():
            await asyncio.sleep(0.01)
        await server.close()

    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    assert up.wait(10)
    try:
        yield ready[0]
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def wait_until(condition: Callable[[], bool], limit_s: float = 8.0) -> None:
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "the condition did not come true in time"
        time.sleep(0.01)


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_testcard(tmp_path_factory.mktemp("feeds") / "card.mp4", seconds=30 / FPS, fps=FPS)


def stored_units(file: Path) -> list[bytes]:
    """Return one digest per stored packet of the file, over its picture units."""
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        codec, extradata = stream.codec_context.name, bytes(stream.codec_context.extradata or b"")
        return [
            digest(picture_units(codec, split_sample(bytes(p), extradata))) for p in container.demux(stream) if p.size
        ]


def digest(units: list[bytes]) -> bytes:
    return hashlib.sha256(b"".join(units)).digest()


def received(url: str, count: int, transport: str = "tcp") -> tuple[str, list[bytes], list[int | None]]:
    with av.open(url, options=CLIENT | {"rtsp_transport": transport}, timeout=(5, 5)) as container:
        stream = container.streams.video[0]
        codec = stream.codec_context.name
        units, times = [], []
        for packet in container.demux(stream):
            units.append(digest(picture_units(codec, split_annexb(bytes(packet)))))
            times.append(packet.pts)
            if len(units) >= count:
                break
        return codec, units, times


@pytest.mark.parametrize(("codec", "name"), [("libx264", "h264"), ("libx265", "hevc")])
def test_pictures_arrive_as_they_lie_in_the_file(tmp_path: Path, codec: str, name: str) -> None:
    file = write_testcard(tmp_path / "card.mp4", codec=codec, seconds=30 / FPS, fps=FPS)
    original = stored_units(file)
    with served({"A": file}) as feeds:
        codec_name, units, _ = received(f"{feeds.url}/A", 45)
    assert codec_name == name
    start = original.index(units[0])
    assert start % 15 == 0  # a keyframe
    assert units == [original[(start + n) % len(original)] for n in range(45)]  # through the loop's seam


def test_mpeg4_arrives_readable(tmp_path: Path) -> None:
    file = write_testcard(tmp_path / "card.avi", codec="mpeg4", seconds=1.0)
    with served({"A": file}) as feeds, av.open(f"{feeds.url}/A", options=CLIENT, timeout=(5, 5)) as container:
        assert container.streams.video[0].codec_context.name == "mpeg4"
        numbers = []
        for frame in container.decode(video=0):
            numbers.append(number_shown(frame.to_ndarray(format="rgb24")))
            if len(numbers) == 12:
                break
    assert numbers == [(numbers[0] + n) % 15 for n in range(12)]


def test_b_pictures_keep_their_order_and_times(tmp_path: Path) -> None:
    file = write_testcard(tmp_path / "card.mp4", seconds=30 / FPS, fps=FPS, b_pictures=2)
    original = stored_units(file)
    with served({"A": file}) as feeds:
        _, units, times = received(f"{feeds.url}/A", 35)
    start = original.index(units[0])
    assert units == [original[(start + n) % len(original)] for n in range(35)]
    shown = sorted(t for t in times if t is not None)
    assert {b - a for a, b in pairwise(shown[2:-2])} == {STEP}


def test_times_run_on_through_the_seam(card: Path) -> None:
    with served({"A": card}) as feeds:
        _, _, times = received(f"{feeds.url}/A", 50)
    steps = {b - a for a, b in pairwise(times[1:]) if a is not None and b is not None}
    assert steps == {STEP}


def test_udp_carries_the_same_pictures(card: Path) -> None:
    original = stored_units(card)
    with served({"A": card}) as feeds:
        _, units, _ = received(f"{feeds.url}/A", 20, "udp")
    start = original.index(units[0])
    assert units == [original[(start + n) % len(original)] for n in range(20)]


def test_feeds_are_in_step_with_the_announced_phase(tmp_path: Path) -> None:
    card = write_testcard(tmp_path / "slow.mp4", seconds=2.0)
    with served({"A": card, "B": card}) as feeds:
        shown = {}
        for mount in ("A", "B"):
            with av.open(f"{feeds.url}/{mount}", options=CLIENT, timeout=(5, 5)) as container:
                for frame in container.decode(video=0):
                    now = feeds.server.mounts[mount].time_line.elapsed_s()
                    number = number_shown(frame.to_ndarray(format="rgb24"))
                    shown[mount] = (now * 15 - number) % 30  # pictures between the clock's phase and what is shown
                    if frame.pts is not None and frame.pts > 10 * 6000:
                        break
    for behind in shown.values():
        assert min(behind, 30 - behind) < 5  # a third of a second for a busy machine


def test_a_loop_longer_than_the_recording_keeps_step(card: Path) -> None:
    with served({"A": card}, loop_s=1.0) as feeds:
        _, _, times = received(f"{feeds.url}/A", 40)
    steps = [b - a for a, b in pairwise(times[1:]) if a is not None and b is not None]
    assert set(steps) == {STEP, STEP + 30_000}  # the third of a second without pictures, once a loop


@pytest.mark.alone
def test_a_latecomer_gets_the_keyframe_at_once(tmp_path: Path) -> None:
    file = write_testcard(tmp_path / "long-group.mp4", seconds=8.0, keyframe_every=120)
    with served({"A": file}) as feeds:
        received(f"{feeds.url}/A", 12)
        began = time.monotonic()
        with av.open(f"{feeds.url}/A", options=CLIENT, timeout=(5, 5)) as container:
            assert next(container.demux(video=0)).is_keyframe
        assert time.monotonic() - began < 2.0  # the next keyframe is seconds away


def test_an_idle_mount_stops_reading(card: Path) -> None:
    with served({"A": card}) as feeds:
        received(f"{feeds.url}/A", 3)
        mount = feeds.server.mounts["A"]
        wait_until(lambda: mount.viewers == 0)
        wait_until(lambda: mount._task is not None and mount._task.done())


# ---- raw RTSP ----------------------------------------------------------------------------------------------------


class RawClient:
    def __init__(self, url: str, receive_bytes: int = 0) -> None:
        self.url = url
        self.sock = socket.socket()
        if receive_bytes:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.sock.settimeout(5)
        self.sock.connect(("127.0.0.1", int(url.split(":")[2].split("/")[0])))
        self.file = self.sock.makefile("rb")
        self.sequence = 0

    def ask(self, method: str, path: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
        self.sequence += 1
        lines = [f"{method} {self.url}{path} RTSP/1.0", f"CSeq: {self.sequence}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.sock.sendall("\r\n".join([*lines, "", ""]).encode())
        return self.answer()

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        status = int(self.file.readline().split()[1])
        headers = {}
        while line := self.file.readline().strip().decode():
            name, _, value = line.partition(": ")
            headers[name] = value
        return status, headers, self.file.read(int(headers.get("Content-Length", "0")))

    def frame(self) -> tuple[int, bytes]:
        head = self.file.read(4)
        assert head[:1] == b"$"
        return head[1], self.file.read(int.from_bytes(head[2:], "big"))

    def __enter__(self) -> RawClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.sock.close()


@pytest.fixture
def raw(card: Path) -> Iterator[RawClient]:
    with served({"A": card}) as feeds, RawClient(feeds.url) as client:
        yield client


def test_the_whole_conversation(raw: RawClient) -> None:
    status, headers, _ = raw.ask("OPTIONS", "/A")
    assert status == 200
    assert "GET_PARAMETER" in headers["Public"]
    status, headers, body = raw.ask("DESCRIBE", "/A", Accept="application/sdp")
    assert status == 200
    assert headers["Content-Type"] == "application/sdp"
    assert b"a=rtpmap:96 H264/90000" in body
    assert b"sprop-parameter-sets=" in body
    status, headers, _ = raw.ask("SETUP", "/A/trackID=0", Transport="RTP/AVP/TCP;unicast;interleaved=4-5")
    assert status == 200
    assert "interleaved=4-5" in headers["Transport"]
    session = headers["Session"].partition(";")[0]
    status, headers, _ = raw.ask("PLAY", "/A/", Session=session)
    assert status == 200
    info = dict(part.partition("=")[::2] for part in headers["RTP-Info"].split(";"))
    channel, packet = raw.frame()
    assert channel == 4
    assert int(info["seq"]) == int.from_bytes(packet[2:4], "big")
    assert int(info["rtptime"]) == int.from_bytes(packet[4:8], "big")


def test_sequence_numbers_have_no_hole_and_a_report_ties_the_clock(raw: RawClient) -> None:
    _, headers, _ = raw.ask("SETUP", "/A", Transport="RTP/AVP/TCP;unicast;interleaved=0-1")
    raw.ask("PLAY", "/A", Session=headers["Session"])
    numbers, report, last_time = [], b"", 0
    while not report or len(numbers) < 30:
        channel, packet = raw.frame()
        if channel == 0:
            numbers.append(int.from_bytes(packet[2:4], "big"))
            last_time = int.from_bytes(packet[4:8], "big")
        else:
            report = report or packet
    assert [(b - a) & 0xFFFF for a, b in pairwise(numbers)] == [1] * (len(numbers) - 1)
    kind, ntp_s, _, rtp_time = struct.unpack(">xBxxxxxxIII", report[:20])
    assert kind == 200
    assert abs(ntp_s - 2_208_988_800 - SystemClock().now().timestamp()) < 5
    assert abs(((last_time - rtp_time + 2**31) & 0xFFFFFFFF) - 2**31) < 5 * 90_000


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("DESCRIBE", "/nobody", {}, 404),
        ("SETUP", "/A", {"Transport": "RTP/AVP;multicast"}, 461),
        ("SETUP", "/A", {"Transport": "RAW/RAW/UDP;unicast"}, 461),
        ("PLAY", "/A", {"Session": "wrong"}, 454),
        ("TEARDOWN", "/A", {}, 454),
        ("RECORD", "/A", {}, 501),
        ("GET_PARAMETER", "/A", {}, 200),
    ],
)
def test_status_codes(raw: RawClient, method: str, path: str, headers: dict[str, str], status: int) -> None:
    assert raw.ask(method, path, **headers)[0] == status


@pytest.mark.parametrize(
    "junk",
    [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01" * 20 + b"\n", b"x" * 40_000, b"A b RTSP/1.0\r\nno colon\r\n\r\n"],
)
def test_junk_gets_400_and_the_server_goes_on(card: Path, junk: bytes) -> None:
    with served({"A": card}) as feeds, RawClient(feeds.url) as bad, RawClient(feeds.url) as good:
        bad.sock.sendall(junk)
        assert bad.answer()[0] == 400
        assert good.ask("OPTIONS", "/A")[0] == 200


@pytest.mark.logs
def test_a_client_that_does_not_read_is_dropped_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartcity_console.drill.feeds.session._QUEUE_BYTES", 2000)
    monkeypatch.setattr("smartcity_console.drill.feeds.session._KERNEL_BYTES", 4096)
    file = write_testcard(tmp_path / "card.mp4", seconds=1.0, fps=30, size=(1280, 720), keyframe_every=1)
    with served({"A": file}) as feeds, RawClient(feeds.url, receive_bytes=4096) as slow:
        _, headers, _ = slow.ask("SETUP", "/A", Transport="RTP/AVP/TCP;unicast;interleaved=0-1")
        slow.ask("PLAY", "/A", Session=headers["Session"])
        wait_until(lambda: feeds.server.dropped == 1, 20)
        wait_until(lambda: feeds.server.mounts["A"].viewers == 0)


def test_faults(card: Path) -> None:
    with served({"A": card}) as feeds:
        mount = feeds.server.mounts["A"]
        feeds.call(lambda: mount.set_fault(Fault.REFUSE))
        with RawClient(feeds.url) as client:
            assert client.ask("DESCRIBE", "/A")[0] == 503
            feeds.call(lambda: mount.set_fault(Fault.MUTE))
            client.sock.settimeout(0.3)
            with pytest.raises(TimeoutError):
                client.ask("DESCRIBE", "/A")
        feeds.call(lambda: mount.set_fault(Fault.NONE))
        assert len(received(f"{feeds.url}/A", 3)[1]) == 3


# ---- the program ---------------------------------------------------------------------------------------------------


@pytest.mark.logs
def test_run_feeds_publishes_and_stops(card: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "one.mp4").write_bytes(card.read_bytes())
    write_testcard(folder / "two.avi", codec="msmpeg4v3", seconds=0.6)
    (folder / "broken.mp4").write_bytes(b"this is no film")
    stop = threading.Event()
    settings = Settings().replaced({"feeds.rtsp.port": 0})
    thread = threading.Thread(target=run_feeds, args=(tmp_path, folder, settings, SystemClock(), stop))
    thread.start()
    try:
        wait_until((tmp_path / "run" / "feeds.json").is_file, 20)
        streams = json.loads((tmp_path / "streams.json").read_text())["streams"]
        told = json.loads((tmp_path / "run" / "feeds.json").read_text())["addresses"]
        # broken, one, two in turn over ten cameras; the broken one's cameras are left out
        assert list(streams) == ["GN-0002", "GN-0003", "GN-0005", "PV-0001", "GN-0007", "GN-0008"]
        assert streams["GN-0002"]["url"] == f"{told['rtsp']}/GN-0002"
        assert told["loop_s"] == pytest.approx(30 / FPS, abs=0.01)
        assert received(streams["GN-0003"]["url"], 3)[0] == "h264"  # converted: a camera sends no msmpeg4
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()
    out = capsys.readouterr()
    assert json.loads(out.out)["program"] == "feeds"
    assert "broken.mp4" in out.err
    assert "two.avi: msmpeg4" in out.err
