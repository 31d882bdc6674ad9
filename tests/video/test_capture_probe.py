"""What is asked of an RTSP server before it is opened, and what its answers mean."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.video.capture.rtsp_probe import Probe, probe
from smartcity_console.video.capture.source import Reason

SDP = "v=0\r\nm=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H265/90000\r\n"


@contextlib.contextmanager
def server(answer: bytes | None) -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers its one client with these bytes (None: accepts and says nothing)."""
    asked: list[bytes] = []
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            wire, _ = listening.accept()
            with wire:
                asked.append(wire.recv(4096))
                if answer is None:
                    over.wait(10)
                else:
                    wire.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{listening.getsockname()[1]}", asked
        finally:
            over.set()
            thread.join(10)


def ask(address: str, timeout_s: float = 5.0) -> Probe:
    return probe(address, timeout_s, SystemClock())


def test_the_codec_is_that_of_the_video_not_of_the_sound() -> None:
    with server(f"RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: {len(SDP)}\r\n\r\n{SDP}".encode()) as (at, asked):
        assert ask(f"rtsp://guard:s3cret@{at}/ch1") == Probe(Reason.NONE, "H265", "200 OK")
    assert asked[0].startswith(f"DESCRIBE rtsp://{at}/ch1 RTSP/1.0\r\n".encode())
    assert b"s3cret" not in asked[0]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("401 Unauthorized", Reason.UNAUTHORISED),
        ("404 Not Found", Reason.NOT_FOUND),
        ("453 Not Enough Bandwidth", Reason.TOO_MANY_SESSIONS),
        ("500 Internal Server Error", Reason.TOO_MANY_SESSIONS),
        ("451 Parameter Not Understood", Reason.OPEN_FAILED),
    ],
)
def test_a_refusal_has_its_reason_and_the_servers_own_words(status: str, reason: Reason) -> None:
    with server(f"RTSP/1.0 {status}\r\nCSeq: 1\r\n\r\n".encode()) as (at, _):
        assert ask(f"rtsp://{at}/ch1") == Probe(reason, "", status)


def test_a_challenge_is_no_refusal_when_we_have_a_password() -> None:
    with server(b"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n\r\n") as (at, _):
        assert ask(f"rtsp://guard:s3cret@{at}/ch1").reason is Reason.NONE


def test_a_mute_server_is_given_up_in_time() -> None:
    clock = SystemClock()
    with server(None) as (at, _):
        began = clock.monotonic_s()
        assert ask(f"rtsp://{at}/ch1", 0.3).reason is Reason.NO_ANSWER
        assert 0.25 < clock.monotonic_s() - began < 2.0


def test_something_that_speaks_no_rtsp_does_not_answer() -> None:
    with server(b"SSH-2.0-OpenSSH_9.2\r\n") as (at, _):
        assert ask(f"rtsp://{at}/ch1").reason is Reason.NO_ANSWER


def test_nobody_listening_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert ask(f"rtsp://127.0.0.1:{port}/ch1").reason is Reason.REFUSED
