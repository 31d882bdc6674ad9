"""Two incidents that are one, one that is two, and back: through the journal, as the intake will read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from smartcity_console.console.operations import SeatState, standard_operations
from smartcity_console.intake.open_incidents import OpenIncidents
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import AlertKind, Priority
from smartcity_console.model.centre import Centre
from smartcity_console.model.place import place_of
from smartcity_console.model.verdict import Grade

OPERATIONS = standard_operations()
MERGE, SPLIT, UNDO = OPERATIONS["incident.merge"], OPERATIONS["incident.split"], OPERATIONS["edit.undo"]
PRIVATE = {"site-a": "PV-0001", "site-b": "PV-0002"}


def centre_of(day: Any) -> Centre:
    centre = Centre()
    centre.take(day.journal.read())
    return centre


def intake_of(day: Any) -> OpenIncidents:
    """What the intake makes of the same journal."""
    known = OpenIncidents()
    known.take(day.journal.read())
    return known


@pytest.fixture
def look(day: Any) -> Callable[..., SeatState]:
    """Return a maker of what a seat sees when it looks at an incident."""

    def make(incident_id: str = "inc-1", seat: str = "3") -> SeatState:
        centre = centre_of(day)
        return SeatState(
            seat=seat,
            now=day.clock.now(),
            incident=centre.incidents[incident_id],
            queue=tuple(centre.open_incidents()),
            find=centre.incidents.get,
            private_of=lambda i: tuple(sorted({PRIVATE[a.site_id] for a in i.alerts if a.site_id in PRIVATE})),
            new_id=lambda prefix: f"{prefix}-new",
        )

    return make


def do(day: Any, operation: Any, state: SeatState, argument: Any = None) -> None:
    assert operation.available(state) is None
    day.journal.append(*operation.drafts(state, argument))


@pytest.fixture
def two(day: Any) -> Any:
    """A burglar alarm at one site and, half a minute later, a panic button at the next."""
    day.open("inc-1", site_id="site-a", kind=AlertKind.INTRUSION, priority=Priority.HIGH, code="BA")
    day.clock.advance(30)
    day.open("inc-2", site_id="site-b")
    return day


def test_merged_alerts_are_in_order_and_the_worst_decides(two: Any, look: Any) -> None:
    do(two, MERGE, look(), "inc-2")
    centre = centre_of(two)
    one, other = centre.incidents["inc-1"], centre.incidents["inc-2"]
    assert [a.site_id for a in one.alerts] == ["site-a", "site-b"]
    assert (one.priority, one.kind) == (Priority.EMERGENCY, AlertKind.ROBBERY)
    assert other.merged_into == "inc-1" and other.outcome == "merged"
    assert [i.id for i in centre.open_incidents()] == ["inc-1"]


def test_what_comes_next_from_either_place_joins_the_merged_one(two: Any, look: Any) -> None:
    do(two, MERGE, look(), "inc-2")
    for site in ("site-a", "site-b"):
        found = intake_of(two).newest_at(f"site:{site}")
        assert found is not None and found.id == "inc-1"
        assert found.version == centre_of(two).incidents["inc-1"].version


def test_the_others_private_cameras_close_and_its_claim_ends(two: Any, look: Any) -> None:
    until = two.clock.now() + timedelta(minutes=5)
    two.write("inc-2", ev.IncidentClaimed(seat="3"), actor="seat/3")
    two.write("inc-2", ev.PrivateCamerasUnlocked(camera_ids=("PV-0002",), seat="3", reason="x", until=until))
    do(two, MERGE, look(), "inc-2")
    other = centre_of(two).incidents["inc-2"]
    assert other.unlocked == {} and other.claimed_by is None


@pytest.mark.parametrize("claimed", [False, True])
def test_a_merging_is_taken_back_whole(two: Any, look: Any, claimed: bool) -> None:
    if claimed:
        two.write("inc-1", ev.IncidentClaimed(seat="3"), actor="seat/3")
    before = centre_of(two).incidents["inc-1"]
    do(two, MERGE, look(), "inc-2")
    do(two, UNDO, look())
    centre = centre_of(two)
    one, other = centre.incidents["inc-1"], centre.incidents["inc-2"]
    assert (one.alerts, one.priority, one.kind) == (before.alerts, before.priority, before.kind)
    assert one.claimed_by == before.claimed_by
    assert other.closed_at is None and len(other.alerts) == 1 and other.priority is Priority.EMERGENCY
    known = intake_of(two)
    assert known.newest_at("site:site-b").id == "inc-2" and known.get("inc-2").version == other.version
    assert known.get("inc-1").version == one.version


def test_the_undoing_of_an_undoing_merges_again(two: Any, look: Any) -> None:
    do(two, MERGE, look(), "inc-2")
    do(two, UNDO, look())
    do(two, UNDO, look())
    assert centre_of(two).incidents["inc-2"].merged_into == "inc-1"


def test_on_a_merging_taken_back_the_leaving_sites_cameras_close(two: Any, look: Any) -> None:
    two.write("inc-1", ev.IncidentClaimed(seat="3"), actor="seat/3")
    do(two, MERGE, look(), "inc-2")
    until = two.clock.now() + timedelta(minutes=5)
    both = ev.PrivateCamerasUnlocked(camera_ids=("PV-0001", "PV-0002"), seat="3", reason="extended", until=until)
    two.write("inc-1", both, actor="seat/3")
    do(two, UNDO, look())
    assert set(centre_of(two).incidents["inc-1"].unlocked) == {"PV-0001"}


def hand_off(day: Any, incident_id: str) -> None:
    request = ev.HandoffRequested(
        handoff_id="h-1",
        agency_id="pol-1",
        agency_kind=AgencyKind.POLICE,
        agency_name="은행지구대",
        camera_ids=(),
        span_start=day.clock.now(),
        span_end=day.clock.now(),
        live_until=day.clock.now(),
        basis="",
        note="",
        grade=Grade.LIFE_THREAT,
        seat="3",
    )
    day.write(incident_id, request, actor="seat/3")


def test_what_is_handed_off_takes_in_but_does_not_go(two: Any, look: Any) -> None:
    hand_off(two, "inc-2")
    state = look()
    refused = MERGE.refuses(state, state.find("inc-2"))
    assert refused.code == "other_handed_off" and refused.text
    assert MERGE.drafts(state, "inc-2") == []
    do(two, MERGE, look("inc-2"), "inc-1")
    assert centre_of(two).incidents["inc-1"].merged_into == "inc-2"


def test_what_another_seat_holds_is_left_alone_unless_that_seat_is_gone(two: Any, look: Any) -> None:
    two.write("inc-2", ev.IncidentClaimed(seat="1"), actor="seat/1")
    state = look()
    assert MERGE.refuses(state, state.find("inc-2")).code == "held"
    assert MERGE.available(look("inc-2")).code == "held"
    assert SPLIT.available(look("inc-2")).code == "held"
    assert MERGE.refuses(replace(state, gone=lambda _: "seat_closed"), state.find("inc-2")) is None


def test_a_merge_on_what_has_changed_is_refused_by_the_journal(two: Any, look: Any) -> None:
    state = look()
    two.write("inc-2", ev.IncidentClaimed(seat="1"), actor="seat/1")
    with pytest.raises(Exception, match="inc-2"):
        two.journal.append(*MERGE.drafts(state, "inc-2"))
    assert two.incident() == ["IncidentOpened"]


@pytest.fixture
def joined(day: Any) -> Any:
    """One incident with three alerts of two sites; the worst is of the second."""
    day.open("inc-1", site_id="site-a", kind=AlertKind.INTRUSION, priority=Priority.HIGH, code="BA")
    for site, kind in (("site-a", AlertKind.INTRUSION), ("site-b", AlertKind.ROBBERY)):
        day.clock.advance(10)
        priority = Priority.EMERGENCY if kind is AlertKind.ROBBERY else Priority.HIGH
        alert = day.alert(site_id=site, kind=kind, priority=priority)
        day.write("inc-1", ev.AlertJoined(alert=alert, reason="", why="near", after_s=10, distance_m=90))
    return day


def test_parted_alerts_are_an_incident_of_their_own(joined: Any, look: Any) -> None:
    state = look()
    third = state.incident.alerts[2]
    do(joined, SPLIT, state, (third.id,))
    centre = centre_of(joined)
    old, new = centre.incidents["inc-1"], centre.incidents["inc-new"]
    assert [a.id for a in new.alerts] == [third.id] and third.id not in {a.id for a in old.alerts}
    assert (old.priority, old.kind) == (Priority.HIGH, AlertKind.INTRUSION)
    assert (new.priority, new.kind) == (Priority.EMERGENCY, AlertKind.ROBBERY)
    known = intake_of(joined)
    assert known.newest_at(place_of(third)).id == "inc-new" and known.newest_at("site:site-a").id == "inc-1"


def test_a_place_that_both_have_stays_with_both(joined: Any, look: Any) -> None:
    state = look()
    do(joined, SPLIT, state, (state.incident.alerts[1].id,))
    (split,) = joined.payloads(ev.AlertsSplitOff)
    assert split.places == ()
    assert intake_of(joined).newest_at("site:site-a").id == "inc-1"  # the one with the latest alert


def test_a_parting_is_taken_back(joined: Any, look: Any) -> None:
    before = look().incident
    do(joined, SPLIT, look(), (before.alerts[2].id,))
    do(joined, UNDO, look())
    centre = centre_of(joined)
    one = centre.incidents["inc-1"]
    assert (one.alerts, one.priority, one.kind) == (before.alerts, before.priority, before.kind)
    assert centre.incidents["inc-new"].merged_into == "inc-1"
    assert intake_of(joined).newest_at("site:site-b").id == "inc-1"


def test_a_parting_that_another_seat_works_on_is_not_taken_back(joined: Any, look: Any) -> None:
    do(joined, SPLIT, look(), (look().incident.alerts[2].id,))
    joined.write("inc-new", ev.IncidentClaimed(seat="1"), actor="seat/1")
    assert UNDO.available(look()).code == "nothing"


def test_the_leaving_sites_private_cameras_close(joined: Any, look: Any) -> None:
    joined.write("inc-1", ev.IncidentClaimed(seat="3"), actor="seat/3")
    until = joined.clock.now() + timedelta(minutes=5)
    both = ev.PrivateCamerasUnlocked(camera_ids=("PV-0001", "PV-0002"), seat="3", reason="x", until=until)
    joined.write("inc-1", both, actor="seat/3")
    do(joined, SPLIT, look(), (look().incident.alerts[2].id,))
    assert set(centre_of(joined).incidents["inc-1"].unlocked) == {"PV-0001"}


def test_neither_side_is_left_without_an_alarm(joined: Any, look: Any) -> None:
    everything = tuple(alert.id for alert in look().incident.alerts)
    assert SPLIT.drafts(look(), everything) == [] and SPLIT.drafts(look(), ()) == []
    back = joined.alert(kind=AlertKind.RESTORE, site_id="site-b")
    joined.write("inc-1", ev.AlertJoined(alert=back, reason="", why="same_site"))
    assert SPLIT.drafts(look(), (back.id,)) == []


def test_one_alert_cannot_be_parted_and_a_handed_off_whole_is_kept(day: Any, look: Any) -> None:
    day.open()
    assert SPLIT.available(look()).code == "one_alert"
    assert MERGE.available(look()).code == "alone"
    day.write("inc-1", ev.AlertJoined(alert=day.alert(), reason="", why="same_site"))
    hand_off(day, "inc-1")
    assert SPLIT.available(look()).code == "handed_off_whole"


def test_a_seat_that_is_gone_gives_its_incident_up(day: Any, look: Any) -> None:
    claim = OPERATIONS["incident.claim"]
    day.open()
    day.write("inc-1", ev.IncidentClaimed(seat="1"), actor="seat/1")
    assert claim.available(look()).code == "held"
    gone = replace(look(), gone=lambda seat: "seat_lost" if seat == "1" else "")
    do(day, claim, gone)
    taken = day.payloads(ev.IncidentClaimed)[-1]
    assert (taken.seat, taken.taken_from, taken.reason) == ("3", "1", "seat_lost")
