"""Keeps the bars of a tile as finished strips: they say the same in hundreds of pictures, and their texts cost the most."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Concatenate, Generic, ParamSpec

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPixmap

KEPT = 128  # of some 50 kB
_P = ParamSpec("_P")
_Paint = Callable[Concatenate[QPainter, QRect, _P], None]
_strips: OrderedDict[Hashable, QPixmap] = OrderedDict()


class Strip(Generic[_P]):
    """A painting of `where(rect)`, made from its last result when all it is told is the same. Qt thread only."""

    def __init__(self, paint: _Paint[_P], where: Callable[[QRect], QRect]) -> None:
        self._paint, self._where = paint, where

    def __call__(self, painter: QPainter, rect: QRect, *args: _P.args, **kwargs: _P.kwargs) -> None:
        """Paint it where it belongs."""
        at, strip = self.kept(rect, painter.device().devicePixelRatioF(), *args, **kwargs)
        painter.drawPixmap(at, strip)

    def kept(self, rect: QRect, ratio: float, *args: _P.args, **kwargs: _P.kwargs) -> tuple[QPoint, QPixmap]:
        """Return the finished strip for a screen of this pixel ratio, and where its upper left corner belongs."""
        bar = self._where(rect)
        key = (self._paint, rect.width(), rect.height(), ratio, _hashable(args), tuple(kwargs.items()))
        strip = _strips.get(key)
        if strip is None:
            strip = _strips[key] = _made(bar, ratio, lambda inner: self._paint(inner, rect, *args, **kwargs))
            if len(_strips) > KEPT:
                _strips.popitem(last=False)
        else:
            _strips.move_to_end(key)
        return bar.topLeft(), strip


def kept_as_strip(where: Callable[[QRect], QRect]) -> Callable[[_Paint[_P]], Strip[_P]]:
    """Keep what a function paints over `where(rect)`."""
    return lambda paint: Strip(paint, where)


def _hashable(args: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(tuple(arg) if isinstance(arg, list) else arg for arg in args)


def _made(bar: QRect, ratio: float, paint: Callable[[QPainter], None]) -> QPixmap:
    strip = QPixmap(bar.size() * ratio)
    strip.setDevicePixelRatio(ratio)
    strip.fill(Qt.GlobalColor.transparent)
    painter = QPainter(strip)
    painter.translate(-bar.topLeft())
    paint(painter)
    painter.end()
    return strip
