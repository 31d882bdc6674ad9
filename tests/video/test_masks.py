"""Masks burned into a copy: covered on every picture, the rest as it was, the original untouched."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from smartcity_console.drill.feeds.testcard import write_testcard
from smartcity_console.model.masks import CameraMask
from smartcity_console.video.masks import MaskBoard
from smartcity_console.video.masks.copy import MaskFailed, _check, burn_masks
from tests.model.test_masks import START, WINDOW

RIGHT_HALF = ((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0))


def pictures(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24").astype(int) for frame in container.decode(video=0)]


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_the_areas_are_grey_and_the_rest_is_not_touched(tmp_path: Path, codec: str) -> None:
    clip = write_testcard(tmp_path / "clip.mp4", codec=codec, seconds=2.0)
    before = clip.read_bytes()
    made = burn_masks(clip, (RIGHT_HALF,), tmp_path / "masked.mp4")
    assert clip.read_bytes() == before
    shown, original = pictures(made.path), pictures(clip)
    assert len(shown) == made.pictures == len(original) == 30
    assert made.covered == pytest.approx(0.5, abs=0.01)
    for masked, whole in zip(shown, original, strict=True):
        assert abs(masked[:, 164:] - 128).max() < 12
        assert abs(masked[:, :150] - whole[:, :150]).mean() < 8
    with av.open(str(made.path)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["clip.mp4", "masked.mp4"]


def test_times_stay(tmp_path: Path) -> None:
    clip = write_testcard(tmp_path / "clip.mp4", seconds=2.0, b_pictures=2)
    made = burn_masks(clip, (WINDOW,), tmp_path / "masked.mp4")
    times = []
    for path in (clip, made.path):
        with av.open(str(path)) as container:
            times.append([frame.time for frame in container.decode(video=0)])
    assert times[0] == pytest.approx(times[1], abs=0.001)


def test_the_check_notices_an_uncovered_area(tmp_path: Path) -> None:
    clip = write_testcard(tmp_path / "clip.mp4", seconds=1.0)
    with pytest.raises(ValueError, match="not covered"):
        _check(clip, (RIGHT_HALF,), 15)
    made = burn_masks(clip, (RIGHT_HALF,), tmp_path / "masked.mp4")
    with pytest.raises(ValueError, match="instead of"):
        _check(made.path, (RIGHT_HALF,), 16)


def test_no_clip_no_copy(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"nothing")
    with pytest.raises(MaskFailed, match=r"clip\.mp4"):
        burn_masks(tmp_path / "clip.mp4", (WINDOW,), tmp_path / "masked.mp4")
    assert [p.name for p in tmp_path.iterdir()] == ["clip.mp4"]


def test_live_views_are_told_of_masks_and_not_of_lifts() -> None:
    board = MaskBoard()
    assert board.of("A") is None
    board.show({"A": CameraMask((WINDOW,), START, "1"), "B": CameraMask((), START, "1")})
    assert board.of("A") == (WINDOW,)
    assert board.of("B") is None
