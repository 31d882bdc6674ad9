"""Ways by which a hand-off leaves the centre. The HTTP one speaks the desk's protocol (docs: the desk's endpoints)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Protocol

import anyio
import httpx

from smartcity_console.clock import Clock
from smartcity_console.handoff.container import CHUNK_BYTES
from smartcity_console.handoff.errors import (
    CredentialRefused,
    DeliveryFailed,
    DeliveryRefused,
    HandoffNotThere,
    ReceiverUnreachable,
)
from smartcity_console.handoff.signing import body_sha256, signed

_MAX_NAME = 120
RESUMED_BYTES = 4 << 20
"""From this size on, the receiver is asked first what it has of a package."""


class Channel(Protocol):
    """One receiver. Both calls may be repeated under the same `handoff_id`: the receiver keeps one."""

    async def deliver_notice(self, handoff_id: str, notice: bytes) -> None:
        """Deliver the notice. Raises DeliveryFailed."""
        ...

    async def deliver_package(self, handoff_id: str, package: Path, sha256: str) -> str:
        """Deliver the sealed package; return the receiver's own name. Raises DeliveryFailed."""
        ...


Credential = Callable[[str, str, str, str], dict[str, str]]
"""(method, path, SHA-256 of the body, Content-Range) -> the headers by which a desk knows the centre."""


def by_bearer(token: str) -> Credential:
    """Show the secret itself: for TLS."""
    return lambda *_: {"Authorization": f"Bearer {token}"}


def by_hmac(secret: str, clock: Clock) -> Credential:
    """Sign each request with the secret (signing.py)."""
    return lambda method, path, sha256, content_range: signed(
        secret, int(clock.now().timestamp()), method, path, sha256, content_range
    )


class HttpDeskChannel:
    """A desk over HTTP. Every wait is limited by `timeout_s`; a package is streamed, never held in memory."""

    def __init__(
        self, client: httpx.AsyncClient, base_url: str, credential: Credential, name: str, timeout_s: float = 10.0
    ) -> None:
        self._client = client
        self._base = base_url.rstrip("/")
        self._credential = credential
        self._name = name
        self._timeout = httpx.Timeout(timeout_s)

    async def deliver_notice(self, handoff_id: str, notice: bytes) -> None:
        headers = {"Content-Type": "application/json", "Idempotency-Key": handoff_id}
        await self._send("POST", "/api/handoffs", headers, notice, body_sha256(notice))

    async def deliver_package(self, handoff_id: str, package: Path, sha256: str) -> str:
        """A large one goes on where an earlier try was cut off, as far as the receiver kept it."""
        path = f"/api/handoffs/{handoff_id}/package"
        size = package.stat().st_size
        first, is_there = await self._kept(path, sha256) if size >= RESUMED_BYTES else (0, False)
        if is_there:
            return self._name
        first = first if first < size else 0
        headers = {
            "Content-Type": "application/zip",
            "Content-Length": str(size - first),
            "X-Content-SHA256": sha256,
            "Idempotency-Key": handoff_id,
        }
        if first:
            headers["Content-Range"] = f"bytes {first}-{size - 1}/{size}"
        response = await self._send("PUT", path, headers, _stream(package, first), sha256)
        return _receiver(response) or self._name

    async def _kept(self, path: str, sha256: str) -> tuple[int, bool]:
        """Return how many bytes of a package the receiver has (0 where it does not say) and whether it stored the whole.

        Raises ReceiverUnreachable.
        """
        headers = {"X-Content-SHA256": sha256} | self._proof("HEAD", path, sha256, "")
        try:
            response = await self._client.head(f"{self._base}{path}", headers=headers, timeout=self._timeout)
        except httpx.HTTPError as error:
            raise ReceiverUnreachable(receiver=self._name, why=type(error).__name__) from error
        told = response.headers.get("upload-offset", "")
        if response.status_code != 200 or not told.isdecimal():
            return 0, False
        return int(told), response.headers.get("upload-complete") == "?1"

    async def deliver_update(self, handoff_id: str, update_id: str, body: bytes) -> None:
        """Tell the receiver something more about a hand-off. Raises DeliveryFailed; HandoffNotThere on a 404."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": update_id}
        await self._send("POST", f"/api/handoffs/{handoff_id}/updates", headers, body, body_sha256(body))

    async def _send(
        self, method: str, path: str, headers: dict[str, str], body: bytes | AsyncIterator[bytes], sha256: str
    ) -> httpx.Response:
        headers = headers | self._proof(method, path, sha256, headers.get("Content-Range", ""))
        try:
            response = await self._client.request(
                method, f"{self._base}{path}", headers=headers, content=body, timeout=self._timeout
            )
        except httpx.HTTPError as error:
            raise ReceiverUnreachable(receiver=self._name, why=type(error).__name__) from error
        if response.status_code in (200, 201):
            return response
        raise self._failure(response)

    def _proof(self, method: str, path: str, sha256: str, content_range: str) -> dict[str, str]:
        """Return what proves us; signed is the path as the desk sees it, behind whatever its address begins with."""
        return self._credential(method, f"{httpx.URL(self._base).path.rstrip('/')}{path}", sha256, content_range)

    def _failure(self, response: httpx.Response) -> DeliveryFailed:
        """Sort an answer: the credential, the content (trying again soon will not help), or the receiver's trouble."""
        why = f"HTTP {response.status_code}"
        if response.status_code in (401, 403):
            return CredentialRefused(receiver=self._name, why=why)
        if response.status_code == 404 and _code(response) == "unknown_handoff":
            return HandoffNotThere(receiver=self._name, why=why)
        if response.status_code == 409 and _code(response) == "wrong_offset":
            return ReceiverUnreachable(receiver=self._name, why=why)  # another try of ours holds the part: soon again
        if 400 <= response.status_code < 500 and response.status_code not in (408, 425, 429):
            return DeliveryRefused(receiver=self._name, why=f"{why} {_code(response)}".strip())
        return ReceiverUnreachable(receiver=self._name, why=why)


async def _stream(package: Path, first: int) -> AsyncIterator[bytes]:
    async with await anyio.open_file(package, "rb") as file:
        await file.seek(first)
        while chunk := await file.read(CHUNK_BYTES):
            yield chunk


def _answer(response: httpx.Response) -> dict[str, object]:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _receiver(response: httpx.Response) -> str:
    return str(_answer(response).get("receiver", ""))[:_MAX_NAME]


def _code(response: httpx.Response) -> str:
    """Return the receiver's error code; its free text stays out of the journal."""
    code = str(_answer(response).get("code", ""))
    return code if code.isidentifier() else ""
