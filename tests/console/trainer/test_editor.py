"""The scenario editor: what is changed can be taken back and saved, what cannot be meant is said at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import av
import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent

from smartcity_console.composition.drill_trainer import film_by_child
from smartcity_console.console.map.view import MapView
from smartcity_console.console.trainer.editor.actor_map import ActorTool, place_at, points_of, spot_at, xy_of
from smartcity_console.console.trainer.editor.editor_app import make_editor
from smartcity_console.console.trainer.editor.parts import INJECTS, LISTS, STAGED, Place, blank, new_part, place_of
from smartcity_console.console.trainer.editor.strip import earliest
from smartcity_console.console.trainer.editor.window import EditorParts, EditorWindow
from smartcity_console.console.trainer.forms.names import field_name
from smartcity_console.console.trainer.forms.struct_form import StructForm
from smartcity_console.drill.scenario import model as m
from smartcity_console.drill.scenario.check import contradictions
from smartcity_console.drill.scenario.read import SHIPPED, read_scenario, shipped
from smartcity_console.drill.scenario.write import write_scenario

HERE = m.Spot(127.4685, 37.0381)


@pytest.fixture
def open_editor(qapp: Any, qtbot: Any, director: Any, sample: Any) -> Iterator[Callable[..., EditorWindow]]:
    made: list[tuple[EditorWindow, Any]] = []

    def make(scenario: Path | None = director.run_dir / "scenario.toml", **changes: Any) -> EditorWindow:
        facts: dict[str, Any] = {
            "check": lambda scenario, folder: contradictions(scenario, None, folder),
            "make_map": sample.PlainMap,
            "language": "en",
        }
        window, languages = make_editor(qapp, EditorParts(**(facts | changes)))
        window.ask = lambda _title: "discard"
        made.append((window, languages))
        window.show()
        if scenario is not None:
            window.open(scenario)
            qtbot.waitUntil(lambda: window.document.path is not None, timeout=5000)
        return window

    yield make
    for window, languages in made:
        window.ask = lambda _title: "discard"
        window.close()
        window.deleteLater()
        languages.remove()


def drag(strip: Any, start: QPointF, end: QPointF) -> None:
    def send(kind: QEvent.Type, at: QPointF, button: Qt.MouseButton) -> QMouseEvent:
        return QMouseEvent(kind, at, strip.mapToGlobal(at), button, button, Qt.KeyboardModifier.NoModifier)

    strip.mousePressEvent(send(QEvent.Type.MouseButtonPress, start, Qt.MouseButton.LeftButton))
    strip.mouseMoveEvent(send(QEvent.Type.MouseMove, end, Qt.MouseButton.LeftButton))
    strip.mouseReleaseEvent(send(QEvent.Type.MouseButtonRelease, end, Qt.MouseButton.LeftButton))


def test_an_inject_is_dragged_to_another_second_and_taken_back(open_editor: Any) -> None:
    window = open_editor()
    strip = window.strip
    drag(strip, QPointF(strip.x_of(10.0), strip.y_of(0)), QPointF(strip.x_of(60.0), strip.y_of(0)))
    assert window.document.scenario.injects[0].when.at_s == 60.0 and window.document.is_changed
    assert window.place == Place("injects", 0)
    window.runner.run("scenario.undo")
    assert window.document.scenario.injects[0].when.at_s == 10.0 and not window.document.is_changed
    window.runner.run("scenario.redo")
    assert window.document.scenario.injects[0].when.at_s == 60.0


def test_what_is_typed_goes_into_the_scenario_as_soon_as_it_fits(open_editor: Any, qtbot: Any) -> None:
    window = open_editor()
    window.go_to(Place("injects", 0))
    code = window.pane.form.edits["code"].line
    code.setFocus()
    code.selectAll()
    qtbot.keyClicks(code, "BA")
    assert window.document.scenario.injects[0].code == "BA"
    at_s = window.pane.form.edits["when"].edits["at_s"].line
    at_s.selectAll()
    qtbot.keyClicks(at_s, "soon")
    assert "not a number" in window.pane.form.told and window.document.scenario.injects[0].when.at_s == 10.0


def test_contradictions_are_listed_and_lead_to_their_place(open_editor: Any, qtbot: Any) -> None:
    window = open_editor()
    window.go_to(Place("injects", 1))
    when = window.pane.form.edits["when"].edits["of"].line
    when.selectAll()
    qtbot.keyClicks(when, "nobody")
    qtbot.waitUntil(lambda: any("nobody" in line for line in window.problems.texts()), timeout=5000)
    window.go_to(Place("scenario"))
    row = next(n for n, line in enumerate(window.problems.texts()) if "nobody" in line)
    window.problems.table.itemClicked.emit(window.problems.table.item(row, 0))
    assert window.place == Place("injects", 1)


def test_it_is_saved_and_read_again(open_editor: Any, qtbot: Any, director: Any) -> None:
    window = open_editor()
    window.add("expectations")
    window.runner.run("scenario.save")
    qtbot.waitUntil(lambda: not window.document.is_changed, timeout=5000)
    assert read_scenario(director.run_dir / "scenario.toml") == window.document.scenario
    assert window.runner.reason("scenario.save").code == "saved"


def test_what_is_not_saved_is_asked_about(open_editor: Any, qtbot: Any, director: Any) -> None:
    window = open_editor()
    asked: list[str] = []
    window.add("incidents")
    window.ask = lambda title: asked.append(title) or "stay"
    window.close()
    window.runner.run("scenario.new")
    assert window.isVisible() and asked == ["Robbery of a shop"] * 2 and len(window.document.scenario.incidents) == 2
    window.ask = lambda _title: "save"
    with qtbot.waitSignal(window.closing, timeout=5000):
        window.close()
    assert len(read_scenario(director.run_dir / "scenario.toml").incidents) == 2


def test_a_file_that_cannot_be_read_is_said_and_changes_nothing(open_editor: Any, qtbot: Any, tmp_path: Path) -> None:
    window = open_editor()
    bad = tmp_path / "bad.toml"
    bad.write_text("format = 1\nid = 3\n", "utf-8")
    before = window.document.scenario
    window.open(bad)
    qtbot.waitUntil(lambda: "bad.toml" in window.notice.text, timeout=5000)
    assert window.document.scenario is before


def test_parts_are_added_and_taken_out(open_editor: Any) -> None:
    window = open_editor(None)
    for section in (*LISTS, *STAGED):
        if section != "injects":
            window.add(section)
    for kind in INJECTS:
        window.add("injects", kind)
    scenario = window.document.scenario
    assert len(scenario.injects) == 11 and len({inject.id for inject in scenario.injects}) == 11
    assert scenario.stage is not None and scenario.stage.actors and scenario.stage.blazes
    window.go_to(Place("injects", 3))
    gone = scenario.injects[3].id
    window.runner.run("scenario.remove")
    assert gone not in {inject.id for inject in window.document.scenario.injects}
    window.go_to(Place("scenario"))
    assert window.runner.reason("scenario.remove").code == "no_part"


@pytest.mark.parametrize("section", [*LISTS, *STAGED])
def test_every_part_has_a_form_that_keeps_it_whole(qtbot: Any, section: str) -> None:
    kinds = INJECTS if section == "injects" else (None,)
    for kind in kinds:
        part = new_part(blank(), section, kind, 30.0, HERE)
        form = StructForm(type(part))
        qtbot.addWidget(form)
        form.set(part)
        assert form.value() == part


@pytest.mark.parametrize("folder", sorted(path.parent.name for path in SHIPPED.glob("*/scenario.toml")))
def test_the_forms_keep_every_shipped_scenario_as_it_is(qtbot: Any, folder: str) -> None:
    scenario = read_scenario(SHIPPED / folder)
    stage = scenario.stage
    parts = [*scenario.incidents, *scenario.injects, *scenario.expectations, *scenario.feeds, *scenario.objectives]
    for part in [*parts, *([stage, *stage.actors, *stage.blazes] if stage is not None else [])]:
        form = StructForm(type(part))
        qtbot.addWidget(form)
        form.set(part)
        assert form.value() == part


def test_every_field_of_the_model_has_a_name_on_the_screen() -> None:
    structs = (*INJECTS, m.When, m.DeskManner, m.IncidentSpec, m.Expectation, m.Objective, m.FeedSpec, m.Scenario)
    kinds = (*structs, m.StageSpec, m.Actor, m.Waypoint, m.Blaze)
    names = {field.name for kind in kinds for field in msgspec.structs.fields(kind)}
    elsewhere = {"format", "stage", "feeds", "incidents", "injects", "expectations", "objectives", "actors", "blazes"}
    assert sorted(name for name in names - elsewhere if field_name(name) == name) == []


def test_the_path_of_a_problem_names_its_part() -> None:
    assert place_of("injects[3].when.of") == Place("injects", 3)
    assert place_of("stage.actors[1]") == Place("actors", 1)
    assert place_of("stage.centre") == Place("stage")
    assert place_of("duration_s") == Place("scenario")


def test_an_inject_that_waits_stands_where_it_may_come_at_the_earliest() -> None:
    words = m.Words("가", "a")
    first = m.Cue(id="act", when=m.When(at_s=20.0), label=words)
    second = m.Cue(id="more", when=m.When(event=m.Happening.FIRED, of="act", delay_s=15.0), label=words)
    third = m.Cue(id="loop", when=m.When(event=m.Happening.FIRED, of="loop", delay_s=5.0), label=words)
    scenario = msgspec.structs.replace(blank(), injects=(first, second, third))
    assert earliest(scenario) == {"act": 20.0, "more": 35.0, "loop": 25.0}


def test_an_actors_way_is_clicked_dragged_and_taken_back() -> None:
    put: list[m.Actor] = []
    view = MapView(*xy_of(HERE), 2.0, 800, 600)
    tool = ActorTool(m.Actor(id="robber", look="man", start=HERE), put.append)
    x, y = xy_of(HERE)
    tool.press((x + 30.0, y), view)
    tool.release((x + 30.0, y), view)
    assert len(put[-1].way) == 1 and points_of(put[-1])[1] == pytest.approx((x + 30.0, y), abs=0.05)
    tool.press((x + 30.0, y), view)
    tool.move((x + 40.0, y), view)
    tool.release((x + 40.0, y), view)
    assert len(put[-1].way) == 1 and points_of(put[-1])[1] == pytest.approx((x + 40.0, y), abs=0.05)
    assert tool.key(Qt.Key.Key_Backspace) and not put[-1].way


def test_a_place_of_the_way_has_its_own_speed_and_doing(open_editor: Any, qtbot: Any) -> None:
    window = open_editor(None)
    window.add("actors")
    actor = window.document.scenario.stage.actors[0]
    way = (m.Waypoint(at=HERE), m.Waypoint(at=HERE, speed_ms=2.0))
    window.put_part(window.place, msgspec.structs.replace(actor, way=way))
    edit = window.pane.form.edits["way"]
    edit.number.setCurrentIndex(1)
    edit.number.activated.emit(1)
    speed = edit.form.edits["speed_ms"].line
    speed.selectAll()
    qtbot.keyClicks(speed, "4.5")
    assert [step.speed_ms for step in window.document.scenario.stage.actors[0].way] == [1.3, 4.5]
    edit.number.setCurrentIndex(0)
    edit.number.activated.emit(0)
    edit.remove.click()
    assert [step.speed_ms for step in window.document.scenario.stage.actors[0].way] == [4.5]


def test_an_actor_is_where_its_speed_has_taken_it() -> None:
    x, y = xy_of(HERE)
    there = m.Waypoint(at=spot_at((x + 20.0, y)), speed_ms=2.0, stays_until_s=30.0)
    back = m.Waypoint(at=HERE, speed_ms=4.0)
    actor = m.Actor(id="a", look="man", appears_s=5.0, start=HERE, way=(there, back))
    assert place_at(actor, 4.0) is None
    assert place_at(actor, 10.0) == pytest.approx((x + 10.0, y), abs=0.1)
    assert place_at(actor, 29.0) == pytest.approx((x + 20.0, y), abs=0.1)
    assert place_at(actor, 60.0) == pytest.approx((x, y), abs=0.1)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Four seconds that get brighter."""
    path = tmp_path / "feed.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(40):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number * 6, np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def test_a_recording_is_looked_at_where_the_slider_stands(open_editor: Any, qtbot: Any, recording: Path) -> None:
    window = open_editor()
    window.add("feeds")
    window.put_part(window.place, m.FeedSpec(camera="GN-0001", file=recording.name))
    preview = window.preview
    qtbot.waitUntil(lambda: preview.screen.image is not None, timeout=5000)
    assert preview.isVisible() and 35 <= preview.slider.maximum() <= 41
    dark = preview.screen.image.pixelColor(10, 10).lightness()
    preview.slider.setValue(35)
    qtbot.waitUntil(lambda: preview.screen.image.pixelColor(10, 10).lightness() > dark + 100, timeout=5000)
    window.put_part(window.place, m.FeedSpec(camera="GN-0001", file="nothing.mp4"))
    qtbot.waitUntil(lambda: "nothing.mp4" in preview.screen.text, timeout=5000)


@pytest.fixture
def one_camera(tmp_path: Path) -> Path:
    """The shipped privacy drill as a trainer's own copy with one camera, not filmed yet."""
    shipped_one = read_scenario(next(folder for folder in shipped() if folder.name == "privacy"))
    assert shipped_one.stage is not None
    camera = shipped_one.stage.cameras[0]
    stage = msgspec.structs.replace(shipped_one.stage, cameras=(camera,))
    feeds = tuple(feed for feed in shipped_one.feeds if feed.camera == camera)
    return write_scenario(tmp_path, msgspec.structs.replace(shipped_one, stage=stage, feeds=feeds))


@pytest.mark.alone
@pytest.mark.timeout(300)
def test_film_this_draws_the_cameras_for_real(open_editor: Any, qtbot: Any, one_camera: Path) -> None:
    shares: list[str] = []
    window = open_editor(one_camera, film=partial(film_by_child, how=("--seconds", "1", "--draft")))
    window.filming.changed.connect(lambda: shares.append(window.filming.words()))
    qtbot.waitUntil(lambda: window.runner.reason("scenario.film") is None, timeout=15_000)
    window.runner.run("scenario.film")
    assert window.filming.is_on
    qtbot.waitUntil(lambda: not window.filming.is_on, timeout=240_000)
    assert "1 films" in window.notice.text and "Filming 100 %" in shares
    (film,) = one_camera.parent.glob("*.mp4")
    with av.open(str(film)) as container:
        pictures = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    assert len(pictures) == 15 and pictures[0].std() > 15.0


def test_filming_says_why_not_and_how_far(open_editor: Any, qtbot: Any, director: Any) -> None:
    window = open_editor()
    assert window.runner.reason("scenario.film").code == "no_film"
    shares: list[str] = []

    def film(path: Path, told: Any, stopped: Any) -> list[Path]:
        told(0.5)
        return [path.with_name("GN-0001.mp4")]

    filming = open_editor(film=film)
    assert filming.runner.reason("scenario.film").code == "no_stage"
    filming.give_stage()
    assert filming.runner.reason("scenario.film").code == "unsaved"
    filming.runner.run("scenario.save")
    qtbot.waitUntil(lambda: not filming.document.is_changed, timeout=5000)
    filming.filming.changed.connect(lambda: shares.append(filming.filming.words()))
    filming.runner.run("scenario.film")
    qtbot.waitUntil(lambda: not filming.filming.is_on, timeout=5000)
    assert "Filming 50 %" in shares and "1 films" in filming.notice.text
