from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, SeatState
from smartcity_console.model.camera import Pose
from smartcity_console.model.events import CameraPoseSet, Draft, stream_of


@dataclass(frozen=True)
class PoseChange:
    """What the operator dragged: how the camera stood in the catalogue and how it is to stand."""

    camera_id: str
    pose: Pose
    before: Pose


class SetPose(Operation):
    """Put on record how a camera stands. `argument`: a PoseChange; one that changes nothing appends nothing."""

    id = "camera.set_pose"
    group = Group.VIEW
    shortcut = "Ctrl+Shift+D"
    needs = "pose"

    def label(self) -> str:
        return translate("Operation", "Set a camera's direction on the map")

    def short(self) -> str:
        return translate("Operation", "Set direction")

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        change = argument
        if not isinstance(change, PoseChange) or change.pose == change.before:
            return []
        payload = CameraPoseSet(camera_id=change.camera_id, pose=change.pose, before=change.before, seat=state.seat)
        return [Draft(stream_of(CameraPoseSet, change.camera_id), payload, state.actor)]
