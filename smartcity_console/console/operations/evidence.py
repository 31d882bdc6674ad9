"""The evidence span: where the clips begin and end, and which cameras they are of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, may_be_sent, must_be_mine
from smartcity_console.model.events import Draft, EvidenceSpanSet

MIN_SPAN_S = 1.0
MAX_SPAN_S = 3600.0
STEP_S = 5.0


class EvidenceOperation(Operation):
    """Base: changes one thing of the span and appends the whole span."""

    group = Group.EVIDENCE

    def available(self, state: SeatState) -> Reason | None:
        return must_be_mine(state)

    def changed(self, state: SeatState, span: EvidenceSpanSet, argument: Any) -> EvidenceSpanSet:
        raise NotImplementedError

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        before = state.evidence()
        after = self.changed(state, before, argument)
        if after == before and state.chosen().evidence is not None:
            return []
        return [state.draft(after)]


class SetStart(EvidenceOperation):
    """Set where the span begins. `argument`: a UTC time; without one, the default before the alert."""

    id = "evidence.set_start"
    shortcut = "Ctrl+["

    def label(self) -> str:
        return translate("Operation", "Evidence: begin before the alarm")

    def changed(self, state: SeatState, span: EvidenceSpanSet, argument: Any) -> EvidenceSpanSet:
        start = argument or state.chosen().opened_at - timedelta(seconds=state.before_s)
        return with_start(span, start)


class SetEnd(EvidenceOperation):
    """Set where the span ends. `argument`: a UTC time; without one, now."""

    id = "evidence.set_end"
    shortcut = "Ctrl+]"

    def label(self) -> str:
        return translate("Operation", "Evidence: end now")

    def changed(self, state: SeatState, span: EvidenceSpanSet, argument: Any) -> EvidenceSpanSet:
        return with_end(span, min(argument or state.now, state.now))


class Nudge(EvidenceOperation):
    """Move one edge of the span by five seconds."""

    def __init__(self, edge: str, seconds: float, shortcut: str) -> None:
        self._edge, self._seconds = edge, seconds
        way = "earlier" if seconds < 0 else "later"
        self.id = f"evidence.nudge.{edge}.{way}"
        self.shortcut = shortcut

    def label(self) -> str:
        names = {
            ("start", True): translate("Operation", "Evidence: begin 5 s earlier"),
            ("start", False): translate("Operation", "Evidence: begin 5 s later"),
            ("end", True): translate("Operation", "Evidence: end 5 s earlier"),
            ("end", False): translate("Operation", "Evidence: end 5 s later"),
        }
        return names[self._edge, self._seconds < 0]

    def changed(self, state: SeatState, span: EvidenceSpanSet, argument: Any) -> EvidenceSpanSet:
        del argument
        step = timedelta(seconds=self._seconds)
        if self._edge == "start":
            return with_start(span, span.start + step)
        return with_end(span, min(span.end + step, state.now))


class ToggleCamera(EvidenceOperation):
    """Take the wall's n-th camera into the evidence, or out of it. The last one stays."""

    def __init__(self, number: int) -> None:
        self._number = number
        self.id = f"evidence.camera.{number}"
        self.shortcut = f"Alt+{number}"

    def label(self) -> str:
        return translate("Operation", "Evidence: camera {number} in or out").format(number=self._number)

    def available(self, state: SeatState) -> Reason | None:
        if reason := must_be_mine(state):
            return reason
        cameras = state.chosen().cameras
        if len(cameras) < self._number or not may_be_sent(state.chosen(), cameras[self._number - 1]):
            return Reason("no_camera", translate("Reason", "There is no recording camera with this number."))
        if state.evidence().camera_ids == (cameras[self._number - 1].camera_id,):
            return Reason("last_camera", translate("Reason", "One camera must stay in the evidence."))
        return None

    def changed(self, state: SeatState, span: EvidenceSpanSet, argument: Any) -> EvidenceSpanSet:
        del argument
        order = [seen.camera_id for seen in state.chosen().cameras]
        wanted = set(span.camera_ids) ^ {order[self._number - 1]}
        return msgspec.structs.replace(span, camera_ids=tuple(c for c in order if c in wanted))


def with_start(span: EvidenceSpanSet, start: datetime) -> EvidenceSpanSet:
    """Return the span from another start, kept between a second and an hour long."""
    latest = span.end - timedelta(seconds=MIN_SPAN_S)
    return msgspec.structs.replace(span, start=max(min(start, latest), span.end - timedelta(seconds=MAX_SPAN_S)))


def with_end(span: EvidenceSpanSet, end: datetime) -> EvidenceSpanSet:
    """Return the span to another end, kept between a second and an hour long."""
    earliest = span.start + timedelta(seconds=MIN_SPAN_S)
    return msgspec.structs.replace(span, end=min(max(end, earliest), span.start + timedelta(seconds=MAX_SPAN_S)))
