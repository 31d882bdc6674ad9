"""An HTTP server that ends leaves no connection open, whoever is slow to go."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from smartcity_console.web import EndingServer

PATIENCE_S = 20.0


async def endless(_: Request) -> StreamingResponse:
    async def zeros() -> AsyncIterator[bytes]:
        while True:
            yield bytes(1 << 16)

    return StreamingResponse(zeros())


async def end_with_a_reader_that_does_not_read() -> tuple[int, bytes]:
    """Return how many connections the server still holds after its end, and how the client saw it."""
    app = Starlette(routes=[Route("/", endless)])
    server = EndingServer(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=0))
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as client:
        serving = asyncio.create_task(server.serve([listener]))
        client.connect(listener.getsockname())
        client.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        async with asyncio.timeout(PATIENCE_S):
            while not any(c.transport.get_write_buffer_size() for c in server.server_state.connections):
                await asyncio.sleep(0.01)
            server.should_exit = True
            await serving
        return len(server.server_state.connections), await asyncio.to_thread(read_to_the_end, client)


def read_to_the_end(client: socket.socket) -> bytes:
    client.settimeout(PATIENCE_S)
    try:
        while client.recv(1 << 20):
            pass
    except ConnectionResetError:
        return b"reset"
    return b"end"


@pytest.mark.logs  # uvicorn tells that it cancels the answer
def test_a_reader_that_does_not_read_is_cut_off_when_the_server_ends() -> None:
    left, seen = asyncio.run(end_with_a_reader_that_does_not_read())
    assert left == 0
    assert seen in (b"reset", b"end")
