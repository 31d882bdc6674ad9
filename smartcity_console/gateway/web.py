"""The gateway's HTTP: health, receipts from desks, ring clips for the console, live views for receivers."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from smartcity_console.clock import Clock
from smartcity_console.gateway.live import LiveViews
from smartcity_console.gateway.ports import Parts
from smartcity_console.gateway.ptz import PtzDesk
from smartcity_console.gateway.receipts import DeskReceipt, ReceiptRefused, Receipts, ReceiptsTooFast
from smartcity_console.gateway.replays import Replays
from smartcity_console.gateway.state import GatewayState
from smartcity_console.gateway.tokens import RECEIPTS, Tokens, bearer, is_secret
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.ptz_wire import PTZ_PATH

MOST_BODY_BYTES = 64 * 1024
LONGEST_CLIP = timedelta(hours=1)
_CLIPS_AT_ONCE = 2
_LONGEST_SEAT = 20
_LOOKS, _LOOK_EVERY_S = 10, 0.05


class Web:
    """The handlers and what they need. `health` gives the figures of the running parts."""

    def __init__(
        self,
        state: GatewayState,
        tokens: Tokens,
        console_token: str,
        receipts: Receipts,
        parts: Parts,
        views: LiveViews,
        ptz: PtzDesk,
        clock: Clock,
        health: Callable[[], Mapping[str, Any]],
        replays: Replays,
        more: Sequence[Route] = (),
    ) -> None:
        self._state, self._tokens, self._console_token = state, tokens, console_token
        self._receipts, self._parts = receipts, parts
        self._views, self._ptz, self._clock, self._health = views, ptz, clock, health
        self._cutting = asyncio.Semaphore(_CLIPS_AT_ONCE)
        self._replays, self._more = replays, more

    def app(self) -> Starlette:
        """Return the ASGI application."""
        return Starlette(
            routes=[
                Route("/health", self.health, methods=["GET"]),
                Route("/receipts", self.receipts, methods=["POST"]),
                Route("/ring/{camera_id}/spans", self._for_console(self.spans), methods=["GET"]),
                Route("/ring/{camera_id}/clip.mp4", self._for_console(self.clip), methods=["GET"]),
                *self._more,
                WebSocketRoute("/live/{camera_id}", self._views.serve),
                WebSocketRoute(PTZ_PATH, self._ptz.serve),
            ],
            exception_handlers={ConsoleError: _tell, HTTPException: _tell_http},
        )

    async def health(self, _: Request) -> Response:
        """Figures only: no account, no name, no path."""
        return JSONResponse(dict(self._health()))

    async def receipts(self, request: Request) -> Response:
        """Take a desk's receipt; its token must be of the hand-off it speaks of."""
        handoff_id = self._tokens.handoff_of(RECEIPTS, bearer(request.headers.get("authorization", "")))
        if handoff_id is None:
            raise HTTPException(401, "no valid receipt token")
        try:
            receipt = msgspec.json.decode(await _limited_body(request), type=DeskReceipt)
        except msgspec.MsgspecError as error:
            raise HTTPException(422, f"not a receipt: {error}") from error
        if receipt.handoff_id != handoff_id:
            raise HTTPException(403, "the token is of another hand-off")
        return JSONResponse({"receipt_id": receipt.receipt_id, "stored": await self._receipts.take(receipt)})

    async def spans(self, request: Request) -> Response:
        """Return what the ring holds of a camera."""
        held = await asyncio.to_thread(self._parts.footage.spans, request.path_params["camera_id"])
        return JSONResponse({"spans": [{"start": start.isoformat(), "end": end.isoformat()} for start, end in held]})

    async def clip(self, request: Request) -> Response:
        """Return a clip of a camera between `start` and `end`; the headers say what it really shows."""
        camera_id = request.path_params["camera_id"]
        if not await self._may_show(camera_id):
            raise HTTPException(403, "a private camera opens only for an incident that unlocked it")
        start, end = _time_of(request, "start"), _time_of(request, "end")
        if not timedelta(0) < end - start <= LONGEST_CLIP:
            raise HTTPException(422, "end must be after start, by an hour at most")
        folder = tempfile.TemporaryDirectory(prefix="clip-")
        path = Path(folder.name) / "clip.mp4"
        try:
            async with self._cutting:
                facts = await asyncio.to_thread(self._parts.cut, camera_id, start, end, path)
            await self._record(request, camera_id, (facts.start, facts.end))
        except BaseException:
            folder.cleanup()
            raise
        shown = {"X-Clip-Start": facts.start.isoformat(), "X-Clip-End": facts.end.isoformat()}
        return FileResponse(path, media_type="video/mp4", headers=shown, background=BackgroundTask(folder.cleanup))

    async def _record(self, request: Request, camera_id: str, span: tuple[datetime, datetime]) -> None:
        """Put the look on record; the seat is what the console of this workspace calls itself."""
        seat = request.headers.get("x-seat", "")
        remote = request.client.host if request.client else ""
        is_private = self._parts.places.is_private(camera_id)
        try:
            await self._replays.record(camera_id, span, seat[:_LONGEST_SEAT], remote, is_private)
        except TimeoutError:
            raise HTTPException(503, "the journal does not answer, and what is not on record is not shown") from None

    async def _may_show(self, camera_id: str) -> bool:
        """Whether a camera is public or unlocked. The console asks right after it appended the unlocking, so the
        follower is given half a second to bring it."""
        for _ in range(_LOOKS):
            if not self._parts.places.is_private(camera_id) or self._state.unlocked(camera_id, self._clock.now()):
                return True
            await asyncio.sleep(_LOOK_EVERY_S)
        return False

    def _for_console(
        self, handler: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            if not is_secret(bearer(request.headers.get("authorization", "")), self._console_token):
                raise HTTPException(401, "for the console of this workspace only")
            return await handler(request)

        return guarded


async def _limited_body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BODY_BYTES:
            raise HTTPException(413, f"more than {MOST_BODY_BYTES} bytes")
    return bytes(body)


def _time_of(request: Request, name: str) -> datetime:
    try:
        at = datetime.fromisoformat(request.query_params.get(name, ""))
    except ValueError:
        raise HTTPException(422, f"{name} is not an ISO 8601 time") from None
    if at.tzinfo is None:
        raise HTTPException(422, f"{name} lacks its offset from UTC")
    return at


async def _tell(_: Request, error: Exception) -> Response:
    assert isinstance(error, ConsoleError)
    status = {ReceiptRefused: 404, ReceiptsTooFast: 429}.get(type(error), 503)
    return JSONResponse({"error": error.sentence("en"), "ko": error.sentence("ko"), "code": error.code}, status)


async def _tell_http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)
