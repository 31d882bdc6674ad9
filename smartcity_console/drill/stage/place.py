"""The place where a scene plays: its door, its street and the directions along it, in local metres."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from smartcity_console.city import City, plane
from smartcity_console.drill.stage.block import Block, Street, block_of
from smartcity_console.drill.stage.errors import SceneIncomplete
from smartcity_console.drill.stage.facades import Wall, street_front
from smartcity_console.drill.stage.routes import drive_line, side_of, street_at
from smartcity_console.drill.stage.tracks import Point, Points
from smartcity_console.drill.stage.view import View
from smartcity_console.model.camera import Camera


@dataclass(frozen=True)
class Place:
    """A site seen locally: the origin is the spot just before its door."""

    site_id: str
    block: Block
    front: Wall
    street: Street
    side: float  # +1 when the door is left of the street's line
    away: NDArray[np.float64]  # unit vector along the street, towards its more southern end
    drive: Points  # middle of the way for vehicles, in the direction `away`

    @property
    def out(self) -> NDArray[np.float64]:
        """Unit vector from the door to the street."""
        return self.front.out

    @property
    def along_m(self) -> float:
        """How far along its street the door lies."""
        return float(self.street.line.project(shapely.Point(0.0, 0.0)))

    def spot(self, away_m: float, out_m: float) -> Point:
        """Return a point so far along the street and before the door."""
        at = self.away * away_m + self.out * out_m
        return float(at[0]), float(at[1])

    def heading(self, away: float, out: float) -> float:
        """Return the heading of a direction given along the street and outwards."""
        way = self.away * away + self.out * out
        return math.atan2(float(way[0]), float(way[1]))

    @property
    def kerb_m(self) -> float:
        """How far before the door the kerb runs."""
        return float(self.street.line.distance(shapely.Point(0.0, 0.0))) - self.street.roadway_m / 2.0


def place_of(city: City, site_id: str) -> Place:
    """Return the place of one site. Raises SceneIncomplete."""
    if site_id not in city.sites:
        raise SceneIncomplete(what=f"no site {site_id}")
    origin = plane.xy_of(city.sites[site_id].position)
    block = block_of(city.base, origin)
    street = street_at(block, (0.0, 0.0), main=True)
    house = min(block.buildings, key=lambda b: b.footprint.distance(shapely.Point(0.0, 0.0)))
    front = street_front(house, (0.0, 0.0))
    away = _away(street)
    drive = drive_line(city.base.graph, origin, street)
    drive = drive if float((drive[-1] - drive[0]) @ away) > 0 else drive[::-1]
    return Place(site_id, block, front, street, side_of(street, (0.0, 0.0)), away, drive)


def _away(street: Street) -> NDArray[np.float64]:
    at = street.line.project(shapely.Point(0.0, 0.0))
    a, b = street.line.interpolate(at - 20.0), street.line.interpolate(at + 20.0)
    way = np.array([b.x - a.x, b.y - a.y])
    way /= np.linalg.norm(way)
    return way if way[1] < 0 else -way


def view_of(camera: Camera, block: Block) -> View:
    """Return a catalogue camera as a view in a block's frame. Raises SceneIncomplete when its bearing is unknown."""
    pose = camera.pose
    if pose.azimuth_deg is None:
        raise SceneIncomplete(what=f"{camera.id} has no known direction")
    x, y = block.local(*plane.xy_of(camera.position))
    return View((x, y, pose.height_m), pose.azimuth_deg, pose.tilt_deg, pose.hfov_deg, pose.width_px, pose.height_px)


def sight_wedges(views: list[View]) -> Any:
    """Return the ground that must stay free of trees and poles: each view's middle from its eye to the door."""
    return shapely.union_all([wedge(view, float(np.hypot(*view.eye[:2])) + 9.0) for view in views])


def wedge(view: View, reach_m: float, share: float = 0.42) -> Any:
    """Return the ground before a view, out to `reach_m`, over `share` of its angle to each side."""
    eye = np.array(view.eye[:2])
    spread = math.radians(view.hfov_deg) * share
    azimuth = math.radians(view.azimuth_deg)
    corners = [eye + reach_m * np.array([math.sin(azimuth + s), math.cos(azimuth + s)]) for s in (-spread, 0.0, spread)]
    return shapely.Polygon([eye, *corners]).union(shapely.Point(eye).buffer(3.5)).buffer(0.8)
