"""The answer to "which cameras see this spot": ranked by a worker, shown until the operator is done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from smartcity_console.console.map.jobs import Job
from smartcity_console.console.map.stack import LayerStack
from smartcity_console.model.camera import SeenBy
from smartcity_console.model.geo import Position

RankSpot = Callable[[Position], list[SeenBy]]


class SpotSight:
    """One spot at a time; `answered` is called on the GUI thread with the ranked cameras."""

    def __init__(
        self,
        stack: LayerStack,
        rank: RankSpot,
        answered: Callable[[list[SeenBy]], None],
    ) -> None:
        self.asked = False
        self.seen_by: list[SeenBy] = []
        self._stack, self._rank, self._answered = stack, rank, answered
        self._count = 0
        self._position: Position | None = None

    def ask(self, position: Position) -> None:
        """Have the cameras ranked; a later question overtakes an earlier one."""
        self._count += 1
        self.asked, self._position = True, position
        deliver = partial(self._take, self._count)
        self._stack.asking.post("sight", [Job(self._count, -400.0, partial(self._rank, position), deliver)])

    def serve(self, stack: LayerStack) -> None:
        """Ask on the threads of another stack from now on, what is being asked too."""
        self._stack = stack
        self.again()

    def again(self) -> None:
        """Ask anew: cameras have changed."""
        if self.asked and self._position is not None:
            self.ask(self._position)

    def end(self) -> None:
        """Forget the spot and an answer that is still on its way."""
        self._count += 1
        self.asked, self.seen_by = False, []

    def _take(self, count: int, seen_by: list[SeenBy]) -> None:
        if count == self._count:
            self.seen_by = seen_by
            self._answered(seen_by)
