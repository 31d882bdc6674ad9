"""Tells the reporting firms what became of their alerts: an outbox over `StatusFold`, one firm's trouble never another's.

Each word is sent at least once, in order for each firm, with an id by which a receiver knows a repeat. `StatusReturned`
pays it; a failure is on record with its wait. Words that are still unpaid after `status.give_up_h` are given up.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.gateway.call_back import CallBack, CallFailed
from smartcity_console.gateway.status_fold import Owed, StatusFold
from smartcity_console.handoff.pacing import Pacing
from smartcity_console.intake.senders import Senders
from smartcity_console.intake.webhook.keys import Key
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Draft, Event, StatusReturned, StatusReturnFailed, stream_of
from smartcity_console.model.sender import FirmRecord, canonical_account
from smartcity_console.settings import Settings

ACTOR = "gateway/status"
_AT_ONCE = 8
_APPEND_AGAIN_S = 1.0
_AFTER_TROUBLE_S = 30.0
_log = logging.getLogger(__name__)


class Counters(msgspec.Struct):
    """What was returned since the start."""

    returned: int = 0
    failed: int = 0
    given_up: int = 0


class StatusReturns:
    """Lives on the gateway's event loop: `take` each batch of events, `run` until cancelled."""

    def __init__(
        self,
        senders: Senders,
        read_keys: Callable[[], Mapping[str, Key]],
        submit: Callable[..., Future[list[Event]]],
        settings: Settings,
        clock: Clock,
        call_back: CallBack | None = None,
    ) -> None:
        self._senders, self._read_keys, self._submit, self._clock = senders, read_keys, submit, clock
        self._call = call_back or CallBack(settings)
        self.fold = StatusFold()
        self._pacing = Pacing(settings.number("status.retry_first_s"), settings.number("status.retry_max_s"))
        self._give_up = timedelta(hours=settings.number("status.give_up_h"))
        self._news, self._room = asyncio.Event(), asyncio.Semaphore(_AT_ONCE)
        self._serving: dict[str, asyncio.Task[None]] = {}
        self.counters = Counters()

    def take(self, events: Iterable[Event]) -> None:
        """Fold events in, after the register has. Call on the event loop."""
        if self.fold.take(events):
            self._news.set()

    def figures(self) -> Mapping[str, Any]:
        """Return the counters, and how many words wait."""
        more = {"waiting": self.fold.waiting, "dropped": self.fold.dropped}
        return {**msgspec.to_builtins(self.counters), **more}

    async def run(self) -> None:
        """Serve each firm that is owed something, side by side; what is under way at a cancel is sent again later."""
        self._news.set()
        try:
            while True:
                await self._news.wait()
                self._news.clear()
                for firm_id in self.fold.owed.keys() - self._serving.keys():
                    self._serve(firm_id)
        finally:
            tasks = list(self._serving.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._call.close()

    def _serve(self, firm_id: str) -> None:
        task = asyncio.create_task(self._pay(firm_id))
        self._serving[firm_id] = task

        def ended(task: asyncio.Task[None]) -> None:
            self._serving.pop(firm_id, None)
            if not task.cancelled() and (error := task.exception()) is not None:
                _log.error("status returns to %s wait: %s", firm_id, type(error).__name__)
                asyncio.get_running_loop().call_later(_AFTER_TROUBLE_S, self._news.set)
            elif self.fold.first(firm_id) is not None:
                self._news.set()  # what came in its last moment begins anew

        task.add_done_callback(ended)

    async def _pay(self, firm_id: str) -> None:
        """Send a firm what it is owed, one word after the other."""
        failures = 0
        while (owed := self.fold.first(firm_id)) is not None:
            firm = self._senders.firms.get(firm_id)
            if firm is None or not firm.status_url:
                await self._drop(list(self.fold.owed[firm_id].values()), "it has no call-back address any more")
                return
            try:
                async with self._room:
                    answer = await self._send(owed, firm)
            except CallFailed as error:
                failures += 1
                wait_s = self._pacing.wait_s(failures, error.lasting)
                await self._put_off(owed, error.reason, wait_s)
                await asyncio.sleep(wait_s)
                continue
            failures = 0
            self.counters.returned += 1
            await self._append([_returned(owed, answer)])
            self.fold.settle(owed)

    async def _send(self, owed: Owed, firm: FirmRecord) -> int:
        """Send one word. Raises CallFailed."""
        try:
            keys = await asyncio.to_thread(self._read_keys)
        except ConsoleError:
            raise CallFailed("the keys cannot be read", lasting=True) from None
        key_id = key_for(keys, owed.firm_id, owed.account)
        if key_id is None:
            raise CallFailed("it has no key to sign with", lasting=True)
        return await self._call.send(firm, key_id, keys[key_id], owed.id, owed.body(), self._clock.now())

    async def _put_off(self, owed: Owed, reason: str, wait_s: float) -> None:
        """Record a failure; all that the firm has been owed for too long is given up with it."""
        self.counters.failed += 1
        over = self.fold.older_than(owed.firm_id, self._clock.now() - self._give_up)
        if all(one.id != owed.id for one in over):
            await self._append([_failed(owed, reason, wait_s, gave_up=False)])
        await self._drop(over, reason)

    async def _drop(self, given_up: Sequence[Owed], reason: str) -> None:
        """Put on record what is not tried again."""
        if given_up:
            await self._append([_failed(one, reason, 0.0, gave_up=True) for one in given_up])
        self.counters.given_up += len(given_up)
        for one in given_up:
            self.fold.settle(one)

    async def _append(self, payloads: list[StatusReturned] | list[StatusReturnFailed]) -> None:
        """Put on record, however long the journal takes: a word that is paid must not be sent again and again."""
        drafts = [Draft(stream_of(type(payload), payload.firm_id), payload, ACTOR) for payload in payloads]
        while True:
            try:
                await asyncio.wrap_future(self._submit(*drafts))
                return
            except ConsoleError as error:
                _log.error("a status return is not on record yet: %s", error.sentence("en"))
                await asyncio.sleep(_APPEND_AGAIN_S)


def key_for(keys: Mapping[str, Key], firm_id: str, account: str) -> str | None:
    """Return the id of a firm's key for an account: one that is bound to it goes before one that is bound to none."""
    mine = sorted(key_id for key_id, key in keys.items() if key.firm_id == firm_id)
    wanted = canonical_account(account)
    bound = [k for k in mine if wanted in map(canonical_account, keys[k].accounts)]
    return next(iter([*bound, *(k for k in mine if not keys[k].accounts)]), None)


def _returned(owed: Owed, answer: int) -> StatusReturned:
    return StatusReturned(
        return_id=owed.id,
        firm_id=owed.firm_id,
        alert_id=owed.alert_id,
        status=owed.word.status,
        attempt=owed.attempts + 1,
        answer=answer,
    )


def _failed(owed: Owed, reason: str, retry_in_s: float, *, gave_up: bool) -> StatusReturnFailed:
    return StatusReturnFailed(
        return_id=owed.id,
        firm_id=owed.firm_id,
        alert_id=owed.alert_id,
        status=owed.word.status,
        attempt=owed.attempts + 1,
        reason=reason,
        retry_in_s=round(retry_in_s, 2),
        gave_up=gave_up,
    )
