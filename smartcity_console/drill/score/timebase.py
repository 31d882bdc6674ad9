"""Seconds of a drill from the times of its journal: second 0 is `DrillBegun`, pauses do not count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from smartcity_console.model import events as ev
from smartcity_console.model.errors import ConsoleError


class NoDrill(ConsoleError):
    code = "no_drill"
    ko = "이 기록에는 훈련이 없습니다. 채점할 것이 없으며 아무것도 바뀌지 않았습니다. 훈련 폴더의 기록을 주십시오."
    en = "There is no drill in this journal. There is nothing to judge and nothing was changed. Give a drill's own journal."


class Pause(msgspec.Struct, frozen=True):
    """From one moment to another; one that was never ended goes on to the end of the drill."""

    start: datetime
    end: datetime


class TimeBase(msgspec.Struct, frozen=True):
    """When the drill began and ended, and when it stood still."""

    begun: datetime
    ended: datetime
    pauses: tuple[Pause, ...] = ()

    def second(self, at: datetime) -> float:
        """Return the second of the drill at a moment; within a pause it stands still."""
        stood = sum((_overlap_s(pause, at) for pause in self.pauses), 0.0)
        return (at - self.begun).total_seconds() - stood

    def moment(self, second: float) -> datetime:
        """Return when a second of the drill was; the one at which a pause stood is the pause's beginning."""
        at = self.begun + timedelta(seconds=second)
        for pause in self.pauses:
            if at > pause.start:
                at += pause.end - pause.start
        return at

    @property
    def duration_s(self) -> float:
        return self.second(self.ended)

    @property
    def paused_s(self) -> float:
        return (self.ended - self.begun).total_seconds() - self.duration_s


def _overlap_s(pause: Pause, until: datetime) -> float:
    return max(0.0, (min(pause.end, until) - pause.start).total_seconds())


def time_base(events: Sequence[ev.Event]) -> TimeBase:
    """Return the drill's time. One that is still going on ends with its last event. Raises NoDrill."""
    begun = next((event.at for event in events if event.type == "DrillBegun"), None)
    if begun is None:
        raise NoDrill()
    ended = next((event.at for event in events if event.type == "DrillEnded"), events[-1].at)
    return TimeBase(begun, ended, tuple(_pauses(events, ended)))


def _pauses(events: Iterable[ev.Event], ended: datetime) -> list[Pause]:
    pauses: list[Pause] = []
    since: datetime | None = None
    for event in events:
        if event.at > ended:
            break
        if event.type == "DrillPaused" and since is None:
            since = event.at
        elif event.type == "DrillResumed" and since is not None:
            pauses.append(Pause(since, event.at))
            since = None
    return [*pauses, Pause(since, ended)] if since is not None else pauses
