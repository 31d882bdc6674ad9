"""One camera's RTSP session on a socket that never blocks: handshake, keep-alive, interleaved RTP."""

from __future__ import annotations

import os
import re
import socket
import struct
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urljoin

import msgspec

from smartcity_console.video.rtsp.depacket import Depacketiser, Unit, depacketiser
from smartcity_console.video.rtsp.message import (
    Address,
    NotRtsp,
    Response,
    authorization,
    parse_address,
    parse_response,
    request,
)
from smartcity_console.video.rtsp.rtcp import SenderReport, sender_report
from smartcity_console.video.rtsp.sdp import Track, session_control, tracks_of

READ_BYTES = 512 * 1024
_RECEIVE_BYTES = 2 * 1024 * 1024  # seconds of a camera's stream may wait in the kernel while a disk is slow
_INTERLEAVED = struct.Struct(">BBHBBHII")  # `$`, channel, length, then the RTP header
_HALF = 1 << 31
_Handshake = Generator[bytes, Response, None]


class Refused(Exception):
    """The connection cannot go on; the text never holds the address. `unsupported`: another client may manage."""

    def __init__(self, why: str, *, unsupported: bool = False) -> None:
        super().__init__(why)
        self.unsupported = unsupported


class Accepted(msgspec.Struct, frozen=True):
    """What PLAY was granted for: the picture track, and the sound track if there is one that is wanted."""

    video: Track
    audio: Track | None
    audio_unheard: str  # encoding of a sound track that was left alone, or ""


@dataclass
class _Channel:
    track: Track
    depacketiser: Depacketiser
    sequence: int | None = None
    last_stamp: int | None = None
    pts: int = 0
    base_stamp: int | None = None  # what the server said its first picture has (RTP-Info)
    lost_packets: int = 0


@dataclass
class Heard:
    """What one read brought: pictures with pts, sound with pts, the camera's clock with pts. pts count from 0."""

    pictures: list[tuple[int, Unit]] = field(default_factory=list)
    sound: list[tuple[int, Unit]] = field(default_factory=list)
    clock: list[tuple[int, SenderReport]] = field(default_factory=list)


class RtspClient:
    """Owned by a loop that calls `connect`, then `ready` whenever the socket can be read. Not thread-safe.

    All methods raise Refused, or OSError of the socket. `close` may be called at any time.
    """

    def __init__(self, url: str, *, want_audio: bool) -> None:
        try:
            self.address: Address = parse_address(url)
        except ValueError as error:
            raise Refused(str(error)) from None
        self._want_audio = want_audio
        self.sock: socket.socket | None = None
        self.accepted: Accepted | None = None
        self.playing = False
        self.keep_alive_s = 25.0
        self.lost_packets = 0
        self._sequence = 0
        self._session = ""
        self._challenges: tuple[str, ...] = ()
        self._method = self._asked_url = ""
        self._rest = b""
        self._unsent = b""
        self._steps: _Handshake = self._handshake()
        self._channels: dict[int, _Channel] = {}

    # ---- connection ------------------------------------------------------------------------------------------------

    def connect(self, host: str) -> socket.socket:
        """Begin to connect to a numeric address; the socket becomes writable when it has."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.sock = socket.socket(family, socket.SOCK_STREAM)
        self.sock.setblocking(False)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
        self.sock.connect_ex((host, self.address.port))
        return self.sock

    def connected(self) -> None:
        """The socket has become writable for the first time: say the first word."""
        assert self.sock is not None
        if error := self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(error, os.strerror(error))
        self._send(next(self._steps))

    def keep_alive(self) -> None:
        """Show life; the answer is read and let go."""
        self._send(self._request("OPTIONS", self._asked_url or self.address.url, {"Session": self._session}))

    def close(self) -> None:
        if self.sock is not None:
            self.sock.close()
            self.sock = None

    def _send(self, data: bytes) -> None:
        """Send at once; a camera that lets a few hundred bytes wait is not listening."""
        assert self.sock is not None
        self._unsent += data
        with suppress(BlockingIOError):
            self._unsent = self._unsent[self.sock.send(self._unsent) :]
        if len(self._unsent) > 16 * 1024:
            raise Refused("the camera does not listen")

    # ---- handshake -------------------------------------------------------------------------------------------------

    def _handshake(self) -> _Handshake:
        described = yield from self._ask("DESCRIBE", self.address.url, {"Accept": "application/sdp"})
        base = described.headers.get("content-base") or described.headers.get("content-location") or self.address.url
        video, audio, unheard = self._choose(tracks_of(described.body))
        for place, track in enumerate([video, audio] if audio else [video]):
            yield from self._set_up(track, _resolved(base, track.control), 2 * place)
        whole = session_control(described.body)
        url = base if whole in ("*", "") else _resolved(base, whole)
        played = yield from self._ask("PLAY", url, {"Session": self._session, "Range": "npt=0.000-"})
        self._note_bases(played.headers.get("rtp-info", ""))
        self._asked_url = url
        self.accepted, self.playing = Accepted(video, audio, unheard), True

    def _ask(self, method: str, url: str, headers: dict[str, str]) -> Generator[bytes, Response, Response]:
        """Ask; once more with credentials when the camera wants them."""
        answer = yield self._request(method, url, headers)
        if answer.status == 401 and answer.challenges:
            self._challenges = answer.challenges
            if self.address.user:
                answer = yield self._request(method, url, headers)
        if answer.status != 200:
            raise Refused(_refusal(answer.status, bool(self.address.user)))
        return answer

    def _request(self, method: str, url: str, headers: dict[str, str]) -> bytes:
        self._sequence += 1
        if self._challenges and self.address.user:
            known = authorization(self._challenges, method, self.address, url)
            headers = headers | ({"Authorization": known} if known else {})
        return request(method, url, self._sequence, {k: v for k, v in headers.items() if v})

    def _choose(self, tracks: list[Track]) -> tuple[Track, Track | None, str]:
        videos = [t for t in tracks if t.kind == "video"]
        sounds = [t for t in tracks if t.kind == "audio"]
        if not videos:
            raise Refused("no video stream")
        if not videos[0].codec:
            raise Refused(f"codec {videos[0].encoding}", unsupported=True)
        heard = next((t for t in sounds if t.codec), None) if self._want_audio else None
        return videos[0], heard, "" if heard or not sounds else sounds[0].encoding

    def _set_up(self, track: Track, url: str, channel: int) -> Generator[bytes, Response, None]:
        transport = f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}"
        answer = yield from self._ask("SETUP", url, {"Session": self._session, "Transport": transport})
        session, _, parameters = answer.headers.get("session", "").partition(";")
        self._session = session.strip()
        if found := re.search(r"timeout=(\d+)", parameters):
            self.keep_alive_s = min(max(int(found[1]), 10) / 2.5, 60.0)
        if found := re.search(r"interleaved=(\d+)", answer.headers.get("transport", "")):
            channel = int(found[1])
        self.take_track(track, channel)

    def take_track(self, track: Track, channel: int) -> None:
        """Expect a track on an interleaved channel."""
        self._channels[channel] = _Channel(track, depacketiser(track))

    def _note_bases(self, rtp_info: str) -> None:
        """RTP-Info (RFC 2326 12.33) tells the time stamp that stands for the beginning; one entry a track, in order."""
        stamps = [re.search(r"rtptime=(\d+)", part) for part in rtp_info.split(",")]
        for channel, found in zip(self._channels.values(), stamps, strict=False):
            channel.base_stamp = int(found[1]) & 0xFFFFFFFF if found else None

    # ---- what comes ------------------------------------------------------------------------------------------------

    def ready(self, buffer: memoryview) -> Heard | None:
        """Read once what has come, by way of a buffer that all clients share. None when nothing had.

        Raises Refused when the camera has closed.
        """
        assert self.sock is not None
        try:
            size = self.sock.recv_into(buffer)
        except BlockingIOError:
            return None
        if not size:
            raise Refused("the camera ended the stream")
        if self._unsent:
            self._send(b"")
        return self.feed(buffer[:size])

    def feed(self, got: bytes | memoryview) -> Heard:
        """Take bytes off the wire: responses, RTP and RTCP in any mixture."""
        data = b"".join((self._rest, got))
        view, at, end, heard = memoryview(data), 0, len(data), Heard()
        unpack, channels = _INTERLEAVED.unpack_from, self._channels
        while end - at >= 4:
            if data[at] != 0x24:
                after = self._respond(data, at)
                if after is None:
                    break
                at = after
                continue
            stop = at + 4 + (data[at + 2] << 8 | data[at + 3])
            if stop > end:
                break
            channel = channels.get(data[at + 1])
            if channel is not None and stop - at >= 16:
                _, _, _, first, second, sequence, stamp, _ = unpack(data, at)
                start, last = (at + 16, stop) if first == 0x80 else _payload(data, at + 4, stop, first)
                if second & 0x7F == channel.track.payload_type:
                    self._packet(channel, view[start:last], second >= 0x80, sequence, stamp, heard)
            elif channel is None and stop - at > 4:
                self._control(data[at + 1] - 1, data[at + 4 : stop], heard)
            at = stop
        self._rest = data[at:]
        return heard

    def _packet(
        self, channel: _Channel, payload: memoryview, marker: bool, sequence: int, stamp: int, heard: Heard
    ) -> None:
        expected, channel.sequence = channel.sequence, (sequence + 1) & 0xFFFF
        lost = expected is not None and sequence != expected
        if lost and expected is not None:
            self.lost_packets += (sequence - expected) & 0xFFFF
        made = channel.depacketiser.push(payload, marker, stamp, lost)
        if made is not None:
            kept = heard.pictures if channel.track.kind == "video" else heard.sound
            for unit in made if isinstance(made, list) else (made,):
                kept.append((_extended(channel, unit.stamp), unit))

    def _control(self, number: int, data: bytes, heard: Heard) -> None:
        """Take RTCP: only of the pictures' channel, and once the first picture has told where pts begin."""
        channel = self._channels.get(number)
        report = sender_report(data)
        if report and channel and channel.track.kind == "video" and channel.last_stamp is not None:
            heard.clock.append((channel.pts + _signed(report.stamp - channel.last_stamp), report))

    def _respond(self, data: bytes, at: int) -> int | None:
        try:
            found = parse_response(data[at:])
        except NotRtsp:
            raise Refused("the camera does not speak RTSP") from None
        if found is None:
            return None
        if not self.playing:
            with suppress(StopIteration):  # the handshake is over
                self._send(self._steps.send(found[0]))
        elif found[0].status == 454:
            raise Refused("the camera has forgotten the session")
        return at + found[1]


def _payload(data: bytes, at: int, stop: int, first: int) -> tuple[int, int]:
    """Return where the payload lies behind contributing sources, an extension and before padding (RFC 3550 5.1)."""
    start = at + 12 + 4 * (first & 0x0F)
    if first & 0x10 and start + 4 <= stop:
        start += 4 + 4 * (data[start + 2] << 8 | data[start + 3])
    if first & 0x20:
        stop -= data[stop - 1]
    return (start, stop) if start <= stop else (at, at)


def _signed(difference: int) -> int:
    return ((difference + _HALF) & 0xFFFFFFFF) - _HALF


def _extended(channel: _Channel, stamp: int) -> int:
    """Return the time stamp without its wrapping at 32 bits, counted from what the server called its beginning."""
    if channel.last_stamp is None:
        base = channel.base_stamp
        ahead = _signed(stamp - base) if base is not None else 0
        channel.pts = ahead if abs(ahead) <= 10 * channel.track.ticks_per_s else 0
    else:
        channel.pts += _signed(stamp - channel.last_stamp)
    channel.last_stamp = stamp
    return channel.pts


def _resolved(base: str, control: str) -> str:
    """Return a track's address (RFC 2326 C.1.1): absolute, or below the base whatever the base ends in."""
    if not control or control == "*":
        return base
    if control.lower().startswith("rtsp://"):
        return control
    return urljoin(base, control) if control.startswith("/") else f"{base.rstrip('/')}/{control}"


def _refusal(status: int, has_credentials: bool) -> str:
    if status in (401, 403):
        return "the camera refuses our credentials" if has_credentials else "the camera wants credentials"
    return {404: "no such stream", 453: "too many sessions", 461: "no TCP transport", 503: "the camera refuses"}.get(
        status, f"the camera answered {status}"
    )
