"""uvicorn inside the gateway's own event loop: no signal handlers of its own, no access log, a bounded shutdown."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette


class EmbeddedServer(uvicorn.Server):
    """Serves on a bound socket until cancelled; the program around it owns the signals."""

    def __init__(self, app: Starlette) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,  # the access log would hold addresses of viewers, and tokens if ever in a URL
                access_log=False,
                lifespan="off",
                ws="websockets-sansio",
                ws_max_size=64 * 1024,  # what a viewer may send; it has nothing to say
                server_header=False,
                timeout_keep_alive=5,
                timeout_graceful_shutdown=1,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def run_on(self, sock: socket.socket) -> None:
        """Serve; a request to stop comes by `should_exit`."""
        await self.serve(sockets=[sock])
