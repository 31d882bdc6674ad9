"""drill/… : what the director did in a drill. These stand only in a drill's own journal."""

from __future__ import annotations

from typing import ClassVar

from smartcity_console.model.events.base import Payload


class DrillPayload(Payload, frozen=True, kw_only=True):
    """`at_s`: second of the drill, pauses left out."""

    stream_kind: ClassVar[str] = "drill"
    at_s: float


class DrillBegun(DrillPayload, frozen=True, kw_only=True):
    """Second 0. `scenario_sha256`: of the file that was played; `operator`: human, good, slow or wrong."""

    drill_id: str
    scenario_id: str
    scenario_sha256: str
    title_ko: str
    title_en: str
    trainees: dict[str, str]  # name by seat
    operator: str = "human"
    trainer: str = ""


class InjectFired(DrillPayload, frozen=True, kw_only=True):
    """`cause`: time, condition or trainer."""

    inject_id: str
    kind: str
    cause: str
    label_ko: str
    label_en: str


class InjectSkipped(DrillPayload, frozen=True, kw_only=True):
    inject_id: str
    reason: str


class InjectHeld(DrillPayload, frozen=True, kw_only=True):
    """The trainer keeps an inject back, or (`held` False) lets it go on."""

    inject_id: str
    held: bool


class InjectFailed(DrillPayload, frozen=True, kw_only=True):
    """What should have happened did not: the score leaves out what stands on it."""

    inject_id: str
    reason: str


class DrillPaused(DrillPayload, frozen=True, kw_only=True):
    by: str


class DrillResumed(DrillPayload, frozen=True, kw_only=True):
    by: str
    paused_s: float


class DrillSpoken(DrillPayload, frozen=True, kw_only=True):
    """Words put before a seat ("": every seat), by the trainer or by an inject."""

    seat: str
    who_ko: str
    who_en: str
    text_ko: str
    text_en: str
    inject_id: str = ""


class MomentMarked(DrillPayload, frozen=True, kw_only=True):
    """The trainer wants to come back to this in the debriefing."""

    text: str
    by: str
    incident_id: str = ""


class DrillEnded(DrillPayload, frozen=True, kw_only=True):
    """`reason`: inject, time, trainer, done (everything closed and nothing to come) or failed."""

    reason: str


class DrillOrdered(DrillPayload, frozen=True, kw_only=True):
    """What the trainer wants of the director, who carries it out and says so in an event of its own.

    `act`: fire, skip, hold, release (an inject), add (`inject`: one of the scenario's kinds as JSON), pause, resume, end,
    speak (`seat`, `text`), mark (`text`, `incident_id`).
    """

    order_id: str
    act: str
    by: str
    inject_id: str = ""
    inject: str = ""
    seat: str = ""
    text: str = ""
    incident_id: str = ""


class DrillOrderRefused(DrillPayload, frozen=True, kw_only=True):
    """The director could not do as told; `reason_ko` and `reason_en` are sentences for the trainer."""

    order_id: str
    reason_ko: str
    reason_en: str


class DrillWorkBegun(DrillPayload, frozen=True, kw_only=True):
    """A trainee has read the briefing and sits down to work. The drill's time has not begun: `at_s` is 0."""

    seat: str


class DrillWordsSeen(DrillPayload, frozen=True, kw_only=True):
    """A seat acknowledged words that were put before it; `spoken_seq`: of their DrillSpoken in the journal."""

    seat: str
    spoken_seq: int
