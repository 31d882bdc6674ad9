"""The colours keep WCAG 2.2 AA wherever the screen uses them."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QFontMetricsF

from smartcity_console.console import theme

AA_TEXT = 4.5
AA_GRAPHIC = 3.0


@pytest.mark.parametrize(("text", "ground"), theme.TEXT_ON)
def test_text_is_readable_on_its_ground(text: str, ground: str) -> None:
    assert theme.contrast(theme.COLOURS[text], theme.COLOURS[ground]) >= AA_TEXT


@pytest.mark.parametrize("name", ["danger", "warn", "neutral", "accent", "ok"])
def test_a_mark_stands_out_from_the_panel(name: str) -> None:
    assert theme.contrast(theme.COLOURS[name], theme.COLOURS["panel"]) >= AA_GRAPHIC


def test_contrast_agrees_with_the_figures_of_wcag() -> None:
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_style_sheet_has_no_colour_left_to_fill_in() -> None:
    assert not re.search(r"@\w+@", theme.stylesheet())


@pytest.mark.usefixtures("qapp")
def test_figures_are_tabular() -> None:
    metrics = QFontMetricsF(theme.font(20))
    assert len({round(metrics.horizontalAdvance(str(n)), 3) for n in range(10)}) == 1
