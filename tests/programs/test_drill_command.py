"""The command line of drills, and the workspace that a drill gets of its own."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from smartcity_console.__main__ import EXIT_REFUSED, main
from smartcity_console.clock import ManualClock
from smartcity_console.composition.drill import trainees_of
from smartcity_console.composition.drill_folder import DrillNotMade, Wanted, make_drill
from smartcity_console.composition.drill_options import add_drill
from smartcity_console.composition.streams import read_streams
from smartcity_console.desk.users import Users, users_path
from smartcity_console.drill.facts import DrillFacts, read_drill, write_drill
from smartcity_console.drill.feeds.testcard import write_testcard
from smartcity_console.drill.scenario.write import write_scenario
from smartcity_console.intake.webhook.keys import read_keys
from smartcity_console.model.agency import AgencyKind
from smartcity_console.settings import SettingRefused, load_settings
from tests.drill.scenes import at, inject, scenario


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A scenario's folder with its recording."""
    return made(tmp_path / "shop")


def made(folder: Path, **more: Any) -> Path:
    report = inject("report", "webhook", when=at(2), firm="s1", report={})
    wishes = [{"id": "c", "act": "claim", "incident": "robbery", "weight": 1.0, "within_s": 20.0, "late_s": 60.0}]
    feeds = [{"camera": "GN-0001", "file": "GN-0001.mp4"}]
    write_scenario(folder, scenario(report, **({"expectations": wishes, "feeds": feeds} | more)))
    write_testcard(folder / "GN-0001.mp4", seconds=2.0)
    return folder


def test_a_drill_has_a_workspace_of_its_own(source: Path, tmp_path: Path, clock: ManualClock) -> None:
    wanted = Wanted(
        scenario=str(source), operator="good", trainees={"1": "홍길동"}, by_hand=frozenset({AgencyKind.FIRE})
    )
    drill = make_drill(tmp_path / "ws", wanted, clock)
    assert drill.run_dir == tmp_path / "ws" / "drills" / "20261123-140304-test" and drill.source == source
    facts = read_drill(drill.run_dir)
    assert facts is not None and facts.trainees == {"1": "홍길동"} and facts.operator == "good"
    assert (drill.run_dir / "scenario.toml").read_bytes() == (source / "scenario.toml").read_bytes()
    assert Users(users_path(drill.run_dir, AgencyKind.POLICE)).has_any()
    assert not Users(users_path(drill.run_dir, AgencyKind.FIRE)).has_any(), "a person plays it, on this machine"
    assert [key.firm_id for key in read_keys(drill.run_dir).values()] == ["s1"]
    secrets = [path for path in (drill.run_dir / "secrets").iterdir() if path.is_file()]
    assert secrets and all(path.stat().st_mode & 0o077 == 0 for path in secrets)
    assert load_settings(drill.run_dir).whole("intake.dc09.port") == 0
    second = make_drill(tmp_path / "ws", wanted, clock)
    assert second.run_dir.name == "20261123-140304-test-2"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (["--trainee", "Kim"], {"3": "Kim"}),
        (["--trainee", "1=Kim", "--trainee", "2=Lee Doyun"], {"1": "Kim", "2": "Lee Doyun"}),
        (["--trainee", "A=B"], {"3": "A=B"}),
        (["--unattended", "--operator", "slow"], {"3": "scripted: slow"}),
        ([], {}),
    ],
)
def test_trainees_are_named_by_seat(given: list[str], found: dict[str, str]) -> None:
    parser = argparse.ArgumentParser()
    add_drill(parser.add_subparsers(dest="what"))
    assert trainees_of(parser.parse_args(["run", "robbery", "--seat", "3", *given])) == found


def test_a_scenarios_settings_hold_for_every_program(tmp_path: Path, clock: ManualClock) -> None:
    source = made(tmp_path / "shop", settings={"private.unlock_min": 2.0, "wall.tiles": 4})
    settings = load_settings(make_drill(tmp_path, Wanted(scenario=str(source)), clock).run_dir)
    assert (settings.number("private.unlock_min"), settings.whole("wall.tiles")) == (2.0, 4)


@pytest.mark.parametrize(
    "name",
    ["handoff.police_url", "mail.host", "intake.mqtt.host", "intake.dc09.host", "status.ca", "intake.cap.folder"],
)
def test_a_scenario_opens_no_way_outside(name: str, tmp_path: Path, clock: ManualClock) -> None:
    source = made(tmp_path / "shop", settings={name: "x"})
    with pytest.raises(DrillNotMade, match=name):
        make_drill(tmp_path, Wanted(scenario=str(source)), clock)
    assert not (tmp_path / "drills").exists()


def test_a_setting_that_is_none_is_refused_before_anything_is_made(tmp_path: Path, clock: ManualClock) -> None:
    source = made(tmp_path / "shop", settings={"wall.tiles": 400})
    with pytest.raises(SettingRefused):
        make_drill(tmp_path, Wanted(scenario=str(source)), clock)
    assert not (tmp_path / "drills").exists()


def test_a_contradiction_is_told_before_anything_starts(tmp_path: Path, clock: ManualClock) -> None:
    source = made(tmp_path / "shop", feeds=[{"camera": "GN-0001", "file": "nowhere.mp4"}])
    with pytest.raises(DrillNotMade, match=r"feeds\[0\]"):
        make_drill(tmp_path, Wanted(scenario=str(source)), clock)


def test_the_list_holds_the_trainers_own_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path / "scenarios" / "shop")
    assert main(["drill", "list", "--workspace", str(tmp_path)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["id"] for line in lines][-1] == "shop" and lines[-1]["cameras"] == 1


def test_a_recording_comes_in_by_one_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = write_testcard(tmp_path / "own.mp4", seconds=2.0)
    command = ["drill", "feeds", "add", str(card), "--camera", "GN-0004", "--scenario", "yard"]
    assert main([*command, "--workspace", str(tmp_path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["is_new"] and Path(told["scenario"]) == tmp_path / "scenarios" / "yard" / "scenario.toml"


def test_what_is_no_drill_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drill", "report", str(tmp_path)]) == EXIT_REFUSED
    assert main(["drill", "run", "nobody-knows", "--workspace", str(tmp_path)]) == EXIT_REFUSED
    assert "nobody-knows" in capsys.readouterr().err


def test_a_drills_console_shows_no_camera_but_its_feeds(tmp_path: Path) -> None:
    streams = {"GN-0001": {"url": "rtsp://127.0.0.1:9554/GN-0001"}, "GN-0002": {"url": "rtsp://10.0.0.9/main"}}
    (tmp_path / "streams.json").write_text(json.dumps({"streams": streams}))
    assert set(read_streams(tmp_path)) == {"GN-0001", "GN-0002"}
    write_drill(tmp_path, DrillFacts(drill_id="d", scenario_id="s", title_ko="", title_en=""))
    assert set(read_streams(tmp_path)) == {"GN-0001"}
