"""The journal in SQLite: write-ahead log, synchronous FULL, several processes on one machine.

An append is one `BEGIN IMMEDIATE` transaction: SQLite's single-writer lock makes sequence numbers, stream versions and
the hash chain consistent between processes. When `append` returns, the events are on disk (fsync).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.journal.chain import GENESIS, Broken, at_text, event_hash
from smartcity_console.journal.database import COLUMNS, SCHEMA, connect, read_events, told
from smartcity_console.journal.errors import VersionConflict
from smartcity_console.journal.opening import CHECKPOINT_EVERY, renew, verify_untouched
from smartcity_console.journal.walker import Walker
from smartcity_console.model.events import Draft, Event, encode_payload

_ROWS_AT_ONCE = 250
_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?)"
_FULL = ", ".join([_ROW] * _ROWS_AT_ONCE)


class SqliteJournal:
    """One program's handle on the journal. Not shared between threads; GroupCommitter is.

    `proved_to` is the event up to which a checkpoint was believed at the opening; what comes after it was walked.
    """

    def __init__(
        self, path: Path, clock: Clock, *, verify: bool = True, checkpoint_every: int = CHECKPOINT_EVERY
    ) -> None:
        """Open or create. Raises JournalDamaged when the chain does not verify, before a byte of it is touched."""
        self.path, self.proved_to = path, 0
        self._clock, self._checkpoint_every, self._wrote = clock, checkpoint_every, False
        try:
            if verify and path.is_file():
                self.proved_to = verify_untouched(path, checkpoint_every)
            self._conn = connect(path)
            self._conn.executescript(SCHEMA)
        except sqlite3.DatabaseError as error:
            raise told(error, path) from error
        self._tail: tuple[int, str] | None = None
        self._versions: dict[str, int] = {}
        self._seen_data_version = -1

    def append(self, *drafts: Draft) -> list[Event]:
        """Append all drafts in one transaction. Raises VersionConflict, DiskFull or JournalLocked; then none is in."""
        (outcome,) = self.append_groups([drafts])
        if isinstance(outcome, VersionConflict):
            raise outcome
        return outcome

    def append_groups(self, groups: Sequence[Sequence[Draft]]) -> list[list[Event] | VersionConflict]:
        """Group commit: one transaction for all groups; a group whose expected version is off is left out whole."""
        try:
            self._conn.execute("BEGIN IMMEDIATE")
            try:
                outcomes = self._build(groups)
                self._insert(event for events in outcomes if isinstance(events, list) for event in events)
                self._conn.execute("COMMIT")
            except BaseException:
                self._forget()
                if self._conn.in_transaction:
                    self._conn.execute("ROLLBACK")
                raise
        except sqlite3.DatabaseError as error:
            raise told(error, self.path) from error
        return outcomes

    def read(self, after_seq: int = 0, stream: str | None = None, limit: int | None = None) -> list[Event]:
        """Return events after a sequence number, in order; of one stream when named."""
        return list(read_events(self._conn, after_seq, stream, limit))

    def version(self, stream: str) -> int:
        """Return how many events the stream holds."""
        row = self._conn.execute("SELECT MAX(version) FROM events WHERE stream = ?", (stream,)).fetchone()
        return int(row[0] or 0)

    def last_seq(self) -> int:
        """Return the last event's number, 0 when there is none."""
        return int(self._conn.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()[0])

    def verify(self) -> Broken | None:
        """Walk the whole chain; return its first break."""
        return Walker(self._conn).run()

    def close(self) -> None:
        """Close the handle. Who has written moves the checkpoint on, so that the next opening is short."""
        try:
            if self._wrote:
                renew(self.path, self._conn, self._checkpoint_every)
        finally:
            self._conn.close()

    def _build(self, groups: Sequence[Sequence[Draft]]) -> list[list[Event] | VersionConflict]:
        self._refresh()
        self._learn_versions({draft.stream for group in groups for draft in group})
        outcomes: list[list[Event] | VersionConflict] = []
        at = self._clock.now()  # one for the transaction: it is written at one time
        text = at_text(at)
        for group in groups:
            conflict = self._conflict(group)
            outcomes.append(conflict or [self._make(draft, at, text) for draft in group])
        return outcomes

    def _refresh(self) -> None:
        """Drop what is remembered when another connection has written since."""
        (data_version,) = self._conn.execute("PRAGMA data_version").fetchone()
        if self._tail is None or data_version != self._seen_data_version:
            self._forget()
            row = self._conn.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
            self._tail = (row[0], row[1]) if row else (0, GENESIS)
            self._seen_data_version = data_version

    def _forget(self) -> None:
        self._tail = None
        self._versions.clear()

    def _learn_versions(self, streams: set[str]) -> None:
        """Ask for all versions not remembered in few statements: each one gives the other threads a turn."""
        if len(self._versions) > 50_000:
            self._versions.clear()
        unknown = sorted(stream for stream in streams if stream not in self._versions)
        for at in range(0, len(unknown), _ROWS_AT_ONCE):
            asked = unknown[at : at + _ROWS_AT_ONCE]
            marks = ", ".join("?" * len(asked))
            # One statement, one row: a row each would give up the interpreter's lock, and wait for it, each time.
            (told,) = self._conn.execute(
                "SELECT json_group_object(stream, version) FROM"
                f" (SELECT stream, MAX(version) AS version FROM events WHERE stream IN ({marks}) GROUP BY stream)",
                asked,
            ).fetchone()
            self._versions.update(dict.fromkeys(asked, 0) | msgspec.json.decode(told))

    def _version(self, stream: str) -> int:
        if stream not in self._versions:
            self._versions[stream] = self.version(stream)
        return self._versions[stream]

    def _conflict(self, group: Sequence[Draft]) -> VersionConflict | None:
        ahead: dict[str, int] = {}
        for draft in group:
            actual = self._version(draft.stream) + ahead.get(draft.stream, 0)
            if draft.expected_version is not None and draft.expected_version != actual:
                last = self.read(stream=draft.stream)[-1:] if actual else []
                return VersionConflict(
                    stream=draft.stream,
                    expected=draft.expected_version,
                    actual=actual,
                    last=last[0] if last else None,
                )
            ahead[draft.stream] = ahead.get(draft.stream, 0) + 1
        return None

    def _make(self, draft: Draft, at: datetime, at_as_text: str) -> Event:
        assert self._tail is not None
        seq, prev_hash = self._tail[0] + 1, self._tail[1]
        version = self._version(draft.stream) + 1
        kind, data = type(draft.payload).__name__, encode_payload(draft.payload)
        own = event_hash(seq, draft.stream, version, kind, at_as_text, draft.actor, data, prev_hash)
        self._tail, self._versions[draft.stream] = (seq, own), version
        return Event(seq, draft.stream, version, kind, at, draft.actor, data, prev_hash, own)

    def _insert(self, events: Iterable[Event]) -> None:
        """Write many rows in one statement, for the same reason as in `_learn_versions`."""
        rows = list(events)
        text = at_text(rows[0].at) if rows else ""  # one transaction has one time
        for at in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[at : at + _ROWS_AT_ONCE]
            values: list[object] = []
            for e in some:
                values += (e.seq, e.stream, e.version, e.type, text, e.actor, e.data.decode(), e.prev_hash, e.hash)
            marks = _FULL if len(some) == _ROWS_AT_ONCE else ", ".join([_ROW] * len(some))
            self._wrote = True
            self._conn.execute(f"INSERT INTO events ({COLUMNS}) VALUES {marks}", values)
