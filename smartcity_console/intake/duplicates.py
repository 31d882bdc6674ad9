"""Retransmissions: an identical frame within five minutes is acknowledged again and not stored again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import msgspec

from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import AlertReceived, Event

MEMORY = timedelta(minutes=5)
_SPAN = timedelta(seconds=30)
_MOST_FRAMES = 400_000  # 100 s of the heaviest load: longer than the window in which a time stamp is taken
_MOST_IN_ONE = 40_000

Done = Callable[[ConsoleError | None], None]
"""Told of a commit: None, or why it failed."""


class _Generation(msgspec.Struct):
    """The frames of half a minute: forgotten together, which costs nothing for each."""

    last: datetime
    began: datetime
    digests: set[str]


class RecentFrames:
    """Digests of the frames stored or being stored, oldest first; bounded by age and number."""

    def __init__(self) -> None:
        self._generations: deque[_Generation] = deque()
        self._under_way: dict[str, list[Done]] = {}

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
        return digest in self._under_way or any(digest in g.digests for g in self._generations)

    def join(self, digest: str, done: Done) -> bool:
        """Let `done` be told of a storing under way; False when a seen frame is stored already."""
        waiting = self._under_way.get(digest)
        if waiting is None:
            return False
        waiting.append(done)
        return True

    def storing(self, digest: str) -> None:
        """Remember a frame handed to the journal, until it is settled."""
        self._under_way[digest] = []

    def settle(self, digest: str, now: datetime, error: ConsoleError | None) -> None:
        """Take a commit's outcome; a failure forgets the frame, so that the next try is taken."""
        waiting = self._under_way.pop(digest, [])
        if error is None:
            self.stored(digest, now)
        for done in waiting:
            done(error)

    def stored(self, digest: str, at: datetime) -> None:
        newest = self._generations[-1] if self._generations else None
        if newest is None or at - newest.began > _SPAN or len(newest.digests) >= _MOST_IN_ONE:
            newest = _Generation(at, at, set())
            self._generations.append(newest)
        newest.digests.add(digest)
        newest.last = max(newest.last, at)

    def _forget_old(self, now: datetime) -> None:
        while self._generations and (now - self._generations[0].last > MEMORY or self._too_many()):
            self._generations.popleft()

    def _too_many(self) -> bool:
        return len(self._generations) * _MOST_IN_ONE > _MOST_FRAMES and (
            sum(len(g.digests) for g in self._generations) > _MOST_FRAMES
        )
