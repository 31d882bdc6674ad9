"""A still with seat, time and camera burned in. Whatever leaves the wall says who took it, when, and of what."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter

from smartcity_console.console.theme import colour, font
from smartcity_console.console.times import SEOUL
from smartcity_console.console.wall.picture import image_of
from smartcity_console.model.errors import ConsoleError
from smartcity_console.video.capture import Frame

FOLDER = "snapshots"
_SPREAD = 0.16  # how strongly the seat's mark lies over the picture


class SnapshotUnsaved(ConsoleError):
    code = "snapshot_unsaved"
    ko = "정지 영상을 저장하지 못했습니다({why}). 기록에 남기지 않았습니다. 다시 하십시오."
    en = "The snapshot could not be saved ({why}). Nothing was put on record. Try again."


@dataclass(frozen=True)
class Mark:
    """What is burned in. `kind` is the tile's word for the picture: LIVE, REPLAY, FROZEN, STOPPED."""

    camera_id: str
    camera_name: str
    captured_at: datetime
    kind: str
    seat: str  # in words: seat and user
    taken_at: datetime

    def lines(self) -> tuple[str, str]:
        """Return the band's two lines."""
        seen = f"{self.camera_name} ({self.camera_id}) · {_time(self.captured_at, '%Y-%m-%d %H:%M:%S.%f')[:-3]} KST"
        return seen, f"{self.kind} · {self.seat} · {_time(self.taken_at, '%Y-%m-%d %H:%M:%S')} KST"

    def spread(self) -> str:
        """Return what is repeated over the picture, so that no cut of it is without."""
        return f"{self.seat} · {_time(self.taken_at, '%m-%d %H:%M:%S')}"


def _time(at: datetime, form: str) -> str:
    return at.astimezone(SEOUL).strftime(form)


def marked(frame: Frame, mark: Mark) -> QImage:
    """Return a copy of a frame with the mark over the picture and in a band under it, which hides nothing."""
    picture = image_of(frame)
    size_px = max(11, round(picture.width() / 60))
    band = 2 * QFontMetrics(font(size_px)).height() + size_px
    image = QImage(max(picture.width(), 320), picture.height() + band, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    painter.drawImage(0, 0, picture)
    _paint_spread(painter, QRect(0, 0, picture.width(), picture.height()), mark.spread(), size_px)
    _paint_band(painter, QRect(0, picture.height(), image.width(), band), mark.lines(), size_px)
    painter.end()
    return image


def _paint_spread(painter: QPainter, room: QRect, text: str, size_px: int) -> None:
    painter.save()
    painter.setClipRect(room)
    face = font(size_px)
    step = QFontMetrics(face).horizontalAdvance(text) + 6 * size_px
    painter.setFont(face)
    painter.translate(room.center())
    painter.rotate(-24)
    reach = room.width() + room.height()
    for row, y in enumerate(range(-reach, reach, 9 * size_px)):
        for x in range(-reach - (row % 2) * step // 2, reach, step):
            painter.setPen(QColor(0, 0, 0, round(255 * _SPREAD)))
            painter.drawText(QPointF(x + 1, y + 1), text)
            painter.setPen(QColor(255, 255, 255, round(255 * _SPREAD)))
            painter.drawText(QPointF(x, y), text)
    painter.restore()


def _paint_band(painter: QPainter, band: QRect, lines: tuple[str, str], size_px: int) -> None:
    painter.setFont(font(size_px))
    high = QFontMetrics(font(size_px)).height()
    for row, (text, name) in enumerate(zip(lines, ("text", "text_dim"), strict=True)):
        painter.setPen(colour(name))
        line = QRect(band.left() + 8, band.top() + size_px // 2 + row * high, band.width() - 16, high)
        words = QFontMetrics(font(size_px)).elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), words)


def save(image: QImage, workspace: Path, mark: Mark) -> tuple[str, str]:
    """Write a PNG (0600) that appears as a whole; return its path within the workspace, and its SHA-256.

    Blocks: runs off the Qt thread. Raises SnapshotUnsaved.
    """
    name = f"{mark.camera_id}-{_time(mark.captured_at, '%Y%m%d-%H%M%S-%f')[:-3]}.png"
    path = workspace / FOLDER / "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name)
    body = _png(image)
    scratch = path.with_suffix(".part")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        fd = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        raise SnapshotUnsaved(why=error.strerror or type(error).__name__) from error
    return f"{FOLDER}/{path.name}", hashlib.sha256(body).hexdigest()


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):
        raise SnapshotUnsaved(why="PNG")
    return bytes(buffer.data().data())
