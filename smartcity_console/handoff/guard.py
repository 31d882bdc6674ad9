"""What a drill's gateway may reach: the desks of its own workspace, on this machine, and nothing else in the world.

Every request of the gateway's HTTP client passes the guard right before it would be sent, whatever asked for it and
whatever a setting says: the one place at which a byte could leave.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

import httpx

from smartcity_console.handoff.errors import DeliveryRefused

Addresses = Callable[[], Iterable[str]]
"""The addresses that this workspace's own desks announce now, `http://127.0.0.1:9112`."""


class DrillGuarded(DeliveryRefused):
    """Trying again will never help: the address is not this drill's."""

    code = "drill_guarded"
    ko = "훈련 중이라 {receiver}(으)로는 아무것도 보내지 않았습니다. 이 훈련의 접수대가 아닙니다({why}). 실제 기관에는 아무것도 닿지 않았습니다."
    en = "This is a drill: nothing was sent to {receiver}, which is no desk of this drill ({why}). Nothing real was reached."


class DrillGuard:
    """Admits an address that is loopback by number and is announced by a desk of this workspace."""

    def __init__(self, own: Addresses) -> None:
        self._own = own

    def check(self, url: str) -> None:
        """Raises DrillGuarded for what is not this drill's own."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise DrillGuarded(receiver=url[:80], why="it cannot be read") from None
        origin = (parts.scheme, host, port)
        if not is_loopback(host):
            raise DrillGuarded(receiver=host or "-", why="it is not on this machine")
        if origin not in {_origin(address) for address in self._own()}:
            raise DrillGuarded(receiver=f"{host}:{port}", why="no desk of this drill announces it")


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends what the guard admits. A redirect is a request of its own and is looked at like any other."""

    def __init__(self, guard: DrillGuard, inner: httpx.AsyncBaseTransport | None = None) -> None:
        self._guard = guard
        self._inner = inner or httpx.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._guard.check(str(request.url))
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its number; a name may lead anywhere tomorrow, `localhost` too."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(address: str) -> tuple[str, str, int | None]:
    parts = urlsplit(address)
    return (parts.scheme, parts.hostname or "", parts.port)
