"""What receivers are told later, by the gateway as a program: a recall and a message, each once, whatever fails."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

from smartcity_console.model import events as ev

Wait = Callable[..., Any]


def test_a_recall_and_a_message_reach_the_desk_once(gateway: Any, desk: Any, wait: Wait) -> None:
    gateway.start()
    incident_id = gateway.open_incident()
    gateway.unlock(incident_id)
    gateway.hand_off(incident_id)
    wait(lambda: gateway.events("HandoffDelivered"))
    gateway.on_incident(incident_id, ev.MessageToDesk(handoff_id="handoff-1", update_id="up-1", seat="3", text="남쪽"))
    recall = ev.HandoffRecalled(handoff_id="handoff-1", update_id="up-2", seat="3", reason="false_alarm")
    gateway.on_incident(incident_id, recall)
    wait(lambda: len(gateway.events("HandoffUpdateDelivered")) == 2)
    message, recalled = desk.updates["up-1"], desk.updates["up-2"]
    assert (message["kind"], message["text"]) == ("message", "남쪽")
    assert (recalled["kind"], recalled["text"], recalled["handoff_id"]) == ("recalled", "false_alarm", "handoff-1")
    assert recalled["sent_by"].endswith("3")
    assert [t for t in desk.tries if t.endswith("/updates")] == ["POST /api/handoffs/handoff-1/updates"] * 2


def test_an_update_outlives_a_dead_desk_and_a_killed_gateway(gateway: Any, desk: Any, wait: Wait) -> None:
    gateway.start()
    incident_id = gateway.open_incident()
    gateway.unlock(incident_id)
    gateway.hand_off(incident_id)
    wait(lambda: gateway.events("HandoffDelivered"))
    desk.refuse = 10_000
    recall = ev.HandoffRecalled(handoff_id="handoff-1", update_id="up-1", seat="3", reason="seat")
    gateway.on_incident(incident_id, recall)
    wait(lambda: gateway.events("HandoffUpdateFailed"))
    gateway.end(signal.SIGKILL)
    desk.refuse = 0
    gateway.start()
    wait(lambda: gateway.events("HandoffUpdateDelivered"))
    assert list(desk.updates) == ["up-1"]
    failed = gateway.events("HandoffUpdateFailed")[0].payload_as(ev.HandoffUpdateFailed)
    assert "HTTP 503" in failed.reason and failed.attempt == 1


def test_what_was_recalled_before_it_arrived_does_not_leave_the_house(gateway: Any, desk: Any, wait: Wait) -> None:
    desk.refuse = 10_000
    gateway.start()
    incident_id = gateway.open_incident()
    gateway.unlock(incident_id)
    gateway.hand_off(incident_id)
    wait(lambda: gateway.events("HandoffAttemptFailed"))
    recall = ev.HandoffRecalled(handoff_id="handoff-1", update_id="up-1", seat="3", reason="seat")
    gateway.on_incident(incident_id, recall)
    wait(lambda: gateway.get("/health").json()["handoffs_under_way"] == 0)
    desk.refuse = 0
    gateway.hand_off(incident_id, "handoff-2")
    wait(lambda: gateway.events("HandoffDelivered"))
    assert set(desk.notices) == {"handoff-2"}
    assert set(desk.packages) == {"handoff-2"}
