"""The recorder, whole: recorded feeds over RTSP into the ring, lost cameras, a killed and a hung child process."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import psutil
import pytest

from smartcity_console.clock import ManualClock, SystemClock
from smartcity_console.drill.feeds import run_feeds
from smartcity_console.drill.feeds.testcard import write_testcard
from smartcity_console.model.errors import ConsoleError, DiskFull
from smartcity_console.runtime import read_announcement
from smartcity_console.settings import Settings
from smartcity_console.video.clip import cut_clip
from smartcity_console.video.nal import picture_units, split_annexb, split_sample
from smartcity_console.video.recorder import CameraStatus, Recorder
from smartcity_console.video.recorder.backoff import Backoff, ReconnectGate
from smartcity_console.video.ring import RingReader
from smartcity_console.video.ring.reader import read_segment

FPS = 45  # faster than a camera, so that the tests are too
SETTINGS = Settings().replaced(
    {
        "feeds.rtsp.port": 0,
        "recorder.segment_s": 2,
        "recorder.min_free_mib": 16,
        "capture.open_timeout_ms": 800,
        "capture.read_timeout_ms": 800,
    }
)


def wait_until(condition: Callable[[], object], limit_s: float = 20.0) -> None:
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "the condition did not come true in time"
        time.sleep(0.02)


@contextmanager
def feeds(workspace: Path, folder: Path) -> Iterator[str]:
    """Serve a folder; yield the server's URL."""
    stop = threading.Event()
    thread = threading.Thread(target=run_feeds, args=(workspace, folder, SETTINGS, SystemClock(), stop))
    thread.start()
    try:
        wait_until(lambda: read_announcement(workspace, "feeds"))
        told = read_announcement(workspace, "feeds")
        assert told is not None
        yield told["addresses"]["rtsp"]
    finally:
        stop.set()
        thread.join(10)


@contextmanager
def recorder(root: Path, streams: dict[str, str]) -> Iterator[tuple[Recorder, list[CameraStatus]]]:
    said: list[CameraStatus] = []
    running = Recorder(root, SETTINGS, SystemClock(), said.append)
    running.update(streams)
    running.start()
    try:
        yield running, said
    finally:
        running.stop()


def recorded(root: Path, camera: str) -> int:
    ring = RingReader(root)
    return sum(1 for path in ring.paths(camera) for _ in read_segment(path))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("recordings")
    write_testcard(made / "one.mp4", seconds=1.0, fps=FPS)
    return made


def test_what_is_in_the_ring_is_what_the_file_holds(tmp_path: Path, folder: Path) -> None:
    with feeds(tmp_path, folder) as url, recorder(tmp_path / "ring", {"A": f"{url}/GN-0001"}) as (running, said):
        wait_until(lambda: recorded(tmp_path / "ring", "A") >= 60)
        beat = running.last_beat
    assert [(s.camera_id, s.connected, s.codec, s.width_px, s.height_px) for s in said[:1]] == [
        ("A", True, "h264", 320, 180)
    ]
    assert beat is not None
    assert (beat.cameras, beat.connected, beat.dropped_packets, beat.abandoned_threads) == (1, 1, 0, 0)
    ring = RingReader(tmp_path / "ring")
    taken = [t for path in ring.paths("A") for t in read_segment(path)]
    got = [picture_units("h264", split_annexb(t.record.payload)) for t in taken]
    stored = file_units(folder / "one.mp4")
    start = stored.index(got[0])
    assert got == [stored[(start + n) % len(stored)] for n in range(len(got))]
    assert [t.record.pts for t in taken] == [n * 90_000 // FPS for n in range(len(taken))]
    assert all(path_begins_with_key(path) for path in ring.paths("A"))
    assert len(ring.spans("A")) == 1


@pytest.mark.parametrize(("codec", "b_pictures"), [("libx264", 0), ("libx264", 2), ("libx265", 0)])
def test_a_clip_holds_the_files_own_bits_by_the_whole_way(tmp_path: Path, codec: str, b_pictures: int) -> None:
    """File, RTSP, ring, clip: the same picture units in the same order, and the same digest over them."""
    made = tmp_path / "recordings"
    made.mkdir()
    file = write_testcard(made / "one.mp4", codec=codec, seconds=1.0, fps=FPS, b_pictures=b_pictures)
    root, began = tmp_path / "ring", SystemClock().now()
    with feeds(tmp_path, made) as url, recorder(root, {"A": f"{url}/GN-0001"}):
        wait_until(lambda: recorded(root, "A") >= 50)
        report = cut_clip(RingReader(root), "A", began, SystemClock().now(), tmp_path / "clip.mp4")
    stored, cut = file_units(file), file_units(report.path)
    start = stored.index(cut[0])
    wanted = [stored[(start + n) % len(stored)] for n in range(report.packets)]
    assert cut == wanted
    assert report.es_sha256 == hashlib.sha256(b"".join(unit for units in wanted for unit in units)).hexdigest()


def file_units(path: Path) -> list[list[bytes]]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        codec, extradata = stream.codec_context.name, bytes(stream.codec_context.extradata or b"")
        return [picture_units(codec, split_sample(bytes(p), extradata)) for p in container.demux(stream) if p.size]


def path_begins_with_key(path: Path) -> bool:
    return next(read_segment(path)).record.is_key


def test_update_adds_and_removes_cameras(tmp_path: Path, folder: Path) -> None:
    root = tmp_path / "ring"
    with feeds(tmp_path, folder) as url, recorder(root, {"A": f"{url}/GN-0001"}) as (running, said):
        wait_until(lambda: said and said[-1].connected)
        running.update({"B": f"{url}/GN-0002"})
        wait_until(lambda: recorded(root, "B"))
        wait_until(lambda: any(s.camera_id == "A" and not s.connected for s in said))
        wait_until(lambda: running.last_beat and running.last_beat.connected == 1)
    assert next(s for s in said if not s.connected).reason == "no longer recorded"


def test_a_camera_that_ends_is_told_lost_and_comes_back(tmp_path: Path, folder: Path) -> None:
    root = tmp_path / "ring"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    fixed = Settings().replaced({"feeds.rtsp.port": port})
    states: list[bool] = []
    with recorder(root, {"A": f"rtsp://127.0.0.1:{port}/GN-0001"}) as (_, said):
        for _ in range(2):
            stop = threading.Event()
            thread = threading.Thread(target=run_feeds, args=(tmp_path, folder, fixed, SystemClock(), stop))
            thread.start()
            try:
                wait_until(lambda: said and said[-1].connected)
            finally:
                stop.set()
                thread.join(10)
            wait_until(lambda: not said[-1].connected)
    states = [s.connected for s in said]
    assert states.count(True) == 2
    assert all("127.0.0.1" not in s.reason for s in said)  # a URL may hold a password
    sessions = {t.head.session for path in RingReader(root).paths("A") for t in read_segment(path)}
    assert len(sessions) == 2


def test_a_mute_camera_is_given_up_in_time_and_holds_no_other_up(tmp_path: Path, folder: Path) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(8)  # takes connections and never says a word
        address = f"rtsp://127.0.0.1:{mute.getsockname()[1]}/x"
        with (
            feeds(tmp_path, folder) as url,
            recorder(tmp_path / "ring", {"M": address, "A": f"{url}/GN-0001"}) as (
                _,
                said,
            ),
        ):
            wait_until(lambda: {(s.camera_id, s.connected) for s in said} >= {("M", False), ("A", True)}, 8)
    assert next(s for s in said if s.camera_id == "M").reason == "no answer in time"


@pytest.mark.logs
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP])
def test_a_dead_or_hung_child_is_replaced(
    tmp_path: Path, folder: Path, end: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartcity_console.video.recorder.supervisor._SILENT_S", 1.5)
    monkeypatch.setattr("smartcity_console.video.recorder.supervisor._STOP_WAIT_S", 0.5)
    root = tmp_path / "ring"
    with feeds(tmp_path, folder) as url, recorder(root, {"A": f"{url}/GN-0001"}) as (running, said):
        wait_until(lambda: said and said[-1].connected)
        wait_until(lambda: recorded(root, "A") >= 20)
        first = running.child_pid
        assert first is not None
        os.kill(first, end)
        wait_until(lambda: [s.connected for s in said] == [True, False, True])
        assert running.replacements == 1
        assert running.child_pid not in (None, first)
    taken = [t for path in RingReader(root).paths("A") for t in read_segment(path)]
    times = [t.record.utc_us for t in taken]
    assert times == sorted(times)
    assert len({t.head.session for t in taken}) == 2


def test_a_full_disk_is_told_once_and_the_camera_stays_connected(tmp_path: Path, folder: Path) -> None:
    said: list[CameraStatus] = []
    troubles: list[ConsoleError] = []
    hungry = SETTINGS.replaced({"recorder.min_free_mib": 10**7})  # ten terabytes: no disk here has them
    with feeds(tmp_path, folder) as url:
        running = Recorder(tmp_path / "ring", hungry, SystemClock(), said.append, troubles.append)
        running.update({"A": f"{url}/GN-0001"})
        running.start()
        try:
            wait_until(lambda: running.last_beat and running.last_beat.dropped_packets >= 30)
            assert running.last_beat is not None
            assert running.last_beat.paused
            assert running.last_beat.packets == 0
        finally:
            running.stop()
    assert [type(error) for error in troubles] == [DiskFull]
    assert [s.connected for s in said[:1]] == [True]
    assert recorded(tmp_path / "ring", "A") == 0


def test_stop_leaves_no_process(tmp_path: Path) -> None:
    with recorder(tmp_path, {}) as (running, _):
        wait_until(lambda: running.last_beat)
        pid = running.child_pid
        assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


_GATEWAY = """
import sys, time
from pathlib import Path
from smartcity_console.clock import SystemClock
from smartcity_console.settings import Settings
from smartcity_console.video.recorder import Recorder
if __name__ == "__main__":
    recorder = Recorder(Path(sys.argv[1]), Settings(), SystemClock(), print)
    recorder.start()
    while recorder.last_beat is None:
        time.sleep(0.01)
    print(recorder.child_pid, flush=True)
    time.sleep(60)
"""


def test_the_child_ends_with_a_killed_gateway(tmp_path: Path) -> None:
    script = tmp_path / "gateway.py"
    script.write_text(_GATEWAY)
    gateway = subprocess.Popen([sys.executable, str(script), str(tmp_path / "ring")], stdout=subprocess.PIPE, text=True)
    try:
        assert gateway.stdout is not None
        child = psutil.Process(int(gateway.stdout.readline()))
    finally:
        gateway.kill()
        gateway.communicate()
    child.wait(10)


def test_backoff_grows_to_fifteen_then_sixty_and_begins_again() -> None:
    backoff = Backoff(random.Random(1))
    for expected in (1, 2, 4, 8, 15, 15, 15, 15, 60, 60):
        assert 0.8 * expected <= backoff.next_s() <= 1.2 * expected
    backoff.reset()
    assert backoff.next_s() <= 1.2


def test_three_reconnects_in_three_seconds(clock: ManualClock) -> None:
    gate = ReconnectGate(clock.monotonic_s)
    passed_at = []
    for _ in range(120):
        if gate.wait_s() == 0.0:
            passed_at.append(clock.monotonic_s())
        clock.advance(0.1)
    assert len(passed_at) == 12
    assert all(b - a >= 3.0 - 1e-9 for a, b in zip(passed_at, passed_at[3:], strict=False))
