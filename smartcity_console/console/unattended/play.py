"""Runs a console on a script instead of a person."""

from __future__ import annotations

from pathlib import Path

from smartcity_console.clock import Clock
from smartcity_console.console.app import StopSignals, application
from smartcity_console.console.assembly import Console
from smartcity_console.console.parts import ConsoleParts
from smartcity_console.console.unattended.acts import Played, World
from smartcity_console.console.unattended.camera import ScreenCamera
from smartcity_console.console.unattended.journey import Journey
from smartcity_console.console.unattended.script import Player
from smartcity_console.model.errors import ConsoleError
from smartcity_console.settings import Settings

SCREEN_PX = (1920, 1080)


def play(workspace: Path, settings: Settings, clock: Clock, parts: ConsoleParts, world: World, out: Path) -> Played:
    """Play the day on a console of its own; return what came of it, however it ended."""
    app = application()
    console = Console(app, workspace, settings, clock, parts)
    played = Played()
    shots = ScreenCamera(console.window, out)
    player = Player(Journey(console, world, clock, played).script(shots), clock, lambda: console.notice.text)

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
    centre = console.session.centre
    console.close()
    played.incidents = [centre.incidents[i] for i in played.incident_ids]
    played.alerts_received = len(centre.alert_times)
    played.screenshots = list(shots.paths)
    return played
