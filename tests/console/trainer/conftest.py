"""A drill's workspace: drill.json, a small scenario, and a journal in which the test plays the director."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smartcity_console.drill.facts import DrillFacts, write_drill
from smartcity_console.model import events as ev

SCENARIO = """
format = 1
id = "small-robbery"
duration_s = 300.0
seats = ["3"]

[title]
ko = "편의점 강도"
en = "Robbery of a shop"

[briefing]
ko = "야간 근무입니다. 경보를 확인하고 필요한 곳에 이관하십시오."
en = "It is the night shift. Verify what comes and hand it off to whom it concerns."

[debriefing]
ko = "도주 방향을 끝까지 쫓았습니까?"
en = "Did you follow the flight to its end?"

[[incidents]]
id = "robbery"
site = "site-gaonmart"
agencies = ["police"]
grades = [4]
title = { ko = "강도", en = "Robbery" }

[[injects]]
kind = "dc09"
id = "panic"
account = "1701"
code = "PA"
when = { at_s = 10.0 }
label = { ko = "비상벨", en = "Panic button" }

[[injects]]
kind = "speak"
id = "call"
words = { ko = "도주 방향을 알려 주십시오.", en = "Which way did he go?" }
when = { event = "claimed", of = "robbery", delay_s = 30.0 }
label = { ko = "순찰차의 전화", en = "Call of the patrol car" }

[[injects]]
kind = "end"
id = "end"
when = { at_s = 300.0 }
label = { ko = "훈련 종료", en = "End" }

[[expectations]]
id = "claim"
act = "claim"
incident = "robbery"
weight = 10.0
within_s = 20.0
late_s = 60.0

[[expectations]]
id = "agency"
act = "agency"
incident = "robbery"
weight = 20.0
critical = true
"""
FACTS = DrillFacts(
    drill_id="d-1",
    scenario_id="small-robbery",
    title_ko="편의점 강도",
    title_en="Robbery of a shop",
    trainees={"3": "Kim"},
)


class Director:
    """Writes what the director would write."""

    def __init__(self, day: Any, run_dir: Path) -> None:
        self.day, self.run_dir, self.said = day, run_dir, 0

    def write(self, *payloads: ev.Payload) -> None:
        self.day.write("d-1", *payloads, actor="director")

    def begin(self) -> None:
        self.write(
            ev.DrillBegun(
                at_s=0.0,
                drill_id="d-1",
                scenario_id="small-robbery",
                scenario_sha256="0" * 64,
                title_ko=FACTS.title_ko,
                title_en=FACTS.title_en,
                trainees={"3": "Kim"},
            )
        )

    def fire(self, inject_id: str, at_s: float, cause: str = "time") -> None:
        self.write(
            ev.InjectFired(
                at_s=at_s, inject_id=inject_id, kind="dc09", cause=cause, label_ko="비상벨", label_en="Panic button"
            )
        )

    def speak(self, text: str, seat: str = "3") -> None:
        self.write(
            ev.DrillSpoken(
                at_s=12.0, seat=seat, who_ko="순찰차 12호", who_en="Patrol car 12", text_ko=text, text_en=text
            )
        )

    def orders(self) -> list[ev.DrillOrdered]:
        events = self.day.journal.read(stream="drill/d-1")
        return [event.payload_as(ev.DrillOrdered) for event in events if event.type == "DrillOrdered"]


@pytest.fixture
def director(day: Any, tmp_path: Path) -> Director:
    (tmp_path / "scenario.toml").write_text(SCENARIO, "utf-8")
    write_drill(tmp_path, FACTS)
    return Director(day, tmp_path)


@pytest.fixture
def open_drill(director: Director, open_console: Callable[..., Any], qtbot: Any) -> Callable[..., Any]:
    """Return a maker of a trainee's console whose scenario has been read."""

    def make(**changes: Any) -> Any:
        console = open_console(drill=FACTS, **changes)
        qtbot.waitUntil(lambda: console.drill.scenario is not None, timeout=5000)
        return console

    return make
