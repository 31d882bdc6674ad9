"""The desk's users: names with scrypt hashes in a 0600 file that the command line writes and the desk reads."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import unicodedata
from pathlib import Path

import msgspec

from smartcity_console.model.agency import AgencyKind
from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import write_atomically

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1024
_NAME = re.compile(r"[\w][\w .-]{0,39}")
_N, _R, _P = 2**15, 8, 3  # OWASP Password Storage Cheat Sheet: 32 MiB
_MEMORY = 64 << 20


class BadUser(ConsoleError):
    code = "bad_user"
    ko = "접수대 사용자를 저장하지 않았습니다({why}). 있던 사용자는 그대로입니다. 고쳐서 다시 하십시오."
    en = "The desk's user was not stored ({why}). Users that were there are kept. Mend it and try again."


class UsersUnsafe(ConsoleError):
    code = "users_unsafe"
    ko = "사용자 파일 {path}을(를) 쓸 수 없습니다({why}). 접수대를 열지 않았습니다. 권한을 0600 으로 고치십시오."
    en = "The file of users {path} cannot be used ({why}). The desk was not opened. Set its permissions to 0600."


class Hashed(msgspec.Struct, frozen=True):
    """A password as scrypt (RFC 7914) makes it, with what it was made with."""

    salt: bytes
    hash: bytes
    n: int = _N
    r: int = _R
    p: int = _P

    def fits(self, password: str) -> bool:
        made = _scrypt(password, self.salt, self.n, self.r, self.p)
        return hmac.compare_digest(made, self.hash)


_NOBODY = Hashed(bytes(16), bytes(32))


def users_path(workspace: Path, agency: AgencyKind) -> Path:
    return workspace / "secrets" / f"desk-{agency}.users.json"


class Users:
    """Reads the file anew whenever it changed. Blocks: call in a thread."""

    def __init__(self, path: Path) -> None:
        """Raises UsersUnsafe when the file is there and others may read it, or it cannot be understood."""
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._users: dict[str, Hashed] = {}
        self._had_any = False
        self.has_any()

    def has_any(self) -> bool:
        """Return whether one has to log in. A file that goes away opens nothing: until the restart nobody gets in."""
        self._reload()
        self._had_any = self._had_any or bool(self._users)
        return self._had_any

    def knows(self, name: str) -> bool:
        """Return whether a name is still a user's: a session of one who was removed holds no more."""
        self._reload()
        return name in self._users

    def fits(self, name: str, password: str) -> bool:
        """Return whether the password is the user's; it takes as long for a name that nobody has."""
        self._reload()
        fits = self._users.get(name, _NOBODY).fits(password[:LONGEST_PASSWORD])
        return fits and name in self._users

    def _reload(self) -> None:
        try:
            facts = self._path.stat()
        except FileNotFoundError:
            self._users, self._stamp = {}, None
            return
        stamp = (facts.st_mtime_ns, facts.st_ino)
        if stamp == self._stamp:
            return
        if facts.st_mode & 0o077:
            raise UsersUnsafe(path=self._path, why="others may read it")
        self._users, self._stamp = _read(self._path), stamp


def add_user(path: Path, name: str, password: str) -> None:
    """Add a user, or give one another password. Raises BadUser or UsersUnsafe."""
    if not _NAME.fullmatch(name):
        raise BadUser(why="a name is 1 to 40 letters, digits, spaces, dots, hyphens")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadUser(why=f"a password has at least {SHORTEST_PASSWORD} characters")
    salt = os.urandom(16)
    users = _read(path) if path.exists() else {}
    users[name] = Hashed(salt, _scrypt(password, salt, _N, _R, _P), _N, _R, _P)
    _write(path, users)


def remove_user(path: Path, name: str) -> None:
    """Take a user out. Raises BadUser when there is none of that name."""
    users = _read(path) if path.exists() else {}
    if users.pop(name, None) is None:
        raise BadUser(why="no such user")
    _write(path, users)


def user_names(path: Path) -> list[str]:
    return sorted(_read(path)) if path.exists() else []


def _write(path: Path, users: dict[str, Hashed]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_atomically(path, msgspec.json.format(msgspec.json.encode(users), indent=1), 0o600)


def _read(path: Path) -> dict[str, Hashed]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Hashed])
    except (OSError, msgspec.DecodeError) as error:
        raise UsersUnsafe(path=path, why=type(error).__name__) from None


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    text = unicodedata.normalize("NFC", password)  # the same letters however a keyboard composes them (RFC 8265, 4.2)
    return hashlib.scrypt(text.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=32)
