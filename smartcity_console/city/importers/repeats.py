"""Finds keys that come twice in a file of millions, with their lines, in some 100 MiB at most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from smartcity_console.city.importers.report import Report, Why

SLOTS = 1 << 26  # one byte each: a key whose slot was free is new for certain; 4 % of 2.85 million find it taken


class Repeats:
    """Keeps every key's 64-bit hash, and the texts of the few keys that may have been there before."""

    def __init__(self, file: str, column: str) -> None:
        self._file, self._column = file, column
        self._taken: NDArray[np.bool_] = np.zeros(SLOTS, dtype=np.bool_)
        self._hashes: list[NDArray[np.int64]] = []
        self._lines: list[NDArray[np.int64]] = []
        self._texts: dict[int, str] = {}  # by the row's place in the file

    def add(self, keys: Sequence[str], lines: Sequence[int]) -> None:
        """Note the keys of rows that are imported."""
        hashes = np.fromiter(map(hash, keys), np.int64, len(keys))
        slots = hashes & (SLOTS - 1)
        doubtful = self._taken[slots]
        _, first = np.unique(slots, return_index=True)
        within = np.ones(len(keys), dtype=bool)
        within[first] = False
        begin = sum(map(len, self._hashes))
        self._texts |= {begin + place: keys[place] for place in np.flatnonzero(doubtful | within).tolist()}
        self._taken[slots] = True
        self._hashes.append(hashes)
        self._lines.append(np.array(lines, dtype=np.int64))

    def tell(self, report: Report) -> None:
        """Refuse every row whose key an earlier row has."""
        if not self._hashes:
            return
        hashes, lines = np.concatenate(self._hashes), np.concatenate(self._lines)
        order = np.argsort(hashes, kind="stable")  # equal keys stay in the order of the file
        again = order[1:][hashes[order[1:]] == hashes[order[:-1]]]
        for place in np.sort(again).tolist():
            report.refuse(self._file, int(lines[place]), self._column, self._texts[place], Why.DUPLICATE)
