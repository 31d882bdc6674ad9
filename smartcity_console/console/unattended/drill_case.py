"""One incident of an unattended drill, from claim to closing, through the very operations that the buttons call."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from smartcity_console.clock import Clock
from smartcity_console.console.assembly import Console
from smartcity_console.console.operations.base import may_be_sent
from smartcity_console.console.unattended.operators import Manner, Plan
from smartcity_console.console.unattended.script import Script, Until
from smartcity_console.drill.scenario.model import IncidentSpec
from smartcity_console.model.camera import Ownership
from smartcity_console.model.handoff import Handoff, HandoffStage
from smartcity_console.model.incident import Incident
from smartcity_console.video.capture import TileState

VIEW_LIMIT_S = 30.0
DESK_LIMIT_S = 90.0
PICTURE_S = 8.0
"""A picture that does not come within this time is not waited for: a camera may be what fails."""
ANSWER_S = 25.0
"""So long a good operator waits for a desk to answer before he closes."""
MARGIN_S = 3.0
"""So much more than the act is sent, before it and after it."""
KEYED = 6  # cameras that have a key to be taken into the evidence


@dataclass(frozen=True)
class Later:
    """Give way to other incidents until `holds`; not within `limit_s`: go on all the same."""

    what: str
    holds: Callable[[], object]
    limit_s: float


Work = Generator[Until | Later, None, None]


class Hands(Protocol):
    """What the work on an incident asks of the operator who does it."""

    console: Console
    clock: Clock
    manner: Manner

    def pause(self, what: str, seconds: float) -> Script: ...
    def soon(self, what: str, holds: Callable[[], object], limit_s: float) -> Script: ...
    def run_if_possible(self, op_id: str, argument: object = None) -> bool: ...
    def shoot(self, name: str) -> None: ...
    def tiles(self) -> Any: ...
    def same_as(self, incident_id: str) -> list[str]: ...
    def is_closed(self, incident_id: str) -> bool: ...
    def is_cued(self, spec: IncidentSpec | None) -> bool: ...
    def act_of(self, spec: IncidentSpec | None) -> tuple[datetime, datetime] | None: ...
    def before_the_act(self, spec: IncidentSpec | None, incident: Incident) -> datetime: ...


class CaseWork:
    """Works one incident by a plan. `work` yields short waits (Until) and long ones (Later)."""

    def __init__(self, operator: Hands, incident_id: str, plan: Plan, manner: Manner) -> None:
        self._op, self.incident_id, self.plan, self._manner = operator, incident_id, plan, manner

    @property
    def incident(self) -> Incident:
        return self._op.console.session.centre.incidents[self.incident_id]

    def work(self) -> Work:
        yield from self._claim()
        if self.incident.merged_into is not None or self.incident.claimed_by != self._op.console.seat.name:
            return
        yield from self._look()
        yield from self._merge()
        yield from self._say()
        if self.plan.agencies:
            yield from self._hand_off()
        yield from self._merge()
        yield from self._op.pause("before closing", self._manner.decides_s)
        if self.incident.closed_at is None:
            yield from self._do("incident.close", None)
            yield Until("closed", lambda: self.incident.closed_at is not None, VIEW_LIMIT_S)

    # ---- seeing ------------------------------------------------------------------------------------------------------

    def _claim(self) -> Work:
        yield from self._op.pause("noticed", self._manner.notices_s)
        if self.incident.closed_at is not None or self.incident.claimed_by is not None:
            return
        yield from self._do("incident.claim")
        yield Until("claimed", lambda: self.incident.claimed_by is not None, VIEW_LIMIT_S)

    def _look(self) -> Work:
        """Look at the camera that shows it, now and in the seconds before the alarm."""
        yield from self._op.soon("pictures on the wall", self._a_tile_lives, PICTURE_S)
        number = self._tile_of(self._shows) or self._tile_of(self._is_public)
        if number is not None:
            yield from self._replay(number)
        if self.plan.peeks and (private := self._tile_of(lambda camera_id: not self._is_public(camera_id))) is not None:
            yield from self._replay(private)
        yield from self._op.pause("looked", self._manner.looks_s)

    def _replay(self, number: int) -> Work:
        self._op.run_if_possible(f"wall.tile.{number}")
        if not self._op.run_if_possible("wall.replay"):
            return
        yield from self._op.soon("seconds before the alarm", self._replays, PICTURE_S)
        yield from self._op.pause("watched", min(2.0, self._manner.looks_s))
        self._op.run_if_possible("wall.replay.live")

    def _a_tile_lives(self) -> bool:
        return any(tile.status.state is TileState.LIVE for tile in self._op.tiles())

    def _replays(self) -> bool:
        status = getattr(self._op.console.wall_view.pane, "status", None)
        return status is not None and status.state is TileState.REPLAY

    def _tile_of(self, wanted: Callable[[str], bool]) -> int | None:
        """Return the number of the first tile, of those with a key, whose camera is wanted and has a picture."""
        tiles = self._op.tiles()[:KEYED]
        live = (
            n
            for n, tile in enumerate(tiles, 1)
            if tile.tile and tile.tile.source and not tile.tile.locked and wanted(tile.tile.seen.camera_id)
        )
        return next(live, None)

    def _shows(self, camera_id: str) -> bool:
        spec = self.plan.spec
        return spec is not None and camera_id in spec.cameras and self._is_public(camera_id)

    def _is_public(self, camera_id: str) -> bool:
        seen = next((seen for seen in self.incident.cameras if seen.camera_id == camera_id), None)
        return seen is not None and seen.ownership is Ownership.PUBLIC

    # ---- saying what it is -------------------------------------------------------------------------------------------

    def _merge(self) -> Work:
        """Take in what else was reported of the same thing."""
        for other in self._op.same_as(self.incident_id):
            yield from self._do("incident.merge", other)
            yield from self._op.soon("merged", lambda o=other: self._op.is_closed(o), 5.0)  # type: ignore[misc]

    def _say(self) -> Work:
        plan = self.plan
        if plan.note:
            yield from self._op.pause("written", self._manner.writes_s)
            yield from self._do("incident.note", plan.note)
            yield Until("note kept", lambda: plan.note in self.incident.notes, VIEW_LIMIT_S)
        for step in plan.steps:
            yield from self._op.pause("ticked", self._manner.writes_s)
            yield from self._do("incident.step.tick", (step, True))
            yield Until("step ticked", lambda s=step: s in self.incident.ticked, VIEW_LIMIT_S)  # type: ignore[misc]
        yield from self._op.pause("judged", self._manner.writes_s)
        if plan.spec is not None:
            self._op.shoot(f"seen-{plan.spec.id}")
        yield from self._do(f"incident.grade.{int(plan.grade)}")
        yield Until("graded", lambda: self.incident.grade == plan.grade, VIEW_LIMIT_S)

    # ---- handing off -------------------------------------------------------------------------------------------------

    def _hand_off(self) -> Work:
        """Wait for the act to end, but no longer than the hand-off may take; what came later is sent after it."""
        early = self._hand_off_by()
        yield Later("the act begins", lambda: self._op.is_cued(self.plan.spec) or self._is_past(early), 120.0)
        act = None if self.plan.misses else self._op.act_of(self.plan.spec)
        if act is not None:
            yield Later("the act is over", lambda: self._is_past(act[1]) or self._is_past(early), 600.0)
        yield from self._send(act)
        more = act is not None and not self._holds(self.incident.handoffs[-1], act)
        yield Later("the desks have answered", self._answered, ANSWER_S)
        yield from self._answer()
        if act is not None and more:
            yield Later("the act is over", lambda: self._is_past(act[1]), 600.0)
        if more or "follow_up" in self.plan.wants:
            yield from self._follow_up(act)

    def _hand_off_by(self) -> datetime:
        limit_s = self.plan.hand_off_within_s
        return self.incident.opened_at + timedelta(seconds=(limit_s - 6.0) if limit_s is not None else 3600.0)

    def _is_past(self, at: datetime) -> bool:
        return self._op.clock.now() >= at

    @staticmethod
    def _holds(handoff: Handoff, act: tuple[datetime, datetime]) -> bool:
        return handoff.span_start <= act[0] and handoff.span_end >= act[1]

    def _send(self, act: tuple[datetime, datetime] | None) -> Work:
        yield from self._op.pause("decided", self._manner.decides_s)
        yield from self._span(act)
        for kind in self.plan.agencies:
            before = len(self.incident.handoffs)
            yield from self._do(f"incident.hand_off.{kind.value}")
            yield Until("asked for", lambda b=before: len(self.incident.handoffs) > b, VIEW_LIMIT_S)  # type: ignore[misc]
        yield Until("delivered", self._delivered, DESK_LIMIT_S)
        self._op.shoot(f"handed-off-{self.plan.spec.id if self.plan.spec else ''}")

    def _span(self, act: tuple[datetime, datetime] | None) -> Work:
        """Set the evidence around the act, on the cameras that show it."""
        if self.plan.misses:
            yield from self._do("evidence.set_end", self._op.before_the_act(self.plan.spec, self.incident))
            yield from self._do("evidence.set_start", self.incident.opened_at - timedelta(seconds=120))
            return
        if act is not None:
            margin = timedelta(seconds=MARGIN_S)
            yield from self._do("evidence.set_end", min(act[1] + margin, self._op.clock.now()))
            yield from self._do("evidence.set_start", act[0] - margin)
            yield from self._op.soon("span set", lambda: self.incident.evidence is not None, 3.0)
        yield from self._cameras()

    def _cameras(self) -> Work:
        """Take in the right cameras that may be sent, then take the others out."""
        right = self.plan.spec.cameras if self.plan.spec is not None else ()
        keyed = list(enumerate(self.incident.cameras[:KEYED], 1))
        wanted = {seen.camera_id for _, seen in keyed if seen.camera_id in right and may_be_sent(self.incident, seen)}
        if not wanted:
            return
        for takes_in in (True, False):
            for number, seen in keyed:
                taken = seen.camera_id in self._op.console.seat.state().evidence().camera_ids
                if (seen.camera_id in wanted) is takes_in and taken is not takes_in:
                    self._op.run_if_possible(f"evidence.camera.{number}")
                    yield from self._op.soon(
                        "camera taken", lambda s=seen, t=taken: self._is_taken(s.camera_id) != t, 3.0
                    )  # type: ignore[misc]

    def _is_taken(self, camera_id: str) -> bool:
        return camera_id in self._op.console.seat.state().evidence().camera_ids

    def _delivered(self) -> bool:
        return all(handoff.reached(HandoffStage.DELIVERED) for handoff in self.incident.handoffs)

    def _answered(self) -> bool:
        """Whether every receiver has taken it or refused it; a question comes with the answer."""
        done = (HandoffStage.ACCEPTED, HandoffStage.REFUSED)
        return all(any(h.reached(stage) for stage in done) for h in self.incident.handoffs)

    def _answer(self) -> Work:
        """Answer what the desks asked, before anything else is sent."""
        if self._op.manner.is_wrong:
            return
        yield from self._op.soon("a question", self._asked, 2.0)
        if self._asked():
            yield from self._op.pause("answered", self._manner.writes_s)
            yield from self._do("incident.message", self.plan.note or "확인했습니다. 계속 보고 있습니다.")
            yield from self._op.soon("answer kept", lambda: not self._asked(), 5.0)

    def _asked(self) -> bool:
        return any(h.messages and not h.messages[-1].is_ours for h in self.incident.handoffs)

    def _follow_up(self, act: tuple[datetime, datetime] | None) -> Work:
        yield from self._op.pause("decided", self._manner.decides_s)
        yield from self._span(act)
        if self._op.run_if_possible("incident.follow_up"):
            yield from self._op.soon("follow-up asked for", lambda: bool(self.incident.handoffs[-1].follows), 5.0)
            yield Until("follow-up delivered", self._delivered, DESK_LIMIT_S)

    def _do(self, op_id: str, argument: object = None) -> Work:
        """Wait until the verb is to be had on this incident, then call for it."""
        runner, seat = self._op.console.runner, self._op.console.seat
        seat.select(self.incident_id)
        yield Until(f"{op_id} is available", lambda: runner.reason(op_id) is None, VIEW_LIMIT_S)
        runner.run(op_id, argument)
