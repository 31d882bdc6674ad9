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

    @property
    def stage(self) -> DeskStage:
        """The stage of the last answer."""
        return self.receipts[-1].stage if self.receipts else DeskStage.NEW

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


def _answer(stage: DeskStage) -> Callable[..., dict[str, Any]]:
    def change(handoff: DeskHandoff, payload: Any, event: ev.Event) -> dict[str, Any]:
        details = {name: getattr(payload, name) for name in ("units", "eta_min", "reason") if hasattr(payload, name)}
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
    "DeskReceiptSent": lambda handoff, payload, _: {"sent": handoff.sent | {payload.receipt_id}},
}
