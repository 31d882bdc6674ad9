"""The DC-09 receiver: a listening socket, a datagram socket, and every connection between."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
from collections.abc import Mapping
from typing import Any

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.intake.dc09.connection import Dc09Connection
from smartcity_console.intake.dc09.counters import Counters
from smartcity_console.intake.dc09.datagrams import Dc09Datagrams
from smartcity_console.intake.dc09.handler import PROTOCOL, Allowed, Dc09Handler, KeyOf, Limits
from smartcity_console.intake.inbox import Inbox
from smartcity_console.settings import Settings

_SWEEP_S = 1.0
_STRANGER_S = 5.0  # after which a connection that has sent no frame makes room for another, when all places are taken
_WRITE_LIMIT_S = 10.0
_OTHER_FILES = 512
_RECEIVE_BUFFER_BYTES = 4 << 20
_STOP_LIMIT_S = 2.0


def _no_key(_account: str) -> None:
    return None


def _anybody(_account: str, _address: str) -> bool:
    return True


class Dc09Server:
    """Owns the sockets and every connection it accepts."""

    name = PROTOCOL

    def __init__(
        self,
        inbox: Inbox,
        sock: socket.socket,
        settings: Settings,
        clock: Clock,
        *,
        udp: socket.socket | None = None,
        key_of: KeyOf = _no_key,
        allowed: Allowed = _anybody,
    ) -> None:
        """`sock` listens already and `udp` is bound: a port in use is told before anything is written.

        `key_of(account)` gives an account's AES key; `allowed(account, address)` whether it may report from there.
        """
        self.inbox, self.clock, self._sock, self._udp = inbox, clock, sock, udp
        self.max_frame_bytes = settings.whole("intake.max_frame_bytes")
        self.idle_s = settings.number("intake.idle_s")
        self._most_connections = settings.whole("intake.max_connections")
        self.counters = Counters()
        limits = Limits(settings.number("intake.account_rate_s"), settings.number("intake.address_rate_s"))
        self.handler = Dc09Handler(inbox, key_of, allowed, clock, limits, self.counters)
        self._server: asyncio.Server | None = None
        self._datagrams: asyncio.DatagramTransport | None = None
        self._sweeping: asyncio.TimerHandle | None = None
        self._open: set[Dc09Connection] = set()
        self._strangers: dict[Dc09Connection, None] = {}  # oldest first: none of them has sent a whole frame yet
        self._all_gone = asyncio.Event()
        self._ending = False

    async def start(self) -> None:
        """Accept connections and datagrams."""
        _allow_files(self._most_connections + _OTHER_FILES)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Dc09Connection(self), sock=self._sock, backlog=1024)
        if self._udp is not None:
            with contextlib.suppress(OSError):  # a smaller buffer only drops more of a burst, which is sent again
                self._udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
            self._datagrams, _ = await loop.create_datagram_endpoint(lambda: Dc09Datagrams(self), sock=self._udp)
        self._sweeping = loop.call_later(_SWEEP_S, self._sweep)

    def figures(self) -> Mapping[str, Any]:
        """Return the counters, and how many transmitters are connected."""
        return {**msgspec.to_builtins(self.counters), "connected": len(self._open)}

    async def stop(self) -> None:
        """Accept no more and end every connection. What was not committed was not acknowledged."""
        self._ending = True
        if self._server is not None:
            self._server.close()
        if self._sweeping is not None:
            self._sweeping.cancel()
        if self._datagrams is not None:
            self._datagrams.close()
        for connection in tuple(self._open):
            connection.abort()
        if self._open:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_STOP_LIMIT_S):
                    await self._all_gone.wait()

    def admit(self, connection: Dc09Connection) -> bool:
        """Count a new connection in, or refuse it. When all places are taken the longest silent stranger goes."""
        if self._ending:
            return False  # the kernel had accepted it before the stop
        if len(self._open) >= self._most_connections and not self._made_room():
            self.counters.connections_refused += 1
            return False
        self.counters.connections += 1
        self._open.add(connection)
        self._strangers[connection] = None
        self._all_gone.clear()
        return True

    def known(self, connection: Dc09Connection) -> None:
        """Take note that a connection has sent a whole frame."""
        self._strangers.pop(connection, None)

    def gone(self, connection: Dc09Connection) -> None:
        self._open.discard(connection)
        self._strangers.pop(connection, None)
        if not self._open:
            self._all_gone.set()

    def _made_room(self) -> bool:
        oldest = next(iter(self._strangers), None)
        if oldest is None or self.clock.monotonic_s() - oldest.since_s < _STRANGER_S:
            return False
        self.counters.strangers_closed += 1
        self.gone(oldest)
        oldest.abort()
        return True

    def _sweep(self) -> None:
        """Close who is silent or does not take its answers. Dribbling bytes without an end counts as silence."""
        now_s = self.clock.monotonic_s()
        for connection in tuple(self._open):
            if connection.choked_since_s is not None and now_s - connection.choked_since_s > _WRITE_LIMIT_S:
                self.counters.slow_closed += 1
                connection.abort()
            elif now_s - connection.since_s > self.idle_s:
                self.counters.idle_closed += 1
                connection.close()
        self._sweeping = asyncio.get_running_loop().call_later(_SWEEP_S, self._sweep)


def _allow_files(wanted: int) -> None:
    """Raise this process's own limit of open files, as far as the machine lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
