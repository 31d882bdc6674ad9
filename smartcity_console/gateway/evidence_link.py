"""Fetching a package by the link of a mail (handoff/mail.py): one page, one button, on record before a byte leaves.

The secret stands behind the `#` of the address, which browsers do not send: it comes with the button, in a form. Mail
filters that open every link for their own reasons open a page and fetch nothing.
"""

from __future__ import annotations

import asyncio
import importlib.resources
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from smartcity_console.clock import Clock
from smartcity_console.gateway.state import GatewayState
from smartcity_console.gateway.tokens import Tokens
from smartcity_console.handoff.mail import Link
from smartcity_console.handoff.recipients import Mail
from smartcity_console.model import events as ev
from smartcity_console.model.handoff import Handoff, HandoffStage

ACTOR = "gateway/link"
PURPOSE, PATH = "evidence-link", "/evidence"
MOST_FETCHES = 20
"""So often one hand-off's package may be fetched; each time is a line of the register."""
_PAGE = importlib.resources.files("smartcity_console.gateway") / "page"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_STATIC = {"evidence.js": "text/javascript", "evidence.css": "text/css"}
_MOST_FORM_BYTES = 4096
_PIECE_BYTES = 64 << 10
_APPEND_LIMIT_S = 3.0

Append = Callable[[ev.Draft], Awaitable[list[ev.Event]]]


class EvidenceLinks:
    """Makes links and serves them. Lives on the gateway's event loop."""

    def __init__(
        self, workspace: Path, state: GatewayState, tokens: Tokens, append: Append, clock: Clock, base_url: str
    ) -> None:
        self._workspace, self._state, self._tokens = workspace, state, tokens
        self._append_event, self._clock, self._base = append, clock, base_url.rstrip("/")

    def routes(self) -> list[Route]:
        """Return what the gateway's HTTP serves of it."""
        return [
            Route(PATH, self.page, methods=["GET"]),
            Route(PATH, self.fetch, methods=["POST"]),
            Route(f"{PATH}/{{name}}", self.static, methods=["GET"]),
        ]

    async def make(self, handoff_id: str, sha256: str, way: Mail) -> Link | None:
        """Put a new link on record and return it; None while one for the same package holds. Raises ConsoleError."""
        known, now = self._state.handoffs[handoff_id], self._clock.now()
        handoff = self._handoff(handoff_id)
        if handoff is not None and handoff.link_until and now < handoff.link_until and handoff.link_sha256 == sha256:
            return None
        until = now + timedelta(hours=way.hours)
        sent = ev.HandoffLinkSent(handoff_id=handoff_id, sha256=sha256, to=way.to, until=until)
        await self._append(known.incident_id, sent)
        token = self._tokens.make(PURPOSE, handoff_id, link_scope(sha256, until))
        return Link(f"{self._base}{PATH}#{token}", now, until)

    async def page(self, _: Request) -> Response:
        """The page, the same for everybody: it knows nothing of any hand-off."""
        return Response((_PAGE / "evidence.html").read_bytes(), media_type="text/html", headers=_HEADERS)

    async def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _STATIC:
            raise HTTPException(404, "no such file")
        return Response((_PAGE / name).read_bytes(), media_type=_STATIC[name], headers=_HEADERS)

    async def fetch(self, request: Request) -> Response:
        """Send the package to whoever brings a token that holds; when all of it left, the hand-off is delivered."""
        handoff, sha256 = self._admitted(await _token(request))
        path = self._package(handoff, sha256)
        remote = request.client.host if request.client else ""
        await self._append(handoff.incident_id, ev.HandoffLinkFetched(handoff_id=handoff.id, remote=remote))
        return _Package(path, f"{handoff.id}.zip", lambda: self._all_sent(handoff))

    async def _all_sent(self, handoff: Handoff) -> None:
        """All of it left to somebody who was there to the last piece: the hand-off is delivered, unless it was already."""
        now = self._handoff(handoff.id)
        if now is not None and now.recalled_at is None and not now.reached(HandoffStage.DELIVERED):
            name = f"{handoff.agency_name} (전자우편 링크)"
            done = ev.HandoffDelivered(handoff_id=handoff.id, attempt=handoff.failed_attempts + 1, receiver=name)
            await self._append(handoff.incident_id, done)

    def _admitted(self, token: str) -> tuple[Handoff, str]:
        """Return what a token lets fetch. Raises HTTPException; a wrong one and an ended one are answered alike."""
        handoff = self._handoff(self._tokens.claimed(token))
        if handoff is None or handoff.link_until is None or handoff.recalled_at is not None:
            raise HTTPException(403, "this link does not hold")
        scope = link_scope(handoff.link_sha256, handoff.link_until)
        if not self._tokens.is_genuine(PURPOSE, token, scope) or self._clock.now() >= handoff.link_until:
            raise HTTPException(403, "this link does not hold")
        if self._fetches(handoff) >= MOST_FETCHES:
            raise HTTPException(429, "this package was fetched too often")
        return handoff, handoff.link_sha256

    def _package(self, handoff: Handoff, sha256: str) -> Path:
        packages = self._state.centre.incidents[handoff.incident_id].packages
        found = next((p for p in reversed(packages) if p.handoff_id == handoff.id and p.sha256 == sha256), None)
        path = self._workspace / found.path if found else None
        if path is None or not path.is_file():
            raise HTTPException(410, "the package is not kept any more")
        return path

    def _fetches(self, handoff: Handoff) -> int:
        log = self._state.centre.incidents[handoff.incident_id].log
        return sum(
            line.type == ev.HandoffLinkFetched.__name__ and line.facts["handoff_id"] == handoff.id for line in log
        )

    def _handoff(self, handoff_id: str) -> Handoff | None:
        known = self._state.handoffs.get(handoff_id)
        return self._state.centre.incidents[known.incident_id].handoff(handoff_id) if known else None

    async def _append(self, incident_id: str, payload: ev.IncidentPayload) -> None:
        async with asyncio.timeout(_APPEND_LIMIT_S):
            await self._append_event(ev.Draft(ev.stream_of(type(payload), incident_id), payload, ACTOR))


class _Package(Response):
    """Sends a file and says when all of it left. Starlette's own answers stop at a disconnect, also at one right after
    the last byte, and cannot tell it from one in the middle."""

    media_type = "application/zip"

    def __init__(self, path: Path, name: str, all_sent: Callable[[], Awaitable[None]]) -> None:
        self._path, self._all_sent = path, all_sent
        size = {"Content-Length": str(path.stat().st_size)}
        super().__init__(headers=_HEADERS | size | {"Content-Disposition": f'attachment; filename="{name}"'})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope
        gone = asyncio.create_task(_until_gone(receive))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            async with await anyio.open_file(self._path, "rb") as file:
                while chunk := await file.read(_PIECE_BYTES):
                    if gone.done():
                        return
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            await self._all_sent()
        finally:
            gone.cancel()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


def link_scope(sha256: str, until: datetime) -> str:
    """Return what a link's token is bound to: the package and the time."""
    return json.dumps([sha256, until.astimezone(UTC).isoformat(timespec="microseconds")])


async def _token(request: Request) -> str:
    """Return the token of the form. Raises HTTPException for one that is too long or not of this page."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "only from the page of the link")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_FORM_BYTES:
            raise HTTPException(413, f"more than {_MOST_FORM_BYTES} bytes")
    return next(iter(parse_qs(body.decode("ascii", "replace")).get("token", [])), "")
