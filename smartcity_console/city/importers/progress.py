"""How an import tells how far it is, and is called off."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, float], None]
"""Called with a stage ("read", "compare", "apply") and how much of it is done, 0..1. May raise ImportCancelled."""


def silent(stage: str, done: float) -> None:
    """Tell nobody."""
    del stage, done
