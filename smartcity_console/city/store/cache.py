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


def columns_of(db: sqlite3.Connection, catalogue: Path) -> CameraColumns:
    """Return the columns of the catalogue as it is now, with all operators' poses; made of the table when missing."""
    generation = schema.generation_of(db, "cameras", "sites")
    draft = Draft(catalogue, generation)
    if not draft.folder.is_dir():
        draft.make(lambda: columns_of_table(db, generation))
    columns = _read(draft, db)
    poses.take_in(db, columns, draft.folder)
    return columns


def _read(draft: Draft, db: sqlite3.Connection) -> CameraColumns:
    """Map a cache; one that is not whole is made again."""
    try:
        return read_columns(draft.folder, draft.generation)
    except (OSError, ValueError):
        shutil.rmtree(draft.folder, ignore_errors=True)
        draft.make(lambda: columns_of_table(db, draft.generation))
        return read_columns(draft.folder, draft.generation)


class Draft:
    """A cache in the making: nobody looks into it before `keep`."""

    def __init__(self, catalogue: Path, generation: int) -> None:
        self.generation = generation
        self.folder = catalogue.parent / "columns" / str(generation)
        self._draft = self.folder.with_name(f"{generation}.{os.getpid()}.{threading.get_ident()}.draft")

    def make(self, columns: Callable[[], CameraColumns]) -> None:
        """Write and keep. Raises OSError."""
        try:
            self.write(columns())
            self.keep()
        finally:
            self.drop()

    def write(self, columns: CameraColumns) -> None:
        """Write all arrays. Raises OSError."""
        shutil.rmtree(self._draft, ignore_errors=True)
        self._draft.mkdir(parents=True)
        write_columns(columns, self._draft)

    def keep(self) -> None:
        """Put it in its place and forget older ones. Raises OSError."""
        try:
            self._draft.rename(self.folder)
        except OSError:
            if not self.folder.is_dir():  # otherwise another program made the same columns meanwhile
                raise
        _forget_older(self.folder)

    def drop(self) -> None:
        """Remove what was not kept."""
        shutil.rmtree(self._draft, ignore_errors=True)


def _forget_older(folder: Path) -> None:
    for other in list(folder.parent.iterdir()):
        if (other.name.isdigit() and int(other.name) < int(folder.name)) or _is_left_over(other):
            shutil.rmtree(other, ignore_errors=True)


def _is_left_over(draft: Path) -> bool:
    """Return whether this is the draft of a program that died over it."""
    parts = draft.name.split(".")
    if parts[-1] != "draft" or not parts[1].isdigit():
        return False
    try:
        os.kill(int(parts[1]), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
