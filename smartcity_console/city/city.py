"""One city: its catalogue, its base map, and where a spot belongs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from smartcity_console.city import plane
from smartcity_console.city.address import Addresses
from smartcity_console.city.base import BaseMap
from smartcity_console.city.catalogue import Catalogue, read_catalogue
from smartcity_console.city.geopackage import GeoPackage
from smartcity_console.city.roll import MemoryRoll, Roll
from smartcity_console.city.store import schema
from smartcity_console.city.store.columns import CameraColumns
from smartcity_console.city.store.kinds import KINDS
from smartcity_console.city.store.stored import stored_catalogue
from smartcity_console.model.agency import Agency, AgencyKind
from smartcity_console.model.camera import Camera, Pose
from smartcity_console.model.geo import Position
from smartcity_console.model.site import Firm, Site

CATALOGUE_SUFFIX = ".sqlite"
_OF_A_CITY = tuple(kind for kind in KINDS if kind != "speeds")


def city_path(workspace: Path, chosen: str = "") -> Path:
    """Return the city of a workspace: the file that the setting names, else its own catalogue, else the sample city.

    A catalogue into which nothing was imported yet but traffic is no city: a look at a file to import makes one.
    Raises CatalogueDamaged, CatalogueTooNew.
    """
    if chosen:
        return Path(chosen)
    own = workspace / "catalogue.sqlite"
    return own if own.is_file() and schema.read_generation(own, *_OF_A_CITY) else sample_city_path()


def sample_city_path() -> Path:
    """Return where the sample city that ships with the product lies."""
    return Path(__file__).resolve().parents[2] / "assets" / "gaon.gpkg"


class City:
    """Safe to share between threads once opened; read only but for `take_pose`."""

    site_of_account: Callable[[str], Site | None]
    """Returns the site whose transmitter reports under an account, upper or lower case."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.name: str = catalogue.name
        held = dict(catalogue.cameras) if catalogue.roll is None else {}
        self.cameras: Mapping[str, Camera] = held if catalogue.roll is None else catalogue.cameras
        self.sites: Mapping[str, Site] = catalogue.sites
        self.firms: dict[str, Firm] = catalogue.firms
        self.agencies: dict[str, Agency] = catalogue.agencies
        self.base: BaseMap = catalogue.base
        self._last_among: tuple[frozenset[str], NDArray[np.bool_] | None] = (frozenset(), None)
        self._areas: dict[str, Any] = catalogue.areas
        self.roll: Roll = catalogue.roll or MemoryRoll(held, catalogue.sites)
        self.site_of_account = catalogue.site_of_account or _by_account(catalogue.sites)
        self._addresses = Addresses(catalogue.name, catalogue.base)

    @classmethod
    def open(cls, path: Path | str = "") -> City:
        """Open a city's GeoPackage or a workspace's `catalogue.sqlite`; an empty path is the sample city.

        Raises CatalogueMissing, CatalogueDamaged, CatalogueTooNew.
        """
        file = Path(path) if path else sample_city_path()
        if file.suffix == CATALOGUE_SUFFIX:
            return cls(stored_catalogue(file))
        with GeoPackage(file) as package:
            return cls(read_catalogue(package))

    def agency_for(self, kind: AgencyKind, position: Position) -> Agency:
        """Return the agency in whose area the spot lies, else the nearest. Raises LookupError when there is none."""
        ours = self.answering(kind, position)
        if not ours:
            raise LookupError(f"{self.name} has no {kind} agency")
        return ours[0][0]

    def answering(self, kind: AgencyKind, position: Position) -> list[tuple[Agency, bool, float]]:
        """Return the agencies of a kind as (agency, whether its area holds the spot, metres to it), fittest first."""
        x, y = plane.xy_of(position)
        spot = shapely.Point(x, y)
        ours = (agency for agency in self.agencies.values() if agency.kind == kind)
        found = [(a, self._holds(a.id, spot), _distance_m(a.position, x, y)) for a in ours]
        return sorted(found, key=lambda one: (not one[1], one[2], one[0].id))

    def _holds(self, agency_id: str, spot: shapely.Point) -> bool:
        return agency_id in self._areas and bool(self._areas[agency_id].intersects(spot))

    def area_of(self, agency_id: str) -> Any | None:
        """Return the polygon an agency answers for, in metres."""
        return self._areas.get(agency_id)

    def district_at(self, position: Position) -> str:
        """Return the name of the district that holds the spot, else of the nearest."""
        return self._addresses.district(*plane.xy_of(position))

    def address_at(self, position: Position) -> str:
        """Return the road name address of a spot, like "가온시 은행동 은행로 85"."""
        return self._addresses.address(*plane.xy_of(position))

    def warm_up(self) -> None:
        """Read and order what the first question would else wait for: the cameras, the buildings, their tree."""
        west, south, east, north = self.base.bounds_m
        buildings = self.base.buildings
        buildings.tree.query(shapely.box(west, south, west + 1.0, south + 1.0))  # built at its first use
        buildings.walls  # noqa: B018 made at the first look
        self.columns.near((west + east) / 2.0, (south + north) / 2.0)

    def take_pose(self, camera_id: str, pose: Pose) -> None:
        """Let a camera stand as an operator has said. A stored catalogue has been told itself: nothing is done."""
        if isinstance(self.roll, MemoryRoll):
            self.roll.take_pose(camera_id, pose)

    @property
    def columns(self) -> CameraColumns:
        """All cameras as columns; `roll` finds their ids."""
        return self.roll.columns

    def is_among(self, camera_ids: Collection[str]) -> NDArray[np.bool_]:
        """Return for each camera of `columns` whether it is one of these. The last answer is kept."""
        wanted = frozenset(camera_ids)
        known, among = self._last_among
        if among is None or (wanted is not known and wanted != known):
            among = np.zeros(len(self.columns), dtype=bool)
            among[[i for i in map(self.roll.index_of, wanted) if i is not None]] = True
            self._last_among = (wanted, among)
        return among

    @cached_property
    def camera_ids(self) -> list[str]:
        """The ids in the order of `camera_xy`; for a city, not for a country."""
        return list(self.cameras)

    @cached_property
    def camera_xy(self) -> plane.Metres:
        """All cameras' positions in metres, shape (cameras, 2)."""
        lon = np.array([c.position.lon_deg for c in self.cameras.values()], dtype=float)
        lat = np.array([c.position.lat_deg for c in self.cameras.values()], dtype=float)
        return np.column_stack(plane.to_xy(lon, lat)) if len(lon) else np.empty((0, 2))


def _by_account(sites: Mapping[str, Site]) -> Callable[[str], Site | None]:
    known = {site.account.upper(): site for site in sites.values()}
    return lambda account: known.get(account.upper())


def _distance_m(position: Position, x: float, y: float) -> float:
    own_x, own_y = plane.xy_of(position)
    return float(np.hypot(own_x - x, own_y - y))
