"""Gateway and desk as programs on one workspace: what one says, the other shows, in time and once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from smartcity_console.model import events as ev

Wait = Callable[..., Any]
_DESK = """
import sys
from pathlib import Path
from smartcity_console.clock import SystemClock
from smartcity_console.desk.server import run_desk
from smartcity_console.model.agency import AgencyKind
from smartcity_console.settings import load_settings
workspace = Path(sys.argv[1])
settings = load_settings(workspace, ["desk.http.port=0", "handoff.retry_first_s=0.05"])
sys.exit(run_desk(AgencyKind.POLICE, workspace, settings, SystemClock()))
"""
PAGE = {"X-Desk-Request": "1"}


@pytest.fixture
def page(gateway: Any) -> Iterator[httpx.Client]:
    """A client of the desk that runs on the gateway's workspace."""
    command = [sys.executable, "-c", _DESK, str(gateway.path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    with httpx.Client(base_url=told["addresses"]["http"], trust_env=False, headers=PAGE, timeout=10) as client:
        yield client
    process.terminate()
    assert process.wait(20) == 0
    process.stdout.close()


@pytest.mark.alone
def test_the_whole_conversation(gateway: Any, page: httpx.Client, wait: Wait) -> None:
    gateway.start()
    incident_id = gateway.open_incident()
    gateway.unlock(incident_id)
    gateway.hand_off(incident_id)
    wait(lambda: gateway.events("HandoffDelivered"))

    def detail() -> dict[str, Any]:
        told: dict[str, Any] = page.get("/page/handoffs/handoff-1").json()
        return told

    def act(name: str, **body: Any) -> None:
        assert page.post(f"/page/handoffs/handoff-1/{name}", json={"by": "김경사", **body}).status_code == 200

    act("accepted")
    act("units_sent", units=["순21"], eta_min=4)
    act("positions", positions=[{"unit": "순21", "lon_deg": 127.02, "lat_deg": 37.49}])
    act("on_scene", units=["순21"])
    act("message", text="정문 잠김")
    wait(lambda: gateway.events("MessageFromDesk"))
    assert [e.type for e in gateway.events("HandoffAccepted", "HandoffUnitsSent", "UnitPositions", "HandoffOnScene")] == [
        "HandoffAccepted",
        "HandoffUnitsSent",
        "UnitPositions",
        "HandoffOnScene",
    ]  # fmt: skip
    message = ev.MessageToDesk(handoff_id="handoff-1", update_id="update-1", seat="3", text="관리인이 갑니다")
    gateway.on_incident(incident_id, message)
    wait(lambda: [m["text"] for m in detail()["messages"]] == ["정문 잠김", "관리인이 갑니다"])
    assert detail()["live"] is not None
    began_s = time.monotonic()
    recall = ev.HandoffRecalled(handoff_id="handoff-1", update_id="update-2", seat="3", reason="false_alarm")
    gateway.on_incident(incident_id, recall)
    wait(lambda: detail()["is_recalled"], 2.0)
    assert time.monotonic() - began_s < 2.0
    assert detail()["live"] is None
    act("closed", outcome="false_alarm")
    wait(lambda: gateway.events("HandoffEnded"))
    assert len(gateway.events("HandoffUpdateDelivered")) == 2
    assert gateway.events("HandoffUpdateFailed") == []
