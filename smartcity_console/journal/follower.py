"""Subscription across processes: SQLite's `data_version` tells cheaply (some microseconds) that somebody wrote."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import msgspec

from smartcity_console.journal.database import connect, read_batch, told
from smartcity_console.journal.errors import JournalDamaged
from smartcity_console.model.events import Event

BATCH = 5_000
"""Most events of one `wait`: bounds what a subscriber that starts late must swallow at once."""


class Follower:
    """Reads on from a sequence number; its own read-only connection. One thread at a time; `close` from any."""

    def __init__(self, path: Path, after_seq: int = 0, poll_ms: int = 15) -> None:
        self._path = path
        self._connection = connect(path, read_only=True)
        self._after_seq = after_seq
        self._poll_s = poll_ms / 1000.0
        self._seen_data_version: int | None = None
        self._closing = threading.Event()
        self._idle = threading.Lock()

    @property
    def after_seq(self) -> int:
        return self._after_seq

    def skip_to(self, seq: int) -> None:
        """Read on after a sequence number whose events the caller has by other ways."""
        # Without the lock, which a read holds for as long as a disk takes: at worst the events are read all the same.
        self._after_seq = max(self._after_seq, seq)

    def has_new(self) -> bool:
        """Return whether there is something to read; costs microseconds, so that a loop of events may ask.

        Not while another thread reads. True also when it cannot be told: the read then says why.
        """
        try:
            (data_version,) = self._connection.execute("PRAGMA data_version").fetchone()
            if data_version == self._seen_data_version:
                return False
            (last,) = self._connection.execute("SELECT MAX(seq) FROM events").fetchone()
        except sqlite3.DatabaseError:
            return True
        if (last or 0) > self._after_seq:
            return True
        self._seen_data_version = data_version
        return False

    def wait(self, timeout_s: float) -> list[Event]:
        """Return the next events in order; an empty list when none came in time or the follower is closed.

        Raises JournalDamaged or JournalLocked.
        """
        polls = max(1, round(timeout_s / self._poll_s))
        for poll in range(polls):
            with self._idle:
                if self._closing.is_set():
                    return []
                events = self._told_new()
            if events:
                return events
            if poll < polls - 1 and self._closing.wait(self._poll_s):
                return []
        return []

    def close(self) -> None:
        """Wake a waiting `wait` and close the connection."""
        self._closing.set()
        with self._idle:
            self._connection.close()

    def _told_new(self) -> list[Event]:
        try:
            return self._new()
        except sqlite3.DatabaseError as error:
            raise told(error, self._path) from error
        except msgspec.DecodeError as error:  # a row that no program of ours wrote
            raise JournalDamaged(path=self._path, workspace=self._path.parent, event="?", why=str(error)) from error

    def _new(self) -> list[Event]:
        (data_version,) = self._connection.execute("PRAGMA data_version").fetchone()
        if data_version == self._seen_data_version:
            return []
        events = read_batch(self._connection, self._after_seq, BATCH)
        if len(events) < BATCH:
            self._seen_data_version = data_version
        if events:
            self._after_seq = max(self._after_seq, events[-1].seq)
        return events
