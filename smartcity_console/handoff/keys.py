"""The centre's signing key: Ed25519 (RFC 8032), made at first use, in a file that only its owner may read."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509.oid import NameOID

from smartcity_console.handoff.errors import SigningKeyUnusable
from smartcity_console.runtime import write_atomically

SIGNING_KEY = Path("keys/signing.pem")
SIGNING_CERTIFICATE = Path("keys/signing.crt")
_YEARS = 10


def signing_key(workspace: Path) -> Ed25519PrivateKey:
    """Return the workspace's signing key, made at first use. Raises SigningKeyUnusable."""
    path = workspace / SIGNING_KEY
    if not path.exists():
        _create(path)
    return _load(path)


def signing_certificate(workspace: Path, key: Ed25519PrivateKey, centre: str, now: datetime) -> bytes:
    """Return the certificate (X.509, PEM) of the signing key, with its chain where an authority issued it.

    Without one, the centre's own is made: it says whose key it claims to be and convinces nobody by itself. What an
    authority issued for this key is put in its place by hand. Raises SigningKeyUnusable for one of another key.
    """
    path = workspace / SIGNING_CERTIFICATE
    if not path.exists():
        write_atomically(path, _self_signed(key, centre, now))
    pem = path.read_bytes()
    if not is_certificate_of(pem, key.public_key()):
        raise SigningKeyUnusable(path=path, why="it is not a certificate of the signing key")
    return pem


def is_certificate_of(pem: bytes, key: Ed25519PublicKey) -> bool:
    """Return whether the first certificate of a PEM text is of this key."""
    try:
        first = x509.load_pem_x509_certificates(pem)[0].public_key()
    except (ValueError, IndexError, UnsupportedAlgorithm):
        return False
    return isinstance(first, Ed25519PublicKey) and public_pem(first) == public_pem(key)


def _self_signed(key: Ed25519PrivateKey, centre: str, now: datetime) -> bytes:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "KR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, (centre or "smart-city centre")[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{centre} 스마트도시센터 증거 봉인".strip()[:64]),
        ]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, None)
    )
    return made.public_bytes(Encoding.PEM)


def public_pem(key: Ed25519PublicKey) -> bytes:
    """Return the one PEM spelling of a public key (SubjectPublicKeyInfo, RFC 8410)."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def load_public_pem(pem: bytes) -> Ed25519PublicKey | None:
    """Return the key of a PEM text, or None unless it is Ed25519 in exactly the spelling of `public_pem`."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) and public_pem(key) == pem else None


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return the hex SHA-256 of the key's DER form: what two people compare over the telephone."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _create(path: Path) -> None:
    """Write a new key whole beside its place and link it there: of two makers one wins, neither sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # the other maker's key is as good
            os.link(temporary, path)
    finally:
        temporary.unlink()


def _load(path: Path) -> Ed25519PrivateKey:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SigningKeyUnusable(path=path, why="others may read it; chmod 600")
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm, OSError) as error:
        raise SigningKeyUnusable(path=path, why=error) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyUnusable(path=path, why="not Ed25519")
    return key
