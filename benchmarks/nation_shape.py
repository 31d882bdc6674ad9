"""A nation of generated cameras and one city's houses: where they stand and how they look.

3,500 neighbourhoods (as many as there are 읍면동) around 212 seats of 시·군·구 in proportion to their residents; streets on a
lattice of blocks of each place's own direction, cameras at corners and along streets; one camera in fourteen on the
roads between places. 850,000 of 2,850,000 are public. As in the real file most directions are unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.nation_places import COASTS, PLACES
from smartcity_console.city import plane

CAMERAS, PUBLIC_SHARE, BUILDINGS = 2_850_000, 850_000 / 2_850_000, 200_000
NEIGHBOURHOODS = 3_500
ROADSIDE_SHARE = 1 / 14
BLOCK_M = (92.0, 58.0)  # street to street, along and across
STREET_M = 8.0
HOME = "대전광역시"  # whose streets `home_buildings` fills
PURPOSES = (
    ("생활방범", 0.62),
    ("어린이보호", 0.13),
    ("교통단속", 0.06),
    ("쓰레기단속", 0.05),
    ("시설물관리", 0.07),
    ("재난재해", 0.02),
    ("차량방범", 0.02),
    ("다목적", 0.02),
    ("기타", 0.01),
)
WIDTHS_PX = ((1920, 0.72), (2592, 0.14), (3840, 0.08), (1280, 0.06))
Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Nation:
    """Columns by camera. Metres are EPSG:5186; `azimuth_deg` is NaN where the direction is unknown."""

    x_m: Floats
    y_m: Floats
    place: Indices  # index into PLACES
    private: NDArray[np.bool_]
    purpose: Indices  # index into PURPOSES
    ptz: NDArray[np.bool_]
    height_m: NDArray[np.float32]
    azimuth_deg: NDArray[np.float32]
    tilt_deg: NDArray[np.float32]
    hfov_deg: NDArray[np.float32]
    range_m: NDArray[np.float32]
    width_px: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.x_m)

    @cached_property
    def lonlat_deg(self) -> tuple[Floats, Floats]:
        """Longitudes and latitudes, WGS 84."""
        return plane.to_lonlat(self.x_m, self.y_m)

    def rows(self, start: int = 0, stop: int | None = None) -> Iterator[dict[str, Any]]:
        """Yield cameras with the fields of a catalogue's CameraRow."""
        for index in range(start, len(self) if stop is None else stop):
            yield _row(self, index)


def generate(cameras: int = CAMERAS, seed: int = 1) -> Nation:
    """Return a nation of so many cameras: about a second for each million."""
    chance = np.random.default_rng(seed)
    beside_roads = chance.random(cameras) < ROADSIDE_SHARE
    private = _private(chance, beside_roads)
    x, y, place = _in_neighbourhoods(chance, private)
    road_x, road_y, road_place = _on_roads(chance, int(beside_roads.sum()))
    x[beside_roads], y[beside_roads], place[beside_roads] = road_x, road_y, road_place
    return Nation(x, y, place, private, **_poses(chance, private))


def _private(chance: np.random.Generator, beside_roads: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which cameras are private: exactly their share of the whole, none of them beside a road."""
    private = np.zeros(len(beside_roads), dtype=bool)
    eligible = np.flatnonzero(~beside_roads)
    wanted = round(len(private) * (1.0 - PUBLIC_SHARE))
    private[chance.permutation(eligible)[:wanted]] = True
    return private


# ---- where ------------------------------------------------------------------------------------------------------


@cache
def _seats() -> Floats:
    lon, lat = (np.array([getattr(p, field) for p in PLACES]) for field in ("lon_deg", "lat_deg"))
    return np.column_stack(plane.to_xy(lon, lat))


@cache
def _shares() -> Floats:
    residents: Floats = np.array([p.residents_k for p in PLACES], dtype=float)
    shares: Floats = residents / residents.sum()
    return shares


@cache
def land() -> Any:
    """Return the shapely outline of the land in metres, prepared for many questions."""
    rings = [np.column_stack(plane.to_xy(*np.array(ring).T)) for ring in COASTS]
    outline = shapely.union_all([shapely.Polygon(ring) for ring in rings])
    shapely.prepare(outline)
    return outline


def _direction(place: Indices) -> Floats:
    """Return the direction of each place's streets in radians."""
    direction: Floats = np.radians(place * 37.0 % 60.0 - 30.0)
    return direction


@dataclass(frozen=True, eq=False)
class Neighbourhoods:
    """Centres in metres, spread in metres and share of their cameras; `place` is an index into PLACES."""

    xy: Floats
    place: Indices
    spread_m: Floats
    share: Floats


@cache
def neighbourhoods() -> Neighbourhoods:
    """Return the nation's neighbourhoods; the same for every seed, as places are."""
    chance = np.random.default_rng(20_261)
    place = chance.choice(len(PLACES), NEIGHBOURHOODS, p=_shares())
    # A place's built-up ground grows with its residents: 1.6 km from the middle for 100,000.
    reach = 1600.0 * np.sqrt(np.array([PLACES[p].residents_k for p in place]) / 100.0)
    xy = _seats()[place] + chance.normal(size=(NEIGHBOURHOODS, 2)) * reach[:, None] * 0.62
    xy = _ashore(xy, _seats()[place])
    weight = chance.lognormal(0.0, 0.5, NEIGHBOURHOODS)
    return Neighbourhoods(xy, place, chance.uniform(300.0, 620.0, NEIGHBOURHOODS), weight / weight.sum())


def _in_neighbourhoods(chance: np.random.Generator, private: NDArray[np.bool_]) -> tuple[Floats, Floats, Indices]:
    hoods = neighbourhoods()
    which = chance.choice(NEIGHBOURHOODS, len(private), p=hoods.share)
    offset = chance.normal(size=(len(private), 2)) * hoods.spread_m[which, None]
    xy = _to_streets(chance, hoods.xy[which] + offset, hoods.place[which], private)
    xy = _ashore(xy, hoods.xy[which])
    return xy[:, 0].copy(), xy[:, 1].copy(), hoods.place[which]


def _to_streets(chance: np.random.Generator, xy: Floats, place: Indices, private: NDArray[np.bool_]) -> Floats:
    """Move points to their place's streets: half of the public ones to a corner, the others along a street's side."""
    u, v = turned(xy - _seats()[place], -_direction(place)).T
    corner = ~private & (chance.random(len(xy)) < 0.5)
    along = chance.random(len(xy)) < 0.6
    at_u, at_v = (np.round(w / step) * step for w, step in zip((u, v), BLOCK_M, strict=True))
    aside = np.where(private, STREET_M * 0.9, STREET_M * 0.45) * np.where(chance.random(len(xy)) < 0.5, -1.0, 1.0)
    u = np.where(corner, at_u + chance.normal(0, 2.0, len(xy)), np.where(along, u, at_u + aside))
    v = np.where(corner, at_v + chance.normal(0, 2.0, len(xy)), np.where(along, at_v + aside, v))
    return turned(np.column_stack([u, v]), _direction(place)) + _seats()[place]


def turned(xy: Floats, radians: Floats) -> Floats:
    """Return vectors turned counter-clockwise, each by its own angle; shape (n, 2)."""
    cos, sin = np.cos(radians), np.sin(radians)
    return np.column_stack([xy[:, 0] * cos - xy[:, 1] * sin, xy[:, 0] * sin + xy[:, 1] * cos])


def _ashore(xy: Floats, centres: Floats) -> Floats:
    """Draw what fell into the sea towards its centre until it is on land; its centre itself may stand on the coast."""
    for _ in range(6):
        wet = ~shapely.contains_xy(land(), xy[:, 0], xy[:, 1])
        if not wet.any():
            break
        xy[wet] = centres[wet] + (xy[wet] - centres[wet]) * 0.5
    return xy


@cache
def _links() -> tuple[Indices, Indices]:
    """Return the roads between places as pairs of places: each with its three nearest."""
    seats = _seats()
    away = np.hypot(*(seats[:, None] - seats[None]).transpose(2, 0, 1))
    nearest = np.argsort(away, axis=1, kind="stable")[:, 1:4]
    pairs = np.sort(np.column_stack([np.repeat(np.arange(len(seats)), 3), nearest.ravel()]), axis=1)
    first, second = np.unique(pairs, axis=0).T
    return first, second


def _on_roads(chance: np.random.Generator, count: int) -> tuple[Floats, Floats, Indices]:
    """Return cameras along the winding roads between places, longer roads more of them."""
    first, second = _links()
    seats = _seats()
    length = np.hypot(*(seats[second] - seats[first]).T)
    which = chance.choice(len(first), count, p=length / length.sum())
    part = chance.random(count)
    run = seats[second][which] - seats[first][which]
    sway = 0.05 * np.sin(part * np.pi) * np.sin(part * 9.0 + which) + chance.normal(0, 6.0, count) / length[which]
    xy = seats[first][which] + run * part[:, None] + np.column_stack([-run[:, 1], run[:, 0]]) * sway[:, None]
    xy = _ashore(xy, seats[first][which])
    return xy[:, 0], xy[:, 1], np.where(part < 0.5, first[which], second[which])


# ---- how they look ----------------------------------------------------------------------------------------------


def _poses(chance: np.random.Generator, private: NDArray[np.bool_]) -> dict[str, Any]:
    count = len(private)
    known = chance.random(count) < np.where(private, 0.15, 0.3)
    azimuth = np.where(known, chance.uniform(0.0, 360.0, count), np.nan)
    purpose = chance.choice(len(PURPOSES), count, p=[share for _, share in PURPOSES])
    widths = np.array([px for px, _ in WIDTHS_PX], dtype=np.int32)
    return {
        "purpose": np.where(private, 4, purpose),  # 시설물관리
        "ptz": ~private & (chance.random(count) < 0.15),
        "height_m": np.where(private, chance.uniform(2.6, 4.5, count), chance.uniform(4.0, 9.0, count)).astype("f4"),
        "azimuth_deg": azimuth.astype("f4"),
        "tilt_deg": chance.uniform(8.0, 25.0, count).astype("f4"),
        "hfov_deg": chance.uniform(55.0, 105.0, count).astype("f4"),
        "range_m": np.where(private, chance.uniform(15, 45, count), chance.uniform(50, 160, count)).astype("f4"),
        "width_px": widths[chance.choice(len(WIDTHS_PX), count, p=[share for _, share in WIDTHS_PX])],
    }


def _row(nation: Nation, index: int) -> dict[str, Any]:
    place, private = PLACES[nation.place[index]], bool(nation.private[index])
    lon, lat = nation.lonlat_deg
    azimuth = float(nation.azimuth_deg[index])
    return {
        "source": "nation",
        "key": f"{index:018d}",
        "name": f"{place.name} {index}",
        "lon_deg": float(lon[index]),
        "lat_deg": float(lat[index]),
        "purpose": PURPOSES[nation.purpose[index]][0],
        "owner": f"{place.province} {place.name}",
        "ownership": "private" if private else "public",
        "count": 1,
        "width_px": int(nation.width_px[index]),
        "height_m": float(nation.height_m[index]),
        "azimuth_deg": None if np.isnan(azimuth) else azimuth,
        "tilt_deg": float(nation.tilt_deg[index]),
        "hfov_deg": float(nation.hfov_deg[index]),
        "range_m": float(nation.range_m[index]),
        "mount": "ptz" if nation.ptz[index] else "fixed",
        "address": f"{place.province} {place.name} {index % 900 + 1}번길 {index % 87 + 1}",
        "installed": f"{2010 + index % 16}-{index % 12 + 1:02d}",
        "site_id": None,
        "note": "",
    }


# ---- buildings and places to ask for -------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class HomeBuildings:
    """Corners in metres, shape (buildings, 4, 2), and roof heights in metres."""

    corners: Floats
    height_m: Floats

    @cached_property
    def geometries(self) -> NDArray[np.object_]:
        """The footprints as shapely polygons."""
        return np.asarray(shapely.polygons(self.corners), dtype=object)


def home_buildings(count: int = BUILDINGS, seed: int = 1) -> HomeBuildings:
    """Return one large city's houses: ten to a block on the lattice of its streets, the densest blocks first."""
    chance = np.random.default_rng(seed)
    centre, place = _home_blocks(-(-count // 10))
    column, row = (part.ravel() for part in np.meshgrid(np.arange(5), np.arange(2)))
    room = np.array([(BLOCK_M[0] - STREET_M - 4.0) / 5.0, (BLOCK_M[1] - STREET_M - 4.0) / 2.0])
    middle = (np.column_stack([column - 2.0, row - 0.5]) * room)[None] + np.zeros((len(centre), 1, 1))
    half = room * chance.uniform(0.30, 0.46, (len(centre), 10, 1)) * chance.uniform(0.85, 1.0, (len(centre), 10, 2))
    signs = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], dtype=float)
    local = middle[:, :, None] + half[:, :, None] * signs
    corners = turned(local.reshape(-1, 2), np.repeat(_direction(place), 40)).reshape(-1, 4, 2)
    corners += np.repeat(centre, 10, axis=0)[:, None]
    height = np.clip(chance.lognormal(2.3, 0.45, len(corners)), 3.0, 90.0)
    return HomeBuildings(corners[:count], height[:count])


def _home_blocks(count: int) -> tuple[Floats, Indices]:
    """Return the middles of the home city's densest blocks and each one's place; a block belongs to the nearest seat."""
    hoods = neighbourhoods()
    home = np.array([i for i, p in enumerate(PLACES) if p.province == HOME])
    steps: Floats = (
        np.stack(np.meshgrid(np.arange(-90.0, 90.0), np.arange(-140.0, 140.0)), axis=-1).reshape(-1, 2) + 0.5
    )
    parts = []
    for place in home:
        angle = np.full(len(steps), _direction(np.array([place]))[0])
        xy = turned(steps * BLOCK_M, angle) + _seats()[place]
        nearest = home[np.argmin(np.hypot(*(xy[:, None] - _seats()[home]).transpose(2, 0, 1)), axis=1)]
        parts.append(xy[nearest == place])
    centres, places = np.concatenate(parts), np.repeat(home, [len(part) for part in parts])
    densest = np.argsort(-_density(centres, hoods, np.isin(hoods.place, home)), kind="stable")[:count]
    return centres[densest], places[densest]


def _density(xy: Floats, hoods: Neighbourhoods, chosen: NDArray[np.bool_]) -> Floats:
    total = np.zeros(len(xy))
    for centre, spread, share in zip(hoods.xy[chosen], hoods.spread_m[chosen], hoods.share[chosen], strict=True):
        away2 = ((xy - centre) ** 2).sum(axis=1)
        total += share / spread**2 * np.exp(-0.5 * away2 / spread**2)
    return total


def query_points(nation: Nation, count: int = 1_000, seed: int = 7) -> Floats:
    """Return points to ask for, metres, shape (count, 2): half in the home city's streets, half near any camera."""
    chance = np.random.default_rng(seed)
    blocks, _ = _home_blocks(BUILDINGS // 10)
    home = blocks[chance.integers(len(blocks), size=count // 2)] + chance.uniform(-45.0, 45.0, (count // 2, 2))
    near = chance.integers(len(nation), size=count - count // 2)
    anywhere = np.column_stack([nation.x_m[near], nation.y_m[near]]) + chance.uniform(-60.0, 60.0, (len(near), 2))
    return np.concatenate([home, anywhere])
