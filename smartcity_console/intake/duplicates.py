"""Retransmissions: an identical frame within five minutes is acknowledged again and not stored again."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta

from smartcity_console.model.events import AlertReceived, Event

MEMORY = timedelta(minutes=5)
_MOST_FRAMES = 100_000


class RecentFrames:
    """Digests of the frames stored or being stored, oldest first; bounded by age and number."""

    def __init__(self) -> None:
        self._frames: OrderedDict[str, tuple[datetime, asyncio.Future[None] | None]] = OrderedDict()

    def take(self, events: Iterable[Event], now: datetime) -> None:
        """Remember the frames of alerts that the journal holds: after a restart none is stored twice."""
        for event in events:
            if event.type == AlertReceived.__name__ and now - event.at <= MEMORY:
                digest = event.payload_as(AlertReceived).alert.wire_digest
                if digest:
                    self.stored(digest, event.at)

    def seen(self, digest: str, now: datetime) -> bool:
        """Return whether the frame was stored, or is being stored, within the memory."""
        self._forget_old(now)
        return digest in self._frames

    def outcome(self, digest: str) -> asyncio.Future[None] | None:
        """Return the storing that is under way for a seen frame; None when it is stored."""
        return self._frames[digest][1]

    def storing(self, digest: str, now: datetime, outcome: asyncio.Future[None]) -> None:
        """Remember a frame handed to the journal; a failure forgets it, so that the next try is taken."""
        self._frames[digest] = (now, outcome)
        outcome.add_done_callback(lambda done: self._settle(digest, now, done))

    def stored(self, digest: str, at: datetime) -> None:
        self._frames[digest] = (at, None)

    def _settle(self, digest: str, now: datetime, done: asyncio.Future[None]) -> None:
        if done.cancelled() or done.exception() is not None:
            self._frames.pop(digest, None)
        elif digest in self._frames:
            self._frames[digest] = (now, None)

    def _forget_old(self, now: datetime) -> None:
        while self._frames:
            digest, (at, _) = next(iter(self._frames.items()))
            if now - at <= MEMORY and len(self._frames) <= _MOST_FRAMES:
                return
            del self._frames[digest]
