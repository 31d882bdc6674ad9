"""The city's own cameras: on poles at crossings and alley mouths, looking along the streets that meet there."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import numpy as np
import shapely

from smartcity_console.city.base import Numbers
from smartcity_console.city.builder.doors import Front, is_open
from smartcity_console.city.builder.ground import Ground
from smartcity_console.city.builder.records import CameraRow
from smartcity_console.city.builder.watch import watching_cameras
from smartcity_console.city.sightline import Eye, is_hidden

POLE_SPACING_M = 45.0
CLEAR_M = (45.0, 30.0, 20.0)  # a camera looks at the street this far off; the farthest that no building hides
_MAIN_POLES, _MOUTH_POLES, _INNER_POLES = 110, 320, 420

_DOME_SHARE = (0.08, 0.2, 0.5)  # by how many main streets meet

# Shares as in municipal catalogues: mostly 생활방범.
_PURPOSES = ("crime_prevention", "child_protection", "litter", "vehicle_crime", "facility", "multi", "other")
_PURPOSE_WEIGHTS = (70, 10, 6, 5, 3, 5, 1)
_MAIN_PURPOSES = ("crime_prevention", "traffic", "vehicle_crime", "multi")
_MAIN_WEIGHTS = (42, 34, 12, 12)
_SIZES = ((1920, 1080), (1920, 1080), (1920, 1080), (2560, 1440), (1280, 720))


def public_cameras(
    ground: Ground, given: list[CameraRow], fronts: list[Front], total: int, rng: random.Random
) -> list[CameraRow]:
    """Return new cameras until there are `total` with the given ones: before the premises, then at crossings.

    Raises ValueError when there are not poles enough.
    """
    already = sum(camera.ownership == "public" for camera in given)
    names: Counter[str] = Counter()
    wanted = islice(_all_cameras(ground, given, fronts, rng), total - already)
    made = [_numbered(camera, f"GN-{already + i:04d}", names) for i, camera in enumerate(wanted, start=1)]
    if len(made) < total - already:
        raise ValueError(f"only {len(made)} of {total - already} cameras found a pole")
    return made


def _all_cameras(
    ground: Ground, given: list[CameraRow], fronts: list[Front], rng: random.Random
) -> Iterator[CameraRow]:
    watching = watching_cameras(ground, fronts, rng)
    yield from watching
    poles = [np.array([camera.x, camera.y]) for camera in (*given, *watching)]
    for node, pole in _poles(ground, poles, rng):
        yield from _on_pole(ground, node, pole, rng)


def _numbered(camera: CameraRow, camera_id: str, names: Counter[str]) -> CameraRow:
    """Return the camera with its id and, from the second of a name on, a number."""
    names[camera.name] += 1
    count = names[camera.name]
    name = camera.name if count == 1 else f"{camera.name} {count}"
    return CameraRow(**{**camera.__dict__, "camera_id": camera_id, "name": name})


def _poles(ground: Ground, poles: list[Numbers], rng: random.Random) -> Iterator[tuple[int, Numbers]]:
    """Yield (node, pole's foot), the most wanted crossings first."""
    for node in _by_importance(ground, rng):
        pole = _corner(ground, node)
        if pole is not None and all(np.hypot(*(pole - other)) > POLE_SPACING_M for other in poles):
            poles.append(pole)
            yield node, pole


def _by_importance(ground: Ground, rng: random.Random) -> list[int]:
    """Return crossings in a fair mixture of main crossings, alley mouths and corners within the blocks."""
    crossings = [n for n, links in enumerate(ground.network.links_at) if len(links) >= 3]
    rng.shuffle(crossings)
    groups: dict[int, list[int]] = {0: [], 1: [], 2: []}
    for node in crossings:
        groups[2 - min(2, len(_main_streets(ground, node)))].append(node)
    # Not all alley mouths: the blocks' insides get their share too.
    first = groups[0][:_MAIN_POLES] + groups[1][:_MOUTH_POLES] + groups[2][:_INNER_POLES]
    rng.shuffle(first)
    rest = groups[2][_INNER_POLES:] + groups[1][_MOUTH_POLES:] + groups[0][_MAIN_POLES:]
    return first + rest


def _streets_at(ground: Ground, node: int) -> list[int]:
    """Return the streets that meet at a node, the widest first."""
    streets = {ground.network.links[link].street for link in ground.network.links_at[node]}
    return sorted(streets, key=lambda s: (-ground.layout.streets[s].width_m, s))


def _main_streets(ground: Ground, node: int) -> list[int]:
    return [s for s in _streets_at(ground, node) if not ground.layout.streets[s].name.endswith("길")]


def _corner(ground: Ground, node: int) -> Numbers | None:
    """Return the foot of a pole at a corner of the crossing, off the carriageway and clear of buildings."""
    links = ground.network.links_at[node]
    rays = sorted((ground.heading_deg(link, node, 12.0), link) for link in links)
    turns = [(b[0] - a[0]) % 360.0 or 360.0 for a, b in zip(rays, rays[1:] + rays[:1], strict=True)]
    for index in sorted(range(len(rays)), key=lambda i: (abs(turns[i] - 90.0), i)):
        pole = _between(ground, node, rays[index], turns[index], rays[(index + 1) % len(rays)][1])
        if is_open(pole, ground.buildings) and _off_carriageway(ground, pole):
            return pole
    return None


def _between(ground: Ground, node: int, ray: tuple[float, int], turn_deg: float, other: int) -> Numbers:
    half = math.radians(min(turn_deg, 180.0) / 2.0)
    width = max(_width_m(ground, ray[1]), _width_m(ground, other))
    reach = (width / 2 + 0.6) / max(math.sin(half), 0.5)
    bearing = math.radians(ray[0]) + half
    foot: Numbers = ground.network.node_xy[node] + reach * np.array([math.sin(bearing), math.cos(bearing)])
    return foot


def _width_m(ground: Ground, link: int) -> float:
    return ground.layout.streets[ground.network.links[link].street].width_m


def _off_carriageway(ground: Ground, pole: Numbers) -> bool:
    point = shapely.Point(pole)
    near = ground.link_tree.query(point, predicate="dwithin", distance=26.0)
    return all(ground.network.links[i].line.distance(point) > _width_m(ground, i) / 2 for i in near)


def _on_pole(ground: Ground, node: int, pole: Numbers, rng: random.Random) -> list[CameraRow]:
    """Return the cameras of one pole, each along another street; a dome at half of the main crossings."""
    main = len(_main_streets(ground, node))
    headings = [
        h for link in ground.network.links_at[node] if (h := _along_street(ground, (node, link), pole)) is not None
    ]
    rng.shuffle(headings)
    count = 3 if main >= 2 else rng.choice((1, 2, 2)) if main else rng.choice((1, 1, 2))
    purpose, name = _purpose(main, rng), _crossing_name(ground, node)
    cameras = [_fixed(heading, pole, name, purpose, rng) for heading in headings[:count]]
    if headings and rng.random() < _DOME_SHARE[min(2, main)]:
        cameras.append(_dome(headings[-1], pole, name, purpose, rng))
    return cameras


def _purpose(main: int, rng: random.Random) -> str:
    names, weights = (_MAIN_PURPOSES, _MAIN_WEIGHTS) if main >= 2 else (_PURPOSES, _PURPOSE_WEIGHTS)
    return rng.choices(names, weights)[0]


def _fixed(heading_deg: float, pole: Numbers, name: str, purpose: str, rng: random.Random) -> CameraRow:
    size = rng.choice(_SIZES)
    wide = purpose != "traffic"
    return CameraRow(
        camera_id="", name=name, x=float(pole[0]), y=float(pole[1]), height_m=round(rng.uniform(4.5, 6.5), 1),
        azimuth_deg=heading_deg, tilt_deg=round(rng.uniform(9.0, 16.0), 1),
        hfov_deg=round(rng.uniform(48.0, 82.0) if wide else rng.uniform(24.0, 40.0), 1), width_px=size[0],
        height_px=size[1], range_m=float(rng.choice((80, 100, 120) if wide else (150, 200))), mount="fixed",
        purpose=purpose,
    )  # fmt: skip


def _dome(heading_deg: float, pole: Numbers, name: str, purpose: str, rng: random.Random) -> CameraRow:
    return CameraRow(
        camera_id="", name=f"{name} 회전", x=float(pole[0]), y=float(pole[1]), height_m=round(rng.uniform(7.0, 9.5), 1),
        azimuth_deg=heading_deg, tilt_deg=round(rng.uniform(8.0, 14.0), 1),
        hfov_deg=round(rng.uniform(40.0, 60.0), 1), width_px=1920, height_px=1080, range_m=200.0, mount="ptz",
        purpose=purpose,
    )  # fmt: skip


def _along_street(ground: Ground, at: tuple[int, int], pole: Numbers) -> float | None:
    """Return the bearing from the pole to the middle of the street, as far on as it can be seen; None: a wall."""
    node, link = at
    line = ground.network.links[link].line
    for far_m in CLEAR_M:
        bearing = math.radians(ground.heading_deg(link, node, min(far_m, line.length)))
        aim = ground.network.node_xy[node] + far_m * np.array([math.sin(bearing), math.cos(bearing)])
        if not is_hidden(_eye_at(pole), float(aim[0]), float(aim[1]), ground.buildings):
            return round(float(np.degrees(np.arctan2(*(aim - pole))) % 360.0), 1)
    return None


def _eye_at(pole: Numbers) -> Eye:
    return Eye(float(pole[0]), float(pole[1]), 5.0, None, 0.0, 60.0, 34.0, 200.0)


def _crossing_name(ground: Ground, node: int) -> str:
    """Return "은행로12길 입구", "은행로 한빛대로 교차로" or "은행로12길 은행로12가길 모퉁이"."""
    names = [ground.layout.streets[s].name for s in _streets_at(ground, node)]
    if len(names) == 1:
        return f"{names[0]} 중간"
    if len(_main_streets(ground, node)) >= 2:
        return f"{names[0]} {names[1]} 교차로"
    return f"{_spaced(names[-1])} 입구" if len(_main_streets(ground, node)) else f"{names[0]} 모퉁이"


def _spaced(name: str) -> str:
    """Return "은행로 12길" of "은행로12길"."""
    cut = next((i for i, letter in enumerate(name) if letter.isdigit()), len(name))
    return f"{name[:cut]} {name[cut:]}".strip()
