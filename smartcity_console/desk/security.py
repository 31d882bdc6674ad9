"""What keeps the desk's page its own: headers, the origin guard, the bearer check, bounded bodies."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from smartcity_console.desk.errors import ForeignRequest, TooLarge, Unauthorised
from smartcity_console.handoff.signing import SIGNATURE, body_sha256, is_signed

# The page talks to its own server alone; what comes from the centre's, a worker fetches under a policy of its own
# (live_policy.py).
_POLICY_HEADER = "Content-Security-Policy"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
GUARD_HEADER = "X-Desk-Request"


class SecurityHeaders:
    """Adds the headers to every answer, errors included; what is about persons is never cached."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault(_POLICY_HEADER, _POLICY)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)


def require_centre(request: Request, token: str, now_s: float, body: bytes | None = None) -> None:
    """Raises Unauthorised unless the request carries the token, or is signed with it (handoff/signing.py).

    `body`: what the signature is over; None: what X-Content-SHA256 says of it, which is checked against what comes.
    """
    headers = request.headers
    if "authorization" in headers or SIGNATURE not in headers:
        return require_bearer(headers, token)
    sha256 = headers.get("x-content-sha256", "") if body is None else body_sha256(body)
    if not is_signed(token, now_s, request.method, request.url.path, sha256, headers):
        raise Unauthorised()
    return None


def require_bearer(headers: Headers, token: str) -> None:
    """Raises Unauthorised unless the request carries the token; compared in constant time."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.encode(), token.encode()):
        raise Unauthorised()


def require_own_page(request: Request) -> None:
    """Raises ForeignRequest unless a script of this page sent it: a header that a foreign form cannot set, and an
    Origin equal to the address asked (OWASP: custom header and origin verification against CSRF)."""
    origin = request.headers.get("origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")
    if foreign or request.headers.get(GUARD_HEADER) != "1":
        raise ForeignRequest()


async def bounded_body(request: Request, limit_bytes: int) -> bytes:
    """Return the body. Raises TooLarge as soon as it is longer."""
    parts = [chunk async for chunk in bounded_stream(request, limit_bytes)]
    return b"".join(parts)


async def bounded_stream(request: Request, limit_bytes: int) -> AsyncIterator[bytes]:
    """Yield the body as it comes. Raises TooLarge at the limit, at once when the length was declared."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit_bytes:
        raise TooLarge(limit_bytes=limit_bytes)
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > limit_bytes:
            raise TooLarge(limit_bytes=limit_bytes)
        if chunk:
            yield chunk
