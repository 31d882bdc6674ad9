"""Maps follow what happens to the city: an import by another program, a pose out of the journal, the traffic's age."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget

from smartcity_console.city import City, plane, rank_cameras, view_polygon
from smartcity_console.city.live import LiveCity
from smartcity_console.city.speeds import LiveSpeeds
from smartcity_console.city.store import CameraRow, CatalogueStore, NodeRow, SpeedRow
from smartcity_console.clock import ManualClock
from smartcity_console.console.assembly import Console
from smartcity_console.console.import_dialog import ImportDialog
from smartcity_console.console.map import MapWidget
from smartcity_console.console.map.track_layer import tracks_of
from smartcity_console.console.parts import ConsoleParts
from smartcity_console.console.surroundings import Surroundings
from smartcity_console.journal import SqliteJournal
from smartcity_console.model.camera import SeenBy

LON, LAT = 127.05, 37.5
NOW = datetime(2026, 11, 23, 5, 3, tzinfo=UTC)


class Wall(QWidget):
    """A stand-in for the wall that remembers what it was asked to show."""

    tileActivated, replayToggled = Signal(int), Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.cameras: list[str] = []

    def show_cameras(self, cameras: Any, until: Any) -> None:
        del until
        self.cameras = [camera.camera_id for camera in cameras]

    def chosen_camera(self) -> str | None:
        return None

    def select(self, tile: int | None) -> None:
        del tile

    def refresh(self) -> None: ...

    def stop_replay(self) -> None: ...


class Workspace:
    """A workspace with a real catalogue and a real journal, and consoles on it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, ManualClock(NOW)
        self.wall = Wall()

    def bring(self, *keys: str) -> None:
        rows = [
            CameraRow(source="cctv", key=key, name=f"{key} 앞", lon_deg=LON + n * 0.001, lat_deg=LAT, owner="구청")
            for n, key in enumerate(keys)
        ]
        with CatalogueStore.open(self.folder / "catalogue.sqlite") as store:
            store.apply(store.plan("cameras", "cctv", rows))

    def poses(self) -> list[Any]:
        journal = SqliteJournal(self.folder / "journal.sqlite", self.clock)
        try:
            return [event for event in journal.read() if event.type == "CameraPoseSet"]
        finally:
            journal.close()

    def parts(self, seat: str) -> tuple[ConsoleParts, LiveCity]:
        live, numbers = LiveCity(self.folder, "", self.clock), itertools.count(1)
        speeds = LiveSpeeds(self.folder, self.clock)
        path = self.folder / "journal.sqlite"

        def make_map() -> MapWidget:
            return MapWidget(live.city, view_polygon=lambda camera: view_polygon(live.city, camera), animated=False)

        parts = ConsoleParts(
            seat=seat,
            user="operator",
            city_name="강남",
            journal_path=path,
            open_journal=lambda: SqliteJournal(path, self.clock),
            rank=lambda _incident: [],
            agency_for=lambda _kind, _position: None,
            private_cameras=lambda _incident: (),
            firm_name=str,
            fetch_replay=lambda *_: path,
            look_around=lambda: Surroundings(city=live.mark(), speeds=speeds.mark()),
            new_id=lambda prefix: f"{prefix}-{next(numbers)}",
            make_map=make_map,
            make_wall=lambda: (self.wall, self.wall),
            keep_poses=live.keep_poses,
            reload_city=live.look,
            renew_map=lambda chart: chart.set_city(live.city),
            warm_up=live.city.warm_up,
            traffic=speeds.latest,
        )
        return parts, live


@pytest.fixture
def workspace(tmp_path: Path, qapp: Any) -> Workspace:
    made = Workspace(tmp_path)
    made.bring("a", "b")
    return made


Open = Callable[..., tuple[Console, LiveCity]]


@pytest.fixture
def open_console(workspace: Workspace, qapp: Any, qtbot: Any) -> Iterator[Open]:
    from smartcity_console.settings import Settings

    made: list[Console] = []

    def make(seat: str = "1") -> tuple[Console, LiveCity]:
        parts, live = workspace.parts(seat)
        settings = Settings().replaced({"ui.language": "en"})
        console = Console(qapp, workspace.folder, settings, workspace.clock, parts)
        made.append(console)
        console.window.show()
        with qtbot.waitSignal(console.session.caught_up, timeout=10_000):
            console.start()
        return console, live

    yield make
    for console in made:
        console.window.close()
        console.window.deleteLater()


def azimuth(city: City, key: str = "cctv-a") -> float | None:
    return city.cameras[key].pose.azimuth_deg


def test_a_pose_set_by_keys_is_kept_shown_and_undone(qtbot: Any, workspace: Workspace, open_console: Open) -> None:
    console, live = open_console()
    chart = console.map
    console.runner.run("camera.set_pose")
    assert "Choose a camera first" in console.notice.text
    chart.set_selected_camera("cctv-a")
    console.runner.run("camera.set_pose")
    assert chart.tools.tool is not None and chart.tools.tool.name == "pose"
    for key, held in ((Qt.Key.Key_Right, False), (Qt.Key.Key_Right, False), (Qt.Key.Key_Right, True)):
        QTest.keyClick(chart, key, Qt.KeyboardModifier.ShiftModifier if held else Qt.KeyboardModifier.NoModifier)
    QTest.keyClick(chart, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: azimuth(live.city) == 11.0, timeout=10_000)
    (event,) = workspace.poses()
    assert (event.stream, event.actor) == ("camera/cctv-a", "seat/1")
    with CatalogueStore.open(workspace.folder / "catalogue.sqlite") as store:
        kept = store.camera("cctv-a")
    assert kept is not None and kept.pose.azimuth_deg == 11.0  # the catalogue has it, not this console alone
    qtbot.waitUntil(lambda: chart._stack.seen.direction_known("cctv-a"), timeout=10_000)
    qtbot.waitUntil(lambda: ("cctv-a", None) in chart._stack.seen.cones, timeout=10_000)
    console.runner.run("edit.undo")
    qtbot.waitUntil(lambda: azimuth(live.city) is None, timeout=10_000)
    qtbot.waitUntil(lambda: not chart._stack.seen.direction_known("cctv-a"), timeout=10_000)
    assert len(workspace.poses()) == 2
    assert console.runner.reason("edit.undo") is not None  # what is taken back is not taken back again


def test_escape_drops_a_pose(qtbot: Any, workspace: Workspace, open_console: Open) -> None:
    console, live = open_console()
    console.map.set_selected_camera("cctv-b")
    console.runner.run("camera.set_pose")
    QTest.keyClick(console.map, Qt.Key.Key_Right)
    QTest.keyClick(console.map, Qt.Key.Key_Escape)
    assert console.map.tools.tool is None and azimuth(live.city, "cctv-b") is None and not workspace.poses()


def test_a_pose_set_at_another_seat_shows_here(qtbot: Any, workspace: Workspace, open_console: Open) -> None:
    console, live = open_console("1")
    pose = msgspec.structs.replace(live.city.cameras["cctv-a"].pose, azimuth_deg=270.0, range_m=90.0, tilt_deg=10.0)
    console.map.set_selected_camera("cctv-a")
    other, _ = open_console("2")
    other._set_pose("cctv-a", pose, live.city.cameras["cctv-a"].pose)
    qtbot.waitUntil(lambda: console.map._stack.seen.direction_known("cctv-a"), timeout=10_000)
    x, y = plane.xy_of(live.city.cameras["cctv-a"].position)
    first = rank_cameras(live.city, plane.position_at(x - 30.0, y), streams=())[0]
    assert (first.camera_id, first.in_view) == ("cctv-a", True)


def test_an_import_by_another_program_reaches_the_maps(qtbot: Any, workspace: Workspace, open_console: Open) -> None:
    console, live = open_console()
    console.maps.open()
    charts = console.maps._maps()
    assert len(charts) == 2
    before = charts[0].view
    workspace.bring("a", "b", "c", "신사역")
    with qtbot.waitSignal(console.city_watch.reloaded, timeout=15_000):
        console.lookout.look_now()
    for chart in charts:
        assert chart._city is live.city and "cctv-c" in chart._city.cameras
        qtbot.waitUntil(chart.ready, timeout=20_000)
    assert charts[0].view.px_per_m > 0 and before.width_px == charts[0].view.width_px
    charts[0]._chrome.search.line.setText("신사역")  # the names are indexed anew
    qtbot.waitUntil(lambda: charts[0]._chrome.search.places.count() == 1, timeout=10_000)
    qtbot.waitUntil(lambda: not charts[0]._retiring._under_way, timeout=10_000)  # the old threads are joined


def test_files_are_chosen_by_keyboard_and_the_map_shows_them(
    qtbot: Any, workspace: Workspace, open_console: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    console, live = open_console()
    file = workspace.folder / "new_2026.csv"
    lines = [
        "관리번호,관리기관명,설치목적구분,카메라대수,WGS84위도,WGS84경도",
        f"N1,가온시청,생활방범,2,{LAT},{LON}",
        "",
    ]
    file.write_bytes("\r\n".join(lines).encode("cp949"))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(file)], ""))
    console.runner.run("city.import")
    (dialog,) = console.window.findChildren(ImportDialog)
    qtbot.waitUntil(dialog.apply_button.isEnabled, timeout=20_000)
    with qtbot.waitSignal(console.city_watch.reloaded, timeout=20_000):
        dialog.apply_button.click()
    assert len(live.city.columns) == 3 and console.map._city is live.city
    assert int(live.city.columns.count.max()) == 2
    dialog.close()


def test_traffic_is_shown_and_said_to_be_old(qtbot: Any, workspace: Workspace, open_console: Open) -> None:
    with CatalogueStore.open(workspace.folder / "catalogue.sqlite") as store:
        nodes = [NodeRow(source="nodelink", key=key, lon_deg=LON + n, lat_deg=LAT) for n, key in enumerate("12")]
        store.apply(store.plan("nodes", "nodelink", nodes))
    console, _ = open_console()
    assert not console.map._stack.traffic.known or not console.map._speeds
    with CatalogueStore.open(workspace.folder / "catalogue.sqlite") as store:
        row = SpeedRow(source="its", key="L1", speed_kmh=12.0, measured_at=workspace.clock.now().isoformat())
        store.apply(store.plan("speeds", "its", [row]))
    console.lookout.look_now()
    qtbot.waitUntil(lambda: console.map._speeds == {"L1": 12.0}, timeout=10_000)
    assert "old" not in console.map.caption()
    workspace.clock.advance(timedelta(minutes=16).total_seconds())
    console.city_watch.look()
    assert "Traffic is old" in console.map.caption()


def test_the_cameras_that_see_a_spot_go_to_the_wall_by_keyboard(
    qtbot: Any, workspace: Workspace, open_console: Open
) -> None:
    console, live = open_console()
    chart = console.map
    x, y = plane.xy_of(live.city.cameras["cctv-b"].position)
    chart.drag_by(
        *(chart.width() / 2 - chart.view.to_screen(x, y)[0], chart.height() / 2 - chart.view.to_screen(x, y)[1])
    )
    QTest.keyClick(chart, Qt.Key.Key_C)
    qtbot.waitUntil(chart._chrome.sight.isVisible, timeout=10_000)
    rows = chart._chrome.sight.rows
    assert "direction unknown" in rows.item(0).text()
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Return)
    assert console.wall.cameras[0] == "cctv-b"


def test_several_places_of_an_incident_are_a_track(make_incident: Any) -> None:
    incident = make_incident()
    assert tracks_of(None) == [] and tracks_of(incident) == []
    (alert,) = incident.alerts
    assert alert.position is not None
    x, y = plane.xy_of(alert.position)
    later = [
        msgspec.structs.replace(
            alert,
            id=f"later-{n}",
            occurred_at=alert.occurred_at + timedelta(minutes=n),
            position=plane.position_at(*at),
        )
        for n, at in ((2, (x + 200.0, y)), (1, (x + 90.0, y)), (3, (x + 203.0, y)))
    ]
    (track,) = tracks_of(msgspec.structs.replace(incident, alerts=(alert, *later)))
    assert [round(east - x) for east, _ in track.xy_m.tolist()] == [
        0,
        90,
        200,
    ]  # in time's order; three metres are none


def test_reasons_tell_health_count_and_privacy(make_map: Any, make_incident: Any, seen_by: list[SeenBy]) -> None:
    from smartcity_console.console.map.wording import why_line
    from smartcity_console.model.centre import CameraState

    public, private = seen_by[0], seen_by[2]
    assert why_line(public) == "100 m · in view now · observe 80 px/m"
    assert why_line(public, CameraState(False, NOW, "timeout"), 3).endswith("picture lost · 3 cameras here")
    assert why_line(private).endswith("private: opens when the incident is claimed")
    assert why_line(private, opened=True).endswith("private, open now")
    dome = msgspec.structs.replace(public, in_view=False, turn_s=1.2, distance_m=41.0)
    assert why_line(dome).startswith("41 m · PTZ turns in 1.2 s")
    hidden = msgspec.structs.replace(public, in_view=False, occluded=True, has_stream=False)
    assert why_line(hidden) == "100 m · observe 80 px/m · behind a building · no picture"


def test_a_city_that_comes_after_the_map_has_gone_starts_nothing(make_map: Any, city: City) -> None:
    chart = make_map()
    chart.close_map()
    before = set(threading.enumerate())
    chart.set_city(city)
    assert set(threading.enumerate()) <= before
