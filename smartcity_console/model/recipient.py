"""A recipient of hand-offs as an incident sees it: who, why this one, whether somebody is there now."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from datetime import datetime, time
from zoneinfo import ZoneInfo

import msgspec

from smartcity_console.model.agency import Agency
from smartcity_console.model.alert import AlertKind

LOCAL_TIME = ZoneInfo("Asia/Seoul")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DUTY = re.compile(r"(?:(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))? )?(?P<begin>\d\d:\d\d)-(?P<end>\d\d:\d\d)")


class Duty(msgspec.Struct, frozen=True):
    """Hours in which somebody is there, in Korean time. `days`: 0 is Monday; an end at or before the begin is tomorrow's."""

    days: tuple[int, ...]
    begin: time
    end: time

    def covers(self, at: datetime) -> bool:
        """Return whether a moment (with its offset) lies within."""
        local = at.astimezone(LOCAL_TIME)
        clock, day = local.time(), local.weekday()
        if self.begin < self.end:
            return day in self.days and self.begin <= clock < self.end
        return (day in self.days and clock >= self.begin) or ((day - 1) % 7 in self.days and clock < self.end)


def parse_duty(text: str) -> Duty:
    """Read `mon-fri 09:00-18:00`, `sat 09:00-13:00` or `18:00-09:00` (every day). Raises ValueError."""
    found = _DUTY.fullmatch(text.strip().lower())
    if found is None or any(found[name] not in (None, *_DAYS) for name in ("first", "last")):
        raise ValueError(f"{text}: write mon-fri 09:00-18:00")
    first = _DAYS.index(found["first"]) if found["first"] else 0
    last = _DAYS.index(found["last"]) if found["last"] else (first if found["first"] else 6)
    days = tuple(range(first, last + 1)) if first <= last else (*range(first, 7), *range(last + 1))
    return Duty(days, time.fromisoformat(found["begin"]), _end(found["end"]))


def _end(text: str) -> time:
    return time(0) if text == "24:00" else time.fromisoformat(text)


class Why(enum.StrEnum):
    """On what ground a recipient is proposed for a place."""

    AREA = "area"  # the place lies in its area
    NEAREST = "nearest"  # no area is known there: it is the nearest
    OFF_DUTY_NEXT = "off_duty_next"  # whose area it is is off duty: the nearest that is on


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """An agency that may be handed an incident. `for_kinds` and `duty` empty: any kind, round the clock."""

    agency: Agency
    why: Why
    distance_m: float
    for_kinds: tuple[AlertKind, ...] = ()
    duty: tuple[Duty, ...] = ()
    duty_words: tuple[str, ...] = ()
    is_masked: bool = False  # gets copies with the cameras' privacy masks burned in
    ways: tuple[str, ...] = ()  # how it is reached, first way first: https, folder, sftp, mail

    def on_duty(self, at: datetime) -> bool:
        """Return whether somebody is there."""
        return on_duty(self.duty, at)

    def suits(self, kind: AlertKind) -> bool:
        """Return whether it takes incidents of a kind."""
        return not self.for_kinds or kind in self.for_kinds


def on_duty(duty: Iterable[Duty], at: datetime) -> bool:
    """Return whether any of the hours covers a moment; none given: always."""
    hours = tuple(duty)
    return not hours or any(one.covers(at) for one in hours)
