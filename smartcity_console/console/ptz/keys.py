"""Steering by keys, in a mode that is visibly on: arrows turn, Page Up and Page Down zoom, Shift is slow, Esc ends."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QTextEdit

from smartcity_console.console.ptz.driver import STILL, PtzDriver
from smartcity_console.model.ptz import Velocity

SLOW = 0.25
_PAN = {Qt.Key.Key_Left: -1.0, Qt.Key.Key_Right: 1.0}
_TILT = {Qt.Key.Key_Up: 1.0, Qt.Key.Key_Down: -1.0}
_ZOOM = {Qt.Key.Key_PageUp: 1.0, Qt.Key.Key_PageDown: -1.0}
KEYS = frozenset({*_PAN, *_TILT, *_ZOOM})
_TYPING = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox)
_LOSSES = frozenset((QEvent.Type.WindowDeactivate, QEvent.Type.ApplicationDeactivate))


class SteeringKeys(QObject):
    """Filters the application's keys while the driver is in its mode. A field that is typed into keeps its keys."""

    def __init__(self, driver: PtzDriver) -> None:
        super().__init__(driver)
        self._driver = driver
        self._down: set[Qt.Key] = set()
        self._slow = False
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)
        application.applicationStateChanged.connect(self._state_changed)

    def close(self) -> None:
        """Give the keys back."""
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._driver.mode:
            self._down.clear()
            return False
        if event.type() in _LOSSES:
            self._all_up()
        elif isinstance(event, QKeyEvent):
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        """Return whether the key was the mode's."""
        key = Qt.Key(event.key())
        kind = event.type()
        if kind == QEvent.Type.KeyRelease and key in self._down:
            if not event.isAutoRepeat():
                self._down.discard(key)
                self._say()
            return True
        if isinstance(QApplication.focusWidget(), _TYPING):
            return False
        if kind == QEvent.Type.ShortcutOverride and (key in KEYS or key == Qt.Key.Key_Escape) and _is_plain(event):
            event.accept()
            return True
        if kind == QEvent.Type.KeyPress and key == Qt.Key.Key_Escape and _is_plain(event):
            self._all_up()
            self._driver.set_mode(False)
            return True
        if kind == QEvent.Type.KeyPress and key in KEYS and _is_plain(event):
            self._slow = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._down.add(key)
            self._say()
            return True
        return False

    def _say(self) -> None:
        share = SLOW if self._slow else 1.0
        pan, tilt, zoom = (sum(way.get(k, 0.0) for k in self._down) * share for way in (_PAN, _TILT, _ZOOM))
        self._driver.hold("keys", Velocity(pan, tilt, zoom) if self._down else STILL)

    def _all_up(self) -> None:
        self._down.clear()
        self._say()

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        """Another program has the keyboard: the release of a key will not be heard."""
        if state != Qt.ApplicationState.ApplicationActive and self._down:
            self._all_up()


def _is_plain(event: QKeyEvent) -> bool:
    other = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
    return not event.modifiers() & other
