"""How a tile looks. Every state is told by a shape and by words as well as by colour."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPainterPath, QPen

from smartcity_console.console import theme
from smartcity_console.console.wall.strips import kept_as_strip
from smartcity_console.console.wall.words import Notice, SteeredBy

BAR_PX = 28
SMALL_BAR_PX = 21
_SMALL_TILE_PX = 190  # a tile lower than this gives its bars less room
_NAME_PX = 84  # of a name that should stay readable beside what stands at the right
_BAR_ALPHA = 0.82
_PAD_PX = 8
_NOTHING = QRect()
_TEXT_PX = 13
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

# A wall paints some hundred tiles a second and each says a dozen words: what costs and does not change is kept.
colour = cache(theme.colour)


@cache
def _font(size_px: int, bold: bool = False) -> QFont:
    return theme.font(size_px, bold=bold)


@lru_cache(1024)
def _elided(text: str, room_px: int, size_px: int, bold: bool) -> str:
    return QFontMetrics(_font(size_px, bold)).elidedText(text, Qt.TextElideMode.ElideRight, room_px)


@lru_cache(1024)
def _width_px(text: str, size_px: int, bold: bool) -> int:
    return QFontMetrics(_font(size_px, bold)).horizontalAdvance(text)


def bar_px(rect: QRect) -> int:
    """Return how high the bars of a tile are."""
    return SMALL_BAR_PX if rect.height() < _SMALL_TILE_PX else BAR_PX


def text_px(rect: QRect) -> int:
    """Return the size of a tile's letters."""
    return 11 if rect.height() < _SMALL_TILE_PX else _TEXT_PX


def top_bar(rect: QRect) -> QRect:
    return QRect(rect.left(), rect.top(), rect.width(), bar_px(rect))


def bottom_bar(rect: QRect) -> QRect:
    return QRect(rect.left(), rect.bottom() - bar_px(rect) + 1, rect.width(), bar_px(rect))


def between_bars(rect: QRect) -> QRect:
    return rect.adjusted(0, bar_px(rect), 0, -bar_px(rect))


def paint_ground(painter: QPainter, rect: QRect, covered: QRect = _NOTHING) -> None:
    """Paint the ground of a tile but for what a picture covers anyway."""
    for part in around(rect, covered):
        painter.fillRect(part, colour("tile_ground"))


def around(rect: QRect, covered: QRect) -> list[QRect]:
    """Return the strips of a rectangle above, below, left and right of another one inside it."""
    if covered.isEmpty():
        return [rect]
    inner = covered.intersected(rect)
    strips = [
        QRect(rect.left(), rect.top(), rect.width(), inner.top() - rect.top()),
        QRect(rect.left(), inner.bottom() + 1, rect.width(), rect.bottom() - inner.bottom()),
        QRect(rect.left(), inner.top(), inner.left() - rect.left(), inner.height()),
        QRect(inner.right() + 1, inner.top(), rect.right() - inner.right(), inner.height()),
    ]
    return [strip for strip in strips if not strip.isEmpty()]


@kept_as_strip(top_bar)
def paint_top(painter: QPainter, rect: QRect, number: int, title: str, right: Sequence[str]) -> None:
    """Paint the number chip, the camera's name and, at the right, how clearly it sees: the longest way of saying it
    that leaves the name readable."""
    bar, size_px = top_bar(rect), text_px(rect)
    painter.fillRect(bar, colour("tile_bar", _BAR_ALPHA))
    side = bar.height() - 8
    chip = QRect(bar.left() + (_PAD_PX if side > 15 else 4), bar.top() + 4, max(side, 18), side)
    _paint_chip(painter, chip, number, size_px)
    room = bar.adjusted(chip.right() + _PAD_PX - bar.left() + 1, 0, -_PAD_PX, 0)
    needs_px = min(_NAME_PX, _width_px(title, size_px, False))
    _paint_pair(painter, room, (title, "text"), (_fitting(right, room, needs_px, size_px), "text_dim"), size_px)


@kept_as_strip(bottom_bar)
def paint_bottom(
    painter: QPainter,
    rect: QRect,
    word: str,
    word_colour: str,
    text: str,
    right: Sequence[str],
    recorded: bool | None = None,
) -> None:
    """Paint the recorder's dot, the state's word, what belongs to it and, at the right, where the camera stands, in as
    many words as leave the picture's age whole."""
    bar, size_px = bottom_bar(rect), text_px(rect)
    painter.fillRect(bar, colour("tile_bar", _BAR_ALPHA))
    room = bar.adjusted(_PAD_PX, 0, -_PAD_PX, 0)
    if recorded is not None:
        paint_recorded(painter, QPointF(room.left() + 5, bar.center().y() + 0.5), recorded=recorded)
        room = room.adjusted(17, 0, 0, 0)
    bold = word_colour != "text"
    _paint_text(painter, room, (size_px, bold), word_colour, word, _LEFT)
    room = room.adjusted(_width_px(word, size_px, bold) + _PAD_PX, 0, 0, 0)
    fits = _fitting(right, room, _width_px(text, size_px, False), size_px)
    _paint_pair(painter, room, (text, "text"), (fits, "text"), size_px)


def paint_recorded(painter: QPainter, centre: QPointF, *, recorded: bool) -> None:
    """Paint a full dot for a camera that is recorded; a struck ring in amber for one that is not."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if recorded:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("text_dim"))
        painter.drawEllipse(centre, 4.5, 4.5)
    else:
        painter.setPen(QPen(colour("warn"), 1.8))
        painter.drawEllipse(centre, 4.5, 4.5)
        painter.drawLine(centre + QPointF(-5.5, 5.5), centre + QPointF(5.5, -5.5))
    painter.restore()


def paint_tags(painter: QPainter, rect: QRect, tags: list[tuple[str, str]], under_px: int) -> None:
    """Paint outlined tags (text, colour) at the right, one under the other, from so far below the top bar."""
    top = rect.top() + bar_px(rect) + 6 + under_px
    for text, name in tags:
        width = min(_width_px(text, 12, True) + 18, rect.width() - 2 * _PAD_PX)
        box = QRect(rect.right() - _PAD_PX - width, top, width, 22)
        painter.fillRect(box, colour("tile_bar", 0.9))
        painter.setPen(QPen(colour(name), 1.5))
        painter.drawRect(box)
        _paint_text(painter, box.adjusted(6, 0, -6, 0), (12, True), name, text, Qt.AlignmentFlag.AlignCenter)
        top += 26


def paint_badge(painter: QPainter, rect: QRect, ways: Sequence[str]) -> None:
    """Paint the outlined badge under the top bar that marks private video, in as many words as there is room for."""
    room_px = rect.width() - 2 * _PAD_PX - 18
    text = next((text for text in ways if _width_px(text, 12, False) <= room_px), ways[-1])
    width = min(_width_px(text, 12, False) + 18, rect.width() - 2 * _PAD_PX)
    box = QRect(rect.right() - _PAD_PX - width, rect.top() + bar_px(rect) + 6, width, 23)
    painter.fillRect(box, colour("tile_bar", 0.9))
    painter.setPen(QPen(colour("accent"), 1))
    painter.drawRect(box)
    _paint_text(painter, box.adjusted(6, 0, -6, 0), (12, False), "text", text, Qt.AlignmentFlag.AlignCenter)


def above_bottom(rect: QRect) -> QRect:
    """Return the strip over the bottom bar where it is said who steers."""
    side = 20 if rect.height() < _SMALL_TILE_PX else 24
    return QRect(rect.left(), bottom_bar(rect).top() - side - 4, rect.width(), side)


def _steered_px(rect: QRect) -> int:
    return 11 if rect.height() < _SMALL_TILE_PX else 12


def steered_text(rect: QRect, by: SteeredBy) -> str:
    """Return the longest way of saying who steers that a tile has room for; nothing when there is none for any."""
    room_px = rect.width() - 2 * _PAD_PX - above_bottom(rect).height() - 8
    return next((way for way in by.ways if _width_px(way, _steered_px(rect), True) <= room_px), "")


@kept_as_strip(above_bottom)
def paint_steered(painter: QPainter, rect: QRect, by: SteeredBy) -> None:
    """Paint the cross of arrows and who steers the camera, in as many words as there is room for: filled when it is this
    seat, outlined when it is another."""
    strip, size_px = above_bottom(rect), _steered_px(rect)
    text = steered_text(rect, by)
    width = _width_px(text, size_px, True) + strip.height() + 8
    box = QRect(strip.left() + _PAD_PX, strip.top() + 1, width, strip.height() - 3)
    ink = "on_accent" if by.mine else "text"
    painter.fillRect(box, colour("accent") if by.mine else colour("tile_bar", 0.9))
    painter.setPen(QPen(colour("accent"), 1.5, Qt.PenStyle.SolidLine if by.mine else Qt.PenStyle.DashLine))
    painter.drawRect(box)
    paint_arrows(painter, QPointF(box.left() + strip.height() / 2 + 1, box.center().y() + 0.5), strip.height() - 8, ink)
    _paint_text(painter, box.adjusted(strip.height() + 2, 0, 0, 0), (size_px, True), ink, text, _LEFT)


def paint_arrows(painter: QPainter, centre: QPointF, side_px: float, name: str) -> None:
    """Paint the cross of four arrow heads that stands for turning a camera."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(name))
    painter.translate(centre)
    far, near, wide = side_px / 2, side_px / 6, side_px / 4
    for _ in range(4):
        painter.drawPolygon([QPointF(0, -far), QPointF(wide, -near), QPointF(-wide, -near)])
        painter.rotate(90)
    painter.restore()


def paint_notice(painter: QPainter, rect: QRect, notice: Notice, title_colour: str) -> None:
    """Paint a notice in the middle, its explanation wrapped below it."""
    room = between_bars(rect).adjusted(12, 4, -12, -4)
    made, small = _font(15, True), _font(12)
    flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap)
    title_px = QFontMetrics(made).boundingRect(room, flags, notice.title).height()
    detail_px = QFontMetrics(small).boundingRect(room, flags, notice.detail).height() + 6 if notice.detail else 0
    if title_px + detail_px > room.height():
        detail_px = 0
    top = room.center().y() - (title_px + detail_px) // 2
    painter.setFont(made)
    painter.setPen(colour(title_colour))
    painter.drawText(QRect(room.left(), top, room.width(), title_px), flags, notice.title)
    if detail_px:
        painter.setFont(small)
        painter.setPen(colour("text"))
        painter.drawText(QRect(room.left(), top + title_px + 6, room.width(), detail_px), flags, notice.detail)


def paint_hatch(painter: QPainter, rect: QRect, *, over_picture: bool) -> None:
    """Paint slanted bands over a picture that stands still, dark enough that nobody takes it for a live one."""
    painter.save()
    painter.setClipRect(rect)
    if over_picture:
        painter.fillRect(rect, colour("tile_ground", 0.66))
    pen = QPen(colour("tile_hatch", 0.8 if over_picture else 1.0), 14)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for x in range(rect.left() - rect.height() - 40, rect.right() + 40, 40):
        painter.drawLine(QPointF(x, rect.bottom() + 20), QPointF(x + rect.height() + 40, rect.top() - 20))
    painter.restore()


def paint_shutter(painter: QPainter, rect: QRect) -> None:
    """Paint the closed slats of a private camera nobody may see now."""
    room = between_bars(rect)
    for y in range(room.top(), room.bottom(), 16):
        painter.fillRect(QRect(room.left(), y, room.width(), 14), colour("tile_hatch", 0.55))
        painter.fillRect(QRect(room.left(), y + 13, room.width(), 1), colour("line_strong", 0.8))


def paint_padlock(painter: QPainter, centre: QPointF, name: str) -> None:
    """Paint a padlock, 22 x 26 px, around a point."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour(name), 2.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(QRectF(centre.x() - 7, centre.y() - 13, 14, 16), 0, 180 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(name))
    painter.drawRoundedRect(QRectF(centre.x() - 11, centre.y() - 4, 22, 17), 3, 3)
    painter.restore()


def paint_no_picture(painter: QPainter, centre: QPointF, name: str) -> None:
    """Paint a crossed-out screen, 30 x 22 px, around a point."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour(name), 2.2))
    painter.drawRoundedRect(QRectF(centre.x() - 15, centre.y() - 11, 30, 22), 3, 3)
    painter.drawLine(QPointF(centre.x() - 10, centre.y() + 15), QPointF(centre.x() + 10, centre.y() - 15))
    painter.restore()


def paint_replay_mark(painter: QPainter, rect: QRect, word: str = "R") -> None:
    """Paint the amber frame and the flag with a word that set a recording apart from a live picture."""
    painter.save()
    painter.setPen(QPen(colour("warn"), 3))
    painter.drawRect(QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5))
    flag = QRect(rect.left() + 8, rect.top() + bar_px(rect) + 6, max(24, _width_px(word, 15, True) + 14), 24)
    path = QPainterPath()
    path.addRoundedRect(QRectF(flag), 4, 4)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(path, colour("warn"))
    _paint_text(painter, flag, (15, True), "on_accent", word, Qt.AlignmentFlag.AlignCenter)
    painter.restore()


def paint_frozen_mark(painter: QPainter, rect: QRect, word: str) -> None:
    """Paint the dashed frame, the two bars and the word that set a frozen picture apart."""
    painter.save()
    pen = QPen(colour("accent"), 3, Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawRect(QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5))
    flag = QRectF(rect.left() + 8, rect.top() + bar_px(rect) + 6, _width_px(word, 13, True) + 36, 24)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("accent"))
    painter.drawRoundedRect(flag, 4, 4)
    for x in (7, 13.5):
        painter.fillRect(QRectF(flag.left() + x, flag.top() + 6, 3.5, 12), colour("on_accent"))
    room = flag.toRect().adjusted(24, 0, -6, 0)
    _paint_text(painter, room, (13, True), "on_accent", word, Qt.AlignmentFlag.AlignCenter)
    painter.restore()


def paint_drop(painter: QPainter, rect: QRect) -> None:
    """Paint that what is dragged would land here."""
    painter.fillRect(rect, colour("accent", 0.25))
    painter.setPen(QPen(colour("accent"), 3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5))


def paint_edge(painter: QPainter, rect: QRect, *, selected: bool, focused: bool) -> None:
    """Paint the frame: a hairline, a bright one when selected, a thicker one when the keyboard is here."""
    pen, frame = edge(rect, selected=selected, focused=focused)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(frame)


def edge(rect: QRect, *, selected: bool, focused: bool) -> tuple[QPen, QRectF]:
    """Return what `paint_edge` paints, and where."""
    width = (3 if focused else 2) if selected else 1
    pen = QPen(colour("accent" if selected else "tile_edge"), width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen, QRectF(rect).adjusted(width / 2, width / 2, -width / 2, -width / 2)


def _fitting(ways: Sequence[str], room: QRect, needs_px: int, size_px: int) -> str:
    """Return the first of several ways of saying a thing that leaves so much room; nothing when none does."""
    free_px = room.width() - needs_px - _PAD_PX
    return next((text for text in ways if _width_px(text, size_px, False) <= free_px), "")


def _paint_chip(painter: QPainter, chip: QRect, number: int, size_px: int) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("accent"))
    painter.drawRoundedRect(chip, 3, 3)
    painter.restore()
    _paint_text(painter, chip, (size_px, True), "on_accent", str(number), Qt.AlignmentFlag.AlignCenter)


def _paint_pair(painter: QPainter, room: QRect, left: tuple[str, str], right: tuple[str, str], size_px: int) -> None:
    """Paint a text at each end; the left one is elided where they would meet."""
    made = (size_px, False)
    right_px = min(_width_px(right[0], *made), room.width())
    _paint_text(painter, room, made, right[1], right[0], _RIGHT)
    _paint_text(painter, room.adjusted(0, 0, -right_px - _PAD_PX, 0), made, left[1], left[0], _LEFT)


def _paint_text(
    painter: QPainter, room: QRect, made: tuple[int, bool], name: str, text: str, where: Qt.AlignmentFlag
) -> None:
    """Paint one line of plain text in a font (pixels, bold), elided to its room."""
    if room.width() <= 0:
        return
    painter.setFont(_font(*made))
    painter.setPen(colour(name))
    painter.drawText(room, where | Qt.TextFlag.TextSingleLine, _elided(text, room.width(), *made))
