"""What may be done when, why not, and what is appended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from smartcity_console.console.operations import Operation, Operations, SeatState, standard_operations
from smartcity_console.console.operations.wall_facts import WallFacts
from smartcity_console.model import events as ev
from smartcity_console.model.agency import EMERGENCY_SERVICES, AgencyKind
from smartcity_console.model.alert import Priority
from smartcity_console.model.centre import Centre
from smartcity_console.model.verdict import Grade

OPERATIONS = standard_operations()


@pytest.fixture
def state_of(day: Any, sample: Any) -> Callable[..., SeatState]:
    """Return a maker of states: what a seat sees of the journal as it is now."""

    def make(seat: str = "3", **changes: Any) -> SeatState:
        centre = Centre()
        centre.take(day.journal.read())
        facts: dict[str, Any] = {
            "seat": seat,
            "now": day.clock.now(),
            "incident": centre.incidents.get("inc-1"),
            "queue": tuple(centre.open_incidents()),
            "agencies": sample.AGENCIES,
            "private_cameras": ("PV-0001",),
            "new_id": lambda prefix: f"{prefix}-1",
        }
        return SeatState(**(facts | changes))

    return make


def code(op_id: str, state: SeatState) -> str | None:
    reason = OPERATIONS[op_id].available(state)
    return reason.code if reason else None


def do(day: Any, op_id: str, state: SeatState, argument: Any = None) -> list[ev.Event]:
    assert code(op_id, state) is None
    return day.journal.append(*OPERATIONS[op_id].drafts(state, argument))


def test_every_operation_has_a_label_and_an_answer_without_an_incident(state_of: Any) -> None:
    for operation in OPERATIONS:
        assert operation.label() and operation.short()
        reason = operation.available(state_of())
        assert reason is None or reason.text


def test_no_two_operations_share_an_id_or_a_key() -> None:
    first = next(iter(OPERATIONS))
    with pytest.raises(ValueError, match=r"incident\.claim"):
        Operations([first, first])


def test_two_operations_on_one_key_are_refused() -> None:
    class Other(Operation):
        id = "other"
        shortcut = "F2"

    with pytest.raises(ValueError, match="F2"):
        Operations([OPERATIONS["incident.claim"], Other()])


@pytest.mark.parametrize(
    "op_id",
    ["incident.release", "incident.grade.4", "incident.hand_off.police", "incident.note", "incident.step.tick",
     "incident.close", "evidence.set_start", "evidence.camera.1", "incident.unlock"],
)  # fmt: skip
def test_what_needs_a_claim_says_so(day: Any, state_of: Any, op_id: str) -> None:
    assert code(op_id, state_of()) == "no_incident"
    day.open()
    assert code(op_id, state_of()) == "unclaimed"
    day.write("inc-1", ev.IncidentClaimed(seat="1"), actor="seat/1")
    reason = OPERATIONS[op_id].available(state_of())
    assert reason and reason.code == "held" and "1" in reason.text
    day.write("inc-1", ev.IncidentClosed(outcome="resolved", seat="1"), actor="seat/1")
    assert code(op_id, state_of()) == "closed"


def test_a_claim_is_exclusive_and_opens_the_private_cameras(day: Any, state_of: Any) -> None:
    day.open()
    drafts = OPERATIONS["incident.claim"].drafts(state_of())
    assert drafts[0].expected_version == 1 and drafts[0].payload == ev.IncidentClaimed(seat="3")
    (unlocked,) = [d.payload for d in drafts[1:]]
    assert isinstance(unlocked, ev.PrivateCamerasUnlocked)
    assert unlocked.camera_ids == ("PV-0001",) and unlocked.reason == "verification"
    assert unlocked.until == day.clock.now() + timedelta(minutes=10)


def test_a_claim_where_there_is_no_private_camera_opens_none(day: Any, state_of: Any) -> None:
    day.open()
    assert len(OPERATIONS["incident.claim"].drafts(state_of(private_cameras=()))) == 1


@pytest.mark.parametrize(
    ("op_id", "last"), [("incident.release", "IncidentReleased"), ("edit.undo", "IncidentReleased")]
)
def test_giving_back_closes_the_private_cameras(day: Any, state_of: Any, op_id: str, last: str) -> None:
    day.open()
    do(day, "incident.claim", state_of())
    do(day, op_id, state_of())
    assert day.incident()[-2:] == [last, "PrivateCamerasLocked"]
    assert state_of().incident.unlocked == {} and state_of().incident.claimed_by is None


def test_a_hand_off_needs_a_grade_and_not_the_grade_of_a_false_alarm(day: Any, state_of: Any) -> None:
    day.open()
    do(day, "incident.claim", state_of())
    assert code("incident.hand_off.police", state_of()) == "no_grade"
    do(day, "incident.grade.0", state_of())
    assert code("incident.hand_off.police", state_of()) == "false_alarm"
    do(day, "incident.grade.1", state_of())
    assert code("incident.hand_off.police", state_of()) is None
    assert code("incident.hand_off.police", state_of(agencies={})) == "no_agency"


def test_a_hand_off_carries_all_that_the_recipient_needs(day: Any, state_of: Any, sample: Any) -> None:
    day.open()
    opened_at = state_of().incident.opened_at
    do(day, "incident.claim", state_of())
    day.write("inc-1", ev.CamerasSelected(cameras=tuple(sample.PUBLIC_CAMERAS)))
    do(day, "incident.grade.4", state_of())
    do(day, "incident.note", state_of(), "  남성 1명 ")
    day.clock.advance(20)
    state = state_of()
    (draft,) = OPERATIONS["incident.hand_off.police"].drafts(state)
    assert draft.expected_version == state.incident.version
    sent = draft.payload
    assert isinstance(sent, ev.HandoffRequested)
    assert (sent.agency_id, sent.grade, sent.note, sent.seat) == ("pol-1", Grade.LIFE_THREAT, "남성 1명", "3")
    assert sent.camera_ids == ("GN-0001", "GN-0002")
    assert sent.span_start == opened_at - timedelta(seconds=30) and sent.span_end == day.clock.now()
    assert sent.live_until == day.clock.now() + timedelta(minutes=30)
    assert "제18조" in sent.basis and "제7호" in sent.basis
    (fire,) = OPERATIONS["incident.hand_off.fire"].drafts(state)
    assert fire.payload.agency_id == "fire-1" and "제7호" not in fire.payload.basis


def test_nobody_is_handed_the_same_incident_twice_unless_they_refused(day: Any, state_of: Any) -> None:
    day.open()
    do(day, "incident.claim", state_of())
    do(day, "incident.grade.4", state_of())
    do(day, "incident.hand_off.police", state_of())
    assert code("incident.hand_off.police", state_of()) == "handed_off"
    assert code("incident.hand_off.fire", state_of()) is None
    day.write("inc-1", ev.HandoffRefused(handoff_id="handoff-1", by="김경사", reason="관할 아님"))
    assert code("incident.hand_off.police", state_of()) is None


def test_closing_waits_for_a_grade_for_delivery_and_for_a_threat_to_be_handed_off(day: Any, state_of: Any) -> None:
    day.open()
    do(day, "incident.claim", state_of())
    assert code("incident.close", state_of()) == "no_grade"
    do(day, "incident.grade.3", state_of())
    assert code("incident.close", state_of()) == "not_handed_off"
    do(day, "incident.hand_off.police", state_of())
    assert code("incident.close", state_of()) == "undelivered"
    day.write("inc-1", ev.HandoffDelivered(handoff_id="handoff-1", attempt=1, receiver="은행지구대"))
    do(day, "incident.close", state_of())
    assert day.payloads(ev.IncidentClosed)[0].outcome == "handed_off"
    assert day.incident()[-1] == "PrivateCamerasLocked"


@pytest.mark.parametrize(("grade", "outcome"), [(0, "false_alarm"), (1, "resolved"), (2, "resolved")])
def test_the_outcome_follows_from_the_grade(day: Any, state_of: Any, grade: int, outcome: str) -> None:
    day.open()
    do(day, "incident.claim", state_of())
    do(day, f"incident.grade.{grade}", state_of())
    do(day, "incident.close", state_of())
    assert day.payloads(ev.IncidentClosed)[0].outcome == outcome


def test_the_same_grade_twice_is_one_event(day: Any, state_of: Any) -> None:
    day.open()
    do(day, "incident.claim", state_of())
    do(day, "incident.grade.2", state_of())
    assert OPERATIONS["incident.grade.2"].drafts(state_of()) == []


def test_a_note_is_trimmed_cut_and_never_empty(day: Any, state_of: Any) -> None:
    day.open()
    do(day, "incident.claim", state_of())
    assert OPERATIONS["incident.note"].drafts(state_of(), "   ") == []
    (draft,) = OPERATIONS["incident.note"].drafts(state_of(), "가" * 900)
    assert len(draft.payload.text) == 500


def test_undo_takes_a_priority_back_to_what_it_was(day: Any, state_of: Any) -> None:
    day.open()
    assert code("edit.undo", state_of()) == "nothing"
    assert code("incident.priority.emergency", state_of()) == "same"
    do(day, "incident.priority.normal", state_of())
    do(day, "edit.undo", state_of())
    assert state_of().incident.priority is Priority.EMERGENCY
    assert day.incident()[-2:] == ["PriorityChanged", "PriorityChanged"]


def test_undo_unticks_a_step_and_leaves_others_acts_alone(day: Any, state_of: Any) -> None:
    day.open()
    do(day, "incident.claim", state_of())
    do(day, "incident.step.tick", state_of(), ("weapon", True))
    assert code("edit.undo", state_of(seat="1")) == "nothing"
    do(day, "edit.undo", state_of())
    assert state_of().incident.ticked == frozenset()


def test_a_grade_is_not_undone_but_given_anew(day: Any, state_of: Any) -> None:
    day.open()
    do(day, "incident.claim", state_of())
    do(day, "incident.grade.3", state_of())
    assert code("edit.undo", state_of()) == "nothing"


def test_the_span_stays_in_order_in_the_past_and_under_an_hour(day: Any, state_of: Any) -> None:
    day.open()
    do(day, "incident.claim", state_of())
    day.clock.advance(60)
    now = day.clock.now()
    (late,) = OPERATIONS["evidence.set_end"].drafts(state_of(), now + timedelta(minutes=5))
    assert late.payload.end == now
    (crossed,) = OPERATIONS["evidence.set_start"].drafts(state_of(), now + timedelta(minutes=5))
    assert crossed.payload.start < crossed.payload.end
    (ages,) = OPERATIONS["evidence.set_start"].drafts(state_of(), now - timedelta(hours=9))
    assert ages.payload.end - ages.payload.start == timedelta(hours=1)


def test_a_nudge_moves_one_edge_by_five_seconds(day: Any, state_of: Any) -> None:
    day.open()
    do(day, "incident.claim", state_of())
    day.clock.advance(20)
    before = state_of().evidence()
    (draft,) = OPERATIONS["evidence.nudge.start.earlier"].drafts(state_of())
    assert draft.payload.start == before.start - timedelta(seconds=5) and draft.payload.end == before.end


def test_cameras_go_in_and_out_of_the_evidence_in_wall_order(day: Any, state_of: Any, sample: Any) -> None:
    day.open()
    do(day, "incident.claim", state_of())
    day.write("inc-1", ev.CamerasSelected(cameras=tuple(sample.PUBLIC_CAMERAS)))
    do(day, "evidence.camera.3", state_of())
    assert state_of().evidence().camera_ids == ("GN-0001", "GN-0002", "GN-0004")
    do(day, "evidence.camera.1", state_of())
    do(day, "evidence.camera.3", state_of())
    assert state_of().evidence().camera_ids == ("GN-0002",)
    assert code("evidence.camera.2", state_of()) == "last_camera"
    assert code("evidence.camera.6", state_of()) == "no_camera"


def test_view_verbs_append_nothing(day: Any, state_of: Any) -> None:
    day.open()
    for op_id in ("queue.next", "palette.open", "view.language", "view.home"):
        assert code(op_id, state_of()) is None
        assert OPERATIONS[op_id].drafts(state_of()) == []
    assert code("queue.next", replace(state_of(), queue=())) == "empty_queue"
    assert code("wall.replay", state_of()) == "no_camera"


def test_police_and_fire_have_the_keys_that_the_operators_know() -> None:
    keys = {kind: OPERATIONS[f"incident.hand_off.{kind.value}"].shortcut for kind in EMERGENCY_SERVICES}
    assert keys == {AgencyKind.POLICE: "F5", AgencyKind.FIRE: "F6"}
    assert OPERATIONS["incident.hand_off.others"].shortcut == "F7"


def test_a_span_set_before_the_cameras_are_known_still_gets_cameras(day: Any, state_of: Any, sample: Any) -> None:
    day.open()
    do(day, "incident.claim", state_of())
    do(day, "evidence.set_start", state_of())
    assert state_of().evidence().camera_ids == ()
    day.write("inc-1", ev.CamerasSelected(cameras=tuple(sample.PUBLIC_CAMERAS)))
    assert state_of().evidence().camera_ids == ("GN-0001", "GN-0002")


def test_a_shut_private_camera_is_not_in_the_evidence(day: Any, state_of: Any, sample: Any) -> None:
    day.open()
    do(day, "incident.claim", state_of())
    day.write("inc-1", ev.CamerasSelected(cameras=(sample.PRIVATE_CAMERA, *sample.PUBLIC_CAMERAS)))
    assert state_of().evidence().camera_ids == ("PV-0001", "GN-0001")
    day.write("inc-1", ev.PrivateCamerasLocked(camera_ids=("PV-0001",), reason="expired"))
    assert state_of().evidence().camera_ids == ("GN-0001", "GN-0002")
    assert code("evidence.camera.1", state_of()) == "no_camera"


def test_a_sighting_is_of_the_live_tile_and_of_this_incident(day: Any, state_of: Any, sample: Any) -> None:
    day.open()
    do(day, "incident.claim", state_of())
    day.write("inc-1", ev.CamerasSelected(cameras=tuple(sample.PUBLIC_CAMERAS)))
    assert code("incident.sighting", state_of()) == "no_tile"
    live = WallFacts(chosen=2, camera_id="GN-0002", has_stream=True, has_picture=True)
    assert code("incident.sighting", state_of(wall=replace(live, pane="replay"))) == "not_live"
    (noted,) = do(day, "incident.sighting", state_of(wall=live))
    seen = noted.payload_as(ev.SightingNoted)
    assert (seen.camera_id, seen.camera_name, seen.seen_at) == ("GN-0002", "은행로 사거리", day.clock.now())
    assert [one.camera_id for one in state_of().chosen().sightings] == ["GN-0002"]
