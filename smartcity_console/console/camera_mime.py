"""What a dragged camera carries: its id and nothing else, so that nothing private can ride along."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from smartcity_console.console.theme import colour, font

CAMERA_MIME = "application/x-smartcity-camera"
MOST_BYTES = 128
_CHIP_PX = (220, 28)


def camera_data(camera_id: str) -> QMimeData:
    """Return the data of a drag."""
    data = QMimeData()
    data.setData(CAMERA_MIME, camera_id.encode())
    return data


def camera_of(data: QMimeData) -> str | None:
    """Return the camera that is dragged; None for anything else, or what cannot be an id."""
    raw = data.data(CAMERA_MIME).data() if data.hasFormat(CAMERA_MIME) else b""
    try:
        camera_id = bytes(raw).decode() if 0 < len(raw) <= MOST_BYTES else ""
    except UnicodeDecodeError:
        return None
    return camera_id if camera_id.isprintable() and camera_id else None


def drag_camera(source: QWidget, camera_id: str, title: str) -> Qt.DropAction:
    """Let the operator carry a camera until he drops it; returns what became of it. Runs Qt's loop meanwhile."""
    drag = QDrag(source)
    drag.setMimeData(camera_data(camera_id))
    drag.setPixmap(_chip(title or camera_id))
    drag.setHotSpot(QPoint(12, _CHIP_PX[1] // 2))
    return drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.DropAction.CopyAction)


def _chip(title: str) -> QPixmap:
    chip = QPixmap(*_CHIP_PX)
    chip.fill(colour("accent_strong"))
    painter = QPainter(chip)
    painter.setFont(font(13))
    painter.setPen(colour("text"))
    words = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, chip.width() - 16)
    painter.drawText(chip.rect().adjusted(8, 0, -8, 0), int(Qt.AlignmentFlag.AlignVCenter), words)
    painter.end()
    return chip
