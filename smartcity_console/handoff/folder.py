"""A folder or network share as the way to a receiver: whole hand-offs appear in it, or nothing does.

    <folder>/<hand-off>/notice.json     what a desk would be told first, without the leave to watch and to answer
    <folder>/<hand-off>/package.zip     the sealed package, and package.zip.sha256 beside it for `sha256sum -c`

Whoever may read the share reads this, so no token lies there: live view and receipts go by the desk or by telephone.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from pathlib import Path

import msgspec

from smartcity_console.handoff.container import CHUNK_BYTES
from smartcity_console.handoff.errors import DeliveryFailed, ReceiverUnreachable
from smartcity_console.handoff.seal import sync_directory
from smartcity_console.runtime import write_atomically

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,119}")
_SECRETS = ("live", "receipts")


class FolderChannel:
    """One receiver's folder. The share must be there: a mount that is gone is not made up by an empty directory."""

    def __init__(self, root: Path, name: str) -> None:
        self._root, self._name = root, name

    async def deliver_notice(self, handoff_id: str, notice: bytes) -> None:
        """Write the notice; the same again changes nothing. Raises DeliveryFailed."""
        await self._guarded(self._write_notice, handoff_id, notice)

    async def deliver_package(self, handoff_id: str, package: Path, sha256: str) -> str:
        """Copy the package under another name, check what arrived, then rename. Raises DeliveryFailed."""
        await self._guarded(self._write_package, handoff_id, package, sha256)
        return f"{self._name} (공유 폴더)"

    async def _guarded(self, write, *values: object) -> None:  # type: ignore[no-untyped-def]
        try:
            await asyncio.to_thread(write, *values)
        except OSError as error:
            raise ReceiverUnreachable(receiver=self._name, why=error.strerror or type(error).__name__) from error

    def _write_notice(self, handoff_id: str, notice: bytes) -> None:
        told = {key: value for key, value in msgspec.json.decode(notice).items() if key not in _SECRETS}
        path = self._home(handoff_id) / "notice.json"
        write_atomically(path, msgspec.json.format(msgspec.json.encode(told, order="sorted"), indent=1) + b"\n")

    def _write_package(self, handoff_id: str, package: Path, sha256: str) -> None:
        home = self._home(handoff_id)
        target, part = home / "package.zip", home / f".package.{os.getpid()}.part"
        if target.is_file() and _sha256(target) == sha256:
            return
        try:
            _copy(package, part)
            if _sha256(part) != sha256:
                raise ReceiverUnreachable(receiver=self._name, why="the copy differs")
            write_atomically(home / "package.zip.sha256", f"{sha256}  package.zip\n".encode())
            part.replace(target)
            sync_directory(home)
        finally:
            part.unlink(missing_ok=True)

    def _home(self, handoff_id: str) -> Path:
        if not _ID.fullmatch(handoff_id):
            raise DeliveryFailed(receiver=self._name, why="this id names no folder")
        if not self._root.is_dir():
            raise ReceiverUnreachable(receiver=self._name, why="the folder is not there")
        home = self._root / handoff_id
        home.mkdir(exist_ok=True)
        return home


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as file, target.open("wb") as out:
        for chunk in iter(lambda: file.read(CHUNK_BYTES), b""):
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
