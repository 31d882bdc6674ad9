"""The director's head: scenario + events seen + second of the drill -> what is to be done now. No clock, no I/O.

An inject is due at its second, or `delay_s` after what it waits for. When it is due, a flag of `unless` that is up or a
flag of `needs` that is not makes it skipped, for good: a branch that was not taken. `unclaimed` and `not_handed_off` are
skipped when the claim or the hand-off comes in time.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

import msgspec

from smartcity_console.drill.director.drill_time import DrillTime
from smartcity_console.drill.director.happenings import Happenings
from smartcity_console.drill.director.orders import Orders
from smartcity_console.drill.director.steps import Cause, Finish, Fire, Skip, Step
from smartcity_console.drill.scenario.model import AnyInject, Cue, Dc09, End, Happening, Scenario
from smartcity_console.model import events as ev

SETTLE_S = 4.0
"""What was sent last has so long to become an incident before a drill counts as done."""
_UNTIL = {Happening.UNCLAIMED: Happening.CLAIMED, Happening.NOT_HANDED_OFF: Happening.HANDED_OFF}


class Upcoming(msgspec.Struct, frozen=True):
    """An inject that is still to come. `due_s` None: what it waits for has not happened."""

    inject: AnyInject
    due_s: float | None
    is_held: bool


class Engine:
    """`take` the journal from its beginning, ask `due` often, give `obey` the trainer's orders."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.injects: dict[str, AnyInject] = {inject.id: inject for inject in scenario.injects}
        self.time = DrillTime()
        self.happenings = Happenings(scenario.incidents)
        self.fired: dict[str, float] = {}
        self.skipped: dict[str, str] = {}
        self.failed: dict[str, str] = {}
        self.held: set[str] = set()
        self.flags: set[str] = set()
        self._repeats: list[tuple[float, str, int]] = []
        self._orders = Orders(self)

    # ---- what happened -----------------------------------------------------------------------------------------------

    def take(self, events: Iterable[ev.Event]) -> list[ev.DrillOrdered]:
        """Fold events in; return the orders among them. An injected that the trainer added is known from then on."""
        orders = []
        for event in events:
            self.time.take(event)
            if self.time.begun_at is None:
                continue
            self.happenings.take(event, self.time.second_of(event.at))
            if event.stream.startswith("drill/"):
                payload = event.payload()
                self._fold(payload)
                if isinstance(payload, ev.DrillOrdered):
                    self._orders.note(payload)
                    orders.append(payload)
        return orders

    def _fold(self, payload: ev.Payload) -> None:
        match payload:
            case ev.InjectFired() if payload.inject_id not in self.fired:
                self._note_fired(payload.inject_id, payload.at_s)
            case ev.InjectSkipped():
                self.skipped[payload.inject_id] = payload.reason
            case ev.InjectFailed():
                self.failed[payload.inject_id] = payload.reason
            case ev.InjectHeld():
                (self.held.add if payload.held else self.held.discard)(payload.inject_id)

    def _note_fired(self, inject_id: str, at_s: float) -> None:
        self.fired[inject_id] = at_s
        inject = self.injects.get(inject_id)
        if inject is None:
            return
        if inject.sets:
            self.flags.add(inject.sets)
        if isinstance(inject, Dc09):
            for number in range(1, inject.repeat):
                heapq.heappush(self._repeats, (at_s + number * inject.every_s, inject_id, number))

    def forget_repeats(self, before_s: float) -> None:
        """Leave out repetitions that fell into a time when nobody directed."""
        self._repeats = [repeat for repeat in self._repeats if repeat[0] >= before_s]
        heapq.heapify(self._repeats)

    # ---- what is to be done ------------------------------------------------------------------------------------------

    def due(self, at_s: float) -> list[Step]:
        """Return what is to be done at this second, each thing once. Nothing in a pause, before or after the drill."""
        if not self.time.runs:
            return []
        steps: list[Step] = []
        while found := [step for inject in self.waiting() if (step := self._look(inject, at_s)) is not None]:
            steps += [self._note(step, at_s) for step in found[:1]]  # one at a time: it may raise a flag for the next
        steps += self._due_repeats(at_s)
        if any(isinstance(step, Fire) and isinstance(step.inject, End) for step in steps):
            return [*steps, Finish("inject")]
        return [*steps, Finish("time")] if at_s >= self.scenario.duration_s else steps

    def obey(self, order: ev.DrillOrdered, at_s: float) -> list[Step]:
        """Return what an order of the trainer comes to; one that cannot be carried out is refused with a reason."""
        return [self._note(step, at_s) for step in self._orders.carried_out(order)]

    def waiting(self) -> list[AnyInject]:
        """Return the injects that were neither fired nor skipped, in the file's order."""
        return [i for i in self.injects.values() if i.id not in self.fired and i.id not in self.skipped]

    def upcoming(self) -> list[Upcoming]:
        """Return what is still to come, those with a time first."""
        told = [Upcoming(inject, self.due_s(inject), inject.id in self.held) for inject in self.waiting()]
        return sorted(told, key=lambda one: (one.due_s is None, one.due_s or 0.0))

    def due_s(self, inject: AnyInject) -> float | None:
        """Return the second at which an inject is due, as far as is known."""
        when = inject.when
        if when.event is None:
            return when.at_s
        if when.event is Happening.FIRED:
            since_s = self.fired.get(when.of)
        else:
            looked_for = Happening.OPENED if when.event in _UNTIL else when.event
            since_s = self.happenings.first_s(looked_for, when.of, when.to if when.event not in _UNTIL else None)
        if since_s is None:
            return None
        return max(since_s + when.delay_s, when.at_s or 0.0)

    def is_done(self, at_s: float) -> bool:
        """Return whether everything is closed and nothing is known to come but the drill's end."""
        if not self.time.runs or self._repeats or self.happenings.open:
            return False
        coming = [i for i in self.waiting() if not isinstance(i, End) and self.due_s(i) is not None]
        last_s = max([*self.fired.values(), self.happenings.opened_s or 0.0], default=0.0)
        raised = any(not isinstance(self.injects.get(id_), Cue | End) for id_ in self.fired)
        return raised and not coming and at_s >= last_s + SETTLE_S

    def _look(self, inject: AnyInject, at_s: float) -> Step | None:
        due_s, when = self.due_s(inject), inject.when
        if due_s is None:
            return None
        if when.event in _UNTIL:
            until_s = self.happenings.first_s(_UNTIL[when.event], when.of, when.to)
            if until_s is not None and until_s <= due_s:
                return Skip(inject.id, f"{_UNTIL[when.event]} in time")
        if due_s > at_s or inject.id in self.held:
            return None
        up, missing = self.flags.intersection(when.unless), set(when.needs) - self.flags
        if up or missing:
            return Skip(inject.id, f"unless {min(up)}" if up else f"needs {min(missing)}")
        return Fire(inject, Cause.TIME if when.event is None else Cause.CONDITION)

    def _due_repeats(self, at_s: float) -> list[Step]:
        steps: list[Step] = []
        while self._repeats and self._repeats[0][0] <= at_s:
            _, inject_id, number = heapq.heappop(self._repeats)
            steps.append(Fire(self.injects[inject_id], Cause.TIME, number))
        return steps

    def _note(self, step: Step, at_s: float) -> Step:
        """Take a decision over at once: the journal tells of it a moment later."""
        match step:
            case Fire(inject, _, 0) if inject.id not in self.fired:
                self._note_fired(inject.id, at_s)
            case Skip(inject_id, reason):
                self.skipped[inject_id] = reason
        return step
