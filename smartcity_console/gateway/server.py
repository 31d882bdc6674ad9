"""uvicorn inside the gateway's own event loop: no signal handlers of its own, no access log, a bounded shutdown."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette

from smartcity_console.web import HastyProtocol, HastyServer

_UNSENT_BYTES = 256 * 1024  # what the kernel holds for a slow viewer: what was taken back must not linger there
_STUCK_MS = 15_000  # a peer that acknowledges nothing for so long is gone
MOST_CONNECTIONS = 512


class EmbeddedServer(HastyServer):
    """Serves on a bound socket until cancelled; the program around it owns the signals."""

    def __init__(self, app: Starlette, tls: ssl.SSLContext | None = None) -> None:
        """`tls`: what it shows (tls.server_context); None: it serves in clear."""
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
                ssl_context_factory=(lambda *_: tls) if tls is not None else None,
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
