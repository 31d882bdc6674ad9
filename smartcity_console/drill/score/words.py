"""Codes of the journal in the words of a report."""

from __future__ import annotations

from collections.abc import Iterable

from smartcity_console.drill.scenario.model import Words
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import AlertKind, Priority

AGENCIES = {
    AgencyKind.POLICE: Words("112 경찰", "112 police"),
    AgencyKind.FIRE: Words("119 소방", "119 fire"),
    AgencyKind.CENTRE: Words("이웃 관제센터", "neighbouring centre"),
    AgencyKind.FACILITY: Words("시설", "facility"),
}
KINDS = {
    AlertKind.ROBBERY: Words("강도", "robbery"),
    AlertKind.INTRUSION: Words("침입", "intrusion"),
    AlertKind.FIRE: Words("화재", "fire"),
    AlertKind.GAS: Words("가스", "gas"),
    AlertKind.MEDICAL: Words("응급", "medical"),
    AlertKind.WATER: Words("누수", "water"),
    AlertKind.TAMPER: Words("훼손", "tamper"),
    AlertKind.POWER: Words("정전", "power failure"),
    AlertKind.TROUBLE: Words("장애", "trouble"),
    AlertKind.TEST: Words("시험", "test"),
    AlertKind.RESTORE: Words("복구", "restoral"),
    AlertKind.MISSING_PERSON: Words("실종", "missing person"),
    AlertKind.DISASTER: Words("재난", "disaster"),
    AlertKind.OTHER: Words("기타", "other"),
}
PRIORITIES = {
    Priority.EMERGENCY: Words("긴급", "emergency"),
    Priority.HIGH: Words("높음", "high"),
    Priority.NORMAL: Words("보통", "normal"),
}
OUTCOMES = {
    "handed_off": Words("이관", "handed off"),
    "false_alarm": Words("오경보", "false alarm"),
    "resolved": Words("이관 없이 해결", "resolved without a hand-off"),
    "merged": Words("병합", "merged"),
}
STEPS = {
    "weapon": Words("흉기 여부", "weapon"),
    "persons": Words("인원·인상착의", "people, clothing"),
    "escape": Words("도주 방향", "direction of flight"),
    "injured": Words("부상자", "injured"),
    "entry": Words("침입 지점", "point of entry"),
    "guard": Words("경비원 출동", "guard on the way"),
    "flame": Words("불꽃·연기", "flame or smoke"),
    "trapped": Words("안에 있는 사람", "people inside"),
    "access": Words("진입로", "access for engines"),
    "spread": Words("번짐", "spread to neighbours"),
    "scene": Words("현장 확인", "scene seen"),
    "call_back": Words("업체 통화", "firm called back"),
    "last_seen": Words("마지막 위치", "last seen at"),
}
ENDS = {
    "inject": Words("시나리오대로", "as the scenario says"),
    "time": Words("시간 종료", "time is up"),
    "trainer": Words("훈련관이 끝냄", "ended by the trainer"),
    "done": Words("모두 처리됨", "everything is dealt with"),
    "failed": Words("중단됨", "broken off"),
}


def outcome(code: str) -> Words:
    """Return an outcome's words; a code that this version does not know is shown as it is."""
    return OUTCOMES.get(code, Words(code, code))


def step(code: str) -> Words:
    return STEPS.get(code, Words(code, code))


def end(code: str) -> Words:
    return ENDS.get(code, Words(code, code))


def listed(kinds: Iterable[AgencyKind]) -> Words:
    """Return agencies in their order, each once."""
    words = [AGENCIES[kind] for kind in dict.fromkeys(kinds)]
    return Words(", ".join(one.ko for one in words), ", ".join(one.en for one in words))
