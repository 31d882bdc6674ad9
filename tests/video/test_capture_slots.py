"""Pictures cross the process boundary whole, newest first, and drops are counted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from smartcity_console.video.capture import slots
from smartcity_console.video.capture.slots import Arena, SlotReader, SlotWriter

HAMMER = """
import itertools, sys
from smartcity_console.video.capture.slots import Arena, SlotWriter
arena = Arena(int(sys.argv[1]), 2, 1)
writer = SlotWriter(arena, 1, 7)
for n in itertools.takewhile(lambda _: not arena.workers[0].beat_s, itertools.count()):
    size = (640, 360) if n % 2 else (320, 240)
    writer.begin(size).pixels[:] = n % 251
    writer.publish(float(n), n, n / 15)
"""


@pytest.fixture
def arena() -> Iterator[Arena]:
    made = Arena.create(2, 1)
    yield made
    made.close()


def write(writer: SlotWriter, value: int, number: int) -> None:
    writer.begin((4, 2)).pixels[:] = value
    writer.publish(10.0 + number, number, number / 15)


def test_the_newest_picture_wins_and_the_others_count_as_overwritten(arena: Arena) -> None:
    writer, reader = SlotWriter(arena, 0, 1), SlotReader(arena, 0)
    for number in range(5):
        write(writer, number, number)
    frame = reader.newest(1)
    assert frame is not None
    assert (frame.seq, frame.number, frame.captured_s) == (5, 4, 14.0)
    assert frame.pixels.shape == (2, 4, 4)
    assert (frame.pixels == 4).all()
    assert arena.tiles[0].overwritten == 4
    assert reader.newest(1, after_seq=5) is None
    write(writer, 9, 5)
    assert arena.tiles[0].overwritten == 4


def test_pictures_of_another_source_are_never_shown(arena: Arena) -> None:
    reader = SlotReader(arena, 0)
    write(SlotWriter(arena, 0, 1), 1, 1)
    assert reader.newest(2) is None
    assert reader.captured_s(2) is None
    write(SlotWriter(arena, 0, 2), 2, 1)
    frame = reader.newest(2)
    assert frame is not None
    assert (frame.pixels == 2).all()
    assert reader.newest(1) is None


def test_a_copy_that_the_writer_ran_over_is_made_again(arena: Arena, monkeypatch: pytest.MonkeyPatch) -> None:
    writer, reader = SlotWriter(arena, 0, 1), SlotReader(arena, 0)
    write(writer, 1, 1)
    plain, copies = reader._canvases.of, []

    def interrupted(buffer: int, size: tuple[int, int]) -> Any:
        """The writer goes all the way round between our look at the header and our copy."""
        if not copies:
            copies.append(buffer)
            for number in range(2, 6):
                write(writer, number, number)
        return plain(buffer, size)

    monkeypatch.setattr(reader._canvases, "of", interrupted)
    frame = reader.newest(1)
    assert frame is not None
    assert (frame.seq, frame.number) == (5, 5)
    assert (frame.pixels == 5).all()


def test_a_worker_killed_while_writing_leaves_the_last_whole_picture(arena: Arena) -> None:
    reader = SlotReader(arena, 0)
    write(SlotWriter(arena, 0, 1), 1, 1)
    SlotWriter(arena, 0, 1).begin((4, 2)).pixels[:1] = 99
    frame = reader.newest(1)
    assert frame is not None
    assert (frame.pixels == 1).all()
    write(SlotWriter(arena, 0, 1), 3, 1)
    assert reader.newest(1).seq == 2  # type: ignore[union-attr]


def test_a_picture_that_is_held_is_never_written_to(arena: Arena) -> None:
    writer, reader = SlotWriter(arena, 0, 1), SlotReader(arena, 0)
    write(writer, 1, 1)
    held = reader.hold(1)
    assert held is not None
    for number in range(2, 12):
        write(writer, number, number)
        assert (held.pixels == 1).all()
    newest = reader.hold(1, held.seq)
    assert newest is not None
    assert (newest.seq, newest.number) == (11, 11)
    assert reader.hold(1, newest.seq) is None
    write(writer, 20, 20)
    assert (newest.pixels == 11).all()


def test_what_is_taken_hold_of_while_the_writer_chooses_is_not_written_to(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The console announces its hold between the writer's look and the writer's own announcement."""
    writer = SlotWriter(arena, 0, 1)
    for number in range(1, 4):
        write(writer, number, number)
    wanted = (arena.tiles[0].newest + 1) % 3
    seq = arena.tiles[0].buffers[wanted].seq
    holds = iter([wanted + 1])

    def fence() -> None:
        arena.tiles[0].held = next(holds, arena.tiles[0].held)

    monkeypatch.setattr(slots, "_fence", fence)
    writer.begin((4, 2)).pixels[:] = 99
    assert arena.tiles[0].buffers[wanted].seq == seq
    assert not (arena.canvas(0, wanted, (4, 2)).pixels == 99).any()


@pytest.mark.parametrize("how", ["newest", "hold"])
def test_no_picture_is_torn_under_a_writer_that_never_rests(arena: Arena, how: str) -> None:
    command = [sys.executable, "-c", HAMMER, str(arena._fd)]
    reader, seen, last = SlotReader(arena, 1), 0, 0
    with subprocess.Popen(command, pass_fds=(arena._fd,)) as writer:
        while seen < 200 and writer.poll() is None:
            frame = getattr(reader, how)(7, last)
            if frame is None:
                continue
            seen, last = seen + 1, frame.seq
            assert frame.pixels.shape == ((360, 640, 4) if frame.number % 2 else (240, 320, 4))
            assert np.ptp(frame.pixels) == 0, f"torn picture {frame.seq}"
            assert frame.pixels[0, 0, 0] == frame.number % 251
            assert frame.captured_s == frame.number
        arena.workers[0].beat_s = 1.0  # tells the writer to end
    assert (writer.returncode, seen) == (0, 200)
    written = int(arena.tiles[1].seq)
    assert int(arena.tiles[1].overwritten) >= written - 1 - seen  # none is lost uncounted


def test_forgotten_pixels_are_gone(arena: Arena) -> None:
    write(SlotWriter(arena, 0, 1), 200, 1)
    arena.forget_pixels(0)
    frame = SlotReader(arena, 0).newest(1)
    assert frame is not None
    assert not frame.pixels.any()
