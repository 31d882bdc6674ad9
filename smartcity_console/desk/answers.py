"""What the page's buttons do: each act is recorded once and becomes a receipt to the centre."""

from __future__ import annotations

from typing import Annotated, TypeVar

import msgspec

from smartcity_console.desk.errors import BadContent, NotNow
from smartcity_console.desk.state import DeskHandoff, DeskStage
from smartcity_console.desk.store import DeskStore
from smartcity_console.model import events as ev

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
_Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]
_Units = Annotated[tuple[_Name, ...], msgspec.Meta(min_length=1, max_length=20)]
_Minutes = Annotated[float, msgspec.Meta(ge=0, le=600)]


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of opened and accepted: who acts."""

    by: _Name


class RefusalAct(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: _Reason


class UnitsAct(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    units: _Units
    eta_min: _Minutes | None = None


T = TypeVar("T", bound=Act)


class Answers:
    """The four acts. Repeating one changes nothing, except that further units may be sent."""

    def __init__(self, store: DeskStore) -> None:
        self._store = store

    async def opened(self, handoff_id: str, body: bytes) -> DeskHandoff:
        act = _read(body, Act)

        def decide(handoff: DeskHandoff) -> ev.DeskPayload | None:
            if handoff.reached(DeskStage.OPENED):
                return None
            return ev.DeskOpened(handoff_id=handoff.id, receipt_id=self._store.new_receipt_id(), by=act.by)

        return await self._store.record(handoff_id, decide)

    async def accepted(self, handoff_id: str, body: bytes) -> DeskHandoff:
        act = _read(body, Act)

        def decide(handoff: DeskHandoff) -> ev.DeskPayload | None:
            if handoff.reached(DeskStage.ACCEPTED):
                return None
            _require_not(handoff, DeskStage.REFUSED)
            return ev.DeskAccepted(handoff_id=handoff.id, receipt_id=self._store.new_receipt_id(), by=act.by)

        return await self._store.record(handoff_id, decide)

    async def refused(self, handoff_id: str, body: bytes) -> DeskHandoff:
        act = _read(body, RefusalAct)

        def decide(handoff: DeskHandoff) -> ev.DeskPayload | None:
            if handoff.reached(DeskStage.REFUSED):
                return None
            _require_not(handoff, DeskStage.ACCEPTED)
            receipt_id = self._store.new_receipt_id()
            return ev.DeskRefused(handoff_id=handoff.id, receipt_id=receipt_id, by=act.by, reason=act.reason)

        return await self._store.record(handoff_id, decide)

    async def units_sent(self, handoff_id: str, body: bytes) -> DeskHandoff:
        """Record units on their way; only what was accepted may be answered with units."""
        act = _read(body, UnitsAct)

        def decide(handoff: DeskHandoff) -> ev.DeskPayload | None:
            if not handoff.reached(DeskStage.ACCEPTED):
                raise NotNow(stage=handoff.stage)
            return ev.DeskUnitsSent(
                handoff_id=handoff.id,
                receipt_id=self._store.new_receipt_id(),
                by=act.by,
                units=act.units,
                eta_min=act.eta_min,
            )

        return await self._store.record(handoff_id, decide)


def _require_not(handoff: DeskHandoff, stage: DeskStage) -> None:
    if handoff.reached(stage):
        raise NotNow(stage=handoff.stage)


def _read(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise BadContent(why=error) from None
