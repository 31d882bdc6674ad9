"""Reads scenario files. What is wrong is told with file, line and field."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import msgspec

from smartcity_console.drill.scenario.lines import line_of, lines_of, path_of
from smartcity_console.drill.scenario.model import Scenario
from smartcity_console.model.errors import ConsoleError

FILE = "scenario.toml"
SHIPPED = Path(__file__).parents[3] / "sample_feeds" / "scenarios"
LARGEST_BYTES = 2_000_000
_AT = re.compile(r"^(?P<why>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)
_SYNTAX = re.compile(r"^(?P<why>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)$", re.DOTALL)


class ScenarioRefused(ConsoleError):
    """`line` counts from 1; `field` is the path in the file, empty where the file is no TOML at all."""

    code = "scenario_refused"
    ko = "{file} {line}행 {field}: {why}. 시나리오를 읽지 않았고 아무것도 바뀌지 않았습니다. 그 줄을 고치십시오."
    en = "{file}, line {line}, {field}: {why}. The scenario was not read and nothing was changed. Mend that line."


class NoSuchScenario(ConsoleError):
    code = "no_such_scenario"
    ko = "시나리오 {name}이(가) 없습니다. 아무것도 시작하지 않았습니다. `drill list` 에 있는 이름이나 파일의 경로를 주십시오."
    en = "There is no scenario {name}. Nothing was started. Give a name of `drill list`, or the path of a file."


def read_scenario(path: Path) -> Scenario:
    """Return the scenario of a file, or of the `scenario.toml` in a folder. Raises ScenarioRefused, NoSuchScenario."""
    file = path / FILE if path.is_dir() else path
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise NoSuchScenario(name=path) from error
    if len(raw) > LARGEST_BYTES:
        raise ScenarioRefused(file=file, line=1, field="", why=f"the file is larger than {LARGEST_BYTES} bytes")
    return parse_scenario(raw, file)


def parse_scenario(raw: bytes, file: Path) -> Scenario:
    """Return the scenario that a file's bytes say; `file` only names it in errors. Raises ScenarioRefused."""
    try:
        text = raw.decode("utf-8")
        table = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ScenarioRefused(file=file, line=line, field="", why="this is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise _syntax(file, str(error), text) from error
    try:
        return msgspec.convert(table, Scenario)
    except msgspec.ValidationError as error:
        raise _meaning(file, str(error), text) from error


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a scenario's file in hex. Raises OSError."""
    file = path / FILE if path.is_dir() else path
    return hashlib.sha256(file.read_bytes()).hexdigest()


def find_scenario(name: str, *folders: Path) -> Path:
    """Return the folder or file of a scenario: a path, or an id under one of the folders or among the shipped ones.

    Raises NoSuchScenario.
    """
    given = Path(name)
    if given.suffix == ".toml" or (given / FILE).is_file():
        return given
    for folder in (*folders, SHIPPED):
        if (folder / name / FILE).is_file() and given.name == name:
            return folder / name
    raise NoSuchScenario(name=name)


def shipped() -> list[Path]:
    """Return the folders of the scenarios that ship, by name."""
    return sorted(file.parent for file in SHIPPED.glob(f"*/{FILE}"))


def _syntax(file: Path, told: str, text: str) -> ScenarioRefused:
    match = _SYNTAX.match(told)
    line = int(match["line"]) if match and match["line"] else text.count("\n") + 1
    return ScenarioRefused(file=file, line=line, field="", why=match["why"] if match else told)


def _meaning(file: Path, told: str, text: str) -> ScenarioRefused:
    match = _AT.match(told)
    field = (match["path"] if match else "") or "$"
    line = line_of(lines_of(text), path_of(field))
    return ScenarioRefused(file=file, line=line, field=field.removeprefix("$."), why=match["why"] if match else told)
