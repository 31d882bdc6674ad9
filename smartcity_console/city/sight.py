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
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from smartcity_console.city import plane
from smartcity_console.city.city import City
from smartcity_console.city.sightline import Eye, doorstep, is_hidden
from smartcity_console.model.camera import Camera, Mount, SeenBy, dori_class
from smartcity_console.model.geo import Position, bearing_deg, bearing_difference_deg

# A dome that is asked for a preset turns at 100 deg/s and more; the slower figure keeps the promise on old ones.
PTZ_DEG_PER_S = 90.0
OWN_SITE_M = 3.0  # an alert of a site carries the site's own position; a telephone's circle must not open a shop
FARTHEST_RANGE_M = 2000.0
DENSITY_FLOOR, DENSITY_CEILING = 12.5, 250.0  # px/m: monitor, identify


@dataclass(frozen=True)
class Look:
    """How one camera stands to one spot. `off_axis_deg` is 0 when the direction is unknown."""

    distance_m: float
    bearing_deg: float
    off_axis_deg: float
    in_picture: bool  # within the angles and the range, buildings left aside
    hidden: bool
    turn_s: float


def rank_cameras(
    city: City,
    position: Position,
    *,
    streams: Collection[str],
    limit: int = 6,
    unlocked_sites: Collection[str] = (),
) -> list[SeenBy]:
    """Return up to `limit` cameras for a spot, best first; a camera that looks elsewhere is left out.

    Private cameras count only for sites in `unlocked_sites` and for the site whose own position this is.
    """
    own = _own_sites(city, position)
    spot = doorstep(*plane.xy_of(position), city.base.buildings)
    allowed = own | set(unlocked_sites)
    seen = [_seen_by(c, city, spot, own, streams) for c in _candidates(city, spot, allowed)]
    useful = [s for s in seen if s is not None]
    return sorted(useful, key=lambda s: (-s.score, s.distance_m, s.camera_id))[:limit]


def _own_sites(city: City, position: Position) -> set[str]:
    """Return the sites whose own position this is; none for a position that is only known roughly."""
    if position.uncertainty_m > OWN_SITE_M:
        return set()
    x, y = plane.xy_of(position)
    return {s.id for s, (sx, sy) in city.site_places if math.hypot(sx - x, sy - y) <= OWN_SITE_M}


def _candidates(city: City, spot: tuple[float, float], allowed: Collection[str]) -> Iterable[Camera]:
    """Yield the cameras within their range of the spot that may be opened."""
    away_m = np.hypot(*(city.camera_xy - spot).T)
    for index in np.flatnonzero(away_m <= FARTHEST_RANGE_M):
        camera = city.cameras[city.camera_ids[index]]
        if away_m[index] <= camera.pose.range_m and (camera.site_id is None or camera.site_id in allowed):
            yield camera


def _seen_by(
    camera: Camera, city: City, spot: tuple[float, float], own: Collection[str], streams: Collection[str]
) -> SeenBy | None:
    """Return a camera's rank for the spot, or None when it looks elsewhere."""
    if camera.indoor and camera.site_id not in own:
        return None
    look = look_at(camera, spot, city)
    if not look.in_picture and camera.mount != Mount.PTZ:
        return None
    return _told(camera, look, camera.id in streams)


def look_at(camera: Camera, spot: tuple[float, float], city: City) -> Look:
    """Return how a camera stands to a spot in metres. An indoor camera of the site is taken to see its own site."""
    eye = Eye.of(camera)
    distance = math.hypot(spot[0] - eye.x, spot[1] - eye.y)
    bearing = bearing_deg(spot[0] - eye.x, spot[1] - eye.y)
    off_axis = 0.0 if eye.azimuth_deg is None else bearing_difference_deg(eye.azimuth_deg, bearing)
    return Look(
        distance_m=distance,
        bearing_deg=bearing,
        off_axis_deg=off_axis,
        in_picture=camera.indoor or in_picture(eye, distance, off_axis),
        hidden=not camera.indoor and is_hidden(eye, *spot, city.base.buildings),
        turn_s=off_axis / PTZ_DEG_PER_S if camera.mount == Mount.PTZ else 0.0,
    )


def in_picture(eye: Eye, distance_m: float, off_axis_deg: float) -> bool:
    """Return whether a target falls into the picture: sideways, below, above and within range."""
    if distance_m > eye.range_m:
        return False
    if eye.azimuth_deg is None:
        return True
    return off_axis_deg <= eye.hfov_deg / 2.0 and eye.nearest_seen_m() <= distance_m <= eye.farthest_seen_m()


def _told(camera: Camera, look: Look, has_stream: bool) -> SeenBy:
    density = camera.pose.px_per_m(look.distance_m)
    known = camera.pose.azimuth_deg is not None
    return SeenBy(
        camera_id=camera.id,
        name=camera.name,
        ownership=camera.ownership,
        purpose=camera.purpose,
        mount=camera.mount,
        distance_m=look.distance_m,
        bearing_deg=look.bearing_deg,
        px_per_m=density,
        dori=dori_class(density),
        in_view=look.in_picture and known and not look.hidden,
        direction_known=known,
        occluded=look.hidden,
        turn_s=0.0 if look.in_picture else look.turn_s,
        has_stream=has_stream,
        score=score(camera, look, has_stream),
    )


def score(camera: Camera, look: Look, has_stream: bool) -> float:
    """Return class + quality, see the module's table."""
    return _class(camera, look, has_stream) + min(0.999, sum(quality_terms(camera, look).values()))


def _class(camera: Camera, look: Look, has_stream: bool) -> int:
    if look.hidden:
        return 1 if has_stream else 0
    if camera.pose.azimuth_deg is None:
        return 3 if has_stream else 2
    return (7 if look.in_picture else 6) - (0 if has_stream else 2)


def quality_terms(camera: Camera, look: Look) -> dict[str, float]:
    """Return the parts of the quality by name, each already weighted; together at most 1."""
    density = camera.pose.px_per_m(look.distance_m)
    steps = math.log(max(density, DENSITY_FLOOR) / DENSITY_FLOOR) / math.log(DENSITY_CEILING / DENSITY_FLOOR)
    half = max(camera.pose.hfov_deg / 2.0, 1e-6)
    known = camera.pose.azimuth_deg is not None
    return {
        "density": 0.6 * min(1.0, steps),
        "nearness": 0.2 * (1.0 - min(1.0, look.distance_m / camera.pose.range_m)),
        "central": 0.1 * (1.0 - min(1.0, look.off_axis_deg / half)) if known else 0.0,
        "ready": 0.1 / (1.0 + look.turn_s),
    }
