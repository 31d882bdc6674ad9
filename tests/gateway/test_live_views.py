"""Live views of a hand-off: whose token opens what, until when; taken back at once; counted and on record, bounded."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import websockets
from websockets.exceptions import ConnectionClosed

from smartcity_console.clock import SystemClock
from smartcity_console.gateway.tokens import LIVE, Tokens, live_scope
from smartcity_console.gateway.views import MOST_OF_ONE_RECEIVER
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.events import (
    HandoffRequested,
    LiveViewClosed,
    LiveViewOpened,
    LiveViewRevoked,
    PrivateCamerasLocked,
)
from smartcity_console.model.verdict import Grade

Wait = Callable[..., Any]


def connected(gateway: Any, camera_id: str, token: str, query: str = "") -> Any:
    address = gateway.addresses["http"].replace("http", "ws")
    protocols: Any = ["smartcity.live.v1", f"token.{token}"]
    return websockets.connect(f"{address}/live/{camera_id}{query}", subprotocols=protocols, proxy=None)


async def pieces(socket_: Any, count: int) -> list[str | bytes]:
    return [await asyncio.wait_for(socket_.recv(), 10) for _ in range(count)]


def outcome(gateway: Any, camera_id: str, token: str) -> int | str:
    """Return "shown", or the code with which a view is refused."""

    async def look() -> int | str:
        async with connected(gateway, camera_id, token) as opened:
            try:
                await pieces(opened, 2)
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 0
            return "shown"

    return asyncio.run(look())


def token_of(gateway: Any, handoff_id: str) -> str:
    """Make the token as the gateway does that gave it out."""
    (event,) = [
        e for e in gateway.events("HandoffRequested") if e.payload_as(HandoffRequested).handoff_id == handoff_id
    ]
    request = event.payload_as(HandoffRequested)
    incident_id = event.stream.partition("/")[2]
    tokens = Tokens((gateway.path / "secrets" / "gateway-handoffs.token").read_text())
    return tokens.make(LIVE, handoff_id, live_scope(incident_id, request))


@pytest.fixture
def two_receivers(gateway: Any, wait: Wait) -> Any:
    """Two incidents: police of the first may watch GN-0001, fire GN-0002; police of the second GN-0003."""
    gateway.start()
    first = gateway.open_incident()
    gateway.incident_id = first
    fire = {"agency_id": "fire-1", "agency_kind": AgencyKind.FIRE, "agency_name": "가온소방서"}
    gateway.hand_off(first, "h-police", camera_ids=("GN-0001",))
    gateway.hand_off(first, "h-fire", camera_ids=("GN-0002",), **fire)
    gateway.hand_off("inc-other", "h-other", camera_ids=("GN-0003",))
    wait(lambda: gateway.get("/health").json()["journal"]["seq"] >= gateway.events()[-1].seq)
    return gateway


def test_a_token_opens_its_own_hand_offs_cameras_and_no_others(two_receivers: Any) -> None:
    police, fire, other = (token_of(two_receivers, name) for name in ("h-police", "h-fire", "h-other"))
    assert outcome(two_receivers, "GN-0001", police) == "shown"
    assert outcome(two_receivers, "GN-0002", fire) == "shown"
    assert outcome(two_receivers, "GN-0002", police) == 4403  # the other recipient's camera
    assert outcome(two_receivers, "GN-0003", police) == 4403  # the other incident's camera
    assert outcome(two_receivers, "GN-0001", other) == 4403
    assert outcome(two_receivers, "GN-0009", police) == 4403
    mixed = f"h-fire.{police.partition('.')[2]}"
    assert outcome(two_receivers, "GN-0002", mixed) == 4401


@pytest.mark.parametrize(
    "change",
    [
        {"agency_id": "police-2"},
        {"agency_kind": AgencyKind.FIRE},
        {"camera_ids": ("GN-0001", "GN-0002")},
        {"live_until": SystemClock().now() + timedelta(days=9)},
    ],
)
def test_a_token_is_bound_to_receiver_cameras_and_expiry(change: dict[str, Any]) -> None:
    now = SystemClock().now()
    facts: dict[str, Any] = {
        "handoff_id": "h-1",
        "agency_id": "police-1",
        "agency_kind": AgencyKind.POLICE,
        "agency_name": "",
        "camera_ids": ("GN-0001",),
        "span_start": now,
        "span_end": now,
        "live_until": now,
        "basis": "",
        "note": "",
        "grade": Grade.LIFE_THREAT,
        "seat": "1",
    }
    request, other = HandoffRequested(**facts), HandoffRequested(**(facts | change))
    tokens = Tokens("secret")
    token = tokens.make(LIVE, "h-1", live_scope("inc-1", request))
    assert tokens.is_genuine(LIVE, token, live_scope("inc-1", request))
    assert not tokens.is_genuine(LIVE, token, live_scope("inc-1", other))
    assert not tokens.is_genuine(LIVE, token, live_scope("inc-2", request))
    assert not tokens.is_genuine(LIVE, token)


@pytest.mark.alone
def test_taken_back_it_ends_at_once_for_that_receiver_alone(two_receivers: Any) -> None:
    police, fire = token_of(two_receivers, "h-police"), token_of(two_receivers, "h-fire")

    async def act() -> tuple[int, float]:
        async with (
            connected(two_receivers, "GN-0001", police) as watched,
            connected(two_receivers, "GN-0002", fire) as other,
        ):
            await pieces(watched, 5)
            revoke = LiveViewRevoked(handoff_id="h-police", reason="seat", seat="1")
            await asyncio.to_thread(two_receivers.on_incident, two_receivers.incident_id, revoke)
            began_s = time.monotonic()
            with pytest.raises(ConnectionClosed) as closed:
                async with asyncio.timeout(15):
                    while True:
                        await watched.recv()
            took_s = time.monotonic() - began_s
            await pieces(other, 5)
            assert closed.value.rcvd is not None
            return closed.value.rcvd.code, took_s

    code, took_s = asyncio.run(act())
    assert code == 4410
    assert took_s < 2.0
    assert outcome(two_receivers, "GN-0001", police) == 4410
    two_receivers.end()
    two_receivers.start()
    assert outcome(two_receivers, "GN-0001", police) == 4410  # a restart forgets nothing


@pytest.mark.alone
def test_a_slow_viewer_is_cut_off_too_when_it_is_taken_back(two_receivers: Any, wait: Wait) -> None:
    """One that does not read holds a message up; the gateway must not wait for it."""
    token = token_of(two_receivers, "h-police")
    (two_receivers.path / "large_fragments").touch()

    async def act() -> None:
        async with connected(two_receivers, "GN-0001", token) as watched:
            await pieces(watched, 3)
            watched.transport.pause_reading()
            await asyncio.sleep(1.0)
            revoke = LiveViewRevoked(handoff_id="h-police", reason="seat", seat="1")
            await asyncio.to_thread(two_receivers.on_incident, two_receivers.incident_id, revoke)
            began_s = time.monotonic()
            await asyncio.to_thread(wait, lambda: two_receivers.events("LiveViewClosed"))
            assert time.monotonic() - began_s < 4.0  # half a second to see it, one to try to say it, half to write it
            watched.transport.abort()

    asyncio.run(act())
    (closed,) = two_receivers.events("LiveViewClosed")
    assert closed.payload_as(LiveViewClosed).reason == "revoked"


def test_each_view_is_on_record_with_who_where_and_which_camera(two_receivers: Any, wait: Wait) -> None:
    assert outcome(two_receivers, "GN-0001", token_of(two_receivers, "h-police")) == "shown"
    (opened,) = two_receivers.events("LiveViewOpened")
    payload = opened.payload_as(LiveViewOpened)
    assert opened.stream == f"incident/{two_receivers.incident_id}"
    assert (payload.handoff_id, payload.camera_id, payload.remote) == ("h-police", "GN-0001", "127.0.0.1")
    assert (payload.agency_kind, payload.agency_name) == (AgencyKind.POLICE, "은행지구대")
    two_receivers.end()
    (closed,) = two_receivers.events("LiveViewClosed")
    assert closed.payload_as(LiveViewClosed).view_id == payload.view_id


def test_a_view_that_a_kill_left_open_is_closed_by_the_next_gateway(two_receivers: Any, wait: Wait) -> None:
    import signal

    assert outcome(two_receivers, "GN-0001", token_of(two_receivers, "h-police")) == "shown"
    two_receivers.end(signal.SIGKILL)
    assert two_receivers.events("LiveViewClosed") == []
    two_receivers.start()
    closed = wait(lambda: two_receivers.events("LiveViewClosed"))
    payload = closed[0].payload_as(LiveViewClosed)
    assert (payload.reason, payload.watched_s) == ("restarted", None)


def test_a_viewer_that_reconnects_again_and_again_floods_no_journal(two_receivers: Any) -> None:
    token = token_of(two_receivers, "h-police")
    for _ in range(12):
        assert outcome(two_receivers, "GN-0001", token) == "shown"
    two_receivers.end()
    opened = two_receivers.events("LiveViewOpened")
    assert len(opened) <= 3  # two may overlap when one comes before the gateway saw the other go
    closed = [event.payload_as(LiveViewClosed) for event in two_receivers.events("LiveViewClosed")]
    assert (len(closed), sum(view.connections for view in closed)) == (len(opened), 12)


def test_viewers_are_counted_and_bounded_per_receiver(two_receivers: Any) -> None:
    police, fire = token_of(two_receivers, "h-police"), token_of(two_receivers, "h-fire")

    async def act() -> None:
        opened = [await connected(two_receivers, "GN-0001", police) for _ in range(MOST_OF_ONE_RECEIVER)]
        try:
            for each in opened:
                await pieces(each, 2)
            figures = await asyncio.to_thread(lambda: two_receivers.get("/health").json()["live"])
            assert figures["per_camera"] == {"GN-0001": MOST_OF_ONE_RECEIVER}
            assert await asyncio.to_thread(outcome, two_receivers, "GN-0001", police) == 1013
            assert await asyncio.to_thread(outcome, two_receivers, "GN-0002", fire) == "shown"  # nobody else pays
        finally:
            for each in opened:
                each.transport.abort()

    asyncio.run(act())
    assert two_receivers.get("/health").json()["live"]["refused"] == 1


def test_a_codec_that_no_browser_plays_is_told_by_name_and_converted_on_request(two_receivers: Any, wait: Wait) -> None:
    two_receivers.hand_off(two_receivers.incident_id, "h-mjpeg", camera_ids=("GN-MJPEG",))
    token = token_of(two_receivers, "h-mjpeg")
    wait(lambda: outcome(two_receivers, "GN-MJPEG", token) != 4401)

    async def act(query: str) -> tuple[list[Any], int]:
        got: list[Any] = []
        async with connected(two_receivers, "GN-MJPEG", token, query) as opened:
            try:
                got += await pieces(opened, 2)
            except ConnectionClosed as closed:
                return got or [None], closed.rcvd.code if closed.rcvd else 0
        return got, 0

    async def told() -> dict[str, Any]:
        async with connected(two_receivers, "GN-MJPEG", token) as opened:
            return json.loads((await pieces(opened, 1))[0])

    words = asyncio.run(told())
    assert (words["error"], words["codec"]) == ("live_not_playable", "mjpeg")
    assert "mjpeg" in words["ko"] and "mjpeg" in words["en"]
    assert asyncio.run(act(""))[1] == 4415
    assert asyncio.run(act("?codec=h264"))[0][1] == b"init GN-MJPEG"


def test_a_private_cameras_view_ends_when_it_is_locked(gateway: Any, wait: Wait) -> None:
    gateway.start()
    incident_id = gateway.open_incident()
    gateway.unlock(incident_id)
    gateway.hand_off(incident_id, "h-1", camera_ids=("PV-0001",))
    token = token_of(gateway, "h-1")
    assert wait(lambda: outcome(gateway, "PV-0001", token) == "shown")

    async def act() -> int:
        async with connected(gateway, "PV-0001", token) as opened:
            await pieces(opened, 3)
            locked = PrivateCamerasLocked(camera_ids=("PV-0001",), reason="closed")
            await asyncio.to_thread(gateway.on_incident, incident_id, locked)
            with pytest.raises(ConnectionClosed) as closed:
                async with asyncio.timeout(15):
                    while True:
                        await opened.recv()
            assert closed.value.rcvd is not None
            return closed.value.rcvd.code

    assert asyncio.run(act()) == 4403


@pytest.mark.alone
def test_half_open_sockets_do_not_hold_the_others_up(two_receivers: Any) -> None:
    token = token_of(two_receivers, "h-police")
    host, _, port = two_receivers.addresses["http"].removeprefix("http://").rpartition(":")
    silent = [socket.create_connection((host, int(port)), 10) for _ in range(700)]
    try:
        began_s = time.monotonic()
        assert outcome(two_receivers, "GN-0001", token) == "shown"
        assert two_receivers.get("/health").status_code == 200
        assert time.monotonic() - began_s < 5.0
    finally:
        for each in silent:
            each.close()
