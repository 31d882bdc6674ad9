"""The sheet of clips to save: which cameras, from when to when, and what for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QDateTime, QSize, Qt, QTimeZone, Signal
from PySide6.QtWidgets import (
    QDateTimeEdit,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from smartcity_console.console.language import translate
from smartcity_console.console.operations import SeatState
from smartcity_console.console.operations.save_clips import MOST_REASON, ClipsWish, SaveClips, clip_cameras, why_not
from smartcity_console.console.texts import label, plain_tip
from smartcity_console.console.theme import font
from smartcity_console.console.wall import words as wall_words
from smartcity_console.model.camera import Ownership, SeenBy
from smartcity_console.model.incident import Incident

_ID = Qt.ItemDataRole.UserRole
_SEOUL = QTimeZone(9 * 3600)
_ROW_PX, _MOST_ROWS = 36, 9


class ClipsSheet(QDialog):
    """`wanted(ClipsWish)`. Begins with the evidence span and its cameras. Not modal: the wall goes on beside it."""

    wanted = Signal(object)

    def __init__(self, operation: SaveClips, state: Callable[[], SeatState], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(operation.label())
        self._state = state
        self.cameras, self.begin, self.end, self.reason = QListWidget(), _time_field(), _time_field(), QLineEdit()
        self.trouble = label(13, tone="warn", wrap=True)
        self.do, self._away = QPushButton(operation.short()), QPushButton(translate("Chooser", "Cancel"))
        self._fill(state())
        self._lay_out()
        self.cameras.itemChanged.connect(lambda _item: self._refresh())
        for field in (self.begin, self.end):
            field.dateTimeChanged.connect(lambda _at: self._refresh())
        self.reason.textChanged.connect(lambda _text: self._refresh())
        self.do.clicked.connect(self._want)
        self._away.clicked.connect(self.reject)
        self._refresh()

    def wish(self) -> ClipsWish:
        """Return what is chosen now."""
        items = (self.cameras.item(row) for row in range(self.cameras.count()))
        chosen = tuple(item.data(_ID) for item in items if item.checkState() is Qt.CheckState.Checked)
        return ClipsWish(chosen, _read(self.begin), _read(self.end), self.reason.text())

    def _fill(self, state: SeatState) -> None:
        span, incident = state.evidence(), state.chosen()
        for seen in clip_cameras(state):
            item = QListWidgetItem(_camera_words(incident, seen))
            item.setData(_ID, seen.camera_id)
            item.setFont(font(14))
            item.setSizeHint(QSize(0, _ROW_PX))
            item.setToolTip(plain_tip(item.text()))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            is_in = seen.camera_id in span.camera_ids
            item.setCheckState(Qt.CheckState.Checked if is_in else Qt.CheckState.Unchecked)
            self.cameras.addItem(item)
        self.cameras.setCurrentRow(0)
        _show(self.begin, span.start)
        _show(self.end, min(span.end, state.now))

    def _refresh(self) -> None:
        reason = why_not(self._state(), self.wish())
        self.trouble.setText(reason.text if reason else "")
        self.do.setEnabled(reason is None)

    def _want(self) -> None:
        wish = self.wish()
        if why_not(self._state(), wish) is None:  # a private camera may have been shut since
            self.wanted.emit(wish)
            self.accept()
        else:
            self._refresh()

    def _lay_out(self) -> None:
        self.cameras.setAccessibleName(translate("Clips", "Cameras"))
        self.reason.setMaxLength(MOST_REASON)
        self.reason.setPlaceholderText(translate("Clips", "needed for a private camera"))
        self.do.setProperty("strong", True)
        self.do.setDefault(True)
        hint = label(13, tone="dim", wrap=True)
        hint.setText(
            translate(
                "Clips",
                "Each camera's own bits, one file for each picture format, with digests and gaps in a note beside them. "
                "The access is on record. For passing on, use a hand-off.",
            )
        )
        form = QFormLayout()
        form.addRow(translate("Clips", "From"), self.begin)
        form.addRow(translate("Clips", "To"), self.end)
        form.addRow(translate("Clips", "What for"), self.reason)
        foot = QHBoxLayout()
        foot.addWidget(self.trouble, 1)
        foot.addWidget(self._away)
        foot.addWidget(self.do)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 12, 14, 12)
        box.setSpacing(10)
        box.addWidget(hint)
        box.addWidget(self.cameras, 1)
        box.addLayout(form)
        box.addLayout(foot)
        self.resize(600, 300 + _ROW_PX * min(_MOST_ROWS, max(2, self.cameras.count())))


def _camera_words(incident: Incident, seen: SeenBy) -> str:
    number = [each.camera_id for each in incident.cameras].index(seen.camera_id) + 1
    private = f" · {wall_words.private_word()}" if seen.ownership is Ownership.PRIVATE else ""
    return f"{number}  {seen.camera_id} {seen.name}{private}"


def _time_field() -> QDateTimeEdit:
    """Return a field for a time as people here read it: Asia/Seoul, to the second."""
    field = QDateTimeEdit()
    field.setTimeZone(_SEOUL)
    field.setDisplayFormat("yyyy-MM-dd HH:mm:ss")
    field.setCalendarPopup(False)
    return field


def _show(field: QDateTimeEdit, at: datetime) -> None:
    field.setDateTime(QDateTime.fromSecsSinceEpoch(int(at.timestamp()), _SEOUL))


def _read(field: QDateTimeEdit) -> datetime:
    return datetime.fromtimestamp(field.dateTime().toSecsSinceEpoch(), UTC)
