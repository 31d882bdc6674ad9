"""The sample day without a person: what `scripts/run --unattended` does, looked at from outside."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.timeout(420)]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Run the day once; every test looks at what it left."""
    out = tmp_path_factory.mktemp("day") / "out"
    command = [sys.executable, "-m", "smartcity_console", "--unattended", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    told: dict[str, Any] = json.loads((out / "report.json").read_text("utf-8"))
    assert done.returncode == 0, (told["problems"], done.stderr[-2000:])
    return told


def verify(package: Path) -> int:
    command = [sys.executable, "-m", "smartcity_console", "verify", str(package)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode


def test_the_whole_day_was_reached(report: dict[str, Any]) -> None:
    assert report["ok"] and report["problems"] == []
    assert report["incidents_handed_off"] == 2
    assert report["alerts_received"] == 7
    for receipt in report["receipts"]:
        stages = [stage["stage"] for stage in receipt["stages"]]
        assert stages == ["requested", "delivered", "opened", "accepted", "units_sent"]
        assert len(receipt["units"]) == 2


def test_the_figures_of_the_design_are_met(report: dict[str, Any]) -> None:
    assert report["seconds"]["alert_to_cameras"] <= 3.0
    assert report["seconds"]["click_to_delivered"] <= 2.0


def test_every_clip_plays_and_begins_before_its_alert(report: dict[str, Any]) -> None:
    assert len(report["clips"]) == 4
    for clip in report["clips"]:
        command = ["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0"]
        command += ["-show_entries", "stream=codec_name,nb_read_frames", "-of", "json", clip]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        (stream,) = json.loads(done.stdout)["streams"]
        assert done.stderr == "" and stream["codec_name"] == "h264"
        assert int(stream["nb_read_frames"]) > 300
    assert all(check["begins_before_alert_s"] >= 25.0 for check in report["clip_checks"])
    assert all(check["findings"]["foreign"] == 0 for check in report["clip_checks"])


def test_every_package_is_accepted_and_refused_after_any_changed_byte(report: dict[str, Any], tmp_path: Path) -> None:
    chance = random.Random(7)
    for package in map(Path, report["packages"]):
        assert verify(package) == 0
        data = bytearray(package.read_bytes())
        for at in (0, len(data) - 1, *(chance.randrange(len(data)) for _ in range(3))):
            changed = bytearray(data)
            changed[at] ^= 1 << chance.randrange(8)
            broken = tmp_path / "broken.zip"
            broken.write_bytes(changed)
            assert verify(broken) == 1, at


def test_every_screen_was_shot(report: dict[str, Any]) -> None:
    names = {Path(path).name for path in report["screenshots"]}
    for part in ("queue", "verifying-police", "handed-off-police", "accepted-police", "desk-police-2-units-sent"):
        assert any(part in name for name in names), part
    assert all(Path(path).stat().st_size > 20_000 for path in report["screenshots"])
