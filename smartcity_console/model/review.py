"""The monthly review of the access register: how much was accessed, and what a reviewer should ask about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

import msgspec

from smartcity_console.model.register import ACCESS_KO, Access, RegisterLine

LOCAL_TIME = ZoneInfo("Asia/Seoul")
NIGHT_H = (0, 6)
"""From and until which hour (Korea) an access is one at night."""
MANY_A_DAY = 20
"""Accesses of one person on one day from which on they stand out."""


class Finding(msgspec.Struct, frozen=True):
    """Something to ask about: a code, a sentence in both languages, and the journal's events it rests on."""

    code: str
    ko: str
    en: str
    seqs: tuple[int, ...]


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """Counts by kind of access and by person, and what stands out."""

    lines: int
    by_access: dict[str, int]
    by_person: dict[str, int]
    findings: tuple[Finding, ...]


def review(lines: Iterable[RegisterLine]) -> Review:
    """Return the review of a span's lines."""
    lines = list(lines)
    return Review(
        lines=len(lines),
        by_access={ACCESS_KO[kind]: n for kind, n in Counter(line.access for line in lines).most_common()},
        by_person=dict(Counter(line.who for line in lines).most_common()),
        findings=tuple(_findings(lines)),
    )


_OWN_EYES = frozenset(
    {Access.PRIVATE_VIEW, Access.REPLAY, Access.SNAPSHOT, Access.CLIPS, Access.UNMASKED, Access.PERSONAL}
)


def _findings(lines: Sequence[RegisterLine]) -> list[Finding]:
    eyes = [line for line in lines if line.access in _OWN_EYES]
    found = [
        _finding(
            "private_without_incident",
            "사건 없이 민간 카메라를 본 것",
            "private cameras looked at without an incident",
            [line for line in eyes if line.is_private and not line.incident_id],
        ),
        _finding(
            "personal_without_reason",
            "목적을 적지 않은 개인정보·가림 해제 열람",
            "personal records or uncovered pictures without a reason",
            [line for line in eyes if line.access in (Access.PERSONAL, Access.UNMASKED) and not line.why.strip()],
        ),
        _finding(
            "handoff_without_basis",
            "법적 근거 없이 제공한 것",
            "provided without a legal basis",
            [line for line in lines if line.access is Access.HANDOFF and not line.why.strip()],
        ),
        _finding("at_night", "심야(00~06시) 열람", "accesses at night (00-06 h)", [x for x in eyes if _at_night(x)]),
        *_many(eyes),
    ]
    return [finding for finding in found if finding.seqs]


def _many(eyes: Sequence[RegisterLine]) -> list[Finding]:
    """Return who looked unusually often on one day."""
    days: dict[tuple[str, str], list[RegisterLine]] = {}
    for line in eyes:
        days.setdefault((line.who, f"{line.at.astimezone(LOCAL_TIME):%Y-%m-%d}"), []).append(line)
    return [
        _finding("many_on_a_day", f"{who}: {day} 하루 열람이 많음", f"{who}: many accesses on {day}", some)
        for (who, day), some in sorted(days.items())
        if len(some) >= MANY_A_DAY
    ]


def _finding(code: str, ko: str, en: str, lines: Sequence[RegisterLine]) -> Finding:
    return Finding(code, f"{ko}: {len(lines)}건", f"{en}: {len(lines)}", tuple(line.seq for line in lines))


def _at_night(line: RegisterLine) -> bool:
    return NIGHT_H[0] <= line.at.astimezone(LOCAL_TIME).hour < NIGHT_H[1]
