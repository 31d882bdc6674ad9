"""The incident as a NENA EIDO (NENA-STA-021.1b-2022, schema version 1.0)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

import msgspec

from smartcity_console.handoff.documents.facts import GRADE_EN, KIND_EN, basis_en, media_of, place_of, stamp, xml_text
from smartcity_console.handoff.package import PackageParts
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import AlertKind, Priority
from smartcity_console.model.geo import Position

VERSION = "1.0"
CENTRE, RECEIVER, LOCATION, INCIDENT, NOTE = "agency-centre", "agency-receiver", "location-1", "incident-1", "note-1"
_PRIORITY = {Priority.EMERGENCY: 1, Priority.HIGH: 2, Priority.NORMAL: 3}
_AGENCY = {AgencyKind.POLICE: ["Police"], AgencyKind.FIRE: ["Fire"]}  # others: "Other"


def eido(parts: PackageParts, centre: str, created_at: datetime) -> dict[str, Any]:
    """Return the document. Every part carries who updated it and when; parts refer to each other by `$id`."""
    at = stamp(created_at)
    media = [
        _part(f"media-{number}", at, uri=item.name, contentType=item.media_type, label=item.label)
        for number, item in enumerate(media_of(parts), 1)
    ]
    document = _part(
        parts.request.handoff_id,
        at,
        eidoVersion=VERSION,
        issuingElementIdentification=centre,
        agencyComponent=_agencies(parts, centre, at),
        incidentComponent=_incident(parts, at),
        locationComponent=[_location(parts, at)],
        notesComponent=_notes(parts, at),
        alarmsSensorsComponent=_alarms(parts, at),
        mediaComponent=media,
    )
    return {name: value for name, value in document.items() if value != []}


def _part(identifier: str, at: str, **values: Any) -> dict[str, Any]:
    return {"$id": identifier, "lastUpdateTimeStamp": at, "updatedByAgencyReference": _to(CENTRE)} | values


def _to(identifier: str) -> dict[str, str]:
    return {"$ref": identifier}


def _agencies(parts: PackageParts, centre: str, at: str) -> list[dict[str, Any]]:
    request = parts.request
    own = _part(
        CENTRE,
        at,
        agencyJcard=_jcard(centre),
        agencyRoleDescriptionRegistryText=["Reporting"],
        agencyType=["Emergency Management"],
        incidentOwningAgencyIndicator=False,
    )
    theirs = _part(
        RECEIVER,
        at,
        agencyJcard=_jcard(request.agency_name),
        agencyRoleDescriptionRegistryText=["Responding"],
        agencyType=_AGENCY.get(request.agency_kind, ["Other"]),
        incidentOwningAgencyIndicator=True,
    )
    return [own, theirs]


def _jcard(name: str) -> str:
    """Return an organisation's name as jCard (RFC 7095), which EIDO carries as text."""
    card = ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", name], ["kind", {}, "text", "org"]]]
    return msgspec.json.encode(card).decode()


def _incident(parts: PackageParts, at: str) -> dict[str, Any]:
    incident = parts.incident
    return _part(
        INCIDENT,
        at,
        incidentTypeCommonRegistryText=KIND_EN[incident.kind],
        incidentTypeInternalCode=incident.kind.value,
        incidentStatusCommonRegistryText=["Active"],
        internalIncidentId=incident.id,
        incidentPriorityInternalText=incident.priority.value,
        incidentCommonPriorityNumber=_PRIORITY[incident.priority],
        locationReference=[_to(LOCATION)],
        notesReference=[_to(NOTE)],
    )


def _location(parts: PackageParts, at: str) -> dict[str, Any]:
    words, position = place_of(parts)
    values: dict[str, Any] = {"locationTypeDescriptionRegistryText": "Incident"}
    if words:
        values["locationDescriptionText"] = words
    if position is not None:
        values["locationByValue"] = pidf_lo(parts.incident.id, position, at)
    return _part(LOCATION, at, **values)


def pidf_lo(entity: str, position: Position, at: str) -> str:
    """Return a presence document with a point or a circle (RFC 5491: latitude first, radius in metres)."""
    point = f"<gml:pos>{position.lat_deg:.7f} {position.lon_deg:.7f}</gml:pos>"
    shape = f'<gml:Point srsName="urn:ogc:def:crs:EPSG::4326">{point}</gml:Point>'
    if position.uncertainty_m > 0:
        radius = f'<gs:radius uom="urn:ogc:def:uom:EPSG::9001">{position.uncertainty_m:.1f}</gs:radius>'
        shape = f'<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326">{point}{radius}</gs:Circle>'
    spaces = (
        'xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10" '
        'xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0"'
    )
    name = escape(xml_text(entity), {'"': "&quot;"})
    return (
        f'<presence {spaces} entity="pres:{name}"><tuple id="t1"><status><gp:geopriv><gp:location-info>{shape}'
        f"</gp:location-info><gp:usage-rules/></gp:geopriv></status><timestamp>{at}</timestamp></tuple></presence>"
    )


def _notes(parts: PackageParts, at: str) -> list[dict[str, Any]]:
    request = parts.request
    graded = f"Verification grade {int(request.grade)} of TMA-AVS-01: {GRADE_EN[request.grade]}. Basis: {basis_en(request.basis)}"
    exercise = ["훈련입니다. THIS IS A DRILL: nothing in this document is real."] if parts.is_test else []
    texts = [
        *exercise,
        graded,
        *filter(None, [request.note]),
        *parts.incident.notes,
        *(f"Missing: {gap}" for gap in parts.gaps),
    ]
    return [_part(f"note-{number}", at, notesActionComments=text) for number, text in enumerate(texts, 1)]


def _alarms(parts: PackageParts, at: str) -> list[dict[str, Any]]:
    told = [alert for alert in parts.incident.alerts if alert.kind is not AlertKind.RESTORE]
    return [
        _part(
            f"alarm-{number}",
            at,
            csaaAlarmInformation=f"{stamp(alert.occurred_at)} {KIND_EN[alert.kind]} {alert.code} "
            f"{alert.firm_name} {alert.zone_name} {alert.text}".strip(),
        )
        for number, alert in enumerate(told, 1)
    ]
