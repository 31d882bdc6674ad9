"""A scenario file is read whole, or refused with file, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartcity_console.drill.scenario.model import Happening, Speak
from smartcity_console.drill.scenario.read import (
    NoSuchScenario,
    ScenarioRefused,
    find_scenario,
    parse_scenario,
    read_scenario,
    shipped,
)
from tests.drill.scenario.samples import WHOLE

FILE = Path("scenario.toml")


def refused(text: str) -> ScenarioRefused:
    with pytest.raises(ScenarioRefused) as caught:
        parse_scenario(text.encode(), FILE)
    return caught.value


def line_with(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_everything_that_is_said_is_read() -> None:
    scenario = parse_scenario(WHOLE.encode(), FILE)
    assert [inject.id for inject in scenario.injects] == ["act", "panic", "owner-calls"]
    call = scenario.injects[2]
    assert isinstance(call, Speak)
    assert call.when.event is Happening.UNCLAIMED
    assert call.when.needs == ("alarmed",)
    assert "[[injects]]" in call.words.ko


@pytest.mark.parametrize(
    ("was", "becomes", "field"),
    [
        ("delay_s = 60.0", 'delay_s = "soon"', "injects[2].when.delay_s"),
        ("weight = 15", "weight = -3", "expectations[1].weight"),
        ('account = "2711"', "account = 2711", "incidents[1].account"),
        ("at_s = 50.0", "at_s = 50.0\nwenn = 3", "injects[0].when"),
        ('agencies = ["police"]', 'agencies = ["navy"]', "incidents[0].agencies"),
        ('kind = "cue"', 'kind = "queue"', "injects[0]"),
    ],
)
def test_a_field_that_is_wrong_is_named_with_its_line(was: str, becomes: str, field: str) -> None:
    text = WHOLE.replace(was, becomes)
    error = refused(text)
    assert str(error.facts["field"]).startswith(field)
    expected = line_with(text, becomes.splitlines()[0])
    assert abs(int(str(error.facts["line"])) - expected) <= (3 if field in ("injects[0].when", "injects[0]") else 0)
    assert "scenario.toml" in error.sentence("ko")


def test_a_line_in_a_long_text_is_no_header() -> None:
    text = WHOLE.replace("late_s = 40.0", 'late_s = "never"')
    assert refused(text).facts["line"] == line_with(text, '"never"')


def test_a_syntax_error_names_its_line() -> None:
    text = WHOLE.replace('code = "PA"', 'code = "PA')
    assert refused(text).facts["line"] == line_with(text, 'code = "PA')


def test_what_is_not_utf_8_is_refused() -> None:
    with pytest.raises(ScenarioRefused, match="UTF-8"):
        parse_scenario("title = '골목'".encode("cp949"), FILE)


def test_a_missing_file_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(NoSuchScenario):
        read_scenario(tmp_path)
    with pytest.raises(NoSuchScenario):
        find_scenario("../../etc", tmp_path)


def test_a_scenario_is_found_by_its_folder_its_file_and_its_name(tmp_path: Path) -> None:
    own = tmp_path / "corner-shop"
    own.mkdir()
    (own / "scenario.toml").write_text(WHOLE, "utf-8")
    for name in (str(own), str(own / "scenario.toml")):
        assert read_scenario(find_scenario(name)).id == "corner-shop"
    assert find_scenario("corner-shop", tmp_path) == own


@pytest.mark.parametrize("folder", shipped(), ids=lambda folder: folder.name)
def test_what_ships_is_read(folder: Path) -> None:
    assert read_scenario(folder).id == folder.name
