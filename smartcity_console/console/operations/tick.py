from __future__ import annotations

from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, must_be_mine
from smartcity_console.model.events import Draft, ProcedureStepTicked


class TickStep(Operation):
    """Tick a step of the procedure, or take the tick back. `argument`: (step's code, done)."""

    id = "incident.step.tick"
    group = Group.INCIDENT
    shortcut = "P"
    needs = "step"

    def label(self) -> str:
        return translate("Operation", "Tick a procedure step")

    def available(self, state: SeatState) -> Reason | None:
        return must_be_mine(state)

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        step, done = argument
        if (step in state.chosen().ticked) == done:
            return []
        return [state.draft(ProcedureStepTicked(step=step, done=bool(done), seat=state.seat))]
