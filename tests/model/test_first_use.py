"""The first use of a record's class by several threads at once: msgspec crashes the process when nobody prepared it."""

from __future__ import annotations

import subprocess
import sys

_SCRIPT = """
import sys, threading
sys.setswitchinterval(1e-6)
from datetime import UTC, datetime
from smartcity_console.handoff.verify import _manifest
from smartcity_console.model import events as ev
from smartcity_console.video.ring.format import SegmentHead, decode_head, encode_head

def event(name):
    return ev.Event(1, "x/y", 1, name, datetime.now(UTC), "", b"{}", "", "")

def read(name):
    try:
        event(name).payload()
    except Exception as error:
        assert type(error).__name__ == "ValidationError", error

head = encode_head(SegmentHead("GN-0001", "s1", "h264", 640, 360, 1, 90000, b""))
works = [lambda name=name: read(name) for name in ev.PAYLOADS] + [lambda: _manifest(b"{}"), lambda: decode_head(head)]
gate = threading.Barrier(4)

def run():
    for work in works:
        gate.wait()
        work()

threads = [threading.Thread(target=run) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print("sound")
"""


def test_threads_may_come_first_together() -> None:
    for _ in range(5):
        ran = subprocess.run([sys.executable, "-c", _SCRIPT], capture_output=True, text=True, timeout=100, check=False)
        assert (ran.returncode, ran.stdout.strip()) == (0, "sound"), ran.stderr[-2000:]
