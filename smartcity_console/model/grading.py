"""What an incident's priority and kind were at a line of its history, or would be without some of its alerts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec

from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.incident import LogLine


class Grading(msgspec.Struct, frozen=True):
    """How urgent and of what kind."""

    priority: Priority
    kind: AlertKind


def grading(log: Iterable[LogLine], without: Collection[str] = ()) -> Grading | None:
    """Return what the lines of a history come to; `without`: ids of alerts to leave out. None: no alert is left."""
    now: Grading | None = None
    for line in log:
        if line.type == "PriorityChanged" and now is not None:
            now = Grading(Priority(line.facts["priority"]), now.kind)
        elif line.type in _READERS:
            for alert, priority in _READERS[line.type](line.facts):
                if alert.id not in without:
                    now = _after(now, alert, priority)
    return now


def _after(now: Grading | None, alert: Alert, priority: Priority) -> Grading:
    if now is None:
        return Grading(priority, alert.kind)
    worse = priority.rank < now.priority.rank and alert.kind is not AlertKind.RESTORE
    return Grading(priority, alert.kind) if worse else now


def _opened(facts: Mapping[str, Any]) -> list[tuple[Alert, Priority]]:
    return [(msgspec.convert(facts["alert"], Alert), Priority(facts["priority"]))]


def _joined(facts: Mapping[str, Any]) -> list[tuple[Alert, Priority]]:
    alert = msgspec.convert(facts["alert"], Alert)
    decided = facts.get("priority")
    return [(alert, Priority(decided) if decided else alert.priority)]


def _absorbed(facts: Mapping[str, Any]) -> list[tuple[Alert, Priority]]:
    alerts = msgspec.convert(facts["alerts"], tuple[Alert, ...])
    return [(alert, alert.priority) for alert in alerts]


_READERS = {"IncidentOpened": _opened, "AlertJoined": _joined, "IncidentAbsorbed": _absorbed}
