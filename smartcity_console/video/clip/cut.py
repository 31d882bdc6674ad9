"""Cuts a clip out of the ring by remuxing, re-opens it, and lets it count only when it holds the camera's own bits."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby, islice, pairwise
from pathlib import Path

import av
import msgspec

from smartcity_console.model.errors import ConsoleError, DiskFull
from smartcity_console.video.clip.check import ClipUnsound, check_clip
from smartcity_console.video.clip.digest import PictureDigest
from smartcity_console.video.clip.mux import TICKS_PER_S, Mp4, NoPlaceInMp4, NotMuxable
from smartcity_console.video.clip.sound import Sound, sound_of
from smartcity_console.video.clip.timeline import (
    Moment,
    decoding_times,
    one_timeline,
    session_anchors_us,
    usual_step,
)
from smartcity_console.video.ring.format import CORRUPT, KEY, SegmentHead, from_us
from smartcity_console.video.ring.reader import GAP_US, RingReader, Taken

_EDGE = timedelta(seconds=1.5)  # a keyframe a second and a picture's delay: nearer to the wish nothing can be
_INDEX_BYTES, _INDEX_BYTES_A_PACKET = (
    16_384,
    40,
)  # at most: stts 8, ctts 8, stsc 12, stsz 4, stss 4, co64 8 (14496-12 8.6, 8.7)

NOT_RECEIVED, OTHER_FORMAT = "nothing was received", "the camera sent another picture format"
_Format = tuple[str, int, int, bytes, int, int]


class ClipEmpty(ConsoleError):
    code = "clip_empty"
    ko = "카메라 {camera_id}: {start}부터 {end}까지 녹화된 영상이 없습니다. 다른 카메라의 영상은 그대로입니다. 구간을 바꾸십시오."
    en = "Camera {camera_id}: nothing was recorded from {start} to {end}. Other cameras are untouched. Choose another span."


class ClipCodec(ConsoleError):
    code = "clip_codec"
    ko = (
        "카메라 {camera_id}은(는) {codec} 형식으로 영상을 보내며, MP4 클립에 담을 수 없습니다. 녹화 원본은 그대로 보존됩니다. "
        "카메라 설정을 H.264 또는 H.265로 바꾸십시오."
    )
    en = (
        "Camera {camera_id} sends {codec}, which an MP4 clip cannot hold. The recording is kept as it is. "
        "Set the camera to H.264 or H.265."
    )


class ClipGap(msgspec.Struct, frozen=True):
    """What was asked for and is not in the clip, and why, in words."""

    start: datetime
    end: datetime
    reason: str


class ClipReport(msgspec.Struct, frozen=True, kw_only=True):
    """A checked clip. `start` and `end` (UTC) are what it really shows; `es_sha256` is the digest over the picture
    units of all packets, equal in the ring and in the file."""

    camera_id: str
    path: Path
    start: datetime
    end: datetime
    packets: int
    keyframes: int
    codec: str
    width_px: int
    height_px: int
    es_sha256: str
    gaps: tuple[ClipGap, ...]
    duration_s: float
    damaged: int = 0  # packets that the recorder marked as not whole
    sound: str = ""  # codec of the kept sound
    sound_frames: int = 0
    sound_sha256: str = ""  # over all its frames
    remarks: tuple[str, ...] = ()  # what is missing or uncertain beside the gaps, in words
    playback: str = ""  # which players want help with its codec, in words


PLAYBACK = {
    "hevc": "H.265: Windows wants its HEVC extension, and not every browser plays it",
    "mjpeg": "MJPEG: browsers do not play it in MP4; VLC does",
    "mpeg4": "MPEG-4 part 2: browsers do not play it; VLC does",
}


class _Note(msgspec.Struct, frozen=True, gc=False):
    """A packet of the first pass, without its payload."""

    head: SegmentHead
    moment: Moment
    pts: int
    flags: int


Choose = Callable[[Sequence[_Note]], tuple[int, int]]
_Asked = tuple[datetime, datetime]


def cut_clip(ring: RingReader, camera_id: str, start: datetime, end: datetime, out_path: Path) -> ClipReport:
    """Write `out_path` from the keyframe before `start` to `end`. Raises ClipEmpty, ClipUnsound, ClipCodec, DiskFull.

    Where the camera changed its picture format, the longest run of one format; `cut_all_formats` gives every run. The
    file appears only when it has passed the check. Two passes over the ring, so that a long clip needs no memory.
    """
    return _checked(ring, camera_id, (start, end), out_path, longest_run)


def cut_all_formats(
    ring: RingReader, camera_id: str, start: datetime, end: datetime, out_path: Path
) -> list[ClipReport]:
    """Write one file for each run of one picture format: `out_path`, then `…-2.mp4`, and so on. Raises as `cut_clip`.

    What another of the files shows is no gap; what none of them does is told with the one before it.
    """
    notes = _survey(ring.headers(camera_id, start, end), camera_id, start, end)
    reports = []
    for number in range(len(format_runs(notes))):
        path = out_path if number == 0 else out_path.with_name(f"{out_path.stem}-{number + 1}{out_path.suffix}")
        reports.append(_checked(ring, camera_id, (start, end), path, partial(_run_number, number)))
    return _gaps_of_all(reports)


def _gaps_of_all(reports: Sequence[ClipReport]) -> list[ClipReport]:
    """Return the reports with the gaps that the files have together."""
    told = []
    for number, report in enumerate(reports):
        gaps = [gap for gap in report.gaps if gap.reason != OTHER_FORMAT]
        after = reports[number + 1] if number + 1 < len(reports) else None
        if after is not None and after.start - report.end > _EDGE:
            gaps.append(ClipGap(report.end, after.start, NOT_RECEIVED))
        told.append(msgspec.structs.replace(report, gaps=tuple(gaps)))
    return told


def cut_cameras(
    ring: RingReader, camera_ids: Sequence[str], start: datetime, end: datetime, folder: Path
) -> tuple[list[ClipReport], dict[str, ConsoleError]]:
    """Cut the same span of several cameras into `folder`; one that cannot be cut costs the others nothing and is told."""
    reports: list[ClipReport] = []
    failed: dict[str, ConsoleError] = {}
    for camera_id in camera_ids:
        try:
            reports += cut_all_formats(ring, camera_id, start, end, folder / clip_name(camera_ids, camera_id))
        except ConsoleError as error:
            failed[camera_id] = error
    return reports, failed


def clip_name(camera_ids: Sequence[str], camera_id: str) -> str:
    """Return the name of a camera's file among those of several: its place and its id, `02-GN-0007.mp4`."""
    plain = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in camera_id)
    return f"{camera_ids.index(camera_id) + 1:02}-{plain[:60]}.mp4"


def _checked(ring: RingReader, camera_id: str, span: _Asked, out_path: Path, choose: Choose) -> ClipReport:
    unfinished = out_path.with_name(out_path.name + ".part")
    try:
        report = remux_clip(ring, camera_id, *span, unfinished, choose)
        sound = (report.sound_frames, report.sound_sha256) if report.sound else None
        check_clip(unfinished, report.codec, packets=report.packets, es_sha256=report.es_sha256, sound=sound)
        unfinished.replace(out_path)
    except OSError as error:
        raise _told(error, camera_id, out_path) from error
    except NoPlaceInMp4 as error:
        raise ClipCodec(camera_id=camera_id, codec=error.codec) from error
    except (av.FFmpegError, NotMuxable) as error:
        raise ClipUnsound(camera_id=camera_id, why=str(error)) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return msgspec.structs.replace(report, path=out_path)


def remux_clip(
    ring: RingReader,
    camera_id: str,
    start: datetime,
    end: datetime,
    out_path: Path,
    choose: Choose | None = None,
) -> ClipReport:
    """Write the clip without checking it: for `cut_clip` and for measuring.

    Raises ClipEmpty, ClipUnsound, NotMuxable, NoPlaceInMp4, av.FFmpegError, OSError.
    """
    for source in (ring.headers, ring.packets):  # headers are quicker to survey; damaged payloads show only on reading
        notes = _survey(source(camera_id, start, end), camera_id, start, end)
        first, count = (choose or longest_run)(notes)
        chosen = notes[first : first + count]
        placed = one_timeline([note.moment for note in chosen], TICKS_PER_S)
        aside = ring.aside(camera_id, start, end) if chosen[0].head.audio else ()
        sound, remark = sound_of(aside, [note.moment for note in chosen], placed)
        with PictureDigest(chosen[0].head.codec) as pictures:
            packets = islice(ring.packets(camera_id, start, end), first, first + count)
            if _write(out_path, camera_id, (chosen, placed), _taken_in(packets, pictures), sound):
                report = _report(camera_id, out_path, notes, (chosen, placed), pictures.hexdigest(), start, end)
                return _with_sound(report, sound, remark)
    raise ClipUnsound(camera_id=camera_id, why="the ring dropped the span while it was being cut")


def _survey(taken: Iterable[Taken], camera_id: str, start: datetime, end: datetime) -> list[_Note]:
    notes = [_note(t) for t in taken]
    if not notes:
        raise ClipEmpty(camera_id=camera_id, start=start.isoformat(), end=end.isoformat())
    return notes


def _with_sound(report: ClipReport, sound: Sound | None, remark: str) -> ClipReport:
    remarks = (remark,) if remark else ()
    if sound is None:
        return msgspec.structs.replace(report, remarks=remarks)
    digest = hashlib.sha256()
    for _, frame in sound.frames:
        digest.update(frame)
    return msgspec.structs.replace(
        report,
        sound=sound.head.codec,
        sound_frames=len(sound.frames),
        sound_sha256=digest.hexdigest(),
        remarks=remarks,
    )


def _taken_in(packets: Iterable[Taken], pictures: PictureDigest) -> Iterator[Taken]:
    for taken in packets:
        pictures.add(taken.record.payload)
        yield taken


def _note(taken: Taken) -> _Note:
    record, head = taken.record, taken.head
    # Whole numbers: a Fraction for each packet costs more than the packet.
    scaled = record.pts * head.time_base_num * TICKS_PER_S
    ticks = (2 * scaled + head.time_base_den) // (2 * head.time_base_den)
    return _Note(head, Moment(taken.head.session, ticks, record.utc_us), record.pts, record.flags)


def _told(error: OSError, camera_id: str, out_path: Path) -> ConsoleError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(path=out_path.parent, free_mib=0)
    return ClipUnsound(camera_id=camera_id, why=error.strerror or str(error))


def _format(note: _Note) -> _Format:
    head = note.head
    return (head.codec, head.width_px, head.height_px, head.extradata, head.time_base_num, head.time_base_den)


def format_runs(notes: Sequence[_Note]) -> list[tuple[int, int]]:
    """Return (first, count) of each run of one picture format, in order: an MP4 has one head."""
    runs, at = [], 0
    for _, group in groupby(notes, key=_format):
        count = sum(1 for _ in group)
        runs.append((at, count))
        at += count
    return runs


def longest_run(notes: Sequence[_Note]) -> tuple[int, int]:
    """Return the longest run of one picture format, the latest of equals."""
    return max(format_runs(notes), key=lambda run: (run[1], run[0]))


def _run_number(number: int, notes: Sequence[_Note]) -> tuple[int, int]:
    runs = format_runs(notes)
    return runs[min(number, len(runs) - 1)]


def _write(
    path: Path,
    camera_id: str,
    chosen: tuple[Sequence[_Note], Sequence[int]],
    packets: Iterator[Taken],
    sound: Sound | None,
) -> bool:
    """Remux the packets; False when they are not those that were noted."""
    notes, pts = chosen
    dts, step = decoding_times(pts), usual_step(pts)
    frames = list(reversed(sound.frames)) if sound else []
    head, mp4, number = notes[0].head, None, -1
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        for number, taken in enumerate(packets):
            if (taken.record.utc_us, taken.record.pts) != (notes[number].moment.utc_us, notes[number].pts):
                return False
            payload = taken.record.payload
            if mp4 is None:
                mp4 = _begin(path, (head, payload), camera_id, from_us(notes[0].moment.utc_us), len(notes), sound)
            mp4.add(payload, max(pts[number], dts[number]), dts[number], taken.record.is_key, step)
            while frames and frames[-1][0] <= pts[number]:
                at, frame = frames.pop()
                mp4.add_sound(frame, at)
        while frames and mp4 is not None:
            at, frame = frames.pop()
            mp4.add_sound(frame, at)
    finally:
        if mp4 is not None:
            mp4.close()
    return number + 1 == len(notes)


def _begin(
    path: Path, first: tuple[SegmentHead, bytes], camera_id: str, at: datetime, packets: int, sound: Sound | None
) -> Mp4:
    """Begin a file whose index has its place in front: a browser plays before it has all, and nothing is moved after."""
    entries = packets + (len(sound.frames) if sound else 0)
    options = {"moov_size": str(_INDEX_BYTES + _INDEX_BYTES_A_PACKET * entries)}
    mp4 = Mp4(str(path), *first, options, sound)
    mp4.container.metadata["creation_time"] = at.isoformat().replace("+00:00", "Z")
    mp4.container.metadata["title"] = camera_id
    mp4.begin()
    return mp4


def _report(
    camera_id: str,
    path: Path,
    notes: Sequence[_Note],
    run: tuple[Sequence[_Note], Sequence[int]],
    digest: str,
    start: datetime,
    end: datetime,
) -> ClipReport:
    chosen, pts = run
    head, moments = chosen[0].head, [note.moment for note in chosen]
    shown_from, shown_to = _shown_span(moments)
    return ClipReport(
        camera_id=camera_id,
        path=path,
        start=shown_from,
        end=shown_to,
        packets=len(chosen),
        damaged=sum(bool(note.flags & CORRUPT) for note in chosen),
        keyframes=sum(bool(note.flags & KEY) for note in chosen),
        codec=head.codec,
        width_px=head.width_px,
        height_px=head.height_px,
        es_sha256=digest,
        gaps=tuple(_gaps(notes, chosen, (shown_from, shown_to), (start, end))),
        playback=PLAYBACK.get(head.codec, ""),
        duration_s=(max(pts) + usual_step(pts)) / TICKS_PER_S,
    )


def _shown_span(moments: Sequence[Moment]) -> tuple[datetime, datetime]:
    """Return when the first and the last picture were taken, as the least delayed packet of each connection tells it."""
    anchors = session_anchors_us(moments, TICKS_PER_S)
    taken_us = [round(anchors[m.session] + m.pts * 1e6 / TICKS_PER_S) for m in moments]
    return from_us(min(taken_us)), from_us(max(taken_us))


def _gaps(
    notes: Sequence[_Note],
    chosen: Sequence[_Note],
    shown: tuple[datetime, datetime],
    asked: tuple[datetime, datetime],
) -> Iterator[ClipGap]:
    """Say what is missing: before, after, between, and what had another picture format."""
    if shown[0] - asked[0] > _EDGE:
        yield ClipGap(asked[0], shown[0], _edge_reason(notes[0] is chosen[0]))
    for before, after in pairwise(chosen):
        if after.moment.utc_us - before.moment.utc_us >= GAP_US:
            yield ClipGap(from_us(before.moment.utc_us), from_us(after.moment.utc_us), NOT_RECEIVED)
    if asked[1] - shown[1] > _EDGE:
        yield ClipGap(shown[1], asked[1], _edge_reason(notes[-1] is chosen[-1]))


def _edge_reason(is_edge_of_recording: bool) -> str:
    return "nothing was recorded" if is_edge_of_recording else OTHER_FORMAT
