"""A whole drill without a person: the real programs, a scripted operator who does everything right, score and report."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from smartcity_console.drill.feeds.testcard import write_testcard
from smartcity_console.drill.scenario.write import write_scenario
from smartcity_console.journal.queries import all_events
from smartcity_console.model import events as ev
from tests.drill.scenes import after, at, inject, scenario

CAMERAS = ("GN-0001", "GN-0002")
MARKS = (
    ("claim", {"within_s": 20.0, "late_s": 60.0}),
    ("first_camera", {"within_s": 10.0, "late_s": 30.0}),
    ("grade", {}),
    ("hand_off", {"within_s": 60.0, "late_s": 120.0}),
    ("agency", {}),
    ("clip", {}),
    ("procedure", {}),
    ("note", {}),
    ("answer", {"within_s": 30.0, "late_s": 60.0}),
    ("close", {"within_s": 110.0, "late_s": 140.0}),
)


def write_drill(folder: Path) -> Path:
    """Write a drill of a minute on test cards: a robbery, a false alarm, words, and a desk that asks."""
    for camera in CAMERAS:
        write_testcard(folder / f"{camera}.mp4", seconds=30.0, fps=10, keyframe_every=20)
    spans = {"cue": "act", "before_s": [0.0, 4.0], "act_s": [4.0, 26.0], "after_s": [26.0, 30.0]}
    robbery = {
        "id": "robbery",
        "title": {"ko": "가온마트 강도", "en": "Robbery"},
        "site": "site-gaonmart",
        "cue": "act",
        "act_s": [2.0, 14.0],
        "grades": [4],
        "agencies": ["police"],
        "cameras": list(CAMERAS),
        "steps": ["weapon"],
        "note": "남성 1명, 흉기 소지",
        "order": 1,
    }
    cat = {"id": "cat", "title": {"ko": "오경보", "en": "False"}, "site": "site-hansol", "real": False, "grades": [0]}
    manner = {"opens_s": 1.0, "accepts_s": 2.0, "units": ["순21호"], "units_s": 3.0, "asks": "흉기가 보입니까?"}
    wishes = [
        {"id": act.replace("_", "-"), "act": act, "incident": "robbery", "weight": 10.0, **more} for act, more in MARKS
    ]
    wishes += [{"id": "none", "act": "no_hand_off", "incident": "cat", "weight": 10.0}]
    wishes += [{"id": "private", "act": "no_look", "weight": 10.0}]
    made = scenario(
        inject("police", "desk", when=at(0), agency="police", manner=manner),
        inject("act", "cue", when=at(2)),
        inject("panic", "dc09", when=after("fired", of="act", delay_s=4), account="1701", code="PA", zone="9"),
        inject("noise", "dc09", when=at(9), account="2702", code="BA", zone="1", noise=True),
        inject("call", when=after("claimed", delay_s=2)),
        inject("end", "end", when=at(150)),
        duration_s=150.0,
        incidents=[robbery, cat | {"order": 2}],
        expectations=wishes,
        feeds=[{"camera": camera, "file": f"{camera}.mp4", **spans} for camera in CAMERAS],
    )
    write_scenario(folder, made)
    return folder


@pytest.mark.journey
@pytest.mark.timeout(360)
def test_a_good_operator_comes_through_with_all_marks(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    folder = write_drill(tmp_path / "shop")
    command = ["drill", "run", str(folder), "--unattended", "--operator", "good", "--workspace", str(tmp_path / "ws")]
    ran = subprocess.run(
        [sys.executable, "-m", "smartcity_console", *command], capture_output=True, text=True, timeout=330, check=False
    )
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    assert told["score"] >= 95.0 and told["operator"] == "good" and told["end"] == "done", told
    assert Path(told["html"]).is_file() and Path(told["pdf"]).is_file() and told["report_s"] <= 10.0, told
    events = all_events(Path(told["run"]) / "journal.sqlite")
    types = [event.type for event in events]
    assert "HandoffDelivered" in types and "HandoffUnitsSent" in types and "InjectFailed" not in types
    (sent,) = [event.payload_as(ev.HandoffRequested) for event in events if event.type == "HandoffRequested"]
    assert set(sent.camera_ids) == set(CAMERAS)
