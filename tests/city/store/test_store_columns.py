"""Columns, grid and R*Tree against plain numpy over all cameras."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartcity_console.city import plane
from smartcity_console.city.store import CatalogueStore, rtree
from smartcity_console.city.store.building import columns_of_raw, columns_of_table
from smartcity_console.city.store.columns import ARRAYS, CameraColumns

spread = st.sampled_from((80.0, 900.0, 40_000.0))
seeds = st.integers(0, 2**32 - 1)


def random_columns(count: int, spread_m: float, seed: int) -> CameraColumns:
    chance = np.random.default_rng(seed)
    ranges = chance.choice([12.0, 64.0, 64.5, 130.0, 256.0, 900.0, 1500.0], count).astype(np.float32)
    singles = ("height_m", "azimuth_deg", "tilt_deg", "hfov_deg", "width_px", "height_px")
    raw = {name: np.full(count, 60.0, dtype=np.float32) for name in singles}
    raw |= {"no": np.arange(1, count + 1), "range_m": ranges, "site": np.full(count, -1, dtype=np.int32)}
    raw |= {name: np.zeros(count, dtype=np.uint8) for name in ("flags", "purpose")}
    raw["count"] = np.ones(count, dtype=np.int32)
    x, y = chance.normal(0.0, spread_m, (2, count))  # negative coordinates too
    # Some stand exactly on the borders of cells.
    raw["x_m"], raw["y_m"] = np.where(chance.random(count) < 0.3, np.round(x / 32) * 32, x), y
    return columns_of_raw(raw, 0)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 400), spread, seeds, st.floats(0.0, 200.0))
def test_near_finds_every_camera_that_reaches_the_spot(count: int, spread_m: float, seed: int, beyond_m: float) -> None:
    columns = random_columns(count, spread_m, seed)
    for x, y in np.random.default_rng(seed + 1).normal(0.0, spread_m, (5, 2)):
        away = np.hypot(columns.x_m - x, columns.y_m - y)
        wanted = np.flatnonzero(away <= columns.range_m.astype(float) + beyond_m)
        assert sorted(columns.near(x, y, beyond_m)) == wanted.tolist()


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 400), spread, seeds)
def test_in_box_finds_every_camera_in_the_box(count: int, spread_m: float, seed: int) -> None:
    columns = random_columns(count, spread_m, seed)
    x0, x1, y0, y1 = np.random.default_rng(seed + 1).normal(0.0, spread_m, 4)
    west, east, south, north = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    inside = (columns.x_m >= west) & (columns.x_m <= east) & (columns.y_m >= south) & (columns.y_m <= north)
    assert sorted(columns.in_box(west, south, east, north)) == np.flatnonzero(inside).tolist()


def test_every_row_number_leads_to_its_camera_and_band() -> None:
    columns = random_columns(300, 500.0, 3)
    assert [columns.index_of_no(int(no)) for no in columns.no] == list(range(300))
    assert columns.index_of_no(0) is None and columns.index_of_no(301) is None and columns.index_of_no(-1) is None
    reach = columns.range_m
    assert all(reach[i] <= columns.reach_m[columns.band_at(i)] for i in range(300))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from((0, 1, 44, 46, 500, 5000)), seeds)
def test_a_packed_tree_is_sound_and_finds_what_numpy_finds(count: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    low = chance.uniform(-5e5, 5e5, (count, 2)).astype(np.float32)
    high = (low + chance.uniform(0, 3e4, (count, 2))).astype(np.float32)
    boxes = np.column_stack([low[:, 0], high[:, 0], low[:, 1], high[:, 1]]).astype(np.float32)
    ids = chance.permutation(3 * count + 1)[:count].astype(np.int64) + 1
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING rtree(no, west, east, south, north)")
    db.execute("INSERT INTO t VALUES (7, 0, 1, 0, 1)")  # what was there before is replaced
    rtree.pack(db, "t", ids, boxes)
    assert db.execute("SELECT rtreecheck('t')").fetchone() == ("ok",)
    assert db.execute("SELECT count(*) FROM t").fetchone() == (count,)
    a, b, c, d = (float(v) for v in (-1e5, 2e5, -3e5, 1e5))
    found = db.execute("SELECT no FROM t WHERE east >= ? AND west <= ? AND north >= ? AND south <= ?", (a, b, c, d))
    hits = (boxes[:, 1] >= a) & (boxes[:, 0] <= b) & (boxes[:, 3] >= c) & (boxes[:, 2] <= d)
    assert {no for (no,) in found} == set(ids[hits].tolist())
    db.execute("INSERT INTO t VALUES (?, 0, 1, 0, 1)", (4 * count + 5,))  # and it goes on living
    db.execute("DELETE FROM t WHERE no = ?", (int(ids[0]) if count else 0,))
    assert db.execute("SELECT rtreecheck('t')").fetchone() == ("ok",)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CatalogueStore]:
    with CatalogueStore.open(tmp_path / "catalogue.sqlite") as opened:
        yield opened


def batch(keys: range, seed: int = 0, **other: object) -> dict[str, object]:
    chance = np.random.default_rng(seed)
    size = len(keys)
    unsure = np.where(chance.random(size) < 0.5, np.nan, chance.uniform(0, 359, size))
    return {
        "key": [str(k) for k in keys],
        "name": ["n"] * size,
        "lon_deg": chance.uniform(126.5, 127.5, size),
        "lat_deg": chance.uniform(37.0, 37.6, size),
        "azimuth_deg": unsure,
        "width_px": [None if u != u else 1280 for u in unsure],
        "purpose": chance.choice(["traffic", "litter", "nonsense"], size).tolist(),
        "mount": chance.choice(["fixed", "ptz"], size).tolist(),
        "count": chance.integers(1, 4, size),
        **other,
    }


def same(ours: CameraColumns, theirs: CameraColumns) -> bool:
    return all(np.array_equal(getattr(ours, n), getattr(theirs, n), equal_nan=n == "azimuth_deg") for n in ARRAYS)


def test_columns_kept_from_a_first_import_are_those_of_the_table(store: CatalogueStore) -> None:
    store.apply(store.plan_batches("cameras", "a", [batch(range(700)), batch(range(700, 900), 1, ownership="private")]))
    columns = store.columns()
    assert len(columns) == 900 and same(columns, columns_of_table(store._db, 0))
    x, y = plane.to_xy(np.array(batch(range(700))["lon_deg"]), np.array(batch(range(700))["lat_deg"]))
    assert np.allclose(columns.x_m[columns.place[1:701]], x) and np.allclose(columns.y_m[columns.place[1:701]], y)


def test_columns_and_tree_follow_every_further_import(store: CatalogueStore) -> None:
    sizes = ((range(300), 0), (range(100, 350), 1), (range(100, 350), 1), (range(0), 0), (range(5), 2))
    for number, (keys, seed) in enumerate(sizes):
        store.apply(store.plan_batches("cameras", "a", [batch(keys, seed)]))
        columns = store.columns()
        assert len(columns) == len(keys) and columns.generation == number + 1
        assert same(columns, columns_of_table(store._db, 0))
        assert tree_of(store) == {
            no: (np.float32(x), np.float32(y)) for no, x, y in store._db.execute("SELECT no, x_m, y_m FROM cameras")
        }
        assert store._db.execute("SELECT rtreecheck('cameras_rtree')").fetchone() == ("ok",)
    assert [f.name for f in (store.path.parent / "columns").iterdir()] == [str(len(sizes))]


def tree_of(store: CatalogueStore) -> dict[int, tuple[np.float32, np.float32]]:
    """Return each entry's place, taken from the middle of its rounded box."""
    found: dict[int, tuple[np.float32, np.float32]] = {}
    for no, west, east, south, north in store._db.execute("SELECT * FROM cameras_rtree"):
        (x, y) = store._db.execute("SELECT x_m, y_m FROM cameras WHERE no = ?", (no,)).fetchone()
        assert west <= x <= east and south <= y <= north and east - west < 0.07 and north - south < 0.13
        found[no] = (np.float32(x), np.float32(y))
    return found


def test_cameras_of_sites_bear_their_sites_numbers(store: CatalogueStore) -> None:
    sites = {"key": ["p", "q"], "name": ["P", "Q"], "lon_deg": [127.0, 127.0], "lat_deg": [37.1, 37.2]}
    store.apply(store.plan_batches("cameras", "a", [batch(range(3), site_id=["s-q", None, "s-unknown"])]))
    assert sorted(store.columns().site.tolist()) == [-2, -2, -1]
    store.apply(store.plan_batches("sites", "s", [sites]))  # the cameras' columns are made anew
    columns = store.columns()
    assert columns.site[columns.place[1:4]].tolist() == [2, -1, -2]


def test_a_batch_must_be_even_and_of_known_fields(store: CatalogueStore) -> None:
    for wrong in ({"name": ["x"]}, {"colour": "red"}):
        with pytest.raises(ValueError, match=r"values in a batch|no field"):
            store.plan_batches("cameras", "a", [batch(range(3)) | wrong])
    with pytest.raises(ValueError, match="needs name"):
        store.plan_batches("cameras", "a", [{"key": ["1"], "lon_deg": [127.0], "lat_deg": [37.0]}])
    tables = store._db.execute("SELECT name FROM temp.sqlite_master").fetchall()
    assert tables == [], "a failed plan leaves nothing behind"
    assert list(itertools.chain(store.columns().x_m)) == []


def test_a_large_first_import_leaves_the_log_on_also_beside_a_reader(store: CatalogueStore) -> None:
    """Alone it is written without the log, beside a reader with it; afterwards readers and a writer get along."""
    store.apply(store.plan_batches("bells", "a", [bells(20_000)]))
    reader = sqlite3.connect(store.path)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM bells").fetchone() == (20_000,)
    store.apply(store.plan_batches("cameras", "a", [batch(range(20_000))]))
    assert reader.execute("SELECT count(*) FROM cameras").fetchone() == (0,)  # its own moment
    reader.execute("COMMIT")
    assert reader.execute("SELECT count(*) FROM cameras").fetchone() == (20_000,)
    assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    reader.close()
    assert len(store.columns()) == 20_000


def bells(count: int) -> dict[str, object]:
    return {"key": [str(k) for k in range(count)], "name": ["b"] * count} | {"lon_deg": 127.0, "lat_deg": 37.0}
