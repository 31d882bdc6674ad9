"""Draws the atlas of shop fronts and Korean signboards (Pillow with a Noto CJK font)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from smartcity_console.drill.stage.errors import FontMissing

Rgb = tuple[int, int, int]
SIZE_PX = 4096, 2048
FRONT_PX, BOARD_PX, BLADE_PX, BANNER_PX = (512, 384), (512, 96), (128, 224), (640, 96)
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Bold.ttc",
)
KOREAN_FACE = 1  # the face of the collection whose default glyphs are Korean
GLASS = 140  # alpha of what mirrors the sky


@dataclass(frozen=True)
class Shop:
    """A shop's looks: `ink` on `board`, its trade line and whether its front is open to the street."""

    name: str
    trade: str
    board: Rgb
    ink: Rgb
    goods: tuple[Rgb, ...]


_WARM = ((214, 166, 92), (196, 88, 60), (232, 214, 160))
_COOL = ((120, 160, 180), (220, 226, 230), (90, 120, 110))
_MIXED = ((200, 60, 50), (230, 190, 60), (70, 130, 80), (60, 100, 170), (230, 230, 220))
SHOPS = (
    Shop("가온마트", "은행로점", (24, 108, 58), (255, 255, 255), _MIXED),
    Shop("한솔분식", "떡볶이 · 김밥 · 순대", (206, 60, 40), (255, 236, 150), _WARM),
    Shop("온누리약국", "처방조제", (250, 250, 248), (24, 120, 64), _COOL),
    Shop("새봄편의점", "24시간", (58, 44, 132), (255, 255, 255), _MIXED),
    Shop("미소미용실", "컷 · 펌 · 염색", (240, 206, 214), (110, 36, 70), _COOL),
    Shop("은행정육점", "한우 · 한돈", (170, 24, 30), (255, 255, 255), _WARM),
    Shop("다온카페", "COFFEE", (46, 40, 36), (232, 214, 180), _WARM),
    Shop("한빛안경", "안경 · 콘택트렌즈", (22, 66, 140), (255, 255, 255), _COOL),
    Shop("형제치킨", "치킨 · 호프", (240, 180, 30), (140, 20, 20), _WARM),
    Shop("고운세탁소", "세탁 · 수선", (40, 110, 176), (255, 255, 255), _COOL),
    Shop("행복부동산", "매매 · 전세 · 월세", (250, 214, 40), (20, 40, 120), _COOL),
    Shop("명가국밥", "순대국 · 해장국", (92, 52, 26), (255, 228, 170), _WARM),
    Shop("으뜸문구", "문구 · 복사", (30, 140, 150), (255, 255, 255), _MIXED),
    Shop("산들과일", "청과 · 채소", (70, 150, 60), (255, 255, 220), _MIXED),
    Shop("정다운꽃집", "꽃배달", (236, 236, 228), (190, 60, 110), _MIXED),
    Shop("우리철물", "철물 · 전기", (60, 64, 70), (255, 210, 60), _COOL),
)
MART, BUNSIK = 0, 1
BANNERS = (
    ("바른영어학원", (20, 60, 130), (255, 255, 255)),
    ("연세밝은치과", (246, 248, 250), (20, 90, 150)),
    ("별빛노래연습장", (110, 20, 110), (255, 240, 120)),
    ("PC방 제로존", (16, 18, 24), (90, 230, 120)),
    ("한마음내과의원", (240, 246, 242), (16, 120, 90)),
    ("수학의봄", (250, 200, 40), (60, 30, 20)),
    ("태권도 정도관", (196, 30, 40), (255, 255, 255)),
    ("요가 & 필라테스", (228, 220, 232), (90, 50, 120)),
    ("세무회계 다산", (50, 60, 80), (240, 240, 240)),
    ("당구클럽 88", (20, 90, 50), (255, 255, 255)),
)


@dataclass(frozen=True)
class Tile:
    """A rectangle of the atlas as texture coordinates; `top` is the upper edge of the drawn picture."""

    left: float
    top: float
    right: float
    bottom: float

    def corners(self) -> list[tuple[float, float]]:
        """Return lower left, lower right, upper right, upper left."""
        return [(self.left, self.bottom), (self.right, self.bottom), (self.right, self.top), (self.left, self.top)]


def _tile(index: int, size: tuple[int, int], from_px: int) -> tuple[Tile, tuple[int, int]]:
    per_row = SIZE_PX[0] // size[0]
    x, y = index % per_row * size[0], from_px + index // per_row * size[1]
    edge = 1.5  # keeps mipmaps of neighbours out
    w, h = SIZE_PX
    return Tile((x + edge) / w, (y + edge) / h, (x + size[0] - edge) / w, (y + size[1] - edge) / h), (x, y)


def front_tile(shop: int) -> Tile:
    """Return where a shop's glass front is drawn."""
    return _tile(shop, FRONT_PX, 0)[0]


def board_tile(shop: int) -> Tile:
    """Return where a shop's signboard is drawn."""
    return _tile(shop, BOARD_PX, 800)[0]


def blade_tile(shop: int) -> Tile:
    """Return where a shop's sign that stands out from the wall is drawn."""
    return _tile(shop, BLADE_PX, 1024)[0]


def banner_tile(index: int) -> Tile:
    """Return where an upper floor's sign is drawn."""
    return _tile(index, BANNER_PX, 1280)[0]


OWN_SLOTS = (0, 1, 15, 14)  # of the atlas, for the premises of a scene
TRADES: dict[str, tuple[str, Rgb, Rgb, tuple[Rgb, ...]]] = {
    "금은방": ("귀금속 · 시계", (92, 18, 40), (250, 220, 140), _WARM),
    "음식점": ("식사 · 포장", (214, 84, 30), (255, 246, 210), _WARM),
    "마트": ("식품 · 잡화", (24, 108, 58), (255, 255, 255), _MIXED),
    "편의점": ("24시간", (40, 60, 150), (255, 255, 255), _MIXED),
    "약국": ("처방조제", (250, 250, 248), (24, 120, 64), _COOL),
    "의원": ("진료 09:00", (236, 244, 246), (16, 100, 120), _COOL),
    "카페": ("COFFEE", (46, 40, 36), (232, 214, 180), _WARM),
    "금융": ("365 자동화", (20, 70, 150), (255, 255, 255), _COOL),
}


def own_shop(name: str, category: str) -> Shop | None:
    """Return the front of guarded premises by their name ("대성치킨 청석점"); None for what is no shop."""
    if category not in TRADES:
        return None
    trade, board, ink, goods = TRADES[category]
    return Shop(name.rsplit(" ", 1)[0], trade, board, ink, goods)


@cache
def draw_atlas(own: tuple[Shop, ...] = ()) -> NDArray[np.uint8]:
    """Return the atlas (h, w, 4) uint8: sRGB, and alpha below 255 where glass mirrors; `own` take OWN_SLOTS.

    Raises FontMissing.
    """
    image = Image.new("RGBA", SIZE_PX, (120, 120, 120, 255))
    shops = list(SHOPS)
    for slot, shop in zip(OWN_SLOTS, own, strict=False):
        shops[slot] = shop
    for index, shop in enumerate(shops):
        image.paste(_front(shop, index), _tile(index, FRONT_PX, 0)[1])
        image.paste(_board(shop), _tile(index, BOARD_PX, 800)[1])
        image.paste(_blade(shop), _tile(index, BLADE_PX, 1024)[1])
    for index, (text, ground, ink) in enumerate(BANNERS):
        image.paste(_banner(text, ground, ink), _tile(index, BANNER_PX, 1280)[1])
    return np.asarray(image, np.uint8)


@cache
def _font(size_px: int) -> ImageFont.FreeTypeFont:
    for path in FONTS:
        if Path(path).is_file():
            return ImageFont.truetype(path, size_px, index=KOREAN_FACE)
    raise FontMissing(paths=", ".join(FONTS))


def _written(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], text: str, ink: Rgb, size_px: int) -> None:
    """Write text in the middle of a box, as large as fits."""
    left, top, right, bottom = box
    while size_px > 8 and draw.textlength(text, font=_font(size_px)) > (right - left):
        size_px -= 2
    draw.text(((left + right) / 2, (top + bottom) / 2), text, font=_font(size_px), fill=(*ink, 255), anchor="mm")


def _board(shop: Shop) -> Image.Image:
    image = Image.new("RGBA", BOARD_PX, (*shop.board, 255))
    draw = ImageDraw.Draw(image)
    w, h = BOARD_PX
    draw.rectangle((0, 0, w, 5), fill=(*(v // 2 for v in shop.board), 255))
    draw.rectangle((0, h - 6, w, h), fill=(*(v // 2 for v in shop.board), 255))
    _written(draw, (16, 4, 330, h - 4), shop.name, shop.ink, 74)
    _written(draw, (340, 20, w - 12, h - 16), shop.trade, shop.ink, 34)
    return image


def _blade(shop: Shop) -> Image.Image:
    image = Image.new("RGBA", BLADE_PX, (*shop.board, 255))
    draw = ImageDraw.Draw(image)
    w, h = BLADE_PX
    draw.rectangle((0, 0, w - 1, h - 1), outline=(230, 230, 230, 255), width=4)
    letters = shop.name[:4]
    for index, letter in enumerate(letters):
        step = (h - 20) // len(letters)
        _written(draw, (8, 10 + index * step, w - 8, 10 + (index + 1) * step), letter, shop.ink, min(step, 60))
    return image


def _banner(text: str, ground: Rgb, ink: Rgb) -> Image.Image:
    image = Image.new("RGBA", BANNER_PX, (*ground, 255))
    _written(ImageDraw.Draw(image), (20, 4, BANNER_PX[0] - 20, BANNER_PX[1] - 4), text, ink, 72)
    return image


def _front(shop: Shop, seed: int) -> Image.Image:
    """Draw a glass front: shelves behind it, frames, a door, posters, a kickplate."""
    rng = np.random.default_rng(1000 + seed)
    image = Image.new("RGBA", FRONT_PX, (44, 46, 48, GLASS))
    draw = ImageDraw.Draw(image)
    _goods(draw, shop, rng)
    _posters(draw, shop, rng)
    _frames(draw)
    return image


def _goods(draw: ImageDraw.ImageDraw, shop: Shop, rng: np.random.Generator) -> None:
    w = FRONT_PX[0]
    draw.rectangle((0, 0, w, 60), fill=(96, 98, 96, GLASS))  # the lit ceiling inside
    for lamp in range(3):
        draw.rectangle((40 + lamp * 170, 34, 150 + lamp * 170, 42), fill=(225, 230, 225, 190))
    for level in range(5):
        base = 120 + level * 54
        x = 8
        while x < w - 8:
            width, tall = int(rng.integers(8, 26)), int(rng.integers(18, 40))
            goods = shop.goods[int(rng.integers(len(shop.goods)))]
            shade = rng.uniform(0.35, 0.75)
            draw.rectangle((x, base - tall, x + width, base), fill=(*(int(v * shade) for v in goods), 170))
            x += width + int(rng.integers(1, 7))
        draw.rectangle((0, base, w, base + 4), fill=(150, 150, 144, 190))


def _posters(draw: ImageDraw.ImageDraw, shop: Shop, rng: np.random.Generator) -> None:
    for _ in range(3):
        x, y = int(rng.integers(14, 300)), int(rng.integers(96, 200))
        w, h = int(rng.integers(46, 84)), int(rng.integers(60, 110))
        ground = shop.goods[int(rng.integers(len(shop.goods)))]
        draw.rectangle((x, y, x + w, y + h), fill=(*ground, 240))
        _written(
            draw,
            (x + 4, y + 6, x + w - 4, y + h // 2),
            ("할인", "행사", "신상", "세일")[int(rng.integers(4))],
            (30, 30, 30),
            28,
        )
    draw.rectangle((0, 196, FRONT_PX[0], 214), fill=(*shop.board, 235))


def _frames(draw: ImageDraw.ImageDraw) -> None:
    w, h = FRONT_PX
    metal = (168, 170, 172, 255)
    for x in (0, 126, 252, 378, w - 10):
        draw.rectangle((x, 0, x + 9, h), fill=metal)
    draw.rectangle((0, 0, w, 10), fill=metal)
    draw.rectangle((0, 84, w, 91), fill=metal)
    draw.rectangle((0, h - 46, 378, h), fill=(92, 92, 92, 255))
    draw.rectangle((388, 91, w - 11, h - 8), fill=(38, 40, 42, GLASS))  # the door
    draw.rectangle((396, 180, 402, 270), fill=(220, 220, 220, 255))
    draw.rectangle((388, h - 20, w - 11, h), fill=metal)
