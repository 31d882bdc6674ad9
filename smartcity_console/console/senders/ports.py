"""What the window of senders needs of the rest, in its own words. Every call may block: it is made off the Qt thread."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from smartcity_console.intake.sender_columns import Contact
from smartcity_console.intake.sender_table import Changes
from smartcity_console.model.sender import FirmRecord, SenderRecord
from smartcity_console.model.sender_figures import Figures


@dataclass(frozen=True)
class SenderLine:
    """One account: what catalogue and register say of it together, and `own`, the register's own entry."""

    account: str
    firm_id: str
    firm_name: str
    site_name: str
    address: str
    interval_s: float
    has_key: bool
    figures: Figures
    own: SenderRecord | None = None


@dataclass(frozen=True)
class FirmLine:
    """One firm, and `own`, the register's own entry."""

    id: str
    name: str
    call_back: str
    accounts: int
    figures: Figures
    own: FirmRecord | None = None


@dataclass(frozen=True)
class Book:
    """All senders and firms with their figures between two days, both included."""

    since: date
    until: date
    senders: tuple[SenderLine, ...]
    firms: tuple[FirmLine, ...]


class SenderBook(Protocol):
    """The register and its figures. Raises ConsoleError."""

    def load(self, days: int, heard: Collection[str]) -> Book:
        """Return the book of the last days; `heard` are accounts that the journal's fold knows."""
        ...

    def contact(self, sha256: str) -> Contact: ...

    def edit(self, texts: Mapping[str, str]) -> Changes:
        """Return what one form's texts change; what is wrong with them stands in `bad`. Contacts are stored."""
        ...

    def look(self, path: Path) -> Changes:
        """Return what a file would change; nothing is stored."""
        ...

    def take(self, path: Path) -> Changes:
        """Return what a file changes, its contacts stored."""
        ...

    def export(self, path: Path) -> int:
        """Write the register as CSV; return how many entries."""
        ...
