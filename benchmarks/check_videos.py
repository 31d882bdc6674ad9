"""Do recordings of all kinds play, record and clip? For each file of a folder, and for an H.265 transcode of each:

    python benchmarks/check_videos.py FOLDER [--seconds 12]

the feeds program serves it as an RTSP camera, the recorder records it, a clip is cut out of the ring and decoded whole. The
clip's picture units must be the source's own, in order, with the same SHA-256 over them. A codec that no camera sends is
converted to H.264 by the feeds first; then the converted file is the source. Prints one JSON line; exit code 1 when one fails.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av

from smartcity_console.clock import SystemClock
from smartcity_console.drill.feeds import run_feeds
from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import read_announcement
from smartcity_console.settings import Settings
from smartcity_console.video.clip import cut_clip
from smartcity_console.video.nal import picture_units, split_annexb, split_sample
from smartcity_console.video.recorder import Recorder
from smartcity_console.video.ring import RingReader
from smartcity_console.video.ring.reader import read_segment

VIDEO = {".mp4", ".avi", ".mkv", ".mov", ".ts", ".webm", ".m4v"}
START_LIMIT_S = 600.0


def main(argv: list[str] | None = None) -> dict[str, Any]:
    args = _arguments(argv)
    with tempfile.TemporaryDirectory() as made:
        work = Path(made)
        files = prepare(args.folder, work / "feeds", args.seconds)
        results = check(work, files, args.seconds)
    outcome = {"ok": all(r["ok"] for r in results) and bool(results), "files": results}
    print(json.dumps(outcome, ensure_ascii=False))
    return outcome


def prepare(folder: Path, feeds: Path, seconds: float) -> dict[str, Path]:
    """Lay the files and their transcodes out as cameras; return file by camera."""
    feeds.mkdir(parents=True)
    files: dict[str, Path] = {}
    for number, source in enumerate(sorted(f for f in folder.iterdir() if f.suffix.lower() in VIDEO)):
        copy = feeds / source.name
        copy.symlink_to(source.resolve())
        files[f"V{number}"] = copy
        files[f"V{number}-265"] = as_h265(source, feeds / f"{source.stem}.h265.mp4", seconds)
    lines = [f'[[feed]]\nfile = "{file.name}"\ncamera = "{camera}"\n' for camera, file in files.items()]
    (feeds / "feeds.toml").write_text("".join(lines), "utf-8")
    return files


def as_h265(source: Path, out: Path, seconds: float) -> Path:
    codec = [
        "-c:v",
        "libx265",
        "-preset",
        "ultrafast",
        "-x265-params",
        "log-level=none:keyint=25",
        "-pix_fmt",
        "yuv420p",
    ]
    command = ["ffmpeg", "-loglevel", "error", "-nostdin", "-y", "-i", str(source), "-t", str(seconds), "-an", *codec]
    subprocess.run([*command, "-tag:v", "hvc1", str(out)], check=True)
    return out


def check(work: Path, files: dict[str, Path], seconds: float) -> list[dict[str, Any]]:
    ring_root, clock = work / "ring", SystemClock()
    with served(work / "workspace", work / "feeds") as url:
        recorder = Recorder(ring_root, Settings(), clock, lambda _: None)
        recorder.update({camera: f"{url}/{camera}" for camera in files})
        began = clock.now()
        recorder.start()
        try:
            end_s = time.monotonic() + 60 + seconds
            while time.monotonic() < end_s and not all(_length_s(ring_root, c) >= seconds for c in files):
                time.sleep(0.5)
        finally:
            recorder.stop()
    reader, until = RingReader(ring_root), clock.now()
    cache = work / "workspace"
    return [
        _result(reader, camera, file, (began, until), work / f"{camera}.mp4", cache) for camera, file in files.items()
    ]


def _result(reader: RingReader, camera: str, file: Path, span: Any, out: Path, cache: Path) -> dict[str, Any]:
    facts: dict[str, Any] = {"file": file.name, "ok": False}
    try:
        report = cut_clip(reader, camera, *span, out)
    except ConsoleError as error:
        return facts | {"why": str(error)}
    source = _source(file, cache)
    stored, cut = units_of(source), units_of(out)
    recorded = [
        picture_units(report.codec, split_annexb(t.record.payload))
        for p in reader.paths(camera)
        for t in read_segment(p)
    ]
    wanted = _following(stored, cut[0], len(cut))
    digest = hashlib.sha256(b"".join(unit for units in wanted for unit in units)).hexdigest()
    decoded = _decoded(out)
    checks = {
        "played": decoded == report.packets,
        "recorded": recorded == _following(stored, recorded[0], len(recorded)),
        "clipped": cut == wanted and report.es_sha256 == digest,
    }
    told = {"codec": report.codec, "packets": report.packets, "decoded": decoded, "es_sha256": report.es_sha256}
    return facts | told | checks | {"ok": all(checks.values()), "converted": source != file}


def _following(stored: list[list[bytes]], first: list[bytes], count: int) -> list[list[bytes]]:
    """Return so many pictures of a loop from one on."""
    if first not in stored:
        return []
    start = stored.index(first)
    return [stored[(start + n) % len(stored)] for n in range(count)]


def _source(file: Path, cache: Path) -> Path:
    """Return the file that the feeds really played: a converted one where there is one."""
    converted = sorted(cache.rglob(f"{file.stem}-*.mp4"))
    return converted[0] if converted else file


def units_of(path: Path) -> list[list[bytes]]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        codec, extradata = stream.codec_context.name, bytes(stream.codec_context.extradata or b"")
        packets = [bytes(p) for p in container.demux(stream) if p.size]
    if codec not in ("h264", "hevc"):
        return [[data] for data in packets]
    return [picture_units(codec, split_sample(data, extradata)) for data in packets]


def _decoded(path: Path) -> int:
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        return sum(1 for _ in container.decode(video=0))


def _length_s(root: Path, camera: str) -> float:
    spans = RingReader(root).spans(camera)
    return sum((span.end - span.start).total_seconds() for span in spans)


@contextmanager
def served(workspace: Path, folder: Path) -> Iterator[str]:
    """Serve a folder in a thread of this process; yield the server's address."""
    stop = threading.Event()
    settings = Settings().replaced({"feeds.rtsp.port": 0})
    thread = threading.Thread(target=run_feeds, args=(workspace, folder, settings, SystemClock(), stop))
    thread.start()
    try:
        end_s = time.monotonic() + START_LIMIT_S
        while (told := read_announcement(workspace, "feeds")) is None:
            if time.monotonic() > end_s or not thread.is_alive():
                raise SystemExit("the feeds did not start")
            time.sleep(0.1)
        yield told["addresses"]["rtsp"]
    finally:
        stop.set()
        thread.join(20)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=12.0, help="how much of each is recorded and transcoded")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(0 if main()["ok"] else 1)
