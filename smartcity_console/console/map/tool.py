"""What a tool of the map is: it takes the pointer's clicks or drags, and the keys, while it is in hand."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from smartcity_console.console.map.view import MapView
from smartcity_console.console.theme import colour, font

Place = tuple[float, float]  # metres


class Tool:
    """Does nothing by itself. One that `drags` takes every press; else a drag moves the map and a click is the tool's."""

    name = ""
    drags = False
    cursor = Qt.CursorShape.CrossCursor

    def hint(self) -> str:
        """Return what to do next, in the language of the screen."""
        return ""

    def click(self, at: Place, view: MapView) -> None:
        """A place was clicked, or chosen by Enter."""

    def press(self, at: Place, view: MapView) -> None: ...

    def move(self, at: Place, view: MapView) -> None:
        """The pointer is over another place; a button is down where the tool `drags` and `press` came before."""

    def release(self, at: Place, view: MapView) -> None: ...

    def key(self, key: Qt.Key, *, fine: bool = False) -> bool:
        """Take a key, and return whether it was the tool's; `fine`: Shift is held."""
        del key, fine
        return False

    def paint(self, painter: QPainter, view: MapView) -> None: ...


def screen(view: MapView, at: Place) -> QPointF:
    return QPointF(*view.to_screen(*at))


def paint_plate(painter: QPainter, at: QPointF, text: str) -> None:
    """Paint a line of text on a plate, right above a point."""
    painter.setFont(font(12, bold=True))
    box = QFontMetricsF(painter.font()).boundingRect(text).adjusted(-7.0, -4.0, 7.0, 4.0)
    box.moveBottomLeft(QPointF(round(at.x() + 10.0), round(at.y() - 8.0)))
    painter.setPen(QPen(colour("line_strong"), 1.0))
    painter.setBrush(colour("panel_raised", 0.97))
    painter.drawRoundedRect(box, 3.0, 3.0)
    painter.setPen(colour("text"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
