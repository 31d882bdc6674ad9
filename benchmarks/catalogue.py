"""A workspace's catalogue with the generated nation in it: loaded once, then kept for the other benchmarks.

python -m benchmarks.catalogue --out DIR [--cameras N] [--buildings N] [--small]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import shapely

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.nation_shape import BUILDINGS, CAMERAS, PLACES, HomeBuildings, Nation, generate, home_buildings
from smartcity_console.city.store import CatalogueStore
from smartcity_console.city.store.columns import PURPOSES
from smartcity_console.city.store.staging import Batch

SMALL = (20_000, 2_000)
BATCH_ROWS = 50_000


def nation_catalogue(folder: Path, cameras: int = CAMERAS, buildings: int = BUILDINGS) -> Path:
    """Return the path of a catalogue of that size in a folder, made when it is missing."""
    path = folder / f"nation-{cameras}-{buildings}" / "catalogue.sqlite"
    done = path.with_name("loaded.json")
    if not done.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        done.write_text(json.dumps(load(path, generate(cameras), home_buildings(buildings))))
    return path


def load(path: Path, nation: Nation, houses: HomeBuildings) -> dict[str, float]:
    """Put cameras and houses into a catalogue; return the seconds of each step."""
    seconds: dict[str, float] = {}
    with CatalogueStore.open(path) as store:
        for kind, batches in (("buildings", _house_batches(houses)), ("cameras", _camera_batches(nation))):
            began = time.monotonic()
            plan = store.plan_batches(kind, "nation", batches)
            seconds[f"plan_{kind}_s"] = round(time.monotonic() - began, 2)
            began = time.monotonic()
            store.apply(plan)
            seconds[f"apply_{kind}_s"] = round(time.monotonic() - began, 2)
        began = time.monotonic()
        store.columns()
        seconds["columns_s"] = round(time.monotonic() - began, 2)
    return seconds


def _camera_batches(nation: Nation) -> Iterator[Batch]:
    """Yield all cameras as ones that may be opened: the harder case for a lookup."""
    lon, lat = nation.lonlat_deg
    for start in range(0, len(nation), BATCH_ROWS):
        part = slice(start, start + BATCH_ROWS)
        numbers = range(start, min(start + BATCH_ROWS, len(nation)))
        places = [PLACES[p] for p in nation.place[part]]
        yield {
            "key": [f"{n:018d}" for n in numbers],
            "name": [f"{p.name} {n}" for p, n in zip(places, numbers, strict=True)],
            "owner": [f"{p.province} {p.name}" for p in places],
            "address": [
                f"{p.province} {p.name} {n % 900 + 1}번길 {n % 87 + 1}" for p, n in zip(places, numbers, strict=True)
            ],
            "purpose": [PURPOSES[p].value for p in nation.purpose[part]],
            "mount": ["ptz" if is_ptz else "fixed" for is_ptz in nation.ptz[part]],
            "lon_deg": lon[part],
            "lat_deg": lat[part],
            **{name: getattr(nation, name)[part] for name in _POSE},
        }


_POSE = ("height_m", "azimuth_deg", "tilt_deg", "hfov_deg", "range_m", "width_px")


def _house_batches(houses: HomeBuildings) -> Iterator[Batch]:
    shapes = shapely.to_wkb(houses.geometries)
    for start in range(0, len(shapes), BATCH_ROWS):
        part = slice(start, start + BATCH_ROWS)
        keys = [str(n) for n in range(start, min(start + BATCH_ROWS, len(shapes)))]
        yield {"key": keys, "shape": shapes[part], "height_m": houses.height_m[part]}


def main(argv: list[str] | None = None) -> dict[str, object]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cameras", type=int, default=CAMERAS)
    parser.add_argument("--buildings", type=int, default=BUILDINGS)
    parser.add_argument("--small", action="store_true")
    options = parser.parse_args(argv)
    size = SMALL if options.small else (options.cameras, options.buildings)
    path = nation_catalogue(options.out, *size)
    result: dict[str, object] = {"catalogue": str(path), **json.loads(path.with_name("loaded.json").read_text())}
    print(json.dumps(result))
    return result


if __name__ == "__main__":
    main(sys.argv[1:])
