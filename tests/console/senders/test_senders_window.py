"""The window of senders over a real journal: figures, health, search, the form and its refusals, import, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from smartcity_console.composition.sender_window import JournalSenderBook
from smartcity_console.console.assembly import Console
from smartcity_console.console.senders.model import LATE, NEVER, SendersModel
from smartcity_console.console.senders.window import FIRMS, SENDERS
from smartcity_console.intake.sender_columns import Contact
from smartcity_console.model import events as ev
from smartcity_console.model.alert import AlertKind
from smartcity_console.model.sender import FirmRecord, SenderRecord
from smartcity_console.model.sender_figures import SenderFigures
from smartcity_console.model.site import Firm
from smartcity_console.model.verdict import Grade

CITY = SimpleNamespace(sites={}, firms={"s1": Firm("s1", "에스원", "S-1", "02-1")})
OWN = SenderRecord(account="1701", firm_id="s1", site_name="가온마트 은행로점", interval_s=60.0)
EVIL = "<img src=x><b>가온</b>"


@pytest.fixture
def opened(day: Any, tmp_path: Path, open_console: Callable[..., Console], qtbot: Any) -> Callable[..., Any]:
    """Return what opens a console and its window, the book loaded."""

    def make(role: str = "supervisor", language: str = "en") -> Any:
        book = JournalSenderBook(tmp_path, lambda: CITY, day.clock, "3")  # type: ignore[arg-type,return-value]
        console = open_console(language, senders=book)
        if role == "supervisor":
            console.seat._settings = console.seat._settings.replaced({"seat.role": "supervisor"})
        console.runner.run("senders.open")
        qtbot.waitUntil(lambda: console.senders._window is not None and not console.senders.loading, timeout=10_000)
        qtbot.waitUntil(console.senders.window.isActiveWindow, timeout=10_000)
        return console

    return make


def turn_to_firms(window: Any, qtbot: Any) -> None:
    """Turn the page by its key; where another window of the test has just taken the keys, once more."""

    def turned() -> bool:
        if window.page != FIRMS:
            window.activateWindow()
            QTest.keyClick(window, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
        return bool(window.page == FIRMS)

    qtbot.waitUntil(turned, timeout=10_000)


def register(day: Any, *records: SenderRecord) -> None:
    for record in records:
        day.write(record.account, ev.SenderRegistered(sender=record))


def incident(day: Any, number: int, claim_s: float, verdict_s: float, grade: Grade, **more: Any) -> None:
    day.open(f"inc-{number}", **more)
    day.clock.advance(claim_s)
    day.write(f"inc-{number}", ev.IncidentClaimed(seat="1"))
    day.clock.advance(verdict_s - claim_s)
    day.write(f"inc-{number}", ev.VerdictGiven(grade=grade, seat="1"))


def cells(window: Any, page: int = SENDERS) -> list[list[str]]:
    proxy = window.tables[page].model()
    return [
        [proxy.index(row, column).data() for column in range(proxy.columnCount())] for row in range(proxy.rowCount())
    ]


def typed(edit: Any, text: str) -> None:
    edit.selectAll()
    QTest.keyClicks(edit, text)


def test_the_fold_counts_by_account_and_firm_in_a_period(day: Any) -> None:
    incident(day, 1, 10, 40, Grade.FALSE_ALARM)
    incident(day, 2, 20, 60, Grade.LIFE_THREAT, account="1702")
    incident(day, 3, 30, 50, Grade.FALSE_ALARM)
    day.open("inc-4", is_test=True)
    day.open("inc-5", kind=AlertKind.RESTORE)
    day.clock.advance(40 * 86_400)
    incident(day, 6, 5, 8, Grade.LIFE_THREAT)
    figures = SenderFigures()
    for event in day.journal.read():
        figures.take([event, event])
    today = day.clock.now().date()
    firm = figures.of_firms(today - timedelta(days=89), today)["s1"]
    assert (firm.alerts, firm.judged, firm.false_alarms) == (4, 4, 2)
    assert (firm.claim_s, firm.verdict_s) == (15.0, 45.0)
    recent = figures.of_accounts(today - timedelta(days=29), today)
    assert set(recent) == {"1701"} and recent["1701"].false_share == 0.0 and recent["1701"].claim_s == 5.0
    long = figures.of_accounts(today - timedelta(days=89), today)
    assert long["1701"].false_share == 2 / 3 and long["1702"].incidents == 1


def test_what_is_merged_counts_once_and_the_last_verdict_holds(day: Any) -> None:
    incident(day, 1, 10, 40, Grade.LIFE_THREAT)
    incident(day, 2, 10, 40, Grade.LIFE_THREAT)
    day.write("inc-2", ev.IncidentMerged(into="inc-1", seat="1"))
    day.write("inc-1", ev.VerdictGiven(grade=Grade.FALSE_ALARM, seat="1"))
    figures = SenderFigures()
    figures.take(day.journal.read())
    today = day.clock.now().date()
    firm = figures.of_firms(today, today)["s1"]
    assert (firm.alerts, firm.incidents, firm.false_alarms, firm.verdict_s) == (2, 1, 1, 40.0)


def test_health_and_figures_stand_in_the_tables(day: Any, opened: Callable[..., Any], qtbot: Any) -> None:
    incident(day, 1, 10, 40, Grade.FALSE_ALARM)
    register(day, OWN, SenderRecord(account="1702", firm_id="s1", site_name=EVIL, interval_s=60.0))
    day.write("1701", ev.SenderLate(account="1701", firm_id="s1", silent_s=95.0))
    console = opened()
    window = console.senders.window
    first, second = cells(window)
    assert first[0] == "▲ late: silent for 01:35" and first[1:4] == ["1701", "에스원", "가온마트 은행로점"]
    assert first[6:] == ["1", "1", "100% (1/1)", "10 s", "40 s", "0"]
    assert second[0] == "never heard" and second[3] == EVIL
    tip = window.tables[SENDERS].model().index(1, 3).data(Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip, "outside text is no markup in a tooltip either"
    model = window.models[SENDERS]
    assert isinstance(model, SendersModel)
    assert sorted(model.health(line) for line in model.lines) == [LATE, NEVER]
    assert cells(window, FIRMS)[0][:3] == ["에스원", "02-1", "2"]
    assert "30 days" in window.named.text() and "2026-" in window.named.text()
    day.write("1701", ev.SenderHeard(account="1701", firm_id="s1", interval_s=60.0))
    qtbot.waitUntil(lambda: not console.session.centre.senders["1701"].late)
    assert any(row[0].startswith("● heard") for row in cells(window))
    assert "1 senders well" in console.window._panels.header.senders.text


def test_search_narrows_both_tables(day: Any, opened: Callable[..., Any]) -> None:
    register(day, OWN, SenderRecord(account="1702", firm_id="kt", site_name="다른 가게"))
    window = opened().senders.window
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(window.search, "1702")
    assert [row[1] for row in cells(window)] == ["1702"]
    window.search.setText("은행로")
    assert [row[1] for row in cells(window)] == ["1701"] and cells(window, FIRMS) == []


def test_a_supervisor_changes_an_entry_by_keyboard(
    day: Any, opened: Callable[..., Any], qtbot: Any, tmp_path: Path
) -> None:
    register(day, OWN)
    console = opened()
    window = console.senders.window
    assert window.form.texts["interval_s"] == "60" and not window.save.isEnabled()
    typed(window.form.edits["interval_s"], "abc")
    typed(window.form.edits["networks"], "10.0.0.1/8")
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.form.error("interval_s") != "")
    assert window.form.error("interval_s") == "no number of seconds" and window.form.error("networks")
    assert not [event for event in day.journal.read() if event.type == "SenderChanged"]
    typed(window.form.edits["interval_s"], "90")
    typed(window.form.edits["networks"], "10.0.0.0/8")
    typed(window.form.edits["contact_name"], "Hong Gildong")
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: any(event.type == "SenderChanged" for event in day.journal.read()), timeout=10_000)
    (changed,) = [e.payload_as(ev.SenderChanged) for e in day.journal.read() if e.type == "SenderChanged"]
    assert (changed.sender.interval_s, changed.sender.networks, changed.seat) == (90.0, ("10.0.0.0/8",), "3")
    assert changed.before == OWN and "Hong" not in str(changed)
    qtbot.waitUntil(lambda: window.line().own == changed.sender, timeout=10_000)
    qtbot.waitUntil(lambda: window.form.texts["contact_name"] == "Hong Gildong", timeout=10_000)
    assert window.form.texts["interval_s"] == "90"
    stored = JournalSenderBook(tmp_path, lambda: CITY, day.clock, "3").contact(changed.sender.contact_sha256)  # type: ignore[arg-type,return-value]
    assert stored == Contact("Hong Gildong", "")


def test_a_new_firm_and_taking_it_out_again(day: Any, opened: Callable[..., Any], qtbot: Any) -> None:
    console = opened()
    window = console.senders.window
    turn_to_firms(window, qtbot)
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    typed(window.form.edits["firm_id"], "kt")
    typed(window.form.edits["status_url"], "http://firm.example/")
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "https" in window.form.error("status_url"))
    typed(window.form.edits["status_url"], "https://firm.example/")
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: any(row[0] == "kt" for row in cells(window, FIRMS)), timeout=10_000)
    row = [row[0] for row in cells(window, FIRMS)].index("kt")
    window.tables[FIRMS].selectRow(row)
    qtbot.waitUntil(window.remove.isEnabled)
    window.remove.click()
    qtbot.waitUntil(lambda: not any(row[0] == "kt" for row in cells(window, FIRMS)), timeout=10_000)
    assert [event.type for event in day.journal.read() if event.stream == "firm/kt"] == [
        "FirmRegistered",
        "FirmRemoved",
    ]


def test_an_operator_may_look_and_is_told_why_not_more(day: Any, opened: Callable[..., Any]) -> None:
    register(day, OWN)
    console = opened(role="operator")
    window = console.senders.window
    assert not window.save.isEnabled() and "supervisor" in window.save.toolTip()
    assert window.form.edits["site_name"].isReadOnly() and not window.bring.isEnabled()
    reason = console.runner.reason("senders.save")
    assert reason is not None and reason.code == "no_supervisor"
    console.runner.run("senders.remove", OWN)
    assert not [event for event in day.journal.read() if event.type == "SenderRemoved"]


def test_a_file_is_shown_before_it_is_applied(day: Any, opened: Callable[..., Any], qtbot: Any, tmp_path: Path) -> None:
    console = opened()
    file = tmp_path / "senders.csv"
    lines = ("업체코드,업체명,계정,대상처명,감시주기", "s1,에스원,1701,가온마트,60", "s1,에스원,1702,가게,abc")
    file.write_bytes("\r\n".join(lines).encode("cp949"))
    console.senders.import_file(file)
    qtbot.waitUntil(lambda: console.senders.preview is not None, timeout=10_000)
    preview = console.senders.preview
    assert preview.changes.rowCount() == 2 and preview.bad.rowCount() == 1
    assert [preview.bad.index(0, column).data() for column in range(3)] == ["3", "감시주기", "abc"]
    assert not [event for event in day.journal.read() if event.type.startswith("Sender")]
    preview.apply.click()
    qtbot.waitUntil(lambda: any(row[1] == "1701" for row in cells(console.senders.window)), timeout=10_000)
    out = tmp_path / "out.csv"
    console.senders.export_to(out)
    qtbot.waitUntil(lambda: "2 entries" in console.senders.window.note.text(), timeout=10_000)
    assert "가온마트" in out.read_text("utf-8-sig")


def test_a_contact_that_comes_late_does_not_land_in_another_form(
    day: Any, opened: Callable[..., Any], tmp_path: Path
) -> None:
    register(day, OWN, msgspec.structs.replace(OWN, account="1702"))
    console = opened()
    window = console.senders.window
    line = window.line()
    window.tables[SENDERS].selectRow(1)
    console.senders._show_contact(line, Contact("Somebody Else", ""))
    assert window.form.texts["contact_name"] == "" and window.form.texts["account"] == "1702"


def test_all_words_are_there_in_korean(day: Any, opened: Callable[..., Any]) -> None:
    register(day, OWN)
    day.write("firm", ev.FirmRegistered(firm=FirmRecord(id="s1")))
    window = opened(language="ko").senders.window
    assert window.windowTitle() == "송신기"
    assert "최근 30일" in window.period.currentText() and window.save.text().startswith("저장")
