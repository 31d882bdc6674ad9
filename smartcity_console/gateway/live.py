"""Live views for the receiver of a hand-off: fragmented MP4 over a WebSocket, for as long as the hand-off allows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.websockets import WebSocket, WebSocketDisconnect

from smartcity_console.clock import Clock
from smartcity_console.gateway.ports import Live, Places
from smartcity_console.gateway.state import GatewayState
from smartcity_console.gateway.tokens import LIVE, Tokens
from smartcity_console.model.errors import ConsoleError

SUBPROTOCOL = "smartcity.live.v1"
NO_TOKEN, NOT_THIS_CAMERA, NO_PICTURE, TOO_MANY = 4401, 4403, 4404, 1013
MOST_VIEWERS = 64
SEND_LIMIT_S = 10.0
_TOKEN_PREFIX = "token."
_LOOK_AGAIN_S = 1.0
_log = logging.getLogger(__name__)


class LiveViews:
    """Checks each viewer against the journal, when it comes and while it watches."""

    def __init__(self, state: GatewayState, tokens: Tokens, places: Places, live: Live, clock: Clock) -> None:
        self._state, self._tokens, self._places = state, tokens, places
        self._live, self._clock = live, clock
        self.viewers = 0

    async def serve(self, socket: WebSocket) -> None:
        """Serve one viewer. A refusal is a close code after the accept: a browser shows no other."""
        offered = socket.scope.get("subprotocols", [])
        await socket.accept(subprotocol=SUBPROTOCOL if SUBPROTOCOL in offered else None)
        token = next((p.removeprefix(_TOKEN_PREFIX) for p in offered if p.startswith(_TOKEN_PREFIX)), "")
        camera_id = socket.path_params["camera_id"]
        refusal = self.refusal(token, camera_id)
        if refusal is None and self.viewers >= MOST_VIEWERS:
            refusal = TOO_MANY
        if refusal is not None:
            await socket.close(refusal)
            return
        self.viewers += 1
        try:
            await self._show(socket, token, camera_id)
        finally:
            self.viewers -= 1

    def refusal(self, token: str, camera_id: str) -> int | None:
        """Return the close code for a token and camera now; None when it may watch."""
        handoff_id = self._tokens.handoff_of(LIVE, token)
        known = self._state.handoffs.get(handoff_id) if handoff_id else None
        now = self._clock.now()
        if known is None or known.request.live_until <= now:
            return NO_TOKEN
        if camera_id not in known.request.camera_ids:
            return NOT_THIS_CAMERA
        if self._places.is_private(camera_id) and not self._state.unlocked(camera_id, now):
            return NOT_THIS_CAMERA
        return None

    async def _show(self, socket: WebSocket, token: str, camera_id: str) -> None:
        gone = asyncio.create_task(_until_gone(socket))
        try:
            async with aclosing(self._live.stream(camera_id)) as chunks:
                await self._send_all(socket, chunks, gone, token, camera_id)
        except ConsoleError as error:
            _log.warning("live view ended: %s", error.sentence("en"))
            await socket.close(NO_PICTURE)
        except (TimeoutError, WebSocketDisconnect):
            _log.info("a live viewer of %s left or was too slow", camera_id)
        finally:
            gone.cancel()

    async def _send_all(
        self,
        socket: WebSocket,
        chunks: AsyncGenerator[str | bytes, None],
        gone: asyncio.Task[None],
        token: str,
        camera_id: str,
    ) -> None:
        """Send until the camera's stream ends, the viewer leaves, or its right to watch does."""
        following = asyncio.ensure_future(anext(chunks))
        try:
            while not gone.done():
                if (code := self.refusal(token, camera_id)) is not None:
                    return await socket.close(code)
                await asyncio.wait({following, gone}, timeout=_LOOK_AGAIN_S, return_when=asyncio.FIRST_COMPLETED)
                if following.done():
                    await _send(socket, following.result())
                    following = asyncio.ensure_future(anext(chunks))
        except StopAsyncIteration:
            await socket.close(NO_PICTURE)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
        return None


async def _send(socket: WebSocket, chunk: str | bytes) -> None:
    async with asyncio.timeout(SEND_LIMIT_S):
        if isinstance(chunk, str):
            await socket.send_json({"mime": chunk})
        else:
            await socket.send_bytes(chunk)


async def _until_gone(socket: WebSocket) -> None:
    """Return when the viewer has closed; what it sends meanwhile is of no meaning."""
    try:
        while True:
            await socket.receive_bytes()
    except (WebSocketDisconnect, KeyError, RuntimeError):
        return
