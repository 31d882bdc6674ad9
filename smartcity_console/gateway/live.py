"""Live views for the receiver of a hand-off: fragmented MP4 over a WebSocket, for as long as the hand-off allows.

First a JSON text (`mime`, and `now`, this gateway's clock), then the init segment and the fragments as binary messages.
Each fragment begins with a `prft` box. A refusal is a close code after the accept, because a browser shows no other.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from smartcity_console.clock import Clock
from smartcity_console.gateway.ports import Live, LiveChunks, Places
from smartcity_console.gateway.state import GatewayState, KnownHandoff
from smartcity_console.gateway.tokens import LIVE, Tokens, live_scope
from smartcity_console.gateway.views import View, Views
from smartcity_console.model.errors import ConsoleError

SUBPROTOCOL = "smartcity.live.v1"
NO_TOKEN, NOT_THIS_CAMERA, NO_PICTURE, REVOKED = 4401, 4403, 4404, 4410
NOT_PLAYABLE, BUSY, TOO_MANY, NOT_NOW = 4415, 4429, 1013, 1011
SEND_LIMIT_S = 10.0
_REASONS = {NO_TOKEN: "expired", NOT_THIS_CAMERA: "locked", REVOKED: "revoked"}
_CODES = {"live_not_playable": NOT_PLAYABLE, "live_converters_busy": BUSY}
_TOKEN_PREFIX = "token."
_LOOK_AGAIN_S = 0.5
_CLOSE_LIMIT_S = 1.0
_log = logging.getLogger(__name__)


class LiveViews:
    """Checks each viewer against the journal, when it comes and while it watches."""

    def __init__(
        self, state: GatewayState, tokens: Tokens, places: Places, live: Live, views: Views, clock: Clock
    ) -> None:
        self._state, self._tokens, self._places = state, tokens, places
        self._live, self._views, self._clock = live, views, clock

    async def serve(self, socket: WebSocket) -> None:
        """Serve one viewer. `?codec=h264` asks for a conversion where the camera sends another."""
        offered = socket.scope.get("subprotocols", [])
        await socket.accept(subprotocol=SUBPROTOCOL if SUBPROTOCOL in offered else None)
        token = next((p.removeprefix(_TOKEN_PREFIX) for p in offered if p.startswith(_TOKEN_PREFIX)), "")
        camera_id = socket.path_params["camera_id"]
        known = self._granted(token)
        refusal = self._refusal(known, camera_id)
        if known is None or refusal is not None:
            return await _close(socket, refusal or NO_TOKEN)
        if not self._views.has_room(known.request.handoff_id):
            return await _close(socket, TOO_MANY)
        try:
            view = await self._views.open(known, camera_id, socket.client.host if socket.client else "")
        except (ConsoleError, TimeoutError) as error:
            _log.error("a live view is not shown, for it cannot be put on record: %s", error)
            return await _close(socket, NOT_NOW)
        await self._show(socket, known, view)
        return None

    def refusal(self, token: str, camera_id: str) -> int | None:
        """Return the close code for a token and camera now; None when it may watch."""
        return self._refusal(self._granted(token), camera_id)

    def _granted(self, token: str) -> KnownHandoff | None:
        """Return the hand-off that a token stands for: made here, for exactly its incident, receiver, cameras and time."""
        known = self._state.handoffs.get(self._tokens.claimed(token))
        if known is None or not self._tokens.is_genuine(LIVE, token, live_scope(known.incident_id, known.request)):
            return None
        return known

    def _refusal(self, known: KnownHandoff | None, camera_id: str) -> int | None:
        now = self._clock.now()
        if known is None:
            return NO_TOKEN
        if known.request.handoff_id in self._state.revoked:
            return REVOKED
        if known.request.live_until <= now:
            return NO_TOKEN
        if camera_id not in known.request.camera_ids:
            return NOT_THIS_CAMERA
        if self._places.is_private(camera_id) and not self._state.unlocked(camera_id, now):
            return NOT_THIS_CAMERA
        return None

    async def _show(self, socket: WebSocket, known: KnownHandoff, view: View) -> None:
        codec = "h264" if socket.query_params.get("codec") == "h264" else ""
        chunks = self._live.stream(view.camera_id, codec=codec)
        reason = "left"
        try:
            code = await self._send_all(socket, chunks, known, view.camera_id)
            reason = _REASONS.get(code, "left")
            await _close(socket, code)
        except ConsoleError as error:
            reason = "no_picture"
            await self._tell(socket, error)
        except (TimeoutError, WebSocketDisconnect):
            _log.info("a live viewer of %s left or was too slow", view.camera_id)
        finally:
            self._views.leave(view, reason, chunks.dropped)
            await chunks.aclose()

    async def _send_all(self, socket: WebSocket, chunks: LiveChunks, known: KnownHandoff, camera_id: str) -> int:
        """Send until the stream ends, the viewer leaves, or its right to watch does; return the code to close with.

        The right is looked at also while a slow viewer holds a message up.
        """
        gone = asyncio.create_task(_until_gone(socket))
        step = asyncio.create_task(self._next(socket, chunks))
        try:
            while not gone.done():
                if (code := self._refusal(known, camera_id)) is not None:
                    return code
                await asyncio.wait({step, gone}, timeout=_LOOK_AGAIN_S, return_when=asyncio.FIRST_COMPLETED)
                if step.done():
                    if not step.result():
                        return NO_PICTURE
                    step = asyncio.create_task(self._next(socket, chunks))
            raise WebSocketDisconnect
        finally:
            await _end(step, gone)

    async def _next(self, socket: WebSocket, chunks: LiveChunks) -> bool:
        """Send the next piece; False at the end of the stream."""
        try:
            chunk = await anext(chunks)
        except StopAsyncIteration:
            return False
        async with asyncio.timeout(SEND_LIMIT_S):
            if isinstance(chunk, str):
                await socket.send_json({"mime": chunk, "now": self._clock.now().isoformat()})
            else:
                await socket.send_bytes(chunk)
        return True

    async def _tell(self, socket: WebSocket, error: ConsoleError) -> None:
        """Say in words why there is no picture, then close."""
        _log.warning("live view ended: %s", error.sentence("en"))
        told: dict[str, Any] = {"error": error.code, "codec": str(error.facts.get("codec", ""))}
        words = told | {"ko": error.sentence("ko"), "en": error.sentence("en")}
        if await _in_time(socket.send_json(words)):
            await _close(socket, _CODES.get(error.code, NO_PICTURE))


async def _close(socket: WebSocket, code: int) -> None:
    await _in_time(socket.close(code))


async def _in_time(sending: Awaitable[None]) -> bool:
    """Whether it went out: a viewer whose line is stuck is not waited for, nor one that has left."""
    try:
        async with asyncio.timeout(_CLOSE_LIMIT_S):
            await sending
    except (TimeoutError, WebSocketDisconnect, RuntimeError):
        return False
    return True


async def _end(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _until_gone(socket: WebSocket) -> None:
    """Return when the viewer has closed; what it sends meanwhile is of no meaning."""
    try:
        while True:
            await socket.receive_bytes()
    except (WebSocketDisconnect, KeyError, RuntimeError):
        return
