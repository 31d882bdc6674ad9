"""A tour: pages of cameras that take turns on a wall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from smartcity_console.console.wall.presenter import WallPresenter
from smartcity_console.console.wall.sets import Tour, WallSets
from smartcity_console.model.camera import SeenBy


def pages(tour: Tour, sets: WallSets, places: int) -> list[tuple[str, ...]]:
    """Return the cameras of each page: a step that the wall has no room for is cut into several."""
    cut: list[tuple[str, ...]] = []
    for step in tour.steps:
        salvo = sets.salvo(step) if isinstance(step, str) else None
        cameras = step if isinstance(step, tuple) else salvo.cameras if salvo is not None else ()
        cut += [cameras[at : at + places] for at in range(0, len(cameras), places)]
    return cut


class TourRunner(QObject):
    """Shows one page after the other. Choosing a tile makes it wait, so that what is looked at stays."""

    changed = Signal()
    waiting = Signal()  # it stays at this page, because a tile was chosen

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.name = ""
        self.waits = False
        self.at = 0
        self._pages: list[tuple[str, ...]] = []
        self._seen: Mapping[str, SeenBy] = {}
        self._presenter: WallPresenter | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)

    def start(
        self, tour: Tour, cut: Sequence[tuple[str, ...]], seen: Mapping[str, SeenBy], presenter: WallPresenter
    ) -> None:
        """Begin at the first page."""
        self.name, self.waits, self.at = tour.name, False, -1
        self._pages, self._seen, self._presenter = list(cut), seen, presenter
        self._timer.start(round(tour.dwell_s * 1000))
        self._turn()

    @property
    def count(self) -> int:
        """How many pages it has."""
        return len(self._pages)

    def toggle(self) -> None:
        """Wait at this page, or go on."""
        if self.name:
            self.wait() if not self.waits else self._go_on()

    def wait(self) -> None:
        """Stay at this page until told to go on."""
        if self.name and not self.waits:
            self.waits = True
            self._timer.stop()
            self.changed.emit()
            self.waiting.emit()

    def stop(self) -> None:
        """End it; what is on the wall stays there."""
        if self.name:
            self.name, self.waits, self._presenter = "", False, None
            self._timer.stop()
            self.changed.emit()

    def _go_on(self) -> None:
        self.waits = False
        self._timer.start()
        self._turn()

    def _turn(self) -> None:
        if self._presenter is None or not self._pages:
            self.stop()
            return
        self.at = (self.at + 1) % len(self._pages)
        self._presenter.show_set([self._seen[id_] for id_ in self._pages[self.at] if id_ in self._seen])
        self.changed.emit()
