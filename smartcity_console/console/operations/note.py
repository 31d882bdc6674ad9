from __future__ import annotations

from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, must_be_mine
from smartcity_console.model.events import Draft, NoteAdded

MAX_NOTE = 500
"""Letters of one note; what is longer is cut, so that a paste cannot swell the record."""


class Note(Operation):
    """Write down what is seen. `argument`: the text."""

    id = "incident.note"
    group = Group.INCIDENT
    shortcut = "N"
    needs = "note"

    def label(self) -> str:
        return translate("Operation", "Write a note")

    def available(self, state: SeatState) -> Reason | None:
        return must_be_mine(state)

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        text = str(argument or "").strip()[:MAX_NOTE]
        return [state.draft(NoteAdded(text=text, seat=state.seat))] if text else []
