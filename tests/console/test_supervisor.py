"""The supervisor's window: shelves that hold back and count, a table that is tried before it is in force."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from smartcity_console.console.assembly import Console
from smartcity_console.console.supervisor.shelve_dialog import offers
from smartcity_console.console.supervisor.trial import samples_of, trial
from smartcity_console.intake.standing import Standing
from smartcity_console.model import events as ev
from smartcity_console.model.alert import AlertKind, Priority
from smartcity_console.model.centre import Centre
from smartcity_console.model.priority import DEFAULT_TABLE, PriorityRule
from smartcity_console.settings import Settings


@pytest.fixture
def supervisor(day: Any, tmp_path: Any, qapp: Any, qtbot: Any, sample: Any) -> Any:
    """A console at a supervisor's seat, with an incident of two detectors."""
    day.open("inc-1", priority=Priority.HIGH, kind=AlertKind.INTRUSION, code="BA", zone="2")
    day.write("inc-1", ev.AlertJoined(alert=day.alert(zone="9"), reason="", why="same_site"))
    settings = Settings().replaced({"ui.language": "en", "seat.role": "supervisor"})
    console = Console(qapp, tmp_path, settings, day.clock, sample.parts_for(day))
    console.window.show()
    with qtbot.waitSignal(console.session.caught_up, timeout=5000):
        console.start()
    console.seat.select("inc-1")
    yield console
    console.window.close()
    console.window.deleteLater()


def receive(day: Any, **changes: Any) -> None:
    alert = day.alert(**changes)
    day.write(alert.id, ev.AlertReceived(alert=alert))


def shelve(console: Any, qtbot: Any, hours: float = 2.0) -> None:
    console.runner.run("alarm.shelve")
    sheet = console.supervisor.sheet
    assert (sheet.account.text(), sheet.zone.text()) == ("1701", "2") and not sheet.do.isEnabled()
    sheet.hours.setValue(hours)
    sheet.reason.setText("공사 중, 업체 통보")
    sheet.do.click()
    qtbot.waitUntil(lambda: len(console.session.centre.shelves) == 1, timeout=5000)


def test_an_operator_is_told_that_it_is_the_supervisors(day: Any, open_console: Any) -> None:
    console = open_console()
    for op_id in ("alarm.shelve", "alarm.unshelve", "table.priority.set"):
        assert console.runner.reason(op_id).code == "no_supervisor"
    console.runner.run("supervisor.open")
    window = console.supervisor.window
    assert window.isVisible() and not window.table.save.isEnabled() and not window.table.add.isEnabled()
    assert not window.shelves.shelve.isEnabled()


def test_shelved_alarms_are_held_back_counted_and_let_through_again(day: Any, supervisor: Any, qtbot: Any) -> None:
    shelve(supervisor, qtbot)
    for changes in (
        {"zone": "2", "priority": Priority.HIGH},
        {"zone": "2", "priority": Priority.EMERGENCY},
        {"zone": "3", "priority": Priority.HIGH},
        {"zone": "2", "priority": Priority.NORMAL, "is_test": True},
    ):
        receive(day, **changes)
    qtbot.waitUntil(lambda: supervisor.session.centre.shelves.get("1701", "2").held == 1, timeout=5000)
    standing = Standing()
    standing.take(day.journal.read())
    assert standing.is_shelved(day.alert(zone="2", priority=Priority.HIGH))
    assert not standing.is_shelved(day.alert(zone="2", priority=Priority.EMERGENCY))
    supervisor.runner.run("alarm.unshelve")
    sheet = supervisor.supervisor.window.shelves
    sheet.sheet.selectRow(0)
    assert [sheet.sheet.item(0, column).text() for column in (0, 1, 3)] == ["1701", "2", "1"]
    sheet.take_away.click()
    qtbot.waitUntil(lambda: len(supervisor.session.centre.shelves) == 0, timeout=5000)
    standing.take(day.journal.read(after_seq=0))
    assert not standing.is_shelved(day.alert(zone="2", priority=Priority.HIGH))


def test_a_shelf_ends_by_its_time_and_never_lasts_longer_than_a_shift(day: Any, supervisor: Any, qtbot: Any) -> None:
    shelve(supervisor, qtbot, hours=99.0)
    header = supervisor.window._panels.header
    (shelf,) = supervisor.session.centre.shelves.standing(day.clock.now())
    assert shelf.said.until - day.clock.now() == timedelta(hours=8)
    qtbot.waitUntil(lambda: header.shelves.isVisible() and header.shelves.text == "1 shelved", timeout=5000)
    day.clock.advance(8 * 3600)
    supervisor.window.tick()
    assert not header.shelves.isVisible()
    assert supervisor.runner.reason("alarm.unshelve").code == "no_shelf"


@pytest.mark.usefixtures("qapp")
def test_emergencies_and_restorals_are_not_offered(day: Any) -> None:
    alerts = [
        day.alert(zone="2", priority=Priority.HIGH),
        day.alert(zone="9"),
        day.alert(zone="3", priority=Priority.HIGH, kind=AlertKind.RESTORE),
    ]
    assert [(account, zone) for _, account, zone in offers(alerts)] == [("1701", "2"), ("1701", "")]


def test_an_emergency_cannot_be_shelved(day: Any, supervisor: Any, qtbot: Any) -> None:
    day.open("inc-2", site_id="other")
    qtbot.waitUntil(lambda: "inc-2" in supervisor.session.centre.incidents, timeout=5000)
    supervisor.seat.select("inc-2")
    assert supervisor.runner.reason("alarm.shelve").code == "emergency"


def test_a_table_is_edited_tried_and_put_in_force(day: Any, supervisor: Any, qtbot: Any) -> None:
    for number in range(6):
        receive(day, kind=AlertKind.FIRE if number % 3 == 0 else AlertKind.WATER, priority=Priority.HIGH)
    qtbot.waitUntil(lambda: len(supervisor.session.centre.recent_alerts) == 7, timeout=5000)
    supervisor.runner.run("table.priority.set")
    editor = supervisor.supervisor.window.table
    assert editor.rules() == DEFAULT_TABLE and not editor.save.isEnabled()
    editor.list.setCurrentRow(len(DEFAULT_TABLE) - 1)
    editor.add.click()
    editor.form.name_ko.setText("침수")
    editor.form.name_en.setText("flooding")
    editor.form.kinds[AlertKind.WATER].click()
    editor.form.result.setCurrentIndex(0)
    assert editor.rules()[-1] == PriorityRule(
        name_ko="침수", name_en="flooding", kinds=(AlertKind.WATER,), priority=Priority.EMERGENCY
    )
    assert "fitted 4 of the last 7" in editor.trial.text()
    editor.up.click()
    assert [rule.name_en for rule in editor.rules()][-2] == "flooding"
    assert day.journal.read(stream="table/priority") == []  # nothing is in force yet
    editor.save.click()
    qtbot.waitUntil(lambda: supervisor.session.centre.priority_table == editor.rules(), timeout=5000)
    standing = Standing()
    standing.take(day.journal.read())
    decided = standing.priority(day.alert(kind=AlertKind.WATER, priority=Priority.NORMAL))
    assert (decided.priority, decided.reason_en) == (Priority.EMERGENCY, "flooding")
    qtbot.waitUntil(lambda: not editor.save.isEnabled(), timeout=5000)


def test_what_is_being_edited_is_not_swept_away_and_can_be_discarded(day: Any, supervisor: Any, qtbot: Any) -> None:
    supervisor.runner.run("table.priority.set")
    editor = supervisor.supervisor.window.table
    editor.list.setCurrentRow(0)
    editor.remove.click()
    day.write("priority", ev.PriorityTableSet(rules=DEFAULT_TABLE[:1], seat="2"))
    qtbot.waitUntil(lambda: supervisor.session.centre.priority_table == DEFAULT_TABLE[:1], timeout=5000)
    supervisor.supervisor.window.refresh()
    assert editor.rules() == DEFAULT_TABLE[1:]
    editor.back.click()
    assert editor.rules() == DEFAULT_TABLE[:1]


def test_a_rule_survives_the_form(supervisor: Any) -> None:
    form = supervisor.supervisor.window.table.form
    odd = PriorityRule(
        name_ko="가",
        name_en="a",
        kinds=(AlertKind.FIRE, AlertKind.GAS),
        firms=("s1", "kt"),
        sites=("site-1",),
        protocols=("linked/112", "mqtt/frigate"),
        is_known=False,
        false_share=0.75,
        recent=3,
        step=-1,
    )
    for rule in (*DEFAULT_TABLE, odd):
        form.show_rule(rule)
        assert form.rule() == rule


def test_a_trial_knows_what_was_known_then(day: Any) -> None:
    for number in range(6):
        day.open(f"inc-{number}", kind=AlertKind.INTRUSION, priority=Priority.HIGH)
        if number < 5:
            day.write(f"inc-{number}", ev.IncidentClosed(outcome="false_alarm", seat="1"))
        day.clock.advance(60)
    centre = Centre()
    centre.take(day.journal.read())
    mostly_false = PriorityRule(name_ko="가", name_en="a", false_share=0.9, step=1)
    repeated = PriorityRule(name_ko="나", name_en="b", recent=5, priority=Priority.NORMAL)
    first, second = trial([mostly_false, repeated], samples_of(centre))
    assert (first.fitted, first.decided, first.of) == (1, 1, 6)  # only the last came after five were known to be false
    assert (second.fitted, second.decided) == (1, 0)


def test_late_senders_are_listed(day: Any, supervisor: Any, qtbot: Any) -> None:
    day.write("1702", ev.SenderHeard(account="1702", firm_id="kt", interval_s=60))
    day.write("1701", ev.SenderLate(account="1701", firm_id="s1", silent_s=95))
    supervisor.runner.run("supervisor.open")
    late = supervisor.supervisor.window.late
    qtbot.waitUntil(lambda: late.sheet.rowCount() == 1, timeout=5000)
    assert late.sheet.item(0, 1).text() == "에스원" and late.sheet.item(0, 3).text() == "01:35"
