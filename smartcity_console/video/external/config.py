"""`recorders.toml` in the workspace: where other recorders play a camera's span. Checked when it is read, not when needed.

[[recorder]]
name = "nvr-1"
preset = "mediamtx"                  # or "frigate", or none and an address of your own
address = "http://10.0.0.5:9996"
credentials = "secrets/nvr-1"        # a 0600 file with `user:password`, below the workspace
[recorder.cameras]
"GN-0001" = "gate/north"             # our camera = its name there; "*" = "*" for all by our own names
"""

from __future__ import annotations

import re
import stat
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from smartcity_console.model.errors import ConsoleError

FILE_NAME = "recorders.toml"
PRESETS = {
    # MediaMTX playback server: docs "Playback", GET /get (RFC 3339 start, seconds)
    "mediamtx": ("{address}/get?path={camera}&start={start}&duration={duration}&format=mp4", "iso8601"),
    # Frigate HTTP API: /api/<camera>/start/<unix>/end/<unix>/clip.mp4
    "frigate": ("{address}/api/{camera}/start/{start}/end/{end}/clip.mp4", "unix"),
}
FORMATS = ("iso8601", "unix", "compact")
_FIELD = re.compile(r"\{(\w*)\}")
_FIELDS = frozenset(("camera", "start", "end", "duration"))


class RecordersRefused(ConsoleError):
    code = "recorders_refused"
    ko = (
        "외부 녹화기 목록 {path}의 {where}에 잘못된 값이 있습니다: {why}. 외부 녹화기를 쓰지 않고 계속합니다. "
        "자체 녹화는 그대로입니다. 파일을 고치십시오."
    )
    en = (
        "The list of external recorders {path} is wrong at {where}: {why}. External recorders are left out; our own "
        "recording goes on. Mend the file."
    )


class ExternalRecorder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One recorder. `template` holds {camera}, {start} and {duration} or {end}, written as `format` says:
    `iso8601` 2026-11-23T05:03:04Z, `unix` seconds, `compact` 20261123T050304Z (as RTSP playback of many NVRs)."""

    name: str
    cameras: dict[str, str]
    preset: str = ""
    address: str = ""
    template: str = ""
    format: str = ""
    credentials: str = ""
    auth: str = "basic"
    timeout_s: float = 15.0
    total_s: float = 180.0
    max_mib: float = 2048.0

    @property
    def pattern(self) -> tuple[str, str]:
        """Return (template, format of times)."""
        if self.preset:
            template, times = PRESETS[self.preset]
            return template.replace("{address}", self.address.rstrip("/")), times
        return self.template, self.format or "iso8601"

    def their_name(self, camera_id: str) -> str | None:
        """Return what the recorder calls a camera; None when it does not have it."""
        if camera_id in self.cameras:
            return self.cameras[camera_id]
        return camera_id if self.cameras.get("*") == "*" else None

    def url(self, camera_id: str, start: datetime, end: datetime) -> str:
        """Return the address that plays a span, without credentials."""
        template, times = self.pattern
        name = self.their_name(camera_id) or camera_id
        duration = (end - start).total_seconds()
        values = {
            "camera": quote(name, safe="" if "?" in template.partition("{camera}")[0] else "/"),
            "start": _written(start, times),
            "end": _written(end, times),
            "duration": f"{duration:.3f}".rstrip("0").rstrip("."),
        }
        return _FIELD.sub(lambda found: values[found[1]], template)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    recorder: list[ExternalRecorder] = []


def read_recorders(path: Path) -> list[ExternalRecorder]:
    """Return the recorders; none when there is no file. Raises RecordersRefused with the line or field that is wrong."""
    try:
        text = path.read_text("utf-8")
        table: dict[str, Any] = tomllib.loads(text)
        read = msgspec.convert(table, _File)
    except FileNotFoundError:
        return []
    except msgspec.ValidationError as error:
        raise RecordersRefused(path=path, where=_where(text, str(error)), why=str(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise RecordersRefused(path=path, where="the file", why=str(error)) from error
    for number, recorder in enumerate(read.recorder):
        if fault := _fault(recorder, path.parent):
            field, why = fault
            raise RecordersRefused(path=path, where=f"{_line(text, number)}, {field}", why=why)
    return read.recorder


def credentials_of(recorder: ExternalRecorder, workspace: Path) -> tuple[str, str] | None:
    """Return (user, password) out of the recorder's file. Raises OSError, ValueError."""
    if not recorder.credentials:
        return None
    user, colon, password = (workspace / recorder.credentials).read_text("utf-8").strip().partition(":")
    if not colon:
        raise ValueError("the credentials file must read user:password")
    return user, password


def _fault(recorder: ExternalRecorder, workspace: Path) -> tuple[str, str] | None:
    if recorder.preset and recorder.preset not in PRESETS:
        return "preset", f"none of {', '.join(PRESETS)}"
    if recorder.preset and recorder.template:
        return "template", "a preset has its own"
    template, times = recorder.pattern
    if times not in FORMATS:
        return "format", f"none of {', '.join(FORMATS)}"
    used = set(_FIELD.findall(template))
    if not {"camera", "start"} <= used or not used & {"end", "duration"} or used - _FIELDS:
        return "template", "must hold {camera}, {start} and {duration} or {end}, and nothing else in braces"
    parts = urlsplit(template)
    if parts.scheme not in ("http", "https", "rtsp") or not parts.hostname:
        return "address" if recorder.preset else "template", "must begin with http://, https:// or rtsp:// and a host"
    if parts.username or parts.password:
        return "template", "credentials stand in a file of their own, not in the address"
    if recorder.auth not in ("basic", "digest"):
        return "auth", "none of basic, digest"
    if not (0 < recorder.timeout_s <= recorder.total_s <= 3600) or not 0 < recorder.max_mib <= 65536:
        return "timeout_s, total_s, max_mib", "0 < timeout_s <= total_s <= 3600, 0 < max_mib <= 65536"
    return _credentials_fault(recorder, workspace)


def _credentials_fault(recorder: ExternalRecorder, workspace: Path) -> tuple[str, str] | None:
    if not recorder.credentials:
        return None
    try:
        mode = (workspace / recorder.credentials).stat().st_mode
        credentials_of(recorder, workspace)
    except (OSError, ValueError) as error:
        return "credentials", getattr(error, "strerror", None) or str(error)
    return ("credentials", "readable by others: chmod 600") if mode & (stat.S_IRWXG | stat.S_IRWXO) else None


def _written(at: datetime, times: str) -> str:
    at = at.astimezone(UTC)
    if times == "unix":
        return f"{at.timestamp():.3f}".rstrip("0").rstrip(".")
    if times == "compact":
        return at.strftime("%Y%m%dT%H%M%SZ")
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds").replace("+00:00", "Z")


def _where(text: str, error: str) -> str:
    found = re.search(r"\$\.recorder\[(\d+)\]", error)
    return _line(text, int(found[1])) if found else "the file"


def _line(text: str, number: int) -> str:
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip().startswith("[[recorder]]")]
    return f"line {lines[number]}" if number < len(lines) else f"recorder {number + 1}"
