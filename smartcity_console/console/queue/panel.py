"""The queue's panel: heading, figures, cards."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QListView,
    QVBoxLayout,
    QWidget,
)

from smartcity_console.clock import Clock
from smartcity_console.console.camera_mime import drag_camera
from smartcity_console.console.language import translate
from smartcity_console.console.queue.calm import Row, lines
from smartcity_console.console.queue.delegate import CardDelegate
from smartcity_console.console.queue.load import Load, LoadGauge
from smartcity_console.console.queue.model import INCIDENT, ROW, QueueModel
from smartcity_console.console.seat import Seat
from smartcity_console.console.texts import ElidedLabel, label, rule, set_tone
from smartcity_console.console.times import span_text
from smartcity_console.model.camera import Ownership, SeenBy
from smartcity_console.model.incident import Incident

WIDTH_PX = 352


_FOLD_KEYS = {Qt.Key.Key_Right: True, Qt.Key.Key_Return: True, Qt.Key.Key_Enter: True, Qt.Key.Key_Left: False}


class Figure(QWidget):
    """A number over its name."""

    def __init__(self) -> None:
        super().__init__()
        self._value, self._name = label(20, bold=True), ElidedLabel(12, tone="dim")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addWidget(self._value)
        box.addWidget(self._name)

    def show_value(self, value: str, name: str, tone: str = "") -> None:
        self._value.setText(value)
        self._name.setText(name)
        set_tone(self._value, tone)
        self.setAccessibleName(f"{name}: {value}")


class _CardList(QListView):
    """A list that points at nothing by itself: Qt would choose the first row when it gets the keys.

    `folded(True)` opens the group of the calm screen that is pointed at, `folded(False)` shuts it.

    A card is chosen when the button is let go: pulled away, it carries its incident's best camera to a tile instead.
    """

    _pressed_at: QPoint | None = None
    folded = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().data(ROW)
        if row is not None and row.is_calm and event.key() in _FOLD_KEYS:
            self.folded.emit(_FOLD_KEYS[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.indexAt(event.position().toPoint()).data(ROW)
        if row is not None and row.is_group:
            self.folded.emit(not row.is_open)
            return
        super().mouseDoubleClickEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = self._pressed_at
        if start is None:
            super().mouseMoveEvent(event)
        elif (event.position().toPoint() - start).manhattanLength() >= QApplication.startDragDistance():
            camera = best_camera(self.indexAt(start).data(INCIDENT))
            if camera is not None:
                self._pressed_at = None
                drag_camera(self, camera.camera_id, camera.name)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        start, self._pressed_at = self._pressed_at, None
        if start is None:
            super().mouseReleaseEvent(event)
        elif (index := self.indexAt(start)).isValid():
            self.setCurrentIndex(index)

    def focusInEvent(self, event: QFocusEvent) -> None:
        selection = self.selectionModel()
        if selection.currentIndex().isValid():
            super().focusInEvent(event)
            return
        blocked = selection.blockSignals(True)
        super().focusInEvent(event)
        selection.clear()
        selection.blockSignals(blocked)


def best_camera(incident: Incident | None) -> SeenBy | None:
    """Return an incident's best camera that has a picture and that everybody may see."""
    ranked = incident.cameras if incident is not None else ()
    return next((seen for seen in ranked if seen.has_stream and seen.ownership is Ownership.PUBLIC), None)


class QueuePanel(QFrame):
    """Follows the seat. `chosen` is sent when the operator points at a card."""

    chosen = Signal(str)
    menu_wanted = Signal(object)  # QPoint on the screen
    calmed = Signal(bool)  # a flood has begun (True) or is over

    def __init__(self, seat: Seat, clock: Clock, gauge: LoadGauge | None = None) -> None:
        super().__init__()
        self.setObjectName("queue_panel")
        self.setMinimumWidth(264)
        self._seat, self._clock, self._gauge = seat, clock, gauge or LoadGauge()
        self._opened: set[str] = set()  # groups of the calm screen that the operator has opened
        self._is_filling = False
        self._heading, self._order = label(16, bold=True), label(13, tone="dim")
        self._figures = [Figure() for _ in range(3)]
        self.model = QueueModel(clock, self, seat.gone)
        self.list = self._make_list()
        self._lay_out()
        self._retranslate()
        seat.queue_changed.connect(self._refresh)
        seat.session.caught_up.connect(self._show_figures)
        seat.selected.connect(self._mark)

    def tick(self) -> None:
        """A second passed."""
        self.model.tick()
        self._show_figures()

    def focus_list(self) -> None:
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _make_list(self) -> QListView:
        view = _CardList()
        view.folded.connect(self._fold)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._want_menu)
        view.setModel(self.model)
        view.setItemDelegate(CardDelegate(view))
        view.setUniformItemSizes(True)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.selectionModel().currentChanged.connect(self._choose)
        return view

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 12)
        head.addWidget(self._heading, 1)
        head.addWidget(self._order)
        figures = QGridLayout()
        figures.setContentsMargins(16, 10, 16, 8)
        figures.setHorizontalSpacing(12)
        for column, figure in enumerate(self._figures):
            figures.addWidget(figure, 0, column)
            figures.setColumnStretch(column, 1)
        box.addLayout(head)
        box.addWidget(rule())
        box.addLayout(figures)
        box.addWidget(rule())
        box.addWidget(self.list, 1)

    def _retranslate(self) -> None:
        self.list.setAccessibleName(translate("Queue", "Incidents that wait"))
        self._show_figures()
        self.list.viewport().update()

    @Slot(object)
    def _refresh(self, changed: set[str]) -> None:
        self._show_figures()
        if changed:
            self._show_rows()

    def _show_rows(self) -> None:
        """Bring the rows up to date. A row that goes makes Qt point at its neighbour: only the operator points."""
        self._is_filling = True
        queue = self._seat.queue()
        if self._gauge.load is Load.FLOOD:
            chosen = self._seat.incident
            self.model.show_rows(lines(queue, self._opened, chosen.id if chosen is not None else None))
        else:
            self._opened.clear()
            self.model.show(queue)
        self._is_filling = False
        self._mark(self._seat.incident)

    @Slot(bool)
    def _fold(self, is_open: bool) -> None:
        """Open or shut the group that is pointed at; from a member, shut its group and point at it."""
        index = self.list.currentIndex()
        row: Row = index.data(ROW)
        head = row
        while head is not None and head.is_member:
            index = self.model.index(index.row() - 1)
            head = index.data(ROW)
        if head is None or not head.is_group:
            return
        (self._opened.add if is_open else self._opened.discard)(head.id)
        if not is_open:
            self.chosen.emit(head.incident.id)
        self._show_rows()

    @Slot(QPoint)
    def _want_menu(self, at: QPoint) -> None:
        if self.list.indexAt(at).isValid() or self.list.currentIndex().isValid():
            self.menu_wanted.emit(self.list.viewport().mapToGlobal(at))

    def _show_figures(self) -> None:
        centre = self._seat.session.centre
        before = self._gauge.load
        seats = len({*centre.seats, self._seat.name})
        # While the past is folded no flood begins: it would be one of long ago.
        gauge = self._gauge if self._seat.session.is_live else LoadGauge()
        now = gauge.figures(self._seat.queue(), centre.shown_times, self._clock.now(), seats)
        self._heading.setText(translate("Queue", "Waiting {count}").format(count=now.waiting))
        longest = span_text(now.longest_s) if now.longest_s is not None else "–"
        flood = self._gauge.load is Load.FLOOD
        load = translate("Queue", "Flood") if flood else translate("Queue", "Normal")
        self._figures[0].show_value(str(now.received), translate("Queue", "in 10 min"))
        self._figures[1].show_value(longest, translate("Queue", "longest wait"))
        self._figures[2].show_value(load, translate("Queue", "alarm load"), "warn" if flood else "")
        order = translate("Queue", "By place and kind") if flood else translate("Queue", "Priority · time waited")
        self._order.setText(order)
        if self._gauge.load is not before:
            self.calmed.emit(flood)
            self._show_rows()

    @Slot(object)
    def _mark(self, incident: object) -> None:
        """Mark the seat's selection without telling the seat about it again."""
        row = self.model.row_of(getattr(incident, "id", None))
        index = self.model.index(row) if row >= 0 else QModelIndex()
        selection = self.list.selectionModel()
        if index == selection.currentIndex() and selection.isSelected(index):
            return
        blocked = selection.blockSignals(True)
        selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        selection.blockSignals(blocked)
        self.list.viewport().update()
        if row >= 0:
            self.list.scrollTo(index)

    @Slot(QModelIndex, QModelIndex)
    def _choose(self, current: QModelIndex, previous: QModelIndex) -> None:
        del previous
        incident = current.data(INCIDENT)
        if incident is not None and not self._is_filling:
            self.chosen.emit(incident.id)
