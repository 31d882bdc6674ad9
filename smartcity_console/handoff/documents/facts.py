"""What every document says of a hand-off, worked out once."""

from __future__ import annotations

from datetime import datetime

import msgspec

from smartcity_console.handoff.package import ClipFacts, PackageParts, clip_name, still_name
from smartcity_console.model.alert import AlertKind
from smartcity_console.model.geo import Position
from smartcity_console.model.verdict import Grade

KIND_EN = {
    AlertKind.ROBBERY: "Robbery",
    AlertKind.INTRUSION: "Burglary or intrusion",
    AlertKind.FIRE: "Fire",
    AlertKind.GAS: "Gas leak",
    AlertKind.MEDICAL: "Medical emergency",
    AlertKind.WATER: "Flooding",
    AlertKind.TAMPER: "Tampering",
    AlertKind.POWER: "Power failure",
    AlertKind.TROUBLE: "Technical trouble",
    AlertKind.TEST: "Test",
    AlertKind.RESTORE: "Restoral",
    AlertKind.MISSING_PERSON: "Missing person",
    AlertKind.DISASTER: "Disaster",
    AlertKind.OTHER: "Other emergency",
}
KIND_KO = {
    AlertKind.ROBBERY: "강도",
    AlertKind.INTRUSION: "침입",
    AlertKind.FIRE: "화재",
    AlertKind.GAS: "가스 누출",
    AlertKind.MEDICAL: "응급",
    AlertKind.WATER: "침수",
    AlertKind.TAMPER: "훼손",
    AlertKind.POWER: "정전",
    AlertKind.TROUBLE: "장애",
    AlertKind.TEST: "시험",
    AlertKind.RESTORE: "복구",
    AlertKind.MISSING_PERSON: "실종",
    AlertKind.DISASTER: "재난",
    AlertKind.OTHER: "기타 긴급",
}
GRADE_KO = {
    Grade.FALSE_ALARM: "오경보",
    Grade.UNDECIDED: "판단 불가",
    Grade.PERSON_PRESENT: "사람 있음",
    Grade.PROPERTY_THREAT: "재산 위협",
    Grade.LIFE_THREAT: "생명 위협",
}
GRADE_EN = {
    Grade.FALSE_ALARM: "False alarm",
    Grade.UNDECIDED: "Cannot tell",
    Grade.PERSON_PRESENT: "Person present",
    Grade.PROPERTY_THREAT: "Threat to property",
    Grade.LIFE_THREAT: "Threat to life",
}

_BASIS_KO = {
    "pipa_18_2_3": "개인정보 보호법 제18조 제2항 제3호 (급박한 생명·신체·재산의 이익)",
    "pipa_18_2_7": "개인정보 보호법 제18조 제2항 제7호 (범죄 수사)",
    "pipa_18_2_10": "개인정보 보호법 제18조 제2항 제10호 (공공의 안전)",
}
_BASIS_EN = {
    "pipa_18_2_3": "Personal Information Protection Act 18(2)3 (urgent interest of life, body, property)",
    "pipa_18_2_7": "Personal Information Protection Act 18(2)7 (criminal investigation)",
    "pipa_18_2_10": "Personal Information Protection Act 18(2)10 (public safety)",
}


def basis_ko(code: str) -> str:
    """Return the legal basis in Korean; a text that is no code of ours as it is."""
    return _BASIS_KO.get(code, code)


def basis_en(code: str) -> str:
    """Return the legal basis in English."""
    return _BASIS_EN.get(code, code)


class Media(msgspec.Struct, frozen=True):
    """One file of the package as a document names it."""

    name: str
    media_type: str
    label: str


def media_of(parts: PackageParts) -> list[Media]:
    """Return clips and stills in the package's order."""
    clips = [Media(clip_name(clip.facts.camera_id), "video/mp4", _clip_label(clip.facts)) for clip in parts.clips]
    stills = [
        Media(
            still_name(still.camera_id, still.marked), "image/jpeg", f"{still.camera_id} {still.at:%Y-%m-%dT%H:%M:%SZ}"
        )
        for still in parts.stills
    ]
    return clips + stills


def place_of(parts: PackageParts) -> tuple[str, Position | None]:
    """Return where it is, in words and as a position."""
    alert = parts.incident.first_alert
    words = " ".join(dict.fromkeys(part for part in (alert.site_name, alert.address) if part))
    return words, parts.incident.position


def xml_text(text: str) -> str:
    """Return text as XML 1.0 can hold it: what no document may contain becomes a blank."""
    return "".join(" " if _is_not_xml(sign) else sign for sign in text)


def _is_not_xml(sign: str) -> bool:
    code = ord(sign)
    return (code < 0x20 and sign not in "\t\n\r") or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF)


def stamp(at: datetime) -> str:
    """Return ISO 8601 with its offset, to the second, as every document wants it."""
    return at.isoformat(timespec="seconds")


def _clip_label(facts: ClipFacts) -> str:
    return f"{facts.camera_id} {facts.start:%Y-%m-%dT%H:%M:%SZ}/{facts.end:%Y-%m-%dT%H:%M:%SZ}"
