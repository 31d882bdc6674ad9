"""Live pictures for the wall: decoder worker processes, shared memory, supervision. No Qt here."""

from smartcity_console.video.capture.pool import MAX_TILES, DecoderPool, default_workers
from smartcity_console.video.capture.retry import QUICK_TRIES
from smartcity_console.video.capture.source import (
    Easing,
    Frame,
    Reason,
    Size,
    SourceKind,
    StreamRole,
    TileSource,
    TileState,
    TileStatus,
    Transport,
    without_credentials,
)

__all__ = [
    "MAX_TILES",
    "QUICK_TRIES",
    "DecoderPool",
    "Easing",
    "Frame",
    "Reason",
    "Size",
    "SourceKind",
    "StreamRole",
    "TileSource",
    "TileState",
    "TileStatus",
    "Transport",
    "default_workers",
    "without_credentials",
]
