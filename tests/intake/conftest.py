"""A receiver on a free port over a real journal, and a small register: what the intake's tests share."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from smartcity_console.clock import Clock, SystemClock
from smartcity_console.intake.dc09 import Frame, encode_frame, seal_frame
from smartcity_console.intake.dc09.siadcs import sia_data
from smartcity_console.intake.inbox import Inbox, make_rules, stopped
from smartcity_console.intake.registry import Register
from smartcity_console.intake.server import Dc09Server
from smartcity_console.journal import Follower, GroupCommitter, SqliteJournal
from smartcity_console.model.events import Event
from smartcity_console.model.geo import Position
from smartcity_console.model.ids import new_id
from smartcity_console.model.site import Firm, Sensor, Site, Zone
from smartcity_console.runtime import bind_tcp, bind_udp
from smartcity_console.settings import Settings

SHOP = Site(
    id="site-gaonmart",
    name="가온마트 은행로점",
    category="convenience",
    address="가온시 은행동 은행로 85",
    position=Position(126.978, 37.566),
    firm_id="s1",
    account="1701",
    zones=(Zone("3", "뒷문 열선감지", Sensor.MOTION), Zone("9", "계산대 비상벨", Sensor.PANIC)),
    camera_ids=("PV-0001",),
)
FIRM = Firm("s1", "에스원", "S-1")


class Receiver:
    """A running receiver with everything behind it, and eyes on its journal."""

    def __init__(self, server: Dc09Server, inbox: Inbox, path: Path, port: int, udp_port: int) -> None:
        self.server, self.inbox, self.path, self.port, self.udp_port = server, inbox, path, port, udp_port

    def events(self, *types: str) -> list[Event]:
        """Return the journal's events, of the types named or all."""
        follower = Follower(self.path)
        found = follower.wait(0)
        follower.close()
        return [event for event in found if not types or event.type in types]

    async def ask(self, *pieces: bytes, answers: int = 1) -> list[bytes]:
        """Send pieces on one connection and return so many answers."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            return [await asyncio.wait_for(reader.readuntil(b"\r"), 10) for _ in range(answers)]
        finally:
            writer.close()
            await writer.wait_closed()

    async def ask_by_udp(self, *datagrams: bytes, answers: int = 1) -> list[bytes]:
        """Send datagrams from one port and return so many answers."""
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.connect(("127.0.0.1", self.udp_port))
            for datagram in datagrams:
                await loop.sock_sendall(sock, datagram)
            return [await asyncio.wait_for(loop.sock_recv(sock, 4096), 10) for _ in range(answers)]


MakeReceiver = Callable[..., AbstractAsyncContextManager[Receiver]]


@pytest.fixture
def register() -> Register:
    return Register({"1701": SHOP}.get, {"s1": FIRM}.get)


@pytest.fixture
def receiver(tmp_path: Path, register: Register) -> MakeReceiver:
    """Return what runs a receiver; `wrap` may put something between it and the journal."""

    @asynccontextmanager
    async def run(
        clock: Clock | None = None,
        settings: Mapping[str, object] | None = None,
        wrap: Callable[[GroupCommitter], Any] = lambda committer: committer,
        keys: Mapping[str, bytes] | None = None,
        allowed: Callable[[str, str], bool] = lambda _account, _address: True,
    ) -> AsyncIterator[Receiver]:
        clock = clock or SystemClock()
        path = tmp_path / "journal.sqlite"
        values = Settings().replaced(settings or {})
        committer = GroupCommitter(lambda: SqliteJournal(path, clock))
        follower = Follower(path)
        rules = make_rules(values.number("intake.join_s"), lambda: new_id("inc", clock.now(), os.urandom))
        inbox = Inbox(
            wrap(committer).submit,
            lambda: follower.wait(0),
            register,
            rules,
            clock,
            skip_to=follower.skip_to,
            has_new=follower.has_new,
        )
        await inbox.load()
        running = asyncio.create_task(inbox.run())
        sock = bind_tcp("127.0.0.1", 0, "DC-09", "intake.dc09.port")
        udp = bind_udp("127.0.0.1", 0, "DC-09", "intake.dc09_udp.port")
        server = Dc09Server(inbox, sock, values, clock, udp=udp, key_of=dict(keys or {}).get, allowed=allowed)
        await server.start()
        try:
            yield Receiver(server, inbox, path, sock.getsockname()[1], udp.getsockname()[1])
        finally:
            await server.stop()
            await stopped(running)
            follower.close()
            committer.close()

    return run


@pytest.fixture
def sia() -> Callable[..., bytes]:
    """Return what makes the bytes of a SIA-DCS frame."""

    def make(code: str, zone: str = "3", account: str = "1701", sequence: int = 1, **more: Any) -> bytes:
        data = sia_data(account, code, zone, text=more.pop("text", ""))
        return encode_frame(
            Frame(id="SIA-DCS", sequence=f"{sequence:04d}", account=account, line="0", data=data, **more)
        )

    return make


@pytest.fixture
def sealed() -> Callable[..., bytes]:
    """Return what makes the bytes of an encrypted SIA-DCS frame."""

    def make(code: str, key: bytes, at: datetime, zone: str = "3", account: str = "1701", **more: Any) -> bytes:
        data = sia_data(more.pop("of", account), code, zone, text=more.pop("text", ""))
        frame = Frame(
            id=more.pop("id", "SIA-DCS"),
            sequence=f"{more.pop('sequence', 1):04d}",
            account=account,
            line="0",
            data=more.pop("data", data),
            timestamp=at,
            **more,
        )
        return seal_frame(frame, key)

    return make
