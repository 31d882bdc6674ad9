"""Sealing: parts become one signed file, whole or not at all."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from smartcity_console.handoff.container import Digest, Member, write_container
from smartcity_console.handoff.documents.cap import cap_xml
from smartcity_console.handoff.documents.custody import custody
from smartcity_console.handoff.documents.custody_pdf import custody_pdf
from smartcity_console.handoff.documents.eido import eido
from smartcity_console.handoff.documents.fonts import FontMissing
from smartcity_console.handoff.documents.forwarding import forwarding
from smartcity_console.handoff.errors import PackageRefused
from smartcity_console.handoff.keys import fingerprint, public_pem
from smartcity_console.handoff.package import (
    FORMAT,
    Manifest,
    PackageParts,
    clip_name,
    incident_document,
    manifest_clip,
    pretty_json,
    still_name,
)
from smartcity_console.handoff.readme import README
from smartcity_console.model.events import EvidenceFile

_log = logging.getLogger(__name__)
_Digested = list[tuple[Member, Digest]]


class Sealed(msgspec.Struct, frozen=True):
    """A package on disk: its digest as a whole and the files the manifest lists."""

    path: Path
    sha256: str
    size_bytes: int
    files: tuple[EvidenceFile, ...]


class _Hashing:
    """A file that is hashed as it is written, so that nobody has to read it again for its digest. Hashing is the slower
    of the two and goes on in a thread beside it, one piece behind at most."""

    def __init__(self, file: BinaryIO, thread: Executor) -> None:
        self._file, self._thread = file, thread
        self._running: Future[None] | None = None
        self._sha256, self.size_bytes = hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        """`data` must not change afterwards."""
        self._wait()
        self._running = self._thread.submit(self._sha256.update, data)
        self.size_bytes += len(data)
        return self._file.write(data)

    def hexdigest(self) -> str:
        self._wait()
        return self._sha256.hexdigest()

    def _wait(self) -> None:
        if self._running is not None:
            self._running.result()


def seal_package(parts: PackageParts, key: Ed25519PrivateKey, created_at: datetime, out_path: Path) -> Sealed:
    """Write the signed package to `out_path` through a temporary file, fsync and rename.

    The same parts, key and time give the same bytes. Raises PackageRefused (too large, a name twice, a source changed
    or unreadable meanwhile); then `out_path` is as it was.
    """
    out_path.parent.mkdir(parents=True, exist_ok=True)
    temporary = out_path.with_name(f".{out_path.name}.{os.getpid()}.part")
    try:
        with ThreadPoolExecutor(1, thread_name_prefix="sealing") as beside, temporary.open("wb") as file:
            members = _signed(parts, key, created_at, beside)
            sealing = _Hashing(file, beside)
            write_container(sealing, members)
            file.flush()
            os.fsync(file.fileno())
            sha256 = sealing.hexdigest()
        temporary.replace(out_path)
        sync_directory(out_path.parent)
    except (ValueError, FileNotFoundError) as error:
        raise PackageRefused(name=out_path.name, why=error) from error
    finally:
        temporary.unlink(missing_ok=True)
    return Sealed(out_path, sha256, sealing.size_bytes, _files(members))


def sync_directory(directory: Path) -> None:
    """Make a rename inside the directory durable (fsync of the directory, as POSIX rename asks for)."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _signed(parts: PackageParts, key: Ed25519PrivateKey, created_at: datetime, beside: Executor) -> _Digested:
    """Return all members: the content, the sums over it, the manifest over both, and the signature over that.

    The clips, which are nearly all bytes, are digested beside the making of the documents.
    """
    clips = [Member(clip_name(clip.facts.camera_id), clip.path) for clip in parts.clips]
    digesting = beside.submit(_digested, clips)
    written = _digested(_written(parts, key, created_at))
    content = digesting.result() + written
    _require_unique(content)
    sums = _digested([Member("SHA256SUMS", _sums(content))])
    manifest = Manifest(
        format=FORMAT,
        package_id=parts.request.handoff_id,
        incident_id=parts.incident.id,
        created_at=created_at,
        files=_files(content + sums),
        clips=tuple(manifest_clip(clip.facts) for clip in parts.clips),
        gaps=parts.gaps,
    )
    text = pretty_json(manifest)
    seal = [Member("manifest.json", text), Member("manifest.sig", key.sign(text))]
    return content + sums + _digested(seal)


def _written(parts: PackageParts, key: Ed25519PrivateKey, created_at: datetime) -> list[Member]:
    """Return all content but the clips."""
    stills = [Member(still_name(still.camera_id, still.marked), still.jpeg) for still in parts.stills]
    document = pretty_json(incident_document(parts.incident, parts.request))
    fixed = [
        Member("incident.json", document),
        Member("README.txt", README.encode()),
        Member("signer.pem", public_pem(key.public_key())),
        *([Member("certificate.pem", parts.certificate)] if parts.certificate else []),
    ]
    return stills + fixed + _documents(parts, fingerprint(key.public_key()), created_at)


def _documents(parts: PackageParts, signer: str, created_at: datetime) -> list[Member]:
    """Return the incident in the forms that receivers' systems read. Without a Korean font the PDF is left out."""
    record = custody(parts, signer, created_at)
    record_json = pretty_json(record)
    documents = [
        Member("eido.json", pretty_json(eido(parts, parts.centre, created_at))),
        Member("cap.xml", cap_xml(parts, parts.centre, created_at, parts.is_test)),
        Member("forwarding.json", pretty_json(forwarding(parts, parts.centre, parts.is_test))),
        Member("custody.json", record_json),
        *([Member("track.geojson", pretty_json(parts.track))] if parts.track else []),
    ]
    try:
        return [*documents, Member("custody.pdf", custody_pdf(record, record_json))]
    except FontMissing as error:
        _log.error("%s", error.sentence("en"))
        return documents


def _digested(members: Sequence[Member]) -> _Digested:
    return [(member, member.digest()) for member in members]


def _require_unique(content: _Digested) -> None:
    names = [member.name for member, _ in content]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"{twice}: twice")


def _files(content: _Digested) -> tuple[EvidenceFile, ...]:
    """Return the manifest's list: every file but the manifest and its signature, by name."""
    listed = [(m.name, d) for m, d in content if m.name not in ("manifest.json", "manifest.sig")]
    return tuple(EvidenceFile(name, d.size_bytes, d.sha256) for name, d in sorted(listed, key=lambda pair: pair[0]))


def _sums(content: _Digested) -> bytes:
    """Return the text that `sha256sum -c` reads."""
    lines = sorted((member.name, known.sha256) for member, known in content)
    return "".join(f"{sha}  {name}\n" for name, sha in lines).encode("ascii")
