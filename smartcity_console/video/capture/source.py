"""What a tile shows, what is known about it, and one picture of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import msgspec
import numpy as np
from numpy.typing import NDArray

Size = tuple[int, int]  # width, height in pixels
DEVICE = "/dev/video"  # a V4L2 device's address begins so


class SourceKind(enum.StrEnum):
    LIVE = "live"
    REPLAY = "replay"


class Transport(enum.StrEnum):
    """What carries a camera's RTP (RFC 2326 clause 12.39)."""

    TCP = "tcp"
    UDP = "udp"


class StreamRole(enum.StrEnum):
    """Which of a camera's streams."""

    MAIN = "main"
    SUB = "sub"


class TileSource(msgspec.Struct, frozen=True):
    """A live camera (`address` is its URL) or a recording (`address` is a local path) looped from start to end.

    A live camera may also be a device of this machine (`/dev/video0`). `sub_address` is a camera's smaller stream, taken
    for small tiles and under load; `transport` holds for both. `login` is the path of the 0600 file with the camera's user
    and password, which only the worker reads, and only when it opens the stream.

    `alert_s` is where in the recording the alert came, so that a replaying tile can say how long before it is.
    """

    kind: SourceKind
    address: str
    start_s: float = 0.0
    end_s: float | None = None
    alert_s: float | None = None
    sub_address: str | None = None
    transport: Transport = Transport.TCP
    login: str | None = None

    @classmethod
    def live(
        cls, url: str, *, sub: str | None = None, transport: Transport = Transport.TCP, login: Path | None = None
    ) -> TileSource:
        return cls(
            SourceKind.LIVE, url, sub_address=sub, transport=transport, login=str(login) if login is not None else None
        )

    @classmethod
    def replay(
        cls, path: Path, start_s: float = 0.0, end_s: float | None = None, alert_s: float | None = None
    ) -> TileSource:
        return cls(SourceKind.REPLAY, str(path), start_s, end_s, alert_s)

    def of_role(self, role: StreamRole) -> TileSource:
        """Return the source whose `address` is that of this role."""
        sub = self.sub_address if role is StreamRole.SUB else None
        return msgspec.structs.replace(self, address=sub or self.address, sub_address=None)

    def __repr__(self) -> str:
        return f"TileSource({self.kind.value}, {without_credentials(self.address)})"


def without_credentials(address: str) -> str:
    """Return a URL without user, password and query, fit for a log or the screen; a path comes back as it is."""
    if "://" not in address:
        return address
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


class TileState(enum.StrEnum):
    IDLE = "idle"  # nothing to show
    CONNECTING = "connecting"  # no picture yet, first try
    LIVE = "live"
    STALE = "stale"  # there is a picture, but it stands still
    NO_SIGNAL = "no_signal"  # no picture, or eight tries in vain
    REPLAY = "replay"
    UNSUPPORTED = "unsupported"  # the stream's codec cannot be decoded here


class Reason(enum.StrEnum):
    """Why a tile has no moving picture."""

    NONE = "none"
    REFUSED = "refused"  # nothing listens at the address
    UNREACHABLE = "unreachable"  # name or route unknown
    NO_ANSWER = "no_answer"  # connected or dialled, but silent
    UNAUTHORISED = "unauthorised"  # RTSP 401 or 403
    LOGIN_UNSAFE = "login_unsafe"  # the file with user and password cannot be used: others may read it, or it is broken
    NOT_FOUND = "not_found"  # RTSP 404, or no such file
    TOO_MANY_SESSIONS = "too_many_sessions"  # RTSP 453, or a 5xx answer
    OPEN_FAILED = "open_failed"
    CODEC = "codec"
    READ_TIMEOUT = "read_timeout"
    ENDED = "ended"  # the sender closed the stream
    BEHIND = "behind"  # decoding fell behind so far that starting anew is quicker
    WORKER_LOST = "worker_lost"  # the decoder process crashed or hung
    INTERNAL = "internal"


class Easing(enum.IntEnum):
    """How a decoder is spared when the processors cannot follow. Each step includes the ones before it."""

    NONE = 0
    THINNED = 1  # every frame is decoded, about sixteen a second are converted
    PLAIN = 2  # decoded without the deblocking filter
    KEYFRAMES = 3  # only keyframes are decoded


@dataclass(frozen=True, slots=True)
class TileStatus:
    """What is known about a tile. `attempt` counts reconnects since it last ran; `age_s` is of its newest picture.

    `damaged`: parts of the picture were lost and no clean keyframe has come since. `easing`: what is left out because
    the processors cannot follow.
    """

    state: TileState
    age_s: float | None = None
    reason: Reason = Reason.NONE
    detail: str = ""
    attempt: int = 0
    retry_in_s: float | None = None
    fps: float = 0.0
    drops: int = 0
    codec: str = ""
    easing: Easing = Easing.NONE
    damaged: bool = False
    role: StreamRole = StreamRole.MAIN


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture: `pixels` is uint8 (height, width, 4) in BGRA order, its rows not always end to end.

    Whether the pixels belong to the caller, `DecoderPool.frame` and `hold` say.
    """

    pixels: NDArray[np.uint8]
    seq: int  # grows by one for each picture ever written for this tile
    captured_s: float  # CLOCK_MONOTONIC
    number: int  # of the decoded frame since the stream was opened
    media_s: float  # position in the recording, or the stream's own time
    damaged: bool = False  # parts of it were lost, or of one it is built on

    def copied(self) -> Frame:
        """Return the same picture with pixels of its own."""
        return replace(self, pixels=self.pixels.copy())


def fitted(source: Size, room: Size) -> Size:
    """Return the size at which a source fits into a room: aspect kept, never enlarged, at least 2 x 2 pixels.

    The width is even: for an odd one libswscale leaves its fast paths and takes four times as long.
    """
    scale = min(room[0] / source[0], room[1] / source[1], 1.0)
    return max(2, round(source[0] * scale) & ~1), max(2, round(source[1] * scale))
