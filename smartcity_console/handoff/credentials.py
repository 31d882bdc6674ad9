"""Content credentials (C2PA 2.x) in a clip: a signed manifest inside the MP4, which viewers of such credentials show by themselves.

Off unless `handoff.c2pa` is on. The camera's own bits stay as they are; only the container grows. What the package proves
by SHA-256 and Ed25519 it proves without it. The certificate is the centre's own until an authority's for the same key lies in
`keys/c2pa.crt`: until then viewers call the signer unknown.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from smartcity_console.handoff.errors import CredentialsFailed, CredentialsMissing, SigningKeyUnusable
from smartcity_console.handoff.keys import is_certificate_of
from smartcity_console.handoff.package import ClipFacts
from smartcity_console.runtime import write_atomically

CERTIFICATE = Path("keys/c2pa.crt")
_YEARS = 10
_CAPTURE = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
_COMPOSITE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeCapture"


class Credentials(msgspec.Struct, frozen=True):
    """What signs the clips: the centre's key and its certificate chain, leaf first."""

    key: Ed25519PrivateKey
    chain: bytes
    centre: str

    def sign(self, clip: Path, facts: ClipFacts, handoff_id: str) -> None:
        """Put a manifest into a clip, in its place; blocking. Raises CredentialsFailed: then the clip is as it was."""
        import c2pa  # type: ignore[import-not-found, import-untyped, unused-ignore]  # 70 MB: only where it is wanted

        signed = clip.with_suffix(".c2pa.mp4")
        pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        try:
            info = c2pa.C2paSignerInfo(c2pa.C2paSigningAlg.ED25519, self.chain, pem, None)
            with (
                c2pa.Signer.from_info(info) as signer,
                c2pa.Builder.from_json(self._manifest(facts, handoff_id)) as made,
            ):
                made.sign_file(str(clip), str(signed), signer)
            signed.replace(clip)
        except (c2pa.C2paError, OSError) as error:
            raise CredentialsFailed(name=facts.camera_id, why=type(error).__name__) from error
        finally:
            signed.unlink(missing_ok=True)

    def _manifest(self, facts: ClipFacts, handoff_id: str) -> str:
        """No place, no person: a camera's number, a span, the digest of the camera's own bits."""
        action = {"action": "c2pa.created", "digitalSourceType": _COMPOSITE if facts.masked else _CAPTURE}
        evidence = {
            "handoff_id": handoff_id,
            "camera_id": facts.camera_id,
            "start": facts.start.isoformat(),
            "end": facts.end.isoformat(),
            "es_sha256": facts.es_sha256,
            "masked": facts.masked,
        }
        manifest = {
            "claim_generator_info": [{"name": "smartcity-console"}],
            "title": f"{self.centre} {facts.camera_id}".strip(),
            "format": "video/mp4",
            "assertions": [
                {"label": "c2pa.actions", "data": {"actions": [action]}},
                {"label": "kr.smartcity.evidence", "data": evidence},
            ],
        }
        return json.dumps(manifest, ensure_ascii=False)


def credentials(workspace: Path, key: Ed25519PrivateKey, centre: str, now: datetime) -> Credentials:
    """Return what signs clips; the chain is made at first use. Raises CredentialsMissing (no library), SigningKeyUnusable."""
    try:
        import c2pa  # type: ignore[import-not-found, unused-ignore]  # noqa: F401
    except ImportError as error:
        raise CredentialsMissing() from error
    path = workspace / CERTIFICATE
    if not path.exists():
        write_atomically(path, _chain(key, centre, now))
    chain = path.read_bytes()
    if not is_certificate_of(chain, key.public_key()):
        raise SigningKeyUnusable(path=path, why="it is not a certificate of the signing key")
    return Credentials(key, chain, centre)


def _chain(key: Ed25519PrivateKey, centre: str, now: datetime) -> bytes:
    """Make a certificate as C2PA asks for it (not signed by itself, for signing documents) under a root that is thrown away."""
    root = Ed25519PrivateKey.generate()
    issuer, subject = _name(centre, "증거 영상 발급"), _name(centre, "증거 영상")
    top = _builder(issuer, issuer, root, now).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    leaf = _builder(subject, issuer, key, now).add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    )
    leaf = leaf.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    leaf = leaf.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()), critical=False)
    top = top.add_extension(_usage(is_authority=True), critical=True)
    leaf = leaf.add_extension(_usage(is_authority=False), critical=True)
    return b"".join(made.sign(root, None).public_bytes(Encoding.PEM) for made in (leaf, top))


def _builder(subject: x509.Name, issuer: x509.Name, key: Ed25519PrivateKey, now: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _name(centre: str, what: str) -> x509.Name:
    organisation = f"{centre} 스마트도시센터".strip()[:64]
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "KR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, what),
        ]
    )
