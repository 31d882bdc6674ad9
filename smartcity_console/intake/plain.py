"""Text from outside as it may stand on a screen: nothing that moves a cursor, rings a bell or reverses the words around it."""

from __future__ import annotations

import unicodedata

_JOINERS = frozenset("\u200c\u200d")  # Hangul needs none, other scripts and joined signs do


def printable(text: str, most: int | None = None) -> str:
    """Return text with control characters and direction overrides made blanks, cut at `most` characters."""
    # Text of signs alone, of any script, is the rule; only what is not is looked at sign by sign.
    plain = text.strip() if text.isprintable() else _without_controls(text)
    return plain if most is None or len(plain) <= most else plain[: most - 1] + "…"


def _without_controls(text: str) -> str:
    return "".join(" " if _is_control(character) else character for character in text).strip()


def _is_control(character: str) -> bool:
    """Controls, line ends, halves of pairs, and all that formats without being seen: direction marks, tags, fillers."""
    if character in _JOINERS:
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs")
