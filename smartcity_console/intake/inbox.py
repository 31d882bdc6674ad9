"""Where every protocol puts what it received: looked up, joined to incidents, committed; then and only then answered.

One loop takes all that arrived while the last transaction was being written, decides on it against the journal as it
stands, and appends it as one transaction. A storm therefore costs one fsync for many alerts, and no two decisions can
miss each other.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from datetime import timedelta

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.intake.arrival import Arrival
from smartcity_console.intake.correlation import OpenIncidents, Rules, chatter_told, correlate
from smartcity_console.intake.duplicates import Done, RecentFrames
from smartcity_console.intake.registry import Register
from smartcity_console.intake.standing import TELL_PACE, Standing
from smartcity_console.intake.supervision import Supervision
from smartcity_console.journal import JournalBusy, VersionConflict
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Draft, Event, FrameRefused, SenderHeard, SenderLate, stream_of

ACTOR = "gateway/intake"
SUPERVISION_EVERY_S = 1.0
_log = logging.getLogger(__name__)
_TRIES = 8  # against an operator who writes to the same incident at the same moment
_STORM_ITEMS = 16
_GATHER_S = 0.008
"""After a transaction of so many items the next one waits so long for more: a commit costs about as much as twenty
alerts, and in a storm the processor, not the disk, says how long the last of them waits."""
_MOST_IN_ONE = 500  # items of one transaction: bounds how long the first of them waits


class Item(msgspec.Struct):
    """One message: who was heard (upper case), what it reported, or why it was refused. `done`: told of the commit."""

    account: str
    done: Done
    arrivals: tuple[Arrival, ...] = ()
    refusal: FrameRefused | None = None
    digest: str = ""


class Inbox:
    """Built and used on one event loop. `submit` is GroupCommitter.submit; `read_new` a Follower's next events."""

    def __init__(
        self,
        submit: Callable[..., Future[list[Event]]],
        read_new: Callable[[], list[Event]],
        register: Register,
        rules: Rules,
        clock: Clock,
        queue: int = 10_000,
        skip_to: Callable[[int], None] = lambda _seq: None,
        stored: Callable[[list[Event]], None] = lambda _events: None,
        has_new: Callable[[], bool] = lambda: True,
    ) -> None:
        """`skip_to` tells the follower that the events up to a sequence number need not be read again; `stored` is
        told of every transaction, so that others on this loop need not read it either. `has_new` says at once
        whether a read would find something: in a storm a thread's turn costs more than the decision."""
        self._submit, self._read_new = submit, read_new
        self._register, self._rules, self._clock = register, rules, clock
        self._skip_to, self._stored, self._has_new, self._last_seq = skip_to, stored, has_new, 0
        self._waiting: asyncio.Queue[Item] = asyncio.Queue(queue)
        self._incidents, self._standing = OpenIncidents(), Standing()
        self._supervision = Supervision(clock.monotonic_s())
        self._recent = RecentFrames()
        self._last_size = 0  # of the last transaction, in items
        self.alerts = self.duplicates = self.failures = self.refusals_dropped = 0
        self.last_error: ConsoleError | None = None

    async def run(self) -> None:
        """Commit what is put, until cancelled. Nothing is lost by a cancel: what was not committed was not answered."""
        try:
            while True:
                batch = await self._next_batch()
                try:
                    await self._commit(batch)
                except ConsoleError as error:
                    self._say(error)
                    self._fail(batch, error)
                except BaseException:
                    self._fail(batch, JournalBusy(waiting=len(batch)))
                    raise
        finally:
            if rest := self._drain([]):
                self._fail(rest, JournalBusy(waiting=len(rest)))

    @property
    def register(self) -> Register:
        """The register by which accounts are looked up."""
        return self._register

    async def load(self) -> None:
        """Fold the whole journal before the first message is taken."""
        while events := await asyncio.to_thread(self._read_new):
            self._take(events)
            self._recent.take(events, self._clock.now())

    async def put_alerts(self, account: str, digest: str, arrivals: Sequence[Arrival]) -> None:
        """Store the alerts of one frame; returns once they are on disk. Raises ConsoleError when they are not."""
        outcome = _Outcome()
        self.offer_alerts(account, digest, arrivals, outcome)
        await outcome.future

    async def put_poll(self, account: str, interval_s: float = 0.0) -> None:
        """Note a supervision message; returns once what it changed, if anything, is on disk."""
        outcome = _Outcome()
        self.offer_poll(account, outcome, interval_s)
        await outcome.future

    def offer_alerts(self, account: str, digest: str, arrivals: Sequence[Arrival], done: Done) -> None:
        """Queue the alerts of one frame; `done` is told once, when they are on disk or when they are not.

        A retransmission is told with the frame it repeats, at once when that is stored. Raises JournalBusy.
        """
        now = self._clock.now()
        if self._recent.seen(digest, now):
            self.duplicates += 1
            if not self._recent.join(digest, done):
                done(None)
            return
        account = account.upper()
        self._put(Item(account, done, tuple(arrivals), digest=digest))
        self._supervision.note(account, self._clock.monotonic_s(), is_poll=False)
        self._recent.storing(digest)

    def offer_poll(self, account: str, done: Done, interval_s: float = 0.0) -> None:
        """Queue a supervision message; `interval_s` is the silence its sender says it is allowed (0: not told)."""
        account = account.upper()
        self._put(Item(account, done))
        self._supervision.note(account, self._clock.monotonic_s(), is_poll=True, interval_s=interval_s)

    def put_refusal(self, account: str, protocol: str, reason: str) -> None:
        """Record that a frame was refused. Nobody waits for it; when the queue is full it is dropped and counted."""
        refusal = FrameRefused(account=account, protocol=protocol, reason=reason)
        item = Item(account.upper(), lambda _error: None, refusal=refusal)
        try:
            self._put(item)
        except JournalBusy:
            self.refusals_dropped += 1

    def is_stored(self, digest: str) -> bool:
        """Return whether a frame is a retransmission of one that was taken."""
        return self._recent.seen(digest, self._clock.now())

    def _put(self, item: Item) -> None:
        try:
            self._waiting.put_nowait(item)
        except asyncio.QueueFull:
            raise JournalBusy(waiting=self._waiting.qsize()) from None

    async def _next_batch(self) -> list[Item]:
        """Return what waits; an empty list when it is time to look for senders that are late, or to tell of chatter."""
        if self._last_size >= _STORM_ITEMS:
            await asyncio.sleep(_GATHER_S)
        limit_s = TELL_PACE.total_seconds() if self._standing.has_untold else SUPERVISION_EVERY_S
        try:
            async with asyncio.timeout(limit_s):
                first = await self._waiting.get()
        except TimeoutError:
            return []
        batch = self._drain([first])
        self._last_size = len(batch)
        return batch

    def _drain(self, batch: list[Item]) -> list[Item]:
        while len(batch) < _MOST_IN_ONE and not self._waiting.empty():
            batch.append(self._waiting.get_nowait())
        return batch

    async def _commit(self, batch: list[Item]) -> None:
        for _ in range(_TRIES):
            if self._has_new():
                self._take(await asyncio.to_thread(self._read_new))
            drafts = self._drafts(batch)
            try:
                stored = await asyncio.wrap_future(self._submit(*drafts)) if drafts else []
            except VersionConflict:
                continue
            self.last_error = None
            self._take_own(stored)
            self._settle(batch, None)
            self._stored(stored)
            return
        raise JournalBusy(waiting=len(batch))

    def _take(self, events: Iterable[Event]) -> None:
        events = [event for event in events if event.seq > self._last_seq]
        if events:
            self._incidents.take(events)
            self._standing.take(events)
            self._supervision.take(events)
            self._last_seq = events[-1].seq

    def _take_own(self, stored: list[Event]) -> None:
        """Fold in what was just written, without reading it back, when nobody wrote between."""
        if stored and stored[0].seq == self._last_seq + 1:
            self._take(stored)
            self._skip_to(self._last_seq)

    def _settle(self, batch: Iterable[Item], error: ConsoleError | None) -> None:
        now = self._clock.now()
        for item in batch:
            if item.digest:
                self._recent.settle(item.digest, now, error)
            self.failures += error is not None
            self.alerts += 0 if error else len(item.arrivals)
            item.done(error)

    def _drafts(self, batch: Iterable[Item]) -> list[Draft]:
        """Return what one transaction must hold. Decisions are tried on a copy: it may have to be done again."""
        incidents = self._incidents.copy()
        drafts: list[Draft] = []
        heard: set[str] = set()
        for item in batch:
            if item.refusal:
                drafts.append(Draft(stream_of(FrameRefused, item.account or "unknown"), item.refusal, ACTOR))
                continue
            if item.account not in heard:
                drafts += self._heard(item.account)
            heard.add(item.account)
            for arrival in item.arrivals:
                enriched = Arrival(self._register.enrich(arrival.alert), arrival.role)
                drafts += correlate(incidents, enriched, self._rules, self._standing)
        return drafts + self._chatter(incidents) + self._late(heard)

    def _chatter(self, incidents: OpenIncidents) -> list[Draft]:
        return chatter_told(incidents, self._standing, self._rules, self._clock.now())

    def _heard(self, account: str) -> list[Draft]:
        payload = self._supervision.heard(account, self._register.firm_id(account))
        return [Draft(stream_of(SenderHeard, account), payload, ACTOR)] if payload else []

    def _late(self, heard: set[str]) -> list[Draft]:
        overdue = self._supervision.overdue(self._clock.monotonic_s())
        return [
            Draft(stream_of(SenderLate, late.account), late, ACTOR) for late in overdue if late.account not in heard
        ]

    def _say(self, error: ConsoleError) -> None:
        """Tell a trouble once for as long as it lasts."""
        if type(error) is not type(self.last_error):
            _log.error("alerts are not stored and not acknowledged: %s", error.sentence("en"))
        self.last_error = error

    def _fail(self, batch: Iterable[Item], error: ConsoleError) -> None:
        self._settle(batch, error)


class _Outcome:
    """A future that is told of a commit; who waits for it may go away."""

    def __init__(self) -> None:
        self.future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def __call__(self, error: ConsoleError | None) -> None:
        if self.future.done():
            return
        if error is None:
            self.future.set_result(None)
        else:
            self.future.set_exception(error)


def make_rules(join_s: float, new_incident_id: Callable[[], str], join_m: float = 150.0) -> Rules:
    """Return the correlation rules for a joining time in seconds and a joining distance in metres."""
    return Rules(timedelta(seconds=join_s), new_incident_id, ACTOR, join_m)


async def stopped(task: asyncio.Task[None]) -> None:
    """Cancel a task of one's own and wait for its end."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
