"""The marked line of a list in full, under it: what a small screen cuts short is read without a mouse too."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from smartcity_console.console.texts import plain_tip, set_tone
from smartcity_console.console.theme import font

LINES, SIZE_PX = 2, 13


class WholeLine(QLabel):
    """Two lines high, whether there is something to read or not: a list does not move when another line is marked."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(SIZE_PX))
        set_tone(self, "dim")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setFixedHeight(LINES * self.fontMetrics().lineSpacing() + 2)

    def show_cells(self, cells: Sequence[str]) -> None:
        """Show a line's cells; what does not fit into two lines is in the tooltip."""
        text = " · ".join(cell for cell in cells if cell)
        self.setText(text)
        self.setToolTip(plain_tip(text))
