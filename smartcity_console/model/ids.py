"""Identifiers that sort by time and carry nothing about a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base 32, lower case
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)


def new_id(prefix: str, at: datetime, random_bytes: Callable[[int], bytes]) -> str:
    """Return `prefix-` and 26 base-32 digits: 48 bits of milliseconds, 80 of randomness (the layout of ULID)."""
    number = (int(at.timestamp() * 1000) << 80) | int.from_bytes(random_bytes(10), "big")
    return f"{prefix}-" + "".join([_PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10)])
