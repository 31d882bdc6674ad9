"""Large packages over a line that breaks: the rest is enough, and only the digest says whether the whole is right."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from smartcity_console.desk.errors import BadContent, WrongOffset
from smartcity_console.desk.uploads import Uploads, first_byte

WHOLE = os.urandom(3_500_000)
SHA = hashlib.sha256(WHOLE).hexdigest()


async def pieces(data: bytes, cut_after: int | None = None) -> AsyncIterator[bytes]:
    for at in range(0, len(data), 65_536):
        if cut_after is not None and at >= cut_after:
            raise ConnectionResetError
        yield data[at : at + 65_536]


def receive(uploads: Uploads, data: bytes, first: int = 0, cut_after: int | None = None, sha: str = SHA) -> Path:
    received = asyncio.run(uploads.receive("handoff-1", sha, first, pieces(data, cut_after)))
    assert (received.sha256, received.size_bytes) == (SHA, len(WHOLE))
    return received.path


def test_what_came_before_the_cut_is_not_sent_again(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    with pytest.raises(ConnectionResetError):
        receive(uploads, WHOLE, cut_after=2_000_000)
    offset = uploads.offset("handoff-1", SHA)
    assert 1_900_000 < offset < len(WHOLE)
    assert receive(uploads, WHOLE[offset:], offset).read_bytes() == WHOLE
    uploads.forget("handoff-1")
    assert uploads.offset("handoff-1", SHA) == 0


def test_a_life_that_was_killed_leaves_its_part_to_the_next(tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    (tmp_path / "incoming" / f"handoff-1.{SHA[:32]}.00ff.part").write_bytes(WHOLE[:1000])
    (tmp_path / "incoming" / f"handoff-1.{SHA[:32]}.11ff.part").write_bytes(WHOLE[:5000])
    uploads = Uploads(tmp_path)
    assert uploads.offset("handoff-1", SHA) == 5000
    assert receive(uploads, WHOLE[5000:], 5000).read_bytes() == WHOLE


def test_a_part_that_the_disk_spoilt_is_thrown_away(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    with pytest.raises(ConnectionResetError):
        receive(uploads, WHOLE, cut_after=1_000_000)
    (kept,) = (tmp_path / "incoming").iterdir()
    spoilt = bytearray(kept.read_bytes())
    spoilt[77] ^= 1
    kept.write_bytes(spoilt)
    with pytest.raises(BadContent):
        receive(uploads, WHOLE[len(spoilt) :], len(spoilt))
    assert uploads.offset("handoff-1", SHA) == 0 and not list((tmp_path / "incoming").iterdir())


def test_a_shorter_second_try_does_not_lose_the_longer_first(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    for cut_after in (2_000_000, 500_000):
        with pytest.raises(ConnectionResetError):
            receive(uploads, WHOLE, cut_after=cut_after)
    assert uploads.offset("handoff-1", SHA) > 1_900_000


def test_wrong_offsets_ranges_and_digests_are_refused(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    with pytest.raises(WrongOffset):
        receive(uploads, WHOLE, first=10)
    with pytest.raises(ConnectionResetError):
        receive(uploads, WHOLE, cut_after=500_000)
    with pytest.raises(WrongOffset):
        receive(uploads, WHOLE, first=10)
    assert uploads.offset("handoff-1", SHA) > 400_000  # a wrong guess costs nothing
    for bad in ("", "../../etc/passwd", "ab", "G" * 64):
        with pytest.raises(BadContent):
            uploads.offset("handoff-1", bad)
    assert [first_byte("bytes 5-9/10"), first_byte("")] == [5, 0]
    for bad in ("bytes 9-5/10", "bytes 5-8/10", "bytes=5-", "bytes */10", "bytes -1-9/10"):
        with pytest.raises(BadContent):
            first_byte(bad)
