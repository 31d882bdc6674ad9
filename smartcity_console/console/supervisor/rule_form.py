"""One rule as a form. What is left blank fits everything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import TypeVar

from PySide6.QtCore import QTime, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QTimeEdit,
    QWidget,
)

from smartcity_console.console import words
from smartcity_console.console.language import translate
from smartcity_console.console.texts import label
from smartcity_console.model.alert import AlertKind, Priority
from smartcity_console.model.priority import PriorityRule

KINDS = tuple(kind for kind in AlertKind if kind not in (AlertKind.TEST, AlertKind.RESTORE))
PROTOCOLS = ("dc09/", "linked/112", "linked/119", "linked/", "webhook", "mqtt/", "cap")
_COLUMNS = 4
T = TypeVar("T")
_KNOWN = (None, True, False)
_RESULTS: tuple[tuple[Priority | None, int], ...] = (
    (Priority.EMERGENCY, 0),
    (Priority.HIGH, 0),
    (Priority.NORMAL, 0),
    (None, -1),
    (None, 1),
    (None, 0),
)


class RuleForm(QWidget):
    """`changed` is sent at each edit by hand; `rule` returns what the form says now, None while it has no name."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_filling = False
        self._shown: PriorityRule | None = None
        self.name_ko, self.name_en = QLineEdit(), QLineEdit()
        self.kinds = {kind: QCheckBox() for kind in KINDS}
        self.protocols = {begin: QCheckBox() for begin in PROTOCOLS}
        self.firms, self.sites = QLineEdit(), QLineEdit()
        self.known, self.result = QComboBox(), QComboBox()
        self.by_hour, self.begin, self.end = QCheckBox(), QTimeEdit(), QTimeEdit()
        self.by_false, self.false_percent = QCheckBox(), QSpinBox()
        self.by_recent, self.recent = QCheckBox(), QSpinBox()
        self._names = [label(13, tone="dim") for _ in range(9)]
        self._lay_out()
        self.retranslate()
        self._connect()

    def show_rule(self, rule: PriorityRule) -> None:
        """Fill the form."""
        self._is_filling = True
        self.name_ko.setText(rule.name_ko)
        self.name_en.setText(rule.name_en)
        for kind, box in self.kinds.items():
            box.setChecked(kind in rule.kinds)
        for begin, box in self.protocols.items():
            box.setChecked(begin in rule.protocols)
        self._shown = rule
        self.firms.setText(", ".join(rule.firms))
        self.sites.setText(", ".join(rule.sites))
        self.known.setCurrentIndex(_KNOWN.index(rule.is_known))
        self._show_limits(rule)
        found = (rule.priority, rule.step if rule.priority is None else 0)
        self.result.setCurrentIndex(_RESULTS.index(found))
        self._is_filling = False

    def rule(self) -> PriorityRule | None:
        """Return the form as a rule."""
        ko, en = self.name_ko.text().strip(), self.name_en.text().strip()
        if not ko and not en:
            return None
        priority, step = _RESULTS[self.result.currentIndex()]
        hours, before = self.by_hour.isChecked(), self._shown or blank_rule()
        return PriorityRule(
            name_ko=ko or en,
            name_en=en or ko,
            kinds=_kept(before.kinds, self.kinds),
            protocols=_kept(before.protocols, self.protocols),
            firms=_parted(self.firms.text()),
            sites=_parted(self.sites.text()),
            is_known=_KNOWN[self.known.currentIndex()],
            from_hour=_time(self.begin) if hours else None,
            to_hour=_time(self.end) if hours else None,
            false_share=self.false_percent.value() / 100.0 if self.by_false.isChecked() else None,
            recent=self.recent.value() if self.by_recent.isChecked() else None,
            priority=priority,
            step=step,
        )

    def retranslate(self) -> None:
        names = (
            translate("Table", "Name in Korean"),
            translate("Table", "Name in English"),
            translate("Table", "Kinds"),
            translate("Table", "Came by"),
            translate("Table", "Firms (ids)"),
            translate("Table", "Sites (ids)"),
            translate("Table", "Sender"),
            translate("Table", "Only if"),
            translate("Table", "Then"),
        )
        for shown, name in zip(self._names, names, strict=True):
            shown.setText(name)
        for kind, box in self.kinds.items():
            box.setText(words.kind_word(kind))
        for begin, box in self.protocols.items():
            box.setText(_protocol_word(begin))
        self._refill(self.known, _known_words())
        self._refill(self.result, _result_words())
        self.by_hour.setText(translate("Table", "time of day"))
        self.by_false.setText(translate("Table", "false alarms of the site ≥ %"))
        self.by_recent.setText(translate("Table", "alerts of the site within the hour ≥"))

    def _refill(self, box: QComboBox, texts: list[str]) -> None:
        at = max(0, box.currentIndex())
        filling, self._is_filling = self._is_filling, True
        box.clear()
        box.addItems(texts)
        box.setCurrentIndex(at)
        self._is_filling = filling

    def _show_limits(self, rule: PriorityRule) -> None:
        self.by_hour.setChecked(rule.from_hour is not None and rule.to_hour is not None)
        self.begin.setTime(_qtime(rule.from_hour or time(23, 0)))
        self.end.setTime(_qtime(rule.to_hour or time(5, 0)))
        self.by_false.setChecked(rule.false_share is not None)
        self.false_percent.setValue(round(100 * (rule.false_share if rule.false_share is not None else 0.9)))
        self.by_recent.setChecked(rule.recent is not None)
        self.recent.setValue(rule.recent if rule.recent is not None else 5)

    def _connect(self) -> None:
        for line in (self.name_ko, self.name_en, self.firms, self.sites):
            line.textEdited.connect(lambda _text: self._tell())
        for box in (*self.kinds.values(), *self.protocols.values(), self.by_hour, self.by_false, self.by_recent):
            box.toggled.connect(lambda _on: self._tell())
        for combo in (self.known, self.result):
            combo.currentIndexChanged.connect(lambda _at: self._tell())
        for clock in (self.begin, self.end):
            clock.timeChanged.connect(lambda _at: self._tell())
        for number in (self.false_percent, self.recent):
            number.valueChanged.connect(lambda _n: self._tell())

    def _tell(self) -> None:
        if not self._is_filling:
            self.changed.emit()

    def _lay_out(self) -> None:
        for line in (self.name_ko, self.name_en):
            line.setMaxLength(80)
        for clock in (self.begin, self.end):
            clock.setDisplayFormat("HH:mm")
        self.false_percent.setRange(0, 100)
        self.recent.setRange(1, 1000)
        limits = QGridLayout()
        hours = QHBoxLayout()
        hours.addWidget(self.begin)
        hours.addWidget(self.end)
        hours.addStretch(1)
        limits.addWidget(self.by_hour, 0, 0)
        limits.addLayout(hours, 0, 1)
        limits.addWidget(self.by_false, 1, 0)
        limits.addWidget(self.false_percent, 1, 1)
        limits.addWidget(self.by_recent, 2, 0)
        limits.addWidget(self.recent, 2, 1)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(8)
        kinds, protocols = _grid(list(self.kinds.values())), _grid(list(self.protocols.values()))
        parts = (self.name_ko, self.name_en, kinds, protocols, self.firms, self.sites, self.known, limits, self.result)
        for name, part in zip(self._names, parts, strict=True):
            form.addRow(name, part)


def _kept(before: tuple[T, ...], boxes: Mapping[T, QCheckBox]) -> tuple[T, ...]:
    """Return what is ticked: first what was there, in its order (and what has no box), then what is new."""
    stays = [one for one in before if one not in boxes or boxes[one].isChecked()]
    return (*stays, *(one for one, box in boxes.items() if box.isChecked() and one not in before))


def _grid(boxes: list[QCheckBox]) -> QGridLayout:
    grid = QGridLayout()
    for number, box in enumerate(boxes):
        grid.addWidget(box, number // _COLUMNS, number % _COLUMNS)
    return grid


def blank_rule() -> PriorityRule:
    """Return what a new rule begins with."""
    return PriorityRule(name_ko="새 규칙", name_en="new rule", priority=Priority.HIGH)


def _known_words() -> list[str]:
    return [
        translate("Table", "any sender"),
        translate("Table", "registered senders"),
        translate("Table", "unknown senders"),
    ]


def _result_words() -> list[str]:
    own = [words.priority_word(priority) for priority, _ in _RESULTS if priority is not None]
    steps = [
        translate("Table", "one step more urgent"),
        translate("Table", "one step less urgent"),
        translate("Table", "as the sender says"),
    ]
    return own + steps


def _protocol_word(begin: str) -> str:
    known = {
        "dc09/": "DC-09",
        "linked/112": "112",
        "linked/119": "119",
        "linked/": translate("Table", "linked services"),
        "webhook": translate("Table", "webhook"),
        "mqtt/": "MQTT",
        "cap": "CAP",
    }
    return known[begin]


def _parted(text: str) -> tuple[str, ...]:
    return tuple(part for one in text.split(",") if (part := one.strip()))


def _time(shown: QTimeEdit) -> time:
    return time(shown.time().hour(), shown.time().minute())


def _qtime(at: time) -> QTime:
    return QTime(at.hour, at.minute)
