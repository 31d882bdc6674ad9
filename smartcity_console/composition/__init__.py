"""The one room that names concrete parts and wires them. Each sub-command imports only what it needs."""

from __future__ import annotations

import getpass
import json
import os
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Callable

from smartcity_console.clock import SystemClock
from smartcity_console.settings import TABLE, Settings

Command = Callable[[Namespace, Settings], int]


def _gateway(options: Namespace, settings: Settings) -> int:
    from smartcity_console.gateway import run_gateway

    return run_gateway(options.workspace, settings, SystemClock())


def _desk(options: Namespace, settings: Settings) -> int:
    from smartcity_console.city import City, city_path
    from smartcity_console.desk.basemap import base_map_of
    from smartcity_console.desk.server import run_desk
    from smartcity_console.model.agency import AgencyKind

    city = City.open(city_path(options.workspace, settings.text("city.path")))
    agency = AgencyKind(options.agency)
    return run_desk(agency, options.workspace, settings, SystemClock(), base_map_of(city.base))


def _desk_user(options: Namespace, settings: Settings) -> int:
    del settings
    from smartcity_console.desk.users import add_user, remove_user, user_names, users_path
    from smartcity_console.model.agency import AgencyKind

    path = users_path(options.workspace, AgencyKind(options.agency))
    if options.act == "list":
        print("\n".join(user_names(path)))
    elif options.act == "remove":
        remove_user(path, options.name)
    else:
        add_user(path, options.name, _password())
    return 0


def _password() -> str:
    """Read a password: hidden from a terminal, else the first line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass("password: ")
    return sys.stdin.buffer.readline().decode().rstrip("\r\n")


def _feeds(options: Namespace, settings: Settings) -> int:
    from smartcity_console.drill.feeds import run_feeds

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_feeds(options.workspace, options.feeds, settings, SystemClock(), stop)
    return 0


def _console(options: Namespace, settings: Settings) -> int:
    from smartcity_console.composition.together import run_seat

    return run_seat(options.workspace, settings, SystemClock())


def _start(options: Namespace, settings: Settings) -> int:
    if options.unattended:
        from smartcity_console.composition.unattended import run_unattended

        return run_unattended(options.out, options.feeds, options.set, SystemClock())
    from smartcity_console.composition.together import run_everything

    return run_everything(options.workspace, options.feeds, settings, options.set, SystemClock())


def _verify(options: Namespace, _settings: Settings) -> int:
    from smartcity_console.handoff.verify import verify_package

    report = verify_package(options.package, trusted_keys=tuple(options.key))
    print("\n".join((*report.lines("ko"), *report.lines("en"))))
    return 0 if report.ok else 1


def _journal(options: Namespace, settings: Settings) -> int:
    from smartcity_console.journal.printing import print_journal

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    poll_ms = settings.whole("journal.poll_ms")
    return print_journal(options.workspace / "journal.sqlite", sys.stdout, options.json, options.follow, poll_ms, stop)


def _doctor(options: Namespace, settings: Settings) -> int:
    from smartcity_console.composition.streams import read_streams
    from smartcity_console.doctor import checks

    well = True
    for check in checks(options.workspace, settings, read_streams(options.workspace)):
        print(check.line(), flush=True)
        well = well and check.ok
    return 0 if well else 1


def _alarm(options: Namespace, settings: Settings) -> int:
    from smartcity_console.drill.feeds.program import SAMPLE_FEEDS
    from smartcity_console.drill.scenes import read_scenes
    from smartcity_console.drill.transmitter import Transmitter
    from smartcity_console.runtime import read_announcement

    scene = read_scenes(SAMPLE_FEEDS / "feeds.toml")[options.scene]
    told = read_announcement(options.workspace, "gateway")
    fallback = f"tcp://{settings.text('intake.dc09.host')}:{settings.whole('intake.dc09.port')}"
    address = told["addresses"]["dc09"] if told else fallback
    Transmitter(address, SystemClock()).send(scene.account, scene.code, scene.zone)
    print(json.dumps({"sent": scene.id, "account": scene.account, "code": scene.code, "to": address}))
    return 0


def _send(options: Namespace, settings: Settings) -> int:
    from smartcity_console.composition.sending import run_send

    return run_send(options, settings, SystemClock())


def _sender(options: Namespace, _settings: Settings) -> int:
    if options.what != "key":
        from smartcity_console.composition.sender_register import run_sender

        return run_sender(options, "en" if os.environ.get("LANG", "ko").startswith("en") else "ko", SystemClock())
    from smartcity_console.composition.senders import run_sender_key

    return run_sender_key(options, SystemClock())


def _dc09(options: Namespace, settings: Settings) -> int:
    from smartcity_console.composition.senders import run_dc09

    return run_dc09(options, settings, SystemClock())


def _webhook_key(options: Namespace, _settings: Settings) -> int:
    from smartcity_console.intake.webhook.keys import add_key

    key_id, secret = add_key(options.workspace, options.firm, options.name, tuple(options.account))
    print(json.dumps({"key": key_id, "secret": secret, "firm": options.firm}, ensure_ascii=False))
    return 0


def _import(options: Namespace, _settings: Settings) -> int:
    from smartcity_console.composition.importing import run_import

    return run_import(options, "en" if os.environ.get("LANG", "ko").startswith("en") else "ko", SystemClock())


def _settings(options: Namespace, settings: Settings) -> int:
    if options.markdown:
        print(SETTINGS_HEAD, *(setting.markdown() for setting in TABLE), sep="\n")
        return 0
    now = settings.as_dict()
    for setting in TABLE:
        bounds = f" [{setting.bounds()}]" if setting.bounds() else ""
        print(f"{setting.name} = {now[setting.name]!r}{bounds}  {setting.sentence}")
    return 0


SETTINGS_HEAD = """# Settings

Made from `smartcity_console/settings.py`: `scripts/run settings --markdown > docs/settings.md`.

| name | default | bounds | meaning |
|---|---|---|---|"""


def _coverage(options: Namespace, settings: Settings) -> int:
    from smartcity_console.composition.coverage import run_coverage

    return run_coverage(options, settings, SystemClock())


def _onvif(options: Namespace, settings: Settings) -> int:
    from smartcity_console.composition.onvif import run_onvif

    return run_onvif(options, settings, "en" if os.environ.get("LANG", "ko").startswith("en") else "ko")


def _audit(options: Namespace, settings: Settings) -> int:
    from smartcity_console.composition.audit import run_audit

    return run_audit(options, settings, SystemClock())


def _drill(options: Namespace, settings: Settings) -> int:
    from smartcity_console.composition.drill import run_drill_command

    return run_drill_command(options, settings, SystemClock())


COMMANDS: dict[str, Command] = {
    "start": _start,
    "gateway": _gateway,
    "desk": _desk,
    "desk-user": _desk_user,
    "feeds": _feeds,
    "console": _console,
    "verify": _verify,
    "journal": _journal,
    "doctor": _doctor,
    "alarm": _alarm,
    "send": _send,
    "sender": _sender,
    "dc09": _dc09,
    "webhook-key": _webhook_key,
    "coverage": _coverage,
    "settings": _settings,
    "import": _import,
    "onvif": _onvif,
    "audit": _audit,
    "drill": _drill,
}
