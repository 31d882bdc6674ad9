"""The outbox: every hand-off that was asked for is carried out, once, whatever crashes in between.

Its only state is the journal. `HandoffRequested` without `HandoffDelivered` is work; the package that
`HandoffPackaged` names is used again when it still verifies; the hand-off's id is the idempotency key, so that a
delivery which was made but not recorded is made again and changes nothing at the receiver.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable
from pathlib import Path

import msgspec

from smartcity_console.handoff.channels import Channel
from smartcity_console.handoff.circuit import Circuit
from smartcity_console.handoff.container import Member, digest
from smartcity_console.handoff.errors import DeliveryFailed, DeliveryRefused, LinkNotFetched
from smartcity_console.handoff.pacing import Pacing
from smartcity_console.handoff.package import request_of
from smartcity_console.handoff.verify import verify_package
from smartcity_console.journal.errors import VersionConflict
from smartcity_console.model import events as ev
from smartcity_console.model.centre import Centre
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.handoff import Handoff, HandoffStage
from smartcity_console.model.incident import Incident

log = logging.getLogger(__name__)

ACTOR = "gateway/outbox"
_CATCH_UP_S = 5.0
_SEALED_AT_ONCE = 2  # each one keeps a core busy
_TOLD_AT_ONCE = 8  # to one receiver

Append = Callable[[ev.Draft], Awaitable[list[ev.Event]]]
Prepare = Callable[[Incident, ev.HandoffRequested], Awaitable[ev.HandoffPackaged]]


class OutboxParts(msgspec.Struct, frozen=True, kw_only=True):
    """What an outbox works with: all of it can be replaced by a fake.

    `append` returns after the commit and raises VersionConflict; `channel` and `notice` give, for a request, the
    receiver and the text it gets first; `second` another way to the same receiver, tried while the first one's fuse is
    out; `sleep` waits so many seconds. `at_once`: packages under way to one receiver.
    """

    workspace: Path
    append: Append
    prepare: Prepare
    channel: Callable[[ev.HandoffRequested], Channel]
    notice: Callable[[Incident, ev.HandoffRequested], bytes]
    pacing: Pacing = Pacing()
    at_once: int = 4
    second: Callable[[ev.HandoffRequested], Channel | None] = lambda _: None
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class Outbox:
    """Feed it the whole journal with `take` (in order, on the event loop), `start` it after the history, `close` it."""

    def __init__(self, parts: OutboxParts, centre: Centre | None = None) -> None:
        """With a `centre` that somebody else folds, call `changed` after each fold instead of `take`."""
        self._parts = parts
        self._centre = centre if centre is not None else Centre()
        self._jobs: dict[str, asyncio.Task[None]] = {}
        self._moved = asyncio.Condition()
        self._wakers: set[asyncio.Task[None]] = set()
        self._sealing = asyncio.Semaphore(_SEALED_AT_ONCE)
        self._telling: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_TOLD_AT_ONCE))
        self._sending: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(parts.at_once))
        self._circuits: defaultdict[str, Circuit] = defaultdict(Circuit)
        self._started = False
        self._checked: dict[str, tuple[str, int, int, int]] = {}  # packages read and found good, by path

    def start(self) -> None:
        """Begin to work on what the history left undone."""
        self._started = True
        self._begin(self._centre.incidents.keys())

    def take(self, events: Iterable[ev.Event]) -> None:
        """Fold events; new requests are begun at once. Call on the event loop."""
        self.changed(self._centre.take(events))

    def changed(self, incident_ids: Collection[str]) -> None:
        """Begin what is newly requested in these incidents. Call on the event loop."""
        if self._started and incident_ids:
            self._begin(incident_ids)
            self._keep(asyncio.get_running_loop().create_task(self._tell_waiters()))

    @property
    def busy(self) -> int:
        """How many hand-offs are under way or waiting for their next try."""
        return len(self._jobs)

    @property
    def receivers_away(self) -> tuple[str, ...]:
        """The agencies whose fuse is out."""
        return tuple(sorted(agency for agency, circuit in self._circuits.items() if circuit.is_open))

    async def close(self) -> None:
        """Stop; what is under way stays in the journal as undone and is taken up at the next start."""
        self._started = False
        tasks = [*self._jobs.values(), *self._wakers]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, incident_ids: Iterable[str]) -> None:
        for incident_id in incident_ids:
            incident = self._centre.incidents.get(incident_id)
            for handoff in incident.handoffs if incident else ():
                if handoff.id not in self._jobs and _is_work(handoff):
                    job = asyncio.get_running_loop().create_task(self._carry_out(incident_id, handoff.id))
                    self._jobs[handoff.id] = job
                    job.add_done_callback(lambda _, key=handoff.id: self._jobs.pop(key, None))  # type: ignore[misc]

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._wakers.add(task)
        task.add_done_callback(self._wakers.discard)

    async def _tell_waiters(self) -> None:
        async with self._moved:
            self._moved.notify_all()

    async def _carry_out(self, incident_id: str, handoff_id: str) -> None:
        """Try until it is delivered. Every failure is recorded, also one that nobody foresaw."""
        handoff = self._centre.incidents[incident_id].handoff(handoff_id)
        circuit = self._circuits[handoff.agency_id if handoff else ""]
        attempt = handoff.failed_attempts if handoff else 0
        try:
            while not self._is_settled(incident_id, handoff_id):
                attempt += 1
                if await self._try(incident_id, handoff_id, attempt, circuit):
                    return
        finally:
            self._forget_check(incident_id, handoff_id)
            await circuit.leave(handoff_id)

    def _forget_check(self, incident_id: str, handoff_id: str) -> None:
        packaged = _package_of(self._centre.incidents[incident_id], handoff_id)
        if packaged is not None:
            self._checked.pop(packaged.path, None)

    async def _try(self, incident_id: str, handoff_id: str, attempt: int, circuit: Circuit) -> bool:
        """Return whether it is delivered; if not, the failure is on record and its wait is over."""
        try:
            await self._attempt(incident_id, handoff_id, attempt)
        except ConsoleError as error:
            lasting = isinstance(error, DeliveryFailed) and error.lasting
            await self._failed(incident_id, handoff_id, attempt, error.sentence("ko"), lasting, circuit)
        except Exception as error:
            log.exception("hand-off %s: unforeseen failure", handoff_id)
            await self._failed(incident_id, handoff_id, attempt, type(error).__name__, True, circuit)
        else:
            return True
        return False

    def _is_settled(self, incident_id: str, handoff_id: str) -> bool:
        """What was taken back before it arrived does not leave the house any more; what was fetched by a link is there."""
        handoff = self._centre.incidents[incident_id].handoff(handoff_id)
        return handoff is not None and not _is_work(handoff)

    async def _attempt(self, incident_id: str, handoff_id: str, attempt: int) -> None:
        """Deliver by the first way, or by the second while the first one's fuse is out."""
        incident = self._centre.incidents[incident_id]
        request = request_of(incident, handoff_id)
        if request is None:
            raise DeliveryFailed(receiver="-", why=f"no request {handoff_id}")
        circuit, second = self._circuits[request.agency_id], self._parts.second(request)
        mailed: LinkNotFetched | None = None
        if second is not None and circuit.is_open:
            try:
                return await self._deliver(incident, request, attempt, second, None)
            except LinkNotFetched as error:
                mailed = error
            except ConsoleError as error:
                log.warning("hand-off %s: no other way works either: %s", handoff_id, error.sentence("en"))
        try:
            return await self._deliver(incident, request, attempt, self._parts.channel(request), circuit)
        except ConsoleError as error:
            if mailed is not None:  # the more telling of the two reasons
                raise mailed from error
            raise

    async def _deliver(
        self, incident: Incident, request: ev.HandoffRequested, attempt: int, way: Channel, circuit: Circuit | None
    ) -> None:
        """Notice and package are made side by side: a receiver that is away does not keep evidence from being saved."""
        handoff_id = request.handoff_id
        notice = self._tell(incident, request, way, circuit)
        told, packaged = await asyncio.gather(notice, self._packaged(incident, request), return_exceptions=True)
        for outcome in (packaged, told):
            if isinstance(outcome, BaseException):
                raise outcome
        assert isinstance(packaged, ev.HandoffPackaged)
        async with self._sending[request.agency_id]:
            receiver = await way.deliver_package(handoff_id, self._parts.workspace / packaged.path, packaged.sha256)
        done = ev.HandoffDelivered(handoff_id=handoff_id, attempt=attempt, receiver=receiver)
        await self._append_once(incident.id, done, lambda i: _has_reached(i, handoff_id, HandoffStage.DELIVERED))

    async def _tell(
        self, incident: Incident, request: ev.HandoffRequested, way: Channel, circuit: Circuit | None
    ) -> None:
        """Deliver the text. It waits for no package, its own least of all; the answer works the receiver's fuse."""
        if circuit is None:
            await way.deliver_notice(request.handoff_id, self._parts.notice(incident, request))
            return
        if self._parts.second(request) is None:
            await circuit.enter(request.handoff_id)
        try:
            async with self._telling[request.agency_id]:
                await way.deliver_notice(request.handoff_id, self._parts.notice(incident, request))
        except DeliveryRefused:
            await circuit.succeeded()  # it answers, if not as one would like
            raise
        except ConsoleError:
            circuit.failed()
            raise
        await circuit.succeeded()

    async def _packaged(self, incident: Incident, request: ev.HandoffRequested) -> ev.HandoffPackaged:
        """Return the package already on record when its file still verifies, else make and record one."""
        known = _package_of(self._centre.incidents[incident.id], request.handoff_id)
        if known is not None and await asyncio.to_thread(self._still_good, known.path, known.sha256):
            return known
        async with self._sealing:
            made = await self._parts.prepare(incident, request)
        await self._append_once(incident.id, made, lambda i: _package_of(i, request.handoff_id) == made)
        return made

    def _still_good(self, relative: str, sha256: str) -> bool:
        """Read a package whole, once: a file that was not written since is not read again for each try."""
        path = self._parts.workspace / relative
        try:
            about = path.stat()
        except OSError:
            return False
        now = (sha256, about.st_ino, about.st_size, about.st_mtime_ns)
        if self._checked.get(relative) == now:
            return True
        if digest(Member("", path).chunks()).sha256 != sha256 or not verify_package(path).ok:
            return False
        self._checked[relative] = now
        return True

    async def _failed(
        self, incident_id: str, handoff_id: str, attempt: int, why: str, lasting: bool, circuit: Circuit
    ) -> None:
        wait_s = self._parts.pacing.wait_s(attempt, lasting)
        failure = ev.HandoffAttemptFailed(handoff_id=handoff_id, attempt=attempt, reason=why, retry_in_s=wait_s)
        try:
            await self._parts.append(ev.Draft(_stream(incident_id), failure, ACTOR))
        except ConsoleError as error:
            log.error("hand-off %s: the failure could not be recorded: %s", handoff_id, error)
        await circuit.pause(self._parts.sleep, wait_s)

    async def _append_once(self, incident_id: str, payload: ev.Payload, holds: Callable[[Incident], bool]) -> None:
        """Append unless the incident already says so, and return when the fold says so too.

        The expected version makes a second writer's race visible: then the question is put again.
        """
        while not holds(incident := self._centre.incidents[incident_id]):
            try:
                await self._parts.append(ev.Draft(_stream(incident_id), payload, ACTOR, incident.version))
                await self._caught_up(incident_id, incident.version + 1)
            except VersionConflict as conflict:
                await self._caught_up(incident_id, conflict.actual)

    async def _caught_up(self, incident_id: str, version: int) -> None:
        """Wait until the fold has seen a version. Raises DeliveryFailed when the journal's feed stands still."""
        try:
            async with asyncio.timeout(_CATCH_UP_S), self._moved:
                await self._moved.wait_for(lambda: self._centre.incidents[incident_id].version >= version)
        except TimeoutError:
            raise DeliveryFailed(receiver="journal", why="its feed stands still") from None


def _is_work(handoff: Handoff) -> bool:
    return handoff.recalled_at is None and not handoff.reached(HandoffStage.DELIVERED)


def _stream(incident_id: str) -> str:
    return f"incident/{incident_id}"


def _has_reached(incident: Incident, handoff_id: str, stage: HandoffStage) -> bool:
    handoff = incident.handoff(handoff_id)
    return handoff is not None and handoff.reached(stage)


def _package_of(incident: Incident, handoff_id: str) -> ev.HandoffPackaged | None:
    return next((p for p in reversed(incident.packages) if p.handoff_id == handoff_id), None)
