"""Which cameras see a spot, best first, and why.

The score's whole part is a class, its fraction a quality, so that no quality ever lifts a camera over a class:

                                                     stream   none
    sees the spot now                                   7       5
    a dome that sees it after turning                   6       4
    direction unknown, nothing in the way               3       2
    looks there, but a building is in the way           1       0

Quality: 0.6 pixel density (12.5 px/m → 0, 250 px/m → 1, logarithmic: the steps of IEC/EN 62676-4 are ratios),
0.2 nearness within the camera's range, 0.1 how central, 0.1 how soon it looks there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from smartcity_console.city import plane
from smartcity_console.city.city import City
from smartcity_console.city.sightline import TARGET_HEIGHT_M, Eye, are_hidden, doorstep
from smartcity_console.city.store.building import NO_SITE
from smartcity_console.city.store.columns import INDOOR, PRIVATE, PTZ, PURPOSES, CameraColumns, Indices
from smartcity_console.model.camera import Mount, Ownership, SeenBy, dori_class
from smartcity_console.model.geo import Position

# A dome that is asked for a preset turns at 100 deg/s and more; the slower figure keeps the promise on old ones.
PTZ_DEG_PER_S = 90.0
OWN_SITE_M = 3.0  # an alert of a site carries the site's own position; a telephone's circle must not open a shop
WIDEST_UNCERTAINTY_M = 150.0  # of a mobile cell more is said than a camera can use
FARTHEST_RANGE_M = 2000.0  # no camera is asked about what lies farther away
DENSITY_FLOOR, DENSITY_CEILING = 12.5, 250.0  # px/m: monitor, identify
FIRST_LOOK = 16  # so many of the best are first tested against the buildings, then twice as many, and so on

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Looks:
    """How some cameras stand to one spot, an entry each. `off_axis_deg` is 0 where the direction is unknown."""

    index: Indices  # into the city's columns
    distance_m: Numbers
    bearing_deg: Numbers
    off_axis_deg: Numbers
    px_per_m: Numbers
    known: Flags
    in_picture: Flags  # within the angles and the range, buildings left aside
    turn_s: Numbers

    def only(self, chosen: Flags) -> Looks:
        return Looks(**{name: values[chosen] for name, values in vars(self).items()})


def rank_cameras(
    city: City,
    position: Position,
    *,
    streams: Collection[str],
    limit: int = 6,
    unlocked_sites: Collection[str] = (),
) -> list[SeenBy]:
    """Return up to `limit` cameras for a spot, best first; a camera that looks elsewhere is left out.

    Private cameras count only for sites in `unlocked_sites` and for the site whose own position this is. Of a position
    that is only known roughly, a camera need see but a part of the circle.
    """
    x, y = plane.xy_of(position)
    spot = doorstep(x, y, city.base.buildings)
    unsure_m = min(position.uncertainty_m, WIDEST_UNCERTAINTY_M)
    # Nobody's own site when the position is only known roughly.
    own = city.roll.sites_near(x, y, OWN_SITE_M) if position.uncertainty_m <= OWN_SITE_M else set()
    found = _allowed(city, city.columns.near(*spot, unsure_m), own, unlocked_sites)
    looks = looks_at(city.columns, found, spot, unsure_m)
    looks = looks.only(looks.in_picture | _flagged(city.columns, looks.index, PTZ))
    streaming = city.is_among(streams)[looks.index]
    return _told(city, looks, streaming, _best(city, looks, streaming, spot, limit))


def seen_from(city: City, position: Position, camera_ids: Collection[str], *, streams: Collection[str]) -> list[SeenBy]:
    """Return how given cameras stand to a spot, in their order, whatever they look at; unknown ones are left out.

    It ranks and allows nothing: who may see a private one is for the caller to say.
    """
    x, y = plane.xy_of(position)
    spot = doorstep(x, y, city.base.buildings)
    known = [index for index in map(city.roll.index_of, camera_ids) if index is not None]
    looks = looks_at(city.columns, np.array(known, dtype=np.int64), spot)
    every = np.arange(len(known))
    ranked = _Ranked(every, _hidden(city, looks, every, spot), quality(city.columns, looks))
    return _told(city, looks, city.is_among(streams)[looks.index], ranked)


def _flagged(columns: CameraColumns, index: Indices, flag: int) -> Flags:
    return np.asarray((columns.flags[index] & flag) != 0)


def _allowed(city: City, found: Indices, own: Collection[str], unlocked: Collection[str]) -> Indices:
    """Return the cameras that may be opened: public ones, and those of opened sites; indoors only the own site's."""
    columns, site = city.columns, city.columns.site[found]
    opened = _is_one_of(site, city.roll.site_numbers(set(own) | set(unlocked)))
    free = (site == NO_SITE) & ~_flagged(columns, found, PRIVATE)
    outside = ~_flagged(columns, found, INDOOR) | _is_one_of(site, city.roll.site_numbers(own))
    allowed: Indices = found[(opened | free) & outside]
    return allowed


def _is_one_of(site: NDArray[np.int32], numbers: Collection[int]) -> Flags:
    """Return np.isin() of a handful of numbers, without its tenth of a millisecond."""
    found = np.zeros(len(site), dtype=bool)
    for number in numbers:
        found |= site == number
    return found


def looks_at(columns: CameraColumns, index: Indices, spot: tuple[float, float], unsure_m: float = 0.0) -> Looks:
    """Return how cameras stand to a spot in metres. An indoor camera is taken to see its own site."""
    east, north = spot[0] - columns.x_m[index], spot[1] - columns.y_m[index]
    distance = np.hypot(east, north)
    bearing = np.degrees(np.arctan2(east, north)) % 360.0
    azimuth = columns.azimuth_deg[index].astype(np.float64)
    known = ~np.isnan(azimuth)
    off_axis = np.where(known, np.abs((azimuth - bearing + 180.0) % 360.0 - 180.0), 0.0)
    width_m = 2.0 * np.maximum(distance, 0.1) * np.tan(np.radians(columns.hfov_deg[index].astype(np.float64)) / 2.0)
    inside = ~known | _in_angles(columns, index, distance, off_axis, unsure_m)
    ptz = _flagged(columns, index, PTZ)
    return Looks(
        index=index,
        distance_m=distance,
        bearing_deg=bearing,
        off_axis_deg=off_axis,
        px_per_m=columns.width_px[index] / width_m,
        known=known,
        in_picture=inside | _flagged(columns, index, INDOOR),
        turn_s=np.where(ptz, off_axis / PTZ_DEG_PER_S, 0.0),
    )


def _in_angles(
    columns: CameraColumns, index: Indices, distance_m: Numbers, off_axis_deg: Numbers, unsure_m: float
) -> Flags:
    """Return whether a target falls into the picture: sideways, below and above. The range was looked at before."""
    drop = columns.height_m[index].astype(np.float64) - TARGET_HEIGHT_M
    tilt, half = columns.tilt_deg[index].astype(np.float64), columns.vfov_deg[index].astype(np.float64) / 2.0
    nearest = np.where(drop > 0, _ground_m(drop, tilt + half), 0.0)
    farthest = np.where(drop > 0, _ground_m(drop, tilt - half), np.inf)
    sideways = off_axis_deg - np.degrees(np.arctan2(unsure_m, distance_m)) <= columns.hfov_deg[index] / 2.0
    return np.asarray(sideways & (nearest - unsure_m <= distance_m) & (distance_m <= farthest + unsure_m))


def _ground_m(drop_m: Numbers, depression_deg: Numbers) -> Numbers:
    """Return where rays this far below the horizon meet the targets' height."""
    falling = np.clip(depression_deg, 1e-9, 90.0)
    reach = np.where(depression_deg >= 90.0, 0.0, np.abs(drop_m) / np.tan(np.radians(falling)))
    return np.where(depression_deg > 0.0, reach, np.inf)


def in_picture(eye: Eye, distance_m: float, off_axis_deg: float) -> bool:
    """Return whether a target falls into one eye's picture: sideways, below, above and within range."""
    if distance_m > eye.range_m:
        return False
    if eye.azimuth_deg is None:
        return True
    return off_axis_deg <= eye.hfov_deg / 2.0 and eye.nearest_seen_m() <= distance_m <= eye.farthest_seen_m()


def quality(columns: CameraColumns, looks: Looks) -> Numbers:
    """Return each look's quality, below 1; see the module's table."""
    steps = np.log(np.maximum(looks.px_per_m, DENSITY_FLOOR) / DENSITY_FLOOR)
    density = np.minimum(1.0, steps / math.log(DENSITY_CEILING / DENSITY_FLOOR))
    nearness = 1.0 - np.minimum(1.0, looks.distance_m / columns.range_m[looks.index])
    half = np.maximum(columns.hfov_deg[looks.index] / 2.0, 1e-6)
    central = np.where(looks.known, 1.0 - np.minimum(1.0, looks.off_axis_deg / half), 0.0)
    return np.minimum(0.999, 0.6 * density + 0.2 * nearness + 0.1 * central + 0.1 / (1.0 + looks.turn_s))


def _clear_class(looks: Looks, streaming: Flags) -> Numbers:
    sees = np.where(looks.in_picture, 7.0, 6.0) - np.where(streaming, 0.0, 2.0)
    return np.where(looks.known, sees, np.where(streaming, 3.0, 2.0))


@dataclass(frozen=True, eq=False)
class _Ranked:
    """The best cameras: positions in the looks, whether a building hides the spot from each, and their scores."""

    order: Indices
    hidden: Flags
    score: Numbers


def _best(city: City, looks: Looks, streaming: Flags, spot: tuple[float, float], limit: int) -> _Ranked:
    """Test the most promising cameras against the buildings until enough are clear: any clear one beats any hidden."""
    good = quality(city.columns, looks)
    clear = _clear_class(looks, streaming) + good
    number = city.columns.no[looks.index]
    promising = np.lexsort((number, looks.distance_m, -clear))
    hidden = _hidden_until(promising, limit, lambda some: _hidden(city, looks, some, spot))
    tested = promising[: len(hidden)]
    score = np.where(hidden, streaming[tested] + good[tested], clear[tested])
    best = np.lexsort((number[tested], looks.distance_m[tested], -score))[:limit]
    return _Ranked(tested[best], hidden[best], score[best])


def _hidden_until(promising: Indices, limit: int, is_hidden: Callable[[Indices], Flags]) -> Flags:
    """Return for the first cameras whether they are hidden, for so many that `limit` are not."""
    known = np.zeros(0, dtype=bool)
    step = max(FIRST_LOOK, 2 * limit)
    while len(known) < len(promising) and np.count_nonzero(~known) < limit:
        known = np.concatenate([known, is_hidden(promising[len(known) : len(known) + step])])
        step *= 2
    return known


def _hidden(city: City, looks: Looks, some: Indices, spot: tuple[float, float]) -> Flags:
    columns, index = city.columns, looks.index[some]
    eyes = np.column_stack([columns.x_m[index], columns.y_m[index], columns.height_m[index]])
    return are_hidden(eyes, *spot, city.base.buildings) & ~_flagged(columns, index, INDOOR)


def _told(city: City, looks: Looks, streaming: Flags, ranked: _Ranked) -> list[SeenBy]:
    names = city.roll.names(looks.index[ranked.order].tolist())
    return [
        _seen_by(city.columns, looks, at, named, bool(streaming[at]), hidden=hidden, score=score)
        for at, named, hidden, score in zip(
            ranked.order.tolist(), names, ranked.hidden.tolist(), ranked.score.tolist(), strict=True
        )
    ]


def _seen_by(
    columns: CameraColumns,
    looks: Looks,
    at: int,
    named: tuple[str, str],
    has_stream: bool,
    *,
    hidden: bool,
    score: float,
) -> SeenBy:
    flags, density = int(columns.flags[looks.index[at]]), float(looks.px_per_m[at])
    inside, known = bool(looks.in_picture[at]), bool(looks.known[at])
    return SeenBy(
        camera_id=named[0],
        name=named[1],
        ownership=Ownership.PRIVATE if flags & PRIVATE else Ownership.PUBLIC,
        purpose=PURPOSES[int(columns.purpose[looks.index[at]])],
        mount=Mount.PTZ if flags & PTZ else Mount.FIXED,
        distance_m=float(looks.distance_m[at]),
        bearing_deg=float(looks.bearing_deg[at]),
        px_per_m=density,
        dori=dori_class(density),
        in_view=inside and known and not hidden,
        direction_known=known,
        occluded=hidden,
        turn_s=0.0 if inside else float(looks.turn_s[at]),
        has_stream=has_stream,
        score=score,
    )
