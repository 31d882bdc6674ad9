"""The pool on sources other than RTSP over TCP: UDP with lost packets, HTTP pictures, devices, and what never answers."""

from __future__ import annotations

import io
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import av
import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.drill.feeds.testcard import write_testcard
from smartcity_console.video.capture import DecoderPool, Reason, StreamRole, TileSource, TileState, Transport

SIZE = (320, 240)
# The feeds program, except that every packet sent by UDP while the file `lose` exists is lost one time in twenty.
SERVE_LOSSY = """
import asyncio, itertools, os, socket, sys
from pathlib import Path
from smartcity_console.clock import SystemClock
from smartcity_console.drill.feeds import session
from smartcity_console.drill.feeds.mount import LoopClock, Mount
from smartcity_console.drill.feeds.recording import read_recording
from smartcity_console.drill.feeds.server import RtspServer

folder, counted = Path(sys.argv[1]), itertools.count()
whole = session.UdpCarrier.send
def lossy(self, packets):
    lose = (folder / "lose").exists()
    whole(self, [p for p in packets if not (lose and next(counted) % 20 == 7)])
session.UdpCarrier.send = lossy

async def main():
    clock = SystemClock()
    line, mounts = LoopClock(clock, clock.monotonic_s()), []
    for path in sorted(folder.glob("*.mp4")):
        recording = read_recording(path)
        mounts.append(Mount(path.stem, recording, line, recording.duration_s))
    sock = socket.create_server(("127.0.0.1", 0))
    await RtspServer(mounts, clock).start(sock)
    print(sock.getsockname()[1], flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def until(condition: Callable[[], object], limit_s: float = 15.0, what: str = "") -> None:
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, f"not within {limit_s} s: {what}"
        time.sleep(0.02)


@pytest.fixture
def pool() -> Iterator[DecoderPool]:
    made = DecoderPool(1, SystemClock(), open_timeout_ms=3000, read_timeout_ms=3000)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def lossy(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """An RTSP address, and the file that makes its UDP lose packets."""
    write_testcard(tmp_path / "main.mp4", seconds=4, fps=15, size=(640, 360), keyframe_every=30)
    write_testcard(tmp_path / "sub.mp4", seconds=4, fps=15, size=(320, 240), keyframe_every=30)
    with subprocess.Popen(
        [sys.executable, "-c", SERVE_LOSSY, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        yield f"rtsp://127.0.0.1:{int(program.stdout.readline())}/main", tmp_path / "lose"
        program.kill()


class Camera(BaseHTTPRequestHandler):
    """Sends ten JPEG pictures a second for ever, as a plain HTTP camera does; `/mute` takes the call and says nothing."""

    picture = b""

    def do_GET(self) -> None:
        if self.path == "/mute":
            self.rfile.read(1)  # until the caller hangs up
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        with suppress(ConnectionError):
            while True:
                head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(self.picture)}\r\n\r\n"
                self.wfile.write(head.encode() + self.picture + b"\r\n")
                time.sleep(0.1)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on stderr."""


@pytest.fixture
def http() -> Iterator[str]:
    frame = av.VideoFrame(320, 240, "yuvj420p")
    for plane, value in zip(frame.planes, (150, 128, 128), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    sink = io.BytesIO()
    with av.open(sink, "w", format="mjpeg") as container:
        stream = container.add_stream("mjpeg", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuvj420p"
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    Camera.picture = sink.getvalue()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Camera)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_lost_packets_mark_the_pictures_until_a_clean_keyframe(pool: DecoderPool, lossy: tuple[str, Path]) -> None:
    address, lose = lossy
    pool.show(0, TileSource.live(address, transport=Transport.UDP), SIZE)
    until(lambda: pool.status(0).state is TileState.LIVE, what="live by UDP")
    until(lambda: pool.frame(0) is not None and not pool.status(0).damaged, what="clean")
    lose.touch()
    until(lambda: pool.status(0).damaged, what="damaged")
    until(lambda: (frame := pool.frame(0)) is not None and frame.damaged, what="the picture says so itself")
    assert pool.status(0).state is TileState.LIVE
    lose.unlink()
    until(lambda: not pool.status(0).damaged, what="clean again")
    until(lambda: (frame := pool.frame(0)) is not None and not frame.damaged, what="a clean picture")
    assert pool.restarts == 0


def test_over_tcp_nothing_is_lost(pool: DecoderPool, lossy: tuple[str, Path]) -> None:
    address, lose = lossy
    lose.touch()
    pool.show(0, TileSource.live(address), SIZE)
    until(lambda: pool.status(0).state is TileState.LIVE and pool.status(0).fps > 12, what="live by TCP")
    assert not pool.status(0).damaged


def test_an_http_camera_sending_pictures_is_live_at_its_own_rate(pool: DecoderPool, http: str) -> None:
    pool.show(0, TileSource.live(f"{http}/video"), SIZE)
    until(lambda: pool.status(0).state is TileState.LIVE and 7 < pool.status(0).fps < 12, what="ten a second")
    frame = pool.frame(0)
    assert frame is not None
    assert frame.pixels.shape == (240, 320, 4)
    assert abs(int(frame.pixels[120, 160, 1]) - 150) < 5
    began_s = time.monotonic()
    until(lambda: time.monotonic() - began_s > 2.5 and pool.status(0).age_s is not None)
    age_s = pool.status(0).age_s
    assert age_s is not None
    assert age_s < 1.0
    assert pool.status(0).codec == "MJPEG"


def test_a_mute_http_camera_holds_nobody_up(pool: DecoderPool, http: str) -> None:
    """One worker for all, so that they would queue if they had to."""
    for tile in range(3):
        pool.show(tile, TileSource.live(f"{http}/mute"), SIZE)
    pool.show(3, TileSource.live(f"{http}/video"), SIZE)
    until(lambda: pool.status(3).state is TileState.LIVE, 2.9, "live while the mute ones are still being waited for")
    until(lambda: pool.status(0).reason is Reason.NO_ANSWER, what="told")
    assert pool.restarts == 0


def test_what_an_http_address_answers_is_told(pool: DecoderPool) -> None:
    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error({"/secret": 401, "/gone": 404}[self.path])

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing on stderr."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_address[1]}"
        pool.show(0, TileSource.live(f"{base}/secret"), SIZE)
        pool.show(1, TileSource.live(f"{base}/gone"), SIZE)
        until(lambda: pool.status(0).reason is Reason.UNAUTHORISED, what="401")
        until(lambda: pool.status(1).reason is Reason.NOT_FOUND, what="404")
        server.shutdown()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    pool.show(2, TileSource.live(f"http://127.0.0.1:{port}/"), SIZE)
    until(lambda: pool.status(2).reason is Reason.REFUSED, what="refused")


def test_a_device_that_is_not_there_is_not_found(pool: DecoderPool) -> None:
    pool.show(0, TileSource.live("/dev/video99"), SIZE)
    until(lambda: pool.status(0).reason is Reason.NOT_FOUND, what="told")
    assert pool.status(0).detail == "/dev/video99"


def shape(pool: DecoderPool) -> tuple[int, ...]:
    frame = pool.frame(0)
    return frame.pixels.shape[:2] if frame is not None else ()


def test_a_tile_made_small_takes_the_small_stream_without_going_dark(
    pool: DecoderPool, lossy: tuple[str, Path]
) -> None:
    address = lossy[0]
    source = TileSource.live(address, sub=address.replace("/main", "/sub"))
    pool.show(0, source, (400, 300))
    until(lambda: shape(pool) == (225, 400), what="the main stream, 16:9")
    assert pool.status(0).role is StreamRole.MAIN
    pool.show(0, source, (160, 120))
    before = pool.frame(0)
    assert before is not None
    states: set[TileState] = set()

    def switched() -> bool:
        states.add(pool.status(0).state)
        return shape(pool) == (120, 160)

    until(switched, 12.0, "the small stream, 4:3, at the earliest 5 s after the first choice")
    assert states == {TileState.LIVE}
    until(lambda: pool.status(0).role is StreamRole.SUB, what="told")
    after = pool.frame(0)
    assert after is not None
    assert after.seq > before.seq
    until(lambda: pool.status(0).fps > 12, what="one feed, at its own rate")


def test_a_small_stream_that_is_not_there_leaves_the_tile_its_picture(
    pool: DecoderPool, lossy: tuple[str, Path]
) -> None:
    address = lossy[0]
    source = TileSource.live(address, sub=f"{address}-none")
    pool.show(0, source, (400, 300))
    until(lambda: shape(pool) == (225, 400), what="main")
    pool.show(0, source, (160, 120))
    until(lambda: pool._tiles[0].no_switch_until_s > 0, 12.0, "tried and left alone")
    status = pool.status(0)
    assert (status.state, status.role, status.attempt) == (TileState.LIVE, StreamRole.MAIN, 0)


def test_a_tile_that_begins_small_opens_the_small_stream_alone(pool: DecoderPool, lossy: tuple[str, Path]) -> None:
    address = lossy[0]
    pool.show(0, TileSource.live(address, sub=address.replace("/main", "/sub")), (160, 120))
    until(lambda: shape(pool) == (120, 160), what="the small stream")
    assert (pool.status(0).role, pool._tiles[0].run) == (StreamRole.SUB, 1)


class UnknownCodec(socketserver.StreamRequestHandler):
    """An RTSP camera (RFC 2326) whose codec nobody knows; it takes every request and sends nothing."""

    def handle(self) -> None:
        with suppress(ConnectionError):
            while line := self.rfile.readline():
                method, headers = line.split(b" ")[0], {}
                while (header := self.rfile.readline().strip()) != b"":
                    name, _, value = header.partition(b":")
                    headers[name.lower()] = value.strip()
                self.wfile.write(self._answer(method, headers))

    def _answer(self, method: bytes, headers: dict[bytes, bytes]) -> bytes:
        sdp = b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
        sdp += b"m=video 0 RTP/AVP 96\r\na=rtpmap:96 X-NEWCAM/90000\r\na=control:track1\r\n"
        extra = {
            b"DESCRIBE": b"Content-Type: application/sdp\r\nContent-Length: %d\r\n" % len(sdp),
            b"SETUP": b"Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n",
            b"OPTIONS": b"Public: DESCRIBE, SETUP, PLAY\r\n",
        }.get(method, b"Session: 1\r\n")
        body = sdp if method == b"DESCRIBE" else b""
        return b"RTSP/1.0 200 OK\r\nCSeq: %s\r\n" % headers.get(b"cseq", b"0") + extra + b"\r\n" + body


def test_a_codec_nobody_here_decodes_is_named(pool: DecoderPool) -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), UnknownCodec) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        pool.show(0, TileSource.live(f"rtsp://127.0.0.1:{server.server_address[1]}/new"), SIZE)
        until(lambda: pool.status(0).state is TileState.UNSUPPORTED, what="told")
        assert (pool.status(0).reason, pool.status(0).codec) == (Reason.CODEC, "X-NEWCAM")
        pool.show(0, None, SIZE)
        server.shutdown()
