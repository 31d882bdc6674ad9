"""Which firm is owed which word on its alerts: a fold over the journal, nothing else.

A firm with a call-back address is told of each of its alerts: received, being verified, 112 or 119 informed, closed with
the outcome. What is owed follows from the journal alone, and `StatusReturned` pays it: a crash in between loses nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import msgspec

from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert, AlertKind
from smartcity_console.model.sender import FirmRecord

RECEIVED, VERIFYING, INFORMED, CLOSED = "received", "verifying", "informed", "closed"
MOST_OWED = 5_000  # to one firm; what is beyond is counted and not sent
_MOST_TOLD, _MOST_CASES = 100_000, 20_000
_AGENCIES = {AgencyKind.POLICE: "112", AgencyKind.FIRE: "119"}
_FIRMS = frozenset({"FirmRegistered", "FirmChanged", "FirmRemoved"})
_SILENT = frozenset({AlertKind.RESTORE, AlertKind.TEST})


class Word(msgspec.Struct, frozen=True):
    """What became of an incident: the status, and with it the agency or the outcome."""

    status: str
    agency: str = ""
    outcome: str = ""


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """One word on one alert that its firm is owed. `id` is the same however often it is sent."""

    id: str
    firm_id: str
    alert_id: str
    account: str
    event_id: str
    reference: str
    word: Word
    at: datetime
    attempts: int = 0

    def body(self) -> bytes:
        """Return what the firm is sent: nothing of seats, notes or places."""
        told = {"return_id": self.id, "event_id": self.event_id, "account": self.account, "alert_id": self.alert_id}
        more = {"reference": self.reference, "agency": self.word.agency, "outcome": self.word.outcome}
        told |= {"status": self.word.status, "at": self.at.isoformat()}
        return msgspec.json.encode(told | {name: value for name, value in more.items() if value})


class _Case(msgspec.Struct):
    """One incident: its alerts that are owed words, the words so far, and its hand-offs."""

    alerts: dict[str, Alert]
    words: list[tuple[Word, datetime]]
    handoffs: dict[str, str]


class StatusFold:
    """Lives on the gateway's event loop. `owed` by firm, oldest first."""

    def __init__(self) -> None:
        self._told_firms: set[str] = set()  # those that have a call-back address at this point of the journal
        self.owed: dict[str, OrderedDict[str, Owed]] = {}
        self.dropped = 0
        self._told: OrderedDict[str, None] = OrderedDict()
        self._cases: OrderedDict[str, _Case] = OrderedDict()
        self._takes: dict[str, Callable[[str, ev.Event], None]] = {
            "IncidentOpened": lambda key, e: self._add(key, [e.payload_as(ev.IncidentOpened).alert], e.at),
            "AlertJoined": lambda key, e: self._add(key, [e.payload_as(ev.AlertJoined).alert], e.at),
            "IncidentAbsorbed": lambda key, e: self._add(key, e.payload_as(ev.IncidentAbsorbed).alerts, e.at),
            "IncidentUnmerged": lambda key, e: self._add(key, e.payload_as(ev.IncidentUnmerged).alerts, e.at),
            "AlertsSplitOff": self._split,
            "IncidentClaimed": lambda key, e: self._say(key, Word(VERIFYING), e.at),
            "HandoffRequested": self._requested,
            "HandoffDelivered": self._delivered,
            "IncidentClosed": lambda key, e: self._say(
                key, Word(CLOSED, outcome=e.payload_as(ev.IncidentClosed).outcome), e.at
            ),
            "FirmRegistered": lambda _key, e: self._firm(e.payload_as(ev.FirmRegistered).firm),
            "FirmChanged": lambda _key, e: self._firm(e.payload_as(ev.FirmChanged).firm),
            "FirmRemoved": lambda _key, e: self._told_firms.discard(e.payload_as(ev.FirmRemoved).before.id),
            "StatusReturned": lambda _key, e: self._paid(e.payload_as(ev.StatusReturned)),
            "StatusReturnFailed": lambda _key, e: self._failed(e.payload_as(ev.StatusReturnFailed)),
        }

    def take(self, events: Iterable[ev.Event]) -> bool:
        """Fold events in, in the journal's order; return whether any was of concern."""
        concerned = False
        for event in events:
            if event.type in self._takes and (self._cases or self._told_firms or event.type in _FIRMS):
                self._takes[event.type](event.stream.partition("/")[2], event)
                concerned = True
        return concerned

    def first(self, firm_id: str) -> Owed | None:
        """Return what a firm is owed next."""
        waiting = self.owed.get(firm_id)
        return next(iter(waiting.values()), None) if waiting else None

    def older_than(self, firm_id: str, at: datetime) -> list[Owed]:
        """Return what a firm has been owed since before a time."""
        return [one for one in self.owed.get(firm_id, {}).values() if one.at < at]

    def settle(self, owed: Owed) -> None:
        """Count a word as paid or given up, before its event comes round."""
        waiting = self.owed.get(owed.firm_id)
        if waiting is not None and waiting.pop(owed.id, None) is not None and not waiting:
            del self.owed[owed.firm_id]

    @property
    def waiting(self) -> int:
        return sum(map(len, self.owed.values()))

    def _add(self, key: str, alerts: Iterable[Alert], at: datetime) -> None:
        """Take alerts into an incident: they are owed its words so far."""
        mine = [alert for alert in alerts if self._is_wanted(alert)]
        if not mine:
            return
        case = self._cases.get(key) or _Case({}, [], {})
        self._cases[key] = case
        self._cases.move_to_end(key)
        while len(self._cases) > _MOST_CASES:
            self._cases.popitem(last=False)
        for alert in mine:
            case.alerts[alert.id] = alert
            for word, said_at in [(Word(RECEIVED), at), *case.words]:
                self._owe(alert, word, said_at)

    def _is_wanted(self, alert: Alert) -> bool:
        return alert.firm_id in self._told_firms and not alert.is_test and alert.kind not in _SILENT

    def _firm(self, firm: FirmRecord) -> None:
        """A firm that takes its address away is owed nothing new; what waits is given up by who sends."""
        if firm.status_url:
            self._told_firms.add(firm.id)
        else:
            self._told_firms.discard(firm.id)

    def _split(self, key: str, event: ev.Event) -> None:
        if (case := self._cases.get(key)) is not None:
            for alert_id in event.payload_as(ev.AlertsSplitOff).alert_ids:
                case.alerts.pop(alert_id, None)

    def _requested(self, key: str, event: ev.Event) -> None:
        if (case := self._cases.get(key)) is not None:
            request = event.payload_as(ev.HandoffRequested)
            case.handoffs[request.handoff_id] = _AGENCIES.get(request.agency_kind, str(request.agency_kind))

    def _delivered(self, key: str, event: ev.Event) -> None:
        if (case := self._cases.get(key)) is not None:
            agency = case.handoffs.get(event.payload_as(ev.HandoffDelivered).handoff_id, "")
            self._say(key, Word(INFORMED, agency=agency), event.at)

    def _say(self, key: str, word: Word, at: datetime) -> None:
        if (case := self._cases.get(key)) is None:
            return
        if word not in [said for said, _ in case.words]:
            case.words.append((word, at))
        for alert in case.alerts.values():
            self._owe(alert, word, at)

    def _owe(self, alert: Alert, word: Word, at: datetime) -> None:
        """Owe a word, once for each alert, status and agency."""
        owed_id = f"{alert.id}:{word.status}" + (f"-{word.agency}" if word.agency else "")
        firm_id = alert.firm_id or ""
        if owed_id in self._told:
            return
        self._told[owed_id] = None
        if len(self._told) > _MOST_TOLD:
            self._told.popitem(last=False)
        waiting = self.owed.setdefault(firm_id, OrderedDict())
        if len(waiting) >= MOST_OWED:
            self.dropped += 1
            return
        waiting[owed_id] = Owed(
            id=owed_id,
            firm_id=firm_id,
            alert_id=alert.id,
            account=alert.account,
            event_id=alert.sequence,
            reference=alert.reference.removeprefix(f"{firm_id}:"),
            word=word,
            at=at,
        )

    def _paid(self, paid: ev.StatusReturned) -> None:
        for one in self._find(paid.firm_id, paid.return_id):
            self.settle(one)

    def _failed(self, failed: ev.StatusReturnFailed) -> None:
        for one in self._find(failed.firm_id, failed.return_id):
            if failed.gave_up:
                self.settle(one)
            else:
                self.owed[failed.firm_id][one.id] = msgspec.structs.replace(one, attempts=failed.attempt)

    def _find(self, firm_id: str, return_id: str) -> Iterator[Owed]:
        waiting = self.owed.get(firm_id)
        found = waiting.get(return_id) if waiting else None
        if found is not None:
            yield found
