"""The journal's file: how it is opened, how rows are read, how SQLite's errors are told."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from pathlib import Path

import msgspec

from smartcity_console.journal.chain import Broken, Row, at_text
from smartcity_console.journal.errors import JournalDamaged, JournalLocked
from smartcity_console.model.errors import ConsoleError, DiskFull
from smartcity_console.model.events import Event

BUSY_TIMEOUT_S = 5.0
COLUMNS = "seq, stream, version, type, at, actor, data, prev_hash, hash"
_AS_JSON = (
    f"SELECT json_group_array(json_array({COLUMNS})) FROM"
    f" (SELECT {COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT ?)"
)
SCHEMA = """
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
        f"SELECT {COLUMNS} FROM events WHERE {where} ORDER BY seq LIMIT ?", (*values, -1 if limit is None else limit)
    )
    for seq, name, version, kind, at, actor, data, prev_hash, own in rows:
        yield Event(seq, name, version, kind, _at(at), actor, _raw(data), prev_hash, own)


def read_rows(connection: sqlite3.Connection, after_seq: int, limit: int) -> list[Row]:
    """Return up to `limit` rows after a sequence number as they lie in the file, whatever has been made of them."""
    plain = f"SELECT {COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT ?"
    return connection.execute(plain, (after_seq, limit)).fetchall()


def read_rows_at_once(connection: sqlite3.Connection, after_seq: int, limit: int) -> list[Row]:
    """Return what `read_rows` does, for a program that has other work; it takes half as long again.

    They come as one row of JSON, for the same reason as in `read_batch`: else the interpreter's lock would be asked for at
    every row. What JSON cannot hold (blobs, texts that are no UTF-8) no program of ours wrote; it is read plainly.
    """
    try:
        (told,) = connection.execute(_AS_JSON, (after_seq, limit)).fetchone()
        rows: list[Row] = msgspec.json.decode(told)
    except (sqlite3.OperationalError, msgspec.DecodeError):
        return read_rows(connection, after_seq, limit)
    rows.sort(key=itemgetter(0))
    return rows


def has_events(connection: sqlite3.Connection) -> bool:
    """Return whether the file is a journal yet."""
    return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone())


def read_batch(connection: sqlite3.Connection, after_seq: int, limit: int) -> list[Event]:
    """Return up to `limit` events after a sequence number, in order.

    They come as one row of JSON: in a busy program a row each would wait for the interpreter's lock each time.
    """
    (told,) = connection.execute(_AS_JSON, (after_seq, limit)).fetchone()
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


def damaged(path: Path, broken: Broken) -> JournalDamaged:
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
