"""A survey as files: one GeoPackage for a GIS, two CSV tables (UTF-8 with BOM, so that a spreadsheet reads the Korean).

coverage.gpkg     districts, seen_public, seen_all, perhaps, blind_spots (EPSG:5186)
coverage.csv      a line a district and one for all of them
blind_spots.csv   a line a spot, the largest first
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from smartcity_console.city.coverage.blind import BlindSpot
from smartcity_console.city.coverage.survey import Coverage, DistrictCoverage
from smartcity_console.city.plane import PLANE
from smartcity_console.model.errors import ConsoleError

PARTS = ("seen_public", "seen_all", "perhaps", "blind", "blind_to_public")
CAMERAS = ("cameras_public", "cameras_private", "cameras_unknown")
Row = dict[str, Any]


class CoverageNotWritten(ConsoleError):
    code = "coverage_not_written"
    ko = "감시 범위를 {path}에 쓰지 못했습니다({why}). 이전 파일은 그대로입니다. 폴더와 공간을 확인하십시오."
    en = "The coverage could not be written to {path} ({why}). Earlier files are kept. Check the folder and its space."


def export(coverage: Coverage, spots: Sequence[BlindSpot], out: Path) -> list[Path]:
    """Write the three files into a folder, each whole or not at all; return them. Raises CoverageNotWritten."""
    from pyogrio.errors import DataLayerError, DataSourceError  # GDAL costs every start a tenth of a second

    files = [out / name for name in ("coverage.gpkg", "coverage.csv", "blind_spots.csv")]
    parts = [path.with_name(f".part-{path.name}") for path in files]
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_geopackage(coverage, spots, parts[0])
        write_csv(coverage_rows(coverage), parts[1])
        write_csv([spot_row(spot) for spot in spots], parts[2])
        for part, path in zip(parts, files, strict=True):
            part.replace(path)
    except (OSError, DataSourceError, DataLayerError) as error:
        raise CoverageNotWritten(path=out, why=str(error)) from error
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
    return files


def coverage_rows(coverage: Coverage) -> list[Row]:
    """Return a row for each district, and one for all of them when there are several."""
    rows = [_row(coverage, district.name, [district]) for district in coverage.districts]
    return rows + ([_row(coverage, coverage.city_name, coverage.districts)] if len(rows) > 1 else [])


def _row(coverage: Coverage, name: str, districts: Sequence[DistrictCoverage]) -> Row:
    question = coverage.question
    ground_m2 = sum(district.ground.area for district in districts)
    row: Row = {"district": name, "class": question.dori.value, "ground": question.ground.value}
    row |= {"domes_turn": int(question.turning), "ground_m2": round(ground_m2, 1)}
    for part in PARTS:
        area_m2 = sum(getattr(district, part).area for district in districts)
        row |= {
            f"{part}_m2": round(area_m2, 1),
            f"{part}_pct": round(100.0 * area_m2 / ground_m2, 2) if ground_m2 else 0.0,
        }
    if len(districts) == 1:  # a camera at a border is counted on both sides: such counts do not add up
        row |= {name: getattr(districts[0], name) for name in CAMERAS}
    return row


def spot_row(spot: BlindSpot) -> Row:
    """Return a blind spot's row."""
    return {
        "district": spot.district,
        "number": spot.number,
        "area_m2": round(spot.area_m2, 1),
        "widest_radius_m": round(spot.radius_m, 1),
        "lon_deg": round(spot.middle.lon_deg, 6),
        "lat_deg": round(spot.middle.lat_deg, 6),
        "address": spot.address,
        "public_alone": int(spot.public_alone),
    }


def write_csv(rows: Sequence[Row], path: Path) -> None:
    """Write rows under the first row's names; a spreadsheet must not take a text for a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        if rows:
            writer = csv.DictWriter(file, list(rows[0]), restval="")
            writer.writeheader()
            writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value


def write_geopackage(coverage: Coverage, spots: Sequence[BlindSpot], path: Path) -> None:
    """Write the layers of a GeoPackage (OGC 12-128r18)."""
    path.unlink(missing_ok=True)
    districts, rows = coverage.districts, coverage_rows(coverage)[: len(coverage.districts)]
    _layer(path, "districts", [district.ground for district in districts], rows)
    for part in ("seen_public", "seen_all", "perhaps"):
        shapes = [getattr(district, part) for district in districts]
        areas = [{"district": d.name, "area_m2": s.area} for d, s in zip(districts, shapes, strict=True)]
        _layer(path, part, shapes, areas)
    _layer(path, "blind_spots", [spot.shape for spot in spots], [spot_row(spot) for spot in spots])


def _layer(path: Path, name: str, shapes: Iterable[Any], rows: Sequence[Row]) -> None:
    if not rows:
        return
    from pyogrio import raw

    multi = [s if s.geom_type == "MultiPolygon" else shapely.multipolygons([s]) for s in shapes]
    raw.write(
        str(path),
        geometry=shapely.to_wkb(np.array(multi, dtype=object)),
        field_data=[_column([row[field] for row in rows]) for field in rows[0]],
        fields=np.array(list(rows[0]), dtype=object),
        geometry_type="MultiPolygon",
        layer=name,
        driver="GPKG",
        append=path.exists(),
        crs=PLANE,
    )


def _column(values: Sequence[Any]) -> Any:
    column = np.asarray(values)
    return column.astype(object) if column.dtype.kind in "US" else column
