"""Which senders are alive. Pollers (DC-09 NULL, XNM) have a rhythm; one that misses its beat is late.

The rhythm is the interval that the centre has registered, else what the sender says of itself (DC-09 `C`), else learned:
the median of the last gaps between polls. A registered sender is late even when it was never heard. What is late, and the
rhythm, are facts of the journal, so that a restart goes on with them; when each was last heard is only held here.
"""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Iterable

import msgspec

from smartcity_console.model.events import (
    Event,
    SenderChanged,
    SenderHeard,
    SenderLate,
    SenderRegistered,
    SenderRemoved,
)
from smartcity_console.model.sender import SenderRecord, canonical_account

POLLS_TO_LEARN = 4
"""Polls whose three gaps give the rhythm."""

_MOST_ACCOUNTS = 100_000  # held at most, so that invented account numbers cannot fill the memory


class _Recorded(msgspec.Struct):
    """What the journal says of a sender."""

    late: bool
    interval_s: float
    firm_id: str | None


class _Heard(msgspec.Struct):
    """When a sender was heard here, in monotonic seconds."""

    last_s: float
    polls_s: deque[float]
    told_s: float = 0.0  # what the sender itself says is its longest silence


class _Registered(msgspec.Struct, frozen=True):
    """What the centre expects of a sender, since a monotonic time."""

    account: str
    firm_id: str | None
    interval_s: float
    since_s: float


class Supervision:
    """Holds every sender. `note` takes down a message, `heard` and `overdue` say what to append, `take` folds it."""

    def __init__(self, started_s: float) -> None:
        self._started_s = started_s
        self._now_s = started_s
        self._recorded: dict[str, _Recorded] = {}
        self._heard: dict[str, _Heard] = {}
        self._spelled: dict[str, tuple[str, ...]] = {}  # recorded accounts by canonical account
        self._registered: dict[str, _Registered] = {}  # supervised ones only, by canonical account
        self._unheard: dict[str, _Registered] = {}  # those of them that the journal never heard

    def take(self, events: Iterable[Event]) -> None:
        """Fold the journal's sender events in."""
        for event in events:
            if event.type == SenderHeard.__name__:
                heard = event.payload_as(SenderHeard)
                self._record(heard.account, _Recorded(False, heard.interval_s, heard.firm_id))
            elif event.type == SenderLate.__name__:
                late = event.payload_as(SenderLate)
                before = self._recorded.get(late.account)
                interval_s = before.interval_s if before else 0.0
                self._record(late.account, _Recorded(True, interval_s, late.firm_id))
            elif event.type == SenderRegistered.__name__:
                self._register(event.payload_as(SenderRegistered).sender)
            elif event.type == SenderChanged.__name__:
                self._register(event.payload_as(SenderChanged).sender)
            elif event.type == SenderRemoved.__name__:
                self._remove(event.payload_as(SenderRemoved).before)

    def note(self, account: str, now_s: float, *, is_poll: bool, interval_s: float = 0.0) -> None:
        """Take down that a sender was heard, at a monotonic time; `interval_s` if it said when to expect it next."""
        if account not in self._heard and len(self._heard) >= _MOST_ACCOUNTS:
            self._heard.pop(next(iter(self._heard)))
        self._now_s = now_s
        heard = self._heard.setdefault(account, _Heard(now_s, deque(maxlen=POLLS_TO_LEARN)))
        heard.last_s = now_s
        if is_poll:
            heard.polls_s.append(now_s)
            heard.told_s = interval_s or heard.told_s

    def heard(self, account: str, firm_id: str | None) -> SenderHeard | None:
        """Return what to append of a sender just heard: its first message, its return, a rhythm newly learned."""
        recorded = self._recorded.get(account)
        interval_s = self._interval_s(account, recorded)
        if recorded and not recorded.late and not _has_changed(recorded.interval_s, interval_s):
            return None
        return SenderHeard(account=account, firm_id=firm_id, interval_s=interval_s)

    def overdue(self, now_s: float) -> list[SenderLate]:
        """Return the senders that have newly missed their beat, and the registered ones that never had one."""
        self._now_s = now_s
        silent = [
            SenderLate(account=one.account, firm_id=one.firm_id, silent_s=round(now_s - one.since_s, 1))
            for one in self._unheard.values()
            if now_s - one.since_s > allowed_silence_s(one.interval_s)
        ]
        return silent + [
            SenderLate(account=account, firm_id=recorded.firm_id, silent_s=round(self._silent_s(account, now_s), 1))
            for account, recorded in self._recorded.items()
            if not recorded.late
            and recorded.interval_s > 0
            and self._silent_s(account, now_s) > allowed_silence_s(recorded.interval_s)
        ]

    def _silent_s(self, account: str, now_s: float) -> float:
        """Silence since the last message; since the start for a sender known only from the journal."""
        heard = self._heard.get(account)
        return now_s - (heard.last_s if heard else self._started_s)

    def _record(self, account: str, recorded: _Recorded) -> None:
        if account not in self._recorded:
            key = canonical_account(account)
            self._spelled[key] = (*self._spelled.get(key, ()), account)
            self._unheard.pop(key, None)
        self._recorded[account] = recorded

    def _register(self, sender: SenderRecord) -> None:
        """Take over what the centre expects of a sender; from now on it counts, also for one that was heard before."""
        key = canonical_account(sender.account)
        if sender.interval_s <= 0:
            if key in self._registered:
                self._remove(sender)
            return
        expected = _Registered(sender.account.upper(), sender.firm_id or None, sender.interval_s, self._now_s)
        self._registered[key] = expected
        known = self._spelled.get(key, ())
        for account in known:
            before = self._recorded[account]
            self._recorded[account] = _Recorded(before.late, sender.interval_s, before.firm_id)
        if not known:
            self._unheard[key] = expected

    def _remove(self, sender: SenderRecord) -> None:
        """Know nothing of a sender any more: its next message is a first one."""
        key = canonical_account(sender.account)
        self._unheard.pop(key, None)
        self._registered.pop(key, None)
        for account in self._spelled.pop(key, ()):
            del self._recorded[account]

    def _interval_s(self, account: str, recorded: _Recorded | None) -> float:
        if self._registered and (expected := self._registered.get(canonical_account(account))) is not None:
            return expected.interval_s
        heard = self._heard.get(account)
        if heard and heard.told_s:
            return heard.told_s
        polls_s = heard.polls_s if heard else ()
        if len(polls_s) < POLLS_TO_LEARN:
            return recorded.interval_s if recorded else 0.0
        gaps_s = [later - earlier for earlier, later in zip(polls_s, list(polls_s)[1:], strict=False)]
        return round(statistics.median(gaps_s), 1)


def allowed_silence_s(interval_s: float) -> float:
    """Return after how long a sender is late: half a beat over, and five seconds for the network."""
    return interval_s * 1.5 + 5.0


def _has_changed(recorded_s: float, learned_s: float) -> bool:
    """Whether a rhythm differs enough to be worth an event: at first, and then by more than half."""
    return abs(learned_s - recorded_s) > 0.5 * recorded_s if recorded_s else learned_s > 0.0
