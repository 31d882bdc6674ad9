"""A clip is told from a copy of it that was encoded again."""

from __future__ import annotations

from pathlib import Path

import av

from smartcity_console.drill.feeds.testcard import write_testcard
from smartcity_console.drill.own_bits import digests_of, examine


def remuxed(source: Path, target: Path) -> Path:
    """Copy the packets into a transport stream: other container, other framing, the same pictures."""
    with av.open(str(source)) as reader, av.open(str(target), "w", format="mpegts") as writer:
        stream = writer.add_stream_from_template(reader.streams.video[0])
        for packet in reader.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                writer.mux(packet)
    return target


def test_the_same_pictures_in_another_container_are_the_cameras_own(tmp_path: Path) -> None:
    source = write_testcard(tmp_path / "a.mp4", seconds=2.0)
    findings = examine(remuxed(source, tmp_path / "a.ts"), digests_of([source]))
    assert findings.good and findings.pictures == 30 and findings.foreign == 0


def test_pictures_encoded_again_are_foreign(tmp_path: Path) -> None:
    source = write_testcard(tmp_path / "a.mp4", seconds=2.0)
    again = write_testcard(tmp_path / "b.mp4", seconds=2.0, keyframe_every=7)
    findings = examine(again, digests_of([source]))
    assert not findings.good and findings.foreign > 0
