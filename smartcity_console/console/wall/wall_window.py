"""A wall in a window of its own, for another monitor. Its tiles come out of the same decoders."""

from __future__ import annotations

import json
import logging
import os
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QIcon
from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartcity_console.console.language import translate
from smartcity_console.console.theme import ICONS
from smartcity_console.console.wall.wall_widget import WallWidget

log = logging.getLogger(__name__)
FIRST_SIZE_PX = (1280, 760)


class WallWindow(QWidget):
    """Holds one wall; keeps where it stood. `closing` when the operator closes it."""

    closing = Signal()

    def __init__(self, wall: WallWidget, kept_in: Path, beside: QWidget) -> None:
        super().__init__()
        self.wall, self._kept_in, self._beside = wall, kept_in, beside
        self.setObjectName("wall_window")
        self.setWindowIcon(QIcon((ICONS / "console.svg").as_posix()))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(wall)
        self.resize(*FIRST_SIZE_PX)
        self._retranslate()
        self._restore()

    def _restore(self) -> None:
        """Stand where it stood; the first time on the next monitor, as large as that is."""
        try:
            kept = b64decode(json.loads(self._kept_in.read_text("utf-8"))["geometry"])
        except (OSError, ValueError, KeyError, TypeError, Base64Error):
            kept = b""
        if kept and self.restoreGeometry(QByteArray(kept)):
            return
        screens, here = QGuiApplication.screens(), self._beside.window().screen()
        if len(screens) > 1:
            self.setGeometry(screens[(screens.index(here) + 1) % len(screens)].availableGeometry())

    def keep_geometry(self) -> None:
        """Write where it stands (0600); a full disk only means that it opens elsewhere the next time."""
        body = json.dumps({"geometry": b64encode(self.saveGeometry().data()).decode("ascii")})
        scratch = self._kept_in.with_suffix(".tmp")
        try:
            fd = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(fd, "w", encoding="utf-8") as file:
                file.write(body)
            scratch.replace(self._kept_in)
        except OSError as error:
            log.warning("where the second wall stood was not kept: %s", error)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.keep_geometry()
        super().closeEvent(event)
        self.wall.close_pane()
        self.hide()
        self.closing.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self.setWindowTitle(translate("Wall", "Second wall"))
