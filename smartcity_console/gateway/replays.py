"""Who looks at recorded pictures: on record before they leave, for unrecorded is unseen."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Protocol

from smartcity_console.clock import Clock
from smartcity_console.gateway.state import GatewayState
from smartcity_console.model.events import Draft, Event, ReplayFetched, stream_of

ACTOR = "gateway/ring"
AGAIN_S = 600.0
"""What a seat fetches again of the same pictures within this time is one look."""
_EDGE = timedelta(seconds=1)
_APPEND_LIMIT_S = 3.0
_MOST_SEATS_AND_CAMERAS = 2000


class Submit(Protocol):
    def __call__(self, draft: Draft, /) -> Future[list[Event]]: ...


class Replays:
    """Lives on the gateway's event loop."""

    def __init__(self, state: GatewayState, submit: Submit, clock: Clock) -> None:
        self._state, self._submit, self._clock = state, submit, clock
        self._looks: dict[tuple[str, str, str], tuple[float, datetime, datetime]] = {}

    async def record(
        self, camera_id: str, span: tuple[datetime, datetime], seat: str, remote: str, is_private: bool
    ) -> None:
        """Put a look on record. Raises ConsoleError or TimeoutError: then nothing may be shown."""
        key, now_s = (seat, remote, camera_id), self._clock.monotonic_s()
        known = self._looks.get(key)
        if known and now_s - known[0] < AGAIN_S and known[1] - _EDGE <= span[0] and span[1] <= known[2] + _EDGE:
            return
        payload = ReplayFetched(
            camera_id=camera_id,
            start=span[0],
            end=span[1],
            seat=seat,
            remote=remote,
            is_private=is_private,
            incident_ids=self._incidents(seat, camera_id),
        )
        async with asyncio.timeout(_APPEND_LIMIT_S):
            await asyncio.wrap_future(self._submit(Draft(stream_of(ReplayFetched, camera_id), payload, ACTOR)))
        if len(self._looks) >= _MOST_SEATS_AND_CAMERAS:
            self._looks.clear()  # the worst of it: a look is told twice
        self._looks[key] = _joined(known, now_s, span) if known else (now_s, *span)

    def _incidents(self, seat: str, camera_id: str) -> tuple[str, ...]:
        """Return what the seat verifies now, and what holds the private camera open."""
        now, waiting = self._clock.now(), self._state.centre.open_incidents()
        mine = {i.id for i in waiting if i.claimed_by == seat and seat}
        return tuple(sorted(mine | {i.id for i in waiting if i.unlocked.get(camera_id, now) > now}))


def _joined(
    known: tuple[float, datetime, datetime], now_s: float, span: tuple[datetime, datetime]
) -> tuple[float, datetime, datetime]:
    """A scrub goes on at the edge of what was seen: one growing look. Anything else begins a new one."""
    touches = span[0] <= known[2] + _EDGE and known[1] - _EDGE <= span[1]
    if touches and now_s - known[0] < AGAIN_S:
        return (known[0], min(known[1], span[0]), max(known[2], span[1]))
    return (now_s, *span)
