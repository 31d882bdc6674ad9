"""Reading some kinds of events out of a long journal without decoding the rest."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from smartcity_console.journal.sqlite import connect, read_events, told
from smartcity_console.model.events import Event


def events_of(path: Path, types: Sequence[str], after_seq: int = 0) -> list[Event]:
    """Return the events of some types after a sequence number, in order; blocks. Raises JournalDamaged, JournalLocked."""
    with closing(connect(path, read_only=True)) as connection:
        try:
            return list(read_events(connection, after_seq, types=types))
        except sqlite3.DatabaseError as error:
            raise told(error, path) from error
