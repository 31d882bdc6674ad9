"""What looking back asks of the recording; the gateway answers. Both calls block and run off the Qt thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from smartcity_console.model.errors import Language

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class RingClip:
    """A fetched piece of the ring. `start` and `end` (UTC) are what it really shows: it begins at a keyframe."""

    path: Path
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Ring:
    """`submit` runs work in a thread and gives what came of it back on the Qt thread; `spans` and `clip` may raise
    ConsoleError."""

    submit: Callable[[Callable[[], Any], Callable[[Any], None]], None]
    spans: Callable[[str], Sequence[Span]]
    clip: Callable[[str, datetime, datetime], RingClip]
    language: Callable[[], Language] = lambda: "en"
