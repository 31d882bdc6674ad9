from __future__ import annotations

from typing import Any

import msgspec

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, must_be_open
from smartcity_console.console.operations.merge import Merge, merging, must_be_free, unmerging
from smartcity_console.console.operations.private_cameras import lock
from smartcity_console.model.alert import Priority
from smartcity_console.model.events import (
    CameraPoseSet,
    Draft,
    IncidentAbsorbed,
    IncidentReleased,
    Payload,
    PriorityChanged,
    ProcedureStepTicked,
    stream_of,
)
from smartcity_console.model.grading import grading
from smartcity_console.model.incident import Incident, LogLine

REVERSIBLE = ("IncidentClaimed", "PriorityChanged", "ProcedureStepTicked")
BETWEEN_TWO = ("IncidentAbsorbed", "AlertsSplitOff")
"""Acts that concern two incidents: their inverse is written on both."""


class Undo(Operation):
    """Take back this seat's last act by appending its inverse; both stay on record.

    A camera's pose belongs to no incident: it is taken back when it is later than the last act on the selected one.
    """

    id = "edit.undo"
    group = Group.INCIDENT
    shortcut = "Ctrl+Z"

    def label(self) -> str:
        return translate("Operation", "Undo the last act")

    def available(self, state: SeatState) -> Reason | None:
        if _pose_is_last(state):
            return None
        if reason := must_be_open(state):
            return reason
        if self._inverse(state) is None and not self._between_two(state):
            return Reason("nothing", translate("Reason", "This seat's last act cannot be undone."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        del argument
        if _pose_is_last(state):
            return _pose_taken_back(state)
        if drafts := self._between_two(state):
            return drafts
        inverse = self._inverse(state)
        assert inverse is not None
        closing = lock(state, "released") if isinstance(inverse, IncidentReleased) else []
        return [state.draft(inverse, exclusive=True), *closing]

    def _between_two(self, state: SeatState) -> list[Draft]:
        """Part what this seat merged, or merge what it parted; nothing where the other incident does not allow it."""
        incident = state.chosen()
        last = _last_act(incident, state.actor)
        if last is None or last.type not in BETWEEN_TWO or must_be_free(state) is not None:
            return []
        if last.type == "IncidentAbsorbed":
            taken = msgspec.convert(last.facts, IncidentAbsorbed)
            ended = state.find(taken.from_incident)
            ok = ended is not None and ended.merged_into == incident.id and not incident.handoffs
            return unmerging(state, incident, taken, ended) if ok and ended is not None else []
        other = state.find(last.facts["to_incident"])
        if other is None or other.closed_at is not None or Merge().refuses(state, other) is not None:
            return []
        return merging(state, incident, other)

    def _inverse(self, state: SeatState) -> Payload | None:
        last = _last_act(state.chosen(), state.actor)
        if last is None or last.type not in REVERSIBLE:
            return None
        if last.type == "IncidentClaimed":
            return IncidentReleased(seat=state.seat) if state.is_mine else None
        if last.type == "ProcedureStepTicked":
            return ProcedureStepTicked(step=last.facts["step"], done=not last.facts["done"], seat=state.seat)
        before = _priority_before(state.chosen(), last)
        return PriorityChanged(priority=before, reason="undo", seat=state.seat)


def _pose_is_last(state: SeatState) -> bool:
    """Return whether a camera's pose is what this seat did last."""
    if state.last_pose is None:
        return False
    last = _last_act(state.incident, state.actor) if state.incident is not None else None
    return last is None or last.at <= state.last_pose.at


def _pose_taken_back(state: SeatState) -> list[Draft]:
    assert state.last_pose is not None
    said = state.last_pose.said
    inverse = CameraPoseSet(camera_id=said.camera_id, pose=said.before, before=said.pose, seat=state.seat)
    return [Draft(stream_of(CameraPoseSet, said.camera_id), inverse, state.actor)]


_CONSEQUENCES = ("PrivateCamerasUnlocked", "PrivateCamerasLocked", "CamerasSelected")


def _last_act(incident: Incident, actor: str) -> LogLine | None:
    """Return the seat's last act; what the program added by itself is not an act."""
    acts = (line for line in reversed(incident.log) if line.actor == actor and not _is_consequence(line))
    return next(acts, None)


def _is_consequence(line: LogLine) -> bool:
    return line.type in _CONSEQUENCES or (line.type == "PriorityChanged" and line.facts["reason"] == "split")


def _priority_before(incident: Incident, change: LogLine) -> Priority:
    """Return the priority that stood before a change."""
    before = grading(incident.log[: incident.log.index(change)])
    return before.priority if before is not None else incident.priority
