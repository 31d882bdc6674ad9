"""Panels as docks: to the next monitor by one key, and back by another."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.theme import COLOURS

MAP_SHARE, WALL_SHARE = 762, 790
"""How map and wall share what the queue leaves, in parts."""

AT_WISH = frozenset(("ptz",))
"""Panels that the standard layout does not show."""

QUEUE_MIN_PX, QUEUE_MAX_PX, STRIP_PX = 276, 352, 278
GAP_PX = 16  # wider than any separator between panels


def queue_width_px(window_px: int) -> int:
    """Return the width of the queue, and of the strip's first column under it."""
    return max(QUEUE_MIN_PX, min(round(window_px * 0.1835), QUEUE_MAX_PX))


class Docks:
    """Three panels around the queue. A docked panel has no title bar; a floating one has the window manager's."""

    def __init__(self, window: QMainWindow, panels: Mapping[str, QWidget]) -> None:
        self._window = window
        self.moved: Callable[[], None] = lambda: None
        self._docks = {name: self._dock(name, panel) for name, panel in panels.items()}
        window.setDockNestingEnabled(True)
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self._put()

    def __getitem__(self, name: str) -> QDockWidget:
        return self._docks[name]

    def retranslate(self) -> None:
        names = {
            "map": translate("Docks", "Map"),
            "wall": translate("Docks", "Cameras"),
            "strip": translate("Docks", "Incident"),
            "ptz": translate("Docks", "Steering a camera"),
        }
        for key, dock in self._docks.items():
            dock.setWindowTitle(names[key])
            dock.setAccessibleName(names[key])

    def to_next_screen(self, name: str) -> None:
        """Float a panel and fill the next monitor with it; from the last one it comes back into the window."""
        dock = self._docks[name]
        screens = QGuiApplication.screens()
        at = screens.index((dock if dock.isFloating() else self._window).screen())
        if dock.isFloating() and at + 1 >= len(screens):
            dock.setFloating(False)
            return
        area = screens[(at + 1) % len(screens)].availableGeometry()
        dock.setFloating(True)
        dock.setGeometry(area if len(screens) > 1 else area.adjusted(80, 80, -80, -80))
        dock.raise_()

    def toggle(self, name: str) -> None:
        """Show a panel that is there at wish, or put it away."""
        self._docks[name].setVisible(not self._docks[name].isVisible())
        self.moved()

    def bring_back(self) -> None:
        """Put every panel where it stands in the standard layout."""
        for name, dock in self._docks.items():
            dock.setFloating(False)
            dock.setVisible(name not in AT_WISH)
        self._put()

    def close_floating(self) -> None:
        """Hide what floats, so that no window is left when the main one closes."""
        for dock in self._docks.values():
            if dock.isFloating():
                dock.hide()

    def _put(self) -> None:
        window, docks = self._window, self._docks
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, docks["map"])
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, docks["wall"])
        window.splitDockWidget(docks["map"], docks["wall"], Qt.Orientation.Horizontal)
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, docks["strip"])
        if "ptz" in docks:
            window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, docks["ptz"])
            window.splitDockWidget(docks["wall"], docks["ptz"], Qt.Orientation.Horizontal)
            docks["ptz"].hide()
        self._size()

    def close_gap(self) -> None:
        """Let map and wall have what the queue has given up: Qt leaves it empty when its widest becomes narrower."""
        pair = [self._docks["map"], self._docks["wall"]]
        queue = self._window.centralWidget()
        if queue is None or any(dock.isFloating() or not dock.isVisible() for dock in pair):
            return
        gap_px = min(dock.x() for dock in pair) - queue.geometry().right()
        if GAP_PX < gap_px < self._window.width() // 2:
            widths = [dock.width() + gap_px * dock.width() // sum(d.width() for d in pair) for dock in pair]
            self._window.resizeDocks(pair, widths, Qt.Orientation.Horizontal)

    def _size(self) -> None:
        room = self._window.width() - queue_width_px(self._window.width())
        widths = [round(room * share / (MAP_SHARE + WALL_SHARE)) for share in (MAP_SHARE, WALL_SHARE)]
        self._window.resizeDocks([self._docks["map"], self._docks["wall"]], widths, Qt.Orientation.Horizontal)
        self._window.resizeDocks([self._docks["strip"]], [STRIP_PX], Qt.Orientation.Vertical)

    def _dock(self, name: str, panel: QWidget) -> QDockWidget:
        dock = QDockWidget(self._window)
        dock.setObjectName(f"dock:{name}")
        dock.setWidget(panel)
        dock.setStyleSheet(f"QDockWidget > QWidget {{ background: {COLOURS['line']}; }}")
        dock.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )
        bare = QWidget()
        dock.setTitleBarWidget(bare)
        dock.topLevelChanged.connect(lambda floating: self._floated(dock, bare, floating))
        return dock

    def _floated(self, dock: QDockWidget, bare: QWidget, floating: bool) -> None:
        dock.setTitleBarWidget(None if floating else bare)
        self.moved()
