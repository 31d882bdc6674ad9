"""Runs the scenario editor until its window closes or the system asks it to stop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from smartcity_console.console.app import StopSignals, application, fit_to_screen
from smartcity_console.console.language import LanguageSwitch, TranslationMissing
from smartcity_console.console.theme import apply_theme
from smartcity_console.console.trainer.editor.window import EditorParts, EditorWindow


def make_editor(app: QApplication, parts: EditorParts) -> tuple[EditorWindow, LanguageSwitch]:
    """Return the window with the language it speaks; remove that when the window has gone."""
    apply_theme(app)
    languages = LanguageSwitch(app)
    window = EditorWindow(parts, languages)
    try:
        languages.use(parts.language)
    except TranslationMissing as error:
        window.notice.tell_error(error)
    return window, languages


def run_editor_window(parts: EditorParts, scenario: Path | None) -> int:
    """Show the editor, on a scenario or a new one; return the exit code."""
    app = application()
    window, languages = make_editor(app, parts)
    with StopSignals(window.close):
        fit_to_screen(window)
        window.show()
        if scenario is not None:
            window.open(scenario)
        code = app.exec()
    languages.remove()
    return code
