"""What a desk reports back becomes an event, once for each receipt_id however often it is sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from smartcity_console.gateway.state import GatewayState
from smartcity_console.model import events as ev
from smartcity_console.model.errors import ConsoleError

BURST, PER_S = 40.0, 2.0  # receipts of one hand-off at once, and for each second after

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class ReceiptRefused(ConsoleError):
    code = "receipt_refused"
    ko = "이관 {handoff_id}의 회신을 받지 않았습니다: {why}. 앞선 회신은 그대로입니다."
    en = "A receipt of hand-off {handoff_id} was refused: {why}. Earlier receipts are kept."


class ReceiptsTooFast(ConsoleError):
    code = "receipts_too_fast"
    ko = "이관 {handoff_id}의 회신이 너무 잦아 잠시 받지 않았습니다. 받은 회신은 그대로입니다. 잠시 뒤 다시 보내십시오."
    en = "Receipts of hand-off {handoff_id} come too fast and were held off. Those taken are kept. Send again in a moment."


class UnitPlace(msgspec.Struct, frozen=True):
    """Where a unit is: WGS 84 degrees, and when it was there."""

    unit: _Name
    lon_deg: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    lat_deg: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    at: Annotated[datetime, msgspec.Meta(tz=True)]


class DeskReceipt(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """The JSON that a desk posts. `stage` says which of the other fields count: refused `reason`; units_sent `units`
    and `eta_min`; on_scene `units`; closed `outcome` and `note`; message `text`; positions `positions`."""

    receipt_id: _Name
    handoff_id: _Name
    stage: Literal["opened", "accepted", "refused", "units_sent", "on_scene", "closed", "message", "positions"]
    by: Annotated[str, msgspec.Meta(max_length=200)] = ""
    at: datetime | None = None
    units: Annotated[tuple[_Name, ...], msgspec.Meta(max_length=50)] = ()
    eta_min: Annotated[float, msgspec.Meta(ge=0, le=24 * 60)] | None = None
    reason: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    outcome: Annotated[str, msgspec.Meta(max_length=200)] = ""
    note: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    text: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    positions: Annotated[tuple[UnitPlace, ...], msgspec.Meta(max_length=50)] = ()


class Receipts:
    """Takes receipts one at a time, so that the same one sent twice at once is still one event."""

    def __init__(self, state: GatewayState, submit: Callable[..., Future[list[ev.Event]]]) -> None:
        self._state, self._submit = state, submit
        self._one_at_a_time = asyncio.Lock()
        self._just_taken: set[str] = set()
        self._allowance: dict[str, tuple[float, float]] = {}  # by hand-off: receipts left, and when that was so

    async def take(self, receipt: DeskReceipt) -> bool:
        """Store a receipt; False when it was stored before. Raises ReceiptRefused, or what the journal raises."""
        known = self._state.handoffs.get(receipt.handoff_id)
        if known is None:
            raise ReceiptRefused(handoff_id=receipt.handoff_id, why="the hand-off is not known here")
        async with self._one_at_a_time:
            if receipt.receipt_id in self._just_taken or receipt.receipt_id in self._state.receipt_ids:
                return False
            self._admit(receipt.handoff_id)
            payload = _payload(receipt)
            draft = ev.Draft(ev.stream_of(type(payload), known.incident_id), payload, _actor(known.request))
            await asyncio.wrap_future(self._submit(draft))
            # The follower brings the event a moment later; until then this set knows it. It is bounded by being merged.
            self._just_taken = (self._just_taken - self._state.receipt_ids) | {receipt.receipt_id}
            return True

    def _admit(self, handoff_id: str) -> None:
        """A desk gone wild must not fill the journal. Raises ReceiptsTooFast."""
        now_s = time.monotonic()
        left, at_s = self._allowance.get(handoff_id, (BURST, now_s))
        left = min(BURST, left + (now_s - at_s) * PER_S)
        self._allowance[handoff_id] = (left - 1.0 if left >= 1.0 else left, now_s)
        if left < 1.0:
            raise ReceiptsTooFast(handoff_id=handoff_id)


def _actor(request: ev.HandoffRequested) -> str:
    return f"desk/{request.agency_kind}"


def _payload(receipt: DeskReceipt) -> ev.ReceiptPayload:
    common = {"handoff_id": receipt.handoff_id, "receipt_id": receipt.receipt_id, "reported_at": receipt.at}
    match receipt.stage:
        case "opened":
            return ev.HandoffOpened(by=receipt.by, **common)  # type: ignore[arg-type]
        case "accepted":
            return ev.HandoffAccepted(by=receipt.by, **common)  # type: ignore[arg-type]
        case "refused":
            return ev.HandoffRefused(by=receipt.by, reason=receipt.reason, **common)  # type: ignore[arg-type]
        case "units_sent":
            return ev.HandoffUnitsSent(units=receipt.units, eta_min=receipt.eta_min, **common)  # type: ignore[arg-type]
        case "on_scene":
            return ev.HandoffOnScene(by=receipt.by, units=receipt.units, **common)  # type: ignore[arg-type]
        case "closed":
            ended = {"by": receipt.by, "outcome": receipt.outcome, "note": receipt.note}
            return ev.HandoffEnded(**ended, **common)  # type: ignore[arg-type]
        case "message":
            return ev.MessageFromDesk(by=receipt.by, text=receipt.text, **common)  # type: ignore[arg-type]
        case "positions":
            places = tuple(ev.UnitPosition(p.unit, p.lon_deg, p.lat_deg, p.at) for p in receipt.positions)
            return ev.UnitPositions(positions=places, **common)  # type: ignore[arg-type]
