"""Plays a drill on a console of its own, with a scripted operator instead of a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from smartcity_console.clock import Clock
from smartcity_console.console.app import StopSignals, application
from smartcity_console.console.assembly import Console
from smartcity_console.console.parts import ConsoleParts
from smartcity_console.console.unattended.camera import ScreenCamera
from smartcity_console.console.unattended.drill_operator import Operator
from smartcity_console.console.unattended.operators import Manner
from smartcity_console.console.unattended.play import SCREEN_PX
from smartcity_console.console.unattended.script import Player
from smartcity_console.drill.scenario.model import Scenario
from smartcity_console.model.errors import ConsoleError
from smartcity_console.settings import Settings


@dataclass
class DrillPlayed:
    """How a scripted operator's drill went. `error`: why his script broke off."""

    error: ConsoleError | None = None
    screenshots: list[Path] = field(default_factory=list)


def play_drill(
    run_dir: Path,
    settings: Settings,
    clock: Clock,
    parts: ConsoleParts,
    scenario: Scenario,
    manner: Manner,
    pictures: Path,
) -> DrillPlayed:
    """Play until the drill's end; the console is closed when this returns."""
    app = application()
    console = Console(app, run_dir, settings, clock, parts)
    played = DrillPlayed()
    shots = ScreenCamera(console.window, pictures)
    player = Player(Operator(console, scenario, manner, clock, shots).script(), clock, lambda: console.notice.text)

    def ended(error: ConsoleError | None) -> None:
        played.error = error
        if error is not None:
            shots.shoot("where-it-ended")
        console.window.close()

    player.ended.connect(ended)
    with StopSignals(console.window.close):
        console.window.resize(*SCREEN_PX)
        console.window.show()
        console.start()
        player.start()
        app.exec()
    console.close()
    played.screenshots = list(shots.paths)
    return played
