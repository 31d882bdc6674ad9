"""What a scenario file says, as data. Seconds count from the drill's beginning; a pause stops them.

`read.py` makes this of a TOML file, `check.py` looks for contradictions, the director plays it, the score judges by it.
"""

from __future__ import annotations

import enum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.verdict import Grade

FORMAT = 1

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Second = Annotated[float, Meta(ge=0.0, le=7200.0)]
Wait = Annotated[float, Meta(ge=0.0, le=3600.0)]
Weight = Annotated[float, Meta(gt=0.0, le=100.0)]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same in both languages."""

    ko: str
    en: str

    def of(self, language: str) -> str:
        return self.en if language == "en" else self.ko


class Spot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place in WGS 84 degrees."""

    lon_deg: Annotated[float, Meta(ge=-180.0, le=180.0)]
    lat_deg: Annotated[float, Meta(ge=-90.0, le=90.0)]


class Light(enum.StrEnum):
    DAY = "day"
    DUSK = "dusk"
    NIGHT = "night"


class Weather(enum.StrEnum):
    CLEAR = "clear"
    RAIN = "rain"


# ---- what is seen ---------------------------------------------------------------------------------------------------


class FeedSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A recording posing as a camera.

    Without a cue it loops. With one, `before_s` of the file loops until the cue's second, then the file plays from
    `act_s[0]` to `act_s[1]`, then `after_s` loops: three spans of the file, in its own seconds.
    """

    camera: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    file: str  # relative to the scenario's folder, or to the workspace's own feeds
    cue: str = ""  # id of the cue inject that starts the act
    before_s: tuple[Second, Second] | None = None
    act_s: tuple[Second, Second] | None = None
    after_s: tuple[Second, Second] | None = None


class Waypoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an actor goes next, how fast, and what he does there until a second of the film."""

    at: Spot
    speed_ms: Annotated[float, Meta(gt=0.0, le=40.0)] = 1.3
    act: str = "walk"  # on the way: walk, run, ride, drive, crawl
    stays_until_s: Second | None = None
    doing: str = "stand"  # stand, phone, point, threaten, hands_up, film, fall, sit, look_round
    facing_deg: Annotated[float, Meta(ge=0.0, lt=360.0)] | None = None  # while staying; None: on along his way


class Actor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody or something that moves through the city once; every camera that can see it shows it."""

    id: Id
    look: str  # man, woman, child, elder, officer, firefighter, car, van, motorbike, patrol_car, fire_engine, ambulance
    appears_s: Second = 0.0
    start: Spot
    way: tuple[Waypoint, ...] = ()
    top: str = ""  # "#rrggbb": clothes, or a vehicle's paint
    bottom: str = ""
    hair: str = ""
    holds: tuple[tuple[Second, str], ...] = ()  # from a second on: knife, sack, bag, phone, umbrella
    wears: tuple[str, ...] = ()  # hood, padded, coat, long_hair, backpack, apron, helmet


class Blaze(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Flames and smoke at a place from a second of the film on."""

    at: Spot
    height_m: float = 4.0
    begins_s: Second = 0.0
    full_s: Second = 10.0
    kind: str = "fire"  # fire, smoke, gas (a leak: shimmer and little mist)


class StageSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the scenario's own feeds are filmed by the stage."""

    centre: Spot
    length_s: Annotated[float, Meta(ge=10.0, le=600.0)] = 90.0
    light: Light = Light.DAY
    weather: Weather = Weather.CLEAR
    seed: int = 1
    traffic: Annotated[float, Meta(ge=0.0, le=3.0)] = 1.0  # of the usual
    congested: bool = False  # on the centre's street vehicles stand bumper to bumper and creep
    walkers: Annotated[float, Meta(ge=0.0, le=3.0)] = 1.0
    cameras: tuple[str, ...] = ()
    play: str = ""  # a play written in Python (robbery, fire); "": the actors below
    actors: tuple[Actor, ...] = ()
    blazes: tuple[Blaze, ...] = ()


# ---- what happens ---------------------------------------------------------------------------------------------------


class Happening(enum.StrEnum):
    """What an inject can wait for. `of` names an incident of the scenario, or an inject."""

    OPENED = "opened"
    CLAIMED = "claimed"
    GRADED = "graded"
    HANDED_OFF = "handed_off"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    FIRED = "fired"  # another inject was
    UNCLAIMED = "unclaimed"  # still nobody has it `delay_s` after it was opened
    NOT_HANDED_OFF = "not_handed_off"  # still not, `delay_s` after it was opened


class When(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At a second, or so long after something happened. `needs` and `unless` are flags that other injects set."""

    at_s: Second | None = None
    event: Happening | None = None
    of: str = ""
    to: AgencyKind | None = None
    delay_s: Wait = 0.0
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class Inject(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag=str.lower):
    """Something the director does. `label` is what the trainer's time line says; `sets` raises a flag."""

    id: Id
    when: When
    label: Words
    sets: str = ""
    noise: bool = False  # part of the din, not of the story


class Dc09(Inject, frozen=True, kw_only=True):
    """A firm's panel reports over SIA DC-09. `repeat` and `every_s` make chatter and floods."""

    account: str
    code: str
    zone: str = "1"
    text: str = ""
    repeat: Annotated[int, Meta(ge=1, le=200)] = 1
    every_s: Wait = 2.0


class Linked(Inject, frozen=True, kw_only=True):
    """A linked system of 112, 119 or a telecom sends a message (112-video, 112-dispatch, 119-dispatch, disaster, person)."""

    service: str
    fields: dict[str, str]
    state: str = "10"
    case: str = ""  # the same case again changes (40) or ends (91) it


class Webhook(Inject, frozen=True, kw_only=True):
    """A firm reports by the signed webhook; `report` is its JSON body."""

    firm: str
    report: dict[str, Any]


class Cap(Inject, frozen=True, kw_only=True):
    """A CAP 1.2 disaster message falls into the watched folder."""

    headline: str
    event: str
    severity: str = "Severe"
    area: str = ""
    circle: str = ""  # "lat,lon radius_km"


class Cue(Inject, frozen=True, kw_only=True):
    """The act begins on every feed that names this cue."""


class Camera(Inject, frozen=True, kw_only=True):
    """A camera fails or comes back: none, pause, mute, refuse, garbage, loss, dark."""

    cameras: tuple[str, ...]
    fault: str


class DeskManner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a desk that plays by itself answers: seconds after delivery; None: never."""

    opens_s: Wait | None = 3.0
    accepts_s: Wait | None = 6.0
    refuses: str = ""  # the reason; instead of accepting
    units: tuple[str, ...] = ()
    units_s: Wait | None = 12.0
    eta_min: float = 4.0
    on_scene_s: Wait | None = 60.0
    ends_s: Wait | None = None
    outcome: str = ""
    asks: str = ""  # a question to the centre, sent with the acceptance


class Desk(Inject, frozen=True, kw_only=True):
    """From now on a desk behaves like this; or it says something now about the newest hand-off."""

    agency: AgencyKind
    manner: DeskManner | None = None
    says: str = ""


class Sender(Inject, frozen=True, kw_only=True):
    """A firm's accounts fall silent (`silent`), or poll again."""

    accounts: tuple[str, ...]
    silent: bool = True


class Speak(Inject, frozen=True, kw_only=True):
    """The trainer's voice: words that stand on the seat's screen (a telephone call, a colleague, an order)."""

    words: Words
    seat: str = ""  # "": every seat
    who: Words | None = None  # who is speaking


class End(Inject, frozen=True, kw_only=True):
    """The drill is over."""


AnyInject = Dc09 | Linked | Webhook | Cap | Cue | Camera | Desk | Sender | Speak | End


# ---- what is expected -----------------------------------------------------------------------------------------------


class IncidentSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An incident that the drill brings about, and what is right for it. It is found by its site or by its place."""

    id: Id
    title: Words
    site: str = ""
    account: str = ""
    at: Spot | None = None
    within_m: Annotated[float, Meta(gt=0.0, le=2000.0)] = 60.0
    real: bool = True  # False: a false alarm, and to hand it off is a fault
    cue: str = ""  # the cue whose act belongs to it
    act_s: tuple[float, float] | None = None  # the act, in seconds after the cue: what a right clip must contain
    grades: tuple[Grade, ...] = ()
    agencies: tuple[AgencyKind, ...] = ()
    cameras: tuple[str, ...] = ()  # those that truly show it
    steps: tuple[str, ...] = ()  # boxes of the procedure that can be told from the pictures
    note: str = ""  # what a good operator would write
    order: int = 0  # in which a good operator takes them; equal: by priority


class Act(enum.StrEnum):
    """What a mark is given for."""

    CLAIM = "claim"  # time from its opening to the claim
    FIRST_CAMERA = "first_camera"  # time from its opening until a right camera was on the seat's wall
    VERDICT = "verdict"  # time from the claim to the grade
    GRADE = "grade"  # the right grade at the time of hand-off or closing
    HAND_OFF = "hand_off"  # time from its opening to the hand-off
    AGENCY = "agency"  # everyone who must have it, and nobody else
    CLIP = "clip"  # the span sent contains the act, from a right camera
    PROCEDURE = "procedure"  # boxes ticked
    NOTE = "note"  # something was written down
    CLOSE = "close"  # it was closed, within the time
    NO_HAND_OFF = "no_hand_off"  # a false alarm was not handed off
    NO_LOOK = "no_look"  # nothing private was looked at beyond what the claim opens
    QUEUE = "queue"  # nothing urgent waited unclaimed for longer than the time
    ANSWER = "answer"  # a desk's question was answered within the time
    FOLLOW_UP = "follow_up"  # more was sent when more was seen
    MERGE = "merge"  # reports of one thing were brought together
    RECALL = "recall"  # what was sent in error was taken back


class Expectation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One mark. Full within `within_s`, none after `late_s`, in proportion between; untimed ones are whole or nothing."""

    id: Id
    act: Act
    incident: str = ""  # of the scenario; "": the whole drill
    weight: Weight
    within_s: Wait | None = None
    late_s: Wait | None = None
    critical: bool = False  # failing it is said first in the report
    objective: str = ""


class Objective(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the drill trains, in HSEEP's sense: an objective with the core capability it belongs to."""

    id: Id
    words: Words
    capability: Words


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole scenario file."""

    format: Annotated[int, Meta(ge=1, le=1)]
    id: Id
    title: Words
    briefing: Words
    debriefing: Words
    duration_s: Annotated[float, Meta(ge=30.0, le=7200.0)]
    city: str = ""  # a city's GeoPackage; "": the sample city
    seats: tuple[str, ...] = ("1",)
    clock: Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "14:00"  # the hour that the feeds show
    feeds: tuple[FeedSpec, ...] = ()
    stage: StageSpec | None = None
    incidents: tuple[IncidentSpec, ...]
    injects: tuple[AnyInject, ...]
    expectations: tuple[Expectation, ...]
    objectives: tuple[Objective, ...] = ()
    settings: dict[str, str | int | float | bool] = {}  # of the console and its programs, for this drill

    def incident(self, incident_id: str) -> IncidentSpec | None:
        return next((spec for spec in self.incidents if spec.id == incident_id), None)
