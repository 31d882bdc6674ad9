"""What happened in a drill, one line an event, in words: what the director did, what the seats did, what desks said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from smartcity_console.console import history
from smartcity_console.console.language import translate
from smartcity_console.console.times import span_text
from smartcity_console.console.trainer.inject_words import cause_word
from smartcity_console.model import events as ev
from smartcity_console.model.incident import LogLine

Name = Callable[[str], str]
DIRECTOR, SEAT, DESK, ALERT = "director", "seat", "desk", "alert"
_SILENT = frozenset(("CamerasSelected", "UnitPositions", "ChatterFolded", "HandoffPackaged", "HandoffUpdateDelivered"))
"""Work of programs between two acts: in the journal, but not what a trainer looks for."""


@dataclass(frozen=True)
class Happening:
    """`second` of the drill; `incident_id` where it is about one; `loud`: it went wrong, or is out of the ordinary."""

    seq: int
    second: float
    kind: str
    who: str
    incident_id: str
    event: ev.Event
    loud: bool = False


def happening_of(event: ev.Event, second: float) -> Happening | None:
    """Return an event as a happening; None for what a trainer does not look for."""
    stream, _, key = event.stream.partition("/")
    if stream == "incident" and event.type not in _SILENT and event.type in history.SENTENCES:
        line = LogLine(event.at, event.type, event.actor, event.data)
        return Happening(event.seq, second, _kind(event), event.actor, key, event, history.is_loud(line))
    if stream == "drill" and event.type in _DRILL:
        loud = event.type in ("InjectFailed", "DrillOrderRefused")
        return Happening(event.seq, second, DIRECTOR, event.actor, "", event, loud)
    return None


def _kind(event: ev.Event) -> str:
    if event.actor.startswith("seat/"):
        return SEAT
    return DESK if event.type.startswith(("Handoff", "MessageFrom", "LiveView")) else ALERT


def happening_words(happening: Happening, language: str, name: Name = str) -> str:
    """Return the sentence of a happening; `name` calls an inject by its id as the trainer knows it."""
    event = happening.event
    if happening.kind != DIRECTOR:
        return history.sentence(LogLine(event.at, event.type, event.actor, event.data))
    return drill_words(event.payload(), language, name)


def who_words(happening: Happening) -> str:
    """Return who did it, in a word or two."""
    if happening.kind == SEAT:
        return translate("Header", "Seat {seat}").format(seat=happening.who.partition("/")[2])
    return {
        DIRECTOR: translate("Happening", "Director"),
        DESK: translate("Happening", "Desk"),
        ALERT: translate("Happening", "Gateway"),
    }[happening.kind]


def drill_words(payload: ev.Payload, language: str, name: Name = str) -> str:
    """Return what the director did as a sentence."""
    english = language == "en"
    match payload:
        case ev.DrillBegun():
            return translate("Happening", "The drill began")
        case ev.InjectFired(label_ko=ko, label_en=en, cause=cause):
            text = translate("Happening", "Fired: {label} ({cause})")
            return text.format(label=en if english else ko, cause=cause_word(cause))
        case ev.InjectSkipped(inject_id=inject_id):
            return translate("Happening", "Skipped: {inject}").format(inject=name(inject_id))
        case ev.InjectHeld(inject_id=inject_id, held=held):
            text = translate("Happening", "Held: {inject}") if held else translate("Happening", "Released: {inject}")
            return text.format(inject=name(inject_id))
        case ev.InjectFailed(inject_id=inject_id, reason=reason):
            return translate("Happening", "Failed: {inject} ({reason})").format(inject=name(inject_id), reason=reason)
        case ev.DrillPaused():
            return translate("Happening", "Paused")
        case ev.DrillResumed(paused_s=paused_s):
            return translate("Happening", "Resumed after {time}").format(time=span_text(paused_s))
        case ev.DrillSpoken(text_ko=ko, text_en=en, seat=seat):
            text = translate("Happening", "To seat {seat}: {text}")
            return text.format(seat=seat or translate("Happening", "all"), text=en if english else ko)
        case ev.DrillWordsSeen(seat=seat):
            return translate("Happening", "Seat {seat} acknowledged the words").format(seat=seat)
        case ev.MomentMarked(text=text):
            return translate("Happening", "Moment: {text}").format(text=text)
        case ev.DrillEnded(reason=reason):
            return translate("Happening", "The drill ended ({reason})").format(reason=end_word(reason))
        case ev.DrillOrderRefused(reason_ko=ko, reason_en=en):
            return translate("Happening", "Not done: {reason}").format(reason=en if english else ko)
    return type(payload).__name__


def end_word(reason: str) -> str:
    """Return the word of the code with which a drill ended."""
    return {
        "inject": translate("DrillEnd", "by the scenario"),
        "time": translate("DrillEnd", "its time was over"),
        "trainer": translate("DrillEnd", "by the trainer"),
        "done": translate("DrillEnd", "everything was closed"),
        "failed": translate("DrillEnd", "it could not go on"),
    }.get(reason, reason)


_DRILL = frozenset(
    kind.__name__
    for kind in (
        ev.DrillBegun,
        ev.InjectFired,
        ev.InjectSkipped,
        ev.InjectHeld,
        ev.InjectFailed,
        ev.DrillPaused,
        ev.DrillResumed,
        ev.DrillSpoken,
        ev.DrillWordsSeen,
        ev.MomentMarked,
        ev.DrillEnded,
        ev.DrillOrderRefused,
    )
)
