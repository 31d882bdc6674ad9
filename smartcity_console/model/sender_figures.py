"""How firms and accounts report and what became of it: a fold over the journal, asked for a period.

Alerts are counted by day; an incident counts for each account and firm that has an alert in it. What is a test, or was
merged into another incident, does not count. Times are UTC; days are those of the offset that is given.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, timezone

import msgspec

from smartcity_console.model import events as ev
from smartcity_console.model.alert import Alert, AlertKind
from smartcity_console.model.verdict import Grade

KOREA = timezone(timedelta(hours=9))
KEPT_DAYS = 400
_UNCOUNTED = frozenset({AlertKind.TEST, AlertKind.RESTORE})


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Of one account or firm in a period. `judged`: incidents with a verdict; medians in seconds, None: nothing to
    take one of."""

    alerts: int = 0
    incidents: int = 0
    judged: int = 0
    false_alarms: int = 0
    claim_s: float | None = None
    verdict_s: float | None = None
    handed_off: int = 0

    @property
    def false_share(self) -> float | None:
        """Return which part of the judged incidents was no alarm, 0 to 1."""
        return self.false_alarms / self.judged if self.judged else None


class _Case(msgspec.Struct):
    """What counts of one incident."""

    opened_at: datetime
    accounts: set[str]
    firms: set[str]
    claim_s: float | None = None
    verdict_s: float | None = None
    is_false: bool = False
    is_judged: bool = False
    is_handed_off: bool = False
    is_merged: bool = False


class _Told(msgspec.Struct, frozen=True):
    alert: Alert


_TOLD = msgspec.json.Decoder(_Told)


class SenderFigures:
    """Feed it the journal in order; ask at any time. Not shared between threads without a lock."""

    def __init__(self) -> None:
        self.last_seq = 0
        self._by_account: Counter[tuple[str, date]] = Counter()
        self._by_firm: Counter[tuple[str, date]] = Counter()
        self._cases: dict[str, _Case] = {}
        self._newest = date.min

    def take(self, events: Iterable[ev.Event]) -> None:
        """Fold events in; those that were seen are passed over."""
        for event in events:
            if event.seq > self.last_seq:
                self.last_seq = event.seq
                kind = event.type
                if kind in _TAKEN:
                    _TAKEN[kind](self, event.stream.partition("/")[2], event)

    def of_accounts(self, since: date, until: date) -> dict[str, Figures]:
        """Return the figures by account (upper case), both days included."""
        return self._figures(self._by_account, lambda case: case.accounts, since, until)

    def of_firms(self, since: date, until: date) -> dict[str, Figures]:
        """Return the figures by firm's id, both days included."""
        return self._figures(self._by_firm, lambda case: case.firms, since, until)

    def _figures(
        self, counted: Counter[tuple[str, date]], keys_of: Callable[[_Case], set[str]], since: date, until: date
    ) -> dict[str, Figures]:
        alerts: Counter[str] = Counter()
        for (key, day), number in counted.items():
            if since <= day <= until:
                alerts[key] += number
        cases: dict[str, list[_Case]] = {}
        for case in self._cases.values():
            if not case.is_merged and since <= _day(case.opened_at) <= until:
                for key in keys_of(case):
                    cases.setdefault(key, []).append(case)
        return {key: _figures_of(alerts[key], cases.get(key, [])) for key in alerts.keys() | cases.keys()}

    def _received(self, _key: str, event: ev.Event) -> None:
        alert = _TOLD.decode(event.data).alert
        if alert.is_test or alert.kind in _UNCOUNTED:
            return
        day = _day(event.at)
        self._by_account[alert.account.upper(), day] += 1
        if alert.firm_id:
            self._by_firm[alert.firm_id, day] += 1
        if day > self._newest:
            self._newest = day
            self._forget(day - timedelta(days=KEPT_DAYS))

    def _forget(self, before: date) -> None:
        """Keep the last days alone: a journal of years must not fill the memory."""
        for counted in (self._by_account, self._by_firm):
            for key in [key for key in counted if key[1] < before]:
                del counted[key]
        for incident_id in [id_ for id_, case in self._cases.items() if _day(case.opened_at) < before]:
            del self._cases[incident_id]

    def _opened(self, key: str, event: ev.Event) -> None:
        self._cases[key] = _Case(event.at, set(), set())
        self._alert(key, event.payload_as(ev.IncidentOpened).alert)

    def _joined(self, key: str, event: ev.Event) -> None:
        self._alert(key, event.payload_as(ev.AlertJoined).alert)

    def _absorbed(self, key: str, event: ev.Event) -> None:
        for alert in event.payload_as(ev.IncidentAbsorbed).alerts:
            self._alert(key, alert)

    def _alert(self, key: str, alert: Alert) -> None:
        if (case := self._cases.get(key)) is not None:
            case.accounts.add(alert.account.upper())
            if alert.firm_id:
                case.firms.add(alert.firm_id)

    def _claimed(self, key: str, event: ev.Event) -> None:
        if (case := self._cases.get(key)) is not None and case.claim_s is None:
            case.claim_s = (event.at - case.opened_at).total_seconds()

    def _graded(self, key: str, event: ev.Event) -> None:
        """The first verdict says how long it took, the last one what it was."""
        if (case := self._cases.get(key)) is None:
            return
        if case.verdict_s is None:
            case.verdict_s = (event.at - case.opened_at).total_seconds()
        case.is_judged = True
        case.is_false = event.payload_as(ev.VerdictGiven).grade is Grade.FALSE_ALARM

    def _handed_off(self, key: str, _event: ev.Event) -> None:
        if (case := self._cases.get(key)) is not None:
            case.is_handed_off = True

    def _merged(self, key: str, _event: ev.Event) -> None:
        if (case := self._cases.get(key)) is not None:
            case.is_merged = True

    def _unmerged(self, key: str, _event: ev.Event) -> None:
        if (case := self._cases.get(key)) is not None:
            case.is_merged = False


_TAKEN: dict[str, Callable[[SenderFigures, str, ev.Event], None]] = {
    "AlertReceived": SenderFigures._received,
    "IncidentOpened": SenderFigures._opened,
    "AlertJoined": SenderFigures._joined,
    "IncidentAbsorbed": SenderFigures._absorbed,
    "IncidentClaimed": SenderFigures._claimed,
    "VerdictGiven": SenderFigures._graded,
    "HandoffRequested": SenderFigures._handed_off,
    "IncidentMerged": SenderFigures._merged,
    "IncidentUnmerged": SenderFigures._unmerged,
}


def _day(at: datetime) -> date:
    return at.astimezone(KOREA).date()


def _figures_of(alerts: int, cases: list[_Case]) -> Figures:
    return Figures(
        alerts=alerts,
        incidents=len(cases),
        judged=sum(case.is_judged for case in cases),
        false_alarms=sum(case.is_false for case in cases),
        claim_s=_median(case.claim_s for case in cases),
        verdict_s=_median(case.verdict_s for case in cases),
        handed_off=sum(case.is_handed_off for case in cases),
    )


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None
