"""An import from file to catalogue: look (read and compare, nothing changed), then apply or discard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smartcity_console.city.importers.child import ChildReader
from smartcity_console.city.importers.errors import FileUnreadable, UnknownKind
from smartcity_console.city.importers.kinds import KINDS_OF_DATA
from smartcity_console.city.importers.parts import Options, Part, source_of
from smartcity_console.city.importers.progress import Progress, silent
from smartcity_console.city.importers.report import Report
from smartcity_console.city.store import CatalogueStore, ImportPlan
from smartcity_console.city.store.staging import Batch

LARGE_BYTES = 32 << 20
"""From this size on a file is read in a process of its own; starting one costs half a second."""


@dataclass(frozen=True)
class Look:
    """What an import would do: one plan for each table that it touches, and the report of its rows."""

    kind: str
    source: str
    files: tuple[Path, ...]
    plans: tuple[ImportPlan, ...]
    report: Report

    @property
    def changes(self) -> int:
        return sum(plan.added + plan.changed + plan.gone for plan in self.plans)

    @property
    def loses_most(self) -> bool:
        """Whether more than half of what this source had would go: most likely another city's file."""
        return any(plan.gone > plan.changed + plan.same for plan in self.plans)


def look(
    store: CatalogueStore,
    kind: str,
    files: Sequence[Path],
    report: Report,
    options: Options | None = None,
    progress: Progress = silent,
) -> Look:
    """Read files and compare them with the catalogue; nothing is changed.

    Raises UnknownKind, FileUnreadable, ColumnsMissing, LayerMissing, and whatever `progress` raises to call it off.
    """
    options = options or Options()
    paths = _checked(kind, files)
    source = source_of(paths, options)
    plans: list[ImportPlan] = []
    try:
        with _parts(kind, paths, options, report, progress) as parts:
            for part in parts:
                plans.append(store.plan_batches(part.kind, source, _watched(part, progress)))
    except BaseException:
        for plan in plans:
            store.discard(plan)
        raise
    report.close()
    return Look(kind, source, paths, tuple(plans), report)


def apply(store: CatalogueStore, seen: Look, actor: str = "", progress: Progress = silent) -> None:
    """Do what the look showed: all tables or none. Raises PlanOutdated, CatalogueBusy."""

    def told(done: int, rows: int | None) -> None:
        progress("apply", done / rows if rows else 1.0)

    progress("apply", 0.0)
    store.apply_all(seen.plans, actor=actor, progress=told)
    progress("apply", 1.0)


def discard(store: CatalogueStore, seen: Look) -> None:
    """Forget it."""
    for plan in seen.plans:
        store.discard(plan)


def _checked(kind: str, files: Sequence[Path]) -> tuple[Path, ...]:
    if kind not in KINDS_OF_DATA:
        raise UnknownKind(kind=kind, kinds=", ".join(KINDS_OF_DATA))
    for path in files:
        if not path.is_file():
            raise FileUnreadable(path=path, why="no such file")
    return tuple(files)


@contextmanager
def _parts(
    kind: str, files: Sequence[Path], options: Options, report: Report, progress: Progress
) -> Iterator[Iterator[Part]]:
    if sum(path.stat().st_size for path in files) < LARGE_BYTES:
        yield KINDS_OF_DATA[kind].read(files, options, report, progress)
        return
    with ChildReader(kind, files, options, report, progress) as child:
        yield child.parts()


def _watched(part: Part, progress: Progress) -> Iterator[Batch]:
    yield from part.batches
    progress("compare", 0.0)
