"""What console and decoder workers say to each other over their pipe."""

from __future__ import annotations

import enum

import msgspec

from smartcity_console.video.capture.source import Reason, Size, TileSource


class Decoder(enum.StrEnum):
    """Which library decodes."""

    AUTO = "auto"  # PyAV for network streams, OpenCV for files and devices
    OPENCV = "opencv"  # OpenCV for everything


class Limits(msgspec.Struct, frozen=True):
    """Time limits of a worker's feeds, and which library decodes them."""

    open_timeout_ms: int = 5000
    read_timeout_ms: int = 6000  # without a further frame
    first_frame_timeout_ms: int = 12000
    decoder: Decoder = Decoder.AUTO


class Phase(enum.IntEnum):
    """What a feed's thread is at; kept in shared memory so that the supervisor sees a thread that hangs."""

    IDLE = 0
    ASKING = 1  # the probe; has its own time limits
    QUEUED = 2  # waiting for its turn to open
    OPENING = 3
    READING = 4


class Show(msgspec.Struct, frozen=True):
    """Open this source for this tile. `generation` marks its pictures, `run` this try.

    `patient`: look at the stream longer before decoding it, for one that a quick look could not open. `takeover`: what
    the tile shows now goes on until this source's first picture.
    """

    tile: int
    generation: int
    run: int
    source: TileSource
    size_px: Size
    patient: bool = False
    takeover: bool = False


class Resize(msgspec.Struct, frozen=True):
    tile: int
    size_px: Size


class Hide(msgspec.Struct, frozen=True):
    tile: int


class Stop(msgspec.Struct, frozen=True):
    pass


class Opened(msgspec.Struct, frozen=True):
    """The first picture of a run is there."""

    tile: int
    run: int
    codec: str


class Lost(msgspec.Struct, frozen=True):
    """A run has ended by itself."""

    tile: int
    run: int
    reason: Reason
    detail: str = ""
    codec: str = ""


Command = Show | Resize | Hide | Stop
Report = Opened | Lost
