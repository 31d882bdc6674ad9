"""What will be sent, to whom and on what basis, before the click. Facts only: the screen has the words."""

from __future__ import annotations

import enum
from collections.abc import Collection
from datetime import datetime

import msgspec

from smartcity_console.model.agency import Agency, AgencyKind
from smartcity_console.model.camera import Ownership
from smartcity_console.model.incident import Incident
from smartcity_console.model.verdict import Grade


class Basis(enum.StrEnum):
    """The ground in law on which personal video leaves the centre; the value is what the record holds."""

    URGENT_LIFE = "pipa_18_2_3"  # 개인정보 보호법 제18조 제2항 제3호: 급박한 생명·신체·재산의 이익
    INVESTIGATION = "pipa_18_2_7"  # 같은 항 제7호: 범죄의 수사와 공소의 제기 및 유지
    PUBLIC_SAFETY = "pipa_18_2_10"  # 같은 항 제10호: 공공의 안전과 안녕을 위하여 긴급히 필요한 경우


class Refusal(enum.StrEnum):
    """Why a hand-off may not be sent now."""

    NO_VERDICT = "no_verdict"
    NO_CAMERAS = "no_cameras"
    CLOSED = "closed"
    NOT_CLAIMED = "not_claimed"


class HandoffPreview(msgspec.Struct, frozen=True, kw_only=True):
    """Facts of a hand-off that has not been asked for yet. `refusals` empty: it may be sent."""

    agency_id: str
    agency_kind: AgencyKind
    agency_name: str
    control_room: str
    basis: Basis
    grade: Grade | None
    has_note: bool
    has_position: bool
    camera_ids: tuple[str, ...]
    private_camera_ids: tuple[str, ...]
    start: datetime
    end: datetime
    clip_s: float  # seconds of one clip
    live_min: float
    refusals: tuple[Refusal, ...]


def preview_handoff(
    incident: Incident,
    agency: Agency,
    *,
    camera_ids: Collection[str],
    start: datetime,
    end: datetime,
    live_min: float,
) -> HandoffPreview:
    """Return what handing this incident to that agency would send."""
    private = {camera.camera_id for camera in incident.cameras if camera.ownership is Ownership.PRIVATE}
    return HandoffPreview(
        agency_id=agency.id,
        agency_kind=agency.kind,
        agency_name=agency.name,
        control_room=agency.control_room,
        basis=basis_for(agency.kind, incident.grade),
        grade=incident.grade,
        has_note=bool(incident.notes),
        has_position=incident.position is not None,
        camera_ids=tuple(camera_ids),
        private_camera_ids=tuple(c for c in camera_ids if c in private),
        start=start,
        end=end,
        clip_s=max(0.0, (end - start).total_seconds()),
        live_min=live_min,
        refusals=_refusals(incident, camera_ids),
    )


def basis_for(kind: AgencyKind, grade: Grade | None) -> Basis:
    """Return the usual ground for an agency and a grade; the operator may name another."""
    if kind is AgencyKind.FIRE:
        return Basis.URGENT_LIFE
    threat = grade is not None and grade >= Grade.PROPERTY_THREAT
    return Basis.URGENT_LIFE if threat else Basis.INVESTIGATION


def _refusals(incident: Incident, camera_ids: Collection[str]) -> tuple[Refusal, ...]:
    checks = (
        (incident.closed_at is not None, Refusal.CLOSED),
        (incident.claimed_by is None, Refusal.NOT_CLAIMED),
        (incident.grade is None, Refusal.NO_VERDICT),
        (not camera_ids, Refusal.NO_CAMERAS),
    )
    return tuple(refusal for holds, refusal in checks if holds)
