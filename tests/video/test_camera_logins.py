"""Cameras that ask for a login: read from a 0600 file where the stream is opened, and told to nobody else."""

from __future__ import annotations

import logging
import pickle
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.composition.streams import read_sources
from smartcity_console.drill.feeds.testcard import write_testcard
from smartcity_console.settings import Settings
from smartcity_console.video.capture import DecoderPool, Reason, TileSource, TileState, Transport
from smartcity_console.video.capture.rtsp_probe import probe
from smartcity_console.video.login import with_login
from smartcity_console.video.onvif.credentials import Credentials, credentials_path, keep_credentials
from smartcity_console.video.recorder import CameraStatus, Recorder
from smartcity_console.video.rtsp.message import parse_address
from tests.video.rtsp_server import Camera, served

SIZE = (320, 240)
USER, PASSWORD = "관제 user", "p@ss:w/ürd?%41#"
LOGIN = Credentials(USER, PASSWORD)
SCHEMES = {"digest": "MD5", "basic": ""}


def until(condition: Callable[[], object], what: str, limit_s: float = 30.0) -> None:
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, f"not within {limit_s} s: {what}"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("card") / "card.mp4"
    write_testcard(path, seconds=20, fps=15, size=(320, 240), keyframe_every=15)
    return path


@pytest.fixture(params=sorted(SCHEMES))
def camera(card: Path, request: pytest.FixtureRequest) -> Iterator[Camera]:
    with served(Camera(card, user=USER, password=PASSWORD, digest=SCHEMES[request.param], speed=1.0)) as made:
        yield made


@pytest.fixture
def pool() -> Iterator[DecoderPool]:
    made = DecoderPool(1, SystemClock(), open_timeout_ms=3000, read_timeout_ms=3000)
    made.start()
    yield made
    made.stop()


def address(camera: Camera) -> str:
    return f"rtsp://127.0.0.1:{camera.port}/stream?channel=1"


def assert_told_nowhere(*texts: object) -> None:
    for text in map(str, texts):
        for secret in (PASSWORD, quote(PASSWORD, safe=""), quote(PASSWORD), USER, quote(USER, safe="")):
            assert secret not in text


def test_the_wall_opens_it_with_the_login_of_the_file_and_tells_nobody(
    pool: DecoderPool,
    camera: Camera,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    keep_credentials(tmp_path, "GN-0001", LOGIN)
    source = TileSource.live(address(camera), login=credentials_path(tmp_path, "GN-0001"))
    pool.show(0, source, SIZE)
    until(lambda: pool.status(0).state is TileState.LIVE, "live")
    assert_told_nowhere(repr(source), pickle.dumps(source), pool.status(0), caplog.text, *capfd.readouterr())
    assert all("channel=1" in asked.split("\r\n")[0] for asked in camera.asked if asked.startswith("DESCRIBE"))


def test_a_wrong_login_is_refused_in_words_without_the_login(
    pool: DecoderPool, camera: Camera, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    keep_credentials(tmp_path, "GN-0001", Credentials(USER, PASSWORD + "x"))
    pool.show(0, TileSource.live(address(camera), login=credentials_path(tmp_path, "GN-0001")), SIZE)
    until(lambda: pool.status(0).reason is Reason.UNAUTHORISED, "refused")
    assert_told_nowhere(pool.status(0), caplog.text)
    keep_credentials(tmp_path, "GN-0001", LOGIN)  # mended: the next try takes the new one, nobody has to start anew
    until(lambda: pool.status(0).state is TileState.LIVE, "live")


def test_a_file_that_others_may_read_is_not_used(pool: DecoderPool, camera: Camera, tmp_path: Path) -> None:
    keep_credentials(tmp_path, "GN-0001", LOGIN)
    path = credentials_path(tmp_path, "GN-0001")
    path.chmod(0o644)
    pool.show(0, TileSource.live(address(camera), login=path), SIZE)
    until(lambda: pool.status(0).reason is Reason.LOGIN_UNSAFE, "told")
    assert not camera.asked
    path.chmod(0o600)
    until(lambda: pool.status(0).state is TileState.LIVE, "live")


def test_the_recorder_opens_it_too(
    camera: Camera, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    keep_credentials(tmp_path, "GN-0001", LOGIN)
    said: list[CameraStatus] = []
    settings = Settings().replaced({"recorder.min_free_mib": 16, "capture.open_timeout_ms": 3000})
    recorder = Recorder(tmp_path / "ring", settings, SystemClock(), said.append, logins=tmp_path)
    recorder.update({"GN-0001": address(camera)})
    recorder.start()
    try:
        until(lambda: any(status.connected for status in said), "recorded")
    finally:
        recorder.stop()
    assert_told_nowhere(said, caplog.text, *capfd.readouterr())
    kept = b"".join(path.read_bytes() for path in (tmp_path / "ring").rglob("*") if path.is_file())
    assert PASSWORD.encode() not in kept and quote(PASSWORD, safe="").encode() not in kept


@pytest.mark.parametrize("url", ["rtsp", "http-library"])
def test_the_recorder_says_that_a_file_cannot_be_used(url: str, tmp_path: Path) -> None:
    keep_credentials(tmp_path, "GN-0001", LOGIN)
    credentials_path(tmp_path, "GN-0001").write_text("{not json")
    said: list[CameraStatus] = []
    recorder = Recorder(tmp_path / "ring", Settings(), SystemClock(), said.append, logins=tmp_path)
    recorder.update({"GN-0001": {"rtsp": "rtsp://127.0.0.1:9/x", "http-library": "http://127.0.0.1:9/x"}[url]})
    recorder.start()
    try:
        until(lambda: said, "told")
    finally:
        recorder.stop()
    assert "user and password" in said[0].reason
    assert said[0].at <= datetime.now(UTC)


def test_the_probe_names_the_codec_of_a_camera_that_asks_for_a_login(camera: Camera, tmp_path: Path) -> None:
    keep_credentials(tmp_path, "GN-0001", LOGIN)
    asked = probe(with_login(address(camera), credentials_path(tmp_path, "GN-0001")), 3.0, SystemClock())
    assert (asked.reason, asked.codec) == (Reason.NONE, "H264")
    assert_told_nowhere(asked)


def test_logins_go_only_where_they_belong(tmp_path: Path) -> None:
    keep_credentials(tmp_path, "GN-0001", LOGIN)
    file = credentials_path(tmp_path, "GN-0001")
    opened = with_login("rtsp://h:554/a?b=1", file)
    assert parse_address(opened).password == PASSWORD and parse_address(opened).user == USER
    assert_told_nowhere(repr(parse_address(opened)))
    for alone in ("rtsp://own:login@h/a", "/dev/video0", "/clips/1.mp4", "file:///x"):
        assert with_login(alone, file) == alone
    assert with_login("rtsp://h/a", tmp_path / "none.json") == "rtsp://h/a"
    assert with_login("rtsp://h/a", None) == "rtsp://h/a"


def test_the_streams_file_tells_the_wall_both_streams_transport_and_where_the_login_lies(tmp_path: Path) -> None:
    (tmp_path / "streams.json").write_text(
        '{"streams": {"GN-0001": {"url": "rtsp://h/m", "sub": "rtsp://h/s", "transport": "udp"}, '
        '"a b": {"url": "rtsp://h/2"}}}'
    )
    sources = read_sources(tmp_path)
    first, second = sources["GN-0001"], sources["a b"]
    assert (first.address, first.sub_address, first.transport) == ("rtsp://h/m", "rtsp://h/s", Transport.UDP)
    assert first.login == str(credentials_path(tmp_path, "GN-0001"))
    assert (second.sub_address, second.transport, second.login) == (None, Transport.TCP, None)
