"""The window: header, queue, and the panels that can move to other monitors and come back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from smartcity_console.console.docks import Docks, queue_width_px
from smartcity_console.console.header import Header
from smartcity_console.console.incident.strip import Strip
from smartcity_console.console.language import translate
from smartcity_console.console.layout_store import LayoutStore
from smartcity_console.console.menus import Menus
from smartcity_console.console.notice import Notice
from smartcity_console.console.operations import Reason
from smartcity_console.console.palette import Palette
from smartcity_console.console.queue.card_menu import card_menu
from smartcity_console.console.queue.panel import QueuePanel
from smartcity_console.console.runner import Runner
from smartcity_console.console.seat import Seat
from smartcity_console.console.theme import ICONS
from smartcity_console.model.errors import ConsoleError

log = logging.getLogger(__name__)

TICK_MS = 1000
MAX_PX = 16_777_215  # QWIDGETSIZE_MAX


@dataclass(frozen=True)
class Panels:
    """The window's parts, made outside. Map and wall may be any widgets."""

    header: Header
    queue: QueuePanel
    strip: Strip
    map: QWidget
    wall: QWidget
    notice: Notice
    ptz: QWidget | None = None


class MainWindow(QMainWindow):
    """Lays the parts out and carries out the verbs that only move the view."""

    closing = Signal()
    language_wanted = Signal()
    replay_wanted = Signal()
    import_wanted = Signal()
    supervisor_wanted = Signal()
    ticked = Signal()

    def __init__(self, panels: Panels, seat: Seat, runner: Runner, store: LayoutStore) -> None:
        super().__init__()
        self._panels, self._seat, self._runner, self._store = panels, seat, runner, store
        self.setObjectName("console")
        self.setWindowIcon(QIcon((ICONS / "console.svg").as_posix()))
        self.resize(1920, 1080)
        self._lay_out()
        docked = {"map": panels.map, "wall": panels.wall, "strip": panels.strip}
        self.docks = Docks(self, docked | ({"ptz": panels.ptz} if panels.ptz is not None else {}))
        self.palette_view = Palette(runner, seat, self)
        self.menus = Menus(panels.header.menu_bar, runner, seat)
        self._verbs = self._make_verbs()
        self.extra_verbs: dict[str, Callable[[], object]] = {}  # of a drill's console
        self._connect()
        self.docks.moved = self._fit_queue
        self._keys = [self._key(operation.shortcut, operation.id) for operation in runner.operations]
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)
        self._timer.start(TICK_MS)
        self._retranslate()
        self._restore()
        panels.queue.focus_list()

    @property
    def strip(self) -> Strip:
        return self._panels.strip

    def tick(self) -> None:
        """A second passed."""
        self._panels.queue.tick()
        self._panels.header.tick()
        self._panels.strip.tick()
        self.docks.close_gap()  # Qt lays panels out when it likes, so it is looked at each second
        self.ticked.emit()

    def carry_out(self, op_id: str) -> None:
        """Do a verb of the view; one that appended nothing because all was so already needs nothing more."""
        verb = self._verbs.get(op_id) or self.extra_verbs.get(op_id)
        if verb is not None:
            verb()

    def _make_verbs(self) -> dict[str, Callable[[], object]]:
        return {
            "queue.next": lambda: self._seat.step(1),
            "queue.previous": lambda: self._seat.step(-1),
            "queue.focus": self._panels.queue.focus_list,
            "strip.turn": self._panels.strip.told.turn,
            "wall.replay": self.replay_wanted.emit,
            "view.detach.map": lambda: self.docks.to_next_screen("map"),
            "view.detach.wall": lambda: self.docks.to_next_screen("wall"),
            "view.detach.strip": lambda: self.docks.to_next_screen("strip"),
            "view.home": self.docks.bring_back,
            "view.full_screen": self._toggle_full_screen,
            "view.ptz": lambda: self.docks.toggle("ptz"),
            "notice.seen": self._panels.notice.put_away,
            "supervisor.open": self.supervisor_wanted.emit,
            "city.import": self.import_wanted.emit,
            "view.language": self.language_wanted.emit,
            "palette.open": self.palette_view.open_at_top,
            "app.quit": self.close,
        }

    def _connect(self) -> None:
        self._panels.queue.chosen.connect(self._seat.select)
        self._panels.queue.menu_wanted.connect(lambda at: card_menu(self._runner, self._seat, self).popup(at))
        self._runner.moved.connect(self.carry_out)
        self._runner.refused.connect(self._tell_reason)
        self._runner.failed.connect(self._tell_error)
        self._seat.session.failed.connect(self._panels.notice.tell_error)

    def _tell_reason(self, op_id: str, reason: Reason) -> None:
        self._panels.notice.tell(f"{self._runner.operations[op_id].label()}: {reason.text}")

    def _tell_error(self, op_id: str, error: ConsoleError) -> None:
        del op_id
        self._panels.notice.tell_error(error)

    def _lay_out(self) -> None:
        """The queue is the centre of the window: it can never be closed or lost."""
        body = QWidget()
        box = QVBoxLayout(body)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._panels.queue)
        self.setCentralWidget(body)
        top = QWidget()
        head = QVBoxLayout(top)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(0)
        head.addWidget(self._panels.header)
        head.addWidget(self._panels.notice)
        self.setMenuWidget(top)
        self._head = head

    def add_ribbon(self, ribbon: QWidget) -> None:
        """Put a band above the header, as wide as the window."""
        self._head.insertWidget(0, ribbon)

    def _key(self, shortcut: str, op_id: str) -> QShortcut:
        """Own shortcuts, not the menu's: a key of a verb that is not to be had must still say why."""
        key = QShortcut(QKeySequence(shortcut), self)
        key.setContext(Qt.ShortcutContext.ApplicationShortcut)
        key.setAutoRepeat(op_id.startswith(("evidence.nudge", "queue.")))
        key.activated.connect(lambda: self._runner.run(op_id))
        return key

    def _toggle_full_screen(self) -> None:
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def _retranslate(self) -> None:
        self.setWindowTitle(translate("Window", "Smart-city console"))
        self.docks.retranslate()
        self.menus.retranslate()

    def _restore(self) -> None:
        kept = self._store.load()
        if kept is None or not (self.restoreGeometry(kept[0]) and self.restoreState(kept[1])):
            self.docks.bring_back()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_queue()

    def _fit_queue(self) -> None:
        """Keep the queue as wide as the strip's first column, unless it has the window to itself."""
        width = queue_width_px(self.width())
        alone = self.docks["map"].isFloating() and self.docks["wall"].isFloating()
        self._panels.queue.setMinimumWidth(width)
        self._panels.queue.setMaximumWidth(MAX_PX if alone else width)
        self._panels.strip.set_left_width(width)

    def _keep_layout(self) -> None:
        try:
            self._store.save(self.saveGeometry().data(), self.saveState().data())
        except OSError as error:  # the window is going: nobody is left to tell, so it stands in the log
            log.warning("the layout was not kept: %s", error)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        self._keep_layout()
        super().closeEvent(event)
        self.docks.close_floating()
        self.hide()  # map and wall stop to draw before what they draw from is taken away
        self.closing.emit()
