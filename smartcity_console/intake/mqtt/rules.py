"""What an analytics' event means here: `mqtt.toml` in the workspace. Without it the rules below hold.

[labels]                  # Frigate's label -> kind of alert; a label that stands nowhere is only counted
fire = "fire"
person = "intrusion"

[cameras]                 # Frigate's camera name -> camera of the catalogue; left out: the same name
gate_west = "GN-0003"

[filter]
least_score = 0.6
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from smartcity_console.model.alert import AlertKind
from smartcity_console.model.errors import ConsoleError


class RulesRefused(ConsoleError):
    code = "mqtt_rules_refused"
    ko = "영상분석 규칙 {path}을(를) 읽지 못했습니다({why}). 게이트웨이를 시작하지 않았습니다. 파일을 고치고 다시 시작하십시오."
    en = "The analytics' rules {path} cannot be read ({why}). The gateway was not started. Mend the file and start again."


class Filter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is believed of an analytics."""

    least_score: float = 0.6


_LABELS = {
    "fire": AlertKind.FIRE,
    "smoke": AlertKind.FIRE,
    "person": AlertKind.INTRUSION,
    "fall": AlertKind.MEDICAL,
    "fight": AlertKind.ROBBERY,
    "weapon": AlertKind.ROBBERY,
}


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Labels to kinds, camera names to ids, and the filter."""

    labels: dict[str, AlertKind] = msgspec.field(default_factory=_LABELS.copy)
    cameras: dict[str, str] = {}
    filter: Filter = Filter()


def read_rules(workspace: Path) -> Rules:
    """Return the workspace's rules. Raises RulesRefused."""
    path = workspace / "mqtt.toml"
    if not path.exists():
        return Rules()
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Rules)
    except (OSError, ValueError) as error:
        raise RulesRefused(path=path.name, why=str(error)) from None
