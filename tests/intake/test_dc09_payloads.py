"""SIA-DCS, ADM-CID, extended data and the code tables: against the oracle's tables and against the format's text."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from siadc09 import dc03, dc05
from siadc09.admcid import parse_admcid as oracle_cid
from siadc09.siadcs import parse_siadcs as oracle_sia

from smartcity_console.intake.arrival import Role
from smartcity_console.intake.dc09 import FrameNotUnderstood
from smartcity_console.intake.dc09.cid import cid_data, parse_cid
from smartcity_console.intake.dc09.cid_codes import cid_meaning
from smartcity_console.intake.dc09.code_table import UNKNOWN
from smartcity_console.intake.dc09.sia_codes import SIA_CODES, sia_meaning
from smartcity_console.intake.dc09.siadcs import parse_siadcs, sia_data
from smartcity_console.intake.dc09.text import decode_text
from smartcity_console.intake.dc09.xdata import (
    format_latitude,
    format_longitude,
    parse_degrees,
    parse_extended,
)
from smartcity_console.model.alert import AlertKind, Priority
from smartcity_console.model.site import Sensor

events = st.tuples(st.sampled_from(sorted(dc03.EVENT)), st.text("0123456789ABCDEF", max_size=4))
modifiers = st.sampled_from(["", "ri1", "id12", "pi003", "ti10:20", "ti10:20:30", "ri2/id7", "da11-23-26"])


@given(modifiers, st.lists(events, min_size=1, max_size=6))
def test_events_of_a_block_agree_with_the_oracle(modifier: str, sent: list[tuple[str, str]]) -> None:
    data = f"#1701|N{modifier}{'/' if modifier else ''}{'/'.join(code + number for code, number in sent)}".encode()
    (_, block) = oracle_sia(data).blocks
    ours = parse_siadcs(data)
    assert [signal.code for signal in ours] == [event.code for event in block.events]
    for signal, event in zip(ours, block.events, strict=True):
        assert (int(signal.number, 16) if signal.number else None) == event.addr
        assert signal.account == "1701"


def test_modifiers_hold_for_the_later_events_of_their_block() -> None:
    first, second = parse_siadcs(b"#1701|Nri02/BA03/id007pi5ti13:59:58BA04|A\xeb\x92\xb7\xeb\xac\xb8")
    assert (first.area, first.number, first.user, first.text) == ("2", "3", "", "뒷문")
    assert (second.area, second.number, second.user, second.peripheral) == ("2", "4", "7", "5")
    assert second.local_time == time(13, 59, 58)
    assert second.text == "뒷문"


def test_names_and_quoted_text_are_kept() -> None:
    (signal,) = parse_siadcs("#1701|Nri1^1층 매장^BA3^뒷문^".encode())
    assert signal.text == "1층 매장 뒷문"
    (signal,) = parse_siadcs('#1701|NBA3*"뒷문/창고"NM'.encode())
    assert signal.text == "뒷문/창고"


def test_text_belongs_to_the_block_before_it() -> None:
    first, second = parse_siadcs(b"#1701|NBA1|Aone|NFA2|Atwo")
    assert (first.text, second.text) == ("one", "two")


def test_text_alone_is_a_signal() -> None:
    (signal,) = parse_siadcs(b"#1701|Ahelp")
    assert (signal.code, signal.text, signal.meaning.role) == ("A", "help", Role.OPENS)


def test_what_cannot_be_read_ends_the_block_and_loses_nothing_before_it() -> None:
    (signal,) = parse_siadcs(b"#1701|NBA1/??")
    assert signal.code == "BA"


@pytest.mark.parametrize("data", [b"", b"#1701", b"#1701|", b"#1701|N", b"#1701|N??", b"|||", b"#1701|Xsomething"])
def test_a_payload_without_an_event_is_not_understood(data: bytes) -> None:
    with pytest.raises(FrameNotUnderstood):
        parse_siadcs(data)


@given(st.sampled_from("136"), st.sampled_from(sorted(dc05.EVENT)), st.integers(0, 99), st.integers(0, 999))
def test_contact_id_agrees_with_the_oracle(qualifier: str, code: str, area: int, zone: int) -> None:
    data = cid_data("1701", qualifier + code, str(zone), area=str(area))
    event = oracle_cid(data).event
    (signal,) = parse_cid(data)
    assert signal.code == event.qualifier + event.code
    assert (int(signal.area, 16), int(signal.number, 16)) == (event.group, event.addr)


def test_contact_id_of_the_format() -> None:
    (signal,) = parse_cid(b"#1701|1110 01 007")
    assert (signal.code, signal.area, signal.number) == ("1110", "1", "7")
    assert (signal.meaning.kind, signal.meaning.priority) == (AlertKind.FIRE, Priority.EMERGENCY)


@pytest.mark.parametrize("data", [b"", b"#1701|", b"#1701|2110 01 007", b"#1701|110 01 007", b"#1701|1110 01"])
def test_other_contact_id_is_not_understood(data: bytes) -> None:
    with pytest.raises(FrameNotUnderstood):
        parse_cid(data)


def test_every_code_of_the_standards_has_a_meaning() -> None:
    assert set(dc03.EVENT) <= set(SIA_CODES)
    assert not [code for code in dc05.EVENT if cid_meaning("1", code) is UNKNOWN]


@pytest.mark.parametrize(
    ("code", "kind", "priority", "role", "sensor"),
    [
        ("BA", AlertKind.INTRUSION, Priority.HIGH, Role.OPENS, Sensor.MOTION),
        ("PA", AlertKind.ROBBERY, Priority.EMERGENCY, Role.OPENS, Sensor.PANIC),
        ("HA", AlertKind.ROBBERY, Priority.EMERGENCY, Role.OPENS, Sensor.PANIC),
        ("FA", AlertKind.FIRE, Priority.EMERGENCY, Role.OPENS, Sensor.SMOKE),
        ("GA", AlertKind.GAS, Priority.EMERGENCY, Role.OPENS, Sensor.GAS),
        ("MA", AlertKind.MEDICAL, Priority.EMERGENCY, Role.OPENS, Sensor.PANIC),
        ("WA", AlertKind.WATER, Priority.NORMAL, Role.OPENS, Sensor.WATER),
        ("TA", AlertKind.TAMPER, Priority.HIGH, Role.OPENS, Sensor.OTHER),
        ("AT", AlertKind.POWER, Priority.NORMAL, Role.OPENS, Sensor.POWER),
        ("YT", AlertKind.POWER, Priority.NORMAL, Role.OPENS, Sensor.POWER),
        ("BR", AlertKind.RESTORE, Priority.NORMAL, Role.JOINS, Sensor.MOTION),
        ("PR", AlertKind.RESTORE, Priority.NORMAL, Role.JOINS, Sensor.PANIC),
        ("AR", AlertKind.RESTORE, Priority.NORMAL, Role.JOINS, Sensor.POWER),
        ("RP", AlertKind.TEST, Priority.NORMAL, Role.NOTES, Sensor.OTHER),
        ("RX", AlertKind.TEST, Priority.NORMAL, Role.NOTES, Sensor.OTHER),
        ("TS", AlertKind.TEST, Priority.NORMAL, Role.NOTES, Sensor.OTHER),
        ("OP", AlertKind.OTHER, Priority.NORMAL, Role.NOTES, Sensor.OTHER),
        ("CL", AlertKind.OTHER, Priority.NORMAL, Role.NOTES, Sensor.OTHER),
    ],
)
def test_what_sia_codes_mean(code: str, kind: AlertKind, priority: Priority, role: Role, sensor: Sensor) -> None:
    meaning = sia_meaning(code)
    assert (meaning.kind, meaning.priority, meaning.role, meaning.sensor) == (kind, priority, role, sensor)


@pytest.mark.parametrize(
    ("wire", "kind", "role"),
    [
        ("1130", AlertKind.INTRUSION, Role.OPENS),
        ("3130", AlertKind.RESTORE, Role.JOINS),
        ("6110", AlertKind.FIRE, Role.OPENS),
        ("1301", AlertKind.POWER, Role.OPENS),
        ("3301", AlertKind.RESTORE, Role.JOINS),
        ("1401", AlertKind.OTHER, Role.NOTES),
        ("3401", AlertKind.OTHER, Role.NOTES),
        ("1602", AlertKind.TEST, Role.NOTES),
        ("1406", AlertKind.OTHER, Role.JOINS),
        ("1199", AlertKind.OTHER, Role.OPENS),
        ("1888", UNKNOWN.kind, UNKNOWN.role),
    ],
)
def test_what_contact_id_codes_mean(wire: str, kind: AlertKind, role: Role) -> None:
    meaning = cid_meaning(wire[0], wire[1:])
    assert (meaning.kind, meaning.role) == (kind, role)


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("093W23.456", -(93 + 23.456 / 60)),
        ("45N23.456", 45 + 23.456 / 60),
        ("33S00.000", -33.0),
        ("126E58.680", 126.978),
        ("126.978", 126.978),
        ("-33.5", -33.5),
    ],
)
def test_degrees_in_both_spellings(text: str, degrees: float) -> None:
    assert parse_degrees(text) == pytest.approx(degrees, abs=1e-9)


@pytest.mark.parametrize("text", ["", "abc", "45N60.000", "45N", "1e9", "nan", "45Q12.3"])
def test_other_degrees_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_degrees(text)


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_positions_survive_the_wire(lon: float, lat: float) -> None:
    assert parse_degrees(format_longitude(lon)) == pytest.approx(lon, abs=1e-5)
    assert parse_degrees(format_latitude(lat)) == pytest.approx(lat, abs=1e-5)


def test_extended_data_of_the_format() -> None:
    extended = parse_extended(
        (
            b"X126E58.680",
            b"Y37N33.960",
            b"Z123.2M",
            b"Vhttps://firm.example/v/1?a=b",
            b"H13:59:58,12-31-2012",
            "I뒷문 침입".encode("cp949"),
            b"TF",
            "L3층 복도".encode(),
            "S가온마트".encode(),
            b"M0026b9e4268b",
        )
    )
    assert extended.position is not None
    assert (round(extended.position.lon_deg, 6), round(extended.position.lat_deg, 6)) == (126.978, 37.566)
    assert extended.altitude_m == 123.2
    assert extended.verification_url == "https://firm.example/v/1?a=b"
    assert extended.occurred_at == datetime(2012, 12, 31, 13, 59, 58, tzinfo=UTC)
    assert extended.alarm_text == "뒷문 침입"
    assert extended.trigger is Sensor.SMOKE
    assert extended.places == ("가온마트", "3층 복도")
    assert extended.others["M"] == "0026b9e4268b"


@pytest.mark.parametrize(
    ("longitude", "latitude", "position"),
    [
        (b"X37.566", b"Y126.978", (126.978, 37.566)),  # the wrong way round: only the other way is on the globe
        (b"X0", b"Y0", None),  # a receiver without a fix
        (b"Xsomewhere", b"Y37.5", None),
        (b"X200.5", b"Y37.5", None),
    ],
)
def test_positions_that_need_judgement(longitude: bytes, latitude: bytes, position: object) -> None:
    told = parse_extended((longitude, latitude)).position
    assert (told and (told.lon_deg, told.lat_deg)) == position


@given(st.lists(st.binary(max_size=20), max_size=5))
def test_any_extended_data_is_read_without_an_error(items: list[bytes]) -> None:
    parse_extended(tuple(items))


@pytest.mark.parametrize(
    ("raw", "text"), [("침입".encode(), "침입"), ("침입".encode("cp949"), "침입"), (b"caf\xe9 1", "café 1")]
)
def test_text_in_its_three_encodings(raw: bytes, text: str) -> None:
    assert decode_text(raw) == text


def test_text_cannot_move_the_cursor_or_turn_words_round() -> None:
    assert decode_text("a\x1b[31m\u202eb\x00".encode()) == "a [31m b"


def test_delimiters_cannot_be_encoded() -> None:
    with pytest.raises(ValueError):
        sia_data("1701", "BA", "1", text="a]b")
