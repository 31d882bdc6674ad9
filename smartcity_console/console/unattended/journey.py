"""The sample day: alarms come in, two incidents are verified and handed off, both desks answer, both are closed."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from smartcity_console.clock import Clock
from smartcity_console.console.assembly import Console
from smartcity_console.console.map import MapWidget
from smartcity_console.console.unattended.acts import Act, Played, World
from smartcity_console.console.unattended.camera import ScreenCamera
from smartcity_console.console.unattended.script import Script, Until
from smartcity_console.model.handoff import Handoff, HandoffStage
from smartcity_console.model.incident import Incident
from smartcity_console.video.capture import TileState

RING_S = 32.0
"""How much the ring must hold before an alarm is sent: the evidence begins 30 s before it."""
START_LIMIT_S = 90.0
SCENE_S = 12.0
SCENE_LIMIT_S = 120.0
VIEW_LIMIT_S = 20.0
DESK_LIMIT_S = 60.0


class Journey:
    """Everything the unattended run does, in order. Every act goes through `runner.run(operation id)`."""

    def __init__(self, console: Console, world: World, clock: Clock, played: Played) -> None:
        self._console, self._world, self._clock, self._played = console, world, clock, played
        self._map, self._wall = cast(MapWidget, console.map), console.wall_view
        self._trouble: Exception | None = None

    def script(self, shots: ScreenCamera) -> Script:
        """Return the whole run."""
        yield from self._programs_up()
        yield from self._scene_begins()
        yield from self._alarms_in()
        yield from self._shoot(shots, "queue")
        for act in self._world.acts:
            yield from self._work(act, shots)
        yield from self._do("view.language")
        yield from self._shoot(shots, "english")

    # ---- the world -------------------------------------------------------------------------------------------------

    def _programs_up(self) -> Script:
        yield Until("gateway up", self._world.gateway_up, START_LIMIT_S)
        yield Until("cameras recorded", self._recorded, START_LIMIT_S)

    def _recorded(self) -> bool:
        """Every camera that has a stream has been recorded for long enough."""
        cameras = self._console.session.centre.cameras
        wanted = self._console.lookout.latest.cameras
        now = self._clock.now()
        held = [c for c in cameras.values() if c.connected and (now - c.since).total_seconds() >= RING_S]
        return 0 < wanted <= len(held)

    def _scene_begins(self) -> Script:
        yield Until("scene begins", self._scene_is_on, SCENE_LIMIT_S)

    def _scene_is_on(self) -> bool:
        position_s, at_s = self._world.loop_position_s(), self._world.begins_at_s
        return position_s is None or at_s <= position_s < at_s + SCENE_S

    def _alarms_in(self) -> Script:
        alarms = [alarm for act in self._world.acts for alarm in act.alarms] + list(self._world.noise)
        self._console.background.submit(lambda: [self._world.send(alarm) for alarm in alarms], self._after_sending)
        first = self._world.acts[0]
        yield Until("first alert on screen", lambda: self._incident_of(first) is not None, VIEW_LIMIT_S)
        yield from self._cameras_open(self._of(first), "alert_to_cameras")
        yield Until("all alerts in the queue", lambda: self._all_in(len(alarms)), VIEW_LIMIT_S)

    def _after_sending(self, outcome: object) -> None:
        self._trouble = outcome if isinstance(outcome, Exception) else None

    def _all_in(self, alarms: int) -> bool:
        if self._trouble is not None:
            raise self._trouble
        return len(self._console.session.centre.alert_times) >= alarms

    # ---- one incident ----------------------------------------------------------------------------------------------

    def _work(self, act: Act, shots: ScreenCamera) -> Script:
        name = act.kind.value
        incident_id = self._of(act).id
        self._played.incident_ids.append(incident_id)
        self._console.seat.select(incident_id)
        yield from self._verify(act, shots)
        yield from self._hand_off(act, shots)
        yield from self._desk_answers(act, shots)
        yield from self._do("incident.close", None)
        yield Until(f"{name} incident closed", lambda: self._by_id(incident_id).closed_at is not None, VIEW_LIMIT_S)

    def _verify(self, act: Act, shots: ScreenCamera) -> Script:
        yield from self._do("incident.claim")
        yield Until("claimed", lambda: self._of(act).claimed_by == self._console.seat.name, VIEW_LIMIT_S)
        yield from self._cameras_open(self._of(act), f"claim_to_cameras_{act.kind.value}")
        yield from self._do("wall.replay")
        yield Until("seconds before the alarm play", self._replaying, VIEW_LIMIT_S)
        yield from self._shoot(shots, f"replay-{act.kind.value}")
        yield from self._do("wall.replay")
        yield Until("live again", self._live_tiles, VIEW_LIMIT_S)
        yield from self._do("incident.note", act.note)
        yield Until("note kept", lambda: act.note in self._of(act).notes, VIEW_LIMIT_S)
        for step in act.steps:
            yield from self._do("incident.step.tick", (step, True))
            yield Until(f"step {step} ticked", lambda s=step: s in self._of(act).ticked, VIEW_LIMIT_S)  # type: ignore[misc]
        yield from self._do(f"incident.grade.{int(act.grade)}")
        yield Until("graded", lambda: self._of(act).grade == act.grade, VIEW_LIMIT_S)
        yield from self._shoot(shots, f"verifying-{act.kind.value}")

    def _hand_off(self, act: Act, shots: ScreenCamera) -> Script:
        clicked_s = self._clock.monotonic_s()
        yield from self._do(f"incident.hand_off.{act.kind.value}")
        yield Until("delivered", lambda: self._reached(act, HandoffStage.DELIVERED), DESK_LIMIT_S)
        self._played.seconds.setdefault("click_to_delivered", self._clock.monotonic_s() - clicked_s)
        yield from self._shoot(shots, f"handed-off-{act.kind.value}")

    def _desk_answers(self, act: Act, shots: ScreenCamera) -> Script:
        desk = self._world.desks[act.kind]
        desk.answer(self._handoff(act).id, act.units)
        yield Until("desk's answer", desk.done, DESK_LIMIT_S)
        yield Until("units sent", lambda: self._reached(act, HandoffStage.UNITS_SENT), VIEW_LIMIT_S)
        yield from self._shoot(shots, f"accepted-{act.kind.value}")

    def _cameras_open(self, incident: Incident, name: str) -> Script:
        yield Until("cameras on the wall", self._live_tiles, VIEW_LIMIT_S)
        began: datetime = incident.claimed_at or incident.opened_at
        self._played.seconds.setdefault(name, (self._clock.now() - began).total_seconds())

    def _live_tiles(self) -> bool:
        """Every tile that may show its camera shows a live picture."""
        tiles = [t for t in self._wall.tile_widgets() if t.tile is not None and t.tile.source and not t.tile.locked]
        return bool(tiles) and all(t.status.state is TileState.LIVE for t in tiles)

    def _replaying(self) -> bool:
        status = getattr(self._wall.pane, "status", None)
        return status is not None and status.state is TileState.REPLAY

    def _shoot(self, shots: ScreenCamera, name: str) -> Script:
        yield Until("map painted", self._map.ready, VIEW_LIMIT_S)
        shots.shoot(name)

    # ---- looking at the state --------------------------------------------------------------------------------------

    def _do(self, op_id: str, argument: object = None) -> Script:
        """Do what an operator does: wait until the verb is to be had, then call for it."""
        runner = self._console.runner
        yield Until(f"{op_id} is available", lambda: runner.reason(op_id) is None, VIEW_LIMIT_S)
        runner.run(op_id, argument)

    def _incident_of(self, act: Act) -> Incident | None:
        incidents = self._console.session.centre.incidents.values()
        return next((i for i in incidents if i.first_alert.site_id == act.site_id), None)

    def _of(self, act: Act) -> Incident:
        incident = self._incident_of(act)
        assert incident is not None, act.site_id
        return incident

    def _by_id(self, incident_id: str) -> Incident:
        return self._console.session.centre.incidents[incident_id]

    def _handoff(self, act: Act) -> Handoff:
        return self._of(act).handoffs[-1]

    def _reached(self, act: Act, stage: HandoffStage) -> bool:
        handoffs = self._of(act).handoffs
        return bool(handoffs) and handoffs[-1].reached(stage)
