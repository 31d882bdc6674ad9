"""How long the search box's question takes among a country's cameras, key by key as it is typed.

    python benchmarks/search.py [--data DIR] [--small]

The index is made first (kept beside the catalogue) and is no part of the figures but index_s. Each text is asked at every
length that it passes through while it is typed. Prints one JSON line: p50_ms, p95_ms, max_ms.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benchmarks.catalogue import SMALL, nation_catalogue
from benchmarks.nation_shape import BUILDINGS, CAMERAS
from smartcity_console.city import City
from smartcity_console.city.search.find import Finder

DATA = Path(tempfile.gettempdir()) / "smartcity-bench"
TYPED = (
    "강남구 12345",
    "서울특별시 강남",
    "수원시",
    "해운대구 27",
    "세종",
    "nation-000000000000001234",
    "37.5665, 126.9780",
    "중구 99",
    "없는이름",
    "강남구 서울",
)
LIMIT_S = 900.0


def main(argv: list[str] | None = None) -> dict[str, object]:
    """Make the index when it is missing, ask, print the figures and return them."""
    options = _arguments(argv)
    cameras, buildings = SMALL if options.small else (CAMERAS, BUILDINGS)
    path = nation_catalogue(options.data, cameras, buildings)
    finder = Finder(City.open(path), path.parent)
    try:
        result: dict[str, object] = {"index_s": round(_indexed(finder), 1)}
        texts = [text[:length] for text in TYPED for length in range(1, len(text) + 1)]
        times_ms = np.array([_asked_ms(finder, text) for text in texts])
    finally:
        finder.close()
    p50, p95 = np.percentile(times_ms, [50, 95])
    slowest = texts[int(times_ms.argmax())]
    result |= {
        "p50_ms": round(float(p50), 2),
        "p95_ms": round(float(p95), 2),
        "max_ms": round(float(times_ms.max()), 2),
    }
    result |= {"slowest": slowest, "questions": len(texts), "cameras": cameras}
    print(json.dumps(result, ensure_ascii=False))
    return result


def _indexed(finder: Finder) -> float:
    """Wait until all names are in the index; return the seconds."""
    began = time.monotonic()
    finder.find("가")
    while not finder.whole():
        if time.monotonic() - began > LIMIT_S:
            raise TimeoutError("the index of names is not made")
        time.sleep(0.05)
    return time.monotonic() - began


def _asked_ms(finder: Finder, text: str) -> float:
    began = time.perf_counter()
    finder.find(text)
    return (time.perf_counter() - began) * 1000.0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--small", action="store_true", help="20,000 cameras and 2,000 buildings")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main(sys.argv[1:])
