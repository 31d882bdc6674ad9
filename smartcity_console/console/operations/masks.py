"""Privacy masks: set them, lift them for a while, cover again. Only seats of supervisors may (setting mask.supervisors)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState
from smartcity_console.console.operations.wall_base import must_be_chosen
from smartcity_console.model.events import Draft, MaskLifted, MaskLiftEnded, MaskSet, stream_of
from smartcity_console.model.masks import Polygons, checked_polygons

LONGEST_LIFT_MIN = 60.0


@dataclass(frozen=True)
class MaskChange:
    """What a supervisor drew on a camera's picture, what was there before, and why it changes."""

    camera_id: str
    polygons: Polygons
    before: Polygons
    reason: str


@dataclass(frozen=True)
class MaskLiftWish:
    """Which camera is to be seen uncovered, for how many minutes, and why."""

    camera_id: str
    minutes: float
    reason: str


class MaskOperation(Operation):
    group = Group.TILE

    def available(self, state: SeatState) -> Reason | None:
        if reason := must_be_chosen(state.wall):
            return reason
        if not state.is_supervisor:
            return Reason("no_supervisor", translate("Reason", "Only a supervisor's seat may do this."))
        return self.possible(state)

    def possible(self, state: SeatState) -> Reason | None:
        del state
        return None


class SetMask(MaskOperation):
    """Put on record what of a picture is private. `argument`: a MaskChange with a reason; else nothing is appended."""

    id = "camera.set_mask"
    needs = "mask"

    def label(self) -> str:
        return translate("Operation", "Privacy masks of the camera")

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        change = argument
        if not isinstance(change, MaskChange) or not change.reason.strip():
            return []
        polygons = checked_polygons(change.polygons)
        if polygons == change.before:
            return []
        facts = {"camera_id": change.camera_id, "seat": state.seat, "reason": change.reason.strip()}
        payload = MaskSet(polygons=polygons, before=change.before, **facts)
        return [Draft(stream_of(MaskSet, change.camera_id), payload, state.actor)]


class LiftMask(MaskOperation):
    """Uncover a live picture for a stated reason and time. `argument`: a MaskLiftWish."""

    id = "camera.lift_mask"
    needs = "mask_lift"

    def label(self) -> str:
        return translate("Operation", "Lift the camera's masks for a time")

    def possible(self, state: SeatState) -> Reason | None:
        if state.mask is not None and state.mask.polygons:
            return None
        return Reason("no_mask", translate("Reason", "The camera has no privacy mask."))

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        wish = argument
        if not isinstance(wish, MaskLiftWish) or not wish.reason.strip() or not 0 < wish.minutes <= LONGEST_LIFT_MIN:
            return []
        until = state.now + timedelta(minutes=wish.minutes)
        payload = MaskLifted(camera_id=wish.camera_id, seat=state.seat, reason=wish.reason.strip(), until=until)
        return [Draft(stream_of(MaskLifted, wish.camera_id), payload, state.actor)]


class EndMaskLift(MaskOperation):
    """Cover the picture again before the time is over. Anybody may."""

    id = "camera.end_mask_lift"

    def label(self) -> str:
        return translate("Operation", "Cover the camera's picture again")

    def available(self, state: SeatState) -> Reason | None:
        if reason := must_be_chosen(state.wall):
            return reason
        if state.mask is not None and state.mask.lifted(state.now):
            return None
        return Reason("not_lifted", translate("Reason", "The camera's masks are not lifted."))

    def drafts(self, state: SeatState, argument: Any = None) -> list[Draft]:
        del argument
        camera_id = state.wall.camera_id
        payload = MaskLiftEnded(camera_id=camera_id, seat=state.seat, reason=translate("Operation", "Covered by hand"))
        return [Draft(stream_of(MaskLiftEnded, camera_id), payload, state.actor)]


def mask_operations() -> list[Operation]:
    return [SetMask(), LiftMask(), EndMaskLift()]
