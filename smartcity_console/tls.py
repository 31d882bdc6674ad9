"""TLS as every program speaks it: what a server shows, whom a client believes, and what a certificate says.

A program that serves TLS lays its certificate into the workspace (`run/<program>.pem`, nothing secret). The programs beside
it believe exactly that certificate: an address on this machine need not stand in it, and no authority is asked. Everybody
else goes by authorities, the system's or a file's.
"""

from __future__ import annotations

import ipaddress
import ssl
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography import x509

from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import write_atomically
from smartcity_console.settings import Settings


class CertificateUnfit(ConsoleError):
    code = "certificate_unfit"
    ko = "{setting} 의 인증서나 키({path})를 쓸 수 없어 시작하지 않았습니다({why}). 저장된 것은 그대로입니다. 파일이나 설정을 고치십시오."
    en = "Not started: the certificate or key of {setting} ({path}) cannot be used ({why}). What was stored is kept. Mend the file or the setting."


class CertificateFacts(msgspec.Struct, frozen=True):
    """What the first certificate of a PEM file says: for which names and numbers, and when it holds (UTC)."""

    names: tuple[str, ...]
    since: datetime
    until: datetime

    def covers(self, host: str) -> bool:
        """Return whether a client that asks for `host` would accept it (RFC 9525, clause 6.3)."""
        wanted = _plain(host)
        return any(_matches(name, wanted) for name in self.names)


def server_context(prefix: str, settings: Settings) -> ssl.SSLContext | None:
    """Return what a server shows, of `<prefix>.certificate` and `<prefix>.key`; None when neither is set.

    Raises CertificateUnfit. A key with a pass phrase is unfit: nobody sits there to type it when the program starts.
    """
    certificate, key = settings.text(f"{prefix}.certificate"), settings.text(f"{prefix}.key")
    if not (certificate or key):
        return None
    if not certificate:
        raise CertificateUnfit(setting=f"{prefix}.certificate", path="-", why="no certificate for the key")
    try:
        return _loaded(certificate, key or certificate)
    except OSError as error:  # ssl.SSLError is one
        raise CertificateUnfit(setting=f"{prefix}.certificate", path=certificate, why=_why(error)) from None


def _loaded(certificate: str, key: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key, password=lambda: "")
    return context


def _why(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        return (error.reason or "no PEM").lower().replace("_", " ")
    return error.strerror or type(error).__name__


def facts_of(certificate: Path) -> CertificateFacts:
    """Return what a certificate says. Raises OSError, ValueError when it cannot be read."""
    first = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
    try:
        alternative = first.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return CertificateFacts((), first.not_valid_before_utc, first.not_valid_after_utc)
    numbers = map(str, alternative.get_values_for_type(x509.IPAddress))
    names = (*alternative.get_values_for_type(x509.DNSName), *numbers)
    return CertificateFacts(names, first.not_valid_before_utc, first.not_valid_after_utc)


def _plain(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return host.lower().rstrip(".")


def _matches(name: str, wanted: str) -> bool:
    if name.startswith("*."):
        return wanted.partition(".")[2] == name[2:].lower()
    return _plain(name) == wanted


def lay_down(workspace: Path, program: str, certificate: str) -> None:
    """Put what a program shows where the programs beside it find it; "" takes an old one away. Raises OSError."""
    path = _laid(workspace, program)
    if certificate:
        write_atomically(path, Path(certificate).read_bytes())
    else:
        path.unlink(missing_ok=True)


class BesideIt:
    """Whom a program of this workspace believes when it speaks to another one of it. Asked before every connection:
    the other may have been started anew with another certificate."""

    def __init__(self, workspace: Path, program: str) -> None:
        self._path = _laid(workspace, program)
        self._known: tuple[bytes, ssl.SSLContext] | None = None

    def context(self) -> ssl.SSLContext | None:
        """Return the context for exactly the certificate that lies there, the same one while it is unchanged; None
        without one, or for one that cannot be read: then TLS to it fails."""
        try:
            pem = self._path.read_bytes()
            if self._known is None or self._known[0] != pem:
                self._known = (pem, exactly(pem.decode("ascii")))
            return self._known[1]
        except (OSError, ValueError):
            return None


def exactly(pem: str) -> ssl.SSLContext:
    """Return the context of a client that believes the first certificate of a PEM text and no other, whatever name it
    was reached by. Raises ValueError, ssl.SSLError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # the key behind this one certificate is the proof, not a name
    _trust_first(context, pem)
    return context


def believing(authority: str, own: str = "") -> ssl.SSLContext:
    """Return the context of a client that believes a PEM file's authorities, or the system's when `authority` is "".

    `own`: a PEM file whose first certificate is believed too, for the names in it. Raises OSError, ValueError.
    """
    context = ssl.create_default_context(cafile=authority or None)
    if own:
        _trust_first(context, Path(own).read_text("ascii"))
    return context


def _trust_first(context: ssl.SSLContext, pem: str) -> None:
    end = "-----END CERTIFICATE-----"
    begin = pem.find("-----BEGIN CERTIFICATE-----")
    if begin < 0 or end not in pem[begin:]:
        raise ValueError("no certificate")
    context.load_verify_locations(cadata=pem[begin : pem.index(end, begin) + len(end)])
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # it is believed itself, not only who signed it


def _laid(workspace: Path, program: str) -> Path:
    return workspace / "run" / f"{program}.pem"
