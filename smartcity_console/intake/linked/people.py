"""사회적약자: the data of a person sought. It goes to the vault; the alert carries digests only."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

import msgspec

from smartcity_console.intake.linked.services import Fields, items
from smartcity_console.model.alert import Attachment

MOST_PICTURES = 8
MOST_PICTURE_BYTES = 4 << 20
_MAGIC = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_KEPT = ("SVC_TYP", "REF_ID", "DSC_NM", "DSC_PHONE", "DSC_BIRTH", "DSC_SEX")
_KEPT_LISTS = ("DSC_ADDR", "GUARD_NM", "GUARD_PHONE", "INFO", "NOTE")

KeepRecord = Callable[[bytes], str]
"""Puts bytes into the vault and returns their SHA-256 in hex; blocks as a disk does."""


class Person(msgspec.Struct, frozen=True):
    """What of a person may stand in an alert."""

    record_sha256: str = ""
    pictures: tuple[Attachment, ...] = ()


def read_person(fields: Fields, keep: KeepRecord) -> Person:
    """Store the personal fields as one JSON record, each picture as a record of its own."""
    record: dict[str, object] = {name: fields[name] for name in _KEPT if fields.get(name)}
    record |= {name: found for name in _KEPT_LISTS if (found := items(fields, name))}
    pictures, links = _pictures(fields, keep)
    if links:
        record["IMAGE_URL"] = links
    digest = keep(msgspec.json.encode(record, order="sorted")) if record else ""
    return Person(digest, tuple(pictures))


def _pictures(fields: Fields, keep: KeepRecord) -> tuple[list[Attachment], list[str]]:
    """Return the pictures that came as base64, and the addresses of those that did not: nothing is fetched."""
    pictures: list[Attachment] = []
    links: list[str] = []
    for item in items(fields, "IMAGE")[:MOST_PICTURES]:
        if item.startswith(("http://", "https://")):
            links.append(item)
        elif (data := _picture(item)) is not None:
            digest, media_type = keep(data), _media_type(data)
            pictures.append(Attachment(sha256=digest, media_type=media_type, size_bytes=len(data), is_personal=True))
    return pictures, links


def _picture(text: str) -> bytes | None:
    """Return the bytes of a base64 JPEG or PNG; None for anything else: what is no picture is not shown as one."""
    if len(text) > MOST_PICTURE_BYTES * 4 // 3 + 4:
        return None
    try:
        data = base64.b64decode(text.rpartition(",")[2], validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if _media_type(data) else None


def _media_type(data: bytes) -> str:
    return next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), "")
