"""The linked services through the real gateway, sent by the command of docs/protocols/linked.md."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

from smartcity_console.model.events import AlertReceived

PAGE = Path(__file__).parents[2] / "docs" / "protocols" / "linked.md"


def test_every_command_of_the_page_reaches_the_journal(gateway: Any) -> None:
    gateway.start()
    commands = re.findall(r"^ +scripts/run (send .*)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(commands) == 6
    for command in commands:
        words = [*shlex.split(command), "--workspace", str(gateway.path)]
        done = subprocess.run(
            [sys.executable, "-m", "smartcity_console", *words], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["to"] == gateway.addresses["linked"]
    alerts = [event.payload_as(AlertReceived).alert for event in gateway.events("AlertReceived")]
    assert [alert.code for alert in alerts] == ["119UC001", "112UC001", "112UC120", "WPSSF110", "DUCDP110", "119UC001"]
    assert all(alert.known for alert in alerts)
