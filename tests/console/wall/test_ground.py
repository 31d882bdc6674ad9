"""The ground of a tile is painted wherever no picture covers it, and nowhere twice."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from smartcity_console.console.wall import tile_paint


@pytest.mark.parametrize(
    "covered",
    [
        QRect(),
        QRect(0, 0, 40, 30),
        QRect(0, 4, 40, 22),
        QRect(7, 0, 26, 30),
        QRect(3, 5, 20, 11),
        QRect(-5, -5, 90, 90),
    ],
)
def test_ground_and_picture_cover_the_tile_together(qapp: object, covered: QRect) -> None:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    painter = QPainter(image)
    tile_paint.paint_ground(painter, QRect(0, 0, 40, 30), covered)
    painter.end()
    ground = tile_paint.colour("tile_ground")
    for x in range(40):
        for y in range(30):
            wanted = QColor("red") if covered.contains(x, y) else ground
            assert image.pixelColor(x, y).rgb() == wanted.rgb(), (x, y)
