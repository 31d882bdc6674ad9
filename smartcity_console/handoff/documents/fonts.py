"""The Korean font of the PDFs. The system's file holds 65,000 signs and takes half a second to read for each PDF; a cut
of it with what Korean and English documents need is made once for each user and takes a tenth of that.

    python -m smartcity_console.handoff.documents.fonts        makes the cut (some seconds of processor time)
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from smartcity_console.model.errors import ConsoleError
from smartcity_console.runtime import write_atomically

SYSTEM_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
KOREAN_FACE = 1  # of the collection: Japanese, Korean, simplified and traditional Chinese, Hong Kong
_SIGNS = (
    *((0x0020, 0x024F), (0x2000, 0x206F), (0x2190, 0x21FF), (0x25A0, 0x25FF), (0x3000, 0x303F), (0x3130, 0x318F)),
    *((0xAC00, 0xD7A3), (0xFF00, 0xFF6F)),
)
"""Latin, punctuation, arrows and shapes, Hangul letters and all 11,172 syllables, full-width forms."""
_DROPPED = ["GSUB", "GPOS", "VORG", "vhea", "vmtx", "BASE", "DSIG"]


class FontMissing(ConsoleError):
    code = "font_missing"
    ko = "한글 글꼴이 없어({path}) 보관 연속성 문서(PDF)를 만들지 못했습니다. JSON은 들어 있습니다. fonts-noto-cjk를 설치하십시오."
    en = "The Korean font is missing ({path}): no custody PDF was made. Its JSON is there. Install fonts-noto-cjk."


def font() -> tuple[Path, int]:
    """Return the file to read and its face's number: the cut where it was made. Raises FontMissing."""
    if not SYSTEM_FONT.is_file():
        raise FontMissing(path=SYSTEM_FONT)
    made = cut_path()
    return (made, 0) if made.is_file() else (SYSTEM_FONT, KOREAN_FACE)


def cut_path() -> Path:
    """Return where the cut of the font that is installed lies: another version is another name."""
    about = SYSTEM_FONT.stat()
    key = hashlib.sha256(f"{about.st_size} {int(about.st_mtime)} {_SIGNS}".encode()).hexdigest()[:12]
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "smartcity-console" / f"korean-{key}.otf"


def make_cut() -> Path:
    """Make the cut where it is missing; return its path. Raises FontMissing, OSError."""
    if not SYSTEM_FONT.is_file():
        raise FontMissing(path=SYSTEM_FONT)
    path = cut_path()
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.draft")
        try:
            _cut(draft)
            write_atomically(path, draft.read_bytes())
        finally:
            draft.unlink(missing_ok=True)
    return path


def _cut(path: Path) -> None:
    options = subset.Options()
    options.layout_features, options.hinting, options.desubroutinize = [], False, True
    options.drop_tables += _DROPPED
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[sign for first, last in _SIGNS for sign in range(first, last + 1)])
    with TTFont(SYSTEM_FONT, fontNumber=KOREAN_FACE, lazy=True) as whole:
        cutter.subset(whole)
        whole.save(path)


if __name__ == "__main__":
    try:
        make_cut()
    except (ConsoleError, OSError) as error:
        sys.exit(str(error))
