"""One import behind the screen: read and compared off the Qt thread, applied when the operator says so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from smartcity_console.city.importers import (
    ImportCancelled,
    Look,
    Options,
    Report,
    apply,
    discard,
    import_raster,
    look,
    phrase,
)
from smartcity_console.city.importers.kinds import RASTER
from smartcity_console.city.store import CatalogueStore, ImportPlan
from smartcity_console.clock import Clock
from smartcity_console.console.background import Background
from smartcity_console.console.language import translate
from smartcity_console.model.errors import ConsoleError, Language

Row = tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """What the dialog shows of a look: a summary, the bad rows, the changes; texts only."""

    rows: int
    imported: int
    refused: int
    remarks: int
    changes: int
    takes_most_away: bool
    bad_rows: tuple[Row, ...]  # line, column, value, why
    change_rows: tuple[Row, ...]  # table, sort, id, name
    counts: tuple[Row, ...]  # table, added, changed, gone, same
    report_path: Path | None


class ImportJob(QObject):
    """Files of one kind. One piece of work at a time, in the thread of `background`; results come by signal."""

    progressed = Signal(str, float)
    looked = Signal(object)  # Shown
    applied = Signal()
    failed = Signal(object)  # ConsoleError

    def __init__(
        self, workspace: Path, background: Background, clock: Clock, actor: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace, self._background, self._clock, self._actor = workspace, background, clock, actor
        self._called_off = threading.Event()
        self._store: CatalogueStore | None = None  # touched by the background's one thread only
        self._seen: Look | None = None
        self._raster: tuple[Path, ...] = ()

    def look(self, kind: str, files: Sequence[Path], source: str, language: Language) -> None:
        """Read and compare; `looked` or `failed` follows."""
        self._called_off.clear()
        self._background.submit(lambda: self._look(kind, tuple(files), source, language), self._tell_look)

    def apply(self) -> None:
        """Do what the last look showed; `applied` or `failed` follows."""
        self._background.submit(self._apply, self._tell_applied)

    def call_off(self) -> None:
        """Stop reading as soon as may be and forget what was read. What is being applied is applied whole."""
        self._called_off.set()
        self._background.submit(self.forget, lambda _nothing: None)

    def _progress(self, stage: str, done: float) -> None:
        if self._called_off.is_set() and stage != "apply":
            raise ImportCancelled
        self.progressed.emit(stage, done)

    def _look(self, kind: str, files: tuple[Path, ...], source: str, language: Language) -> Shown:
        self.forget()
        if kind == RASTER:
            return self._look_at_raster(files)
        self._store = CatalogueStore.open(self._workspace / "catalogue.sqlite", self._clock)
        stamp = f"{self._clock.now():%Y%m%dT%H%M%SZ}"
        with Report(self._workspace / "imports" / f"{stamp}-{kind}.csv") as report:
            self._seen = look(self._store, kind, files, report, Options(source=source), self._progress)
        return shown(self._seen, language)

    def _look_at_raster(self, files: tuple[Path, ...]) -> Shown:
        told = [import_raster(path, self._workspace, dry_run=True) for path in files]
        self._raster = files
        rows = tuple(("basemaps", "", Path(str(t["file"])).name, f"zoom {t['zooms']}") for t in told)
        return Shown(len(rows), len(rows), 0, 0, len(rows), False, (), rows, (), None)

    def _apply(self) -> None:
        for path in self._raster:
            import_raster(path, self._workspace, progress=self._progress)
        if self._store is not None and self._seen is not None:
            apply(self._store, self._seen, self._actor, self._progress)
            self._seen = None
        self.forget()

    def forget(self) -> None:
        """Drop what was read and close the catalogue. In the background's thread, or when that has ended."""
        if self._store is not None:
            if self._seen is not None:
                discard(self._store, self._seen)
            self._store.close()
        self._store, self._seen, self._raster = None, None, ()

    def _tell_look(self, outcome: Shown | ConsoleError) -> None:
        self._tell(outcome, lambda: self.looked.emit(outcome))

    def _tell_applied(self, outcome: ConsoleError | None) -> None:
        self._tell(outcome, self.applied.emit)

    def _tell(self, outcome: object, well: Callable[[], object]) -> None:
        if isinstance(outcome, ConsoleError):
            self.failed.emit(outcome)
        else:
            well()


def shown(seen: Look, language: Language) -> Shown:
    """Return a look as texts."""
    report = seen.report
    bad = tuple((str(b.line), b.column, b.value, phrase(b.why, language)) for b in report.samples)
    return Shown(
        rows=report.rows,
        imported=report.imported,
        refused=report.refused,
        remarks=report.remarks,
        changes=seen.changes,
        takes_most_away=seen.loses_most,
        bad_rows=bad,
        change_rows=tuple(row for plan in seen.plans for row in _changes(plan)),
        counts=tuple((p.kind, f"{p.added:,}", f"{p.changed:,}", f"{p.gone:,}", f"{p.same:,}") for p in seen.plans),
        report_path=report.csv_path if report.counts else None,
    )


def _changes(plan: ImportPlan) -> list[Row]:
    sorts = (
        (translate("Import", "added"), plan.added_samples),
        (translate("Import", "changed"), plan.changed_samples),
        (translate("Import", "gone"), plan.gone_samples),
    )
    return [
        (
            plan.kind,
            sort,
            change.id,
            " · ".join([change.name, *(f"{n}: {old} → {new}" for n, old, new in change.fields)]),
        )
        for sort, samples in sorts
        for change in samples
    ]
