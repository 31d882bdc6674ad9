"""The sub-command `drill direct`: plays the workspace's scenario, obeys the trainer's orders, puts on record what it did."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Collection
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.drill.director import steps
from smartcity_console.drill.director.desks import DeskPlayer
from smartcity_console.drill.director.doors import Doors
from smartcity_console.drill.director.drill_time import Stopwatch
from smartcity_console.drill.director.engine import Engine
from smartcity_console.drill.director.hands import Hands
from smartcity_console.drill.director.polls import Polls
from smartcity_console.drill.director.readiness import Readiness
from smartcity_console.drill.director.stage_link import StageLink
from smartcity_console.drill.facts import DrillFacts, NoDrillHere, read_drill
from smartcity_console.drill.scenario import model as m
from smartcity_console.drill.scenario.read import FILE, digest_of, read_scenario
from smartcity_console.journal import Follower, GroupCommitter, SqliteJournal
from smartcity_console.model import events as ev
from smartcity_console.model.agency import EMERGENCY_SERVICES, AgencyKind
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.ids import new_id
from smartcity_console.runtime import ProgramLock, announce, read_announcement
from smartcity_console.settings import Settings

PROGRAM = ACTOR = "director"
LOOK_S = 0.05
APPEND_LIMIT_S = 10.0
_STAGE_EVERY_S = 1.0
log = logging.getLogger(__name__)

Station = Callable[[AgencyKind, m.Spot], m.Spot | None]
"""Where the station stands that answers for a place."""


class Options(msgspec.Struct, frozen=True):
    """How a drill is directed. `until_done`: it ends when everything is closed; `by_hand`: desks that a person plays."""

    until_done: bool = False
    by_hand: frozenset[AgencyKind] = frozenset()


def run_director(
    workspace: Path, settings: Settings, clock: Clock, station: Station, options: Options, stop: threading.Event
) -> int:
    """Direct until `stop` is set. Raises NoDrillHere, AlreadyRunning, ScenarioRefused, JournalDamaged."""
    facts = read_drill(workspace)
    if facts is None:
        raise NoDrillHere(folder=workspace)
    lock = ProgramLock(workspace, PROGRAM)
    lock.acquire()
    try:
        director = Director(workspace, facts, read_scenario(workspace), settings, clock, station, options)
        announce(workspace, PROGRAM, {})
        director.run(stop)
    finally:
        lock.release()
    return 0


class Director:
    """One drill. All on the calling thread but what blocks (hands.py, desks.py)."""

    def __init__(
        self,
        workspace: Path,
        facts: DrillFacts,
        scenario: m.Scenario,
        settings: Settings,
        clock: Clock,
        station: Station,
        options: Options,
    ) -> None:
        """Raises JournalDamaged and its kin."""
        self._workspace, self._facts, self._clock, self._options = workspace, facts, clock, options
        self._stream = f"drill/{facts.drill_id}"
        self._engine, self._watch = Engine(scenario), Stopwatch()
        self._stage_looked_s = 0.0
        journal = workspace / "journal.sqlite"
        self._committer = GroupCommitter(lambda: SqliteJournal(journal, clock), 1000)
        self._follower = Follower(journal, poll_ms=settings.whole("journal.poll_ms"))
        doors = Doors(workspace, facts.drill_id, clock, self._gateway, lambda: self._new_id("drill"))
        self._desks = {kind: self._desk(kind, station) for kind in EMERGENCY_SERVICES}
        self._polls = Polls(doors.poll, _polled(scenario.injects))
        self._hands = Hands(doors, StageLink(workspace, self.second), self._desks, self._polls, self._failed)

    def second(self) -> float:
        """Return the second of the drill; it stands in a pause."""
        return self._watch.read(self._clock.monotonic_s())

    def run(self, stop: threading.Event) -> None:
        """Wait until everybody is there, play, and stay to refuse orders that come too late."""
        try:
            self._take_history()
            if self._engine.time.begun_at is None and not self._wait_for_everybody(stop):
                return
            self._go_on_from_history()
            self._play(stop)
        finally:
            self._close()

    def _close(self) -> None:
        for desk in self._desks.values():
            desk.close()
        self._polls.close()
        self._hands.close()
        self._follower.close()
        self._committer.close()

    # ---- beginning ---------------------------------------------------------------------------------------------------

    def _take_history(self) -> None:
        is_briefed = self._facts.operator == "human"
        awaited = tuple(self._facts.trainees) if is_briefed else ()
        self._readiness = Readiness(
            self._engine.scenario, self._workspace, self._clock, is_briefed=is_briefed, awaited=awaited
        )
        while events := self._follower.wait(0.0):
            self._readiness.take(events)
            self._engine.take(events)

    def _wait_for_everybody(self, stop: threading.Event) -> bool:
        """Begin when a seat is taken and the cameras are recorded; return False when stopped before."""
        while not stop.is_set():
            events = self._follower.wait(LOOK_S * 4)
            self._readiness.take(events)
            self._engine.take(events)
            if self._readiness.is_ready():
                self._begin()
                return True
        return False

    def _begin(self) -> None:
        facts = self._facts
        self._append(
            ev.DrillBegun(
                at_s=0.0,
                drill_id=facts.drill_id,
                scenario_id=facts.scenario_id,
                scenario_sha256=digest_of(self._workspace / FILE),
                title_ko=facts.title_ko,
                title_en=facts.title_en,
                trainees=facts.trainees,
                operator=facts.operator,
                trainer=facts.trainer,
            )
        )
        self._watch.start(self._clock.monotonic_s())

    def _go_on_from_history(self) -> None:
        """Take up a drill that another director began: its time goes on, cues, faults and manners hold."""
        time, now_s = self._engine.time, self._clock.monotonic_s()
        if time.begun_at is not None:
            at_s = time.second_of(self._clock.now())
            self._watch.start(now_s, at_s)
            self._engine.forget_repeats(at_s)
            for inject_id, fired_s in self._engine.fired.items():
                inject = self._engine.injects.get(inject_id)
                if isinstance(inject, m.Cue | m.Camera | m.Sender) or (isinstance(inject, m.Desk) and inject.manner):
                    self._hands.do(inject, fired_s)
            if time.paused_since is not None:
                self._watch.stop(now_s)
                self._hands.pause(True)
        self._polls.start()
        for desk in self._desks.values():
            desk.start()

    # ---- playing -----------------------------------------------------------------------------------------------------

    def _play(self, stop: threading.Event) -> None:
        while not stop.is_set():
            orders = self._engine.take(self._follower.wait(LOOK_S))
            at_s = self.second()
            for order in orders:
                self._carry_out(self._engine.obey(order, at_s))
            if self._engine.time.ended_at is not None:
                stop.wait(LOOK_S)
                continue
            self._carry_out(self._engine.due(at_s))
            if self._options.until_done and self._engine.is_done(at_s):
                self._carry_out([steps.Finish("done")])
            self._look_after_the_stage()

    def _look_after_the_stage(self) -> None:
        now_s = self._clock.monotonic_s()
        if now_s - self._stage_looked_s >= _STAGE_EVERY_S:
            self._stage_looked_s = now_s
            self._hands.look_after_the_stage()

    def _carry_out(self, told: Collection[steps.Step]) -> None:
        for step in told:
            match step:
                case steps.Fire():
                    self._fire(step)
                case steps.Skip(inject_id, reason):
                    self._append(ev.InjectSkipped(at_s=self.second(), inject_id=inject_id, reason=reason))
                case steps.Hold(inject_id, held):
                    self._append(ev.InjectHeld(at_s=self.second(), inject_id=inject_id, held=held))
                case steps.Pause(by):
                    self._pause(by)
                case steps.Resume(by):
                    self._resume(by)
                case steps.Words(seat, text, by):
                    self._speak(seat, m.Words(by, by), m.Words(text, text))
                case steps.Moment(text, by, incident_id):
                    moment = ev.MomentMarked(at_s=self.second(), text=text, by=by, incident_id=incident_id)
                    self._append(moment)
                case steps.Refuse(order_id, ko, en):
                    refused = ev.DrillOrderRefused(at_s=self.second(), order_id=order_id, reason_ko=ko, reason_en=en)
                    self._append(refused)
                case steps.Finish(reason):
                    self._finish(reason)
                    return

    def _fire(self, step: steps.Fire) -> None:
        """First on record, then done: after a crash it is not done twice."""
        inject, at_s = step.inject, self.second()
        if step.number == 0:
            fired = ev.InjectFired(
                at_s=at_s,
                inject_id=inject.id,
                kind=str(type(inject).__struct_config__.tag),
                cause=step.cause,
                label_ko=inject.label.ko,
                label_en=inject.label.en,
            )
            self._append(fired)
        if isinstance(inject, m.Speak):
            self._speak(inject.seat, inject.who or m.Words("", ""), inject.words, inject.id)
        else:
            self._hands.do(inject, at_s)

    def _speak(self, seat: str, who: m.Words, words: m.Words, inject_id: str = "") -> None:
        spoken = ev.DrillSpoken(
            at_s=self.second(),
            seat=seat,
            who_ko=who.ko,
            who_en=who.en,
            text_ko=words.ko,
            text_en=words.en,
            inject_id=inject_id,
        )
        self._append(spoken)

    def _pause(self, by: str) -> None:
        self._watch.stop(self._clock.monotonic_s())
        self._append(ev.DrillPaused(at_s=self.second(), by=by))
        self._hands.pause(True)

    def _resume(self, by: str) -> None:
        since = self._engine.time.paused_since
        paused_s = (self._clock.now() - since).total_seconds() if since else 0.0
        self._hands.pause(False)
        self._append(ev.DrillResumed(at_s=self.second(), by=by, paused_s=paused_s))
        self._watch.start(self._clock.monotonic_s(), self.second())

    def _finish(self, reason: str) -> None:
        self._append(ev.DrillEnded(at_s=self.second(), reason=reason))
        self._watch.stop(self._clock.monotonic_s())
        self._take_own()
        for desk in self._desks.values():
            desk.close()
        self._polls.close()

    def _take_own(self) -> None:
        """Read on to what was just written: nothing is due any more."""
        until_s = self._clock.monotonic_s() + APPEND_LIMIT_S
        while self._engine.time.ended_at is None and self._clock.monotonic_s() < until_s:
            self._engine.take(self._follower.wait(LOOK_S))

    def _failed(self, inject_id: str, reason: str) -> None:
        """Put a failure on record, from any thread."""
        log.error("inject %s: %s", inject_id or "-", reason)
        if inject_id:
            self._append(ev.InjectFailed(at_s=self.second(), inject_id=inject_id, reason=reason[:300]))

    def _append(self, payload: ev.Payload) -> None:
        """Store an event and return when it is on disk; what cannot be stored is logged, and the drill goes on."""
        try:
            self._committer.submit(ev.Draft(self._stream, payload, ACTOR)).result(APPEND_LIMIT_S)
        except (ConsoleError, FutureTimeout) as error:
            told = error.sentence("en") if isinstance(error, ConsoleError) else "the journal takes too long"
            log.error("%s is not on record: %s", type(payload).__name__, told)

    # ---- surroundings ------------------------------------------------------------------------------------------------

    def _gateway(self) -> dict[str, str]:
        told = read_announcement(self._workspace, "gateway")
        return dict(told["addresses"]) if told else {}

    def _desk(self, kind: AgencyKind, station: Station) -> DeskPlayer:
        plays = kind not in self._options.by_hand
        return DeskPlayer(self._workspace, kind, self.second, lambda spot: station(kind, spot), plays)

    def _new_id(self, prefix: str) -> str:
        return new_id(prefix, self._clock.now(), os.urandom)


def _polled(injects: Collection[m.AnyInject]) -> set[str]:
    return {account for inject in injects if isinstance(inject, m.Sender) for account in inject.accounts}
