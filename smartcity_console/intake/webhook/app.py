"""The webhook's HTTP: `POST /v1/alerts` and `POST /v1/cap`, signed; answered when the alert is on disk. `GET /openapi.json` describes it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from smartcity_console.clock import Clock
from smartcity_console.intake.arrival import Arrival
from smartcity_console.intake.cap.alerts import arrival_of as arrival_of_cap
from smartcity_console.intake.cap.document import CapRefused, read_document
from smartcity_console.intake.inbox import Inbox
from smartcity_console.intake.limits import TokenBuckets
from smartcity_console.intake.registry import Register
from smartcity_console.intake.report import KeepFile, Report, ReportRefused, Source, arrival_of, read_report
from smartcity_console.intake.webhook.description import description
from smartcity_console.intake.webhook.keys import Key
from smartcity_console.intake.webhook.signature import KEY, SignatureRefused, check
from smartcity_console.model.errors import ConsoleError

PROTOCOL = "webhook"
MOST_UNKNOWN_BYTES = 64 * 1024  # read of whoever names no key of ours
_BODY_LIMIT_S = 20.0
Allowed = Callable[[str, str, str], bool]


def anywhere(_account: str, _address: str, _firm_id: str) -> bool:
    return True


class Counters(msgspec.Struct):
    """What came over the webhook since it started."""

    taken: int = 0
    repeated: int = 0
    unsigned: int = 0
    refused: int = 0
    too_many: int = 0
    unanswered: int = 0


class Webhook:
    """The handlers. `read_keys` is asked at each request, so that a key withdrawn is withdrawn at once."""

    def __init__(
        self,
        inbox: Inbox,
        register: Register,
        read_keys: Callable[[], Mapping[str, Key]],
        keep: KeepFile,
        new_id: Callable[[], str],
        clock: Clock,
        *,
        per_minute: int,
        max_bytes: int,
        allowed: Allowed = anywhere,
    ) -> None:
        """`allowed(account, address, firm_id)`: whether the account may be reported from there."""
        self._allowed = allowed
        self._inbox, self._register, self._read_keys = inbox, register, read_keys
        self._keep, self._new_id, self._clock = keep, new_id, clock
        self._pace, self._max_bytes = TokenBuckets(per_minute / 60, per_minute), max_bytes
        self.counters = Counters()

    def app(self) -> Starlette:
        """Return the ASGI application."""
        return Starlette(
            routes=[
                Route("/v1/alerts", self.alerts, methods=["POST"]),
                Route("/v1/cap", self.cap, methods=["POST"]),
                Route("/openapi.json", self.openapi, methods=["GET"]),
            ],
            exception_handlers={HTTPException: _tell_http},
        )

    async def openapi(self, _: Request) -> Response:
        return JSONResponse(description())

    async def alerts(self, request: Request) -> Response:
        """Take one report."""
        key_id, key, body = await self._signed(request)
        return await self._answer(key_id, self._take(key_id, key, body, _address(request)))

    async def cap(self, request: Request) -> Response:
        """Take one CAP 1.2 document."""
        key_id, key, body = await self._signed(request)
        return await self._answer(key_id, self._take_cap(key_id, key, body, _address(request)))

    async def _signed(self, request: Request) -> tuple[str, Key, bytes]:
        """Return key id, key and body of a request. Raises HTTPException when it is not signed or comes too often."""
        keys = await asyncio.to_thread(self._read_keys)
        known = request.headers.get(KEY, "") in keys
        body = await _body(request, self._max_bytes if known else MOST_UNKNOWN_BYTES)
        key_id, key = self._signer(request, body, keys)
        if not self._pace.take(key_id, self._clock.monotonic_s()):
            self.counters.too_many += 1
            raise HTTPException(429, "too many reports in this minute", {"Retry-After": "10"})
        return key_id, key, body

    def _signer(self, request: Request, body: bytes, keys: Mapping[str, Key]) -> tuple[str, Key]:
        try:
            return check(request.headers, body, keys, self._clock.now())
        except SignatureRefused as error:
            self.counters.unsigned += 1
            raise HTTPException(401, error.reason) from None

    async def _answer(self, key_id: str, taking: Awaitable[Response]) -> Response:
        """Return the answer of what is taken; put on record and tell what is not. Raises HTTPException."""
        try:
            return await taking
        except (ReportRefused, CapRefused) as error:
            self.counters.refused += 1
            self._inbox.put_refusal(key_id, PROTOCOL, error.reason)
            raise HTTPException(422, error.reason) from None
        except ConsoleError:  # told by the inbox, once for as long as it lasts
            self.counters.unanswered += 1
            raise HTTPException(503, "it could not be stored: send it again", {"Retry-After": "2"}) from None

    def _own_account(self, report: Report, key: Key) -> None:
        """A firm speaks for its own accounts only. Raises HTTPException 403."""
        owner = self._register.firm_id(report.account)
        if report.account not in key.accounts if key.accounts else owner not in (None, key.firm_id):
            self.counters.refused += 1
            self._inbox.put_refusal(report.account, PROTOCOL, "the key is not this account's")
            raise HTTPException(403, "this account is not the key's")

    def _from_there(self, account: str, address: str, key: Key) -> None:
        """An account is reported from its own networks only. Raises HTTPException 403."""
        if not self._allowed(account, address, key.firm_id):
            self.counters.refused += 1
            self._inbox.put_refusal(account, PROTOCOL, "its account may not be reported from this address")
            raise HTTPException(403, "this account may not be reported from this address")

    async def _take(self, key_id: str, key: Key, body: bytes, address: str) -> Response:
        report = read_report(body)
        self._own_account(report, key)
        self._from_there(report.account, address, key)
        digest = hashlib.sha256(f"webhook:{key_id}:{report.event_id}".encode()).hexdigest()
        source, now = _source(PROTOCOL, digest, key), self._clock.now()
        return await self._store(digest, lambda: arrival_of(report, source, self._new_id(), now, self._keep))

    async def _take_cap(self, key_id: str, key: Key, body: bytes, address: str) -> Response:
        self._from_there(f"cap:{key_id}", address, key)
        document = await asyncio.to_thread(read_document, body)
        digest = hashlib.sha256(f"cap:{key_id}:".encode() + body).hexdigest()
        source, now = _source("cap/webhook", digest, key), self._clock.now()
        return await self._store(digest, lambda: arrival_of_cap(document, source, self._new_id, now, self._keep))

    async def _store(self, digest: str, make: Callable[[], Arrival]) -> Response:
        """Store one arrival; `make` blocks while it keeps files. A digest that was stored is not made again."""
        if self._inbox.is_stored(digest):
            self.counters.repeated += 1
            await self._inbox.put_alerts("", digest, [])  # waits while the first is being stored
            return JSONResponse({"stored": True, "repeated": True})
        arrival = await asyncio.to_thread(make)
        await self._inbox.put_alerts(arrival.alert.account, digest, [arrival])
        self.counters.taken += 1
        return JSONResponse({"stored": True, "repeated": False, "alert_id": arrival.alert.id}, 201)


def _address(request: Request) -> str:
    """Return the caller's address, never what a header says of it."""
    return request.client.host if request.client else "?"


def _source(protocol: str, digest: str, key: Key) -> Source:
    return Source(protocol, digest, key.firm_id, key.firm_name or key.firm_id)


async def _body(request: Request, most: int) -> bytes:
    """Return the body. Raises HTTPException when it is too long or too slow."""
    held = bytearray()
    try:
        async with asyncio.timeout(_BODY_LIMIT_S):
            async for piece in request.stream():
                held += piece
                if len(held) > most:
                    raise HTTPException(413, f"more than {most} bytes")
    except TimeoutError:
        raise HTTPException(408, "the body took too long") from None
    return bytes(held)


async def _tell_http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)
