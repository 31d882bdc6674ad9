"""The report as a PDF on A4: the same content and the same drawings as the page of HTML."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from smartcity_console.drill.report import drawing as d
from smartcity_console.drill.report.charts import COLOURS, clock_text
from smartcity_console.drill.report.content import Content, entry_kind, event_numbers, measured
from smartcity_console.drill.report.html import SIGNS, lost_still, number, still_words
from smartcity_console.drill.report.stills import Still
from smartcity_console.drill.report.texts import Say
from smartcity_console.drill.score.model import Mark, Standing
from smartcity_console.handoff.documents.fonts import faces

_MARGIN, _BODY = 18, 174
_PT = 72 / 25.4
_LETTERS = {"P": d.GOOD, "S": d.ACCENT, "M": d.WARN, "U": d.BAD}
for noisy in ("fontTools", "fpdf"):
    logging.getLogger(noisy).setLevel(logging.ERROR)


class _Sheet(FPDF):
    def __init__(self, content: Content, say: Say) -> None:
        super().__init__(format="A4")
        score = content.score
        self._banner, self._foot = (
            say("drill"),
            f"{content.title} · {score.drill_id} · #{score.last_seq} {score.last_hash[:16]}",
        )
        self.set_margins(_MARGIN, 20)
        self.set_auto_page_break(True, margin=20)
        self.set_creation_date(
            datetime.fromisoformat(score.begun_at) + timedelta(seconds=score.duration_s + score.paused_s)
        )
        self.set_title(f"{say('report')} {content.title} {score.drill_id}")
        self.set_lang("en-GB" if say.language == "en" else "ko-KR")
        _add_fonts(self, _words(content))

    def header(self) -> None:
        self.set_fill_color(d.BAD)
        self.rect(0, 0, self.w, 9, "F")
        self.set_xy(0, 1.5)
        self.set_font("noto", "B", 9.5)
        self.set_text_color(255)
        self.cell(self.w, 6, self._banner, align="C")
        self.set_xy(_MARGIN, 16)
        self.set_text_color(d.INK)

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font("noto", "", 7)
        self.set_text_color(d.GREY)
        self.cell(_BODY - 20, 4, self._foot)
        self.cell(20, 4, f"{self.page_no()} / {{nb}}", align="R")
        self.set_text_color(d.INK)


def pdf_report(content: Content, say: Say) -> bytes:
    """Return the PDF; the same content gives the same bytes. Raises FontMissing."""
    page = _Sheet(content, say)
    page.add_page()
    _head(page, content, say)
    _critical(page, content, say)
    _objectives(page, content, say)
    for title, sentences, none in (
        ("strengths", content.strengths, "no_strengths"),
        ("improvements", content.improvements, "no_improvements"),
    ):
        _heading(page, say(title), 16)
        _bullets(page, sentences or (say(none),))
    _plots(page, content, say)
    _stills(page, content, say)
    _marks(page, content, say)
    _comparison(page, content, say)
    _heading(page, say("debriefing"), 20)
    _paragraphs(page, content.debriefing)
    _entries(page, content, say)
    return bytes(page.output())


def _add_fonts(page: FPDF, text: str) -> None:
    for style, (file, face) in zip(("", "B"), faces(text), strict=True):
        page.add_font("noto", style, file, collection_font_number=face)
        page.fonts[f"noto{style}"].ttfont.recalcBBoxes = False  # type: ignore[union-attr]  # would draw every sign, twice


def _words(content: Content) -> str:
    """Return everything that may be written: the font is chosen by it."""
    texts = msgspec.json.encode((content.score, content.facts, content.ratings)).decode()
    stills = "".join(still.moment.title for still in content.stills)
    return "".join((texts, stills, content.title, content.briefing, content.debriefing))


def _head(page: FPDF, content: Content, say: Say) -> None:
    top = page.get_y()
    _line(page, say("report"), 9.5, d.GREY)
    page.set_font("noto", "B", 20)
    page.multi_cell(116, 9, content.title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ln(1.5)
    for name, value in content.facts:
        page.set_font("noto", "", 9)
        page.set_text_color(d.GREY)
        page.cell(26, 5.2, name)
        page.set_text_color(d.INK)
        page.multi_cell(90, 5.2, value, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    left_end = page.get_y()
    _score(page, content, say, top)
    page.set_xy(_MARGIN, max(left_end, top + 50) + 2)
    _heading(page, say("briefing"), 16)
    _paragraphs(page, content.briefing)


def _score(page: FPDF, content: Content, say: Say, top: float) -> None:
    """The score in a box of its own: what is looked for first."""
    x, width, passed = _MARGIN + 122, 52, content.score.passed
    colour = d.GOOD if passed else d.BAD
    page.set_draw_color(colour)
    page.set_line_width(0.6)
    page.rect(x, top, width, 46, round_corners=True, corner_radius=2)
    rows = (
        (say("score"), "", 9.5, d.GREY, 4.0),
        (f"{content.score.score:g}", "B", 40, d.INK, 10.0),
        (say("of_100"), "", 9.5, d.GREY, 25.0),
        (say("passed") if passed else say("failed"), "B", 12, colour, 30.5),
    )
    for text, style, size, text_colour, offset in rows:
        page.set_xy(x, top + offset)
        page.set_font("noto", style, size)
        page.set_text_color(text_colour)
        page.cell(width, size * 0.36, text, align="C")
    page.set_xy(x + 2, top + 37)
    page.set_font("noto", "", 6.6)
    page.set_text_color(d.GREY)
    page.multi_cell(width - 4, 3.2, say("pass_rule"), align="C")
    page.set_text_color(d.INK)


def _critical(page: FPDF, content: Content, say: Say) -> None:
    _heading(page, say("critical"), 16, d.BAD if content.critical else d.GOOD)
    if not content.critical:
        _paragraphs(page, say("no_critical"))
        return
    lines = []
    for mark in content.critical:
        title = say.of(mark.title)
        title = say("late_critical", title=title) if mark.standing is Standing.LATE else title
        lines.append(f"{title} – {say.of(mark.reason)} {event_numbers(mark.events)}")
    _bullets(page, lines, d.BAD)


def _objectives(page: FPDF, content: Content, say: Say) -> None:
    _heading(page, say("objectives"), 24)
    with _table(page, (44, 26, 10, 20, 16)) as table:
        table.row([say(key) for key in ("objective", "capability", "rating", "result", "marks")])
        for rating in content.ratings:
            row = table.row()
            row.cell(rating.objective)
            row.cell(rating.capability)
            row.cell(rating.letter, style=FontFace(emphasis="BOLD", color=_LETTERS.get(rating.letter, d.GREY)))
            row.cell(f"{rating.earned:.1f} / {rating.weight:g}")
            row.cell(say("marks_of", met=rating.met, count=rating.count))
    page.ln(1.5)
    _note(page, say("rating_rule"))


def _plots(page: FPDF, content: Content, say: Say) -> None:
    for drawing in content.timelines:
        _plot(page, drawing, say("timeline_plot"), f"{say('timeline_told')}  {say('legend')}")
    if content.times is not None:
        _plot(page, content.times, say("times_plot"), say("times_told"))
    _plot(page, content.queue, say("queue_plot"), say("queue_told"))


def _plot(page: FPDF, drawing: d.Drawing, title: str, told: str) -> None:
    _heading(page, title, drawing.height + 20)
    _note(page, told)
    page.ln(1)
    _draw(page, drawing, page.get_y())
    page.set_xy(_MARGIN, page.get_y() + drawing.height + 2)


def _draw(page: FPDF, drawing: d.Drawing, top: float) -> None:
    for shape in drawing.shapes:
        _shape(page, shape, _MARGIN, top)
    page.set_xy(_MARGIN, top)
    page.set_text_color(d.INK)
    page.set_dash_pattern()


def _shape(page: FPDF, shape: d.Shape, x: float, y: float) -> None:
    match shape:
        case d.Line():
            page.set_draw_color(shape.colour)
            page.set_line_width(shape.width)
            page.set_dash_pattern(shape.dash, shape.dash)
            page.line(x + shape.x1, y + shape.y1, x + shape.x2, y + shape.y2)
        case d.Box():
            page.set_fill_color(shape.fill)
            page.rect(x + shape.x, y + shape.y, shape.w, shape.h, "F")
        case d.Area():
            page.set_fill_color(shape.fill)
            page.polygon([(x + px, y + py) for px, py in shape.points], style="F")
        case d.Sign():
            _sign(page, shape, x, y)
        case d.Text():
            _text(page, shape, x, y)


def _sign(page: FPDF, sign: d.Sign, x: float, y: float) -> None:
    if sign.shape == "met":
        page.set_fill_color(sign.colour)
        page.circle(x + sign.x, y + sign.y, sign.r, "F")
    elif sign.shape == "late":
        _shape(page, d.Area(d.diamond(sign), sign.colour), x, y)
    else:
        for line in d.strokes(sign):
            _shape(page, line, x, y)


def _text(page: FPDF, text: d.Text, x: float, y: float) -> None:
    page.set_font("noto", "B" if text.bold else "", text.size * _PT)
    page.set_text_color(text.colour)
    width = page.get_string_width(text.text)
    shift = {"start": 0.0, "middle": width / 2, "end": width}[text.anchor]
    page.text(x + text.x - shift, y + text.y, text.text)


def _stills(page: FPDF, content: Content, say: Say) -> None:
    _heading(page, say("stills"), 70)
    shown = [still for still in content.stills if still.jpeg]
    if not shown:
        _paragraphs(page, say("no_stills"))
    for n in range(0, len(shown), 2):
        _row_of_stills(page, shown[n : n + 2], say)
    for still in content.stills:
        if not still.jpeg:
            _note(page, lost_still(still, say))


def _row_of_stills(page: FPDF, stills: Sequence[Still], say: Say) -> None:
    width, height, caption = 85.0, 48.0, 11.0
    if page.will_page_break(height + caption):
        page.add_page()
    top = page.get_y()
    for column, still in enumerate(stills):
        x = _MARGIN + column * (width + 4)
        page.image(io.BytesIO(still.jpeg), x, top, width, height, keep_aspect_ratio=True)
        page.set_xy(x, top + height + 0.8)
        words, where = still_words(still, say)
        for text, style, colour in ((words, "B", d.INK), (where, "", d.GREY)):
            page.set_font("noto", style, 8)
            page.set_text_color(colour)
            page.set_x(x)
            page.cell(width, 4, _fitting(page, text, width), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_text_color(d.INK)
    page.set_xy(_MARGIN, top + height + caption)


def _fitting(page: FPDF, text: str, width: float) -> str:
    while text and page.get_string_width(text) > width:
        text = text[:-2] + "…"
    return text


def _marks(page: FPDF, content: Content, say: Say) -> None:
    """One table for each incident, so that its title never stands alone at a page's foot."""
    _heading(page, say("marks"), 30)
    heads = [say(key) for key in ("mark", "standing", "points", "measured", "reason", "events")]
    fresh = True
    for group in content.groups:
        if page.will_page_break(24):
            page.add_page()
            fresh = True
        with _table(page, (40, 18, 18, 24, 56, 18), headings=fresh) as table:
            if fresh:
                table.row(heads)
            title = f"{group.title}  {group.journal_id}".rstrip()
            table.row().cell(title, colspan=6, style=FontFace(emphasis="BOLD", fill_color=d.WASH))
            for mark in group.marks:
                _mark(table.row(), mark, say)
        fresh = False


def _mark(row, mark: Mark, say: Say) -> None:  # type: ignore[no-untyped-def]
    row.cell(say.act(mark.act) + (f" [{say('is_critical')}]" if mark.critical else ""))
    sign = f"{SIGNS[mark.standing]} {say.standing(mark.standing)}"
    row.cell(sign, style=FontFace(emphasis="BOLD", color=COLOURS[mark.standing]))
    row.cell(f"{mark.earned:.1f} / {mark.weight:g}")
    row.cell(measured(mark, say))
    row.cell(say.of(mark.reason))
    row.cell(event_numbers(mark.events), style=FontFace(color=d.GREY, size_pt=7))


def _comparison(page: FPDF, content: Content, say: Say) -> None:
    _heading(page, say("comparison"), 70 if content.runs is not None else 16)
    if content.runs is None:
        _paragraphs(page, say("first_run"))
        return
    with _table(page, (40, 15, 15, 15, 15)) as table:
        table.row(["", *(say(key) for key in ("runs", "median", "best", "last"))])
        for name, told in content.comparison:
            table.row([name, *(number(value) for value in (told.runs, told.median, told.best, told.last))])
    page.ln(2)
    place = say("rank", count=len(content.history.group) + 1, rank=content.history.rank(content.score.score))
    _paragraphs(page, place)
    _draw(page, content.runs, page.get_y())
    page.set_y(page.get_y() + content.runs.height + 2)


def _entries(page: FPDF, content: Content, say: Say) -> None:
    _heading(page, say("timeline"), 30)
    with _table(page, (12, 18, 26, 100, 14)) as table:
        table.row([say(key) for key in ("second", "kind", "incident", "what", "events")])
        for entry in content.score.timeline:
            seq = f"#{entry.seq}" if entry.seq is not None else ""
            table.row([clock_text(entry.at_s), entry_kind(entry, say), entry.incident, say.of(entry.words), seq])


def _heading(page: FPDF, text: str, room_mm: float, colour: str = d.INK) -> None:
    """A heading stays with what follows: it begins a page where there is no room for both."""
    page.set_xy(_MARGIN, page.get_y() + 4)
    if page.will_page_break(min(room_mm + 10, 240)):
        page.add_page()
    page.set_font("noto", "B", 12.5)
    page.set_text_color(colour)
    page.cell(0, 7, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_draw_color(d.ACCENT if colour == d.INK else colour)
    page.set_line_width(0.4)
    page.line(_MARGIN, page.get_y(), _MARGIN + _BODY, page.get_y())
    page.set_text_color(d.INK)
    page.ln(2)


def _line(page: FPDF, text: str, size: float, colour: str) -> None:
    page.set_font("noto", "", size)
    page.set_text_color(colour)
    page.cell(0, size * 0.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_text_color(d.INK)


def _note(page: FPDF, text: str) -> None:
    page.set_font("noto", "", 7.5)
    page.set_text_color(d.GREY)
    page.multi_cell(_BODY, 3.8, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_text_color(d.INK)


def _paragraphs(page: FPDF, text: str) -> None:
    page.set_font("noto", "", 9.5)
    for part in (part.strip() for part in text.split("\n\n")):
        if part:
            page.multi_cell(_BODY, 5.2, part, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            page.ln(1)


def _bullets(page: FPDF, sentences: Iterable[str], colour: str = d.INK) -> None:
    page.set_font("noto", "", 9.5)
    for sentence in sentences:
        page.set_text_color(colour)
        page.cell(5, 5.2, "•")
        page.set_text_color(d.INK)
        page.multi_cell(_BODY - 5, 5.2, sentence, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        page.ln(0.8)


def _table(page: FPDF, widths: tuple[int, ...], headings: bool = True):  # type: ignore[no-untyped-def]
    page.set_font("noto", "", 8)
    page.set_draw_color(213, 218, 223)
    page.set_fill_color(255)  # cells without a ground of their own take the last one that was drawn with
    page.set_line_width(0.2)
    return page.table(
        col_widths=widths,
        line_height=4.4,
        padding=1.0,
        first_row_as_headings=headings,
        headings_style=FontFace(emphasis="BOLD", fill_color=(232, 235, 239)),
        text_align="LEFT",
        borders_layout="HORIZONTAL_LINES",
    )
