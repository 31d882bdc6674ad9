"""What comes beside an alarm: merging by hand, pictures, a person's record, addresses. On record before it is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QBuffer
from PySide6.QtGui import QColor, QGuiApplication, QImage

from smartcity_console.console.incident.links import LinksDialog
from smartcity_console.console.incident.person import PersonDialog
from smartcity_console.console.incident.pictures import PictureMissing, PictureUnreadable, read_picture
from smartcity_console.console.incident.reports_view import report_lines
from smartcity_console.journal import Vault
from smartcity_console.model import events as ev
from smartcity_console.model.alert import AlertKind, Attachment, Priority
from smartcity_console.model.centre import Centre

RECORD = '{"DSC_NM":"김가온","DSC_PHONE":"010-0000-0000","INFO":["검은 점퍼"]}'.encode()


def jpeg(width: int = 320, height: int = 180) -> bytes:
    image, buffer = QImage(width, height, QImage.Format.Format_RGB32), QBuffer()
    image.fill(QColor("#336699"))
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "JPG")
    return bytes(buffer.data().data())


def attach(vault: Vault, data: bytes, **more: Any) -> Attachment:
    return Attachment(sha256=vault.put(data), media_type="image/jpeg", size_bytes=len(data), **more)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path)


@pytest.fixture
def sought(day: Any, vault: Vault) -> Any:
    """A person sought, with a record and a picture in the vault."""
    day.open(
        "inc-1",
        kind=AlertKind.MISSING_PERSON,
        priority=Priority.HIGH,
        protocol="linked/WPSSF110",
        personal_sha256=vault.put(RECORD),
        attachments=(attach(vault, jpeg(), is_personal=True),),
    )
    return day


def look_at(console: Any, qtbot: Any, incident_id: str = "inc-1") -> None:
    qtbot.waitUntil(lambda: incident_id in console.session.centre.incidents, timeout=5000)
    console.seat.select(incident_id)


def claim(console: Any, qtbot: Any) -> None:
    console.runner.run("incident.claim")
    qtbot.waitUntil(lambda: console.seat.incident.claimed_by == "3", timeout=5000)


def test_a_persons_record_wants_a_claim(sought: Any, open_console: Any, qtbot: Any) -> None:
    console = open_console()
    look_at(console, qtbot)
    console.runner.run("incident.show_person")
    assert console.acts.sheet is None and "F2" in console.notice.text
    assert console.window.strip.told.pictures.count() == 0  # a person's picture is not among the pictures


def test_what_is_shown_of_a_person_is_on_record_with_seat_and_purpose(
    sought: Any, open_console: Any, qtbot: Any
) -> None:
    console = open_console()
    look_at(console, qtbot)
    claim(console, qtbot)
    console.runner.run("incident.show_person")
    sheet = console.acts.sheet
    assert isinstance(sheet, PersonDialog) and sheet.shown() == []
    assert sought.payloads(ev.PersonalRecordShown) == []  # the sheet alone shows nothing
    sheet.why.setEditText("")
    assert not any(button.isEnabled() for button in sheet.buttons)
    sheet.why.setEditText("카메라에서 찾기")
    for button in sheet.buttons:
        button.click()
    qtbot.waitUntil(lambda: len(sheet.shown()) == 2, timeout=5000)
    assert "김가온" in sheet.shown()[0].text() and not sheet.shown()[1].pixmap().isNull()
    told = sought.payloads(ev.PersonalRecordShown)
    assert [(t.what, t.seat, t.why) for t in told] == [
        ("record", "3", "카메라에서 찾기"),
        ("picture", "3", "카메라에서 찾기"),
    ]
    assert not any("김가온" in event.data.decode() for event in sought.journal.read())


def test_the_record_goes_with_the_claim(sought: Any, open_console: Any, qtbot: Any) -> None:
    console = open_console()
    look_at(console, qtbot)
    claim(console, qtbot)
    console.runner.run("incident.show_person")
    assert console.acts.sheet is not None
    console.runner.run("incident.release")
    qtbot.waitUntil(lambda: console.acts.sheet is None, timeout=5000)


def test_a_purged_record_says_so(sought: Any, open_console: Any, qtbot: Any, vault: Vault) -> None:
    console = open_console()
    look_at(console, qtbot)
    claim(console, qtbot)
    assert vault.purge(console.seat.incident.first_alert.personal_sha256)
    console.runner.run("incident.show_person")
    console.acts.sheet.buttons[0].click()
    qtbot.waitUntil(lambda: "vault" in console.notice.text, timeout=5000)
    assert console.acts.sheet.shown() == []


def test_pictures_of_the_sender_are_read_off_the_qt_thread(
    day: Any, open_console: Any, qtbot: Any, vault: Vault
) -> None:
    day.open("inc-1", attachments=(attach(vault, jpeg(), name="door.jpg"), attach(vault, jpeg(64, 64))))
    console = open_console()
    look_at(console, qtbot)
    told = console.window.strip.told
    assert told.pictures.count() == 2 and told.tabs[2].isChecked()

    def colours() -> list[str]:
        icons = (told.pictures.item(n).icon() for n in range(2))
        return [icon.pixmap(icon.availableSizes()[0]).toImage().pixelColor(20, 20).name() for icon in icons]

    qtbot.waitUntil(lambda: all(colour.startswith("#3") for colour in colours()), timeout=5000)


@pytest.mark.usefixtures("qapp")
def test_what_is_no_picture_or_is_gone_says_so(vault: Vault) -> None:
    with pytest.raises(PictureUnreadable):
        read_picture(vault.get, vault.put(b"no picture at all"))
    with pytest.raises(PictureMissing):
        read_picture(vault.get, "0" * 64)
    assert max(read_picture(vault.get, vault.put(jpeg(3000, 200))).size().toTuple()) == 1600


def test_an_address_is_opened_only_by_hand_and_on_record(day: Any, open_console: Any, qtbot: Any) -> None:
    opened: list[str] = []
    day.open("inc-1", verification_url="https://firm.example/v/88?t=secret", live_url="file:///etc/passwd")
    console = open_console(open_url=opened.append)
    look_at(console, qtbot)
    claim(console, qtbot)
    for number, act in ((1, "open_buttons"), (0, "copy_buttons")):
        console.runner.run("incident.use_link")
        sheet = console.acts.sheet
        assert isinstance(sheet, LinksDialog)
        assert [button.isEnabled() for button in sheet.open_buttons] == [False, True]
        getattr(sheet, act)[number].click()
        qtbot.waitUntil(lambda count=2 - number: len(day.payloads(ev.ReportLinkUsed)) == count, timeout=5000)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "file:///etc/passwd", timeout=5000)
    assert opened == ["https://firm.example/v/88?t=secret"]
    assert [(u.link, u.act, u.seat) for u in day.payloads(ev.ReportLinkUsed)] == [
        ("verification", "opened", "3"),
        ("live", "copied", "3"),
    ]


def test_merging_is_asked_for_and_taken_back_by_keys(day: Any, open_console: Any, qtbot: Any) -> None:
    for number in (1, 2):
        day.open(f"inc-{number}", priority=Priority.HIGH, site_id=f"site-{number}")
        day.clock.advance(1)
    console = open_console()
    look_at(console, qtbot)
    console.runner.run("incident.merge")
    sheet = console.acts.sheet
    assert sheet.list.count() == 1 and "0 m away" in sheet.list.item(0).text()
    sheet.button.click()
    qtbot.waitUntil(lambda: len(console.seat.queue()) == 1, timeout=5000)
    assert len(console.seat.incident.alerts) == 2
    console.runner.run("edit.undo")
    qtbot.waitUntil(lambda: len(console.seat.queue()) == 2, timeout=5000)


def test_parting_ticks_detectors(day: Any, open_console: Any, qtbot: Any) -> None:
    from PySide6.QtCore import Qt

    day.open("inc-1", priority=Priority.HIGH)
    for zone in ("9", "4", "4"):
        day.write("inc-1", ev.AlertJoined(alert=day.alert(zone=zone), reason="", why="same_site", after_s=3))
    console = open_console()
    look_at(console, qtbot)
    console.runner.run("incident.split")
    sheet = console.acts.sheet
    assert sheet.list.count() == 2 and not sheet.button.isEnabled()
    sheet.list.item(1).setCheckState(Qt.CheckState.Checked)
    sheet.button.click()
    qtbot.waitUntil(lambda: len(console.seat.queue()) == 2, timeout=5000)
    other = next(i for i in console.seat.queue() if i.id != "inc-1")
    assert [a.zone for a in other.alerts] == ["4", "4"] and len(console.seat.incident.alerts) == 2


def test_the_sheet_goes_when_another_incident_is_looked_at(day: Any, open_console: Any, qtbot: Any) -> None:
    for number in (1, 2):
        day.open(f"inc-{number}", priority=Priority.HIGH, site_id=f"site-{number}")
    console = open_console()
    look_at(console, qtbot)
    console.runner.run("incident.merge")
    console.seat.select("inc-2")
    assert console.acts.sheet is None


@pytest.mark.usefixtures("qapp")
def test_reports_say_why_they_are_here_by_their_code(day: Any) -> None:
    day.open("inc-1")
    call = day.alert(protocol="linked/112UC120", account="112", zone="", code="AR", text="흉기를 들었다고 함")
    day.write("inc-1", ev.AlertJoined(alert=call, reason="가까운 다른 신고", why="near", after_s=40, distance_m=90.2))
    day.write("inc-1", ev.ChatterFolded(account="1701", zone="9", code="PA", count=7))
    centre = Centre()
    centre.take(day.journal.read())
    lines = [text for text, _ in report_lines(centre.incidents["inc-1"])]
    assert any(line.endswith("×8") for line in lines)
    assert any(line.endswith("near, 90 m, after 40 s") and "112 dispatch" in line for line in lines)
    assert "흉기를 들었다고 함" in lines and not any("가까운" in line for line in lines)


def test_a_claim_whose_console_is_gone_is_taken_over(day: Any, open_console: Any, qtbot: Any) -> None:
    day.open("inc-1", priority=Priority.HIGH)
    day.write("1", ev.SeatOpened(seat="1", user="x"))
    day.write("inc-1", ev.IncidentClaimed(seat="1"), actor="seat/1")
    console = open_console()
    look_at(console, qtbot)
    assert console.runner.reason("incident.claim").code == "held"
    day.write("1", ev.SeatClosed(seat="1"))
    qtbot.waitUntil(lambda: console.runner.reason("incident.claim") is None, timeout=5000)
    claim(console, qtbot)
    assert day.payloads(ev.IncidentClaimed)[-1].reason == "seat_closed"


def test_who_looks_at_an_incident_follows_it_into_another(day: Any, open_console: Any, qtbot: Any) -> None:
    """Another seat merges what this one looks at."""
    for number in (1, 2):
        day.open(f"inc-{number}", priority=Priority.HIGH, site_id=f"site-{number}")
    console = open_console()
    look_at(console, qtbot)
    first = console.seat.incident
    day.write("inc-2", ev.IncidentAbsorbed(from_incident="inc-1", alerts=first.alerts, seat="1"), actor="seat/1")
    day.write("inc-1", ev.IncidentMerged(into="inc-2", seat="1"), actor="seat/1")
    qtbot.waitUntil(lambda: console.seat.incident.id == "inc-2", timeout=5000)
