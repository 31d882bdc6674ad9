"""Small pictures of marks, drawn once for each look and then only copied. All are centred on their point."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from smartcity_console.console.map.clusters import PER_POWER_PX, SMALLEST_PX
from smartcity_console.console.marks import priority_path
from smartcity_console.console.theme import PRIORITY_COLOUR, colour, font
from smartcity_console.model.alert import Priority

DISC_PX = 10.5  # radius of a numbered camera


def draw_at(painter: QPainter, image: QImage, x_px: float, y_px: float) -> None:
    """Copy a mark onto whole pixels around a point."""
    half = image.width() / image.devicePixelRatio() / 2.0
    painter.drawImage(round(x_px - half), round(y_px - half), image)


def _sprite(radius_px: float, ratio: float, draw: Callable[[QPainter], None]) -> QImage:
    """Return a transparent square with the zero of its painter in its middle."""
    side = 2 * (int(radius_px) + 3)
    image = QImage(round(side * ratio), round(side * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(side / 2.0, side / 2.0)
    draw(painter)
    painter.end()
    return image


def house(radius_px: float) -> QPainterPath:
    """Return the outline of a private camera: a house, for it stands on somebody's premises."""
    r = radius_px
    corners = [(-0.88, -0.28), (0.0, -1.12), (0.88, -0.28), (0.88, 0.86), (-0.88, 0.86)]
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x * r, y * r) for x, y in corners]))
    path.closeSubpath()
    return path


def disc(radius_px: float) -> QPainterPath:
    """Return the outline of a public camera."""
    path = QPainterPath()
    path.addEllipse(QPointF(0.0, 0.0), radius_px, radius_px)
    return path


@lru_cache(maxsize=256)
def numbered(number: int, private: bool, lost: bool, selected: bool, ratio: float) -> QImage:
    """Return a ranked camera's mark; a lost one has a dashed edge and a stroke through it."""
    edge = colour("warn") if lost else colour("map_cone_private" if private else "map_cone")
    ground, ink = (edge, colour("on_accent")) if selected else (colour("map_mark_ground"), colour("text"))

    def draw(painter: QPainter) -> None:
        outline = house(DISC_PX + 1.0) if private else disc(DISC_PX)
        painter.strokePath(outline, QPen(colour("well", 0.55), 5.0))
        painter.fillPath(outline, ground)
        style = Qt.PenStyle.DashLine if lost else Qt.PenStyle.SolidLine
        painter.strokePath(outline, QPen(edge, 1.8, style))
        _figure(painter, str(number), ink, 1.0 if private else 0.0)
        if lost:
            painter.setPen(QPen(edge, 1.8))
            painter.drawLine(QPointF(-7.0, 7.0), QPointF(7.0, -7.0))

    return _sprite(DISC_PX + 4.0, ratio, draw)


def _figure(painter: QPainter, text: str, ink: QColor, down_px: float) -> None:
    painter.setFont(font(13 if len(text) == 1 else 11, bold=True))
    painter.setPen(ink)
    painter.drawText(QRectF(-16.0, -16.0 + down_px, 32.0, 32.0), Qt.AlignmentFlag.AlignCenter, text)


def count_text(count: int) -> str:
    """Return a count in at most four signs."""
    if count < 1_000:
        return str(count)
    if count < 9_950:
        return f"{count / 1000:.1f}k"
    return f"{count / 1000:.0f}k" if count < 999_500 else f"{count / 1e6:.1f}M"


def cluster_radius_px(count: int) -> float:
    """Return a bubble's radius."""
    return round(2.0 * (SMALLEST_PX + PER_POWER_PX * math.log10(max(count, 1) * 2.0))) / 2.0


def cluster(count: int, ratio: float) -> QImage:
    """Return the bubble that stands for several cameras."""
    return _bubble(count_text(count), cluster_radius_px(count), ratio)


@lru_cache(maxsize=4096)
def _bubble(text: str, radius: float, ratio: float) -> QImage:
    def draw(painter: QPainter) -> None:
        painter.setPen(QPen(colour("neutral", 0.7), 1.0))
        painter.setBrush(colour("map_mark_ground", 0.8))
        painter.drawEllipse(QPointF(0.0, 0.0), radius, radius)
        painter.setFont(font(10))
        painter.setPen(colour("text_dim"))
        painter.drawText(QRectF(-radius, -radius, 2 * radius, 2 * radius), Qt.AlignmentFlag.AlignCenter, text)

    return _sprite(radius + 1.0, ratio, draw)


@lru_cache(maxsize=16)
def agency(text: str, ratio: float) -> QImage:
    """Return a station's mark: a plate with the number that is dialled."""

    def draw(painter: QPainter) -> None:
        plate = QRectF(-15.0, -8.5, 30.0, 17.0)
        painter.setPen(QPen(colour("text_dim"), 1.0))
        painter.setBrush(colour("map_mark_ground"))
        painter.drawRoundedRect(plate, 3.0, 3.0)
        painter.setFont(font(11, bold=True))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)

    return _sprite(16.0, ratio, draw)


FOCUS_PX, MARK_PX = 14.0, 8.0


@lru_cache(maxsize=8)
def incident_focus(priority: Priority, ratio: float) -> QImage:
    """Return the mark of the incident that is worked on: the priority's shape with a white edge and a sign."""

    def draw(painter: QPainter) -> None:
        shape = priority_path(priority, QPointF(0.0, 0.0), FOCUS_PX)
        painter.strokePath(shape, QPen(colour("well", 0.6), 6.0))
        painter.fillPath(shape, QColor(PRIORITY_COLOUR[priority]))
        edge = QPen(colour("text"), 2.2)
        edge.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.strokePath(shape, edge)
        painter.setFont(font(14, bold=True))
        painter.setPen(colour("text") if priority is Priority.EMERGENCY else colour("on_accent"))
        painter.drawText(QRectF(-12.0, -12.5, 24.0, 24.0), Qt.AlignmentFlag.AlignCenter, "!")

    return _sprite(FOCUS_PX + 5.0, ratio, draw)


@lru_cache(maxsize=8)
def incident_mark(priority: Priority, claimed: bool, ratio: float) -> QImage:
    """Return another open incident's mark: filled while nobody has it, an outline once a seat works on it."""

    def draw(painter: QPainter) -> None:
        shape = priority_path(priority, QPointF(0.0, 0.0), MARK_PX)
        fill = QColor(PRIORITY_COLOUR[priority])
        painter.strokePath(shape, QPen(colour("well", 0.7), 5.0))
        painter.fillPath(shape, colour("map_mark_ground") if claimed else fill)
        painter.strokePath(shape, QPen(fill, 2.0))

    return _sprite(MARK_PX + 4.0, ratio, draw)


@lru_cache(maxsize=64)
def ring(radius_px: int, ratio: float) -> QImage:
    """Return the dashed ring within which the incident lies."""

    def draw(painter: QPainter) -> None:
        pen = QPen(colour("danger", 0.8), 1.3)
        pen.setDashPattern([4.0, 3.5])
        painter.setPen(pen)
        painter.setBrush(colour("danger", 0.05))
        painter.drawEllipse(QPointF(0.0, 0.0), float(radius_px), float(radius_px))

    return _sprite(radius_px + 1.0, ratio, draw)


@lru_cache(maxsize=4)
def site(ratio: float) -> QImage:
    """Return a guarded site's mark: a shield."""

    def draw(painter: QPainter) -> None:
        path = QPainterPath(QPointF(-5.0, -5.5))
        path.lineTo(5.0, -5.5)
        path.lineTo(5.0, 0.5)
        path.quadTo(4.5, 4.0, 0.0, 6.5)
        path.quadTo(-4.5, 4.0, -5.0, 0.5)
        path.closeSubpath()
        painter.setBrush(colour("map_mark_ground"))
        painter.setPen(QPen(colour("text_dim"), 1.2))
        painter.drawPath(path)

    return _sprite(8.0, ratio, draw)
