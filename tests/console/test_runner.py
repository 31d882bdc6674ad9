"""Two seats, one incident: nobody wins twice, and a bystander's event bothers nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from smartcity_console.model import events as ev


def ready(console: Any, qtbot: Any, incident_id: str = "inc-1") -> Any:
    """Wait until the console shows the incident with its cameras on record."""
    qtbot.waitUntil(lambda: console.seat.incident is not None and console.seat.incident.id == incident_id, timeout=5000)
    qtbot.waitUntil(lambda: bool(console.seat.incident.cameras), timeout=5000)
    return console


def hold_the_fold(console: Any) -> Callable[[], None]:
    """Let this seat's screen lag behind the journal, as between two polls; the returned call lets it catch up."""
    console.follower.ready.disconnect(console.session._fold)

    def catch_up() -> None:
        console.follower.ready.connect(console.session._fold)
        console.session._fold()

    return catch_up


def do(console: Any, qtbot: Any, op_id: str) -> None:
    with qtbot.waitSignal(console.runner.done, timeout=5000):
        console.runner.run(op_id)


def test_the_loser_of_a_claim_is_told_who_won(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open()
    console = ready(open_console(), qtbot)
    catch_up = hold_the_fold(console)
    day.write("inc-1", ev.IncidentClaimed(seat="1"), actor="seat/1")
    console.runner.run("incident.claim")
    qtbot.waitUntil(lambda: bool(console.runner._waiting), timeout=5000)
    with qtbot.waitSignal(console.runner.refused, timeout=5000) as told:
        qtbot.waitUntil(lambda: console.follower.has_more, timeout=5000)
        catch_up()
    assert told.args[1].code == "held"
    assert "Seat 1" in console.notice.text
    assert day.incident().count("IncidentClaimed") == 1


def test_a_bystanders_event_does_not_stop_a_hand_off(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open()
    console = ready(open_console(), qtbot)
    do(console, qtbot, "incident.claim")
    do(console, qtbot, "incident.grade.4")
    qtbot.waitUntil(lambda: "PV-0001" in console.wall.cameras, timeout=5000)
    qtbot.waitUntil(lambda: console.seat.incident.version == day.journal.version("incident/inc-1"), timeout=5000)
    catch_up = hold_the_fold(console)
    day.write("inc-1", ev.AlertJoined(alert=day.alert(), reason="site"))
    console.runner.run("incident.hand_off.police")
    qtbot.waitUntil(lambda: bool(console.runner._waiting), timeout=5000)
    assert "HandoffRequested" not in day.incident()
    with qtbot.waitSignal(console.runner.done, timeout=5000):
        qtbot.waitUntil(lambda: console.follower.has_more, timeout=5000)
        catch_up()
    assert day.incident().count("HandoffRequested") == 1


def test_what_an_operation_needs_is_asked_for(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open()
    console = ready(open_console(), qtbot)
    with qtbot.waitSignal(console.runner.done, timeout=5000):
        console.runner.run("incident.claim")
    qtbot.waitUntil(lambda: console.seat.incident.claimed_by == "3", timeout=5000)
    with qtbot.waitSignal(console.runner.asked, timeout=5000) as asked:
        console.runner.run("incident.note")
    assert asked.args == ["incident.note", "note"]


def test_an_act_is_not_done_on_an_incident_that_left_the_screen(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open("inc-1")
    day.clock.advance(1)
    day.open("inc-2")
    console = ready(open_console(), qtbot)
    catch_up = hold_the_fold(console)
    day.write("inc-1", ev.AlertJoined(alert=day.alert(), reason="site"))
    console.runner.run("incident.claim")
    qtbot.waitUntil(lambda: bool(console.runner._waiting), timeout=5000)
    console.seat.select("inc-2")
    with qtbot.waitSignal(console.runner.refused, timeout=5000) as told:
        qtbot.waitUntil(lambda: console.follower.has_more, timeout=5000)
        catch_up()
    assert told.args[1].code == "looked_away"
    assert "IncidentClaimed" not in day.incident("inc-1") + day.incident("inc-2")
