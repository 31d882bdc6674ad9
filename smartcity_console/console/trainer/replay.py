"""A finished drill, second by second: the journal folded up to where the trainer looks."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

from smartcity_console.console.trainer.drill_fold import DrillFold
from smartcity_console.model.centre import Centre
from smartcity_console.model.events import Event


class Replay:
    """`go` forward folds only what lies between; backward it folds from the beginning.

    `seconds` are of the drill, one for each event, never falling: a pause adds events at one second.
    """

    def __init__(self, events: Sequence[Event], seconds: Sequence[float]) -> None:
        self._events, self._seconds = list(events), list(seconds)
        self._at = 0
        self.second = 0.0
        self.centre, self.fold = Centre(), DrillFold()

    def go(self, second: float) -> None:
        """Stand at a second: everything up to and with it has happened."""
        upto = bisect.bisect_right(self._seconds, second)
        if upto < self._at:
            self._at, self.centre, self.fold = 0, Centre(), DrillFold()
        batch = self._events[self._at : upto]
        self.centre.take(batch)
        self.fold.take(batch)
        self._at, self.second = upto, second

    @property
    def last_seq(self) -> int:
        """The journal's number of the last event that has happened; 0 before the first."""
        return self._events[self._at - 1].seq if self._at else 0
