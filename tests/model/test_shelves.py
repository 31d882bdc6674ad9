"""Shelves: what they hold back, what they count, how they end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.events import AlarmShelved, AlarmUnshelved
from smartcity_console.model.place import place_of, places_leaving
from smartcity_console.model.shelves import KEPT, Shelves

NOW = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)


def alert(account: str = "17ab", zone: str = "2", after_s: float = 1.0, **more: Any) -> Alert:
    at = NOW + timedelta(seconds=after_s)
    facts: dict[str, Any] = {
        "id": "a",
        "protocol": "dc09/SIA-DCS",
        "account": account,
        "code": "BA",
        "kind": AlertKind.INTRUSION,
        "priority": Priority.HIGH,
        "occurred_at": at,
        "received_at": at,
        "known": True,
        "zone": zone,
    }
    return Alert(**(facts | more))


def shelved(zone: str = "2", minutes: float = 60.0) -> AlarmShelved:
    until = NOW + timedelta(minutes=minutes)
    return AlarmShelved(account="17AB", zone=zone, until=until, reason="공사", seat="1")


def test_a_zone_and_a_whole_account() -> None:
    shelves = Shelves()
    shelves.shelve(shelved("2"), NOW)
    assert shelves.holding(alert()) and not shelves.holding(alert(zone="3")) and not shelves.holding(alert("1702"))
    shelves.shelve(shelved(""), NOW)
    assert shelves.holding(alert(zone="3"))


def test_an_emergency_comes_through_and_so_does_what_comes_after_the_end() -> None:
    shelves = Shelves()
    shelves.shelve(shelved(minutes=10), NOW)
    assert shelves.holding(alert(priority=Priority.EMERGENCY)) is None
    assert shelves.holding(alert(after_s=599)) and shelves.holding(alert(after_s=600)) is None
    assert list(shelves.standing(NOW + timedelta(minutes=10))) == []


def test_each_held_alert_is_counted_on_one_shelf() -> None:
    shelves = Shelves()
    shelves.shelve(shelved("2", minutes=30), NOW)
    shelves.shelve(shelved("", minutes=60), NOW)
    for zone in ("2", "2", "3"):
        shelves.count(alert(zone=zone))
    assert [(shelf.said.zone, shelf.held) for shelf in shelves.standing(NOW)] == [("2", 0), ("", 3)]


def test_a_shelf_is_taken_away_or_forgotten_when_it_is_long_over() -> None:
    shelves = Shelves()
    shelves.shelve(shelved(minutes=1), NOW)
    shelves.count(alert(after_s=60 + KEPT.total_seconds()))
    assert len(shelves) == 1
    shelves.count(alert(after_s=61 + KEPT.total_seconds()))
    assert len(shelves) == 0
    shelves.shelve(shelved(), NOW)
    shelves.unshelve(AlarmUnshelved(account="17ab", zone="2", seat="1"))
    assert len(shelves) == 0


def test_a_place_leaves_with_the_alerts_that_alone_have_it() -> None:
    here, same, there = alert(site_id="s1"), alert(site_id="s1", zone="9"), alert(reference="26-7")
    assert place_of(here) == "site:s1" and place_of(there) == "case:dc09:26-7"
    assert places_leaving([here, there], [same]) == ("case:dc09:26-7",)
    assert places_leaving([here, same], [there]) == ("site:s1",)
