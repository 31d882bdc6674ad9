"""A real incident's alerts as injects of a drill, by the protocols they came by, with nothing in them that anybody wrote.

What goes over is chosen, not what stays behind: protocol, account of the premises, code, zone, kind, place, and the time
since the first alert. Texts, names, telephone numbers, addresses, pictures, links and senders' case numbers never do.
"""

from __future__ import annotations

from collections.abc import Sequence

from smartcity_console.drill.scenario import model as m
from smartcity_console.drill.scenario.model import Words
from smartcity_console.handoff.documents.facts import KIND_EN, KIND_KO
from smartcity_console.model.alert import Alert, AlertKind
from smartcity_console.model.geo import Position

LEAD_S = 40.0
"""Second of the drill at which the first alert comes: what led up to it is seen before."""
LATEST_S = 3600.0
_PERSON_PLACES = 3  # decimals of a degree, about 100 m: where a person sought was last located is nobody's business
_SERVICES = {
    "112UC001": "112-video",
    "112UC120": "112-dispatch",
    "119UC001": "119-dispatch",
    "DUCDP110": "disaster",
    "WPSSF110": "person",
}
_SIA = {
    AlertKind.ROBBERY: "PA",
    AlertKind.INTRUSION: "BA",
    AlertKind.FIRE: "FA",
    AlertKind.GAS: "GA",
    AlertKind.MEDICAL: "MA",
    AlertKind.WATER: "WA",
    AlertKind.TAMPER: "TA",
    AlertKind.POWER: "AT",
    AlertKind.TEST: "RX",
    AlertKind.RESTORE: "BR",
}
"""Codes of SIA DC-03 by what they mean: for alerts that came in another code, or by a door that drills do not have."""


def injects_of(alerts: Sequence[Alert]) -> tuple[m.AnyInject, ...]:
    """Return an inject for each alert, in order; those later than an hour after the first are left out."""
    first = alerts[0].received_at
    found: list[m.AnyInject] = []
    for number, alert in enumerate(alerts, 1):
        after_s = (alert.received_at - first).total_seconds()
        if after_s <= LATEST_S:
            when = m.When(at_s=round(LEAD_S + max(0.0, after_s), 1))
            found.append(_inject(f"alert-{number}", when, alert, alerts[0]))
    return tuple(found)


def _inject(inject_id: str, when: m.When, alert: Alert, first: Alert) -> m.AnyInject:
    label = Words(f"{KIND_KO[alert.kind]} 경보", f"{KIND_EN[alert.kind]}: alert")
    door, _, name = alert.protocol.partition("/")
    if door == "linked" and name in _SERVICES:
        return _linked(inject_id, when, label, alert, first, _SERVICES[name])
    if door == "cap":
        headline = f"{KIND_KO[alert.kind]} 상황"
        place = coarse(alert)
        circle = f"{place.lat_deg},{place.lon_deg} 0.5" if place else ""
        return m.Cap(id=inject_id, when=when, label=label, headline=headline, event=KIND_KO[alert.kind], circle=circle)
    if door == "webhook" and alert.firm_id:
        return m.Webhook(id=inject_id, when=when, label=label, firm=alert.firm_id, report=_report(alert))
    is_sia = name == "SIA-DCS" and len(alert.code) == 2 and alert.code.isalpha()
    code = alert.code if is_sia else _SIA.get(alert.kind, "UA")
    return m.Dc09(
        id=inject_id, when=when, label=label, account=alert.account, code=code, zone=_plain(alert.zone) or "1"
    )


def _linked(inject_id: str, when: m.When, label: Words, alert: Alert, first: Alert, service: str) -> m.Linked:
    place, what = coarse(alert), KIND_KO[alert.kind if alert.kind is not AlertKind.RESTORE else first.kind]
    fields = {"LON": f"{place.lon_deg}", "LAT": f"{place.lat_deg}"} if place else {}
    if service == "person":
        fields |= {"SVC_TYP": what, "DSC_NM": "홍길동"}  # the sample name of Korean forms
    elif service.startswith("112"):
        fields |= {"EVT_GRD": "10", "EVT_TYP": what}
    else:
        fields |= {"EVT_NM": what}
    state = "91" if alert.kind is AlertKind.RESTORE else "10" if alert.id == first.id else "40"
    return m.Linked(id=inject_id, when=when, label=label, service=service, fields=fields, state=state, case="case-1")


def _report(alert: Alert) -> dict[str, object]:
    """Return a webhook's report; event id and time are the director's."""
    kind = alert.kind if alert.kind is not AlertKind.RESTORE else AlertKind.OTHER
    state = "restored" if alert.kind is AlertKind.RESTORE else "begun"
    told: dict[str, object] = {"account": alert.account, "kind": kind.value, "state": state, "zone": _plain(alert.zone)}
    place = coarse(alert)
    return told | ({"position": {"lon_deg": place.lon_deg, "lat_deg": place.lat_deg}} if place else {})


def coarse(alert: Alert) -> Position | None:
    """Return where an alert was; a person's place only to about 100 m."""
    place = alert.position
    if place is None or alert.kind is not AlertKind.MISSING_PERSON:
        return place
    return Position(round(place.lon_deg, _PERSON_PLACES), round(place.lat_deg, _PERSON_PLACES))


def _plain(zone: str) -> str:
    """A zone is a number or a short code; anything else is somebody's words."""
    return zone if zone.isascii() and zone.isalnum() and len(zone) <= 6 else ""
