"""The presets of a camera: go there, keep this place, rename, remove."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QInputDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from smartcity_console.console.language import translate
from smartcity_console.console.ptz import words
from smartcity_console.console.ptz.driver import PtzDriver
from smartcity_console.model import ptz_wire as wire
from smartcity_console.model.ptz import Preset, Verb

MOST_NAME = 64


class PresetList(QListWidget):
    """A list that goes to its row by Enter."""

    def __init__(self, go: object) -> None:
        super().__init__()
        self._go = go

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go()
        else:
            super().keyPressEvent(event)


class Presets(QWidget):
    """Shows what the driver's camera keeps."""

    def __init__(self, driver: PtzDriver) -> None:
        super().__init__()
        self._driver = driver
        self._shown: tuple[Preset, ...] = ()
        self.rows = PresetList(self.go)
        self.rows.setMinimumHeight(60)
        self.rows.itemDoubleClicked.connect(lambda _item: self.go())
        self.rows.currentRowChanged.connect(lambda _row: self.refresh())
        self.name = QLineEdit()
        self.name.setMaxLength(MOST_NAME)
        self.name.returnPressed.connect(self.keep)
        self.name.textChanged.connect(lambda _text: self.refresh())
        self.keep_button, self.go_button = QPushButton(), QPushButton()
        self.rename_button, self.remove_button = QPushButton(), QPushButton()
        acts = (self.keep, self.go, self.rename, self.remove)
        for button, act in zip(self._buttons(), acts, strict=True):
            button.clicked.connect(act)
        self._lay_out()
        self.retranslate()

    def _buttons(self) -> tuple[QPushButton, ...]:
        return self.keep_button, self.go_button, self.rename_button, self.remove_button

    def retranslate(self) -> None:
        self.name.setPlaceholderText(translate("Ptz", "Name for this view"))
        self.name.setAccessibleName(self.name.placeholderText())
        self.rows.setAccessibleName(translate("Ptz", "Presets"))
        self.keep_button.setText(translate("Ptz", "Keep"))
        self.go_button.setText(translate("Ptz", "Go"))
        self.rename_button.setText(translate("Ptz", "Rename"))
        self.remove_button.setText(translate("Ptz", "Remove"))
        self.refresh()

    def chosen(self) -> Preset | None:
        row = self.rows.currentRow()
        return self._shown[row] if 0 <= row < len(self._shown) else None

    # ---- what the operator does ----------------------------------------------------------------------------------

    def go(self) -> None:
        if (preset := self.chosen()) is not None and self.go_button.isEnabled():
            self._driver.say(wire.UsePreset(self._driver.camera_id, preset.token))

    def keep(self) -> None:
        """Keep where it looks now under the name that was typed."""
        if self.keep_button.isEnabled():
            self._driver.say(wire.SetPreset(self._driver.camera_id, self.name.text().strip()))
            self.name.clear()

    def rename(self) -> None:
        preset = self.chosen()
        if preset is None:
            return
        said = translate("Ptz", "New name. The camera goes there first: a device renames only where it looks.")
        text, done = QInputDialog.getText(self, self.rename_button.text(), said, text=preset.name)
        if done and text.strip():
            self._driver.say(wire.RenamePreset(self._driver.camera_id, text.strip()[:MOST_NAME], preset.token))

    def remove(self) -> None:
        if (preset := self.chosen()) is not None:
            self._driver.say(wire.RemovePreset(self._driver.camera_id, preset.token))

    # ---- what it shows -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the presets, and which acts are to be had."""
        state, driver = self._driver.state, self._driver
        presets = state.presets if state is not None else ()
        if presets != self._shown:
            self._show(presets)
        chosen = self.chosen() is not None
        self._offer(self.go_button, Verb.USE_PRESET, chosen)
        self._offer(self.rename_button, Verb.SET_PRESET, chosen)
        self._offer(self.remove_button, Verb.REMOVE_PRESET, chosen)
        self._offer(self.keep_button, Verb.SET_PRESET, bool(self.name.text().strip()))
        self.name.setEnabled(driver.can(Verb.SET_PRESET))

    def _show(self, presets: tuple[Preset, ...]) -> None:
        kept = self.chosen()
        self._shown = presets
        self.rows.blockSignals(True)
        self.rows.clear()
        for preset in presets:
            self.rows.addItem(QListWidgetItem(preset.name))
        tokens = [preset.token for preset in presets]
        self.rows.setCurrentRow(tokens.index(kept.token) if kept is not None and kept.token in tokens else -1)
        self.rows.blockSignals(False)

    def _offer(self, button: QPushButton, verb: Verb, ready: bool) -> None:
        """Enable a button, or say on it why the device cannot do this."""
        state = self._driver.state
        able = self._driver.can(verb)
        button.setEnabled(able and ready)
        lacking = state is not None and state.connected is True and not able
        button.setToolTip(words.lacks(verb) if lacking else "")
        button.setAccessibleDescription(button.toolTip())

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.rows, 1)
        grid = QGridLayout()
        grid.setSpacing(6)
        for at, button in enumerate((self.go_button, self.rename_button, self.remove_button)):
            grid.addWidget(button, 0, at)
        grid.addWidget(self.name, 1, 0, 1, 2)
        grid.addWidget(self.keep_button, 1, 2)
        box.addLayout(grid)
