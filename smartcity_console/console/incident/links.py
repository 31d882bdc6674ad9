"""Addresses that a sender told, as plain text. Nothing is opened but by the operator, and each use is on record."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from smartcity_console.console.history import link_word
from smartcity_console.console.language import translate
from smartcity_console.console.operations.report_acts import ReportLink, may_be_opened
from smartcity_console.console.texts import label


class LinksDialog(QDialog):
    """`wanted(ReportLink, act)`: the operator was asked by this sheet and has said yes to one act."""

    wanted = Signal(object, str)

    def __init__(self, links: Sequence[ReportLink], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translate("Links", "Addresses told by the sender"))
        hint = label(13, tone="warn", wrap=True)
        hint.setText(
            translate(
                "Links",
                "These addresses come from outside. Opening one leaves this console and tells its owner that you look. "
                "Opening and copying stand in the record.",
            )
        )
        self.open_buttons: list[QPushButton] = []
        self.copy_buttons: list[QPushButton] = []
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for row, link in enumerate(links):
            self._add(grid, row, link)
        away = QPushButton(translate("Links", "Close"))
        away.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(away)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 12, 14, 12)
        box.setSpacing(12)
        for part in (hint,):
            box.addWidget(part)
        box.addLayout(grid)
        box.addStretch(1)
        box.addLayout(foot)
        self.resize(760, 150 + 44 * len(links))

    def _add(self, grid: QGridLayout, row: int, link: ReportLink) -> None:
        name, line = label(13, tone="dim"), QLineEdit(link.url)
        name.setText(link_word(link.link))
        line.setReadOnly(True)
        line.setCursorPosition(0)
        line.setAccessibleName(name.text())
        copy, open_ = QPushButton(translate("Links", "Copy")), QPushButton(translate("Links", "Open outside"))
        copy.clicked.connect(lambda: self._want(link, "copied"))
        open_.clicked.connect(lambda: self._want(link, "opened"))
        open_.setEnabled(may_be_opened(link.url))
        if not open_.isEnabled():
            open_.setToolTip(translate("Links", "Only web and RTSP addresses are opened."))
        for button in (copy, open_):
            button.setAutoDefault(False)
        self.copy_buttons.append(copy)
        self.open_buttons.append(open_)
        for column, part in enumerate((name, line, copy, open_)):
            grid.addWidget(part, row, column, Qt.AlignmentFlag.AlignVCenter)

    def _want(self, link: ReportLink, act: str) -> None:
        self.wanted.emit(link, act)
        self.accept()
