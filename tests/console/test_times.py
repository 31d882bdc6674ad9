"""What a clock and a language do on the screen."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPointF

from smartcity_console.console import times
from smartcity_console.console.language import LanguageSwitch, TranslationMissing, translate
from smartcity_console.console.marks import priority_path
from smartcity_console.model.alert import Priority


def test_utc_inside_seoul_on_the_screen() -> None:
    at = datetime(2026, 11, 23, 15, 30, 4, tzinfo=UTC)
    assert times.clock_text(at) == "00:30:04"
    assert times.date_text(at) == "2026-11-24"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "00:00"),
        (59.9, "00:59"),
        (61, "01:01"),
        (3599, "59:59"),
        (3600, "1:00:00"),
        (90061, "25:01:01"),
        (-5, "00:00"),
    ],
)
def test_a_span_reads_as_minutes_and_seconds(seconds: float, text: str) -> None:
    assert times.span_text(seconds) == text


def test_a_missing_translation_leaves_english_and_is_told(qapp: Any, tmp_path: Path) -> None:
    languages = LanguageSwitch(qapp, tmp_path)
    with pytest.raises(TranslationMissing, match="console_ko"):
        languages.use("ko")
    assert languages.language == "en" and translate("Kind", "Robbery") == "Robbery"


def test_korean_comes_and_goes(qapp: Any) -> None:
    languages = LanguageSwitch(qapp)
    languages.use("ko")
    assert translate("Kind", "Robbery") == "강도" and languages.other() == "en"
    languages.use("en")
    assert translate("Kind", "Robbery") == "Robbery" and languages.other() == "ko"


def test_each_priority_has_a_shape_of_its_own() -> None:
    corners = {p: QPointF(6.5, -6.5) for p in Priority}
    inside = {p: priority_path(p, QPointF(0, 0), 10).contains(corners[p]) for p in Priority}
    below = {p: priority_path(p, QPointF(0, 0), 10).contains(QPointF(8, 7)) for p in Priority}
    assert inside == {Priority.EMERGENCY: False, Priority.HIGH: False, Priority.NORMAL: False}
    assert below == {Priority.EMERGENCY: False, Priority.HIGH: True, Priority.NORMAL: False}
    assert priority_path(Priority.NORMAL, QPointF(0, 0), 10).contains(QPointF(5.5, 5.5))
    assert not priority_path(Priority.EMERGENCY, QPointF(0, 0), 10).contains(QPointF(5.5, 5.5))
