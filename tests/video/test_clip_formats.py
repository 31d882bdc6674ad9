"""Clips of what is not plain H.264: sound, MJPEG, a codec without a place, a camera that changes its format, H.265."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame

from smartcity_console.drill.feeds.testcard import write_testcard
from smartcity_console.video.clip import (
    ClipCodec,
    ClipEmpty,
    ClipUnsound,
    check_clip,
    clip_name,
    cut_all_formats,
    cut_cameras,
    cut_clip,
    elementary_digest,
    sound_digest,
)
from smartcity_console.video.clip.cut import OTHER_FORMAT
from smartcity_console.video.nal import annexb_parameters, picture_units, split_annexb
from smartcity_console.video.ring import AudioHead, Record, RingReader, RingWriter, SegmentHead
from smartcity_console.video.ring.format import AUDIO, KEY, NO_DTS, to_us

START = datetime(2026, 11, 23, 5, 0, 0, tzinfo=UTC)
END = START + timedelta(minutes=5)
FPS = 15
RATE_HZ = 16_000


def pictures(file: Path) -> tuple[SegmentHead, list[Record]]:
    """Return a file's pictures as a camera sends them, received in step with their own times."""
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        codec, extradata = context.name, bytes(context.extradata or b"")
        annexb = av.BitStreamFilterContext(f"{codec}_mp4toannexb", stream) if codec in ("h264", "hevc") else None
        records = []
        for packet in container.demux(stream):
            for made in (annexb.filter(packet) if annexb else [packet]) if packet.size else []:
                payload = bytes(made)
                if annexb:
                    units = picture_units(codec, split_annexb(payload))
                    payload = b"".join(b"\x00\x00\x00\x01" + unit for unit in units)
                pts = round(made.pts * made.time_base * 90_000)
                received_us = to_us(START) + pts * 100 // 9
                records.append(Record(payload, KEY * made.is_keyframe | NO_DTS, pts, pts, received_us, 0))
    sets = annexb_parameters(codec, extradata) if annexb else b""
    return SegmentHead("A", "s1", codec, context.width, context.height, 1, 90_000, sets), records


def aac(seconds: float) -> tuple[AudioHead, list[Record]]:
    """Return a tone as a camera sends it: AAC with its configuration out of band."""
    codec = av.CodecContext.create("aac", "w")
    codec.sample_rate, codec.layout, codec.format = RATE_HZ, "mono", "fltp"
    codec.time_base = Fraction(1, RATE_HZ)
    records = []
    for number in range(round(seconds * RATE_HZ / 1024)):
        wave = np.sin(np.arange(1024) * 0.2 + number).astype(np.float32).reshape(1, -1)
        frame = AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, number * 1024, Fraction(1, RATE_HZ)
        for packet in codec.encode(frame):
            at = len(records) * 1024
            records.append(Record(bytes(packet), AUDIO, at, at, to_us(START) + at * 1_000_000 // RATE_HZ, 0))
    return AudioHead("aac", RATE_HZ, 1, RATE_HZ, bytes(codec.extradata or b"")), records


def record_into(root: Path, head: SegmentHead, records: list[Record]) -> RingReader:
    with RingWriter(root, head.camera_id, 2.0) as writer:
        for record in records:
            writer.append(head, record)
    return RingReader(root)


def with_sound(
    head: SegmentHead, audio: AudioHead, seen: list[Record], heard: list[Record]
) -> tuple[SegmentHead, list[Record]]:
    facts = {name: getattr(head, name) for name in SegmentHead.__struct_fields__} | {"audio": audio}
    return SegmentHead(**facts), sorted([*seen, *heard], key=lambda r: (r.utc_us, r.flags & AUDIO))


def streams(path: Path) -> dict[str, dict[str, str]]:
    """Ask ffprobe, which is not our library."""
    wish = [
        "-count_packets",
        "-show_entries",
        "stream=codec_type,codec_name,codec_tag_string,nb_read_packets,start_time",
    ]
    out = subprocess.run(["ffprobe", "-v", "error", *wish, "-of", "json", str(path)], capture_output=True, check=True)
    assert out.stderr == b""
    return {stream["codec_type"]: stream for stream in json.loads(out.stdout)["streams"]}


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_sound_is_kept_as_it_came(tmp_path: Path, codec: str) -> None:
    head, seen = pictures(write_testcard(tmp_path / "card.mp4", codec=codec, seconds=4.0))
    audio, heard = aac(4.0)
    ring = record_into(tmp_path / "ring", *with_sound(head, audio, seen, heard))
    report = cut_clip(ring, "A", START + timedelta(seconds=1), END, tmp_path / "clip.mp4")
    assert (report.packets, report.sound) == (45, "aac")
    found = streams(report.path)
    assert found["audio"]["codec_name"] == "aac"
    assert int(found["audio"]["nb_read_packets"]) == report.sound_frames >= 40
    assert sound_digest(report.path) == (report.sound_frames, report.sound_sha256)
    assert elementary_digest(report.path) == (45, report.es_sha256)
    assert abs(float(found["audio"]["start_time"]) - float(found["video"]["start_time"])) < 0.1
    with av.open(str(report.path)) as container:
        assert sum(1 for _ in container.decode(audio=0)) >= 40
    with pytest.raises(ClipUnsound, match="sound"):
        check_clip(
            report.path, report.codec, packets=45, es_sha256=report.es_sha256, sound=(report.sound_frames, "0" * 64)
        )


def test_g711_has_no_place_in_mp4_and_that_is_said(tmp_path: Path) -> None:
    head, seen = pictures(write_testcard(tmp_path / "card.mp4", seconds=2.0))
    heard = [Record(b"\x55" * 320, AUDIO, n * 320, n * 320, to_us(START) + n * 40_000, 0) for n in range(50)]
    ring = record_into(tmp_path / "ring", *with_sound(head, AudioHead("pcm_alaw", 8000, 1, 8000), seen, heard))
    report = cut_clip(ring, "A", START, END, tmp_path / "clip.mp4")
    assert (report.packets, report.sound) == (30, "")
    assert report.remarks == ("sound not kept: MP4 has no place for G.711 (PCMA)",)
    assert set(streams(report.path)) == {"video"}


def test_sound_changes_nothing_for_who_reads_pictures(tmp_path: Path) -> None:
    head, seen = pictures(write_testcard(tmp_path / "card.mp4", seconds=2.0))
    audio, heard = aac(2.0)
    ring = record_into(tmp_path / "ring", *with_sound(head, audio, seen, heard))
    assert [t.record for t in ring.packets("A", START, END)] == seen
    assert [t.record for t in ring.aside("A", START, END)] == heard
    tail = ring.follow("A")
    assert all(t.record.is_picture for t in tail.read())
    tail.close()


def test_mjpeg_is_cut_as_it_is_and_said(tmp_path: Path) -> None:
    head, seen = pictures(write_testcard(tmp_path / "card.avi", codec="mjpeg", seconds=2.0))
    ring = record_into(tmp_path / "ring", head, seen)
    report = cut_clip(ring, "A", START, END, tmp_path / "clip.mp4")
    found = streams(report.path)["video"]
    assert (found["codec_name"], found["codec_tag_string"], found["nb_read_packets"]) == ("mjpeg", "mp4v", "30")
    assert "MJPEG" in report.playback
    with av.open(str(report.path)) as container:
        assert [bytes(p) for p in container.demux(video=0) if p.size] == [r.payload for r in seen]


def test_the_last_picture_lasts_too(tmp_path: Path) -> None:
    """A camera that counts pictures instead of time: its last one must not fall out of the file's edit list."""
    head, seen = pictures(write_testcard(tmp_path / "card.avi", codec="mjpeg", seconds=2.0))
    facts = {name: getattr(head, name) for name in SegmentHead.__struct_fields__} | {"time_base_den": 25}
    counted = [Record(r.payload, r.flags, n, n, to_us(START) + n * 40_000, 0) for n, r in enumerate(seen)]
    ring = record_into(tmp_path / "ring", SegmentHead(**facts), counted)
    report = cut_clip(ring, "A", START, END, tmp_path / "clip.mp4")
    assert int(streams(report.path)["video"]["nb_read_packets"]) == report.packets == 30


def test_a_codec_without_a_place_is_named_with_what_to_do(tmp_path: Path) -> None:
    head = SegmentHead("A", "s1", "vp6", 320, 180, 1, 90_000)
    ring = record_into(tmp_path / "ring", head, [Record(b"x", KEY, 0, 0, to_us(START), 0)])
    with pytest.raises(ClipCodec, match=r"vp6.*H\.264"):
        cut_clip(ring, "A", START, END, tmp_path / "clip.mp4")
    assert not list(tmp_path.glob("clip*"))


def test_a_changed_format_gives_a_file_for_each(tmp_path: Path) -> None:
    first, seen = pictures(write_testcard(tmp_path / "one.mp4", seconds=2.0))
    second, later = pictures(write_testcard(tmp_path / "two.mp4", codec="libx265", seconds=3.0, size=(160, 96)))
    record_into(tmp_path / "ring", first, seen)
    shifted = [Record(r.payload, r.flags, r.pts, r.dts, r.utc_us + 2_100_000, 0) for r in later]
    facts = {name: getattr(second, name) for name in SegmentHead.__struct_fields__} | {"session": "s2"}
    ring = record_into(tmp_path / "ring", SegmentHead(**facts), shifted)
    reports = cut_all_formats(ring, "A", START, END, tmp_path / "clip.mp4")
    assert [(r.path.name, r.codec, r.packets) for r in reports] == [
        ("clip.mp4", "h264", 30),
        ("clip-2.mp4", "hevc", 45),
    ]
    assert all(elementary_digest(r.path) == (r.packets, r.es_sha256) for r in reports)
    assert [gap.reason for gap in reports[0].gaps] == []
    assert [gap.reason for gap in reports[1].gaps] == ["nothing was recorded"]
    assert cut_clip(ring, "A", START, END, tmp_path / "alone.mp4").gaps[0].reason == OTHER_FORMAT
    assert cut_clip(ring, "A", START, END, tmp_path / "longest.mp4").codec == "hevc"


def test_what_lies_between_two_formats_is_a_gap(tmp_path: Path) -> None:
    first, seen = pictures(write_testcard(tmp_path / "one.mp4", seconds=2.0))
    second, later = pictures(write_testcard(tmp_path / "two.mp4", seconds=2.0, size=(160, 96)))
    record_into(tmp_path / "ring", first, seen)
    shifted = [Record(r.payload, r.flags, r.pts, r.dts, r.utc_us + 12_000_000, 0) for r in later]
    facts = {name: getattr(second, name) for name in SegmentHead.__struct_fields__} | {"session": "s2"}
    ring = record_into(tmp_path / "ring", SegmentHead(**facts), shifted)
    one, other = cut_all_formats(ring, "A", START, START + timedelta(seconds=14), tmp_path / "clip.mp4")
    (gap,) = one.gaps
    assert (gap.start, gap.end, gap.reason) == (one.end, other.start, "nothing was received")
    assert other.gaps == ()


def test_names_of_files_are_plain() -> None:
    assert clip_name(["GN-0001", "../x y"], "../x y") == "02-___x_y.mp4"


def test_one_camera_without_a_recording_costs_the_others_nothing(tmp_path: Path) -> None:
    ring = record_into(tmp_path / "ring", *pictures(write_testcard(tmp_path / "one.mp4", seconds=2.0)))
    reports, failed = cut_cameras(ring, ["B", "A"], START, END, tmp_path / "out")
    assert [(r.camera_id, r.packets, r.path.name) for r in reports] == [("A", 30, "02-A.mp4")]
    assert list(failed) == ["B"]
    assert isinstance(failed["B"], ClipEmpty)
