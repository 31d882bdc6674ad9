"""A catalogue as the city's parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import shapely

from smartcity_console.city.catalogue import Catalogue
from smartcity_console.city.store.columns import CameraColumns
from smartcity_console.city.store.reader import Cameras, Reader, Sites, StoredRoll
from smartcity_console.city.store.tables import NOWHERE_M, StoredBaseMap
from smartcity_console.model.agency import Agency, AgencyKind
from smartcity_console.model.geo import Position
from smartcity_console.model.site import Firm


def stored_catalogue(path: Path) -> Catalogue:
    """Open `catalogue.sqlite` for reading. Raises CatalogueMissing, CatalogueDamaged, CatalogueTooNew."""
    reader = Reader(path)
    sites = Sites(reader)
    roll = StoredRoll(reader, sites)
    agencies, areas = _agencies(reader)
    return Catalogue(
        name=reader.about("name"),
        cameras=Cameras(reader),
        sites=sites,
        firms=_firms(reader),
        agencies=agencies,
        areas=areas,
        base=StoredBaseMap(reader, lambda: _bounds(roll.columns)),
        roll=roll,
        site_of_account=sites.of_account,
    )


_KINDS = frozenset(kind.value for kind in AgencyKind)


def _firms(reader: Reader) -> dict[str, Firm]:
    return {row[0]: Firm(*row) for row in reader.rows("SELECT id, name_ko, name_en, call_back FROM firms ORDER BY no")}


def _agencies(reader: Reader) -> tuple[dict[str, Agency], dict[str, Any]]:
    """Return the agencies that have a place, and the areas of those that have one."""
    rows = reader.rows(
        "SELECT id, kind, name, control_room, lon_deg, lat_deg, area FROM agencies "
        "WHERE lon_deg IS NOT NULL AND lat_deg IS NOT NULL ORDER BY no"
    )
    known = [row for row in rows if row[1] in _KINDS]
    agencies = {row[0]: Agency(row[0], AgencyKind(row[1]), row[2], row[3], Position(row[4], row[5])) for row in known}
    return agencies, {row[0]: shapely.from_wkb(row[6]) for row in known if row[6] is not None}


def _bounds(columns: CameraColumns) -> tuple[float, float, float, float]:
    if not len(columns):
        return NOWHERE_M
    x, y = columns.x_m, columns.y_m
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())
