"""Keeps the bars of a tile as finished strips: they say the same in hundreds of pictures, and their texts cost the most."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Concatenate, ParamSpec

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPixmap

KEPT = 128  # of some 50 kB
_P = ParamSpec("_P")
_Paint = Callable[Concatenate[QPainter, QRect, _P], None]
_strips: OrderedDict[Hashable, QPixmap] = OrderedDict()


def kept_as_strip(where: Callable[[QRect], QRect]) -> Callable[[_Paint[_P]], _Paint[_P]]:
    """Make a painting of `where(rect)` from its last result when all it was told is the same. Qt thread only."""

    def wrap(paint: _Paint[_P]) -> _Paint[_P]:
        @wraps(paint)
        def painted(painter: QPainter, rect: QRect, *args: _P.args, **kwargs: _P.kwargs) -> None:
            bar, ratio = where(rect), painter.device().devicePixelRatioF()
            key = (paint.__name__, rect.width(), rect.height(), ratio, _hashable(args), tuple(kwargs.items()))
            strip = _strips.get(key)
            if strip is None:
                strip = _strips[key] = _made(bar, ratio, lambda inner: paint(inner, rect, *args, **kwargs))
                if len(_strips) > KEPT:
                    _strips.popitem(last=False)
            else:
                _strips.move_to_end(key)
            painter.drawPixmap(bar.topLeft(), strip)

        return painted

    return wrap


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
