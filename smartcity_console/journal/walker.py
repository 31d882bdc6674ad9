"""Walking the chain in the file, a slice at a time: a reading that lasts would keep the log from being checkpointed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from smartcity_console.journal.chain import GENESIS, Broken, Row, follow
from smartcity_console.journal.database import read_rows

Read = Callable[[sqlite3.Connection, int, int], list[Row]]

SLICE = 2_000
"""Rows of one reading: some milliseconds, some megabytes at most."""


class Walker:
    """Walks on from a sound event. `seq` and `hash` are those of the last event found sound, `at_end` whether the last
    slice came to the end. Every call may raise sqlite3.DatabaseError."""

    def __init__(
        self, connection: sqlite3.Connection, seq: int = 0, hash_: str = GENESIS, read: Read | None = None
    ) -> None:
        self._connection, self._read = connection, read or read_rows
        self.seq, self.hash = seq, hash_
        self.at_end = False

    def run(self) -> Broken | None:
        """Walk to the end; return the first break, a cut-off end too."""
        while not self.at_end:
            if broken := self.step():
                return broken
        return self.missing_end()

    def step(self, limit: int = SLICE) -> Broken | None:
        """Walk one slice; return the break that ends it."""
        try:
            rows = self._read(self._connection, self.seq, limit)
        except sqlite3.OperationalError as error:
            if "decode" not in str(error):
                raise
            # Some text of the slice is no UTF-8: row by row the walk comes to the one.
            return self.step(1) if limit > 1 else Broken(self.seq + 1, "its content was changed")
        walked = follow(rows, self.seq, self.hash)
        self.seq, self.hash, self.at_end = walked.seq, walked.hash, len(rows) < limit
        return walked.broken

    def missing_end(self) -> Broken | None:
        """Return what is missing after the end of the walk: SQLite counts what was ever written."""
        counted = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
        written = int(counted[0]) if counted else 0
        (last,) = self._connection.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()
        if written > last:  # asked in this order: another program may be writing
            return Broken(last + 1, f"removed, {written} were written")
        if written < self.seq:
            return Broken(self.seq + 1, f"the count of events was changed, {written} were written")
        return None
