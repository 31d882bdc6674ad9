"""A scripted operator in a drill: works the queue as a person would, several incidents side by side.

He may know the scenario; he acts only through operations, and sees only what the console's own journal tells.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from smartcity_console.clock import Clock
from smartcity_console.console.assembly import Console
from smartcity_console.console.operations.drill import SEEN, START
from smartcity_console.console.unattended.camera import ScreenCamera
from smartcity_console.console.unattended.drill_case import CaseWork, Later, Work
from smartcity_console.console.unattended.operators import LAST, Manner, plan_for
from smartcity_console.console.unattended.script import Script, Until
from smartcity_console.drill.director.drill_time import DrillTime
from smartcity_console.drill.director.happenings import matching
from smartcity_console.drill.scenario.model import IncidentSpec, Scenario
from smartcity_console.model import events as ev
from smartcity_console.model.incident import Incident

START_LIMIT_S = 240.0
LONGEST_S = 3 * 3600.0
MOST_SHOTS = 12
log = logging.getLogger(__name__)


class Operator:
    """`script` is played on the console's own event loop."""

    def __init__(self, console: Console, scenario: Scenario, manner: Manner, clock: Clock, shots: ScreenCamera) -> None:
        self.console, self.scenario, self.manner, self.clock = console, scenario, manner, clock
        self._shots = shots
        self._time = DrillTime()
        self._cued: dict[str, datetime] = {}
        self._jobs: dict[str, tuple[CaseWork, Work, Later | None, float]] = {}
        self._done: set[str] = set()
        console.session.taken.connect(self._take)

    def script(self) -> Script:
        """Return the whole drill."""
        yield Until("the drill begins", lambda: self._time.begun_at is not None, START_LIMIT_S)
        yield from self.soon("briefing", lambda: self.console.runner.reason(START) is None, 3.0)
        self.run_if_possible(START)
        while not self._is_over():
            yield Until("something to do", lambda: self._is_over() or self._next() is not None, LONGEST_S)
            incident_id = self._next()
            if incident_id is not None and not self._is_over():
                yield from self._advance(incident_id)
        yield from self.soon("the end on the screen", lambda: False, 1.0)
        self.shoot("end")

    # ---- choosing what to do -----------------------------------------------------------------------------------------

    def _next(self) -> str | None:
        """Return the incident that is to be gone on with now: in the scenario's order, else by priority."""
        self.run_if_possible(SEEN)
        ready = [i for i in self.console.session.centre.incidents.values() if self._is_ready(i)]
        return min(ready, key=self._rank).id if ready else None

    def _is_ready(self, incident: Incident) -> bool:
        if incident.id in self._done:
            return False
        job = self._jobs.get(incident.id)
        if job is not None:
            later, since_s = job[2], job[3]
            return later is None or bool(later.holds()) or self.clock.monotonic_s() - since_s > later.limit_s
        return incident.closed_at is None and incident.claimed_by is None

    def _rank(self, incident: Incident) -> tuple[int, int, datetime]:
        spec = self._spec(incident)
        return (spec.order if spec is not None else LAST, incident.priority.rank, incident.opened_at)

    def _spec(self, incident: Incident) -> IncidentSpec | None:
        return matching(self.scenario.incidents, incident.alerts)

    def _advance(self, incident_id: str) -> Script:
        """Go on with an incident until it has to wait for long, or is done."""
        if incident_id not in self._jobs:
            incident = self.console.session.centre.incidents[incident_id]
            case = CaseWork(self, incident_id, plan_for(self.scenario, self._spec(incident), self.manner), self.manner)
            self._jobs[incident_id] = (case, case.work(), None, 0.0)
        case, work, _, _ = self._jobs[incident_id]
        self.console.seat.select(incident_id)
        for wait in work:
            if isinstance(wait, Later):
                self._jobs[incident_id] = (case, work, wait, self.clock.monotonic_s())
                return
            yield Until(wait.what, lambda w=wait: w.holds() or self._is_over(), wait.limit_s)  # type: ignore[misc]
            if self._is_over():
                return
        self._jobs.pop(incident_id)
        self._done.add(incident_id)

    # ---- what the cases ask ------------------------------------------------------------------------------------------

    def act_of(self, spec: IncidentSpec | None) -> tuple[datetime, datetime] | None:
        """Return when the act of an incident is on the pictures; None when its cue has not come."""
        if spec is None or spec.act_s is None or spec.cue not in self._cued:
            return None
        cued = self._cued[spec.cue]
        return cued + timedelta(seconds=spec.act_s[0]), cued + timedelta(seconds=spec.act_s[1])

    def is_cued(self, spec: IncidentSpec | None) -> bool:
        """Return whether there is nothing to wait for before the act of an incident begins."""
        return spec is None or spec.act_s is None or not spec.cue or spec.cue in self._cued

    def before_the_act(self, spec: IncidentSpec | None, incident: Incident) -> datetime:
        """Return a moment at which nothing of the act was to be seen yet."""
        act = self.act_of(spec)
        return (act[0] if act is not None else incident.opened_at) - timedelta(seconds=8)

    def same_as(self, incident_id: str) -> list[str]:
        """Return the other open incidents that are the same of the scenario."""
        if self.manner.is_wrong:
            return []
        mine = self._spec(self.console.session.centre.incidents[incident_id])
        if mine is None:
            return []
        seat = self.console.seat.name
        others = [i for i in self.console.seat.queue() if i.id != incident_id and i.claimed_by in (None, seat)]
        return [i.id for i in others if not i.handoffs and self._spec(i) is mine]

    def is_closed(self, incident_id: str) -> bool:
        return self.console.session.centre.incidents[incident_id].closed_at is not None

    def tiles(self):  # type: ignore[no-untyped-def]
        return self.console.wall_view.tile_widgets()

    def run_if_possible(self, op_id: str, argument: object = None) -> bool:
        """Do what can be done now; return whether it could."""
        runner = self.console.runner
        if runner.reason(op_id) is not None:
            return False
        runner.run(op_id, argument)
        return True

    def soon(self, what: str, holds, limit_s: float) -> Script:  # type: ignore[no-untyped-def]
        """Wait for something that may also not come."""
        until_s = self.clock.monotonic_s() + limit_s
        yield Until(what, lambda: holds() or self.clock.monotonic_s() >= until_s, limit_s + 30.0)

    def pause(self, what: str, seconds: float) -> Script:
        """Take the time that a person takes; the drill's own pauses do not count as done."""
        yield from self.soon(what, lambda: False, seconds)
        yield Until("the drill goes on", lambda: self._time.paused_since is None, LONGEST_S)

    def shoot(self, name: str) -> None:
        if len(self._shots.paths) < MOST_SHOTS:
            self._shots.shoot(name)

    # ---- the journal -------------------------------------------------------------------------------------------------

    def _take(self, events: list[ev.Event]) -> None:
        for event in events:
            if event.stream.startswith("drill/"):
                self._time.take(event)
                if event.type == ev.InjectFired.__name__:
                    self._cued.setdefault(event.payload_as(ev.InjectFired).inject_id, event.at)

    def _is_over(self) -> bool:
        return self._time.ended_at is not None
