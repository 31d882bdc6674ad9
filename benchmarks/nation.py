"""A nation of generated cameras and buildings, shaped like Korea's, the same for the same seed: what the benchmarks load.

    python -m benchmarks.nation --out DIR [--cameras 2850000] [--buildings 200000] [--bad 0.001] [--seed 1]

writes DIR/nation.csv (전국CCTV표준데이터 in the 2026 layout, CP949) and DIR/buildings.npz (corners, height_m), and prints one JSON
line. In code: `generate(cameras)`, `home_buildings(count)`, `query_points(nation, count)`, `write_csv(nation, path)`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.nation_csv import write_csv
from benchmarks.nation_shape import (
    BUILDINGS,
    CAMERAS,
    PURPOSES,
    HomeBuildings,
    Nation,
    generate,
    home_buildings,
    query_points,
)

__all__ = [
    "BUILDINGS",
    "CAMERAS",
    "PURPOSES",
    "HomeBuildings",
    "Nation",
    "generate",
    "home_buildings",
    "query_points",
    "write_csv",
]


def main(argv: list[str] | None = None) -> dict[str, object]:
    """Write the files, print the figures and return them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cameras", type=int, default=CAMERAS)
    parser.add_argument("--buildings", type=int, default=BUILDINGS)
    parser.add_argument("--bad", type=float, default=0.0, help="share of rows that are damaged on purpose")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="20,000 cameras and 2,000 buildings")
    options = parser.parse_args(argv)
    cameras, buildings = (20_000, 2_000) if options.small else (options.cameras, options.buildings)
    began = time.monotonic()
    options.out.mkdir(parents=True, exist_ok=True)
    nation, houses = generate(cameras, options.seed), home_buildings(buildings, options.seed)
    damaged = write_csv(nation, options.out / "nation.csv", options.bad)
    np.savez(options.out / "buildings.npz", corners=houses.corners, height_m=houses.height_m)
    figures: dict[str, object] = {"cameras": cameras, "public": int((~nation.private).sum()), "damaged_rows": damaged}
    figures |= {"buildings": buildings, "seconds": round(time.monotonic() - began, 1)}
    print(json.dumps(figures))
    return figures


if __name__ == "__main__":
    main()
