"""How long "who sees this point", ranked and told, takes in a catalogue of a country.

    python benchmarks/lookup.py [--catalogue FILE] [--points 1000] [--small]

p50_ms and p99_ms are of the whole rank_cameras() call, names read from SQLite included. peer_p99_ms is of one part of
it, the candidate query (every camera whose range holds the point), asked of DuckDB's spatial extension (see
lookup_peer.py); candidates_p99_ms is that same part here.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benchmarks.catalogue import SMALL, nation_catalogue
from benchmarks.lookup_peer import Peer
from benchmarks.nation_shape import BUILDINGS, CAMERAS, generate, query_points
from smartcity_console.city import City, plane, rank_cameras
from smartcity_console.clock import SystemClock

STREAMS = 1_000
WARM_UP = 20
CLOCK = SystemClock()


def main(argv: list[str] | None = None) -> dict[str, object]:
    """Make the catalogue when none is given, ask, print the figures and return them."""
    options = _arguments(argv)
    cameras, buildings = SMALL if options.small else (CAMERAS, BUILDINGS)
    points = query_points(generate(cameras), options.points)
    with tempfile.TemporaryDirectory() as folder:
        path = options.catalogue or nation_catalogue(options.keep or Path(folder), cameras, buildings)
        city = City.open(path)
        result = measure(city, points) | _peer_figures(city, path, points)
    result |= {"cameras": len(city.columns), "buildings": len(city.base.buildings), "points": len(points)}
    print(json.dumps(result))
    return result


def measure(city: City, points: np.ndarray) -> dict[str, object]:
    """Return the figures of whole lookups and of their candidate query."""
    spots = [plane.position_at(x, y) for x, y in points.tolist()]
    streams = frozenset(
        id_ for id_, _ in city.roll.names(range(0, len(city.columns), max(1, len(city.columns) // STREAMS)))
    )
    for spot in spots[:WARM_UP]:
        rank_cameras(city, spot, streams=streams)
    whole = _times_ms(lambda i: rank_cameras(city, spots[i], streams=streams), len(points))
    near = _times_ms(lambda i: city.columns.near(points[i, 0], points[i, 1]), len(points))
    counts = [len(city.columns.near(x, y)) for x, y in points.tolist()]
    return {
        **_percentiles("", whole),
        "max_ms": round(float(whole.max()), 3),
        **_percentiles("candidates_", near),
        "candidates_mean": round(float(np.mean(counts)), 1),
        "candidates_max": int(max(counts)),
    }


def _peer_figures(city: City, path: Path, points: np.ndarray) -> dict[str, object]:
    with Peer(path, city.columns) as peer:
        for x, y in points[:WARM_UP].tolist():
            if peer.count(x, y) != len(city.columns.near(x, y)):
                raise ValueError(f"the peer finds other cameras at {x}, {y}")
        times = _times_ms(lambda i: peer.count(*points[i].tolist()), len(points))
    return {"peer": peer.name, **_percentiles("peer_", times)}


def _times_ms(ask: Callable[[int], object], count: int) -> np.ndarray:
    times = np.empty(count)
    for index in range(count):
        began = CLOCK.monotonic_s()
        ask(index)
        times[index] = (CLOCK.monotonic_s() - began) * 1000.0
    return times


def _percentiles(prefix: str, times_ms: np.ndarray) -> dict[str, object]:
    p50, p99 = np.percentile(times_ms, [50, 99])
    return {f"{prefix}p50_ms": round(float(p50), 3), f"{prefix}p99_ms": round(float(p99), 3)}


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalogue", type=Path, help="an existing catalogue of the generated nation")
    parser.add_argument("--keep", type=Path, help="folder in which the catalogue made for this is kept")
    parser.add_argument("--points", type=int, default=1_000)
    parser.add_argument("--small", action="store_true", help="20,000 cameras and 2,000 buildings")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main(sys.argv[1:])
