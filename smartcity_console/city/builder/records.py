"""Rows of the catalogue's tables, in plane metres."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from smartcity_console.city.builder.plan import CITY_NAME
from smartcity_console.city.sightline import Eye


@dataclass(frozen=True)
class CameraRow:
    """One camera; see model.camera for the fields."""

    camera_id: str
    name: str
    x: float
    y: float
    height_m: float
    azimuth_deg: float
    tilt_deg: float
    hfov_deg: float
    width_px: int
    height_px: int
    range_m: float
    mount: str
    purpose: str
    ownership: str = "public"
    owner: str = CITY_NAME
    site_id: str = ""
    indoor: bool = False

    def named(self, name: str) -> CameraRow:
        return replace(self, name=name)

    def eye(self) -> Eye:
        """Return the camera's eye, as the running product will see it."""
        half = math.tan(math.radians(self.hfov_deg) / 2.0) * self.height_px / self.width_px
        vfov = 2.0 * math.degrees(math.atan(half))
        return Eye(self.x, self.y, self.height_m, self.azimuth_deg, self.tilt_deg, self.hfov_deg, vfov, self.range_m)


@dataclass(frozen=True)
class SiteRow:
    """One protected site; `zones` is a JSON list of {number, name, sensor}."""

    site_id: str
    name: str
    category: str
    x: float
    y: float
    firm_id: str
    account: str
    zones: str
    address: str
    district: str


@dataclass(frozen=True)
class SceneRow:
    """A point with a role for a site's scene."""

    site_id: str
    role: str
    x: float
    y: float


@dataclass(frozen=True)
class AgencyRow:
    """One station and the districts it answers for."""

    agency_id: str
    kind: str
    name: str
    control_room: str
    x: float
    y: float
    districts: tuple[str, ...]


def zones_json(zones: Iterable[tuple[str, str, str]]) -> str:
    """Return zones as the JSON text that is stored."""
    return json.dumps([dict(zip(("number", "name", "sensor"), z, strict=True)) for z in zones], ensure_ascii=False)
