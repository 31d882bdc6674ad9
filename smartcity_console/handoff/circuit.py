"""A fuse for each receiver: one that is away is knocked at by one delivery only, and all go on at once when it answers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

TRIPS_AFTER = 3
"""Failures in a row after which the fuse is out."""


class Circuit:
    """One receiver's fuse. For one event loop; deliveries are named by their hand-off's id.

    Each delivery may try once, whatever the fuse says: a new click never waits for an old failure. After that, while the
    fuse is out, one of them (the prober) goes on trying at its own pace and the others wait for its success.
    """

    def __init__(self, trips_after: int = TRIPS_AFTER) -> None:
        self._trips_after = trips_after
        self._failures = 0
        self._prober: str | None = None
        self._tried: set[str] = set()
        self._changed = asyncio.Condition()
        self._recovered = asyncio.Event()

    @property
    def is_open(self) -> bool:
        """Whether the fuse is out."""
        return self._failures >= self._trips_after

    async def enter(self, handoff_id: str) -> None:
        """Return when this delivery may try."""
        if handoff_id in self._tried:
            async with self._changed:
                await self._changed.wait_for(lambda: not self.is_open or self._prober in (None, handoff_id))
        self._tried.add(handoff_id)
        if self.is_open and self._prober is None:
            self._prober = handoff_id

    async def succeeded(self) -> None:
        """The receiver answers: everybody goes on."""
        self._failures, self._prober = 0, None
        self._recovered.set()
        self._recovered = asyncio.Event()
        await self._tell()

    def failed(self) -> None:
        """The receiver did not answer."""
        self._failures += 1

    async def leave(self, handoff_id: str) -> None:
        """The delivery is over, by success or not: another one probes."""
        self._tried.discard(handoff_id)
        if self._prober == handoff_id:
            self._prober = None
            await self._tell()

    async def pause(self, sleep: Callable[[float], Awaitable[None]], wait_s: float) -> None:
        """Wait so many seconds, or until the receiver answers somebody when its fuse is out."""
        if not self.is_open:
            await sleep(wait_s)
            return
        waits = {asyncio.ensure_future(sleep(wait_s)), asyncio.ensure_future(self._recovered.wait())}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await wait

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()
