"""The joystick interface's real bytes, through a FIFO that comes and goes like a device."""

from __future__ import annotations

import os
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smartcity_console.console.ptz.gamepad import PadReader
from smartcity_console.model.ptz import Velocity

INIT_AXIS, AXIS, BUTTON = 0x82, 0x02, 0x01


def js_event(number: int, value: int, kind: int = AXIS) -> bytes:
    """Return one event as linux/joystick.h lays it out: __u32 time, __s16 value, __u8 type, __u8 number."""
    return struct.pack("=IhBB", 1234, value, kind, number)


def at_rest(*axes: int) -> bytes:
    return b"".join(js_event(number, 0, INIT_AXIS) for number in axes)


class Heard:
    """What a reader told, from its thread."""

    def __init__(self) -> None:
        self.pulls: list[Velocity] = []
        self.names: list[str | None] = []

    def until(self, condition: Callable[[], bool]) -> None:
        deadline_s, pause = time.monotonic() + 10.0, threading.Event()
        while not condition():
            assert time.monotonic() < deadline_s, (self.pulls, self.names)
            pause.wait(0.005)

    def last(self) -> Velocity:
        return self.pulls[-1] if self.pulls else Velocity()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def device(tmp_path: Path) -> Path:
    return tmp_path / "js0"


@pytest.fixture
def reader(heard: Heard, device: Path) -> Iterator[PadReader]:
    found = lambda: [device] if device.exists() else []  # noqa: E731
    made = PadReader(heard.pulls.append, heard.names.append, found)
    made.start()
    yield made
    made.close()


def plug(device: Path, heard: Heard) -> int:
    """Make the device; the writer's end opens once the reader has its own."""
    os.mkfifo(device)
    heard.until(lambda: heard.names[-1:] == ["js0"])
    return os.open(device, os.O_WRONLY)


def test_sticks_turn_and_zoom(reader: PadReader, heard: Heard, device: Path) -> None:
    pad = plug(device, heard)
    os.write(pad, at_rest(0, 1, 3, 4) + js_event(0, 32767))
    heard.until(lambda: heard.last() == Velocity(pan=1.0))
    os.write(pad, js_event(0, 0) + js_event(1, -32767))
    heard.until(lambda: heard.last() == Velocity(tilt=1.0))
    os.write(pad, js_event(1, 0) + js_event(4, -32768) + js_event(7, 1, BUTTON))
    heard.until(lambda: heard.last() == Velocity(zoom=1.0))
    os.close(pad)


def test_the_middle_is_dead_and_half_is_fine(reader: PadReader, heard: Heard, device: Path) -> None:
    pad = plug(device, heard)
    os.write(pad, at_rest(0, 1, 4) + js_event(0, 3000) + js_event(1, -4000))
    os.write(pad, js_event(0, 20000))
    heard.until(lambda: heard.last().pan > 0.0)
    assert heard.pulls == [heard.last()]
    assert 0.1 < heard.last().pan < 0.5
    os.close(pad)


def test_events_torn_apart_are_put_together(reader: PadReader, heard: Heard, device: Path) -> None:
    pad = plug(device, heard)
    for byte in at_rest(0) + js_event(0, 32767):
        os.write(pad, bytes([byte]))
    heard.until(lambda: heard.last() == Velocity(pan=1.0))
    os.close(pad)


def test_a_stick_that_leans_from_the_first_steers_nothing(reader: PadReader, heard: Heard, device: Path) -> None:
    pad = plug(device, heard)
    os.write(pad, js_event(0, 32767, INIT_AXIS) + at_rest(1, 4) + js_event(1, 32767))
    heard.until(lambda: heard.last() == Velocity(tilt=-1.0))
    os.write(pad, js_event(1, 0) + js_event(0, 0) + js_event(0, -32767))
    heard.until(lambda: heard.last() == Velocity(pan=-1.0))
    os.close(pad)


def test_unplugging_lets_go_and_plugging_in_works_again(reader: PadReader, heard: Heard, device: Path) -> None:
    pad = plug(device, heard)
    os.write(pad, at_rest(0) + js_event(0, 32767))
    heard.until(lambda: heard.last() == Velocity(pan=1.0))
    device.unlink()
    os.close(pad)
    heard.until(lambda: heard.last() == Velocity() and heard.names[-1] is None)
    pad = plug(device, heard)
    os.write(pad, at_rest(0) + js_event(0, -32767))
    heard.until(lambda: heard.last() == Velocity(pan=-1.0))
    os.close(pad)


def test_closing_lets_go_and_joins(heard: Heard, device: Path) -> None:
    reader = PadReader(heard.pulls.append, heard.names.append, lambda: [device] if device.exists() else [])
    reader.start()
    pad = plug(device, heard)
    os.write(pad, at_rest(0) + js_event(0, 32767))
    heard.until(lambda: heard.last() == Velocity(pan=1.0))
    reader.close()
    assert heard.last() == Velocity()
    assert "gamepad" not in [thread.name for thread in threading.enumerate()]
    os.close(pad)
