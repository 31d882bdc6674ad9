"""Paints a decoded picture into a rectangle: whole and centred, or magnified around a point."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QImage, QPainter
from shiboken6 import VoidPtr

from smartcity_console.video.capture import Frame

MOST_ZOOM = 8.0
NOTCH = 1.25  # a notch of the wheel, or one press of the key
MAX_ASKED_PX = (2560, 1440)


class Zoom(NamedTuple):
    """A digital zoom: how many times, around which point of the picture (0 to 1 from its left top)."""

    times: float = 1.0
    x: float = 0.5
    y: float = 0.5

    @property
    def is_on(self) -> bool:
        return self.times > 1.0

    def part(self) -> QRectF:
        """Return the part of the picture that is shown, in parts of its width and height."""
        side = 1.0 / self.times
        return QRectF(_within(self.x, side), _within(self.y, side), side, side)

    def by(self, notches: float, at: QPointF) -> Zoom:
        """Return the zoom by notches nearer; `at` (0 to 1 of what is shown) stays where it is."""
        times = min(MOST_ZOOM, max(1.0, self.times * NOTCH**notches))
        if times < 1.01:
            return Zoom()
        part, side = self.part(), 1.0 / times
        x = part.left() + at.x() * part.width() - at.x() * side + side / 2
        y = part.top() + at.y() * part.height() - at.y() * side + side / 2
        return Zoom(times, x, y).kept_inside()

    def moved(self, across: float, down: float) -> Zoom:
        """Return the zoom with its point moved by parts of what is shown."""
        return Zoom(self.times, self.x + across / self.times, self.y + down / self.times).kept_inside()

    def kept_inside(self) -> Zoom:
        part = self.part()
        return Zoom(self.times, part.center().x(), part.center().y())

    def asked_px(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the size to decode at, so that magnifying shows what the camera sent and not the tile's own pixels."""
        return (min(MAX_ASKED_PX[0], round(size[0] * self.times)), min(MAX_ASKED_PX[1], round(size[1] * self.times)))


def _within(middle: float, side: float) -> float:
    return min(1.0 - side, max(0.0, middle - side / 2))


def image_of(frame: Frame) -> QImage:
    """Return the frame's pixels as an image that shares them: it must not outlive the frame."""
    pixels = frame.pixels
    (height, width, _), stride = pixels.shape, pixels.strides[0]
    memory = VoidPtr(pixels.__array_interface__["data"][0], stride * height, False)
    return QImage(memory, width, height, stride, QImage.Format.Format_RGB32)


def place_of(rect: QRect, width: int, height: int) -> QRect:
    """Return where a picture of this shape lies in a rectangle: whole and centred, evidence is not cropped."""
    scale = min(rect.width() / width, rect.height() / height)
    place = QRect(0, 0, round(width * scale), round(height * scale))
    place.moveCenter(rect.center())
    return place


def is_exact(place: QRect, ratio: float, width: int, height: int) -> bool:
    """Return whether a picture of this shape needs no scaling there, on a screen of this pixel ratio."""
    return abs(place.width() * ratio - width) <= 1 and abs(place.height() * ratio - height) <= 1


def paint_picture(painter: QPainter, rect: QRect, frame: Frame, ratio: float, zoom: Zoom | None = None) -> None:
    """Paint a frame on a screen of this pixel ratio."""
    height, width = frame.pixels.shape[:2]
    image, place = image_of(frame), place_of(rect, width, height)
    if zoom is not None and zoom.is_on:
        part = zoom.part()
        source = QRectF(part.x() * width, part.y() * height, part.width() * width, part.height() * height)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(place), image, source)
        return
    exact = is_exact(place, ratio, width, height)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not exact)
    if exact and ratio == 1.0:
        painter.drawImage(place.topLeft(), image)
    else:
        painter.drawImage(place, image)
