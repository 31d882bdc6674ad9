"""Keeps what each camera sees, by the digest of all that it depends on: a second survey costs the unions alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import shapely

MAX_VIEWS = 400_000
"""Views kept, about 1 KiB each; those not used for the longest go first."""
_AT_ONCE = 500
_SCHEMA = """
CREATE TABLE IF NOT EXISTS views (digest BLOB PRIMARY KEY, seen BLOB NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS views_used ON views (used);
"""


class ViewCache:
    """One SQLite file that may be deleted at any time. A file that is no cache is made anew."""

    def __init__(self, path: Path, limit: int = MAX_VIEWS) -> None:
        self._path, self._limit = path, limit
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = self._opened()
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            self._db = self._opened()
        (last,) = self._db.execute("SELECT coalesce(max(used), 0) FROM views").fetchone()
        self._run = last + 1

    def __enter__(self) -> ViewCache:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=10.0)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")  # a lost view is worked out again
            db.executescript(_SCHEMA)
        except sqlite3.DatabaseError:
            db.close()
            raise
        return db

    def get(self, digests: Sequence[bytes]) -> dict[bytes, Any]:
        """Return the kept views among these digests and count them as used."""
        found: dict[bytes, bytes] = {}
        with self._db:
            for start in range(0, len(digests), _AT_ONCE):
                some = digests[start : start + _AT_ONCE]
                marks = ",".join("?" * len(some))
                found |= dict(self._db.execute(f"SELECT digest, seen FROM views WHERE digest IN ({marks})", some))
                self._db.execute(f"UPDATE views SET used = ? WHERE digest IN ({marks})", (self._run, *some))
        return dict(zip(found, shapely.from_wkb(np.array(list(found.values()), dtype=object)), strict=True))

    def put(self, digests: Sequence[bytes], seen: Sequence[Any]) -> None:
        """Keep views."""
        rows = zip(digests, shapely.to_wkb(np.array(seen, dtype=object)), strict=True)
        with self._db:
            self._db.executemany(
                "INSERT OR REPLACE INTO views VALUES (?, ?, ?)", [(digest, wkb, self._run) for digest, wkb in rows]
            )

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM views").fetchone()[0])

    def close(self) -> None:
        """Forget what is over the limit and close."""
        over = len(self) - self._limit
        if over > 0:
            with self._db:
                self._db.execute(
                    "DELETE FROM views WHERE digest IN (SELECT digest FROM views ORDER BY used LIMIT ?)", (over,)
                )
        self._db.close()
