"""Login and logout, and what each request needs: a session, and for a change the session's own token."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from smartcity_console.clock import Clock
from smartcity_console.desk.access import AccessLog
from smartcity_console.desk.errors import BadContent, ForeignRequest, LockedOut, LoginFailed, LoginRequired
from smartcity_console.desk.limits import MOST_OF_ADDRESS, Failures, address_of
from smartcity_console.desk.security import bounded_body, require_own_page
from smartcity_console.desk.sessions import Sessions, csrf_token
from smartcity_console.desk.users import Users
from smartcity_console.model.agency import AgencyKind

CSRF_HEADER = "X-CSRF-Token"
_MOST_BODY = 4096
_AT_ONCE = 2  # scrypt takes 32 MiB each

Handler = Callable[[Request], Awaitable[Response]]


class Credentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(max_length=60)]
    password: Annotated[str, msgspec.Meta(max_length=1024)]


class Login:
    """Without any user the desk is open, and says so: for one machine only, which the program sees to."""

    def __init__(
        self, agency: AgencyKind, users: Users, sessions: Sessions, access: AccessLog, clock: Clock, secure: bool
    ) -> None:
        self._users, self._sessions, self._access, self._secure = users, sessions, access, secure
        self._cookie = f"{'__Host-' if secure else ''}desk-{agency}"
        self._of_user, self._of_address = Failures(clock), Failures(clock, MOST_OF_ADDRESS)
        self._hashing = asyncio.Semaphore(_AT_ONCE)

    def user(self, request: Request) -> str:
        """Return who asks; "" on an open desk. Raises LoginRequired."""
        if not self._users.has_any():
            return ""
        user = self._sessions.user(self._token(request))
        if not user or not self._users.knows(user):
            raise LoginRequired()
        return user

    def acting_user(self, request: Request) -> str:
        """Return who changes something. Raises LoginRequired, or ForeignRequest when it is not this page that asks."""
        require_own_page(request)
        user = self.user(request)
        wanted = csrf_token(self._token(request))
        if user and not hmac.compare_digest(request.headers.get(CSRF_HEADER, "").encode(), wanted.encode()):
            raise ForeignRequest()
        return user

    def guarded(self, handler: Handler) -> Handler:
        """Return a handler that asks for a login first."""

        async def guard(request: Request) -> Response:
            self.user(request)
            return await handler(request)

        return guard

    async def tell(self, request: Request) -> Response:
        """Say who is logged in, and what this session's changes have to carry."""
        is_open = not self._users.has_any()
        user = "" if is_open else self._sessions.user(self._token(request))
        csrf = csrf_token(self._token(request)) if user else ""
        return _json({"open": is_open, "user": user, "csrf": csrf})

    async def enter(self, request: Request) -> Response:
        """Log in. Raises LoginFailed, LockedOut, ForeignRequest."""
        require_own_page(request)
        given = _read(await bounded_body(request, _MOST_BODY))
        address = address_of(request)
        await self._check(address, given.name)
        async with self._hashing:
            fits = await asyncio.to_thread(self._users.fits, given.name, given.password)
        if not fits:
            self._of_user.failed(f"{address} {given.name}")
            self._of_address.failed(address)
            await self._access.note(given.name, address, "login_failed")
            raise LoginFailed()
        self._of_user.forget(f"{address} {given.name}")
        await self._access.note(given.name, address, "login")
        token = await asyncio.to_thread(self._sessions.open, given.name)
        answer = _json({"open": False, "user": given.name, "csrf": csrf_token(token)})
        answer.set_cookie(self._cookie, token, httponly=True, samesite="strict", secure=self._secure, path="/")
        return answer

    async def leave(self, request: Request) -> Response:
        """Log out: the session is gone here, whatever the browser keeps."""
        user = self.acting_user(request)
        await asyncio.to_thread(self._sessions.close, self._token(request))
        await self._access.note(user, address_of(request), "logout")
        answer = _json({"open": False, "user": "", "csrf": ""})
        answer.delete_cookie(self._cookie, httponly=True, samesite="strict", secure=self._secure, path="/")
        return answer

    async def _check(self, address: str, name: str) -> None:
        try:
            self._of_user.check(f"{address} {name}")
            self._of_address.check(address)
        except LockedOut:
            await self._access.note(name, address, "locked_out")
            raise

    def _token(self, request: Request) -> str:
        return request.cookies.get(self._cookie, "")


def _read(body: bytes) -> Credentials:
    try:
        return msgspec.json.decode(body, type=Credentials)
    except msgspec.DecodeError as error:
        raise BadContent(why=error) from None


def _json(value: dict[str, Any]) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
