"""What things are called on the screen, in the language that is on."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP

from smartcity_console.console.language import translate
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.camera import Dori
from smartcity_console.model.handoff import HandoffStage
from smartcity_console.model.incident import Incident, Step
from smartcity_console.model.site import Sensor
from smartcity_console.model.verdict import Grade

_KIND = {
    AlertKind.ROBBERY: QT_TRANSLATE_NOOP("Kind", "Robbery"),
    AlertKind.INTRUSION: QT_TRANSLATE_NOOP("Kind", "Intrusion"),
    AlertKind.FIRE: QT_TRANSLATE_NOOP("Kind", "Fire"),
    AlertKind.GAS: QT_TRANSLATE_NOOP("Kind", "Gas"),
    AlertKind.MEDICAL: QT_TRANSLATE_NOOP("Kind", "Medical"),
    AlertKind.WATER: QT_TRANSLATE_NOOP("Kind", "Water"),
    AlertKind.TAMPER: QT_TRANSLATE_NOOP("Kind", "Tamper"),
    AlertKind.POWER: QT_TRANSLATE_NOOP("Kind", "Power"),
    AlertKind.TROUBLE: QT_TRANSLATE_NOOP("Kind", "Trouble"),
    AlertKind.TEST: QT_TRANSLATE_NOOP("Kind", "Test"),
    AlertKind.RESTORE: QT_TRANSLATE_NOOP("Kind", "Restore"),
    AlertKind.MISSING_PERSON: QT_TRANSLATE_NOOP("Kind", "Missing person"),
    AlertKind.DISASTER: QT_TRANSLATE_NOOP("Kind", "Disaster"),
    AlertKind.OTHER: QT_TRANSLATE_NOOP("Kind", "Other"),
}
_SENSOR = {
    Sensor.MOTION: QT_TRANSLATE_NOOP("Sensor", "motion"),
    Sensor.DOOR: QT_TRANSLATE_NOOP("Sensor", "door"),
    Sensor.GLASS: QT_TRANSLATE_NOOP("Sensor", "glass break"),
    Sensor.PANIC: QT_TRANSLATE_NOOP("Sensor", "panic button"),
    Sensor.SMOKE: QT_TRANSLATE_NOOP("Sensor", "smoke"),
    Sensor.HEAT: QT_TRANSLATE_NOOP("Sensor", "heat"),
    Sensor.GAS: QT_TRANSLATE_NOOP("Sensor", "gas leak"),
    Sensor.WATER: QT_TRANSLATE_NOOP("Sensor", "leak"),
    Sensor.POWER: QT_TRANSLATE_NOOP("Sensor", "power"),
}
_PRIORITY = {
    Priority.EMERGENCY: QT_TRANSLATE_NOOP("Priority", "Emergency"),
    Priority.HIGH: QT_TRANSLATE_NOOP("Priority", "High"),
    Priority.NORMAL: QT_TRANSLATE_NOOP("Priority", "Normal"),
}
_GRADE = {
    Grade.FALSE_ALARM: QT_TRANSLATE_NOOP("Grade", "False alarm"),
    Grade.UNDECIDED: QT_TRANSLATE_NOOP("Grade", "Cannot tell"),
    Grade.PERSON_PRESENT: QT_TRANSLATE_NOOP("Grade", "Person present"),
    Grade.PROPERTY_THREAT: QT_TRANSLATE_NOOP("Grade", "Property threat"),
    Grade.LIFE_THREAT: QT_TRANSLATE_NOOP("Grade", "Life threat"),
}
_STEP = {
    Step.RECEIVED: QT_TRANSLATE_NOOP("Step", "Received"),
    Step.VERIFYING: QT_TRANSLATE_NOOP("Step", "Verify"),
    Step.HANDED_OFF: QT_TRANSLATE_NOOP("Step", "Hand off"),
    Step.ANSWERED: QT_TRANSLATE_NOOP("Step", "Answer"),
    Step.CLOSED: QT_TRANSLATE_NOOP("Step", "Close"),
}
_STAGE = {
    HandoffStage.REQUESTED: QT_TRANSLATE_NOOP("Stage", "Requested"),
    HandoffStage.DELIVERED: QT_TRANSLATE_NOOP("Stage", "Delivered"),
    HandoffStage.OPENED: QT_TRANSLATE_NOOP("Stage", "Opened"),
    HandoffStage.ACCEPTED: QT_TRANSLATE_NOOP("Stage", "Accepted"),
    HandoffStage.REFUSED: QT_TRANSLATE_NOOP("Stage", "Refused"),
    HandoffStage.UNITS_SENT: QT_TRANSLATE_NOOP("Stage", "Units sent"),
    HandoffStage.ON_SCENE: QT_TRANSLATE_NOOP("Stage", "On scene"),
    HandoffStage.ENDED: QT_TRANSLATE_NOOP("Stage", "Closed"),
}
_AGENCY = {
    AgencyKind.POLICE: QT_TRANSLATE_NOOP("Agency", "112 Police"),
    AgencyKind.FIRE: QT_TRANSLATE_NOOP("Agency", "119 Fire"),
    AgencyKind.CENTRE: QT_TRANSLATE_NOOP("Agency", "Neighbouring centre"),
    AgencyKind.FACILITY: QT_TRANSLATE_NOOP("Agency", "Facility"),
}

_DORI = {
    Dori.NONE: QT_TRANSLATE_NOOP("Dori", "too far"),
    Dori.MONITOR: QT_TRANSLATE_NOOP("Dori", "monitor"),
    Dori.DETECT: QT_TRANSLATE_NOOP("Dori", "detect"),
    Dori.OBSERVE: QT_TRANSLATE_NOOP("Dori", "observe"),
    Dori.RECOGNISE: QT_TRANSLATE_NOOP("Dori", "recognise"),
    Dori.IDENTIFY: QT_TRANSLATE_NOOP("Dori", "identify"),
}


def kind_word(kind: AlertKind) -> str:
    return translate("Kind", _KIND[kind])


def sensor_word(sensor: Sensor) -> str:
    """Return the detector's word; empty for one that says nothing."""
    return translate("Sensor", _SENSOR[sensor]) if sensor in _SENSOR else ""


def priority_word(priority: Priority) -> str:
    return translate("Priority", _PRIORITY[priority])


def grade_word(grade: Grade) -> str:
    return translate("Grade", _GRADE[grade])


def step_word(step: Step) -> str:
    return translate("Step", _STEP[step])


def stage_word(stage: HandoffStage) -> str:
    return translate("Stage", _STAGE[stage])


def agency_word(kind: AgencyKind) -> str:
    return translate("Agency", _AGENCY[kind])


def dori_word(dori: Dori) -> str:
    """Return what a picture is good for (IEC/EN 62676-4)."""
    return translate("Dori", _DORI[dori])


def alert_title(alert: Alert) -> str:
    """Return what happened: `Robbery · panic button`; the words are not repeated when they are the same."""
    what, how = kind_word(alert.kind), sensor_word(alert.sensor) or alert.zone_name
    return f"{what} · {how}" if how and how.casefold() != what.casefold() else what


def leading_alert(incident: Incident) -> Alert:
    """Return the first of the most urgent alerts: what the incident is called after."""
    return min(incident.alerts, key=lambda alert: alert.priority.rank)


def incident_title(incident: Incident) -> str:
    """Return the incident's name: kind and detector of its leading alert."""
    return alert_title(leading_alert(incident))


def place(incident: Incident) -> str:
    """Return where: the site's name, else the address, else the unknown account as it stood on the wire."""
    alert = incident.first_alert
    if not alert.known:
        return translate("Card", "Unknown account {account}").format(account=alert.account)
    return alert.site_name or alert.address or alert.account


def source(incident: Incident) -> str:
    """Return which firms and services reported it, each once, in the order in which they did."""
    return " · ".join(dict.fromkeys(source_word(alert) for alert in incident.alerts))


def source_word(alert: Alert) -> str:
    """Return who reported: the firm, 112, 119, a camera's analytics, or the protocol of one that is in no register."""
    known = {
        "linked/112UC001": translate("Source", "112 video request"),
        "linked/112UC120": translate("Source", "112 dispatch"),
        "linked/119UC001": translate("Source", "119 dispatch"),
        "linked/DUCDP110": translate("Source", "Disaster room"),
        "linked/WPSSF110": translate("Source", "Person sought"),
        "mqtt/frigate": translate("Source", "Camera analytics"),
    }
    return known.get(alert.protocol) or alert.firm_name or alert.protocol


def reports(incident: Incident) -> int:
    """Return how many alerts were received for an incident, those that were only counted too."""
    return len(incident.alerts) + incident.folded


def count_words(incident: Incident) -> str:
    """Return how many alerts an incident bundles and how many of them only repeat others; empty for one."""
    if reports(incident) == 1:
        return ""
    text = translate("Card", "{count} alerts").format(count=reports(incident))
    if not incident.folded:
        return text
    return text + translate("Card", " ({count} repeated, only counted)").format(count=incident.folded)


def group_title(incident: Incident, area: str) -> str:
    """Return what a line of the calm screen bundles: `Intrusion · Eunhaeng-dong`."""
    return " · ".join((kind_word(incident.kind), area))


def group_count(count: int) -> str:
    return translate("Queue", "{count} incidents").format(count=count)


def priority_reason(incident: Incident) -> str:
    """Return why an incident has its priority: the rule or the operator that gave it, else the sender's own code."""
    line = next((line for line in reversed(incident.log) if line.type in _DECIDES), None)
    facts = line.facts if line is not None else {}
    if line is not None and line.type == "PriorityChanged" and facts["reason"] != "split":
        return translate("Why", "Priority set at seat {seat}").format(seat=facts["seat"])
    if (name := language_pick(_opened(incident))) and incident.priority == _opened(incident).get("priority"):
        return translate("Why", "Priority by rule: {rule}").format(rule=name)
    told = leading_alert(incident)
    text = translate("Why", "Priority as {source} told it ({code})")
    return text.format(source=source_word(told), code=told.code)


_DECIDES = ("PriorityChanged", "IncidentOpened")


def _opened(incident: Incident) -> dict[str, Any]:
    return incident.log[0].facts if incident.log else {}


def language_pick(facts: dict[str, Any]) -> str:
    """Return the rule's name in the language of the screen; empty where no rule decided."""
    ko, en = facts.get("priority_reason_ko", ""), facts.get("priority_reason_en", "")
    return ko if translate("Language", "en") == "ko" else en


def state(incident: Incident) -> str:
    """Return the card's last word: who does what with it now."""
    if incident.closed_at is not None:
        return translate("State", "closed")
    if incident.handoffs:
        return _handoff_state(incident)
    if incident.claimed_by is None:
        return translate("State", "unacknowledged")
    return translate("State", "verifying · seat {seat}").format(seat=incident.claimed_by)


def _handoff_state(incident: Incident) -> str:
    last = incident.handoffs[-1]
    where = agency_word(last.agency_kind)
    if last.stage is HandoffStage.REQUESTED and last.failed_attempts:
        return translate("State", "{agency}: not delivered").format(agency=where)
    return translate("State", "{agency}: {stage}").format(agency=where, stage=stage_word(last.stage).lower())
