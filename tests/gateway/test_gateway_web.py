"""What comes in over HTTP: receipts with their tokens, ring clips for the console, live views for receivers."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import websockets
from websockets.exceptions import ConnectionClosed

from smartcity_console.clock import SystemClock
from smartcity_console.model.events import (
    HandoffAccepted,
    HandoffEnded,
    HandoffOnScene,
    HandoffUnitsSent,
    IncidentClosed,
    MessageFromDesk,
    UnitPositions,
)

Wait = Callable[..., Any]
LIVE = "smartcity.live.v1"


def receipt(stage: str, receipt_id: str = "r-1", **more: Any) -> dict[str, Any]:
    return {"receipt_id": receipt_id, "handoff_id": "handoff-1", "stage": stage, "by": "상황실 김"} | more


def send(gateway: Any, body: dict[str, Any], token: str | None = None) -> httpx.Response:
    token = gateway.notice["receipts"]["token"] if token is None else token
    reply: httpx.Response = gateway.post("/receipts", json=body, headers={"Authorization": f"Bearer {token}"})
    return reply


def test_receipts_become_events_once(handed_off: Any) -> None:
    at = SystemClock().now()
    assert send(handed_off, receipt("accepted", at=at.isoformat())).json() == {"receipt_id": "r-1", "stored": True}
    assert send(handed_off, receipt("accepted")).json() == {"receipt_id": "r-1", "stored": False}
    units = receipt("units_sent", "r-2", units=["순31", "순32"], eta_min=4)
    assert send(handed_off, units).status_code == 200
    (accepted,) = handed_off.events("HandoffAccepted")
    assert accepted.payload_as(HandoffAccepted).by == "상황실 김"
    assert accepted.payload_as(HandoffAccepted).reported_at == at
    assert accepted.actor == "desk/police"
    (sent,) = handed_off.events("HandoffUnitsSent")
    assert sent.payload_as(HandoffUnitsSent).units == ("순31", "순32")
    assert sent.stream == f"incident/{handed_off.incident_id}"


def test_arrival_messages_places_and_the_end_become_events_once(handed_off: Any) -> None:
    at = SystemClock().now().isoformat()
    place = {"unit": "순31", "lon_deg": 127.02, "lat_deg": 37.49, "at": at}
    told = [
        receipt("on_scene", "r-1", units=["순31"]),
        receipt("message", "r-2", text="정문 잠김 <b>"),
        receipt("positions", "r-3", positions=[place]),
        receipt("closed", "r-4", outcome="arrested", note="1명"),
    ]
    for body in told * 2:
        assert send(handed_off, body).status_code == 200
    (arrived,) = handed_off.events("HandoffOnScene")
    assert arrived.payload_as(HandoffOnScene).units == ("순31",)
    (message,) = handed_off.events("MessageFromDesk")
    assert (message.payload_as(MessageFromDesk).by, message.payload_as(MessageFromDesk).text) == (
        "상황실 김",
        "정문 잠김 <b>",
    )
    (moved,) = handed_off.events("UnitPositions")
    assert moved.payload_as(UnitPositions).positions[0].lat_deg == 37.49
    (ended,) = handed_off.events("HandoffEnded")
    assert (ended.payload_as(HandoffEnded).outcome, ended.payload_as(HandoffEnded).note) == ("arrested", "1명")


@pytest.mark.parametrize(
    "wrong", [{"lon_deg": 181.0}, {"lat_deg": "north"}, {"at": "2026-11-23T05:00:00"}, {"unit": ""}]
)
def test_a_place_that_is_none_is_refused(serving: Any, wrong: dict[str, Any]) -> None:
    place = {"unit": "순31", "lon_deg": 127.02, "lat_deg": 37.49, "at": SystemClock().now().isoformat()} | wrong
    assert send(serving, receipt("positions", "r-p", positions=[place])).status_code == 422
    assert serving.events("UnitPositions") == []


def test_a_desk_gone_wild_is_held_off_and_heard_again(handed_off: Any, wait: Wait) -> None:
    token = {"Authorization": f"Bearer {handed_off.notice['receipts']['token']}"}
    with httpx.Client(base_url=handed_off.addresses["http"], trust_env=False, timeout=20, headers=token) as client:

        def say(number: int) -> int:
            body = receipt("message", f"r-{number}", text="…")
            status: int = client.post("/receipts", json=body).status_code
            return status

        answers = [say(number) for number in range(80)]
        assert 429 in answers
        assert len(handed_off.events("MessageFromDesk")) == answers.count(200)
        wait(lambda: say(200) == 200)


def test_receipts_are_known_across_a_kill(handed_off: Any) -> None:
    send(handed_off, receipt("opened"))
    handed_off.end(signal.SIGKILL)
    handed_off.start()
    assert send(handed_off, receipt("opened")).json()["stored"] is False  # the old token still holds
    assert len(handed_off.events("HandoffOpened")) == 1


def test_a_receipt_needs_its_own_handoffs_token(serving: Any) -> None:
    live_token = serving.notice["live"]["token"]
    for wrong in ("-", "nonsense", live_token, "handoff-2." + live_token.partition(".")[2]):
        assert send(serving, receipt("opened"), wrong).status_code == 401
    assert send(serving, receipt("opened") | {"handoff_id": "handoff-2"}).status_code == 403
    assert serving.events("HandoffOpened") == []


def test_what_is_no_receipt_is_refused(serving: Any) -> None:
    nameless, crowded = receipt("opened", receipt_id=""), receipt("units_sent", units=["x"] * 51)
    for body in ({}, receipt("exploded"), nameless, crowded):
        assert send(serving, body).status_code == 422
    assert serving.events("HandoffOpened", "HandoffUnitsSent") == []


def test_a_body_beyond_the_bound_is_refused(serving: Any) -> None:
    assert send(serving, receipt("refused", reason="x" * 100_000)).status_code == 413


def test_the_ring_is_for_this_workspaces_console(serving: Any) -> None:
    token = {"Authorization": f"Bearer {serving.secret('gateway-console')}"}
    now = SystemClock().now()
    span = {"start": (now - timedelta(seconds=30)).isoformat(), "end": now.isoformat()}
    clip = "/ring/GN-0001/clip.mp4"
    assert serving.get(clip, params=span).status_code == 401
    assert serving.get(clip, params=span, headers={"Authorization": "Bearer no"}).status_code == 401
    reply = serving.get(clip, params=span, headers=token)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "video/mp4")
    assert reply.content.startswith(b"clip of GN-0001")
    assert len(serving.get("/ring/GN-0001/spans", headers=token).json()["spans"]) == 1
    for wrong in ({}, {"start": span["end"], "end": span["start"]}, {"start": "2026-01-01T00:00:00", "end": "x"}):
        assert serving.get(clip, params=wrong, headers=token).status_code == 422
    nothing = serving.get("/ring/GN-NONE/clip.mp4", params=span, headers=token)
    assert (nothing.status_code, nothing.json()["code"]) == (503, "unknown_camera")


def test_a_private_camera_is_shown_only_while_unlocked(gateway: Any) -> None:
    gateway.start()
    token = {"Authorization": f"Bearer {gateway.secret('gateway-console')}"}
    now = SystemClock().now()
    span = {"start": (now - timedelta(seconds=30)).isoformat(), "end": now.isoformat()}
    incident_id = gateway.open_incident()
    assert gateway.get("/ring/PV-0001/clip.mp4", params=span, headers=token).status_code == 403
    gateway.unlock(incident_id)
    reply = gateway.get("/ring/PV-0001/clip.mp4", params=span, headers=token)  # right after the act
    assert reply.status_code == 200


async def watch(gateway: Any, camera_id: str, token: str, pieces: int = 3) -> list[str | bytes]:
    """Return the first pieces of a live view. Raises ConnectionClosed with the refusal's code."""
    url = f"{gateway.notice['live']['url']}/{camera_id}"
    async with websockets.connect(url, subprotocols=[LIVE, f"token.{token}"], proxy=None) as socket:  # type: ignore[list-item]
        assert socket.subprotocol == LIVE
        async with asyncio.timeout(30):
            return [await socket.recv() for _ in range(pieces)]


def refusal(gateway: Any, camera_id: str, token: str) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        asyncio.run(watch(gateway, camera_id, token))
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def test_a_receiver_watches_live(serving: Any) -> None:
    pieces = asyncio.run(watch(serving, "GN-0001", serving.notice["live"]["token"], 4))
    begin = json.loads(pieces[0])
    assert begin["mime"] == 'video/mp4; codecs="avc1.42E01E"'
    assert abs(SystemClock().now() - datetime.fromisoformat(begin["now"])) < timedelta(seconds=20)
    assert pieces[1:] == [b"init GN-0001", b"fragment 0", b"fragment 1"]


def test_live_views_are_refused_by_code(serving: Any) -> None:
    token = serving.notice["live"]["token"]
    assert refusal(serving, "GN-0001", "") == 4401
    assert refusal(serving, "GN-0001", serving.notice["receipts"]["token"]) == 4401
    assert refusal(serving, "GN-0002", token) == 4403


def test_a_live_view_outlives_a_kill_and_ends_with_its_time(gateway: Any, desk: Any, wait: Wait) -> None:
    gateway.start()
    until = SystemClock().now() + timedelta(seconds=4)
    gateway.hand_off(gateway.open_incident(), live_until=until, camera_ids=("GN-0001",))
    wait(lambda: desk.notices)
    gateway.notice = desk.notices["handoff-1"]
    token = gateway.notice["live"]["token"]
    gateway.end(signal.SIGKILL)
    gateway.start()
    with pytest.raises(ConnectionClosed) as closed:
        asyncio.run(watch(gateway, "GN-0001", token, 1_000_000))
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401
    assert SystemClock().now() >= until


def test_a_private_camera_is_not_shown_live_after_it_closed(handed_off: Any, wait: Wait) -> None:
    token = handed_off.notice["live"]["token"]
    assert asyncio.run(watch(handed_off, "PV-0001", token, 2))[1] == b"init PV-0001"
    handed_off.on_incident(handed_off.incident_id, IncidentClosed(outcome="끝", seat="1"))
    wait(lambda: handed_off.events("PrivateCamerasLocked"))
    assert refusal(handed_off, "PV-0001", token) == 4403


def test_nothing_secret_reaches_journal_or_output(handed_off: Any) -> None:
    asyncio.run(watch(handed_off, "GN-0001", handed_off.notice["live"]["token"]))
    send(handed_off, receipt("opened"))
    secrets = [handed_off.secret(name) for name in ("gateway-handoffs", "gateway-console", "desk-police")]
    secrets += [handed_off.notice["live"]["token"], handed_off.notice["receipts"]["token"]]
    journal = "".join(event.data.decode() for event in handed_off.events())
    assert not [s for s in secrets if s in journal]
    assert all(path.stat().st_mode & 0o077 == 0 for path in (handed_off.path / "secrets").iterdir())
    process = handed_off.process
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=20)
    handed_off.process = None
    assert not [s for s in secrets if s in output + errors]
