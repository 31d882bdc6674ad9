"""The names on the screen: laid out by a worker for more than the screen, shown as they are while the map moves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, QTimer
from PySide6.QtGui import QPainter

from smartcity_console.console.map.jobs import Job, JobPool
from smartcity_console.console.map.label_layout import LabelLayout, LabelMemory, Obstacle, PlaceName, lay_out
from smartcity_console.console.map.layer import Hit
from smartcity_console.console.map.scene import Scene
from smartcity_console.console.map.view import STEPS_PER_OCTAVE, Bounds, MapView, scale_of

BEYOND_PX = 420.0  # laid out beyond the screen's edge
MOST_KEPT = 1_000  # names drawn, about 15 KB each, and streets looked at: several screens
PACE_MS = 250  # a layout is dear: while the map goes from place to place the old names stay for so long
SHOWN_WITHIN_STEPS = STEPS_PER_OCTAVE / 2  # during a zoom the old names stay for half an octave


class LabelLayer:
    """Shows one layout and asks for the next when the view leaves it."""

    def __init__(
        self, pool: JobPool, scene: Callable[[], Scene], places: tuple[PlaceName, ...], changed: Callable[[], None]
    ) -> None:
        self.layout = LabelLayout(0, (0.0, 0.0, 0.0, 0.0))
        self._pool, self._scene, self._places, self._changed = pool, scene, places, changed
        self._memory = LabelMemory(MOST_KEPT)
        self._obstacles: tuple[Obstacle, ...] = ()
        self._asked, self._shown, self._ratio = 0, 0, 1.0
        self._view: MapView | None = None
        self._pace = QTimer()
        self._pace.setSingleShot(True)
        self._pace.setInterval(PACE_MS)
        self._pace.timeout.connect(self._go_on)

    def avoid(self, obstacles: tuple[Obstacle, ...]) -> None:
        """Keep names clear of these marks from the next layout on."""
        self._obstacles = obstacles

    def want(self, view: MapView, ratio: float) -> None:
        """Have names laid out for a view at rest, unless those that are there serve it."""
        self._ratio, self._view = ratio, view
        if self.complete(view) or self._pace.isActive():
            return
        self._pace.start()
        self._asked += 1
        run = partial(self._lay_out, view.level, view.bounds_m(BEYOND_PX), self._obstacles, self.layout, ratio)
        self._pool.post("labels", [Job(self._asked, -1.0, run, partial(self._take, self._asked))])

    def close(self) -> None:
        """Ask for nothing more."""
        self._pace.stop()

    def _go_on(self) -> None:
        """Have the names laid out that were wanted meanwhile."""
        if self._view is not None:
            self.want(self._view, self._ratio)

    def complete(self, view: MapView) -> bool:
        """Return whether the layout is the one for a view at rest."""
        west, south, east, north = view.bounds_m()
        held = self.layout.bounds_m
        inside = held[0] <= west and held[1] <= south and held[2] >= east and held[3] >= north
        held_for = (self.layout.level, self.layout.ratio, self.layout.obstacles)
        return inside and held_for == (view.level, self._ratio, self._obstacles)

    def paint(self, painter: QPainter, view: MapView) -> None:
        relative = view.px_per_m / scale_of(self.layout.level)
        if (
            not 2 ** (-SHOWN_WITHIN_STEPS / STEPS_PER_OCTAVE)
            <= relative
            <= 2 ** (SHOWN_WITHIN_STEPS / STEPS_PER_OCTAVE)
        ):
            return
        for label in self.layout.labels:
            x, y = view.to_screen(label.x_m, label.y_m)
            left, top = round(x) + label.left_px, round(y) + label.top_px
            if -label.image.width() < left < view.width_px and -label.image.height() < top < view.height_px:
                painter.drawImage(left, top, label.image)

    def hit(self, at: QPointF, view: MapView) -> Hit | None:  # noqa: ARG002 a name is not a thing to act on
        return None

    def _lay_out(
        self, level: int, bounds: Bounds, obstacles: tuple[Obstacle, ...], before: LabelLayout, ratio: float
    ) -> LabelLayout:
        return lay_out(self._scene(), level, bounds, obstacles, before, self._places, ratio, self._memory)

    def _take(self, asked: int, layout: LabelLayout) -> None:
        """Show a layout unless a later one has overtaken it."""
        if asked > self._shown:
            self._shown, self.layout = asked, layout
            self._changed()
