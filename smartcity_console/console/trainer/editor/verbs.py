"""The editor's verbs, by id: menu, key, button and palette use the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QObject, Signal

from smartcity_console.console.language import translate
from smartcity_console.console.operations import Operations, Reason
from smartcity_console.console.operations.base import Group
from smartcity_console.console.trainer.editor.parts import WHOLE, Place
from smartcity_console.console.trainer.orders import View


@dataclass(frozen=True)
class EditorState:
    """All that an editor's verb may look at. `film`: why filming is not to be had; empty: it is."""

    place: Place = WHOLE
    changed: bool = False
    can_undo: bool = False
    can_redo: bool = False
    has_stage: bool = False
    errors: int = 0
    film: str = ""
    filming: bool = False
    has_file: bool = False


When = Callable[[EditorState], Reason | None]


class EditVerb(View):
    group = Group.DRILL


def _changed(state: EditorState) -> Reason | None:
    return None if state.changed else Reason("saved", translate("Reason", "Everything is saved."))


def _undo(state: EditorState) -> Reason | None:
    return None if state.can_undo else Reason("nothing", translate("Reason", "There is nothing to take back."))


def _redo(state: EditorState) -> Reason | None:
    return None if state.can_redo else Reason("nothing", translate("Reason", "There is nothing to do again."))


def _part(state: EditorState) -> Reason | None:
    return None if state.place.index >= 0 else Reason("no_part", translate("Reason", "Choose a part first."))


def _film(state: EditorState) -> Reason | None:
    if state.film:
        return Reason("no_film", state.film)
    if state.filming:
        return Reason("filming", translate("Reason", "It is being filmed."))
    if not state.has_stage:
        return Reason("no_stage", translate("Reason", "The scenario has no stage."))
    if state.changed or not state.has_file:
        return Reason("unsaved", translate("Reason", "Save first: what is filmed is what the file says."))
    return None


def _filming(state: EditorState) -> Reason | None:
    return None if state.filming else Reason("not_filming", translate("Reason", "Nothing is being filmed."))


def editor_operations() -> Operations:
    """Return every verb of the editor, in menu order."""
    return Operations(
        [
            EditVerb("scenario.new", QT_TRANSLATE_NOOP("Operation", "New scenario"), "Ctrl+N"),
            EditVerb("scenario.open", QT_TRANSLATE_NOOP("Operation", "Open …"), "Ctrl+O"),
            EditVerb("scenario.save", QT_TRANSLATE_NOOP("Operation", "Save"), "Ctrl+S", _changed),
            EditVerb("scenario.save_as", QT_TRANSLATE_NOOP("Operation", "Save as …"), "Ctrl+Shift+S"),
            EditVerb("scenario.undo", QT_TRANSLATE_NOOP("Operation", "Undo"), "Ctrl+Z", _undo),
            EditVerb("scenario.redo", QT_TRANSLATE_NOOP("Operation", "Redo"), "Ctrl+Shift+Z", _redo),
            EditVerb("scenario.add", QT_TRANSLATE_NOOP("Operation", "Add"), "Ins"),
            EditVerb("scenario.remove", QT_TRANSLATE_NOOP("Operation", "Take out"), "Ctrl+Del", _part),
            EditVerb("scenario.film", QT_TRANSLATE_NOOP("Operation", "Film this"), "Ctrl+F", _film),
            EditVerb("scenario.film.stop", QT_TRANSLATE_NOOP("Operation", "Stop filming"), "", _filming),
            View("view.language", QT_TRANSLATE_NOOP("Operation", "한국어 / English"), "Ctrl+L"),
            View("view.full_screen", QT_TRANSLATE_NOOP("Operation", "Full screen"), "F11"),
            View("notice.seen", QT_TRANSLATE_NOOP("Operation", "Put the message away"), "F8"),
            View("palette.open", QT_TRANSLATE_NOOP("Operation", "Find a command"), "Ctrl+K"),
            View("app.quit", QT_TRANSLATE_NOOP("Operation", "Leave the editor"), "Ctrl+Shift+Q"),
        ]
    )


class EditorRunner(QObject):
    """The one way in for the editor's verbs; nothing of them is in a journal: a scenario is a file."""

    refused = Signal(str, object)  # id, Reason
    moved = Signal(str)

    def __init__(self, state: Callable[[], EditorState], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.operations = editor_operations()
        self.state = state

    def run(self, op_id: str, argument: object = None) -> None:
        del argument
        if reason := self.reason(op_id):
            self.refused.emit(op_id, reason)
        else:
            self.moved.emit(op_id)

    def reason(self, op_id: str) -> Reason | None:
        return self.operations[op_id].available(self.state())  # type: ignore[arg-type]
