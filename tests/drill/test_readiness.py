"""When a drill may begin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smartcity_console.clock import ManualClock
from smartcity_console.drill.director.readiness import BRIEFING_S, HELD_S, Readiness
from smartcity_console.model import events as ev
from smartcity_console.runtime import ProgramLock
from tests.drill.score.journals import Journal, scenario

SEAT = "seat/1"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Path]:
    """A workspace in which every program runs."""
    locks = [ProgramLock(tmp_path, name) for name in ("gateway", "feeds", "desk-police", "desk-fire")]
    for lock in locks:
        lock.acquire()
    yield tmp_path
    for lock in locks:
        lock.release()


def seated(workspace: Path, clock: ManualClock, *, is_briefed: bool, awaited: tuple[str, ...] = ()) -> Readiness:
    """Return a readiness that has seen a seat taken and the camera recorded, for longer than must be."""
    journal, made = Journal(), Readiness(scenario(), workspace, clock, is_briefed=is_briefed, awaited=awaited)
    journal.tell(1.0, SEAT, ev.SeatOpened(seat="1", user="u"))
    seen = ev.CameraConnected(camera_id="GN-0001", codec="h264", width_px=640, height_px=360)
    journal.tell(1.0, "camera/GN-0001", seen)
    made.take(journal.events)
    made.is_ready()
    clock.advance(HELD_S + 1.0)
    made.is_ready()
    clock.advance(HELD_S + 1.0)
    return made


def test_a_script_waits_only_for_the_cameras(running: Path, clock: ManualClock) -> None:
    assert seated(running, clock, is_briefed=False).is_ready()


def test_a_trainee_has_the_briefing_before_him_until_he_says_so(running: Path, clock: ManualClock) -> None:
    ready = seated(running, clock, is_briefed=True)
    assert not ready.is_ready()
    journal = Journal()
    journal.tell(1.0, "drill/d", ev.DrillWorkBegun(at_s=0.0, seat="1"))
    ready.take(journal.events)
    ready.is_ready()
    clock.advance(HELD_S + 1.0)
    assert ready.is_ready()


def test_who_is_trained_by_name_is_waited_for(running: Path, clock: ManualClock) -> None:
    """Seat 1 has read its briefing; the second trainee is not there yet."""
    ready = seated(running, clock, is_briefed=True, awaited=("1", "2"))
    journal = Journal()
    journal.tell(1.0, "drill/d", ev.DrillWorkBegun(at_s=0.0, seat="1"))
    ready.take(journal.events)
    clock.advance(HELD_S + 1.0)
    assert not ready.is_ready()
    journal.tell(2.0, "seat/2", ev.SeatOpened(seat="2", user="v"))
    journal.tell(3.0, "drill/d", ev.DrillWorkBegun(at_s=0.0, seat="2"))
    ready.take(journal.events[1:])
    ready.is_ready()
    clock.advance(HELD_S + 1.0)
    assert ready.is_ready()


def test_nobody_reads_for_ever(running: Path, clock: ManualClock) -> None:
    ready = seated(running, clock, is_briefed=True)
    clock.advance(BRIEFING_S)
    ready.is_ready()
    clock.advance(HELD_S + 1.0)
    assert ready.is_ready()
