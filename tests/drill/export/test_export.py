"""A closed incident as a scenario: what came by the same protocols, what was done as targets, and nobody in it."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.drill_run import BEGUN, CUE_S, Playing, Run, fill_ring, make_run
from smartcity_console.city import City, city_path, plane
from smartcity_console.city.sightline import Eye, is_hidden
from smartcity_console.clock import ManualClock
from smartcity_console.composition.drill_folder import DrillNotMade, Wanted, make_drill
from smartcity_console.drill.export import export_incident
from smartcity_console.drill.export.actors import cast_of
from smartcity_console.drill.export.injects import injects_of
from smartcity_console.drill.export.scenario import cameras_of, feed_of, film_of, scenario_of
from smartcity_console.drill.export.told import Told, told_of
from smartcity_console.drill.export.writing import FolderNotEmpty, IncidentStillOpen, NoSuchIncident, find_incident
from smartcity_console.drill.feeds.program import SAMPLE_FEEDS
from smartcity_console.drill.scenario import model as m
from smartcity_console.drill.scenario.check import contradictions
from smartcity_console.drill.scenario.model import Act
from smartcity_console.drill.scenario.read import read_scenario
from smartcity_console.drill.stage.block import block_of
from smartcity_console.drill.stage.place import view_of
from smartcity_console.drill.stage.players import players
from smartcity_console.handoff.package import ClipFacts, ClipPart, PackageParts, request_of
from smartcity_console.handoff.seal import seal_package
from smartcity_console.model import events as ev
from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.camera import Ownership
from smartcity_console.model.geo import Position
from smartcity_console.model.incident import apply, open_incident
from smartcity_console.video.clip import cut_clip
from smartcity_console.video.ring import RingReader
from tests.drill.score.journals import SHOP, Journal, opened, request, seen

SECRETS = (
    "김철수",
    "010-1234-5678",
    "1203호",
    "은행로 12",
    "검은 옷",
    "순찰 21",
    "상황실",
    "incident-robbery",
    "handoff-",
)
CITY = City.open("")


@pytest.fixture(scope="module")
def happened(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return make_run(tmp_path_factory.mktemp("real") / "w", "real", ring=False)


def alert(protocol: str, second: float = 0.0, **facts: object) -> Alert:
    at = BEGUN + timedelta(seconds=second)
    told = {
        "code": "PA",
        "account": "1701",
        "kind": AlertKind.ROBBERY,
        "position": Position(127.46881, 37.03791),
    } | facts
    return Alert(
        id=f"a{second}", protocol=protocol, priority=Priority.HIGH, occurred_at=at, received_at=at, known=True,
        text="김철수 010-1234-5678", address="은행로 12 1203호", site_name="김철수네", reference="112:T123", zone_name="안방",
        **told,
    )  # type: ignore[arg-type]  # fmt: skip


def test_nothing_that_anybody_wrote_goes_over(happened: Run, tmp_path: Path) -> None:
    made = export_incident(happened[0], happened[2], "incident-robbery", tmp_path / "out", CITY, restage=True)
    text = made.scenario.read_text("utf-8")
    assert not [secret for secret in SECRETS if secret in text]
    assert "2026" not in text


def test_the_scenario_holds_and_asks_for_what_was_right(happened: Run, tmp_path: Path) -> None:
    made = export_incident(happened[0], happened[2], "incident-robbery", tmp_path / "From Robbery!", CITY, restage=True)
    scenario = read_scenario(made.scenario)
    wrong = contradictions(scenario, City.open(city_path(tmp_path, "")))
    assert wrong == [] and scenario.id == "from-robbery"
    (spec,) = scenario.incidents
    assert spec.site == "site-gaonmart" and spec.grades == (4,) and spec.agencies == (AgencyKind.POLICE,)
    acts = {wish.act: wish for wish in scenario.expectations}
    assert acts[Act.HAND_OFF].critical and acts[Act.CLAIM].within_s == 10.0 and Act.CLIP in acts
    (desk,) = [inject for inject in scenario.injects if isinstance(inject, m.Desk)]
    assert (
        desk.manner is not None and desk.manner.accepts_s == pytest.approx(6.0) and desk.manner.units == ("순찰차 1",)
    )
    assert scenario.stage is not None and set(scenario.stage.cameras) == set(made.restage)


def test_a_false_alarm_is_not_to_be_handed_off(happened: Run, tmp_path: Path) -> None:
    made = export_incident(happened[0], happened[2], "incident-false-1", tmp_path / "out", CITY, restage=True)
    scenario = read_scenario(made.scenario)
    assert not scenario.incidents[0].real and scenario.incidents[0].grades == (0,)
    acts = {wish.act for wish in scenario.expectations}
    assert Act.NO_HAND_OFF in acts and Act.HAND_OFF not in acts
    assert [p for p in contradictions(scenario) if not p.is_warning] == []


def test_alerts_come_again_by_the_doors_they_came_by() -> None:
    person = {"kind": AlertKind.MISSING_PERSON, "position": Position(127.468814, 37.037917)}
    found = injects_of(
        [
            alert("dc09/SIA-DCS"),
            alert("dc09/ADM-CID", 5.0, code="1110", kind=AlertKind.FIRE),
            alert("linked/WPSSF110", 12.0, account="SKT:hong", **person),
            alert("webhook", 20.0, firm_id="firm-1"),
            alert("cap", 31.0, kind=AlertKind.DISASTER),
            alert("mqtt", 40.0, kind=AlertKind.INTRUSION),
            alert("dc09/SIA-DCS", 4000.0),
        ]
    )
    kinds = [(type(inject).__name__, inject.when.at_s) for inject in found]
    assert kinds == [("Dc09", 40), ("Dc09", 45), ("Linked", 52), ("Webhook", 60), ("Cap", 71), ("Dc09", 80)]
    assert isinstance(found[1], m.Dc09) and found[1].code == "FA"
    assert isinstance(found[2], m.Linked) and found[2].service == "person"
    assert (found[2].fields["LON"], found[2].fields["LAT"], found[2].fields["DSC_NM"]) == (
        "127.469",
        "37.038",
        "홍길동",
    )
    told = msgspec.json.encode(found).decode()
    assert not [secret for secret in (*SECRETS, "안방", "hong", "T123", "김철수네") if secret in told]


def test_what_is_open_unknown_or_would_overwrite_is_refused(happened: Run, tmp_path: Path) -> None:
    folder, _, events, _ = happened
    still_open = [event for event in events if event.type != "IncidentClosed"]
    with pytest.raises(IncidentStillOpen):
        export_incident(folder, still_open, "incident-robbery", tmp_path / "out", CITY)
    with pytest.raises(NoSuchIncident):
        export_incident(folder, events, "incident-none", tmp_path / "out", CITY)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    with pytest.raises(FolderNotEmpty):
        export_incident(folder, events, "incident-robbery", tmp_path / "full", CITY)
    assert [path.name for path in tmp_path.iterdir()] == ["full"]


def test_what_was_merged_away_is_exported_as_what_it_became(tmp_path: Path, happened: Run) -> None:
    playing = Playing(tmp_path)
    for event in happened[2]:
        if (
            event.stream in ("incident/incident-robbery", "incident/incident-false-1")
            and event.type == "IncidentOpened"
        ):
            playing.at((event.at - BEGUN).total_seconds(), event.stream, event.payload(), "gateway")
    merged = ev.IncidentMerged(into="incident-robbery", seat="1")
    playing.at(300.0, "incident/incident-false-1", merged)
    playing.at(400.0, "incident/incident-robbery", ev.IncidentClosed(outcome="done", seat="1"))
    assert find_incident(playing.write(), "incident-false-1", tmp_path).id == "incident-robbery"


def test_the_act_lies_at_its_second_of_the_recording(happened: Run) -> None:
    film = film_of(find_incident(happened[2], "incident-robbery", Path()))
    opened = BEGUN + timedelta(seconds=CUE_S + 5)
    assert film.start == opened - timedelta(seconds=40) and film.act_s == 10.0 and film.length_s % 2 == 0


@pytest.fixture
def kept_only_in_a_package(happened: Run, tmp_path: Path) -> tuple[Path, list[ev.Event]]:
    """The ring has rolled on; one camera's clip is in the package that was handed off."""
    ring = tmp_path / "ring"
    fill_ring(ring, BEGUN + timedelta(seconds=CUE_S - 40.0), ("GN-0002",))
    start = BEGUN + timedelta(seconds=16.0)
    cut = cut_clip(RingReader(ring), "GN-0002", start, start + timedelta(seconds=24.0), tmp_path / "cut.mp4")
    incident = find_incident(happened[2], "incident-robbery", tmp_path)
    request = request_of(incident, "handoff-robbery")
    assert request is not None
    facts = ClipFacts(camera_id="GN-0002", start=cut.start, end=cut.end, codec="avc1", es_sha256=cut.es_sha256)
    parts = PackageParts(incident=incident, request=request, clips=(ClipPart(facts, cut.path),), centre="가온")
    sealed = seal_package(parts, Ed25519PrivateKey.generate(), BEGUN, tmp_path / "packages" / "p.zip")
    shutil.rmtree(ring)
    playing = Playing(tmp_path)
    for event in happened[2]:
        if event.stream == "incident/incident-robbery":
            playing.at((event.at - BEGUN).total_seconds(), event.stream, event.payload(), event.actor)
    packaged = ev.HandoffPackaged(handoff_id="handoff-robbery", path="packages/p.zip", sha256=sealed.sha256, files=())
    playing.at(590.0, "incident/incident-robbery", packaged, "gateway")
    return tmp_path, playing.write()


def test_recordings_come_out_of_packages_too(kept_only_in_a_package: tuple[Path, list[ev.Event]]) -> None:
    workspace, events = kept_only_in_a_package
    made = export_incident(workspace, events, "incident-robbery", workspace / "out", CITY)
    assert [one.path for one in made.hidden] == [workspace / "out" / "GN-0002.mp4"]
    assert set(made.restage) == {"GN-0001", "PV-0001"}
    scenario = read_scenario(made.scenario)
    feed = next(feed for feed in scenario.feeds if feed.camera == "GN-0002")
    # the act begins at second 20 of the drill, the clip at 16 (or the keyframe before)
    assert feed.act_s is not None and feed.act_s[0] in (4.0, 6.0) and feed.act_s[1] == 24.0
    assert made.hidden[0].path.read_bytes() != (SAMPLE_FEEDS / "GN-0002.mp4").read_bytes()
    assert not list(workspace.glob(".out-*"))
    with pytest.raises(DrillNotMade, match=r"GN-0001\.mp4"):  # to be filmed first, and that is said
        make_drill(workspace, Wanted(scenario=str(workspace / "out")), ManualClock(BEGUN))
    for camera in made.restage:
        shutil.copyfile(made.hidden[0].path, workspace / "out" / f"{camera}.mp4")
    drill = make_drill(workspace, Wanted(scenario=str(workspace / "out")), ManualClock(BEGUN))
    assert drill.source == workspace / "out" and (drill.run_dir / "scenario.toml").is_file()


def test_private_cameras_stay_behind_whatever_was_sent() -> None:
    journal = Journal()
    journal.tell(60.0, SHOP, opened(SHOP, 60.0))
    ours, theirs = seen("GN-0001", "PV-0001")
    private = msgspec.structs.replace(theirs, ownership=Ownership.PRIVATE)
    journal.tell(61.0, SHOP, ev.CamerasSelected(cameras=(ours, private)))
    journal.tell(85.0, SHOP, request(30.0, 80.0, camera_ids=("PV-0001", "GN-0001")))
    incident = open_incident(journal.events[1])
    for event in journal.events[2:]:
        incident = apply(incident, event)
    assert cameras_of(incident) == ("GN-0001",)


class Picture:
    """What the cameras show of a scenario's actors, walls included."""

    def __init__(self, scenario: m.Scenario) -> None:
        stage = scenario.stage
        assert stage is not None
        centre = Position(stage.centre.lon_deg, stage.centre.lat_deg)
        self._block = block_of(CITY.base, plane.xy_of(centre))
        people, vehicles = players(stage.actors, self._block, stage.length_s, stage.seed)
        self._moving = (*people, *vehicles)

    def shows(self, camera_id: str, second: float) -> bool:
        """Whether somebody's chest is in the picture with no wall before it."""
        camera, (east_m, north_m) = CITY.cameras[camera_id], self._block.origin
        view, eye = view_of(camera, self._block), Eye.of(camera)
        states = [state for one in self._moving if (state := one.state(second)) is not None]
        spots = [(s.x, s.y) for s in states if view.sees((s.x, s.y, 1.0))]
        return any(not is_hidden(eye, x + east_m, y + north_m, CITY.base.buildings) for x, y in spots)


def test_what_is_filmed_anew_shows_somebody_on_every_camera_that_was_sent(happened: Run, tmp_path: Path) -> None:
    made = export_incident(happened[0], happened[2], "incident-robbery", tmp_path / "out", CITY, restage=True)
    scenario = read_scenario(made.scenario)
    (spec,) = scenario.incidents
    assert scenario.stage is not None and len(scenario.stage.actors) >= 1
    picture = Picture(scenario)
    for camera in spec.cameras:
        act = next(feed.act_s for feed in scenario.feeds if feed.camera == camera)
        assert act is not None
        assert sum(picture.shows(camera, act[0] + 0.5 * n) for n in range(int(2 * (act[1] - act[0])))) >= 8, camera
        assert not picture.shows(camera, act[0] - 0.5)  # what loops before the act is an ordinary street


def test_who_was_seen_passes_those_cameras_at_those_seconds(happened: Run, tmp_path: Path) -> None:
    incident = find_incident(happened[2], "incident-robbery", tmp_path)
    first = incident.alerts[0].received_at
    track = (("GN-0004", 26.0), ("GN-0005", 60.0))
    seen_at = [
        ev.SightingNoted(camera_id=camera, camera_name=camera, seen_at=first + timedelta(seconds=s), seat="1")
        for camera, s in track
    ]
    followed = msgspec.structs.replace(incident, sightings=tuple(seen_at))
    film = film_of(followed, restage=True)
    cameras = tuple(camera for camera, _ in track)
    cast = cast_of(followed, film, cameras, CITY)
    feeds = [feed_of(camera, film, film.start, film.length_s) for camera in cameras]
    scenario = scenario_of(followed, "followed", feeds, film, city="", cast=cast)
    picture = Picture(scenario)
    for camera, after_s in track:
        at_s = 40.0 + after_s  # the first alert is the film's second 40
        assert any(picture.shows(camera, at_s + shift) for shift in (-1.0, 0.0, 1.0)), camera


@pytest.mark.parametrize(
    ("kind", "burns", "looks"),
    [
        (AlertKind.FIRE, ("fire",), {"man", "woman"}),
        (AlertKind.GAS, ("gas",), {"man", "woman"}),
        (AlertKind.MEDICAL, (), {"elder", "woman"}),
        (AlertKind.MISSING_PERSON, (), {"child"}),
        (AlertKind.INTRUSION, (), {"man", "van"}),
    ],
)
def test_each_kind_has_its_play(happened: Run, kind: AlertKind, burns: tuple[str, ...], looks: set[str]) -> None:
    incident = find_incident(happened[2], "incident-robbery", Path())
    notes = {AlertKind.MISSING_PERSON: ("6세 여아, 노란 원복",), AlertKind.INTRUSION: ("두 명, 흰색 스타렉스",)}.get(
        kind, ()
    )
    told = msgspec.structs.replace(incident, kind=kind, notes=notes, ticked=frozenset(), sightings=())
    film = film_of(told, restage=True)
    cast = cast_of(told, film, cameras_of(told), CITY)
    assert tuple(blaze.kind for blaze in cast.blazes) == burns
    assert {actor.look for actor in cast.actors} == looks
    assert all(film.act_s <= actor.appears_s < film.length_s for actor in cast.actors)
    assert not [
        actor for actor in cast.actors if actor.top or actor.bottom or actor.hair
    ]  # by clothes one may be known


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("남성 1명, 검은 패딩, 흉기 소지", Told(1, "man", "", True)),
        ("여자 두 명이 흰색 승합차로 도주", Told(2, "woman", "van")),
        ("three men, a motorbike without a plate", Told(3, "man", "motorbike")),
        ("80대 할머니 맨발", Told(1, "elder")),
        ("99명", Told(4)),
        ("", Told()),
    ],
)
def test_of_the_notes_only_numbers_and_kinds_are_taken(note: str, told: Told) -> None:
    assert told_of((note,)) == told
