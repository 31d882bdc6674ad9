"""`python -m smartcity_console.city.builder [PATH]`: build the sample city."""

from __future__ import annotations

import argparse
from pathlib import Path

from smartcity_console.city.builder.build import build_city
from smartcity_console.city.builder.layers import write_layers
from smartcity_console.city.builder.plan import SMALL, WHOLE
from smartcity_console.city.city import sample_city_path


def main() -> None:
    parser = argparse.ArgumentParser(prog="build-city", description="Build the sample city from its seed.")
    parser.add_argument("path", nargs="?", type=Path, default=sample_city_path(), help="GeoPackage to write")
    parser.add_argument("--small", action="store_true", help="only the superblocks of the sample scenes")
    args = parser.parse_args()
    path: Path = args.path
    built = build_city(size=SMALL if args.small else WHOLE)
    write_layers(built, path)
    print(f"{path}: {len(built.ground.buildings)} buildings, {len(built.cameras)} cameras, {len(built.sites)} sites")


if __name__ == "__main__":
    main()
