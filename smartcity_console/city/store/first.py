"""The first import of cameras: what follows from their numbers is worked out beside SQLite, on the second core.

While SQLite sorts the ids and copies the rows (without Python's lock), a thread arranges the columns, lays out the
R*Tree and writes the column cache. None of it is seen by anybody until the import is committed.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from smartcity_console.city.store.building import columns_of_raw
from smartcity_console.city.store.cache import Draft
from smartcity_console.city.store.columns import CameraColumns
from smartcity_console.city.store.rtree import Level, entries_of, levels_of
from smartcity_console.city.store.sketch import Sketch


class FirstImport:
    """One plan's columns in the making. Close it, whatever comes of the plan."""

    def __init__(self, sketch: Sketch, node_bytes: int) -> None:
        """Begin at once; `node_bytes` is the size of the R*Tree's nodes."""
        self._node_bytes = node_bytes
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="first-import")
        self._columns = self._thread.submit(lambda: columns_of_raw(sketch.raw(), 0))
        self._levels = self._thread.submit(self._laid_out)
        self._draft: Draft | None = None

    def _laid_out(self) -> list[Level]:
        return levels_of(*entries_of(self._columns.result()), self._node_bytes)

    def write(self, catalogue: Path, generation: int) -> None:
        """Begin to write the cache of the generation that this import makes."""
        draft = self._draft = Draft(catalogue, generation)
        self._written = self._thread.submit(lambda: draft.write(self._taken()))

    def _taken(self) -> CameraColumns:
        """Return the columns and let go of them: they are large, and next lie in the draft."""
        self._levels.result()
        columns = self._columns.result()
        del self._columns
        return columns

    def levels(self) -> list[Level]:
        """Return the R*Tree's nodes, waiting for them. Raises what went wrong in the making."""
        return self._levels.result()

    def keep(self) -> None:
        """Put the cache in its place: the import is committed. Raises OSError."""
        self._written.result()
        if self._draft is not None:
            self._draft.keep()

    def close(self) -> None:
        """End the thread and remove a draft that was not kept."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._draft is not None:
            self._draft.drop()
