"""What is done with one frame, whatever carried it: opened, judged, stored; the answer goes out when it is on disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.intake.arrival import Arrival
from smartcity_console.intake.dc09.alerts import POLLS, poll_interval_s, read_alerts
from smartcity_console.intake.dc09.counters import Counters
from smartcity_console.intake.dc09.errors import FrameDamaged, FrameNotUnderstood
from smartcity_console.intake.dc09.frame import Frame, open_frame, parse_frame
from smartcity_console.intake.dc09.replies import REPLIES, ack, duh, nak
from smartcity_console.intake.dc09.timestamp import in_window
from smartcity_console.intake.inbox import Inbox
from smartcity_console.intake.limits import TokenBuckets
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.ids import new_id

PROTOCOL = "dc09"
_REFUSALS_AT_ONCE = 20.0  # recorded of one address; what it sends beyond is counted, so that garbage fills no journal
_REFUSALS_RATE_S = 1.0 / 60.0
Reply = Callable[[bytes], None]
"""Takes the answer to one frame, once; b"" is silence, which makes every transmitter send again."""
KeyOf = Callable[[str], bytes | None]
Allowed = Callable[[str, str], bool]
"""Whether an account may be spoken for from an address."""


class Limits(msgspec.Struct, frozen=True):
    """Messages a second in the long run; twelve seconds' worth may come at once."""

    per_account_s: float
    per_address_s: float


class Dc09Handler:
    """One for all connections and datagrams; lives on the event loop."""

    def __init__(
        self, inbox: Inbox, key_of: KeyOf, allowed: Allowed, clock: Clock, limits: Limits, counters: Counters
    ) -> None:
        self._inbox, self._key_of, self._allowed, self._clock = inbox, key_of, allowed, clock
        self.counters = counters
        self._accounts = TokenBuckets(limits.per_account_s, limits.per_account_s * 12)
        self._addresses = TokenBuckets(limits.per_address_s, limits.per_address_s * 12)
        self._refusals = TokenBuckets(_REFUSALS_RATE_S, _REFUSALS_AT_ONCE)
        self._limited = TokenBuckets(_REFUSALS_RATE_S, 1.0)

    def handle(self, raw: bytes, address: str, reply: Reply) -> bool:
        """Take one whole frame from an address. Returns False when its sender is too fast and should be slowed."""
        self.counters.frames += 1
        frame: Frame | None = None
        try:
            if not self._within(self._addresses, address, "", address):
                reply(b"")
                return False
            frame = parse_frame(raw)
            return self._handle(frame, address, reply)
        except FrameDamaged as error:
            self.counters.naks += 1
            self.record_refusal(frame.account if frame else "", error.reason, address)
            reply(nak(self._clock.now()))
        except FrameNotUnderstood as error:
            self.counters.duhs += 1
            self.record_refusal(frame.account if frame else "", error.reason, address)
            reply(duh(frame))
        except ConsoleError:  # told by the inbox, once for as long as it lasts
            self.counters.unanswered += 1
            reply(b"")
        return True

    def record_refusal(self, account: str, reason: str, address: str) -> None:
        """Put a refusal on record, as long as its address does not make too many."""
        if self._refusals.take(address, self._clock.monotonic_s()):
            self._inbox.put_refusal(account, PROTOCOL, reason)
        else:
            self.counters.refusals_not_recorded += 1

    def _handle(self, frame: Frame, address: str, reply: Reply) -> bool:
        if frame.id in REPLIES:
            self.counters.replies_ignored += 1
            reply(b"")
            return True
        key = self._key_of(frame.account) if frame.account else None
        frame = _opened(frame, key)
        if frame.account and not self._allowed(frame.account, address):
            raise FrameNotUnderstood("its account may not be reported from this address")
        if not self._within(self._accounts, frame.account.upper(), frame.account, address):
            reply(b"")
            return False
        self._store(frame, key, address, reply)
        return True

    def _store(self, frame: Frame, key: bytes | None, address: str, reply: Reply) -> None:
        """Store what a frame says. A stored one sent again keeps its first time stamp, which is not judged again."""
        now, inbox = self._clock.now(), self._inbox
        if frame.timestamp and not in_window(frame.timestamp, now) and not inbox.is_stored(frame.digest):
            raise FrameDamaged(_off_by(frame.timestamp, now))
        done = partial(self._stored, frame, key, reply)
        if frame.id in POLLS:
            inbox.offer_poll(frame.account, done, poll_interval_s(frame))
        else:
            arrivals = read_alerts(frame, now, lambda: new_id("alert", now, os.urandom))
            self._check_told(frame, key, arrivals, address)
            inbox.offer_alerts(frame.account or arrivals[0].alert.account, frame.digest, arrivals, done)

    def _check_told(self, frame: Frame, key: bytes | None, arrivals: Sequence[Arrival], address: str) -> None:
        """Judge the accounts in the data that the head does not name: a firm's relay reports for many premises.

        An account with a key is believed only under that key, whatever the head says.
        """
        for account in {arrival.alert.account for arrival in arrivals} - {frame.account}:
            if self._key_of(account) not in (None, key):
                raise FrameNotUnderstood("its data names an account that must send encrypted with its own key")
            if not self._allowed(account, address):
                raise FrameNotUnderstood("its data names an account that may not be reported from this address")

    def _stored(self, frame: Frame, key: bytes | None, reply: Reply, error: ConsoleError | None) -> None:
        if error is not None:
            self.counters.unanswered += 1
            reply(b"")
        else:
            self.counters.acks += 1
            reply(ack(frame, key, self._clock.now()))

    def _within(self, buckets: TokenBuckets, key: str, account: str, address: str) -> bool:
        """Count a message against a limit. What is over it is recorded once a minute and otherwise only counted."""
        now_s = self._clock.monotonic_s()
        if buckets.take(key, now_s):
            return True
        self.counters.limited += 1
        if self._limited.take(f"{account}@{address}", now_s):
            self._inbox.put_refusal(account, PROTOCOL, "it sends more than it may: not answered until it slows down")
        return False


def _opened(frame: Frame, key: bytes | None) -> Frame:
    """Return the frame in clear. An account with a key is believed only under it, polls included."""
    if frame.encrypted:
        if key is None:
            raise FrameNotUnderstood("it is encrypted and this account has no key here")
        return open_frame(frame, key)
    if key is not None:
        raise FrameNotUnderstood("it is in clear and this account must send encrypted")
    return frame


def _off_by(sent: datetime, now: datetime) -> str:
    seconds = (sent - now).total_seconds()
    side = "ahead" if seconds > 0 else "behind"
    return f"its time is {abs(seconds):.0f} s {side}"
