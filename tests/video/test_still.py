"""Stills: the picture of the moment, clean or with its caption."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import av
import pytest

from smartcity_console.drill.feeds.testcard import number_shown, write_testcard
from smartcity_console.video.still import NoStill, still_caption, still_pair


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_testcard(tmp_path_factory.mktemp("still") / "clip.mp4", seconds=3.0)


@pytest.mark.parametrize(("offset_s", "number"), [(0.0, 0), (1.0, 15), (1.04, 15), (1.9, 28), (99.0, 44), (-1.0, 0)])
def test_a_still_shows_the_picture_of_its_moment(clip: Path, offset_s: float, number: int) -> None:
    jpeg = still_pair(clip, offset_s, "").clean
    assert jpeg[:3] == b"\xff\xd8\xff"
    assert number_shown(decoded(jpeg)) == number


def test_a_caption_is_burned_in_along_the_lower_edge(clip: Path) -> None:
    caption = still_caption("GN-0001", datetime(2026, 11, 23, 5, 0, 0, 250_000, tzinfo=UTC))
    assert caption == "GN-0001  2026-11-23 14:00:00.2 +0900"
    pair = still_pair(clip, 0, caption + " 은행동")
    clean, marked = decoded(pair.clean), decoded(pair.marked)
    changed = abs(clean.astype(int) - marked.astype(int)).max(axis=(1, 2)) > 60
    assert changed[-10:].all()
    assert not changed[:140].any()


def decoded(jpeg: bytes):  # type: ignore[no-untyped-def]
    context = av.CodecContext.create("mjpeg", "r")
    return context.decode(av.Packet(jpeg))[0].to_ndarray(format="rgb24")


def test_no_still_of_no_film(tmp_path: Path) -> None:
    (tmp_path / "x.mp4").write_bytes(b"nothing")
    with pytest.raises(NoStill, match=r"x\.mp4"):
        still_pair(tmp_path / "x.mp4", 0, "")
