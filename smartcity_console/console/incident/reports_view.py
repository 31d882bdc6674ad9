"""What was reported, detector by detector: each line with its count and why it is here."""

from __future__ import annotations

from datetime import datetime

import msgspec
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from smartcity_console.console import history, words
from smartcity_console.console.language import translate
from smartcity_console.console.texts import plain_tip
from smartcity_console.console.theme import colour, font
from smartcity_console.console.times import clock_text
from smartcity_console.model.alert import Alert
from smartcity_console.model.incident import Incident

LINE_PX = 21


class Report(msgspec.Struct, frozen=True):
    """One detector's alerts: the first of them, how many there are (those only counted too), and the last's time."""

    first: Alert
    count: int
    last_at: datetime
    why: str = ""


def reports_of(incident: Incident) -> list[Report]:
    """Return an incident's alerts by detector and code, in the order of their first."""
    why = {line.facts["alert"]["id"]: line.facts for line in incident.log if line.type == "AlertJoined"}
    found: dict[tuple[str, str, str], Report] = {}
    for alert in incident.alerts:
        key = (alert.account, alert.zone, alert.code)
        before = found.get(key)
        if before is None:
            told = history.why_joined(why[alert.id]) if alert.id in why else ""
            found[key] = Report(alert, 1 + incident.chatter.get(key, 0), alert.received_at, told)
        else:
            found[key] = msgspec.structs.replace(before, count=before.count + 1, last_at=alert.received_at)
    return list(found.values())


def report_line(report: Report) -> str:
    """Return a report in words: `14:03:04 에스원 BA Intrusion · motion zone 3 ×5 — near, 90 m, after 40 s`."""
    alert = report.first
    zone = translate("Reports", "zone {zone}").format(zone=alert.zone) if alert.zone else ""
    count = f"×{report.count}" if report.count > 1 else ""
    parts = (clock_text(alert.received_at), words.source_word(alert), alert.code, words.alert_title(alert), zone, count)
    text = " ".join(part for part in parts if part)
    return f"{text} — {report.why}" if report.why else text


class ReportsView(QListWidget):
    """First why it is so urgent and where it is, then the reports, then the text that came with them."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("reports")
        self.setUniformItemSizes(True)
        self._shown: tuple[object, ...] = ()

    def show_incident(self, incident: Incident | None, language: str = "") -> None:
        """Show an incident's reports; drawn anew only when something about them has changed."""
        showing = (incident.id, incident.version, language) if incident is not None else ()
        if showing == self._shown:
            return
        self._shown = showing
        row = self.currentRow()
        self.clear()
        if incident is not None:
            for text, tone in report_lines(incident):
                self.addItem(_item(text, tone))
        self.setCurrentRow(min(row, self.count() - 1))

    def retranslate(self) -> None:
        self.setAccessibleName(translate("Reports", "Reports of the incident"))
        self._shown = ()


def report_lines(incident: Incident) -> list[tuple[str, str]]:
    """Return every line with its tone."""
    lines = [(words.priority_reason(incident), "accent"), (_where(incident), "text_dim")]
    lines += [(report_line(report), "text") for report in reports_of(incident)]
    told = dict.fromkeys(alert.text for alert in incident.alerts if alert.text)
    return [*lines, *((text, "text_dim") for text in told)]


def _where(incident: Incident) -> str:
    addresses = dict.fromkeys(alert.address for alert in incident.alerts if alert.address)
    address = next(iter(addresses), "") or words.place(incident)
    if incident.position is None:
        return translate("Reports", "{address} — no position was told").format(address=address)
    if incident.position.uncertainty_m <= 0.0:
        return address
    text = translate("Reports", "{address} — within {metres:.0f} m")
    return text.format(address=address, metres=incident.position.uncertainty_m)


def _item(text: str, tone: str) -> QListWidgetItem:
    item = QListWidgetItem(" ".join(text.split()))
    item.setFont(font(13))
    item.setForeground(colour(tone))
    item.setSizeHint(QSize(0, LINE_PX))
    item.setToolTip(plain_tip(text))
    return item
