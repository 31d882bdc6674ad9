"""A small scenario and a hand-written journal for the drill's tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from smartcity_console.drill.scenario.model import Scenario
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.verdict import Grade

BEGUN = datetime(2026, 11, 23, 5, 0, 0, tzinfo=UTC)


def words(text: str) -> dict[str, str]:
    return {"ko": text, "en": text}


def inject(inject_id: str, kind: str = "speak", **more: Any) -> dict[str, Any]:
    made = {"id": inject_id, "kind": kind, "label": words(inject_id)}
    if kind == "speak":
        made["words"] = words("…")
    if kind == "dc09":
        made |= {"account": "1701", "code": "PA"}
    return made | more


def at(second: float, **more: Any) -> dict[str, Any]:
    return {"at_s": second, **more}


def after(event: str, of: str = "robbery", delay_s: float = 0.0, **more: Any) -> dict[str, Any]:
    return {"event": event, "of": of, "delay_s": delay_s, **more}


def scenario(*injects: dict[str, Any], duration_s: float = 300.0, **more: Any) -> Scenario:
    incident = {"id": "robbery", "title": words("r"), "site": "site-gaonmart", "grades": [4], "agencies": ["police"]}
    table = {
        "format": 1,
        "id": "test",
        "title": words("t"),
        "briefing": words("b"),
        "debriefing": words("d"),
        "duration_s": duration_s,
        "incidents": [incident],
        "injects": list(injects),
        "expectations": [],
    }
    return msgspec.convert(table | more, Scenario)


class Journal:
    """Events with rising numbers, at seconds of the drill."""

    def __init__(self) -> None:
        self.events: list[ev.Event] = []
        self._versions: dict[str, int] = {}

    def __call__(self, second: float, stream: str, payload: ev.Payload) -> ev.Event:
        version = self._versions[stream] = self._versions.get(stream, 0) + 1
        made = ev.Event(
            seq=len(self.events) + 1,
            stream=stream,
            version=version,
            type=type(payload).__name__,
            at=BEGUN + timedelta(seconds=second),
            actor="test",
            data=msgspec.json.encode(payload),
            prev_hash="",
            hash="",
        )
        self.events.append(made)
        return made

    def drill(self, second: float, payload: ev.Payload) -> ev.Event:
        return self(second, "drill/d1", payload)

    def begun(self) -> ev.Event:
        return self.drill(
            0.0,
            ev.DrillBegun(
                at_s=0.0, drill_id="d1", scenario_id="test", scenario_sha256="", title_ko="", title_en="", trainees={}
            ),
        )

    def opened(self, second: float, incident_id: str = "inc-1", site: str = "site-gaonmart") -> ev.Event:
        alert = made_alert(site=site, at=BEGUN + timedelta(seconds=second))
        opened = ev.IncidentOpened(
            incident_id=incident_id, alert=alert, kind=alert.kind, priority=alert.priority, position=None
        )
        return self(second, f"incident/{incident_id}", opened)

    def claimed(self, second: float, incident_id: str = "inc-1") -> ev.Event:
        return self(second, f"incident/{incident_id}", ev.IncidentClaimed(seat="1"))

    def closed(self, second: float, incident_id: str = "inc-1") -> ev.Event:
        return self(second, f"incident/{incident_id}", ev.IncidentClosed(outcome="handed_off", seat="1"))

    def handed_off(self, second: float, to: AgencyKind = AgencyKind.POLICE, handoff_id: str = "h-1") -> ev.Event:
        span = BEGUN + timedelta(seconds=second)
        request = ev.HandoffRequested(
            handoff_id=handoff_id,
            agency_id="a",
            agency_kind=to,
            agency_name="a",
            camera_ids=(),
            span_start=span,
            span_end=span,
            live_until=span,
            basis="",
            note="",
            grade=Grade.LIFE_THREAT,
            seat="1",
        )
        return self(second, "incident/inc-1", request)

    def ordered(self, second: float, act: str, **more: Any) -> ev.Event:
        order = ev.DrillOrdered(at_s=second, order_id=f"o-{len(self.events)}", act=act, by="trainer", **more)
        return self.drill(second, order)


def made_alert(*, site: str = "site-gaonmart", account: str = "1701", at: datetime = BEGUN) -> Alert:
    return Alert(
        id=f"alert-{at.timestamp()}",
        protocol="dc09",
        account=account,
        sequence="1",
        code="PA",
        kind=AlertKind.ROBBERY,
        priority=Priority.EMERGENCY,
        occurred_at=at,
        received_at=at,
        known=True,
        site_id=site,
    )
