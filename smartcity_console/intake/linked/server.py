"""The receiver of the linked services: messages in, commits awaited, code 0 or 1 out in the order of the messages."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import socket
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.intake.inbox import Inbox
from smartcity_console.intake.linked.alerts import Reader
from smartcity_console.intake.linked.errors import LinkedRefused
from smartcity_console.intake.linked.framer import LinkedFramer
from smartcity_console.intake.linked.message import LOGIN, VEHICLES, Header, Message, encode_message, parse_message
from smartcity_console.intake.linked.peers import Peers
from smartcity_console.intake.linked.services import service_of
from smartcity_console.intake.linked.taken import TakenMessages
from smartcity_console.model.errors import ConsoleError
from smartcity_console.settings import Settings

PROTOCOL = "linked"
OK, REFUSED = "0", "1"
_READ_BYTES = 64 * 1024
_QUIET_S = 1.0  # after which a message that ends with `;` counts as whole, whatever its length says
_WRITE_LIMIT_S = 10.0
_REFUSALS_RECORDED = 20  # of one connection: garbage must not fill the journal
_log = logging.getLogger(__name__)
Allowed = Callable[[str, str, str], bool]


def anywhere(_account: str, _address: str, _firm_id: str) -> bool:
    return True


class Counters(msgspec.Struct):
    """What the receiver did since it started."""

    connections: int = 0
    connections_refused: int = 0
    messages: int = 0
    accepted: int = 0
    refused: int = 0
    unanswered: int = 0  # the commit failed: the sender must send again
    idle_closed: int = 0
    vehicles: int = 0
    garbage_bytes: int = 0


class LinkedServer:
    """Owns the listening socket and every connection it accepts."""

    name = PROTOCOL

    def __init__(
        self,
        inbox: Inbox,
        sock: socket.socket,
        reader: Reader,
        peers: Peers,
        settings: Settings,
        clock: Clock,
        *,
        allowed: Allowed = anywhere,
        taken: TakenMessages | None = None,
    ) -> None:
        """`allowed(account, address, firm_id)`: whether an account may be reported from there; `taken`: what the journal
        holds already."""
        self.allowed, self.taken = allowed, taken if taken is not None else TakenMessages()
        self.inbox, self.reader, self.peers, self.clock = inbox, reader, peers, clock
        self.max_bytes = settings.whole("intake.linked.max_bytes")
        self.idle_s = settings.number("intake.idle_s")
        self._most_connections = settings.whole("intake.linked.max_connections")
        self._sock = sock
        self.counters = Counters()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self._ending = False

    async def start(self) -> None:
        """Accept connections."""
        self._server = await asyncio.start_server(self._accept, sock=self._sock, limit=_READ_BYTES)

    async def stop(self) -> None:
        """Accept no more and end every connection. What was not committed was not answered."""
        self._ending = True
        if self._server is not None:
            self._server.close()
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def figures(self) -> Mapping[str, Any]:
        """Return the counters."""
        return dict(msgspec.to_builtins(self.counters))

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._ending or len(self._open) >= self._most_connections:
            self.counters.connections_refused += 1
            writer.transport.abort()
            return
        self.counters.connections += 1
        task = asyncio.create_task(_Connection(self, reader, writer).run())
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        task.add_done_callback(lambda _: writer.close())  # a task cancelled before its first step closes nothing itself


class _Connection:
    """One linked system. Messages are handled one after the other: these services send few, and order matters."""

    def __init__(self, server: LinkedServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._framer = LinkedFramer(server.max_bytes)
        self._address = str((writer.get_extra_info("peername") or ("",))[0])
        self._logged_in: set[str] = set()
        self._refusals = 0

    async def run(self) -> None:
        """Serve until the sender closes, is silent for too long, or sends what can be no message."""
        try:
            await self._read()
        except TimeoutError:
            self._server.counters.idle_closed += 1
        except LinkedRefused as error:
            self._refuse("", error.reason)
        except OSError as error:
            _log.info("linked connection ended: %s", type(error).__name__)
        finally:
            self._server.counters.garbage_bytes += self._framer.garbage_bytes
            self._writer.close()
            with contextlib.suppress(OSError):
                await self._writer.wait_closed()

    async def _read(self) -> None:
        silent_s = 0.0
        while silent_s < self._server.idle_s:
            try:
                async with asyncio.timeout(_QUIET_S):
                    piece = await self._reader.read(_READ_BYTES)
            except TimeoutError:
                silent_s += _QUIET_S
                await self._take(self._framer.flush())
                continue
            if not piece:
                return await self._take(self._framer.flush())
            silent_s = 0.0
            await self._take(self._framer.feed(piece))
        raise TimeoutError

    async def _take(self, messages: Iterable[bytes]) -> None:
        for raw in messages:
            self._server.counters.messages += 1
            reply = await self._answer(raw)
            if reply:
                self._writer.write(reply)
                async with asyncio.timeout(_WRITE_LIMIT_S):
                    await self._writer.drain()

    async def _answer(self, raw: bytes) -> bytes:
        """Return the reply to one message; b"" when it could not be stored: silence makes the sender send again."""
        message: Message | None = None
        try:
            message = parse_message(raw)
            await self._handle(message, raw)
        except LinkedRefused as error:
            self._refuse(message.header.sender if message else "", error.reason)
            return self._reply(message, REFUSED, error.reason)
        except ConsoleError:  # told by the inbox, once for as long as it lasts
            self._server.counters.unanswered += 1
            return b""
        self._server.counters.accepted += 1
        return self._reply(message, OK, "")

    async def _handle(self, message: Message, raw: bytes) -> None:
        server, header = self._server, message.header
        if not server.peers.may_speak(header.sender, self._address):
            raise LinkedRefused("this system may not speak from here")
        if header.type == LOGIN:
            return self._log_in(message)
        if server.peers.needs_login(header.sender) and header.sender not in self._logged_in:
            raise LinkedRefused("a login is needed first")
        if header.type == VEHICLES:
            server.counters.vehicles += 1  # acknowledged; positions of vehicles are shown from part 5 on
            return None
        digest = hashlib.sha256(raw).hexdigest()
        if server.inbox.is_stored(digest) or digest in server.taken:
            return None
        service, now = service_of(message), server.clock.now()
        server.taken.check_time(header.sent_at, now)
        arrival = await asyncio.to_thread(server.reader.read, service, message, raw, now)
        alert = arrival.alert
        if not server.allowed(alert.account, self._address, alert.firm_id or ""):
            raise LinkedRefused("its account may not be reported from this address")
        await server.inbox.put_alerts(alert.account, digest, [arrival])
        server.taken.add(digest, now)
        return None

    def _log_in(self, message: Message) -> None:
        code, peers = message.header.sender, self._server.peers
        key = message.fields[-1] if message.fields else ""
        if peers.needs_login(code) and not peers.accepts_login(code, key):
            raise LinkedRefused("the login is not known")
        self._logged_in.add(code)

    def _reply(self, message: Message | None, code: str, text: str) -> bytes:
        """Return code and text under the message's own header, sender and receiver exchanged."""
        now = self._server.clock.now()
        of = message.header if message else Header(LOGIN, LOGIN, now, "", "UCP", now)
        head = Header(of.type, of.state, of.state_at, of.receiver or "UCP", of.sender, now)
        return encode_message(head, (code, text) if text else (code,))

    def _refuse(self, code: str, reason: str) -> None:
        self._server.counters.refused += 1
        self._refusals += 1
        if self._refusals <= _REFUSALS_RECORDED:
            self._server.inbox.put_refusal(code, PROTOCOL, reason)
