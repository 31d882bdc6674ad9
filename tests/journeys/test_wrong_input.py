"""What goes wrong is told in a sentence, and nothing is lost."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from smartcity_console.clock import SystemClock
from smartcity_console.gateway.doors import FREE_PORTS
from smartcity_console.journal import SqliteJournal
from smartcity_console.model.events import Draft, NoteAdded

pytestmark = pytest.mark.journey


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "smartcity_console", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)


def test_a_port_in_use_names_the_port_the_holder_and_the_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        done = run("gateway", "--workspace", tmp_path, "--set", f"intake.dc09.port={port}")
    assert done.returncode == 3
    for part in (str(port), "pid", "intake.dc09.port"):
        assert part in done.stderr
    assert not (tmp_path / "journal.sqlite").exists()


def test_a_damaged_journal_is_refused_and_can_be_exported(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal.sqlite", SystemClock())
    journal.append(*(Draft("incident/a", NoteAdded(text=str(n), seat="1"), "seat/1") for n in range(5)))
    journal.close()
    connection = sqlite3.connect(tmp_path / "journal.sqlite")
    connection.executescript("DROP TRIGGER events_as_they_are; UPDATE events SET data = '{}' WHERE seq = 3")
    connection.close()
    before = (tmp_path / "journal.sqlite").read_bytes()
    done = run("gateway", "--workspace", tmp_path, *(f"--set={port}" for port in FREE_PORTS))
    assert done.returncode == 3
    assert "3" in done.stderr and "journal --workspace" in done.stderr
    exported = run("journal", "--workspace", tmp_path, "--json")
    assert len(exported.stdout.splitlines()) == 5, "every event comes out, the changed one too"
    assert exported.returncode == 3 and "3" in exported.stderr
    assert (tmp_path / "journal.sqlite").read_bytes() == before


def test_an_unreadable_feed_is_told_and_the_rest_plays(tmp_path: Path, tiny_feeds: Path) -> None:
    feeds = tmp_path / "feeds"
    feeds.mkdir()
    (feeds / "broken.mp4").write_bytes(b"not a video at all" * 50)
    done = run("feeds", "--workspace", tmp_path / "w", "--feeds", feeds, "--set", "feeds.rtsp.port=0")
    assert done.returncode == 3
    assert "broken.mp4" in done.stderr


def test_wrong_words_on_the_command_line_are_told(tmp_path: Path) -> None:
    done = run("journal", "--workspace", tmp_path)
    assert done.returncode == 3 and "journal.sqlite" in done.stderr
    done = run("gateway", "--workspace", tmp_path, "--set", "intake.dc09.port=99999")
    assert done.returncode == 3 and "65535" in done.stderr
