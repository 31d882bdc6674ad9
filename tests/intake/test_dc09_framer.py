"""The stream cutter: pieces, many frames at once, garbage between, and a bound on what it holds."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcity_console.intake.dc09 import FrameTooLong, StreamFramer

bodies = st.binary(max_size=40).map(lambda raw: raw.replace(b"\n", b".").replace(b"\r", b"."))
garbage = st.binary(max_size=20).map(lambda raw: raw.replace(b"\n", b".").replace(b"\r", b"."))


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    return [stream[a:b] for a, b in itertools.pairwise(edges)]


@given(st.lists(st.tuples(garbage, bodies), max_size=8), st.lists(st.integers(0, 10_000), max_size=20))
def test_frames_come_out_however_the_stream_is_cut(parts: list[tuple[bytes, bytes]], places: list[int]) -> None:
    stream = b"".join(junk + b"\n" + body + b"\r" for junk, body in parts)
    framer = StreamFramer(100)
    found = [frame for piece in cut(stream, places) for frame in framer.feed(piece)]
    assert found == [b"\n" + body + b"\r" for _, body in parts]
    assert framer.garbage_bytes == sum(len(junk) for junk, _ in parts)


def test_a_line_feed_inside_a_frame_begins_a_new_one() -> None:
    framer = StreamFramer(100)
    assert list(framer.feed(b"\nhalf\nwhole\r")) == [b"\nwhole\r"]
    assert framer.garbage_bytes == len(b"\nhalf")


def test_endless_garbage_is_not_held() -> None:
    framer = StreamFramer(100)
    for _ in range(1000):
        assert list(framer.feed(b"x" * 100)) == []
    assert framer.garbage_bytes == 100_000
    assert not framer.is_inside


def test_a_frame_without_an_end_is_too_long() -> None:
    framer = StreamFramer(100)
    assert list(framer.feed(b"\n" + b"x" * 99)) == []
    with pytest.raises(FrameTooLong):
        list(framer.feed(b"x"))


def test_a_whole_frame_beyond_the_bound_is_too_long() -> None:
    with pytest.raises(FrameTooLong):
        list(StreamFramer(100).feed(b"\n" + b"x" * 200 + b"\r"))
