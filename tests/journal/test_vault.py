"""The vault: by digest, owner-only, purgeable, never fooled."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from smartcity_console.journal import Vault, VaultDamaged


def test_a_record_is_found_by_its_digest_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    digest = vault.put("홍길동 010-0000-0000".encode())
    assert digest == hashlib.sha256("홍길동 010-0000-0000".encode()).hexdigest()
    assert vault.get(digest) == "홍길동 010-0000-0000".encode()
    assert vault.path(digest).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "vault").stat().st_mode & 0o777 == 0o700
    assert vault.put("홍길동 010-0000-0000".encode()) == digest


def test_a_purged_record_is_gone(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    digest = vault.put(b"a face")
    assert vault.purge(digest) and not vault.purge(digest)
    assert vault.get(digest) is None


def test_a_changed_record_is_not_handed_out(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    digest = vault.put(b"a face")
    vault.path(digest).write_bytes(b"another")
    with pytest.raises(VaultDamaged):
        vault.get(digest)


@pytest.mark.parametrize("name", ["", "../journal.sqlite", "A" * 64, "0" * 63])
def test_what_is_no_digest_reaches_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        Vault(tmp_path).get(name)
