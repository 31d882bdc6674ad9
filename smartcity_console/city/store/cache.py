"""The folder of column caches beside a catalogue: `columns/<generation>/*.npy`.

A cache is made in a folder of its own and then renamed, so a reader never sees half of one; programs that still map
the old files keep them until they let go (the files are unlinked, not emptied).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from smartcity_console.city.store import poses, schema
from smartcity_console.city.store.building import columns_of_table
from smartcity_console.city.store.columns import CameraColumns, read_columns, write_columns


def columns_of(db: sqlite3.Connection, catalogue: Path, made: CameraColumns | None = None) -> CameraColumns:
    """Return the columns of the catalogue as it is now, with all operators' poses.

    Written when missing: `made` if that is given, else what the table says.
    """
    generation = schema.generation_of(db, "cameras", "sites")
    folder = catalogue.parent / "columns" / str(generation)
    if not folder.is_dir():
        _make(folder, lambda: columns_of_table(db, generation) if made is None else made)
    columns = _read(folder, generation, db)
    poses.take_in(db, columns, folder)
    return columns


def _read(folder: Path, generation: int, db: sqlite3.Connection) -> CameraColumns:
    """Map a cache; one that is not whole is made again."""
    try:
        return read_columns(folder, generation)
    except (OSError, ValueError):
        shutil.rmtree(folder, ignore_errors=True)
        _make(folder, lambda: columns_of_table(db, generation))
        return read_columns(folder, generation)


def _make(folder: Path, columns: Callable[[], CameraColumns]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.parent / f"{folder.name}.{os.getpid()}.{threading.get_ident()}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        write_columns(columns(), draft)
        _put_in_place(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _forget_older(folder)


def _put_in_place(draft: Path, folder: Path) -> None:
    try:
        draft.rename(folder)
    except OSError:
        if not folder.is_dir():  # otherwise another program made the same columns meanwhile
            raise


def _forget_older(folder: Path) -> None:
    older = [f for f in folder.parent.iterdir() if f.name.isdigit() and int(f.name) < int(folder.name)]
    for old in older:
        shutil.rmtree(old, ignore_errors=True)
