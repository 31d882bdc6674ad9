"""The custody record as a PDF for a case file: A4, Korean with English beside it, a page number and the digest on each."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from smartcity_console.handoff.documents.custody import Custody
from smartcity_console.handoff.documents.fonts import font

LOCAL_TIME = ZoneInfo("Asia/Seoul")
_MARGIN_MM, _LINE_MM = 18, 5.4
_PALE = (238, 240, 243)
_GREY, _RED = (90, 98, 108), (176, 32, 32)
for noisy in ("fontTools", "fpdf"):
    logging.getLogger(noisy).setLevel(logging.ERROR)


class _Page(FPDF):
    def __init__(self, record: Custody, digest: str) -> None:
        super().__init__(format="A4")
        self._record, self._digest = record, digest
        self.set_margins(_MARGIN_MM, _MARGIN_MM)
        self.set_auto_page_break(True, margin=22)
        self.set_creation_date(record.created_at)
        self.set_title(f"Chain of custody {record.handoff_id}")
        self.set_author(record.centre)

    def header(self) -> None:
        if self._record.is_test:
            self.set_font("noto", "", 12)
            self.set_text_color(*_RED)
            self.cell(0, 7, "훈련 DRILL · 실제 사건이 아닙니다", align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            self.set_text_color(0)

    def footer(self) -> None:
        self.set_y(-16)
        self.set_font("noto", "", 7)
        self.set_text_color(*_GREY)
        self.cell(0, 4, f"{self._record.handoff_id} · custody.json SHA-256 {self._digest}")
        self.set_x(-_MARGIN_MM - 20)
        self.cell(20, 4, f"{self.page_no()} / {{nb}}", align="R")
        self.set_text_color(0)


def custody_pdf(record: Custody, record_json: bytes) -> bytes:
    """Return the PDF; the same record gives the same bytes. Raises FontMissing."""
    file, face = font(record_json.decode())
    page = _Page(record, hashlib.sha256(record_json).hexdigest())
    page.add_font("noto", "", file, collection_font_number=face)
    page.fonts["noto"].ttfont.recalcBBoxes = False  # type: ignore[union-attr]  # would draw every sign, twice
    page.add_page()
    _title(page, record)
    _facts(page, record)
    _items(page, record)
    _steps(page, record)
    _signatures(page)
    return bytes(page.output())


def _title(page: FPDF, record: Custody) -> None:
    """The head of a form: whose document it is, what it is, its number."""
    page.set_font("noto", "", 9.5)
    page.set_text_color(*_GREY)
    page.cell(0, 5, f"{record.centre} 스마트도시센터 · {record.centre} Smart-City Centre", align="L")
    page.set_x(_MARGIN_MM)
    page.cell(0, 5, f"문서 번호 No. {record.handoff_id}", align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_text_color(0)
    _rule(page, 0.9)
    page.ln(5)
    page.set_font("noto", "", 22)
    page.cell(0, 11, "증거 보관 연속성 기록", align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_font("noto", "", 11)
    page.set_text_color(*_GREY)
    page.cell(0, 6, "Chain of Custody", align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_text_color(0)
    page.ln(5)


def _rule(page: FPDF, width_mm: float) -> None:
    page.set_draw_color(0)
    page.set_line_width(width_mm)
    y_mm = page.get_y() + 1.2
    page.line(_MARGIN_MM, y_mm, page.w - _MARGIN_MM, y_mm)
    page.set_line_width(0.2)
    page.set_y(y_mm + 0.6)


def _facts(page: FPDF, record: Custody) -> None:
    rows = [
        ("사건 Incident", f"{record.kind_ko} {record.kind_en} · {record.incident_id}"),
        ("장소 Place", record.place),
        ("확인 등급 Grade", f"{record.grade} {record.grade_ko} {record.grade_en} (TMA-AVS-01) · {record.graded_by}"),
        ("수신 기관 Receiver", record.receiver),
        ("법적 근거 Basis", record.basis),
        ("작성 Created", local(record.created_at)),
        ("서명 열쇠 Signer", record.signer),
        *(("누락 Missing", gap) for gap in record.gaps),
    ]
    with _table(page, (24, 76), headings=False) as table:
        for name, value in rows:
            row = table.row()
            row.cell(name, style=FontFace(fill_color=_PALE))
            row.cell(value or "–")
    page.ln(4)


def _items(page: FPDF, record: Custody) -> None:
    _heading(
        page,
        "증거물 Items",
        "영상의 SHA-256 은 카메라가 보낸 그대로(기본 스트림)의 값, 정지 영상은 파일의 값입니다. Of the camera's own bits; of a still's file.",
    )
    with _table(page, (6, 31, 25, 38)) as table:
        table.row(["#", "파일 File", "구간 Span", "SHA-256"])
        for number, item in enumerate(record.items, 1):
            row = table.row()
            row.cell(str(number))
            row.cell(item.name + (f"\n{item.note}" if item.note else ""))
            row.cell(local(item.start) if item.start == item.end else f"{local(item.start)}\n{local(item.end)}")
            row.cell(_in_halves(item.sha256))
    page.ln(4)


def _steps(page: FPDF, record: Custody) -> None:
    _heading(
        page,
        "거쳐 간 손 Hands",
        "관제 기록(해시 사슬)의 순서대로입니다. In the order of the centre's hash-chained journal.",
    )
    with _table(page, (6, 31, 25, 38)) as table:
        table.row(["#", "일시 Time", "누가 Who", "무엇을 What"])
        for number, step in enumerate(record.steps, 1):
            table.row([str(number), local(step.at), _who(step.actor), f"{step.ko} · {step.en}"])
    page.ln(4)


def _signatures(page: FPDF) -> None:
    _heading(page, "인수인계 Hand-over", "종이로 넘길 때만 적습니다. To be filled in only when handed over on paper.")
    with _table(page, (25, 25, 25, 25)) as table:
        table.row(["넘긴 사람 From", "받은 사람 To", "일시 Time", "서명 Signature"])
        for _ in range(2):
            table.row(["\n", "", "", ""])


def _heading(page: FPDF, text: str, note: str) -> None:
    page.set_font("noto", "", 12)
    page.cell(0, 7, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_font("noto", "", 8)
    page.set_text_color(*_GREY)
    page.cell(0, 5, note, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_text_color(0)
    page.ln(1)


def _table(page: FPDF, widths: tuple[int, ...], headings: bool = True):  # type: ignore[no-untyped-def]
    page.set_font("noto", "", 8.5)
    page.set_draw_color(190)
    return page.table(
        col_widths=widths,
        line_height=_LINE_MM,
        padding=1.2,
        first_row_as_headings=headings,
        headings_style=FontFace(fill_color=_PALE),
        text_align="LEFT",
        borders_layout="ALL",
    )


def _who(actor: str) -> str:
    """Return who acted, in words: a seat of the control room, or one of its programs."""
    kind, _, name = actor.partition("/")
    return f"좌석 Seat {name}" if kind == "seat" else f"관제 시스템 {actor}"


def local(at: datetime) -> str:
    """Return a time as Korea reads it."""
    return at.astimezone(LOCAL_TIME).strftime("%Y-%m-%d %H:%M:%S KST")


def _in_halves(digest: str) -> str:
    return f"{digest[:32]}\n{digest[32:]}" if digest else ""
