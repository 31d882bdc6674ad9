"""Every setting, once: name, type, default, bounds and one sentence. `docs/settings.md` is made from this table.

A workspace's `settings.toml` and `--set name=value` give other values; what is out of bounds is refused by name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from smartcity_console.model.errors import ConsoleError

Value = int | float | str | bool


class SettingRefused(ConsoleError):
    code = "setting_refused"
    ko = (
        "설정 {name} 값 {value}을(를) 받지 않았습니다: {why}. 이전 값은 그대로입니다. "
        "settings.toml 또는 --set 을 고치십시오."
    )
    en = "Setting {name} = {value} was refused: {why}. Nothing was changed. Mend settings.toml or the --set option."


class Setting(msgspec.Struct, frozen=True):
    """One setting; `low` and `high` are inclusive bounds of a number, `choices` the only texts allowed."""

    name: str
    default: Value
    sentence: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()

    def bounds(self) -> str:
        """Return the bounds in words; empty when anything goes."""
        if self.low is None and self.high is None:
            return ", ".join(self.choices)
        return " … ".join("" if bound is None else f"{bound:.10g}" for bound in (self.low, self.high))

    def markdown(self) -> str:
        """Return the setting as a row of docs/settings.md."""
        default = f"`{self.default}`" if self.default != "" else "–"
        return f"| `{self.name}` | {default} | {self.bounds() or '–'} | {self.sentence} |"

    def parse(self, value: object) -> Value:
        """Return the value in this setting's own type. Raises SettingRefused."""
        try:
            typed = self._typed(value)
        except (TypeError, ValueError):
            raise SettingRefused(name=self.name, value=value, why=f"not {type(self.default).__name__}") from None
        self._check(typed)
        return typed

    def _typed(self, value: object) -> Value:
        if isinstance(self.default, bool):
            words = {"true": True, "false": False, "1": True, "0": False}
            if str(value).lower() not in words:
                raise ValueError(value)
            return words[str(value).lower()]
        return type(self.default)(str(value))

    def _check(self, value: Value) -> None:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if self.low is not None and value < self.low:
                raise SettingRefused(name=self.name, value=value, why=f"below {self.low:g}")
            if self.high is not None and value > self.high:
                raise SettingRefused(name=self.name, value=value, why=f"above {self.high:g}")
        if self.choices and value not in self.choices:
            raise SettingRefused(name=self.name, value=value, why=f"none of {', '.join(self.choices)}")


_PORT = "0 picks a free one."
TABLE: tuple[Setting, ...] = (
    Setting("ui.language", "ko", "Language of the screen.", choices=("ko", "en")),
    Setting(
        "city.path",
        "",
        "The city's GeoPackage or catalogue; empty: the workspace's own catalogue, else the sample city.",
    ),
    Setting("journal.poll_ms", 15, "How often a subscriber looks for other programs' events.", 1, 1000),
    Setting(
        "journal.queue", 10_000, "Appends that may wait for the group commit before a writer is refused.", 1, 10**6
    ),
    Setting(
        "journal.verify_h",
        24.0,
        "Hours after which the journal's whole chain is walked again in the background.",
        0.0001,
        720,
    ),
    Setting("journal.verify_share", 0.05, "Share of one core that this walk may take.", 0.001, 1),
    Setting("intake.dc09.host", "127.0.0.1", "Address on which alarm firms' transmitters are heard (SIA DC-09)."),
    Setting("intake.dc09.port", 9091, f"TCP port for SIA DC-09. {_PORT}", 0, 65535),
    Setting("intake.dc09_udp.host", "127.0.0.1", "Address on which DC-09 is heard over UDP."),
    Setting("intake.dc09_udp.port", 9091, f"UDP port for SIA DC-09. {_PORT}", 0, 65535),
    Setting("intake.max_frame_bytes", 4096, "A DC-09 frame longer than this closes its connection.", 128, 65536),
    Setting("intake.idle_s", 600.0, "A sender's connection silent for this long is closed.", 5, 86400),
    Setting("intake.max_connections", 4096, "Transmitters connected at once; further ones are refused.", 1, 100_000),
    Setting(
        "intake.account_rate_s", 20.0, "Messages a second of one account; what is over is not answered.", 0.1, 10**6
    ),
    Setting(
        "intake.address_rate_s", 5000.0, "Messages a second of one address; what is over is not answered.", 1, 10**6
    ),
    Setting("intake.join_s", 600.0, "Alerts of one site within this time are one incident.", 0, 86400),
    Setting(
        "intake.linked.host", "127.0.0.1", "Address on which the five linked services of 112, 119 and others call."
    ),
    Setting("intake.linked.port", 9120, f"TCP port of the linked services. {_PORT}", 0, 65535),
    Setting("intake.linked.max_bytes", 48 << 20, "A linked message longer than this is refused.", 4096, 1 << 28),
    Setting("intake.linked.max_connections", 64, "Linked systems connected at once.", 1, 10_000),
    Setting("intake.linked.fix_m", 150.0, "Radius believed of a telecom's fix that names none.", 1, 5000),
    Setting(
        "intake.webhook.host", "127.0.0.1", "Address of the signed webhook; beyond this machine it needs a certificate."
    ),
    Setting("intake.webhook.port", 9443, f"TCP port of the signed webhook. {_PORT}", 0, 65535),
    Setting("intake.webhook.certificate", "", "PEM file with the webhook's TLS certificate and its chain."),
    Setting("intake.webhook.key", "", "PEM file with the certificate's private key."),
    Setting("intake.webhook.per_minute", 600, "Reports that one key may send in a minute.", 1, 10**6),
    Setting("intake.webhook.max_bytes", 24 << 20, "A webhook body longer than this is refused.", 1024, 1 << 28),
    Setting("intake.cap.folder", "", "Folder watched for CAP 1.2 documents; empty: cap-in in the workspace."),
    Setting("intake.mqtt.host", "", "MQTT broker of analytics and sensors; empty: none."),
    Setting("intake.mqtt.port", 1883, "TCP port of the MQTT broker.", 1, 65535),
    Setting(
        "intake.mqtt.topics", "frigate/events, smartcity/alerts/+", "Topics that are subscribed, parted by commas."
    ),
    Setting("intake.mqtt.user", "", "User at the broker; its password lies in secrets/mqtt.password (0600)."),
    Setting("intake.mqtt.tls", False, "Whether the broker is called over TLS."),
    Setting("intake.mqtt.ca", "", "PEM file with the broker's authority; empty: the system's."),
    Setting("intake.join_m", 150.0, "Reports of different senders within this distance may be one incident.", 0, 5000),
    Setting("intake.claim_s", 120.0, "An emergency unclaimed for so long is brought before the supervisor.", 5, 86400),
    Setting("gateway.http.host", "127.0.0.1", "Address of the gateway's HTTP (receipts, ring clips, live views)."),
    Setting("gateway.http.port", 9680, f"TCP port of the gateway's HTTP. {_PORT}", 0, 65535),
    Setting(
        "gateway.http.certificate",
        "",
        "PEM file with the gateway's TLS certificate and its chain; needed beyond this machine.",
    ),
    Setting("gateway.http.key", "", "PEM file with the key of that certificate, without a pass phrase."),
    Setting(
        "gateway.http.url",
        "",
        "Address under which desks and mailed links reach the gateway, like https://centre.example:9680; empty: its own.",
    ),
    Setting("recorder.minutes", 30, "Minutes of ring kept for each camera.", 1, 60 * 24 * 90),
    Setting("recorder.max_gib", 20.0, "Bound on the whole ring; the oldest unlocked segments go first.", 0.05, 10**6),
    Setting("recorder.segment_s", 10.0, "Length of one segment file of the ring.", 2, 600),
    Setting(
        "recorder.audio",
        False,
        "Record a camera's sound too. Off: a public camera may not record sound in Korea (PIPA article 25(5)).",
    ),
    Setting("recorder.min_free_mib", 512, "Free disk below which recording pauses and says so.", 16, 10**7),
    Setting("capture.open_timeout_ms", 5000, "Limit for opening a camera.", 100, 60000),
    Setting("capture.read_timeout_ms", 6000, "Limit for one frame; then the camera is reopened.", 100, 60000),
    Setting(
        "capture.decoder",
        "auto",
        "auto: PyAV decodes network streams, OpenCV files and devices; opencv: OpenCV decodes everything.",
        choices=("auto", "opencv"),
    ),
    Setting("capture.workers", 2, "Decoder worker processes of one console.", 1, 64),
    Setting("capture.stale_ms", 1500, "Age at which a tile says that its picture stands still.", 200, 60000),
    Setting("wall.tiles", 6, "Tiles of the wall.", 1, 25),
    Setting(
        "seat.role",
        "operator",
        "Who sits at this seat: only a supervisor shelves alarms and edits the table of priorities.",
        choices=("operator", "supervisor"),
    ),
    Setting("ptz.idle_s", 30.0, "A seat that steers a camera and does nothing for this long gives it up.", 2, 3600),
    Setting("ptz.supervisors", "", "Seats whose hand on a camera goes before everybody's, like 1,2."),
    Setting("mask.supervisors", "", "Seats that may set privacy masks and lift them for a time, like 1,2."),
    Setting("evidence.before_s", 30.0, "How long before the alert the evidence span begins.", 0, 600),
    Setting("evidence.after_s", 30.0, "How long after the alert the evidence span may end.", 1, 3600),
    Setting("evidence.verify_h", 24.0, "Hours after which all kept evidence is read and checked again.", 0.0001, 720),
    Setting(
        "retention.personal_days",
        30.0,
        "Days for which the vault keeps records of persons; then they go.",
        0.0001,
        3650,
    ),
    Setting(
        "retention.package_days", 180.0, "Days for which a package is kept once a supervisor released it.", 0, 36500
    ),
    Setting("handoff.live_min", 30.0, "Minutes for which a recipient may watch live.", 0, 1440),
    Setting(
        "handoff.retry_first_s", 1.0, "First wait before a failed delivery is tried again; doubles each time.", 0.05, 60
    ),
    Setting("handoff.retry_max_s", 60.0, "Longest wait between tries.", 0.1, 3600),
    Setting("handoff.timeout_s", 10.0, "Limit for one delivery try.", 0.5, 600),
    Setting("handoff.police_url", "", "Address of the 112 desk; empty: the desk that runs on this workspace."),
    Setting("handoff.police_folder", "", "Folder or share by which 112 gets hand-offs while its desk does not answer."),
    Setting("handoff.fire_folder", "", "Folder or share by which 119 gets hand-offs while its desk does not answer."),
    Setting("handoff.fire_url", "", "Address of the 119 desk; empty: the desk that runs on this workspace."),
    Setting("handoff.c2pa", False, "Whether clips of packages carry content credentials (C2PA); needs c2pa-python."),
    Setting(
        "handoff.link_url",
        "",
        "Address under which recipients of mailed links reach the gateway, like https://evidence.example; empty: gateway.http.url.",
    ),
    Setting("mail.host", "", "The centre's mail server, for links as the last way to a recipient; empty: no mail."),
    Setting("mail.port", 587, "TCP port of the mail server.", 1, 65535),
    Setting(
        "mail.tls", "starttls", "How mail is protected on its way to the server.", choices=("starttls", "tls", "none")
    ),
    Setting("mail.sender", "", "Sender's address of mails."),
    Setting("mail.user", "", "User at the mail server; the password lies in secrets/mail.password (0600)."),
    Setting("mail.ca", "", "PEM file of the authority of the mail server's certificate; empty: the system's."),
    Setting("status.timeout_s", 10.0, "Limit for one status return to a firm.", 0.2, 120),
    Setting(
        "status.retry_first_s", 2.0, "First wait before a status return is tried again; doubles each time.", 0.05, 60
    ),
    Setting("status.retry_max_s", 600.0, "Longest wait between tries of a status return.", 0.1, 86400),
    Setting("status.give_up_h", 24.0, "Hours after which a status return that fails is given up.", 0, 720),
    Setting("status.ca", "", "PEM file of the authority that signed firms' certificates; empty: the usual ones."),
    Setting("private.unlock_min", 10.0, "Minutes for which a claim opens the place's private cameras.", 1, 240),
    Setting("desk.http.host", "127.0.0.1", "Address on which a desk serves its page."),
    Setting(
        "desk.http.certificate", "", "PEM file with a desk's TLS certificate and its chain; needed beyond loopback."
    ),
    Setting("desk.http.key", "", "PEM file with the key of that certificate."),
    Setting(
        "desk.http.client_ca",
        "",
        "PEM file of the authority whose client certificates everybody who connects to a desk must show (mutual TLS).",
    ),
    Setting(
        "desk.gateway_ca",
        "",
        "PEM file of the authority of the centre's certificate, to which a desk sends receipts; empty: the system's.",
    ),
    Setting("desk.session_h", 12.0, "Hours after which a desk's user has to log in again.", 0.1, 72),
    Setting("desk.idle_h", 4.0, "Hours without a request after which a desk's session ends.", 0.05, 72),
    Setting("desk.http.port", 9112, f"TCP port of a desk. {_PORT}", 0, 65535),
    Setting("feeds.rtsp.host", "127.0.0.1", "Address on which recorded feeds pose as live cameras."),
    Setting("feeds.rtsp.port", 9554, f"TCP port of the recorded feeds' RTSP. {_PORT}", 0, 65535),
)
_BY_NAME = {setting.name: setting for setting in TABLE}


class Settings:
    """Values for every name of TABLE."""

    def __init__(self, values: Mapping[str, Value] | None = None) -> None:
        self._values: dict[str, Value] = {s.name: s.default for s in TABLE} | dict(values or {})

    def replaced(self, pairs: Mapping[str, object]) -> Settings:
        """Return settings with some values replaced. Raises SettingRefused."""
        return Settings(self._values | {name: _named(name, value).parse(value) for name, value in pairs.items()})

    def text(self, name: str) -> str:
        return str(self._values[name])

    def whole(self, name: str) -> int:
        return int(self._values[name])

    def number(self, name: str) -> float:
        return float(self._values[name])

    def flag(self, name: str) -> bool:
        return bool(self._values[name])

    def as_dict(self) -> dict[str, Value]:
        return dict(self._values)


def _named(name: str, value: object) -> Setting:
    if name not in _BY_NAME:
        raise SettingRefused(name=name, value=value, why="no such setting")
    return _BY_NAME[name]


def load_settings(workspace: Path, overrides: Iterable[str] = ()) -> Settings:
    """Return the defaults, then the workspace's `settings.toml`, then `name=value` overrides. Raises SettingRefused."""
    file = workspace / "settings.toml"
    pairs: dict[str, object] = _flat(tomllib.loads(file.read_text("utf-8"))) if file.is_file() else {}
    for override in overrides:
        name, equals, value = override.partition("=")
        if not equals:
            raise SettingRefused(name=override, value="", why="write name=value")
        pairs[name.strip()] = value.strip()
    return Settings().replaced(pairs)


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat
