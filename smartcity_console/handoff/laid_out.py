"""What lies in a folder for a receiver, whatever carries it there (a share, SFTP): names, and what of a notice may lie open.

    <hand-off>/notice.json     what a desk would be told first, without the leave to watch and to answer
    <hand-off>/package.zip     the sealed package, and package.zip.sha256 beside it for `sha256sum -c`
    <hand-off>/eido.json, cap.xml, forwarding.json      where the receiver wants them beside the package too
    <hand-off>/updates/<update>.json                    a recall, a message

Whoever may read the folder reads this, so no token lies there: live view and receipts go by the desk or by telephone.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from smartcity_console.handoff.container import NotCanonical, entry_chunks, read_entries
from smartcity_console.handoff.errors import DeliveryFailed

PACKAGE, SUMS, NOTICE, UPDATES = "package.zip", "package.zip.sha256", "notice.json", "updates"
DOCUMENTS = ("cap.xml", "eido.json", "forwarding.json")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,119}")
_SECRETS = ("live", "receipts")


def checked_id(name: str, receiver: str) -> str:
    """Return an id that may name a folder or file. Raises DeliveryFailed."""
    if not _ID.fullmatch(name):
        raise DeliveryFailed(receiver=receiver, why="this id names no folder")
    return name


def open_notice(notice: bytes) -> bytes:
    """Return a notice as it may lie in a folder."""
    told = {key: value for key, value in msgspec.json.decode(notice).items() if key not in _SECRETS}
    return msgspec.json.format(msgspec.json.encode(told, order="sorted"), indent=1) + b"\n"


def sums_line(sha256: str) -> bytes:
    """Return the line that `sha256sum -c` reads."""
    return f"{sha256}  {PACKAGE}\n".encode("ascii")


def documents_of(package: Path) -> dict[str, bytes]:
    """Return the documents of a sealed package by name; blocking. Those that it lacks are left out."""
    try:
        with package.open("rb") as file:
            entries = [entry for entry in read_entries(file) if entry.name in DOCUMENTS]
            return {entry.name: b"".join(entry_chunks(file, entry)) for entry in entries}
    except NotCanonical as error:
        raise DeliveryFailed(receiver=package.name, why=str(error)) from error
