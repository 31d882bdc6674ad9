"""Reading a journal without holding it: some kinds of events, all of them, or only whether its chain is whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import msgspec

from smartcity_console.journal.chain import first_break
from smartcity_console.journal.sqlite import connect, read_events, told
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
    """Walk the whole chain of a journal without writing to it; blocks. Whatever a changed row breaks is found."""
    last: list[Event] = []

    def counted(events: Iterable[Event]) -> Iterator[Event]:
        for event in events:
            yield event
            last[:] = [event]

    with closing(connect(journal, read_only=True)) as connection:
        try:
            broken = first_break(counted(read_events(connection)))
            high = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
            sound = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
        except (sqlite3.DatabaseError, ValueError, TypeError, AttributeError) as error:
            return _walked(last, f"unreadable: {error}")
    written = int(high[0]) if high else 0
    if broken is not None:
        return _walked(last, broken.why)
    if written != (last[0].seq if last else 0):
        return _walked(last, f"removed, {written} were written")
    return _walked(last, "" if sound == "ok" else f"SQLite: {sound}")


def _walked(last: list[Event], why: str) -> Walk:
    return Walk(last[0].seq if last else 0, last[0].hash if last else "", why)
