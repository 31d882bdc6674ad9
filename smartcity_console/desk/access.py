"""The desk's access log, in its own journal: who used it for what, from where. Bounded by time and by number."""

from __future__ import annotations

from collections import OrderedDict

from smartcity_console.clock import Clock
from smartcity_console.desk.store import DeskStore
from smartcity_console.model import events as ev

SAME_S = 60.0
MOST_REMEMBERED = 2000
MOST_A_MINUTE = 300
_MOST_TEXT = 120


class AccessLog:
    """The same use within a minute is one line; beyond so many lines a minute one line says how many were left out."""

    def __init__(self, store: DeskStore, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._last: OrderedDict[tuple[str, str, str, str], float] = OrderedDict()
        self._minute, self._written, self.left_out = 0, 0, 0

    async def note(self, who: str, remote: str, act: str, subject: str = "") -> None:
        """Put a use on record before it is granted. Raises what the journal raises."""
        key, now_s = (who[:_MOST_TEXT], remote, act, subject[:_MOST_TEXT]), self._clock.monotonic_s()
        if now_s - self._last.get(key, -SAME_S) < SAME_S or not await self._has_room(now_s):
            return
        self._last[key] = now_s
        self._last.move_to_end(key)
        while len(self._last) > MOST_REMEMBERED:
            self._last.popitem(last=False)
        await self._write(*key)

    async def _has_room(self, now_s: float) -> bool:
        minute = int(now_s // 60)
        if minute != self._minute:
            left_out, self._minute, self._written, self.left_out = self.left_out, minute, 0, 0
            if left_out:
                await self._write("", "", "left_out", str(left_out))
        self._written += 1
        self.left_out += self._written > MOST_A_MINUTE
        return self._written <= MOST_A_MINUTE

    async def _write(self, who: str, remote: str, act: str, subject: str) -> None:
        await self._store.note_access(ev.DeskAccessed(who=who, remote=remote, act=act, subject=subject))
