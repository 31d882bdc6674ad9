"""What programs do at their start: ports, locks, announcements, secrets."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from smartcity_console.model.errors import PortInUse
from smartcity_console.runtime import (
    AddressRefused,
    AlreadyRunning,
    ProgramLock,
    announce,
    bind_tcp,
    is_running,
    read_announcement,
    secret,
    write_atomically,
)


def test_port_0_takes_a_free_one() -> None:
    with bind_tcp("127.0.0.1", 0, "HTTP", "gateway.http.port") as sock:
        assert sock.getsockname()[1] > 0


def test_a_port_in_use_is_told_with_its_holder_and_its_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        with pytest.raises(PortInUse) as caught:
            bind_tcp("127.0.0.1", port, "DC-09", "intake.dc09.port")
    for part in (str(port), f"pid {os.getpid()}", "intake.dc09.port", "DC-09"):
        assert part in caught.value.sentence("ko")
        assert part in caught.value.sentence("en")


def test_an_address_that_is_not_ours_is_told() -> None:
    with pytest.raises(AddressRefused):
        bind_tcp("192.0.2.1", 0, "DC-09", "intake.dc09.host")


def test_a_lock_keeps_the_second_out_and_names_the_first(tmp_path: Path) -> None:
    first = ProgramLock(tmp_path, "gateway")
    first.acquire()
    with pytest.raises(AlreadyRunning) as caught:
        ProgramLock(tmp_path, "gateway").acquire()
    assert str(os.getpid()) in caught.value.sentence("en")
    assert is_running(tmp_path, "gateway")
    first.release()
    assert not is_running(tmp_path, "gateway")


def test_a_killed_program_leaves_no_lock(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from smartcity_console.runtime import ProgramLock, announce\n"
        "workspace = pathlib.Path(sys.argv[1]); lock = ProgramLock(workspace, 'gateway'); lock.acquire()\n"
        "announce(workspace, 'gateway', {}); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None and child.stdin is not None
    assert json.loads(child.stdout.readline())["program"] == "gateway"
    assert read_announcement(tmp_path, "gateway")["pid"] == child.pid
    child.send_signal(signal.SIGKILL)
    child.wait(10)
    child.stdout.close()
    child.stdin.close()
    assert not is_running(tmp_path, "gateway")
    assert read_announcement(tmp_path, "gateway") is None


def test_an_announcement_counts_only_while_its_program_lives(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    lock = ProgramLock(tmp_path, "desk-police")
    lock.acquire()
    told = announce(tmp_path, "desk-police", {"http": "http://127.0.0.1:1"})
    assert json.loads(capsys.readouterr().out) == told == read_announcement(tmp_path, "desk-police")
    lock.release()
    assert read_announcement(tmp_path, "desk-police") is None


def test_a_secret_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    token = secret(tmp_path, "gateway-console")
    assert secret(tmp_path, "gateway-console") == token
    assert secret(tmp_path, "desk-police") != token
    assert len(token) >= 40
    assert stat.S_IMODE((tmp_path / "secrets" / "gateway-console.token").stat().st_mode) == 0o600


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b.json"
    write_atomically(target, b"1")
    write_atomically(target, b"22")
    assert target.read_bytes() == b"22"
    assert [p.name for p in target.parent.iterdir()] == ["b.json"]
