"""What looking back asks of the recording; the gateway answers. Both calls block and run off the Qt thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from smartcity_console.model.errors import ConsoleError, Language

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


class NoRing(ConsoleError):
    code = "no_ring"
    ko = "{camera_id}: 이 자리에는 녹화 장치가 연결되어 있지 않아 지난 영상이 없습니다. 실시간 영상은 그대로입니다."
    en = "{camera_id}: no recorder is connected to this seat, so there is no past picture. Live goes on."


def no_ring(camera_id: str, start: datetime, end: datetime) -> RingClip:
    """Refuse: this console was put together without a recorder."""
    del start, end
    raise NoRing(camera_id=camera_id)
