"""`smartcity-console doctor`: one line a check, each with what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import av
import msgspec

from smartcity_console.clock import SystemClock
from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import bind_tcp, bind_udp, read_announcement
from smartcity_console.settings import Settings
from smartcity_console.tls import CertificateFacts, facts_of, server_context

PROBE_S = 4.0
_RENEW = timedelta(days=21)


class Check(msgspec.Struct, frozen=True):
    """One finding: what was looked at, whether it is well, and a sentence."""

    name: str
    ok: bool
    sentence: str

    def line(self) -> str:
        return f"[{'ok' if self.ok else '!!'}] {self.name}: {self.sentence}"


def checks(workspace: Path, settings: Settings, streams: Mapping[str, str]) -> Iterator[Check]:
    """Yield every check of this machine and workspace."""
    yield _qt()
    yield _font()
    yield _display()
    yield from _codecs(("h264", "hevc", "mjpeg"))
    yield _browser()
    yield from _ports(workspace, settings)
    yield from _certificates(settings, SystemClock().now())
    yield _disk(workspace, settings)
    yield _journal(workspace)
    yield from _feeds(streams)


def _python(code: str) -> subprocess.CompletedProcess[str]:
    """Run a line in a Python of its own: a missing library or an aborting plugin then costs only that child."""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False, env=_offscreen()
    )


def _offscreen() -> dict[str, str]:
    return os.environ | {"QT_QPA_PLATFORM": "offscreen"}


def _qt() -> Check:
    done = _python(
        "from PySide6 import QtWidgets; import PySide6; QtWidgets.QApplication([]); print(PySide6.__version__)"
    )
    if done.returncode == 0:
        return Check("Qt", True, f"PySide6 {done.stdout.strip()} starts.")
    why = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
    return Check("Qt", False, f"{why} Install the system libraries: scripts/run prints the command.")


def _font() -> Check:
    done = _run(["fc-list", ":lang=ko", "family"])
    families = sorted({line.split(",")[0] for line in done.splitlines() if line.strip()})
    if families:
        return Check("font", True, f"Korean is shown with {families[0]}.")
    return Check("font", False, "no Korean font: apt-get install -y fonts-noto-cjk")


def _display() -> Check:
    name = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if name:
        return Check("display", True, f"{name}.")
    return Check("display", True, "none: scripts/run goes on as --unattended.")


def _codecs(names: Iterable[str]) -> Iterator[Check]:
    for name in names:
        ok = name in av.codecs_available
        yield Check(f"codec {name}", ok, "can be decoded." if ok else "cannot be decoded: reinstall the package av.")


def _browser() -> Check:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path:
        return Check("browser", True, f"{path} (used by --unattended to work the desk's page).")
    return Check(
        "browser", False, "no Chromium: --unattended needs it for the desk's page: apt-get install -y chromium"
    )


_PORTS = (
    ("gateway", "dc09", "intake.dc09.host", "intake.dc09.port"),
    ("gateway", "dc09_udp", "intake.dc09_udp.host", "intake.dc09_udp.port"),
    ("gateway", "linked", "intake.linked.host", "intake.linked.port"),
    ("gateway", "webhook", "intake.webhook.host", "intake.webhook.port"),
    ("gateway", "http", "gateway.http.host", "gateway.http.port"),
    ("feeds", "rtsp", "feeds.rtsp.host", "feeds.rtsp.port"),
)


def _ports(workspace: Path, settings: Settings) -> Iterator[Check]:
    for program, door, host, port in _PORTS:
        name, number = f"port {program}/{door}", settings.whole(port)
        told = read_announcement(workspace, program)
        if told is not None:
            yield Check(name, True, f"held by our {program}: {told['addresses'].get(door)}.")
            continue
        try:
            bind = bind_udp if door.endswith("_udp") else bind_tcp
            bind(settings.text(host), number, program, port).close()
            yield Check(name, True, f"{number} is free.")
        except ConsoleError as error:
            yield Check(name, False, error.sentence("en"))


_TLS = ("gateway.http", "desk.http", "intake.webhook")
_ANY_HOST = ("0.0.0.0", "::")


def _certificates(settings: Settings, now: datetime) -> Iterator[Check]:
    for prefix in _TLS:
        try:
            if server_context(prefix, settings) is not None:
                facts = facts_of(Path(settings.text(f"{prefix}.certificate")))
                yield _certificate(f"certificate {prefix}", facts, _called(prefix, settings), now)
        except (ConsoleError, OSError, ValueError) as error:
            yield Check(f"certificate {prefix}", False, str(error))


def _called(prefix: str, settings: Settings) -> str:
    """Return the host by which others call a door; "" when it is not written down."""
    url = settings.text("gateway.http.url") if prefix == "gateway.http" else ""
    host = urlsplit(url).hostname or settings.text(f"{prefix}.host")
    return "" if host in _ANY_HOST else host


def _certificate(name: str, facts: CertificateFacts, host: str, now: datetime) -> Check:
    until, names = f"{facts.until:%Y-%m-%d}", ", ".join(facts.names) or "no name"
    if not facts.since <= now < facts.until:
        return Check(name, False, f"it holds from {facts.since:%Y-%m-%d} to {until}: renew it, then start again.")
    if host and not facts.covers(host):
        return Check(name, False, f"others call {host}, but it is for {names}: they refuse. Have that name put in.")
    if facts.until - now < _RENEW:
        return Check(name, False, f"it ends on {until}: renew it now.")
    return Check(name, True, f"good until {until} for {names}.")


def _disk(workspace: Path, settings: Settings) -> Check:
    place = next(p for p in (workspace, *workspace.absolute().parents) if p.exists())
    free_gib = shutil.disk_usage(place).free / 2**30
    want_gib = settings.number("recorder.max_gib")
    if free_gib >= want_gib:
        return Check("disk", True, f"{free_gib:.0f} GiB free for a ring of at most {want_gib:g} GiB.")
    return Check("disk", False, f"{free_gib:.1f} GiB free, the ring may take {want_gib:g}: lower recorder.max_gib.")


def _journal(workspace: Path) -> Check:
    from smartcity_console.journal import SqliteJournal

    path = workspace / "journal.sqlite"
    if not path.is_file():
        return Check("journal", True, "none yet; the first start makes it.")
    try:
        journal = SqliteJournal(path, SystemClock())
    except ConsoleError as error:
        return Check("journal", False, error.sentence("en"))
    count, proved_to = journal.last_seq(), journal.proved_to
    journal.close()
    if proved_to:
        told = f"{count} events, the chain verifies after event {proved_to}; what is before was verified earlier."
        return Check("journal", True, f"{told} 'audit verify' walks all of it.")
    return Check("journal", True, f"{count} events, the chain verifies.")


def _feeds(streams: Mapping[str, str], probe: Callable[[str], str] | None = None) -> Iterator[Check]:
    if not streams:
        yield Check("feeds", True, "no camera has a stream yet; the first start plays the sample feeds.")
    for camera_id, url in streams.items():
        try:
            yield Check(f"feed {camera_id}", True, (probe or _probe)(url))
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            yield Check(f"feed {camera_id}", False, f"{why}. Is the camera on, the feeds program running?")


def _probe(url: str) -> str:
    """Open a stream, read one packet; return what it is. Raises OSError (av's errors are)."""
    with av.open(url, timeout=(PROBE_S, PROBE_S), options={"rtsp_transport": "tcp"}) as stream:
        video = stream.streams.video[0]
        next(stream.demux(video))
        return f"{video.codec_context.name} {video.codec_context.width}x{video.codec_context.height}."


def _run(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout
    except FileNotFoundError:
        return ""
