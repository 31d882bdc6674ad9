"""A camera's user and password: one file a camera, readable by its owner alone, never in the journal, a log or a URL."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import msgspec

from smartcity_console.runtime import write_atomically
from smartcity_console.video.onvif.errors import CredentialsUnsafe


class Credentials(msgspec.Struct, frozen=True):
    """Empty: the device asks for none."""

    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return "Credentials(…)"  # a traceback or a log line must not tell them


def credentials_path(workspace: Path, camera_id: str) -> Path:
    return workspace / "secrets" / "cameras" / f"{_plain(camera_id)}.json"


def read_credentials(workspace: Path, camera_id: str) -> Credentials:
    """Return what is kept for a camera; empty when nothing is. Raises CredentialsUnsafe."""
    return read_credentials_file(credentials_path(workspace, camera_id))


def read_credentials_file(path: Path) -> Credentials:
    """Return what one camera's file holds; empty when there is none. Raises CredentialsUnsafe."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return Credentials()
    except OSError as error:
        raise CredentialsUnsafe(path=path, why=error.strerror) from None
    with os.fdopen(handle, "rb") as file:
        if os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise CredentialsUnsafe(path=path, why="others may read it")
        try:
            return msgspec.json.decode(file.read(65536), type=Credentials)
        except msgspec.MsgspecError:
            raise CredentialsUnsafe(path=path, why="not user and password as JSON") from None


def keep_credentials(workspace: Path, camera_id: str, credentials: Credentials) -> None:
    """Write a camera's file, 0600."""
    path = credentials_path(workspace, camera_id)
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_atomically(path, msgspec.json.encode(credentials), 0o600)


def _plain(camera_id: str) -> str:
    """A camera id is part of a path: letters, digits, `-`, `_` and `.` only."""
    if not camera_id.strip(".") or not all(c.isalnum() or c in "-_." for c in camera_id):
        raise CredentialsUnsafe(path=repr(camera_id), why="not a plain camera id")
    return camera_id
