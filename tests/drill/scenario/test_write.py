"""What is written is read as the same scenario; the published schema is the code's."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from smartcity_console.drill.scenario.model import Scenario
from smartcity_console.drill.scenario.read import ScenarioRefused, parse_scenario, read_scenario, shipped
from smartcity_console.drill.scenario.write import as_toml, schema, write_scenario
from tests.drill.scenario.samples import WHOLE

PUBLISHED = Path(__file__).parents[3] / "docs" / "scenario.schema.json"


def sample() -> Scenario:
    return parse_scenario(WHOLE.encode(), Path("scenario.toml"))


def test_what_is_written_is_read_the_same(tmp_path: Path) -> None:
    file = write_scenario(tmp_path / "own", sample())
    assert read_scenario(file) == sample()
    assert 'kind = "dc09"' in file.read_text("utf-8")


@pytest.mark.parametrize("folder", shipped(), ids=lambda folder: folder.name)
def test_what_ships_survives_writing(folder: Path) -> None:
    scenario = read_scenario(folder)
    assert parse_scenario(as_toml(scenario).encode(), folder) == scenario


def test_what_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    file = write_scenario(tmp_path, sample())
    before = file.read_bytes()
    with pytest.raises(ScenarioRefused):
        write_scenario(file, msgspec.structs.replace(sample(), duration_s=5.0))
    assert file.read_bytes() == before


def test_the_published_schema_is_the_code_s() -> None:
    assert json.loads(PUBLISHED.read_text("utf-8")) == json.loads(json.dumps(schema()))
