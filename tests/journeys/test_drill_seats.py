"""Two trainees at two seats and their trainer in one drill: real programs, real windows, one journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from smartcity_console.clock import SystemClock
from smartcity_console.composition.drill_end import reported
from smartcity_console.composition.drill_folder import DrillFolder, Wanted, make_drill
from smartcity_console.composition.drill_trainer import trainer_parts
from smartcity_console.composition.programs import Programs
from smartcity_console.composition.seat import SeatParts, take_seat
from smartcity_console.console.app import application
from smartcity_console.console.assembly import Console
from smartcity_console.console.operations.drill import SEEN, START
from smartcity_console.console.trainer.orders import Speech
from smartcity_console.console.trainer.trainer_app import Trainer
from smartcity_console.drill.feeds.testcard import write_testcard
from smartcity_console.drill.scenario.write import write_scenario
from smartcity_console.journal.queries import all_events
from smartcity_console.model import events as ev
from smartcity_console.settings import load_settings
from tests.drill.scenes import at, inject, scenario

CLOCK = SystemClock()
PATIENCE_MS = 60_000
SITES = {"robbery": ("site-gaonmart", "1701"), "cat": ("site-hansol", "2702"), "door": ("site-010", "1716")}


@pytest.fixture
def drill(tmp_path: Path) -> DrillFolder:
    """A drill with three alarms and one camera, for two trainees."""
    specs = [
        {"id": name, "title": {"ko": name, "en": name}, "site": site, "account": account, "grades": [0], "real": False}
        for name, (site, account) in SITES.items()
    ]
    claims = [
        {"id": f"claim-{name}", "act": "claim", "incident": name, "weight": 10.0, "within_s": 60.0, "late_s": 120.0}
        for name in SITES
    ]
    alarms = [inject(name, "dc09", when=at(1), account=account) for name, (_, account) in SITES.items()]
    feeds = [{"camera": "GN-0001", "file": "GN-0001.mp4"}]
    made = scenario(*alarms, inject("end", "end", when=at(300)), incidents=specs, expectations=claims, feeds=feeds)
    (tmp_path / "two").mkdir()
    write_testcard(tmp_path / "two" / "GN-0001.mp4", seconds=6.0)
    write_scenario(tmp_path / "two", made)
    wanted = Wanted(scenario=str(tmp_path / "two"), trainees={"1": "Kim", "2": "Lee"}, trainer="Park")
    return make_drill(tmp_path / "ws", wanted, CLOCK)


class Room:
    """The programs, two consoles and a trainer's window on one drill."""

    def __init__(self, drill: DrillFolder, qtbot: QtBot, stack: ExitStack) -> None:
        self.drill, self._qtbot = drill, qtbot
        self.settings = load_settings(drill.run_dir)
        programs = Programs(drill.run_dir, drill.source, self.settings, (), CLOCK, ["drill", "direct"])
        stack.callback(programs.stop)
        programs.start()
        self.trainer = Trainer(application(), trainer_parts(drill.run_dir, self.settings, CLOCK), CLOCK)
        stack.callback(self.trainer.close)
        stack.callback(self.trainer.window.close)
        self.trainer.window.show()
        self.trainer.start()
        self.refused: list[str] = []
        self.seats = [self._seat(number, stack) for number in ("1", "2")]

    def _seat(self, number: str, stack: ExitStack) -> Console:
        name, lock = take_seat(self.drill.run_dir, number)
        stack.callback(lock.release)
        parts = SeatParts(self.drill.run_dir, self.settings, CLOCK, name, lambda: None).parts()
        console = Console(application(), self.drill.run_dir, self.settings, CLOCK, parts)
        stack.callback(console.close)
        stack.callback(console.window.close)
        console.runner.refused.connect(lambda op_id, _reason: self.refused.append(op_id))
        console.runner.failed.connect(lambda op_id, _error: self.refused.append(op_id))
        console.window.show()
        console.start()
        return console

    def until(self, holds: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(holds()), timeout=PATIENCE_MS)

    def events(self) -> list[ev.Event]:
        return all_events(self.drill.run_dir / "journal.sqlite")

    def claim(self, console: Console, incident_id: str) -> None:
        console.seat.select(incident_id)
        self.until(lambda: console.runner.reason("incident.claim") is None)
        console.runner.run("incident.claim")
        # an act is given up when its operator looks at something else before it is on record
        self.until(lambda: console.session.centre.incidents[incident_id].claimed_by == console.seat.name)


@pytest.fixture
def room(drill: DrillFolder, qtbot: QtBot) -> Iterator[Room]:
    with ExitStack() as stack:
        yield Room(drill, qtbot, stack)


@pytest.mark.timeout(240)
def test_two_seats_and_a_trainer_share_one_drill(room: Room) -> None:
    one, two = room.seats
    desk, order = room.trainer.desk, room.trainer.runner.run
    assert one.drill is not None and two.drill is not None
    for console in (one, two):  # the second reads longer; the drill waits for both
        room.until(lambda c=console: c.runner.reason(START) is None)
        console.runner.run(START)
    room.until(lambda: desk.fold.begun is not None)
    begun = [e for e in room.events() if e.type in ("DrillWorkBegun", "DrillBegun")]
    assert [e.type for e in begun] == ["DrillWorkBegun", "DrillWorkBegun", "DrillBegun"]

    # each takes one, both want the third
    room.until(lambda: all(len(c.session.centre.incidents) == 3 for c in (one, two)))
    at_site = {i.alerts[0].account: i.id for i in one.session.centre.incidents.values()}
    room.claim(one, at_site["1701"])
    room.claim(two, at_site["2702"])
    for console in (one, two):
        console.seat.select(at_site["1716"])
    room.until(lambda: all(c.runner.reason("incident.claim") is None for c in (one, two)))
    for console in (one, two):
        console.runner.run("incident.claim")
    room.until(lambda: all(i.claimed_by for i in two.session.centre.incidents.values()) and room.refused)
    assert room.refused == ["incident.claim"]
    claims = [(e.stream, e.payload_as(ev.IncidentClaimed).seat) for e in room.events() if e.type == "IncidentClaimed"]
    assert len(claims) == 3 and {stream for stream, _ in claims} == {f"incident/{i}" for i in at_site.values()}

    # the trainer sees both screens
    mirror = room.trainer.window.mirror
    assert desk.seats == ("1", "2")
    for seat in ("1", "2"):
        room.until(lambda s=seat: mirror.seat == s and mirror.screen.image is not None)
        order("drill.mirror.next")

    # words for one seat, a pause for all
    order("drill.speak", Speech("2", "전화를 받으십시오."))
    room.until(lambda: two.drill is not None and two.drill.card.isVisible())
    assert not one.drill.waiting() and not one.drill.card.isVisible()
    two.runner.run(SEEN)
    room.until(lambda: any("2" in seats for seats in desk.fold.seen.values()))
    order("drill.pause")
    room.until(lambda: all(c.drill is not None and c.drill.fold.is_paused for c in (one, two)))
    room.until(lambda: room.trainer.runner.reason("drill.resume") is None)
    order("drill.resume")
    room.until(lambda: not any(c.drill is not None and c.drill.fold.is_paused for c in (one, two)))

    # the end, and a score for each
    room.until(lambda: room.trainer.runner.reason("drill.end") is None)
    order("drill.end", True)
    room.until(lambda: all(c.drill is not None and c.drill.result.isVisible() for c in (one, two)))
    told = reported(room.drill.run_dir, room.drill.scenario, room.drill.facts, "en", CLOCK)
    assert told["seats"] == {"1": 100.0, "2": 100.0} and told["score"] == 100.0
    page = Path(told["html"]).read_text("utf-8")
    assert "Kim (seat 1)" in page and "Lee (seat 2)" in page and "Seat 2: 100" in page
    room.until(lambda: all(c.drill is not None and c.drill.score is not None for c in (one, two)))
