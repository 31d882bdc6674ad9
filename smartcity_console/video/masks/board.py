"""What the threads of the live views are told of masks."""

from __future__ import annotations

from collections.abc import Mapping

from smartcity_console.model.masks import CameraMask, Polygons


class MaskBoard:
    """Written by the program that follows the journal, read by any thread; neither waits.

    A lift is for a console's own screen: a view that leaves the house stays covered.
    """

    def __init__(self) -> None:
        self._polygons: Mapping[str, Polygons] = {}

    def show(self, masks: Mapping[str, CameraMask]) -> None:
        """Replace what is known, whole."""
        self._polygons = {camera_id: mask.polygons for camera_id, mask in masks.items() if mask.polygons}

    def of(self, camera_id: str) -> Polygons | None:
        """Return what of a camera must be covered; None for nothing."""
        return self._polygons.get(camera_id)
