"""English sources, Korean first on the screen: the compiled translation is put in and taken out at run time."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, QTranslator

from smartcity_console.model.errors import ConsoleError, Language

translate = QCoreApplication.translate
"""`translate("Context", "Source text")`; read by lupdate, so both must be literals where a text is born."""

TRANSLATIONS = Path(__file__).resolve().parents[2] / "assets" / "translations"


class TranslationMissing(ConsoleError):
    code = "translation_missing"
    ko = "번역 파일 {path}을(를) 읽을 수 없어 영어로 표시합니다. scripts/update-translations 를 실행하십시오."
    en = "The translation {path} cannot be read, so the screen is in English. Run scripts/update-translations."


class LanguageSwitch:
    """Owns the one installed translator. Installing it sends QEvent.LanguageChange to every widget."""

    def __init__(self, app: QCoreApplication, folder: Path = TRANSLATIONS) -> None:
        self._app = app
        self._folder = folder
        self._translator: QTranslator | None = None
        self.language: Language = "en"

    def use(self, language: str) -> None:
        """Show `ko` or `en`. Raises TranslationMissing; then the screen stays in English."""
        self.remove()
        self.language = "en"
        if language == "ko":
            self._install(self._folder / "console_ko.qm")
            self.language = "ko"

    def other(self) -> Language:
        """Return the language that is not on the screen."""
        return cast(Language, "en" if self.language == "ko" else "ko")

    def _install(self, path: Path) -> None:
        translator = QTranslator()
        if not translator.load(str(path)):
            raise TranslationMissing(path=path.name)
        self._app.installTranslator(translator)
        self._translator = translator

    def remove(self) -> None:
        """Take the translation out: the console that put it in is going."""
        if self._translator is not None:
            self._app.removeTranslator(self._translator)
            self._translator = None
