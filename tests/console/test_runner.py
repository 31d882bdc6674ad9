"""Two seats, one incident: nobody wins twice, and a bystander's event bothers nobody."""

from __future__ import annotations

from typing import Any

from smartcity_console.model import events as ev


def ready(console: Any, qtbot: Any, incident_id: str = "inc-1") -> Any:
    """Wait until the console shows the incident with its cameras on record."""
    qtbot.waitUntil(lambda: console.seat.incident is not None and console.seat.incident.id == incident_id, timeout=5000)
    qtbot.waitUntil(lambda: bool(console.seat.incident.cameras), timeout=5000)
    return console


def test_the_loser_of_a_claim_is_told_who_won(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open()
    console = ready(open_console(), qtbot)
    # The other seat's claim is in the journal, and this seat has not read it yet: the fold stands still meanwhile.
    console.session.blockSignals(True)
    day.write("inc-1", ev.IncidentClaimed(seat="1"), actor="seat/1")
    console.session.blockSignals(False)
    with qtbot.waitSignal(console.runner.refused, timeout=5000) as told:
        console.runner.run("incident.claim")
    assert told.args[1].code == "held"
    assert "1" in console.notice.text
    assert day.incident().count("IncidentClaimed") == 1


def test_a_bystanders_event_does_not_stop_a_hand_off(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open()
    console = ready(open_console(), qtbot)
    for op_id in ("incident.claim", "incident.grade.4"):
        with qtbot.waitSignal(console.runner.done, timeout=5000):
            console.runner.run(op_id)
    qtbot.waitUntil(lambda: console.seat.incident.grade is not None, timeout=5000)
    day.write("inc-1", ev.AlertJoined(alert=day.alert(), reason="site"))
    with qtbot.waitSignal(console.runner.done, timeout=5000):
        console.runner.run("incident.hand_off.police")
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
    day.open("inc-2")
    console = ready(open_console(), qtbot)
    day.write("inc-1", ev.AlertJoined(alert=day.alert(), reason="site"))
    console.session.changed.disconnect(console.seat._follow)
    with qtbot.waitSignal(console.runner.refused, timeout=5000) as told:
        console.runner.run("incident.claim")
        console.seat.select("inc-2")
        console.runner.run("incident.close")
    assert told.args[1].code in ("unclaimed", "looked_away")
