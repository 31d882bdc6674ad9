"""The incident and the centre as folds over events, told as scripted sequences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.centre import Centre
from smartcity_console.model.geo import Position
from smartcity_console.model.handoff import HandoffStage
from smartcity_console.model.incident import Step
from smartcity_console.model.verdict import Grade

T0 = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)


def alert(number: int = 1, priority: Priority = Priority.HIGH) -> Alert:
    return Alert(
        id=f"al-{number}",
        protocol="dc09/SIA-DCS",
        account="1701",
        code="PA",
        kind=AlertKind.ROBBERY,
        priority=priority,
        occurred_at=T0,
        received_at=T0,
        known=True,
        site_id="site-gaonmart",
        site_name="가온마트 은행로점",
        position=Position(126.9, 37.2),
    )


class Story:
    """Feeds payloads to a Centre as a journal would, one second apart."""

    def __init__(self) -> None:
        self.centre = Centre()
        self.seq = 0
        self.versions: dict[str, int] = {}

    def tell(self, payload: ev.Payload, key: str = "in-1", actor: str = "seat/1") -> set[str]:
        stream = ev.stream_of(type(payload), key)
        self.seq += 1
        self.versions[stream] = self.versions.get(stream, 0) + 1
        at = T0 + timedelta(seconds=self.seq)
        data = ev.encode_payload(payload)
        event = ev.Event(self.seq, stream, self.versions[stream], type(payload).__name__, at, actor, data, "", "")
        return self.centre.take([event])

    @property
    def incident(self):
        return self.centre.incidents["in-1"]

    def open(self, priority: Priority = Priority.HIGH, key: str = "in-1") -> Story:
        first = alert(priority=priority)
        self.tell(
            ev.IncidentOpened(
                incident_id=key, alert=first, kind=first.kind, priority=priority, position=first.position
            ),
            key,
        )
        return self

    def request(self, kind: AgencyKind = AgencyKind.POLICE) -> Story:
        self.tell(
            ev.HandoffRequested(
                handoff_id="ho-1",
                agency_id="police-1",
                agency_kind=kind,
                agency_name="은행지구대",
                camera_ids=("GN-0001",),
                span_start=T0 - timedelta(seconds=30),
                span_end=T0,
                live_until=T0 + timedelta(minutes=30),
                basis="112 신고 공동대응",
                note="",
                grade=Grade.LIFE_THREAT,
                seat="1",
            )
        )
        return self


def test_the_five_steps_from_alert_to_closed() -> None:
    story = Story().open()
    assert story.incident.step is Step.RECEIVED
    story.tell(ev.IncidentClaimed(seat="1"))
    assert story.incident.step is Step.VERIFYING
    story.tell(ev.VerdictGiven(grade=Grade.LIFE_THREAT, seat="1"))
    story.request()
    assert story.incident.step is Step.HANDED_OFF
    story.tell(ev.HandoffDelivered(handoff_id="ho-1", attempt=1, receiver="112"))
    story.tell(ev.HandoffAccepted(handoff_id="ho-1", by="112"))
    assert story.incident.step is Step.ANSWERED
    story.tell(ev.IncidentClosed(outcome="arrested", seat="1"))
    assert story.incident.step is Step.CLOSED
    assert story.incident.log[0].type == "IncidentOpened"
    assert len(story.incident.log) == story.incident.version == 7


def test_receipts_keep_their_order_and_count_once() -> None:
    story = Story().open().request()
    story.tell(ev.HandoffDelivered(handoff_id="ho-1", attempt=2, receiver="112"))
    story.tell(ev.HandoffOpened(handoff_id="ho-1", by="김경위"))
    story.tell(ev.HandoffOpened(handoff_id="ho-1", by="박경사"))
    story.tell(ev.HandoffUnitsSent(handoff_id="ho-1", units=("순21호",)))
    story.tell(ev.HandoffUnitsSent(handoff_id="ho-1", units=("순23호",)))
    handoff = story.incident.handoff("ho-1")
    assert [r.stage for r in handoff.receipts] == [
        HandoffStage.REQUESTED,
        HandoffStage.DELIVERED,
        HandoffStage.OPENED,
        HandoffStage.UNITS_SENT,
        HandoffStage.UNITS_SENT,
    ]
    assert handoff.units == ("순21호", "순23호")


def test_a_failed_attempt_is_remembered_until_delivered() -> None:
    story = Story().open().request()
    story.tell(ev.HandoffAttemptFailed(handoff_id="ho-1", attempt=3, reason="connection refused", retry_in_s=4.0))
    handoff = story.incident.handoff("ho-1")
    assert (handoff.failed_attempts, handoff.stage) == (3, HandoffStage.REQUESTED)


def test_a_joining_alert_raises_the_priority_and_never_lowers_it() -> None:
    story = Story().open(Priority.HIGH)
    urgent = msgspec.structs.replace(alert(2, Priority.EMERGENCY), kind=AlertKind.FIRE)
    story.tell(ev.AlertJoined(alert=urgent, reason="same site"))
    story.tell(ev.AlertJoined(alert=alert(3, Priority.NORMAL), reason="same site"))
    assert (story.incident.priority, story.incident.kind) == (Priority.EMERGENCY, AlertKind.FIRE)
    assert len(story.incident.alerts) == 3


def test_private_cameras_lock_again() -> None:
    story = Story().open()
    until = T0 + timedelta(minutes=10)
    story.tell(ev.PrivateCamerasUnlocked(camera_ids=("PV-1", "PV-2"), seat="1", reason="robbery", until=until))
    assert story.incident.unlocked == {"PV-1": until, "PV-2": until}
    story.tell(ev.PrivateCamerasLocked(camera_ids=("PV-1",), reason="closed"))
    assert set(story.incident.unlocked) == {"PV-2"}


def test_claim_release_claim_by_another() -> None:
    story = Story().open()
    story.tell(ev.IncidentClaimed(seat="1"))
    story.tell(ev.IncidentReleased(seat="1"))
    assert story.incident.claimed_by is None
    story.tell(ev.IncidentClaimed(seat="2"))
    assert story.incident.claimed_by == "2"


def test_the_queue_puts_the_most_urgent_first_then_the_oldest() -> None:
    story = Story()
    for key, priority in (
        ("a", Priority.NORMAL),
        ("b", Priority.EMERGENCY),
        ("c", Priority.HIGH),
        ("d", Priority.HIGH),
    ):
        story.open(priority, key)
    assert [i.id for i in story.centre.open_incidents()] == ["b", "c", "d", "a"]


def test_an_event_seen_twice_counts_once() -> None:
    story = Story().open()
    before = story.incident
    story.seq -= 1
    story.versions["incident/in-1"] -= 1
    assert story.tell(ev.IncidentClaimed(seat="1")) == set()
    assert story.incident == before


def test_an_event_type_of_a_later_version_is_kept_and_does_no_harm() -> None:
    story = Story().open()
    event = ev.Event(2, "incident/in-1", 2, "FromTheFuture", T0, "seat/1", b'{"x":1}', "", "")
    story.centre.take([event])
    assert story.incident.version == 2
    assert story.incident.log[-1].type == "FromTheFuture"


@pytest.mark.parametrize("name", sorted(ev.PAYLOADS))
def test_every_payload_names_its_stream(name: str) -> None:
    assert ev.PAYLOADS[name].stream_kind


def test_a_full_disk_is_known_until_recording_goes_on() -> None:
    story = Story()
    story.tell(ev.RecordingPaused(free_mib=3), "main")
    assert story.centre.recording_paused
    story.tell(ev.RecordingResumed(free_mib=900), "main")
    assert not story.centre.recording_paused


def test_on_scene_and_closed_complete_the_receipts() -> None:
    story = Story().open().request()
    story.tell(ev.HandoffOnScene(handoff_id="ho-1", by="112", units=("순21호",)))
    story.tell(ev.HandoffOnScene(handoff_id="ho-1", by="112", units=("순23호",)))
    assert not story.incident.handoff("ho-1").is_over
    story.tell(ev.HandoffEnded(handoff_id="ho-1", by="112", outcome="arrested", note="1명"))
    handoff = story.incident.handoff("ho-1")
    assert [r.stage for r in handoff.receipts[1:]] == [
        HandoffStage.ON_SCENE,
        HandoffStage.ON_SCENE,
        HandoffStage.ENDED,
    ]
    assert (handoff.outcome, handoff.is_over) == ("arrested", True)


def test_messages_stand_in_order_and_ours_wait_until_the_desk_has_them() -> None:
    story = Story().open().request()
    story.tell(ev.MessageToDesk(handoff_id="ho-1", update_id="up-1", seat="3", text="남쪽으로 이동"))
    story.tell(ev.MessageFromDesk(handoff_id="ho-1", receipt_id="r-1", by="김경사", text="확인"))
    handoff = story.incident.handoff("ho-1")
    assert [(m.by, m.text, m.is_ours) for m in handoff.messages] == [
        ("3", "남쪽으로 이동", True),
        ("김경사", "확인", False),
    ]
    story.tell(ev.HandoffUpdateFailed(handoff_id="ho-1", update_id="up-1", attempt=2, reason="HTTP 503", retry_in_s=1))
    (waiting,) = story.incident.handoff("ho-1").updates
    assert (waiting.id, waiting.failed_attempts, waiting.last_failure) == ("up-1", 2, "HTTP 503")
    story.tell(ev.HandoffUpdateDelivered(handoff_id="ho-1", update_id="up-1", attempt=3))
    assert story.incident.handoff("ho-1").updates == ()


def test_a_recall_is_told_first_counts_once_and_leaves_the_receipts() -> None:
    story = Story().open().request()
    story.tell(ev.HandoffDelivered(handoff_id="ho-1", attempt=1, receiver="112"))
    story.tell(ev.MessageToDesk(handoff_id="ho-1", update_id="up-1", seat="3", text="…"))
    story.tell(ev.HandoffRecalled(handoff_id="ho-1", update_id="up-2", seat="3", reason="false_alarm"))
    story.tell(ev.HandoffRecalled(handoff_id="ho-1", update_id="up-3", seat="4", reason="again"))
    handoff = story.incident.handoff("ho-1")
    assert [update.id for update in handoff.updates] == ["up-2", "up-1"]
    assert (handoff.recall_reason, handoff.recall_told, handoff.is_over) == ("false_alarm", False, True)
    assert handoff.stage is HandoffStage.DELIVERED
    story.tell(ev.HandoffUpdateDelivered(handoff_id="ho-1", update_id="up-2", attempt=1))
    assert story.incident.handoff("ho-1").recall_told


def test_the_newest_place_of_each_unit_counts_whatever_order_it_comes_in() -> None:
    story = Story().open().request()
    lines = len(story.incident.log)
    later, sooner = T0 + timedelta(seconds=20), T0 + timedelta(seconds=10)
    story.tell(ev.UnitPositions(handoff_id="ho-1", positions=(ev.UnitPosition("순21", 127.02, 37.5, later),)))
    story.tell(
        ev.UnitPositions(
            handoff_id="ho-1",
            positions=(ev.UnitPosition("순21", 127.0, 37.4, sooner), ev.UnitPosition("순23", 127.1, 37.4, sooner)),
        )
    )
    assert {p.unit: p.lon_deg for p in story.incident.handoff("ho-1").positions} == {"순21": 127.02, "순23": 127.1}
    assert len(story.incident.log) == lines  # places are shown on the map, not told in the history
