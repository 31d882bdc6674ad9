"""CAP 1.2: what a document becomes, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcity_console.intake.arrival import Arrival, Role
from smartcity_console.intake.cap.alerts import arrival_of
from smartcity_console.intake.cap.document import CapRefused, read_document
from smartcity_console.intake.report import Source
from smartcity_console.model.alert import AlertKind, Priority
from tests.intake.cap_example import cap

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def arrived(raw: bytes) -> Arrival:
    return arrival_of(read_document(raw), Source("cap/folder", "0" * 64), lambda: "a", NOW, lambda data: "f" * 64)


def test_the_korean_block_becomes_the_alert() -> None:
    arrival = arrived(cap())
    alert = arrival.alert
    assert (arrival.role, alert.kind, alert.priority) == (Role.OPENS, AlertKind.DISASTER, Priority.EMERGENCY)
    assert (alert.firm_name, alert.site_name, alert.address) == ("가온시 재난안전", "가온천 범람 위험", "가온천")
    assert alert.text == "둔치 통제" and alert.attachments[0].media_type == "image/jpeg"
    assert alert.position is not None and alert.position.uncertainty_m == 500.0
    assert alert.occurred_at == datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def test_a_polygon_is_covered_by_its_radius() -> None:
    shape = "<polygon>37.42,127.12 37.42,127.14 37.44,127.14 37.44,127.12 37.42,127.12</polygon>"
    position = arrived(cap(shape=shape)).alert.position
    assert position is not None and (position.lat_deg, position.lon_deg) == pytest.approx((37.43, 127.13))
    assert 1400 < position.uncertainty_m < 1450


@pytest.mark.parametrize(
    "shape", ["", "<circle>far away</circle>", "<circle>95,10 1</circle>", "<polygon>1,2</polygon>"]
)
def test_a_place_that_is_none_is_no_position(shape: str) -> None:
    assert arrived(cap(shape=shape)).alert.position is None


def test_updates_and_cancels_speak_of_the_first_message() -> None:
    first = arrived(cap()).alert.reference
    told = "gaon@city.example,G-1,2026-11-23T12:00:00+09:00"
    update, cancel = (arrived(cap("G-2", type=kind, references=told)) for kind in ("Update", "Cancel"))
    assert update.alert.reference == cancel.alert.reference == first
    assert (update.role, cancel.role, cancel.alert.kind) == (Role.JOINS, Role.JOINS, AlertKind.RESTORE)


def test_exercises_open_nothing_and_drafts_are_refused() -> None:
    assert arrived(cap(status="Exercise")).role is Role.NOTES and arrived(cap(status="Test")).alert.is_test
    with pytest.raises(CapRefused, match="draft"):
        arrived(cap(status="Draft"))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<a/>",
        cap()[:-20],
        cap(status="Odd"),
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + cap(),
        cap().replace(b"<scope>", b"<identifier>again</identifier><scope>").replace(b"<sender>", b"<sen>"),
        b" " * (5 << 20),
    ],
)
def test_what_is_no_document_is_refused(raw: bytes) -> None:
    with pytest.raises(CapRefused):
        read_document(raw)


@given(st.integers(0, len(cap()) - 1), st.binary(min_size=1, max_size=4))
def test_no_changed_document_crashes_the_reader(at: int, junk: bytes) -> None:
    raw = cap()
    try:
        arrived(raw[:at] + junk + raw[at + len(junk) :])
    except CapRefused as error:
        assert len(error.reason) < 100


@pytest.mark.parametrize("year", ["0000", "0001", "9999", "-0044", "12026"])
def test_a_year_beyond_the_calendar_is_not_believed(year: str) -> None:
    told = cap().replace(b"2026-11-23T12:00:00+09:00", f"{year}-01-01T00:00:00+09:00".encode())
    try:
        assert arrived(told).alert.occurred_at <= NOW
    except CapRefused:
        assert year in ("-0044", "12026")
