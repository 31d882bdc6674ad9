"""The gateway as a process: start, announce, work, die, come back."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smartcity_console.gateway.doors import DOORS
from smartcity_console.model.events import (
    CameraConnected,
    GatewayStarted,
    HandoffDelivered,
    HandoffPackaged,
    IncidentClosed,
    PrivateCamerasLocked,
)
from smartcity_console.runtime import bind_tcp

Wait = Callable[..., Any]


def test_it_announces_itself_and_stops_in_time(gateway: Any) -> None:
    told = gateway.start()
    assert told["program"] == "gateway"
    assert set(told["addresses"]) == {door.name for door in DOORS}
    assert json.loads((gateway.path / "run" / "gateway.json").read_text()) == told
    assert gateway.get("/health").json()["program"] == "gateway"
    code, seconds = gateway.end()
    assert code == 0
    assert seconds < 3.0
    started, stopped = gateway.events()
    assert started.payload_as(GatewayStarted).addresses == told["addresses"]
    assert stopped.type == "GatewayStopped"


def test_an_alarm_becomes_an_incident(gateway: Any) -> None:
    gateway.start()
    assert b'"ACK"0001L0#1701[]' in gateway.alarm()
    assert [e.type for e in gateway.events()][1:] == ["SenderHeard", "AlertReceived", "IncidentOpened"]
    figures = gateway.get("/health").json()
    assert figures["alerts"] == {"stored": 1, "repeated": 0, "failed": 0}
    assert "1701" not in json.dumps(figures)


def test_a_second_gateway_on_the_workspace_is_refused(gateway: Any) -> None:
    gateway.start()
    command = [sys.executable, str(Path(__file__).with_name("run_fake_gateway.py")), str(gateway.path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 3
    assert "already runs on this workspace" in done.stderr
    assert gateway.get("/health").status_code == 200


def test_a_port_in_use_is_named_with_its_holder(gateway: Any) -> None:
    taken = bind_tcp("127.0.0.1", 0, "test", "test")
    port = taken.getsockname()[1]
    command = [sys.executable, str(Path(__file__).with_name("run_fake_gateway.py")), str(gateway.path)]
    done = subprocess.run(
        [*command, f"intake.dc09.port={port}"], capture_output=True, text=True, timeout=30, check=False
    )
    taken.close()
    assert done.returncode == 3
    assert f"port {port} is already held by" in done.stderr
    assert "intake.dc09.port" in done.stderr
    assert not (gateway.path / "journal.sqlite").exists()


def test_a_damaged_journal_is_refused_and_left_as_it_is(gateway: Any) -> None:
    gateway.start()
    gateway.alarm()
    gateway.end()
    path = gateway.path / "journal.sqlite"
    damage = sqlite3.connect(path)
    damage.execute("DROP TRIGGER events_as_they_are")
    damage.execute("UPDATE events SET actor = 'nobody' WHERE seq = 2")
    damage.commit()
    damage.close()
    before = len(gateway.events())
    command = [sys.executable, str(Path(__file__).with_name("run_fake_gateway.py")), str(gateway.path)]
    done = subprocess.run([*command, *gateway.settings], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 3
    assert done.stdout == ""
    assert "broken at event 2" in done.stderr
    assert len(gateway.events()) == before


def test_a_part_that_fails_ends_the_program_with_its_sentence(gateway: Any) -> None:
    (gateway.path / "disk_full").touch()
    command = [sys.executable, str(Path(__file__).with_name("run_fake_gateway.py")), str(gateway.path)]
    done = subprocess.run([*command, *gateway.settings], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith("The disk is full")
    assert "Traceback" not in done.stderr


def test_killed_it_comes_back_where_it_was(gateway: Any, wait: Wait) -> None:
    first = gateway.start()
    gateway.alarm()
    gateway.end(signal.SIGKILL)
    second = gateway.start()
    assert second["addresses"] == first["addresses"]
    assert b"ACK" in gateway.alarm()  # the transmitter did not hear our ACK and sends again
    assert len(gateway.events("AlertReceived")) == 1
    gateway.alarm(sequence=2)
    assert wait(lambda: gateway.events("AlertJoined"))
    assert len(gateway.events("IncidentOpened")) == 1


def test_a_handoff_is_packaged_and_delivered_once(gateway: Any, desk: Any, wait: Wait) -> None:
    gateway.start()
    incident_id = gateway.open_incident()
    gateway.unlock(incident_id)
    gateway.hand_off(incident_id)
    (delivered,) = wait(lambda: gateway.events("HandoffDelivered"))
    assert delivered.payload_as(HandoffDelivered).receiver == "은행지구대 상황실"
    packaged = gateway.events("HandoffPackaged")[0].payload_as(HandoffPackaged)
    assert (gateway.path / packaged.path).read_bytes() == desk.packages["handoff-1"]
    notice = desk.notices["handoff-1"]
    assert notice["incident"]["site_name"] == "가온마트 은행로점"
    assert notice["receipts"]["url"] == f"{gateway.addresses['http']}/receipts"
    assert notice["live"]["url"].startswith("ws://")
    assert desk.bearers == {f"Bearer {gateway.secret('desk-police')}"}
    assert json.loads((gateway.path / "kept-handoff-1.json").read_text()) == ["GN-0001", "PV-0001"]


def test_a_receiver_that_is_away_gets_it_when_it_is_back(gateway: Any, desk: Any, wait: Wait) -> None:
    desk.refuse = 4
    gateway.start()
    gateway.hand_off(gateway.open_incident())
    wait(lambda: gateway.events("HandoffDelivered"))
    assert len(gateway.events("HandoffAttemptFailed")) >= 2
    assert list(desk.packages) == ["handoff-1"]


def test_without_a_desk_the_evidence_is_kept_and_the_handoff_waits(gateway: Any, wait: Wait) -> None:
    gateway.start()
    gateway.hand_off(gateway.open_incident())
    wait(lambda: gateway.events("HandoffAttemptFailed"))
    assert len(wait(lambda: gateway.events("HandoffPackaged"))) == 1
    assert gateway.events("HandoffDelivered") == []


def test_a_camera_without_footage_is_a_gap_not_a_failure(gateway: Any, desk: Any, wait: Wait) -> None:
    gateway.start()
    gateway.hand_off(gateway.open_incident(), camera_ids=("GN-0001", "GN-NONE"))
    wait(lambda: gateway.events("HandoffDelivered"))
    packaged = gateway.events("HandoffPackaged")[0].payload_as(HandoffPackaged)
    assert any("GN-NONE" in gap for gap in packaged.gaps)


def test_killed_while_cutting_it_delivers_once_after_the_restart(gateway: Any, desk: Any, wait: Wait) -> None:
    gateway.start()
    (gateway.path / "clip_wait").touch()
    gateway.hand_off(gateway.open_incident())
    wait(lambda: desk.notices)
    gateway.end(signal.SIGKILL)
    assert desk.packages == {}
    (gateway.path / "clip_wait").unlink()
    gateway.start()
    wait(lambda: gateway.events("HandoffDelivered"))
    assert list(desk.packages) == ["handoff-1"]
    assert len(gateway.events("HandoffDelivered")) == 1


def test_killed_between_delivery_and_record_it_is_still_once(gateway: Any, desk: Any, wait: Wait) -> None:
    """The worst moment: the desk has the package, the gateway does not know it."""
    desk.hold_package.set()
    gateway.start()
    gateway.hand_off(gateway.open_incident())
    wait(lambda: desk.packages)
    gateway.end(signal.SIGKILL)
    desk.hold_package.clear()
    desk.release.set()
    assert gateway.events("HandoffDelivered") == []
    gateway.start()
    wait(lambda: gateway.events("HandoffDelivered"))
    assert len(gateway.events("HandoffPackaged")) == 1  # the same package, not another
    assert len(gateway.events("HandoffDelivered")) == 1
    assert sum(try_.startswith("PUT") for try_ in desk.tries) == 2
    assert list(desk.packages) == ["handoff-1"]


def test_killed_before_it_saw_the_click(gateway: Any, desk: Any, wait: Wait) -> None:
    gateway.start()
    incident_id = gateway.open_incident()
    gateway.end(signal.SIGKILL)
    gateway.hand_off(incident_id)
    gateway.start()
    wait(lambda: gateway.events("HandoffDelivered"))
    assert list(desk.packages) == ["handoff-1"]


def test_cameras_of_the_list_are_recorded_and_the_list_is_watched(gateway: Any, wait: Wait) -> None:
    def write(*cameras: str) -> None:
        streams = {camera: {"url": f"rtsp://127.0.0.1:1/{camera}"} for camera in cameras}
        (gateway.path / "streams.json").write_text(json.dumps({"streams": streams}))

    def recorded() -> set[str]:
        file = gateway.path / "recording.json"
        return set(json.loads(file.read_text() or "{}")) if file.exists() else set()

    write("GN-0001")
    gateway.start()
    wait(lambda: recorded() == {"GN-0001"})
    write("GN-0001", "GN-0002")
    wait(lambda: recorded() == {"GN-0001", "GN-0002"})
    wait(lambda: len(gateway.events("CameraConnected")) == 2)
    connected = gateway.events("CameraConnected")[0].payload_as(CameraConnected)
    assert (connected.camera_id, connected.codec, connected.width_px) == ("GN-0001", "h264", 640)
    assert "rtsp" not in "".join(event.data.decode() for event in gateway.events())


def test_private_cameras_close_with_the_incident(gateway: Any, wait: Wait) -> None:
    gateway.start()
    incident_id = gateway.open_incident()
    gateway.unlock(incident_id)
    gateway.on_incident(incident_id, IncidentClosed(outcome="오경보", seat="1"))
    (locked,) = wait(lambda: gateway.events("PrivateCamerasLocked"))
    payload = locked.payload_as(PrivateCamerasLocked)
    assert (payload.camera_ids, payload.reason) == (("PV-0001",), "사건 종결")


def test_private_cameras_close_when_their_time_is_over(gateway: Any, wait: Wait) -> None:
    gateway.start()
    gateway.unlock(gateway.open_incident(), for_s=0.2)
    (locked,) = wait(lambda: gateway.events("PrivateCamerasLocked"))
    assert locked.payload_as(PrivateCamerasLocked).reason == "열람 시간 만료"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_in_time_in_the_middle_of_work(gateway: Any, desk: Any, wait: Wait, number: signal.Signals) -> None:
    desk.hold_package.set()
    gateway.start()
    gateway.hand_off(gateway.open_incident())
    wait(lambda: desk.packages)
    code, seconds = gateway.end(number)
    assert code == 0
    assert seconds < 3.0
    assert gateway.events("GatewayStopped")
