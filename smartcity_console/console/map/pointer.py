"""The pointer on the map: a drag moves it, a click acts, unless a tool is in hand that wants them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt

from smartcity_console.console.map.toolbox import ToolBox
from smartcity_console.console.map.view import MapView

CLICK_PX = 5  # a press that moves less is a click


@dataclass(frozen=True)
class Acts:
    """What the pointer has the map do."""

    view: Callable[[], MapView]
    drag_by: Callable[[float, float], None]
    hover: Callable[[QPointF], None]
    click: Callable[[QPointF], None]
    shape: Callable[[Qt.CursorShape], None]
    carry: Callable[[QPointF], bool] = lambda _at: False  # take what lies here away by dragging; whether there was such


class Pointer:
    """Follows the left button."""

    def __init__(self, tools: ToolBox, acts: Acts) -> None:
        self._tools, self._acts = tools, acts
        self._drag: tuple[QPointF, QPointF] | None = None  # where it began, where it is
        self.dragging, self._by_tool = False, False

    def press(self, at: QPointF) -> None:
        self._by_tool = self._tools.press(at, self._acts.view())
        self._drag, self.dragging = (at, at), False

    def move(self, at: QPointF) -> None:
        if self._drag is None:
            if not self._tools.move(at, self._acts.view()):
                self._acts.hover(at)
        elif self._by_tool:
            self._tools.drag(at, self._acts.view())
        else:
            self._pull(at)

    def release(self, at: QPointF) -> None:
        if self._drag is None:
            return
        clicked, self._drag, self.dragging = not self.dragging, None, False
        if self._by_tool:
            self._tools.release(at, self._acts.view())
        elif clicked and self._tools.click(at, self._acts.view()):
            return
        else:
            self._acts.hover(at)
            if clicked:
                self._acts.click(at)

    def shape(self) -> Qt.CursorShape | None:
        """Return the cursor of the tool in hand."""
        return self._tools.tool.cursor if self._tools.tool is not None else None

    def _pull(self, at: QPointF) -> None:
        start, last = self._drag or (at, at)
        away = at - start
        if not self.dragging and abs(away.x()) + abs(away.y()) >= CLICK_PX and self._acts.carry(start):
            self._drag = None
            return
        if self.dragging or abs(away.x()) + abs(away.y()) >= CLICK_PX:
            moved = at - last
            self.dragging, self._drag = True, (start, at)
            self._acts.shape(Qt.CursorShape.ClosedHandCursor)
            self._acts.drag_by(moved.x(), moved.y())
