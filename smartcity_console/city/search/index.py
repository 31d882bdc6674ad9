"""Names in SQLite's FTS5: the beginnings of words, in whichever order they are typed.

The index is a file of its own beside the catalogue, or lies in memory for a small city; it is made once for each
generation of the catalogue. For millions of cameras that takes a minute, so it is filled piece by piece, and what is in
it already is found meanwhile.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

VERSION = 1
PIECE = 5_000  # entries of one transaction: a search waits no longer than for one of these
_WORD = re.compile(r"\w+")
Entry = tuple[str, str, str, str, float, float]
"""kind, id, title, detail, x_m, y_m"""

_TABLES = """
CREATE TABLE IF NOT EXISTS about(name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS places(no INTEGER PRIMARY KEY, kind TEXT, id TEXT, title TEXT, detail TEXT, x_m REAL, y_m REAL);
CREATE VIRTUAL TABLE IF NOT EXISTS names USING fts5(
  id, title, detail, content='places', content_rowid='no', tokenize='unicode61', prefix='1 2 3', detail='column');
"""
_FIND = """
SELECT p.kind, p.id, p.title, p.detail, p.x_m, p.y_m FROM names JOIN places p ON p.no = names.rowid
WHERE names MATCH ? LIMIT ?
"""
# A ranking would read every match: "은행" matches a hundred thousand cameras. The first ones by number are as good.


class NameIndex:
    """One connection behind a lock; may be used from any thread."""

    def __init__(self, path: Path | None, generation: int) -> None:
        """Open the index of a catalogue's generation; one of another generation is made anew."""
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")  # a torn index is made anew: `complete` is written last
        self._db.executescript(_TABLES)
        self._stamp = f"{VERSION}/{generation}"
        if self._said("made for") != self._stamp:
            self._begin()

    @property
    def complete(self) -> bool:
        """Whether everything is in it."""
        return self._said("complete") == self._stamp

    def fill(self, entries: Iterable[Entry], stop: threading.Event) -> None:
        """Take all entries in; when `stop` is set before the end it is begun anew the next time."""
        source = iter(entries)
        while piece := list(islice(source, PIECE)):
            if stop.is_set():
                return
            self._take(piece)
        self._say("complete", self._stamp)

    def find(self, text: str, limit: int) -> list[Entry]:
        """Return up to `limit` entries in which every word of the text begins a word."""
        words = _WORD.findall(text)[:8]
        if not words:
            return []
        asked = " ".join(f'"{word}"*' for word in words)
        with self._lock:
            return list(self._db.execute(_FIND, (asked, limit)))

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _begin(self) -> None:
        self._db.execute("INSERT INTO names(names) VALUES ('delete-all')")
        self._db.execute("DELETE FROM places")
        self._db.execute("DELETE FROM about")
        self._say("made for", self._stamp)

    def _take(self, piece: list[Entry]) -> None:
        with self._lock:
            self._db.execute("BEGIN")
            (last,) = self._db.execute("SELECT COALESCE(MAX(no), 0) FROM places").fetchone()
            rows = [(no, *entry) for no, entry in enumerate(piece, start=last + 1)]
            self._db.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            self._db.execute(
                "INSERT INTO names(rowid, id, title, detail) SELECT no, id, title, detail FROM places WHERE no > ?",
                (last,),
            )
            self._db.execute("COMMIT")

    def _said(self, name: str) -> str | None:
        with self._lock:
            row = self._db.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def _say(self, name: str, value: str) -> None:
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))
