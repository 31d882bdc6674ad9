"""What a layer of the map is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from smartcity_console.console.map.view import MapView

HitKind = Literal["camera", "incident", "agency", "cluster", "site", "alert", "track", "found"]


@dataclass(frozen=True)
class Hit:
    """What lies under the pointer. `x_px`, `y_px` is its middle; `title` and `lines` fill the hover card."""

    kind: HitKind
    id: str
    x_px: float
    y_px: float
    title: str
    lines: tuple[str, ...] = ()


class Layer(Protocol):
    """Paints itself for a view without waiting for anything, and says what of it lies under a point."""

    def paint(self, painter: QPainter, view: MapView) -> None: ...

    def hit(self, at: QPointF, view: MapView) -> Hit | None: ...
