"""The keys by which firms sign: `secrets/webhook.json`, readable by its owner only.

    {"keys": {"k-7f3a": {"firm_id": "s1", "firm_name": "에스원", "secret": "…", "accounts": ["1701"]}}}

`accounts` left out: every account that the register gives to this firm, and unregistered ones.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec

from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import write_atomically

FILE = Path("secrets") / "webhook.json"


class KeysRefused(ConsoleError):
    code = "webhook_keys_refused"
    ko = "웹훅 열쇠 목록 {path}을(를) 쓸 수 없습니다({why}). 웹훅을 열지 않았습니다. 파일을 고치고 다시 시작하십시오."
    en = "The webhook's keys {path} cannot be used ({why}). The webhook stays shut. Mend the file and start again."


class Key(msgspec.Struct, frozen=True):
    """One firm's key. `accounts` empty: what the register gives to the firm."""

    firm_id: str
    secret: str
    firm_name: str = ""
    accounts: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Key({self.firm_id})"  # a key that lands in a log by accident must not tell its secret


class _File(msgspec.Struct, frozen=True):
    keys: dict[str, Key] = {}


def read_keys(workspace: Path) -> Mapping[str, Key]:
    """Return the keys by their id; none when there is no file. Raises KeysRefused."""
    path = workspace / FILE
    if not path.exists():
        return {}
    if path.stat().st_mode & 0o077:
        raise KeysRefused(path=str(FILE), why="others may read it: chmod 600")
    try:
        return msgspec.json.decode(path.read_bytes(), type=_File).keys
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise KeysRefused(path=str(FILE), why=_without_values(error)) from None


def add_key(workspace: Path, firm_id: str, firm_name: str, accounts: tuple[str, ...] = ()) -> tuple[str, str]:
    """Make a key for a firm; return its id and its secret, which is shown this once. Raises KeysRefused."""
    keys = dict(read_keys(workspace))
    key_id, secret = f"k-{secrets.token_hex(4)}", secrets.token_urlsafe(32)
    keys[key_id] = Key(firm_id, secret, firm_name, accounts)
    text = msgspec.json.format(msgspec.json.encode(_File(keys)))
    write_atomically(workspace / FILE, text, 0o600)
    return key_id, secret


def _without_values(error: Exception) -> str:
    """Return what is wrong without the words of the file: a decoder's message names places and types, an OSError none."""
    return str(error) if isinstance(error, msgspec.MsgspecError) else type(error).__name__
