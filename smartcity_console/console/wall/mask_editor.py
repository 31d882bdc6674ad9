"""Draws privacy masks on a tile's picture: click corners, Enter closes an area, a reason makes it count."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.texts import label
from smartcity_console.console.theme import colour, font
from smartcity_console.console.wall.mask_paint import on_screen
from smartcity_console.model.masks import Polygon, Polygons, area

_CORNER_PX = 4
_BAR_PX = 40
_SMALLEST = 1e-4
_MOST_REASON = 200
Done = Callable[[Polygons, str], None]


class MaskEditor(QWidget):
    """Lies over one tile. `picture`: where the picture lies on it. `done` gets all areas and the reason."""

    def __init__(self, tile: QWidget, picture: QRect, polygons: Sequence[Polygon], done: Done) -> None:
        super().__init__(tile)
        self._picture, self._done = picture, done
        self.polygons: list[Polygon] = list(polygons)
        self.corners: list[tuple[float, float]] = []
        self._pointer: tuple[float, float] | None = None
        self.setObjectName("mask_editor")
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._make_bar()
        tile.installEventFilter(self)
        self.setGeometry(tile.rect())
        self.setAccessibleName(translate("Mask", "Privacy masks: draw areas"))
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _make_bar(self) -> None:
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(_MOST_REASON)
        self.reason.setFont(font(14))
        self.reason.setPlaceholderText(translate("Mask", "Reason for the record"))
        self.reason.setAccessibleName(translate("Mask", "Reason for the record"))
        self.keep = self._button(translate("Mask", "Keep"), self.finish)
        back = self._button(translate("Mask", "Take back"), self.take_back)
        leave = self._button(translate("Mask", "Cancel"), self.leave)
        self._hint = label(12)
        self._hint.setText(translate("Mask", "Click corners, Enter closes an area, Backspace takes back, Esc leaves"))
        self._bar = (self.reason, back, self.keep, leave)
        row = QHBoxLayout()
        row.addWidget(self.reason, 1)
        for button in (back, self.keep, leave):
            row.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 6, 6, 6)
        box.addWidget(self._hint)
        box.addStretch(1)
        box.addLayout(row)
        self.reason.textChanged.connect(self._look)
        self.reason.returnPressed.connect(self.finish)
        self._look()

    def _button(self, text: str, done: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _checked=False: done())
        return button

    # ---- what it does ----------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Give the areas away, if there is a reason; an area with three corners or more is closed first."""
        self.close_area()
        if self.keep.isEnabled():
            polygons, reason = tuple(self.polygons), self.reason.text().strip()
            self.leave()
            self._done(polygons, reason)

    def close_area(self) -> None:
        """Make the corners an area. Fewer than three, or all on a line, are let go."""
        polygon = tuple((round(x, 4), round(y, 4)) for x, y in self.corners)
        self.corners = []
        if len(polygon) >= 3 and abs(area(polygon)) > _SMALLEST:
            self.polygons.append(polygon)
        self._look()

    def take_back(self) -> None:
        """Take the last corner back, or the last area."""
        if self.corners:
            self.corners.pop()
        elif self.polygons:
            self.polygons.pop()
        self._look()

    def leave(self) -> None:
        """Go away without a word."""
        self.parentWidget().removeEventFilter(self)
        self.parentWidget().setFocus()
        self.hide()
        self.deleteLater()

    def _look(self) -> None:
        """The bar makes way while an area is drawn: corners may lie under it."""
        self.keep.setEnabled(bool(self.reason.text().strip()))
        for widget in self._bar:
            widget.setVisible(not self.corners)
        self.update()

    # ---- Qt --------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.corners.append(self._part(event.position()))
            self._look()
        else:
            self.take_back()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.close_area()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = self._part(event.position())
        self.update()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        verbs = {
            Qt.Key.Key_Return: self.close_area,
            Qt.Key.Key_Enter: self.close_area,
            Qt.Key.Key_Backspace: self.take_back,
            Qt.Key.Key_Escape: self.leave,
        }
        verb = verbs.get(Qt.Key(event.key()))
        if verb is not None:
            verb()
        event.accept()  # no key of the editor is a key of the wall

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A tile that changes its size takes the editor away: corners would no longer lie where they were put."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Hide):
            self.leave()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRect(0, 0, self.width(), 24), colour("panel", 0.85))
        if not self.corners:
            painter.fillRect(QRect(0, self.height() - _BAR_PX, self.width(), _BAR_PX), colour("panel", 0.85))
        painter.setPen(QPen(colour("warn"), 2))
        painter.setBrush(colour("warn", 0.45))
        for polygon in self.polygons:
            painter.drawPolygon(on_screen(self._picture, polygon))
        self._paint_open(painter)

    def _paint_open(self, painter: QPainter) -> None:
        corners = [*self.corners, *([self._pointer] if self._pointer and self.corners else [])]
        points = on_screen(self._picture, tuple(corners))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(colour("warn"))
        for point in list(points)[: len(self.corners)]:
            painter.drawEllipse(point, _CORNER_PX, _CORNER_PX)

    def _part(self, at: QPointF) -> tuple[float, float]:
        x = (at.x() - self._picture.left()) / max(1, self._picture.width())
        y = (at.y() - self._picture.top()) / max(1, self._picture.height())
        return min(1.0, max(0.0, x)), min(1.0, max(0.0, y))
