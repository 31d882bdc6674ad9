"""Changes one byte at a time, at random places of a package, a journal and kept evidence, and counts what is not found.

    python benchmarks/tamper.py [--places 1000] [--small]

A package is a file; of the journal every byte of every event's row is a place (a text's letter is replaced in the row itself,
behind SQLite's back as far as its triggers go); kept evidence is what the gateway's schedule reads. After each change the
same check runs that the programs run (verify, audit verify, the gateway's background walk of the chain, the evidence round), and
the byte is put back.

Prints one JSON line: tried and missed for package, journal, the journal in the background, and evidence; missed must be 0
everywhere.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from smartcity_console.clock import SystemClock
from smartcity_console.gateway.retention import trouble_of
from smartcity_console.handoff.package import ClipFacts, ClipPart, PackageParts, StillPart, request_of
from smartcity_console.handoff.seal import seal_package
from smartcity_console.handoff.verify import verify_package
from smartcity_console.journal import SqliteJournal, scrub
from smartcity_console.journal.queries import walk
from smartcity_console.journal.scrub import Scrub, Scrubbed
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.centre import Centre
from smartcity_console.model.evidence import KeptFile
from smartcity_console.model.verdict import Grade

START = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)
CLOCK = SystemClock()
_COLUMNS = ("seq", "stream", "version", "type", "at", "actor", "data", "prev_hash", "hash")


def main(argv: list[str] | None = None) -> dict[str, Any]:
    """Tamper, count, print the figures and return them."""
    args = _arguments(argv)
    chance = random.Random(args.seed)
    with quiet_scrub(), tempfile.TemporaryDirectory(prefix="tamper-") as made:
        workspace = Path(made)
        journal, package, sha256 = make(workspace, chance)
        figures = {
            "package": in_file(package, args.places, chance, lambda: not verify_package(package).ok),
            "journal": in_journal(journal, args.places, chance, lambda: bool(walk(journal).why)),
            "journal_in_background": in_journal(journal, args.places, chance, lambda: background_finds(journal)),
            "evidence": _in_evidence(workspace, package, sha256, args.places, chance),
        }
    print(json.dumps(figures))
    return figures


def make(workspace: Path, chance: random.Random) -> tuple[Path, Path, str]:
    """Make a journal with an incident of some length and its sealed package; return both and the package's digest."""
    path = workspace / "journal.sqlite"
    with closing(SqliteJournal(path, CLOCK)) as journal:
        stream, request = "incident/incident-1", a_request()
        opened = an_opening()
        journal.append(ev.Draft(stream, opened, "gateway"))
        for number in range(40):
            note = ev.NoteAdded(text=f"메모 {number}: 남자 1명, 검은 옷", seat="1")
            journal.append(ev.Draft(stream, note, "seat/1"))
        journal.append(ev.Draft(stream, request, "seat/1"))
        centre = Centre()
        centre.take(journal.read())
    incident = centre.incidents["incident-1"]
    clip = workspace / "clip.mp4"
    clip.write_bytes(chance.randbytes(200_000))
    facts = ClipFacts(
        camera_id="GN-0001", start=START, end=START + timedelta(seconds=9), codec="avc1", es_sha256="00" * 32
    )
    asked = request_of(incident, request.handoff_id)
    assert asked is not None
    parts = PackageParts(
        incident=incident,
        request=asked,
        clips=(ClipPart(facts, clip),),
        stills=(StillPart("GN-0001", START, chance.randbytes(9000)),),
        centre="가온",
    )
    sealed = seal_package(parts, Ed25519PrivateKey.generate(), START, workspace / "package.zip")
    return path, sealed.path, sealed.sha256


def in_file(path: Path, places: int, chance: random.Random, is_found: Any) -> dict[str, int]:
    """Change one byte of a file at a time."""
    size, missed = path.stat().st_size, 0
    for _ in range(places):
        at = chance.randrange(size)
        with path.open("r+b") as file:
            file.seek(at)
            (was,) = file.read(1)
            for value in (was ^ chance.randrange(1, 256), was):
                file.seek(at)
                file.write(bytes([value]))
                file.flush()
                missed += value != was and not is_found()
    return {"tried": places, "missed": missed}


def _in_evidence(workspace: Path, package: Path, sha256: str, places: int, chance: random.Random) -> dict[str, int]:
    kept = KeptFile(path=package.name, sha256=sha256, at=START, handoff_id="handoff-1")
    return in_file(package, places, chance, lambda: bool(trouble_of(workspace, kept)))


@contextmanager
def quiet_scrub() -> Iterator[None]:
    """Nobody else writes here, so there is no second look a moment later; nor a thousand times the same line in the log."""
    log, twice_s = logging.getLogger(scrub.__name__), scrub._TWICE_S
    log.disabled, scrub._TWICE_S = True, 0.0
    try:
        yield
    finally:
        log.disabled, scrub._TWICE_S = False, twice_s


def background_finds(journal: Path) -> bool:
    """Return whether one round of what the gateway does by itself finds the chain broken."""
    found: list[Scrubbed] = []
    Scrub(journal, CLOCK, found.append, every_s=3600.0, share=1.0).round()
    return found[0].broken is not None


def in_journal(path: Path, places: int, chance: random.Random, is_found: Any) -> dict[str, int]:
    """Change one letter or digit of one row at a time, as somebody with the file and SQLite's tools would."""
    missed = 0
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER IF EXISTS events_as_they_are")
        rows = connection.execute("SELECT rowid, * FROM events").fetchall()
        for _ in range(places):
            row = chance.choice(rows)
            column = chance.randrange(len(_COLUMNS))
            rowid, was = row[0], row[1 + column]
            for value in (_changed(was, chance), was):
                connection.execute(f"UPDATE events SET {_COLUMNS[column]} = ? WHERE rowid = ?", (value, rowid))
                if _COLUMNS[column] == "seq":
                    rowid = value  # the key is the row's own number
                missed += value != was and not is_found()
    return {"tried": places, "missed": missed}


def _changed(value: object, chance: random.Random) -> object:
    if isinstance(value, int):
        return value + chance.choice((1000, 2000, 3000))
    text = str(value)
    at = chance.randrange(len(text))
    other = chance.choice([sign for sign in "abcdefghij0123456789{}\"':,. " if sign != text[at]])
    return text[:at] + other + text[at + 1 :]


def an_opening() -> ev.IncidentOpened:
    alert = Alert(
        id="alert-1",
        protocol="dc09/SIA-DCS",
        account="1701",
        code="PA",
        kind=AlertKind.ROBBERY,
        priority=Priority.EMERGENCY,
        occurred_at=START,
        received_at=START,
        known=True,
        site_name="가온마트 은행로점",
    )
    return ev.IncidentOpened(
        incident_id="incident-1", alert=alert, kind=alert.kind, priority=alert.priority, position=None
    )


def a_request() -> ev.HandoffRequested:
    return ev.HandoffRequested(
        handoff_id="handoff-1",
        agency_id="police-1",
        agency_kind=AgencyKind.POLICE,
        agency_name="강남경찰서",
        camera_ids=("GN-0001",),
        span_start=START,
        span_end=START + timedelta(seconds=9),
        live_until=START + timedelta(minutes=30),
        basis="개인정보 보호법 제18조",
        note="",
        grade=max(Grade),
        seat="1",
    )


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--places", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="forty places of each")
    args = parser.parse_args(argv)
    if args.small:
        args.places = 40
    return args


if __name__ == "__main__":
    main()
