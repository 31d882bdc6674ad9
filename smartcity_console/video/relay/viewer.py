"""One viewer's queue: bounded by number and by bytes; who is slow loses whole groups of pictures, never single ones."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from smartcity_console.model.errors import ConsoleError
from smartcity_console.video.relay.fragments import Fragment

VIEWER_FRAGMENTS = 64  # about 16 s
VIEWER_BYTES = 16 << 20


class Begin(msgspec.Struct, frozen=True):
    """A stream begins (again): its type and its init segment."""

    mime: str
    init: bytes


class Stop(msgspec.Struct, frozen=True):
    """Nothing made so far may be given out any more: the masks have changed."""


Made = Begin | Fragment | Stop


class Viewer:
    """All calls on the event loop. The fragments are shared: a queue holds references, never copies."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Begin | Fragment | None] = asyncio.Queue()
        self._bytes = 0
        self._must_have_key = False
        self.dropped = 0
        self.error: ConsoleError | None = None

    @property
    def waiting(self) -> int:
        """Return how many things wait to be taken."""
        return self._queue.qsize()

    @property
    def waiting_bytes(self) -> int:
        return self._bytes

    async def take(self) -> Begin | Fragment | None:
        """Return the next thing; None at the end of the stream (`error` says why, if it was one)."""
        item = await self._queue.get()
        self._bytes -= _size(item)
        return item

    def offer(self, fragment: Fragment) -> None:
        """Queue a fragment. A viewer that has fallen a queue behind loses what waits and goes on at the next keyframe."""
        if self._must_have_key and not fragment.is_key:
            self.dropped += 1
            return
        self._must_have_key = False
        if self._is_full(fragment):
            self._empty()
            if not fragment.is_key:
                self._must_have_key = True
                self.dropped += 1
                return
        self._put(fragment)

    def begin(self, begin: Begin, group: Sequence[Fragment]) -> None:
        """Give the init segment and what has been shown since the last keyframe."""
        self._put(begin)
        if len(group) < VIEWER_FRAGMENTS and sum(map(_size, group)) < VIEWER_BYTES:
            for fragment in group:
                self._put(fragment)
        else:
            self._must_have_key = True

    def end(self, error: ConsoleError | None = None) -> None:
        self._empty(keep_begin=False)
        self.error = error
        self._queue.put_nowait(None)

    def _is_full(self, fragment: Fragment) -> bool:
        return self._queue.qsize() >= VIEWER_FRAGMENTS or self._bytes + _size(fragment) > VIEWER_BYTES

    def _put(self, item: Begin | Fragment) -> None:
        self._bytes += _size(item)
        self._queue.put_nowait(item)

    def _empty(self, *, keep_begin: bool = True) -> None:
        """Drop what waits, but not an init segment without which nothing later could be played."""
        begin = None
        while not self._queue.empty():
            item = self._queue.get_nowait()
            self.dropped += isinstance(item, Fragment)
            begin = item if isinstance(item, Begin) else begin
        self._bytes = 0
        if begin is not None and keep_begin:
            self._put(begin)


def _size(item: Begin | Fragment | None) -> int:
    if item is None:
        return 0
    return len(item.init if isinstance(item, Begin) else item.data)
