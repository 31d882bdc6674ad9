"""Arrivals, messages, recalls and follow-ups: what the centre and the desk tell each other after the hand-off."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from smartcity_console.clock import SystemClock
from tests.desk.open_desk import BEARER, Desk, stored, with_desk


def update(
    kind: str = "message", update_id: str = "up-1", text: str = "남쪽으로 이동", **more: object
) -> dict[str, object]:
    told = {"handoff_id": "handoff-1", "update_id": update_id, "kind": kind, "text": text, "sent_by": "센터 · 3"}
    return told | {"sent_at": SystemClock().now().isoformat()} | more


async def tell(desk: Desk, told: dict[str, object], handoff_id: str = "handoff-1", **headers: str) -> httpx.Response:
    path = f"/api/handoffs/{handoff_id}/updates"
    return await desk.http.post(path, content=json.dumps(told), headers=BEARER | headers)


def test_arrival_messages_places_and_the_end_go_to_the_centre_in_order(home: Path, sender, gateway) -> None:
    async def work(desk: Desk) -> None:
        await desk.give(sender.notice())
        assert (await desk.act("on_scene")).status_code == 409
        await desk.act("accepted")
        await desk.act("units_sent", units=["순21"])
        assert (await desk.act("on_scene", units=["순21"])).status_code == 200
        assert (await desk.act("on_scene", units=["순21"])).status_code == 200  # told once
        assert (await desk.act("message", text="정문 잠김")).status_code == 200
        place = {"unit": "순21", "lon_deg": 127.02, "lat_deg": 37.49}
        assert (await desk.act("positions", positions=[place])).status_code == 200
        assert (await desk.act("positions", positions=[place])).status_code == 429
        assert (await desk.act("closed", outcome="arrested", note="1명")).json()["stage"] == "closed"
        assert (await desk.act("closed", outcome="arrested")).status_code == 200
        assert (await desk.act("units_sent", units=["순22"])).status_code == 409
        assert await desk.receipts.send_waiting()
        detail = (await desk.http.get("/page/handoffs/handoff-1")).json()
        assert detail["units"] == [{"unit": "순21", "place": detail["units"][0]["place"]}]
        assert detail["units"][0]["place"]["lon_deg"] == 127.02

    with_desk(home, work)
    stages = ["accepted", "units_sent", "on_scene", "message", "positions", "closed"]
    assert [told["stage"] for told in gateway.receipts] == stages
    assert gateway.receipts[3]["text"] == "정문 잠김"
    assert gateway.receipts[5]["outcome"] == "arrested"


def test_the_centres_messages_are_taken_once_and_stand_in_their_order(home: Path, sender) -> None:
    async def work(desk: Desk) -> None:
        told = update()
        assert (await tell(desk, told)).status_code == 404
        await desk.give(sender.notice())
        assert (await tell(desk, told)).status_code == 201
        assert (await tell(desk, told)).status_code == 200
        assert (await tell(desk, told | {"text": "북쪽"})).status_code == 409
        await desk.act("message", text="확인")
        messages = (await desk.http.get("/page/handoffs/handoff-1")).json()["messages"]
        assert [(m["ours"], m["text"]) for m in messages] == [(False, "남쪽으로 이동"), (True, "확인")]

    with_desk(home, work)


@pytest.mark.parametrize(
    "change",
    [{"kind": "explode"}, {"handoff_id": "handoff-2"}, {"update_id": "../x"}, {"sent_at": "2026-11-23T05:00:00"}],
)
def test_an_update_that_makes_no_sense_is_refused(home: Path, sender, change: dict[str, object]) -> None:
    async def work(desk: Desk) -> None:
        await desk.give(sender.notice())
        assert (await tell(desk, update() | change)).status_code == 422
        assert (await tell(desk, update(), Authorization="Bearer wrong")).status_code == 401

    with_desk(home, work)
    assert [event.type for event in stored(home)] == ["DeskNoticeReceived"]


def test_a_recall_shuts_the_live_view_and_keeps_what_came(home: Path, sender) -> None:
    async def work(desk: Desk) -> None:
        await desk.give(sender.notice())
        sealed = sender.package()
        await desk.put(sealed.path.read_bytes(), sealed.sha256)
        assert (await desk.http.get("/page/handoffs/handoff-1")).json()["live"] is not None
        assert (await tell(desk, update("recalled", text="false_alarm"))).status_code == 201
        detail = (await desk.http.get("/page/handoffs/handoff-1")).json()
        assert detail["live"] is None
        assert (detail["recall"]["text"], detail["is_recalled"]) == ("false_alarm", True)
        assert detail["clips"] and detail["package"]
        assert (await desk.act("accepted")).status_code == 409
        assert (await desk.act("message", text="알겠습니다")).status_code == 200

    with_desk(home, work)


def test_follow_ups_of_an_incident_stand_together(home: Path, sender) -> None:
    async def work(desk: Desk) -> None:
        first = json.loads(sender.notice(1))
        second = json.loads(sender.notice(2)) | {"follows": "handoff-1"}
        second["incident"]["id"] = first["incident"]["id"]
        for notice in (first, second, json.loads(sender.notice(3))):
            assert (await desk.give(json.dumps(notice).encode())).status_code == 201
        detail = (await desk.http.get("/page/handoffs/handoff-2")).json()
        assert detail["follows"] == "handoff-1"
        assert [other["id"] for other in detail["group"]] == ["handoff-1"]

    with_desk(home, work)
