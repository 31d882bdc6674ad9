"""The two sample scenes: premises on an open stretch of street and the cameras that truly see their doors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.ops import substring

from smartcity_console.city.base import Numbers
from smartcity_console.city.builder.doors import Front, front_towards, is_open, kerb
from smartcity_console.city.builder.ground import Ground
from smartcity_console.city.builder.records import CameraRow, SceneRow, SiteRow, zones_json
from smartcity_console.city.sight import in_picture
from smartcity_console.city.sightline import Eye, is_hidden
from smartcity_console.model.geo import bearing_deg, bearing_difference_deg

OPEN_STREET_M = 85.0  # to both sides of the door
STRAIGHT_WITHIN_M = 4.0


@dataclass(frozen=True)
class Wish:
    """A camera that a scene wants: how far off, how it looks; `way` +1 or -1 is the side along the street."""

    camera_id: str
    distance_m: float
    way: int
    hfov_deg: float
    height_m: float = 6.0
    size_px: tuple[int, int] = (640, 360)
    mount: str = "fixed"
    purpose: str = "crime_prevention"


@dataclass(frozen=True)
class Scene:
    """Premises, the street they stand on and the cameras wanted."""

    site_id: str
    name: str
    category: str
    firm_id: str
    account: str
    street: str
    zones: tuple[tuple[str, str, str], ...]
    private_camera: tuple[str, str]
    wishes: tuple[Wish, ...]
    storeys_least: int = 1


_HD = (1920, 1080)
SCENES: tuple[Scene, ...] = (
    Scene(
        "site-gaonmart",
        "가온마트 은행로점",
        "마트",
        "s1",
        "1701",
        "은행로",
        (
            ("1", "정문", "door"),
            ("2", "후문", "door"),
            ("3", "매장 열선", "motion"),
            ("4", "창고 열선", "motion"),
            ("5", "전면 유리", "glass"),
            ("9", "계산대 비상벨", "panic"),
        ),
        ("PV-0001", "가온마트 정면"),
        (
            Wish("GN-0001", 29.0, 1, 36.0, size_px=_HD),
            Wish("GN-0002", 40.0, -1, 30.0),
            Wish("GN-0003", 55.0, 1, 24.0),
            Wish("GN-0004", 70.0, -1, 26.0, purpose="multi"),
            Wish("GN-0005", 125.0, 1, 11.0, 9.0, mount="ptz"),
        ),
    ),
    Scene(
        "site-hansol",
        "한솔분식 2층 주방",
        "음식점",
        "kt",
        "2702",
        "솔향기로",
        (
            ("1", "주방 연기감지", "smoke"),
            ("2", "주방 열감지", "heat"),
            ("3", "가스감지", "gas"),
            ("4", "출입문", "door"),
        ),
        ("PV-0002", "한솔분식 정면"),
        (
            Wish("GN-0006", 26.0, -1, 40.0, size_px=_HD),
            Wish("GN-0007", 44.0, 1, 34.0),
            Wish("GN-0008", 90.0, -1, 16.0, 8.5, mount="ptz"),
        ),
        storeys_least=2,
    ),
)


@dataclass(frozen=True)
class Stage:
    """A place where a scene can play."""

    building: int
    front: Front
    street: Any
    along_m: float
    cameras: tuple[CameraRow, ...]


def set_scenes(ground: Ground) -> tuple[list[SiteRow], list[CameraRow], list[SceneRow], set[int]]:
    """Return (sites, cameras, scene points, buildings used). Raises ValueError when a scene finds no place."""
    sites: list[SiteRow] = []
    cameras: list[CameraRow] = []
    points: list[SceneRow] = []
    used: set[int] = set()
    for scene in SCENES:
        stage = _stage(scene, ground)
        x, y = stage.front.door
        sites.append(_site(scene, ground, float(x), float(y)))
        cameras += stage.cameras
        points += _points(scene, stage)
        used.add(stage.building)
    return sites, cameras, points, used


def _stage(scene: Scene, ground: Ground) -> Stage:
    street = next(s for s in ground.layout.streets if s.name == scene.street)
    near = ground.buildings.tree.query(street.line, predicate="dwithin", distance=street.width_m / 2 + 6.0)
    for building in sorted(int(i) for i in near):
        stage = _try_stage(scene, ground, building, street)
        if stage is not None:
            return stage
    raise ValueError(f"{scene.name} finds no place on {scene.street}")


def _try_stage(scene: Scene, ground: Ground, building: int, street: Any) -> Stage | None:
    """Return the stage at one building when the street is open, a crossing is near and every camera sees the door."""
    if ground.buildings.height_m[building] < scene.storeys_least * 3.1:
        return None
    front = front_towards(ground.buildings.geometries[building], street.line, 9.0)
    if front is None or not is_open(front.door, ground.buildings):
        return None
    along = float(shapely.line_locate_point(street.line, shapely.Point(front.door)))
    if not (_is_straight(street.line, along) and _has_crossing(ground, street.line, along)):
        return None
    if ground.layout.streets[ground.street_near(*front.door)] is not street:
        return None
    found = [_wished(wish, front, street, along, ground) for wish in scene.wishes]
    cameras = tuple(camera for camera in found if camera is not None)
    if len(cameras) < len(found):
        return None
    return Stage(building, front, street, along, (*cameras, _private(scene, front)))


def _is_straight(line: Any, along_m: float) -> bool:
    if along_m < OPEN_STREET_M or line.length - along_m < OPEN_STREET_M:
        return False
    stretch = substring(line, along_m - OPEN_STREET_M, along_m + OPEN_STREET_M)
    chord = shapely.LineString([stretch.coords[0], stretch.coords[-1]])
    return bool(stretch.hausdorff_distance(chord) <= STRAIGHT_WITHIN_M)


def _has_crossing(ground: Ground, line: Any, along_m: float) -> bool:
    """Return whether another street meets this one 18 to 45 m from the door."""
    ends = [ground.network.node_xy[i] for i, at in enumerate(ground.network.links_at) if len(at) >= 3]
    on_line = [shapely.Point(p) for p in ends if line.distance(shapely.Point(p)) < 0.1]
    return any(18.0 <= abs(float(shapely.line_locate_point(line, p)) - along_m) <= 45.0 for p in on_line)


def _wished(wish: Wish, front: Front, street: Any, along_m: float, ground: Ground) -> CameraRow | None:
    """Return the wished camera on the first kerb, nearest to the wished distance, from which the door is seen."""
    for off in (0.0, 2.0, -2.0, 4.0, -4.0, 6.0, -6.0, 9.0, 12.0):
        for side in (-1.0, 1.0):
            pole = kerb(street.line, street.width_m, along_m + wish.way * (wish.distance_m + off), side, front)
            camera = _aimed(wish, pole, front, ground) if pole is not None else None
            if camera is not None:
                return camera
    return None


def _aimed(wish: Wish, pole: Numbers, front: Front, ground: Ground) -> CameraRow | None:
    x, y = float(pole[0]), float(pole[1])
    spot = front.door
    to_spot = spot - pole
    bearing = bearing_deg(float(to_spot[0]), float(to_spot[1]))
    # The door stands a little off the centre, so that the street it opens to fills the picture.
    aim = pole + to_spot + front.out * 0.07 * np.hypot(*to_spot)
    azimuth = round(bearing_deg(float(aim[0] - x), float(aim[1] - y)), 1)
    tilt = round(math.degrees(math.atan2(wish.height_m - 1.2, float(np.hypot(*to_spot)))), 1)
    camera = CameraRow(
        camera_id=wish.camera_id, name="", x=x, y=y, height_m=wish.height_m, azimuth_deg=azimuth, tilt_deg=tilt,
        hfov_deg=wish.hfov_deg, width_px=wish.size_px[0], height_px=wish.size_px[1], range_m=180.0,
        mount=wish.mount, purpose=wish.purpose,
    )  # fmt: skip
    clear = is_open(pole, ground.buildings) and _sees(camera, spot, bearing, ground)
    return camera.named(_pole_name(ground, x, y)) if clear else None


def _sees(camera: CameraRow, spot: Numbers, bearing: float, ground: Ground) -> bool:
    eye = camera.eye()
    distance = float(np.hypot(spot[0] - eye.x, spot[1] - eye.y))
    off_axis = bearing_difference_deg(camera.azimuth_deg, bearing)
    return in_picture(eye, distance, off_axis) and not _hidden(eye, spot, ground)


def _hidden(eye: Eye, spot: Numbers, ground: Ground) -> bool:
    return is_hidden(eye, float(spot[0]), float(spot[1]), ground.buildings)


def _pole_name(ground: Ground, x: float, y: float) -> str:
    """Return the address of a pole without its city and district: "은행로 85"."""
    return " ".join(ground.address_at(x, y).split()[2:]) + " 앞"


def _private(scene: Scene, front: Front) -> CameraRow:
    """Return the premises' own camera: on an arm at the end of the front, looking back at door and pavement.

    It aims well before the door: with the wall in its axis a signboard would fill a third of its picture.
    """
    place = front.at(0.02, 1.4)
    to_door = front.door + front.out * 2.7 - place
    return CameraRow(
        camera_id=scene.private_camera[0], name=scene.private_camera[1], x=float(place[0]), y=float(place[1]),
        height_m=4.0, azimuth_deg=round(bearing_deg(float(to_door[0]), float(to_door[1])), 1), tilt_deg=21.0,
        hfov_deg=64.0, width_px=640, height_px=360, range_m=30.0, mount="fixed", purpose="crime_prevention",
        ownership="private", owner=scene.name, site_id=scene.site_id,
    )  # fmt: skip


def _site(scene: Scene, ground: Ground, x: float, y: float) -> SiteRow:
    return SiteRow(
        site_id=scene.site_id, name=scene.name, category=scene.category, x=x, y=y, firm_id=scene.firm_id,
        account=scene.account, zones=zones_json(scene.zones), address=ground.address_at(x, y),
        district=ground.district_at(x, y),
    )  # fmt: skip


def _points(scene: Scene, stage: Stage) -> list[SceneRow]:
    ends = [
        shapely.line_interpolate_point(stage.street.line, stage.along_m + d) for d in (-OPEN_STREET_M, OPEN_STREET_M)
    ]
    door = SceneRow(scene.site_id, "door", *(float(v) for v in stage.front.door))
    return [
        door,
        *(SceneRow(scene.site_id, role, p.x, p.y) for role, p in zip(("street_a", "street_b"), ends, strict=True)),
    ]
