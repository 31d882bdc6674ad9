"""A drill as its journal tells it: which second it is, what was injected, what the trainer said. A fold, no clock."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import datetime

import msgspec

from smartcity_console.drill.scenario.model import AnyInject
from smartcity_console.model import events as ev

MOST_KEPT = 2000
"""Words, moments and refusals kept each: a drill of two hours has some hundred."""


class InjectStanding(enum.StrEnum):
    """How far an inject has come."""

    WAITING = "waiting"
    HELD = "held"
    FIRED = "fired"
    SKIPPED = "skipped"
    FAILED = "failed"


class InjectState(msgspec.Struct, frozen=True):
    """`at_s`: second of the drill at which it came to stand so; `cause`: time, condition or trainer; `reason`: why not."""

    standing: InjectStanding = InjectStanding.WAITING
    at_s: float | None = None
    cause: str = ""
    reason: str = ""


class Spoken(msgspec.Struct, frozen=True):
    """Words that were put before a seat, with the journal's number of the event."""

    seq: int
    said: ev.DrillSpoken


class Refusal(msgspec.Struct, frozen=True):
    """An order that the director could not carry out."""

    seq: int
    act: str
    reason_ko: str
    reason_en: str


class DrillFold:
    """Mutable holder of the fold. `take` passes over what it has seen already."""

    def __init__(self) -> None:
        self.last_seq = 0
        self.begun: ev.DrillBegun | None = None
        self.begun_at: datetime | None = None
        self.ended: ev.DrillEnded | None = None
        self.ended_at: datetime | None = None
        self.paused_at: datetime | None = None
        self.paused_s = 0.0
        self.injects: dict[str, InjectState] = {}
        self.added: dict[str, AnyInject] = {}  # by the trainer, in the order in which they were added
        self.spoken: list[Spoken] = []
        self.seen: dict[int, tuple[str, ...]] = {}  # by the number of the words: the seats that acknowledged them
        self.moments: list[tuple[float, str]] = []
        self.refusals: list[Refusal] = []
        self.orders: dict[str, ev.DrillOrdered] = {}  # those that nothing has come of yet

    def take(self, batch: Iterable[ev.Event]) -> bool:
        """Fold events in; return whether one was about the drill."""
        touched = False
        for event in batch:
            if event.seq <= self.last_seq:
                continue
            self.last_seq = event.seq
            if event.stream.startswith("drill/") and event.type in ev.PAYLOADS:
                self._fold(event, event.payload())
                touched = True
        return touched

    @property
    def is_running(self) -> bool:
        return self.begun is not None and self.ended is None

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None and self.ended is None

    def second(self, now: datetime) -> float:
        """Return the drill's second at a time: 0 before it began; it stands still in a pause and after the end."""
        if self.begun_at is None:
            return 0.0
        until = min(at for at in (now, self.paused_at, self.ended_at) if at is not None)
        return max(0.0, (until - self.begun_at).total_seconds() - self.paused_s)

    def inject(self, inject_id: str) -> InjectState:
        return self.injects.get(inject_id, InjectState())

    def spoken_to(self, seat: str) -> list[Spoken]:
        """Return what was said to a seat, oldest first."""
        return [words for words in self.spoken if words.said.seat in ("", seat)]

    def _fold(self, event: ev.Event, payload: ev.Payload) -> None:
        match payload:
            case ev.DrillBegun():
                self.begun, self.begun_at = payload, event.at
            case ev.DrillPaused():
                self.paused_at = event.at
                self._settle("pause")
            case ev.DrillResumed():
                self.paused_at = None
                self.paused_s += payload.paused_s
                self._settle("resume")
            case ev.DrillEnded():
                self._end(payload, event.at)
            case ev.DrillSpoken():
                self.spoken = [*self.spoken[-MOST_KEPT:], Spoken(event.seq, payload)]
                self._settle("speak")
            case ev.DrillWordsSeen():
                self.seen[payload.spoken_seq] = (*self.seen.get(payload.spoken_seq, ()), payload.seat)
            case ev.MomentMarked():
                self.moments = [*self.moments[-MOST_KEPT:], (payload.at_s, payload.text)]
                self._settle("mark")
            case ev.DrillOrdered():
                self._order(payload)
            case ev.DrillOrderRefused():
                self._refuse(event.seq, payload)
            case _:
                self._fold_inject(payload)

    def _fold_inject(self, payload: ev.Payload) -> None:
        standing = InjectStanding
        match payload:
            case ev.InjectFired(inject_id=inject_id, at_s=at_s, cause=cause):
                self._stand(inject_id, InjectState(standing.FIRED, at_s, cause))
            case ev.InjectSkipped(inject_id=inject_id, at_s=at_s, reason=reason):
                self._stand(inject_id, InjectState(standing.SKIPPED, at_s, reason=reason))
            case ev.InjectFailed(inject_id=inject_id, at_s=at_s, reason=reason):
                self._stand(inject_id, InjectState(standing.FAILED, at_s, reason=reason))
            case ev.InjectHeld(inject_id=inject_id, at_s=at_s, held=held):
                self._stand(inject_id, InjectState(standing.HELD if held else standing.WAITING, at_s if held else None))

    def _stand(self, inject_id: str, state: InjectState) -> None:
        self.injects[inject_id] = state
        self.orders = {key: order for key, order in self.orders.items() if order.inject_id != inject_id}

    def _settle(self, act: str) -> None:
        """The oldest order of this kind has come to something."""
        done = next((key for key, order in self.orders.items() if order.act == act), None)
        if done is not None:
            del self.orders[done]

    def _end(self, payload: ev.DrillEnded, at: datetime) -> None:
        self.ended, self.ended_at = payload, at
        if self.paused_at is not None and self.paused_at < at:
            self.ended_at, self.paused_at = self.paused_at, None
        self.orders = {}

    def _order(self, payload: ev.DrillOrdered) -> None:
        if payload.act != "add":
            self.orders[payload.order_id] = payload
            return
        try:
            inject: AnyInject = msgspec.json.decode(payload.inject.encode(), type=AnyInject)
        except msgspec.MsgspecError:  # not one of the scenario's kinds: the director refuses it, and says so
            return
        self.added[inject.id] = inject

    def _refuse(self, seq: int, payload: ev.DrillOrderRefused) -> None:
        order = self.orders.pop(payload.order_id, None)
        act = order.act if order is not None else "add"
        self.refusals = [*self.refusals[-MOST_KEPT:], Refusal(seq, act, payload.reason_ko, payload.reason_en)]
