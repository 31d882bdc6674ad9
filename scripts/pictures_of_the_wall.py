"""Draws the picture of the wall: the sample feeds, recorded by a real gateway, on the console's own wall, offscreen.

    python -m scripts.pictures_of_the_wall [--out docs/pictures] [--all]

wall: a wall of 1+7 with a replay beside the live picture. --all adds every layout and the whole window, to look at.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from smartcity_console.__main__ import main as program
from smartcity_console.children import Child
from smartcity_console.clock import SystemClock
from smartcity_console.composition.seat import SeatParts
from smartcity_console.composition.unattended import FREE_PORTS
from smartcity_console.console.assembly import Console
from smartcity_console.console.parts import ConsoleParts
from smartcity_console.console.wall.control import WallControl
from smartcity_console.console.wall.replay_pane import ReplayPane
from smartcity_console.console.wall.wall_widget import WallWidget
from smartcity_console.settings import Settings

READY_LIMIT_MS = 60_000
RECORD_MS = 20_000
CAMERAS = ("GN-0006", "GN-0007", "GN-0008")
SIZES = {"1920": (1920, 1080), "1366": (1366, 768)}


@contextmanager
def staged(folder: Path, language: str) -> Iterator[tuple[Console, ConsoleParts]]:
    """Run feeds, gateway and a console that verifies the sample robbery."""
    clock = SystemClock()
    sets = [part for pair in FREE_PORTS for part in ("--set", pair)]
    children = [Child(folder, name, [name, *sets], clock, lambda _name, _state: None) for name in ("feeds", "gateway")]
    console = None
    try:
        for child in children:
            child.start()
        settings = Settings().replaced({"ui.language": language})
        parts = SeatParts(folder, settings, clock, "3", lambda: None).parts()
        app = QApplication.instance() or QApplication([])
        assert isinstance(app, QApplication)
        console = Console(app, folder, settings, clock, parts)
        console.window.resize(*SIZES["1920"])
        console.window.show()
        console.start()
        program(["alarm", "--workspace", str(folder), *sets])
        wait(lambda: console.seat.incident is not None)
        console.runner.run("incident.claim")
        wait(lambda: live(console.wall_view, 5))
        yield console, parts
    finally:
        if console is not None:
            console.window.close()
        for child in reversed(children):
            child.stop()


def wait(until: Callable[[], bool], limit_ms: int = READY_LIMIT_MS) -> None:
    """Let Qt run until something is so. Raises TimeoutError."""
    clock = SystemClock()
    end_s = clock.monotonic_s() + limit_ms / 1000
    while not until():
        if clock.monotonic_s() > end_s:
            raise TimeoutError("what the picture is of did not come up")
        QTest.qWait(20)


def live(wall: WallWidget, tiles: int) -> bool:
    """Return whether so many tiles have a picture."""
    return sum(widget.frame is not None for widget in wall.tile_widgets()) >= tiles


class Studio:
    """Brings the wall into a state, waits for its pictures, keeps a PNG."""

    def __init__(self, console: Console, parts: ConsoleParts, out: Path) -> None:
        self.console, self.parts, self._out = console, parts, out
        out.mkdir(parents=True, exist_ok=True)

    @property
    def walls(self) -> WallControl:
        assert self.console.walls is not None
        return self.console.walls

    def run(self, *op_ids: str) -> None:
        for op_id in op_ids:
            self.console.runner.run(op_id)
            QTest.qWait(60)

    def shoot(self, name: str, widget: QWidget, tiles: int) -> None:
        """Keep what a widget shows once so many tiles of the wall at work have a picture."""
        wait(lambda: live(self.walls.active.wall, tiles))
        QTest.qWait(700)
        path = self._out / f"{name}.png"
        if not widget.grab().save(str(path), "PNG"):
            raise OSError(f"{path} could not be written")
        print(path, flush=True)

    def replay(self, *op_ids: str) -> None:
        """Choose the first tile and look back."""
        self.walls.active.wall.point_at(1)
        self.run(*op_ids)
        wait(self.pane_shows)

    def pane_shows(self) -> bool:
        pane = self.walls.active.wall.pane
        return isinstance(pane, ReplayPane) and pane.frame is not None

    def second_wall(self, layout: str) -> WallWidget:
        """Open the second wall with every sample camera on it."""
        self.walls.toggle_window()
        assert self.walls.window is not None
        self.walls.window.resize(*SIZES["1920"])
        wall = self.walls.window.wall
        wall.point_at(1)
        incident = self.console.seat.incident
        assert incident is not None
        ranked = [seen.camera_id for seen in incident.cameras]
        more = [camera_id for camera_id in CAMERAS if camera_id not in ranked]
        self.walls.active.show_set(self.parts.seen_for([*ranked, *more][:8], incident))
        self.run(f"wall.layout.{layout}")
        return wall


def the_picture(studio: Studio) -> None:
    """Draw the one of the documentation."""
    wall = studio.second_wall("1+7")
    wait(lambda: live(wall, 8))
    QTest.qWait(RECORD_MS)
    studio.replay("wall.replay.back.5", "wall.replay.back.5")
    wall.point_at(1)
    studio.shoot("wall", wall, 8)
    studio.walls.toggle_window()


def every_layout(studio: Studio) -> None:
    """Draw each layout on both screens, with a replay, frozen, magnified."""
    console = studio.console
    for size, shape in SIZES.items():
        console.window.resize(*shape)
        for layout in ("6", "1", "4", "9", "16", "25", "1+5", "1+7"):
            studio.run(f"wall.layout.{layout}")
            studio.shoot(f"{size}-{layout}", console.window, min(5, int(layout.split("+")[-1])))
        for layout in ("6", "1+5", "16"):
            studio.run(f"wall.layout.{layout}")
            studio.replay("wall.replay.back.30")
            studio.shoot(f"{size}-replay-{layout}", console.window, 2)
            studio.run("wall.replay.live", "wall.freeze", "wall.zoom.in", "wall.zoom.in")
            studio.shoot(f"{size}-frozen-{layout}", console.window, 2)
            studio.run("wall.freeze", "wall.zoom.whole")


def main(argv: list[str] | None = None) -> int:
    """Draw; print each picture's path."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"))
    parser.add_argument("--all", action="store_true", help="every layout too")
    parser.add_argument("--language", default="ko", choices=("ko", "en"))
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder, staged(Path(folder), options.language) as (console, parts):
        studio = Studio(console, parts, options.out)
        the_picture(studio)
        if options.all:
            every_layout(studio)
    return 0


if __name__ == "__main__":
    sys.exit(main())
