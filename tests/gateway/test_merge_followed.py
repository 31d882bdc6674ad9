"""The running intake follows an operator who merges two incidents and takes it back."""

from __future__ import annotations

from typing import Any

from smartcity_console.model.alert import Alert
from smartcity_console.model.events import (
    AlertsSplitOff,
    Draft,
    IncidentAbsorbed,
    IncidentMerged,
    IncidentUnmerged,
)
from smartcity_console.model.place import place_of


def opened(gateway: Any) -> dict[str, Alert]:
    """Return the first alert of each incident, by the incident's id."""
    return {e.payload().incident_id: e.payload().alert for e in gateway.events("IncidentOpened")}


def test_the_next_alert_goes_where_the_operator_put_its_place(gateway: Any, wait: Any) -> None:
    gateway.start()
    gateway.alarm(code="BA", account="1701", sequence=1)
    gateway.alarm(code="BA", account="9F01", sequence=2)
    wait(lambda: len(opened(gateway)) == 2)
    (target, _), (other, alert) = sorted(opened(gateway).items(), key=lambda pair: pair[1].account != "1701")

    taken = IncidentAbsorbed(from_incident=other, alerts=(alert,), seat="1")
    gateway.append(
        Draft(f"incident/{target}", taken, "seat/1"),
        Draft(f"incident/{other}", IncidentMerged(into=target, seat="1"), "seat/1"),
    )
    gateway.alarm(code="BA", zone="4", account="9F01", sequence=3)
    wait(lambda: len(gateway.events("AlertJoined")) == 1)
    assert gateway.events("AlertJoined")[0].stream == f"incident/{target}"

    split = AlertsSplitOff(alert_ids=(alert.id,), places=(place_of(alert),), to_incident=other, seat="1")
    reopened = IncidentUnmerged(from_incident=target, alerts=(alert,), seat="1")
    gateway.append(
        Draft(f"incident/{target}", split, "seat/1"),
        Draft(f"incident/{other}", reopened, "seat/1"),
    )
    gateway.alarm(code="BA", zone="5", account="9F01", sequence=4)
    wait(lambda: len(gateway.events("AlertJoined")) == 2)
    assert gateway.events("AlertJoined")[1].stream == f"incident/{other}"
    assert len(opened(gateway)) == 2
