"""What is done with one message of the broker: decode, bind to its topic, store. Runs on the gateway's loop."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.intake.inbox import Inbox
from smartcity_console.intake.mqtt.frigate import PlaceOf, arrival_of, is_wanted, read_event
from smartcity_console.intake.mqtt.rules import Rules
from smartcity_console.intake.report import KeepFile, ReportRefused, Source, read_report
from smartcity_console.intake.report import arrival_of as arrival_of_report

MOST_BYTES = 20 << 20
_MOST_TOLD = 10_000


class Counters(msgspec.Struct):
    """What came from the broker since the start."""

    connected: bool = False
    messages: int = 0
    taken: int = 0
    passed_over: int = 0  # events of no label that means anything, repeats of one told already
    refused: int = 0
    unanswered: int = 0  # not stored, so not acknowledged: the broker sends it again
    dropped: int = 0  # too many waited


class MessageDesk:
    """`reports` is the topic's beginning under which plain reports come: `smartcity/alerts/ACCOUNT`."""

    def __init__(
        self,
        inbox: Inbox,
        rules: Rules,
        place_of: PlaceOf,
        keep: KeepFile,
        new_id: Callable[[], str],
        clock: Clock,
        reports: str,
        allowed: Callable[[str], bool] = lambda _account: True,
    ) -> None:
        """`allowed(account)`: whether an account may be reported by way of the broker."""
        self._allowed = allowed
        self._inbox, self._rules, self._place_of = inbox, rules, place_of
        self._keep, self._new_id, self._clock, self._reports = keep, new_id, clock, reports
        self._told: OrderedDict[str, None] = OrderedDict()  # Frigate's events that became an alert
        self.counters = Counters()

    async def take(self, topic: str, payload: bytes) -> None:
        """Store what a message reports. Raises ConsoleError when it could not be stored."""
        self.counters.messages += 1
        try:
            if len(payload) > MOST_BYTES:
                raise ReportRefused(f"it is longer than {MOST_BYTES} bytes")
            if topic.startswith(self._reports):
                await self._report(topic.removeprefix(self._reports), payload)
            else:
                await self._frigate(payload)
        except ReportRefused as error:
            self.counters.refused += 1
            self._inbox.put_refusal("mqtt", "mqtt", error.reason)

    async def _report(self, account: str, payload: bytes) -> None:
        """The broker's access list says who may publish under an account's topic: the report must be of that account."""
        report = read_report(payload)
        if report.account != account:
            raise ReportRefused("its account is not its topic's")
        if not self._allowed(account):
            raise ReportRefused("its account may not be reported by way of the broker")
        digest = hashlib.sha256(f"mqtt:{account}:{report.event_id}".encode()).hexdigest()
        source = Source("mqtt/report", digest)
        now = self._clock.now()
        arrival = await asyncio.to_thread(arrival_of_report, report, source, self._new_id(), now, self._keep)
        await self._inbox.put_alerts(account, digest, [arrival])
        self.counters.taken += 1

    async def _frigate(self, payload: bytes) -> None:
        event = read_event(payload)
        if event.after.id in self._told or not is_wanted(event, self._rules):
            self.counters.passed_over += 1
            return
        digest = hashlib.sha256(f"frigate:{event.after.id}".encode()).hexdigest()
        source, now = Source("mqtt/frigate", digest, firm_name="영상분석 Frigate"), self._clock.now()
        arrival = await asyncio.to_thread(
            arrival_of, event, self._rules, self._place_of, source, self._new_id, now, self._keep
        )
        await self._inbox.put_alerts(arrival.alert.account, digest, [arrival])
        self._remember(event.after.id)
        self.counters.taken += 1

    def _remember(self, event_id: str) -> None:
        self._told[event_id] = None
        if len(self._told) > _MOST_TOLD:
            self._told.popitem(last=False)
