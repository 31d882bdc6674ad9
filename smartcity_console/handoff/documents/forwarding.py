"""The incident as the Korean forwarding JSON (uSvcOutb…) and its 36-byte header, as the platforms exchange it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from smartcity_console.handoff.documents.facts import GRADE_KO, KIND_KO, basis_ko, place_of
from smartcity_console.handoff.package import PackageParts
from smartcity_console.model.alert import AlertKind
from smartcity_console.model.geo import Position

LOCAL_TIME = ZoneInfo("Asia/Seoul")
HEADER_BYTES = 36
BEGUN = "10"
_EVENT = {
    AlertKind.ROBBERY: "BNRCP140",
    AlertKind.INTRUSION: "BNRCP140",
    AlertKind.FIRE: "119UC001",
    AlertKind.GAS: "119UC001",
    AlertKind.MEDICAL: "119UC001",
    AlertKind.MISSING_PERSON: "WPSSF110",
    AlertKind.DISASTER: "DUCDP110",
    AlertKind.WATER: "DUCDP110",
}
_OTHER = "112UC001"


def forwarding(parts: PackageParts, centre: str, is_test: bool) -> dict[str, Any]:
    """Return the fields; times are Korean local time without offset, coordinates WGS 84 as x (longitude), y, z."""
    incident, request = parts.incident, parts.request
    place, position = place_of(parts)
    told = f"{KIND_KO[incident.kind]}, 확인 등급 {int(request.grade)} {GRADE_KO[request.grade]}"
    return {
        "uSvcOutbId": request.handoff_id,
        "statEvetTypCd": _EVENT.get(incident.kind, _OTHER),
        "statMsgTypCd": "10",
        "statEvetNm": KIND_KO[incident.kind],
        "statEvetCntn": f"{told}. {request.note}".strip(),
        "outbPosNm": place,
        "outbPos": [_position(position)] if position else [],
        "statEvetOutbDtm": local_stamp(incident.first_alert.occurred_at),
        "statEvetClrDtm": "",
        "procSt": BEGUN,
        "isTest": "Y" if is_test else "N",
        "statEvetActnMn": f"{centre} 좌석 {request.seat}",
        "statEvetActnDtm": local_stamp(incident.opened_at),
        "statEvetActnCntn": basis_ko(request.basis),
        "tmx": position.lon_deg if position else None,
        "tmy": position.lat_deg if position else None,
        "targetGrp": request.agency_kind.value,
        "targetId": request.agency_id,
        "etcCntn": f"사건 {incident.id}",
    }


def forwarding_message(fields: dict[str, Any], sender: str, receiver: str, sent_at: datetime) -> bytes:
    """Return the message on the wire: header and body.

    Header: MSG_TYP_CD(3) SND(3) RCV(3) MSG_EXCH_PTRN(1: 2 one way and ACK) BODY_TYPE(2: 01 JSON) SND_DTM(14) DATA_LEN(10).
    """
    body = msgspec.json.encode(fields)
    header = f"EVT{sender[:3]:<3}{receiver[:3]:<3}201{local_stamp(sent_at)}{len(body):010}"
    return header.encode("ascii") + body


def local_stamp(at: datetime) -> str:
    """Return yyyyMMddHHmmss in Korean time."""
    return at.astimezone(LOCAL_TIME).strftime("%Y%m%d%H%M%S")


def _position(position: Position) -> dict[str, float]:
    return {"x": position.lon_deg, "y": position.lat_deg, "z": 0.0}
