"""What the centre's gateway calls: a notice, then the package."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Collection
from pathlib import Path

import msgspec

from smartcity_console.desk.errors import BadContent, Different, PackageInvalid, TooLarge
from smartcity_console.desk.state import DeskHandoff
from smartcity_console.desk.store import DeskStore
from smartcity_console.desk.uploads import Uploads
from smartcity_console.handoff.notice import HandoffUpdate, Notice, decode_notice, decode_update
from smartcity_console.handoff.seal import sync_directory
from smartcity_console.handoff.verify import VerifyReport, verify_package
from smartcity_console.model import events as ev

_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,79}")
_GRADES = range(5)
MOST_UPDATES = 1000  # of one hand-off


class Inbox:
    """Takes hand-offs in. Each call may be repeated: the first content is kept, the same again is welcome."""

    def __init__(self, store: DeskStore, trusted_keys: Collection[str] = ()) -> None:
        self._store = store
        self._trusted = trusted_keys
        self._uploads = Uploads(store.directory)

    async def take_notice(self, body: bytes, idempotency_key: str) -> tuple[Notice, bool]:
        """Store a notice; return it and whether it is new. Raises BadContent or Different."""
        try:
            notice = decode_notice(body)
        except msgspec.DecodeError as error:
            raise BadContent(why=error) from None
        if not is_id(notice.handoff_id) or idempotency_key not in ("", notice.handoff_id):
            raise BadContent(why="handoff_id")
        if notice.grade not in _GRADES:
            raise BadContent(why="grade")
        return notice, await self._store.add_notice(notice)

    async def take_update(self, handoff_id: str, body: bytes, idempotency_key: str) -> tuple[HandoffUpdate, bool]:
        """Store a recall or a message; return it and whether it is new. Raises UnknownHandoff, BadContent, Different."""
        self._store.get(handoff_id)
        try:
            update = decode_update(body)
        except msgspec.DecodeError as error:
            raise BadContent(why=error) from None
        if update.handoff_id != handoff_id or idempotency_key not in ("", update.update_id):
            raise BadContent(why="handoff_id")
        if not is_id(update.update_id):
            raise BadContent(why="update_id")
        before = len(self._store.get(handoff_id).updates)
        after = await self._store.record(handoff_id, lambda handoff: _new_update(handoff, update))
        return update, len(after.updates) > before

    async def take_package(
        self, handoff_id: str, chunks: AsyncIterator[bytes], declared_sha256: str, first: int = 0
    ) -> bool:
        """Store a package that verifies; False when the same is here already. `first`: the first byte that `chunks` bring.

        Raises UnknownHandoff, BadContent (digest), PackageInvalid, Different, WrongOffset. The stream is read to its
        end or refused; what came before a cut is kept.
        """
        self._store.get(handoff_id)
        received = await self._uploads.receive(handoff_id, declared_sha256, first, chunks)
        try:
            fresh = await self._accept(handoff_id, received.path, received.sha256, received.size_bytes)
            self._uploads.forget(handoff_id)
            return fresh
        finally:
            received.path.unlink(missing_ok=True)

    def package_offset(self, handoff_id: str, sha256: str) -> tuple[int, bool]:
        """Return how many bytes of a package are here and whether it is whole and stored. Raises UnknownHandoff."""
        stored = self._store.get(handoff_id).package
        if stored is not None and stored.sha256 == sha256.lower():
            return stored.size_bytes, True
        return self._uploads.offset(handoff_id, sha256), False

    async def _accept(self, handoff_id: str, file: Path, sha256: str, size_bytes: int) -> bool:
        report = await asyncio.to_thread(verify_package, file, self._trusted)
        relative = Path("packages") / f"{handoff_id}.zip"
        fresh = False

        def decide(handoff: DeskHandoff) -> ev.DeskPackageStored | None:
            nonlocal fresh
            if handoff.package is not None:
                _require_same(handoff, sha256)
                return None
            stored = _stored(handoff, report, relative, sha256, size_bytes)
            _put_in_place(file, self._store.directory / relative)
            fresh = True
            return stored

        await self._store.record(handoff_id, decide)
        return fresh


def _new_update(handoff: DeskHandoff, update: HandoffUpdate) -> ev.DeskUpdateReceived | None:
    """Return the record of an update. Raises Different when its id stands for another one, TooLarge beyond the bound."""
    received = ev.DeskUpdateReceived(**msgspec.structs.asdict(update))
    known = next((u for u in handoff.updates if u.update_id == update.update_id), None)
    if known is not None and known != received:
        raise Different(handoff_id=handoff.id)
    if known is None and len(handoff.updates) >= MOST_UPDATES:
        raise TooLarge(limit_bytes=MOST_UPDATES)
    return received if known is None else None


def is_id(text: str) -> bool:
    """Return whether a text may name a hand-off: no path, no markup, no surprise in a file name."""
    return _ID.fullmatch(text) is not None


def _require_same(handoff: DeskHandoff, sha256: str) -> None:
    if handoff.package is not None and handoff.package.sha256 != sha256:
        raise Different(handoff_id=handoff.id)


def _stored(
    handoff: DeskHandoff, report: VerifyReport, relative: Path, sha256: str, size_bytes: int
) -> ev.DeskPackageStored:
    """Return the record of a package that verifies and belongs to this hand-off. Raises PackageInvalid."""
    manifest = report.manifest
    if not report.ok or manifest is None:
        raise PackageInvalid(why="; ".join(f"{p.code} {p.subject}" for p in report.problems))
    if (manifest.package_id, manifest.incident_id) != (handoff.id, handoff.notice["incident"]["id"]):
        raise PackageInvalid(why=f"it is the package of {manifest.package_id}")
    return ev.DeskPackageStored(
        handoff_id=handoff.id,
        path=relative.as_posix(),
        sha256=sha256,
        size_bytes=size_bytes,
        signer=report.signer_fingerprint,
        files=manifest.files,
    )


def _put_in_place(file: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    file.replace(target)
    sync_directory(target.parent)
