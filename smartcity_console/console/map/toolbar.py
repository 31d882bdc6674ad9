"""The column of buttons at the map's right edge."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.map.tool_icons import SIDE_PX, tool_icon

BUTTONS = ("search", "layers", "measure", "rectangle", "lasso", "follow", "window")
KEPT_DOWN = ("layers", "measure", "rectangle", "lasso", "follow")
KEYS = {"search": "/", "layers": "L", "measure": "M", "rectangle": "B", "lasso": "O", "follow": "F", "window": "W"}


class ToolBar(QFrame):
    """`pressed(name, down)` when the operator uses a button; `show_down` sets one without a word."""

    pressed = Signal(str, bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("map_tools")
        self.setAutoFillBackground(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(2)
        self.buttons = {name: self._button(name) for name in BUTTONS}
        for button in self.buttons.values():
            column.addWidget(button)
        self.retranslate()

    def show_down(self, name: str, down: bool) -> None:
        self.buttons[name].setChecked(down)

    def retranslate(self) -> None:
        titles = {
            "search": translate("Map", "Search"),
            "layers": translate("Map", "Layers"),
            "measure": translate("Map", "Measure"),
            "rectangle": translate("Map", "Select cameras in a rectangle"),
            "lasso": translate("Map", "Select cameras by drawing around them"),
            "follow": translate("Map", "Follow the incident"),
            "window": translate("Map", "Another map window"),
        }
        for name, button in self.buttons.items():
            button.setToolTip(f"{titles[name]} ({KEYS[name]})")
            button.setAccessibleName(titles[name])

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"map_{name}")
        button.setIcon(tool_icon(name))
        button.setIconSize(QSize(SIDE_PX, SIDE_PX))
        button.setCheckable(name in KEPT_DOWN)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda down=False: self.pressed.emit(name, bool(down)))
        return button
