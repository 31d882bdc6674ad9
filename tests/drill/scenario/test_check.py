"""Each contradiction is found, with the place in the file; a whole scenario has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartcity_console.city import City
from smartcity_console.drill.scenario.check import contradictions
from smartcity_console.drill.scenario.read import parse_scenario, read_scenario, shipped
from tests.drill.scenario.samples import WHOLE


def wheres(text: str) -> list[str]:
    return [problem.where for problem in contradictions(parse_scenario(text.encode(), Path("s.toml")))]


def test_a_whole_scenario_has_none() -> None:
    assert wheres(WHOLE) == []


@pytest.mark.parametrize(
    ("was", "becomes", "where"),
    [
        ("at_s = 50.0", "at_s = 900.0", "injects[0].when.at_s"),
        ("at_s = 50.0", 'at_s = 50.0\nevent = "claimed"\nof = "shop"', "injects[0].when"),
        ('of = "shop"\ndelay', 'of = "bank"\ndelay', "injects[2].when.of"),
        ('needs = ["alarmed"]', 'needs = ["armed"]', "injects[2].when"),
        ('id = "panic"', 'id = "act"', "injects"),
        ('at_s = 50.0', 'event = "fired"\nof = "panic"', "injects[0].when"),
        ('cue = "act"\nbefore', 'cue = "bang"\nbefore', "feeds[0].cue"),
        ("before_s = [0.0, 30.0]", "before_s = [30.0, 0.0]", "feeds[0].before_s"),
        ("before_s = [0.0, 30.0]", "before_s = [0.0, 29.0]", "feeds[0].before_s"),
        ('account = "2711"\nreal = false', 'account = "2711"\nreal = false\nagencies = ["fire"]', "incidents[1].agencies"),
        ("grades = [0]", "grades = [4]", "incidents[1].grades"),
        ('cameras = ["GN-0001"]', 'cameras = ["GN-0002"]', "incidents[0].cameras"),
        ("within_s = 10.0\n", "", "expectations[0]"),
        ("late_s = 40.0", "late_s = 4.0", "expectations[0].late_s"),
        ('act = "clip"\nincident = "shop"', 'act = "clip"\nincident = "cat"', "expectations[1]"),
        ('act = "clip"\nincident = "shop"', 'act = "clip"', "expectations[1].incident"),
        ('act = "no_hand_off"\nincident = "cat"', 'act = "no_hand_off"\nincident = "shop"', "expectations[2]"),
        ("duration_s = 300.0", 'duration_s = 300.0\nsettings = { "no.such" = 1 }', "settings.no.such"),
    ],
)  # fmt: skip
def test_a_contradiction_is_found_where_it_stands(was: str, becomes: str, where: str) -> None:
    assert was in WHOLE
    assert where in wheres(WHOLE.replace(was, becomes))


def test_places_and_files_are_looked_up(tmp_path: Path) -> None:
    text = WHOLE.replace("GN-0001", "GN-9999").replace("site-gaonmart", "site-nowhere").replace("2711", "ABCDEF")
    scenario = parse_scenario(text.encode(), tmp_path)
    found = {problem.where for problem in contradictions(scenario, City.open(), tmp_path)}
    assert {"feeds[0].camera", "feeds[0].file", "incidents[0].site"} <= found


@pytest.mark.parametrize("folder", shipped(), ids=lambda folder: folder.name)
def test_what_ships_has_no_contradiction(folder: Path) -> None:
    found = contradictions(read_scenario(folder), City.open(), folder)
    assert [problem for problem in found if not problem.is_warning] == []
