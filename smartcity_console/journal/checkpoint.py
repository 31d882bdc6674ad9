"""The checkpoint: "up to event N with hash H the chain was verified", so that an opening need not walk it again.

It is a remembered proof, no record: a small file beside the journal, which may be removed at any time. It is authenticated
(HMAC-SHA-256, RFC 2104) with a key that only the programs' user may read, `secrets/journal-checkpoint.token`; whoever can
merely edit the journal cannot make one. Where anything is odd it counts for nothing, and the whole chain is walked.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import sqlite3
import stat
import threading
from pathlib import Path

import msgspec

from smartcity_console.journal.chain import row_hash
from smartcity_console.journal.database import read_rows
from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import secret, write_atomically

FORMAT = 1
"""Raised whenever what the hash covers, or how it is made, changes."""

KEY_NAME = "journal-checkpoint"
_MIN_KEY = 32
_MOST_BYTES = 4096
_PURPOSE = b"smartcity-console journal checkpoint\0"
_log = logging.getLogger(__name__)
_writing = threading.Lock()  # the threads of one process write to one temporary file


class Checkpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The proof. `schema` is the SHA-256 of the table's definition, `mac` the code over all other fields, in hex."""

    format: int
    schema: str
    seq: int
    hash: str
    mac: str = ""


def checkpoint_path(journal: Path) -> Path:
    """Return where a journal's checkpoint lies."""
    return journal.with_name(f"{journal.name}.checkpoint")


def trusted(journal: Path, connection: sqlite3.Connection) -> Checkpoint | None:
    """Return the checkpoint that holds for this journal, or None. May raise sqlite3.DatabaseError."""
    known = _read(checkpoint_path(journal))
    if known is None or known.format != FORMAT or known.schema != _schema(connection) or known.seq < 1:
        return None
    key = _key(journal.parent)
    if key is None or not hmac.compare_digest(known.mac.encode(), _mac(known, key).encode()):
        _log.info("the checkpoint of %s is not this workspace's and counts for nothing", journal)
        return None
    return known if _is_there(known, journal, connection) else None


def remember(journal: Path, connection: sqlite3.Connection, seq: int, hash_: str) -> bool:
    """Put on file that the chain holds up to an event; return whether it is. A disk that is full keeps the one before.

    Only for who has walked to there from the first event or from a trusted checkpoint. May raise sqlite3.DatabaseError.
    """
    made = Checkpoint(FORMAT, _schema(connection), seq, hash_)
    try:
        with _writing:
            made = msgspec.structs.replace(made, mac=_mac(made, _key_to_write(journal.parent)))
            write_atomically(checkpoint_path(journal), msgspec.json.encode(made), 0o600)
    except (OSError, ConsoleError) as error:
        _log.warning("the checkpoint of %s was not renewed, the next start walks further: %s", journal, error)
        return False
    return True


def forget(journal: Path) -> None:
    """Remove the checkpoint: the next opening walks the whole chain."""
    try:
        checkpoint_path(journal).unlink(missing_ok=True)
    except OSError as error:
        _log.error("the checkpoint of %s could not be removed; remove it by hand: %s", journal, error)


def _read(path: Path) -> Checkpoint | None:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        return msgspec.json.decode(data, type=Checkpoint) if len(data) <= _MOST_BYTES else None
    except (OSError, ValueError):  # msgspec's errors are ValueErrors
        return None


def _is_there(known: Checkpoint, journal: Path, connection: sqlite3.Connection) -> bool:
    """Look whether the journal holds the event, unchanged. One that does not is another than was verified."""
    rows = read_rows(connection, known.seq - 1, 1)
    if rows and rows[0][0] == known.seq and rows[0][8] == known.hash == row_hash(rows[0]):
        return True
    _log.warning(
        "%s is not the journal that was verified up to event %d: restored from a backup, rewritten or cut off. Its whole "
        "chain is walked",
        journal,
        known.seq,
    )
    return False


def _schema(connection: sqlite3.Connection) -> str:
    (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'events'").fetchone()
    return hashlib.sha256(str(sql).encode()).hexdigest()


def _mac(one: Checkpoint, key: bytes) -> str:
    told = msgspec.json.encode(msgspec.structs.replace(one, mac=""))
    return hmac.digest(key, _PURPOSE + told, "sha256").hex()


def _key(workspace: Path) -> bytes | None:
    """Return the key when it is a file that only this user may read and write, None otherwise."""
    try:
        handle = os.open(_key_path(workspace), os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode) or facts.st_mode & 0o077 or facts.st_uid != os.geteuid():
            _log.warning("%s is not this user's alone, so it proves nothing; a new one is made", _key_path(workspace))
            return None
        key = file.read(_MOST_BYTES)
    return key if len(key) >= _MIN_KEY else None


def _key_to_write(workspace: Path) -> bytes:
    """Return the key, made new where there is none that may be trusted. Raises OSError, AlreadyRunning."""
    key = _key(workspace)
    if key is None:
        _key_path(workspace).unlink(missing_ok=True)
        key = secret(workspace, KEY_NAME).encode()
    return key


def _key_path(workspace: Path) -> Path:
    return workspace / "secrets" / f"{KEY_NAME}.token"
