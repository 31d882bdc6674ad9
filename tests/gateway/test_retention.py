"""Evidence is read again and damage told; what is due goes, what is locked stays, and the chain verifies on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smartcity_console.clock import ManualClock
from smartcity_console.gateway import retention
from smartcity_console.gateway.retention import Retention
from smartcity_console.gateway.state import GatewayState
from smartcity_console.journal import SqliteJournal, Vault
from smartcity_console.model import events as ev
from smartcity_console.model.alert import Alert, AlertKind, Attachment, Priority
from smartcity_console.settings import Settings

START = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)


class Ring:
    """What the ring was told to let go."""

    def __init__(self) -> None:
        self.released: list[str] = []

    def release(self, key: str) -> None:
        self.released.append(key)


class Home:
    """A workspace with its journal; `round` is one round of the schedule."""

    def __init__(self, workspace: Path, clock: ManualClock) -> None:
        self.workspace, self.clock = workspace, clock
        self.journal = SqliteJournal(workspace / "journal.sqlite", clock)
        self.state, self.ring = GatewayState(), Ring()
        self.retention = Retention(workspace, self.state, self.ring, self.submit, Settings(), clock)  # type: ignore[arg-type]

    def submit(self, *drafts: ev.Draft) -> Future[list[ev.Event]]:
        done: Future[list[ev.Event]] = Future()
        done.set_result(self.journal.append(*drafts))
        return done

    def append(self, key: str, payload: ev.Payload) -> None:
        self.journal.append(ev.Draft(ev.stream_of(type(payload), key), payload, "test"))

    def round(self) -> None:
        events = self.journal.read(after_seq=self.state.centre.last_seq)
        self.state.take(events)
        self.retention.take(events)
        asyncio.run(self.retention.round())

    def told(self, *types: str) -> list[ev.Payload]:
        return [event.payload() for event in self.journal.read() if event.type in types]

    def snapshot(self, name: str = "snapshots/a.jpg", data: bytes = b"picture") -> Path:
        path = self.workspace / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        facts = {"camera_id": "GN-0001", "path": name, "sha256": sha256(data), "captured_at": START, "seat": "1"}
        self.append("GN-0001", ev.CameraSnapshotTaken(**facts))  # type: ignore[arg-type]
        return path


def sha256(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def home(tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retention, "_TWICE_S", 0.0)
    made = Home(tmp_path, clock)
    yield made
    made.journal.close()


def an_alert(alert_id: str, **more: object) -> Alert:
    values: dict[str, object] = {
        "id": alert_id,
        "protocol": "linked",
        "account": "112",
        "code": "R",
        "kind": AlertKind.ROBBERY,
        "priority": Priority.EMERGENCY,
        "occurred_at": START,
        "received_at": START,
        "known": True,
    }
    return Alert(**(values | more))  # type: ignore[arg-type]


def opened(alert: Alert) -> ev.IncidentOpened:
    return ev.IncidentOpened(
        incident_id=f"incident-{alert.id}", alert=alert, kind=alert.kind, priority=alert.priority, position=None
    )


def test_sound_evidence_is_told_with_its_count(home: Home) -> None:
    home.snapshot()
    home.round()
    (told,) = home.told("EvidenceVerified")
    assert told == ev.EvidenceVerified(files=1, size_bytes=7)


@pytest.mark.logs
@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (lambda path: path.write_bytes(b"picturf"), "changed"),
        (lambda path: path.unlink(), "missing"),
    ],
)
def test_damage_is_told_once_and_its_end_too(home: Home, harm: Callable[[Path], None], why: str) -> None:
    path = home.snapshot()
    harm(path)
    home.round()
    home.round()
    (damaged,) = home.told("EvidenceDamaged")
    assert (damaged.path, damaged.why) == ("snapshots/a.jpg", why)  # type: ignore[attr-defined]
    assert home.told("EvidenceVerified") == []
    path.write_bytes(b"picture")
    home.round()
    assert len(home.told("EvidenceRestored")) == 1 and home.retention.figures()["damaged"] == 0


def test_records_of_persons_go_on_their_day_and_the_chain_stays(home: Home) -> None:
    vault = Vault(home.workspace)
    record, face, scene = vault.put(b"name, phone"), vault.put(b"face"), vault.put(b"scene")
    pictures = (
        Attachment(sha256=face, media_type="image/jpeg", size_bytes=4, is_personal=True),
        Attachment(sha256=scene, media_type="image/jpeg", size_bytes=5),
    )
    alert = an_alert("alert-1", personal_sha256=record, attachments=pictures)
    home.append("alert-1", ev.AlertReceived(alert=alert))
    home.append("alert-2", ev.AlertReceived(alert=an_alert("alert-2")))
    home.clock.advance(29.9 * 86400)
    home.round()
    assert vault.get(record) == b"name, phone"
    home.clock.advance(0.2 * 86400)
    home.round()
    home.round()
    assert (vault.get(record), vault.get(face), vault.get(scene)) == (None, None, b"scene")
    assert {p.sha256 for p in home.told("PersonalPurged")} == {record, face}  # type: ignore[attr-defined]
    assert len(home.told("PersonalPurged")) == 2
    assert home.journal.verify() is None


def test_an_open_incident_keeps_its_records(home: Home) -> None:
    record = Vault(home.workspace).put(b"name")
    alert = an_alert("alert-1", personal_sha256=record)
    home.append("alert-1", ev.AlertReceived(alert=alert))
    home.append("incident-alert-1", opened(alert))
    home.clock.advance(40 * 86400)
    home.round()
    assert home.told("PersonalPurged") == []
    home.append("incident-alert-1", ev.IncidentClosed(outcome="false_alarm", seat="1"))
    home.round()
    assert len(home.told("PersonalPurged")) == 1


def a_package(home: Home) -> Path:
    path = home.workspace / "packages" / "handoff-1.zip"
    path.parent.mkdir()
    path.write_bytes(b"sealed")
    packaged = ev.HandoffPackaged(
        handoff_id="handoff-1", path="packages/handoff-1.zip", sha256=sha256(b"sealed"), files=()
    )
    home.append("incident-1", packaged)
    return path


@pytest.mark.logs
def test_a_package_stays_until_it_is_released_and_its_time_is_over(home: Home) -> None:
    path = a_package(home)
    home.clock.advance(400 * 86400)
    home.round()
    assert path.exists() and home.ring.released == []
    let_go = ev.EvidenceReleased(incident_id="incident-1", handoff_id="handoff-1", reason="재판 확정", seat="2")
    home.append("incident-1", let_go)
    home.round()
    assert home.ring.released == ["handoff-1"]
    assert not path.exists() and len(home.told("PackagePurged")) == 1
    home.round()
    assert len(home.told("PackagePurged")) == 1 and home.journal.verify() is None


@pytest.mark.logs
def test_a_released_package_stays_for_its_days(home: Home) -> None:
    path = a_package(home)
    let_go = ev.EvidenceReleased(incident_id="incident-1", handoff_id="handoff-1", reason="재판 확정", seat="2")
    home.append("incident-1", let_go)
    home.clock.advance(timedelta(days=179).total_seconds())
    home.round()
    assert path.exists()


@pytest.mark.logs
def test_the_centre_sees_damage_until_it_is_mended(home: Home) -> None:
    path = home.snapshot()
    path.unlink()
    home.round()
    home.state.take(home.journal.read(after_seq=home.state.centre.last_seq))
    assert home.state.centre.damaged_evidence == {"snapshots/a.jpg": "missing"}
    path.write_bytes(b"picture")
    home.round()
    home.state.take(home.journal.read(after_seq=home.state.centre.last_seq))
    assert home.state.centre.damaged_evidence == {}
