"""`drill.json`: what makes a workspace a drill's. Every program looks for it before it does anything else."""

from __future__ import annotations

from pathlib import Path

import msgspec

from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import write_atomically

NAME = "drill.json"


class DrillFactsRefused(ConsoleError):
    code = "drill_facts_refused"
    ko = "{file} 을(를) 읽을 수 없습니다: {why}. 훈련인지 실제인지 알 수 없어 아무것도 시작하지 않았습니다. 훈련을 새로 시작하십시오."
    en = "{file} cannot be read: {why}. It is not known whether this is a drill, so nothing was started. Begin the drill anew."


class NoDrillHere(ConsoleError):
    code = "no_drill_here"
    ko = "{folder} 은(는) 훈련의 작업 공간이 아닙니다. 아무것도 시작하지 않았습니다. 훈련 폴더(drills/…)를 주거나 `drill run` 으로 시작하십시오."
    en = "{folder} is no drill's workspace. Nothing was started. Give the folder of a run (drills/…), or begin one with `drill run`."


class DrillFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The drill that a workspace belongs to. `operator`: human, good, slow or wrong; `trainees`: name by seat."""

    drill_id: str
    scenario_id: str
    title_ko: str
    title_en: str
    operator: str = "human"
    trainees: dict[str, str] = {}
    trainer: str = ""


def read_drill(workspace: Path) -> DrillFacts | None:
    """Return the facts, or None where the workspace is no drill's. Raises DrillFactsRefused."""
    file = workspace / NAME
    try:
        return msgspec.json.decode(file.read_bytes(), type=DrillFacts)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise DrillFactsRefused(file=file, why=str(error)) from error


def write_drill(workspace: Path, facts: DrillFacts) -> None:
    """Make a workspace a drill's. Raises OSError."""
    write_atomically(workspace / NAME, msgspec.json.format(msgspec.json.encode(facts), indent=1))
