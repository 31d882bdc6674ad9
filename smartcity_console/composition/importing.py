"""`smartcity-console import KIND FILE…`: progress on stderr, what would change before it is changed, a CSV of bad rows."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path
from typing import TextIO

from smartcity_console.city.importers import Look, Options, Report, apply, discard, import_raster, look
from smartcity_console.city.store import CatalogueStore, ImportPlan
from smartcity_console.clock import Clock
from smartcity_console.model.errors import Language

BAR_CHARS = 30
REDRAW_S = 0.1
STAGES = {"read": "읽기", "compare": "비교", "apply": "적용"}
ACTOR = "import"
EXIT_NOT_APPLIED = 4


class Bar:
    """A progress bar on one line of a terminal; elsewhere a line for each tenth."""

    def __init__(self, out: TextIO, clock: Clock) -> None:
        self._out, self._clock = out, clock
        self._live = out.isatty()
        self._stage, self._drawn_s, self._tenth = "", -1.0, 0

    def __call__(self, stage: str, done: float) -> None:
        """Show a stage and how much of it is done, 0..1."""
        now_s = self._clock.monotonic_s()
        is_new, self._stage = stage != self._stage, stage
        if not self._live:
            tenth = int(done * 10)
            if is_new or tenth > self._tenth:
                print(f"{STAGES.get(stage, stage)} {done:.0%}", file=self._out, flush=True)
            self._tenth = tenth
        elif is_new or done >= 1.0 or now_s - self._drawn_s >= REDRAW_S:
            self._draw(stage, done)
            self._drawn_s = now_s

    def _draw(self, stage: str, done: float) -> None:
        filled = round(BAR_CHARS * done)
        bar = "█" * filled + "·" * (BAR_CHARS - filled)
        self._out.write(f"\r{STAGES.get(stage, stage)} {bar} {done:4.0%}\x1b[K")
        self._out.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._live:
            self._out.write("\r\x1b[K")
            self._out.flush()


def run_import(options: Namespace, language: Language, clock: Clock) -> int:
    """Carry out the sub-command; its last line on stdout is one JSON object. Raises ConsoleError."""
    if options.kind == "raster":
        return _raster(options)
    options.workspace.mkdir(parents=True, exist_ok=True)
    bar = Bar(sys.stderr, clock)
    chosen = Options(options.source, options.ownership, options.crs, options.encoding)
    with (
        CatalogueStore.open(options.workspace / "catalogue.sqlite", clock) as store,
        Report(options.report or _report_path(options.workspace, options.kind, clock)) as report,
    ):
        try:
            seen = look(store, options.kind, options.files, report, chosen, bar)
        finally:
            bar.end()
        print("\n".join(summary(seen, language)), file=sys.stderr)
        applied = _decide(options, store, seen, bar)
    print(json.dumps(facts(seen, applied), ensure_ascii=False), flush=True)
    return 0 if applied or options.dry_run else EXIT_NOT_APPLIED


def _decide(options: Namespace, store: CatalogueStore, seen: Look, bar: Bar) -> bool:
    """Apply when told to or when the operator says so; else forget the plans."""
    if options.dry_run or not (options.yes or _agreed()):
        discard(store, seen)
        return False
    try:
        apply(store, seen, ACTOR, bar)
    finally:
        bar.end()
    return True


def _agreed() -> bool:
    """Ask. Nobody there to answer is a no."""
    if not sys.stdin.isatty():
        print("적용하지 않았습니다: --yes 로 적용합니다. / Not applied: --yes applies.", file=sys.stderr)
        return False
    print("적용할까요? / Apply? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "예", "네")


def _report_path(workspace: Path, kind: str, clock: Clock) -> Path:
    return workspace / "imports" / f"{clock.now():%Y%m%dT%H%M%SZ}-{kind}.csv"


def summary(seen: Look, language: Language) -> list[str]:
    """Return what a person reads before deciding."""
    report, korean = seen.report, language == "ko"
    told = (
        f"{report.rows:,}행: 가져옴 {report.imported:,} · 제외 {report.refused:,} · 참고 {report.remarks:,}"
        if korean
        else f"{report.rows:,} rows: {report.imported:,} imported, {report.refused:,} refused, {report.remarks:,} remarks"
    )
    lines = [told, *report.lines(language), *report.notes]
    lines += [_plan_line(plan, korean) for plan in seen.plans]
    if seen.loses_most:
        lines.append(
            "주의: 이 출처의 기록 대부분이 사라집니다. 다른 도시의 파일이면 --source 로 이름을 달리 주십시오."
            if korean
            else "Take care: most of this source's records would go. For another city's file give another --source."
        )
    if report.csv_path is not None and report.counts:
        lines.append(f"{'행별 보고서' if korean else 'Row by row'}: {report.csv_path}")
    return lines


def _plan_line(plan: ImportPlan, korean: bool) -> str:
    figures = (plan.added, plan.changed, plan.gone, plan.same)
    words = ("추가", "변경", "삭제", "그대로") if korean else ("added", "changed", "gone", "same")
    counted = " · ".join(f"{word} {figure:,}" for word, figure in zip(words, figures, strict=True))
    return f"{plan.kind} ({plan.source}): {counted}"


def facts(seen: Look, applied: bool) -> dict[str, object]:
    """Return the figures for programs: `rows` = `imported` + `reported`."""
    report = seen.report
    names = ("rows", "added", "changed", "gone", "same")
    return {
        "kind": seen.kind,
        "source": seen.source,
        "applied": applied,
        "rows": report.rows,
        "imported": report.imported,
        "reported": report.refused,
        "remarks": report.remarks,
        "report": str(report.csv_path) if report.counts else None,
        "tables": {plan.kind: {name: getattr(plan, name) for name in names} for plan in seen.plans},
    }


def _raster(options: Namespace) -> int:
    for path in options.files:
        told = import_raster(path, options.workspace, dry_run=options.dry_run)
        print(json.dumps(told, ensure_ascii=False), flush=True)
    return 0
