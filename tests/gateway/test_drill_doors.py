"""Each inject through its real door: a running gateway takes it as it takes its real senders."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.drill.director.doors import Doors, DoorShut, FirmKey, cap_document, write_firm_keys
from smartcity_console.drill.scenario.model import Cap, Dc09, Linked, Webhook, When, Words
from smartcity_console.intake.cap.document import read_document
from smartcity_console.intake.webhook.keys import add_key
from smartcity_console.model.alert import Alert, AlertKind
from smartcity_console.model.events import AlertReceived

Wait = Callable[..., Any]
FACTS: dict[str, Any] = {"when": When(at_s=1.0), "label": Words("가", "a")}
_numbers = itertools.count(1)


@pytest.fixture
def doors(gateway: Any) -> Doors:
    write_firm_keys(gateway.path, {"s1": FirmKey(*add_key(gateway.path, "s1", "에스원"))})
    gateway.start()
    return Doors(gateway.path, "d1", SystemClock(), lambda: gateway.addresses, lambda: f"drill-{next(_numbers)}")


def alerts(gateway: Any) -> list[Alert]:
    return [event.payload_as(AlertReceived).alert for event in gateway.events("AlertReceived")]


def test_a_panel_reports_and_polls(gateway: Any, doors: Doors) -> None:
    doors.dc09(Dc09(id="a", account="1701", code="PA", zone="9", **FACTS))
    doors.poll("1701")
    (alert,) = alerts(gateway)
    assert (alert.account, alert.kind, alert.site_id) == ("1701", AlertKind.ROBBERY, "site-gaonmart")
    assert not alert.is_test and gateway.events("IncidentOpened")


def test_a_linked_system_reports_and_ends_the_same_case(gateway: Any, doors: Doors) -> None:
    fields = {"EVT_TYP": "강도", "LON": "127.0", "LAT": "37.5"}
    begun = Linked(id="a", service="112-video", fields=fields, case="c1", **FACTS)
    doors.linked(begun)
    doors.linked(Linked(id="b", service="112-video", fields=fields, case="c1", state="91", **FACTS))
    first, last = alerts(gateway)
    assert first.reference == last.reference != "" and len(gateway.events("IncidentOpened")) == 1


def test_a_firm_signs_its_report(gateway: Any, doors: Doors) -> None:
    doors.webhook(Webhook(id="a", firm="s1", report={"account": "1701", "kind": "fire", "text": "연기"}, **FACTS))
    (alert,) = alerts(gateway)
    assert (alert.protocol, alert.kind, alert.firm_id) == ("webhook", AlertKind.FIRE, "s1")


def test_what_the_door_refuses_is_told(gateway: Any, doors: Doors) -> None:
    with pytest.raises(DoorShut, match="422"):
        doors.webhook(Webhook(id="a", firm="s1", report={"account": "1701"}, **FACTS))
    with pytest.raises(DoorShut, match="no webhook key"):
        doors.webhook(Webhook(id="b", firm="nobody", report={}, **FACTS))


def test_a_disaster_message_falls_into_the_folder(gateway: Any, doors: Doors, wait: Wait) -> None:
    doors.cap(Cap(id="a", headline="가온천 <범람> & 위험", event="호우", circle="37.42,127.12 0.5", **FACTS))
    alert = wait(lambda: alerts(gateway))[0]
    assert "범람" in alert.text and alert.position is not None and not alert.is_test


def test_a_cap_document_holds_what_the_standard_wants() -> None:
    document = read_document(cap_document(Cap(id="a", headline="&<>", event="x", **FACTS), "i-1", SystemClock().now()))
    assert document.identifier == "i-1" and document.infos[0].headline == "&<>"


def test_a_gateway_that_is_away_is_told(gateway: Any) -> None:
    doors = Doors(gateway.path, "d1", SystemClock(), dict, lambda: "x")
    with pytest.raises(DoorShut, match="announces no dc09"):
        doors.dc09(Dc09(id="a", account="1701", code="PA", **FACTS))
