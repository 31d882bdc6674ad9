"""The incident as an OASIS CAP 1.2 document (cap-tools): restricted to the receiver, an exercise where it is one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from cap_tools.models import (
    Alert,
    Area,
    Category,
    Certainty,
    Info,
    MsgType,
    Parameter,
    Resource,
    Scope,
    Severity,
    Status,
    Urgency,
    Value,
    ValueName,
)
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.config import SerializerConfig
from xsdata.models.datatype import XmlDateTime

from smartcity_console.handoff.documents.facts import KIND_EN, KIND_KO, media_of, place_of, xml_text
from smartcity_console.handoff.package import PackageParts
from smartcity_console.model.alert import AlertKind, Priority
from smartcity_console.model.geo import Position
from smartcity_console.model.verdict import Grade

LOCAL_TIME = ZoneInfo("Asia/Seoul")
NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_CATEGORY = {
    AlertKind.FIRE: Category.FIRE,
    AlertKind.GAS: Category.CBRNE,
    AlertKind.MEDICAL: Category.HEALTH,
    AlertKind.MISSING_PERSON: Category.RESCUE,
    AlertKind.DISASTER: Category.GEO,
    AlertKind.WATER: Category.ENV,
    AlertKind.POWER: Category.INFRA,
}
_SEVERITY = {Priority.EMERGENCY: Severity.EXTREME, Priority.HIGH: Severity.SEVERE, Priority.NORMAL: Severity.MODERATE}
_CERTAINTY = {
    Grade.FALSE_ALARM: Certainty.UNLIKELY,
    Grade.UNDECIDED: Certainty.POSSIBLE,
    Grade.PERSON_PRESENT: Certainty.LIKELY,
    Grade.PROPERTY_THREAT: Certainty.OBSERVED,
    Grade.LIFE_THREAT: Certainty.OBSERVED,
}
_LEAST_RADIUS_KM = 0.01


def cap_xml(parts: PackageParts, centre: str, created_at: datetime, is_test: bool) -> bytes:
    """Return the document as UTF-8."""
    request = parts.request
    alert = Alert(
        identifier=request.handoff_id,
        sender=_plain(centre),
        sent=_time(created_at),
        status=Status.EXERCISE if is_test else Status.ACTUAL,
        msg_type=MsgType.ALERT,
        scope=Scope.PRIVATE,
        addresses=_plain(request.agency_id),
        note="훈련 DRILL" if is_test else None,
        incidents=parts.incident.id,
        infos=[_info(parts, centre, "ko-KR", KIND_KO), _info(parts, centre, "en-US", KIND_EN)],
    )
    serializer = XmlSerializer(config=SerializerConfig(indent=" ", xml_declaration=True))
    return serializer.render(alert, ns_map={None: NAMESPACE}).encode()


def _info(parts: PackageParts, centre: str, language: str, words: dict[AlertKind, str]) -> Info:
    incident, request = parts.incident, parts.request
    place, position = place_of(parts)
    return Info(
        language=language,
        categories=[_CATEGORY.get(incident.kind, Category.SECURITY)],
        event=words[incident.kind],
        urgency=Urgency.IMMEDIATE if incident.priority is Priority.EMERGENCY else Urgency.EXPECTED,
        severity=_SEVERITY[incident.priority],
        certainty=_CERTAINTY[request.grade],
        onset=_time(incident.first_alert.occurred_at),
        sender_name=xml_text(centre),
        headline=xml_text(f"{words[incident.kind]} {place}".strip()),
        description=xml_text(request.note) or None,
        parameters=[Parameter(value_name=ValueName("TMA-AVS-01"), value=Value(str(int(request.grade))))],
        resources=[
            Resource(resource_desc=xml_text(item.label), mime_type=item.media_type, uri=item.name)
            for item in media_of(parts)
        ],
        areas=[_area(place, position)] if position is not None else [],
    )


def _area(place: str, position: Position) -> Area:
    radius_km = max(position.uncertainty_m / 1000, _LEAST_RADIUS_KM)
    return Area(
        area_desc=xml_text(place) or "-", circles=[f"{position.lat_deg:.6f},{position.lon_deg:.6f} {radius_km:.3f}"]
    )


def _time(at: datetime) -> XmlDateTime:
    """CAP forbids fractions of a second and Z as the offset (§3.3.2): Korean time, whose offset is no zero."""
    return XmlDateTime.from_string(at.astimezone(LOCAL_TIME).isoformat(timespec="seconds"))


def _plain(text: str) -> str:
    """Identifiers may hold neither spaces, commas nor the signs of markup (§3.2.1)."""
    return "".join("_" if sign in " ,<&" else sign for sign in xml_text(text))
