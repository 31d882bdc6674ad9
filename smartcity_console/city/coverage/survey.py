"""How much of a city is seen at a class, by public cameras alone and with private ones, and what nobody sees.

    question = Question(Dori.OBSERVE)
    result = survey(city, question, cache=ViewCache(path), on_progress=print)
    for district in result.districts:
        print(district.name, district.share("seen_all"), district.blind.area)

A camera of unknown direction counts for nothing seen; the ground that it might see is `perhaps`. Indoor cameras see no
ground. A dome counts where it looks when it rests, unless the question says `turning`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from smartcity_console.city.base import Indices, Numbers
from smartcity_console.city.city import City
from smartcity_console.city.coverage.cache import ViewCache
from smartcity_console.city.coverage.ground import GRID_M, areas, districts_of, ground_of
from smartcity_console.city.coverage.question import Question
from smartcity_console.city.coverage.views import ViewTask, eye_for, tasks_of
from smartcity_console.city.coverage.workers import CHUNK, Stop, heed, seen_areas
from smartcity_console.city.store.columns import INDOOR, CameraColumns
from smartcity_console.model.camera import Camera, Mount, Ownership

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class DistrictCoverage:
    """One district's answer; shapes are MultiPolygons in metres, all within `ground`."""

    name: str
    ground: Any
    seen_public: Any  # by public cameras alone
    seen_all: Any  # by public and private ones
    perhaps: Any  # not in seen_all, but within the circle of a camera whose direction is unknown
    cameras_public: int  # whose view touches the district
    cameras_private: int
    cameras_unknown: int

    @cached_property
    def blind(self) -> Any:
        """The ground that no camera of known direction sees."""
        return areas(shapely.difference(self.ground, self.seen_all, grid_size=GRID_M))

    @cached_property
    def blind_to_public(self) -> Any:
        """The ground that no public camera of known direction sees."""
        return areas(shapely.difference(self.ground, self.seen_public, grid_size=GRID_M))

    def share(self, part: str) -> float:
        """Return a part's share of the ground, 0..1; the part is named as its attribute."""
        return float(getattr(self, part).area / self.ground.area) if self.ground.area > 0 else 0.0


@dataclass(frozen=True, eq=False)
class Coverage:
    """A survey's answer by district."""

    city_name: str
    question: Question
    districts: tuple[DistrictCoverage, ...]

    def area_m2(self, part: str) -> float:
        """Return a part's area over all districts."""
        return float(sum(getattr(district, part).area for district in self.districts))

    def share(self, part: str) -> float:
        """Return a part's share of all ground, 0..1."""
        ground = self.area_m2("ground")
        return self.area_m2(part) / ground if ground > 0 else 0.0


def survey(
    city: City,
    question: Question,
    districts: Collection[str] = (),
    *,
    cache: ViewCache | None = None,
    processes: int | None = None,
    on_progress: Progress = lambda _done, _all: None,
    stop: Stop = lambda: False,
) -> Coverage:
    """Answer a question for the named districts, for all without names. Raises UnknownDistrict, CoverageStopped,
    CoverageFailed."""
    shapes = districts_of(city, districts)
    cameras = cameras_near(city, list(shapes.values()))
    eyes = [eye_for(camera, question) for camera in cameras]
    tasks = list(tasks_of(eyes, city.base.buildings))
    views = _Views(cameras, _worked_out(tasks, cache, processes, on_progress, stop), question)
    answers = tuple(views.of_district(name, shape, city, stop) for name, shape in shapes.items())
    return Coverage(city.name, question, answers)


def cameras_near(city: City, districts: Sequence[Any]) -> list[Camera]:
    """Return the outdoor cameras whose range may reach one of the districts, in order of their ids."""
    near = {int(i) for box in shapely.bounds(np.array(districts, dtype=object)) for i in _reaching(city.columns, box)}
    ids = [camera_id for camera_id, _ in city.roll.names(sorted(near))]
    return [city.cameras[camera_id] for camera_id in sorted(ids)]


def _reaching(columns: CameraColumns, box: Numbers) -> Indices:
    """Return the outdoor cameras of the columns whose range reaches a box (west, south, east, north)."""
    west, south, east, north = box.tolist()
    far = float(columns.reach_m.max(initial=0.0))
    found = columns.in_box(west - far, south - far, east + far, north + far)
    beside = np.maximum(np.maximum(west - columns.x_m[found], columns.x_m[found] - east), 0.0)
    beyond = np.maximum(np.maximum(south - columns.y_m[found], columns.y_m[found] - north), 0.0)
    outdoor = columns.flags[found] & INDOOR == 0
    kept: Indices = found[outdoor & (np.hypot(beside, beyond) <= columns.range_m[found])]
    return kept


def _worked_out(
    tasks: Sequence[ViewTask], cache: ViewCache | None, processes: int | None, on_progress: Progress, stop: Stop
) -> list[Any]:
    """Return what each task sees: out of the cache, or worked out and put there as it comes."""
    digests = [task.digest for task in tasks]
    known = {} if cache is None else cache.get(digests)
    seen = [known.get(digest) for digest in digests]
    todo = [index for index, digest in enumerate(digests) if digest not in known]
    on_progress(len(tasks) - len(todo), len(tasks))
    for turn, areas_of_chunk in enumerate(seen_areas([tasks[index] for index in todo], processes, stop)):
        done = todo[turn * CHUNK : (turn + 1) * CHUNK]
        for index, area in zip(done, areas_of_chunk, strict=True):
            seen[index] = area
        if cache is not None:
            cache.put([digests[index] for index in done], areas_of_chunk)
        on_progress(len(tasks) - len(todo) + (turn * CHUNK) + len(done), len(tasks))
    return seen


class _Views:
    """All views of a survey, searched by district."""

    def __init__(self, cameras: Sequence[Camera], seen: Sequence[Any], question: Question) -> None:
        self._question = question
        self._seen = np.array(seen, dtype=object)
        self._public = np.array([camera.ownership is Ownership.PUBLIC for camera in cameras], dtype=bool)
        self._known = np.array([self._is_known(camera) for camera in cameras], dtype=bool)
        self._tree = shapely.STRtree(self._seen)

    def of_district(self, name: str, shape: Any, city: City, stop: Stop) -> DistrictCoverage:
        """Put the views together for one district. Raises CoverageStopped."""
        heed(stop)
        ground = ground_of(city.base, shape, self._question.ground)
        touching = np.zeros(len(self._seen), dtype=bool)
        touching[self._tree.query(shape, predicate="intersects")] = True
        public, private = touching & self._known & self._public, touching & self._known & ~self._public
        unknown = touching & ~self._known
        seen_public, by_private, circles = (self._on(ground, which) for which in (public, private, unknown))
        seen_all = areas(shapely.union(seen_public, by_private, grid_size=GRID_M))
        return DistrictCoverage(
            name=name,
            ground=ground,
            seen_public=seen_public,
            seen_all=seen_all,
            perhaps=areas(shapely.difference(circles, seen_all, grid_size=GRID_M)),
            cameras_public=int(public.sum()),
            cameras_private=int(private.sum()),
            cameras_unknown=int(unknown.sum()),
        )

    def _is_known(self, camera: Camera) -> bool:
        """A dome that may turn sees all around, whichever way it looks now."""
        turns = self._question.turning and camera.mount is Mount.PTZ
        return turns or camera.pose.azimuth_deg is not None

    def _on(self, ground: Any, which: Any) -> Any:
        return areas(
            shapely.intersection(shapely.union_all(self._seen[which], grid_size=GRID_M), ground, grid_size=GRID_M)
        )
