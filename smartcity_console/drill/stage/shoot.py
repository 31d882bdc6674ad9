"""Films a scenario's stage: one camera or all, in step, to MP4 files; tells how far it is and stops when asked."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from smartcity_console.city import City
from smartcity_console.drill.scenario.model import Scenario, StageSpec
from smartcity_console.drill.stage.errors import SceneIncomplete
from smartcity_console.drill.stage.film import FPS, SHIPPED, Film
from smartcity_console.drill.stage.light import sees_infrared
from smartcity_console.drill.stage.location import set_of
from smartcity_console.drill.stage.loops import loops_of
from smartcity_console.drill.stage.render import Renderer, Stock, open_context
from smartcity_console.drill.stage.view import View
from smartcity_console.drill.stage.world import Set, models

SIZE_PX, SAMPLES, DRAFT_EVERY = (640, 360), 4, 3


@dataclass(frozen=True)
class Shot:
    """What is asked for. `seconds` 0: the whole length; a draft draws every third picture and shows it three times."""

    cameras: tuple[str, ...] = ()  # empty: all of the stage
    start_s: float = 0.0
    seconds: float = 0.0
    draft: bool = False


@dataclass(frozen=True)
class Progress:
    """How far a film is: pictures drawn of all that are to be drawn, over all cameras."""

    drawn: int
    wanted: int

    @property
    def share(self) -> float:
        return self.drawn / max(self.wanted, 1)


def film(
    scenario: Scenario,
    out: Path,
    shot: Shot | None = None,
    *,
    on_progress: Callable[[Progress], None] = lambda _: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> list[Path]:
    """Film a scenario into `out/CAMERA.mp4` and return the files. Call it in a process or thread of its own.

    A file appears only when it is whole; one that was there stays until then. When cancelled, nothing is returned and
    nothing half is left. Raises SceneIncomplete, FontMissing, CatalogueMissing, OSError.
    """
    stage = scenario.stage
    if stage is None:
        raise SceneIncomplete(what=f"{scenario.id} has no stage")
    asked = shot or Shot()
    cameras = asked.cameras or stage.cameras
    made = set_of(City.open(scenario.city), replace_cameras(stage, cameras), loops_of(scenario.feeds))
    out.mkdir(parents=True, exist_ok=True)
    return _roll(made, stage, _Take(asked, tuple(cameras), out), on_progress, is_cancelled)


def replace_cameras(stage: StageSpec, cameras: tuple[str, ...]) -> StageSpec:
    """Return the stage with cameras that are not its own added: their sight is kept free as the others' is."""
    return msgspec.structs.replace(stage, cameras=tuple(dict.fromkeys((*stage.cameras, *cameras))))


@dataclass(frozen=True)
class _Take:
    shot: Shot
    cameras: tuple[str, ...]
    out: Path

    def indices(self, length_s: float) -> range:
        """Return the numbers of the pictures that are drawn."""
        seconds = self.shot.seconds or length_s - self.shot.start_s
        return range(0, round(seconds * FPS), DRAFT_EVERY if self.shot.draft else 1)


def _roll(
    made: Set,
    stage: StageSpec,
    take: _Take,
    on_progress: Callable[[Progress], None],
    is_cancelled: Callable[[], bool],
) -> list[Path]:
    stock = Stock(open_context(), made.scenery())
    rolls = {camera: _Roll(stock, made.views[camera], camera, stage, take.out) for camera in take.cameras}
    indices = take.indices(stage.length_s)
    try:
        for drawn, index in enumerate(indices, start=1):
            if is_cancelled():
                return []
            moment = made.moment(take.shot.start_s + index / FPS)
            for roll in rolls.values():
                picture = roll.renderer.frame(moment, index)
                roll.film.add(picture, DRAFT_EVERY if take.shot.draft else 1)
            on_progress(Progress(drawn * len(rolls), len(indices) * len(rolls)))
        return [roll.film.finish() for roll in rolls.values()]
    finally:
        for roll in rolls.values():
            roll.film.drop()
        stock.gl.release()


class _Roll:
    """One camera with its film."""

    def __init__(self, stock: Stock, view: View, camera: str, stage: StageSpec, out: Path) -> None:
        size = replace(view, width_px=SIZE_PX[0], height_px=SIZE_PX[1])
        seed = zlib.crc32(camera.encode())
        infrared = sees_infrared(camera, stage.light)
        self.renderer = Renderer(stock, models(), size, samples=SAMPLES, infrared=infrared, seed=seed)
        self.film = Film(out / f"{camera}.mp4", SIZE_PX, SHIPPED)
