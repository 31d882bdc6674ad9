"""A day at the console: a journal that is filled as the gateway and a seat would fill it, and a console on it."""

from __future__ import annotations

import gc
import itertools
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from smartcity_console.clock import ManualClock
from smartcity_console.console.assembly import Console
from smartcity_console.console.parts import ConsoleParts
from smartcity_console.console.surroundings import Surroundings
from smartcity_console.journal import SqliteJournal
from smartcity_console.model import events as ev
from smartcity_console.model.agency import Agency, AgencyKind
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.camera import Dori, Mount, Ownership, Purpose, SeenBy
from smartcity_console.model.geo import Position
from smartcity_console.model.incident import Incident
from smartcity_console.model.site import Sensor
from smartcity_console.settings import Settings

ALARM = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)  # 14:03:04 in Seoul
HERE = Position(127.03, 37.5)
FIRMS = {"s1": "에스원", "adt": "ADT캡스", "kt": "KT텔레캅", "nsok": "NSOK"}
AGENCIES = {
    AgencyKind.POLICE: Agency("pol-1", AgencyKind.POLICE, "은행지구대", "가온경찰서 112상황실", HERE),
    AgencyKind.FIRE: Agency("fire-1", AgencyKind.FIRE, "은행119안전센터", "가온소방서 119종합상황실", HERE),
}


@pytest.fixture(autouse=True, scope="session")
def garbage_goes_on_the_qt_thread() -> Iterator[None]:
    """As in the program (console/collector.py), no thread of a console destroys another's widgets; here each module's
    end collects."""
    gc.disable()
    yield
    gc.enable()


def seen(number: int, name: str, *, private: bool = False, stream: bool = True, distance_m: float = 40.0) -> SeenBy:
    """Return a ranked camera."""
    return SeenBy(
        camera_id=f"{'PV' if private else 'GN'}-{number:04}",
        name=name,
        ownership=Ownership.PRIVATE if private else Ownership.PUBLIC,
        purpose=Purpose.OTHER if private else Purpose.CRIME_PREVENTION,
        mount=Mount.FIXED,
        distance_m=distance_m,
        bearing_deg=48.0,
        px_per_m=280.0 / number,
        dori=Dori.IDENTIFY,
        in_view=True,
        direction_known=True,
        occluded=False,
        turn_s=0.0,
        has_stream=stream,
        score=1.0 / number,
    )


PUBLIC_CAMERAS = [
    seen(1, "은행로 85길 입구", distance_m=24),
    seen(2, "은행로 사거리", distance_m=41),
    seen(4, "은행공원 북문", distance_m=88),
    seen(5, "은행로 93길", distance_m=112),
    seen(6, "중앙로 34길", distance_m=160),
]
PRIVATE_CAMERA = seen(1, "가온마트 내부", private=True, distance_m=4)


class PlainMap(QWidget):
    """A stand-in for the map that remembers what it was asked to show."""

    incidentActivated = Signal(str)
    cameraActivated = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[tuple[str | None, tuple[str, ...]]] = []
        self.queue: list[str] = []

    def show_incident(self, incident: Incident | None, seen_by: Any) -> None:
        self.shown.append((incident.id if incident else None, tuple(c.camera_id for c in seen_by)))

    def set_open_incidents(self, incidents: Any) -> None:
        self.queue = [incident.id for incident in incidents]

    def set_selected_camera(self, camera_id: str | None) -> None:
        self.selected = camera_id

    def close_map(self) -> None:
        self.is_closed = True

    def set_camera_states(self, states: Any) -> None:
        self.states = states


class PlainWall(QWidget):
    """A stand-in for the wall that remembers what it was asked to show."""

    tileActivated = Signal(int)
    replayToggled = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.cameras: tuple[str, ...] = ()
        self.until: dict[str, datetime] = {}
        self.replays: list[tuple[str, Path, float]] = []
        self.live_again = 0
        self.chosen: str | None = None

    def show_cameras(self, cameras: Any, until: Any) -> None:
        self.cameras = tuple(camera.camera_id for camera in cameras)
        self.until = dict(until)

    def select(self, tile: int | None) -> None:
        self.tile = tile

    def play_replay(self, camera_id: str, path: Path, alert_offset_s: float) -> None:
        self.replays.append((camera_id, path, alert_offset_s))

    def stop_replay(self) -> None:
        self.live_again += 1

    def refresh(self) -> None:
        self.refreshed = getattr(self, "refreshed", 0) + 1

    def chosen_camera(self) -> str | None:
        return self.chosen


def plain_wall() -> tuple[PlainWall, PlainWall]:
    wall = PlainWall()
    return wall, wall


class Day:
    """Writes what the gateway would write. The journal is on disk; the clock is the caller's."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = ManualClock(ALARM)
        self.journal = SqliteJournal(path, self.clock)
        self._numbers = itertools.count(1)

    def alert(self, **changes: Any) -> Alert:
        number = next(self._numbers)
        facts: dict[str, Any] = {
            "id": f"alert-{number}",
            "protocol": "dc09/SIA-DCS",
            "account": "1701",
            "code": "PA",
            "kind": AlertKind.ROBBERY,
            "priority": Priority.EMERGENCY,
            "occurred_at": self.clock.now(),
            "received_at": self.clock.now(),
            "known": True,
            "firm_id": "s1",
            "firm_name": FIRMS["s1"],
            "site_id": "site-gaonmart",
            "site_name": "가온마트 은행로점",
            "address": "가온시 은행동 은행로 85",
            "zone": "9",
            "zone_name": "카운터 비상벨",
            "sensor": Sensor.PANIC,
            "position": HERE,
        }
        return Alert(**(facts | changes))

    def open(self, incident_id: str = "inc-1", **changes: Any) -> Alert:
        """Open an incident as the gateway does: alert and incident in one transaction."""
        alert = self.alert(**changes)
        opened = ev.IncidentOpened(
            incident_id=incident_id, alert=alert, kind=alert.kind, priority=alert.priority, position=alert.position
        )
        self.journal.append(
            ev.Draft(f"alert/{alert.id}", ev.AlertReceived(alert=alert), "gateway", 0),
            ev.Draft(f"incident/{incident_id}", opened, "gateway", 0),
        )
        return alert

    def write(self, key: str, *payloads: ev.Payload, actor: str = "gateway") -> None:
        """Append payloads on `<kind>/<key>`."""
        self.journal.append(*(ev.Draft(ev.stream_of(type(p), key), p, actor) for p in payloads))

    def incident(self, incident_id: str = "inc-1") -> list[str]:
        """Return the types of the incident's events so far."""
        return [event.type for event in self.journal.read(stream=f"incident/{incident_id}")]

    def payloads(self, kind: type[ev.Payload], incident_id: str = "inc-1") -> list[Any]:
        events = self.journal.read(stream=f"incident/{incident_id}")
        return [event.payload_as(kind) for event in events if event.type == kind.__name__]


def parts_for(day: Day, seat: str = "3", **changes: Any) -> ConsoleParts:
    """Return parts on a day's journal with stand-ins for city, map and wall."""
    numbers = itertools.count(1)
    facts: dict[str, Any] = {
        "seat": seat,
        "user": "operator",
        "city_name": "가온시",
        "journal_path": day.path,
        "open_journal": lambda: SqliteJournal(day.path, day.clock),
        "rank": lambda incident: ([PRIVATE_CAMERA] if incident.unlocked else []) + PUBLIC_CAMERAS,
        "agency_for": lambda kind, _position: AGENCIES[kind],
        "private_cameras": lambda _incident: (PRIVATE_CAMERA.camera_id,),
        "firm_name": lambda firm_id: FIRMS.get(firm_id, ""),
        "fetch_replay": lambda camera_id, _start, _end: day.path.with_name(f"{camera_id}.mp4"),
        "look_around": lambda: Surroundings({AgencyKind.POLICE: True, AgencyKind.FIRE: True}, 2),
        "new_id": lambda prefix: f"{prefix}-{seat}-{next(numbers)}",
        "make_map": PlainMap,
        "make_wall": plain_wall,
    }
    return ConsoleParts(**(facts | changes))


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    made = Day(tmp_path / "journal.sqlite")
    yield made
    made.journal.close()


@pytest.fixture
def open_console(day: Day, tmp_path: Path, qapp: Any, qtbot: Any) -> Iterator[Callable[..., Console]]:
    """Return a maker of consoles; each is closed and its threads are joined when the test ends."""
    made: list[Console] = []

    def make(language: str = "en", **changes: Any) -> Console:
        settings = Settings().replaced({"ui.language": language})
        console = Console(qapp, tmp_path, settings, day.clock, parts_for(day, **changes))
        made.append(console)
        console.window.show()
        with qtbot.waitSignal(console.session.caught_up, timeout=5000):
            console.start()
        return console

    yield make
    for console in made:
        console.window.close()
        console.window.deleteLater()


@pytest.fixture
def later(day: Day) -> Callable[[float], datetime]:
    """Move the day's clock on and return the new time."""

    def move(seconds: float) -> datetime:
        day.clock.advance(seconds)
        return day.clock.now() + timedelta(0)

    return move


@pytest.fixture
def sample() -> Any:
    """This module: its stand-ins and sample cameras, for tests that need them by name."""
    return sys.modules[__name__]
