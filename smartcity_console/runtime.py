"""What every program does at its start: take its port and its lock, say where it is, keep its secrets."""

from __future__ import annotations

import errno
import fcntl
import gc
import json
import os
import secrets
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import psutil

from smartcity_console.model.errors import ConsoleError, PortInUse


class AlreadyRunning(ConsoleError):
    code = "already_running"
    ko = "{program}이(가) 이 작업 공간에서 이미 돌고 있습니다(프로세스 {pid}). 그쪽은 그대로 두었습니다. 그것을 쓰거나 먼저 끄십시오."
    en = "{program} already runs on this workspace (process {pid}). It was left alone. Use it, or stop it first."


class AddressRefused(ConsoleError):
    code = "address_refused"
    ko = "{what}: 주소 {host}:{port}을(를) 열 수 없습니다({why}). 기록은 그대로입니다. {setting} 설정을 고치십시오."
    en = "{what}: cannot listen on {host}:{port} ({why}). Nothing was lost. Mend the setting {setting}."


def bind_tcp(host: str, port: int, what: str, setting: str) -> socket.socket:
    """Return a listening TCP socket; port 0 takes a free one. Raises PortInUse (naming the holder) or AddressRefused."""
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(512)
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(what=what, port=port, holder=port_holder(port), setting=setting) from None
        raise AddressRefused(what=what, host=host, port=port, why=error.strerror, setting=setting) from None
    sock.setblocking(False)
    return sock


def bind_udp(host: str, port: int, what: str, setting: str) -> socket.socket:
    """Return a bound UDP socket; port 0 takes a free one. Raises PortInUse (naming the holder) or AddressRefused."""
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(what=what, port=port, holder=port_holder(port, "udp"), setting=setting) from None
        raise AddressRefused(what=what, host=host, port=port, why=error.strerror, setting=setting) from None
    sock.setblocking(False)
    return sock


def port_holder(port: int, transport: str = "tcp") -> str:
    """Return the name and number of the process that has a port ("tcp" or "udp"), as far as this user may know."""
    states = {psutil.CONN_LISTEN} if transport == "tcp" else {psutil.CONN_NONE}
    try:
        listening = [c for c in psutil.net_connections(transport) if c.status in states and c.pid]
        pid = next((c.pid for c in listening if getattr(c.laddr, "port", None) == port), None)
        return f"{psutil.Process(pid).name()} (pid {pid})" if pid else "another user's program"
    except (psutil.Error, OSError):
        return "another program"


class ProgramLock:
    """One instance of a program per workspace: an flock, which the kernel drops however the process ends."""

    def __init__(self, workspace: Path, program: str) -> None:
        self._program = program
        self.path = workspace / "run" / f"{program}.lock"
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock. Raises AlreadyRunning."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            pid = file.read().strip() or "?"
            file.close()
            raise AlreadyRunning(program=self._program, pid=pid) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def is_running(workspace: Path, program: str) -> bool:
    """Return whether some process holds the program's lock on this workspace."""
    path = workspace / "run" / f"{program}.lock"
    if not path.exists():
        return False
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        return False


def announce(workspace: Path, program: str, addresses: Mapping[str, Any]) -> dict[str, Any]:
    """Write `run/<program>.json` and print the same as one JSON line: where the program is to be reached."""
    told = {"program": program, "pid": os.getpid(), "addresses": dict(addresses)}
    text = json.dumps(told, ensure_ascii=False)
    write_atomically(workspace / "run" / f"{program}.json", text.encode())
    print(text, flush=True)
    return told


def read_announcement(workspace: Path, program: str) -> dict[str, Any] | None:
    """Return what the running program announced; None when none holds the lock (a left-over file counts for nothing)."""
    path = workspace / "run" / f"{program}.json"
    if not is_running(workspace, program) or not path.is_file():
        return None
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return told


def prepare_for_storms() -> None:
    """Set the interpreter for many small objects that live long, and for threads that need its lock soon.

    The collector's default looks over all that lives each 70,000 new objects, which a storm makes several times a
    second; a thread back from the disk, or the Qt thread, would wait 5 ms for its turn, many times a second.
    """
    gc.set_threshold(50_000, 25, 25)
    sys.setswitchinterval(0.001)


def write_atomically(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace a file whole or not at all: a temporary beside it, fsync, rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:  # a disk that is full shall not keep half of it either
        temporary.unlink(missing_ok=True)
        raise


def secret(workspace: Path, name: str) -> str:
    """Return a token known only to this workspace's programs, made at first use: `secrets/<name>.token`, 0600."""
    path = workspace / "secrets" / f"{name}.token"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_secret(path)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        token = secrets.token_urlsafe(32)
        file.write(token)
    return token


def _read_secret(path: Path) -> str:
    """Read a token; another program may be between creating and writing it, so an empty file is waited out."""
    with path.open(encoding="ascii") as file:
        for _ in range(200):
            token = file.read()
            if token:
                return token
            os.sched_yield()
            file.seek(0)
    raise AlreadyRunning(program=f"the maker of {path.name}", pid="?")
