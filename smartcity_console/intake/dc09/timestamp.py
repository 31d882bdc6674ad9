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
    digits = text[0:2] + text[3:5] + text[6:8] + text[9:11] + text[12:14] + text[15:]
    if text[2:3] + text[5:6] + text[8:9] + text[11:12] + text[14:15] != _SIGNS or len(digits) != 14:
        raise ValueError("not HH:MM:SS,MM-DD-YYYY")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("a time of something else than digits")
    hour, minute, second, month, day = (int(digits[at : at + 2]) for at in range(0, 10, 2))
    return datetime(int(digits[10:]), month, day, hour, minute, second, tzinfo=UTC)


def in_window(sent: datetime, now: datetime) -> bool:
    """Return whether a sender's time is at most 20 s ahead of and 40 s behind the receiver's."""
    return now - BEHIND <= sent <= now + AHEAD
