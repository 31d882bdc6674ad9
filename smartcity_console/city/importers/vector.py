"""Reads vector layers through GDAL (pyogrio): shapes in metres of the city's plane, texts decoded, bad shapes put aside."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from smartcity_console.city import plane
from smartcity_console.city.importers.errors import FileUnreadable
from smartcity_console.city.importers.parts import Options
from smartcity_console.city.importers.report import Report, Why

Shapes = NDArray[np.object_]

BATCH_FEATURES = 50_000
KOREAN = "CP949"
POLYGONS, LINES, POINTS = "polygon", "line", "point"
_TYPES = {POLYGONS: (3, 6), LINES: (1, 5), POINTS: (0, 4)}  # GEOS type ids: single and multi
_MAX_EXTENT_M = 2e7


@dataclass(frozen=True)
class Features:
    """Some features of one layer that are sound: `numbers` count from 1 in the file; columns by upper-case name."""

    file: str
    numbers: list[int]
    shapes: Shapes
    columns: Mapping[str, list[Any]]

    def __len__(self) -> int:
        return len(self.numbers)

    def column(self, *names: str) -> list[Any]:
        """Return the first column there is under one of these names, else Nones."""
        found = next((self.columns[name] for name in names if name in self.columns), None)
        return found if found is not None else [None] * len(self)

    def texts(self, *names: str) -> list[str]:
        """Return a column as texts, "" for what is missing."""
        return ["" if value is None else str(value).strip() for value in self.column(*names)]


@dataclass(frozen=True)
class Layer:
    """One layer of one file with its fields, in upper case."""

    path: Path
    name: str
    fields: tuple[str, ...]
    crs: str
    encoding: str | None
    count: int


def layers_of(path: Path, options: Options, default_crs: str = "") -> list[Layer]:
    """Return the layers of a file. Raises FileUnreadable."""
    try:
        found = pyogrio.list_layers(path)
        return [_layer(path, str(name), options, default_crs) for name, kind in found if kind is not None]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, CRSError) as error:
        raise FileUnreadable(path=path, why=error) from error


def _layer(path: Path, name: str, options: Options, default_crs: str) -> Layer:
    info = pyogrio.read_info(path, layer=name)
    crs = options.crs or info["crs"] or default_crs
    if not crs:
        raise FileUnreadable(path=path, why="no coordinate system is given: name it with --crs EPSG:…")
    CRS.from_user_input(crs)
    fields = tuple(str(field).upper() for field in info["fields"])
    return Layer(path, name, fields, str(crs), _encoding(path, options), int(info["features"]))


def _encoding(path: Path, options: Options) -> str | None:
    """Shapefiles of Korean offices are CP949 and seldom say so (.cpg); other formats know their own."""
    if options.encoding or path.suffix.lower() not in (".shp", ".dbf", ".zip"):
        return options.encoding or None
    return None if path.with_suffix(".cpg").is_file() else KOREAN


def read_features(layer: Layer, kind: str, report: Report, where: str | None = None) -> Iterator[Features]:
    """Yield a layer's sound features. Each feature counts as a row. Raises FileUnreadable."""
    if layer.count < 0 or where:  # formats without random access (OSM) are read in one go
        yield _judged(layer, kind, report, 0, *_read(layer, where=where))
        return
    for start in range(0, layer.count, BATCH_FEATURES):
        yield _judged(layer, kind, report, start, *_read(layer, skip_features=start, max_features=BATCH_FEATURES))


def _read(layer: Layer, **choice: Any) -> tuple[list[str], Any, list[Any]]:
    """Return field names, WKB and field values."""
    try:
        return _raw(layer, layer.encoding, choice)
    except UnicodeDecodeError:
        # Some byte is no letter of that encoding: take the bytes as they are and mark the broken ones.
        names, wkb, values = _raw(layer, "latin-1", choice)
        return names, wkb, [_redecoded(column, layer.encoding or "utf-8") for column in values]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise FileUnreadable(path=layer.path, why=error) from error


def _raw(layer: Layer, encoding: str | None, choice: Mapping[str, Any]) -> tuple[list[str], Any, list[Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # GDAL's own remarks on broken shapes: the report has them
        meta, _, wkb, values = pyogrio.raw.read(layer.path, layer=layer.name, encoding=encoding, **choice)
    return [str(name).upper() for name in meta["fields"]], wkb, values


def _redecoded(column: Any, encoding: str) -> Any:
    if column.dtype != object:
        return column
    texts = [v.encode("latin-1").decode(encoding, "replace") if isinstance(v, str) else v for v in column]
    return np.array(texts, dtype=object)


def _judged(
    layer: Layer, kind: str, report: Report, start: int, names: list[str], wkb: Any, values: list[Any]
) -> Features:
    """Count the rows, refuse those without a usable shape and return the others."""
    found: Shapes = shapely.force_2d(shapely.from_wkb(np.asarray(wkb, dtype=object), on_invalid="ignore"))
    report.rows += len(found)
    shapes = _projected(found, layer.crs)
    numbers = range(start + 1, start + len(found) + 1)
    shapes = _mended(layer, shapes, numbers, report) if kind == POLYGONS else shapes
    good = np.array([_refused(layer, kind, report, n, s) is None for n, s in zip(numbers, shapes, strict=True)], bool)
    columns = {name: np.asarray(v)[good].tolist() for name, v in zip(names, values, strict=True)}
    _tell_broken_letters(layer, columns, np.array(numbers)[good].tolist(), report)
    return Features(layer.path.name, np.array(numbers)[good].tolist(), shapes[good], columns)


def _refused(layer: Layer, kind: str, report: Report, number: int, shape: Any) -> Why | None:
    why = _why(kind, shape)
    if why is not None:
        value = "" if shape is None else shape.geom_type
        report.refuse(layer.path.name, number, "geometry", value, why)
    return why


def _why(kind: str, shape: Any) -> Why | None:
    if shape is None or shape.is_empty:
        return Why.BROKEN_GEOMETRY
    if shapely.get_type_id(shape) not in _TYPES[kind]:
        return Why.WRONG_GEOMETRY
    bounds = shape.bounds
    return None if all(np.isfinite(bounds)) and max(map(abs, bounds)) < _MAX_EXTENT_M else Why.OUT_OF_RANGE


def _mended(layer: Layer, shapes: Shapes, numbers: Sequence[int], report: Report) -> Shapes:
    """Give polygons that cross themselves a sound outline; of what falls out of that keep the polygons."""
    broken = np.flatnonzero(~shapely.is_valid(shapes) & (shapes != None))  # noqa: E711 - elementwise
    mended = shapes.copy()
    for place in broken.tolist():
        if not np.all(np.isfinite(shapes[place].bounds)):
            continue
        mended[place] = _polygons_of(shapely.make_valid(shapes[place]))
        report.remark(layer.path.name, numbers[place], "geometry", shapes[place].geom_type, Why.MENDED_GEOMETRY)
    return mended


def _polygons_of(shape: Any) -> Any:
    parts = [part for part in shapely.get_parts(shape, return_index=False) if part.geom_type == "Polygon"]
    nested = [p for part in shapely.get_parts(shape) if part.geom_type == "MultiPolygon" for p in part.geoms]
    return shapely.MultiPolygon(parts + nested) if parts or nested else None


@cache
def _to_plane(crs: str) -> Transformer:
    return Transformer.from_crs(crs, plane.PLANE, always_xy=True)


def _projected(shapes: Shapes, crs: str) -> Shapes:
    transformer = _to_plane(crs)

    def metres(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(coordinates[:, 0], coordinates[:, 1]))

    return np.asarray(shapely.transform(shapes, metres), dtype=object)


def _tell_broken_letters(layer: Layer, columns: Mapping[str, list[Any]], numbers: list[int], report: Report) -> None:
    for name, values in columns.items():
        for number, value in zip(numbers, values, strict=True):
            if isinstance(value, str) and "�" in value:
                report.remark(layer.path.name, number, name, value, Why.BROKEN_BYTES)


def parts_of(features: Features, keys: Sequence[str]) -> tuple[list[str], list[bytes], list[int]]:
    """Split multi-shapes: the catalogue keeps single ones. Return keys, WKB, and the place of each in `features`."""
    shapes, places = shapely.get_parts(features.shapes, return_index=True)
    first = np.concatenate([[True], places[1:] != places[:-1]]) if len(places) else np.empty(0, bool)
    order = np.arange(len(places)) - np.maximum.accumulate(np.where(first, np.arange(len(places)), 0))
    named = [keys[p] if n == 0 else f"{keys[p]}_{n + 1}" for p, n in zip(places.tolist(), order.tolist(), strict=True)]
    return named, shapely.to_wkb(shapes).tolist(), places.tolist()


def picked(values: Sequence[Any], places: Sequence[int]) -> list[Any]:
    """Return a column's values for the parts of `parts_of`."""
    return [values[place] for place in places]


_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def positive(value: object) -> float | None:
    """Return a number above zero as data bases and people write it ("12 m", 12.0), or None."""
    found = _NUMBER.search(str(value)) if value is not None else None
    number = float(found[0].replace(",", ".")) if found else 0.0
    return number if number > 0 and not str(value).strip().startswith("-") else None
