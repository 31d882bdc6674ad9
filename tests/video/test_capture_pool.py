"""The pool on real network streams: what fails, fails alone, is told, and comes back by itself."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.runtime import read_announcement
from smartcity_console.video.capture import DecoderPool, Frame, Reason, TileSource, TileState

SIZE = (320, 240)
FPS = 15
SERVE = """
import signal, sys, threading
from pathlib import Path
from smartcity_console.clock import SystemClock
from smartcity_console.drill.feeds import run_feeds
from smartcity_console.settings import Settings
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
settings = Settings().replaced({"feeds.rtsp.port": int(sys.argv[3])})
run_feeds(Path(sys.argv[1]), Path(sys.argv[2]), settings, SystemClock(), stop)
"""


def until(condition: Callable[[], object], limit_s: float = 15.0, what: str = "") -> None:
    """Wait for a condition; fail with `what` when it does not come."""
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, f"not within {limit_s} s: {what}"
        time.sleep(0.02)


def record(path: Path, codec: str, *options: str, seconds: int = 8, size: str = "640x360") -> Path:
    source = ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate={FPS}", "-t", str(seconds)]
    command = ["ffmpeg", "-loglevel", "error", "-y", *source, "-c:v", codec, *options, "-pix_fmt", "yuv420p", str(path)]
    subprocess.run(command, check=True, timeout=60, capture_output=True)
    return path


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recordings")
    first = record(folder / "1.mp4", "libx264", "-preset", "ultrafast", "-g", str(FPS), "-bf", "0")
    for number in (2, 3, 4):
        (folder / f"{number}.mp4").write_bytes(first.read_bytes())
    return folder


class Feeds:
    """Recordings served over RTSP by a process of their own, which can be killed and come back on its port."""

    def __init__(self, workspace: Path, recordings: Path) -> None:
        self._workspace = workspace
        self._recordings = recordings
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        arguments = [str(self._workspace), str(self._recordings), str(self._port)]
        (self._workspace / "run" / "feeds.json").unlink(missing_ok=True)
        self._process = subprocess.Popen([sys.executable, "-c", SERVE, *arguments], stdout=subprocess.DEVNULL)
        until(lambda: read_announcement(self._workspace, "feeds"), 30, "feeds announced")
        announced = read_announcement(self._workspace, "feeds")
        assert announced is not None
        self._port = int(announced["addresses"]["rtsp"].rpartition(":")[2])

    def stop(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def live(self, camera_id: str) -> TileSource:
        return TileSource.live(f"rtsp://127.0.0.1:{self._port}/{camera_id}")


@pytest.fixture
def feeds(tmp_path: Path, recordings: Path) -> Iterator[Feeds]:
    served = Feeds(tmp_path, recordings)
    served.start()
    yield served
    served.stop()


@pytest.fixture
def pool() -> Iterator[DecoderPool]:
    made = DecoderPool(2, SystemClock(), open_timeout_ms=3000, read_timeout_ms=3000)
    made.start()
    yield made
    made.stop()
    assert made.worker_pids() == []


@pytest.fixture
def mute() -> Iterator[TileSource]:
    """A camera that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield TileSource.live(f"rtsp://127.0.0.1:{listening.getsockname()[1]}/mute")


def is_live(pool: DecoderPool, *tiles: int) -> bool:
    return all(pool.status(tile).state is TileState.LIVE for tile in tiles)


def newest(pool: DecoderPool, tile: int, after_seq: int = 0) -> Frame:
    got: list[Frame] = []

    def look() -> bool:
        frame = pool.frame(tile, after_seq)
        got.extend([frame] if frame else [])
        return frame is not None

    until(look, what=f"picture on tile {tile}")
    return got[0]


def test_live_pictures_have_the_tiles_size_their_age_and_grow_in_number(pool: DecoderPool, feeds: Feeds) -> None:
    pool.show(0, feeds.live("GN-0001"), SIZE)
    first = newest(pool, 0)
    assert first.pixels.shape == (180, 320, 4)
    assert (first.pixels[..., 3] == 255).all()
    assert first.pixels[..., :3].std() > 20  # a test card, not a grey nothing
    later = newest(pool, 0, first.seq)
    assert (later.seq > first.seq, later.number > first.number, later.captured_s > first.captured_s) == (True,) * 3
    until(lambda: pool.status(0).fps > FPS * 0.8, what="rate")
    status = pool.status(0)
    assert (status.state, status.codec, status.attempt) == (TileState.LIVE, "H264", 0)
    assert status.age_s is not None
    assert status.age_s < 0.5


def test_opencv_decodes_network_streams_where_it_is_told_to(feeds: Feeds) -> None:
    pool = DecoderPool(1, SystemClock(), decoder="opencv")
    pool.start()
    try:
        pool.show(0, feeds.live("GN-0001"), SIZE)
        frame = newest(pool, 0)
        assert frame.pixels.shape == (180, 320, 4)
        until(lambda: pool.status(0).fps > FPS * 0.8, what="rate")
        until(lambda: pool.status(0).codec == "H264", what="codec")
        libraries = {Path(m.path).name for m in psutil.Process(pool.worker_pids()[0]).memory_maps()}
        assert any("cv2" in name for name in libraries)
    finally:
        pool.stop()


def test_another_size_does_not_open_the_camera_anew(pool: DecoderPool, feeds: Feeds) -> None:
    pool.show(0, feeds.live("GN-0001"), SIZE)
    before = newest(pool, 0)
    pool.show(0, feeds.live("GN-0001"), (160, 160))
    until(lambda: newest(pool, 0).pixels.shape == (90, 160, 4), what="smaller picture")
    assert newest(pool, 0).number > before.number


def test_a_hidden_tile_costs_nothing_and_shows_nothing(pool: DecoderPool, feeds: Feeds) -> None:
    pool.show(0, feeds.live("GN-0001"), SIZE)
    newest(pool, 0)
    pool.show(0, None, SIZE)
    assert pool.frame(0) is None
    assert pool.status(0).state is TileState.IDLE

    def connections() -> int:
        return sum(len(psutil.Process(pid).net_connections("tcp")) for pid in pool.worker_pids())

    until(lambda: connections() == 0, what="connection closed")
    pool.show(0, feeds.live("GN-0001"), SIZE)
    newest(pool, 0)


def test_mute_cameras_hold_nobody_up_and_are_told(pool: DecoderPool, feeds: Feeds, mute: TileSource) -> None:
    for tile in range(4):
        pool.show(tile, mute, SIZE)
    for tile in (4, 5):
        pool.show(tile, feeds.live(f"GN-000{tile - 3}"), SIZE)
    until(lambda: is_live(pool, 4, 5), 2.9, "live while the mute ones are still being asked (limit 3 s)")
    assert pool.status(0).state is TileState.CONNECTING
    until(lambda: pool.status(0).reason is Reason.NO_ANSWER, what="told")
    assert pool.status(0).state is TileState.NO_SIGNAL
    assert pool.restarts == 0


def test_a_camera_that_goes_away_is_stale_and_comes_back_by_itself(pool: DecoderPool, feeds: Feeds) -> None:
    pool.show(0, feeds.live("GN-0001"), SIZE)
    newest(pool, 0)
    feeds.stop()
    until(lambda: pool.status(0).state is TileState.STALE, what="stale")
    until(lambda: pool.status(0).attempt >= 2, what="reconnects counted")
    status = pool.status(0)
    assert status.reason is Reason.REFUSED
    assert status.age_s is not None
    assert status.age_s > 1.5
    feeds.start()
    until(lambda: is_live(pool, 0), 20, "live again")


def test_a_camera_that_falls_silent_is_given_up_in_time_and_no_worker_with_it(pool: DecoderPool, feeds: Feeds) -> None:
    pool.show(0, feeds.live("GN-0001"), SIZE)
    until(lambda: is_live(pool, 0), what="live")
    feeds.signal(signal.SIGSTOP)  # its connection stays open
    until(lambda: pool.status(0).state is TileState.STALE, what="stale")
    until(lambda: pool.status(0).reason is Reason.READ_TIMEOUT, 6.0, "given up after 3 s")
    until(lambda: pool.status(0).reason is Reason.NO_ANSWER, 8.0, "asked again in vain")
    feeds.signal(signal.SIGCONT)
    until(lambda: is_live(pool, 0), 20, "live again")
    assert pool.restarts == 0


def test_a_crashed_worker_is_replaced_and_its_tiles_come_back(pool: DecoderPool, feeds: Feeds) -> None:
    for tile in range(4):
        pool.show(tile, feeds.live(f"GN-000{tile + 1}"), SIZE)
    until(lambda: is_live(pool, 0, 1, 2, 3), what="all live")
    assert not any(newest(pool, tile).seq > newest(pool, tile).number for tile in range(4))
    before = pool.worker_pids()
    os.kill(before[0], signal.SIGSEGV)
    until(lambda: pool.restarts == 1 and len(pool.worker_pids()) == 2, 2.0, "replaced within 2 s")
    assert before[0] not in pool.worker_pids()
    assert pool.worker_pids()[1] == before[1]

    def opened_anew() -> list[bool]:
        """`seq` goes on for ever, `number` starts again with each opening."""
        return [frame.seq > frame.number for frame in (newest(pool, tile) for tile in range(4))]

    until(lambda: sum(opened_anew()) == 2, what="two opened anew")
    until(lambda: is_live(pool, 0, 1, 2, 3), what="all live again")
    assert all(pool.status(tile).attempt == 0 for tile in range(4))


def test_a_stopped_worker_is_found_out_and_the_other_tiles_do_not_blink(pool: DecoderPool, feeds: Feeds) -> None:
    for tile in (0, 1):
        pool.show(tile, feeds.live(f"GN-000{tile + 1}"), SIZE)
    until(lambda: is_live(pool, 0, 1), what="all live")
    stopped = pool.worker_pids()[0]
    os.kill(stopped, signal.SIGSTOP)
    until(lambda: not is_live(pool, 0, 1), what="one stale")
    other = 0 if is_live(pool, 0) else 1
    ages: list[float] = []

    def replaced() -> bool:
        ages.append(pool.status(other).age_s or 0.0)
        return pool.restarts == 1

    until(replaced, 8.0 - 2.0, "replaced within 8 s, of which 2 s went by until it was seen to be stale")
    assert max(ages) < 1.0
    assert not psutil.pid_exists(stopped)
    until(lambda: is_live(pool, 0, 1), what="all live again")


def test_a_replay_loops_between_its_ends_at_its_own_speed(pool: DecoderPool, recordings: Path) -> None:
    pool.show(0, TileSource.replay(recordings / "1.mp4", 2.0, 3.0, alert_s=2.5), SIZE)
    seen: list[tuple[float, float]] = []
    last = 0

    def watch() -> bool:
        nonlocal last
        frame = pool.frame(0, last)
        if frame:
            last = frame.seq
            seen.append((frame.captured_s, frame.media_s))
        return len(seen) > 40

    until(watch, what="40 pictures")
    assert pool.status(0).state is TileState.REPLAY
    assert [media_s for _, media_s in seen if not 1.9 <= media_s <= 3.01] == []
    assert sum(later[1] < earlier[1] for earlier, later in itertools.pairwise(seen)) >= 2
    for earlier, later in itertools.pairwise(seen):
        if later[1] > earlier[1]:
            assert later[0] - earlier[0] == pytest.approx(later[1] - earlier[1], abs=0.15)


def test_what_cannot_be_shown_says_why(pool: DecoderPool, feeds: Feeds, tmp_path: Path) -> None:
    record(tmp_path / "av1.mp4", "libaom-av1", "-cpu-used", "8", seconds=1, size="128x96")
    (tmp_path / "broken.mp4").write_bytes(b"no video at all" * 100)
    pool.show(0, TileSource.replay(tmp_path / "av1.mp4"), SIZE)
    pool.show(1, TileSource.replay(tmp_path / "missing.mp4"), SIZE)
    pool.show(2, TileSource.replay(tmp_path / "broken.mp4"), SIZE)
    pool.show(3, feeds.live("GN-9999"), SIZE)
    expected = {0: Reason.CODEC, 1: Reason.NOT_FOUND, 2: Reason.OPEN_FAILED, 3: Reason.NOT_FOUND}
    for tile, reason in expected.items():
        until(lambda tile=tile, reason=reason: pool.status(tile).reason is reason, what=f"{tile} {reason}")
    assert (pool.status(0).state, pool.status(0).codec) == (TileState.UNSUPPORTED, "AV01")
    assert pool.status(3).state is TileState.NO_SIGNAL
    assert pool.status(3).detail.startswith("404")


def test_reconnects_across_the_wall_are_at_most_three_in_three_seconds(pool: DecoderPool) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        listening.settimeout(0.05)
        for tile in range(12):
            pool.show(tile, TileSource.live(f"rtsp://127.0.0.1:{listening.getsockname()[1]}/{tile}"), SIZE)
        came_s: list[float] = []

        def serve() -> bool:
            """Close each caller's connection at once, so that all twelve want to come again together."""
            try:
                wire, _ = listening.accept()
            except TimeoutError:
                return False
            came_s.append(time.monotonic())
            wire.close()
            return len(came_s) >= 12 + 7

        until(serve, 30, "twelve first tries and seven more")
    retries = came_s[12:]
    assert all(later - earlier > 2.7 for earlier, later in zip(retries, retries[3:], strict=False)), retries


def test_stop_leaves_nothing_behind(recordings: Path) -> None:
    """In a process of its own, with every warning an error: no child, no shared memory, no word on stderr."""
    code = f"""
import multiprocessing, os, psutil, time
from smartcity_console.clock import SystemClock
from smartcity_console.video.capture import DecoderPool, TileSource
from pathlib import Path
if __name__ == "__main__":
    open_files = len(os.listdir("/proc/self/fd"))
    for _ in range(2):
        pool = DecoderPool(2, SystemClock())
        pool.start()
        pool.show(0, TileSource.replay(Path({str(recordings / "1.mp4")!r})), (64, 64))
        end = time.monotonic() + 30
        while pool.frame(0) is None and time.monotonic() < end:
            time.sleep(0.02)
        assert pool.frame(0) is not None
        pool.stop()
        pool.stop()
    del pool
    left = [c.pid for c in multiprocessing.active_children()]
    tracker = 1  # multiprocessing's own resource tracker keeps one pipe for the life of the process
    mapped = [m.path for m in psutil.Process().memory_maps() if "smartcity-wall" in m.path]
    print(left, len(os.listdir("/proc/self/fd")) - open_files - tracker, mapped)
"""
    script = recordings / "stop.py"
    script.write_text(code)
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)], capture_output=True, text=True, timeout=90, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[] 0 []", "")


def test_workers_end_with_a_console_that_was_killed(recordings: Path) -> None:
    code = """
import sys, time
from smartcity_console.clock import SystemClock
from smartcity_console.video.capture import DecoderPool
if __name__ == "__main__":
    pool = DecoderPool(2, SystemClock())
    pool.start()
    while len(pool.worker_pids()) < 2:
        time.sleep(0.02)
    print(*pool.worker_pids(), flush=True)
    sys.stdin.read()
"""
    script = recordings / "killed.py"
    script.write_text(code)
    command = [sys.executable, str(script)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as console:
        assert console.stdout is not None
        workers = [int(pid) for pid in console.stdout.readline().split()]
        assert len(workers) == 2
        console.kill()
    until(lambda: not any(psutil.pid_exists(pid) for pid in workers), 20, "workers gone")


def test_a_stream_that_crashes_workers_is_put_where_it_crashes_nobody_else(pool: DecoderPool, feeds: Feeds) -> None:
    """Twice killed soon after opening, its feed is a suspect: it goes on in a worker of its own."""
    pool.show(0, feeds.live("GN-0001"), SIZE)
    until(lambda: is_live(pool, 0), what="live")
    for restarts in (1, 2):
        os.kill(host_of(pool, 0), signal.SIGKILL)
        until(lambda restarts=restarts: pool.restarts == restarts and opened_times(pool, 0) > restarts, 20, "opened")
    until(lambda: len(pool.worker_pids()) == 3, what="the ward besides the two")
    ward = host_of(pool, 0)
    pool.show(1, feeds.live("GN-0002"), SIZE)
    until(lambda: is_live(pool, 0, 1), what="both live")
    assert host_of(pool, 1) != ward
    os.kill(ward, signal.SIGKILL)
    until(lambda: pool.restarts == 3, 3.0, "reaped")
    until(lambda: is_live(pool, 0), 20, "live again, in a new ward")
    assert opened_times(pool, 1) == 1
    pool.show(0, None, SIZE)
    until(lambda: len(pool.worker_pids()) == 2, what="the ward is closed when nobody is in it")


def host_of(pool: DecoderPool, tile: int) -> int:
    """Return the process that decodes a tile."""
    number = pool._tiles[tile].worker
    worker = pool._supervisor._workers[number] if number is not None else None
    assert worker is not None
    assert worker.pid is not None
    return worker.pid


def opened_times(pool: DecoderPool, tile: int) -> int:
    """Return how often a tile's source has been opened, counting only tries that brought a picture."""
    known = pool._tiles[tile]
    return known.run if known.opened_s is not None else 0
