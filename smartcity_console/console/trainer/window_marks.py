"""Every window of a drill's console carries its sign: floating panels, second walls and maps, dialogs."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from smartcity_console.console.trainer.ribbon import HEIGHT_PX, WORD, DrillRibbon

LOOK_MS = 200
TAB_PX = 300
_WINDOWS = (Qt.WindowType.Window, Qt.WindowType.Dialog, Qt.WindowType.Sheet, Qt.WindowType.Tool)


class WindowMark(QObject):
    """The sign on one window. A window with a layout makes room for it; one that paints itself wears a tab on top."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.window, self.ribbon = window, DrillRibbon(window)
        self.ribbon.setObjectName("drill_mark")
        self._is_on = False
        window.installEventFilter(self)
        window.windowTitleChanged.connect(self._name)
        self.fit()

    def fit(self) -> None:
        """Stand on top of a window of its own; a panel that is back in the console needs none."""
        on = self.window.isWindow()
        if on != self._is_on:
            self._is_on = on
            if self.window.layout() is not None:
                margins = self.window.contentsMargins()
                margins.setTop(margins.top() + (HEIGHT_PX if on else -HEIGHT_PX))
                self.window.setContentsMargins(margins)
        self.ribbon.setVisible(on)
        if on:
            self._name(self.window.windowTitle())
            self._place()

    def _place(self) -> None:
        width = self.window.width()
        if self.window.layout() is None:
            tab = min(TAB_PX, width)
            self.ribbon.setGeometry((width - tab) // 2, 0, tab, HEIGHT_PX)
        else:
            self.ribbon.setGeometry(0, 0, width, HEIGHT_PX)
        self.ribbon.raise_()

    def _name(self, title: str) -> None:
        if self._is_on and not title.startswith(WORD):
            self.window.setWindowTitle(f"{WORD} · {title}" if title else WORD)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.ParentChange):
            self.fit()
        return super().eventFilter(watched, event)


class WindowMarks(QObject):
    """Finds the application's windows as they open and marks each, but `bare` ones, which carry the sign themselves."""

    def __init__(self, bare: tuple[QWidget, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bare = bare
        self._marks: dict[int, WindowMark] = {}
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusWindowChanged.connect(self.look)
        self._timer.start(LOOK_MS)
        self.look()

    def look(self, *_: object) -> None:
        """Mark the windows that are new."""
        for window in QApplication.topLevelWidgets():
            if window.isVisible() and window not in self._bare and window.windowType() in _WINDOWS:
                self.mark(window)

    def mark(self, window: QWidget) -> None:
        """Mark one window, once."""
        key = id(window)
        if key not in self._marks or self._marks[key].window is not window:
            self._marks[key] = WindowMark(window)
            window.destroyed.connect(lambda *_: self._marks.pop(key, None))

    def stop(self) -> None:
        """Mark nothing any more; a second call does nothing."""
        if not self._timer.isActive():
            return
        self._timer.stop()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusWindowChanged.disconnect(self.look)
