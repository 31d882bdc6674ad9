"""Reading a journal without holding it: some kinds of events, all of them, or only whether its chain is whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from smartcity_console.journal.database import connect, read_events, told
from smartcity_console.journal.walker import Walker
from smartcity_console.model.events import Event


def events_of(path: Path, types: Sequence[str], after_seq: int = 0) -> list[Event]:
    """Return the events of some types after a sequence number, in order; blocks. Raises JournalDamaged, JournalLocked."""
    with closing(connect(path, read_only=True)) as connection:
        try:
            return list(read_events(connection, after_seq, types=types))
        except sqlite3.DatabaseError as error:
            raise told(error, path) from error


def all_events(path: Path) -> list[Event]:
    """Return every event in order, of a journal whose chain may be broken; blocks. Raises JournalDamaged, JournalLocked."""
    return events_of(path, ())


class Walk(msgspec.Struct, frozen=True):
    """How far the chain holds: the last sound event, and why it ends there when it is broken."""

    events: int
    last_hash: str
    why: str = ""


def walk(journal: Path) -> Walk:
    """Walk the whole chain of a journal without writing to it; blocks. Whatever a changed row breaks is found.

    No checkpoint is asked: this is the check that believes nothing.
    """
    with closing(connect(journal, read_only=True)) as connection:
        walker = Walker(connection)
        try:
            broken = walker.run()
            sound = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
        except (sqlite3.DatabaseError, ValueError, TypeError) as error:
            return Walk(walker.seq, walker.hash, f"unreadable: {error}")
    why = broken.why if broken else "" if sound == "ok" else f"SQLite: {sound}"
    return Walk(walker.seq, walker.hash if walker.seq else "", why)
