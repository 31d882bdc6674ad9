"""Asks an RTSP server for its description before OpenCV opens it (DESCRIBE, RFC 2326 clause 10.2).

OpenCV lets one open run at a time in a process and says nothing but "failed". Asking first, in the feed's own thread,
keeps a mute camera from holding the others up, tells why an open will fail and names the codec. It uses no session.
"""

from __future__ import annotations

import re
import socket
from typing import NamedTuple
from urllib.parse import urlsplit

from smartcity_console.clock import Clock
from smartcity_console.video.capture.source import Reason, without_credentials

_LONGEST_ANSWER = 64 * 1024
_VIDEO = re.compile(rb"^m=video .*?(?=^m=|\Z)", re.MULTILINE | re.DOTALL)
_RTPMAP = re.compile(rb"^a=rtpmap:\d+ ([\w.\-]+)/", re.MULTILINE)
_REASONS = {
    401: Reason.UNAUTHORISED,
    403: Reason.UNAUTHORISED,
    404: Reason.NOT_FOUND,
    453: Reason.TOO_MANY_SESSIONS,
    503: Reason.TOO_MANY_SESSIONS,
}


class Probe(NamedTuple):
    """What the server said: a reason not to open it, the codec as SDP names it, and a status line as detail."""

    reason: Reason = Reason.NONE
    codec: str = ""
    detail: str = ""


def probe(url: str, timeout_s: float, clock: Clock) -> Probe:
    """Return what an RTSP server answers to DESCRIBE within `timeout_s`. Never raises OSError."""
    parts = urlsplit(url)
    deadline_s = clock.monotonic_s() + timeout_s
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 554), timeout_s) as wire:
            wire.sendall(_request(url))
            return _judge(_answer(wire, deadline_s, clock), bool(parts.username))
    except TimeoutError:
        return Probe(Reason.NO_ANSWER)
    except ConnectionRefusedError:
        return Probe(Reason.REFUSED)
    except OSError as error:
        return Probe(Reason.UNREACHABLE, detail=error.strerror or type(error).__name__)


def _request(url: str) -> bytes:
    address = without_credentials(url)
    return f"DESCRIBE {address} RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n".encode()


def _answer(wire: socket.socket, deadline_s: float, clock: Clock) -> bytes:
    """Read head and body, as far as they come. Raises TimeoutError."""
    got = b""
    while not _complete(got) and len(got) < _LONGEST_ANSWER:
        wire.settimeout(max(0.001, deadline_s - clock.monotonic_s()))
        more = wire.recv(4096)
        if not more:
            break
        got += more
    return got


def _complete(got: bytes) -> bool:
    head, end, body = got.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length:\s*(\d+)", head)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


def _judge(answer: bytes, has_credentials: bool) -> Probe:
    status = re.match(rb"RTSP/\d\.\d (\d{3}) ?([^\r\n]{0,60})", answer)
    if not status:
        return Probe(Reason.NO_ANSWER)
    code, line = int(status[1]), f"{status[1].decode()} {status[2].decode('ascii', 'replace')}".strip()
    if code == 401 and has_credentials:
        return Probe(detail=line)  # a challenge: OpenCV answers it
    if code >= 400:
        return Probe(_REASONS.get(code, Reason.TOO_MANY_SESSIONS if code >= 500 else Reason.OPEN_FAILED), "", line)
    return Probe(codec=_codec(answer), detail=line)


def _codec(answer: bytes) -> str:
    media = _VIDEO.search(answer)
    name = _RTPMAP.search(media[0]) if media else None
    return name[1].decode("ascii", "replace") if name else ""
