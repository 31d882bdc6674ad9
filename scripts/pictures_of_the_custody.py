"""Draws docs/pictures/custody.png: the custody record of a sample hand-off as it lies in a case file.

    python -m scripts.pictures_of_the_custody [--out docs/pictures]

Needs `pdftoppm` (poppler-utils), which the product does not.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from smartcity_console.clock import ManualClock
from smartcity_console.handoff.documents.custody import custody
from smartcity_console.handoff.documents.custody_pdf import custody_pdf
from smartcity_console.handoff.keys import fingerprint
from smartcity_console.handoff.package import ClipFacts, ClipPart, PackageParts, StillPart, pretty_json, request_of
from smartcity_console.journal import SqliteJournal
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.centre import Centre
from smartcity_console.model.geo import Position
from smartcity_console.model.verdict import Grade

ALARM = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)
INCIDENT, HANDOFF = "inc-01m8nsampleincident", "handoff-01m8nsamplehandoff"
DOTS_PER_INCH = 110


def main() -> None:
    """Draw the first page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"))
    out: Path = parser.parse_args().out
    with tempfile.TemporaryDirectory(prefix="custody-") as made:
        file = Path(made) / "custody.pdf"
        file.write_bytes(sample_pdf(Path(made)))
        command = ["pdftoppm", "-png", "-r", str(DOTS_PER_INCH), "-singlefile", str(file), str(out / "custody")]
        subprocess.run(command, check=True, timeout=60)


def sample_pdf(folder: Path) -> bytes:
    """Return the custody record of a robbery that was handed to the police."""
    parts = _parts(folder)
    signer = fingerprint(Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key())
    record = custody(parts, signer, ALARM + timedelta(seconds=71))
    return custody_pdf(record, pretty_json(record))


def _parts(folder: Path) -> PackageParts:
    clock = ManualClock(ALARM)
    with closing(SqliteJournal(folder / "journal.sqlite", clock)) as journal:
        for wait_s, actor, payload in _story():
            clock.advance(wait_s)
            journal.append(ev.Draft(f"incident/{INCIDENT}", payload, actor))
        centre = Centre()
        centre.take(journal.read())
    incident = centre.incidents[INCIDENT]
    request = request_of(incident, HANDOFF)
    assert request is not None
    facts = [
        ClipFacts(
            camera_id=camera_id,
            start=ALARM - timedelta(seconds=31),
            end=ALARM + timedelta(seconds=44),
            codec="avc1.42C01E",
            es_sha256=hashlib.sha256(camera_id.encode()).hexdigest(),
            gaps=gaps,
        )
        for camera_id, gaps in (
            ("GN-0002", ()),
            ("GN-0007", ("14:03:21-14:03:22 영상 없음 (카메라가 끊김)",)),
            ("PV-0001", ()),
        )
    ]
    stills = [
        StillPart(fact.camera_id, ALARM, f"{fact.camera_id} {marked}".encode(), marked=marked)
        for fact in facts
        for marked in (False, True)
    ]
    clips = tuple(ClipPart(fact, folder / "none") for fact in facts)
    return PackageParts(incident=incident, request=request, clips=clips, stills=tuple(stills), centre="가온시")


def _story() -> list[tuple[float, str, ev.IncidentPayload]]:
    """What happened, each so many seconds after the one before."""
    seat, cameras = "seat/3", ("GN-0002", "GN-0007", "PV-0001")
    return [
        (0.4, "gateway", _opening()),
        (6.1, seat, ev.IncidentClaimed(seat="3")),
        (
            0.2,
            seat,
            ev.PrivateCamerasUnlocked(
                camera_ids=("PV-0001",), seat="3", reason="강도 신고 확인", until=ALARM + timedelta(minutes=10)
            ),
        ),
        (21.7, seat, ev.VerdictGiven(grade=Grade.LIFE_THREAT, seat="3")),
        (
            9.3,
            seat,
            ev.EvidenceSpanSet(
                camera_ids=cameras, start=ALARM - timedelta(seconds=30), end=ALARM + timedelta(seconds=44)
            ),
        ),
        (4.6, seat, _request(cameras)),
    ]


def _opening() -> ev.IncidentOpened:
    alert = Alert(
        id="alert-1",
        protocol="dc09/SIA-DCS",
        account="1701",
        code="PA",
        kind=AlertKind.ROBBERY,
        priority=Priority.EMERGENCY,
        occurred_at=ALARM,
        received_at=ALARM,
        known=True,
        firm_id="s1",
        firm_name="에스원",
        site_id="site-gaonmart",
        site_name="가온마트 은행로점",
        address="가온시 은행동 은행로 85",
        zone="9",
        zone_name="카운터 비상벨",
        position=Position(127.0276, 37.4979, 8.0),
    )
    return ev.IncidentOpened(
        incident_id=INCIDENT, alert=alert, kind=alert.kind, priority=alert.priority, position=alert.position
    )


def _request(cameras: tuple[str, ...]) -> ev.HandoffRequested:
    return ev.HandoffRequested(
        handoff_id=HANDOFF,
        agency_id="police-gaon",
        agency_kind=AgencyKind.POLICE,
        agency_name="은행지구대 · 가온경찰서 112상황실",
        camera_ids=cameras,
        span_start=ALARM - timedelta(seconds=30),
        span_end=ALARM + timedelta(seconds=44),
        live_until=ALARM + timedelta(minutes=31),
        basis="개인정보 보호법 제18조제2항제3호(급박한 생명·신체·재산의 이익), 제7호(범죄 수사)",
        note="남성 1명, 검은 패딩, 흉기 소지, 남쪽으로 도주",
        grade=Grade.LIFE_THREAT,
        seat="3",
    )


if __name__ == "__main__":
    main()
