"""What a desk reports back becomes an event, once for each receipt_id however often it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from smartcity_console.gateway.state import GatewayState
from smartcity_console.model import events as ev
from smartcity_console.model.errors import ConsoleError

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class ReceiptRefused(ConsoleError):
    code = "receipt_refused"
    ko = "이관 {handoff_id}의 회신을 받지 않았습니다: {why}. 앞선 회신은 그대로입니다."
    en = "A receipt of hand-off {handoff_id} was refused: {why}. Earlier receipts are kept."


class DeskReceipt(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """The JSON that a desk posts."""

    receipt_id: _Name
    handoff_id: _Name
    stage: Literal["opened", "accepted", "refused", "units_sent"]
    by: Annotated[str, msgspec.Meta(max_length=200)] = ""
    at: datetime | None = None
    units: Annotated[tuple[_Name, ...], msgspec.Meta(max_length=50)] = ()
    eta_min: Annotated[float, msgspec.Meta(ge=0, le=24 * 60)] | None = None
    reason: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class Receipts:
    """Takes receipts one at a time, so that the same one sent twice at once is still one event."""

    def __init__(self, state: GatewayState, submit: Callable[..., Future[list[ev.Event]]]) -> None:
        self._state, self._submit = state, submit
        self._one_at_a_time = asyncio.Lock()
        self._just_taken: set[str] = set()

    async def take(self, receipt: DeskReceipt) -> bool:
        """Store a receipt; False when it was stored before. Raises ReceiptRefused, or what the journal raises."""
        known = self._state.handoffs.get(receipt.handoff_id)
        if known is None:
            raise ReceiptRefused(handoff_id=receipt.handoff_id, why="the hand-off is not known here")
        async with self._one_at_a_time:
            if receipt.receipt_id in self._just_taken or receipt.receipt_id in self._state.receipt_ids:
                return False
            payload = _payload(receipt)
            draft = ev.Draft(ev.stream_of(type(payload), known.incident_id), payload, _actor(known.request))
            await asyncio.wrap_future(self._submit(draft))
            # The follower brings the event a moment later; until then this set knows it. It is bounded by being merged.
            self._just_taken = (self._just_taken - self._state.receipt_ids) | {receipt.receipt_id}
            return True


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
