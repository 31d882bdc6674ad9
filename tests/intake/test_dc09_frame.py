"""The frame codec against an independent one (siadc09), against the format's text, and against damage."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from siadc09 import account as oracle_account
from siadc09 import message as oracle
from siadc09 import util as oracle_util

from smartcity_console.intake.dc09 import Frame, FrameDamaged, FrameNotUnderstood, encode_frame, parse_frame
from smartcity_console.intake.dc09.crc import crc16
from smartcity_console.intake.dc09.frame import wrap
from smartcity_console.intake.dc09.replies import ack, duh, nak
from smartcity_console.intake.dc09.timestamp import format_timestamp, in_window, parse_timestamp

NOW = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)
HEX = "0123456789ABCDEF"
seconds = st.integers(946_684_800, 4_070_908_800).map(lambda at_s: datetime.fromtimestamp(at_s, UTC))
numbers = st.text("123456789ABCDEF", min_size=1, max_size=6)
content = st.text(
    st.characters(min_codepoint=32, max_codepoint=0xFFFF, exclude_categories=["Cs"], exclude_characters="[]"),
    max_size=60,
)
frames = st.builds(
    Frame,
    id=st.sampled_from(["SIA-DCS", "ADM-CID", "NULL"]),
    sequence=st.integers(0, 9999).map("{:04d}".format),
    account=st.text(HEX, min_size=3, max_size=16),
    receiver=st.none() | numbers,
    line=st.just("0") | numbers,
    data=content.map(str.encode),
    xdata=st.lists(content.map(lambda text: ("I" + text).encode()), max_size=3).map(tuple),
    timestamp=st.none() | seconds,
)


def without_digest(frame: Frame) -> Frame:
    return Frame(**{name: getattr(frame, name) for name in frame.__struct_fields__ if name != "digest"})


@given(frames)
def test_what_is_encoded_is_parsed_again(frame: Frame) -> None:
    assert without_digest(parse_frame(encode_frame(frame))) == frame


@given(frames.filter(lambda frame: frame.data.isascii() and all(x.isascii() for x in frame.xdata)))
def test_the_oracle_reads_our_frames(frame: Frame) -> None:
    read = oracle.parse_frame(encode_frame(frame))
    assert read.idtoken == frame.id
    assert read.seq == int(frame.sequence)
    assert read.account.acct == int(frame.account, 16)
    assert read.account.rcvr == (None if frame.receiver is None else int(frame.receiver, 16))
    assert (read.account.pref or 0) == int(frame.line or "0", 16)
    assert read.timestamp == frame.timestamp
    if frame.id != "NULL":  # the oracle drops the extended data of a NULL
        assert len(read.xdata) == len(frame.xdata)


@given(
    st.integers(0x100, 0xFFFFFFFFFFFFFFFF),
    st.none() | st.integers(1, 0xFFFFFF),
    st.none() | st.integers(1, 0xFFFFFF),
    st.integers(0, 9999),
    st.none() | seconds,
)
def test_we_read_the_oracles_frames(
    number: int, receiver: int | None, line: int | None, sequence: int, at: datetime | None
) -> None:
    account = oracle_account.Account(acct=number, pref=line, rcvr=receiver)
    frame = parse_frame(oracle.NullMessage(account, timestamp=at).encode(seq=sequence))
    assert (frame.id, int(frame.sequence), int(frame.account, 16)) == ("NULL", sequence, number)
    assert (frame.receiver, frame.line) == (receiver and f"{receiver:X}", f"{line:X}" if line else "0")
    assert frame.timestamp == at


def test_the_oracle_encrypts_and_we_see_that_it_is_encrypted() -> None:
    account = oracle_account.Account(acct=0x1701, key="850cba22f7dd4f033405da83e4c5bae9")
    frame = parse_frame(oracle.NullMessage(account).encode(seq=7))
    assert frame.encrypted
    assert frame.account == "1701"
    assert len(bytes.fromhex(frame.data.decode())) % 16 == 0


@given(st.binary(max_size=300))
def test_crc_agrees_with_the_oracle(body: bytes) -> None:
    assert crc16(body) == oracle_util.crc(body)


@given(frames, st.data())
def test_one_changed_byte_is_always_noticed(frame: Frame, data: st.DataObject) -> None:
    raw = bytearray(encode_frame(frame))
    place = data.draw(st.integers(9, len(raw) - 2))
    raw[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises((FrameDamaged, FrameNotUnderstood)):
        parse_frame(bytes(raw))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_frame_or_a_refusal(raw: bytes) -> None:
    try:
        parse_frame(raw)
    except (FrameDamaged, FrameNotUnderstood) as error:
        assert error.reason


def test_the_example_of_the_format() -> None:
    frame = parse_frame(
        wrap(b'"SIA-DCS"9876R579BDFL789ABC#12345A[#12345A|NFA129][X093W23.456][Y45N23.456]_13:59:58,12-31-2012')
    )
    assert (frame.sequence, frame.receiver, frame.line, frame.account) == ("9876", "579BDF", "789ABC", "12345A")
    assert frame.data == b"#12345A|NFA129"
    assert frame.xdata == (b"X093W23.456", b"Y45N23.456")
    assert frame.timestamp == datetime(2012, 12, 31, 13, 59, 58, tzinfo=UTC)


def test_a_wrong_length_with_a_right_crc_is_damage() -> None:
    raw = encode_frame(Frame(id="NULL", sequence="0001", account="1701"))
    with pytest.raises(FrameDamaged, match="length"):
        parse_frame(raw[:5] + b"00FF" + raw[9:])


@pytest.mark.parametrize(
    "body",
    [
        b'"SIA-DCS"1#1701[]',
        b'"SIA-DCS"0001L0#17[]',
        b'"SIA-DCS"0001L0#1701',
        b'"SIA-DCS"0001L0#1701[#1701|NBA1',
        b'"SIA-DCS"0001L0#1701[a][Ib]trailing',
        b'"SIA-DCS"0001L0#1701[a]_25:00:00,01-01-2026',
        b'"SIA DCS"0001L0#1701[]',
        b'"SIA-DCS"0001R1234567L0#1701[]',
    ],
)
def test_a_whole_frame_of_another_shape_is_not_understood(body: bytes) -> None:
    with pytest.raises(FrameNotUnderstood):
        parse_frame(wrap(body))


def test_a_transmitter_that_sums_characters_is_read() -> None:
    """my-dc09-spt counts characters and sums their low bytes, then encodes: Korean text arrives all the same."""
    body = '"SIA-DCS"0001#1701[#1701|NBA3|A뒷문 침입]'
    crc = crc16(bytes(ord(c) & 0xFF for c in body))
    assert parse_frame(f"\n{crc:04X}{len(body):04X}{body}\r".encode()).data.decode().endswith("뒷문 침입")


def test_replies_repeat_the_senders_numbers() -> None:
    frame = Frame(id="SIA-DCS", sequence="0042", receiver="1F", line="2", account="1701")
    for reply, name in ((ack(frame), "ACK"), (duh(frame), "DUH")):
        read = oracle.parse_frame(reply)
        assert read.idtoken == name
        assert (read.seq, read.account.rcvr, read.account.pref, read.account.acct) == (42, 0x1F, 2, 0x1701)


def test_nak_is_as_the_format_writes_it() -> None:
    reply = nak(NOW)
    assert reply[9:-1] == b'"NAK"0000R0L0A0[]_05:03:04,11-23-2026'
    assert parse_frame(reply).timestamp == NOW


@pytest.mark.parametrize(("offset_s", "inside"), [(20, True), (20.5, False), (-40, True), (-41, False), (0, True)])
def test_the_window_is_20_s_ahead_and_40_s_behind(offset_s: float, inside: bool) -> None:
    assert in_window(NOW + timedelta(seconds=offset_s), NOW) is inside


@given(seconds)
def test_time_stamps_agree_with_the_oracle(at: datetime) -> None:
    assert format_timestamp(at) == oracle_util.totimestamp(at)
    assert parse_timestamp(format_timestamp(at)) == at
