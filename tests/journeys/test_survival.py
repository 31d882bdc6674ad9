"""Either program dies, the other goes on; whichever is started again goes on where it was."""

from __future__ import annotations

import os
import signal

import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.drill.transmitter import Transmitter
from smartcity_console.runtime import is_running
from tests.journeys.conftest import PROGRAMS, Workspace, wait_for

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


def test_programs_survive_the_consoles_death_and_are_found_again(workspace: Workspace) -> None:
    console = workspace.start_console()
    before = workspace.all_up()
    console.kill()
    console.wait(10)
    Transmitter(before["gateway"]["addresses"]["dc09"], SystemClock()).send("1701", "PA", "9")
    assert "IncidentOpened" in workspace.types()
    again = workspace.start_console()
    wait_for(lambda: is_running(workspace.path, "seat-1"), "seat 1 taken again")
    assert {p: told["pid"] for p, told in workspace.all_up().items()} == {p: t["pid"] for p, t in before.items()}
    wait_for(lambda: "CamerasSelected" in workspace.types(), "the emergency's cameras open by themselves")
    again.send_signal(signal.SIGTERM)
    assert again.wait(40) == 0
    assert [p for p in PROGRAMS if is_running(workspace.path, p)] == []


def test_a_killed_gateway_is_started_again_by_the_console_at_the_same_addresses(workspace: Workspace) -> None:
    workspace.start_console()
    before = workspace.all_up()["gateway"]
    os.kill(before["pid"], signal.SIGKILL)
    after = wait_for(lambda: (t := workspace.told("gateway")) and t["pid"] != before["pid"] and t, "gateway back")
    assert after["addresses"] == before["addresses"]
    Transmitter(after["addresses"]["dc09"], SystemClock()).send("2702", "FA", "1")
    assert workspace.types().count("AlertReceived") == 1


def test_a_second_start_opens_a_second_seat_on_the_same_gateway(workspace: Workspace) -> None:
    workspace.start_console()
    before = workspace.all_up()
    second = workspace.start_console()
    wait_for(lambda: is_running(workspace.path, "seat-2"), "seat 2")
    wait_for(lambda: workspace.types().count("SeatOpened") == 2, "both seats on record")
    assert workspace.all_up() == before
    second.send_signal(signal.SIGTERM)
    assert second.wait(40) == 0
    assert workspace.all_up() == before, "the first seat keeps its programs"
