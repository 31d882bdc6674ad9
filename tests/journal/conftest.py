"""A journal of some events with a checkpoint after ten, and what is done to it behind its back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from smartcity_console.clock import ManualClock
from smartcity_console.journal import SqliteJournal
from smartcity_console.journal.checkpoint import KEY_NAME, checkpoint_path
from smartcity_console.model.events import Draft, NoteAdded

EVERY = 10
"""Events after which a checkpoint is renewed in these tests."""


def note(text: str, stream: str = "incident/a", expected: int | None = None) -> Draft:
    return Draft(stream, NoteAdded(text=text, seat="1"), "seat/1", expected)


def tamper(path: Path, sql: str, *values: object) -> None:
    """Change rows as somebody does who has the file and SQLite's tools."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER IF EXISTS events_stay")
        connection.execute("DROP TRIGGER IF EXISTS events_as_they_are")
        connection.execute(sql, values)
        connection.commit()


class Kept:
    """A workspace's journal. `proved` holds a trusted checkpoint of its last event."""

    def __init__(self, workspace: Path, clock: ManualClock) -> None:
        self.workspace, self.clock = workspace, clock
        workspace.mkdir(exist_ok=True)
        self.path = workspace / "journal.sqlite"
        self.checkpoint = checkpoint_path(self.path)
        self.key = workspace / "secrets" / f"{KEY_NAME}.token"

    def open(self) -> SqliteJournal:
        return SqliteJournal(self.path, self.clock, checkpoint_every=EVERY)

    def write(self, count: int) -> None:
        """Append as a program does that opens, writes and closes in order."""
        with closing(self.open()) as journal:
            journal.append(*(note(f"note {n}") for n in range(count)))

    def proved_to(self) -> int:
        """Open and close; return up to which event the checkpoint was believed."""
        with closing(self.open()) as journal:
            return journal.proved_to


def kept_with_checkpoint(workspace: Path, clock: ManualClock, events: int = 30) -> Kept:
    kept = Kept(workspace, clock)
    kept.write(events)
    assert kept.proved_to() == 0
    assert kept.proved_to() == events
    return kept


@pytest.fixture
def kept(tmp_path: Path, clock: ManualClock) -> Kept:
    return kept_with_checkpoint(tmp_path / "centre", clock)
