"""Shelving (ISA-18.2): a detector's alarms open nothing for a time. On record, counted, listed, and never urgent ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, only_supervisor
from smartcity_console.model.alert import Priority
from smartcity_console.model.events import AlarmShelved, AlarmUnshelved, Draft, stream_of
from smartcity_console.model.shelves import LONGEST_H

MAX_REASON = 200
SHORTEST_H = 1 / 60


@dataclass(frozen=True)
class ShelfWish:
    """Which account, which of its zones ("": all), for how many hours, and why."""

    account: str
    zone: str
    hours: float
    reason: str


class Shelve(Operation):
    """Shelve an account or a zone of it. `argument`: a ShelfWish with a reason."""

    id = "alarm.shelve"
    group = Group.SUPERVISOR
    shortcut = "Ctrl+Shift+S"
    needs = "shelf"

    def label(self) -> str:
        return translate("Operation", "Shelve an alarm")

    def available(self, state: SeatState) -> Reason | None:
        if reason := only_supervisor(state):
            return reason
        if state.incident is not None and all(a.priority is Priority.EMERGENCY for a in state.incident.alerts):
            return Reason("emergency", translate("Reason", "An emergency is never shelved."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        wish = argument
        if not isinstance(wish, ShelfWish) or not wish.account.strip() or not wish.reason.strip():
            return []
        hours = min(max(wish.hours, SHORTEST_H), LONGEST_H)
        account = wish.account.strip().upper()
        payload = AlarmShelved(
            account=account,
            zone=wish.zone.strip(),
            until=state.now + timedelta(hours=hours),
            reason=wish.reason.strip()[:MAX_REASON],
            seat=state.seat,
        )
        return [Draft(stream_of(AlarmShelved, account), payload, state.actor)]


class Unshelve(Operation):
    """Take a shelf away. `argument`: account and zone; without one, the shelf that holds the selected incident's site."""

    id = "alarm.unshelve"
    group = Group.SUPERVISOR
    needs = "shelf_key"

    def label(self) -> str:
        return translate("Operation", "Take an alarm off the shelf")

    def available(self, state: SeatState) -> Reason | None:
        if reason := only_supervisor(state):
            return reason
        if not any(state.shelves.standing(state.now)):
            return Reason("no_shelf", translate("Reason", "Nothing is shelved."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        if not isinstance(argument, tuple) or state.shelves.get(*argument) is None:
            return []
        account, zone = argument
        payload = AlarmUnshelved(account=account, zone=zone, seat=state.seat)
        return [Draft(stream_of(AlarmUnshelved, account), payload, state.actor)]
