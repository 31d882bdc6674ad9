"""The time line of a drill: what was done to the trainee, what he did, what came back, and what was expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from smartcity_console.drill.scenario.model import Words
from smartcity_console.drill.score import words
from smartcity_console.drill.score.cases import Record, Told
from smartcity_console.drill.score.model import Mark, TimelineEntry
from smartcity_console.model import events as ev


def timeline_of(record: Record, marks: Sequence[Mark]) -> tuple[TimelineEntry, ...]:
    """Return the lines in the order of their seconds; what was expected stands at the second it was due."""
    names = {f"incident/{one.id}": name for name, case in record.cases.items() for one in case.incidents}
    happened = [line for told in record.told if (line := _line(told, names)) is not None]
    lines = [*happened, *_expected(record, marks)]
    return tuple(sorted(lines, key=lambda line: (line.at_s, line.seq or 0, line.words.en)))


def _line(told: Told, names: dict[str, str]) -> TimelineEntry | None:
    found = _WORDS.get(told.event.type)
    if found is None:
        return None
    kind, word = found
    payload: Any = told.event.payload()
    seat = getattr(payload, "seat", "")
    incident = names.get(told.event.stream, "")
    at_s = round(told.at_s, 3)
    return TimelineEntry(at_s=at_s, kind=kind, incident=incident, words=word(payload), seq=told.seq, seat=seat)


def _expected(record: Record, marks: Iterable[Mark]) -> list[TimelineEntry]:
    lines = []
    for mark in marks:
        case = record.cases.get(mark.incident)
        if mark.within_s is not None and case is not None and case.came:
            due_s = round(_due_from_s(record, mark) + mark.within_s, 3)
            lines.append(TimelineEntry(at_s=due_s, kind="expected", incident=mark.incident, words=mark.title))
    return lines


def _due_from_s(record: Record, mark: Mark) -> float:
    """Return the second from which a mark's time runs: the claim for a verdict, else the opening."""
    case = record.cases[mark.incident]
    claimed = case.first(ev.IncidentClaimed)
    return claimed[0].at_s if mark.act.value == "verdict" and claimed else case.opened.at_s


Worder = Callable[[Any], Words]


def _after(what: Words, ko: str, en: str) -> Words:
    return Words(f"{ko}: {what.ko}", f"{en}: {what.en}")


_FIXED = {
    "IncidentReleased": ("act", "접수를 내려놓음", "Claim released"),
    "EvidenceSpanSet": ("act", "증거 구간 조정", "Evidence span set"),
    "PrivateCamerasUnlocked": ("act", "민간 카메라 열림", "Private cameras opened"),
    "IncidentMerged": ("act", "사건 병합", "Merged"),
    "IncidentEscalated": ("system", "감독자에게 상신", "Escalated to the supervisor"),
    "CamerasSelected": ("system", "카메라 열림", "Cameras opened"),
    "PrivateCamerasLocked": ("system", "민간 카메라 닫힘", "Private cameras closed"),
    "HandoffDelivered": ("receipt", "전달됨", "Delivered"),
    "HandoffOpened": ("receipt", "열람함", "Opened"),
    "HandoffAccepted": ("receipt", "수락함", "Accepted"),
    "HandoffOnScene": ("receipt", "현장 도착", "On scene"),
    "DrillBegun": ("system", "훈련 시작", "The drill begins"),
    "DrillPaused": ("system", "일시정지", "Paused"),
    "DrillResumed": ("system", "계속", "Resumed"),
}
_WORDS: dict[str, tuple[str, Worder]] = {
    name: (kind, lambda _, ko=ko, en=en: Words(ko, en)) for name, (kind, ko, en) in _FIXED.items()
} | {
    "InjectFired": ("inject", lambda p: Words(p.label_ko, p.label_en)),
    "InjectSkipped": ("inject", lambda p: Words(f"건너뜀: {p.inject_id}", f"Skipped: {p.inject_id}")),
    "InjectFailed": (
        "inject",
        lambda p: Words(f"실패: {p.inject_id} ({p.reason})", f"Failed: {p.inject_id} ({p.reason})"),
    ),
    "DrillSpoken": ("spoken", lambda p: Words(p.text_ko, p.text_en)),
    "MomentMarked": ("moment", lambda p: Words(p.text, p.text)),
    "DrillEnded": ("system", lambda p: _after(words.end(p.reason), "훈련 끝", "The drill ends")),
    "IncidentOpened": ("system", lambda p: _after(words.KINDS[p.kind], "사건 발생", "Incident opened")),
    "IncidentClaimed": ("act", lambda p: Words(f"좌석 {p.seat} 접수", f"Claimed by seat {p.seat}")),
    "VerdictGiven": ("act", lambda p: Words(f"판정 등급 {int(p.grade)}", f"Grade {int(p.grade)}")),
    "NoteAdded": ("act", lambda p: Words(f"기록: {p.text}", f"Note: {p.text}")),
    "ProcedureStepTicked": ("act", lambda p: _after(words.step(p.step), "절차", "Step")),
    "PriorityChanged": ("act", lambda p: _after(words.PRIORITIES[p.priority], "우선순위", "Priority")),
    "ReplayFetched": ("act", lambda p: Words(f"녹화 열람 {p.camera_id}", f"Recording of {p.camera_id} looked at")),
    "HandoffRequested": ("act", lambda p: Words(f"이관: {p.agency_name}", f"Handed off to {p.agency_name}")),
    "HandoffRecalled": ("act", lambda p: Words(f"회수: {p.reason}", f"Recalled: {p.reason}")),
    "MessageToDesk": ("act", lambda p: Words(f"전언: {p.text}", f"To the desk: {p.text}")),
    "IncidentClosed": ("act", lambda p: _after(words.outcome(p.outcome), "종결", "Closed")),
    "HandoffRefused": ("receipt", lambda p: Words(f"거절: {p.reason}", f"Refused: {p.reason}")),
    "HandoffUnitsSent": ("receipt", lambda p: Words(f"출동: {', '.join(p.units)}", f"Units: {', '.join(p.units)}")),
    "MessageFromDesk": ("receipt", lambda p: Words(f"질문: {p.text}", f"From the desk: {p.text}")),
}
