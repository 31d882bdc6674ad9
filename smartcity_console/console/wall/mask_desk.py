"""Asks for what the mask operations need: areas drawn on the chosen tile, or a reason and minutes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.operations.masks import LONGEST_LIFT_MIN, MaskChange, MaskLiftWish
from smartcity_console.console.runner import Runner
from smartcity_console.console.seat import Seat
from smartcity_console.console.wall.mask_editor import MaskEditor
from smartcity_console.console.wall.name_prompt import NamePrompt
from smartcity_console.console.wall.tile_widget import TileWidget
from smartcity_console.model.masks import Polygons

LIFT_MIN = 5.0


class MaskDesk(QObject):
    """Listens to the runner. `chosen`: the chosen tile of the wall at work."""

    def __init__(self, window: QWidget, seat: Seat, runner: Runner, chosen: Callable[[], TileWidget | None]) -> None:
        super().__init__(window)
        self._seat, self._runner, self._chosen = seat, runner, chosen
        self._prompt = NamePrompt(window)
        self.editor: MaskEditor | None = None
        runner.asked.connect(self._asked)

    def _asked(self, op_id: str, needs: str) -> None:
        tile = self._chosen()
        if tile is None or tile.tile is None:
            return
        camera_id = tile.tile.seen.camera_id
        if needs == "mask":
            self._draw(tile, op_id, camera_id)
        elif needs == "mask_lift":
            title = translate("Mask", "Why are the masks lifted for {minutes:g} minutes?").format(minutes=LIFT_MIN)
            self._prompt.ask(title, (), lambda why: self._lift(op_id, camera_id, why))

    def _draw(self, tile: TileWidget, op_id: str, camera_id: str) -> None:
        mask = self._seat.session.centre.masks.get(camera_id)
        before = mask.polygons if mask is not None else ()
        tile.set_zoom(type(tile.zoom)())

        def done(polygons: Polygons, reason: str) -> None:
            self._runner.run(op_id, MaskChange(camera_id, polygons, before, reason))

        self.editor = MaskEditor(tile, tile.picture_place(), before, done)
        self.editor.destroyed.connect(self._forget)

    def _lift(self, op_id: str, camera_id: str, why: str) -> None:
        self._runner.run(op_id, MaskLiftWish(camera_id, min(LIFT_MIN, LONGEST_LIFT_MIN), why))

    def _forget(self) -> None:
        self.editor = None
