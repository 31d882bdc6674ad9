"""Which layers are shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.map.coverage_controls import CoverageControls

ORDER = (
    "raster",
    "labels",
    "cameras",
    "cones",
    "coverage",
    "sites",
    "agencies",
    "areas",
    "incidents",
    "alerts",
    "tracks",
    "traffic",
)


class LayerPanel(QFrame):
    """A box for each layer; `switched(name, shown)`. A layer that has nothing to show stays, and says so."""

    switched = Signal(str, bool)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("map_panel")
        self.setAutoFillBackground(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 14, 10)
        column.setSpacing(5)
        self.boxes = {name: QCheckBox(self) for name in ORDER}
        for name, box in self.boxes.items():
            box.setObjectName(f"layer_{name}")
            box.toggled.connect(lambda shown, name=name: self.switched.emit(name, shown))
            column.addWidget(box)
            if name == "coverage":
                self.coverage = CoverageControls(self)
                column.addWidget(self.coverage)
        self.coverage.hide()
        self.retranslate()

    def set_state(self, shown: dict[str, bool], empty: dict[str, str]) -> None:
        """Tell what is shown, and why a layer of `empty` cannot be."""
        for name, box in self.boxes.items():
            box.blockSignals(True)
            box.setChecked(shown.get(name, False) and name not in empty)
            box.blockSignals(False)
            box.setEnabled(name not in empty)
            box.setToolTip(empty.get(name, ""))
        self.coverage.setVisible(self.boxes["coverage"].isChecked())

    def retranslate(self) -> None:
        titles = {
            "raster": translate("Map", "Raster base map"),
            "labels": translate("Map", "Names"),
            "cameras": translate("Map", "Cameras"),
            "cones": translate("Map", "What they see"),
            "coverage": translate("Map", "Coverage and blind spots"),
            "sites": translate("Map", "Guarded sites"),
            "agencies": translate("Map", "Police and fire stations"),
            "areas": translate("Map", "Their areas"),
            "incidents": translate("Map", "Incidents"),
            "alerts": translate("Map", "Alerts"),
            "tracks": translate("Map", "Tracks and sightings (1 → newest)"),
            "traffic": translate("Map", "Traffic"),
        }
        for name, box in self.boxes.items():
            box.setText(titles[name])
        self.coverage.retranslate()
        self.setAccessibleName(translate("Map", "Layers"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)
