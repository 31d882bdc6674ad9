"""Clips out of other recorders: over a real HTTP server that tells the truth, and over ones that do not; over RTSP."""

from __future__ import annotations

import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.drill.feeds.testcard import write_testcard
from smartcity_console.video.clip import elementary_digest
from smartcity_console.video.external import ExternalFailed, ExternalRecorders, RecordersRefused, read_recorders
from tests.video.rtsp_server import Camera, served

START = datetime(2026, 11, 23, 5, 0, 0, tzinfo=UTC)
END = START + timedelta(seconds=4)
LOGIN = "Basic " + b64encode("reader:päss:word".encode()).decode()


class Nvr(BaseHTTPRequestHandler):
    """MediaMTX's playback server, with ranges and a password, and its liars by path."""

    file: bytes = b""
    asked: ClassVar[list[str]] = []
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.headers.get("Authorization") != LOGIN:
            self._send(401, "text/plain", b"no")
            return
        kind = parse_qs(urlsplit(self.path).query).get("path", ["?"])[0]
        if kind == "html":
            self._send(200, "text/html", b"<h1>login</h1>")
        elif kind == "noise":
            self._send(200, "video/mp4", bytes(range(256)) * 400)
        elif kind == "short":
            self._send(200, "video/mp4", self.file[: len(self.file) * 2 // 3])
        elif kind == "missing":
            self._send(404, "application/json", b"{}")
        elif kind == "elsewhere":
            self._send(302, "text/plain", b"", {"Location": "http://127.0.0.1:1/"})
        else:
            self._stream(kind)

    def _stream(self, kind: str) -> None:
        wanted = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")
        body = self.file[int(wanted[0]) :]
        self.send_response(206 if "Range" in self.headers else 200)
        self.send_header("Content-Type", "video/mp4")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if kind == "torn":
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif kind == "slow":
            for at in range(14):
                self.wfile.write(body[at : at + 1])
                time.sleep(0.1)
        elif kind == "mute":
            time.sleep(1.0)
        else:
            self.wfile.write(body)

    def _send(self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def nvr(file: Path) -> Iterator[str]:
    handler = type("Served", (Nvr,), {"file": file.read_bytes(), "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def workspace_with(folder: Path, address: str, *lines: str) -> ExternalRecorders:
    (folder / "secrets").mkdir(exist_ok=True)
    login = folder / "secrets" / "nvr"
    login.write_text("reader:päss:word\n", "utf-8")
    login.chmod(0o600)
    names = ["good", "torn", "short", "slow", "mute", "html", "noise", "missing", "elsewhere"]
    cameras = "".join(f'"{name}" = "{name}"\n' for name in names)
    first = f'[[recorder]]\nname = "nvr"\npreset = "mediamtx"\naddress = "{address}"\ncredentials = "secrets/nvr"\n'
    (folder / "recorders.toml").write_text(first + "\n".join(lines) + f"\n[recorder.cameras]\n{cameras}", "utf-8")
    return ExternalRecorders(folder, SystemClock())


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_testcard(tmp_path_factory.mktemp("card") / "card.mp4", seconds=4.0)


def test_a_span_comes_with_the_recorders_own_bits(tmp_path: Path, card: Path) -> None:
    with nvr(card) as address:
        report = workspace_with(tmp_path, address).cut("good", START, END, tmp_path / "clip.mp4")
    assert (report.packets, report.es_sha256) == elementary_digest(card)
    assert elementary_digest(report.path) == elementary_digest(card)
    assert (report.start, report.gaps, report.codec) == (START, (), "h264")
    assert report.duration_s == pytest.approx(4.0, abs=0.05)
    assert "nvr" in report.remarks[0]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["clip.mp4", "recorders.toml", "secrets"]


def test_a_longer_file_ends_at_the_asked_length_and_a_shorter_is_told(tmp_path: Path, card: Path) -> None:
    with nvr(card) as address:
        recorders = workspace_with(tmp_path, address)
        cut = recorders.cut("good", START, START + timedelta(seconds=1), tmp_path / "one.mp4")
        long = recorders.cut("good", START, START + timedelta(seconds=60), tmp_path / "two.mp4")
    assert 15 <= cut.packets < 45
    assert [g.reason for g in long.gaps] == ["recorder nvr gave 4.0 s of 60.0 s"]


@pytest.mark.parametrize(
    ("camera", "why"),
    [
        ("html", "text/html instead of video"),
        ("noise", "no video"),
        ("torn", "broke off"),
        ("short", "breaks off|no video"),
        ("slow", "too slowly"),
        ("mute", "no answer within"),
        ("missing", "no such span"),
        ("elsewhere", "answered 302"),
        ("nowhere", "no recorder"),
    ],
)
def test_a_lying_recorder_leaves_nothing_behind(tmp_path: Path, card: Path, camera: str, why: str) -> None:
    with nvr(card) as address:
        recorders = workspace_with(tmp_path, address, "timeout_s = 0.5", "total_s = 0.8")
        with pytest.raises(ExternalFailed, match=why) as told:
            recorders.cut(camera, START, END, tmp_path / "clip.mp4")
    assert "word" not in str(told.value)
    assert "127.0.0.1" not in str(told.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["recorders.toml", "secrets"]


def test_what_is_too_large_is_not_fetched(tmp_path: Path, card: Path) -> None:
    with nvr(card) as address, pytest.raises(ExternalFailed, match="max_mib"):
        workspace_with(tmp_path, address, "max_mib = 0.01").cut("good", START, END, tmp_path / "clip.mp4")


def test_rtsp_playback_is_pulled(tmp_path: Path, card: Path) -> None:
    with served(Camera(card, user="reader", password="pa:ss")) as camera:
        login = tmp_path / "login"
        login.write_text("reader:pa:ss")
        login.chmod(0o600)
        template = f"rtsp://127.0.0.1:{camera.port}/tracks/{{camera}}?starttime={{start}}&endtime={{end}}"
        (tmp_path / "recorders.toml").write_text(
            f'[[recorder]]\nname = "nvr"\ntemplate = "{template}"\nformat = "compact"\ncredentials = "login"\n'
            '[recorder.cameras]\n"A" = "101"\n'
        )
        report = ExternalRecorders(tmp_path, SystemClock()).cut("A", START, END, tmp_path / "clip.mp4")
    assert "/tracks/101?starttime=20261123T050000Z&endtime=20261123T050004Z" in str(camera.asked)
    assert report.packets >= 58  # the library holds the last picture back
    assert elementary_digest(report.path) == (report.packets, report.es_sha256)


@pytest.mark.parametrize(
    ("format", "start", "end"),
    [
        ("iso8601", "2026-11-23T05:00:00Z", "2026-11-23T05:00:04.250Z"),
        ("unix", "1795410000", "1795410004.25"),
        ("compact", "20261123T050000Z", "20261123T050004Z"),
    ],
)
def test_addresses_are_written_as_the_recorder_wants_them(tmp_path: Path, format: str, start: str, end: str) -> None:
    (tmp_path / "recorders.toml").write_text(
        '[[recorder]]\nname = "n"\ntemplate = "http://h/{camera}/{start}/{end}?d={duration}"\n'
        f'format = "{format}"\n[recorder.cameras]\n"*" = "*"\n'
    )
    recorder = read_recorders(tmp_path / "recorders.toml")[0]
    url = recorder.url("GN 1/2", START, END + timedelta(seconds=0.25))
    assert url == f"http://h/GN%201/2/{start}/{end}?d=4.25"


def test_the_presets_are_the_documented_addresses(tmp_path: Path) -> None:
    (tmp_path / "recorders.toml").write_text(
        '[[recorder]]\nname = "f"\npreset = "frigate"\naddress = "http://f:5000/"\n[recorder.cameras]\n"A" = "gate"\n'
        '[[recorder]]\nname = "m"\npreset = "mediamtx"\naddress = "http://m:9996"\n[recorder.cameras]\n"A" = "a/b"\n'
    )
    frigate, mediamtx = read_recorders(tmp_path / "recorders.toml")
    assert frigate.url("A", START, END) == "http://f:5000/api/gate/start/1795410000/end/1795410004/clip.mp4"
    assert mediamtx.url("A", START, END) == (
        "http://m:9996/get?path=a%2Fb&start=2026-11-23T05:00:00Z&duration=4&format=mp4"
    )


GOOD = '[[recorder]]\nname = "n"\ntemplate = "http://h/{camera}/{start}/{end}"\n[recorder.cameras]\n"A" = "a"\n'


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[[recorder", "the file"),
        (GOOD + '[[recorder]]\nname = "x"\n', "line 6"),
        (GOOD.replace("{end}", ""), "line 1, template"),
        (GOOD.replace("{camera}", "{cam}"), "line 1, template"),
        (GOOD.replace("http", "ftp"), "line 1, template"),
        (GOOD.replace("//h", "//me:secret@h"), "line 1, template"),
        (GOOD.replace("template =", 'format = "julian"\ntemplate ='), "line 1, format"),
        (GOOD.replace("template =", 'credentials = "absent"\ntemplate ='), "line 1, credentials"),
        (GOOD.replace("template =", 'credentials = "open"\ntemplate ='), "line 1, credentials"),
        (GOOD.replace("template =", "timeout_s = -1.0\ntemplate ="), "line 1, timeout_s"),
        (GOOD.replace("name", "nam"), "line 1"),
    ],
)
def test_a_wrong_file_is_refused_by_line_and_field(tmp_path: Path, text: str, where: str) -> None:
    (tmp_path / "open").write_text("a:b")
    (tmp_path / "recorders.toml").write_text(text)
    with pytest.raises(RecordersRefused) as told:
        read_recorders(tmp_path / "recorders.toml")
    assert where in str(told.value)


@pytest.mark.logs
def test_a_mended_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "recorders.toml"
    recorders = ExternalRecorders(tmp_path, SystemClock())
    assert recorders.holding("A") == []
    file.write_text(GOOD.replace("{end}", ""))
    assert recorders.holding("A") == []
    assert recorders.last_error is not None
    file.write_text(GOOD)
    assert [r.name for r in recorders.holding("A")] == ["n"]
    assert recorders.last_error is None
