"""What the scripted operators of a drill mean to do, from the scenario alone."""

from __future__ import annotations

from smartcity_console.console.unattended.operators import LAST, MANNERS, plan_for
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.verdict import Grade
from tests.drill.scenes import scenario

SPEC = {
    "id": "robbery",
    "title": {"ko": "가", "en": "a"},
    "site": "site-gaonmart",
    "grades": [4],
    "agencies": ["police"],
    "steps": ["weapon"],
    "note": "흉기",
    "order": 2,
}
FALSE = {"id": "cat", "title": {"ko": "가", "en": "a"}, "site": "x", "real": False, "grades": [0]}
WISHES = [
    {"id": "h", "act": "hand_off", "incident": "robbery", "weight": 1, "within_s": 60},
    {"id": "f", "act": "follow_up", "incident": "robbery", "weight": 1},
]
SCENARIO = scenario(incidents=[SPEC, FALSE], expectations=WISHES)
ROBBERY, CAT = SCENARIO.incidents


def test_a_good_operator_does_what_the_scenario_wants() -> None:
    plan = plan_for(SCENARIO, ROBBERY, MANNERS["good"])
    assert (plan.grade, plan.agencies, plan.steps, plan.note) == (4, (AgencyKind.POLICE,), ("weapon",), "흉기")
    assert plan.hand_off_within_s == 60 and "follow_up" in plan.wants and plan.order == 2
    assert not plan.peeks and not plan.misses


def test_a_slow_one_does_the_same_later() -> None:
    assert plan_for(SCENARIO, ROBBERY, MANNERS["slow"]) == plan_for(SCENARIO, ROBBERY, MANNERS["good"])
    assert MANNERS["slow"].notices_s > 20 * MANNERS["good"].notices_s


def test_a_wrong_one_errs_in_everything_that_is_judged() -> None:
    plan = plan_for(SCENARIO, ROBBERY, MANNERS["wrong"])
    assert plan.grade not in ROBBERY.grades and plan.grade is not Grade.FALSE_ALARM
    assert plan.agencies == (AgencyKind.FIRE,) and not plan.note and not plan.steps
    assert plan.peeks and plan.misses
    assert plan_for(SCENARIO, CAT, MANNERS["wrong"]).agencies, "a false alarm is handed off"


def test_what_the_scenario_does_not_name_is_closed_as_false_after_everything_else() -> None:
    plan = plan_for(SCENARIO, None, MANNERS["good"])
    assert (plan.grade, plan.agencies, plan.order) == (Grade.FALSE_ALARM, (), LAST)
