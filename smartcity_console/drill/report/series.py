"""What the plots show, as numbers: the queue over time, and each timed mark with its target and its actual second."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from smartcity_console.drill.score.model import Mark, Score, Standing
from smartcity_console.drill.score.timebase import TimeBase
from smartcity_console.model.centre import Centre
from smartcity_console.model.events import Event

_CLAIMED_FIRST = frozenset({"verdict"})  # measured from the claim, everything else from the opening


class QueueStep(msgspec.Struct, frozen=True):
    """From this second of the drill on: incidents that nobody has, and all that are not closed."""

    at_s: float
    waiting: int
    open: int


class Lane(msgspec.Struct, frozen=True):
    """One timed mark on the time line: when its clock began, and when it was done (None: never)."""

    mark: Mark
    begin_s: float
    done_s: float | None


def queue_steps(events: Sequence[Event], time: TimeBase) -> tuple[QueueStep, ...]:
    """Return how long the queue was, a step for each change, from second 0 to the end."""
    centre, steps = Centre(), [QueueStep(0.0, 0, 0)]
    for event in events:
        if event.at > time.ended:
            break
        if centre.take([event]):
            steps = _with(steps, centre, max(0.0, time.second(event.at)))
    return (*steps, msgspec.structs.replace(steps[-1], at_s=time.duration_s))


def _with(steps: list[QueueStep], centre: Centre, at_s: float) -> list[QueueStep]:
    queue = centre.open_incidents()
    step = QueueStep(at_s, sum(incident.claimed_by is None for incident in queue), len(queue))
    if (step.waiting, step.open) != (steps[-1].waiting, steps[-1].open):
        steps.append(step)
    return steps


def lanes(score: Score, events: Sequence[Event], time: TimeBase) -> tuple[Lane, ...]:
    """Return the timed marks in the order in which their clocks began. One whose beginning is not known is left out."""
    firsts = _firsts(events, time)
    found = []
    for mark in score.marks:
        begin_s = _begin(mark, firsts.get(score.incident_ids.get(mark.incident, ""), {}))
        if mark.within_s is not None and begin_s is not None:
            done = begin_s + mark.actual_s if mark.actual_s is not None and mark.standing is not Standing.VOID else None
            found.append(Lane(mark, begin_s, done))
    first = {
        lane.mark.incident: min(x.begin_s for x in found if x.mark.incident == lane.mark.incident) for lane in found
    }
    return tuple(
        sorted(
            found,
            key=lambda lane: (
                first[lane.mark.incident],
                lane.mark.incident,
                lane.begin_s + (lane.mark.within_s or 0.0),
            ),
        )
    )


def _begin(mark: Mark, firsts: dict[str, float]) -> float | None:
    """A mark that was done says itself when its clock began; for one that was not, the journal does."""
    if mark.at_s is not None and mark.actual_s is not None:
        return max(0.0, mark.at_s - mark.actual_s)
    if mark.act in _CLAIMED_FIRST:
        return firsts.get("IncidentClaimed", firsts.get("IncidentOpened"))
    return firsts.get("IncidentOpened")


def _firsts(events: Sequence[Event], time: TimeBase) -> dict[str, dict[str, float]]:
    """Return the second of the first event of each type, by incident."""
    found: dict[str, dict[str, float]] = {}
    for event in events:
        kind, _, key = event.stream.partition("/")
        if kind == "incident":
            found.setdefault(key, {}).setdefault(event.type, time.second(event.at))
    return found


def inject_seconds(score: Score) -> tuple[float, ...]:
    """Return when injects came."""
    return tuple(entry.at_s for entry in score.timeline if entry.kind == "inject")
