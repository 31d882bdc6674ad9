"""The part of each camera's view in which it sees at the class asked for: the work of one survey, cut into tasks.

A task carries everything that its answer depends on, so it can be carried out in any process and kept under a digest:
when a house or a pose changes, exactly the cameras that it touches are worked out anew.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from smartcity_console.city.base import Buildings, Numbers
from smartcity_console.city.coverage.question import Question
from smartcity_console.city.sightline import Eye, holds
from smartcity_console.city.view import cone_of, cut_by
from smartcity_console.model.camera import Camera, Mount

METHOD = 1
"""Goes into every digest: count it up when the geometry of `view.py` changes."""
TASKS_AT_ONCE = 2_000


@dataclass(frozen=True, eq=False)
class ViewTask:
    """One camera's eye, its cone, and the houses that the cone touches with their heights."""

    eye: Eye
    cone: Any
    footprints: Any
    heights_m: Numbers

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 over all that the answer depends on."""
        eye = self.eye
        azimuth = -1.0 if eye.azimuth_deg is None else eye.azimuth_deg
        pose = (eye.x, eye.y, eye.height_m, azimuth, eye.tilt_deg, eye.hfov_deg, eye.vfov_deg, eye.range_m)
        made = hashlib.sha256(struct.pack("<B8d", METHOD, *pose))
        for wkb in shapely.to_wkb(self.footprints):
            made.update(wkb)
        made.update(np.ascontiguousarray(self.heights_m, dtype=float).tobytes())
        return made.digest()

    def seen(self) -> Any:
        """Return the (Multi)Polygon in metres in which a standing person is seen."""
        return cut_by(self.eye, self.cone, self.footprints, self.heights_m)


def eye_for(camera: Camera, question: Question) -> Eye:
    """Return the camera's eye with its range cut to where it still sees well enough."""
    eye = replace(Eye.of(camera), range_m=question.reach_m(camera.pose))
    return replace(eye, azimuth_deg=None) if question.turning and camera.mount is Mount.PTZ else eye


def tasks_of(eyes: Sequence[Eye], buildings: Buildings) -> Iterator[ViewTask]:
    """Yield one task for each eye, in order; the houses are looked up for many at once."""
    for start in range(0, len(eyes), TASKS_AT_ONCE):
        yield from _some_tasks(eyes[start : start + TASKS_AT_ONCE], buildings)


def _some_tasks(eyes: Sequence[Eye], buildings: Buildings) -> Iterator[ViewTask]:
    cones = np.array([cone_of(eye) for eye in eyes], dtype=object)
    which, house = buildings.tree.query(cones, predicate="intersects")
    order = np.lexsort((house, which))
    bounds = np.searchsorted(which[order], np.arange(len(eyes) + 1))
    for index, eye in enumerate(eyes):
        near = house[order[bounds[index] : bounds[index + 1]]]
        near = near[~holds(eye, buildings.geometries[near])]
        yield ViewTask(eye, cones[index], buildings.geometries[near], buildings.height_m[near])
