"""How much one address may ask: a bucket of requests, and few failures of a password or a credential."""

from __future__ import annotations

from collections import OrderedDict

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from smartcity_console.clock import Clock
from smartcity_console.desk.errors import LockedOut, TooSoon, told

MOST_ADDRESSES = 4096
BURST, PER_S = 400.0, 80.0  # requests of one address: a video player asks for many ranges
MOST_FAILURES, LOCKED_S = 5, 300.0
MOST_OF_ADDRESS = 20


class Buckets:
    """One bucket an address, for the addresses that came last."""

    def __init__(self, clock: Clock, burst: float = BURST, per_s: float = PER_S) -> None:
        self._clock, self._burst, self._per_s = clock, burst, per_s
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> None:
        """Raises TooSoon when the bucket is empty."""
        now_s = self._clock.monotonic_s()
        left, at_s = self._left.pop(address, (self._burst, now_s))
        left = min(self._burst, left + (now_s - at_s) * self._per_s)
        self._left[address] = (left - 1.0 if left >= 1.0 else left, now_s)
        while len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)
        if left < 1.0:
            raise TooSoon()


class Failures:
    """Counts failures by key; who failed too often waits. A success forgets them."""

    def __init__(self, clock: Clock, most: int = MOST_FAILURES, locked_s: float = LOCKED_S) -> None:
        self._clock, self._most, self._locked_s = clock, most, locked_s
        self._failed: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def check(self, key: str) -> None:
        """Raises LockedOut while the key is locked."""
        count, last_s = self._failed.get(key, (0, 0.0))
        left_s = self._locked_s - (self._clock.monotonic_s() - last_s)
        if count >= self._most and left_s > 0:
            raise LockedOut(seconds=int(left_s) + 1)
        if count and left_s <= 0:
            del self._failed[key]

    def failed(self, key: str) -> None:
        count, _ = self._failed.pop(key, (0, 0.0))
        self._failed[key] = (count + 1, self._clock.monotonic_s())
        while len(self._failed) > MOST_ADDRESSES:
            self._failed.popitem(last=False)

    def forget(self, key: str) -> None:
        self._failed.pop(key, None)


class LimitedAddresses:
    """Answers 429 to an address that asks too much, before anything is done."""

    def __init__(self, app: ASGIApp, buckets: Buckets) -> None:
        self._app, self._buckets = app, buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                self._buckets.take(address_of(HTTPConnection(scope)))
            except TooSoon as error:
                return await told(error, {"Retry-After": "1"})(scope, receive, send)
        return await self._app(scope, receive, send)


def address_of(connection: HTTPConnection) -> str:
    """Return the other end's address as the socket tells it: a forwarded header can be made up."""
    return connection.client.host if connection.client else ""
