"""Tries a table of priorities on the alerts that came last: how many would each rule have fitted and decided?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

import msgspec

from smartcity_console.intake.priority import fits
from smartcity_console.model.alert import Alert
from smartcity_console.model.centre import Centre
from smartcity_console.model.events import AlertReceived
from smartcity_console.model.incident import Incident
from smartcity_console.model.priority import PriorityRule, SiteHistory

RECENT = timedelta(hours=1)


class Sample(msgspec.Struct, frozen=True):
    """An alert with what was known of its site when it came."""

    alert: Alert
    history: SiteHistory


class Fit(msgspec.Struct, frozen=True):
    """Of `of` alerts a rule fitted `fitted`, and was the first to fit `decided`."""

    fitted: int
    decided: int
    of: int


def samples_of(centre: Centre) -> list[Sample]:
    """Return the alerts that came last, oldest first, each with its site's history at that time."""
    alerts = [event.payload_as(AlertReceived).alert for event in centre.recent_alerts]
    incidents = _by_site(centre.incidents.values())
    return [Sample(alert, _history(alert, alerts, incidents)) for alert in alerts]


def trial(rules: Sequence[PriorityRule], samples: Sequence[Sample]) -> list[Fit]:
    """Return how each rule of a table would have fared."""
    fitted, decided = [0] * len(rules), [0] * len(rules)
    for sample in samples:
        hits = [n for n, rule in enumerate(rules) if fits(rule, sample.alert, sample.history)]
        for number in hits:
            fitted[number] += 1
        if hits:
            decided[hits[0]] += 1
    return [Fit(f, d, len(samples)) for f, d in zip(fitted, decided, strict=True)]


def _by_site(incidents: Iterable[Incident]) -> dict[str, list[Incident]]:
    found: dict[str, list[Incident]] = {}
    for incident in incidents:
        site = incident.alerts[0].site_id if incident.alerts else None
        if site and incident.closed_at is not None and incident.merged_into is None:
            found.setdefault(site, []).append(incident)
    return found


def _history(alert: Alert, alerts: Sequence[Alert], incidents: dict[str, list[Incident]]) -> SiteHistory:
    if not alert.site_id:
        return SiteHistory()
    at = alert.received_at
    closed = [i for i in incidents.get(alert.site_id, ()) if i.closed_at is not None and i.closed_at < at]
    false = sum(incident.outcome == "false_alarm" for incident in closed)
    recent = sum(o.site_id == alert.site_id and at - RECENT <= o.received_at < at for o in alerts)
    return SiteHistory(len(closed), false, recent)
