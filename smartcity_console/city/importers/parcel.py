"""Batches on their way between two processes: few large objects instead of a hundred thousand small ones.

A column of texts is sent as one text, or as its distinct texts with a number for each row where few repeat often: then
the rows share their text objects at the other end too, and SQLite is handed each one's UTF-8 ready made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from smartcity_console.city.store.staging import Batch

SEPARATOR = "\x1f"  # ASCII's own unit separator; a column that holds one is sent as it is
FEW = 4  # texts that come so many times each are worth a number
SAMPLE = 256  # rows that are looked at first: most columns of many texts show it there


class _Joined(msgspec.Struct, frozen=True):
    text: str


class _Numbered(msgspec.Struct, frozen=True):
    texts: list[str]
    number: NDArray[np.int32]


def packed(batch: Batch) -> dict[str, Any]:
    """Return a batch as it is sent."""
    return {name: _packed(column) for name, column in batch.items()}


def unpacked(parcel: Mapping[str, Any]) -> Batch:
    """Return the batch that `packed` was given; texts that were equal may be one object now."""
    return {name: _unpacked(column) for name, column in parcel.items()}


def _packed(column: Any) -> Any:
    if isinstance(column, str | np.ndarray) or not len(column) or set(map(type, column)) != {str}:
        return column
    if _repeats(column[:SAMPLE]) and _repeats(column):
        return _numbered(column, list(dict.fromkeys(column)))
    joined = SEPARATOR.join(column)
    return column if joined.count(SEPARATOR) != len(column) - 1 else _Joined(joined)


def _repeats(column: Sequence[str]) -> bool:
    return len(set(column)) * FEW <= len(column)


def _numbered(column: Sequence[str], texts: list[str]) -> _Numbered:
    number = {text: place for place, text in enumerate(texts)}
    return _Numbered(texts, np.fromiter(map(number.__getitem__, column), dtype=np.int32, count=len(column)))


def _unpacked(column: Any) -> Any:
    if isinstance(column, _Joined):
        return column.text.split(SEPARATOR)
    if isinstance(column, _Numbered):
        return list(map(column.texts.__getitem__, column.number.tolist()))
    return column
