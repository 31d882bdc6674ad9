"""The webhook's HTTP: `POST /v1/alerts`, signed; answered when the alert is on disk. `GET /openapi.json` describes it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from smartcity_console.clock import Clock
from smartcity_console.intake.inbox import Inbox
from smartcity_console.intake.registry import Register
from smartcity_console.intake.report import KeepFile, Report, ReportRefused, Source, arrival_of, read_report
from smartcity_console.intake.webhook.description import description
from smartcity_console.intake.webhook.keys import Key
from smartcity_console.intake.webhook.pace import Pace
from smartcity_console.intake.webhook.signature import KEY, SignatureRefused, check
from smartcity_console.model.errors import ConsoleError

PROTOCOL = "webhook"
MOST_UNKNOWN_BYTES = 64 * 1024  # read of whoever names no key of ours
_BODY_LIMIT_S = 20.0


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
    ) -> None:
        self._inbox, self._register, self._read_keys = inbox, register, read_keys
        self._keep, self._new_id, self._clock = keep, new_id, clock
        self._pace, self._max_bytes = Pace(per_minute, clock), max_bytes
        self.counters = Counters()

    def app(self) -> Starlette:
        """Return the ASGI application."""
        return Starlette(
            routes=[
                Route("/v1/alerts", self.alerts, methods=["POST"]),
                Route("/openapi.json", self.openapi, methods=["GET"]),
            ],
            exception_handlers={HTTPException: _tell_http},
        )

    async def openapi(self, _: Request) -> Response:
        return JSONResponse(description())

    async def alerts(self, request: Request) -> Response:
        """Take one report."""
        keys = await asyncio.to_thread(self._read_keys)
        known = request.headers.get(KEY, "") in keys
        body = await _body(request, self._max_bytes if known else MOST_UNKNOWN_BYTES)
        key_id, key = self._signer(request, body, keys)
        if not self._pace.allows(key_id):
            self.counters.too_many += 1
            raise HTTPException(429, "too many reports in this minute", {"Retry-After": "10"})
        return await self._take(key_id, key, body)

    def _signer(self, request: Request, body: bytes, keys: Mapping[str, Key]) -> tuple[str, Key]:
        try:
            return check(request.headers, body, keys, self._clock.now())
        except SignatureRefused as error:
            self.counters.unsigned += 1
            raise HTTPException(401, error.reason) from None

    async def _take(self, key_id: str, key: Key, body: bytes) -> Response:
        try:
            report = read_report(body)
            self._own_account(report, key)
            return await self._store(key_id, key, report)
        except ReportRefused as error:
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

    async def _store(self, key_id: str, key: Key, report: Report) -> Response:
        digest = hashlib.sha256(f"webhook:{key_id}:{report.event_id}".encode()).hexdigest()
        if self._inbox.is_stored(digest):
            self.counters.repeated += 1
            await self._inbox.put_alerts(report.account, digest, [])  # waits while the first is being stored
            return JSONResponse({"stored": True, "repeated": True})
        source = Source(PROTOCOL, digest, key.firm_id, key.firm_name or key.firm_id)
        alert_id, now = self._new_id(), self._clock.now()
        arrival = await asyncio.to_thread(arrival_of, report, source, alert_id, now, self._keep)
        await self._inbox.put_alerts(report.account, digest, [arrival])
        self.counters.taken += 1
        return JSONResponse({"stored": True, "repeated": False, "alert_id": alert_id}, 201)


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
