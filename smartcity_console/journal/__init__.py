"""The one record: an append-only, hash-chained journal that all programs share."""

from smartcity_console.journal.committer import GroupCommitter
from smartcity_console.journal.errors import JournalBusy, JournalDamaged, VersionConflict
from smartcity_console.journal.follower import Follower
from smartcity_console.journal.sqlite import SqliteJournal
from smartcity_console.journal.vault import Vault, VaultDamaged
from smartcity_console.journal.watch import ChainWatch

__all__ = [
    "ChainWatch",
    "Follower",
    "GroupCommitter",
    "JournalBusy",
    "JournalDamaged",
    "SqliteJournal",
    "Vault",
    "VaultDamaged",
    "VersionConflict",
]
