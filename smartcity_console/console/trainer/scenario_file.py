"""The scenario that a run plays: a copy of its file lies in the run's own workspace."""

from __future__ import annotations

from pathlib import Path

from smartcity_console.drill.scenario.model import Scenario
from smartcity_console.drill.scenario.read import FILE, read_scenario


def scenario_of_run(run_dir: Path) -> Scenario:
    """Return it; on a worker. Raises ScenarioRefused, NoSuchScenario."""
    return read_scenario(run_dir / FILE)
