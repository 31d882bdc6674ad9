"""The journal in SQLite: write-ahead log, synchronous FULL, several processes on one machine.

An append is one `BEGIN IMMEDIATE` transaction: SQLite's single-writer lock makes sequence numbers, stream versions and
the hash chain consistent between processes. When `append` returns, the events are on disk (fsync).
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from pathlib import Path

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.journal.chain import GENESIS, Broken, at_text, event_hash, first_break
from smartcity_console.journal.errors import JournalDamaged, JournalLocked, VersionConflict
from smartcity_console.model.errors import ConsoleError, DiskFull
from smartcity_console.model.events import Draft, Event, encode_payload

BUSY_TIMEOUT_S = 5.0
_ROWS_AT_ONCE = 250
_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?)"
_FULL = ", ".join([_ROW] * _ROWS_AT_ONCE)
_COLUMNS = "seq, stream, version, type, at, actor, data, prev_hash, hash"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL, version INTEGER NOT NULL, type TEXT NOT NULL,
    at TEXT NOT NULL, actor TEXT NOT NULL, data TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL,
    UNIQUE (stream, version)
);
CREATE TRIGGER IF NOT EXISTS events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER IF NOT EXISTS events_as_they_are BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'append only'); END;
"""


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a connection in autocommit mode (transactions are begun by hand), usable from any one thread at a time."""
    target = f"file:{path.as_posix()}?mode={'ro' if read_only else 'rwc'}"
    connection = sqlite3.connect(
        target, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_S, check_same_thread=False
    )
    if not read_only:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    return connection


class SqliteJournal:
    """One program's handle on the journal. Not shared between threads; GroupCommitter is."""

    def __init__(self, path: Path, clock: Clock, *, verify: bool = True) -> None:
        """Open or create. Raises JournalDamaged when the chain does not verify, before a byte of it is touched."""
        self.path = path
        self._clock = clock
        try:
            if verify and path.is_file():
                _verify_untouched(path)
            self._conn = connect(path)
            self._conn.executescript(_SCHEMA)
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
        return _first_break(self._conn)

    def close(self) -> None:
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
            self._conn.execute(f"INSERT INTO events ({_COLUMNS}) VALUES {marks}", values)


def _verify_untouched(path: Path) -> None:
    """Walk the chain through a connection that cannot write. Raises JournalDamaged."""
    connection = connect(path, read_only=True)
    try:
        is_new = not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone()
        broken = None if is_new else _first_break(connection)
    finally:
        connection.close()
    if broken:
        raise _damaged(path, broken)


def _first_break(connection: sqlite3.Connection) -> Broken | None:
    """Return the chain's first break. A cut-off end shows in SQLite's own high-water mark."""
    if broken := first_break(read_events(connection)):
        return broken
    high = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
    (last,) = connection.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()
    return Broken(last + 1, f"removed, {high[0]} were written") if high and high[0] > last else None


def read_events(
    connection: sqlite3.Connection,
    after_seq: int = 0,
    stream: str | None = None,
    limit: int | None = None,
    types: Sequence[str] = (),
) -> Iterator[Event]:
    """Yield events after a sequence number from any connection, damaged chain or not; of some types when named."""
    where = "seq > ? AND stream = ?" if stream is not None else "seq > ?"
    values: tuple[object, ...] = (after_seq, stream) if stream is not None else (after_seq,)
    if types:
        where, values = f"{where} AND type IN ({', '.join('?' * len(types))})", (*values, *types)
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM events WHERE {where} ORDER BY seq LIMIT ?", (*values, -1 if limit is None else limit)
    )
    for seq, name, version, kind, at, actor, data, prev_hash, own in rows:
        yield Event(seq, name, version, kind, _at(at), actor, _raw(data), prev_hash, own)


def read_batch(connection: sqlite3.Connection, after_seq: int, limit: int) -> list[Event]:
    """Return up to `limit` events after a sequence number, in order.

    They come as one row of JSON: in a busy program a row each would wait for the interpreter's lock each time.
    """
    (told,) = connection.execute(
        f"SELECT json_group_array(json_array({_COLUMNS})) FROM"
        f" (SELECT {_COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT ?)",
        (after_seq, limit),
    ).fetchone()
    rows = _ROWS.decode(told)
    rows.sort(key=itemgetter(0))
    return [
        Event(seq, stream, version, kind, at, actor, data.encode(), prev_hash, own)
        for seq, stream, version, kind, at, actor, data, prev_hash, own in rows
    ]


_ROWS = msgspec.json.Decoder(list[tuple[int, str, int, str, datetime, str, str, str, str]])


def _at(text: str) -> datetime:
    """Read a time in the one form in which it is written: another form of the same time is a changed row too."""
    try:
        at = datetime.fromisoformat(text)
        if at_text(at) == text:
            return at
    except (ValueError, TypeError):
        pass
    raise sqlite3.DatabaseError(f"the time {text!r} of an event was changed")


def _raw(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data


def _damaged(path: Path, broken: Broken) -> JournalDamaged:
    return JournalDamaged(path=path, workspace=path.parent, event=broken.seq, why=broken.why)


def told(error: sqlite3.DatabaseError, path: Path) -> ConsoleError:
    """Turn SQLite's error into a sentence."""
    text = str(error)
    if "full" in text:
        free_mib = shutil.disk_usage(path.parent).free >> 20
        return DiskFull(path=path.parent, free_mib=free_mib)
    if "locked" in text or "busy" in text:
        return JournalLocked(path=path)
    return JournalDamaged(path=path, workspace=path.parent, event="?", why=text)
