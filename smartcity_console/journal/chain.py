"""The hash chain: each event's hash covers all of its row and the hash before it (SHA-256, FIPS 180-4)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from smartcity_console.model.events import Event

GENESIS = "0" * 64
"""The hash before the first event."""


class Broken(msgspec.Struct, frozen=True):
    """The first event that does not verify, and why."""

    seq: int
    why: str


def at_text(at: datetime) -> str:
    """Return a UTC time as it is stored and hashed: `2026-11-23T05:03:04.000123Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def event_hash(seq: int, stream: str, version: int, kind: str, at: str, actor: str, data: bytes, prev_hash: str) -> str:
    """Return the hex SHA-256 over the length-prefixed fields, so that no two rows give the same bytes."""
    parts = [field.encode() for field in (prev_hash, str(seq), stream, str(version), kind, at, actor)]
    parts.append(data)
    return hashlib.sha256(b"".join([b"%d:%b," % (len(raw), raw) for raw in parts])).hexdigest()


def first_break(events: Iterable[Event], after_seq: int = 0, prev_hash: str = GENESIS) -> Broken | None:
    """Walk events in order of `seq`; return the first that does not follow from the one before, or None."""
    expected_seq = after_seq + 1
    for event in events:
        if event.seq != expected_seq:
            return Broken(expected_seq, f"missing, the next is {event.seq}")
        if event.prev_hash != prev_hash:
            return Broken(event.seq, "does not follow from the event before")
        if event.hash != _hash_of(event):
            return Broken(event.seq, "its content was changed")
        prev_hash, expected_seq = event.hash, expected_seq + 1
    return None


def _hash_of(event: Event) -> str:
    return event_hash(
        event.seq,
        event.stream,
        event.version,
        event.type,
        at_text(event.at),
        event.actor,
        event.data,
        event.prev_hash,
    )
