"""Ordinary life that fits the spans in which a feed loops: nobody is elsewhere when a span begins again.

Before the cue everything repeats with that span's length. Behind the act nobody is under way when its span begins or ends: who would
be stays at home that once, or for good where he would be missed before the cue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from smartcity_console.drill.scenario.model import FeedSpec
from smartcity_console.drill.stage.cast import Person, Vehicle
from smartcity_console.drill.stage.tracks import Track

Moving = TypeVar("Moving", Person, Vehicle)
Span = tuple[float, float]
SHORTEST_S = 16.0  # a walk from door to door takes so long; shorter spans are left as they are
EDGE_S = 0.2


@dataclass(frozen=True)
class Loops:
    """The spans of a scenario's feeds, in the film's seconds; None: no such span."""

    before: Span | None = None
    after: Span | None = None

    @property
    def period_s(self) -> float | None:
        """After how many seconds ordinary life repeats; None: with the film."""
        length_s = self.before[1] - self.before[0] if self.before else 0.0
        return length_s if length_s >= SHORTEST_S else None


NO_LOOPS = Loops()


def loops_of(feeds: Sequence[FeedSpec]) -> Loops:
    """Return the spans of the feeds; all cameras of a stage loop in step, so the first that has them tells."""
    told = next((feed for feed in feeds if feed.cue and feed.before_s), None)
    return Loops(told.before_s, told.after_s) if told is not None else Loops()


def passes_of(moving: Moving, loops: Loops, length_s: float) -> list[Moving]:
    """Return somebody who comes again every `period_s` as one who comes once for each time; none where that cannot be."""
    period_s, track = loops.period_s, moving.track
    if period_s is None or moving.offset_s is None or loops.before is None:
        return [moving]
    lasts_s = track.end_s - track.start_s
    first_s = track.start_s - moving.offset_s - period_s * (1 + int((track.end_s + length_s) / period_s))
    begins = [first_s + number * period_s for number in range(int(2 * (lasts_s + length_s) / period_s) + 4)]
    shown = [at_s for at_s in begins if at_s + lasts_s >= 0.0 and at_s <= length_s]
    away = [
        at_s for at_s in shown if any(at_s - EDGE_S <= edge <= at_s + lasts_s + EDGE_S for edge in loops.after or ())
    ]
    if any(at_s <= loops.before[1] for at_s in away):
        return []
    return [
        replace(moving, track=_later(track, at_s - track.start_s), offset_s=None) for at_s in shown if at_s not in away
    ]


def _later(track: Track, seconds: float) -> Track:
    legs = tuple(replace(leg, start_s=leg.start_s + seconds, end_s=leg.end_s + seconds) for leg in track.legs)
    return Track(legs, track.before_m)
