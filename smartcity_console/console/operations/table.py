"""The supervisor's table of priorities, saved whole and in order."""

from __future__ import annotations

from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, only_supervisor
from smartcity_console.model.events import Draft, PriorityTableSet, stream_of
from smartcity_console.model.priority import PriorityRule

MOST_RULES = 100


class SetPriorityTable(Operation):
    """Put a table in force. `argument`: all its rules in order; the same table again appends nothing."""

    id = "table.priority.set"
    group = Group.SUPERVISOR
    needs = "priority_table"

    def label(self) -> str:
        return translate("Operation", "Table of priorities")

    def available(self, state: SeatState) -> Reason | None:
        return only_supervisor(state)

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        rules = tuple(argument or ())
        if rules == state.table or len(rules) > MOST_RULES or not all(isinstance(r, PriorityRule) for r in rules):
            return []
        payload = PriorityTableSet(rules=rules, seat=state.seat)
        return [Draft(stream_of(PriorityTableSet, "priority"), payload, state.actor)]
