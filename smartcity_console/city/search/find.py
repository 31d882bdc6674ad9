"""What is found for a text: coordinates and addresses worked out, names looked up; the surest first."""

from __future__ import annotations

import enum
import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import shapely

from smartcity_console.city import plane
from smartcity_console.city.address import BASE_INTERVAL_M
from smartcity_console.city.city import City
from smartcity_console.city.search.coordinates import coordinates_in
from smartcity_console.city.search.index import Entry, NameIndex
from smartcity_console.city.store.reader import Cameras
from smartcity_console.city.store.rows import SEPARATOR

_ADDRESS = re.compile(r"(\S+(?:로|길|대로))\s*(\d+)(?:-\d+)?\s*$")
SMALL_CITY = 50_000  # cameras; up to here the index lies in memory and is made at the first search


class FoundKind(enum.StrEnum):
    COORDINATES = "coordinates"
    ADDRESS = "address"
    ROAD = "road"
    DISTRICT = "district"
    SITE = "site"
    AGENCY = "agency"
    CAMERA = "camera"


@dataclass(frozen=True)
class Found:
    """A place with its name; `id` is a site's, an agency's or a camera's."""

    kind: FoundKind
    id: str
    title: str
    detail: str
    x_m: float
    y_m: float


class Finder:
    """Searches one city. `find` may be called from any thread; close it before the city goes."""

    def __init__(self, city: City, folder: Path | None = None) -> None:
        """`folder`: where the index of a large catalogue is kept; None keeps it in memory."""
        self._city, self._folder = city, folder
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._filling: threading.Thread | None = None
        self._index: NameIndex | None = None

    def find(self, text: str, limit: int = 12) -> list[Found]:
        """Return up to `limit` places for a text, the surest first."""
        text = text.strip()
        if not text:
            return []
        sure = [*self._coordinates(text), *self._addresses(text), *self._camera(text)]
        sure += [found for found in self._numbered(text, limit) if found not in sure]
        if len(sure) >= limit:  # of a number half typed the index knows a million
            return sure[:limit]
        named = [_found(entry) for entry in self._names().find(text, limit)]
        known = {(f.kind, f.id) for f in sure if f.id}
        return [*sure, *(f for f in named if (f.kind, f.id) not in known)][:limit]

    def whole(self) -> bool:
        """Return whether all names are in the index by now."""
        return self._index is not None and self._index.complete

    def close(self) -> None:
        """Stop making the index and join its thread; may be called twice."""
        self._stop.set()
        with self._lock:
            filling, index, self._index = self._filling, self._index, None
        if filling is not None:
            filling.join(10.0)
        if index is not None:
            index.close()

    def _names(self) -> NameIndex:
        with self._lock:
            if self._index is None:
                self._index = self._opened()
            return self._index

    def _opened(self) -> NameIndex:
        """Open the index; fill one in memory at once, a large one on a thread of its own."""
        path = self._folder / "search.sqlite" if self._folder is not None else None
        index = NameIndex(path, self._city.columns.generation)
        if not index.complete:
            self._filling = threading.Thread(target=self._fill, args=(index,), name="map-names", daemon=True)
            self._filling.start()
            if len(self._city.cameras) <= SMALL_CITY:
                self._filling.join()
        return index

    def _fill(self, index: NameIndex) -> None:
        index.fill(self._entries(), self._stop)

    def _coordinates(self, text: str) -> list[Found]:
        spot = coordinates_in(text)
        if spot is None:
            return []
        x, y = plane.to_xy(*spot)
        return [Found(FoundKind.COORDINATES, "", f"{spot[1]:.6f}, {spot[0]:.6f}", "", x, y)]

    def _camera(self, text: str) -> list[Found]:
        """Return the camera of exactly this id: found before any index is made."""
        camera = self._city.cameras.get(text) or self._city.cameras.get(text.upper())
        if camera is None:
            return []
        return [Found(FoundKind.CAMERA, camera.id, camera.name, camera.owner, *plane.xy_of(camera.position))]

    def _numbered(self, text: str, limit: int) -> list[Found]:
        """Return cameras whose id begins so: the catalogue's own index of ids is the fastest there is."""
        cameras = self._city.cameras
        if SEPARATOR not in text or not isinstance(cameras, Cameras):
            return []
        return [_found((FoundKind.CAMERA, *named)) for named in cameras.beginning(text, limit)]

    def _addresses(self, text: str) -> list[Found]:
        """Return where a road name address lies: street and number."""
        asked = _ADDRESS.search(text)
        links = self._links_by_street.get(asked[1], []) if asked else []
        if asked is None or not links:
            return []
        spot = self._along(links, (int(asked[2]) - 1) // 2 * BASE_INTERVAL_M + BASE_INTERVAL_M / 2)
        return [Found(FoundKind.ADDRESS, "", f"{asked[1]} {asked[2]}", self._city.name, spot.x, spot.y)]

    def _along(self, links: list[int], along_m: float) -> shapely.Point:
        """Return the point of a street that far from its beginning, its end for a number beyond."""
        graph = self._city.base.graph
        begun = [link for link in links if graph.base_m[link] <= along_m] or links
        link = max(begun, key=lambda n: float(graph.base_m[n]))
        return shapely.line_interpolate_point(graph.geometries[link], max(0.0, along_m - float(graph.base_m[link])))

    @cached_property
    def _links_by_street(self) -> dict[str, list[int]]:
        streets: defaultdict[str, list[int]] = defaultdict(list)
        for link, name in enumerate(self._city.base.graph.name):
            streets[name].append(link)
        return streets

    def _entries(self) -> Iterator[Entry]:
        """Yield all names, the rarer kinds first: so they are found first."""
        city = self._city
        yield from self._of_base()
        for agency in city.agencies.values():
            yield (FoundKind.AGENCY, agency.id, agency.name, agency.control_room, *plane.xy_of(agency.position))
        for site in city.sites.values():
            yield (FoundKind.SITE, site.id, site.name, f"{site.address} {site.account}", *plane.xy_of(site.position))
        if isinstance(city.cameras, Cameras):
            yield from ((FoundKind.CAMERA, *named) for named in city.cameras.named())
            return
        for camera in city.cameras.values():
            yield (FoundKind.CAMERA, camera.id, camera.name, camera.owner, *plane.xy_of(camera.position))

    def _of_base(self) -> Iterator[Entry]:
        base = self._city.base
        for kind, names, shapes in (
            (FoundKind.DISTRICT, base.districts.name, base.districts.geometries),
            (FoundKind.ROAD, base.roads.name, base.roads.geometries),
        ):
            seen: set[str] = set()
            for name, spot in zip(names, shapely.point_on_surface(np.asarray(shapes, dtype=object)), strict=True):
                if name and name not in seen:
                    seen.add(name)
                    yield (kind, "", name, self._city.name, spot.x, spot.y)


def _found(entry: Entry) -> Found:
    return Found(FoundKind(entry[0]), *entry[1:])
