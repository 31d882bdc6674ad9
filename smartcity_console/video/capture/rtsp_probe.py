"""Asks an RTSP server for its description before OpenCV opens it (DESCRIBE, RFC 2326 clause 10.2).

OpenCV lets one open run at a time in a process and says nothing but "failed". Asking first, in the feed's own thread,
keeps a mute camera from holding the others up, tells why an open will fail and names the codec. It uses no session.
"""

from __future__ import annotations

import re
import socket
from typing import NamedTuple

from smartcity_console.clock import Clock
from smartcity_console.video.capture.source import Reason
from smartcity_console.video.rtsp.message import Address, NotRtsp, authorization, parse_address, parse_response

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
    deadline_s = clock.monotonic_s() + timeout_s
    try:
        to = parse_address(url)
        with socket.create_connection((to.host, to.port), timeout_s) as wire:
            wire.sendall(_request(to))
            answer = _answer(wire, deadline_s, clock)
            judged = _judge(answer, bool(to.user))
            return _with_login(to, wire, answer, deadline_s, clock) if _is_challenge(judged) else judged
    except TimeoutError:
        return Probe(Reason.NO_ANSWER)
    except ConnectionRefusedError:
        return Probe(Reason.REFUSED)
    except OSError as error:
        return Probe(Reason.UNREACHABLE, detail=error.strerror or type(error).__name__)
    except ValueError:
        return Probe(Reason.OPEN_FAILED, detail="not an rtsp address")


def _is_challenge(judged: Probe) -> bool:
    return judged.reason is Reason.NONE and judged.detail.startswith("401")


def _with_login(to: Address, wire: socket.socket, challenge: bytes, deadline_s: float, clock: Clock) -> Probe:
    """Ask once more with the login (RFC 7616, 7617), for the codec's name alone: the library that opens the stream has the
    last word on whether the login is good."""
    try:
        answered = parse_response(challenge)
        if answered is None:
            return Probe()
        known = authorization(answered[0].challenges, "DESCRIBE", to, to.url)
        wire.sendall(_request(to, f"Authorization: {known}\r\n"))
        judged = _judge(_answer(wire, deadline_s, clock), True)
    except (NotRtsp, ValueError, OSError):
        return Probe()
    return judged if judged.codec else Probe(detail=judged.detail)


def _request(to: Address, more: str = "") -> bytes:
    """The query belongs to what is asked for: many cameras tell their channels apart by it."""
    sequence = 2 if more else 1
    return f"DESCRIBE {to.url} RTSP/1.0\r\nCSeq: {sequence}\r\nAccept: application/sdp\r\n{more}\r\n".encode()


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
