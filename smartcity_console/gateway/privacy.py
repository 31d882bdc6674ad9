"""Private cameras open for an incident and close with it: at its end, or when their time is over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from smartcity_console.model.events import Draft, MaskLiftEnded, PrivateCamerasLocked, stream_of
from smartcity_console.model.incident import Incident
from smartcity_console.model.masks import CameraMask

ACTOR = "gateway/privacy"


def locks_due(incidents: Iterable[Incident], now: datetime) -> list[Draft]:
    """Return the lockings that are due. Each expects the incident's version: one that was unlocked anew stays open."""
    return [draft for incident in incidents if (draft := _lock(incident, now)) is not None]


def lifts_due(masks: Mapping[str, CameraMask], now: datetime) -> list[Draft]:
    """Return the ends of lifts whose time is over, for the record: consoles cover the picture by the clock themselves."""
    over = [(camera, mask.lift) for camera, mask in masks.items() if mask.lift is not None and mask.lift.until <= now]
    ends = [MaskLiftEnded(camera_id=camera, seat=lift.seat, reason="해제 시간 만료") for camera, lift in over]
    return [Draft(stream_of(MaskLiftEnded, end.camera_id), end, ACTOR) for end in ends]


def _lock(incident: Incident, now: datetime) -> Draft | None:
    if incident.closed_at is not None:
        due, reason = tuple(sorted(incident.unlocked)), "사건 종결"
    else:
        due, reason = tuple(sorted(c for c, until in incident.unlocked.items() if until <= now)), "열람 시간 만료"
    if not due:
        return None
    payload = PrivateCamerasLocked(camera_ids=due, reason=reason)
    return Draft(stream_of(PrivateCamerasLocked, incident.id), payload, ACTOR, incident.version)
