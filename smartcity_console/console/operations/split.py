"""Some alerts of an incident are another thing after all: they part to an incident of their own."""

from __future__ import annotations

from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState
from smartcity_console.console.operations.merge import must_be_free, parted
from smartcity_console.model.alert import Alert, AlertKind
from smartcity_console.model.events import AlertJoined, Draft, IncidentOpened


class Split(Operation):
    """Part alerts from the selected incident. `argument`: their ids; at least one alert that opens stays here."""

    id = "incident.split"
    group = Group.INCIDENT
    shortcut = "Shift+M"
    needs = "alerts"

    def label(self) -> str:
        return translate("Operation", "Part alerts to an incident of their own")

    def short(self) -> str:
        return translate("Operation", "Part")

    def available(self, state: SeatState) -> Reason | None:
        if reason := must_be_free(state):
            return reason
        if sum(_opens(alert) for alert in state.chosen().alerts) < 2:
            return Reason("one_alert", translate("Reason", "It holds only one alert."))
        if state.chosen().handoffs:
            return Reason("handed_off_whole", translate("Reason", "It is handed off as it is: what was sent stays."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        incident, ids = state.chosen(), set(argument or ())
        leaving = sorted((a for a in incident.alerts if a.id in ids), key=lambda a: (not _opens(a), a.received_at))
        staying = [alert for alert in incident.alerts if alert.id not in ids]
        if not leaving or not _opens(leaving[0]) or not any(_opens(alert) for alert in staying):
            return []
        new_id = state.new_id("inc")
        return [*_opening(state, new_id, leaving), *parted(state, incident, ids, new_id)]


def _opening(state: SeatState, incident_id: str, alerts: list[Alert]) -> list[Draft]:
    first, *more = alerts
    opened = IncidentOpened(
        incident_id=incident_id,
        alert=first,
        kind=first.kind,
        priority=first.priority,
        position=first.position,
        priority_reason_ko="운영자가 나눔",
        priority_reason_en="parted by an operator",
    )
    stream = f"incident/{incident_id}"
    joins = [
        AlertJoined(
            alert=alert,
            reason="운영자가 함께 나눔",
            why="parted",
            after_s=max(0.0, (alert.received_at - first.received_at).total_seconds()),
        )
        for alert in more
    ]
    return [Draft(stream, opened, state.actor, 0), *(Draft(stream, joined, state.actor) for joined in joins)]


def _opens(alert: Alert) -> bool:
    """A restoral cannot be what an incident begins with."""
    return alert.kind is not AlertKind.RESTORE
