"""The trainer's window on a drill's run, and the scenario editor: what they are given."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from pathlib import Path

from smartcity_console.clock import Clock
from smartcity_console.drill.facts import NoDrillHere, read_drill
from smartcity_console.journal import SqliteJournal
from smartcity_console.model.ids import new_id
from smartcity_console.runtime import is_running
from smartcity_console.settings import Settings

PROGRAMS = ("director", "gateway", "desk-police", "desk-fire", "feeds")


def run_trainer(run_dir: Path, settings: Settings, clock: Clock) -> int:
    """Show the trainer's window on a run until it closes; return the exit code. Raises NoDrillHere, DrillFactsRefused."""
    from smartcity_console.console.trainer.trainer_app import open_outside, run_trainer_window
    from smartcity_console.console.trainer.trainer_desk import TrainerParts
    from smartcity_console.drill.score.judge import score_of

    facts = read_drill(run_dir)
    if facts is None:
        raise NoDrillHere(folder=run_dir)
    journal_path = run_dir / "journal.sqlite"
    parts = TrainerParts(
        run_dir=run_dir,
        facts=facts,
        by=facts.trainer or getpass.getuser(),
        journal_path=journal_path,
        open_journal=lambda: SqliteJournal(journal_path, clock),
        judge=score_of,
        look=lambda: programs_of(run_dir),
        new_id=lambda prefix: new_id(prefix, clock.now(), os.urandom),
        poll_ms=settings.whole("journal.poll_ms"),
        language=settings.text("ui.language"),
        open_url=open_outside,
    )
    return run_trainer_window(parts, clock)


def programs_of(run_dir: Path) -> Mapping[str, bool]:
    """Return which of a run's programs live; on a worker."""
    return {name: is_running(run_dir, name) for name in PROGRAMS}
