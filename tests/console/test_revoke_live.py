"""The live view of an incident: who watches is shown, and it can be taken back at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from smartcity_console.console.incident.receipts import status
from smartcity_console.console.operations import SeatState, standard_operations
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.centre import Centre
from smartcity_console.model.verdict import Grade

REVOKE = standard_operations()["incident.revoke_live"]


def state(day: Any, seat: str = "3") -> SeatState:
    centre = Centre()
    centre.take(day.journal.read())
    return SeatState(seat=seat, now=day.clock.now(), incident=centre.incidents.get("inc-1"))


def code(day: Any, seat: str = "3") -> str | None:
    reason = REVOKE.available(state(day, seat))
    return reason.code if reason else None


def hand_off(day: Any, handoff_id: str, kind: AgencyKind, live_min: float) -> None:
    now = day.clock.now()
    request = ev.HandoffRequested(
        handoff_id=handoff_id,
        agency_id=f"{kind}-1",
        agency_kind=kind,
        agency_name="가온경찰서",
        camera_ids=("GN-0001",),
        span_start=now - timedelta(seconds=30),
        span_end=now,
        live_until=now + timedelta(minutes=live_min),
        basis="",
        note="",
        grade=Grade.LIFE_THREAT,
        seat="3",
    )
    day.write("inc-1", request, actor="seat/3")


def test_it_takes_back_what_still_runs_and_says_why_when_nothing_does(day: Any) -> None:
    assert code(day) == "no_incident"
    day.open()
    assert code(day) == "unclaimed"
    day.write("inc-1", ev.IncidentClaimed(seat="3"), actor="seat/3")
    assert code(day) == "no_handoff"
    assert code(day, "1") == "held"
    hand_off(day, "h-1", AgencyKind.POLICE, 30)
    hand_off(day, "h-2", AgencyKind.FIRE, 1)
    assert code(day) is None
    day.clock.advance(120)
    drafts = REVOKE.drafts(state(day), "  오인 이관 ")
    assert [d.payload for d in drafts] == [ev.LiveViewRevoked(handoff_id="h-1", reason="오인 이관", seat="3")]
    day.journal.append(*drafts)
    assert code(day) == "no_live"


def test_it_can_be_taken_back_after_the_incident_was_closed(day: Any) -> None:
    day.open()
    day.write("inc-1", ev.IncidentClaimed(seat="3"), actor="seat/3")
    hand_off(day, "h-1", AgencyKind.POLICE, 30)
    day.write("inc-1", ev.IncidentClosed(outcome="handed_off", seat="3"), actor="seat/3")
    assert code(day, "1") is None
    (draft,) = REVOKE.drafts(state(day, "1"))
    assert draft.payload == ev.LiveViewRevoked(handoff_id="h-1", reason="seat", seat="1")


def test_the_receipts_count_who_watches(day: Any) -> None:
    day.open()
    hand_off(day, "h-1", AgencyKind.POLICE, 30)
    day.write("inc-1", ev.HandoffDelivered(handoff_id="h-1", attempt=1, receiver="desk"))

    def watch(view_id: str, camera_id: str) -> ev.LiveViewOpened:
        return ev.LiveViewOpened(
            handoff_id="h-1",
            view_id=view_id,
            camera_id=camera_id,
            agency_kind=AgencyKind.POLICE,
            agency_name="가온경찰서",
            remote="10.0.0.5",
        )

    def shown() -> str:
        incident = state(day).incident
        assert incident
        return status(incident.handoffs[0])[0]

    assert "watching" not in shown()
    day.write("inc-1", watch("v-1", "GN-0001"), watch("v-2", "GN-0001"), watch("v-3", "GN-0002"))
    assert "3 watching · cameras 2" in shown()
    over = ev.LiveViewClosed(handoff_id="h-1", view_id="v-1", camera_id="GN-0001", reason="left", watched_s=3.0)
    day.write("inc-1", over)
    assert "2 watching · cameras 2" in shown()
    day.write("inc-1", ev.LiveViewRevoked(handoff_id="h-1", reason="seat", seat="3"))
    assert "live view taken back" in shown()
