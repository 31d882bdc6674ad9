"""The desk as an ASGI application: the gateway's API, the page, what the page reads, and the page's acts."""

from __future__ import annotations

import asyncio
import importlib.resources
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from smartcity_console.clock import Clock
from smartcity_console.desk import view
from smartcity_console.desk.access import AccessLog
from smartcity_console.desk.answers import Answers
from smartcity_console.desk.description import description
from smartcity_console.desk.errors import BadContent, NoSuchFile, told
from smartcity_console.desk.inbox import Inbox
from smartcity_console.desk.limits import Buckets, LimitedAddresses, address_of
from smartcity_console.desk.live_policy import live_policy
from smartcity_console.desk.login import Login
from smartcity_console.desk.media import media_response, package_path
from smartcity_console.desk.receipts import ReceiptSender
from smartcity_console.desk.security import (
    SecurityHeaders,
    bounded_body,
    bounded_stream,
    require_centre,
)
from smartcity_console.desk.sessions import Sessions
from smartcity_console.desk.store import DeskStore
from smartcity_console.desk.uploads import first_byte
from smartcity_console.desk.users import Users
from smartcity_console.handoff.container import MAX_BYTES
from smartcity_console.handoff.signing import SIGNATURE
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.errors import ConsoleError

BaseMap = Callable[[float, float, float, float], Mapping[str, Any]]
"""Return GeoJSON (WGS 84) of roads, buildings, water and parks inside west, south, east, north; may block."""

MAX_NOTICE_BYTES = 2 << 20
MAX_UPDATE_BYTES = 32 << 10
MAX_ACT_BYTES = 8 << 10
MAX_BASE_DEG = 0.03  # about 2.6 km by 3.3 km: the page asks for half of that at most
_HEARTBEAT_S = 10.0
_PAGE = importlib.resources.files("smartcity_console.desk") / "page"
_STATIC = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


class DeskParts(msgspec.Struct, frozen=True, kw_only=True):
    """What the application works with. `closing` set, and the store's listeners woken: long answers end
    so that the server can stop."""

    agency: AgencyKind
    receiver: str  # what this desk calls itself towards the centre
    token: str  # bearer of the gateway's API
    store: DeskStore
    sender: ReceiptSender
    inbox: Inbox
    clock: Clock
    closing: asyncio.Event
    base: BaseMap | None = None
    users_file: Path | None = None  # None: the desk is open
    secure: bool = False  # served over TLS
    longest_session: timedelta = timedelta(hours=12)
    idle_session: timedelta = timedelta(hours=4)
    hosts: Sequence[str] = ("*",)  # names under which the page may be asked for (against DNS rebinding)
    chain: Callable[[], Mapping[str, int | str]] = dict  # how far the journal was walked again, and what breaks it


class Desk:
    """The handlers. One instance a program."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._answers = Answers(parts.store, parts.clock)
        self._access = AccessLog(parts.store, parts.clock)
        users = Users(parts.users_file or parts.store.directory / "users.json")
        path = parts.store.directory / "secrets" / "sessions.json"
        sessions = Sessions(path, parts.clock, parts.longest_session, parts.idle_session)
        self.login = Login(parts.agency, users, sessions, self._access, parts.clock, parts.secure)

    async def health(self, _: Request) -> Response:
        parts = self._parts
        told = {"program": "desk", "agency": parts.agency, "handoffs": len(parts.store.all())}
        return _json(told | {"journal": dict(parts.chain())})

    async def openapi(self, _: Request) -> Response:
        """What another receiver would have to serve to stand where this desk stands."""
        return _json(description())

    # ---- the gateway's API ---------------------------------------------------------------------------------------

    async def take_notice(self, request: Request) -> Response:
        body = await self._centres(request, MAX_NOTICE_BYTES)
        key = request.headers.get("idempotency-key", "")
        notice, fresh = await self._parts.inbox.take_notice(body, key)
        return _json({"handoff_id": notice.handoff_id, "receiver": self._parts.receiver}, 201 if fresh else 200)

    async def take_update(self, request: Request) -> Response:
        body = await self._centres(request, MAX_UPDATE_BYTES)
        key = request.headers.get("idempotency-key", "")
        update, fresh = await self._parts.inbox.take_update(request.path_params["id"], body, key)
        return _json({"update_id": update.update_id, "receiver": self._parts.receiver}, 201 if fresh else 200)

    async def take_package(self, request: Request) -> Response:
        self._require_centre(request)
        handoff_id, sha256 = request.path_params["id"], request.headers.get("x-content-sha256", "")
        first = first_byte(request.headers.get("content-range", ""))
        chunks = bounded_stream(request, MAX_BYTES - first)
        fresh = await self._parts.inbox.take_package(handoff_id, chunks, sha256, first)
        return _json({"handoff_id": handoff_id, "receiver": self._parts.receiver}, 201 if fresh else 200)

    async def package_offset(self, request: Request) -> Response:
        """How much of a package is here: a sender goes on from there (uploads.py)."""
        self._require_centre(request)
        sha256 = request.headers.get("x-content-sha256", "")
        offset, complete = self._parts.inbox.package_offset(request.path_params["id"], sha256)
        told = {"Upload-Offset": str(offset), "Upload-Complete": "?1" if complete else "?0"}
        return Response(headers=told | {"Cache-Control": "no-store"})

    async def _centres(self, request: Request, limit_bytes: int) -> bytes:
        """Return the body of a request of the centre; what proves it may be a signature over the body."""
        if SIGNATURE not in request.headers:
            self._require_centre(request)
        body = await bounded_body(request, limit_bytes)
        self._require_centre(request, body)
        return body

    def _require_centre(self, request: Request, body: bytes | None = None) -> None:
        require_centre(request, self._parts.token, self._parts.clock.now().timestamp(), body)

    # ---- what the page reads -------------------------------------------------------------------------------------

    async def page(self, _: Request) -> Response:
        return FileResponse(str(_PAGE / "index.html"), media_type="text/html; charset=utf-8")

    async def static(self, request: Request) -> Response:
        """Only files that lie in the page's folder under exactly this name."""
        name = request.path_params["name"]
        found = next((file for file in _PAGE.iterdir() if file.name == name), None)
        kind = _STATIC.get(name.rpartition(".")[2])
        if found is None or kind is None:
            raise NoSuchFile()
        return FileResponse(str(found), media_type=kind, headers={"Cache-Control": "no-cache"})

    async def listing(self, _: Request) -> Response:
        parts = self._parts
        overview = view.overview(parts.agency, parts.store.all(), parts.clock.now(), parts.sender.last_failure)
        return _json(overview | {"journal_broken": parts.chain().get("broken", "")})

    async def detail(self, request: Request) -> Response:
        handoff_id = request.path_params["id"]
        await self._note(request, "view", handoff_id)
        return _json(await asyncio.to_thread(view.detail, self._parts.store, handoff_id, self._parts.clock.now()))

    async def media(self, request: Request) -> Response:
        await self._note(request, "play", f"{request.path_params['id']}/{request.path_params['name']}")
        return media_response(self._parts.store, request, request.path_params["id"], request.path_params["name"])

    async def live(self, request: Request) -> Response:
        """The script that fetches a hand-off's live view, as long as there is leave to watch."""
        handoff_id, parts = request.path_params["id"], self._parts
        handoff = parts.store.get(handoff_id)
        grant = view.live_now((await asyncio.to_thread(parts.store.grants, handoff_id)).live, parts.clock.now())
        if grant is None or handoff.recall is not None:
            raise NoSuchFile()
        headers = {"Content-Security-Policy": live_policy(grant.url)}
        return FileResponse(str(_PAGE / "live-worker.js"), media_type="text/javascript", headers=headers)

    async def package(self, request: Request) -> Response:
        handoff_id = request.path_params["id"]
        path = package_path(self._parts.store, handoff_id)
        await self._note(request, "download", handoff_id)
        return FileResponse(str(path), media_type="application/zip", filename=f"{handoff_id}.zip")

    async def _note(self, request: Request, act: str, subject: str) -> None:
        """Put on record who sees what of a person, before it is shown."""
        self._parts.store.get(request.path_params["id"])
        await self._access.note(self.login.user(request), address_of(request), act, subject)

    async def base(self, request: Request) -> Response:
        """GeoJSON around a position; an empty collection when no city was given to this desk."""
        west, south, east, north = _bbox(request.query_params.get("bbox", ""))
        if self._parts.base is None:
            return _json({"type": "FeatureCollection", "features": []})
        return _json(await asyncio.to_thread(self._parts.base, west, south, east, north))

    async def events(self, _: Request) -> Response:
        return StreamingResponse(self._changes(), media_type="text/event-stream")

    async def _changes(self) -> AsyncIterator[str]:
        """Say that something changed (many changes at once are said once); what changed, the page asks itself."""
        flag = self._parts.store.listen()
        try:
            yield "retry: 1000\ndata: hello\n\n"
            while not self._parts.closing.is_set():
                changed = await _set_within(flag, _HEARTBEAT_S)
                flag.clear()
                if not self._parts.closing.is_set():
                    yield "data: changed\n\n" if changed else ": still here\n\n"
        finally:
            self._parts.store.unlisten(flag)

    # ---- the page's acts -----------------------------------------------------------------------------------------

    async def act(self, request: Request) -> Response:
        user = self.login.acting_user(request)
        act = self._answers.acts.get(request.path_params["act"])
        if act is None:
            raise NoSuchFile()
        handoff = await act(request.path_params["id"], await bounded_body(request, MAX_ACT_BYTES), user)
        return _json({"handoff_id": handoff.id, "stage": handoff.stage})


def desk_app(
    parts: DeskParts, lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]] | None = None
) -> Starlette:
    """Return the application."""
    desk = Desk(parts)
    guarded = desk.login.guarded
    routes = [
        Route("/", desk.page),
        Route("/health", desk.health),
        Route("/openapi.json", desk.openapi),
        Route("/static/{name}", desk.static),
        Route("/api/handoffs", desk.take_notice, methods=["POST"]),
        Route("/api/handoffs/{id}/package", desk.take_package, methods=["PUT"]),
        Route("/api/handoffs/{id}/package", desk.package_offset, methods=["HEAD"]),
        Route("/api/handoffs/{id}/updates", desk.take_update, methods=["POST"]),
        Route("/page/session", desk.login.tell),
        Route("/page/login", desk.login.enter, methods=["POST"]),
        Route("/page/logout", desk.login.leave, methods=["POST"]),
        Route("/api/base", guarded(desk.base)),
        Route("/page/handoffs", guarded(desk.listing)),
        Route("/page/events", guarded(desk.events)),
        Route("/page/handoffs/{id}", guarded(desk.detail)),
        Route("/page/handoffs/{id}/package.zip", guarded(desk.package)),
        Route("/page/handoffs/{id}/live.js", guarded(desk.live)),
        Route("/page/handoffs/{id}/{act}", desk.act, methods=["POST"]),
        Route("/media/{id}/{name:path}", guarded(desk.media)),
    ]
    middleware = [
        Middleware(SecurityHeaders),
        Middleware(LimitedAddresses, buckets=Buckets(parts.clock)),
        Middleware(TrustedHostMiddleware, allowed_hosts=list(parts.hosts), www_redirect=False),
    ]
    handlers: dict[Any, Callable[[Request, Any], Awaitable[Response]]] = {ConsoleError: _told}
    return Starlette(routes=routes, middleware=middleware, exception_handlers=handlers, lifespan=lifespan)


async def _set_within(flag: asyncio.Event, limit_s: float) -> bool:
    try:
        async with asyncio.timeout(limit_s):
            await flag.wait()
    except TimeoutError:
        return False
    return True


async def _told(_: Request, error: ConsoleError) -> Response:
    return told(error)


def _json(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def _bbox(text: str) -> tuple[float, float, float, float]:
    """Read west,south,east,north in degrees. Raises BadContent; a box too large to draw is refused too."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise BadContent(why="bbox") from None
    if not (0 < east - west <= MAX_BASE_DEG and 0 < north - south <= MAX_BASE_DEG and -90 <= south <= 90):
        raise BadContent(why="bbox")
    return west, south, east, north
