"""Journals of drills written by hand: what happened at which second, as events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from smartcity_console.drill.scenario.model import Scenario
from smartcity_console.drill.scenario.read import parse_scenario
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.camera import Dori, Mount, Ownership, Purpose, SeenBy
from smartcity_console.model.events import Payload, encode_payload
from smartcity_console.model.verdict import Grade
from tests.drill.scenario.samples import WHOLE

BEGAN = datetime(2026, 11, 30, 5, 0, tzinfo=UTC)
SHOP, CAT = "incident/shop-1", "incident/cat-1"


def at(second: float) -> datetime:
    return BEGAN + timedelta(seconds=second)


def scenario(more: str = "") -> Scenario:
    return parse_scenario((WHOLE + more).encode(), Path("s.toml"))


class Journal:
    """Events in the order in which they are told."""

    def __init__(self) -> None:
        self.events: list[ev.Event] = []
        self.tell(0.0, "drill/d", begun())

    def tell(self, second: float, stream: str, payload: Payload) -> int:
        """Add an event; return its number in the journal."""
        seq = len(self.events) + 1
        version = 1 + sum(event.stream == stream for event in self.events)
        data, kind = encode_payload(payload), type(payload).__name__
        self.events.append(ev.Event(seq, stream, version, kind, at(second), "test", data, "", f"hash-{seq}"))
        return seq


def begun() -> ev.DrillBegun:
    return ev.DrillBegun(
        at_s=0.0, drill_id="d", scenario_id="corner-shop", scenario_sha256="00", title_ko="골목 가게",
        title_en="Corner shop", trainees={"1": "김하나"}, operator="human",
    )  # fmt: skip


def alert(alert_id: str, second: float, account: str = "1701", site: str | None = "site-gaonmart") -> Alert:
    return Alert(
        id=alert_id, protocol="dc09/SIA-DCS", account=account, code="PA", kind=AlertKind.ROBBERY,
        priority=Priority.EMERGENCY, occurred_at=at(second), received_at=at(second), known=True, site_id=site,
    )  # fmt: skip


def opened(
    incident: str, second: float, account: str = "1701", site: str | None = "site-gaonmart"
) -> ev.IncidentOpened:
    told = alert(f"alert-{incident}", second, account, site)
    return ev.IncidentOpened(
        incident_id=incident.partition("/")[2], alert=told, kind=told.kind, priority=told.priority, position=None
    )


def cue(second: float, inject: str = "act") -> ev.InjectFired:
    return ev.InjectFired(at_s=second, inject_id=inject, kind="cue", cause="time", label_ko="시작", label_en="begins")


def request(
    start_s: float, end_s: float, agency: AgencyKind = AgencyKind.POLICE, **facts: object
) -> ev.HandoffRequested:
    told: dict[str, object] = {
        "handoff_id": "h-1", "agency_id": "a", "agency_kind": agency, "agency_name": "112", "camera_ids": ("GN-0001",),
        "span_start": at(start_s), "span_end": at(end_s), "live_until": at(900.0), "basis": "", "note": "",
        "grade": Grade.LIFE_THREAT, "seat": "1",
    }  # fmt: skip
    return ev.HandoffRequested(**(told | facts))  # type: ignore[arg-type]


def seen(*cameras: str) -> tuple[SeenBy, ...]:
    return tuple(
        SeenBy(
            camera, camera, Ownership.PUBLIC, Purpose.CRIME_PREVENTION, Mount.FIXED, 20.0, 0.0, 100.0, Dori.OBSERVE,
            True, True, False, 0.0, True, 1.0,
        )
        for camera in cameras
    )  # fmt: skip


def good_run() -> Journal:
    """Return a drill in which everything is done as it should be."""
    journal = Journal()
    journal.tell(50.0, "drill/d", cue(50.0))
    journal.tell(60.0, SHOP, opened(SHOP, 60.0))
    journal.tell(60.5, SHOP, ev.CamerasSelected(cameras=seen("GN-0002", "GN-0001")))
    journal.tell(66.0, SHOP, ev.IncidentClaimed(seat="1"))
    journal.tell(70.0, SHOP, ev.ProcedureStepTicked(step="weapon", done=True, seat="1"))
    journal.tell(71.0, SHOP, ev.ProcedureStepTicked(step="persons", done=True, seat="1"))
    journal.tell(75.0, SHOP, ev.NoteAdded(text="남성 1명", seat="1"))
    journal.tell(80.0, SHOP, ev.VerdictGiven(grade=Grade.LIFE_THREAT, seat="1"))
    journal.tell(85.0, SHOP, request(30.0, 80.0))
    journal.tell(120.0, SHOP, ev.IncidentClosed(outcome="handed_off", seat="1"))
    journal.tell(125.0, "drill/d", ev.DrillEnded(at_s=125.0, reason="done"))
    return journal
