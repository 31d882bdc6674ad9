"""The digest of a clip's pictures: the same whatever the framing, the pieces, and what a container moves to its head."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcity_console.video.clip import digest as digests
from smartcity_console.video.clip.digest import PictureDigest, start_codes
from smartcity_console.video.nal import picture_units, split_annexb

AVCC = bytes((1, 66, 0, 30, 0xFF, 0xE0, 0))  # four bytes of length
HVCC = bytes((1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30, 0xF0, 0, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0, 0x0F, 0, 0))
unit = st.binary(min_size=1, max_size=40).map(lambda data: data.replace(b"\x00", b"\x04"))
samples = st.lists(st.lists(unit, min_size=1, max_size=5), min_size=1, max_size=8)
start_code = st.sampled_from((b"\x00\x00\x01", b"\x00\x00\x00\x01"))


def digest_of(codec: str, payloads: list[bytes], extradata: bytes = b"") -> tuple[int, str]:
    with PictureDigest(codec, extradata) as pictures:
        for payload in payloads:
            pictures.add(payload)
        return pictures.packets, pictures.hexdigest()


def plain(codec: str, payloads: list[list[bytes]]) -> str:
    return hashlib.sha256(b"".join(u for units in payloads for u in picture_units(codec, units))).hexdigest()


@pytest.fixture(params=(1, 64, 1 << 20))
def piece_bytes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "_PIECE_BYTES", request.param)


@pytest.mark.usefixtures("piece_bytes")
@pytest.mark.parametrize(("codec", "extradata"), [("h264", AVCC), ("hevc", HVCC)])
@given(packets=samples, code=start_code)
def test_start_codes_and_lengths_give_the_same(
    codec: str, extradata: bytes, packets: list[list[bytes]], code: bytes
) -> None:
    expected = len(packets), plain(codec, packets)
    assert digest_of(codec, [b"".join(code + u for u in units) for units in packets]) == expected
    prefixed = [b"".join(len(u).to_bytes(4, "big") + u for u in units) for units in packets]
    assert digest_of(codec, prefixed, extradata) == expected


@given(payloads=st.lists(st.lists(st.sampled_from((0, 1, 5, 7)), max_size=30).map(bytes), max_size=8))
def test_any_bytes_are_split_as_one_packet_after_the_other(payloads: list[bytes]) -> None:
    wanted = plain("h264", [split_annexb(payload) for payload in payloads])
    assert digest_of("h264", payloads) == (len(payloads), wanted)


def test_other_codecs_are_taken_whole() -> None:
    assert digest_of("mjpeg", [b"ab", b"c"]) == (2, hashlib.sha256(b"abc").hexdigest())


def test_a_length_past_the_end_is_told() -> None:
    with pytest.raises(ValueError, match="NAL length"):
        digest_of("h264", [b"\x00\x00\x00\x09\x65"], AVCC)


def test_start_codes_are_found_up_to_the_last_byte() -> None:
    assert start_codes(b"\x00\x00\x01\x05\x00\x00\x00\x01").tolist() == [0, 5]
    assert [start_codes(b"\x00" * n).tolist() for n in range(4)] == [[], [], [], []]
