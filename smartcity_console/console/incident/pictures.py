"""Pictures out of the vault, made small off the Qt thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from smartcity_console.model.errors import ConsoleError

LARGEST_PX = 1600
MOST_MIB = 128
"""Memory that one picture may take while it is read: a small file can unpack to gigabytes."""


class PictureMissing(ConsoleError):
    code = "picture_missing"
    ko = "자료 {digest}이(가) 보관소에 없습니다(보존 기간이 지나 지워졌을 수 있습니다). 기록은 그대로입니다."
    en = "The kept file {digest} is not in the vault (it may have been purged when its time was over). The record stands."


class PictureUnreadable(ConsoleError):
    code = "picture_unreadable"
    ko = "사진 {digest}을(를) 읽을 수 없습니다({why}). 원본은 그대로 보관되어 있습니다. 신고한 곳에 다시 요청하십시오."
    en = "The picture {digest} cannot be read ({why}). The original is kept as it came. Ask its sender for another."


def read_picture(get: Callable[[str], bytes | None], sha256: str, largest_px: int = LARGEST_PX) -> QImage:
    """Return a picture of the vault, no side longer than `largest_px`. Blocks: call it off the Qt thread.

    Raises PictureMissing, PictureUnreadable, VaultDamaged.
    """
    data = get(sha256)
    if data is None:
        raise PictureMissing(digest=sha256[:12])
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    QImageReader.setAllocationLimit(MOST_MIB)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > largest_px:
        reader.setScaledSize(size.scaled(QSize(largest_px, largest_px), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise PictureUnreadable(digest=sha256[:12], why=reader.errorString())
    return image
