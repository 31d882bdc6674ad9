"""Pictures that came with the alerts, side by side. A person's pictures are not here: see `person`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QDialog, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from smartcity_console.console.incident.pictures import read_picture
from smartcity_console.console.language import translate
from smartcity_console.console.texts import plain_tip
from smartcity_console.console.theme import colour
from smartcity_console.model.alert import Attachment
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.incident import Incident

THUMB_PX = QSize(108, 76)
_DIGEST = Qt.ItemDataRole.UserRole

Submit = Callable[[Callable[[], Any], Callable[[Any], None]], None]
Get = Callable[[str], bytes | None]


def attachments_of(incident: Incident | None) -> list[Attachment]:
    """Return what came with an incident's alerts and shows no person sought, each once."""
    found = {a.sha256: a for alert in incident.alerts for a in alert.attachments} if incident is not None else {}
    return [attached for attached in found.values() if not attached.is_personal]


class PicturesView(QListWidget):
    """Reads each picture once, off the Qt thread. Enter or a double click shows one large."""

    failed = Signal(object)

    def __init__(self, submit: Submit, get: Get) -> None:
        super().__init__()
        self.setObjectName("pictures")
        self._submit, self._get = submit, get
        self._shown: tuple[str, ...] = ()
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setWrapping(True)
        self.setIconSize(THUMB_PX)
        self.setSpacing(4)
        self.setMovement(QListWidget.Movement.Static)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.itemActivated.connect(self._enlarge)
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(translate("Pictures", "Pictures that came with the alerts"))

    def show_incident(self, incident: Incident | None) -> None:
        attached = attachments_of(incident)
        showing = tuple(one.sha256 for one in attached)
        if showing == self._shown:
            return
        self._shown = showing
        self.clear()
        for one in attached:
            self.addItem(_item(one))
        for one in attached:  # after the items: what is read at once is shown at once
            if _is_picture(one):
                self._read(one.sha256)

    def _read(self, sha256: str) -> None:
        self._submit(lambda: read_picture(self._get, sha256, THUMB_PX.width() * 2), self._take(sha256))

    def _take(self, sha256: str) -> Callable[[Any], None]:
        def take(outcome: Any) -> None:
            if isinstance(outcome, ConsoleError):
                self.failed.emit(outcome)
                return
            for row in range(self.count()):
                if self.item(row).data(_DIGEST) == sha256:
                    self.item(row).setIcon(QIcon(QPixmap.fromImage(outcome)))

        return take

    def _enlarge(self, item: QListWidgetItem) -> None:
        if sha256 := item.data(_DIGEST):
            self._submit(lambda: read_picture(self._get, sha256), self._show_large)

    def _show_large(self, outcome: QImage | ConsoleError) -> None:
        if isinstance(outcome, ConsoleError):
            self.failed.emit(outcome)
        else:
            PictureDialog(outcome, self.window()).show()


class PictureDialog(QDialog):
    """One picture, as large as it fits."""

    def __init__(self, image: QImage, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translate("Pictures", "Picture from the sender"))
        room = parent.size() * 0.8
        picture = QPixmap.fromImage(image)
        if picture.width() > room.width() or picture.height() > room.height():
            picture = picture.scaled(
                room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        shown = QLabel()
        shown.setPixmap(picture)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(shown)


def _is_picture(attached: Attachment) -> bool:
    return attached.media_type.startswith("image/")


def _item(attached: Attachment) -> QListWidgetItem:
    name = attached.name or attached.media_type
    item = QListWidgetItem(_blank(), "" if _is_picture(attached) else name)
    item.setData(_DIGEST, attached.sha256 if _is_picture(attached) else "")
    item.setToolTip(plain_tip(f"{name} · {attached.size_bytes / 1024:.0f} KiB"))
    item.setData(Qt.ItemDataRole.AccessibleTextRole, name)
    return item


def _blank() -> QIcon:
    picture = QPixmap(THUMB_PX)
    picture.fill(colour("well"))
    return QIcon(picture)
