"""What makes alerts one incident, scripted as sequences of alarms, restorals, tests, silence and closings."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from smartcity_console.intake.arrival import Arrival
from smartcity_console.intake.correlation import OpenIncidents, Rules, correlate
from smartcity_console.intake.dc09.sia_codes import sia_meaning
from smartcity_console.model.alert import Alert
from smartcity_console.model.events import Draft, Event, IncidentClosed, NoteAdded, encode_payload, stream_of

NOW = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)


def arrival(code: str, after_s: float = 0.0, site: str | None = "site-a", account: str = "1701") -> Arrival:
    meaning = sia_meaning(code)
    at = NOW + timedelta(seconds=after_s)
    alert = Alert(
        id=f"alert-{code}-{after_s}",
        protocol="dc09/SIA-DCS",
        account=account,
        code=code,
        kind=meaning.kind,
        priority=meaning.priority,
        occurred_at=at,
        received_at=at,
        known=site is not None,
        site_id=site,
    )
    return Arrival(alert, meaning.role)


class Sequence:
    """Plays arrivals one after another, each folded from its events as the journal would give them back."""

    def __init__(self) -> None:
        self.incidents = OpenIncidents()
        self.rules = Rules(timedelta(seconds=600), map("inc-{}".format, itertools.count(1)).__next__, "test")
        self.versions: dict[str, int] = {}

    def play(self, what: Arrival) -> list[str]:
        drafts = correlate(self.incidents.copy(), what, self.rules)
        self.store(*drafts)
        return [f"{type(d.payload).__name__} {d.stream}" for d in drafts[1:]]

    def store(self, *drafts: Draft) -> None:
        for draft in drafts:
            version = self.versions.get(draft.stream, 0)
            assert draft.expected_version in (None, version)
            self.versions[draft.stream] = version + 1
            name, data = type(draft.payload).__name__, encode_payload(draft.payload)
            self.incidents.take([Event(1, draft.stream, version + 1, name, NOW, draft.actor, data, "", "")])

    def close(self, incident_id: str) -> None:
        self.store(Draft(stream_of(IncidentClosed, incident_id), IncidentClosed(outcome="done", seat="1"), "test"))


def test_alarm_alarm_restoral_are_one_incident() -> None:
    sequence = Sequence()
    assert sequence.play(arrival("BA")) == ["IncidentOpened incident/inc-1"]
    assert sequence.play(arrival("PA", 30)) == ["AlertJoined incident/inc-1"]
    assert sequence.play(arrival("BR", 60)) == ["AlertJoined incident/inc-1"]


def test_an_alarm_after_the_joining_time_is_another_incident() -> None:
    sequence = Sequence()
    sequence.play(arrival("BA"))
    assert sequence.play(arrival("BA", 600)) == ["AlertJoined incident/inc-1"]
    assert sequence.play(arrival("BA", 1199)) == ["AlertJoined incident/inc-1"]
    assert sequence.play(arrival("BA", 1800)) == ["IncidentOpened incident/inc-2"]


def test_a_restoral_joins_late_but_does_not_keep_the_incident_young() -> None:
    sequence = Sequence()
    sequence.play(arrival("BA"))
    assert sequence.play(arrival("BR", 3600)) == ["AlertJoined incident/inc-1"]
    assert sequence.play(arrival("BA", 3700)) == ["IncidentOpened incident/inc-2"]


def test_nothing_joins_a_closed_incident() -> None:
    sequence = Sequence()
    sequence.play(arrival("BA"))
    sequence.close("inc-1")
    assert sequence.play(arrival("BR", 20)) == []
    assert sequence.play(arrival("BA", 30)) == ["IncidentOpened incident/inc-2"]


@pytest.mark.parametrize("code", ["BR", "FR", "PR", "AR", "BC", "OC"])
def test_restorals_and_cancels_never_open(code: str) -> None:
    assert Sequence().play(arrival(code)) == []


@pytest.mark.parametrize("code", ["RP", "RX", "TS", "OP", "CL", "BB", "RB"])
def test_tests_and_routine_make_no_incident_and_join_none(code: str) -> None:
    sequence = Sequence()
    sequence.play(arrival("BA"))
    assert sequence.play(arrival(code, 5)) == []


def test_other_sites_are_other_incidents() -> None:
    sequence = Sequence()
    sequence.play(arrival("BA"))
    assert sequence.play(arrival("BA", 1, site="site-b", account="1702")) == ["IncidentOpened incident/inc-2"]


def test_unknown_accounts_join_by_account() -> None:
    sequence = Sequence()
    sequence.play(arrival("BA", 0, site=None, account="dead"))
    assert sequence.play(arrival("BA", 1, site=None, account="DEAD")) == ["AlertJoined incident/inc-1"]
    assert sequence.play(arrival("BA", 2, site=None, account="BEEF")) == ["IncidentOpened incident/inc-2"]


def test_two_accounts_of_one_site_are_one_place() -> None:
    sequence = Sequence()
    sequence.play(arrival("BA", account="1701"))
    assert sequence.play(arrival("FA", 5, account="1801")) == ["AlertJoined incident/inc-1"]


def test_a_decision_expects_the_version_it_rests_on() -> None:
    sequence = Sequence()
    sequence.play(arrival("BA"))
    note = NoteAdded(text="통화함", seat="1")
    sequence.store(Draft(stream_of(NoteAdded, "inc-1"), note, "console"))
    (_, joined) = correlate(sequence.incidents.copy(), arrival("PA", 5), sequence.rules)
    assert joined.expected_version == 2


def test_several_arrivals_of_one_transaction_see_each_other() -> None:
    sequence = Sequence()
    trial = sequence.incidents.copy()
    drafts = [d for a in (arrival("BA"), arrival("PA", 1)) for d in correlate(trial, a, sequence.rules)]
    assert [type(d.payload).__name__ for d in drafts] == [
        "AlertReceived",
        "IncidentOpened",
        "AlertReceived",
        "AlertJoined",
    ]
    assert sequence.incidents.newest_at("site:site-a") is None  # a trial leaves no trace
    sequence.store(*drafts)


def test_the_alert_goes_into_the_incident_as_it_is() -> None:
    (received, opened) = correlate(OpenIncidents(), arrival("FA"), Sequence().rules)
    assert msgspec.to_builtins(received.payload)["alert"] == msgspec.to_builtins(opened.payload)["alert"]
