"""Verifying a package: everything that could have been changed is found, without trusting any of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec
from cryptography.exceptions import InvalidSignature

from smartcity_console.handoff.container import (
    CHUNK_BYTES,
    MAX_MEMBERS,
    Digest,
    Entry,
    NotCanonical,
    digest,
    entry_chunks,
    is_member_name,
    read_entries,
)
from smartcity_console.handoff.keys import fingerprint, is_certificate_of, load_public_pem
from smartcity_console.handoff.package import FORMAT, Manifest

MAX_MANIFEST_BYTES = 4 << 20
_MANIFEST = msgspec.json.Decoder(Manifest)  # made once: packages are verified in several threads
_SEAL = frozenset({"manifest.json", "manifest.sig"})
_REQUIRED = _SEAL | {"incident.json", "README.txt", "SHA256SUMS", "signer.pem"}


class Problem(msgspec.Struct, frozen=True):
    """One reason to refuse: a code for programs, the file or place it is about, and a word of detail."""

    code: str
    subject: str
    detail: str = ""

    def sentence(self, language: str = "ko") -> str:
        """Return the reason as a sentence."""
        korean, english = _WORDS[self.code]
        text = f"{korean if language == 'ko' else english}: {self.subject}"
        return f"{text} ({self.detail})" if self.detail else text


_WORDS = {
    "unreadable": ("읽을 수 없습니다", "cannot be read"),
    "not_canonical": ("꾸러미 형식이 봉인할 때와 다릅니다", "the container is not as it was sealed"),
    "missing": ("파일이 없습니다", "a file is missing"),
    "extra": ("목록에 없는 파일이 있습니다", "a file is not on the list"),
    "manifest": ("목록이 올바르지 않습니다", "the manifest is not valid"),
    "signature": ("서명이 맞지 않습니다", "the signature does not match"),
    "signer": ("서명한 키를 읽을 수 없습니다", "the signer's key cannot be read"),
    "certificate": ("서명한 키의 인증서가 아닙니다", "not the certificate of the signing key"),
    "untrusted": ("믿기로 한 센터의 서명이 아닙니다", "signed by a key that is not trusted"),
    "changed": ("내용이 바뀌었습니다", "the content was changed"),
}


class VerifyReport(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome. `trusted` is None when nobody said which keys to trust; `manifest` is set when it is genuine."""

    ok: bool
    problems: tuple[Problem, ...]
    signer_fingerprint: str = ""
    trusted: bool | None = None
    manifest: Manifest | None = None

    def lines(self, language: str = "ko") -> list[str]:
        """Return the outcome for a person, one sentence a line."""
        head = ("확인했습니다: 봉인할 때 그대로입니다", "verified: exactly as it was sealed")
        refused = ("거부합니다", "refused")
        pick = 0 if language == "ko" else 1
        signer = f"{('서명한 키의 지문', 'fingerprint of the signer')[pick]}: {self.signer_fingerprint or '-'}"
        return [(head if self.ok else refused)[pick], *(p.sentence(language) for p in self.problems), signer]


class _Contents(Protocol):
    """A set of named files, wherever they lie."""

    def sizes(self) -> dict[str, int]: ...
    def chunks(self, name: str) -> Iterator[bytes]: ...
    def sha256(self, name: str) -> str: ...


class _Zip:
    def __init__(self, file: BinaryIO, entries: list[Entry]) -> None:
        self._file = file
        self.entries = {entry.name: entry for entry in entries}
        self._digests: dict[str, Digest] = {}

    def sizes(self) -> dict[str, int]:
        return {entry.name: entry.size_bytes for entry in self.entries.values()}

    def chunks(self, name: str) -> Iterator[bytes]:
        return entry_chunks(self._file, self.entries[name])

    def digest(self, name: str) -> Digest:
        """Return what a file amounts to; each is read once."""
        if name not in self._digests:
            self._digests[name] = digest(self.chunks(name))
        return self._digests[name]

    def sha256(self, name: str) -> str:
        return self.digest(name).sha256


class _Directory:
    """An unpacked package. Links are refused: they could show what lies elsewhere."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def sizes(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for path in self._root.rglob("*"):
            name = path.relative_to(self._root).as_posix()
            if path.is_symlink() or len(found) > MAX_MEMBERS:
                raise NotCanonical(f"{name}: a link, or too many files")
            if not path.is_dir():
                found[name] = path.stat().st_size
        return found

    def chunks(self, name: str) -> Iterator[bytes]:
        with (self._root / name).open("rb") as file:
            yield from iter(lambda: file.read(CHUNK_BYTES), b"")

    def sha256(self, name: str) -> str:
        return digest(self.chunks(name)).sha256


def verify_package(path: Path, trusted_keys: Collection[str] = ()) -> VerifyReport:
    """Verify a package file or an unpacked directory; never raises for what the package holds.

    `trusted_keys` are fingerprints (see keys.fingerprint); when given, a signature of any other key is refused.
    """
    try:
        if path.is_dir():
            return _verify(_Directory(path), trusted_keys)
        with path.open("rb") as file:
            zip_contents = _Zip(file, read_entries(file))
            report = _verify(zip_contents, trusted_keys)
            return _with(report, _wrong_sums(zip_contents)) if report.ok else report
    except NotCanonical as error:
        return _refused(Problem("not_canonical", path.name, str(error)))
    except OSError as error:
        return _refused(Problem("unreadable", path.name, error.strerror or ""))


def read_manifest(path: Path) -> Manifest | None:
    """Return the manifest of a package file that was verified before; None when it cannot be read now."""
    try:
        with path.open("rb") as file:
            contents = _Zip(file, read_entries(file))
            return _manifest(b"".join(contents.chunks("manifest.json")))
    except (OSError, NotCanonical, KeyError):
        return None


def _verify(contents: _Contents, trusted_keys: Collection[str]) -> VerifyReport:
    sizes = contents.sizes()
    problems = [Problem("missing", name) for name in sorted(_REQUIRED - sizes.keys())]
    problems += [Problem("extra", name) for name in sorted(sizes) if not is_member_name(name)]
    large = [name for name in _SEAL | {"signer.pem", "certificate.pem"} if sizes.get(name, 0) > MAX_MANIFEST_BYTES]
    problems += [Problem("manifest", name, "too large") for name in large]
    if problems:
        return VerifyReport(ok=False, problems=tuple(problems))
    text, signature, pem = (b"".join(contents.chunks(n)) for n in ("manifest.json", "manifest.sig", "signer.pem"))
    key = load_public_pem(pem)
    if key is None:
        return _refused(Problem("signer", "signer.pem"))
    signer = fingerprint(key)
    trusted = signer in trusted_keys if trusted_keys else None
    try:
        key.verify(signature, text)
    except InvalidSignature:
        return _refused(Problem("signature", "manifest.json"), signer, trusted)
    manifest = _manifest(text)
    if manifest is None:
        return _refused(Problem("manifest", "manifest.json"), signer, trusted)
    problems = _wrong_files(contents, sizes, manifest)
    if "certificate.pem" in sizes and not is_certificate_of(b"".join(contents.chunks("certificate.pem")), key):
        problems.append(Problem("certificate", "certificate.pem"))
    if trusted is False:
        problems.append(Problem("untrusted", signer))
    return VerifyReport(
        ok=not problems, problems=tuple(problems), signer_fingerprint=signer, trusted=trusted, manifest=manifest
    )


def _manifest(text: bytes) -> Manifest | None:
    try:
        manifest = _MANIFEST.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    names = [file.name for file in manifest.files]
    return manifest if manifest.format == FORMAT and len(set(names)) == len(names) else None


def _wrong_files(contents: _Contents, sizes: dict[str, int], manifest: Manifest) -> list[Problem]:
    """Compare what is there with what was signed, size first so that no oversized file is read for nothing."""
    listed = {file.name: file for file in manifest.files}
    problems = [Problem("missing", name) for name in sorted(listed.keys() - sizes.keys())]
    problems += [Problem("extra", name) for name in sorted(sizes.keys() - listed.keys() - _SEAL)]
    for name in sorted(listed.keys() & sizes.keys()):
        same_size = sizes[name] == listed[name].size_bytes
        if not same_size or contents.sha256(name) != listed[name].sha256:
            problems.append(Problem("changed", name))
    return problems


def _wrong_sums(contents: _Zip) -> list[Problem]:
    """The headers' CRC-32 belong to the canonical bytes as well: recompute them from the contents."""
    wrong = [e for e in contents.entries.values() if contents.digest(e.name).crc32 != e.crc32]
    return [Problem("not_canonical", entry.name, "CRC-32") for entry in wrong]


def _with(report: VerifyReport, problems: list[Problem]) -> VerifyReport:
    return msgspec.structs.replace(report, ok=not problems, problems=tuple(problems))


def _refused(problem: Problem, signer: str = "", trusted: bool | None = None) -> VerifyReport:
    return VerifyReport(ok=False, problems=(problem,), signer_fingerprint=signer, trusted=trusted)
