"""What a sender told beyond the alarm: the record of a person, and addresses. Each look stands in the record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, must_be_mine
from smartcity_console.model.alert import Alert
from smartcity_console.model.events import Draft, PersonalRecordShown, ReportLinkUsed
from smartcity_console.model.incident import Incident

MAX_WHY = 200
OPENABLE = ("https://", "http://", "rtsp://", "rtsps://")
"""Schemes that are opened: anything else a sender tells might start a program."""


@dataclass(frozen=True)
class PersonalItem:
    """A record or a picture of a person sought, in the vault under its digest."""

    alert_id: str
    what: str  # record, picture
    sha256: str


@dataclass(frozen=True)
class ReportLink:
    """An address that a sender told."""

    alert_id: str
    link: str  # live, verification
    url: str


class ShowPerson(Operation):
    """Show what came of a person sought. `argument`: (PersonalItem, what for); only while this seat verifies."""

    id = "incident.show_person"
    group = Group.INCIDENT
    shortcut = "Shift+P"
    needs = "person"

    def label(self) -> str:
        return translate("Operation", "Show the record of the person")

    def short(self) -> str:
        return translate("Operation", "Show")

    def available(self, state: SeatState) -> Reason | None:
        if reason := must_be_mine(state):
            return reason
        if not any(personal_items(state.chosen())):
            return Reason("no_person", translate("Reason", "No personal record came with it."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        item, why = argument if isinstance(argument, tuple) and len(argument) == 2 else (None, "")
        if item not in personal_items(state.chosen()) or not str(why).strip():
            return []
        shown = PersonalRecordShown(
            alert_id=item.alert_id, what=item.what, sha256=item.sha256, why=str(why).strip()[:MAX_WHY], seat=state.seat
        )
        return [state.draft(shown, exclusive=True)]  # shown only if this seat still holds it


class UseLink(Operation):
    """Open or copy an address that a sender told. `argument`: (ReportLink, "opened" | "copied")."""

    id = "incident.use_link"
    group = Group.INCIDENT
    shortcut = "Shift+L"
    needs = "link"

    def label(self) -> str:
        return translate("Operation", "Addresses told by the sender")

    def short(self) -> str:
        return translate("Operation", "Addresses")

    def available(self, state: SeatState) -> Reason | None:
        if reason := must_be_mine(state):
            return reason
        if not any(report_links(state.chosen())):
            return Reason("no_link", translate("Reason", "No sender told an address."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        link, act = argument if isinstance(argument, tuple) and len(argument) == 2 else (None, "")
        if link not in report_links(state.chosen()) or (act == "opened" and not may_be_opened(link.url)):
            return []
        return [state.draft(ReportLinkUsed(alert_id=link.alert_id, link=link.link, act=act, seat=state.seat))]


def personal_items(incident: Incident) -> Iterator[PersonalItem]:
    """Yield what the vault holds of persons, records before pictures, in the order of the alerts."""
    for alert in incident.alerts:
        if alert.personal_sha256:
            yield PersonalItem(alert.id, "record", alert.personal_sha256)
    for alert in incident.alerts:
        for attached in alert.attachments:
            if attached.is_personal:
                yield PersonalItem(alert.id, "picture", attached.sha256)


def report_links(incident: Incident) -> Iterator[ReportLink]:
    """Yield the addresses that senders told, each once."""
    seen: set[str] = set()
    for alert in incident.alerts:
        for link, url in _told(alert):
            if url and url not in seen:
                seen.add(url)
                yield ReportLink(alert.id, link, url)


def _told(alert: Alert) -> tuple[tuple[str, str], ...]:
    return ("live", alert.live_url), ("verification", alert.verification_url)


def may_be_opened(url: str) -> bool:
    return url.casefold().startswith(OPENABLE)
