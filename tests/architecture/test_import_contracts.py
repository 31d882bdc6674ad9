"""The import contracts hold, and each bites: a planted breach breaks exactly the contract it should."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BREACHES = {
    "Imports go one way": ("model/geo.py", "from smartcity_console import journal"),
    "PySide6 only in console": ("journal/chain.py", "import PySide6.QtCore"),
    "cv2 only in video and drill": ("city/plane.py", "import cv2"),
    "Databases only in journal and city": ("handoff/verify.py", "import sqlite3"),
    "The model does no input or output": ("model/alert.py", "import pathlib"),
}


def lint(where: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    arguments = ["--no-cache", "--config", str(where / ".importlinter")]
    return subprocess.run([*command, *arguments], cwd=where, capture_output=True, text=True, timeout=100, check=False)


def test_the_contracts_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_contract_has_its_planted_breach() -> None:
    lines = (ROOT / ".importlinter").read_text().splitlines()
    assert {line.removeprefix("name = ") for line in lines if line.startswith("name = ")} == set(BREACHES)


@pytest.mark.parametrize("contract", BREACHES)
def test_a_planted_breach_is_found(tmp_path: Path, contract: str) -> None:
    shutil.copytree(ROOT / "smartcity_console", tmp_path / "smartcity_console")
    shutil.copy(ROOT / ".importlinter", tmp_path)
    name, line = BREACHES[contract]
    with (tmp_path / "smartcity_console" / name).open("a") as module:
        module.write(f"\n{line}\n")
    done = lint(tmp_path)
    assert done.returncode != 0
    assert f"{contract} BROKEN" in done.stdout, done.stdout
