"""One hand-off as the desk sees it: a fold over the events of its stream."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from smartcity_console.model import events as ev


class DeskStage(enum.StrEnum):
    """How far the desk has come with a hand-off."""

    NEW = "new"
    OPENED = "opened"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNITS_SENT = "units_sent"
    ON_SCENE = "on_scene"
    CLOSED = "closed"
    MESSAGE = "message"  # the last two are told to the centre like a stage and are none
    POSITIONS = "positions"


_NO_STAGE = (DeskStage.MESSAGE, DeskStage.POSITIONS)


class DeskReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """One answer to the centre, as it goes over the wire, and whether the centre has it."""

    receipt_id: str
    handoff_id: str
    stage: DeskStage
    by: str
    at: datetime
    units: tuple[str, ...] = ()
    eta_min: float | None = None
    reason: str = ""
    outcome: str = ""
    note: str = ""
    text: str = ""
    positions: tuple[ev.UnitPosition, ...] = ()


class DeskHandoff(msgspec.Struct, frozen=True, kw_only=True):
    """State of one hand-off after `version` events."""

    id: str
    version: int
    received_at: datetime
    notice: dict[str, Any]
    package: ev.DeskPackageStored | None = None
    package_at: datetime | None = None
    receipts: tuple[DeskReceipt, ...] = ()
    sent: frozenset[str] = frozenset()
    updates: tuple[ev.DeskUpdateReceived, ...] = ()

    @property
    def stage(self) -> DeskStage:
        """The stage of the last answer."""
        return next((r.stage for r in reversed(self.receipts) if r.stage not in _NO_STAGE), DeskStage.NEW)

    @property
    def recall(self) -> ev.DeskUpdateReceived | None:
        """What the centre said when it took the hand-off back."""
        return next((update for update in self.updates if update.kind == "recalled"), None)

    def last_receipt(self, stage: DeskStage) -> DeskReceipt | None:
        return next((r for r in reversed(self.receipts) if r.stage is stage), None)

    def reached(self, stage: DeskStage) -> bool:
        return any(receipt.stage is stage for receipt in self.receipts)

    def unsent(self) -> list[DeskReceipt]:
        """Return the answers that the centre has not acknowledged, in the order they were given."""
        return [receipt for receipt in self.receipts if receipt.receipt_id not in self.sent]


def fold(handoff: DeskHandoff | None, event: ev.Event) -> DeskHandoff | None:
    """Return the hand-off after one more event of its stream; None as long as no notice has come."""
    payload = event.payload()
    if handoff is None:
        if not isinstance(payload, ev.DeskNoticeReceived):
            return None
        return DeskHandoff(id=payload.handoff_id, version=event.version, received_at=event.at, notice=payload.notice)
    change_of: Callable[..., dict[str, Any]] | None = _CHANGES.get(event.type)
    change = change_of(handoff, payload, event) if change_of else {}
    return msgspec.structs.replace(handoff, version=event.version, **change)


def _package(_: DeskHandoff, payload: ev.DeskPackageStored, event: ev.Event) -> dict[str, Any]:
    return {"package": payload, "package_at": event.at}


_DETAILS = ("units", "eta_min", "reason", "outcome", "note", "text", "positions")


def _answer(stage: DeskStage) -> Callable[..., dict[str, Any]]:
    def change(handoff: DeskHandoff, payload: Any, event: ev.Event) -> dict[str, Any]:
        details = {name: getattr(payload, name) for name in _DETAILS if hasattr(payload, name)}
        receipt = DeskReceipt(
            receipt_id=payload.receipt_id,
            handoff_id=handoff.id,
            stage=stage,
            by=payload.by,
            at=event.at,
            **details,
        )
        return {"receipts": (*handoff.receipts, receipt)}

    return change


_CHANGES: dict[str, Callable[..., dict[str, Any]]] = {
    "DeskPackageStored": _package,
    "DeskOpened": _answer(DeskStage.OPENED),
    "DeskAccepted": _answer(DeskStage.ACCEPTED),
    "DeskRefused": _answer(DeskStage.REFUSED),
    "DeskUnitsSent": _answer(DeskStage.UNITS_SENT),
    "DeskOnScene": _answer(DeskStage.ON_SCENE),
    "DeskEnded": _answer(DeskStage.CLOSED),
    "DeskMessageSent": _answer(DeskStage.MESSAGE),
    "DeskUnitsMoved": _answer(DeskStage.POSITIONS),
    "DeskUpdateReceived": lambda handoff, payload, _: {"updates": (*handoff.updates, payload)},
    "DeskReceiptSent": lambda handoff, payload, _: {"sent": handoff.sent | {payload.receipt_id}},
}
