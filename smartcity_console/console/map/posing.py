"""Sets how a camera looks by dragging its cone: most of the national file has no direction, and the operator sees it."""

from __future__ import annotations

from collections.abc import Callable
from math import atan2, cos, degrees, hypot, radians, sin

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from smartcity_console.city import plane
from smartcity_console.console.language import translate
from smartcity_console.console.map.tool import Place, Tool, paint_plate, screen
from smartcity_console.console.map.view import MapView
from smartcity_console.console.theme import colour
from smartcity_console.model.camera import Camera, Pose
from smartcity_console.model.geo import bearing_difference_deg

NEAREST_M, FARTHEST_M = 10.0, 500.0
NARROWEST_DEG, WIDEST_DEG = 5.0, 170.0
EDGE_DEG = 8.0  # a press this near to a side of the cone widens it; elsewhere the cone turns
STEP, FINE_STEP = 5.0, 1.0  # degrees and metres
_TURNS = {Qt.Key.Key_Left: -1.0, Qt.Key.Key_Right: 1.0}
_REACHES = {Qt.Key.Key_Up: 1.0, Qt.Key.Key_Down: -1.0}
_WIDTHS = {
    Qt.Key.Key_BracketRight: 1.0,
    Qt.Key.Key_BracketLeft: -1.0,
    Qt.Key.Key_BraceRight: 1.0,  # what Shift makes of them
    Qt.Key.Key_BraceLeft: -1.0,
}


class PoseTool(Tool):
    """Drag turns and stretches the cone, a drag on its side widens it; Enter keeps it: `kept(camera, pose)`."""

    name = "pose"
    drags = True
    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, camera: Camera, kept: Callable[[Camera, Pose], None]) -> None:
        self.camera = camera
        self.at = plane.xy_of(camera.position)
        unknown = camera.pose.azimuth_deg is None
        self.pose = msgspec.structs.replace(camera.pose, azimuth_deg=0.0) if unknown else camera.pose
        self._kept = kept
        self._widening = False

    def hint(self) -> str:
        return translate(
            "Map",
            "Drag the cone, its side widens it · arrows (Shift: finer), [ and ] too · Enter keeps it, Esc drops it",
        )

    def press(self, at: Place, view: MapView) -> None:
        bearing, away_m = self._to(at)
        off_axis = bearing_difference_deg(self._azimuth, bearing)
        self._widening = abs(off_axis - self.pose.hfov_deg / 2.0) <= EDGE_DEG and away_m <= self.pose.range_m
        self.move(at, view)

    def move(self, at: Place, view: MapView) -> None:
        del view
        bearing, away_m = self._to(at)
        if self._widening:
            self._set(hfov_deg=2.0 * bearing_difference_deg(self._azimuth, bearing))
        else:
            self._set(azimuth_deg=bearing, range_m=away_m)

    def click(self, at: Place, view: MapView) -> None:
        """Enter: keep the pose as it stands."""
        del at, view
        self._kept(self.camera, self.pose)

    def key(self, key: Qt.Key, *, fine: bool = False) -> bool:
        step = FINE_STEP if fine else STEP
        if key in _TURNS:
            self._set(azimuth_deg=self._azimuth + step * _TURNS[key])
        elif key in _REACHES:
            self._set(range_m=self.pose.range_m + step * _REACHES[key])
        elif key in _WIDTHS:
            self._set(hfov_deg=self.pose.hfov_deg + step * _WIDTHS[key])
        else:
            return False
        return True

    def paint(self, painter: QPainter, view: MapView) -> None:
        painter.setPen(QPen(colour("warn"), 2.0))
        painter.setBrush(colour("warn", 0.18))
        painter.drawPolygon(QPolygonF([screen(view, corner) for corner in self._corners()]))
        painter.setBrush(colour("map_mark_ground"))
        painter.drawEllipse(screen(view, self.at), 5.0, 5.0)
        painter.drawEllipse(screen(view, self._on_axis(self._azimuth)), 5.0, 5.0)
        words = f"{self._azimuth:.0f}° · {self.pose.hfov_deg:.0f}° · {self.pose.range_m:.0f} m"
        paint_plate(painter, screen(view, self._on_axis(self._azimuth)), words)

    @property
    def _azimuth(self) -> float:
        return self.pose.azimuth_deg or 0.0

    def _to(self, at: Place) -> tuple[float, float]:
        """Return (bearing, metres) from the camera to a place."""
        east, north = at[0] - self.at[0], at[1] - self.at[1]
        return degrees(atan2(east, north)) % 360.0, hypot(east, north)

    def _set(
        self, azimuth_deg: float | None = None, range_m: float | None = None, hfov_deg: float | None = None
    ) -> None:
        pose = self.pose
        self.pose = msgspec.structs.replace(
            pose,
            azimuth_deg=(self._azimuth if azimuth_deg is None else azimuth_deg) % 360.0,
            range_m=min(max(pose.range_m if range_m is None else range_m, NEAREST_M), FARTHEST_M),
            hfov_deg=min(max(pose.hfov_deg if hfov_deg is None else hfov_deg, NARROWEST_DEG), WIDEST_DEG),
        )

    def _on_axis(self, bearing_deg: float) -> Place:
        turn = radians(bearing_deg)
        return self.at[0] + self.pose.range_m * sin(turn), self.at[1] + self.pose.range_m * cos(turn)

    def _corners(self) -> list[Place]:
        half, steps = self.pose.hfov_deg / 2.0, 24
        return [self.at, *(self._on_axis(self._azimuth - half + n * 2.0 * half / steps) for n in range(steps + 1))]
