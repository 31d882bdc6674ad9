"""The table of priorities: rules in order, the first that fits decides. Tried on the last alerts while it is edited."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QScrollArea, QVBoxLayout, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.supervisor.rule_form import RuleForm, blank_rule
from smartcity_console.console.supervisor.trial import Fit, Sample, trial
from smartcity_console.console.texts import label, plain_tip
from smartcity_console.console.theme import font
from smartcity_console.model.priority import DEFAULT_TABLE, PriorityRule

Table = tuple[PriorityRule, ...]


class TableEditor(QWidget):
    """`wanted(rules)`: the supervisor puts the table in force. Until then nothing outside has changed."""

    wanted = Signal(object)

    def __init__(self, samples: Callable[[], list[Sample]]) -> None:
        super().__init__()
        self._samples = samples
        self._in_force: Table = ()
        self._rules: list[PriorityRule] = []
        self._fits: list[Fit] = []
        self._why_not = ""
        self.list, self.form = QListWidget(), RuleForm()
        self.up, self.down, self.add, self.remove = (QPushButton() for _ in range(4))
        self.defaults, self.back, self.save = (QPushButton() for _ in range(3))
        self.trial, self._hint, self._reason = (
            label(13, bold=True),
            label(13, tone="dim", wrap=True),
            label(13, tone="warn"),
        )
        self._lay_out()
        self._connect()
        self.retranslate()

    def show_table(self, rules: Table, why_not: str) -> None:
        """Show the table in force, unless the supervisor is just changing it. `why_not`: why it may not be changed."""
        self._why_not = why_not
        if rules != self._in_force:
            edited = tuple(self._rules) != self._in_force
            self._in_force = rules
            if not edited:
                self._take(list(rules))
        self._refresh()

    def rules(self) -> Table:
        """Return the table as it stands here."""
        return tuple(self._rules)

    def retranslate(self) -> None:
        self.list.setAccessibleName(translate("Table", "Rules in order"))
        hint = translate("Table", "The first rule that fits decides. What a rule leaves blank fits everything.")
        self._hint.setText(hint)
        names = {
            self.up: translate("Table", "Up"),
            self.down: translate("Table", "Down"),
            self.add: translate("Table", "Add"),
            self.remove: translate("Table", "Remove"),
            self.defaults: translate("Table", "As delivered"),
            self.back: translate("Table", "Discard changes"),
            self.save: translate("Table", "Put in force"),
        }
        for button, name in names.items():
            button.setText(name)
        self.form.retranslate()
        self._refresh()

    def _take(self, rules: list[PriorityRule], row: int = 0) -> None:
        self._rules = rules
        self.list.blockSignals(True)
        self.list.clear()
        for _ in rules:
            item = QListWidgetItem()
            item.setFont(font(14))
            item.setSizeHint(QSize(0, 46))
            self.list.addItem(item)
        self.list.setCurrentRow(max(0, min(row, len(rules) - 1)) if rules else -1)
        self.list.blockSignals(False)
        self._show_rule()

    def _show_rule(self) -> None:
        row = self.list.currentRow()
        self.form.setEnabled(row >= 0 and not self._why_not)
        if 0 <= row < len(self._rules):
            self.form.show_rule(self._rules[row])
        self._refresh()

    def _edited(self) -> None:
        row, rule = self.list.currentRow(), self.form.rule()
        if 0 <= row < len(self._rules) and rule is not None:
            self._rules[row] = rule
        self._refresh()

    def _refresh(self) -> None:
        """Try the table anew and say what came of it."""
        self._fits = trial(self._rules, self._samples())
        for row, (rule, fit) in enumerate(zip(self._rules, self._fits, strict=True)):
            item = self.list.item(row)
            told = translate("Table", "fits {fitted}, decides {decided} of the last {of}")
            told = told.format(fitted=fit.fitted, decided=fit.decided, of=fit.of)
            item.setText(f"{row + 1}.  {self._name(rule)}\n      {told}")
            item.setToolTip(plain_tip(f"{rule.name_ko}\n{rule.name_en}"))
        self._tell_trial()
        row, free = self.list.currentRow(), not self._why_not
        self.up.setEnabled(free and row > 0)
        self.down.setEnabled(free and 0 <= row < len(self._rules) - 1)
        self.add.setEnabled(free)
        self.remove.setEnabled(free and row >= 0)
        self.defaults.setEnabled(free and self.rules() != DEFAULT_TABLE)
        changed = self.rules() != self._in_force
        self.back.setEnabled(changed)
        self.save.setEnabled(free and changed)
        self.form.setEnabled(free and row >= 0)
        self._reason.setText(self._why_not)
        self._reason.setVisible(bool(self._why_not))

    def _tell_trial(self) -> None:
        row = self.list.currentRow()
        if not 0 <= row < len(self._fits):
            self.trial.setText("")
            return
        fit = self._fits[row]
        text = translate("Table", "This rule would have fitted {fitted} of the last {of} alerts and decided {decided}.")
        self.trial.setText(text.format(fitted=fit.fitted, of=fit.of, decided=fit.decided))

    def _name(self, rule: PriorityRule) -> str:
        return rule.name_ko if translate("Language", "en") == "ko" else rule.name_en

    def _move(self, by: int) -> None:
        row, rules = self.list.currentRow(), list(self._rules)
        rules.insert(row + by, rules.pop(row))
        self._take(rules, row + by)

    def _add(self) -> None:
        row, rules = self.list.currentRow() + 1, list(self._rules)
        rules.insert(row, blank_rule())
        self._take(rules, row)
        self.form.name_ko.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self) -> None:
        row, rules = self.list.currentRow(), list(self._rules)
        del rules[row]
        self._take(rules, row)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(lambda _row: self._show_rule())
        self.form.changed.connect(self._edited)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.defaults.clicked.connect(lambda: self._take(list(DEFAULT_TABLE)))
        self.back.clicked.connect(lambda: self._take(list(self._in_force)))
        self.save.clicked.connect(lambda: self.wanted.emit(self.rules()))

    def _lay_out(self) -> None:
        order, foot = QHBoxLayout(), QHBoxLayout()
        for button in (self.up, self.down, self.add, self.remove):
            order.addWidget(button)
        for button in (self.defaults, self.back):
            foot.addWidget(button)
        foot.addWidget(self._reason, 1)
        foot.addWidget(self.save)
        self.save.setProperty("strong", True)
        for button in (self.up, self.down, self.add, self.remove, self.defaults, self.back, self.save):
            button.setAutoDefault(False)
        left, right, columns = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        left.addWidget(self.list, 1)
        left.addLayout(order)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(self.form)
        right.addWidget(self.trial)
        right.addWidget(area, 1)
        columns.addLayout(left, 2)
        columns.addSpacing(14)
        columns.addLayout(right, 3)
        box = QVBoxLayout(self)
        box.setSpacing(10)
        box.addWidget(self._hint)
        box.addLayout(columns, 1)
        box.addLayout(foot)
