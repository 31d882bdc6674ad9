"""The signing key: made once, private, and never quietly replaced."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from smartcity_console.handoff.errors import SigningKeyUnusable
from smartcity_console.handoff.keys import SIGNING_KEY, fingerprint, load_public_pem, public_pem, signing_key


def test_it_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first, again = signing_key(tmp_path), signing_key(tmp_path)
    assert fingerprint(first.public_key()) == fingerprint(again.public_key())
    assert (tmp_path / SIGNING_KEY).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["signing.pem"]


def test_of_many_makers_one_wins_and_all_get_its_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: fingerprint(signing_key(tmp_path).public_key()), range(16)))
    assert len(set(keys)) == 1


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    signing_key(tmp_path)
    (tmp_path / SIGNING_KEY).chmod(0o640)
    with pytest.raises(SigningKeyUnusable, match="others may read"):
        signing_key(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", b"\xff\x00"]
)
def test_a_damaged_key_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    signing_key(tmp_path)
    (tmp_path / SIGNING_KEY).write_bytes(content)
    with pytest.raises(SigningKeyUnusable):
        signing_key(tmp_path)
    assert (tmp_path / SIGNING_KEY).read_bytes() == content


def test_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    signing_key(tmp_path)
    other = generate_private_key(SECP256R1())
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / SIGNING_KEY).write_bytes(pem)
    with pytest.raises(SigningKeyUnusable, match="not Ed25519"):
        signing_key(tmp_path)


def test_only_one_spelling_of_a_public_key_is_taken(tmp_path: Path) -> None:
    pem = public_pem(signing_key(tmp_path).public_key())
    assert load_public_pem(pem) is not None
    assert load_public_pem(pem + b"\n") is None
    assert load_public_pem(pem.replace(b"\n", b"\r\n")) is None
    assert load_public_pem(b"hello") is None
