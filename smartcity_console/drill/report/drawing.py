"""A drawing as a list of shapes in millimetres, origin at the top left: the page of HTML shows it as SVG, the PDF draws it.

One drawing for both, so that what stands on paper is what stood on the screen.
"""

from __future__ import annotations

from html import escape

import msgspec

INK, GREY, FAINT, RULE, WASH = "#1b2026", "#5a626c", "#8a939c", "#d5dadf", "#f2f4f6"
ACCENT, ACCENT_WASH, ACCENT_FAINT = "#274a6d", "#b9cde0", "#e3ebf2"
GOOD, WARN, BAD = "#2f7d57", "#b06f12", "#b02020"


class Line(msgspec.Struct, frozen=True):
    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = RULE
    width: float = 0.2
    dash: float = 0.0


class Box(msgspec.Struct, frozen=True):
    x: float
    y: float
    w: float
    h: float
    fill: str


class Area(msgspec.Struct, frozen=True):
    """A filled polygon."""

    points: tuple[tuple[float, float], ...]
    fill: str


class Sign(msgspec.Struct, frozen=True):
    """A mark whose shape says as much as its colour: met (disc), late (diamond), missed (cross), void (dash)."""

    x: float
    y: float
    r: float
    shape: str
    colour: str


class Text(msgspec.Struct, frozen=True):
    """`size` is the height of the type in mm; `anchor` start, middle or end; `y` is the base line."""

    x: float
    y: float
    text: str
    size: float = 2.9
    colour: str = INK
    anchor: str = "start"
    bold: bool = False


Shape = Line | Box | Area | Sign | Text


class Drawing(msgspec.Struct, frozen=True):
    """`label` is what it shows, in words, for who cannot see it."""

    width: float
    height: float
    label: str
    shapes: tuple[Shape, ...]


def svg(drawing: Drawing) -> str:
    """Return the drawing as an SVG element (SVG 1.1) for a page of HTML; every text is escaped."""
    inside = "".join(_svg(shape) for shape in drawing.shapes)
    return (
        f'<svg viewBox="0 0 {drawing.width:g} {drawing.height:g}" role="img" aria-label="{escape(drawing.label)}" '
        f'xmlns="http://www.w3.org/2000/svg">{inside}</svg>'
    )


def _svg(shape: Shape) -> str:
    match shape:
        case Line():
            dash = f' stroke-dasharray="{shape.dash:g} {shape.dash:g}"' if shape.dash else ""
            ends = f'x1="{shape.x1:.2f}" y1="{shape.y1:.2f}" x2="{shape.x2:.2f}" y2="{shape.y2:.2f}"'
            return f'<line {ends} stroke="{shape.colour}" stroke-width="{shape.width:g}"{dash}/>'
        case Box():
            place = f'x="{shape.x:.2f}" y="{shape.y:.2f}" width="{shape.w:.2f}" height="{shape.h:.2f}"'
            return f'<rect {place} fill="{shape.fill}"/>'
        case Area():
            corners = " ".join(f"{x:.2f},{y:.2f}" for x, y in shape.points)
            return f'<polygon points="{corners}" fill="{shape.fill}"/>'
        case Text():
            weight = ' font-weight="700"' if shape.bold else ""
            place = f'x="{shape.x:.2f}" y="{shape.y:.2f}" font-size="{shape.size:g}" fill="{shape.colour}"'
            return f'<text {place} text-anchor="{shape.anchor}"{weight}>{escape(shape.text)}</text>'
        case Sign():
            return _svg_sign(shape)


def _svg_sign(sign: Sign) -> str:
    if sign.shape == "met":
        return f'<circle cx="{sign.x:.2f}" cy="{sign.y:.2f}" r="{sign.r:g}" fill="{sign.colour}"/>'
    if sign.shape == "late":
        return _svg(Area(diamond(sign), sign.colour))
    return "".join(_svg(line) for line in strokes(sign))


def diamond(sign: Sign) -> tuple[tuple[float, float], ...]:
    """Return the corners of a late mark's sign."""
    r = sign.r * 1.25
    return (sign.x, sign.y - r), (sign.x + r, sign.y), (sign.x, sign.y + r), (sign.x - r, sign.y)


def strokes(sign: Sign) -> tuple[Line, ...]:
    """Return the strokes of a missed mark's cross, or of a void one's dash."""
    r, width = sign.r * 0.95, sign.r * 0.55
    if sign.shape == "void":
        return (Line(sign.x - r, sign.y, sign.x + r, sign.y, sign.colour, width),)
    return (
        Line(sign.x - r, sign.y - r, sign.x + r, sign.y + r, sign.colour, width),
        Line(sign.x - r, sign.y + r, sign.x + r, sign.y - r, sign.colour, width),
    )
