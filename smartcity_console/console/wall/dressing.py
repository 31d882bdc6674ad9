"""What lies around and over a tile's picture while it stays the same: worked out once, painted with hundreds of pictures."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QImage, QPainter, QPen, QPixmap

from smartcity_console.console.wall import tile_paint as paint
from smartcity_console.console.wall.look import Look
from smartcity_console.console.wall.picture import Zoom, image_of, is_exact, paint_picture, place_of
from smartcity_console.video.capture import Frame

_IMAGES = 4  # a slot has three buffers


class Dressing:
    """Bars, edge and place of one tile's picture. `key` is all that it depends on; another key calls for another one."""

    def __init__(self, key: Hashable, rect: QRect, ratio: float, frame: Frame) -> None:
        self.key = key
        height, width = frame.pixels.shape[:2]
        self.place = place_of(rect, width, height)
        self._rect, self._ratio = rect, ratio
        self._at = self.place.topLeft() if ratio == 1.0 and is_exact(self.place, ratio, width, height) else None
        self._ground = paint.around(rect, self.place)
        self._strips: list[tuple[QPoint, QPixmap]] = []
        self._edge: tuple[QPen, QRectF] | None = None
        self._images: dict[int, tuple[object, QImage]] = {}

    def put_on(self, look: Look, number: int, *, selected: bool, focused: bool) -> None:
        """Paint bars and edge, once."""
        on, low = (self._rect, self._ratio), (look.where, look.short[1])
        self._strips = [
            paint.paint_top.kept(*on, number, look.title, (look.clarity, look.short[0])),
            paint.paint_bottom.kept(*on, look.word, look.word_colour, look.text, low, look.recorded),
        ]
        self._edge = paint.edge(self._rect, selected=selected, focused=focused)

    def paint(self, painter: QPainter, frame: Frame, zoom: Zoom) -> None:
        """Paint ground, picture, bars and edge."""
        for part in self._ground:
            painter.fillRect(part, paint.colour("tile_ground"))
        if self._at is not None and not zoom.is_on:
            painter.drawImage(self._at, self._image(frame))
        else:
            paint_picture(painter, self._rect, frame, self._ratio, zoom)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        for at, strip in self._strips:
            painter.drawPixmap(at, strip)
        if self._edge is not None:
            painter.setPen(self._edge[0])
            painter.drawRect(self._edge[1])

    def _image(self, frame: Frame) -> QImage:
        """Return the frame's pixels as an image; a slot's few buffers come round and round."""
        kept = self._images.get(id(frame.pixels))
        if kept is None:
            if len(self._images) >= _IMAGES:
                self._images.clear()
            kept = self._images[id(frame.pixels)] = (frame.pixels, image_of(frame))
        return kept[1]
