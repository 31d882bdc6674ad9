"""DC-09 over UDP: one datagram, one frame; the answer goes to where the datagram says it came from.

That address may be another's. So nothing is sent for what is no frame, refusals are few for each address, and no
answer is much longer than what asked for it: who forges an address gains nothing by the detour over us.
"""

from __future__ import annotations

import asyncio
import re
from functools import partial
from typing import Any, cast

from smartcity_console.intake.dc09.connection import Host
from smartcity_console.intake.limits import TokenBuckets

MOST_LONGER_BYTES = 24
"""A NAK carries the time, so it may exceed the shortest frames by this much."""
_MOST_UNDER_WAY = 4_096
_REFUSALS_RATE_S, _REFUSALS_AT_ONCE = 1.0, 10.0
_LOOKS_LIKE_A_FRAME = re.compile(rb"\n[0-9A-Fa-f]{8}\"[^\r\n]*\r", re.DOTALL)
_REFUSAL = re.compile(rb".{9}\"(?:NAK|DUH)\"", re.DOTALL)


class Dc09Datagrams(asyncio.DatagramProtocol):
    """Lives on the event loop."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._transport: asyncio.DatagramTransport | None = None
        self._under_way = 0
        self._refusals = TokenBuckets(_REFUSALS_RATE_S, _REFUSALS_AT_ONCE)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._transport = None

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        counters = self._host.counters
        counters.datagrams += 1
        whole = len(data) <= self._host.max_frame_bytes and _LOOKS_LIKE_A_FRAME.fullmatch(data)
        if not whole or self._under_way >= _MOST_UNDER_WAY:
            counters.datagrams_dropped += 1
            return
        self._under_way += 1
        self._host.handler.handle(data, str(addr[0]), partial(self._answer, addr, len(data)))

    def error_received(self, exc: Exception) -> None:
        """A sender's port is closed again: its answer is lost, and it will ask once more."""

    def _answer(self, addr: tuple[Any, ...], asked_bytes: int, answer: bytes) -> None:
        self._under_way -= 1
        if not answer or self._transport is None:
            return
        if len(answer) > asked_bytes + MOST_LONGER_BYTES or not self._may_refuse(addr, answer):
            self._host.counters.datagrams_dropped += 1
            return
        self._transport.sendto(answer, addr)

    def _may_refuse(self, addr: tuple[Any, ...], answer: bytes) -> bool:
        return _REFUSAL.match(answer) is None or self._refusals.take(str(addr[0]), self._host.clock.monotonic_s())
