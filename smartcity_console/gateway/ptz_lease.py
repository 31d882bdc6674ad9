"""Who steers which camera: one hold a camera, the higher rank goes first, idle hands lose it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from smartcity_console.model.ptz import Rank

MOST_ACTS = 40


@dataclass
class Hold:
    """One seat's hand on one camera, and the summary that goes on record when it ends. Seconds are monotonic."""

    camera_id: str
    seat: str
    rank: Rank
    since_s: float
    used_s: float
    moves: int = 0
    turned_s: float = 0.0  # when turning was last counted
    turning_s: float = 0.0
    acts: list[str] = field(default_factory=list)

    def note(self, act: str) -> None:
        if len(self.acts) < MOST_ACTS:
            self.acts.append(act)


@dataclass(frozen=True)
class Answer:
    """What came of asking: `hold` is the asker's (None: refused, `by` holds it); `lost` is whose it was before."""

    hold: Hold | None
    is_new: bool = False
    lost: Hold | None = None
    by: Hold | None = None


class Holds:
    """All holds of a gateway. `idle_s`: how long a hand may rest."""

    def __init__(self, idle_s: float) -> None:
        self._idle_s = idle_s
        self._by_camera: dict[str, Hold] = {}

    def of(self, camera_id: str) -> Hold | None:
        return self._by_camera.get(camera_id)

    def ask(self, camera_id: str, seat: str, rank: Rank, now_s: float) -> Answer:
        """Take or keep a camera. A hold of the same rank is respected until it is idle, one of a lower rank is not."""
        held = self._by_camera.get(camera_id)
        if held is not None and held.seat == seat:
            held.rank, held.used_s = rank, now_s
            return Answer(held)
        if held is not None and held.rank >= rank and now_s - held.used_s < self._idle_s:
            return Answer(None, by=held)
        hold = self._by_camera[camera_id] = Hold(camera_id, seat, rank, now_s, now_s)
        return Answer(hold, is_new=True, lost=held)

    def end(self, camera_id: str, seat: str) -> Hold | None:
        """Give a camera up; None when it is not that seat's."""
        held = self._by_camera.get(camera_id)
        if held is None or held.seat != seat:
            return None
        return self._by_camera.pop(camera_id)

    def idle(self, now_s: float) -> list[Hold]:
        """Return the holds that have rested too long."""
        return [held for held in self._by_camera.values() if now_s - held.used_s >= self._idle_s]

    def of_seat(self, seat: str) -> list[Hold]:
        return [held for held in self._by_camera.values() if held.seat == seat]

    def __iter__(self) -> Iterator[Hold]:
        return iter(list(self._by_camera.values()))
