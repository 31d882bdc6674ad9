"""Senders: open their window; change and take out entries of the register, which is a supervisor's to do."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, only_supervisor
from smartcity_console.console.operations.view import ViewOperation, always
from smartcity_console.intake.sender_table import Changes
from smartcity_console.model.events import Draft, FirmRemoved, SenderRemoved, stream_of
from smartcity_console.model.sender import FirmRecord, SenderRecord

OPEN = "senders.open"


class SaveSenders(Operation):
    """Put what a form or a file changes into the register; the argument is Changes."""

    id = "senders.save"
    group = Group.VIEW
    shortcut = ""
    needs = "senders"

    def label(self) -> str:
        return translate("Operation", "Change the register of senders")

    def available(self, state: SeatState) -> Reason | None:
        return only_supervisor(state)

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        assert isinstance(argument, Changes)
        return argument.drafts(state.actor)


class RemoveSender(Operation):
    """Take an entry out of the register: the catalogue's words hold again. The argument is the entry."""

    id = "senders.remove"
    group = Group.VIEW
    shortcut = ""
    needs = "senders"

    def label(self) -> str:
        return translate("Operation", "Take a sender out of the register")

    def available(self, state: SeatState) -> Reason | None:
        return only_supervisor(state)

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        assert isinstance(argument, SenderRecord | FirmRecord)
        if isinstance(argument, SenderRecord):
            gone = SenderRemoved(before=argument, seat=state.seat)
            return [Draft(stream_of(SenderRemoved, argument.account.upper()), gone, state.actor)]
        return [Draft(stream_of(FirmRemoved, argument.id), FirmRemoved(before=argument, seat=state.seat), state.actor)]


def sender_operations() -> list[Operation]:
    """Return the verbs of the window of senders, in menu order."""
    opens = ViewOperation(OPEN, QT_TRANSLATE_NOOP("Operation", "Senders: register and figures"), "Ctrl+Shift+E", always)
    return [opens, SaveSenders(), RemoveSender()]
