"""`recipients.toml`: who receives hand-offs beside the city's stations, when somebody is there, and how each is reached.

    [[recipient]]
    id = "centre-haneul"            # or the id of a station of the catalogue: then only what differs is written here
    kind = "centre"                 # police, fire, centre, facility
    name = "하늘시 스마트도시센터"
    control_room = "통합관제실"
    position = [127.05, 37.52]      # longitude, latitude
    area = [[127.04, 37.50], [127.08, 37.50], [127.08, 37.55]]
    for_kinds = ["robbery"]         # empty: any
    duty = ["mon-fri 09:00-18:00"]  # Korean time; empty: round the clock
    masked = true                   # clips and stills with the cameras' privacy masks burned in
    ways = [{ by = "https", url = "https://desk.haneul.example" }, { by = "mail", to = ["desk@haneul.example"] }]

The first way is used; while its circuit is open the next ones are tried in order. Secrets lie in `secrets/` (0600), never here.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from smartcity_console.model.agency import Agency, AgencyKind
from smartcity_console.model.alert import AlertKind
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.geo import Position
from smartcity_console.model.recipient import Duty, parse_duty

_log = logging.getLogger(__name__)
FILE = "recipients.toml"
MOST_RECIPIENTS = 500
_Lon = Annotated[float, msgspec.Meta(ge=-180, le=180)]
_Lat = Annotated[float, msgspec.Meta(ge=-90, le=90)]
_Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$")]
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]
_Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]


class RecipientsRefused(ConsoleError):
    code = "recipients_refused"
    ko = "수신 기관 목록 {path}을(를) 쓸 수 없습니다({why}). 파일은 그대로이며 이관은 대기합니다. 파일을 고치고 다시 시작하십시오."
    en = "The list of recipients {path} cannot be used ({why}). It was left alone and hand-offs wait. Mend it and start again."


class Https(msgspec.Struct, frozen=True, tag_field="by", tag="https", forbid_unknown_fields=True):
    """A desk's interface. `certificate` and `key` (PEM files): mutual TLS; `ca`: the authority of the desk's certificate.

    The bearer token, or the HMAC's key, is `secrets/recipient-<id>.token`."""

    url: _Text
    auth: Literal["bearer", "hmac"] = "bearer"
    ca: str = ""
    certificate: str = ""
    key: str = ""


class Folder(msgspec.Struct, frozen=True, tag_field="by", tag="folder", forbid_unknown_fields=True):
    path: _Text
    documents: bool = False  # lay eido.json, cap.xml and forwarding.json beside the package too


class Sftp(msgspec.Struct, frozen=True, tag_field="by", tag="sftp", forbid_unknown_fields=True):
    """`host_key`: the server's public key (`ssh-ed25519 AAAA…`). Ours is `secrets/recipient-<id>.sftp`, OpenSSH, 0600."""

    host: _Text
    user: _Text
    host_key: _Text
    port: _Port = 22
    folder: str = "."
    documents: bool = False


class Mail(msgspec.Struct, frozen=True, tag_field="by", tag="mail", forbid_unknown_fields=True):
    """The last resort: a link that ends after `hours`, never the evidence itself."""

    to: tuple[Annotated[str, msgspec.Meta(pattern=r"^[^@\s<>,]+@[^@\s<>,]+$")], ...]
    hours: Annotated[float, msgspec.Meta(gt=0, le=168)] = 24.0


Way = Https | Folder | Sftp | Mail


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One recipient as written."""

    id: _Id
    kind: AgencyKind | None = None
    name: str = ""
    control_room: str = ""
    position: tuple[_Lon, _Lat] | None = None
    area: tuple[tuple[_Lon, _Lat], ...] = ()
    for_kinds: tuple[AlertKind, ...] = ()
    duty: tuple[str, ...] = ()
    masked: bool = False
    ways: tuple[Way, ...] = ()

    @property
    def agency(self) -> Agency | None:
        """The agency that this entry makes; None for one that only adds to a station of the catalogue."""
        if self.kind is None or self.position is None or not self.name:
            return None
        return Agency(self.id, self.kind, self.name, self.control_room, Position(*self.position))

    @property
    def hours(self) -> tuple[Duty, ...]:
        return tuple(map(parse_duty, self.duty))


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    recipient: tuple[Entry, ...] = ()


def read_recipients(workspace: Path) -> Mapping[str, Entry]:
    """Return the entries by id; none without the file. Raises RecipientsRefused, naming what is wrong."""
    path = workspace / FILE
    try:
        entries = msgspec.toml.decode(path.read_bytes(), type=_File).recipient
        for entry in entries:
            _check(entry)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, msgspec.DecodeError) as error:  # tomllib's own is a ValueError
        raise RecipientsRefused(path=path, why=error) from error
    by_id = {entry.id: entry for entry in entries}
    if len(by_id) < len(entries) or len(entries) > MOST_RECIPIENTS:
        raise RecipientsRefused(path=path, why=f"an id twice, or more than {MOST_RECIPIENTS}")
    return by_id


class RecipientsFile:
    """The list as it is written now. One that turns unfit is told in the log; the last good one goes on."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._mark: tuple[int, int] | None = None
        self._entries: Mapping[str, Entry] = {}

    def read(self) -> Mapping[str, Entry]:
        """Read it whatever its age. Raises RecipientsRefused."""
        self._mark = self._look()
        self._entries = read_recipients(self._workspace)
        return self._entries

    def now(self) -> Mapping[str, Entry]:
        """Return the entries by id, read again after a change."""
        if self._look() != self._mark:
            try:
                self.read()
            except RecipientsRefused as error:
                _log.error("%s", error.sentence("en"))
        return self._entries

    def _look(self) -> tuple[int, int] | None:
        try:
            about = (self._workspace / FILE).stat()
        except OSError:
            return None
        return about.st_mtime_ns, about.st_size


def _check(entry: Entry) -> None:
    """Raises ValueError: hours that cannot be read, an area without room, a link sent to nobody, TLS by half."""
    if 0 < len(entry.area) < 3:
        raise ValueError(f"{entry.id}: an area has three corners or more")
    assert all(entry.hours) or not entry.duty  # parses each of them
    for way in entry.ways:
        if isinstance(way, Mail) and not way.to:
            raise ValueError(f"{entry.id}: mail to nobody")
        if isinstance(way, Https) and bool(way.certificate) != bool(way.key):
            raise ValueError(f"{entry.id}: certificate and key go together")
        if isinstance(way, Https) and not way.url.startswith(("https://", "http://127.0.0.1", "http://[::1]")):
            raise ValueError(f"{entry.id}: beyond this machine only https://")
