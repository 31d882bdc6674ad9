"""A line to type in and the places that were found, under the hand of the keyboard alone."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from smartcity_console.city.search import Finder, Found, FoundKind
from smartcity_console.console.camera_mime import drag_camera
from smartcity_console.console.language import translate
from smartcity_console.console.map.jobs import Job, JobPool

MOST_FOUND = 12
ROW_PX, FRAME_PX = 28, 14


class FoundList(QListWidget):
    """What was found; a camera among it can be carried to a tile of the wall."""

    def startDrag(self, actions: Qt.DropAction) -> None:
        del actions
        item = self.currentItem()
        found = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if isinstance(found, Found) and found.kind is FoundKind.CAMERA:
            drag_camera(self, found.id, found.title)


class SearchBox(QFrame):
    """Searches while it is typed, off the GUI thread; only the last text's places are shown."""

    chosen = Signal(object)  # Found
    left = Signal()
    grown = Signal()  # its size has changed

    def __init__(self, finder: Finder, pool: JobPool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("map_panel")
        self.setAutoFillBackground(True)
        self._finder, self._pool = finder, pool
        self._asked = 0
        self.line, self.places, self.told = QLineEdit(self), FoundList(self), QLabel(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        for part in (self.line, self.places, self.told):
            column.addWidget(part)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setProperty("tone", "dim")
        self.places.setObjectName("palette")
        self.places.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.places.setDragEnabled(True)
        self.line.textChanged.connect(self._ask)
        self.line.installEventFilter(self)
        self.places.itemClicked.connect(self._choose)
        self._show([], "")
        self.retranslate()

    def serve(self, finder: Finder, pool: JobPool) -> None:
        """Search another city from now on."""
        self._finder, self._pool = finder, pool
        self._ask(self.line.text())

    def open(self) -> None:
        self.line.selectAll()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def retranslate(self) -> None:
        self.line.setPlaceholderText(translate("Map", "Address, road, site, camera or coordinates"))
        self.line.setAccessibleName(translate("Map", "Search"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and event.type() == QEvent.Type.KeyPress:
            return self._key(QKeyEvent(event))  # type: ignore[call-overload]
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            self.places.setCurrentRow((self.places.currentRow() + step) % max(1, self.places.count()))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if (item := self.places.currentItem()) is not None:
                self._choose(item)
        else:
            return False
        return True

    def _ask(self, text: str) -> None:
        self._asked += 1
        if not text.strip():
            self._pool.post("search", [])
            self._show([], "")
            return
        run = partial(self._finder.find, text, MOST_FOUND)
        self._pool.post("search", [Job(self._asked, -500.0, run, partial(self._take, self._asked))])

    def _take(self, asked: int, found: list[Found]) -> None:
        if asked != self._asked:
            return
        told = "" if found else translate("Map", "Nothing found")
        if not self._finder.whole():
            told = translate("Map", "The index of names is being made: not all cameras are found yet")
        self._show(found, told)

    def _show(self, found: list[Found], told: str) -> None:
        self.places.clear()
        for one in found:
            detail = f" · {one.detail}" if one.detail else ""
            item = QListWidgetItem(f"{kind_word(one.kind)}  {one.title}{detail}")
            item.setData(Qt.ItemDataRole.UserRole, one)
            self.places.addItem(item)
        self.places.setCurrentRow(0)
        self.places.setVisible(bool(found))
        self.places.setFixedHeight(max(ROW_PX, self.places.sizeHintForRow(0)) * len(found) + FRAME_PX)
        self.told.setText(told)
        self.told.setVisible(bool(told))
        self.adjustSize()
        self.grown.emit()

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))


def kind_word(kind: FoundKind) -> str:
    """Return what a found place is, in the language of the screen."""
    return {
        FoundKind.COORDINATES: translate("Map", "Coordinates"),
        FoundKind.ADDRESS: translate("Map", "Address"),
        FoundKind.ROAD: translate("Map", "Road"),
        FoundKind.DISTRICT: translate("Map", "District"),
        FoundKind.SITE: translate("Map", "Site"),
        FoundKind.AGENCY: translate("Map", "Station"),
        FoundKind.CAMERA: translate("Map", "Camera"),
    }[kind]
