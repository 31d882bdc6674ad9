"""Everything outside console/ imports where PySide6 cannot be imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_CODE = """
import importlib, pkgutil, sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6"):
            raise ImportError(f"{name} is blocked in this test")
sys.meta_path.insert(0, Blocker())
import smartcity_console
walk = pkgutil.walk_packages(smartcity_console.__path__, "smartcity_console.", onerror=lambda name: None)
names = [m.name for m in walk]
aside = ("smartcity_console.console", "smartcity_console.composition.")  # the console itself, and what wires it
wanted = [n for n in names if not n.startswith(aside) and not n.endswith("__main__")]
for name in wanted:
    importlib.import_module(name)
print(len(wanted))
"""


def test_every_room_but_the_console_imports_without_qt() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CODE], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 40
