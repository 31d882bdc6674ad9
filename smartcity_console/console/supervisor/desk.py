"""The supervisor's window and sheets, opened by their operations."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QDialog, QTabWidget, QVBoxLayout, QWidget

from smartcity_console.clock import Clock
from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import only_supervisor
from smartcity_console.console.runner import Runner
from smartcity_console.console.seat import Seat
from smartcity_console.console.supervisor.evidence_list import EvidenceList
from smartcity_console.console.supervisor.lists import LateList, ShelvesList
from smartcity_console.console.supervisor.shelve_dialog import ShelveDialog
from smartcity_console.console.supervisor.table_editor import TableEditor
from smartcity_console.console.supervisor.trial import Sample, samples_of

TICK_MS = 1000
TABLE, SHELVES, LATE, EVIDENCE = range(4)


class SupervisorWindow(QDialog):
    """Everybody may look; what only a supervisor may change says so."""

    def __init__(self, seat: Seat, clock: Clock, firm_name: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._seat, self._clock, self._firm_name = seat, clock, firm_name
        self._samples: tuple[int, list[Sample]] = (-1, [])
        self.tabs, self.shelves, self.late, self.evidence = QTabWidget(), ShelvesList(), LateList(), EvidenceList()
        self.table = TableEditor(self._last_alerts)
        for page in (self.table, self.shelves, self.late, self.evidence):
            self.tabs.addTab(page, "")
        box = QVBoxLayout(self)
        box.addWidget(self.tabs)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self._retranslate()
        self.resize(1040, 640)

    def open_at(self, page: int) -> None:
        self.tabs.setCurrentIndex(page)
        self.refresh()
        self._timer.start(TICK_MS)
        self.show()
        self.raise_()
        self.activateWindow()

    def refresh(self) -> None:
        """Show what stands now."""
        state, centre, now = self._seat.state(), self._seat.session.centre, self._clock.now()
        reason = only_supervisor(state)
        why_not = reason.text if reason else ""
        self.table.show_table(centre.priority_table, why_not)
        self.shelves.show_shelves(list(centre.shelves.standing(now)), now, why_not)
        self.late.show_senders(centre.senders, self._firm_name, now)
        self.evidence.show_evidence(centre.locked_evidence(), centre.damaged_evidence, now, why_not)

    def hideEvent(self, event: object) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _last_alerts(self) -> list[Sample]:
        """Read the last alerts again only when another one came."""
        centre = self._seat.session.centre
        last = centre.recent_alerts[-1].seq if centre.recent_alerts else 0
        if self._samples[0] != last:
            self._samples = (last, samples_of(centre))
        return self._samples[1]

    def _retranslate(self) -> None:
        self.setWindowTitle(translate("Supervisor", "Supervisor"))
        names = (
            translate("Supervisor", "Table of priorities"),
            translate("Supervisor", "Shelves"),
            translate("Supervisor", "Late senders"),
            translate("Supervisor", "Evidence"),
        )
        for page, name in enumerate(names):
            self.tabs.setTabText(page, name)
        for part in (self.table, self.shelves, self.late, self.evidence):
            part.retranslate()


class SupervisorDesk(QObject):
    """Opens the window and the sheets when an operation asks."""

    def __init__(self, seat: Seat, runner: Runner, clock: Clock, firm_name: Callable[[str], str]) -> None:
        super().__init__(seat)
        self._seat, self._runner, self._clock, self._firm_name = seat, runner, clock, firm_name
        self.parent_window: QWidget | None = None
        self._window: SupervisorWindow | None = None
        self.sheet: ShelveDialog | None = None
        runner.asked.connect(self._asked)
        seat.queue_changed.connect(self._follow)

    @property
    def window(self) -> SupervisorWindow:
        """The window; made when it is wanted first."""
        if self._window is None:
            assert self.parent_window is not None
            self._window = SupervisorWindow(self._seat, self._clock, self._firm_name, self.parent_window)
            self._window.table.wanted.connect(lambda rules: self._runner.run("table.priority.set", rules))
            self._window.shelves.wanted.connect(lambda *key: self._runner.run("alarm.unshelve", key))
            self._window.evidence.wanted.connect(lambda wish: self._runner.run("evidence.release", wish))
            self._window.shelves.new_wanted.connect(lambda: self._runner.run("alarm.shelve"))
        return self._window

    def open(self) -> None:
        """Open the window where it was left."""
        self.window.open_at(self.window.tabs.currentIndex())

    @Slot(str, str)
    def _asked(self, op_id: str, needs: str) -> None:
        if needs == "priority_table":
            self.window.open_at(TABLE)
        elif needs == "shelf_key":
            self.window.open_at(SHELVES)
        elif needs == "evidence_release":
            self.window.open_at(EVIDENCE)
        elif needs == "shelf":
            self._ask_shelf(op_id)

    def _ask_shelf(self, op_id: str) -> None:
        assert self.parent_window is not None
        incident = self._seat.incident
        sheet = ShelveDialog(incident.alerts if incident is not None else (), self.parent_window)
        sheet.wanted.connect(lambda wish: self._runner.run(op_id, wish))
        sheet.finished.connect(self._forget)
        self.sheet = sheet
        sheet.show()

    @Slot()
    def _forget(self) -> None:
        self.sheet = None

    @Slot(object)
    def _follow(self, _changed: object) -> None:
        if self._window is not None and self._window.isVisible():
            self._window.refresh()
