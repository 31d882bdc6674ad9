"""A folder or network share as the way to a receiver: whole hand-offs appear in it, or nothing does (laid_out.py)."""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path

from smartcity_console.handoff.container import CHUNK_BYTES
from smartcity_console.handoff.errors import HandoffNotThere, ReceiverUnreachable
from smartcity_console.handoff.laid_out import (
    NOTICE,
    PACKAGE,
    SUMS,
    UPDATES,
    checked_id,
    documents_of,
    open_notice,
    sums_line,
)
from smartcity_console.handoff.seal import sync_directory
from smartcity_console.runtime import write_atomically


class FolderChannel:
    """One receiver's folder. The share must be there: a mount that is gone is not made up by an empty directory."""

    def __init__(self, root: Path, name: str, documents: bool = False) -> None:
        self._root, self._name, self._documents = root, name, documents

    async def deliver_notice(self, handoff_id: str, notice: bytes) -> None:
        """Write the notice; the same again changes nothing. Raises DeliveryFailed."""
        await self._guarded(self._write_notice, handoff_id, notice)

    async def deliver_package(self, handoff_id: str, package: Path, sha256: str) -> str:
        """Copy the package under another name, check what arrived, then rename. Raises DeliveryFailed."""
        await self._guarded(self._write_package, handoff_id, package, sha256)
        return f"{self._name} (공유 폴더)"

    async def deliver_update(self, handoff_id: str, update_id: str, body: bytes) -> None:
        """Lay an update beside the hand-off. Raises DeliveryFailed; HandoffNotThere where the hand-off does not lie."""
        await self._guarded(self._write_update, handoff_id, update_id, body)

    async def _guarded(self, write, *values: object) -> None:  # type: ignore[no-untyped-def]
        try:
            await asyncio.to_thread(write, *values)
        except OSError as error:
            raise ReceiverUnreachable(receiver=self._name, why=error.strerror or type(error).__name__) from error

    def _write_notice(self, handoff_id: str, notice: bytes) -> None:
        write_atomically(self._home(handoff_id) / NOTICE, open_notice(notice))

    def _write_package(self, handoff_id: str, package: Path, sha256: str) -> None:
        home = self._home(handoff_id)
        target, part = home / PACKAGE, home / f".package.{os.getpid()}.part"
        if target.is_file() and _sha256(target) == sha256:
            return
        try:
            _copy(package, part)
            if _sha256(part) != sha256:
                raise ReceiverUnreachable(receiver=self._name, why="the copy differs")
            write_atomically(home / SUMS, sums_line(sha256))
            for name, data in (documents_of(package) if self._documents else {}).items():
                write_atomically(home / name, data)
            part.replace(target)
            sync_directory(home)
        finally:
            part.unlink(missing_ok=True)

    def _write_update(self, handoff_id: str, update_id: str, body: bytes) -> None:
        home = self._root / checked_id(handoff_id, self._name)
        if not home.is_dir():
            raise HandoffNotThere(receiver=self._name, why="no folder of it")
        write_atomically(home / UPDATES / f"{checked_id(update_id, self._name)}.json", body)

    def _home(self, handoff_id: str) -> Path:
        home = self._root / checked_id(handoff_id, self._name)
        if not self._root.is_dir():
            raise ReceiverUnreachable(receiver=self._name, why="the folder is not there")
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
