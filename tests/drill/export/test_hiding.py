"""Copies in which nobody can be recognised: what moves is coarse, and nothing at all is sharp."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from smartcity_console.drill.export import hiding
from smartcity_console.drill.export.hiding import NotHidden, hide_people
from smartcity_console.drill.feeds.program import SAMPLE_FEEDS
from smartcity_console.drill.feeds.recording import read_recording

Picture = np.ndarray
SECONDS = 10.0


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of the sample's street, people and cars in it, as the file has them."""
    path = tmp_path_factory.mktemp("hiding") / "clip.mp4"
    with av.open(str(SAMPLE_FEEDS / "GN-0002.mp4")) as source, av.open(str(path), "w") as sink:
        stream = source.streams.video[0]
        out = sink.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.pts is not None and float(packet.pts * packet.time_base) < SECONDS:
                packet.stream = out
                sink.mux(packet)
    return path


@pytest.fixture(scope="module")
def copy(clip: Path) -> Path:
    return hide_people(clip, clip.with_name("copy.mp4")).path


def pictures(path: Path) -> list[Picture]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]


def detail(picture: Picture, where: Picture) -> float:
    """How much there is finer than a twelfth of a person's height: variance of the Laplacian."""
    return float(np.var(cv2.Laplacian(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.CV_64F)[where]))


def in_motion(before: Picture, now: Picture) -> Picture:
    """What moves, told another way than the code does: by the difference from a picture two seconds before."""
    apart = cv2.absdiff(before, now).max(axis=2)
    return np.asarray(cv2.morphologyEx((apart > 40).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0)


def test_of_people_and_cars_no_detail_is_left(clip: Path, copy: Path) -> None:
    before, after = pictures(clip), pictures(copy)
    assert len(after) == len(before)
    looked_at = 0
    for n in range(30, len(before) - 30, 15):  # what differs from two seconds before and after is there now
        where = in_motion(before[n - 30], before[n]) & in_motion(before[n + 30], before[n])
        if where.sum() > 200:
            looked_at += 1
            assert detail(after[n], where) < 0.03 * detail(before[n], where)
    assert looked_at >= 3


def test_what_moves_is_covered_with_its_surroundings(clip: Path) -> None:
    """Nothing that an independent look finds moving may lie outside the mask."""
    ground, seen = hiding.background(clip), pictures(clip)
    for n in range(45, len(seen), 30):
        mask = hiding.moving(seen[n], ground) | hiding.moving(seen[n - 30], ground)
        where = in_motion(seen[n - 30], seen[n])
        full = cv2.resize(mask.astype(np.uint8), (seen[n].shape[1], seen[n].shape[0])) > 0
        assert (where & ~full).sum() <= 0.01 * max(200, where.sum())


def test_what_stands_still_is_too_coarse_to_know_anybody_by(copy: Path) -> None:
    picture = pictures(copy)[60]
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (240, height * 240 // width), interpolation=cv2.INTER_AREA)
    back = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    assert float(np.mean(cv2.absdiff(picture, back))) < 4.0


def test_the_copy_can_pose_as_a_camera(copy: Path) -> None:
    with av.open(str(copy)) as container:
        keys = [float(p.pts * p.time_base) for p in container.demux(video=0) if p.size and p.is_keyframe]
        assert not container.streams.audio
    assert [round(key) for key in keys] == [0, 2, 4, 6, 8] and max(abs(k - round(k)) for k in keys) < 0.07
    assert read_recording(copy).codec == "h264"


def test_a_copy_that_is_too_sharp_never_appears(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hiding, "hidden", lambda picture, mask: picture)
    with pytest.raises(NotHidden, match="sharper"):
        hide_people(clip, tmp_path / "copy.mp4")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"no video")
    with pytest.raises(NotHidden):
        hide_people(tmp_path / "clip.mp4", tmp_path / "copy.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]
