"""What officers answer goes to the centre: in order, once, whatever is down meanwhile."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from tests.desk.open_desk import Desk, with_desk


@pytest.mark.logs
def test_receipts_outlive_a_dead_gateway_and_a_restart_in_order(home: Path, sender, gateway) -> None:
    notice = sender.notice()
    gateway.down = True

    async def first_life(desk: Desk) -> None:
        await desk.give(notice)
        await desk.act("opened")
        await desk.act("accepted")
        assert not await desk.receipts.send_waiting()
        listing = (await desk.http.get("/page/handoffs")).json()
        assert (listing["unsent_receipts"], listing["last_failure"]) == (2, "HTTP 503")

    async def second_life(desk: Desk) -> None:
        gateway.down = False
        task = asyncio.create_task(desk.receipts.run())
        await desk.act("units_sent", units=["순21호"], eta_min=3)
        async with asyncio.timeout(10):
            while any(handoff.unsent() for handoff in desk.store.all()):
                await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await desk.receipts.send_waiting()

    with_desk(home, first_life)
    with_desk(home, second_life)
    with_desk(home, expect_quiet)
    assert [r["stage"] for r in gateway.receipts] == ["opened", "accepted", "units_sent"]
    assert len({r["receipt_id"] for r in gateway.receipts}) == 3
    last = gateway.receipts[2]
    assert (last["handoff_id"], last["by"], last["units"], last["eta_min"]) == ("handoff-1", "김순경", ["순21호"], 3.0)


async def expect_quiet(desk: Desk) -> None:
    assert await desk.receipts.send_waiting()


@pytest.mark.logs
def test_one_centre_s_silence_holds_up_no_other(home: Path, sender, gateway) -> None:
    silent = msgspec.json.decode(sender.notice(1))
    silent["receipts"]["url"] = "http://127.0.0.1:9/receipts"
    heard = sender.notice(2)

    async def work(desk: Desk) -> None:
        await desk.give(msgspec.json.encode(silent))
        await desk.give(heard)
        await desk.act("opened", "handoff-1")
        await desk.act("opened", "handoff-2")
        assert not await desk.receipts.send_waiting()

    with_desk(home, work)
    assert [r["handoff_id"] for r in gateway.receipts] == ["handoff-2"]
