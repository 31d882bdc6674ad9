"""What an operator asks of the coverage layer: the class, whose cameras count, and when to stop."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.map.coverage_layer import CoverageLayer, class_word
from smartcity_console.model.camera import Dori, dori_floor

CLASSES = (Dori.MONITOR, Dori.DETECT, Dori.OBSERVE, Dori.RECOGNISE, Dori.IDENTIFY)
INDENT_PX = 22


class CoverageControls(QWidget):
    """Stands under the layer's box while that is ticked."""

    asked = Signal(object)  # Dori
    private_wanted = Signal(bool)
    halt_wanted = Signal(bool)  # True: stop; False: go on

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.classes, self.whose, self.bar, self.button = QComboBox(), QComboBox(), QProgressBar(), QPushButton()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        for _ in CLASSES:
            self.classes.addItem("")
        for _ in (True, False):
            self.whose.addItem("")
        way = QHBoxLayout()
        way.addWidget(self.bar, 1)
        way.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(INDENT_PX, 0, 0, 4)
        column.setSpacing(4)
        column.addWidget(self.classes)
        column.addWidget(self.whose)
        column.addLayout(way)
        self.classes.activated.connect(lambda index: self.asked.emit(CLASSES[index]))
        self.whose.activated.connect(lambda index: self.private_wanted.emit(index == 0))
        self.button.clicked.connect(lambda: self.halt_wanted.emit(not self._halted))
        self._halted = False
        self.retranslate()

    def show_state(self, layer: CoverageLayer) -> None:
        """Bring everything up to date."""
        self._halted = layer.halted
        self.classes.setCurrentIndex(CLASSES.index(layer.question.dori))
        self.whose.setCurrentIndex(0 if layer.with_private else 1)
        _, done, of = layer.progress or ("", 0, 1)
        self.bar.setRange(0, max(of, 1))
        self.bar.setValue(done)
        self.button.setEnabled(layer.halted or layer.progress is not None)
        self._name_button()

    def retranslate(self) -> None:
        for index, dori in enumerate(CLASSES):
            self.classes.setItemText(index, f"{class_word(dori)} · {dori_floor(dori):g} px/m")
        self.whose.setItemText(0, translate("Map", "Public and private cameras"))
        self.whose.setItemText(1, translate("Map", "Public cameras alone"))
        self.classes.setAccessibleName(translate("Map", "Seen at least how well"))
        self.whose.setAccessibleName(translate("Map", "Whose cameras count"))
        self._name_button()

    def _name_button(self) -> None:
        self.button.setText(translate("Map", "Go on") if self._halted else translate("Map", "Stop"))
