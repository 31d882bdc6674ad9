"""The vault: what must not stand in the journal (pictures, names, phones) but be provable by it.

A record is a file named by its SHA-256 under `vault/`; the journal holds only that digest. A record can therefore be
purged on its day and the chain still verifies. Files are 0600 in a 0700 folder.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import write_atomically

_DIGEST = re.compile(r"[0-9a-f]{64}")


class VaultDamaged(ConsoleError):
    code = "vault_damaged"
    ko = "보관 자료 {digest}이(가) 기록된 지문과 다릅니다. 파일은 그대로 두었습니다. 이 자료를 증거로 쓰지 마십시오."
    en = "The kept record {digest} does not match its recorded digest. The file was left. Do not use it as evidence."


class Vault:
    """Content-addressed records of one workspace. Every call may block for as long as a disk does."""

    def __init__(self, workspace: Path) -> None:
        self._root = workspace / "vault"

    def put(self, data: bytes) -> str:
        """Store a record, fsynced; return its SHA-256 in hex. The same bytes again cost nothing."""
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
        if not path.exists():
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.parent.mkdir(exist_ok=True, mode=0o700)
            write_atomically(path, data, 0o600)
        return digest

    def get(self, digest: str) -> bytes | None:
        """Return a record; None when it was purged or never stored. Raises VaultDamaged, ValueError for no digest."""
        try:
            data = self.path(digest).read_bytes()
        except FileNotFoundError:
            return None
        if hashlib.sha256(data).hexdigest() != digest:
            raise VaultDamaged(digest=digest[:12])
        return data

    def purge(self, digest: str) -> bool:
        """Remove a record; return whether it was there."""
        path = self.path(digest)
        existed = path.exists()
        path.unlink(missing_ok=True)
        return existed

    def path(self, digest: str) -> Path:
        """Return where a record lies. Raises ValueError when the text is no SHA-256 in hex: it may come from outside."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError("not a SHA-256 in hex")
        return self._root / digest[:2] / digest
