"""What the verbs of the wall have in common."""

from __future__ import annotations

from smartcity_console.console.language import translate
from smartcity_console.console.operations.base import Group, Operation, Reason, SeatState
from smartcity_console.console.operations.wall_facts import WallFacts


class WallOperation(Operation):
    """Base: a verb of the wall; it appends nothing, the wall carries it out by its id."""

    group = Group.WALL

    def available(self, state: SeatState) -> Reason | None:
        return self.possible(state.wall)

    def possible(self, wall: WallFacts) -> Reason | None:
        """Return why it cannot be done to this wall."""
        del wall
        return None


def no_tile() -> Reason:
    return Reason("no_tile", translate("Reason", "Choose a tile first (Shift+1 to 9, or the arrows)."))


def must_be_chosen(wall: WallFacts) -> Reason | None:
    """Return why there is no tile to act on."""
    return None if wall.chosen is not None else no_tile()


def must_show(wall: WallFacts) -> Reason | None:
    """Return why the chosen tile has no picture to act on."""
    if reason := must_be_chosen(wall):
        return reason
    if wall.shut:
        return Reason("shut", translate("Reason", "This private camera is shut."))
    if not wall.has_picture:
        return Reason("no_picture", translate("Reason", "The chosen tile has no picture."))
    return None
