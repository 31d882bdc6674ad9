"""Who watches live: counted, and on record before the first picture leaves.

A viewer that comes back at once goes on in the view it had, so that a bad line writes no more than one opening and one
closing; a hand-off has room for so many views in all, and then no further one is shown: unrecorded is unseen.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.gateway.state import GatewayState, KnownHandoff
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Draft, Event, LiveViewClosed, LiveViewOpened, stream_of
from smartcity_console.model.ids import new_id

ACTOR = "gateway/live"
MOST_VIEWERS = 64
MOST_OF_ONE_RECEIVER = 24
MOST_ON_RECORD = 200
LINGER_S = 10.0
_LOOK_EVERY_S = 0.5
_APPEND_LIMIT_S = 3.0
_log = logging.getLogger(__name__)

Submit = Callable[..., Future[list[Event]]]


class View(msgspec.Struct):
    """One viewer of one camera. `left_s` (monotonic) is when it went, None while it watches."""

    id: str
    incident_id: str
    handoff_id: str
    camera_id: str
    remote: str
    began_s: float
    connections: int = 1
    dropped: int = 0
    left_s: float | None = None
    reason: str = "left"


class Views:
    """Lives on the gateway's event loop."""

    def __init__(self, state: GatewayState, submit: Submit, clock: Clock) -> None:
        self._state, self._submit, self._clock = state, submit, clock
        self._views: dict[str, View] = {}
        self._recorded: Counter[str] = Counter()
        self.refused = 0
        self.dropped = 0

    @property
    def watching(self) -> list[View]:
        """Return the views whose viewer is there."""
        return [view for view in self._views.values() if view.left_s is None]

    def has_room(self, handoff_id: str) -> bool:
        """Return whether one more may watch; a refusal is counted."""
        mine = sum(view.handoff_id == handoff_id for view in self.watching)
        recorded = max(self._recorded[handoff_id], self._state.views_opened[handoff_id])
        room = len(self.watching) < MOST_VIEWERS and mine < MOST_OF_ONE_RECEIVER and recorded < MOST_ON_RECORD
        self.refused += not room
        return room

    async def open(self, known: KnownHandoff, camera_id: str, remote: str) -> View:
        """Take a viewer in, when it is on record. Raises ConsoleError or TimeoutError: then nothing may be shown."""
        view = self._left_by(known.request.handoff_id, camera_id, remote)
        if view is not None:
            view.left_s, view.connections = None, view.connections + 1
            return view
        request, view_id = known.request, new_id("view", self._clock.now(), os.urandom)
        began_s = self._clock.monotonic_s()
        view = View(view_id, known.incident_id, request.handoff_id, camera_id, remote, began_s)
        self._views[view_id] = view  # before the append: those who come meanwhile count it
        try:
            await self._append(known.incident_id, _opened(view, known))
        except BaseException:
            del self._views[view_id]
            raise
        self._recorded[request.handoff_id] = self._recorded[request.handoff_id] + 1
        return view

    def leave(self, view: View, reason: str, dropped: int) -> None:
        """The viewer is gone; `reason` "left" waits for it to come back, any other is final."""
        view.left_s, view.reason = self._clock.monotonic_s(), reason
        view.dropped += dropped
        self.dropped += dropped

    async def run(self) -> None:
        """Put on record which views are over; first those that an earlier gateway left open."""
        await self._settle()
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            await self._close_those(lambda view: view.reason != "left" or self._away_s(view) >= LINGER_S)

    async def close(self) -> None:
        """Put every view on record as over: the gateway stops."""
        for view in self.watching:
            self.leave(view, "restarted", 0)
        await self._close_those(lambda _: True)

    def figures(self) -> dict[str, object]:
        """Return how many watch, in all and per camera."""
        per_camera = Counter(view.camera_id for view in self.watching)
        return {
            "viewers": per_camera.total(),
            "per_camera": dict(per_camera),
            "refused": self.refused,
            "dropped": self.dropped,
        }

    async def _close_those(self, is_over: Callable[[View], bool]) -> None:
        for view in [v for v in self._views.values() if v.left_s is not None and is_over(v)]:
            try:
                del self._views[view.id]  # before the append: one who comes back meanwhile begins a new view
                await self._append(view.incident_id, _closed(view))
            except (ConsoleError, TimeoutError) as error:
                self._views[view.id] = view  # tried again at the next look
                _log.error("the end of a live view is not on record yet: %s", error)

    async def _settle(self) -> None:
        for view_id, (incident_id, opened) in list(self._state.open_views.items()):
            if view_id in self._views:
                continue
            payload = LiveViewClosed(
                handoff_id=opened.handoff_id,
                view_id=view_id,
                camera_id=opened.camera_id,
                reason="restarted",
                watched_s=None,
            )
            try:
                await self._append(incident_id, payload)
            except (ConsoleError, TimeoutError) as error:
                _log.error("a live view of the last run stays open on record: %s", error)

    async def _append(self, incident_id: str, payload: LiveViewOpened | LiveViewClosed) -> None:
        draft = Draft(stream_of(type(payload), incident_id), payload, ACTOR)
        async with asyncio.timeout(_APPEND_LIMIT_S):
            await asyncio.wrap_future(self._submit(draft))

    def _left_by(self, handoff_id: str, camera_id: str, remote: str) -> View | None:
        """Return a view that the same viewer has just left."""
        wanted = (handoff_id, camera_id, remote)
        away = (v for v in self._views.values() if v.left_s is not None and v.reason == "left")
        return next((v for v in away if (v.handoff_id, v.camera_id, v.remote) == wanted), None)

    def _away_s(self, view: View) -> float:
        return self._clock.monotonic_s() - (view.left_s or 0.0)


def _opened(view: View, known: KnownHandoff) -> LiveViewOpened:
    return LiveViewOpened(
        handoff_id=view.handoff_id,
        view_id=view.id,
        camera_id=view.camera_id,
        agency_kind=known.request.agency_kind,
        agency_name=known.request.agency_name,
        remote=view.remote,
    )


def _closed(view: View) -> LiveViewClosed:
    return LiveViewClosed(
        handoff_id=view.handoff_id,
        view_id=view.id,
        camera_id=view.camera_id,
        reason=view.reason,
        watched_s=round((view.left_s or view.began_s) - view.began_s, 1),
        connections=view.connections,
        dropped=view.dropped,
    )
