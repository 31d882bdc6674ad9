"""Whoever fetches recorded pictures is on record before they leave: seat, place, camera, span, and what for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx

from smartcity_console.clock import SystemClock
from smartcity_console.model.events import IncidentClaimed, ReplayFetched

NOW = SystemClock().now()


def fetch(gateway: Any, camera_id: str, start: datetime, end: datetime, seat: str = "2") -> httpx.Response:
    headers = {"Authorization": f"Bearer {gateway.secret('gateway-console')}", "X-Seat": seat}
    span = {"start": start.isoformat(), "end": end.isoformat()}
    reply: httpx.Response = gateway.get(f"/ring/{camera_id}/clip.mp4", params=span, headers=headers)
    return reply


def looks(gateway: Any) -> list[ReplayFetched]:
    return [event.payload_as(ReplayFetched) for event in gateway.events("ReplayFetched")]


def test_a_look_says_who_what_and_for_which_incident(gateway: Any, wait: Any) -> None:
    gateway.start()
    incident_id = gateway.open_incident()
    gateway.on_incident(incident_id, IncidentClaimed(seat="2"))
    gateway.unlock(incident_id)
    start = NOW - timedelta(seconds=30)
    assert fetch(gateway, "PV-0001", start, NOW).status_code == 200
    (look,) = looks(gateway)
    assert (look.camera_id, look.seat, look.remote, look.is_private) == ("PV-0001", "2", "127.0.0.1", True)
    assert (look.start, look.end, look.incident_ids) == (start, NOW, (incident_id,))


def test_the_same_pictures_again_are_one_look_and_others_are_another(gateway: Any) -> None:
    gateway.start()
    start = NOW - timedelta(seconds=30)
    for begin, end, seat in (
        (start, NOW, "2"),
        (start + timedelta(seconds=5), NOW, "2"),  # inside of what was seen
        (start - timedelta(seconds=20), start, "2"),  # further back: new pictures
        (start - timedelta(seconds=10), NOW, "2"),  # all of it seen by now
        (start, NOW, "3"),  # another pair of eyes
    ):
        assert fetch(gateway, "GN-0001", begin, end, seat).status_code == 200
    assert [(look.seat, look.start) for look in looks(gateway)] == [
        ("2", start),
        ("2", start - timedelta(seconds=20)),
        ("3", start),
    ]
    assert all(look.incident_ids == () and not look.is_private for look in looks(gateway))


def test_what_was_not_given_is_no_look(gateway: Any) -> None:
    gateway.start()
    assert fetch(gateway, "PV-0001", NOW - timedelta(seconds=30), NOW).status_code == 403
    assert fetch(gateway, "GN-NONE", NOW - timedelta(seconds=30), NOW).status_code == 503
    assert looks(gateway) == []
