"""A closed incident as a scenario: what came, what a good seat would do with it, and what its receivers did. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from smartcity_console.drill.export.injects import LEAD_S, coarse, injects_of
from smartcity_console.drill.scenario import model as m
from smartcity_console.drill.scenario.model import Act, Words
from smartcity_console.handoff.documents.facts import KIND_EN, KIND_KO
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import AlertKind
from smartcity_console.model.camera import Ownership
from smartcity_console.model.handoff import Handoff, HandoffStage
from smartcity_console.model.incident import Incident
from smartcity_console.model.verdict import Grade

SEOUL = ZoneInfo("Asia/Seoul")
CASE, CUE, MOST_CAMERAS = "case", "act", 8
_SEEN_AFTER_S, _RESTAGED_AFTER_S, _LOOP_S, _ROOM_S = 120.0, 56.0, 10.0, 300.0
_ACT = timedelta(seconds=30), timedelta(seconds=60)  # before and after the first alert: the act lies within
_UNITS = {AgencyKind.POLICE: "순찰차", AgencyKind.FIRE: "소방차"}


class Film(msgspec.Struct, frozen=True):
    """What is wanted of the cameras: from `start` to `end` (UTC), the act beginning `act_s` seconds into it."""

    start: datetime
    end: datetime
    act_s: float

    @property
    def length_s(self) -> float:
        return (self.end - self.start).total_seconds()


class Cast(msgspec.Struct, frozen=True):
    """Who plays the incident where it is filmed anew, and what burns."""

    actors: tuple[m.Actor, ...] = ()
    blazes: tuple[m.Blaze, ...] = ()


def film_of(incident: Incident, *, restage: bool = False) -> Film:
    """Return the span of the recordings that a drill needs; it begins `LEAD_S` before the first alert.

    What is filmed anew ends soon after the last of it was seen: every second costs the stage its time.
    """
    first = incident.alerts[0].received_at
    start = first - timedelta(seconds=LEAD_S)
    last = first + timedelta(seconds=_RESTAGED_AFTER_S if restage else _SEEN_AFTER_S)
    seen = [sighting.seen_at + timedelta(seconds=_LOOP_S) for sighting in incident.sightings]
    ends = seen if restage else [handoff.span_end for handoff in incident.handoffs]
    end = min(max([last, *ends]), first + timedelta(seconds=_ROOM_S))
    begins = [max(handoff.span_start, first - _ACT[0]) for handoff in incident.handoffs]
    act_s = (min([first, *begins]) - start).total_seconds()
    return Film(start, start + timedelta(seconds=_even((end - start).total_seconds())), max(2.0, _even(act_s)))


def _even(second: float) -> float:
    """Keyframes stand at even seconds."""
    return float(int(second // 2) * 2)


def cameras_of(incident: Incident) -> tuple[str, ...]:
    """Return the cameras that a drill shows: those handed off first, then the selected ones.

    Private ones never: they were opened for that incident and closed with it, and training is no ground to look again.
    """
    private = {s.camera_id for s in incident.cameras if s.ownership is not Ownership.PUBLIC} | set(incident.unlocked)
    sent = [camera for handoff in incident.handoffs for camera in handoff.camera_ids]
    kept = incident.evidence.camera_ids if incident.evidence else ()
    seen = [s.camera_id for s in incident.cameras]
    return tuple(c for c in dict.fromkeys((*sent, *kept, *seen)) if c not in private)[:MOST_CAMERAS]


def scenario_of(
    incident: Incident, scenario_id: str, feeds: Sequence[m.FeedSpec], film: Film, *, city: str, cast: Cast = Cast()
) -> m.Scenario:
    """Return the scenario. `feeds` are the cameras that have, or shall get, pictures; `cast` plays where they shall."""
    ours = [handoff for handoff in incident.handoffs if handoff.recalled_at is None]
    alerts = injects_of(incident.alerts)
    act = m.Cue(id=CUE, when=m.When(at_s=film.act_s), label=Words("사건이 시작된다", "The act begins"))
    last_s = max(inject.when.at_s or 0.0 for inject in alerts)
    end_s = min(7200.0, max(LEAD_S + _ROOM_S, last_s + _ROOM_S))
    end = m.End(id="end", when=m.When(at_s=end_s), label=Words("훈련 끝", "The end"))
    title = Words(f"실제 사건 훈련: {KIND_KO[incident.kind]}", f"From a real incident: {KIND_EN[incident.kind]}")
    return m.Scenario(
        format=m.FORMAT,
        id=scenario_id,
        title=title,
        briefing=_BRIEFING,
        debriefing=_DEBRIEFING,
        duration_s=end_s,
        city=city,
        clock=f"{incident.opened_at.astimezone(SEOUL):%H:%M}",
        feeds=tuple(feeds),
        stage=_stage(incident, feeds, film, cast),
        incidents=(_spec(incident, ours, feeds, film),),
        injects=(*_desks(ours), act, *alerts, end),
        expectations=tuple(_expectations(incident, ours, bool(feeds))),
        objectives=_OBJECTIVES,
    )


def _spec(incident: Incident, ours: Sequence[Handoff], feeds: Sequence[m.FeedSpec], film: Film) -> m.IncidentSpec:
    first, sent = incident.alerts[0], {camera for handoff in incident.handoffs for camera in handoff.camera_ids}
    fed = tuple(feed.camera for feed in feeds)
    place = coarse(first) or incident.position
    grade = incident.grade if incident.grade is not None else Grade.UNDECIDED
    until = min(film.length_s, LEAD_S + _ACT[1].total_seconds()) - film.act_s
    return m.IncidentSpec(
        id=CASE,
        title=Words(KIND_KO[incident.kind], KIND_EN[incident.kind]),
        site=first.site_id or "",
        account="" if first.protocol.partition("/")[0] in ("linked", "cap") else first.account,
        at=m.Spot(lon_deg=place.lon_deg, lat_deg=place.lat_deg) if place else None,
        within_m=250.0 if incident.kind is AlertKind.MISSING_PERSON else 80.0,
        real=bool(ours),
        cue=CUE if feeds else "",
        act_s=(0.0, max(2.0, until)) if feeds else None,
        grades=(grade,) if ours or grade <= Grade.PERSON_PRESENT else (Grade.FALSE_ALARM, Grade.UNDECIDED),
        agencies=tuple(dict.fromkeys(handoff.agency_kind for handoff in ours)),
        cameras=tuple(camera for camera in fed if camera in sent) or fed,
        steps=tuple(sorted(incident.ticked)),
        note="화면에서 본 것을 적으십시오: 몇 명, 옷, 방향, 차량." if ours else "",
    )


def _stage(incident: Incident, feeds: Sequence[m.FeedSpec], film: Film, cast: Cast) -> m.StageSpec | None:
    """Return how the feeds are to be filmed anew where they are no recordings."""
    place = coarse(incident.alerts[0]) or incident.position
    if place is None or not feeds:
        return None
    hour = incident.opened_at.astimezone(SEOUL).hour
    light = m.Light.DAY if 7 <= hour < 18 else m.Light.DUSK if hour in (6, 18, 19) else m.Light.NIGHT
    return m.StageSpec(
        centre=m.Spot(lon_deg=place.lon_deg, lat_deg=place.lat_deg),
        length_s=max(10.0, film.length_s),
        light=light,
        cameras=tuple(feed.camera for feed in feeds),
        actors=cast.actors,
        blazes=cast.blazes,
    )


def feed_of(camera: str, film: Film, begins: datetime, length_s: float) -> m.FeedSpec:
    """Return how a recording that begins then poses as its camera: what led up to the act loops, then the act plays."""
    act = film.start + timedelta(seconds=film.act_s)
    act_s, end_s = max(2.0, _even((act - begins).total_seconds())), _even(length_s)
    after_s = max(act_s, end_s - _LOOP_S), end_s
    return m.FeedSpec(
        camera=camera, file=f"{camera}.mp4", cue=CUE, before_s=(0.0, act_s), act_s=(act_s, end_s), after_s=after_s
    )  # fmt: skip


def _desks(ours: Sequence[Handoff]) -> Iterable[m.Desk]:
    """The receivers behave as they did, by their times alone."""
    for kind in dict.fromkeys(handoff.agency_kind for handoff in ours):
        handoff = next(one for one in ours if one.agency_kind is kind)
        label = Words(f"{'112' if kind is AgencyKind.POLICE else '119'} 접수대", f"Desk of the {kind.value}")
        yield m.Desk(id=f"desk-{kind}", when=m.When(at_s=0.0), label=label, agency=kind, manner=_manner(handoff))


def _manner(handoff: Handoff) -> m.DeskManner:
    base = m.DeskManner()
    units = tuple(f"{_UNITS.get(handoff.agency_kind, '출동대')} {n}" for n in range(1, len(handoff.units) + 1))
    return m.DeskManner(
        opens_s=_after(handoff, HandoffStage.OPENED, base.opens_s),
        accepts_s=_after(handoff, HandoffStage.ACCEPTED, base.accepts_s),
        refuses="지금은 받을 수 없습니다" if handoff.reached(HandoffStage.REFUSED) else "",
        units=units,
        units_s=_after(handoff, HandoffStage.UNITS_SENT, base.units_s),
        on_scene_s=_after(handoff, HandoffStage.ON_SCENE, None),
        asks="추가로 보이는 것이 있습니까?" if handoff.messages else "",
    )


def _after(handoff: Handoff, stage: HandoffStage, otherwise: float | None) -> float | None:
    """Return how long after its delivery a receiver did something, at most ten minutes."""
    at = {receipt.stage: receipt.at for receipt in reversed(handoff.receipts)}
    begin = at.get(HandoffStage.DELIVERED)
    if begin is None or stage not in at:
        return otherwise
    return round(min(600.0, max(0.0, (at[stage] - begin).total_seconds())), 1)


_Wish = tuple[Act, float, float | None, float | None, bool, str]
_ALWAYS: tuple[_Wish, ...] = (
    (Act.CLAIM, 10.0, 10.0, 40.0, False, "verify"),
    (Act.VERDICT, 10.0, 60.0, 120.0, False, "verify"),
    (Act.GRADE, 15.0, None, None, False, "verify"),
)
_HANDED: tuple[_Wish, ...] = (
    (Act.HAND_OFF, 20.0, 90.0, 180.0, True, "hand-off"),
    (Act.AGENCY, 15.0, None, None, True, "hand-off"),
    (Act.NOTE, 5.0, None, None, False, "hand-off"),
)
_FILMED: tuple[_Wish, ...] = ((Act.FIRST_CAMERA, 10.0, 20.0, 60.0, False, "verify"),)


def _expectations(incident: Incident, ours: Sequence[Handoff], is_filmed: bool) -> Iterable[m.Expectation]:
    """Targets: NFPA 1225 wants a call answered in 10 s and processed in 60 s; 90 s leave room for verdict and span."""
    wishes = [*_ALWAYS, *(_FILMED if is_filmed else ())]
    if ours:
        wishes += _HANDED
        wishes += [(Act.CLIP, 10.0, None, None, False, "hand-off")] if is_filmed else []
        wishes += [(Act.ANSWER, 5.0, 30.0, 120.0, False, "hand-off")] if any(h.messages for h in ours[:1]) else []
    else:
        wishes.append((Act.NO_HAND_OFF, 20.0, None, None, True, "hand-off"))
    wishes += [(Act.PROCEDURE, 5.0, None, None, False, "verify")] if incident.ticked else []
    for act, weight, within, late, critical, aim in (*wishes, (Act.NO_LOOK, 5.0, None, None, False, "privacy")):
        of = "" if act is Act.NO_LOOK else CASE
        yield m.Expectation(
            id=f"{act.value.replace('_', '-')}", act=act, incident=of, weight=weight, within_s=within, late_s=late, critical=critical, objective=aim
        )  # fmt: skip


_BRIEFING = Words(
    "실제로 있었던 사건을 바탕으로 한 훈련입니다. 사람의 이름과 말, 주소, 전화번호는 지웠고 영상 속 사람과 차량은 가렸거나 "
    "다시 촬영합니다. 접수되는 경보를 평소처럼 처리하십시오.",
    "This drill follows a real incident. Names, words, addresses and telephone numbers of persons were removed; people and vehicles "
    "in the pictures were hidden, or are filmed anew. Deal with what comes in as you would on any day.",
)
_DEBRIEFING = Words(
    "실제 사건에서 관제가 한 일과 이번 훈련을 견주어 보십시오. 무엇이 더 빨랐고, 무엇을 더 보았습니까?",
    "Compare with what the centre did when it happened. What was quicker now, and what was seen that was not seen then?",
)
_OBJECTIVES = (
    m.Objective(
        id="verify",
        words=Words("제때 맡고 화면으로 확인한다", "Claim in time and verify by the pictures"),
        capability=Words("상황 인식", "Situational assessment"),
    ),
    m.Objective(
        id="hand-off",
        words=Words("넘길 것을 맞는 곳에 제때 넘긴다", "Hand off what must be, to whom it must be, in time"),
        capability=Words("작전 통신", "Operational communications"),
    ),
    m.Objective(
        id="privacy",
        words=Words("필요 없이 보지 않는다", "Look at nothing without need"),
        capability=Words("정보 보호", "Protection of personal data"),
    ),
)
