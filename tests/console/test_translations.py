"""Korean is complete: a text that was added without its Korean fails here."""

from __future__ import annotations

import importlib.util
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTranslator

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tool() -> Any:
    spec = importlib.util.spec_from_file_location("update_translations", ROOT / "scripts" / "update_translations.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def messages(ts: Path) -> list[tuple[str, str, str]]:
    return [
        (str(context.findtext("name")), str(message.findtext("source")), str(message.findtext("translation")))
        for context in ET.parse(ts).getroot().iter("context")
        for message in context.iter("message")
    ]


def test_no_text_of_the_console_lacks_its_korean(tool: Any) -> None:
    assert tool.check() == []


def test_a_text_without_korean_is_found(tool: Any, tmp_path: Path) -> None:
    ts = tmp_path / "console_ko.ts"
    body = tool.TS.read_text("utf-8")
    ts.write_text(body.replace("<translation>강도</translation>", '<translation type="unfinished" />'), "utf-8")
    assert tool.untranslated(ts) == ["Kind: Robbery"]


def test_a_translation_fills_in_the_same_facts(tool: Any) -> None:
    for _context, source, korean in messages(tool.TS):
        assert sorted(re.findall(r"\{.*?\}", source)) == sorted(re.findall(r"\{.*?\}", korean)), source


@pytest.mark.usefixtures("qapp")
def test_the_compiled_file_is_that_of_the_texts(tool: Any) -> None:
    translator = QTranslator()
    assert translator.load(str(tool.TS.with_suffix(".qm")))
    for context, source, korean in messages(tool.TS):
        assert translator.translate(context, source) == korean
