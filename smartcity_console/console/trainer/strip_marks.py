"""What stands on the trainer's time strip: injects of the story and of the din, what the seats did, moments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from smartcity_console.console.language import translate
from smartcity_console.console.times import span_text
from smartcity_console.console.trainer.drill_fold import DrillFold, InjectStanding, InjectState
from smartcity_console.console.trainer.happenings import DESK, SEAT, Happening, happening_words
from smartcity_console.console.trainer.inject_words import TONES, standing_word
from smartcity_console.console.trainer.time_strip import StripMark
from smartcity_console.drill.scenario.model import AnyInject, Cue, End

STORY, NOISE, ACTS, DESKS = range(4)
_SHAPES = {
    InjectStanding.WAITING: "ring",
    InjectStanding.HELD: "bars",
    InjectStanding.FIRED: "circle",
    InjectStanding.SKIPPED: "cross",
    InjectStanding.FAILED: "triangle",
}
_ACT_TYPES = frozenset(
    (
        *("IncidentClaimed", "VerdictGiven", "HandoffRequested", "HandoffRecalled", "IncidentClosed", "NoteAdded"),
        *("IncidentMerged", "MessageToDesk", "PrivateCamerasUnlocked", "IncidentReleased"),
    )
)
_DESK_TYPES = frozenset(
    (
        "HandoffDelivered",
        "HandoffOpened",
        "HandoffAccepted",
        "HandoffRefused",
        "HandoffUnitsSent",
        "HandoffOnScene",
        "HandoffEnded",
        "MessageFromDesk",
    )
)


def lanes() -> tuple[str, ...]:
    return (
        translate("Lane", "Story"),
        translate("Lane", "Noise"),
        translate("Lane", "Seats"),
        translate("Lane", "Desks"),
    )


def inject_marks(injects: Iterable[AnyInject], fold: DrillFold, language: str) -> list[StripMark]:
    """Return the injects that have a second: due, or come to what they are."""
    marks = []
    for inject in injects:
        state = fold.inject(inject.id)
        at_s = second_of(inject, state)
        if at_s is None:
            continue
        label = inject.label.of(language)
        shape = (
            "square"
            if isinstance(inject, End) and state.standing is InjectStanding.WAITING
            else _SHAPES[state.standing]
        )
        if isinstance(inject, Cue) and state.standing is InjectStanding.WAITING:
            shape = "diamond"
        tone = "accent" if state.standing is InjectStanding.WAITING else TONES[state.standing]
        tip = f"{span_text(at_s)} {label} · {standing_word(state.standing)}"
        marks.append(StripMark(inject.id, at_s, NOISE if inject.noise else STORY, shape, tone, label, tip=tip))
    return marks


def second_of(inject: AnyInject, state: InjectState) -> float | None:
    """Return where an inject stands on the strip; None while it waits on something."""
    done = state.standing in (InjectStanding.FIRED, InjectStanding.FAILED, InjectStanding.SKIPPED)
    return state.at_s if done else inject.when.at_s


def happening_marks(happenings: Sequence[Happening], language: str) -> list[StripMark]:
    """Return what seats and desks did, and the moments that the trainer marked."""
    marks = []
    for each in happenings:
        kind = each.event.type
        key, words = f"event-{each.seq}", happening_words(each, language)
        if each.kind == SEAT and kind in _ACT_TYPES:
            shape = "square" if kind == "HandoffRequested" else "circle"
            marks.append(StripMark(key, each.second, ACTS, shape, "text", words))
        elif each.kind == DESK and kind in _DESK_TYPES:
            marks.append(StripMark(key, each.second, DESKS, "circle", "warn" if each.loud else "ok", words))
        elif kind == "MomentMarked":
            marks.append(StripMark(key, each.second, ACTS, "flag", "drill", words))
    return marks
