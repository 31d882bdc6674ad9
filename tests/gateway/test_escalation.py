"""What nobody takes is brought before the supervisor; a fault that restored itself is closed, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from smartcity_console.gateway.escalation import escalations_due, restored_due
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.events import AlertJoined, Draft, IncidentClaimed, IncidentOpened
from smartcity_console.model.incident import Incident

NOW = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)


def alert(kind: AlertKind = AlertKind.POWER, priority: Priority = Priority.NORMAL, **more: Any) -> Alert:
    facts: dict[str, Any] = {
        "id": "a",
        "protocol": "dc09/SIA-DCS",
        "account": "1701",
        "code": "AT",
        "kind": kind,
        "priority": priority,
        "occurred_at": NOW,
        "received_at": NOW,
        "known": True,
        "zone": "1",
    }
    return Alert(**(facts | more))


def incident(*alerts: Alert, **more: Any) -> Incident:
    alerts = alerts or (alert(),)
    made = Incident(
        id="inc-1",
        version=len(alerts),
        opened_at=NOW,
        kind=alerts[0].kind,
        priority=alerts[0].priority,
        position=None,
        alerts=alerts,
    )
    return msgspec.structs.replace(made, **more)


def restored(**more: Any) -> Incident:
    back = alert(AlertKind.RESTORE, received_at=NOW + timedelta(seconds=10))
    return incident(alert(), back, **more)


def waited(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("priority", "limit_s"), [(Priority.EMERGENCY, 120), (Priority.HIGH, 360), (Priority.NORMAL, 1800)]
)
def test_each_priority_has_its_patience(priority: Priority, limit_s: int) -> None:
    waiting = incident(alert(AlertKind.INTRUSION, priority))
    assert escalations_due([waiting], waited(limit_s), 120.0) == []
    (draft,) = escalations_due([waiting], waited(limit_s + 1), 120.0)
    assert draft.payload.waited_s == limit_s + 1 and draft.expected_version == 1


@pytest.mark.parametrize("more", [{"claimed_by": "1"}, {"escalated_at": NOW}, {"closed_at": NOW}])
def test_claimed_told_or_closed_is_not_told(more: dict[str, Any]) -> None:
    assert escalations_due([incident(alert(AlertKind.FIRE, Priority.EMERGENCY), **more)], waited(9999), 120.0) == []


def test_what_was_given_back_waits_anew() -> None:
    given_back = incident(alert(AlertKind.FIRE, Priority.EMERGENCY), released_at=waited(100))
    assert escalations_due([given_back], waited(200), 120.0) == []
    assert len(escalations_due([given_back], waited(221), 120.0)) == 1


def test_what_a_seat_holds_that_was_left_waits_from_then_on() -> None:
    held = incident(alert(AlertKind.FIRE, Priority.EMERGENCY), claimed_by="1", claimed_at=waited(10))
    left = {"1": waited(300)}
    assert escalations_due([held], waited(420), 120.0, left) == []
    (draft,) = escalations_due([held], waited(421), 120.0, left)
    assert draft.payload.waited_s == 121
    told = msgspec.structs.replace(held, escalated_at=waited(421))
    assert told.is_escalated and escalations_due([told], waited(999), 120.0, left) == []
    taken_over = msgspec.structs.replace(told, claimed_by="2", claimed_at=waited(430))
    assert not taken_over.is_escalated


def test_a_fault_that_restored_itself_is_closed_after_a_quiet_time() -> None:
    assert restored_due([restored()], waited(20)) == []
    (draft,) = restored_due([restored()], waited(40))
    assert draft.payload.outcome == "restored" and draft.expected_version == 2


@pytest.mark.parametrize(
    "kept",
    [
        restored(claimed_by="1"),
        restored(grade=1),
        restored(priority=Priority.HIGH),
        restored(kind=AlertKind.INTRUSION),
        restored(chattered_at=waited(11)),
        incident(alert(), alert(zone="2"), alert(AlertKind.RESTORE)),
        incident(alert(), alert(AlertKind.FIRE), alert(AlertKind.RESTORE)),
        incident(),
    ],
    ids=["claimed", "graded", "urgent", "intrusion", "chatters on", "another zone", "a fire too", "not restored"],
)
def test_everything_else_only_gets_the_mark(kept: Incident) -> None:
    assert restored_due([kept], waited(9999)) == []


def test_the_gateway_tells_once_and_a_claim_ends_it(gateway: Any, wait: Any) -> None:
    gateway.settings.append("intake.claim_s=5")
    gateway.start()
    long_ago = datetime.now(UTC)
    bell = alert(AlertKind.ROBBERY, Priority.EMERGENCY, received_at=long_ago, occurred_at=long_ago)
    opened = IncidentOpened(incident_id="inc-1", alert=bell, kind=bell.kind, priority=bell.priority, position=None)
    gateway.append(Draft("incident/inc-1", opened, "test", 0))
    fault = alert(received_at=long_ago - timedelta(seconds=60))
    back = alert(AlertKind.RESTORE, received_at=long_ago - timedelta(seconds=50))
    gateway.append(
        Draft(
            "incident/inc-2",
            IncidentOpened(incident_id="inc-2", alert=fault, kind=fault.kind, priority=fault.priority, position=None),
            "test",
        ),
        Draft("incident/inc-2", AlertJoined(alert=back, reason="", why="same_account"), "test"),
    )
    wait(lambda: gateway.events("IncidentEscalated") and gateway.events("IncidentClosed"))
    gateway.append(Draft("incident/inc-1", IncidentClaimed(seat="1"), "seat/1"))
    (told,), (closed,) = gateway.events("IncidentEscalated"), gateway.events("IncidentClosed")
    assert told.stream == "incident/inc-1" and 5 <= told.payload().waited_s < 60
    assert closed.stream == "incident/inc-2" and closed.payload().outcome == "restored"
