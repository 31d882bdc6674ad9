"""SFTP as the way to a receiver: the same files as in a share (laid_out.py), over SSH with keys on both sides.

The server is known by its key alone, we by ours; passwords are not used. A package goes under another name and is renamed
when all of it is there; what an earlier try left is gone on from, as far as it is of the same package.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath

import anyio
import asyncssh

from smartcity_console.handoff.container import CHUNK_BYTES
from smartcity_console.handoff.errors import CredentialRefused, DeliveryFailed, HandoffNotThere, ReceiverUnreachable
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
from smartcity_console.handoff.recipients import Sftp

logging.getLogger("asyncssh").setLevel(logging.WARNING)  # it tells of each connection: the outbox does
_CREDENTIALS = (asyncssh.PermissionDenied, asyncssh.HostKeyNotVerifiable, asyncssh.KeyImportError)
_PATIENCE = 60
"""A package may take so many times the limit of a try; each of its pieces only once."""


class SftpChannel:
    """One receiver. Each call is a connection of its own; every wait is limited by `timeout_s`."""

    def __init__(self, way: Sftp, key: Path, name: str, timeout_s: float = 10.0) -> None:
        """`key`: our private key, an OpenSSH file that nobody else may read."""
        self._way, self._key, self._name, self._timeout_s = way, key, name, timeout_s

    async def deliver_notice(self, handoff_id: str, notice: bytes) -> None:
        """Write the notice; the same again changes nothing. Raises DeliveryFailed."""
        async with self._connected(self._timeout_s) as sftp:
            home = await self._home(sftp, handoff_id)
            await _put(sftp, home / NOTICE, open_notice(notice))

    async def deliver_package(self, handoff_id: str, package: Path, sha256: str) -> str:
        """Send the package; return the receiver's name with the way. Raises DeliveryFailed."""
        documents = await asyncio.to_thread(documents_of, package) if self._way.documents else {}
        async with self._connected(self._timeout_s * _PATIENCE) as sftp:
            home = await self._home(sftp, handoff_id)
            if not await _is_there(sftp, home, sha256, package.stat().st_size):
                await self._send(sftp, home, package, sha256)
                for name, data in documents.items():
                    await _put(sftp, home / name, data)
                await _put(sftp, home / SUMS, sums_line(sha256))
        return f"{self._name} (SFTP)"

    async def deliver_update(self, handoff_id: str, update_id: str, body: bytes) -> None:
        """Lay an update beside the hand-off. Raises DeliveryFailed; HandoffNotThere where the hand-off does not lie."""
        home = PurePosixPath(self._way.folder) / checked_id(handoff_id, self._name)
        async with self._connected(self._timeout_s) as sftp:
            if not await sftp.isdir(str(home)):
                raise HandoffNotThere(receiver=self._name, why="no folder of it")
            await sftp.makedirs(str(home / UPDATES), exist_ok=True)
            await _put(sftp, home / UPDATES / f"{checked_id(update_id, self._name)}.json", body)

    async def _send(self, sftp: asyncssh.SFTPClient, home: PurePosixPath, package: Path, sha256: str) -> None:
        """Go on where an earlier try of the same package was cut off, then give it its name."""
        part, size = home / f".package.{sha256[:32]}.part", package.stat().st_size
        first = await _size(sftp, part)
        first = first if first <= size else 0
        async with sftp.open(str(part), "r+b" if first else "wb") as out, await anyio.open_file(package, "rb") as file:
            await file.seek(first)
            while chunk := await file.read(CHUNK_BYTES):
                async with asyncio.timeout(self._timeout_s):  # a receiver that takes nothing is a receiver that is away
                    await out.write(chunk, first)
                first += len(chunk)
        if await _size(sftp, part) != size:
            raise ReceiverUnreachable(receiver=self._name, why="the copy is not as long as the package")
        await sftp.posix_rename(str(part), str(home / PACKAGE))

    async def _home(self, sftp: asyncssh.SFTPClient, handoff_id: str) -> PurePosixPath:
        """Return the hand-off's folder. The receiver's own must be there: a mount that is gone is not made up."""
        root = PurePosixPath(self._way.folder)
        if not await sftp.isdir(str(root)):
            raise ReceiverUnreachable(receiver=self._name, why="the folder is not there")
        home = root / checked_id(handoff_id, self._name)
        await sftp.makedirs(str(home), exist_ok=True)
        return home

    @contextlib.asynccontextmanager
    async def _connected(self, limit_s: float) -> AsyncIterator[asyncssh.SFTPClient]:
        """Give a session; every failure of it is told as one of the delivery."""
        try:
            async with asyncio.timeout(limit_s), self._connection() as ssh, ssh.start_sftp_client() as sftp:
                yield sftp
        except DeliveryFailed:
            raise
        except _CREDENTIALS as error:
            raise CredentialRefused(receiver=self._name, why=f"SSH {type(error).__name__}") from error
        except (asyncssh.Error, OSError) as error:  # TimeoutError is an OSError
            raise ReceiverUnreachable(receiver=self._name, why=f"SFTP {type(error).__name__}") from error

    def _connection(self) -> contextlib.AbstractAsyncContextManager[asyncssh.SSHClientConnection]:
        """Nothing of the user's own SSH set-up counts: no agent, no configuration, no other known hosts."""
        host_key = asyncssh.import_public_key(self._way.host_key)
        made: contextlib.AbstractAsyncContextManager[asyncssh.SSHClientConnection] = asyncssh.connect(
            self._way.host,
            self._way.port,
            username=self._way.user,
            client_keys=[str(self._key)],
            known_hosts=([host_key], [], []),
            agent_path=None,
            config=None,
            preferred_auth="publickey",
            login_timeout=self._timeout_s,
            connect_timeout=self._timeout_s,
            keepalive_interval=self._timeout_s,
        )
        return made


async def _put(sftp: asyncssh.SFTPClient, path: PurePosixPath, data: bytes) -> None:
    """Replace a small file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    async with sftp.open(str(part), "wb") as out:
        await out.write(data)
    await sftp.posix_rename(str(part), str(path))


async def _size(sftp: asyncssh.SFTPClient, path: PurePosixPath) -> int:
    try:
        return (await sftp.stat(str(path))).size or 0
    except asyncssh.SFTPNoSuchFile:
        return 0


async def _is_there(sftp: asyncssh.SFTPClient, home: PurePosixPath, sha256: str, size: int) -> bool:
    """Return whether exactly this package lies there whole: its sum is written after it."""
    try:
        async with sftp.open(str(home / SUMS), "rb") as file:
            told: object = await file.read(200)
        return told == sums_line(sha256) and await _size(sftp, home / PACKAGE) == size
    except asyncssh.SFTPNoSuchFile:
        return False
