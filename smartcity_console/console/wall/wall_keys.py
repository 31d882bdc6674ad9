"""The wall's own keys, for when it has the keyboard: arrows choose, Enter enlarges, Escape goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from smartcity_console.console.wall.wall_widget import WallWidget

PAN = 0.15  # of what a magnified tile shows, a press of a key
_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


def press(wall: WallWidget, event: QKeyEvent) -> bool:
    """Do what a key asks; return whether it was one of ours."""
    key = Qt.Key(event.key())
    if key in _STEPS:
        _arrow(wall, event, *_STEPS[key])
    elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and wall.selected() is not None:
        wall.toggle_maximised()
    elif key == Qt.Key.Key_R and wall.selected() is not None:
        wall.replayToggled.emit(wall.selected())
    elif key == Qt.Key.Key_Escape and wall.pane is not None:
        wall.paneLeft.emit()
    elif key == Qt.Key.Key_Escape and wall.maximised() is not None:
        wall.toggle_maximised()
    else:
        return False
    return True


def _arrow(wall: WallWidget, event: QKeyEvent, across: int, down: int) -> None:
    """Choose the next tile; with Ctrl move what a magnified one shows."""
    chosen = wall.chosen_widget()
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier and chosen is not None and chosen.zoom.is_on:
        chosen.set_zoom(chosen.zoom.moved(across * PAN, down * PAN))
    else:
        wall.step(across, down)
