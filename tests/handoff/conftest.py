"""An incident as the journal would fold it, and parts of a package, for the tests of the hand-off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from smartcity_console.clock import ManualClock
from smartcity_console.handoff.package import ClipFacts, ClipPart, PackageParts, StillPart, request_of
from smartcity_console.journal import SqliteJournal
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.camera import Dori, Mount, Ownership, Purpose, SeenBy
from smartcity_console.model.centre import Centre
from smartcity_console.model.geo import Position
from smartcity_console.model.incident import Incident
from smartcity_console.model.verdict import Grade

START = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)
SPOT = Position(127.0276, 37.4979, 8.0)


def seen_by(camera_id: str, ownership: Ownership = Ownership.PUBLIC) -> SeenBy:
    return SeenBy(
        camera_id,
        f"{camera_id} 은행로",
        ownership,
        Purpose.CRIME_PREVENTION,
        Mount.FIXED,
        24.0,
        80.0,
        280.0,
        Dori.IDENTIFY,
        True,
        True,
        False,
        0.0,
        True,
        1.0,
    )


def an_alert(number: int = 1) -> Alert:
    return Alert(
        id=f"alert-{number}",
        protocol="dc09/SIA-DCS",
        account="1701",
        code="PA",
        kind=AlertKind.ROBBERY,
        priority=Priority.EMERGENCY,
        occurred_at=START,
        received_at=START,
        known=True,
        firm_id="s1",
        firm_name="에스원",
        site_id="site-gaonmart",
        site_name="가온마트 은행로점",
        address="가온시 은행동 은행로 85",
        zone="9",
        zone_name="비상벨",
        position=SPOT,
        text="비상벨 눌림",
    )


def a_request(handoff_id: str = "handoff-1", **changes: object) -> ev.HandoffRequested:
    values: dict[str, object] = {
        "handoff_id": handoff_id,
        "agency_id": "police-gaon",
        "agency_kind": AgencyKind.POLICE,
        "agency_name": "가온경찰서 112상황실",
        "camera_ids": ("GN-0001", "PV-0001"),
        "span_start": START - timedelta(seconds=30),
        "span_end": START + timedelta(seconds=30),
        "live_until": START + timedelta(minutes=30),
        "basis": "pipa_18_2_3",
        "note": "남성 1명, 검은 패딩",
        "grade": Grade.LIFE_THREAT,
        "seat": "seat-3",
    }
    return ev.HandoffRequested(**(values | changes))


def incident_payloads(incident_id: str = "incident-1") -> list[ev.Payload]:
    alert = an_alert()
    return [
        ev.IncidentOpened(
            incident_id=incident_id, alert=alert, kind=alert.kind, priority=alert.priority, position=alert.position
        ),
        ev.CamerasSelected(cameras=(seen_by("GN-0001"), seen_by("PV-0001", Ownership.PRIVATE))),
        ev.IncidentClaimed(seat="seat-3"),
        ev.VerdictGiven(grade=Grade.LIFE_THREAT, seat="seat-3"),
    ]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START + timedelta(seconds=40))


@pytest.fixture
def ask(tmp_path: Path, clock: ManualClock) -> Callable[..., Incident]:
    """Write an incident with one hand-off into a journal at tmp_path and return the fold."""

    def write(incident_id: str = "incident-1", request: ev.HandoffRequested | None = None) -> Incident:
        journal = SqliteJournal(tmp_path / "journal.sqlite", clock)
        payloads = [*incident_payloads(incident_id), request or a_request()]
        journal.append(*(ev.Draft(f"incident/{incident_id}", payload, "seat-3") for payload in payloads))
        centre = Centre()
        centre.take(journal.read())
        journal.close()
        return centre.incidents[incident_id]

    return write


@pytest.fixture
def parts(ask: Callable[..., Incident], tmp_path: Path) -> PackageParts:
    incident = ask()
    request = request_of(incident, "handoff-1")
    assert request is not None
    clips = []
    for number, camera_id in enumerate(request.camera_ids):
        file = tmp_path / f"{number}.mp4"
        file.write_bytes(bytes((number * 7 + i * i) % 256 for i in range(4000 + number)))
        facts = ClipFacts(
            camera_id=camera_id,
            start=request.span_start,
            end=request.span_end,
            codec="avc1.42E01E",
            es_sha256="ab" * 32,
            gaps=("2.0 s at 14:02:50",) if number else (),
        )
        clips.append(ClipPart(facts, file))
    stills = tuple(
        StillPart(c, START, b"\xff\xd8still" + c.encode(), marked)
        for c in request.camera_ids
        for marked in (False, True)
    )
    return PackageParts(incident=incident, request=request, clips=tuple(clips), stills=stills, gaps=("none else",))


@pytest.fixture(scope="session")
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def make_request() -> Callable[..., ev.HandoffRequested]:
    return a_request
