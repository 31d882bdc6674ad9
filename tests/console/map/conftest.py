"""A small city of squares, 2 km across, whose every measure a test can work out by hand; and a map on it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
import shapely

from smartcity_console.city import BaseMap, Buildings, City, Places, RoadGraph, Roads, Zones, plane
from smartcity_console.city.catalogue import Catalogue
from smartcity_console.console.map import MapWidget
from smartcity_console.model.agency import Agency, AgencyKind
from smartcity_console.model.alert import Alert, AlertKind, Priority
from smartcity_console.model.camera import Camera, Dori, Mount, Ownership, Pose, Purpose, SeenBy
from smartcity_console.model.incident import Incident

WEST, SOUTH, SIDE = 200_000.0, 550_000.0, 2_000.0
MIDDLE = (WEST + SIDE / 2, SOUTH + SIDE / 2)
AT = datetime(2026, 11, 23, 5, 3, 4, tzinfo=UTC)


def _zones(*named: tuple[str, Any]) -> Zones:
    shapes = np.array([shape for _, shape in named], dtype=object)
    return Zones(shapes, [name for name, _ in named], ["zone"] * len(named))


def _box(left: float, bottom: float, right: float, top: float) -> Any:
    return shapely.box(WEST + left, SOUTH + bottom, WEST + right, SOUTH + top)


def _roads() -> Roads:
    """An arterial every 500 m, a collector between, an alley between those, both ways."""
    lines, names, ranks, widths = [], [], [], []
    for n, along in enumerate(np.arange(125.0, SIDE, 125.0)):
        rank = "arterial" if n % 4 == 3 else "collector" if n % 2 else "alley"
        for way, line in (
            ("가로", [(WEST, SOUTH + along), (WEST + SIDE, SOUTH + along)]),
            ("세로", [(WEST + along, SOUTH), (WEST + along, SOUTH + SIDE)]),
        ):
            lines.append(shapely.LineString(line))
            names.append(f"{way}{n + 1}길")
            ranks.append(rank)
            widths.append({"arterial": 30.0, "collector": 14.0, "alley": 6.0}[rank])
    return Roads(np.array(lines, dtype=object), names, ranks, np.array(widths))


def _base() -> BaseMap:
    houses = [_box(x, y, x + 12.0, y + 12.0) for x in np.arange(20.0, SIDE, 25.0) for y in np.arange(20.0, SIDE, 25.0)]
    empty = np.empty(0, dtype=object)
    graph = RoadGraph(**{field.name: empty for field in dataclasses.fields(RoadGraph)})  # no link: nobody drives here
    return BaseMap(
        bounds_m=(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE),
        districts=_zones(("서쪽동", _box(0, 0, 1000, SIDE)), ("동쪽동", _box(1000, 0, SIDE, SIDE))),
        water=_zones(("가온강", _box(0, 1550, SIDE, 1620))),
        bridges=_zones(("가온교", _box(485, 1545, 515, 1625))),
        parks=_zones(("은행공원", _box(1520, 220, 1730, 480))),
        buildings=Buildings(np.array(houses, dtype=object), np.full(len(houses), 9.0), ["house"] * len(houses)),
        roads=_roads(),
        graph=graph,
        scene_points=Places(empty, [], []),
    )


def _camera(camera_id: str, x: float, y: float, private: bool) -> Camera:
    return Camera(
        id=camera_id,
        name=f"{camera_id} 앞",
        position=plane.position_at(x, y),
        pose=Pose(5.0, 90.0, 15.0, 60.0, 1920, 1080, 150.0),
        mount=Mount.FIXED,
        purpose=Purpose.CRIME_PREVENTION,
        ownership=Ownership.PRIVATE if private else Ownership.PUBLIC,
        owner="가온시",
        site_id="site-1" if private else None,
    )


CAMERAS_AT = {
    "GN-0001": (MIDDLE[0] + 100.0, MIDDLE[1]),
    "GN-0002": (MIDDLE[0] - 120.0, MIDDLE[1] + 40.0),
    "PV-0001": (MIDDLE[0], MIDDLE[1] - 90.0),
    "GN-0009": (WEST + 300.0, SOUTH + 300.0),
}


@pytest.fixture(scope="session")
def city() -> City:
    cameras = {id_: _camera(id_, x, y, id_.startswith("PV")) for id_, (x, y) in CAMERAS_AT.items()}
    station = Agency("pol-1", AgencyKind.POLICE, "은행지구대", "112상황실", plane.position_at(WEST + 700, SOUTH + 700))
    return City(Catalogue("가온시", cameras, {}, {}, {station.id: station}, {}, _base()))


@pytest.fixture(scope="session")
def cameras_at() -> dict[str, tuple[float, float]]:
    """Where each camera stands, in metres."""
    return CAMERAS_AT


def _seen(camera_id: str, distance_m: float = 100.0) -> SeenBy:
    return SeenBy(
        camera_id=camera_id,
        name=camera_id,
        ownership=Ownership.PRIVATE if camera_id.startswith("PV") else Ownership.PUBLIC,
        purpose=Purpose.CRIME_PREVENTION,
        mount=Mount.FIXED,
        distance_m=distance_m,
        bearing_deg=270.0,
        px_per_m=80.0,
        dori=Dori.OBSERVE,
        in_view=True,
        direction_known=True,
        occluded=False,
        turn_s=0.0,
        has_stream=True,
        score=1.0,
    )


@pytest.fixture
def seen_by() -> list[SeenBy]:
    """Three cameras in rank order; the third is private."""
    return [_seen("GN-0001", 100.0), _seen("GN-0002", 127.0), _seen("PV-0001", 90.0)]


MakeIncident = Callable[..., Incident]


@pytest.fixture
def make_incident() -> MakeIncident:
    def made(
        id_: str = "incident-1",
        at: tuple[float, float] | None = MIDDLE,
        priority: Priority = Priority.EMERGENCY,
        uncertainty_m: float = 0.0,
    ) -> Incident:
        position = plane.position_at(*at, uncertainty_m) if at else None
        alert = Alert(
            id=f"alert-{id_}",
            protocol="dc09/SIA-DCS",
            account="1701",
            code="PA",
            kind=AlertKind.ROBBERY,
            priority=priority,
            occurred_at=AT,
            received_at=AT,
            known=True,
            site_name="가온마트",
            position=position,
        )
        return Incident(
            id=id_,
            version=1,
            opened_at=AT,
            kind=alert.kind,
            priority=priority,
            position=position,
            alerts=(alert,),
        )

    return made


def _wedge(camera: Camera) -> Any:
    """What a camera sees here: a square to the west of it."""
    x, y = plane.xy_of(camera.position)
    return shapely.box(x - 60.0, y - 20.0, x, y + 20.0)


MakeMap = Callable[..., MapWidget]


@pytest.fixture
def make_map(qtbot: Any, city: City) -> Iterator[MakeMap]:
    """Make maps of 800 × 600 px without animation; each is closed at the end, its threads joined."""
    made: list[MapWidget] = []

    def make(**options: Any) -> MapWidget:
        chart = MapWidget(city, **({"view_polygon": _wedge, "animated": False} | options))
        qtbot.addWidget(chart)
        chart.resize(800, 600)
        chart.show()
        made.append(chart)
        return chart

    yield make
    for chart in made:
        chart.close_map()
