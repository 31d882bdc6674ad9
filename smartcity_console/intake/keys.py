"""The senders' keys (AES, DC-09 §5.4): one 0600 file of the workspace, read again when it changes.

A key is written by a person at the centre and read by the gateway. Nothing else ever holds one: no event, no log line,
no answer, no error.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from smartcity_console.clock import Clock
from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import write_atomically

KEY_BYTES = (16, 24, 32)
LOOK_AGAIN_S = 1.0
_log = logging.getLogger(__name__)


class KeyRefused(ConsoleError):
    code = "sender_key_refused"
    ko = "계정 {account}의 암호화 키를 받지 않았습니다: {why}. 이전 키는 그대로입니다. 16진수 32, 48 또는 64자로 입력하십시오."
    en = (
        "The key of account {account} was refused: {why}. The key before it was kept. "
        "Give 32, 48 or 64 hexadecimal digits."
    )


class KeyFileRefused(ConsoleError):
    code = "sender_keys_refused"
    ko = "송신기 키 파일 {path}을(를) 쓰지 않습니다: {why}. 파일은 그대로 두었습니다. 소유자만 읽게(0600) 하고 내용을 확인하십시오."
    en = "The senders' key file {path} is not used: {why}. It was left as it is. Make it readable by its owner alone (0600) and check it."


def canonical(account: str) -> str:
    """Return an account as keys are filed under: the number it means, whatever its case and leading zeros."""
    return account.upper().lstrip("0") or "0"


class SenderKeys:
    """Keys by account. `of` is for the gateway, the rest for a person's acts; both may run at once."""

    def __init__(self, workspace: Path, clock: Clock) -> None:
        """Read the file, if there is one. Raises KeyFileRefused."""
        self.path = workspace / "secrets" / "dc09-keys.json"
        self._clock = clock
        self._keys = self._read()
        self._seen = self._stamp()
        self._looked_s = clock.monotonic_s()

    def of(self, account: str) -> bytes | None:
        """Return the key of an account; None for one that sends in clear."""
        self._look_again()
        return self._keys.get(canonical(account)) if self._keys else None

    def accounts(self) -> list[str]:
        """Return the accounts that have a key."""
        self._keys = self._read()
        return sorted(self._keys)

    def set(self, account: str, hex_text: str) -> None:
        """File a key under an account, in place of one before it. Raises KeyRefused or KeyFileRefused."""
        self.set_all({account: hex_text})

    def set_all(self, hex_texts: Mapping[str, str]) -> None:
        """File many keys at once, or none when one is refused. Raises KeyRefused or KeyFileRefused."""
        made = {canonical(account): key_of_text(account, hex_text) for account, hex_text in hex_texts.items()}
        with self._writing() as keys:
            keys.update(made)

    def remove(self, account: str) -> bool:
        """Forget an account's key; return whether it had one."""
        with self._writing() as keys:
            return keys.pop(canonical(account), None) is not None

    @contextmanager
    def _writing(self) -> Iterator[dict[str, bytes]]:
        """Hand out the keys to be changed, alone among all programs, and write them."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            keys = self._read()
            yield keys
            text = json.dumps({account: key.hex() for account, key in sorted(keys.items())}, indent=1)
            write_atomically(self.path, text.encode(), 0o600)
            self._keys, self._seen = keys, self._stamp()
        finally:
            os.close(lock)

    def _look_again(self) -> None:
        """Take a changed file over; one that cannot be read changes nothing and is told once."""
        now_s = self._clock.monotonic_s()
        if now_s - self._looked_s < LOOK_AGAIN_S:
            return
        self._looked_s = now_s
        if (stamp := self._stamp()) == self._seen:
            return
        self._seen = stamp
        try:
            self._keys = self._read()
        except KeyFileRefused as error:
            _log.error("%s", error.sentence("en"))

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            told = self.path.stat()
        except OSError:
            return None
        return told.st_ino, told.st_mtime_ns, told.st_size

    def _read(self) -> dict[str, bytes]:
        try:
            with self.path.open("rb") as file:
                if os.fstat(file.fileno()).st_mode & 0o077:
                    raise KeyFileRefused(path=self.path, why="others than its owner may read it")
                return {canonical(account): bytes.fromhex(key) for account, key in json.load(file).items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            # Only the kind of the error: its text could quote the file.
            raise KeyFileRefused(path=self.path, why=type(error).__name__) from None


def key_of_text(account: str, hex_text: str) -> bytes:
    """Return the key that an account's hexadecimal digits stand for; white space is passed over. Raises KeyRefused."""
    if not (account.isascii() and account.isalnum() and 3 <= len(account) <= 16):
        raise KeyRefused(account=account[:16], why="an account is 3 to 16 digits or letters")
    try:
        key = bytes.fromhex("".join(hex_text.split()))
    except ValueError:
        raise KeyRefused(account=account, why="not hexadecimal") from None
    if len(key) not in KEY_BYTES:
        raise KeyRefused(account=account, why="neither 128, 192 nor 256 bits")
    return key
