from __future__ import annotations

from typing import Any

from smartcity_console.console import words
from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, must_be_open
from smartcity_console.model.alert import Priority
from smartcity_console.model.events import Draft, PriorityChanged


class SetPriority(Operation):
    """Move the incident up or down the queue by hand."""

    group = Group.INCIDENT

    def __init__(self, priority: Priority) -> None:
        self.priority = priority
        self.id = f"incident.priority.{priority.value}"
        self.shortcut = f"Ctrl+{priority.rank + 1}"

    def label(self) -> str:
        return translate("Operation", "Priority: {priority}").format(priority=words.priority_word(self.priority))

    def available(self, state: SeatState) -> Reason | None:
        if reason := must_be_open(state):
            return reason
        if state.chosen().priority is self.priority:
            return Reason("same", translate("Reason", "It has this priority already."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        del argument
        return [state.draft(PriorityChanged(priority=self.priority, reason="operator", seat=state.seat))]
