"""The command line. `scripts/run ARGS…` is the prepared environment followed by this."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from smartcity_console import __version__, composition
from smartcity_console.composition.drill_options import add_drill
from smartcity_console.model.errors import ConsoleError, Language
from smartcity_console.settings import load_settings

EXIT_REFUSED = 3
"""Exit code when something was told in a sentence instead of done."""
COVERAGE_CLASSES = ("monitor", "detect", "observe", "recognise", "identify")


def default_workspace() -> Path:
    """Return the user's own workspace (XDG Base Directory, data home)."""
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "smartcity-console" / "workspace"


def main(arguments: list[str] | None = None) -> int:
    """Run one sub-command; return the process's exit code."""
    options = parser().parse_args(arguments)
    try:
        settings = load_settings(options.workspace, options.set)
        return composition.COMMANDS[options.command](options, settings)
    except ConsoleError as error:
        language: Language = "en" if os.environ.get("LANG", "ko").startswith("en") else "ko"
        print(error.sentence(language), file=sys.stderr)
        if language == "ko":
            print(error.sentence("en"), file=sys.stderr)
        return EXIT_REFUSED


def parser() -> argparse.ArgumentParser:
    """Return the parser of every sub-command."""
    root = argparse.ArgumentParser(
        prog="smartcity-console", description="스마트도시센터 관제 콘솔 / smart-city console"
    )
    root.add_argument("--version", action="version", version=__version__)
    _common(root)
    _unattended(root)
    root.set_defaults(command="start")
    commands = root.add_subparsers(title="sub-commands", metavar="COMMAND")
    _start(commands)
    _programs(commands)
    _tools(commands)
    _data(commands)
    _onvif(commands)
    drill = _add(commands, "drill", "drills: recorded feeds, the same screens, a score with its reasons")
    add_drill(drill.add_subparsers(title="verbs", metavar="VERB", required=True))
    return root


_Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _add(commands: _Commands, name: str, help_text: str) -> argparse.ArgumentParser:  # type: ignore[valid-type]
    made = commands.add_parser(name, help=help_text, description=help_text)  # type: ignore[attr-defined]
    _common(made, is_sub_command=True)
    made.set_defaults(command=name)
    return made  # type: ignore[no-any-return]


def _common(made: argparse.ArgumentParser, *, is_sub_command: bool = False) -> None:
    """Add what every command takes. A sub-command sets nothing that it was not told: what stands before it holds."""
    nothing: object = argparse.SUPPRESS
    workspace, pairs = (nothing, nothing) if is_sub_command else (default_workspace(), [])
    made.add_argument("--workspace", type=Path, default=workspace, help="directory with journal and ring")
    made.add_argument(
        "--set", action="append", default=pairs, metavar="NAME=VALUE", help="give a setting another value"
    )


def _unattended(made: argparse.ArgumentParser) -> None:
    made.add_argument("--unattended", action="store_true", help="run the sample incident without a person or a display")
    made.add_argument("--out", type=Path, default=Path("out"), help="where --unattended writes report and screenshots")
    made.add_argument("--feeds", type=Path, default=None, help="play the recordings of this directory as cameras")


def _start(commands: _Commands) -> None:  # type: ignore[valid-type]
    _unattended(_add(commands, "start", "console on the sample city with gateway, desks and feeds (the default)"))


def _programs(commands: _Commands) -> None:  # type: ignore[valid-type]
    _add(commands, "gateway", "the headless program: intake, recorder, clips, hand-offs, live views")
    desk = _add(commands, "desk", "the page at which 112, 119 or another receiver gets hand-offs")
    desk.add_argument("--agency", choices=("police", "fire", "centre", "facility"), required=True)
    user = _add(commands, "desk-user", "who may log in at a desk; a password is read from standard input")
    user.add_argument("act", choices=("add", "remove", "list"))
    user.add_argument("name", nargs="?", default="", help="the user's name, as receipts will show it")
    user.add_argument("--agency", choices=("police", "fire", "centre", "facility"), required=True)
    feeds = _add(commands, "feeds", "recorded feeds posing as live cameras over RTSP")
    feeds.add_argument("--feeds", type=Path, default=None, help="recordings to play; default: the sample feeds")
    _add(commands, "console", "one operator's seat, without starting the other programs")


def _tools(commands: _Commands) -> None:  # type: ignore[valid-type]
    verify = _add(commands, "verify", "check a hand-off package: hashes, signature, container")
    verify.add_argument("package", type=Path)
    verify.add_argument("--key", action="append", default=[], help="fingerprint of a signer's key that is trusted")
    journal = _add(commands, "journal", "print the events of a workspace")
    journal.add_argument("--json", action="store_true", help="one JSON object a line")
    journal.add_argument("--follow", action="store_true", help="go on printing as events come")
    _add(commands, "doctor", "check libraries, fonts, codecs, ports, certificates, disk and feeds")
    alarm = _add(commands, "alarm", "send one sample alarm to the gateway by DC-09, as a firm's transmitter would")
    alarm.add_argument("--scene", choices=("robbery", "fire"), default="robbery")
    _send(commands)
    _senders(commands)
    key = _add(
        commands, "webhook-key", "make a key with which a firm signs its webhook reports; its secret is shown once"
    )
    key.add_argument("firm", help="the firm's id in the register")
    key.add_argument("--name", default="", help="the firm's name as the queue shows it")
    key.add_argument("--account", action="append", default=[], help="only this account; may be repeated")
    listed = _add(commands, "settings", "print every setting with its value, bounds and meaning")
    listed.add_argument("--markdown", action="store_true", help="as the page docs/settings.md")
    _coverage(commands)
    _audit(commands)


def _audit(commands: _Commands) -> None:  # type: ignore[valid-type]
    audit = _add(commands, "audit", "the journal's chain, the access register and its monthly review")
    verbs = audit.add_subparsers(title="verbs", metavar="VERB", required=True)
    _sender_verb(verbs, "verify", "walk the chain of the journal; name the first event that does not hold")
    export = _sender_verb(verbs, "export", "write the access register of some days as a CSV")
    export.add_argument("--from", dest="start", required=True, metavar="DAY", help="first day, in Korea: 2026-11-01")
    export.add_argument("--to", dest="end", required=True, metavar="DAY", help="last day, in Korea: 2026-11-30")
    export.add_argument("--out", type=Path, required=True, metavar="FILE.csv")
    look = _sender_verb(verbs, "review", "what a reviewer should ask about: counts, and what stands out")
    look.add_argument("--month", required=True, metavar="YYYY-MM")


def _senders(commands: _Commands) -> None:  # type: ignore[valid-type]
    sender = _add(commands, "sender", "the register of firms and accounts, and the AES keys of DC-09 accounts")
    verbs = sender.add_subparsers(title="verbs", metavar="VERB", required=True)
    key = _sender_verb(verbs, "key", "AES keys; a key is read from standard input, never an argument")
    key.add_argument("act", choices=("set", "remove", "list"))
    key.add_argument("account", nargs="?", default="", help="the account as its transmitter sends it")
    bring = _sender_verb(verbs, "import", "add and change firms and accounts from a CSV (UTF-8 or CP949)")
    bring.add_argument("file", type=Path, metavar="FILE.csv")
    bring.add_argument("--dry-run", action="store_true", help="only show what would be added and changed")
    bring.add_argument("--yes", action="store_true", help="apply without asking")
    _sender_verb(verbs, "list", "print what is registered, one JSON object a line; keys are never shown")
    export = _sender_verb(verbs, "export", "write what is registered as a CSV that an import takes again")
    export.add_argument("file", type=Path, metavar="FILE.csv")
    remove = _sender_verb(verbs, "remove", "take the centre's own entry out; the catalogue's words hold again")
    remove.add_argument("account", metavar="ACCOUNT", help="an account, or firm:ID")
    test = _add(commands, "dc09", "send one DC-09 message, as a firm's transmitter would, and wait for its ACK")
    test.add_argument("account", help="the account as the register knows it")
    test.add_argument("--code", default="RP", help="SIA event code: BA, PA, FA …; NULL: a supervision message")
    test.add_argument("--zone", default="1")
    test.add_argument("--text", default="", help="what the operator reads")
    test.add_argument("--udp", action="store_true", help="by UDP instead of TCP")
    test.add_argument("--to", default="", metavar="ADDRESS", help="tcp://host:port or udp://host:port of a gateway")
    test.add_argument("--encrypted", action="store_true", help="with the account's AES key, read from standard input")


def _sender_verb(verbs: _Commands, name: str, help_text: str) -> argparse.ArgumentParser:  # type: ignore[valid-type]
    """Options after the verb keep what stood before it: their defaults are suppressed."""
    made = verbs.add_parser(name, help=help_text, description=help_text)  # type: ignore[attr-defined]
    made.add_argument("--workspace", type=Path, default=argparse.SUPPRESS, help="directory with journal and ring")
    made.add_argument("--set", action="append", default=argparse.SUPPRESS, metavar="NAME=VALUE", help=argparse.SUPPRESS)
    made.set_defaults(what=name)
    return made  # type: ignore[no-any-return]


def _send(commands: _Commands) -> None:  # type: ignore[valid-type]
    made = _add(commands, "send", "send one test message of a linked service, as 112, 119 or a telecom would")
    made.add_argument("service", choices=("112-video", "112-dispatch", "119-dispatch", "disaster", "person"))
    made.add_argument("--what", default="", help="what it is: 강도, 화재, 호우, 치매노인 …")
    made.add_argument("--text", default="", help="the details")
    made.add_argument("--at", default="", metavar="LON,LAT", help="where, in degrees of WGS 84")
    made.add_argument("--address", default="", help="where, in words")
    made.add_argument("--case", default="", help="the sender's number of the case; default: a new one")
    made.add_argument("--state", choices=("10", "40", "50", "90", "91"), default="10", help="10 begun … 91 ended")


def _coverage(commands: _Commands) -> None:  # type: ignore[valid-type]
    made = _add(
        commands, "coverage", "what the cameras see at a class of IEC/EN 62676-4, and the blind spots, as files"
    )
    made.add_argument(
        "--class", dest="dori", choices=COVERAGE_CLASSES, default="observe", help="how well it must be seen"
    )
    made.add_argument("--district", action="append", default=[], metavar="NAME", help="only this; may be repeated")
    made.add_argument("--ground", choices=("open", "street"), default="open", help="all open ground, or streets alone")
    made.add_argument("--turning", action="store_true", help="count a dome wherever it can turn to")
    made.add_argument(
        "--public-alone", action="store_true", help="blind spots of the public cameras, private left aside"
    )
    made.add_argument("--min-area", type=float, default=20.0, metavar="M2", help="leave smaller blind spots out")
    made.add_argument("--out", type=Path, required=True, help="folder for coverage.gpkg, coverage.csv, blind_spots.csv")


def _data(commands: _Commands) -> None:  # type: ignore[valid-type]
    bring = _add(commands, "import", "bring cameras, roads, buildings and other data into the workspace's catalogue")
    bring.add_argument(
        "kind", help="cctv, bells, agencies, nodelink, roads, osm, buildings, districts, sites, traffic, raster"
    )
    bring.add_argument("files", type=Path, nargs="+", metavar="FILE")
    bring.add_argument("--dry-run", action="store_true", help="only show what would be added, changed and gone")
    bring.add_argument("--yes", action="store_true", help="apply without asking")
    bring.add_argument("--source", default="", help="name of the source; default: the file's name without its date")
    bring.add_argument("--ownership", choices=("public", "private"), default="public", help="whose the cameras are")
    bring.add_argument("--crs", default="", help="coordinate system of a vector file that names none, like EPSG:5179")
    bring.add_argument("--encoding", default="", help="encoding of a Shapefile that names none; default CP949")
    bring.add_argument("--report", type=Path, default=None, help="CSV of the bad rows; default: in the workspace")


def _onvif(commands: _Commands) -> None:  # type: ignore[valid-type]
    onvif = _add(commands, "onvif", "find ONVIF cameras, look at one, connect one to a camera of the catalogue")
    verbs = onvif.add_subparsers(title="verbs", metavar="VERB", required=True)
    find = _verb(verbs, "discover", "ask the local network, or each address of a range, which devices are there")
    find.add_argument(
        "--address", action="append", default=[], metavar="RANGE", help="10.1.2.3, 10.1.2.0/24 or 10.1.2.3-10.1.2.40"
    )
    find.add_argument("--interface", default="", metavar="IP", help="own address on the cameras' network")
    find.add_argument("--listen", type=float, default=3.0, metavar="S", help="how long to wait for answers")
    find.add_argument("--port", type=int, default=3702, help="UDP port of WS-Discovery")
    _verb(verbs, "probe", "make, model, streams and what it can turn").add_argument("address", metavar="ADDRESS")
    adopt = _verb(verbs, "adopt", "connect a device: its streams, its login, how it hangs")
    adopt.add_argument("address", metavar="ADDRESS")
    adopt.add_argument("--camera", required=True, metavar="ID", help="the camera of the catalogue that it is")
    adopt.add_argument("--pan-zero", type=float, metavar="DEG", help="compass bearing it looks at when pan is 0")
    adopt.add_argument("--pan-span", type=float, metavar="DEG", help="how far -1…1 turns, where it has no degrees")
    adopt.add_argument("--tilt-low", type=float, metavar="DEG", help="elevation at tilt -1, where it has no degrees")
    adopt.add_argument("--tilt-high", type=float, metavar="DEG", help="elevation at tilt 1, where it has no degrees")
    adopt.add_argument("--pan-reversed", action="store_true", help="pan grows to the left")
    adopt.add_argument("--tilt-down", action="store_true", help="tilt in degrees grows downwards")


def _verb(verbs: _Commands, name: str, help_text: str) -> argparse.ArgumentParser:  # type: ignore[valid-type]
    """Options after the verb keep what stood before it: their defaults are suppressed."""
    made = verbs.add_parser(name, help=help_text, description=help_text)  # type: ignore[attr-defined]
    quiet = argparse.SUPPRESS
    made.add_argument("--workspace", type=Path, default=quiet, help="directory with journal and ring")
    made.add_argument("--set", action="append", default=quiet, metavar="NAME=VALUE", help=quiet)
    made.add_argument("--user", default="", help="login; the password is asked for")
    made.add_argument("--password-file", type=Path, default=None, help="read the password from this file instead")
    made.add_argument("--limit", type=float, default=5.0, metavar="S", help="limit for each answer")
    made.add_argument("--json", action="store_true", help="figures for programs")
    made.set_defaults(verb=name)
    return made  # type: ignore[no-any-return]


if __name__ == "__main__":
    sys.exit(main())
