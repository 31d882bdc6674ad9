"""Evidence that is locked for hand-offs, and kept files that were found damaged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.operations.release_evidence import MAX_REASON, ReleaseWish
from smartcity_console.console.supervisor.lists import Sheet
from smartcity_console.console.texts import label
from smartcity_console.console.times import clock_text, date_text, elapsed_s, span_text
from smartcity_console.model.locked import LockedEvidence

NAMED_DAMAGED = 4
"""Damaged files named one by one; the rest are counted."""


class EvidenceList(QWidget):
    """`wanted(ReleaseWish)`: let go of the rows that are chosen, for the reason that is written below."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.sheet, self.reason, self.release = Sheet(5, widest=1), QLineEdit(), QPushButton()
        self.sheet.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.damaged = label(14, tone="danger", wrap=True)
        self._hint, self._why_not = label(13, tone="dim", wrap=True), label(13, tone="warn")
        self._locked: list[LockedEvidence] = []
        self._refusal = ""
        self.reason.setMaxLength(MAX_REASON)
        foot = QHBoxLayout()
        foot.addWidget(self.reason, 1)
        foot.addWidget(self.release)
        box = QVBoxLayout(self)
        for part in (self.damaged, self._hint, self.sheet, self._why_not):
            box.addWidget(part)
        box.addLayout(foot)
        self.sheet.itemSelectionChanged.connect(self._refresh)
        self.reason.textChanged.connect(self._refresh)
        self.reason.returnPressed.connect(self._ask)
        self.release.clicked.connect(self._ask)
        self.retranslate()

    def retranslate(self) -> None:
        self.sheet.setAccessibleName(translate("Evidence", "Evidence that is locked"))
        self.sheet.setHorizontalHeaderLabels(
            [
                translate("Evidence", "Handed off"),
                translate("Evidence", "To"),
                translate("Evidence", "Pictures"),
                translate("Evidence", "Locked for"),
                translate("Evidence", "Incident"),
            ]
        )
        self._hint.setText(
            translate(
                "Evidence",
                "What was handed off stays until it is released here. After that the ring may forget it and the "
                "package goes on its day; the record stays.",
            )
        )
        self.reason.setPlaceholderText(translate("Evidence", "Reason for the release (goes on record)"))
        self.release.setText(translate("Evidence", "Release"))

    def show_evidence(self, locked: list[LockedEvidence], damaged: Mapping[str, str], now: datetime, no: str) -> None:
        """`no`: why this seat may not release, "" when it may."""
        chosen, is_other = self.chosen(), [a.handoff_id for a in locked] != [b.handoff_id for b in self._locked]
        self._locked, self._refusal = locked, no
        self.sheet.show_rows([((one.handoff_id,), _texts(one, now)) for one in locked])
        if is_other:  # rows moved: what is chosen is the hand-offs, not the places where they stood
            self._choose(chosen)
        self.damaged.setText(damaged_words(damaged))
        self.damaged.setVisible(bool(damaged))
        self._refresh()

    def chosen(self) -> tuple[str, ...]:
        """Return the hand-offs whose rows are chosen."""
        rows = {index.row() for index in self.sheet.selectionModel().selectedRows()}
        return tuple(one.handoff_id for row, one in enumerate(self._locked) if row in rows)

    def _choose(self, handoff_ids: tuple[str, ...]) -> None:
        whole = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        model = self.sheet.selectionModel()
        model.clearSelection()
        for row, one in enumerate(self._locked):
            if one.handoff_id in handoff_ids:
                model.select(self.sheet.model().index(row, 0), whole)

    def _refresh(self) -> None:
        chosen = self.chosen()
        running = any(one.handoff_id in chosen and not one.is_settled for one in self._locked)
        no = self._refusal or (
            translate("Evidence", "An incident that is open keeps its evidence; close it first.") if running else ""
        )
        self._why_not.setText(no)
        self.reason.setEnabled(not self._refusal)
        self.release.setEnabled(not no and bool(chosen) and bool(self.reason.text().strip()))

    def _ask(self) -> None:
        if self.release.isEnabled():
            wish = ReleaseWish(self.chosen(), self.reason.text().strip())
            self.reason.clear()
            self.wanted.emit(wish)


def damaged_words(damaged: Mapping[str, str]) -> str:
    """Return which kept files are not what was recorded, and what to do."""
    named = [f"{path} ({why})" for path, why in list(damaged.items())[:NAMED_DAMAGED]]
    more = len(damaged) - len(named)
    if more:
        named.append(translate("Evidence", "and {count} more").format(count=more))
    text = translate("Evidence", "Damaged evidence: {files}. Restore it from a backup; it is checked again by itself.")
    return text.format(files=", ".join(named))


def _texts(one: LockedEvidence, now: datetime) -> tuple[str, ...]:
    span_s = (one.span_end - one.span_start).total_seconds()
    pictures = translate("Evidence", "{count} cameras, {seconds:.0f} s").format(
        count=len(one.camera_ids), seconds=span_s
    )
    state = translate("Evidence", "closed") if one.is_settled else translate("Evidence", "open")
    since = f"{date_text(one.since)} {clock_text(one.since)}"
    return since, one.agency_name, pictures, span_text(elapsed_s(one.since, now)), f"{one.incident_id} · {state}"
