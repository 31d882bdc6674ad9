"""Shelves (ISA-18.2 clause 11.7): alarms that a supervisor keeps out of the queue for a time, with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from smartcity_console.model.alert import Alert, Priority
from smartcity_console.model.events import AlarmShelved, AlarmUnshelved

LONGEST_H = 8.0
"""Hours for which an alarm may be shelved: one shift, so that who takes over decides anew."""


KEPT = timedelta(hours=1)
"""A shelf outlasts its time by so much: alerts are not counted in the order in which they were received."""


class Shelf(msgspec.Struct, frozen=True):
    """One shelf; `held` counts the alerts that it has kept out of the queue."""

    said: AlarmShelved
    since: datetime
    held: int = 0

    @property
    def key(self) -> tuple[str, str]:
        return self.said.account.upper(), self.said.zone


class Shelves:
    """The shelves by account and zone ("" is every zone of an account)."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, str], Shelf] = {}

    def __len__(self) -> int:
        return len(self._by_key)

    def shelve(self, said: AlarmShelved, at: datetime) -> None:
        """Take a shelving over; one of the same detector before it is replaced."""
        self._by_key[(said.account.upper(), said.zone)] = Shelf(said, at)

    def unshelve(self, said: AlarmUnshelved) -> None:
        self._by_key.pop((said.account.upper(), said.zone), None)

    def holding(self, alert: Alert) -> Shelf | None:
        """Return the shelf that keeps an alert out of the queue. What is urgent is never shelved away."""
        if not self._by_key or alert.priority is Priority.EMERGENCY:
            return None
        account = alert.account.upper()
        found = (self._by_key.get(key) for key in ((account, alert.zone), (account, "")))
        standing = [shelf for shelf in found if shelf is not None and alert.received_at < shelf.said.until]
        return max(standing, key=lambda shelf: shelf.said.until, default=None)

    def count(self, alert: Alert) -> None:
        """Count an alert where a shelf holds it back; forget the shelves that ended well before it."""
        over = [key for key, shelf in self._by_key.items() if alert.received_at - shelf.said.until > KEPT]
        for key in over:
            del self._by_key[key]
        if (shelf := self.holding(alert)) is not None:
            self._by_key[shelf.key] = msgspec.structs.replace(shelf, held=shelf.held + 1)

    def get(self, account: str, zone: str) -> Shelf | None:
        return self._by_key.get((account.upper(), zone))

    def standing(self, now: datetime) -> Iterator[Shelf]:
        """Yield the shelves whose time is not over, the one that ends first at the front."""
        yield from sorted((s for s in self._by_key.values() if s.said.until > now), key=lambda shelf: shelf.said.until)
