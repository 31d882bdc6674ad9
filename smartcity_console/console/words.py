"""What things are called on the screen, in the language that is on."""

from __future__ import annotations

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
    names = dict.fromkeys(alert.firm_name or alert.protocol for alert in incident.alerts)
    return " · ".join(names)


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
