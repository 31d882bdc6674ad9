"""Asks what to shelve, for how long and why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from smartcity_console.console import words
from smartcity_console.console.language import translate
from smartcity_console.console.operations.shelve import MAX_REASON, ShelfWish
from smartcity_console.console.texts import label
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.shelves import LONGEST_H


class ShelveDialog(QDialog):
    """`wanted(ShelfWish)`. The detectors of the selected incident are offered; an account can be typed as well."""

    wanted = Signal(object)

    def __init__(self, alerts: Sequence[Alert], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translate("Shelve", "Shelve an alarm"))
        self.detector, self.account, self.zone = QComboBox(), QLineEdit(), QLineEdit()
        self.hours, self.reason = QDoubleSpinBox(), QLineEdit()
        self.do, self._away = QPushButton(translate("Shelve", "Shelve")), QPushButton(translate("Shelve", "Cancel"))
        self._offered = offers(alerts)
        for text, _account, _zone in self._offered:
            self.detector.addItem(text)
        self.detector.setVisible(bool(self._offered))
        self._lay_out()
        self.detector.currentIndexChanged.connect(self._take)
        for line in (self.account, self.reason):
            line.textChanged.connect(lambda _text: self._refresh())
        self.do.clicked.connect(self._want)
        self._away.clicked.connect(self.reject)
        self._take(0)
        self._refresh()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, row: int) -> None:
        if 0 <= row < len(self._offered):
            _, account, zone = self._offered[row]
            self.account.setText(account)
            self.zone.setText(zone)

    def _refresh(self) -> None:
        self.do.setEnabled(bool(self.account.text().strip() and self.reason.text().strip()))

    def _want(self) -> None:
        wish = ShelfWish(self.account.text(), self.zone.text(), self.hours.value(), self.reason.text())
        self.wanted.emit(wish)
        self.accept()

    def _lay_out(self) -> None:
        self.hours.setRange(0.25, LONGEST_H)
        self.hours.setSingleStep(0.5)
        self.hours.setDecimals(2)
        self.hours.setValue(1.0)
        self.hours.setSuffix(translate("Shelve", " h"))
        self.account.setMaxLength(32)
        self.zone.setMaxLength(16)
        self.zone.setPlaceholderText(translate("Shelve", "blank: all zones"))
        self.reason.setMaxLength(MAX_REASON)
        self.do.setProperty("strong", True)
        hint = label(13, tone="dim", wrap=True)
        hint.setText(
            translate("Shelve", "Until then its alarms open nothing. They stay on record; emergencies come through.")
        )
        form = QFormLayout()
        if self._offered:
            form.addRow(translate("Shelve", "Detector"), self.detector)
        form.addRow(translate("Shelve", "Account"), self.account)
        form.addRow(translate("Shelve", "Zone"), self.zone)
        form.addRow(translate("Shelve", "For"), self.hours)
        form.addRow(translate("Shelve", "Reason"), self.reason)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._away)
        foot.addWidget(self.do)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 12, 14, 12)
        box.setSpacing(12)
        box.addWidget(hint)
        box.addLayout(form)
        box.addLayout(foot)
        self.resize(520, 260)


def offers(alerts: Sequence[Alert]) -> list[tuple[str, str, str]]:
    """Return (words, account, zone) for each detector that may be shelved, then for each whole account."""
    may = [a for a in alerts if a.priority is not Priority.EMERGENCY and a.kind is not AlertKind.RESTORE]
    zones = {
        (alert.account, alert.zone): translate("Shelve", "{account} zone {zone} · {what}").format(
            account=alert.account, zone=alert.zone, what=words.alert_title(alert)
        )
        for alert in may
        if alert.zone
    }
    whole = {alert.account: translate("Shelve", "{account} · all zones").format(account=alert.account) for alert in may}
    return [(text, *key) for key, text in zones.items()] + [(text, account, "") for account, text in whole.items()]
