"""Brings map, tiles and incident together: which cameras open, when, and what goes on record about it.

No widget is known here: `Wall` and `Map` are what they must be able to do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from smartcity_console.clock import Clock
from smartcity_console.console.ports import Map, Wall
from smartcity_console.console.seat import Seat
from smartcity_console.journal import VersionConflict
from smartcity_console.model.alert import Priority
from smartcity_console.model.camera import Ownership, SeenBy
from smartcity_console.model.centre import CameraState
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import CamerasSelected, Draft, Event, PrivateCamerasLocked
from smartcity_console.model.incident import Incident

REPLAY_BEFORE_S = 10.0
REPLAY_AFTER_S = 5.0

Done = Callable[[Any], None]


@dataclass(frozen=True)
class Work:
    """What the controller has done for it. `submit` runs off the Qt thread and gives the result back on it."""

    submit: Callable[[Callable[[], Any], Done], None]
    append: Callable[[Sequence[Draft], Done], None]
    rank: Callable[[Incident], list[SeenBy]]
    fetch_replay: Callable[[str, datetime, datetime], Path]


class Controller(QObject):
    """Follows the seat's selection. `shown` says that an incident's cameras are on the wall."""

    shown = Signal(object, object)  # Incident, tuple[SeenBy, ...]
    failed = Signal(object)  # ConsoleError
    replaying = Signal(str)  # camera id; empty: live again

    def __init__(self, seat: Seat, wall: Wall, city_map: Map, work: Work, clock: Clock) -> None:
        super().__init__(seat)
        self._seat, self._wall, self._map, self._work, self._clock = seat, wall, city_map, work, clock
        self._ranked: dict[str, frozenset[str]] = {}  # incident -> private cameras open when it was ranked
        self._on_wall: object = None
        self._camera_states: dict[str, CameraState] = {}
        self._replay: str | None = None
        seat.selected.connect(self._select)
        seat.updated.connect(self._look)
        seat.queue_changed.connect(self._queue)
        seat.session.caught_up.connect(self._begin)

    def tick(self) -> None:
        """Close private cameras whose time is over; called once a second."""
        now = self._clock.now()
        for incident in self._seat.queue():
            if incident.claimed_by == self._seat.name:
                self._expire(incident, now)

    def rank_again(self) -> None:
        """Cameras stand otherwise, or are others: what was ranked before holds no more."""
        self._ranked.clear()
        incident = self._seat.incident
        if incident is not None and self._seat.session.is_live:
            self._look(incident)

    def replay(self) -> None:
        """Play the seconds before the alarm in the chosen tile (else the best one); again: back to live."""
        incident = self._seat.incident
        if self._replay is not None or incident is None:
            self._live()
            return
        camera_id = self._replayable(incident)
        if camera_id is None:
            return
        start = incident.opened_at - timedelta(seconds=REPLAY_BEFORE_S)
        end = min(incident.opened_at + timedelta(seconds=REPLAY_AFTER_S), self._clock.now())
        self._replay = camera_id
        self._work.submit(lambda: self._work.fetch_replay(camera_id, start, end), self._play(incident.id, camera_id))

    def _play(self, incident_id: str, camera_id: str) -> Done:
        def play(outcome: Any) -> None:
            if isinstance(outcome, ConsoleError):
                self._replay = None
                self.failed.emit(outcome)
            elif self._replay == camera_id and self._is_selected(incident_id):
                self._wall.play_replay(camera_id, outcome, REPLAY_BEFORE_S)
                self.replaying.emit(camera_id)

        return play

    def _live(self) -> None:
        if self._replay is not None:
            self._replay = None
            self._wall.stop_replay()
            self.replaying.emit("")

    def _replayable(self, incident: Incident) -> str | None:
        """Return the chosen tile's camera, else the best one; never one that is shut for this seat."""
        open_now = [seen.camera_id for seen in self.visible(incident) if seen.has_stream]
        chosen = self._wall.chosen_camera()
        return chosen if chosen in open_now else next(iter(open_now), None)

    @Slot(object)
    def _select(self, incident: Incident | None) -> None:
        self._live()
        self._on_wall = None
        if incident is None:
            self._show_nothing()
        else:
            self._look(incident)

    @Slot(object)
    def _queue(self, changed: set[str]) -> None:
        queue = self._seat.queue()
        if changed:
            self._map.set_open_incidents(queue)
        self._show_camera_states()
        chosen = self._seat.incident
        if chosen is not None and chosen.closed_at is not None and chosen.claimed_by == self._seat.name:
            self._seat.select(None)
        if chosen is not None and chosen.merged_into is not None:
            self._seat.select(chosen.merged_into)  # it goes on there
        if self._seat.session.is_live and (self._seat.incident is None or self._seat.incident.closed_at is not None):
            self._open_by_itself(queue)

    @Slot()
    def _begin(self) -> None:
        """The past is folded: what waits now may open."""
        self._queue(set())

    def _show_camera_states(self) -> None:
        states = self._seat.session.centre.cameras
        if states != self._camera_states:
            self._camera_states = dict(states)
            self._map.set_camera_states(self._camera_states)

    def _open_by_itself(self, queue: Sequence[Incident]) -> None:
        """An emergency that nobody holds opens by itself at a seat that looks at nothing."""
        urgent = (i for i in queue if i.priority is Priority.EMERGENCY and i.claimed_by in (None, self._seat.name))
        if (first := next(urgent, None)) is not None:
            self._seat.select(first.id)

    @Slot(object)
    def _look(self, incident: Incident) -> None:
        """Show what is on record at once, and rank again where that is not enough any more."""
        if incident.cameras or self._on_wall is None:
            self._show(incident, incident.cameras)
        opened = frozenset(incident.unlocked)
        if self._ranked.get(incident.id) != opened and self._may_rank(incident):
            self._ranked[incident.id] = opened
            self._work.submit(lambda: self._work.rank(incident), self._ranked_now(incident.id))

    def _may_rank(self, incident: Incident) -> bool:
        """Rank when nothing is on record; later only at the seat that holds the incident."""
        if incident.position is None or incident.closed_at is not None:
            return False
        return not incident.cameras or incident.claimed_by == self._seat.name

    def _ranked_now(self, incident_id: str) -> Done:
        def take(outcome: Any) -> None:
            incident = self._seat.session.centre.incidents[incident_id]
            if isinstance(outcome, ConsoleError):
                self._ranked.pop(incident_id, None)
                self.failed.emit(outcome)
                return
            if self._is_selected(incident_id):
                self._show(incident, outcome)
            self._put_on_record(incident, tuple(outcome))

        return take

    def _put_on_record(self, incident: Incident, cameras: tuple[SeenBy, ...]) -> None:
        if _ids(cameras) == _ids(incident.cameras):
            return
        draft = Draft(f"incident/{incident.id}", CamerasSelected(cameras=cameras), self._actor, incident.version)
        self._work.append([draft], self._recorded(incident.id))

    def _recorded(self, incident_id: str) -> Done:
        """A conflict means that somebody wrote meanwhile: the next look ranks again if it still must."""

        def settle(outcome: list[Event] | ConsoleError) -> None:
            if isinstance(outcome, VersionConflict):
                self._ranked.pop(incident_id, None)
                if (incident := self._seat.incident) is not None and incident.version >= outcome.actual:
                    self._look(incident)
            elif isinstance(outcome, ConsoleError):
                self.failed.emit(outcome)

        return settle

    def visible(self, incident: Incident) -> list[SeenBy]:
        """Return the cameras on record that this seat may see: a private one only while it is open for this seat."""
        until = self._until(incident)
        return [c for c in incident.cameras if c.ownership is Ownership.PUBLIC or c.camera_id in until]

    def _until(self, incident: Incident) -> dict[str, datetime]:
        """Return the private cameras that are open for this seat, and until when."""
        return incident.unlocked if incident.claimed_by == self._seat.name else {}

    def _show(self, incident: Incident, cameras: Sequence[SeenBy]) -> None:
        until = self._until(incident)
        showing = (incident.id, _ids(cameras), until)
        if showing == self._on_wall:
            return
        self._on_wall = showing
        self._wall.show_cameras(cameras, until)
        self._map.show_incident(incident, list(cameras))
        self.shown.emit(incident, tuple(cameras))

    def _show_nothing(self) -> None:
        self._wall.show_cameras([], {})
        self._map.show_incident(None, [])

    def _expire(self, incident: Incident, now: datetime) -> None:
        over = tuple(sorted(camera for camera, until in incident.unlocked.items() if until <= now))
        if over:
            payload = PrivateCamerasLocked(camera_ids=over, reason="expired")
            draft = Draft(f"incident/{incident.id}", payload, self._actor, incident.version)
            self._work.append([draft], self._recorded(incident.id))

    def _is_selected(self, incident_id: str) -> bool:
        incident = self._seat.incident
        return incident is not None and incident.id == incident_id

    @property
    def _actor(self) -> str:
        return f"seat/{self._seat.name}"


def _ids(cameras: Sequence[SeenBy]) -> tuple[str, ...]:
    return tuple(seen.camera_id for seen in cameras)
