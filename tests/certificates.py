"""A throw-away authority and the certificates that it gives out, as a centre's own would."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from smartcity_console.clock import SystemClock

_DAY = timedelta(days=1)


class Authority:
    """`pem` is what others are told to believe."""

    def __init__(self, folder: Path, name: str = "authority") -> None:
        self.folder, self.pem = folder, folder / f"{name}.pem"
        folder.mkdir(parents=True, exist_ok=True)
        self._name, self._key = _named(name), ec.generate_private_key(ec.SECP256R1())
        made = _begun(self._name, self._name, self._key, _DAY).add_extension(x509.BasicConstraints(True, None), True)
        self._certificate = made.sign(self._key, hashes.SHA256())
        self.pem.write_bytes(_pem(self._certificate))

    def issue(self, name: str, *hosts: str, for_: timedelta = _DAY, password: bytes = b"") -> tuple[Path, Path]:
        """Return the files of a certificate, with this authority's behind it, and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        alternative = x509.SubjectAlternativeName([*map(_host, hosts)])
        builder = _begun(_named(name), self._name, key, for_).add_extension(alternative, False)
        certificate, secret = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        certificate.write_bytes(_pem(builder.sign(self._key, hashes.SHA256())) + _pem(self._certificate))
        locked = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
        pkcs8 = serialization.PrivateFormat.PKCS8
        secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, pkcs8, locked))
        return certificate, secret


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, for_: timedelta
) -> x509.CertificateBuilder:
    now = SystemClock().now()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 2 * _DAY)
        .not_valid_after(now + for_)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
