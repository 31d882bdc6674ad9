"""An import is looked over before it is applied; applied again it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from smartcity_console.city.store import CameraRow, CatalogueStore, PlanOutdated


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CatalogueStore]:
    with CatalogueStore.open(tmp_path / "catalogue.sqlite") as opened:
        yield opened


def camera(key: str, **other: object) -> CameraRow:
    return CameraRow(**{"source": "cctv", "key": key, "name": f"n{key}", "lon_deg": 127.0, "lat_deg": 37.5} | other)


def counted(plan: object) -> tuple[int, int, int, int]:
    return plan.added, plan.changed, plan.gone, plan.same


def test_added_changed_gone_and_same_are_told_before_they_are_applied(store: CatalogueStore) -> None:
    first = store.plan("cameras", "cctv", [camera("1"), camera("2"), camera("3")])
    assert counted(first) == (3, 0, 0, 0) and store.generation == 0
    store.apply(first)
    second = store.plan("cameras", "cctv", [camera("1"), camera("2", name="new"), camera("4")])
    assert counted(second) == (1, 1, 1, 1)
    (changed,) = second.changed_samples
    assert (changed.id, changed.fields) == ("cctv-2", (("name", "n2", "new"),))
    assert [c.id for c in second.gone_samples] == ["cctv-3"]
    store.apply(second)
    again = store.plan("cameras", "cctv", [camera("1"), camera("2", name="new"), camera("4")])
    assert counted(again) == (0, 0, 0, 3) and again.is_empty


def test_another_source_and_a_partial_file_take_nothing_away(store: CatalogueStore) -> None:
    store.apply(store.plan("cameras", "cctv", [camera("1"), camera("2")]))
    assert counted(store.plan("cameras", "own", [msgspec.structs.replace(camera("1"), source="own")])) == (1, 0, 0, 0)
    assert counted(store.plan("cameras", "cctv", [camera("1")], complete=False)) == (0, 0, 0, 1)


def test_a_key_that_comes_twice_counts_once_and_is_told(store: CatalogueStore) -> None:
    plan = store.plan("cameras", "cctv", [camera("1"), camera("2"), camera("1", name="late")])
    assert (plan.rows, plan.added, plan.repeated_rows, plan.repeated) == (3, 2, 1, ("1",))
    assert [c.name for c in plan.added_samples] == ["n1", "n2"]


def test_a_plan_that_another_import_has_overtaken_is_refused_whole(store: CatalogueStore) -> None:
    late = store.plan("cameras", "cctv", [camera("1")])
    store.apply(store.plan("cameras", "cctv", [camera("2")]))
    with pytest.raises(PlanOutdated):
        store.apply(late)
    assert counted(store.plan("cameras", "cctv", [camera("2")])) == (0, 0, 0, 1)


def test_a_source_must_be_a_plain_name(store: CatalogueStore) -> None:
    with pytest.raises(ValueError, match="letters"):
        store.plan("cameras", "a-b", [])
