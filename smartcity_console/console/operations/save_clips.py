"""Clips of a span of some of the incident's cameras, kept as files: the gateway cuts them once the wish is on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import (
    Group,
    Operation,
    Reason,
    Role,
    SeatState,
    may_be_sent,
    must_be_mine,
    no_incident,
)
from smartcity_console.console.operations.evidence import MAX_SPAN_S, MIN_SPAN_S
from smartcity_console.model.camera import Ownership, SeenBy
from smartcity_console.model.events import Draft, IncidentClipsWanted

MOST_REASON = 200
MOST_CAMERAS = 16


@dataclass(frozen=True)
class ClipsWish:
    """Which cameras, from when to when (UTC), and what for; a private camera among them calls for a reason."""

    camera_ids: tuple[str, ...]
    start: datetime
    end: datetime
    reason: str = ""


class SaveClips(Operation):
    """`argument`: a ClipsWish. By who verifies the incident; a supervisor may for any incident, a closed one too."""

    id = "evidence.save_clips"
    group = Group.EVIDENCE
    shortcut = "Ctrl+E"
    needs = "clips"

    def label(self) -> str:
        return translate("Operation", "Save clips of the span …")

    def short(self) -> str:
        return translate("Operation", "Save clips")

    def available(self, state: SeatState) -> Reason | None:
        if state.incident is None:
            return no_incident()
        if state.role is not Role.SUPERVISOR and (reason := must_be_mine(state)):
            return reason
        if not clip_cameras(state):
            return Reason("no_camera", translate("Reason", "No camera of this incident is recorded and open."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        wish = argument
        if not isinstance(wish, ClipsWish) or why_not(state, wish) is not None:
            return []
        payload = IncidentClipsWanted(
            clips_id=state.new_id("clips"),
            camera_ids=wish.camera_ids,
            start=wish.start,
            end=wish.end,
            reason=wish.reason.strip()[:MOST_REASON],
            seat=state.seat,
        )
        return [state.draft(payload)]


def clip_cameras(state: SeatState) -> list[SeenBy]:
    """Return the cameras of the selected incident that clips may be saved of, in rank order."""
    incident = state.incident
    return [seen for seen in incident.cameras if may_be_sent(incident, seen)] if incident is not None else []


def why_not(state: SeatState, wish: ClipsWish) -> Reason | None:
    """Return what a wish lacks, for the sheet that makes it."""
    known = {seen.camera_id: seen for seen in clip_cameras(state)}
    if not wish.camera_ids or len(wish.camera_ids) > MOST_CAMERAS or not set(wish.camera_ids) <= known.keys():
        return Reason("no_camera", translate("Reason", "Choose at least one camera."))
    if not MIN_SPAN_S <= (wish.end - wish.start).total_seconds() <= MAX_SPAN_S:
        return Reason("no_span", translate("Reason", "The end must be after the begin, by an hour at most."))
    if wish.end > state.now:
        return Reason("not_yet", translate("Reason", "The end is not over yet."))
    private = any(known[camera].ownership is Ownership.PRIVATE for camera in wish.camera_ids)
    if private and not wish.reason.strip():
        return Reason("no_reason", translate("Reason", "A private camera is among them: say what for."))
    return None
