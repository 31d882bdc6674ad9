"""Between a camera's id and its place in the columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Protocol

import msgspec
import numpy as np

from smartcity_console.city import plane
from smartcity_console.city.store import poses
from smartcity_console.city.store.building import columns_of_cameras
from smartcity_console.city.store.columns import CameraColumns
from smartcity_console.model.camera import Camera, Pose
from smartcity_console.model.site import Site


class Roll(Protocol):
    """All cameras of a city as columns, with the ids that belong to them."""

    @property
    def columns(self) -> CameraColumns:
        """The cameras' columns."""
        ...

    def names(self, indices: Sequence[int]) -> list[tuple[str, str]]:
        """Return (id, name) of the cameras at some indices of the columns."""
        ...

    def index_of(self, camera_id: str) -> int | None:
        """Return the index of a camera in the columns."""
        ...

    def site_numbers(self, site_ids: Collection[str]) -> list[int]:
        """Return the numbers that `columns.site` has for some sites; unknown sites are left out."""
        ...

    def sites_near(self, x_m: float, y_m: float, within_m: float) -> set[str]:
        """Return the ids of the sites within a distance of a spot."""
        ...


class MemoryRoll:
    """The roll of a city that is held in memory."""

    def __init__(self, cameras: dict[str, Camera], sites: Mapping[str, Site]) -> None:
        self._cameras, self._sites = cameras, sites

    def take_pose(self, camera_id: str, pose: Pose) -> None:
        """Let a camera stand as an operator has said; cameras that are not here are passed over."""
        camera = self._cameras.get(camera_id)
        if camera is None:
            return
        columns, index = self.columns, self.index_of(camera_id)
        self._cameras[camera_id] = msgspec.structs.replace(camera, pose=pose)
        if index is not None:
            poses.patch(vars(columns), columns, index, pose)

    @cached_property
    def columns(self) -> CameraColumns:
        return columns_of_cameras(self._cameras, self._site_number)

    def names(self, indices: Sequence[int]) -> list[tuple[str, str]]:
        ids = (self._ids[int(self.columns.no[index])] for index in indices)
        return [(id_, self._cameras[id_].name) for id_ in ids]

    def index_of(self, camera_id: str) -> int | None:
        no = self._number.get(camera_id)
        return None if no is None else self.columns.index_of_no(no)

    def site_numbers(self, site_ids: Collection[str]) -> list[int]:
        return [self._site_number[id_] for id_ in site_ids if id_ in self._site_number]

    def sites_near(self, x_m: float, y_m: float, within_m: float) -> set[str]:
        ids, xy = self._site_places
        near = np.hypot(xy[:, 0] - x_m, xy[:, 1] - y_m) <= within_m
        return {ids[index] for index in np.flatnonzero(near)}

    @cached_property
    def _ids(self) -> list[str]:
        return list(self._cameras)

    @cached_property
    def _number(self) -> dict[str, int]:
        return {id_: no for no, id_ in enumerate(self._ids)}

    @cached_property
    def _site_number(self) -> dict[str, int]:
        return {id_: no for no, id_ in enumerate(self._sites)}

    @cached_property
    def _site_places(self) -> tuple[list[str], plane.Metres]:
        at = [plane.xy_of(site.position) for site in self._sites.values()]
        return list(self._sites), np.array(at, dtype=float).reshape(-1, 2)
