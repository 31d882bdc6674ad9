"""Carries operations out: asks whether, appends, tries again where only a bystander wrote in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from smartcity_console.console.language import translate
from smartcity_console.console.operations import Operations, Reason
from smartcity_console.console.seat import Seat
from smartcity_console.console.session import JournalWriter
from smartcity_console.journal import VersionConflict
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Event

MAX_TRIES = 4
"""A gateway's receipt between look and append is no reason to bother the operator; four in a row are."""


@dataclass(frozen=True)
class Try:
    """One operation under way: the incident it is meant for, and how often it was tried."""

    op_id: str
    argument: Any
    incident_id: str | None
    number: int = 1
    wait_for_version: int = 0  # of `stream`: the selected incident's, or another one that it is written with
    stream: str = ""


class Runner(QObject):
    """The one way in for menu, button, key, palette and the unattended run."""

    done = Signal(str, object)  # id, list[Event]
    refused = Signal(str, object)  # id, Reason
    failed = Signal(str, object)  # id, ConsoleError
    asked = Signal(str, str)  # id, what must be given with it
    moved = Signal(str)  # id of a verb that only moves the view

    def __init__(self, operations: Operations, seat: Seat, writer: JournalWriter) -> None:
        super().__init__(seat)
        self.operations = operations
        self._seat, self._writer = seat, writer
        self._waiting: list[Try] = []
        self._written: list[tuple[str, list[Event]]] = []
        seat.session.changed.connect(self._go_on)

    def run(self, op_id: str, argument: Any = None) -> None:
        """Do it, or say why not."""
        incident = self._seat.incident
        self._attempt(Try(op_id, argument, incident.id if incident else None))

    def reason(self, op_id: str) -> Reason | None:
        """Return why an operation is not to be had now."""
        return self.operations[op_id].available(self._seat.state())

    def _attempt(self, wish: Try) -> None:
        operation = self.operations[wish.op_id]
        state = self._seat.state()
        if reason := operation.available(state):
            self.refused.emit(wish.op_id, reason)
        elif operation.needs and wish.argument is None:
            self.asked.emit(wish.op_id, operation.needs)
        elif drafts := operation.drafts(state, wish.argument):
            self._writer.append(drafts, self._settle(wish))
        else:
            self.moved.emit(wish.op_id)

    def _settle(self, wish: Try) -> Callable[[list[Event] | ConsoleError], None]:
        def settle(outcome: list[Event] | ConsoleError) -> None:
            if isinstance(outcome, VersionConflict) and wish.number < MAX_TRIES:
                self._wait(wish, outcome)
            elif isinstance(outcome, ConsoleError):
                self.failed.emit(wish.op_id, outcome)
            else:
                self._written.append((wish.op_id, outcome))
                self._seat.session.take_written(outcome)
                self._tell_done()

        return settle

    def _tell_done(self) -> None:
        """Say that it is done once the screen shows it too."""
        last_seq = self._seat.session.centre.last_seq
        ready = [written for written in self._written if written[1][-1].seq <= last_seq]
        self._written = [written for written in self._written if written[1][-1].seq > last_seq]
        for op_id, events in ready:
            self.done.emit(op_id, events)

    def _wait(self, wish: Try, conflict: VersionConflict) -> None:
        """Try again once the fold has reached what the journal holds; `available` then judges afresh."""
        stream = str(conflict.facts["stream"])
        again = Try(wish.op_id, wish.argument, wish.incident_id, wish.number + 1, conflict.actual, stream)
        self._waiting.append(again)
        self._go_on(set())

    def _has_reached(self, wish: Try) -> bool:
        """Return whether the fold holds what the journal said; a stream that is no incident's is not waited for."""
        incident = self._seat.session.centre.incidents.get(wish.stream.partition("/")[2])
        return incident is None or incident.version >= wish.wait_for_version

    @Slot(object)
    def _go_on(self, changed: set[str]) -> None:
        del changed
        self._tell_done()
        waiting, self._waiting = self._waiting, []
        for wish in waiting:
            incident = self._seat.session.centre.incidents.get(wish.incident_id or "")
            if incident is None or self._seat.incident is not incident:
                self.refused.emit(wish.op_id, _looked_away())
                continue
            if self._has_reached(wish):
                self._attempt(wish)
            else:
                self._waiting.append(wish)


def _looked_away() -> Reason:
    """An act is never done on an incident that is not on the screen any more."""
    return Reason("looked_away", translate("Reason", "Not done: another incident was selected meanwhile."))
