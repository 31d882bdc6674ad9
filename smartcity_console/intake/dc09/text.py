"""Text as transmitters send it: UTF-8, else CP949 (Korean panels), else CP1252 (DC-09 §5.5.1.8)."""

from __future__ import annotations

from smartcity_console.intake.plain import printable

DELIMITERS = "[]|\r\n"
"""What would end a field of a frame; no text we encode may hold one."""


def decode_text(raw: bytes) -> str:
    """Return the text of a field, with control characters and direction overrides made blanks."""
    return printable(_decode(raw))


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
