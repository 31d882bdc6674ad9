"""A finished drill as the programs leave it: workspace, journal with its chain, ring of the sample feeds, score.

The journal is written through the project's own journal with a clock that is moved by hand: a robbery with flight, a fire
and a stream of false alarms over ten minutes. `pace` makes the operator quicker (1.0 is a good one) or slower.
"""

from __future__ import annotations

import hashlib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import msgspec

from smartcity_console.clock import ManualClock
from smartcity_console.drill.facts import DrillFacts, write_drill
from smartcity_console.drill.feeds.program import SAMPLE_FEEDS
from smartcity_console.drill.scenario import model as sc
from smartcity_console.drill.score.judge import score_of
from smartcity_console.drill.score.model import Score
from smartcity_console.journal import SqliteJournal
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.camera import Dori, Mount, Ownership, Purpose, SeenBy
from smartcity_console.model.geo import Position
from smartcity_console.model.verdict import Grade
from smartcity_console.video.nal import annexb_parameters, picture_units, split_annexb
from smartcity_console.video.ring import Record, RingWriter, SegmentHead
from smartcity_console.video.ring.format import KEY, NO_DTS, to_us

BEGUN = datetime(2026, 11, 23, 5, 0, 0, tzinfo=UTC)
W = sc.Words
Run = tuple[Path, sc.Scenario, list[ev.Event], Score]
LENGTH_S, CUE_S = 600.0, 45.0
FALSE = tuple(f"false-{n}" for n in range(1, 7))


def scenario() -> sc.Scenario:
    """Return a robbery with flight, a fire and six false alarms."""
    cameras = ("GN-0001", "GN-0002", "GN-0003", "PV-0001", "GN-0006", "GN-0007")
    robbery = sc.IncidentSpec(
        id="robbery",
        title=W("가온마트 강도와 도주", "Robbery at Gaon Mart, and the flight"),
        site="site-gaonmart",
        account="1701",
        at=sc.Spot(127.4688, 37.0379),
        cue="act",
        act_s=(0.0, 30.0),
        grades=(Grade.LIFE_THREAT,),
        agencies=(AgencyKind.POLICE,),
        cameras=("GN-0001", "GN-0002", "PV-0001"),
    )
    fire = sc.IncidentSpec(
        id="fire",
        title=W("한솔분식 주방 화재", "Kitchen fire at Hansol Snacks"),
        site="site-hansol",
        account="2702",
        cue="fire-act",
        act_s=(0.0, 40.0),
        grades=(Grade.LIFE_THREAT, Grade.PROPERTY_THREAT),
        agencies=(AgencyKind.FIRE,),
        cameras=("GN-0006", "GN-0007"),
    )
    false = [
        sc.IncidentSpec(id=name, title=W(f"오경보 {n}호점", f"False alarm, shop {n}"), site=f"site-{n}", real=False)
        for n, name in enumerate(FALSE, 1)
    ]
    incidents = (robbery, fire, *false)
    return sc.Scenario(
        format=1,
        id="robbery-sample",
        title=W("마트 강도와 도주, 오경보 속의 화재", "Shop robbery with flight, and a fire among false alarms"),
        briefing=W(
            "월요일 14시. 은행로에서 현금 수송이 있습니다. 접수되는 경보를 확인하고, 실제 사건은 112·119에 영상과 함께 이관하십시오.",
            "Monday, 14:00. Cash is being moved in Bank Street. Verify what comes in; hand real incidents to 112 or 119 with pictures.",
        ),
        debriefing=W(
            "도주 방향을 처음 보여 준 카메라는 무엇이었습니까?\n\n오경보가 몰릴 때 무엇을 보고 화재를 먼저 골랐습니까?",
            "Which camera first showed where they fled?\n\nWhen false alarms came in a row, by what was the fire chosen first?",
        ),
        duration_s=LENGTH_S,
        feeds=tuple(
            sc.FeedSpec(
                camera=c, file=f"{c}.mp4", cue="act", before_s=(0.0, 30.0), act_s=(40.0, 80.0), after_s=(80.0, 90.0)
            )
            for c in cameras
        ),
        incidents=incidents,
        injects=(
            sc.Cue(id="act", when=sc.When(at_s=CUE_S), label=W("강도가 들어온다", "The robber comes in")),
            sc.Dc09(
                id="panic", when=sc.When(at_s=CUE_S + 5), label=W("비상벨", "Panic button"), account="1701", code="PA"
            ),
            sc.Cue(id="fire-act", when=sc.When(at_s=240.0), label=W("주방에 불이 붙는다", "The kitchen catches fire")),
            sc.End(id="end", when=sc.When(at_s=LENGTH_S), label=W("끝", "The end")),
        ),
        expectations=_expectations(incidents),
        objectives=(
            sc.Objective(
                id="verify",
                words=W("제때 맡고 올바른 카메라로 확인한다", "Claim in time and verify on the right camera"),
                capability=W("상황 인식", "Situational assessment"),
            ),
            sc.Objective(
                id="hand-off",
                words=W("맞는 기관에 맞는 영상을 이관한다", "Hand the right pictures to the right agency"),
                capability=W("공조와 통신", "Operational communications"),
            ),
            sc.Objective(
                id="privacy",
                words=W("사생활을 지키고 오경보를 거른다", "Keep privacy and sort out false alarms"),
                capability=W("정보 보호", "Protection of personal data"),
            ),
        ),
    )


def _expectations(incidents: tuple[sc.IncidentSpec, ...]) -> tuple[sc.Expectation, ...]:
    found = []
    for spec in incidents:
        timed = ((sc.Act.CLAIM, 10.0, 40.0, 4.0, False), (sc.Act.VERDICT, 60.0, 120.0, 5.0, False))
        real = (
            (sc.Act.FIRST_CAMERA, 15.0, 60.0, 5.0, False),
            (sc.Act.HAND_OFF, 90.0, 180.0, 10.0, True),
            (sc.Act.AGENCY, None, None, 8.0, True),
            (sc.Act.CLIP, None, None, 8.0, False),
            (sc.Act.GRADE, None, None, 5.0, False),
        )
        for act, within, late, weight, critical in (
            *timed,
            *(real if spec.real else ((sc.Act.NO_HAND_OFF, None, None, 3.0, False),)),
        ):
            aim = (
                "privacy"
                if not spec.real
                else "verify"
                if act in (sc.Act.CLAIM, sc.Act.FIRST_CAMERA, sc.Act.VERDICT)
                else "hand-off"
            )
            found.append(
                sc.Expectation(
                    id=f"{spec.id}-{act.value.replace('_', '-')}",
                    act=act,
                    incident=spec.id,
                    weight=weight,
                    within_s=within,
                    late_s=late,
                    critical=critical,
                    objective=aim,
                )
            )
    return tuple(found)


class Playing:
    """Writes a drill's journal at seconds of the drill. Acts may be given in any order; `write` sorts them."""

    def __init__(self, workspace: Path, begun: datetime = BEGUN) -> None:
        self._workspace, self._begun = workspace, begun
        self._acts: list[tuple[float, ev.Draft]] = []

    def at(self, second: float, stream: str, payload: ev.Payload, actor: str = "seat/1") -> None:
        self._acts.append((second, ev.Draft(stream, payload, actor)))

    def write(self) -> list[ev.Event]:
        """Append everything in order and return the journal's events."""
        clock = ManualClock(self._begun)
        with closing(SqliteJournal(self._workspace / "journal.sqlite", clock)) as journal:
            for second, draft in sorted(self._acts, key=lambda act: act[0]):
                clock.advance(self._begun.timestamp() + second - clock.now().timestamp())
                journal.append(draft)
            return journal.read()


def make_run(
    drills: Path, run: str, *, pace: float = 1.0, trainee: str = "김하늘", begun: datetime = BEGUN, ring: bool = True
) -> Run:
    """Make `drills/run` and return it with scenario, events and score."""
    workspace = drills / run
    workspace.mkdir(parents=True)
    played = scenario()
    facts = DrillFacts(
        drill_id=run,
        scenario_id=played.id,
        title_ko=played.title.ko,
        title_en=played.title.en,
        trainees={"1": trainee},
        trainer="박교관",
    )
    write_drill(workspace, facts)
    if ring:
        fill_ring(workspace / "ring", begun + timedelta(seconds=CUE_S - 40.0))
    playing = Playing(workspace, begun)
    _begin(playing, facts)
    _acts(playing, played, pace)
    playing.at(LENGTH_S, f"drill/{run}", ev.DrillEnded(at_s=LENGTH_S, reason="inject"), "director")
    events = playing.write()
    return workspace, played, events, score_of(played, events)


def _begin(playing: Playing, facts: DrillFacts) -> None:
    stream = f"drill/{facts.drill_id}"
    begun = ev.DrillBegun(
        at_s=0.0,
        drill_id=facts.drill_id,
        scenario_id=facts.scenario_id,
        scenario_sha256="5c" * 32,
        title_ko=facts.title_ko,
        title_en=facts.title_en,
        trainees=facts.trainees,
        trainer=facts.trainer,
    )
    playing.at(0.0, stream, begun, "director")
    playing.at(0.0, "seat/1", ev.SeatOpened(seat="1", user=facts.trainees["1"]))
    for second, inject, ko, en in (
        (CUE_S, "act", "강도가 들어온다", "The robber comes in"),
        (CUE_S + 5, "panic", "비상벨", "Panic button"),
        (240.0, "fire-act", "주방에 불이 붙는다", "The kitchen catches fire"),
    ):
        fired = ev.InjectFired(at_s=second, inject_id=inject, kind="cue", cause="time", label_ko=ko, label_en=en)
        playing.at(second, stream, fired, "director")
    marked = ev.MomentMarked(at_s=70.0, text="도주 방향을 확인함", by="박교관", incident_id="incident-robbery")
    playing.at(70.0, stream, marked, "director")
    for n in range(300):
        lost = ev.SenderHeard(account=f"acct-{n % 40}", firm_id=None, interval_s=60.0)
        playing.at(2.0 * n, f"sender/acct-{n % 40}", lost, "gateway")


def _acts(playing: Playing, played: sc.Scenario, pace: float) -> None:
    """Play every incident."""
    for n, spec in enumerate(played.incidents):
        opened = {"robbery": CUE_S + 5, "fire": 250.0}.get(spec.id, 110.0 + 55.0 * n)
        done = {"IncidentOpened": opened, "IncidentClaimed": opened + (5.0 + n % 3) * pace}
        done["CamerasSelected"] = done["IncidentClaimed"] + 1.0
        done["VerdictGiven"] = done["IncidentClaimed"] + 22.0 * pace
        if spec.real:
            done["HandoffRequested"] = done["VerdictGiven"] + 9.0 * pace
        done["IncidentClosed"] = done["VerdictGiven"] + 60.0
        for name, second in done.items():
            playing.at(second, f"incident/incident-{spec.id}", _payload(name, spec, second, playing), _actor(name))
        if spec.real:
            _receipts(playing, spec, done["HandoffRequested"])


def _actor(name: str) -> str:
    return "gateway" if name == "IncidentOpened" else "seat/1"


def _payload(name: str, spec: sc.IncidentSpec, second: float, playing: Playing) -> ev.Payload:
    at = playing._begun + timedelta(seconds=second)
    match name:
        case "IncidentOpened":
            return _opened(spec, at)
        case "IncidentClaimed":
            return ev.IncidentClaimed(seat="1")
        case "CamerasSelected":
            return ev.CamerasSelected(cameras=tuple(_seen(camera) for camera in spec.cameras))
        case "VerdictGiven":
            return ev.VerdictGiven(grade=spec.grades[0] if spec.real else Grade.FALSE_ALARM, seat="1")
        case "HandoffRequested":
            return _request(spec, at)
        case _:
            return ev.IncidentClosed(outcome="handed_off" if spec.real else "false_alarm", seat="1")


def _seen(camera: str) -> SeenBy:
    return SeenBy(
        camera_id=camera, name=camera, ownership=Ownership.PUBLIC, purpose=Purpose.MULTI, mount=Mount.FIXED, distance_m=20.0,
        bearing_deg=0.0, px_per_m=120.0, dori=Dori.OBSERVE, in_view=True, direction_known=True, occluded=False, turn_s=0.0,
        has_stream=True, score=1.0,
    )  # fmt: skip


def _opened(spec: sc.IncidentSpec, at: datetime) -> ev.IncidentOpened:
    kind = {"robbery": AlertKind.ROBBERY, "fire": AlertKind.FIRE}.get(spec.id, AlertKind.INTRUSION)
    priority = Priority.EMERGENCY if spec.real else Priority.NORMAL
    place = Position(127.4688, 37.0379) if spec.id == "robbery" else Position(127.44, 37.0577)
    alert = Alert(
        id=f"alert-{spec.id}", protocol="dc09/SIA-DCS", account=spec.account or "9000", code="PA" if kind is AlertKind.ROBBERY else "BA",
        kind=kind, priority=priority, occurred_at=at, received_at=at, known=True, site_id=spec.site, site_name=spec.title.ko,
        address="가온시 은행로 12, 101동 1203호", zone="9", position=place, text="점주 김철수 010-1234-5678 신고", is_test=True,
    )  # fmt: skip
    return ev.IncidentOpened(
        incident_id=f"incident-{spec.id}", alert=alert, kind=kind, priority=priority, position=place
    )


def _request(spec: sc.IncidentSpec, at: datetime) -> ev.HandoffRequested:
    kind = spec.agencies[0]
    return ev.HandoffRequested(
        handoff_id=f"handoff-{spec.id}", agency_id=f"{kind}-1", agency_kind=kind, agency_name="가온경찰서",
        camera_ids=spec.cameras[:2], span_start=at - timedelta(seconds=45 if spec.id == "fire" else 75), span_end=at, live_until=at + timedelta(minutes=30),
        basis="pipa_18_2_3", note="남자 1명, 검은 옷, 서쪽으로 도주 (김철수 010-1234-5678)", grade=spec.grades[0], seat="1",
    )  # fmt: skip


def _receipts(playing: Playing, spec: sc.IncidentSpec, asked: float) -> None:
    key = {"handoff_id": f"handoff-{spec.id}"}
    for after, payload in (
        (1.0, ev.HandoffDelivered(**key, attempt=1, receiver="112")),
        (4.0, ev.HandoffOpened(**key, by="상황실")),
        (7.0, ev.HandoffAccepted(**key, by="상황실")),
        (13.0, ev.HandoffUnitsSent(**key, units=("순찰 21",), eta_min=4.0)),
        (75.0, ev.HandoffOnScene(**key, by="순찰 21")),
    ):
        playing.at(asked + after, f"incident/incident-{spec.id}", payload, "gateway")


def fill_ring(
    root: Path, start: datetime, cameras: tuple[str, ...] = ("GN-0001", "GN-0002", "GN-0003", "PV-0001")
) -> None:
    """Record the sample feeds of these cameras once, as if received live from `start` on."""
    for camera in cameras:
        with RingWriter(root, camera, 10.0, sync=False) as writer:
            for head, record in _packets(SAMPLE_FEEDS / f"{camera}.mp4", camera, start):
                writer.append(head, record)


def _packets(file: Path, camera: str, start: datetime) -> list[tuple[SegmentHead, Record]]:
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        codec = stream.codec_context.name
        extradata = annexb_parameters(codec, bytes(stream.codec_context.extradata or b""))
        head = SegmentHead(
            camera, "s1", codec, stream.codec_context.width, stream.codec_context.height, 1, 90_000, extradata
        )
        to_annexb, found = av.BitStreamFilterContext(f"{codec}_mp4toannexb", stream), []
        for packet in container.demux(stream):
            for made in to_annexb.filter(packet) if packet.size else []:
                units = picture_units(codec, split_annexb(bytes(made)))
                second = float(made.pts * made.time_base)
                pts = round(second * 90_000)
                flags = KEY * made.is_keyframe | NO_DTS
                payload = b"".join(b"\x00\x00\x00\x01" + unit for unit in units)
                found.append(
                    (head, Record(payload, flags, pts, pts, to_us(start) + round(second * 1e6), round(second * 1e9)))
                )
        return found


def digest_of(folder: Path) -> str:
    """Return one digest over every file below a folder, names included."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(msgspec.json.encode(file.relative_to(folder).as_posix()) + file.read_bytes())
    return digest.hexdigest()
