"""Verbs that move the view and append nothing. The window carries them out by their id."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QT_TRANSLATE_NOOP

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, no_incident


def always(state: SeatState) -> Reason | None:
    del state
    return None


def with_queue(state: SeatState) -> Reason | None:
    """Return why the selection cannot move."""
    return None if state.queue else Reason("empty_queue", translate("Reason", "The queue is empty."))


def with_cameras(state: SeatState) -> Reason | None:
    """Return why there is no picture to replay."""
    if state.incident is None:
        return no_incident()
    if not any(seen.has_stream for seen in state.incident.cameras):
        return Reason("no_camera", translate("Reason", "No recording camera sees this place."))
    return None


class ViewOperation(Operation):
    """A verb of the window; `source` is its English label, marked for translation where the table stands."""

    group = Group.VIEW

    def __init__(self, op_id: str, source: str, shortcut: str, when: Callable[[SeatState], Reason | None]) -> None:
        self.id = op_id
        self.shortcut = shortcut
        self._source = source
        self._when = when

    def label(self) -> str:
        return translate("Operation", self._source)

    def available(self, state: SeatState) -> Reason | None:
        return self._when(state)


def view_operations() -> list[Operation]:
    """Return the verbs of the window, in menu order."""
    table = (
        ("queue.next", QT_TRANSLATE_NOOP("Operation", "Next in the queue"), "Ctrl+Down", with_queue),
        ("queue.previous", QT_TRANSLATE_NOOP("Operation", "Previous in the queue"), "Ctrl+Up", with_queue),
        ("queue.focus", QT_TRANSLATE_NOOP("Operation", "Go to the queue"), "Q", always),
        ("strip.turn", QT_TRANSLATE_NOOP("Operation", "History, reports, pictures"), "H", always),
        ("wall.replay", QT_TRANSLATE_NOOP("Operation", "Seconds before the alarm"), "R", with_cameras),
        ("city.import", QT_TRANSLATE_NOOP("Operation", "Import data…"), "Ctrl+I", always),
        (
            "supervisor.open",
            QT_TRANSLATE_NOOP("Operation", "Supervisor: table, shelves, senders"),
            "Ctrl+Shift+T",
            always,
        ),
        ("view.detach.map", QT_TRANSLATE_NOOP("Operation", "Map to the next monitor"), "Ctrl+Shift+1", always),
        ("view.detach.wall", QT_TRANSLATE_NOOP("Operation", "Wall to the next monitor"), "Ctrl+Shift+2", always),
        ("view.detach.strip", QT_TRANSLATE_NOOP("Operation", "Incident to the next monitor"), "Ctrl+Shift+3", always),
        ("view.home", QT_TRANSLATE_NOOP("Operation", "Bring all panels back"), "Ctrl+Shift+0", always),
        ("view.full_screen", QT_TRANSLATE_NOOP("Operation", "Full screen"), "F11", always),
        ("notice.seen", QT_TRANSLATE_NOOP("Operation", "Put the message away"), "F8", always),
        ("view.language", QT_TRANSLATE_NOOP("Operation", "한국어 / English"), "Ctrl+L", always),
        ("palette.open", QT_TRANSLATE_NOOP("Operation", "Find a command"), "Ctrl+K", always),
        ("app.quit", QT_TRANSLATE_NOOP("Operation", "Leave the console"), "Ctrl+Shift+Q", always),
    )
    return [ViewOperation(*row) for row in table]
