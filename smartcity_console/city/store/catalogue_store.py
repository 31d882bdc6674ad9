"""The workspace's catalogue: `catalogue.sqlite` is the truth, the columns beside it are made from it.

store = CatalogueStore.open(workspace / "catalogue.sqlite")
plan = store.plan("cameras", "cctv_daejeon", rows)      # nothing is changed yet
store.apply(plan, actor="operator-1")                   # or store.discard(plan)
"""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import msgspec

from smartcity_console.city.store import cache, poses, rtree, schema
from smartcity_console.city.store import plan as planning
from smartcity_console.city.store.columns import CameraColumns
from smartcity_console.city.store.errors import CatalogueBusy, PlanOutdated
from smartcity_console.city.store.first import FirstImport
from smartcity_console.city.store.kinds import KINDS, Kind
from smartcity_console.city.store.plan import ImportPlan
from smartcity_console.city.store.poses import SaidPose
from smartcity_console.city.store.reader import camera_of
from smartcity_console.city.store.rows import source_name
from smartcity_console.city.store.sketch import Sketch
from smartcity_console.city.store.staging import Batch, Progress, batches_of, create_stage, fill_stage
from smartcity_console.clock import Clock, SystemClock
from smartcity_console.model.camera import Camera, Pose
from smartcity_console.model.errors import UnknownCamera

LARGE_ROWS = 20_000


def _silent(done: int, total: int | None) -> None:
    """Show no progress."""


class CatalogueStore:
    """One writer's connection. Safe to use from several threads; each call holds the store's lock until it ends."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Raises CatalogueDamaged, CatalogueTooNew."""
        self.path = path
        self._clock = clock
        self._lock = threading.RLock()
        self._db = schema.connect(path)
        self._numbers = itertools.count(1)
        self._firsts: dict[str, FirstImport] = {}  # by stage: first imports that are not applied yet

    @classmethod
    def open(cls, path: Path | str, clock: Clock | None = None) -> CatalogueStore:
        """Open a catalogue, made when missing. Raises CatalogueDamaged, CatalogueTooNew."""
        return cls(Path(path), clock or SystemClock())

    def __enter__(self) -> CatalogueStore:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            for first in self._firsts.values():
                first.close()
            self._firsts.clear()
            self._db.close()

    @property
    def generation(self) -> int:
        """How often imports have changed the catalogue."""
        with self._lock:
            return schema.generation_of(self._db)

    def plan(
        self,
        kind: str,
        source: str,
        rows: Iterable[msgspec.Struct],
        *,
        progress: Progress = _silent,
        complete: bool = True,
    ) -> ImportPlan:
        """Stage rows and compare them; see `plan_batches`."""
        return self.plan_batches(kind, source, batches_of(KINDS[kind], rows), progress=progress, complete=complete)

    def plan_batches(
        self, kind: str, source: str, batches: Iterable[Batch], *, progress: Progress = _silent, complete: bool = True
    ) -> ImportPlan:
        """Stage batches of columns (the fast way) and say what applying them would change.

        With `complete` the batches are all that the source has, and its other records count as gone.
        Raises KeyError for an unknown kind, ValueError for a source that is no plain name or an uneven batch.
        """
        if source != source_name(source):
            raise ValueError(f"source {source!r}: letters, digits and _ only")
        table = KINDS[kind]
        with self._lock:
            stage = f"stage_{next(self._numbers)}"
            create_stage(self._db, table, stage)
            sketch = Sketch() if kind == "cameras" and not self._has_rows(table) else None
            try:
                rows = fill_stage(self._db, table, stage, source, batches, progress, sketch)
                if sketch is not None and sketch.usable and rows:
                    self._firsts[stage] = FirstImport(sketch, rtree.node_bytes_of(self._db, f"{kind}_rtree"))
                plan = self._compared(table, source, stage, rows, complete)
            except BaseException:
                self._rolled_back()
                self._drop(stage)
                raise
            if plan.repeated_rows:
                self._forget_first(stage)
            return plan

    def _has_rows(self, kind: Kind) -> bool:
        return self._db.execute(f"SELECT 1 FROM {kind.name} LIMIT 1").fetchone() is not None

    def _compared(self, kind: Kind, source: str, stage: str, rows: int, complete: bool) -> ImportPlan:
        db = self._db
        repeated_rows, repeated = planning.drop_repeated(db, stage)
        planning.compare(db, kind, stage)
        added, changed, same = planning.counts(db, stage, rows - repeated_rows)
        gone = planning.find_gone(db, kind, stage, source, complete and self._holds(kind, source))
        return ImportPlan(
            kind=kind.name,
            source=source,
            stage=stage,
            generation=schema.generation_of(db, kind.name),
            rows=rows,
            added=added,
            changed=changed,
            gone=gone,
            same=same,
            repeated=repeated,
            repeated_rows=repeated_rows,
            added_samples=planning.samples(db, kind, stage, planning.ADDED),
            changed_samples=planning.samples(db, kind, stage, planning.CHANGED),
            gone_samples=planning.gone_samples(db, kind, stage),
            complete=complete,
        )

    def _holds(self, kind: Kind, source: str) -> bool:
        found = self._db.execute(
            "SELECT rows FROM sources WHERE kind = ? AND source = ?", (kind.name, source)
        ).fetchone()
        return bool(found and found[0])

    def apply(self, plan: ImportPlan, *, actor: str = "", progress: Progress = _silent) -> None:
        """Do what the plan says, whole or not at all. Raises PlanOutdated, CatalogueBusy; then the plan is kept."""
        self.apply_all((plan,), actor=actor, progress=progress)

    def apply_all(self, plans: Sequence[ImportPlan], *, actor: str = "", progress: Progress = _silent) -> None:
        """Do what several plans say in one transaction: all tables or none. Raises as `apply` does."""
        rows, done = sum(plan.rows for plan in plans), 0
        with self._lock, self._journal_for(plans):
            self._begin()
            try:
                self._check_current(plans)
                firsts = [self._first(plan, plans) for plan in plans]
                for plan, first in zip(plans, firsts, strict=True):
                    self._write(plan, actor, first)
                    done += plan.rows
                    progress(done, rows)
                self._db.execute("COMMIT")
            except BaseException:
                self._rolled_back()
                self._forget_firsts(plans)
                raise
            for first in filter(None, firsts):
                first.keep()
            for plan in plans:
                self.discard(plan)

    def _check_current(self, plans: Sequence[ImportPlan]) -> None:
        for plan in plans:
            if schema.generation_of(self._db, plan.kind) != plan.generation:
                raise PlanOutdated(kind=plan.kind)

    @contextmanager
    def _journal_for(self, plans: Sequence[ImportPlan]) -> Iterator[None]:
        """Have a large first import of a table written once only."""
        if not any(plan.rows >= LARGE_ROWS and not self._has_rows(KINDS[plan.kind]) for plan in plans):
            yield
            return
        schema.take_alone(self._db)
        try:
            yield
        finally:
            schema.share(self._db)

    def _first(self, plan: ImportPlan, plans: Sequence[ImportPlan]) -> FirstImport | None:
        """Return what was worked out of a first import, if it still is one; its rows keep their numbers from the stage."""
        first = self._firsts.get(plan.stage)
        if first is None or self._has_rows(KINDS[plan.kind]):
            return None
        changes = sum(each.kind in ("cameras", "sites") for each in plans)
        first.write(self.path, schema.generation_of(self._db, "cameras", "sites") + changes)
        return first

    def _begin(self) -> None:
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise CatalogueBusy(path=self.path) from error

    def _rolled_back(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def _write(self, plan: ImportPlan, actor: str, first: FirstImport | None) -> None:
        db, kind = self._db, KINDS[plan.kind]
        planning.write(db, kind, plan.stage)
        levels = None if first is None else first.levels
        rtree.refresh(db, kind, plan.stage, plan.added + plan.changed + plan.gone, levels)
        held = db.execute("SELECT rows FROM sources WHERE kind = ? AND source = ?", (plan.kind, plan.source)).fetchone()
        rows = (held[0] if held else 0) + plan.added - plan.gone
        db.execute(
            "INSERT OR REPLACE INTO sources(kind, source, rows) VALUES (?, ?, ?)", (plan.kind, plan.source, rows)
        )
        db.execute(
            "INSERT INTO imports(at, kind, source, actor, rows, added, changed, gone, same) VALUES (?,?,?,?,?,?,?,?,?)",
            (self._clock.now().isoformat(), plan.kind, plan.source, actor, plan.rows,
             plan.added, plan.changed, plan.gone, plan.same),
        )  # fmt: skip
        schema.count_change(db, plan.kind)

    def columns(self) -> CameraColumns:
        """Return all cameras as memory-mapped columns, made when an import has changed them (seconds for millions)."""
        with self._lock:
            return cache.columns_of(self._db, self.path)

    def camera(self, camera_id: str) -> Camera | None:
        """Return a camera with the pose that an operator has set, if any."""
        with self._lock:
            return camera_of(self._db, camera_id)

    def set_pose(self, camera_id: str, pose: Pose, actor: str) -> None:
        """Keep the pose that an operator gives a camera; imports do not take it away. Raises UnknownCamera."""
        with self._lock:
            self._begin()
            try:
                if not self._db.execute("SELECT 1 FROM cameras WHERE id = ?", (camera_id,)).fetchone():
                    raise UnknownCamera(camera_id=camera_id)
                poses.insert(self._db, camera_id, pose, actor, self._clock.now())
                self._db.execute("COMMIT")
            except BaseException:
                self._rolled_back()
                raise
            cache.columns_of(self._db, self.path)

    def keep_poses(self, said: Sequence[SaidPose]) -> list[SaidPose]:
        """Keep what the journal says of cameras' poses, in its order; return what was new. May be told again."""
        with self._lock:
            self._begin()
            try:
                fresh = poses.keep_said(self._db, said)
                self._db.execute("COMMIT")
            except BaseException:
                self._rolled_back()
                raise
            # Also when another seat was first: it may not have come to the columns yet.
            cache.columns_of(self._db, self.path)
            return fresh

    def set_name(self, name: str) -> None:
        """Give the city its name, with which addresses begin."""
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO about(name, value) VALUES ('name', ?)", (name,))

    def discard(self, plan: ImportPlan) -> None:
        """Forget a plan and what it staged."""
        with self._lock:
            self._drop(plan.stage)

    def _drop(self, stage: str) -> None:
        self._forget_first(stage)
        planning.drop_stage(self._db, stage)

    def _forget_firsts(self, plans: Sequence[ImportPlan]) -> None:
        for plan in plans:
            self._forget_first(plan.stage)

    def _forget_first(self, stage: str) -> None:
        first = self._firsts.pop(stage, None)
        if first is not None:
            first.close()
