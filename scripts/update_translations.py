"""Reads the console's texts (lupdate), names those without Korean, compiles the rest (lrelease)."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TS = ROOT / "assets" / "translations" / "console_ko.ts"


def tool(name: str) -> str:
    """Return the path of a PySide6 tool beside the running Python, else from PATH."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} is missing: install PySide6-Essentials")
    return found


def read_texts(ts: Path) -> None:
    """Bring a .ts file up to date with the sources; texts that are gone are dropped."""
    sources = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "smartcity_console" / "console").rglob("*.py"))
    command = [tool("pyside6-lupdate"), "-no-obsolete", "-locations", "none", *sources, "-ts", str(ts)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)


def untranslated(ts: Path) -> list[str]:
    """Return `context: source` of every text without a finished translation."""
    missing = []
    for context in ET.parse(ts).getroot().iter("context"):
        for message in context.iter("message"):
            done = message.find("translation")
            if done is None or done.get("type") == "unfinished" or not (done.text or "").strip():
                missing.append(f"{context.findtext('name')}: {message.findtext('source')}")
    return missing


def check() -> list[str]:
    """Return what a fresh reading of the sources leaves untranslated, without touching the stored file."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / TS.name
        shutil.copy(TS, copy)
        read_texts(copy)
        return untranslated(copy)


def compile_texts(ts: Path, qm: Path) -> None:
    command = [tool("pyside6-lrelease"), str(ts), "-qm", str(qm)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say what lacks its Korean")
    if parser.parse_args().check:
        missing = check()
    else:
        read_texts(TS)
        missing = untranslated(TS)
        compile_texts(TS, TS.with_suffix(".qm"))
    for text in missing:
        print(f"no Korean yet: {text}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
