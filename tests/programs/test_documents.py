"""What the documents say is what the programs do."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from smartcity_console.__main__ import parser
from smartcity_console.settings import TABLE

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def settings_table() -> str:
    """Return docs/settings.md as the table makes it."""
    lines = [
        "# Settings",
        "",
        "Made from `smartcity_console/settings.py`: `scripts/run settings --markdown > docs/settings.md`.",
        "",
    ]
    lines += ["| name | default | bounds | meaning |", "|---|---|---|---|"]
    return "\n".join([*lines, *(setting.markdown() for setting in TABLE)]) + "\n"


def test_the_settings_page_is_the_settings_table() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "smartcity_console", "settings", "--markdown"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == done.stdout == settings_table()


@pytest.mark.parametrize("command", sorted(set(re.findall(r"scripts/run ([a-z]+[^`\n#]*)", README))))
def test_every_command_of_the_readme_is_understood(command: str) -> None:
    words = command.replace("PACKAGE", "x.zip").replace("DIR", "x").split()
    assert parser().parse_args(words).command == words[0]


def test_every_setting_that_the_readme_names_exists() -> None:
    names = {setting.name for setting in TABLE}
    assert set(re.findall(r"--set ([a-z0-9_.]+)=", README)) <= names


def test_every_document_that_the_readme_links_exists() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / link).exists(), link
