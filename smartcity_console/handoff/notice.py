"""The notice: what a desk is told in the first second, before clips are cut. Both ends read the JSON text here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from smartcity_console.handoff.package import timeline_line, told_lines
from smartcity_console.model import events as ev
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.camera import Ownership
from smartcity_console.model.geo import Position
from smartcity_console.model.incident import Incident

_BULKY = frozenset({"alert", "cameras", "files"})  # facts told elsewhere in the notice, or of no use to a desk


class NoticeAlert(msgspec.Struct, frozen=True, kw_only=True):
    """One alert as the receiver needs it: no account numbers, no wire details."""

    kind: AlertKind
    occurred_at: datetime
    firm_name: str = ""
    zone_name: str = ""
    code: str = ""
    text: str = ""


class NoticeIncident(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    kind: AlertKind
    priority: Priority
    opened_at: datetime
    site_name: str = ""
    address: str = ""
    position: Position | None = None
    firm_name: str = ""
    text: str = ""
    alerts: tuple[NoticeAlert, ...] = ()


class NoticeLine(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    type: str
    actor: str
    facts: dict[str, Any] = {}


class NoticeCamera(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    ownership: Ownership
    distance_m: float | None = None


class LiveGrant(msgspec.Struct, frozen=True, kw_only=True):
    """Leave to watch these cameras live until a time: `url`/<camera id>, token as WebSocket subprotocol."""

    url: str
    token: str
    until: datetime
    camera_ids: tuple[str, ...]


class ReceiptsGrant(msgspec.Struct, frozen=True, kw_only=True):
    """Where receipts go, and the bearer token that admits them."""

    url: str
    token: str


class HandoffUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """What a receiver is told later about a hand-off it has. `kind` recalled: the centre takes it back, `text` says why;
    message: `text` is the centre's word to the desk. The same `update_id` again changes nothing."""

    handoff_id: str
    update_id: str
    kind: Literal["recalled", "message"]
    text: str = ""
    sent_by: str = ""
    sent_at: Annotated[datetime, msgspec.Meta(tz=True)]


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    handoff_id: str
    incident: NoticeIncident
    grade: int
    note: str = ""
    basis: str = ""
    sent_by: str = ""
    sent_at: datetime
    timeline: tuple[NoticeLine, ...] = ()
    cameras: tuple[NoticeCamera, ...] = ()
    live: LiveGrant | None = None
    receipts: ReceiptsGrant
    is_test: bool = False
    follows: str = ""  # the hand-off that this one adds to: shown with it


def build_notice(
    incident: Incident,
    request: ev.HandoffRequested,
    *,
    live: LiveGrant | None,
    receipts: ReceiptsGrant,
    centre_name: str,
    is_test: bool,
) -> Notice:
    """Return the notice of a hand-off. The same incident and request give the same notice."""
    asked = [line for line in incident.log if line.facts.get("handoff_id") == request.handoff_id]
    return Notice(
        handoff_id=request.handoff_id,
        incident=_incident(incident),
        grade=int(request.grade),
        note=request.note,
        basis=request.basis,
        sent_by=f"{centre_name} · {request.seat}" if centre_name else request.seat,
        sent_at=asked[0].at if asked else incident.opened_at,
        timeline=_timeline(incident, request),
        cameras=_cameras(incident, request),
        live=live,
        receipts=receipts,
        is_test=is_test,
        follows=request.follows,
    )


def encode_notice(notice: Notice) -> bytes:
    """Return the notice as it goes over the wire."""
    return msgspec.json.encode(notice, order="sorted")


def decode_notice(body: bytes) -> Notice:
    """Read a notice from the wire. Raises msgspec.ValidationError or msgspec.DecodeError."""
    return msgspec.json.decode(body, type=Notice)


def decode_update(body: bytes) -> HandoffUpdate:
    """Read an update from the wire. Raises msgspec.ValidationError or msgspec.DecodeError."""
    return msgspec.json.decode(body, type=HandoffUpdate)


def _incident(incident: Incident) -> NoticeIncident:
    alert = incident.first_alert
    return NoticeIncident(
        id=incident.id,
        kind=incident.kind,
        priority=incident.priority,
        opened_at=incident.opened_at,
        site_name=alert.site_name,
        address=alert.address,
        position=incident.position,
        firm_name=alert.firm_name,
        text=alert.text,
        alerts=tuple(map(_alert, incident.alerts)),
    )


def _alert(alert: Alert) -> NoticeAlert:
    return NoticeAlert(
        kind=alert.kind,
        occurred_at=alert.occurred_at,
        firm_name=alert.firm_name,
        zone_name=alert.zone_name or alert.zone,
        code=alert.code,
        text=alert.text,
    )


def _timeline(incident: Incident, request: ev.HandoffRequested) -> tuple[NoticeLine, ...]:
    """Return the history up to this hand-off's request: what came after it is the receiver's own doing."""
    lines = []
    for line in map(timeline_line, told_lines(incident)):
        facts = {name: value for name, value in line["facts"].items() if name not in _BULKY}
        lines.append(NoticeLine(**(line | {"facts": facts})))
        if line["type"] == "HandoffRequested" and facts.get("handoff_id") == request.handoff_id:
            break
    return tuple(lines)


def _cameras(incident: Incident, request: ev.HandoffRequested) -> tuple[NoticeCamera, ...]:
    known = {camera.camera_id: camera for camera in incident.cameras}
    cameras = []
    for camera_id in request.camera_ids:
        seen = known.get(camera_id)
        cameras.append(
            NoticeCamera(
                id=camera_id,
                name=seen.name if seen else camera_id,
                ownership=seen.ownership if seen else Ownership.PUBLIC,
                distance_m=seen.distance_m if seen else None,
            )
        )
    return tuple(cameras)
