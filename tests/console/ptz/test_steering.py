"""A whole console that steers: its keys reach a real device through a real gateway, and what goes wrong is told."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from smartcity_console.clock import SystemClock
from smartcity_console.composition.ptz import PtzLink, gateway_of
from smartcity_console.console.ptz.ports import Candidate
from smartcity_console.drill.onvif_device import DeviceFacts, DeviceServer
from smartcity_console.model.geo import Position
from smartcity_console.model.ptz import Aim, Mounting
from smartcity_console.video.onvif.adopted import Adopted, keep_adopted

GATEWAY = Path(__file__).parents[2] / "gateway" / "run_fake_gateway.py"
CAMERA = "GN-0001"
SPOT = Position(127.03, 37.5)
LIMIT_MS = 20_000


@pytest.fixture
def device() -> Iterator[DeviceServer]:
    with DeviceServer(DeviceFacts(), SystemClock()) as made:
        yield made


@pytest.fixture
def workspace(tmp_path: Path, device: DeviceServer) -> Iterator[Path]:
    """A workspace of its own with a gateway that has the device as its camera."""
    path = tmp_path / "centre"
    path.mkdir()
    keep_adopted(path, CAMERA, Adopted(device.address, "main", "node", mounting=Mounting(azimuth_at_zero_deg=0.0)))
    ports = [f"{name}.port=0" for name in ("intake.dc09", "intake.linked", "gateway.http")]
    process = subprocess.Popen(
        [sys.executable, str(GATEWAY), str(path), *ports], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert select.select([process.stdout], [], [], 30)[0], "the gateway says nothing"
    line = process.stdout.readline()
    assert line, process.stderr.read() if process.stderr else ""
    (path / "pid").write_text(str(json.loads(line)["pid"]))
    yield path
    process.kill()
    process.communicate(timeout=20)


@pytest.fixture
def steering(open_console: Callable[..., Any], workspace: Path, qtbot: Any) -> Any:
    """A console whose chosen camera is connected, with the panel in sight."""
    found = [
        Candidate(CAMERA, "정문", Aim(90.0, -20.0, 30.0)),
        Candidate("GN-0002", "후문", Aim(10.0, -20.0, 30.0)),
    ]
    console = open_console(
        open_ptz=lambda heard: PtzLink(gateway_of(workspace), "3", heard),
        ptz_candidates=lambda _: found,
    )
    console.steering.choose(CAMERA, "정문")
    console.runner.run("view.ptz")
    driver = console.steering.driver
    qtbot.waitUntil(lambda: driver.state is not None and driver.state.connected is True, timeout=LIMIT_MS)
    return console


def test_keys_turn_a_real_camera_and_a_released_key_stops_it(steering: Any, device: DeviceServer, qtbot: Any) -> None:
    badge = steering.steering._badge
    steering.runner.run("ptz.mode")
    assert badge.isVisible()
    assert "정문" in badge.text()
    QTest.keyPress(steering.window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: device.head.is_moving, timeout=LIMIT_MS)
    qtbot.waitUntil(lambda: steering.steering.driver.state.is_yours, timeout=LIMIT_MS)
    QTest.keyRelease(steering.window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: not device.head.is_moving, timeout=LIMIT_MS)
    assert device.head.place().pan > 0.0
    assert "Stop" in device.asked
    QTest.keyClick(steering.window, Qt.Key.Key_Escape)
    assert not badge.isVisible()


def test_every_camera_is_turned_to_a_spot_and_the_wish_is_on_record(
    steering: Any, device: DeviceServer, day: Any, qtbot: Any
) -> None:
    panel = steering.steering.panel
    steering.runner.run("ptz.turn_to_spot", SPOT)
    qtbot.waitUntil(lambda: abs(device.head.place().pan - 90.0) < 0.01, timeout=LIMIT_MS)
    qtbot.waitUntil(panel.outcome.isVisible, timeout=LIMIT_MS)
    lines = panel.outcome.text().splitlines()
    assert lines[0] == "1 of 2 cameras that turn now look at the spot."
    assert "정문" in lines[1]
    assert "후문" in lines[2]
    assert "onvif adopt" in lines[2]
    assert "후문" in steering.notice.text
    assert [event.type for event in day.journal.read(stream="seat/3")][-1] == "PtzSpotWanted"


def test_a_gateway_that_dies_is_told_and_the_camera_stops(
    steering: Any, workspace: Path, device: DeviceServer, qtbot: Any
) -> None:
    steering.runner.run("ptz.mode")
    QTest.keyPress(steering.window, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: device.head.is_moving, timeout=LIMIT_MS)
    os.kill(int((workspace / "pid").read_text()), signal.SIGKILL)
    qtbot.waitUntil(lambda: not device.head.is_moving, timeout=LIMIT_MS)
    qtbot.waitUntil(lambda: "gateway cannot be reached" in steering.steering.panel.trouble.text(), timeout=LIMIT_MS)
    QTest.keyRelease(steering.window, Qt.Key.Key_Up)


def test_verbs_that_cannot_be_had_say_why(open_console: Callable[..., Any]) -> None:
    console = open_console()
    for op_id in ("view.ptz", "ptz.mode", "ptz.take", "ptz.turn_to_spot", "ptz.turn_to_incident"):
        assert console.runner.reason(op_id).code == "no_ptz"
    assert console.runner.reason("ptz.release").code == "not_mine"


def test_the_panel_comes_and_goes_and_the_standard_layout_is_without_it(steering: Any) -> None:
    dock = steering.window.docks["ptz"]
    assert dock.isVisible()
    steering.window.docks.bring_back()
    assert not dock.isVisible()
    steering.runner.run("view.ptz")
    assert dock.isVisible()
