"""What the register adds to an alert, and what it leaves alone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import msgspec

from smartcity_console.intake.dc09 import Frame, read_alerts
from smartcity_console.intake.registry import Register
from smartcity_console.model.alert import Alert
from smartcity_console.model.geo import Position
from smartcity_console.model.site import Sensor

NOW = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)


def alert_of(data: bytes, *xdata: bytes, account: str = "1701", timestamp: datetime | None = None) -> Alert:
    frame = Frame(id="SIA-DCS", sequence="0001", account=account, data=data, xdata=xdata, timestamp=timestamp)
    (arrival,) = read_alerts(frame, NOW, lambda: "alert-1")
    return arrival.alert


def test_the_zone_says_what_hangs_on_the_wall(register: Register) -> None:
    enriched = register.enrich(alert_of(b"#1701|NUA9"))
    assert (enriched.zone_name, enriched.sensor) == ("계산대 비상벨", Sensor.PANIC)


def test_a_zone_out_of_the_register_keeps_its_number(register: Register) -> None:
    enriched = register.enrich(alert_of(b"#1701|NBA77"))
    assert (enriched.known, enriched.zone, enriched.zone_name) == (True, "77", "")


def test_a_reported_position_counts_near_the_site_only(register: Register) -> None:
    site = Position(126.978, 37.566)
    near = register.enrich(alert_of(b"#1701|NBA3", b"X126.990", b"Y37.570"))
    assert near.position == Position(126.99, 37.57, 10.0)
    far = register.enrich(alert_of(b"#1701|NBA3", b"X5.9699", b"Y52.21"))
    assert far.position == site
    none = register.enrich(alert_of(b"#1701|NBA3"))
    assert none.position == site


def test_an_unknown_account_keeps_what_it_said(register: Register) -> None:
    sent = alert_of(b"#BEEF|NBA3|Ahelp", b"X126.990", b"Y37.570", account="BEEF")
    enriched = register.enrich(sent)
    assert enriched == msgspec.structs.replace(sent, known=False)
    assert enriched.position == Position(126.99, 37.57, 10.0)


def test_an_account_inside_the_data_is_the_premises(register: Register) -> None:
    """A firm's relay sends for many: its own account in the header, the premises' in the data."""
    enriched = register.enrich(alert_of(b"#1701|NBA3", account="FFFF"))
    assert (enriched.account, enriched.site_id) == ("1701", "site-gaonmart")


def test_private_cameras_and_firm(register: Register) -> None:
    assert register.private_cameras("1701") == ("PV-0001",)
    assert register.private_cameras("BEEF") == ()
    assert (register.firm_id("1701"), register.firm_id("BEEF")) == ("s1", None)


def test_when_it_happened_is_the_senders_word_where_it_can_be_believed() -> None:
    told = NOW - timedelta(minutes=5)
    assert alert_of(b"#1|NBA3", b"H04:58:04,11-23-2026").occurred_at == told
    assert alert_of(b"#1|NBA3", b"H04:58:04,11-23-2006").occurred_at == NOW
    assert alert_of(b"#1|NBA3", b"Hyesterday").occurred_at == NOW
    assert alert_of(b"#1|NBA3", timestamp=NOW - timedelta(seconds=9)).occurred_at == NOW - timedelta(seconds=9)


def test_a_time_of_day_is_local_or_utc_whichever_is_close() -> None:
    local = time(14, 1)  # 05:01 UTC
    for written in (local, time(5, 1)):
        alert = alert_of(f"#1|Nti{written:%H:%M}BA3".encode())
        assert alert.occurred_at == datetime(2026, 11, 23, 5, 1, tzinfo=UTC)
    assert alert_of(b"#1|Nti20:20BA3").occurred_at == NOW
