"""Builds the whole city and writes it."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from smartcity_console.city.base import Buildings
from smartcity_console.city.builder import frame, plan
from smartcity_console.city.builder.agencies import found_agencies
from smartcity_console.city.builder.cameras import public_cameras
from smartcity_console.city.builder.greens import greens_of
from smartcity_console.city.builder.ground import Ground
from smartcity_console.city.builder.lots import Green, Lots, build_on
from smartcity_console.city.builder.naming import Namer
from smartcity_console.city.builder.network import node_streets
from smartcity_console.city.builder.parks import park_cameras
from smartcity_console.city.builder.records import AgencyRow, CameraRow, SceneRow, SiteRow
from smartcity_console.city.builder.scenes import set_scenes
from smartcity_console.city.builder.sites import found_sites, private_cameras
from smartcity_console.city.builder.streets import Block, Layout, chance, lay_out
from smartcity_console.city.builder.write import COORDINATE_GRID_M


@dataclass(frozen=True)
class Built:
    """Everything that is written."""

    ground: Ground
    greens: list[Green]
    agencies: list[AgencyRow]
    sites: list[SiteRow]
    cameras: list[CameraRow]
    scene_points: list[SceneRow]


def build_city(seed: int = plan.SEED, size: plan.Size = plan.WHOLE) -> Built:
    """Return the city of a seed. The shipped one is the whole of plan.SEED."""
    layout = lay_out(seed, size)
    Namer(layout.streets).name_all()
    ground = Ground(layout, node_streets(layout.streets), _buildings(layout, seed), _districts(layout))
    sites, given, points, used = set_scenes(ground)
    agencies = found_agencies(ground, used)
    fronts = found_sites(ground, used, size.sites - len(sites), chance(seed, "sites"))
    given_private = sum(camera.ownership == "private" for camera in given)
    public = public_cameras(ground, given, [front for _, front in fronts], size.public_cameras, chance(seed, "cameras"))
    private = private_cameras(fronts, ground, given_private, size.private_cameras)
    greens = greens_of(layout)
    parks = park_cameras(ground, greens, size.public_cameras)
    cameras = sorted([*given, *public, *private, *parks], key=lambda camera: camera.camera_id)
    return Built(ground, greens, agencies, [*sites, *(row for row, _ in fronts)], cameras, points)


def _buildings(layout: Layout, seed: int) -> Buildings:
    """Return all footprints on the grid on which they are stored, so that sight lines are proved on what is read."""
    lots = Lots(layout.streets, [water for _, _, water in layout.water])
    made = [b for block in layout.blocks for b in build_on(block, lots, _dice(seed, block))]
    snapped = shapely.set_precision(np.array([b.polygon for b in made], dtype=object), COORDINATE_GRID_M)
    whole = [(p, b) for p, b in zip(snapped, made, strict=True) if p.geom_type == "Polygon" and p.area > 20.0]
    heights = np.array([b.height_m for _, b in whole])
    return Buildings(np.array([p for p, _ in whole], dtype=object), heights, [b.kind for _, b in whole])


def _dice(seed: int, block: Block) -> random.Random:
    middle = block.polygon.representative_point()
    return chance(seed, "block", round(middle.x), round(middle.y))


def _districts(layout: Layout) -> dict[str, Any]:
    """Return each district: its superblocks and its share of the water, up to the middle and the bridges."""
    parts: dict[str, list[Any]] = defaultdict(list)
    for face, district in layout.superblocks:
        parts[district].append(face)
    land = {name: shapely.union_all(faces, grid_size=COORDINATE_GRID_M) for name, faces in sorted(parts.items())}
    shared = {name: [polygon] for name, polygon in land.items()}
    for reach in _reaches(layout, layout.outline.difference(shapely.union_all(list(land.values())))):
        shared[_neighbour(reach, land)].append(reach)
    joined = {n: shapely.union_all(polygons, grid_size=COORDINATE_GRID_M) for n, polygons in shared.items()}
    return {n: max(shapely.get_parts(p), key=lambda q: q.area) for n, p in joined.items()}


def _reaches(layout: Layout, rest: Any) -> list[Any]:
    """Return the ground between the districts in pieces: cut along the middle of the water and at the bridges."""
    middles = [frame.curve(plan.RIVER), frame.curve(plan.STREAM)]
    bridges = [street.line for street in layout.streets if street.rank == "arterial"]
    noded = shapely.union_all([rest.boundary, *middles, *bridges], grid_size=COORDINATE_GRID_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return [face for face in faces if rest.contains(face.representative_point())]


def _neighbour(reach: Any, land: dict[str, Any]) -> str:
    """Return the district with which a piece of water shares most of its edge."""
    edge = reach.boundary.buffer(1.0)
    return max(land, key=lambda name: (land[name].intersection(edge).area, -land[name].distance(reach)))
