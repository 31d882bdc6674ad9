"""What is told to a receiver after the hand-off: a recall, a message. Each once, at once, and again until it is there.

The journal is the queue, as for the outbox: `HandoffRecalled` or `MessageToDesk` without `HandoffUpdateDelivered` is
work. An update's id is its idempotency key, so one that arrived without being recorded is sent again and changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Literal, Protocol

import msgspec

from smartcity_console.handoff.errors import DeliveryFailed, HandoffNotThere
from smartcity_console.handoff.notice import HandoffUpdate
from smartcity_console.handoff.outbox import ACTOR, Append
from smartcity_console.handoff.pacing import Pacing
from smartcity_console.handoff.package import request_of
from smartcity_console.model import events as ev
from smartcity_console.model.centre import Centre
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.handoff import Handoff, HandoffStage, Update

log = logging.getLogger(__name__)

_AT_ONCE = 8
_NEVER_THERE = 8  # tries after which a recall of what never left the house has nobody to be told to


class UpdateChannel(Protocol):
    async def deliver_update(self, handoff_id: str, update_id: str, body: bytes) -> None:
        """Deliver an update. Raises DeliveryFailed; HandoffNotThere while the receiver does not know the hand-off."""
        ...


class UpdateParts(msgspec.Struct, frozen=True, kw_only=True):
    """What it works with. `channel` gives the receiver of a request."""

    append: Append
    channel: Callable[[ev.HandoffRequested], UpdateChannel]
    centre_name: str = ""
    pacing: Pacing = Pacing()
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class Updates:
    """Call `changed` after each fold of `centre`, `start` after the history, `close` at the end."""

    def __init__(self, parts: UpdateParts, centre: Centre) -> None:
        self._parts, self._centre = parts, centre
        self._jobs: dict[str, asyncio.Task[None]] = {}
        self._settled: set[str] = set()  # delivered by this process: the fold says so a moment later
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._started = False

    def start(self) -> None:
        """Begin to work on what the history left untold."""
        self._started = True
        self._begin(self._centre.incidents.keys())

    def changed(self, incident_ids: Collection[str]) -> None:
        """Begin what is new in these incidents. Call on the event loop."""
        if self._started:
            self._begin(incident_ids)

    @property
    def busy(self) -> int:
        """How many updates are under way or waiting for their next try."""
        return len(self._jobs)

    async def close(self) -> None:
        """Stop; what is under way stays in the journal as untold."""
        self._started = False
        tasks = list(self._jobs.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, incident_ids: Iterable[str]) -> None:
        for incident_id in incident_ids:
            incident = self._centre.incidents.get(incident_id)
            for handoff in incident.handoffs if incident else ():
                for update in handoff.updates:
                    if update.id not in self._jobs and update.id not in self._settled:
                        self._take_up(incident_id, handoff.id, update)

    def _take_up(self, incident_id: str, handoff_id: str, update: Update) -> None:
        job = asyncio.get_running_loop().create_task(self._carry_out(incident_id, handoff_id, update))
        self._jobs[update.id] = job
        job.add_done_callback(lambda _: self._jobs.pop(update.id, None))

    async def _carry_out(self, incident_id: str, handoff_id: str, update: Update) -> None:
        """Try until it is there. Every failure is recorded, also one that nobody foresaw."""
        attempt = update.failed_attempts
        while True:
            attempt += 1
            try:
                async with self._room:
                    await self._attempt(incident_id, handoff_id, update, attempt)
                return
            except HandoffNotThere as error:
                if self._is_pointless(incident_id, handoff_id, attempt):
                    return
                await self._failed(incident_id, handoff_id, update, attempt, error.sentence("ko"), False)
            except ConsoleError as error:
                lasting = isinstance(error, DeliveryFailed) and error.lasting
                await self._failed(incident_id, handoff_id, update, attempt, error.sentence("ko"), lasting)
            except Exception as error:
                log.exception("update %s: unforeseen failure", update.id)
                await self._failed(incident_id, handoff_id, update, attempt, type(error).__name__, True)

    async def _attempt(self, incident_id: str, handoff_id: str, update: Update, attempt: int) -> None:
        request = request_of(self._centre.incidents[incident_id], handoff_id)
        if request is None:
            raise DeliveryFailed(receiver="-", why=f"no request {handoff_id}")
        body = msgspec.json.encode(self._wire(handoff_id, update), order="sorted")
        await self._parts.channel(request).deliver_update(handoff_id, update.id, body)
        told = ev.HandoffUpdateDelivered(handoff_id=handoff_id, update_id=update.id, attempt=attempt)
        await self._parts.append(ev.Draft(_stream(incident_id), told, ACTOR))
        self._settled.add(update.id)

    def _wire(self, handoff_id: str, update: Update) -> HandoffUpdate:
        name = self._parts.centre_name
        kind: Literal["recalled", "message"] = "recalled" if update.kind == "recalled" else "message"
        return HandoffUpdate(
            handoff_id=handoff_id,
            update_id=update.id,
            kind=kind,
            text=update.text,
            sent_by=f"{name} · {update.seat}" if name else update.seat,
            sent_at=update.at,
        )

    def _is_pointless(self, incident_id: str, handoff_id: str, attempt: int) -> bool:
        """A recall stops the delivery: then the receiver may never hear of the hand-off at all."""
        handoff = self._handoff(incident_id, handoff_id)
        stopped = handoff is not None and handoff.recalled_at and not handoff.reached(HandoffStage.DELIVERED)
        return bool(stopped) and attempt >= _NEVER_THERE

    def _handoff(self, incident_id: str, handoff_id: str) -> Handoff | None:
        return self._centre.incidents[incident_id].handoff(handoff_id)

    async def _failed(
        self, incident_id: str, handoff_id: str, update: Update, attempt: int, why: str, lasting: bool
    ) -> None:
        wait_s = self._parts.pacing.wait_s(attempt, lasting)
        failure = ev.HandoffUpdateFailed(
            handoff_id=handoff_id, update_id=update.id, attempt=attempt, reason=why, retry_in_s=wait_s
        )
        try:
            await self._parts.append(ev.Draft(_stream(incident_id), failure, ACTOR))
        except ConsoleError as error:
            log.error("update %s: the failure could not be recorded: %s", update.id, error)
        await self._parts.sleep(wait_s)


def _stream(incident_id: str) -> str:
    return f"incident/{incident_id}"
