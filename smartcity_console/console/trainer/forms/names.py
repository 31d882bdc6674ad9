"""What fields, kinds and fixed words of a scenario are called on the screen. A name that is not here stands as it is."""

from __future__ import annotations

from smartcity_console.console.language import translate
from smartcity_console.drill.scenario.check import FAULTS, SERVICES


def field_name(name: str) -> str:
    """Return a field's name in the language of the screen."""
    return _fields().get(name, name)


def kind_name(kind: str) -> str:
    """Return the name of a kind of inject."""
    return {
        "dc09": translate("Inject", "Alarm by DC-09"),
        "linked": translate("Inject", "Message of a linked service"),
        "webhook": translate("Inject", "Report by webhook"),
        "cap": translate("Inject", "Disaster message (CAP)"),
        "cue": translate("Inject", "The act begins"),
        "camera": translate("Inject", "Camera fails or recovers"),
        "desk": translate("Inject", "Manner of a desk"),
        "sender": translate("Inject", "A firm falls silent"),
        "speak": translate("Inject", "Words to the seat"),
        "end": translate("Inject", "End of the drill"),
    }.get(kind, kind)


def fixed_words(field: str) -> tuple[str, ...]:
    """Return the words that a text field of the model knows; empty: any text."""
    return {
        "fault": FAULTS,
        "service": SERVICES,
        "severity": ("Extreme", "Severe", "Moderate", "Minor", "Unknown"),
        "state": ("10", "40", "50", "90", "91"),
        "look": LOOKS,
        "act": ("walk", "run", "ride", "drive", "crawl"),
        "doing": ("stand", "phone", "point", "threaten", "hands_up", "film", "fall", "sit", "look_round"),
        "play": ("", "robbery", "fire"),
    }.get(field, ())


def fixed_word(field: str, word: str) -> str:
    """Return how one of a field's known words is called; one that is a code (112-video, 40) stands for itself."""
    return _words().get(word, word) if field in ("fault", "look", "act", "doing", "severity") else word


LOOKS = (
    *("man", "woman", "child", "elder", "officer", "firefighter"),
    *("car", "van", "motorbike", "patrol_car", "fire_engine", "ambulance"),
)


def enum_word(value: str) -> str:
    """Return the word of one of the model's fixed values."""
    return _values().get(value, value)


def _fields() -> dict[str, str]:
    return {
        "id": translate("Field", "Name (id)"),
        "title": translate("Field", "Title"),
        "label": translate("Field", "On the time line"),
        "briefing": translate("Field", "Briefing"),
        "debriefing": translate("Field", "Debriefing"),
        "duration_s": translate("Field", "Length, s"),
        "city": translate("Field", "City (GeoPackage)"),
        "seats": translate("Field", "Seats"),
        "clock": translate("Field", "Hour shown"),
        "settings": translate("Field", "Settings"),
        "when": translate("Field", "When"),
        "at_s": translate("Field", "At second"),
        "event": translate("Field", "After this happened"),
        "of": translate("Field", "Of incident or inject"),
        "to": translate("Field", "To"),
        "delay_s": translate("Field", "So long after, s"),
        "needs": translate("Field", "Only with flags"),
        "unless": translate("Field", "Not with flags"),
        "sets": translate("Field", "Raises flag"),
        "noise": translate("Field", "Noise"),
        "account": translate("Field", "Account"),
        "code": translate("Field", "Code"),
        "zone": translate("Field", "Zone"),
        "text": translate("Field", "Text"),
        "repeat": translate("Field", "Times"),
        "every_s": translate("Field", "Every, s"),
        "service": translate("Field", "Service"),
        "fields": translate("Field", "Fields"),
        "state": translate("Field", "State"),
        "case": translate("Field", "Case"),
        "firm": translate("Field", "Firm"),
        "report": translate("Field", "Report (JSON)"),
        "headline": translate("Field", "Headline"),
        "severity": translate("Field", "Severity"),
        "area": translate("Field", "Area"),
        "circle": translate("Field", "Circle"),
        "cameras": translate("Field", "Cameras"),
        "camera": translate("Field", "Camera"),
        "fault": translate("Field", "Fault"),
        "agency": translate("Field", "Desk"),
        "agencies": translate("Field", "Must have it"),
        "manner": translate("Field", "Manner"),
        "says": translate("Field", "Says now"),
        "opens_s": translate("Field", "Opens after, s"),
        "accepts_s": translate("Field", "Accepts after, s"),
        "refuses": translate("Field", "Refuses because"),
        "units": translate("Field", "Units"),
        "units_s": translate("Field", "Units after, s"),
        "eta_min": translate("Field", "There in, min"),
        "on_scene_s": translate("Field", "On scene after, s"),
        "ends_s": translate("Field", "Closes after, s"),
        "outcome": translate("Field", "Outcome"),
        "asks": translate("Field", "Asks"),
        "accounts": translate("Field", "Accounts"),
        "silent": translate("Field", "Silent"),
        "words": translate("Field", "Words"),
        "seat": translate("Field", "Seat (empty: all)"),
        "who": translate("Field", "Who speaks"),
        "capability": translate("Field", "Core capability"),
        "site": translate("Field", "Site"),
        "at": translate("Field", "Place"),
        "within_m": translate("Field", "Within, m"),
        "real": translate("Field", "Real"),
        "cue": translate("Field", "Cue"),
        "act_s": translate("Field", "Act, s"),
        "before_s": translate("Field", "Loop before, s"),
        "after_s": translate("Field", "Loop after, s"),
        "file": translate("Field", "Recording"),
        "grades": translate("Field", "Right grades"),
        "steps": translate("Field", "Steps of the procedure"),
        "note": translate("Field", "Note of a good operator"),
        "order": translate("Field", "Order"),
        "act": translate("Field", "Act"),
        "incident": translate("Field", "Incident"),
        "weight": translate("Field", "Weight"),
        "within_s": translate("Field", "Full within, s"),
        "late_s": translate("Field", "None after, s"),
        "critical": translate("Field", "Critical"),
        "objective": translate("Field", "Objective"),
        "look": translate("Field", "Looks like"),
        "appears_s": translate("Field", "Appears at, s"),
        "start": translate("Field", "Begins at"),
        "way": translate("Field", "Way"),
        "top": translate("Field", "Colour (top)"),
        "bottom": translate("Field", "Colour (bottom)"),
        "hair": translate("Field", "Hair"),
        "holds": translate("Field", "Holds"),
        "wears": translate("Field", "Wears"),
        "speed_ms": translate("Field", "Speed, m/s"),
        "stays_until_s": translate("Field", "Stays until, s"),
        "doing": translate("Field", "Does there"),
        "facing_deg": translate("Field", "Faces, °"),
        "centre": translate("Field", "Middle"),
        "length_s": translate("Field", "Length of film, s"),
        "light": translate("Field", "Light"),
        "weather": translate("Field", "Weather"),
        "seed": translate("Field", "Seed"),
        "traffic": translate("Field", "Traffic"),
        "congested": translate("Field", "Congested"),
        "walkers": translate("Field", "Walkers"),
        "play": translate("Field", "Written play"),
        "height_m": translate("Field", "Height, m"),
        "begins_s": translate("Field", "Begins at, s"),
        "full_s": translate("Field", "Full after, s"),
        "kind": translate("Field", "Kind"),
    }


def _words() -> dict[str, str]:
    return {
        "none": translate("Word", "well again"),
        "pause": translate("Word", "stands still"),
        "mute": translate("Word", "silent"),
        "refuse": translate("Word", "refuses"),
        "garbage": translate("Word", "garbage"),
        "loss": translate("Word", "loses packets"),
        "dark": translate("Word", "dark"),
        "man": translate("Word", "man"),
        "woman": translate("Word", "woman"),
        "child": translate("Word", "child"),
        "elder": translate("Word", "elder"),
        "officer": translate("Word", "police officer"),
        "firefighter": translate("Word", "firefighter"),
        "car": translate("Word", "car"),
        "van": translate("Word", "van"),
        "motorbike": translate("Word", "motorbike"),
        "patrol_car": translate("Word", "patrol car"),
        "fire_engine": translate("Word", "fire engine"),
        "ambulance": translate("Word", "ambulance"),
        "walk": translate("Word", "walks"),
        "run": translate("Word", "runs"),
        "ride": translate("Word", "rides"),
        "drive": translate("Word", "drives"),
        "crawl": translate("Word", "crawls"),
        "stand": translate("Word", "stands"),
        "phone": translate("Word", "telephones"),
        "point": translate("Word", "points"),
        "threaten": translate("Word", "threatens"),
        "hands_up": translate("Word", "hands up"),
        "film": translate("Word", "films"),
        "fall": translate("Word", "falls"),
        "sit": translate("Word", "sits"),
        "look_round": translate("Word", "looks round"),
        "Extreme": translate("Word", "extreme"),
        "Severe": translate("Word", "severe"),
        "Moderate": translate("Word", "moderate"),
        "Minor": translate("Word", "minor"),
        "Unknown": translate("Word", "unknown"),
    }


def _values() -> dict[str, str]:
    return {
        "police": translate("Agency", "112 Police"),
        "fire": translate("Agency", "119 Fire"),
        "day": translate("Value", "day"),
        "dusk": translate("Value", "dusk"),
        "night": translate("Value", "night"),
        "clear": translate("Value", "clear"),
        "rain": translate("Value", "rain"),
        "opened": translate("Value", "opened"),
        "claimed": translate("Value", "claimed"),
        "graded": translate("Value", "graded"),
        "handed_off": translate("Value", "handed off"),
        "delivered": translate("Value", "delivered"),
        "accepted": translate("Value", "accepted"),
        "closed": translate("Value", "closed"),
        "fired": translate("Value", "fired"),
        "unclaimed": translate("Value", "still unclaimed"),
        "not_handed_off": translate("Value", "still not handed off"),
        "claim": translate("Act", "claim in time"),
        "first_camera": translate("Act", "right camera in time"),
        "verdict": translate("Act", "verdict in time"),
        "grade": translate("Act", "right grade"),
        "hand_off": translate("Act", "hand-off in time"),
        "agency": translate("Act", "right agency"),
        "clip": translate("Act", "clip contains the act"),
        "procedure": translate("Act", "procedure steps"),
        "note": translate("Act", "note written"),
        "close": translate("Act", "closed in time"),
        "no_hand_off": translate("Act", "no false hand-off"),
        "no_look": translate("Act", "no private look without need"),
        "queue": translate("Act", "nothing urgent waits"),
        "answer": translate("Act", "question answered"),
        "follow_up": translate("Act", "more was sent"),
        "merge": translate("Act", "reports merged"),
        "recall": translate("Act", "error recalled"),
    }
