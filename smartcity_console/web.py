"""What every HTTP server of the product has in common: patience with an end, no connection that outlives its server,
and whether an address is this machine."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import sys
import weakref
from typing import Any, ClassVar

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

HEAD_LIMIT_S = 10.0
_CUT_LIMIT_S = 1.0
_UNSENT_BYTES = 64 * 1024  # as without TLS, whose own default is 512 KiB: what was taken back must not linger here
HANDSHAKE_LIMIT_S = 10.0  # uvicorn's own 60 s hold an open file for each connection that says nothing
MOST_SILENT = 128  # connections that have not asked for anything: beyond it the oldest goes
_NOT_STARTED = 3  # uvicorn's own exit code for an application that does not start


class HastyProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection whose next request is not there in time: a slow-loris holds nothing up."""

    _waiting: asyncio.TimerHandle | None = None
    _silent: ClassVar[weakref.WeakKeyDictionary[ServerState, dict[HastyProtocol, None]]] = weakref.WeakKeyDictionary()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.scheme == "https":
            transport.set_write_buffer_limits(high=_UNSENT_BYTES)
        self._watch()
        self._make_room()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()
        if self.cycle is not None or self.transport.get_protocol() is not self:
            self._others().pop(self, None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._others().pop(self, None)
        super().connection_lost(exc)

    def _others(self) -> dict[HastyProtocol, None]:
        """Return this server's connections that have not asked for anything yet, the oldest first."""
        return self._silent.setdefault(self.server_state, {})

    def _make_room(self) -> None:
        """A thousand half-open connections must not keep the next one from being heard."""
        silent = self._others()
        silent[self] = None
        if len(silent) > MOST_SILENT:
            oldest = next(iter(silent))
            del silent[oldest]
            oldest.transport.abort()

    def _watch(self) -> None:
        """Begin to count when a request is waited for; a piece of one does not begin anew."""
        if not self._is_waiting():
            self._stop_waiting()
        elif self._waiting is None:
            self._waiting = self.loop.call_later(HEAD_LIMIT_S, self._too_late)

    def _is_waiting(self) -> bool:
        cycle: Any = self.cycle
        own = self.transport is not None and self.transport.get_protocol() is self  # else it became a WebSocket
        return own and (cycle is None or cycle.response_complete)

    def _too_late(self) -> None:
        self._waiting = None
        if self._is_waiting() and not self.transport.is_closing():
            self.transport.abort()

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


class EndingServer(uvicorn.Server):
    """Leaves no connection open: uvicorn asks only those to end that are there when the stop begins, and lets go of
    them when its grace is over."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End as uvicorn does; then cut off who came meanwhile or did not go."""
        await super().shutdown(sockets)
        for connection in tuple(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CUT_LIMIT_S):
                while self.server_state.connections:  # each leaves in the turn of the loop after its abort
                    await asyncio.sleep(0)


def is_this_machine(host: str) -> bool:
    """Return whether an address to listen on is reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class HastyServer(EndingServer):
    """Serves bound sockets, and closes what is not through its TLS handshake in time."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if self.config.ssl is None or sockets is None:
            return await super().startup(sockets)
        await self.lifespan.startup()
        if self.lifespan.should_exit:
            sys.exit(_NOT_STARTED)
        self.servers = [await self._listen(sock) for sock in sockets]
        self.started = True
        return None

    async def _listen(self, sock: socket.socket) -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(
            self._make_protocol,
            sock=sock,
            ssl=self.config.ssl,
            backlog=self.config.backlog,
            ssl_handshake_timeout=HANDSHAKE_LIMIT_S,
        )

    def _make_protocol(self) -> asyncio.Protocol:
        make: Any = self.config.http_protocol_class
        made: asyncio.Protocol = make(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)
        return made
