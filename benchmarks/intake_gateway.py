"""The real gateway as the intake's benchmarks run it: its own process, its own workspace, and what its journal then holds."""

from __future__ import annotations

import json
import os
import select
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import psutil

from smartcity_console.gateway.doors import FREE_PORTS

ROOT = Path(__file__).resolve().parents[1]
START_LIMIT_S = 60.0
STOP_LIMIT_S = 30.0


class Gateway:
    """One workspace's gateway; may be killed and started again on the same port."""

    def __init__(self, workspace: Path, settings: tuple[str, ...] = ()) -> None:
        self.workspace = workspace
        given = [part for pair in (*FREE_PORTS, *settings) for part in ("--set", pair)]
        self._command = [sys.executable, "-m", "smartcity_console", "gateway", "--workspace", str(workspace), *given]
        self._process: subprocess.Popen[str] | None = None
        self.address = ("", 0)
        self.addresses: dict[str, str] = {}

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start and wait for its announcement. Raises RuntimeError."""
        with (self.workspace / "gateway.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True, env=os.environ | {"LANG": "en"}
            )
        assert self._process.stdout is not None
        line = ""
        if select.select([self._process.stdout], [], [], START_LIMIT_S)[0]:
            line = self._process.stdout.readline()
        if not line:
            raise RuntimeError((self.workspace / "gateway.log").read_text("utf-8", "replace"))
        self.addresses = json.loads(line)["addresses"]
        host, _, port = self.addresses["dc09"].removeprefix("tcp://").rpartition(":")
        self.address = (host, int(port))

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Send a signal and wait until the process is gone; kill it when it does not go."""
        if self._process is None:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None

    def cpu_s(self) -> float:
        """Return the processor time of the gateway and its children."""
        process = psutil.Process(self.pid)
        return sum(sum(one.cpu_times()[:2]) for one in (process, *process.children(recursive=True)))

    def rss_mib(self) -> float:
        return float(psutil.Process(self.pid).memory_info().rss) / 2**20


def stored_alerts(workspace: Path) -> Counter[tuple[str, str]]:
    """Return how often the journal holds the alert of each account and sequence."""
    connection = sqlite3.connect(workspace / "journal.sqlite")
    rows = connection.execute(
        "SELECT json_extract(data, '$.alert.account'), json_extract(data, '$.alert.sequence'), COUNT(*) FROM events"
        " WHERE type = 'AlertReceived' GROUP BY 1, 2"
    ).fetchall()
    connection.close()
    return Counter({(account, sequence): count for account, sequence, count in rows})
