"""The three operators of an unattended drill: what each does with an incident, and how long he takes. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smartcity_console.drill.scenario.model import Act, IncidentSpec, Scenario
from smartcity_console.model.agency import EMERGENCY_SERVICES, AgencyKind
from smartcity_console.model.verdict import Grade

LAST = 1_000
"""Place in the order of what the scenario does not name."""


@dataclass(frozen=True)
class Manner:
    """Seconds before each kind of act, and what is done wrongly."""

    notices_s: float = 1.5  # before an incident is claimed
    looks_s: float = 2.0  # at the pictures, before anything is said about them
    writes_s: float = 1.0  # before a note, a box, a grade
    decides_s: float = 1.0  # before a hand-off or a closing
    is_wrong: bool = False


MANNERS = {
    "good": Manner(),
    "slow": Manner(notices_s=45.0, looks_s=30.0, writes_s=8.0, decides_s=25.0),
    "wrong": Manner(is_wrong=True),
}


@dataclass(frozen=True)
class Plan:
    """What an operator means to do with one incident."""

    spec: IncidentSpec | None
    grade: Grade
    agencies: tuple[AgencyKind, ...]
    note: str
    steps: tuple[str, ...]
    wants: frozenset[Act]
    peeks: bool = False  # looks at private recordings without need
    misses: bool = False  # sends a span without the act
    hand_off_within_s: float | None = None  # after its opening, for full marks

    @property
    def order(self) -> int:
        return self.spec.order if self.spec is not None else LAST


def plan_for(scenario: Scenario, spec: IncidentSpec | None, manner: Manner) -> Plan:
    """Return the plan for an incident of the scenario, or for one that it does not name: nothing is there."""
    wishes = [w for w in scenario.expectations if spec is not None and w.incident == spec.id]
    limits = [w.within_s for w in wishes if w.act is Act.HAND_OFF and w.within_s is not None]
    right = _right(spec)
    plan = Plan(
        spec=spec,
        grade=right,
        agencies=spec.agencies if spec is not None else (),
        note=spec.note if spec is not None else "",
        steps=spec.steps if spec is not None else (),
        wants=frozenset(w.act for w in wishes),
        hand_off_within_s=min(limits, default=None),
    )
    return _spoilt(plan, right) if manner.is_wrong else plan


def _right(spec: IncidentSpec | None) -> Grade:
    return spec.grades[0] if spec is not None and spec.grades else Grade.FALSE_ALARM


def _spoilt(plan: Plan, right: Grade) -> Plan:
    """The wrong grade, the wrong agency, a span beside the act, nothing written down, a look where there is no need."""
    other = tuple(kind for kind in EMERGENCY_SERVICES if kind not in plan.agencies)[:1] or (AgencyKind.POLICE,)
    allowed: Sequence[Grade] = plan.spec.grades if plan.spec is not None else (right,)
    grade = next(g for g in (Grade.PROPERTY_THREAT, Grade.LIFE_THREAT, Grade(2), Grade(1)) if g not in allowed)
    named = plan.spec is not None
    return Plan(
        spec=plan.spec,
        grade=grade if named else right,
        agencies=other if named else (),
        note="",
        steps=(),
        wants=frozenset(),
        peeks=True,
        misses=True,
    )
