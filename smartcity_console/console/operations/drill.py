"""A trainee's verbs of a drill: start work, acknowledge the trainer's words, read the briefing and the result again."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState
from smartcity_console.console.operations.view import ViewOperation, always

START, SEEN, BRIEFING, RESULT = "drill.start_work", "drill.words_seen", "drill.briefing", "drill.result"


class DrillVerb(ViewOperation):
    """A verb of the drill's own menu; it moves the view, and what is to be on record the seat's drill appends."""

    group = Group.DRILL


def _with_sheet(state: SeatState) -> Reason | None:
    return None if state.drill.sheet else Reason("no_sheet", translate("Reason", "Nothing lies over the console."))


def _with_card(state: SeatState) -> Reason | None:
    return None if state.drill.cards else Reason("no_words", translate("Reason", "Nobody has spoken to this seat."))


def _when_ended(state: SeatState) -> Reason | None:
    return None if state.drill.ended else Reason("running", translate("Reason", "The drill is not over yet."))


def drill_operations() -> list[Operation]:
    """Return the verbs that only a drill's console has, in menu order."""
    return [
        DrillVerb(START, QT_TRANSLATE_NOOP("Operation", "To work"), "F12", _with_sheet),
        DrillVerb(SEEN, QT_TRANSLATE_NOOP("Operation", "Words heard"), "F10", _with_card),
        DrillVerb(BRIEFING, QT_TRANSLATE_NOOP("Operation", "Read the briefing again"), "Ctrl+Alt+B", always),
        DrillVerb(RESULT, QT_TRANSLATE_NOOP("Operation", "Result of the drill"), "Ctrl+Alt+R", _when_ended),
    ]
