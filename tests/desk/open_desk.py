"""A desk in the test's own process, without a browser."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from smartcity_console.clock import SystemClock
from smartcity_console.desk.app import DeskParts, desk_app
from smartcity_console.desk.inbox import Inbox
from smartcity_console.desk.receipts import ReceiptSender
from smartcity_console.desk.store import DeskStore
from smartcity_console.handoff.pacing import Pacing
from smartcity_console.journal import SqliteJournal
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind

BEARER = {"Authorization": "Bearer desk-token"}
PAGE = {"X-Desk-Request": "1", "Origin": "http://desk"}
URL = "http://desk"


class Desk:
    """A desk in this process, spoken to over ASGI."""

    def __init__(self, directory: Path, **changes: object) -> None:
        self.clock = SystemClock()
        self.store = DeskStore(directory, self.clock)
        self.gateway = httpx.AsyncClient(trust_env=False)
        self.receipts = ReceiptSender(self.store, self.gateway, Pacing(0.02, 0.05), 5.0)
        trusted = changes.pop("trusted", ())
        values = {
            "agency": AgencyKind.POLICE,
            "receiver": "112",
            "token": "desk-token",
            "store": self.store,
            "sender": self.receipts,
            "inbox": Inbox(self.store, trusted),  # type: ignore[arg-type]
            "clock": self.clock,
            "closing": asyncio.Event(),
        }
        parts = DeskParts(**(values | changes))  # type: ignore[arg-type]
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(desk_app(parts)), base_url=URL)

    async def give(self, notice: bytes, **headers: str) -> httpx.Response:
        return await self.http.post("/api/handoffs", content=notice, headers=BEARER | headers)

    async def put(self, body: bytes, sha256: str, handoff_id: str = "handoff-1") -> httpx.Response:
        headers = BEARER | {"X-Content-SHA256": sha256}
        return await self.http.put(f"/api/handoffs/{handoff_id}/package", content=body, headers=headers)

    async def act(self, name: str, handoff_id: str = "handoff-1", **body: object) -> httpx.Response:
        content = json.dumps({"by": "김순경"} | body)
        return await self.http.post(f"/page/handoffs/{handoff_id}/{name}", content=content, headers=PAGE)


@asynccontextmanager
async def open_desk(directory: Path, **changes: object):
    desk = Desk(directory, **changes)
    try:
        yield desk
    finally:
        await desk.http.aclose()
        await desk.gateway.aclose()
        desk.store.close()


def with_desk(directory: Path, work: Callable[[Desk], Awaitable[None]], **changes: object) -> None:
    async def run() -> None:
        async with open_desk(directory, **changes) as desk:
            await work(desk)

    asyncio.run(run())


def stored(directory: Path) -> list[ev.Event]:
    journal = SqliteJournal(directory / "journal.sqlite", SystemClock())
    try:
        return journal.read()
    finally:
        journal.close()
