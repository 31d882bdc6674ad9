"""Writes scenarios as TOML, whole or not at all, and their JSON Schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from smartcity_console.drill.scenario.model import Scenario
from smartcity_console.drill.scenario.read import FILE, parse_scenario
from smartcity_console.runtime import write_atomically

_SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"


def write_scenario(path: Path, scenario: Scenario) -> Path:
    """Write a scenario into a folder, or to a file; return the file. Raises OSError, ScenarioRefused (what was written
    would not be read again: nothing is changed then)."""
    file = path if path.suffix == ".toml" else path / FILE
    raw = as_toml(scenario).encode()
    parse_scenario(raw, file)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, raw)
    return file


def as_toml(scenario: Scenario) -> str:
    """Return the scenario as TOML; what stands at its default is left out."""
    return tomli_w.dumps(_told(scenario), multiline_strings=True)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a scenario, for editors that check TOML or JSON as one writes."""
    return {"$schema": _SCHEMA_ID, "title": "smartcity-console drill scenario", **msgspec.json.schema(Scenario)}


def _told(value: Any) -> Any:
    """Return plain values without what a reader would fill in by itself."""
    if isinstance(value, msgspec.Struct):
        return _struct(value)
    if isinstance(value, dict):
        return {key: _told(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_told(item) for item in value]
    return msgspec.to_builtins(value)


def _struct(value: msgspec.Struct) -> dict[str, Any]:
    config = type(value).__struct_config__
    told: dict[str, Any] = {config.tag_field: config.tag} if config.tag_field else {}
    for field in msgspec.structs.fields(value):
        item = getattr(value, field.name)
        if item is not None and (field.required or item != _default(field)):
            told[field.name] = _told(item)
    return told


def _default(field: Any) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default
