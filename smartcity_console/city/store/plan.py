"""What an import would change, found out before anything is changed; and the changing."""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec

from smartcity_console.city.store.kinds import Kind
from smartcity_console.city.store.schema import INDEXES

ADDED, CHANGED, SAME = 0, 1, 2
SAMPLES = 20
SAMPLE_FIELDS = 6  # of a changed record, at most so many fields are shown


class Change(msgspec.Struct, frozen=True):
    """One record of the plan, for the operator to look at; `fields` says (name, before, after) of a changed one."""

    id: str
    name: str
    fields: tuple[tuple[str, str, str], ...] = ()


class ImportPlan(msgspec.Struct, frozen=True):
    """What `apply` would do. `repeated` are keys that came twice: only their first row counts."""

    kind: str
    source: str
    stage: str
    generation: int
    rows: int
    added: int
    changed: int
    gone: int
    same: int
    repeated: tuple[str, ...] = ()
    repeated_rows: int = 0
    added_samples: tuple[Change, ...] = ()
    changed_samples: tuple[Change, ...] = ()
    gone_samples: tuple[Change, ...] = ()
    complete: bool = True

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.gone)


def drop_repeated(db: sqlite3.Connection, stage: str) -> tuple[int, tuple[str, ...]]:
    """Keep the first row of each id. Return how many rows went, and some of their keys."""
    try:
        db.execute(f"CREATE UNIQUE INDEX temp.{stage}_id ON {stage}(id)")
        return 0, ()
    except sqlite3.IntegrityError:
        db.execute(f"CREATE INDEX temp.{stage}_ids ON {stage}(id)")
    doubles = f"no NOT IN (SELECT min(no) FROM temp.{stage} GROUP BY id)"
    keys = db.execute(f"SELECT key FROM temp.{stage} WHERE {doubles} LIMIT {SAMPLES}").fetchall()
    gone = db.execute(f"DELETE FROM temp.{stage} WHERE {doubles}").rowcount
    return gone, tuple(str(key) for (key,) in keys)


def compare(db: sqlite3.Connection, kind: Kind, stage: str) -> None:
    """Note for every staged row that the catalogue has already whether it changed or is the same."""
    mine, theirs = _tuple(kind, "s"), _tuple(kind, "t")
    db.execute(f"CREATE TEMP TABLE {stage}_known (no INTEGER PRIMARY KEY, what INTEGER)")
    db.execute(
        f"INSERT INTO temp.{stage}_known SELECT s.no, iif({mine} IS {theirs}, {SAME}, {CHANGED}) "
        f"FROM temp.{stage} AS s JOIN main.{kind.name} AS t ON t.id = s.id"
    )


def _tuple(kind: Kind, alias: str) -> str:
    return "(" + ", ".join(f'{alias}."{name}"' for name in kind.fields) + ")"


def counts(db: sqlite3.Connection, stage: str, rows: int) -> tuple[int, int, int]:
    """Return how many of the staged rows are added, changed and same."""
    found = dict(db.execute(f"SELECT what, count(*) FROM temp.{stage}_known GROUP BY what").fetchall())
    changed, same = found.get(CHANGED, 0), found.get(SAME, 0)
    return rows - changed - same, changed, same


def find_gone(db: sqlite3.Connection, kind: Kind, stage: str, source: str, wanted: bool) -> int:
    """List the source's records that it no longer has, none unless `wanted`; return how many."""
    db.execute(f"CREATE TEMP TABLE {stage}_gone (no INTEGER PRIMARY KEY)")
    if not wanted:
        return 0
    db.execute(
        f"INSERT INTO temp.{stage}_gone SELECT t.no FROM main.{kind.name} t WHERE t.source = ? "
        f"AND NOT EXISTS (SELECT 1 FROM temp.{stage} s WHERE s.id = t.id)",
        (source,),
    )
    return int(db.execute(f"SELECT count(*) FROM temp.{stage}_gone").fetchone()[0])


def which(stage: str, what: int) -> str:
    """Return the condition for staged rows of one sort."""
    known = f"SELECT no FROM temp.{stage}_known"
    return f"no NOT IN ({known})" if what == ADDED else f"no IN ({known} WHERE what = {what})"


def samples(db: sqlite3.Connection, kind: Kind, stage: str, what: int) -> tuple[Change, ...]:
    """Return the first few staged rows of one sort."""
    listed = ", ".join(f'"{name}"' for name in kind.fields)
    found = db.execute(f"SELECT id, {listed} FROM temp.{stage} WHERE {which(stage, what)} LIMIT {SAMPLES}").fetchall()
    return tuple(_change(db, kind, row, what) for row in found)


def gone_samples(db: sqlite3.Connection, kind: Kind, stage: str) -> tuple[Change, ...]:
    """Return the first few records that would go."""
    found = db.execute(
        f"SELECT id, {_name_of(kind)} FROM main.{kind.name} WHERE no IN (SELECT no FROM temp.{stage}_gone) LIMIT {SAMPLES}"
    )
    return tuple(Change(id_, str(name)) for id_, name in found.fetchall())


def _name_of(kind: Kind) -> str:
    return next((name for name in ("name", "name_ko") if name in kind.fields), "key")


def _change(db: sqlite3.Connection, kind: Kind, row: tuple[Any, ...], what: int) -> Change:
    after = dict(zip(kind.fields, row[1:], strict=True))
    if what != CHANGED:
        return Change(row[0], str(after[_name_of(kind)]))
    listed = ", ".join(f'"{name}"' for name in kind.fields)
    before = db.execute(f"SELECT {listed} FROM main.{kind.name} WHERE id = ?", (row[0],)).fetchone()
    pairs = zip(kind.fields, before, row[1:], strict=True)
    differ = tuple((name, _shown(old), _shown(new)) for name, old, new in pairs if old != new)
    return Change(row[0], str(after[_name_of(kind)]), differ[:SAMPLE_FIELDS])


def _shown(value: object) -> str:
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return "" if value is None else str(value)


def write(db: sqlite3.Connection, kind: Kind, stage: str) -> None:
    """Delete what is gone, update what changed, insert what is added."""
    table, stage_table = f"main.{kind.name}", f"temp.{stage}"
    if not db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
        _write_first(db, kind, stage)
        return
    db.execute(f"DELETE FROM {table} WHERE no IN (SELECT no FROM {stage_table}_gone)")
    listed = ", ".join(f'"{name}"' for name in kind.types)
    mine = ", ".join(f's."{name}"' for name in kind.types)
    db.execute(
        f"UPDATE {table} AS t SET ({listed}) = ({mine}) FROM {stage_table} AS s JOIN {stage_table}_known AS k "
        f"ON k.no = s.no AND k.what = {CHANGED} WHERE s.id = t.id"
    )
    db.execute(f"INSERT INTO {table} (id, {listed}) SELECT id, {listed} FROM {stage_table} WHERE {which(stage, ADDED)}")


def _write_first(db: sqlite3.Connection, kind: Kind, stage: str) -> None:
    """Fill an empty table: with no index but the stage's own, SQLite copies records and index as they lie."""
    others = [name for name in INDEXES if name == kind.name]
    for name in others:
        db.execute(f"DROP INDEX IF EXISTS {INDEXES[name].split()[5]}")
    db.execute(f"INSERT INTO main.{kind.name} SELECT * FROM temp.{stage}")
    for name in others:
        db.execute(INDEXES[name])


def drop_stage(db: sqlite3.Connection, stage: str) -> None:
    """Forget a plan's temporary tables."""
    for table in (f"{stage}_gone", f"{stage}_known", stage):
        db.execute(f"DROP TABLE IF EXISTS temp.{table}")
