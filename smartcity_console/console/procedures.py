"""What to look for, by kind of incident: the boxes beside the video."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from smartcity_console.console.language import translate
from smartcity_console.model.alert import AlertKind

_LABEL = {
    "weapon": QT_TRANSLATE_NOOP("Procedure", "Weapon"),
    "persons": QT_TRANSLATE_NOOP("Procedure", "People, clothing"),
    "escape": QT_TRANSLATE_NOOP("Procedure", "Direction of flight"),
    "injured": QT_TRANSLATE_NOOP("Procedure", "Injured"),
    "entry": QT_TRANSLATE_NOOP("Procedure", "Point of entry"),
    "guard": QT_TRANSLATE_NOOP("Procedure", "Guard on the way"),
    "flame": QT_TRANSLATE_NOOP("Procedure", "Flame or smoke"),
    "trapped": QT_TRANSLATE_NOOP("Procedure", "People inside"),
    "access": QT_TRANSLATE_NOOP("Procedure", "Access for engines"),
    "spread": QT_TRANSLATE_NOOP("Procedure", "Spread to neighbours"),
    "scene": QT_TRANSLATE_NOOP("Procedure", "Scene seen"),
    "call_back": QT_TRANSLATE_NOOP("Procedure", "Firm called back"),
    "last_seen": QT_TRANSLATE_NOOP("Procedure", "Last seen at"),
}
_VIOLENT = ("weapon", "persons", "escape", "injured")
_BURNING = ("flame", "trapped", "access", "spread")
_STEPS = {
    AlertKind.ROBBERY: _VIOLENT,
    AlertKind.INTRUSION: ("entry", "persons", "escape", "guard"),
    AlertKind.FIRE: _BURNING,
    AlertKind.GAS: _BURNING,
    AlertKind.DISASTER: _BURNING,
    AlertKind.MEDICAL: ("injured", "access", "call_back"),
    AlertKind.MISSING_PERSON: ("persons", "last_seen", "escape"),
}
_ANY = ("scene", "persons", "call_back")


def steps_for(kind: AlertKind) -> tuple[str, ...]:
    """Return the codes of the steps for a kind, in order."""
    return _STEPS.get(kind, _ANY)


def step_label(code: str) -> str:
    """Return a step's words; a code that this version does not know is shown as it is."""
    return translate("Procedure", _LABEL[code]) if code in _LABEL else code
