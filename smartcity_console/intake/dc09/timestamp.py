"""The time stamp of DC-09 §5.5.1.9, `HH:MM:SS,MM-DD-YYYY` in UTC, and the window it must lie in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

AHEAD = timedelta(seconds=20)
BEHIND = timedelta(seconds=40)
_FORMAT = "%H:%M:%S,%m-%d-%Y"
_SIGNS = "::,--"  # what stands between the six numbers


def format_timestamp(at: datetime) -> str:
    """Return a time as it stands on the wire, without the leading underscore."""
    return at.astimezone(UTC).strftime(_FORMAT)


def parse_timestamp(text: str) -> datetime:
    """Return the time of a stamp. Raises ValueError."""
    if len(text) != 19 or text[2] + text[5] + text[8] + text[11] + text[14] != _SIGNS:
        raise ValueError("not HH:MM:SS,MM-DD-YYYY")
    return datetime.fromisoformat(f"{text[15:]}-{text[9:11]}-{text[12:14]}T{text[:8]}+00:00")


def in_window(sent: datetime, now: datetime) -> bool:
    """Return whether a sender's time is at most 20 s ahead of and 40 s behind the receiver's."""
    return now - BEHIND <= sent <= now + AHEAD
