"""One robbery told by a firm and by 112 is one incident; two shops side by side are two; chatter is counted, not listed."""

from __future__ import annotations

import itertools
import math
from datetime import UTC, datetime, time, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcity_console.intake.arrival import Arrival, Role
from smartcity_console.intake.correlation import OpenIncidents, Rules, chatter_told, correlate
from smartcity_console.intake.priority import decide, fits
from smartcity_console.intake.relations import distance_m
from smartcity_console.intake.standing import Standing
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.events import (
    AlarmShelved,
    AlarmUnshelved,
    AlertJoined,
    AlertsSplitOff,
    Draft,
    Event,
    IncidentAbsorbed,
    IncidentClosed,
    IncidentMerged,
    IncidentOpened,
    Payload,
    PriorityTableSet,
    encode_payload,
    stream_of,
)
from smartcity_console.model.geo import Position
from smartcity_console.model.priority import LEAST_CLOSED, PriorityRule, SiteHistory

NOW = datetime(2026, 11, 23, 5, 0, 0, tzinfo=UTC)
HERE = Position(127.1261, 37.4201)


def moved(metres: float, uncertainty_m: float = 0.0) -> Position:
    east = metres / (111_320.0 * math.cos(math.radians(HERE.lat_deg)))
    return Position(HERE.lon_deg + east, HERE.lat_deg, uncertainty_m)


def firm(kind: AlertKind = AlertKind.ROBBERY, after_s: float = 0, *, site: str = "a", zone: str = "9", **more: object):
    return alert(kind, after_s, site_id=f"site-{site}", account=f"17{site}", zone=zone, **more)


def call(kind: AlertKind = AlertKind.OTHER, after_s: float = 0, *, case: str = "1", **more: object):
    return alert(kind, after_s, account="112:P3", reference=f"112:{case}", protocol="linked/112UC001", **more)


_numbers = itertools.count(1)


def alert(kind: AlertKind, after_s: float, **more: object) -> Alert:
    at = NOW + timedelta(seconds=after_s)
    told = {"protocol": "dc09/SIA-DCS", "position": HERE, "priority": Priority.HIGH, "known": True} | more
    return Alert(id=f"alert-{next(_numbers)}", code=kind.value, kind=kind, occurred_at=at, received_at=at, **told)


class Play:
    """Plays alerts one after another, each folded from its events as the journal would give them back."""

    def __init__(self) -> None:
        self.incidents, self.standing = OpenIncidents(), Standing()
        self.rules = Rules(timedelta(seconds=600), map("inc-{}".format, itertools.count(1)).__next__, "test")
        self.versions: dict[str, int] = {}
        self.now = NOW

    def __call__(self, what: Alert, role: Role = Role.OPENS) -> Payload | None:
        drafts = correlate(self.incidents.copy(), Arrival(what, role), self.rules, self.standing)
        self.now = max(self.now, what.received_at)
        self.store(*drafts)
        return drafts[1].payload if len(drafts) > 1 else None

    def store(self, *drafts: Draft) -> None:
        for draft in drafts:
            version = self.versions.get(draft.stream, 0)
            assert draft.expected_version in (None, version)
            self.versions[draft.stream] = version + 1
            name, data = type(draft.payload).__name__, encode_payload(draft.payload)
            event = Event(1, draft.stream, version + 1, name, self.now, draft.actor, data, "", "")
            self.incidents.take([event])
            self.standing.take([event])

    def tell(self, kind: type[Payload], key: str, **fields: object) -> None:
        self.store(Draft(stream_of(kind, key), kind(**fields), "seat/1"))


def test_a_call_to_112_joins_the_firms_robbery_nearby() -> None:
    play = Play()
    assert isinstance(play(firm()), IncidentOpened)
    joined = play(call(AlertKind.ROBBERY, 40, position=moved(90)))
    assert isinstance(joined, AlertJoined) and (joined.why, joined.distance_m) == ("near", pytest.approx(90, abs=0.5))
    assert "90 m" in joined.reason and "40초" in joined.reason


def test_the_firms_alarm_joins_the_call_that_came_first_and_its_next_one_too() -> None:
    play = Play()
    play(call(position=moved(100)))
    assert isinstance(play(firm(after_s=30)), AlertJoined)
    follow = play(firm(AlertKind.INTRUSION, 60, zone="3"))
    assert isinstance(follow, AlertJoined) and follow.why == "same_site"
    assert isinstance(
        play(firm(after_s=90, site="b", position=moved(60))), AlertJoined
    )  # it is no longer premises alone


@pytest.mark.parametrize(
    "second",
    [
        firm(site="b", position=moved(20)),  # the shop next door
        call(AlertKind.FIRE),  # another thing
        call(AlertKind.MISSING_PERSON),
        call(AlertKind.ROBBERY, position=moved(500)),  # elsewhere
        call(AlertKind.ROBBERY, 601),  # later
        call(AlertKind.ROBBERY, position=None),
        call(AlertKind.ROBBERY, known=False),  # nobody knows who says so
    ],
)
def test_what_is_another_thing_stays_another_incident(second: Alert) -> None:
    play = Play()
    play(firm())
    assert isinstance(play(second), IncidentOpened)


def test_what_a_fix_is_unsure_of_widens_the_place_but_not_without_end() -> None:
    play = Play()
    play(firm())
    assert isinstance(play(call(AlertKind.ROBBERY, position=moved(400, 300))), AlertJoined)
    assert isinstance(play(call(AlertKind.ROBBERY, case="2", position=moved(600, 5000))), IncidentOpened)


def test_a_sender_that_counts_two_cases_means_two() -> None:
    play = Play()
    play(call(AlertKind.ROBBERY))
    assert isinstance(play(call(AlertKind.ROBBERY, case="2")), IncidentOpened)


def test_the_same_case_joins_however_late() -> None:
    play = Play()
    play(call(AlertKind.ROBBERY))
    joined = play(call(AlertKind.ROBBERY, 3600))
    assert isinstance(joined, AlertJoined) and joined.why == "same_case"


@given(
    st.lists(
        st.tuples(st.sampled_from([AlertKind.ROBBERY, AlertKind.FIRE]), st.floats(-800, 800), st.floats(0, 400)),
        min_size=1,
        max_size=12,
    )
)
def test_the_index_finds_what_a_plain_search_finds(others: list[tuple[AlertKind, float, float]]) -> None:
    """Against brute force: the nearest related open incident within reach, by distance alone."""
    incidents, rules = OpenIncidents(), Rules(timedelta(seconds=600), "inc-new".__str__, "test")
    opened = [alert(kind, 0, account=f"x{n}", position=moved(m, u)) for n, (kind, m, u) in enumerate(others)]
    for number, one in enumerate(opened):
        incidents.opened(f"inc-{number:02}", one)
    what = call(AlertKind.ROBBERY, 10)
    near = [
        (distance_m(HERE, one.position), f"inc-{number:02}")
        for number, one in enumerate(opened)
        if one.kind is AlertKind.ROBBERY
        and one.position is not None
        and distance_m(HERE, one.position) <= 150 + min(one.position.uncertainty_m, 300)
    ]
    draft = correlate(incidents, Arrival(what, Role.OPENS), rules)[1]
    assert draft.stream == f"incident/{min(near)[1] if near else 'inc-new'}"


def test_chatter_is_counted_from_the_fourth_alert_in_a_minute_on() -> None:
    play = Play()
    kinds = [type(play(firm(AlertKind.INTRUSION, second))).__name__ for second in range(6)]
    assert kinds == ["IncidentOpened", "AlertJoined", "AlertJoined", "NoneType", "NoneType", "NoneType"]
    (told,) = chatter_told(play.incidents.copy(), play.standing, play.rules, play.now)
    assert told.payload.count == 3 and told.stream == "incident/inc-1"
    play.store(told)
    assert chatter_told(play.incidents.copy(), play.standing, play.rules, play.now) == []
    play(firm(AlertKind.INTRUSION, 7))
    assert chatter_told(play.incidents.copy(), play.standing, play.rules, play.now)[0].payload.count == 4
    assert isinstance(play(firm(AlertKind.INTRUSION, 300)), AlertJoined)  # after a silence it is news again
    assert isinstance(play(firm(AlertKind.INTRUSION, 301, zone="4")), AlertJoined)  # and another detector always is
    assert isinstance(play(firm(AlertKind.RESTORE, 302), Role.JOINS), AlertJoined)


def test_when_hundreds_chatter_their_counts_are_told_in_turn() -> None:
    play = Play()
    for zone in range(100):
        for second in range(5):
            play(firm(AlertKind.INTRUSION, second, zone=str(zone)))
    told, rounds = set(), 0
    while play.standing.has_untold:
        rounds += 1
        play.now += timedelta(milliseconds=100)
        some = chatter_told(play.incidents.copy(), play.standing, play.rules, play.now)
        assert 0 < len(some) <= 40
        told |= {(draft.payload.zone, draft.payload.count) for draft in some}
        play.store(*some)
    assert told == {(str(zone), 2) for zone in range(100)} and rounds == 3


def test_a_decision_taken_anew_is_the_same_decision() -> None:
    play = Play()
    for second in range(3):
        play(firm(AlertKind.INTRUSION, second))
    repeat = firm(AlertKind.INTRUSION, 3)
    counts = set()
    for _ in range(5):
        correlate(play.incidents.copy(), Arrival(repeat, Role.OPENS), play.rules, play.standing)
        counts.add(play.standing.untold(play.now)[0].payload.count)
    assert counts == {1}


def test_a_shelf_holds_what_it_names_until_its_time_and_never_an_emergency() -> None:
    play = Play()
    until = NOW + timedelta(hours=1)
    play.tell(AlarmShelved, "17A", account="17A", zone="3", until=until, reason="공사", seat="1")
    assert play(firm(AlertKind.INTRUSION, 1, zone="3")) is None and play.standing.shelved == 1
    assert isinstance(play(firm(AlertKind.INTRUSION, 2, zone="4")), IncidentOpened)
    play.tell(IncidentClosed, "inc-1", outcome="done", seat="1")
    assert isinstance(play(firm(AlertKind.ROBBERY, 3, zone="3", priority=Priority.EMERGENCY)), IncidentOpened)
    play.tell(IncidentClosed, "inc-2", outcome="done", seat="1")
    assert isinstance(play(firm(AlertKind.INTRUSION, 3601, zone="3")), IncidentOpened)
    play.tell(IncidentClosed, "inc-3", outcome="done", seat="1")
    play.tell(AlarmShelved, "17A", account="17A", zone="", until=until + timedelta(hours=9), reason="공사", seat="1")
    assert play(firm(AlertKind.INTRUSION, 3700, zone="4")) is None
    play.tell(AlarmUnshelved, "17A", account="17A", zone="", seat="1")
    assert isinstance(play(firm(AlertKind.INTRUSION, 3800, zone="4")), IncidentOpened)


def test_merged_incidents_take_further_alerts_as_one_and_split_ones_as_two() -> None:
    play = Play()
    play(firm(site="a"))
    second = firm(site="b")
    play(second)
    play.tell(IncidentAbsorbed, "inc-1", from_incident="inc-2", alerts=(second,), seat="1")
    play.tell(IncidentMerged, "inc-2", into="inc-1", seat="1")
    joined = play(firm(after_s=20, site="b"))
    assert isinstance(joined, AlertJoined) and joined.why == "same_site"
    play.tell(AlertsSplitOff, "inc-1", alert_ids=(second.id,), places=("site:site-b",), to_incident="inc-3", seat="1")
    assert isinstance(play(firm(after_s=30, site="b")), IncidentOpened)
    assert isinstance(play(firm(after_s=40, site="a")), AlertJoined)


def test_tests_and_exercises_open_nothing() -> None:
    play = Play()
    assert play(call(AlertKind.ROBBERY, is_test=True)) is None
    assert play(firm(), Role.NOTES) is None


# ---- priority -----------------------------------------------------------------------------------------------------


def rule(**more: object) -> PriorityRule:
    return PriorityRule(name_ko="규칙", name_en="rule", priority=Priority.EMERGENCY, **more)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({}, True),
        ({"kinds": (AlertKind.FIRE,)}, False),
        ({"kinds": (AlertKind.INTRUSION,), "sites": ("site-a",)}, True),
        ({"protocols": ("linked/",)}, False),
        ({"is_known": False}, False),
        ({"from_hour": time(13), "to_hour": time(15)}, True),  # 05:00 UTC is 14:00 in Seoul
        ({"from_hour": time(23), "to_hour": time(14, 1)}, True),
        ({"from_hour": time(23), "to_hour": time(14)}, False),
        ({"false_share": 0.9}, False),
        ({"recent": 1}, False),
    ],
)
def test_a_rule_fits_when_all_it_names_fits(told: dict[str, object], wanted: bool) -> None:
    assert fits(rule(**told), firm(AlertKind.INTRUSION), SiteHistory()) is wanted


def test_the_first_rule_decides_and_gives_its_reason() -> None:
    table = (rule(kinds=(AlertKind.FIRE,)), rule(step=1), rule())
    table = (table[0], msgspec.structs.replace(table[1], priority=None, name_ko="둘째"), table[2])
    decided = decide(firm(AlertKind.INTRUSION), SiteHistory(), table)
    assert (decided.priority, decided.reason_ko) == (Priority.NORMAL, "둘째")
    assert decide(firm(AlertKind.INTRUSION), SiteHistory(), ()).priority is Priority.HIGH


def test_a_site_whose_alarms_are_false_counts_less_and_the_supervisors_table_rules() -> None:
    play = Play()
    for number in range(1, LEAST_CLOSED + 1):
        opened = play(firm(AlertKind.INTRUSION, number * 10))
        assert isinstance(opened, IncidentOpened) and opened.priority is Priority.HIGH
        play.tell(IncidentClosed, f"inc-{number}", outcome="false_alarm", seat="1")
    opened = play(firm(AlertKind.INTRUSION, 100))
    assert isinstance(opened, IncidentOpened)
    assert opened.priority is Priority.NORMAL and "오경보" in opened.priority_reason_ko and opened.priority_reason_en
    play.tell(PriorityTableSet, "priority", rules=(rule(),), seat="1")
    joined = play(firm(AlertKind.INTRUSION, 110, zone="1"))
    assert isinstance(joined, AlertJoined) and joined.priority is Priority.EMERGENCY


def test_the_table_survives_the_journal() -> None:
    table = (rule(kinds=(AlertKind.FIRE,), from_hour=time(22), to_hour=time(6), false_share=0.5),)
    data = encode_payload(PriorityTableSet(rules=table, seat="1"))
    assert msgspec.json.decode(data, type=PriorityTableSet).rules == table
