"""Clips: the camera's own bits, cut where asked, gaps told, nothing counted that fails its check."""

from __future__ import annotations

import hashlib
import json
import subprocess
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import av
import pytest

from smartcity_console.drill.feeds.testcard import number_shown, write_testcard
from smartcity_console.video.clip import ClipEmpty, ClipUnsound, cut_clip, elementary_digest
from smartcity_console.video.clip.check import check_clip
from smartcity_console.video.clip.timeline import Moment, decoding_times, one_timeline, reorder_depth
from smartcity_console.video.nal import annexb_parameters, mime_codec, picture_units, split_annexb
from smartcity_console.video.ring import Record, RingReader, RingWriter, SegmentHead
from smartcity_console.video.ring.format import KEY, NO_DTS, to_us

START = datetime(2026, 11, 23, 5, 0, 0, tzinfo=UTC)
FPS = 15


def camera_packets(file: Path) -> tuple[SegmentHead, list[Record]]:
    """Return what a camera playing the file once would give: Annex B, parameter sets out of band, times from zero."""
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        codec = stream.codec_context.name
        size = stream.codec_context.width, stream.codec_context.height
        extradata = annexb_parameters(codec, bytes(stream.codec_context.extradata or b""))
        to_annexb = av.BitStreamFilterContext(f"{codec}_mp4toannexb", stream)
        records = []
        for packet in container.demux(stream):
            for made in to_annexb.filter(packet) if packet.size else []:
                units = picture_units(codec, split_annexb(bytes(made)))
                payload = b"".join(b"\x00\x00\x00\x01" + unit for unit in units)
                pts = round(made.pts * made.time_base * 90_000)
                records.append(Record(payload, KEY * made.is_keyframe | NO_DTS, pts, pts, 0, 0))
    return SegmentHead("A", "s1", codec, *size, 1, 90_000, extradata), records


def record_into(
    root: Path, head: SegmentHead, records: list[Record], begin_s: float = 0.0, session: str = "s1", burst: int = 0
) -> None:
    """Put the packets into the ring as if received live from `begin_s` on, the first `burst` of them all at once."""
    facts = {name: getattr(head, name) for name in SegmentHead.__struct_fields__} | {"session": session}
    with RingWriter(root, "A", 2.0) as writer:
        for number, r in enumerate(records):
            at_us = to_us(START) + round((begin_s + max(0, number - burst) / FPS) * 1e6)
            writer.append(SegmentHead(**facts), Record(r.payload, r.flags, r.pts, r.dts, at_us, number))


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def shown_numbers(path: Path) -> list[int]:
    with av.open(str(path)) as container:
        return [number_shown(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]


def probe(path: Path) -> dict[str, object]:
    """Ask ffprobe, which is not our library, about the file."""
    wish = ["-show_entries", "stream=codec_name,codec_tag_string,nb_frames,duration", "-of", "json"]
    out = subprocess.run(["ffprobe", "-v", "error", *wish, str(path)], capture_output=True, check=True, timeout=20)
    assert out.stderr == b""
    stream: dict[str, object] = json.loads(out.stdout)["streams"][0]
    return stream


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_testcard(tmp_path_factory.mktemp("clip") / "card.mp4", seconds=8.0)


@pytest.fixture
def ring(tmp_path: Path, card: Path) -> RingReader:
    record_into(tmp_path / "ring", *camera_packets(card))
    return RingReader(tmp_path / "ring")


def test_a_clip_is_the_cameras_own_bits(ring: RingReader, card: Path, tmp_path: Path) -> None:
    report = cut_clip(ring, "A", at(2.5), at(5.0), tmp_path / "clip.mp4")
    _, records = camera_packets(card)
    wanted = hashlib.sha256()
    for record in records[30:76]:  # from the keyframe at 2.0 s to the packet received at 5.0 s
        for unit in split_annexb(record.payload):
            wanted.update(unit)
    assert report.es_sha256 == wanted.hexdigest()
    assert elementary_digest(report.path) == (46, report.es_sha256)
    assert (report.packets, report.keyframes, report.codec) == (46, 4, "h264")
    assert (report.width_px, report.height_px) == (320, 180)
    assert (report.start, report.end) == (at(2.0), at(5.0))
    assert report.gaps == ()
    assert report.duration_s == pytest.approx(46 / FPS)
    assert shown_numbers(report.path) == list(range(30, 76))
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(("codec", "tag"), [("libx264", "avc1"), ("libx265", "hvc1")])
@pytest.mark.parametrize("b_pictures", [0, 2])
def test_other_players_accept_it(tmp_path: Path, codec: str, tag: str, b_pictures: int) -> None:
    file = write_testcard(tmp_path / "card.mp4", codec=codec, seconds=3.0, b_pictures=b_pictures)
    record_into(tmp_path / "ring", *camera_packets(file))
    report = cut_clip(RingReader(tmp_path / "ring"), "A", at(0), at(9), tmp_path / "clip.mp4")
    facts = probe(report.path)
    assert (facts["codec_tag_string"], facts["nb_frames"]) == (tag, "45")
    assert float(str(facts["duration"])) == pytest.approx(3.0, abs=0.1)
    assert shown_numbers(report.path) == list(range(45))
    data = report.path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")  # a browser can begin before the whole file is there


def test_a_burst_at_the_beginning_does_not_move_the_times(tmp_path: Path, card: Path) -> None:
    record_into(tmp_path / "ring", *camera_packets(card), begin_s=1.0, burst=14)  # a group of pictures at once
    report = cut_clip(RingReader(tmp_path / "ring"), "A", at(0.0), at(99), tmp_path / "clip.mp4")
    assert (report.start - at(1.0 - 14 / FPS)).total_seconds() == pytest.approx(0.0, abs=0.01)


def test_gaps_are_told_and_the_time_line_keeps_them(tmp_path: Path, card: Path) -> None:
    head, records = camera_packets(card)
    record_into(tmp_path / "ring", head, records[:45])
    record_into(tmp_path / "ring", head, records[:45], begin_s=10.0, session="s2")
    report = cut_clip(RingReader(tmp_path / "ring"), "A", at(-30), at(60), tmp_path / "clip.mp4")
    assert [g.reason for g in report.gaps] == ["nothing was recorded", "nothing was received", "nothing was recorded"]
    middle = report.gaps[1]
    assert (middle.start, middle.end) == (at(44 / FPS).replace(microsecond=middle.start.microsecond), at(10.0))
    assert report.packets == 90
    assert report.duration_s == pytest.approx(10.0 + 3.0, abs=0.01)
    assert shown_numbers(report.path) == [*range(45), *range(45)]


def test_a_change_of_format_gives_the_longer_part_and_says_so(tmp_path: Path, card: Path) -> None:
    head, records = camera_packets(card)
    small = write_testcard(tmp_path / "small.mp4", seconds=2.0, size=(160, 96))
    record_into(tmp_path / "ring", *camera_packets(small))
    record_into(tmp_path / "ring", head, records, begin_s=2.0, session="s2")
    report = cut_clip(RingReader(tmp_path / "ring"), "A", at(0), at(10), tmp_path / "clip.mp4")
    assert (report.packets, report.width_px) == (120, 320)
    assert [g.reason for g in report.gaps] == ["the camera sent another picture format"]


def test_nothing_recorded(ring: RingReader, tmp_path: Path) -> None:
    for camera, start, end in (("A", at(100), at(200)), ("B", at(0), at(5)), ("A", at(5), at(1))):
        with pytest.raises(ClipEmpty):
            cut_clip(ring, camera, start, end, tmp_path / "clip.mp4")
    assert not list(tmp_path.glob("clip*"))


def test_a_stream_without_parameter_sets_is_refused(tmp_path: Path, card: Path) -> None:
    head, records = camera_packets(card)
    bare = SegmentHead("A", "s1", "h264", head.width_px, head.height_px, 1, 90_000, b"")
    record_into(tmp_path / "ring", bare, records)
    with pytest.raises(ClipUnsound):
        cut_clip(RingReader(tmp_path / "ring"), "A", at(0), at(5), tmp_path / "clip.mp4")
    assert not list(tmp_path.glob("clip*"))


def test_parameter_sets_in_band_only_are_enough(tmp_path: Path, card: Path) -> None:
    head, records = camera_packets(card)
    in_band = [Record(head.extradata * r.is_key + r.payload, r.flags, r.pts, r.dts, 0, 0) for r in records]
    bare = SegmentHead("A", "s1", "h264", head.width_px, head.height_px, 1, 90_000, b"")
    record_into(tmp_path / "ring", bare, in_band)
    report = cut_clip(RingReader(tmp_path / "ring"), "A", at(0), at(4), tmp_path / "clip.mp4")
    assert shown_numbers(report.path) == list(range(61))


def test_the_check_notices_one_changed_bit(ring: RingReader, tmp_path: Path) -> None:
    report = cut_clip(ring, "A", at(0), at(3), tmp_path / "clip.mp4")
    data = bytearray(report.path.read_bytes())
    data[-100] ^= 1
    report.path.write_bytes(data)
    with pytest.raises(ClipUnsound, match="not the recorded ones"):
        check_clip(report.path, "h264", packets=report.packets, es_sha256=report.es_sha256)
    with pytest.raises(ClipUnsound, match="instead of"):
        check_clip(report.path, "h264", packets=report.packets + 1, es_sha256=report.es_sha256)


@pytest.mark.parametrize(
    "pts",
    [
        [0, 1, 2, 3],
        [0, 3, 1, 2, 6, 4, 5],
        [0, 4, 2, 1, 3, 8, 6, 5, 7],
        [5],
        [0, 0, 1, 1],
        [9, 8, 7, 6],
        [5, 3, 4, 8, 6, 7],
    ],
)
def test_decoding_times_rise_and_never_pass_the_picture(pts: list[int]) -> None:
    scaled = [p * 3000 for p in pts]
    dts = decoding_times(scaled)
    assert all(b > a for a, b in pairwise(dts))
    if len(set(pts)) == len(pts):
        assert all(d <= p for d, p in zip(dts, scaled, strict=True))


def test_reorder_depth() -> None:
    assert [reorder_depth(p) for p in ([], [0, 1, 2], [0, 3, 1, 2], [0, 4, 2, 1, 3])] == [0, 0, 1, 2]


def test_a_connection_never_lies_over_the_one_before() -> None:
    before = [Moment("a", n * 6000, n * 66_667) for n in range(30)]
    after = [Moment("b", n * 6000, 30 * 66_667 + 10_000) for n in range(15)]  # a burst of what was sent before already
    times = one_timeline(before + after, 90_000)
    assert times == sorted(set(times))


def test_the_codec_is_named_as_browsers_want_it(card: Path) -> None:
    head, _ = camera_packets(card)
    with av.open(str(card)) as container:
        avcc = bytes(container.streams.video[0].codec_context.extradata or b"")
    assert mime_codec("h264", head.extradata) == mime_codec("h264", avcc) == f"avc1.{avcc[1:4].hex().upper()}"
    with pytest.raises(ValueError, match="sequence parameter set"):
        mime_codec("h264", b"")
