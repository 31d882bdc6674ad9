"""A still of the chosen tile, with seat, time and camera burned in: saved, and on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Reason, SeatState
from smartcity_console.console.operations.wall_base import WallOperation, must_show
from smartcity_console.console.operations.wall_facts import WallFacts
from smartcity_console.model.events import CameraSnapshotTaken, Draft, IncidentSnapshotTaken, stream_of


@dataclass(frozen=True)
class Snapshot:
    """A picture that lies in the workspace. `path` is relative to it; `incident_id` empty: of no incident."""

    camera_id: str
    path: str
    sha256: str
    captured_at: datetime
    incident_id: str = ""


class TakeSnapshot(WallOperation):
    """Put a snapshot on record. `argument`: a Snapshot; the wall takes it when it is asked."""

    id = "wall.snapshot"
    group = Group.TILE
    shortcut = "S"
    needs = "snapshot"

    def label(self) -> str:
        return translate("Operation", "Snapshot of the tile")

    def available(self, state: SeatState) -> Reason | None:
        return self.possible(state.wall)

    def possible(self, wall: WallFacts) -> Reason | None:
        return must_show(wall)

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        if not isinstance(argument, Snapshot):
            return []
        facts = {
            "camera_id": argument.camera_id,
            "path": argument.path,
            "sha256": argument.sha256,
            "captured_at": argument.captured_at,
            "seat": state.seat,
        }
        if argument.incident_id:
            taken = IncidentSnapshotTaken(**facts)
            return [Draft(stream_of(IncidentSnapshotTaken, argument.incident_id), taken, state.actor)]
        return [Draft(stream_of(CameraSnapshotTaken, argument.camera_id), CameraSnapshotTaken(**facts), state.actor)]
