"""Which moments a report shows, and through which camera: chosen from the journal and the scenario alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from smartcity_console.drill.report.texts import Say
from smartcity_console.drill.scenario.model import IncidentSpec, Scenario
from smartcity_console.drill.score.model import Score
from smartcity_console.drill.score.timebase import TimeBase
from smartcity_console.model import events as ev
from smartcity_console.model.events import Event

MOST = 12


class KeyMoment(msgspec.Struct, frozen=True, kw_only=True):
    """A moment worth a picture: `cameras` in the order in which they are tried; `file` is a picture that already is."""

    at: datetime
    second: float
    title: str
    incident: str
    cameras: tuple[str, ...]
    file: str = ""


def key_moments(
    scenario: Scenario, score: Score, events: Sequence[Event], time: TimeBase, say: Say
) -> tuple[KeyMoment, ...]:
    """Return at most `MOST` moments in their order: marked ones first, then acts, hand-offs, snapshots and verdicts."""
    by_id = {journal: spec for spec in scenario.incidents if (journal := score.incident_ids.get(spec.id))}
    found = [
        *_marked(events, by_id, time, say),
        *_acts(scenario, events, time, say),
        *_steps(events, by_id, time, say),
    ]
    found.sort(key=lambda item: item[0])  # stable: by weight, then as the journal has them
    kept = [moment for _, moment in found[:MOST] if 0.0 <= moment.second <= time.duration_s]
    return tuple(sorted(kept, key=lambda moment: (moment.second, moment.title)))


_Weighed = tuple[int, KeyMoment]


def _marked(events: Sequence[Event], by_id: dict[str, IncidentSpec], time: TimeBase, say: Say) -> Iterable[_Weighed]:
    """The trainer marked them: the cameras of the incident named, else of the one that was claimed last."""
    claimed = ""
    for event in events:
        if event.type == "IncidentClaimed":
            claimed = event.stream.partition("/")[2]
        if event.type == "MomentMarked":
            said = event.payload_as(ev.MomentMarked)
            spec = by_id.get(said.incident_id or claimed)
            cameras = spec.cameras if spec else ()
            if cameras:
                yield 0, _moment(event.at, time, say("still_moment", text=said.text), spec, cameras, say)


def _acts(scenario: Scenario, events: Sequence[Event], time: TimeBase, say: Say) -> Iterable[_Weighed]:
    """The middle of each act, from the second at which its cue was given."""
    fired = {p.inject_id: p.at_s for p in (e.payload_as(ev.InjectFired) for e in events if e.type == "InjectFired")}
    for spec in scenario.incidents:
        if spec.cue in fired and spec.act_s and spec.cameras:
            at = time.moment(fired[spec.cue] + sum(spec.act_s) / 2)
            yield 1, _moment(at, time, say("still_act"), spec, spec.cameras, say)


def _steps(events: Sequence[Event], by_id: dict[str, IncidentSpec], time: TimeBase, say: Say) -> Iterable[_Weighed]:
    """Verdicts, hand-offs and the trainee's own snapshots of the scenario's incidents."""
    for event in events:
        spec = by_id.get(event.stream.partition("/")[2])
        if spec is None:
            continue
        weight = 0 if spec.real else 4
        if event.type == "HandoffRequested":
            cameras = event.payload_as(ev.HandoffRequested).camera_ids or spec.cameras
            if cameras:  # a false alarm that no camera sees may have been handed off all the same
                yield weight + 2, _moment(event.at, time, say("still_handoff"), spec, cameras, say)
        elif event.type == "VerdictGiven" and spec.cameras:
            yield weight + 3, _moment(event.at, time, say("still_verdict"), spec, spec.cameras, say)
        elif event.type == "IncidentSnapshotTaken":
            shot = event.payload_as(ev.IncidentSnapshotTaken)
            moment = _moment(shot.captured_at, time, say("still_snapshot"), spec, (shot.camera_id,), say)
            yield weight + 2, msgspec.structs.replace(moment, file=shot.path)


def _moment(
    at: datetime, time: TimeBase, title: str, spec: IncidentSpec | None, cameras: tuple[str, ...], say: Say
) -> KeyMoment:
    incident = say.of(spec.title) if spec else ""
    return KeyMoment(at=at, second=time.second(at), title=title, incident=incident, cameras=cameras)
