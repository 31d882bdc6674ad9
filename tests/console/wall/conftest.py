"""A wall on a pool that gives what a test puts in, a ring that answers at once, cameras to show."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from smartcity_console.clock import ManualClock
from smartcity_console.console.wall import WallPresenter, WallTile, WallWidget
from smartcity_console.console.wall.ring_port import Ring, RingClip, Span
from smartcity_console.model.camera import Dori, Mount, Ownership, Purpose, SeenBy
from smartcity_console.model.errors import ConsoleError
from smartcity_console.video.capture import Frame, Size, TileSource, TileState, TileStatus

FPS = 10


class PlainPool:
    """Gives pictures that a test puts in; a tile that shows nothing gives none."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.shown: dict[int, tuple[TileSource | None, Size]] = {}
        self.frames: dict[int, Frame] = {}
        self.focused: int | None = None
        self.seq = 0

    def show(self, slot: int, source: TileSource | None, size_px: Size) -> None:
        before = self.shown.get(slot, (None, size_px))[0]
        self.shown[slot] = (source, size_px)
        if source != before:
            self.frames.pop(slot, None)

    def focus(self, slot: int | None) -> None:
        self.focused = slot

    def status(self, slot: int) -> TileStatus:
        source = self.shown.get(slot, (None, (2, 2)))[0]
        if source is None:
            return TileStatus(TileState.IDLE)
        moving = TileState.REPLAY if source.kind.value == "replay" else TileState.LIVE
        return TileStatus(moving if slot in self.frames else TileState.CONNECTING, 0.1)

    def frame(self, slot: int, after_seq: int = 0) -> Frame | None:
        frame = self.frames.get(slot)
        return frame if frame is not None and frame.seq > after_seq else None

    def hold(self, slot: int, after_seq: int = 0) -> Frame | None:
        return self.frame(slot, after_seq)

    def put(self, slot: int, media_s: float = 0.0, grey: int = 255, size: Size = (160, 90)) -> None:
        """A picture of one grey has come for a slot."""
        self.seq += 1
        pixels = np.full((size[1], size[0], 4), grey, np.uint8)
        self.frames[slot] = Frame(pixels, self.seq, self.clock.monotonic_s(), self.seq, media_s)

    def live(self) -> set[str]:
        """Return the addresses that are decoded now."""
        return {source.address for source, _ in self.shown.values() if source is not None}


def seen(number: int, *, private: bool = False, **changes: Any) -> SeenBy:
    facts: dict[str, Any] = {
        "camera_id": f"{'PV' if private else 'GN'}-{number:04}",
        "name": f"Eunhaeng-ro {number}",
        "ownership": Ownership.PRIVATE if private else Ownership.PUBLIC,
        "purpose": Purpose.TRAFFIC,
        "mount": Mount.FIXED,
        "distance_m": 24.0,
        "bearing_deg": 48.0,
        "px_per_m": 280.0,
        "dori": Dori.IDENTIFY,
        "in_view": True,
        "direction_known": True,
        "occluded": False,
        "turn_s": 0.0,
        "has_stream": True,
        "score": 1.0,
    }
    return SeenBy(**(facts | changes))


def url(camera_id: str) -> str:
    return f"rtsp://127.0.0.1/{camera_id}"


class Streams(dict[str, TileSource]):
    """Every camera has a stream."""

    def get(self, key: str, default: Any = None) -> Any:
        return TileSource.live(url(key))


class NothingThere(ConsoleError):
    code = "nothing_there"
    ko = "없음"
    en = "Nothing was recorded there."


class PlainRing:
    """A ring that is asked and answers when the test says so. `spans` is what it holds."""

    def __init__(self, folder: Path, clock: ManualClock) -> None:
        self.folder, self.clock = folder, clock
        self.spans: list[Span] = []
        self.asked: list[tuple[str, datetime, datetime]] = []
        self._waiting: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []
        self.language = "en"

    def port(self) -> Ring:
        return Ring(self._submit, lambda _camera: list(self.spans), self._clip, lambda: self.language)

    def answer(self) -> None:
        """Do what was asked so far."""
        waiting, self._waiting = self._waiting, []
        for work, done in waiting:
            try:
                outcome = work()
            except ConsoleError as error:
                outcome = error
            done(outcome)

    def _submit(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._waiting.append((work, done))

    def _clip(self, camera_id: str, start: datetime, end: datetime) -> RingClip:
        """Give a clip from the second before, as a keyframe a second makes it, to where the recording ends."""
        self.asked.append((camera_id, start, end))
        held = next(((a, b) for a, b in self.spans if a <= end and start <= b), None)
        if held is None:
            raise NothingThere()
        begin = max(held[0], start.replace(microsecond=0))
        path = self.folder / f"{len(self.asked)}.mp4"
        path.write_bytes(b"clip")
        return RingClip(path, begin, min(held[1], end))


@pytest.fixture
def pool(clock: ManualClock) -> PlainPool:
    return PlainPool(clock)


@pytest.fixture
def wall(pool: PlainPool, qtbot: Any) -> Iterator[WallWidget]:
    made = WallWidget(pool)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(786, 770)
    made.show()
    yield made
    made.close_pane()


@pytest.fixture
def presenter(wall: WallWidget) -> WallPresenter:
    return WallPresenter(wall, Streams)


@pytest.fixture
def ring(tmp_path: Path, clock: ManualClock) -> PlainRing:
    made = PlainRing(tmp_path, clock)
    now = clock.now()
    made.spans = [(now - timedelta(minutes=10), now)]
    return made


@pytest.fixture
def of() -> Any:
    """This module: its stand-ins by name."""
    return sys.modules[__name__]


def tile(number: int, **changes: Any) -> WallTile:
    made = seen(number, **changes)
    return WallTile(number, made, TileSource.live(url(made.camera_id)))
