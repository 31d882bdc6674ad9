"""What asks for attention at every seat: incidents before the supervisor. Each sounds once; a claim ends it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from smartcity_console.console.seat import Seat


class Attention(QObject):
    """Follows the seat. `wanted(incident id)` is sent once for an escalation that comes while the console runs."""

    wanted = Signal(str)

    def __init__(self, seat: Seat, sound: Callable[[str], None] | None = None) -> None:
        """`sound` plays what is known by a name ("escalated"); without one the system's own beep is heard."""
        super().__init__(seat)
        self._seat, self._told = seat, set[str]()
        self._sound = sound or (lambda _name: QApplication.beep())
        seat.queue_changed.connect(self._look)
        seat.session.caught_up.connect(self._begin)

    @Slot()
    def _begin(self) -> None:
        """What was escalated before this console came is on the screen; it does not sound."""
        self._told = {incident.id for incident in self._seat.queue() if incident.is_escalated}

    @Slot(object)
    def _look(self, _changed: set[str]) -> None:
        if not self._seat.session.is_live:
            return
        now = {incident.id for incident in self._seat.queue() if incident.is_escalated}
        new, self._told = sorted(now - self._told), now
        for incident_id in new:
            self.wanted.emit(incident_id)
        if new:
            self._sound("escalated")
