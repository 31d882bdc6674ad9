"""The desk as a program of its own: the gateway's channel, news at once, an orderly end, one a workspace."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.handoff.channels import HttpDeskChannel, by_bearer
from smartcity_console.handoff.errors import CredentialRefused, DeliveryRefused
from smartcity_console.model.agency import AgencyKind
from smartcity_console.runtime import AlreadyRunning


def test_the_gateways_channel_and_the_desks_program_understand_each_other(start_desk, sender) -> None:
    desk = start_desk()
    notice, sealed = sender.notice(), sender.package()

    async def deliver() -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            channel = HttpDeskChannel(client, desk.url, by_bearer(desk.token), "112")
            for _ in range(2):
                await channel.deliver_notice("handoff-1", notice)
                assert await channel.deliver_package("handoff-1", sealed.path, sealed.sha256) == "112"
            with pytest.raises(DeliveryRefused, match="HTTP 422 bad_content"):
                await channel.deliver_package("handoff-1", sealed.path, "00" * 32)
            with pytest.raises(CredentialRefused):
                await HttpDeskChannel(client, desk.url, by_bearer("wrong"), "112").deliver_notice("handoff-1", notice)

    asyncio.run(deliver())
    assert [event.type for event in desk.events()] == ["DeskNoticeReceived", "DeskPackageStored"]


def test_a_change_is_told_at_once_and_the_desk_stops_in_order(start_desk, sender) -> None:
    desk = start_desk()
    with (
        httpx.Client(base_url=desk.url, trust_env=False, timeout=10) as client,
        client.stream("GET", "/page/events") as stream,
    ):
        lines = stream.iter_lines()
        assert any(line == "data: hello" for line in lines)
        client.post("/api/handoffs", content=sender.notice(), headers=desk.bearer)
        assert any(line == "data: changed" for line in lines)
        desk.process.terminate()
        assert not any(line.startswith("data: ") for line in lines)  # the answer ends, the server need not cut it
    assert desk.process.wait(10) == 0


def test_a_second_desk_on_one_workspace_is_told_who_is_there(start_desk, tmp_path: Path) -> None:
    from smartcity_console.desk.server import run_desk
    from smartcity_console.settings import Settings

    desk = start_desk()
    with pytest.raises(AlreadyRunning, match=str(desk.process.pid)):
        run_desk(AgencyKind.POLICE, tmp_path / "workspace", Settings(), SystemClock())
