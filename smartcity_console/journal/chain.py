"""The hash chain: each event's hash covers all of its row and the hash before it (SHA-256, FIPS 180-4)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from smartcity_console.model.events import Event

GENESIS = "0" * 64
"""The hash before the first event."""


Row = tuple[int, str, int, str, str, str, str | bytes, str, str]
"""seq, stream, version, type, at, actor, data, prev_hash, hash: as they lie in the table."""


class Broken(msgspec.Struct, frozen=True):
    """The first event that does not verify, and why."""

    seq: int
    why: str


def at_text(at: datetime) -> str:
    """Return a UTC time as it is stored and hashed: `2026-11-23T05:03:04.000123Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def event_hash(seq: int, stream: str, version: int, kind: str, at: str, actor: str, data: bytes, prev_hash: str) -> str:
    """Return the hex SHA-256 over the length-prefixed fields, so that no two rows give the same bytes."""
    # One format for all fields: a list of parts that is joined takes half as long again, for every event of every walk.
    before, number, name = prev_hash.encode(), str(seq).encode(), stream.encode()
    count, what, when, who = str(version).encode(), kind.encode(), at.encode(), actor.encode()
    told = _FIELDS % (
        *(len(before), before, len(number), number, len(name), name, len(count), count),
        *(len(what), what, len(when), when, len(who), who, len(data), data),
    )
    return hashlib.sha256(told).hexdigest()


_FIELDS = b"%d:%b," * 8


def first_break(events: Iterable[Event]) -> Broken | None:
    """Walk events in order of `seq` from the first; return the first that does not follow from the one before, or None."""
    return follow(map(_row_of, events)).broken


class Followed(msgspec.Struct, frozen=True):
    """How far a walk came: the last sound event's number and hash, and the break that ended it."""

    seq: int
    hash: str
    broken: Broken | None = None


def follow(rows: Iterable[Row], seq: int = 0, prev_hash: str = GENESIS) -> Followed:
    """Walk rows on from a sound event. Rows are hashed as they lie: another spelling of the same time is a change too."""
    for row in rows:
        if row[0] != seq + 1:
            return Followed(seq, prev_hash, Broken(seq + 1, f"missing, the next is {row[0]}"))
        if row[7] != prev_hash:
            return Followed(seq, prev_hash, Broken(seq + 1, "does not follow from the event before"))
        if row[8] != row_hash(row):
            return Followed(seq, prev_hash, Broken(seq + 1, "its content was changed"))
        seq, prev_hash = row[0], row[8]
    return Followed(seq, prev_hash)


def row_hash(row: Row) -> str:
    """Return the hash that a row must have; "" when a column holds what no program of ours writes."""
    seq, stream, version, kind, at, actor, data, prev_hash, _ = row
    try:
        raw = data if isinstance(data, bytes) else data.encode()
        return event_hash(seq, stream, version, kind, at, actor, raw, prev_hash)
    except (AttributeError, TypeError, UnicodeError):
        return ""


def _row_of(event: Event) -> Row:
    e = event
    return (e.seq, e.stream, e.version, e.type, at_text(e.at), e.actor, e.data, e.prev_hash, e.hash)
