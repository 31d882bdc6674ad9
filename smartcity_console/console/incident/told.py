"""What is known of the incident, on three leaves: its history, its reports, the pictures that came with them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from smartcity_console.console import words
from smartcity_console.console.incident.history_view import HistoryView
from smartcity_console.console.incident.pictures_view import PicturesView, attachments_of
from smartcity_console.console.incident.reports_view import ReportsView
from smartcity_console.console.language import translate
from smartcity_console.console.texts import ElidedLabel
from smartcity_console.console.theme import font
from smartcity_console.model.incident import Incident

TAB_PX = 22


class Told(QWidget):
    """The title with the three leaves' tabs beside it, so that they take no room of their own."""

    def __init__(self, title: ElidedLabel, history: HistoryView, pictures: PicturesView) -> None:
        super().__init__()
        self.history, self.reports, self.pictures = history, ReportsView(), pictures
        self._incident: Incident | None = None
        self._leaves = QStackedWidget()
        self.tabs = [_tab() for _ in range(3)]
        self._group = QButtonGroup(self)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(title, 1)
        for number, (tab, leaf) in enumerate(zip(self.tabs, (history, self.reports, pictures), strict=True)):
            self._group.addButton(tab, number)
            self._leaves.addWidget(leaf)
            head.addWidget(tab)
        self._group.idClicked.connect(self._leaves.setCurrentIndex)
        self.tabs[0].setChecked(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addLayout(head)
        box.addWidget(self._leaves, 1)
        self.retranslate()

    def show_incident(self, incident: Incident | None) -> None:
        is_another = (incident.id if incident else None) != (self._incident.id if self._incident else None)
        self._incident = incident
        self.history.show_incident(incident)
        self.reports.show_incident(incident)
        self.pictures.show_incident(incident)
        self._name_tabs()
        if is_another:
            self.turn_to(2 if attachments_of(incident) else 0)  # a picture is what an operator wants to see first

    def turn_to(self, leaf: int) -> None:
        self.tabs[leaf].setChecked(True)
        self._leaves.setCurrentIndex(leaf)

    def turn(self) -> None:
        """Go to the next leaf; from the last to the first."""
        leaves = len(self.tabs) if attachments_of(self._incident) else len(self.tabs) - 1
        self.turn_to((self._leaves.currentIndex() + 1) % leaves)

    def retranslate(self) -> None:
        for leaf in (self.history, self.reports, self.pictures):
            leaf.retranslate()
        self.reports.show_incident(self._incident)
        self._name_tabs()

    def _name_tabs(self) -> None:
        incident = self._incident
        counts = (0, words.reports(incident) if incident else 0, len(attachments_of(incident)))
        names = (translate("Told", "History"), translate("Told", "Reports"), translate("Told", "Pictures"))
        for tab, name, count in zip(self.tabs, names, counts, strict=True):
            tab.setText(f"{name} {count}" if count else name)
            tab.setVisible(bool(count) or tab is not self.tabs[2])
            tab.setFixedSize(QSize(QFontMetrics(font(12)).horizontalAdvance(tab.text()) + 14, TAB_PX))


def _tab() -> QPushButton:
    tab = QPushButton()
    tab.setObjectName("leaf_tab")
    tab.setCheckable(True)
    tab.setFont(font(12))
    tab.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return tab
