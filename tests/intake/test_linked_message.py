"""The linked services' messages on the wire: every reading of DATA_LEN, text with the end sign in it, broken ones."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcity_console.intake.linked import Header, LinkedFramer, encode_message, parse_message
from smartcity_console.intake.linked.errors import LinkedRefused
from smartcity_console.intake.linked.message import read_stamp

AT = datetime(2026, 11, 23, 3, 4, 5, tzinfo=UTC)
HEADER = Header("10", "10", AT, "119", "UCP", AT)
FIELDS = ("T20261123120405", "화재", "3층에서 연기; 사람 있음", "127.1", "37.4", "가온로 12", "4113510900", "119-1")
WIRE = encode_message(HEADER, FIELDS)


def with_length(wire: bytes, length: int) -> bytes:
    return wire[:38] + f"{length:010}".encode() + wire[48:]


def lengths() -> list[int]:
    body = WIRE[48:]
    characters = len(body.decode())
    return [len(body), len(body) - 1, characters + 48, characters + 47]


def test_what_is_written_is_read() -> None:
    message = parse_message(WIRE)
    assert message.header == HEADER and message.fields == FIELDS
    assert WIRE[:4] == b"1010" and WIRE[4:18] == b"20261123120405"


@pytest.mark.parametrize("length", lengths())
def test_each_meaning_of_the_length_is_understood(length: int) -> None:
    stream = with_length(WIRE, length) * 3
    assert list(LinkedFramer(1 << 20).feed(stream)) == [with_length(WIRE, length)] * 3


@pytest.mark.parametrize("length", [0, 3, len(WIRE) - 60, 999_999])
def test_a_wrong_length_costs_no_message(length: int) -> None:
    framer = LinkedFramer(1 << 20)
    wrong = with_length(encode_message(HEADER, ("T1", "화재")), length)
    got = list(framer.feed(wrong + WIRE))
    got += framer.flush()
    assert got == [wrong, WIRE]


@given(st.lists(st.integers(1, len(WIRE)), max_size=12), st.sampled_from(lengths()))
def test_pieces_make_the_same_messages(cuts: list[int], length: int) -> None:
    stream = with_length(WIRE, length) + b"\r\n" + WIRE
    framer, got, begin = LinkedFramer(1 << 20), [], 0
    for cut in [*sorted(cuts), len(stream)]:
        got += framer.feed(stream[begin : max(begin, cut)])
        begin = max(begin, cut)
    assert got == [with_length(WIRE, length), WIRE]


def test_what_comes_before_a_header_is_dropped_and_counted() -> None:
    framer = LinkedFramer(1 << 20)
    assert list(framer.feed(b"GET / HTTP/1.1;" + WIRE)) == [WIRE]
    assert framer.garbage_bytes == 15


def test_a_message_without_an_end_is_bounded() -> None:
    framer = LinkedFramer(1000)
    with pytest.raises(LinkedRefused, match="without an end"):
        list(framer.feed(WIRE[:-1] + b"x" * 1000))


@pytest.mark.parametrize(
    ("wire", "why"),
    [
        (b";", "shorter"),
        (WIRE[:2] + b"11" + WIRE[4:], "type or state"),
        (WIRE[:24] + b"20269999999999" + WIRE[38:], "no time"),
        (WIRE[:48] + b"\xff\xfe\xff;", "neither"),
    ],
)
def test_a_broken_message_is_refused_with_a_reason_that_holds_none_of_it(wire: bytes, why: str) -> None:
    with pytest.raises(LinkedRefused, match=why):
        parse_message(wire)


def test_cp949_is_read_and_control_signs_do_not_reach_a_screen() -> None:
    body = "T1\x1e강도\x07\u202e\x1e가\x1f나;".encode("cp949", "ignore")
    message = parse_message(WIRE[:48] + body)
    assert message.fields == ("T1", "강도", "가\x1f나")


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(junk: bytes) -> None:
    framer = LinkedFramer(100_000)
    for raw in [*framer.feed(WIRE[:48] + junk + b";"), *framer.flush()]:
        try:
            parse_message(raw)
        except LinkedRefused:
            continue


@pytest.mark.parametrize("text", ["00010101000000", "00000101000000", "99991231235960", "20261123", ""])
def test_a_time_that_is_none_is_no_time(text: str) -> None:
    assert read_stamp(text) is None
