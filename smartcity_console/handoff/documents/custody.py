"""The chain of custody: whose hands the evidence went through, when, and by which digests it is known."""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from smartcity_console.handoff.documents.facts import GRADE_EN, GRADE_KO, KIND_EN, KIND_KO, basis_en, basis_ko, place_of
from smartcity_console.handoff.package import ClipFacts, PackageParts, clip_name, still_name, verdict_facts
from smartcity_console.model.incident import LogLine

FORMAT = "smartcity-custody/1"
LOCAL_TIME = ZoneInfo("Asia/Seoul")


class Step(msgspec.Struct, frozen=True):
    """One hand the evidence went through: `what` as a code, in Korean and in English."""

    at: datetime
    actor: str
    what: str
    ko: str
    en: str


class Item(msgspec.Struct, frozen=True):
    """One piece of evidence. `sha256` of a clip is of the camera's own bits (elementary stream), whatever file carries
    them; of a still it is of the file."""

    name: str
    camera_id: str
    start: datetime
    end: datetime
    sha256: str
    note: str = ""


class Custody(msgspec.Struct, frozen=True, kw_only=True):
    """The record as it stands at `created_at`."""

    format: str
    handoff_id: str
    incident_id: str
    centre: str
    receiver: str
    created_at: datetime
    kind_ko: str
    kind_en: str
    place: str
    grade: int
    grade_ko: str
    grade_en: str
    basis: str
    graded_by: str
    is_test: bool
    signer: str
    items: tuple[Item, ...]
    steps: tuple[Step, ...]
    gaps: tuple[str, ...]


def custody(parts: PackageParts, signer: str, created_at: datetime) -> Custody:
    """Return the record; `signer` is the fingerprint of the key that seals the package."""
    incident, request = parts.incident, parts.request
    return Custody(
        format=FORMAT,
        handoff_id=request.handoff_id,
        incident_id=incident.id,
        centre=parts.centre,
        receiver=request.agency_name,
        created_at=created_at,
        kind_ko=KIND_KO[incident.kind],
        kind_en=KIND_EN[incident.kind],
        place=place_of(parts)[0],
        grade=int(request.grade),
        grade_ko=GRADE_KO[request.grade],
        grade_en=GRADE_EN[request.grade],
        basis=" · ".join(dict.fromkeys((basis_ko(request.basis), basis_en(request.basis)))),
        graded_by=_graded_by(parts),
        is_test=parts.is_test,
        signer=signer,
        items=_items(parts),
        steps=_steps(parts, created_at),
        gaps=parts.gaps,
    )


_MARKED = "시각 표시본 · time-stamped copy"


_MASKED = "가림 처리 사본, 값은 원본의 것 · masked copy, the digest is the original's"


def _note(facts: ClipFacts) -> str:
    return "; ".join((*([_MASKED] if facts.masked else []), *facts.gaps))


def _graded_by(parts: PackageParts) -> str:
    """Return who gave the grade, and when in Korean time."""
    given = verdict_facts(parts.incident, parts.request)
    at = given["given_at"]
    return f"좌석 Seat {given['given_by']}" + (f", {at.astimezone(LOCAL_TIME):%Y-%m-%d %H:%M:%S} KST" if at else "")


def _items(parts: PackageParts) -> tuple[Item, ...]:
    clips = [
        Item(clip_name(facts.camera_id), facts.camera_id, facts.start, facts.end, facts.es_sha256, _note(facts))
        for facts in (clip.facts for clip in parts.clips)
    ]
    stills = [
        Item(
            still_name(still.camera_id, still.marked),
            still.camera_id,
            still.at,
            still.at,
            hashlib.sha256(still.jpeg).hexdigest(),
            _MARKED * still.marked,
        )
        for still in parts.stills
    ]
    return (*clips, *stills)


_WORDS = {
    "IncidentOpened": ("경보 접수", "alarm received"),
    "IncidentClaimed": ("좌석이 확인 시작", "taken up by a seat"),
    "PrivateCamerasUnlocked": ("민간 카메라 열람 시작", "private cameras opened"),
    "PrivateCamerasLocked": ("민간 카메라 열람 종료", "private cameras closed"),
    "VerdictGiven": ("확인 등급 부여", "verification grade given"),
    "EvidenceSpanSet": ("증거 구간 지정", "evidence span set"),
    "HandoffRequested": ("이관 요청", "hand-off requested"),
    "HandoffPackaged": ("봉인", "sealed"),
    "HandoffDelivered": ("전달", "delivered"),
    "HandoffOpened": ("수신 기관 열람", "opened by the receiver"),
    "HandoffAccepted": ("수신 기관 접수", "accepted by the receiver"),
    "HandoffRefused": ("수신 기관 거부", "refused by the receiver"),
}


def _steps(parts: PackageParts, created_at: datetime) -> tuple[Step, ...]:
    told = [_step(line) for line in parts.incident.log if line.type in _WORDS and _concerns(line, parts)]
    cut = [
        Step(created_at, "gateway", "ClipCut", f"{clip.facts.camera_id} 원본 절취", f"{clip.facts.camera_id} cut")
        for clip in parts.clips
    ]
    return (*told, *cut, Step(created_at, "gateway", "Sealed", "봉인", "sealed"))


def _concerns(line: LogLine, parts: PackageParts) -> bool:
    """Steps of another hand-off of the same incident belong to that one's record."""
    handoff_id = line.facts.get("handoff_id")
    return handoff_id is None or handoff_id == parts.request.handoff_id


def _step(line: LogLine) -> Step:
    ko, en = _WORDS[line.type]
    return Step(line.at, line.actor, line.type, ko, en)
