"""Text as transmitters send it: UTF-8, else CP949 (Korean panels), else CP1252 (DC-09 §5.5.1.8)."""

from __future__ import annotations

import unicodedata

DELIMITERS = "[]|\r\n"
"""What would end a field of a frame; no text we encode may hold one."""

_DIRECTION_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def decode_text(raw: bytes) -> str:
    """Return the text of a field, with control characters and direction overrides made blanks."""
    return printable(_decode(raw))


def printable(text: str) -> str:
    """Return text that cannot move a cursor, ring a bell or reverse the words around it."""
    return "".join(" " if _is_control(character) else character for character in text).strip()


def has_delimiter(text: str) -> bool:
    """Return whether a text could not be carried inside a frame's brackets."""
    return any(character in DELIMITERS for character in text)


def _decode(raw: bytes) -> str:
    for encoding in ("utf-8", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp1252", errors="replace")


def _is_control(character: str) -> bool:
    return character in _DIRECTION_MARKS or unicodedata.category(character) == "Cc"
