"""uvicorn inside the gateway's own event loop: no signal handlers of its own, no access log, a bounded shutdown."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_LIMIT_S = 10.0
MOST_CONNECTIONS = 512


class HastyProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection whose next request is not there in time: a slow-loris holds nothing up."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

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
        await self.serve(sockets=[sock])
