"""The centre's own register: over the catalogue, by networks and doors, supervised though never heard."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from smartcity_console.intake.dc09 import Frame, read_alerts
from smartcity_console.intake.senders import Senders, register_over
from smartcity_console.intake.supervision import Supervision, allowed_silence_s
from smartcity_console.model.centre import Centre
from smartcity_console.model.events import (
    Event,
    FirmChanged,
    FirmRegistered,
    FirmRemoved,
    Payload,
    SenderChanged,
    SenderHeard,
    SenderLate,
    SenderRegistered,
    SenderRemoved,
    encode_payload,
)
from smartcity_console.model.geo import Position
from smartcity_console.model.sender import Door, FirmRecord, SenderRecord, url_trouble
from smartcity_console.model.site import Firm, Sensor, Site, Zone
from tests.intake.conftest import FIRM, SHOP

NOW = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)
BARE = SenderRecord(account="1701", firm_id="s1", interval_s=60.0)
OWN = SenderRecord(
    account="0A12",
    firm_id="kt",
    site_name="새 가게",
    position=Position(127.0, 37.5),
    zones=(Zone("1", "정문", Sensor.DOOR),),
)


def event(payload: Payload, seq: int = 1) -> Event:
    return Event(seq, "sender/1701", seq, type(payload).__name__, NOW, "test", encode_payload(payload), "", "")


def senders(*payloads: Payload) -> Senders:
    made = Senders()
    made.take(event(payload) for payload in payloads)
    return made


def catalogue(account: str) -> Site | None:
    return SHOP if account == "1701" else None


def firms(firm_id: str) -> Firm | None:
    return FIRM if firm_id == "s1" else None


def test_what_an_entry_leaves_blank_is_the_catalogues() -> None:
    register = register_over(senders(SenderRegistered(sender=BARE)), catalogue, firms)
    (arrival,) = read_alerts(Frame(id="SIA-DCS", sequence="1", account="1701", data=b"#1701|NUA9"), NOW, lambda: "a")
    alert = register.enrich(arrival.alert)
    assert (alert.site_name, alert.zone_name, alert.firm_name) == (SHOP.name, "계산대 비상벨", "에스원")
    assert register.private_cameras("1701") == SHOP.camera_ids


def test_an_entry_goes_before_the_catalogue_and_gives_no_cameras() -> None:
    made = senders(
        SenderRegistered(sender=OWN),
        SenderRegistered(sender=SenderRecord(account="1701", firm_id="kt", site_name="이름이 바뀐 가게")),
        FirmRegistered(firm=FirmRecord(id="kt", name_ko="케이티", call_back="02-1")),
    )
    register = register_over(made, catalogue, firms)
    (arrival,) = read_alerts(Frame(id="SIA-DCS", sequence="1", account="0A12", data=b"#0A12|NBA1"), NOW, lambda: "a")
    alert = register.enrich(arrival.alert)
    assert alert.known and (alert.firm_name, alert.site_name, alert.zone_name) == ("케이티", "새 가게", "정문")
    assert alert.position == OWN.position and register.private_cameras("a12") == ()
    assert register.firm_id("1701") == "kt" and register.private_cameras("1701") == SHOP.camera_ids
    made.take([event(SenderRemoved(before=OWN)), event(FirmRemoved(before=FirmRecord(id="kt")))])
    assert register.firm_id("0A12") is None and not made.firms


def test_a_site_of_which_nobody_says_where_it_is_has_no_position() -> None:
    made = senders(SenderRegistered(sender=SenderRecord(account="77A", firm_id="s1", site_name="어딘가")))
    register = register_over(made, catalogue, firms)
    (arrival,) = read_alerts(Frame(id="SIA-DCS", sequence="1", account="77A", data=b"#77A|NBA1"), NOW, lambda: "a")
    assert register.enrich(arrival.alert).position is None


@pytest.mark.parametrize(
    ("address", "account", "door", "is_allowed"),
    [
        ("10.9.1.2", "1701", "dc09", True),
        ("::ffff:10.9.1.2", "1701", "dc09", True),
        ("10.8.1.2", "1701", "dc09", False),
        ("fe80::1%eth0", "1701", "dc09", False),
        ("?", "1701", "dc09", False),
        ("10.9.1.2", "1701", "webhook", False),
        ("10.8.1.2", "01702", "dc09", True),
        ("10.9.1.2", "1702", "dc09", False),
        ("10.9.1.2", "9999", "dc09", True),
    ],
)
def test_networks_of_an_account_go_before_its_firms(address: str, account: str, door: str, is_allowed: bool) -> None:
    made = senders(
        FirmRegistered(firm=FirmRecord(id="s1", networks=("10.8.0.0/16",))),
        SenderRegistered(
            sender=SenderRecord(account="1701", firm_id="s1", networks=("10.9.0.0/16",), doors=(Door.DC09,))
        ),
        SenderRegistered(sender=SenderRecord(account="1702", firm_id="s1")),
    )
    assert made.allowed(door, account, address) is is_allowed


def test_a_firms_networks_bind_the_catalogues_accounts_too() -> None:
    made = senders(FirmRegistered(firm=FirmRecord(id="s1", networks=("10.8.0.0/16",))))
    assert not made.allowed("dc09", "1701", "10.9.0.1", "s1")
    assert made.allowed("dc09", "1701", "10.8.0.1", "s1") and made.allowed("dc09", "1701", "10.9.0.1", "kt")
    made.take([event(FirmChanged(firm=FirmRecord(id="s1"), before=FirmRecord(id="s1")))])
    assert made.allowed("dc09", "1701", "10.9.0.1", "s1") and not made.binds_firms


def test_a_registered_sender_is_late_though_it_was_never_heard() -> None:
    supervision = Supervision(1000.0)
    supervision.take([event(SenderRegistered(sender=BARE))])
    limit_s = 1000.0 + allowed_silence_s(60.0)
    assert supervision.overdue(limit_s) == []
    (late,) = supervision.overdue(limit_s + 1)
    assert (late.account, late.firm_id, late.silent_s) == ("1701", "s1", 96.0)
    supervision.take([event(late)])
    assert supervision.overdue(limit_s + 100) == []
    supervision.note("1701", limit_s + 200, is_poll=True)
    back = supervision.heard("1701", "s1")
    assert back is not None and back.interval_s == 60.0
    supervision.take([event(back)])
    assert len(supervision.overdue(limit_s + 201 + allowed_silence_s(60.0))) == 1


def test_one_registered_while_the_gateway_runs_counts_from_then() -> None:
    supervision = Supervision(0.0)
    supervision.overdue(5000.0)
    supervision.take([event(SenderRegistered(sender=BARE))])
    assert supervision.overdue(5000.0 + allowed_silence_s(60.0)) == []
    assert len(supervision.overdue(5001.0 + allowed_silence_s(60.0))) == 1


def test_the_registered_interval_goes_before_what_was_learned() -> None:
    supervision = Supervision(0.0)
    for at_s in (0.0, 600.0, 1200.0, 1800.0):
        supervision.note("01701", at_s, is_poll=True)
        if (heard := supervision.heard("01701", "s1")) is not None:
            supervision.take([event(heard)])
    supervision.take([event(SenderRegistered(sender=BARE))])
    assert len(supervision.overdue(1800.0 + allowed_silence_s(60.0) + 1)) == 1
    unsupervised = SenderRecord(account="1701", firm_id="s1")
    supervision.take([event(SenderChanged(sender=unsupervised, before=BARE))])
    assert supervision.overdue(1_000_000.0) == []
    assert supervision.heard("01701", "s1") is not None


def test_a_restart_neither_forgets_nor_repeats_a_silence() -> None:
    supervision = Supervision(0.0)
    supervision.take(
        [event(SenderRegistered(sender=BARE)), event(SenderLate(account="1701", firm_id="s1", silent_s=96.0))]
    )
    assert supervision.overdue(10_000.0) == []
    heard = Supervision(0.0)
    heard.take(
        [event(SenderRegistered(sender=BARE)), event(SenderHeard(account="1701", firm_id="s1", interval_s=60.0))]
    )
    assert len(heard.overdue(10_000.0)) == 1


def test_who_is_not_expected_any_more_is_not_late_any_more() -> None:
    centre = Centre()
    late = SenderLate(account="1701", firm_id="s1", silent_s=96.0)
    centre.take([event(SenderRegistered(sender=BARE), 1), event(late, 2)])
    assert centre.senders["1701"].late
    centre.take([event(SenderChanged(sender=SenderRecord(account="1701", firm_id="s1"), before=BARE), 3)])
    assert "1701" not in centre.senders
    centre.take([event(late, 4), event(SenderRemoved(before=BARE), 5)])
    assert "1701" not in centre.senders


@pytest.mark.parametrize(
    ("url", "is_good"),
    [
        ("https://firm.example/a?b=1", True),
        ("http://127.0.0.1:8080/", True),
        ("http://localhost/x", True),
        ("http://firm.example/", False),
        ("https://a b/", False),
        ("https://firm.example:99999/", False),
        ("javascript:alert(1)", False),
    ],
)
def test_what_can_be_called_back(url: str, is_good: bool) -> None:
    assert (url_trouble(url) == "") is is_good
