"""Times on the screen. Inside the program every time is UTC; a person reads Asia/Seoul."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

SEOUL = timezone(timedelta(hours=9), "Asia/Seoul")
"""Fixed: Korea has kept UTC+9 without summer time since 1988-10-09, and a bare machine may lack the zone files."""


def clock_text(at: datetime) -> str:
    """Return `14:03:27` in Seoul."""
    return at.astimezone(SEOUL).strftime("%H:%M:%S")


def date_text(at: datetime) -> str:
    """Return `2026-11-23` in Seoul."""
    return at.astimezone(SEOUL).strftime("%Y-%m-%d")


def span_text(seconds: float) -> str:
    """Return `mm:ss`, or `h:mm:ss` from an hour on; a negative span (a sender's clock ahead of ours) reads 00:00."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes:02}:{secs:02}"


def elapsed_s(since: datetime, now: datetime) -> float:
    """Return seconds from `since` to `now`."""
    return (now - since).total_seconds()
