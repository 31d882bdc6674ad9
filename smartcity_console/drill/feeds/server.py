"""The RTSP server (RFC 2326): one connection per client, one session per connection."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Mapping, Sequence

from smartcity_console.clock import Clock
from smartcity_console.drill.feeds.mount import Mount
from smartcity_console.drill.feeds.session import Connection

_log = logging.getLogger(__name__)
_MAX_CONNECTIONS = 512


class RtspServer:
    """Serves mounts by camera id. `dropped` counts clients cut off because they read too slowly."""

    def __init__(self, mounts: Sequence[Mount], clock: Clock) -> None:
        self.mounts: Mapping[str, Mount] = {mount.camera_id: mount for mount in mounts}
        self.clock = clock
        self.dropped = 0
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self, sock: socket.socket) -> None:
        """Accept on a listening socket."""
        self._server = await asyncio.start_server(self._serve, sock=sock, limit=16 * 1024)

    async def close(self) -> None:
        """Stop accepting, end all sessions and wait for them."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        for mount in self.mounts.values():
            await mount.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._connections) >= _MAX_CONNECTIONS:
            _log.warning("feeds: %d connections, another one is refused", _MAX_CONNECTIONS)
            writer.transport.abort()
            return
        self._connections.add(task)
        try:
            await Connection(self, reader, writer).run()
        except asyncio.CancelledError:
            pass  # only `close` cancels us, and it waits for this task; streams.py would report a cancelled handler
        finally:
            self._connections.discard(task)
