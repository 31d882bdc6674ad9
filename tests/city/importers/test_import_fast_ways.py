"""The fast ways of reading a table give what the plain ones give."""

from __future__ import annotations

import csv
import io
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcity_console.city.importers.parcel import packed, unpacked
from smartcity_console.city.importers.places import degrees
from smartcity_console.city.importers.table import split_columns

cells = st.text(st.sampled_from('가나 a1,"\r\n\u2028\x1f;\x00'), max_size=4)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_a_block_cut_at_its_commas_is_what_the_csv_module_reads(rows: list[list[str]], end: str) -> None:
    block = "".join(",".join(row) + end for row in rows)
    columns = split_columns(block, 3)
    parsed = list(csv.reader(io.StringIO(block, newline="")))
    if columns is not None:
        assert [columns(place) for place in range(3)] == [[row[place] for row in parsed] for place in range(3)]
    else:
        assert '"' in block or "\r" in block.replace("\r\n", "\n") or {len(row) for row in parsed} != {3}


@pytest.mark.parametrize("block", ["a,b,c\nd,e\n", "a,b\nc,d,e,f\n", "a,b,c\n\n", "a,b,c", 'a,"b",c\n', "a,b\rc,d\n"])
def test_a_block_with_an_odd_line_is_left_to_the_csv_module(block: str) -> None:
    assert split_columns(block, 3) is None


texts = st.lists(st.text(st.sampled_from("가나다\x1f "), max_size=3), min_size=4, max_size=40)


@given(texts, st.integers(1, 4))
def test_a_batch_comes_through_a_pipe_unchanged(column: list[str], kinds: int) -> None:
    repeated = [column[place % kinds] for place in range(len(column))]
    batch = {
        "key": column,
        "owner": repeated,
        "mixed": [None, *column[1:]],
        "lon_deg": np.arange(len(column), dtype=float),
        "ownership": "public",
    }
    came = unpacked(pickle.loads(pickle.dumps(packed(batch))))
    assert came["lon_deg"].tolist() == batch["lon_deg"].tolist()  # type: ignore[attr-defined]
    assert {name: came[name] for name in ("key", "owner", "mixed", "ownership")} == {
        name: batch[name] for name in ("key", "owner", "mixed", "ownership")
    }


@given(st.lists(st.sampled_from(["127.5", " 36.25 ", "N/A", "", "°", "37.1°", "1e2"]), max_size=30))
def test_bad_numbers_spoil_only_themselves(column: list[str]) -> None:
    known = {"127.5": 127.5, " 36.25 ": 36.25, "37.1°": 37.1, "1e2": 100.0}
    np.testing.assert_array_equal(degrees(column), [known.get(text, np.nan) for text in column])
