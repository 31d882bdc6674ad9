from __future__ import annotations

from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState, must_be_mine
from smartcity_console.console.operations.wall_base import must_show
from smartcity_console.model.events import Draft, SightingNoted


class NoteSighting(Operation):
    """Put on record that whom the incident is about is seen now on the chosen tile: the track goes with every hand-off."""

    id = "incident.sighting"
    group = Group.INCIDENT
    shortcut = "Ctrl+T"

    def label(self) -> str:
        return translate("Operation", "Seen here now (track)")

    def available(self, state: SeatState) -> Reason | None:
        if reason := must_be_mine(state) or must_show(state.wall):
            return reason
        if state.wall.pane:
            return Reason("not_live", translate("Reason", "The tile looks back: return to the live picture first."))
        return None

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        del argument
        camera_id = state.wall.camera_id
        name = next((seen.name for seen in state.chosen().cameras if seen.camera_id == camera_id), "")
        seen = SightingNoted(camera_id=camera_id, camera_name=name, seen_at=state.now, seat=state.seat)
        return [state.draft(seen)]
