"""uvicorn inside the gateway's own event loop: no signal handlers of its own, no access log, a bounded shutdown."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

HEAD_LIMIT_S = 10.0
MOST_SILENT = 128  # connections that have not asked for anything: beyond it the oldest goes
_UNSENT_BYTES = 256 * 1024  # what the kernel holds for a slow viewer: what was taken back must not linger there
_STUCK_MS = 15_000  # a peer that acknowledges nothing for so long is gone
MOST_CONNECTIONS = 512


class HastyProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection whose next request is not there in time: a slow-loris holds nothing up."""

    _waiting: asyncio.TimerHandle | None = None
    _silent: ClassVar[weakref.WeakKeyDictionary[ServerState, dict[HastyProtocol, None]]] = weakref.WeakKeyDictionary()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
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


class EmbeddedServer(uvicorn.Server):
    """Serves on a bound socket until cancelled; the program around it owns the signals."""

    def __init__(self, app: Starlette, certificate: Path | None = None, key: Path | None = None) -> None:
        """With a certificate (PEM, with its chain) and its key it serves TLS. Raises OSError when they are unfit."""
        super().__init__(
            uvicorn.Config(
                app,
                http=HastyProtocol,
                log_config=None,  # the access log would hold addresses of viewers, and tokens if ever in a URL
                access_log=False,
                lifespan="off",
                ws="websockets-sansio",
                ws_per_message_deflate=False,  # video does not become smaller, and each viewer would cost its own try
                ws_max_size=64 * 1024,  # what a viewer may send; it has nothing to say
                server_header=False,
                limit_concurrency=MOST_CONNECTIONS,
                timeout_keep_alive=5,
                timeout_graceful_shutdown=1,
                ssl_certfile=str(certificate) if certificate else None,
                ssl_keyfile=str(key) if key else None,
            )
        )
        self.config.load()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def run_on(self, sock: socket.socket) -> None:
        """Serve; a request to stop comes by `should_exit`."""
        _bound_slow_peers(sock)
        await self.serve(sockets=[sock])


def _bound_slow_peers(sock: socket.socket) -> None:
    """Let connections accepted here inherit (Linux) how much may wait unsent and how long a silent peer is believed."""
    for name, value in (("TCP_NOTSENT_LOWAT", _UNSENT_BYTES), ("TCP_USER_TIMEOUT", _STUCK_MS)):
        option = getattr(socket, name, None)
        if option is not None:
            sock.setsockopt(socket.IPPROTO_TCP, option, value)
