"""A private camera opens by an unlocking on record and by nothing else, and shuts with the incident or its time."""

from __future__ import annotations

import asyncio
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import websockets
from websockets.exceptions import ConnectionClosed

from smartcity_console.clock import SystemClock
from smartcity_console.gateway.live import SUBPROTOCOL
from smartcity_console.model import events as ev
from smartcity_console.model.camera import Dori, Mount, Ownership, Purpose, SeenBy
from smartcity_console.model.verdict import Grade

CLOCK = SystemClock()
PRIVATE = "PV-0001"


def clip(gateway: Any, camera_id: str = PRIVATE) -> int:
    now = CLOCK.now()
    span = {"start": (now - timedelta(seconds=30)).isoformat(), "end": now.isoformat()}
    token = {"Authorization": f"Bearer {gateway.secret('gateway-console')}"}
    return int(gateway.get(f"/ring/{camera_id}/clip.mp4", params=span, headers=token).status_code)


def live(gateway: Any, notice: dict[str, Any], camera_id: str = PRIVATE) -> int:
    """Return 200 when a picture comes, else the code of the refusal."""

    async def watch() -> int:
        protocols: list[Any] = [SUBPROTOCOL, f"token.{notice['live']['token']}"]
        try:
            url = f"{notice['live']['url']}/{camera_id}"
            async with websockets.connect(url, subprotocols=protocols, proxy=None) as socket, asyncio.timeout(30):
                await socket.recv()
                return 200
        except ConnectionClosed as closed:
            assert closed.rcvd is not None
            return closed.rcvd.code

    return asyncio.run(watch())


def seen() -> SeenBy:
    return SeenBy(
        camera_id=PRIVATE,
        name="매장 안",
        ownership=Ownership.PRIVATE,
        purpose=next(iter(Purpose)),
        mount=next(iter(Mount)),
        distance_m=1.0,
        bearing_deg=0.0,
        px_per_m=100.0,
        dori=Dori.NONE,
        in_view=True,
        direction_known=True,
        occluded=False,
        turn_s=0.0,
        has_stream=True,
        score=1.0,
    )


@pytest.fixture
def opened(gateway: Any, desk: Any, wait: Any) -> Any:
    """A gateway with an incident that did everything but unlock: claimed, judged, handed off with the private camera."""
    gateway.start()
    incident_id = gateway.incident_id = gateway.open_incident()
    now = CLOCK.now()
    for payload in (
        ev.IncidentClaimed(seat="1"),
        ev.CamerasSelected(cameras=(seen(),)),
        ev.VerdictGiven(grade=Grade.LIFE_THREAT, seat="1"),
        ev.EvidenceSpanSet(camera_ids=(PRIVATE,), start=now - timedelta(seconds=30), end=now),
    ):
        gateway.on_incident(incident_id, payload)
    gateway.hand_off(incident_id)
    wait(lambda: gateway.events("HandoffDelivered"))
    gateway.notice = desk.notices["handoff-1"]
    return gateway


def test_nothing_else_opens_it(opened: Any) -> None:
    assert not opened.events("PrivateCamerasUnlocked")
    assert clip(opened) == 403
    assert live(opened, opened.notice) == 4403
    assert (clip(opened, "GN-0001"), live(opened, opened.notice, "GN-0001")) == (200, 200)
    packaged = opened.events("HandoffPackaged")[-1].payload_as(ev.HandoffPackaged)
    with zipfile.ZipFile(opened.path / packaged.path) as package:
        assert not any(b"clip of PV-0001" in package.read(name) for name in package.namelist())
    assert any(PRIVATE in gap for gap in packaged.gaps)


def test_an_unlocking_opens_it_and_the_incidents_end_shuts_it(opened: Any, desk: Any, wait: Any) -> None:
    opened.unlock(opened.incident_id)
    unlocked = opened.events("PrivateCamerasUnlocked")[-1]
    told = unlocked.payload_as(ev.PrivateCamerasUnlocked)
    assert unlocked.stream == f"incident/{opened.incident_id}"
    assert told.reason and told.seat == "1" and told.until > CLOCK.now() and told.camera_ids == (PRIVATE,)
    assert clip(opened) == 200 and live(opened, opened.notice) == 200
    assert clip(opened, "PV-0002") == 403, "what is named is opened, nothing beside it"
    opened.hand_off(opened.incident_id, "handoff-2")
    wait(lambda: "handoff-2" in desk.packages)
    packaged = opened.events("HandoffPackaged")[-1].payload_as(ev.HandoffPackaged)
    assert not any(PRIVATE in gap for gap in packaged.gaps)
    opened.on_incident(opened.incident_id, ev.IncidentClosed(outcome="handed_off", seat="1"))
    wait(lambda: opened.events("PrivateCamerasLocked"))
    assert clip(opened) == 403 and live(opened, opened.notice) == 4403
    opened.unlock(opened.incident_id)
    wait(lambda: len(opened.events("PrivateCamerasLocked")) == 2)
    assert clip(opened) == 403, "a closed incident opens nothing"


def test_its_time_shuts_it(opened: Any, wait: Any) -> None:
    opened.unlock(opened.incident_id, for_s=1.0)
    wait(lambda: opened.events("PrivateCamerasLocked"))
    assert clip(opened) == 403 and live(opened, opened.notice) == 4403
