"""Keeps the numbers of staged cameras as they pass by, so that a first import need not read millions of rows again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smartcity_console.city.store.building import NO_SITE, PURPOSE_NUMBER, Raw, purpose_of_text
from smartcity_console.city.store.columns import INDOOR, MANY, PRIVATE, PTZ
from smartcity_console.city.store.kinds import KINDS
from smartcity_console.model.camera import Mount, Ownership

_SINGLES = ("height_m", "azimuth_deg", "tilt_deg", "hfov_deg", "range_m", "width_px", "height_px")
_DEFAULTS = KINDS["cameras"].defaults


class Sketch:
    """What `building.arranged` needs of a stage's rows, in their order. Not `usable` when some belong to sites."""

    def __init__(self) -> None:
        self._parts: list[Raw] = []
        self.usable = True

    def add(self, size: int, own: Mapping[str, Any]) -> None:
        """Take in one batch by column, or by one value for all rows; what it leaves out has the row's default."""
        sites = own.get("site_id", ())
        if any(sites) if not isinstance(sites, str) else sites:
            self.usable = False
            self._parts.clear()
        if self.usable:
            self._parts.append(_part(size, own))

    def raw(self) -> Raw:
        """Return all rows' numbers; NaN where one is not known. Cameras that could not be projected are left out."""
        # Each part is let go of as it is taken: millions of rows must not lie here twice.
        raw: Raw = {name: np.concatenate([part.pop(name) for part in self._parts]) for name in tuple(self._parts[0])}
        self._parts.clear()
        raw["no"] = np.arange(1, len(raw["x_m"]) + 1, dtype=np.int64)
        placed = np.isfinite(raw["x_m"]) & np.isfinite(raw["y_m"])
        return raw if placed.all() else {name: values[placed] for name, values in raw.items()}


def _part(size: int, own: Mapping[str, Any]) -> Raw:
    raw: Raw = {name: np.array(own[name], dtype=np.float64) for name in ("x_m", "y_m")}
    for name in _SINGLES:
        raw[name] = np.broadcast_to(np.array(own.get(name, np.nan), dtype=np.float32), size)
    raw["count"] = _column(size, own, "count").astype(np.int32)
    raw["flags"] = _flags(size, own)
    raw["purpose"] = _purposes(size, own)
    raw["site"] = np.full(size, NO_SITE, dtype=np.int32)
    return raw


def _column(size: int, own: Mapping[str, Any], name: str) -> NDArray[Any]:
    return np.broadcast_to(np.array(own.get(name, _DEFAULTS[name])), size)


def _flags(size: int, own: Mapping[str, Any]) -> NDArray[np.uint8]:
    told = (
        (_column(size, own, "ownership") == Ownership.PRIVATE.value, PRIVATE),
        (_column(size, own, "mount") == Mount.PTZ.value, PTZ),
        (_column(size, own, "indoor") != 0, INDOOR),
        (_column(size, own, "count") > 1, MANY),
    )
    flags = np.zeros(size, dtype=np.uint8)
    for has, flag in told:
        flags |= np.where(has, flag, 0).astype(np.uint8)
    return flags


def _purposes(size: int, own: Mapping[str, Any]) -> NDArray[np.uint8]:
    if "purpose" not in own:
        return np.full(size, purpose_of_text(str(_DEFAULTS["purpose"])), dtype=np.uint8)
    if isinstance(own["purpose"], str):
        return np.full(size, purpose_of_text(own["purpose"]), dtype=np.uint8)
    numbers = map(PURPOSE_NUMBER.get, own["purpose"])
    other = purpose_of_text("")
    return np.fromiter((other if n is None else n for n in numbers), dtype=np.uint8, count=size)
