"""Makes and opens `catalogue.sqlite`. Every table is plain, so Datasette and any SQL tool can read it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from smartcity_console.city.geopackage import CatalogueDamaged, CatalogueMissing
from smartcity_console.city.store.errors import CatalogueBusy, CatalogueTooNew
from smartcity_console.city.store.kinds import KINDS, Kind
from smartcity_console.model.errors import ConsoleError

VERSION = 3  # 2: road_areas; 3: bells by number
BUSY_MS = 5000
CACHE_KIB = 64 * 1024


def share(db: sqlite3.Connection) -> None:
    """Let others read while this connection writes; when one of them is at it just now, the next opening does it."""
    _journal(db, "WAL")


def take_alone(db: sqlite3.Connection) -> None:
    """Write what comes next only once instead of into a log first, if nobody else has the catalogue open.

    For the first import of a table, which only appends: half the writing. Undone by `share`.
    """
    _journal(db, "DELETE")


def _journal(db: sqlite3.Connection, mode: str) -> None:
    db.execute("PRAGMA busy_timeout=0")
    try:
        db.execute(f"PRAGMA main.journal_mode={mode}").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _LOCKED:
            raise
    finally:
        db.execute(f"PRAGMA busy_timeout={BUSY_MS}")


_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _told(path: Path, error: sqlite3.DatabaseError) -> ConsoleError:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in _LOCKED:
        return CatalogueBusy(path=path)
    return CatalogueDamaged(path=path, why=str(error))


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a catalogue; unless `read_only`, make what is missing of it. Raises CatalogueMissing, …Damaged, …TooNew."""
    try:
        db = _opened(path, read_only)
    except sqlite3.DatabaseError as error:
        raise _told(path, error) from error
    try:
        _prepare(db, path, read_only)
    except sqlite3.DatabaseError as error:
        db.close()
        raise _told(path, error) from error
    except CatalogueTooNew:
        db.close()
        raise
    return db


def _opened(path: Path, read_only: bool) -> sqlite3.Connection:
    if read_only and not path.is_file():
        raise CatalogueMissing(path=path)
    mode = "ro" if read_only else "rwc"
    # One connection may serve several threads, one at a time: the store's own lock sees to that.
    db = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
    )
    db.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    db.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    return db


def _prepare(db: sqlite3.Connection, path: Path, read_only: bool) -> None:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise CatalogueTooNew(path=path, version=version)
    if read_only:
        db.execute("PRAGMA query_only=1")
        return
    share(db)
    db.execute("PRAGMA synchronous=NORMAL")
    # Debian's library overwrites what is deleted: no secrets lie here.
    db.execute("PRAGMA secure_delete=0")
    db.execute("PRAGMA temp.secure_delete=0")
    db.execute(f"PRAGMA temp.cache_size=-{CACHE_KIB}")
    if version < VERSION:
        _create(db)


# Beside each table's index of ids. The first import of a table puts them up after its rows.
INDEXES: dict[str, str] = {
    "cameras": "CREATE INDEX IF NOT EXISTS cameras_site ON cameras(site_id) WHERE site_id IS NOT NULL",
    "sites": "CREATE INDEX IF NOT EXISTS sites_account ON sites(account COLLATE NOCASE)",
    "bells": "CREATE INDEX IF NOT EXISTS bells_key ON bells(key COLLATE NOCASE)",
}


def _create(db: sqlite3.Connection) -> None:
    from sqlite_utils import Database  # only here: a tenth of a second that no other opening needs

    tables = Database(db, execute_plugins=False)
    db.execute("BEGIN IMMEDIATE")
    for kind in KINDS.values():
        _create_table(db, kind)
    for name, columns, key in _OWN_TABLES:
        tables[name].create(columns, pk=key, if_not_exists=True)
    db.execute("CREATE INDEX IF NOT EXISTS poses_camera ON poses(camera_id)")
    for index in INDEXES.values():
        db.execute(index)
    db.execute(f"PRAGMA user_version={VERSION}")
    db.execute("COMMIT")


_OWN_TABLES: tuple[tuple[str, dict[str, type], str | tuple[str, ...]], ...] = (
    ("about", {"name": str, "value": str}, "name"),
    ("generations", {"kind": str, "changes": int}, "kind"),
    ("sources", {"kind": str, "source": str, "rows": int}, ("kind", "source")),
    (
        "imports",
        {
            "no": int,
            "at": str,
            "kind": str,
            "source": str,
            "actor": str,
            "rows": int,
            "added": int,
            "changed": int,
            "gone": int,
            "same": int,
        },
        "no",
    ),
    (
        "poses",
        {
            "no": int,
            "at": str,
            "actor": str,
            "camera_id": str,
            "height_m": float,
            "azimuth_deg": float,
            "tilt_deg": float,
            "hfov_deg": float,
            "width_px": int,
            "height_px": int,
            "range_m": float,
        },
        "no",
    ),
)


def _create_table(db: sqlite3.Connection, kind: Kind) -> None:
    db.execute(f"CREATE TABLE IF NOT EXISTS {kind.name} ({kind.definition})")
    db.execute(f"CREATE UNIQUE INDEX IF NOT EXISTS {kind.name}_id ON {kind.name}(id)")
    if kind.rtree:
        db.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {kind.name}_rtree USING rtree(no, west_m, east_m, south_m, north_m)"
        )


def generation_of(db: sqlite3.Connection, *kinds: str) -> int:
    """Return how often imports have changed the tables named; all tables when none is."""
    named = kinds or tuple(KINDS)
    marks = ", ".join("?" * len(named))
    with closing(db.execute(f"SELECT total(changes) FROM generations WHERE kind IN ({marks})", named)) as found:
        return int(found.fetchone()[0])


def read_generation(path: Path, *kinds: str) -> int:
    """Return the generation of a catalogue that nothing else is asked of; one that is just being made has none.

    Raises CatalogueMissing, CatalogueDamaged, CatalogueTooNew.
    """
    with closing(connect(path, read_only=True)) as db:
        try:
            return generation_of(db, *kinds)
        except sqlite3.OperationalError:
            return 0


def count_change(db: sqlite3.Connection, kind: str) -> None:
    """Note that an import has changed a table."""
    db.execute("INSERT OR IGNORE INTO generations(kind, changes) VALUES (?, 0)", (kind,))
    db.execute("UPDATE generations SET changes = changes + 1 WHERE kind = ?", (kind,))
