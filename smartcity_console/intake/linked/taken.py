"""Which messages of the linked services were taken: they are not signed, so one that was heard could be played again.

A message is known by its digest for two days and refused when it says that it was sent more than one day ago: what is
too old to be remembered is too old to be taken.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta

from smartcity_console.intake.linked.errors import LinkedRefused
from smartcity_console.model.events import AlertReceived, Event

OLDEST = timedelta(days=1)
LATEST = timedelta(hours=1)
MEMORY = OLDEST + LATEST
_MOST = 200_000
_MARK = b'"protocol":"linked/'


class TakenMessages:
    """Digests, oldest first; folded from the journal, so that a restart forgets none."""

    def __init__(self) -> None:
        self._at: OrderedDict[str, datetime] = OrderedDict()

    def __contains__(self, digest: str) -> bool:
        return digest in self._at

    def take(self, events: Iterable[Event]) -> None:
        """Fold in what the journal holds of linked messages."""
        for event in events:
            if event.type == AlertReceived.__name__ and _MARK in event.data:
                alert = event.payload_as(AlertReceived).alert
                if alert.protocol.startswith("linked/") and alert.wire_digest:
                    self.add(alert.wire_digest, event.at)

    def add(self, digest: str, at: datetime) -> None:
        """Remember a message that was taken; forget those that are old enough to be refused by their time."""
        self._at[digest] = at
        while self._at and (at - next(iter(self._at.values())) > MEMORY or len(self._at) > _MOST):
            self._at.popitem(last=False)

    @staticmethod
    def check_time(sent_at: datetime, now: datetime) -> None:
        """Raise LinkedRefused for a message whose sending time is too old, or too far ahead, to be believed."""
        if not now - OLDEST <= sent_at <= now + LATEST:
            raise LinkedRefused("its sending time is more than a day old or an hour ahead")
