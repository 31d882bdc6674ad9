"""The ring of recorded video on disk: packets as the cameras sent them, never re-encoded."""

from smartcity_console.video.ring.format import AudioHead, Record, SegmentHead
from smartcity_console.video.ring.keeper import (
    Bounds,
    RingKeeper,
    RingLockRefused,
    bounds_of,
    lock,
    locked_spans,
    unlock,
)
from smartcity_console.video.ring.reader import RingReader, Span, Tail, Taken
from smartcity_console.video.ring.writer import ReceiveClock, RingWriter

__all__ = [
    "AudioHead",
    "Bounds",
    "ReceiveClock",
    "Record",
    "RingKeeper",
    "RingLockRefused",
    "RingReader",
    "RingWriter",
    "SegmentHead",
    "Span",
    "Tail",
    "Taken",
    "bounds_of",
    "lock",
    "locked_spans",
    "unlock",
]
