"""Reads text tables whose rows stand at a point: what cameras, bells and stations have in common."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smartcity_console.city.importers.fields import Findings
from smartcity_console.city.importers.places import Judge
from smartcity_console.city.importers.progress import Progress
from smartcity_console.city.importers.repeats import Repeats
from smartcity_console.city.importers.report import Report
from smartcity_console.city.importers.sample import reaches_in
from smartcity_console.city.importers.table import Chunk, Column, CsvTable, broken_letters
from smartcity_console.city.store.staging import Batch

Columns = Mapping[str, Sequence[str]]
Values = Callable[[Columns, Findings], dict[str, Any]]
"""Gives the fields of a chunk's rows but for key, lon_deg and lat_deg."""


@dataclass(frozen=True)
class PointTable:
    """One kind of text table. `identity` are the columns that tell rows apart where there is no number."""

    name: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...]
    texts: tuple[str, ...]
    values_of: Callable[[CsvTable], Values]

    def batches(self, files: Sequence[Path], report: Report, progress: Progress) -> Iterator[Batch]:
        """Yield the good rows of all files. Raises FileUnreadable, ColumnsMissing before the first."""
        tables = [(path, CsvTable(path, self.name, self.columns, report)) for path in files]
        keys = Keys()
        for path, table in tables:
            reader = _Reader(self, path, table, report, keys)
            yield from map(reader.batch, table.chunks(progress))
            reader.repeats.tell(report)


class Keys:
    """Gives each row its key: its number, else a digest of what tells it apart, counted where rows are alike."""

    def __init__(self) -> None:
        self._alike: Counter[str] = Counter()

    def of(self, numbers: Sequence[str], identity: Sequence[Sequence[str]]) -> list[str]:
        """Return one key a row; `identity` are the columns that tell rows apart."""
        if all(numbers):
            return list(map(str.strip, numbers))
        return [number.strip() or self._digest(row) for number, *row in zip(numbers, *identity, strict=True)]

    def _digest(self, row: Sequence[str]) -> str:
        digest = hashlib.blake2b("\x1f".join(row).encode(), digest_size=10).hexdigest()
        self._alike[digest] += 1
        return digest if self._alike[digest] == 1 else f"{digest}_{self._alike[digest]}"


class _Reader:
    """Turns chunks of one file into batches."""

    def __init__(self, kind: PointTable, path: Path, table: CsvTable, report: Report, keys: Keys) -> None:
        self._kind, self._table, self._report, self._keys = kind, table, report, keys
        self._name = path.name
        self._judge = Judge(table.title("lon"), table.title("lat"), reaches_in(path, table, "owner", "lon", "lat"))
        self._values = kind.values_of(table)
        self.repeats = Repeats(path.name, table.title("number"))

    def batch(self, chunk: Chunk) -> Batch:
        """Return the good rows of a chunk and tell the report of the others."""
        findings, columns = Findings(self._name), chunk.columns
        lon, lat = self._judge(columns["lon"], columns["lat"], columns["owner"], findings)
        for key in self._kind.texts:
            broken_letters(columns[key], self._table.title(key), findings)
        values = self._values(columns, findings) | {"lon_deg": lon, "lat_deg": lat}
        values["key"] = self._keys.of(columns["number"], [columns[key] for key in self._kind.identity])
        findings.tell(self._report, chunk.lines)
        return self._kept(values, chunk.lines, findings.refused)

    def _kept(self, values: Mapping[str, Any], lines: Sequence[int], refused: Mapping[int, object]) -> Batch:
        kept = [place not in refused for place in range(len(lines))]
        batch = without(values, kept) if refused else values
        self.repeats.add(batch["key"], list(compress(lines, kept)))
        return batch


def without(values: Mapping[str, Any], kept: Sequence[bool]) -> dict[str, Any]:
    """Return columns without the rows that are not kept; a bare value stands for all rows."""
    chosen = np.array(kept, dtype=bool)
    return {name: _only(column, kept, chosen) for name, column in values.items()}


def _only(column: Any, kept: Sequence[bool], chosen: NDArray[np.bool_]) -> Any:
    if isinstance(column, np.ndarray):
        return column[chosen]
    return column if isinstance(column, str) else list(compress(column, kept))


def first_of(*columns: Sequence[str]) -> list[str]:
    """Return for each row the first text that is not blank."""
    return [next((text for text in row if text.strip()), "") for row in zip(*columns, strict=True)]


def short_addresses(addresses: Sequence[str]) -> list[str]:
    """Return addresses without the province and city that all around share."""
    return [parts[2] if len(parts := address.split(None, 2)) == 3 else address for address in addresses]


def joined(*columns: Sequence[str]) -> list[str]:
    """Return for each row its texts that are not blank, as one note."""
    return [" · ".join(filter(None, map(str.strip, row))) for row in zip(*columns, strict=True)]
