"""What the page's buttons do: each act is recorded once and becomes a receipt to the centre."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.desk.errors import BadContent, NotNow, TooSoon
from smartcity_console.desk.state import DeskHandoff, DeskStage
from smartcity_console.desk.store import DeskStore
from smartcity_console.model import events as ev

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]
_Units = Annotated[tuple[_Name, ...], msgspec.Meta(min_length=1, max_length=20)]
_Minutes = Annotated[float, msgspec.Meta(ge=0, le=600)]
PLACES_APART = timedelta(seconds=1)  # the centre is told where units are no more often than that


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of opened and accepted: who acts."""

    by: _Name


class RefusalAct(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: _Text


class UnitsAct(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    units: _Units
    eta_min: _Minutes | None = None


class OnSceneAct(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """None named: all that were sent."""

    units: Annotated[tuple[_Name, ...], msgspec.Meta(max_length=20)] = ()


class ClosingAct(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    outcome: _Text
    note: Annotated[str, msgspec.Meta(max_length=400)] = ""


class MessageAct(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: _Text


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a unit is: WGS 84 degrees; `at` None: now."""

    unit: _Name
    lon_deg: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    lat_deg: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class PlacesAct(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    positions: Annotated[tuple[Place, ...], msgspec.Meta(min_length=1, max_length=50)]


T = TypeVar("T", bound=Act)
Answer = Callable[[str, bytes, str], Awaitable[DeskHandoff]]
"""Hand-off, JSON body, and who is logged in ("": nobody has to, then the body's `by` counts)."""


class Answers:
    """The acts. Repeating one changes nothing, except that further units, arrivals and messages may be told."""

    def __init__(self, store: DeskStore, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self.acts: Mapping[str, Answer] = {
            "opened": self._act(Act, self._opened),
            "accepted": self._act(Act, self._accepted),
            "refused": self._act(RefusalAct, self._refused),
            "units_sent": self._act(UnitsAct, self._units_sent),
            "on_scene": self._act(OnSceneAct, self._on_scene),
            "closed": self._act(ClosingAct, self._closed),
            "message": self._act(MessageAct, self._message),
            "positions": self._act(PlacesAct, self._positions),
        }

    def _act(self, kind: type[T], decide: Callable[[DeskHandoff, T, str], ev.DeskPayload | None]) -> Answer:
        """Read the body, then let `decide` look at the hand-off while nobody else writes to it."""

        async def answer(handoff_id: str, body: bytes, user: str) -> DeskHandoff:
            act = _read(body, kind)
            by = user or act.by
            return await self._store.record(handoff_id, lambda handoff: decide(handoff, act, by))

        return answer

    def _opened(self, handoff: DeskHandoff, _: Act, by: str) -> ev.DeskPayload | None:
        if handoff.reached(DeskStage.OPENED):
            return None
        return ev.DeskOpened(handoff_id=handoff.id, receipt_id=self._new_id(), by=by)

    def _accepted(self, handoff: DeskHandoff, _: Act, by: str) -> ev.DeskPayload | None:
        if handoff.reached(DeskStage.ACCEPTED):
            return None
        _require_not(handoff, DeskStage.REFUSED)
        _require_not_recalled(handoff)
        return ev.DeskAccepted(handoff_id=handoff.id, receipt_id=self._new_id(), by=by)

    def _refused(self, handoff: DeskHandoff, act: RefusalAct, by: str) -> ev.DeskPayload | None:
        if handoff.reached(DeskStage.REFUSED):
            return None
        _require_not(handoff, DeskStage.ACCEPTED)
        _require_not_recalled(handoff)
        return ev.DeskRefused(handoff_id=handoff.id, receipt_id=self._new_id(), by=by, reason=act.reason)

    def _units_sent(self, handoff: DeskHandoff, act: UnitsAct, by: str) -> ev.DeskPayload | None:
        _require_running(handoff)
        _require_not_recalled(handoff)
        return ev.DeskUnitsSent(
            handoff_id=handoff.id, receipt_id=self._new_id(), by=by, units=act.units, eta_min=act.eta_min
        )

    def _on_scene(self, handoff: DeskHandoff, act: OnSceneAct, by: str) -> ev.DeskPayload | None:
        """Units that are on their way may arrive after a recall too: the centre should know."""
        _require_running(handoff)
        last = handoff.last_receipt(DeskStage.ON_SCENE)
        if last is not None and last.units == act.units:
            return None
        return ev.DeskOnScene(handoff_id=handoff.id, receipt_id=self._new_id(), by=by, units=act.units)

    def _closed(self, handoff: DeskHandoff, act: ClosingAct, by: str) -> ev.DeskPayload | None:
        if handoff.reached(DeskStage.CLOSED):
            return None
        _require_running(handoff)
        return ev.DeskEnded(handoff_id=handoff.id, receipt_id=self._new_id(), by=by, outcome=act.outcome, note=act.note)

    def _message(self, handoff: DeskHandoff, act: MessageAct, by: str) -> ev.DeskPayload:
        return ev.DeskMessageSent(handoff_id=handoff.id, receipt_id=self._new_id(), by=by, text=act.text)

    def _positions(self, handoff: DeskHandoff, act: PlacesAct, by: str) -> ev.DeskPayload:
        """Tell where units are. Raises TooSoon when that was told a moment ago."""
        _require_running(handoff)
        now, last = self._clock.now(), handoff.last_receipt(DeskStage.POSITIONS)
        if last is not None and now - last.at < PLACES_APART:
            raise TooSoon()
        places = tuple(ev.UnitPosition(p.unit, p.lon_deg, p.lat_deg, min(p.at or now, now)) for p in act.positions)
        return ev.DeskUnitsMoved(handoff_id=handoff.id, receipt_id=self._new_id(), by=by, positions=places)

    def _new_id(self) -> str:
        return self._store.new_receipt_id()


def _require_not(handoff: DeskHandoff, stage: DeskStage) -> None:
    if handoff.reached(stage):
        raise NotNow(stage=handoff.stage)


def _require_not_recalled(handoff: DeskHandoff) -> None:
    if handoff.recall is not None:
        raise NotNow(stage="recalled")


def _require_running(handoff: DeskHandoff) -> None:
    """Only what was accepted and is not closed has units."""
    if not handoff.reached(DeskStage.ACCEPTED):
        raise NotNow(stage=handoff.stage)
    _require_not(handoff, DeskStage.CLOSED)


def _read(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise BadContent(why=error) from None
