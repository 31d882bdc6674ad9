"""The running gateway walks its journal again: damage behind its back is on record, in its health, and at its next start."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import Any

from tests.gateway.conftest import SCRIPT, Workspace

PATIENCE_S = 20.0


def health_when(gateway: Workspace, is_there: Any) -> dict[str, Any]:
    """Ask until the journal's figures are as wished; fail after PATIENCE_S."""
    deadline_s = time.monotonic() + PATIENCE_S
    while True:
        told: dict[str, Any] = gateway.get("/health").json()["journal"]
        if is_there(told):
            return told
        assert time.monotonic() < deadline_s, told


def test_damage_behind_a_running_gateway_is_told_and_its_next_start_refuses(gateway: Workspace) -> None:
    gateway.settings.append("journal.verify_h=0.0001")
    gateway.start()
    gateway.open_incident()
    health_when(gateway, lambda told: told["rounds"] >= 2 and not told["broken"])
    assert gateway.events("ChainVerified")
    with closing(sqlite3.connect(gateway.path / "journal.sqlite")) as connection:
        connection.execute("DROP TRIGGER events_as_they_are")
        connection.execute("UPDATE events SET actor = 'x' WHERE seq = 2")
        connection.commit()
    assert health_when(gateway, lambda told: told["broken"])["broken"] == "event 2: its content was changed"
    assert [(e.payload().event, e.actor) for e in gateway.events("ChainBroken")] == [(2, "gateway/journal")]  # type: ignore[attr-defined]
    assert b"ACK" in gateway.alarm(sequence=2)  # an alert is taken all the same
    errors = ended(gateway)
    assert "is broken at event 2" in errors
    command = [sys.executable, str(SCRIPT), str(gateway.path), *gateway.settings]
    again = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert again.returncode != 0 and again.stdout == ""


def ended(gateway: Workspace) -> str:
    """End the gateway in order; return what it wrote to its error output."""
    process, gateway.process = gateway.process, None
    assert process is not None
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    return str(errors)
