"""One signed POST to an address that the operator has registered: to that host alone, wherever its name points today.

A name must not lead into the centre's own networks: what it resolves to is looked at, and exactly that address is called.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import httpx

from smartcity_console.intake.senders import is_within
from smartcity_console.intake.webhook.keys import Key
from smartcity_console.intake.webhook.signature import KEY, SIGNATURE, TIME, sign
from smartcity_console.model.sender import FirmRecord, address_of, is_this_machine, url_trouble
from smartcity_console.settings import Settings

_SOON = frozenset({408, 425, 429})
Resolve = Callable[[str, int], list[str]]


class CallFailed(Exception):
    """A call-back did not arrive; `reason` names no address. `lasting`: trying again soon is of no use."""

    def __init__(self, reason: str, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.lasting = reason, lasting


class CallBack:
    """Owns the HTTP client. Use on one event loop; `close` at the end."""

    def __init__(self, settings: Settings, resolve: Resolve | None = None) -> None:
        self._timeout_s = settings.number("status.timeout_s")
        self._resolve = resolve or _resolved
        ca = settings.text("status.ca")
        context = ssl.create_default_context(cafile=str(Path(ca)) if ca else None)
        limits = httpx.Limits(max_connections=32, max_keepalive_connections=8)
        self._client = httpx.AsyncClient(
            verify=context, trust_env=False, follow_redirects=False, timeout=self._timeout_s, limits=limits
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def send(self, firm: FirmRecord, key_id: str, key: Key, return_id: str, body: bytes, now: datetime) -> int:
        """Send a body; return the HTTP status of a receiver that took it. Raises CallFailed."""
        if url_trouble(firm.status_url):
            raise CallFailed("its address cannot be called back", lasting=True)
        parts, time_s = urlsplit(firm.status_url), int(now.timestamp())
        headers = {
            "Host": parts.netloc,
            "Content-Type": "application/json",
            "Idempotency-Key": return_id,
            KEY: key_id,
            TIME: str(time_s),
            SIGNATURE: sign(key.secret, time_s, body),
        }
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._post(parts, firm, headers, body)
        except TimeoutError:
            raise CallFailed("it did not answer in time") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            raise CallFailed(f"it cannot be reached ({type(error).__name__})") from None

    async def _post(self, parts: SplitResult, firm: FirmRecord, headers: Mapping[str, str], body: bytes) -> int:
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        address = await self._address(host, port, firm)
        shown = f"[{address}]" if ":" in address else address
        url = parts._replace(netloc=f"{shown}:{port}").geturl()
        asked = self._client.stream("POST", url, content=body, headers=headers, extensions={"sni_hostname": host})
        async with asked as answer:  # its body is of no meaning and is not read
            status = answer.status_code
        if 200 <= status < 300:
            return status
        if 300 <= status < 400:
            raise CallFailed(f"it answered {status}: redirects are not followed", lasting=True)
        raise CallFailed(f"it answered {status}", lasting=status < 500 and status not in _SOON)

    async def _address(self, host: str, port: int, firm: FirmRecord) -> str:
        """Return the address to call. Raises CallFailed when a name leads where the operator has not registered."""
        if (literal := address_of(host)) is not None:
            return str(literal)
        found = await asyncio.to_thread(self._resolve, host, port)
        if host == "localhost":
            found = [address for address in found if is_this_machine(address)]
        elif not all(_may_be_called(address, firm) for address in found):
            raise CallFailed("its name leads to a private address that is not registered", lasting=True)
        if not found:
            raise CallFailed("its name is not known")
        return found[0]


def _may_be_called(text: str, firm: FirmRecord) -> bool:
    """A public address, or one in a network that the operator registered for this firm."""
    address = address_of(text)
    if address is None or address.is_multicast or address.is_unspecified:
        return False
    return address.is_global or (bool(firm.networks) and is_within(text, firm.networks))


def _resolved(host: str, port: int) -> list[str]:
    told = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in told))
