"""Which cameras open, when, for whom, and what goes on record about it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from smartcity_console.model import events as ev
from smartcity_console.model.alert import Priority
from smartcity_console.model.errors import UnknownCamera

PUBLIC = ("GN-0001", "GN-0002", "GN-0004", "GN-0005", "GN-0006")


def claim(console: Any, qtbot: Any) -> None:
    with qtbot.waitSignal(console.runner.done, timeout=5000):
        console.runner.run("incident.claim")
    qtbot.waitUntil(lambda: console.seat.incident.claimed_by == "3", timeout=5000)


def test_an_emergency_opens_its_cameras_by_itself(day: Any, open_console: Any, qtbot: Any) -> None:
    console = open_console()
    assert console.wall.cameras == ()
    day.open()
    qtbot.waitUntil(lambda: console.wall.cameras == PUBLIC, timeout=3000)
    assert console.map.shown[-1] == ("inc-1", PUBLIC)
    qtbot.waitUntil(lambda: "CamerasSelected" in day.incident(), timeout=5000)


def test_what_is_less_than_an_emergency_waits_for_the_operator(day: Any, open_console: Any, qtbot: Any) -> None:
    console = open_console()
    day.open(priority=Priority.HIGH)
    qtbot.waitUntil(lambda: console.map.queue == ["inc-1"], timeout=5000)
    assert console.seat.incident is None and console.wall.cameras == ()


def test_a_second_emergency_does_not_take_the_screen_away(day: Any, open_console: Any, qtbot: Any) -> None:
    console = open_console()
    day.open("inc-1")
    qtbot.waitUntil(lambda: console.seat.incident is not None, timeout=5000)
    day.open("inc-2")
    qtbot.waitUntil(lambda: len(console.map.queue) == 2, timeout=5000)
    assert console.seat.incident.id == "inc-1"


def test_cameras_go_on_record_once(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open()
    console = open_console()
    qtbot.waitUntil(lambda: "CamerasSelected" in day.incident(), timeout=5000)
    day.write("inc-1", ev.AlertJoined(alert=day.alert(), reason="site"))
    qtbot.waitUntil(lambda: len(console.seat.incident.alerts) == 2, timeout=5000)
    assert day.incident().count("CamerasSelected") == 1


def test_a_private_camera_opens_with_the_claim_and_shuts_with_its_end(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open()
    console = open_console()
    qtbot.waitUntil(lambda: console.wall.cameras == PUBLIC, timeout=5000)
    claim(console, qtbot)
    qtbot.waitUntil(lambda: "PV-0001" in console.wall.cameras, timeout=5000)
    assert set(console.wall.until) == {"PV-0001"}
    with qtbot.waitSignal(console.runner.done, timeout=5000):
        console.runner.run("incident.release")
    qtbot.waitUntil(lambda: console.wall.until == {}, timeout=5000)


def test_another_seats_private_camera_stays_shut_here(day: Any, open_console: Any, sample: Any, qtbot: Any) -> None:
    day.open()
    day.write("inc-1", ev.IncidentClaimed(seat="1"), actor="seat/1")
    until = day.clock.now().replace(year=2030)
    unlocked = ev.PrivateCamerasUnlocked(camera_ids=("PV-0001",), seat="1", reason="verification", until=until)
    day.write("inc-1", unlocked, ev.CamerasSelected(cameras=(sample.PRIVATE_CAMERA, *sample.PUBLIC_CAMERAS)))
    console = open_console()
    console.seat.select("inc-1")
    qtbot.waitUntil(lambda: "PV-0001" in console.wall.cameras, timeout=5000)
    assert console.wall.until == {}
    assert all(seen.camera_id != "PV-0001" for seen in console.controller.visible(console.seat.incident))


def test_private_cameras_shut_when_their_time_is_over(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open()
    console = open_console()
    qtbot.waitUntil(lambda: console.wall.cameras == PUBLIC, timeout=5000)
    claim(console, qtbot)
    qtbot.waitUntil(lambda: "PV-0001" in console.wall.cameras, timeout=5000)
    day.clock.advance(599)
    console.controller.tick()
    day.clock.advance(2)
    console.controller.tick()
    qtbot.waitUntil(lambda: console.wall.until == {}, timeout=5000)
    assert [p.reason for p in day.payloads(ev.PrivateCamerasLocked)] == ["expired"]


def test_closing_frees_the_seat_for_the_next_emergency(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open("inc-1")
    day.clock.advance(1)
    day.open("inc-2")
    console = open_console()
    qtbot.waitUntil(lambda: bool(console.seat.incident and console.seat.incident.cameras), timeout=5000)
    claim(console, qtbot)
    for op_id in ("incident.grade.0", "incident.close"):
        with qtbot.waitSignal(console.runner.done, timeout=5000):
            console.runner.run(op_id)
        qtbot.waitUntil(lambda: console.session.centre.incidents["inc-1"].grade is not None, timeout=5000)
    qtbot.waitUntil(lambda: console.seat.incident is not None and console.seat.incident.id == "inc-2", timeout=5000)


def test_the_seconds_before_the_alarm_are_one_key_away_and_live_is_the_same_key(
    day: Any, open_console: Any, qtbot: Any
) -> None:
    asked: list[tuple[str, float, float]] = []

    def fetch(camera_id: str, start: Any, end: Any) -> Path:
        opened = day.journal.read(stream="incident/inc-1")[0].at
        asked.append((camera_id, (start - opened).total_seconds(), (end - opened).total_seconds()))
        return day.path.with_name("clip.mp4")

    day.open()
    console = open_console(fetch_replay=fetch)
    qtbot.waitUntil(lambda: bool(console.seat.incident and console.seat.incident.cameras), timeout=5000)
    day.clock.advance(20)
    console.runner.run("wall.replay")
    qtbot.waitUntil(lambda: bool(console.wall.replays), timeout=5000)
    assert asked == [("GN-0001", -10.0, 5.0)]
    assert console.wall.replays[0][2] == 10.0
    console.runner.run("wall.replay")
    assert console.wall.live_again == 1


def test_the_chosen_tile_is_the_one_replayed(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open()
    console = open_console()
    qtbot.waitUntil(lambda: bool(console.seat.incident and console.seat.incident.cameras), timeout=5000)
    console.wall.chosen = "GN-0004"
    console.runner.run("wall.replay")
    qtbot.waitUntil(lambda: bool(console.wall.replays), timeout=5000)
    assert console.wall.replays[0][0] == "GN-0004"


def test_a_clip_that_cannot_be_had_is_told_and_may_be_asked_for_again(day: Any, open_console: Any, qtbot: Any) -> None:
    def fetch(camera_id: str, _start: Any, _end: Any) -> Path:
        raise UnknownCamera(camera_id=camera_id)

    day.open()
    console = open_console(fetch_replay=fetch)
    qtbot.waitUntil(lambda: bool(console.seat.incident and console.seat.incident.cameras), timeout=5000)
    for _ in range(2):
        with qtbot.waitSignal(console.controller.failed, timeout=5000):
            console.runner.run("wall.replay")
    assert "GN-0001" in console.notice.text


def test_a_slow_ranking_does_not_hold_the_screen(day: Any, open_console: Any, sample: Any, qtbot: Any) -> None:
    gate = threading.Event()

    def rank(_incident: Any) -> list[Any]:
        gate.wait(10)
        return list(sample.PUBLIC_CAMERAS)

    day.open("inc-1")
    day.clock.advance(1)
    day.open("inc-2")
    console = open_console(rank=rank)
    qtbot.waitUntil(lambda: console.seat.incident is not None, timeout=5000)
    console.seat.select("inc-2")
    assert console.map.shown[-1] == ("inc-2", ())
    gate.set()
    qtbot.waitUntil(lambda: console.map.shown[-1] == ("inc-2", PUBLIC), timeout=5000)
    assert ("inc-1", PUBLIC) not in console.map.shown


def test_an_incident_without_a_place_shows_no_camera(day: Any, open_console: Any, qtbot: Any) -> None:
    console = open_console()
    day.open(known=False, position=None, account="9999", site_name="", address="")
    qtbot.waitUntil(lambda: console.seat.incident is not None, timeout=5000)
    assert console.map.shown[-1] == ("inc-1", ())
    assert "CamerasSelected" not in day.incident()


def test_the_map_and_the_wall_point_at_the_same_camera(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open()
    console = open_console()
    qtbot.waitUntil(lambda: bool(console.seat.incident and console.seat.incident.cameras), timeout=5000)
    console.wall.chosen = "GN-0002"
    console.wall.tileActivated.emit(2)
    assert console.map.selected == "GN-0002"
    console.map.cameraActivated.emit("GN-0004")
    assert (console.wall.tile, console.map.selected) == (3, "GN-0004")


def test_what_is_long_over_does_not_open_while_the_past_is_read(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open("old")
    payload = ev.SenderHeard(account="1", firm_id="s1", interval_s=60)
    day.journal.append(*(ev.Draft("sender/1", payload, "gateway") for _ in range(700)))
    day.write("old", ev.IncidentClosed(outcome="resolved", seat="1"), actor="seat/1")
    console = open_console()
    qtbot.waitUntil(lambda: console.session.centre.incidents["old"].closed_at is not None, timeout=5000)
    assert all(incident_id is None for incident_id, _ in console.map.shown)
    day.open("new")
    qtbot.waitUntil(lambda: console.wall.cameras == PUBLIC, timeout=3000)
    assert "CamerasSelected" not in day.incident("old")


def test_two_seats_put_the_cameras_on_record_once(day: Any, open_console: Any, qtbot: Any) -> None:
    first, second = open_console(seat="3"), open_console(seat="4")
    day.open()
    qtbot.waitUntil(lambda: first.wall.cameras == PUBLIC and second.wall.cameras == PUBLIC, timeout=5000)
    for console in (first, second):
        qtbot.waitUntil(lambda c=console: bool(c.seat.incident.cameras), timeout=5000)
    assert day.incident().count("CamerasSelected") == 1
    claim(first, qtbot)
    qtbot.waitUntil(lambda: second.seat.incident.claimed_by == "3", timeout=5000)
    assert second.runner.reason("incident.claim").code == "held"


def test_an_incident_that_another_seat_closed_makes_room_for_an_emergency(
    day: Any, open_console: Any, qtbot: Any
) -> None:
    day.open("inc-1")
    console = open_console()
    qtbot.waitUntil(lambda: bool(console.seat.incident and console.seat.incident.cameras), timeout=5000)
    day.write("inc-1", ev.IncidentClaimed(seat="1"), ev.IncidentClosed(outcome="resolved", seat="1"), actor="seat/1")
    qtbot.waitUntil(lambda: console.seat.incident.closed_at is not None, timeout=5000)
    day.open("inc-2")
    qtbot.waitUntil(lambda: console.seat.incident.id == "inc-2", timeout=3000)


def test_a_shut_private_camera_is_not_replayed(day: Any, open_console: Any, sample: Any, qtbot: Any) -> None:
    day.open()
    day.write("inc-1", ev.CamerasSelected(cameras=(sample.PRIVATE_CAMERA, *sample.PUBLIC_CAMERAS)))
    console = open_console()
    qtbot.waitUntil(lambda: "PV-0001" in console.wall.cameras, timeout=5000)
    console.wall.chosen = "PV-0001"
    console.runner.run("wall.replay")
    qtbot.waitUntil(lambda: bool(console.wall.replays), timeout=5000)
    assert console.wall.replays[0][0] == "GN-0001"
