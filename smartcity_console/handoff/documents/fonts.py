"""The Korean font of the PDFs. The system's file holds 65,000 signs and takes half a second to read for each PDF. Two cuts
of it are made once for each user: one with every Hangul syllable, and one with the 2,350 of KS X 1001, which nearly every
record makes do with. A PDF takes 70 ms with the first and 45 ms with the second, and comes out the same.

    python -m smartcity_console.handoff.documents.fonts        makes the cuts (some seconds of processor time)
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import write_atomically

SYSTEM_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
BOLD_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc")
KOREAN_FACE = 1  # of the collection: Japanese, Korean, simplified and traditional Chinese, Hong Kong
_FRAME = (
    *((0x0020, 0x024F), (0x2000, 0x206F), (0x2190, 0x21FF), (0x25A0, 0x25FF), (0x3000, 0x303F), (0x3130, 0x318F)),
    (0xFF00, 0xFF6F),
)
"""Latin, punctuation, arrows and shapes, Hangul letters, full-width forms."""
_SYLLABLES = (0xAC00, 0xD7A3)
_DROPPED = ["GSUB", "GPOS", "VORG", "vhea", "vmtx", "BASE", "DSIG"]


class FontMissing(ConsoleError):
    code = "font_missing"
    ko = "한글 글꼴이 없어({path}) PDF 문서를 만들지 못했습니다. 다른 형식의 문서는 들어 있습니다. fonts-noto-cjk를 설치하십시오."
    en = "The Korean font is missing ({path}): no PDF was made. The other documents are there. Install fonts-noto-cjk."


def font(text: str) -> tuple[Path, int]:
    """Return the file to read for a text and its face's number: the smallest cut that was made and has all the text's
    Hangul. Raises FontMissing."""
    if not SYSTEM_FONT.is_file():
        raise FontMissing(path=SYSTEM_FONT)
    usual, whole = cut_paths()
    if usual.is_file() and not any(_is_rare(sign) for sign in set(text)):
        return usual, 0
    return (whole, 0) if whole.is_file() else (SYSTEM_FONT, KOREAN_FACE)


def faces(text: str) -> tuple[tuple[Path, int], tuple[Path, int]]:
    """Return the plain and the bold face for a text, each as `font` does; where no bold one is installed the plain one
    serves as both. Of the bold face no cut is made. Raises FontMissing."""
    plain = font(text)
    return plain, (BOLD_FONT, KOREAN_FACE) if BOLD_FONT.is_file() else plain


def _is_rare(sign: str) -> bool:
    """Say whether a sign is a Hangul syllable outside KS X 1001 (which EUC-KR writes in two bytes, and the others in eight)."""
    return _SYLLABLES[0] <= ord(sign) <= _SYLLABLES[1] and len(sign.encode("euc_kr")) != 2


def cut_paths() -> tuple[Path, Path]:
    """Return where the usual and the whole cut of the font that is installed lie: another version is another name."""
    about = SYSTEM_FONT.stat()
    key = hashlib.sha256(f"{about.st_size} {int(about.st_mtime)} {_FRAME} {_DROPPED}".encode()).hexdigest()[:12]
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "smartcity-console"
    return folder / f"usual-{key}.otf", folder / f"korean-{key}.otf"


def are_cuts_made() -> bool:
    """Say whether PDFs are as quick as they can be."""
    return all(path.is_file() for path in cut_paths())


def make_cuts() -> tuple[Path, Path]:
    """Make the cuts that are missing; return their paths. Raises FontMissing, OSError."""
    if not SYSTEM_FONT.is_file():
        raise FontMissing(path=SYSTEM_FONT)
    usual, whole = cut_paths()
    syllables = range(_SYLLABLES[0], _SYLLABLES[1] + 1)
    _make(whole, (SYSTEM_FONT, KOREAN_FACE), syllables)
    _make(usual, (whole, 0), [sign for sign in syllables if not _is_rare(chr(sign))])
    return usual, whole


def _make(path: Path, source: tuple[Path, int], syllables: Sequence[int]) -> None:
    if path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.draft")
    try:
        _cut(draft, source, [*(sign for first, last in _FRAME for sign in range(first, last + 1)), *syllables])
        write_atomically(path, draft.read_bytes())
    finally:
        draft.unlink(missing_ok=True)


def _cut(path: Path, source: tuple[Path, int], signs: Sequence[int]) -> None:
    options = subset.Options()
    options.layout_features, options.hinting, options.desubroutinize = [], False, True
    options.drop_tables += _DROPPED
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=signs)
    with TTFont(source[0], fontNumber=source[1], lazy=True) as whole:
        cutter.subset(whole)
        whole.save(path)


if __name__ == "__main__":
    try:
        make_cuts()
    except (ConsoleError, OSError) as error:
        sys.exit(str(error))
