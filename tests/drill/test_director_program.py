"""The director as it runs: on a journal with programs that only pretend to live, its own doors shut."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.drill.director.program import Director, Options, run_director
from smartcity_console.drill.facts import DrillFacts, NoDrillHere, write_drill
from smartcity_console.drill.scenario.read import read_scenario
from smartcity_console.drill.scenario.write import write_scenario
from smartcity_console.journal import SqliteJournal
from smartcity_console.model import events as ev
from smartcity_console.runtime import ProgramLock
from smartcity_console.settings import Settings
from tests.drill.scenes import at, inject, made_alert, scenario

pytestmark = pytest.mark.logs  # it says which of its surroundings are not there
FACTS = DrillFacts(drill_id="d1", scenario_id="test", title_ko="훈련", title_en="drill", trainees={"1": "홍길동"})


def until(condition: Callable[[], Any], limit_s: float = 15.0) -> Any:
    end_s = time.monotonic() + limit_s
    while not (value := condition()):
        assert time.monotonic() < end_s, "waited in vain"
        threading.Event().wait(0.01)
    return value


class Run:
    """A drill's workspace with a director in a thread."""

    def __init__(self, path: Path) -> None:
        self.path, self.clock = path, SystemClock()
        self.journal = SqliteJournal(path / "journal.sqlite", self.clock)
        self.locks = [ProgramLock(path, name) for name in ("gateway", "feeds", "desk-police", "desk-fire")]
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        write_drill(path, FACTS)

    def start(self, *injects: dict[str, Any], options: Options | None = None, **more: Any) -> None:
        if injects:
            write_scenario(self.path, scenario(*injects, **more))
        self._stop.clear()
        made = (read_scenario(self.path), Settings(), self.clock, lambda _kind, _spot: None, options or Options())
        director = Director(self.path, FACTS, *made)
        self._thread = threading.Thread(target=director.run, args=(self._stop,), name="director")
        self._thread.start()

    def everybody_comes(self, *, has_read: bool = True) -> None:
        for lock in self.locks:
            lock.acquire()
        self.journal.append(ev.Draft("seat/1", ev.SeatOpened(seat="1", user="u"), "seat/1"))
        if has_read:
            self.journal.append(ev.Draft("drill/d1", ev.DrillWorkBegun(at_s=0.0, seat="1"), "seat/1"))

    def stop(self) -> None:
        if self._thread is not None:
            self._stop.set()
            self._thread.join(30.0)
            assert not self._thread.is_alive()

    def close(self) -> None:
        self.stop()
        for lock in self.locks:
            lock.release()
        self.journal.close()

    def order(self, act: str, **more: Any) -> None:
        order = ev.DrillOrdered(at_s=0.0, order_id=f"o-{act}", act=act, by="trainer", **more)
        self.journal.append(ev.Draft("drill/d1", order, "trainer"))

    def told(self, *types: str) -> list[ev.Event]:
        return [event for event in self.journal.read() if event.type in types]

    def fired(self) -> list[str]:
        return [event.payload_as(ev.InjectFired).inject_id for event in self.told("InjectFired")]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    made = Run(tmp_path)
    yield made
    made.close()


def test_it_begins_when_everybody_is_there_and_puts_on_record_what_it_does(run: Run) -> None:
    run.start(inject("call", when=at(0.2)), inject("end", "end", when=at(0.6)))
    assert run.told("DrillBegun") == []
    run.everybody_comes()
    until(lambda: run.told("DrillEnded"))
    begun = run.told("DrillBegun")[0].payload_as(ev.DrillBegun)
    assert begun.trainees == {"1": "홍길동"} and len(begun.scenario_sha256) == 64
    assert run.fired() == ["call", "end"]
    spoken = run.told("DrillSpoken")[0].payload_as(ev.DrillSpoken)
    assert spoken.inject_id == "call" and 0.2 <= spoken.at_s < 0.6
    assert run.told("DrillEnded")[0].payload_as(ev.DrillEnded).reason == "inject"


def test_it_waits_until_the_briefing_has_been_read(run: Run) -> None:
    run.start(inject("call", when=at(0.0)), inject("end", "end", when=at(0.2)))
    run.everybody_comes(has_read=False)
    assert run.told("DrillBegun") == []
    run.journal.append(ev.Draft("drill/d1", ev.DrillWorkBegun(at_s=0.0, seat="1"), "seat/1"))
    until(lambda: run.told("DrillEnded"))


def test_the_trainer_pauses_speaks_fires_and_ends(run: Run) -> None:
    run.start(inject("later", when=at(200)), inject("soon", when=at(1.0)))
    run.everybody_comes()
    until(lambda: run.told("DrillBegun"))
    run.order("pause")
    until(lambda: run.told("DrillPaused"))
    run.order("speak", text="잠깐 멈춥니다")
    until(lambda: run.told("DrillSpoken"))
    began_s = time.monotonic()
    until(lambda: time.monotonic() - began_s > 1.2)  # the drill's own second stands meanwhile
    assert "soon" not in run.fired()
    run.order("resume")
    resumed = until(lambda: run.told("DrillResumed"))[0].payload_as(ev.DrillResumed)
    assert resumed.paused_s > 1.0 and resumed.at_s < 1.0
    until(lambda: "soon" in run.fired())
    run.order("fire", inject_id="later")
    until(lambda: "later" in run.fired())
    run.order("fire", inject_id="later")
    until(lambda: run.told("DrillOrderRefused"))
    run.order("end")
    assert until(lambda: run.told("DrillEnded"))[0].payload_as(ev.DrillEnded).reason == "trainer"


def test_an_inject_that_does_not_come_off_is_on_record_with_its_reason(run: Run) -> None:
    dark = inject("dark", "camera", when=at(0.1), cameras=["A"], fault="dark")
    run.start(inject("alarm", "dc09", when=at(0.1)), dark)
    run.everybody_comes()
    failed = until(lambda: len(run.told("InjectFailed")) == 2 and run.told("InjectFailed"))
    assert {event.payload_as(ev.InjectFailed).inject_id for event in failed} == {"alarm", "dark"}
    assert all(event.payload_as(ev.InjectFailed).reason for event in failed)


def test_a_director_that_died_is_followed_by_one_that_goes_on(run: Run) -> None:
    run.start(inject("first", when=at(0.1)), inject("second", when=at(2.5)))
    run.everybody_comes()
    until(lambda: run.fired() == ["first"])
    run.stop()
    assert run.told("DrillEnded") == []
    run.start()
    until(lambda: run.fired() == ["first", "second"])
    assert len(run.told("DrillBegun")) == 1
    assert run.told("InjectFired")[1].payload_as(ev.InjectFired).at_s >= 2.5


def test_unattended_it_ends_when_all_is_closed(run: Run) -> None:
    run.start(inject("call", when=at(0.1)), inject("end", "end", when=at(250)), options=Options(until_done=True))
    run.everybody_comes()
    until(lambda: run.fired() == ["call"])
    alert = made_alert(at=run.clock.now())
    opened = ev.IncidentOpened(
        incident_id="inc-1", alert=alert, kind=alert.kind, priority=alert.priority, position=None
    )
    run.journal.append(ev.Draft("incident/inc-1", opened, "gateway"))
    run.journal.append(ev.Draft("incident/inc-1", ev.IncidentClosed(outcome="x", seat="1"), "seat/1"))
    assert until(lambda: run.told("DrillEnded"))[0].payload_as(ev.DrillEnded).reason == "done"


def test_outside_a_drill_there_is_nothing_to_direct(tmp_path: Path) -> None:
    with pytest.raises(NoDrillHere):
        run_director(tmp_path, Settings(), SystemClock(), lambda _k, _s: None, Options(), threading.Event())
