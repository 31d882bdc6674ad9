"""What the page is given: plain facts, no words (those are the page's own, in two languages)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from smartcity_console.desk.media import stored_manifest
from smartcity_console.desk.state import DeskHandoff, DeskReceipt, DeskStage
from smartcity_console.desk.store import DeskStore
from smartcity_console.handoff.notice import LiveGrant
from smartcity_console.handoff.package import Manifest, still_name
from smartcity_console.model.agency import AgencyKind


def overview(agency: AgencyKind, handoffs: Sequence[DeskHandoff], now: datetime, last_failure: str) -> dict[str, Any]:
    """Return the list, newest first, with the clock by which ages count."""
    unsent = sum(len(handoff.unsent()) for handoff in handoffs)
    return {
        "agency": agency,
        "now": now,
        "unsent_receipts": unsent,
        "last_failure": last_failure if unsent else "",
        "handoffs": [summary(handoff) for handoff in handoffs],
    }


def summary(handoff: DeskHandoff) -> dict[str, Any]:
    """Return one line of the list."""
    incident = handoff.notice["incident"]
    return {
        "id": handoff.id,
        "stage": handoff.stage,
        "is_recalled": handoff.recall is not None,
        "follows": handoff.notice.get("follows", ""),
        "messages": sum(update.kind == "message" for update in handoff.updates),
        "received_at": handoff.received_at,
        "has_package": handoff.package is not None,
        "is_test": handoff.notice["is_test"],
        "grade": handoff.notice["grade"],
        "sent_by": handoff.notice["sent_by"],
        **{name: incident[name] for name in ("kind", "priority", "site_name", "address", "opened_at", "firm_name")},
    }


def detail(store: DeskStore, handoff_id: str, now: datetime) -> dict[str, Any]:
    """Return everything of one hand-off. Blocks for two small reads. Raises UnknownHandoff."""
    handoff = store.get(handoff_id)
    manifest = stored_manifest(store, handoff_id)
    return {
        **summary(handoff),
        "now": now,
        "notice": handoff.notice,
        "receipts": [_receipt(handoff, r) for r in handoff.receipts if r.stage not in _BESIDE],
        "recall": handoff.recall,
        "messages": _messages(handoff),
        "units": _units(handoff),
        "group": [summary(other) for other in store.all() if _root(other) == _root(handoff) and other is not handoff],
        "package": _package(handoff),
        "clips": _clips(manifest),
        "gaps": manifest.gaps if manifest else [],
        "live": None if handoff.recall else live_now(store.grants(handoff_id).live, now),
    }


def _receipt(handoff: DeskHandoff, receipt: DeskReceipt) -> dict[str, Any]:
    return {
        "stage": receipt.stage,
        "at": receipt.at,
        "by": receipt.by,
        "units": receipt.units,
        "eta_min": receipt.eta_min,
        "reason": receipt.reason,
        "outcome": receipt.outcome,
        "note": receipt.note,
        "sent": receipt.receipt_id in handoff.sent,
    }


_BESIDE = (DeskStage.MESSAGE, DeskStage.POSITIONS)


def _messages(handoff: DeskHandoff) -> list[dict[str, Any]]:
    """Return what was said both ways, in the order of its time."""
    ours = [
        {"ours": True, "by": r.by, "text": r.text, "at": r.at, "sent": r.receipt_id in handoff.sent}
        for r in handoff.receipts
        if r.stage is DeskStage.MESSAGE
    ]
    theirs = [
        {"ours": False, "by": u.sent_by, "text": u.text, "at": u.sent_at, "sent": True}
        for u in handoff.updates
        if u.kind == "message"
    ]
    return sorted([*ours, *theirs], key=_said_at)


def _said_at(message: dict[str, Any]) -> datetime:
    at: datetime = message["at"]
    return at


def _units(handoff: DeskHandoff) -> list[dict[str, Any]]:
    """Return the units that were sent, each with its last place when one was reported."""
    places = {p.unit: p for r in handoff.receipts if r.stage is DeskStage.POSITIONS for p in r.positions}
    sent = [unit for r in handoff.receipts if r.stage is DeskStage.UNITS_SENT for unit in r.units]
    return [{"unit": unit, "place": places.get(unit)} for unit in dict.fromkeys([*sent, *places])]


def _root(handoff: DeskHandoff) -> str:
    """Hand-offs of one incident belong together: the first, its follow-ups and corrections."""
    return str(handoff.notice["incident"]["id"])


def _package(handoff: DeskHandoff) -> dict[str, Any] | None:
    if handoff.package is None:
        return None
    stored = handoff.package
    return {
        "at": handoff.package_at,
        "sha256": stored.sha256,
        "size_bytes": stored.size_bytes,
        "signer": stored.signer,
    }


def _clips(manifest: Manifest | None) -> list[dict[str, Any]]:
    """Return the clips in the package's order, each with its still when there is one."""
    if manifest is None:
        return []
    names = {file.name for file in manifest.files}
    return [
        {
            "name": clip.name,
            "camera_id": clip.camera_id,
            "start": clip.start,
            "end": clip.end,
            "codec": clip.codec,
            "gaps": clip.gaps,
            "still": still_name(clip.camera_id) if still_name(clip.camera_id) in names else None,
        }
        for clip in manifest.clips
    ]


def live_now(grant: LiveGrant | None, now: datetime) -> LiveGrant | None:
    """Return the leave to watch live as long as it holds."""
    return grant if grant is not None and grant.until > now else None
