"""Commands around DC-09 senders: their keys, and a test message as a firm's transmitter would send it."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from smartcity_console.clock import Clock
from smartcity_console.drill.transmitter import Transmitter
from smartcity_console.intake.keys import SenderKeys, key_of_text
from smartcity_console.runtime import read_announcement
from smartcity_console.settings import Settings


def run_sender_key(options: Namespace, clock: Clock) -> int:
    """Set, remove or list the keys of accounts. A key comes by standard input: an argument is seen by every program."""
    keys = SenderKeys(options.workspace, clock)
    if options.act == "list":
        print(json.dumps({"accounts": keys.accounts()}))
        return 0
    account = options.account or ""
    if options.act == "remove":
        print(json.dumps({"account": account, "removed": keys.remove(account)}))
        return 0
    keys.set(account, _key_text())
    print(json.dumps({"account": account, "encrypted": True}))
    return 0


def run_dc09(options: Namespace, settings: Settings, clock: Clock) -> int:
    """Send one event, or a supervision message, and wait for its ACK. Raises NotAcknowledged."""
    key = key_of_text(options.account, _key_text()) if options.encrypted else b""
    address = options.to or _address(options, settings)
    transmitter = Transmitter(address, clock, key)
    if options.code == "NULL":
        transmitter.poll(options.account)
    else:
        transmitter.send(options.account, options.code, options.zone, options.text)
    told = {"acknowledged": options.code, "account": options.account, "to": address, "encrypted": bool(key)}
    print(json.dumps(told, ensure_ascii=False))
    return 0


def _address(options: Namespace, settings: Settings) -> str:
    """Return where the workspace's gateway is, running or not."""
    name, scheme = ("dc09_udp", "udp") if options.udp else ("dc09", "tcp")
    told = read_announcement(options.workspace, "gateway")
    if told is not None:
        return str(told["addresses"][name])
    return f"{scheme}://{settings.text(f'intake.{name}.host')}:{settings.whole(f'intake.{name}.port')}"


def _key_text() -> str:
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass("AES key, 32, 48 or 64 hexadecimal digits: ")
    return sys.stdin.readline()
