"""SFTP as a way to a receiver, against a real SSH server over loopback."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from smartcity_console.handoff.errors import (
    CredentialRefused,
    DeliveryFailed,
    HandoffNotThere,
    ReceiverUnreachable,
)
from smartcity_console.handoff.recipients import Sftp
from smartcity_console.handoff.seal import seal_package
from smartcity_console.handoff.sftp import SftpChannel
from smartcity_console.handoff.verify import verify_package

NOTICE = b'{"handoff_id":"handoff-1","grade":4,"live":{"token":"secret"},"receipts":{"token":"secret"}}'


class _Remembering(asyncssh.SSHServer):
    """Keeps the connections that came, so that they can be ended."""

    def __init__(self, connections: list[asyncssh.SSHServerConnection]) -> None:
        self._connections = connections

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connections.append(conn)


class Receiver:
    """Keys of both sides and the receiver's folder; `run` gives a channel to work with while the server stands."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        (self.root / "in").mkdir(parents=True)
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        self.client_key = asyncssh.generate_private_key("ssh-ed25519")
        self.allowed = [self.client_key]
        self.key_file = folder / "recipient.sftp"
        self.client_key.write_private_key(self.key_file)
        self.folder, self.documents = "/in", False
        self.known = self.host_key.export_public_key().decode()
        self.opened: list[bytes] = []

    def run(self, work: Callable[[SftpChannel], Awaitable[Any]]) -> Any:
        connections: list[asyncssh.SSHServerConnection] = []

        async def served() -> Any:
            lines = "\n".join(key.export_public_key().decode().strip() for key in self.allowed)
            server = await asyncssh.listen(
                "127.0.0.1",
                0,
                server_host_keys=[self.host_key],
                authorized_client_keys=asyncssh.import_authorized_keys(lines),
                sftp_factory=self._session,
                server_factory=lambda: _Remembering(connections),
            )
            async with server:
                try:
                    return await work(self.channel(server.get_port()))
                finally:
                    for connection in connections:  # asyncssh ends with the server only its listening
                        connection.abort()
                        await connection.wait_closed()

        return asyncio.run(served())

    def _session(self, channel: Any) -> asyncssh.SFTPServer:
        opened = self.opened

        class Session(asyncssh.SFTPServer):
            def open(self, path: bytes, pflags: int, attrs: Any) -> object:
                opened.append(path)
                return super().open(path, pflags, attrs)

        return Session(channel, chroot=str(self.root).encode())

    def channel(self, port: int) -> SftpChannel:
        way = Sftp("127.0.0.1", "gaon", self.known, port, self.folder, self.documents)
        return SftpChannel(way, self.key_file, "하늘시 관제센터", 5.0)


@pytest.fixture
def receiver(tmp_path: Path) -> Receiver:
    return Receiver(tmp_path)


@pytest.fixture
def package(parts: Any, key: Any, clock: Any, tmp_path: Path) -> tuple[Path, str]:
    sealed = seal_package(parts, key, clock.now(), tmp_path / "p.zip")
    return sealed.path, sealed.sha256


def test_a_hand_off_lies_there_whole_without_tokens(receiver: Receiver, package: tuple[Path, str]) -> None:
    receiver.documents = True
    path, sha256 = package

    async def deliver(channel: SftpChannel) -> str:
        await channel.deliver_notice("handoff-1", NOTICE)
        return await channel.deliver_package("handoff-1", path, sha256)

    assert receiver.run(deliver) == "하늘시 관제센터 (SFTP)"
    home = receiver.root / "in/handoff-1"
    assert verify_package(home / "package.zip").ok
    assert (home / "package.zip.sha256").read_text() == f"{sha256}  package.zip\n"
    assert json.loads((home / "notice.json").read_bytes()) == {"handoff_id": "handoff-1", "grade": 4}
    assert json.loads((home / "eido.json").read_bytes())["eidoVersion"]
    assert sorted(path.name for path in home.iterdir()) == [
        "cap.xml",
        "eido.json",
        "forwarding.json",
        "notice.json",
        "package.zip",
        "package.zip.sha256",
    ]


def test_the_same_again_sends_nothing_and_a_cut_one_goes_on(receiver: Receiver, tmp_path: Path) -> None:
    big = tmp_path / "big.zip"
    big.write_bytes(os.urandom(3 << 20))
    sha256 = hashlib.sha256(big.read_bytes()).hexdigest()
    home = receiver.root / "in/handoff-1"
    home.mkdir()
    (home / f".package.{sha256[:32]}.part").write_bytes(big.read_bytes()[: 2 << 20])
    receiver.run(lambda channel: channel.deliver_package("handoff-1", big, sha256))
    assert (home / "package.zip").read_bytes() == big.read_bytes()
    receiver.opened.clear()
    receiver.run(lambda channel: channel.deliver_package("handoff-1", big, sha256))
    assert all(name.endswith(b".sha256") for name in receiver.opened)


def test_later_word_lies_beside_it_and_only_beside_it(receiver: Receiver) -> None:
    async def tell(channel: SftpChannel) -> None:
        with pytest.raises(HandoffNotThere):
            await channel.deliver_update("handoff-1", "up-1", b"{}")
        await channel.deliver_notice("handoff-1", NOTICE)
        await channel.deliver_update("handoff-1", "up-1", b'{"kind":"recalled"}')

    receiver.run(tell)
    assert (receiver.root / "in/handoff-1/updates/up-1.json").read_bytes() == b'{"kind":"recalled"}'


def test_another_servers_key_and_a_key_that_is_not_ours_are_told_as_credentials(receiver: Receiver) -> None:
    receiver.known = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    with pytest.raises(CredentialRefused, match="HostKeyNotVerifiable"):
        receiver.run(lambda channel: channel.deliver_notice("handoff-1", NOTICE))
    receiver.known = receiver.host_key.export_public_key().decode()
    receiver.allowed = [asyncssh.generate_private_key("ssh-ed25519")]
    with pytest.raises(CredentialRefused, match="PermissionDenied"):
        receiver.run(lambda channel: channel.deliver_notice("handoff-1", NOTICE))
    assert list((receiver.root / "in").iterdir()) == []


def test_a_folder_that_is_gone_is_a_failure_and_not_made(receiver: Receiver) -> None:
    receiver.folder = "/mount"
    with pytest.raises(ReceiverUnreachable, match="not there"):
        receiver.run(lambda channel: channel.deliver_notice("handoff-1", NOTICE))
    assert [path.name for path in receiver.root.iterdir()] == ["in"]


@pytest.mark.parametrize("name", ["../../etc", "a/b", "", ".hidden"])
def test_an_id_names_no_path(receiver: Receiver, name: str) -> None:
    with pytest.raises(DeliveryFailed, match="names no folder"):
        receiver.run(lambda channel: channel.deliver_notice(name, NOTICE))


def test_a_server_that_is_away_is_unreachable(receiver: Receiver) -> None:
    with pytest.raises(ReceiverUnreachable, match="SFTP"):
        asyncio.run(receiver.channel(1).deliver_notice("handoff-1", NOTICE))
