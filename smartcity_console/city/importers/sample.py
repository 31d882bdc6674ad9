"""Looks at a large CSV in evenly spaced places, to know where each owner's things lie before the first row is judged."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from smartcity_console.city.importers.places import Reach, degrees, reaches
from smartcity_console.city.importers.table import CsvTable

BLOCKS = 256
BLOCK_BYTES = 1 << 15


def reaches_in(path: Path, table: CsvTable, owner: str, lon: str, lat: str) -> dict[str, Reach]:
    """Return the owners' reaches after a sample: the whole file up to 8 MiB, else 256 blocks of 32 KiB."""
    if any(key not in table.places for key in (owner, lon, lat)):
        return {}
    where = [table.places[key] for key in (owner, lon, lat)]
    rows = [row for text in _blocks(path, table.encoding) for row in _rows(text, len(table.header))]
    names, lons, lats = ([row[place] for row in rows] for place in where)
    return reaches(names, degrees(lons), degrees(lats))


def _blocks(path: Path, encoding: str) -> Iterator[str]:
    size = path.stat().st_size
    whole = size <= BLOCKS * BLOCK_BYTES or encoding == "utf-16"  # a block of UTF-16 may begin inside a letter
    ends = [0, size] if whole else np.linspace(0, size, BLOCKS + 1).astype(int).tolist()
    with path.open("rb") as file:
        for start, end in pairwise(ends):
            file.seek(start)
            yield _decoded(file.read(end - start if whole else BLOCK_BYTES), encoding)


def _decoded(data: bytes, encoding: str) -> str:
    """From the first line break to the last: CP949 has none inside a letter."""
    return data.decode(encoding, errors="replace").partition("\n")[2].rpartition("\n")[0]


def _rows(text: str, width: int) -> Iterator[list[str]]:
    """Rows of a block; a block may begin inside quotation marks, so odd rows are passed over."""
    try:
        yield from (row for row in csv.reader(text.splitlines(keepends=True)) if len(row) == width)
    except csv.Error:
        return
