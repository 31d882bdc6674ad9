"""What a tile shows, what is known about it, and one picture of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import msgspec
import numpy as np
from numpy.typing import NDArray

Size = tuple[int, int]  # width, height in pixels


class SourceKind(enum.StrEnum):
    LIVE = "live"
    REPLAY = "replay"


class TileSource(msgspec.Struct, frozen=True):
    """A live camera (`address` is its URL) or a recording (`address` is a local path) looped from start to end.

    `alert_s` is where in the recording the alert came, so that a replaying tile can say how long before it is.
    """

    kind: SourceKind
    address: str
    start_s: float = 0.0
    end_s: float | None = None
    alert_s: float | None = None

    @classmethod
    def live(cls, url: str) -> TileSource:
        return cls(SourceKind.LIVE, url)

    @classmethod
    def replay(
        cls, path: Path, start_s: float = 0.0, end_s: float | None = None, alert_s: float | None = None
    ) -> TileSource:
        return cls(SourceKind.REPLAY, str(path), start_s, end_s, alert_s)

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
    NOT_FOUND = "not_found"  # RTSP 404, or no such file
    TOO_MANY_SESSIONS = "too_many_sessions"  # RTSP 453, or a 5xx answer
    OPEN_FAILED = "open_failed"
    CODEC = "codec"
    READ_TIMEOUT = "read_timeout"
    ENDED = "ended"  # the sender closed the stream
    BEHIND = "behind"  # decoding fell behind so far that starting anew is quicker
    WORKER_LOST = "worker_lost"  # the decoder process crashed or hung
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class TileStatus:
    """What is known about a tile. `attempt` counts reconnects since it last ran; `age_s` is of its newest picture."""

    state: TileState
    age_s: float | None = None
    reason: Reason = Reason.NONE
    detail: str = ""
    attempt: int = 0
    retry_in_s: float | None = None
    fps: float = 0.0
    drops: int = 0
    codec: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture: `pixels` is uint8 (height, width, 4) in BGRA order and belongs to the caller."""

    pixels: NDArray[np.uint8]
    seq: int  # grows by one for each picture ever written for this tile
    captured_s: float  # CLOCK_MONOTONIC
    number: int  # of the decoded frame since the stream was opened
    media_s: float  # position in the recording, or the stream's own time


def fitted(source: Size, room: Size) -> Size:
    """Return the size at which a source fits into a room: aspect kept, never enlarged, at least 2 x 2 pixels."""
    scale = min(room[0] / source[0], room[1] / source[1], 1.0)
    return max(2, round(source[0] * scale)), max(2, round(source[1] * scale))
