"""The ring on disk: what is written is read back, torn tails, bounds, locks, a full disk, the growing end."""

from __future__ import annotations

import errno
import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smartcity_console.clock import ManualClock
from smartcity_console.model.errors import ConsoleError, DiskFull
from smartcity_console.video.ring import (
    Bounds,
    ReceiveClock,
    Record,
    RingKeeper,
    RingLockRefused,
    RingReader,
    RingWriter,
    SegmentHead,
    Span,
    lock,
    locked_spans,
    unlock,
)
from smartcity_console.video.ring.format import (
    KEY,
    Torn,
    decode_record,
    encode_head,
    encode_record,
    from_us,
    segment_name,
    segment_start_us,
    to_us,
)
from smartcity_console.video.ring.reader import read_segment

START = datetime(2026, 11, 23, 5, 0, 0, tzinfo=UTC)
HEAD = SegmentHead("A", "s1", "h264", 640, 360, 1, 90_000, b"\x00\x00\x00\x01\x67")
STEP_US = 100_000  # ten pictures a second
GROUP = 10


def record(number: int, size: int = 50, start: datetime = START) -> Record:
    """Picture `number` of a camera with ten pictures and one keyframe a second."""
    rng = random.Random(number)
    at_us = to_us(start) + number * STEP_US
    return Record(rng.randbytes(size), KEY * (number % GROUP == 0), number * 9000, number * 9000, at_us, number)


def write(root: Path, numbers: range, camera: str = "A", size: int = 50) -> None:
    with RingWriter(root, camera, 10.0) as writer:
        for number in numbers:
            writer.append(HEAD, record(number, size))


def numbers_in(root: Path, start_s: float, end_s: float) -> list[int]:
    taken = RingReader(root).packets("A", START + timedelta(seconds=start_s), START + timedelta(seconds=end_s))
    return [t.record.mono_ns for t in taken]


def test_packets_come_back_as_they_went_in(tmp_path: Path) -> None:
    write(tmp_path, range(250))
    taken = list(RingReader(tmp_path).packets("A", START, START + timedelta(hours=1)))
    assert [t.record for t in taken] == [record(n) for n in range(250)]
    assert {t.head for t in taken} == {HEAD}


def test_segments_roll_at_keyframes_and_sort_by_time(tmp_path: Path) -> None:
    write(tmp_path, range(5, 255))
    paths = RingReader(tmp_path).paths("A")
    assert [(segment_start_us(p.name) - to_us(START)) // STEP_US for p in paths] == [10, 110, 210]


@pytest.mark.parametrize(
    ("start_s", "end_s", "expected"),
    [
        (0.0, 0.5, range(0, 6)),
        (5.55, 6.0, range(50, 61)),  # from the keyframe before the start
        (9.95, 10.1, range(90, 102)),  # across a segment's border
        (-5.0, 0.0, range(0, 1)),
        (24.5, 99.0, range(240, 250)),
        (99.0, 199.0, range(0)),
    ],
)
def test_a_span_begins_at_the_keyframe_before(tmp_path: Path, start_s: float, end_s: float, expected: range) -> None:
    write(tmp_path, range(250))
    assert numbers_in(tmp_path, start_s, end_s) == list(expected)


def test_a_start_inside_a_gap_takes_the_first_keyframe_after_it(tmp_path: Path) -> None:
    write(tmp_path, range(50))
    write(tmp_path, range(200, 250))
    assert numbers_in(tmp_path, 12.0, 20.5) == list(range(200, 206))
    assert numbers_in(tmp_path, 4.9, 20.0) == [*range(40, 50), 200]


def test_spans_break_where_nothing_was_received(tmp_path: Path) -> None:
    write(tmp_path, range(50))
    write(tmp_path, range(60, 150))  # one second missing is no gap: a camera may send one picture a second
    write(tmp_path, range(300, 320))
    spans = RingReader(tmp_path).spans("A")
    offsets = [((s.start - START).total_seconds(), (s.end - START).total_seconds()) for s in spans]
    assert offsets == [(0.0, 14.9), (30.0, 31.9)]


def test_spans_see_what_was_appended_since(tmp_path: Path) -> None:
    ring = RingReader(tmp_path)
    assert ring.spans("A") == []
    with RingWriter(tmp_path, "A", 10.0) as writer:
        writer.append(HEAD, record(0))
        assert ring.spans("A")[0].end == START
        writer.append(HEAD, record(1))
        assert ring.spans("A")[0].end == START + timedelta(microseconds=STEP_US)


@pytest.mark.parametrize("camera", ["B", "", "..", "../A", "A/../A", "/etc"])
def test_a_strange_camera_has_nothing(tmp_path: Path, camera: str) -> None:
    write(tmp_path / "ring", range(10))
    ring = RingReader(tmp_path / "ring")
    assert ring.cameras() == ["A"]
    assert ring.spans(camera) == []
    assert list(ring.packets(camera, START, START + timedelta(hours=1))) == []


def test_every_torn_tail_is_cut_and_recording_goes_on(tmp_path: Path) -> None:
    write(tmp_path / "whole", range(12))
    path = RingReader(tmp_path / "whole").paths("A")[0]
    data = path.read_bytes()
    last = sum(map(len, encode_record(record(11))))
    for cut in (1, 7, last - 1, last // 2):
        root = tmp_path / f"cut{cut}"
        (root / "A").mkdir(parents=True)
        (root / "A" / path.name).write_bytes(data[:-cut])
        assert numbers_in(root, 0, 60) == list(range(11))  # a reader passes over the torn record
        with RingWriter(root, "A", 10.0) as writer:
            assert writer.recovered_bytes == last - cut
            writer.append(HEAD, record(20))
        assert numbers_in(root, 0, 60) == [*range(11), 20]


@pytest.mark.parametrize("kept", [0, 5, len(encode_head(HEAD)) - 1, len(encode_head(HEAD))])
def test_a_segment_without_one_whole_record_is_removed(tmp_path: Path, kept: int) -> None:
    write(tmp_path, range(1))
    path = RingReader(tmp_path).paths("A")[0]
    os.truncate(path, kept)
    assert numbers_in(tmp_path, 0, 60) == []
    RingWriter(tmp_path, "A", 10.0).close()
    assert not path.exists()


def test_any_flipped_byte_of_a_record_is_noticed() -> None:
    whole = b"".join(encode_record(record(3)))
    assert decode_record(whole)[0] == record(3)
    for at in range(len(whole)):
        damaged = bytearray(whole)
        damaged[at] ^= 0x41
        with pytest.raises(Torn):
            decode_record(bytes(damaged))


@pytest.mark.parametrize(
    "offset", [0, 4, 5, 9, 20, 60]
)  # mark, flags, a high and a low byte of the size, time, payload
def test_damage_costs_the_record_it_hit_and_no_more(tmp_path: Path, offset: int) -> None:
    write(tmp_path, range(30))
    path = RingReader(tmp_path).paths("A")[0]
    data = bytearray(path.read_bytes())
    data[len(encode_head(HEAD)) + 12 * sum(map(len, encode_record(record(12)))) + offset] ^= 0x55
    path.write_bytes(data)
    RingWriter(tmp_path, "A", 10.0).close()  # a recorder that starts again cuts nothing that is intact
    assert [t.record.mono_ns for t in read_segment(path)] == [n for n in range(30) if n != 12]


def test_packets_before_the_first_keyframe_are_left_out(tmp_path: Path) -> None:
    with RingWriter(tmp_path, "A", 10.0) as writer:
        assert [writer.append(HEAD, record(n)) for n in range(8, 12)] == [False, False, True, True]
    assert numbers_in(tmp_path, 0, 60) == [10, 11]


def test_another_connection_begins_another_segment_at_its_keyframe(tmp_path: Path) -> None:
    again = SegmentHead("A", "s2", "h264", 1280, 720, 1, 90_000)
    with RingWriter(tmp_path, "A", 10.0) as writer:
        for n in range(5):
            writer.append(HEAD, record(n))
        for n in range(8, 15):
            writer.append(again, record(n))
    taken = list(RingReader(tmp_path).packets("A", START, START + timedelta(minutes=1)))
    assert [(t.head.session, t.record.mono_ns) for t in taken] == [
        *(("s1", n) for n in range(5)),
        *(("s2", n) for n in range(10, 15)),
    ]


def test_a_step_of_the_wall_clock_reorders_nothing(clock: ManualClock) -> None:
    class Stepping:
        step = timedelta()

        def now(self) -> datetime:
            return clock.now() + self.step

        def monotonic_s(self) -> float:
            return clock.monotonic_s()

    stepping = Stepping()
    receive = ReceiveClock(stepping)
    first, _ = receive.now()
    clock.advance(2.0)
    stepping.step = timedelta(hours=-1)
    assert receive.now() == (first + 2_000_000, 2_000_000_000)


def test_names_sort_even_when_a_restarted_recorder_has_an_earlier_clock(tmp_path: Path) -> None:
    write(tmp_path, range(1000, 1020))
    write(tmp_path, range(330))  # the wall clock was put back by a hundred seconds in between
    paths = RingReader(tmp_path).paths("A")
    assert len(paths) == 5  # and segments keep their length
    assert paths[1].name > segment_name(to_us(START) + 1019 * STEP_US)
    order = [t.record.mono_ns for path in paths for t in read_segment(path)]
    assert order == [*range(1000, 1020), *range(330)]


# ---- bounds, locks, a full disk ------------------------------------------------------------------------------------


def keeper(root: Path, minutes: float = 60, max_bytes: int = 10**9, free: int = 10_000) -> RingKeeper:
    return RingKeeper(root, Bounds(minutes, max_bytes, 500), lambda _: None, lambda _: free)


def starts(root: Path, camera: str = "A") -> list[int]:
    return [(segment_start_us(p.name) - to_us(START)) // STEP_US for p in RingReader(root).paths(camera)]


def test_what_is_older_than_the_minutes_goes(tmp_path: Path) -> None:
    write(tmp_path, range(1000))
    keeper(tmp_path, minutes=0.5).keep(to_us(START) + 1000 * STEP_US)
    assert starts(tmp_path) == [600, 700, 800, 900]  # 600 ends at 700, exactly thirty seconds ago


def test_the_oldest_of_all_cameras_go_for_size_but_never_the_newest(tmp_path: Path) -> None:
    write(tmp_path, range(500), "A", size=1000)
    write(tmp_path, range(200, 400), "B", size=1000)
    one = RingReader(tmp_path).paths("A")[0].stat().st_size
    ring = keeper(tmp_path, max_bytes=round(4.5 * one))
    ring.keep(to_us(START))
    assert (starts(tmp_path), starts(tmp_path, "B")) == ([300, 400], [200, 300])
    assert ring.dropped_segments == 3
    keeper(tmp_path, max_bytes=1).keep(to_us(START))
    assert (starts(tmp_path), starts(tmp_path, "B")) == ([400], [300])


def test_a_locked_span_survives_until_it_is_unlocked(tmp_path: Path) -> None:
    write(tmp_path, range(1000))
    evidence = Span("A", START + timedelta(seconds=25), START + timedelta(seconds=35))
    lock(tmp_path, [evidence], "handoff-1")
    assert locked_spans(tmp_path) == [evidence]
    late = to_us(START) + 1000 * STEP_US
    keeper(tmp_path, max_bytes=1).keep(late)
    assert starts(tmp_path) == [200, 300, 900]
    unlock(tmp_path, "handoff-1")
    keeper(tmp_path, max_bytes=1).keep(late)
    assert starts(tmp_path) == [900]


def test_a_lock_is_no_camera_and_its_name_no_path(tmp_path: Path) -> None:
    lock(tmp_path, [], "x")
    assert RingReader(tmp_path).cameras() == []
    for key in ("../x", "a/b", "", "x.json"):
        with pytest.raises(RingLockRefused):
            lock(tmp_path, [], key)
    unlock(tmp_path, "never-locked")


@pytest.mark.logs
def test_an_unreadable_lock_is_told_and_the_others_hold(tmp_path: Path) -> None:
    lock(tmp_path, [Span("A", START, START)], "good")
    (tmp_path / ".locks" / "bad.json").write_text("{")
    assert len(locked_spans(tmp_path)) == 1


def test_a_full_disk_is_told_once_and_recording_resumes(tmp_path: Path) -> None:
    said: list[ConsoleError] = []
    free = [400]
    ring = RingKeeper(tmp_path, Bounds(60, 10**9, 500), said.append, lambda _: free[0])
    for mib, paused in ((400, True), (300, True), (520, True), (600, False), (510, False)):
        free[0] = mib
        ring.keep(0)
        assert ring.paused is paused
    assert [type(error) for error in said] == [DiskFull]
    assert "400" in said[0].sentence("ko")


def test_a_write_that_finds_no_space_leaves_the_segment_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.writev
    room = [3]

    def tight(file: int, parts: tuple[bytes, ...]) -> int:
        room[0] -= 1
        if room[0] > 0:
            return real(file, parts)
        if room[0] == 0:
            return real(file, (parts[0],))  # a short write: the header fits, the payload does not
        raise OSError(errno.ENOSPC, "no space")

    writer = RingWriter(tmp_path, "A", 10.0)
    monkeypatch.setattr("smartcity_console.video.ring.writer.os.writev", tight)
    writer.append(HEAD, record(0))
    with pytest.raises(DiskFull):
        writer.append(HEAD, record(1))
    with pytest.raises(DiskFull):
        writer.append(HEAD, record(10))
    monkeypatch.undo()
    assert writer.append(HEAD, record(20))
    writer.close()
    assert numbers_in(tmp_path, 0, 60) == [0, 20]


# ---- the growing end -----------------------------------------------------------------------------------------------


def test_the_tail_begins_at_the_newest_keyframe_and_sees_each_packet_at_once(tmp_path: Path) -> None:
    tail = RingReader(tmp_path).follow("A")
    assert tail.read() == []
    with RingWriter(tmp_path, "A", 10.0) as writer:
        for n in range(25):
            writer.append(HEAD, record(n))
        assert [t.record.mono_ns for t in tail.read()] == list(range(20, 25))
        for n in range(25, 320):  # over two borders of segments, some packets unread at each
            writer.append(HEAD, record(n))
            if n % 7 == 0:
                seen = [t.record.mono_ns for t in read_all(tail)]
                assert seen == list(range(max(25, n - 6), n + 1))
    tail.close()


def read_all(tail: object) -> list:  # type: ignore[type-arg]
    found = []
    while batch := tail.read():  # type: ignore[attr-defined]
        found += batch
    return found


def test_the_tail_waits_for_the_rest_of_a_record(tmp_path: Path) -> None:
    write(tmp_path, range(1))
    tail = RingReader(tmp_path).follow("A")
    assert len(tail.read()) == 1
    path = RingReader(tmp_path).paths("A")[0]
    data = b"".join(encode_record(record(1)))
    with path.open("ab", buffering=0) as file:
        file.write(data[:30])
        assert tail.read() == []
        file.write(data[30:])
    assert [t.record for t in tail.read()] == [record(1)]
    tail.close()


def test_times_survive_the_name(tmp_path: Path) -> None:
    for us in (0, 1, 1_000_000, to_us(START) + 123_456):
        assert segment_start_us(segment_name(us)) == us
        assert to_us(from_us(us)) == us
