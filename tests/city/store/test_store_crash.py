"""A program that dies in the middle of an import leaves the catalogue as it was, whichever table it was at."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from smartcity_console.city.store import CatalogueStore
from smartcity_console.city.store.plan import ImportPlan

ROWS = 25_000  # as many as are imported the large way: packed tree, no log
_DIES = """
import os, signal, sys
from smartcity_console.city.store import CatalogueStore
from tests.city.store.test_store_crash import plans
from smartcity_console.city.store import rtree, schema

where, calls = sys.argv[2], 0

def dying(original):
    def call(*arguments, **named):
        answer = original(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)
        return answer
    return call

if where == "between":
    CatalogueStore._write = dying(CatalogueStore._write)
elif where == "tree":
    rtree.replace = dying(rtree.replace)
elif where == "uncommitted":
    second = CatalogueStore._write
    CatalogueStore._write = lambda self, plan, *rest: (dying(second) if plan.kind == "cameras" else second)(self, plan, *rest)
with CatalogueStore.open(sys.argv[1]) as store:
    store.apply_all(plans(store, int(sys.argv[3])))
"""


def plans(store: CatalogueStore, rows: int) -> list[ImportPlan]:
    """Return an import of two tables."""
    keys = [str(n) for n in range(rows)]
    placed = {"key": keys, "name": keys, "lon_deg": [127.0 + n / rows for n in range(rows)], "lat_deg": [36.5] * rows}
    bells = {name: values[:50] for name, values in placed.items()}
    return [store.plan_batches("bells", "new", [bells]), store.plan_batches("cameras", "new", [placed])]


def held(path: Path) -> tuple[int, int, int]:
    """Return how many bells and cameras there are, and entries of the tree; the file must be sound."""
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT rtreecheck('cameras_rtree')").fetchone() == ("ok",)
        counts = [db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("bells", "cameras", "cameras_rtree")]
    return counts[0], counts[1], counts[2]


def dies(path: Path, where: str) -> None:
    """Run an import in a process that is killed."""
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, "-c", _DIES, str(path), where, str(ROWS)]
    ended = subprocess.run(command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, timeout=120, check=False)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.parametrize("where", ["between", "tree", "uncommitted"])
def test_a_killed_import_of_two_tables_leaves_neither(tmp_path: Path, where: str) -> None:
    path = tmp_path / "catalogue.sqlite"
    with CatalogueStore.open(path) as store:
        old = {"key": ["a"], "name": ["a"], "lon_deg": [127.5], "lat_deg": [37.5]}
        store.apply(store.plan_batches("bells", "old", [old]))
    dies(path, where)
    assert held(path) == (1, 0, 0)
    with CatalogueStore.open(path) as store:
        assert len(store.columns()) == 0
        store.apply_all(plans(store, ROWS))  # and the next one goes through
        assert len(store.columns()) == ROWS
    assert held(path) == (51, ROWS, ROWS)
    assert [folder.name for folder in (tmp_path / "columns").iterdir()] == ["1"]


def test_a_plan_among_several_that_is_overtaken_refuses_all(tmp_path: Path) -> None:
    from smartcity_console.city.store.errors import PlanOutdated

    with CatalogueStore.open(tmp_path / "catalogue.sqlite") as store:
        mine = plans(store, 60)
        store.apply(
            store.plan_batches(
                "cameras", "other", [{"key": ["b"], "name": ["b"], "lon_deg": [127.5], "lat_deg": [37.5]}]
            )
        )
        with pytest.raises(PlanOutdated):
            store.apply_all(mine)
    assert held(tmp_path / "catalogue.sqlite") == (0, 1, 1)
