"""Colours, fonts and the one style sheet.

Quiet greys; saturated colour only for what is abnormal (ISA-101 clause 5.3). Every text colour on every ground that it
is used on reaches WCAG 2.2 AA (4.5:1); `TEXT_ON` lists the pairs, and a test computes each.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from smartcity_console.model.alert import Priority

COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "bg": "#14181d",
        "panel": "#20262d",
        "panel_raised": "#2a323a",
        "panel_hover": "#323c46",
        "selected": "#2d3844",
        "well": "#171b20",
        "line": "#1b2026",
        "line_strong": "#3d4a57",
        "text": "#f1f4f7",
        "text_dim": "#b3bdc7",
        "text_off": "#929da8",
        "accent": "#8fb7d9",
        "accent_strong": "#274a6d",
        "accent_edge": "#5f8fbd",
        "accent_hover": "#315b86",
        "on_accent": "#10171e",
        "danger": "#ff5b4f",
        "danger_text": "#ff8a80",
        "warn": "#f5b325",
        "ok": "#79c99e",
        "neutral": "#7d8a96",
        "pill": "#3a4551",
        "tile_bar": "#12161a",
        "tile_edge": "#2f3943",
        "tile_ground": "#1c2126",
        "tile_hatch": "#343a41",
        "drill": "#d79bf2",
        "drill_deep": "#4a2a5c",
        "map_ground": "#282e35",
        "map_district_line": "#46525e",
        "map_water": "#1d2b38",
        "map_park": "#2a3630",
        "map_building": "#303740",
        "map_building_line": "#3a424c",
        "map_road": "#3a434d",
        "map_road_arterial": "#46515d",
        "map_road_alley": "#343c45",
        "map_label": "#aab5c0",
        "map_label_halo": "#20262d",
        "map_cone": "#8fb7d9",
        "map_cone_private": "#c7a6e0",
        "map_mark_ground": "#20262d",
    }
)
"""Every colour of the screen by its use."""

TEXT_ON: tuple[tuple[str, str], ...] = (
    *(
        (text, ground)
        for text in ("text", "text_dim")
        for ground in ("bg", "panel", "panel_raised", "selected", "well")
    ),
    *((text, "panel") for text in ("text_off", "danger_text", "warn", "ok", "accent")),
    *((text, "bg") for text in ("danger_text", "warn", "ok", "accent")),
    *((text, "well") for text in ("danger_text", "warn", "accent")),
    *((text, "tile_bar") for text in ("text", "text_dim", "warn", "danger_text")),
    ("danger_text", "selected"),
    ("warn", "selected"),
    ("text", "accent_strong"),
    ("text", "accent_hover"),
    ("text", "pill"),
    ("text_dim", "pill"),
    ("text", "panel_hover"),
    ("text", "line_strong"),
    ("on_accent", "accent"),
    ("on_accent", "warn"),
    ("on_accent", "danger"),
    ("on_accent", "drill"),
    ("text", "drill_deep"),
    *(("drill", ground) for ground in ("bg", "panel", "well")),
    ("text_off", "panel_raised"),
    ("danger_text", "panel_raised"),
    ("warn", "panel_raised"),
    ("map_label", "map_ground"),
    ("warn", "tile_ground"),
)
"""Pairs (text, ground) that the screen uses."""

PRIORITY_COLOUR: Mapping[Priority, str] = MappingProxyType(
    {
        Priority.EMERGENCY: COLOURS["danger"],
        Priority.HIGH: COLOURS["warn"],
        Priority.NORMAL: COLOURS["neutral"],
    }
)
"""Colour of a priority. It never stands alone: see `marks.priority_path` for the shape that goes with it."""

ICONS = Path(__file__).resolve().parents[2] / "assets" / "icons"

FAMILIES = ("Noto Sans CJK KR", "Noto Sans KR", "Noto Sans", "sans-serif")


def colour(name: str, alpha: float = 1.0) -> QColor:
    """Return a colour of COLOURS; `alpha` 0..1."""
    chosen = QColor(COLOURS[name])
    chosen.setAlphaF(alpha)
    return chosen


def font(size_px: int, *, bold: bool = False) -> QFont:
    """Return the screen's font. Its figures are tabular: a running clock must not jitter."""
    made = QFont()
    made.setFamilies(list(FAMILIES))
    made.setPixelSize(size_px)
    made.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    made.setFeature(QFont.Tag("tnum"), 1)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def relative_luminance(hex_colour: str) -> float:
    """Return WCAG 2.2 relative luminance, 0 (black) .. 1 (white)."""
    parts = (int(hex_colour[at : at + 2], 16) / 255.0 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2.2 contrast ratio of two colours, 1..21."""
    light, dark = sorted((relative_luminance(one), relative_luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def apply_theme(app: QApplication) -> None:
    """Give the application its style, palette, font and style sheet."""
    app.setStyle("Fusion")
    app.setPalette(palette())
    app.setFont(font(14))
    app.setStyleSheet(stylesheet())


def palette() -> QPalette:
    """Return the palette for what the style sheet does not reach."""
    made = QPalette()
    role = QPalette.ColorRole
    grounds = {role.Window: "panel", role.Base: "well", role.AlternateBase: "panel_raised", role.Button: "panel_raised"}
    texts = {role.WindowText: "text", role.Text: "text", role.ButtonText: "text", role.ToolTipText: "text"}
    rest = {role.ToolTipBase: "panel_raised", role.Highlight: "accent_strong", role.HighlightedText: "text"}
    for key, name in (grounds | texts | rest).items():
        made.setColor(key, colour(name))
    made.setColor(role.PlaceholderText, colour("text_off"))
    for key in texts:
        made.setColor(QPalette.ColorGroup.Disabled, key, colour("text_off"))
    return made


def stylesheet() -> str:
    """Return the application's style sheet with the colours filled in."""
    sheet = _SHEET
    for name in sorted(COLOURS, key=len, reverse=True):
        sheet = sheet.replace(f"@{name}@", COLOURS[name])
    return sheet.replace("@check_icon@", (ICONS / "check.svg").as_posix())


_SHEET = """
QMainWindow, QMainWindow::separator { background: @line@; }
QMainWindow::separator { width: 6px; height: 6px; }
QMainWindow::separator:hover { background: @accent_strong@; }
QWidget { color: @text@; }
QToolTip { background: @panel_raised@; color: @text@; border: 1px solid @line_strong@; padding: 6px 8px; }
QMenuBar { background: @bg@; padding: 0 10px; }
QMenuBar::item { padding: 4px 10px; background: transparent; color: @text_dim@; }
QMenuBar::item:selected { background: @panel_raised@; color: @text@; }
QMenu { background: @panel_raised@; border: 1px solid @line_strong@; padding: 4px; }
QMenu::item { padding: 6px 28px 6px 14px; }
QMenu::item:selected { background: @accent_strong@; }
QMenu::item:disabled { color: @text_off@; }
QMenu::separator { height: 1px; background: @line_strong@; margin: 4px 8px; }
QDockWidget { color: @text_dim@; }
QDockWidget::title { background: @bg@; padding: 3px 10px; }
QScrollBar:vertical { background: transparent; width: 10px; }
QScrollBar:horizontal { background: transparent; height: 10px; }
QScrollBar::handle { background: @line_strong@; border-radius: 4px; min-height: 28px; min-width: 28px; margin: 1px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QLineEdit, QPlainTextEdit, QDateTimeEdit, QListView#palette {
  background: @well@; border: 1px solid @line_strong@; border-radius: 3px; padding: 5px 8px;
  selection-background-color: @accent_strong@;
}
QComboBox { background: @well@; border: 1px solid @line_strong@; border-radius: 3px; padding: 4px 8px; }
QComboBox:focus { border-color: @accent@; }
QComboBox QAbstractItemView { background: @panel_raised@; border: 1px solid @line_strong@; }
QLineEdit:focus, QPlainTextEdit:focus, QDateTimeEdit:focus { border-color: @accent@; }
QPushButton {
  background: @panel_raised@; border: 1px solid @line_strong@; border-radius: 3px; padding: 6px 12px; color: @text@;
}
QPushButton:hover { background: @panel_hover@; }
QPushButton:focus { border: 2px solid @accent@; padding: 5px 11px; }
QPushButton:pressed { background: @accent_strong@; }
QPushButton:checked { background: @line_strong@; border-color: @accent@; }
QPushButton:disabled { color: @text_off@; }
QPushButton[strong="true"] { background: @accent_strong@; border-color: @accent_edge@; }
QPushButton[strong="true"]:disabled { background: @panel_raised@; border-color: @line_strong@; }
QPushButton[strong="true"]:hover { background: @accent_hover@; }
QPushButton[strong="true"]:focus { border-color: @accent@; }
QPushButton#leaf_tab { padding: 1px 5px; border: 1px solid transparent; background: transparent; color: @text_dim@; }
QPushButton#leaf_tab:hover { background: @panel_hover@; }
QPushButton#leaf_tab:checked { background: @panel_raised@; border-color: @line_strong@; color: @text@; }
QPushButton#leaf_tab:focus { border-color: @accent@; }
QCheckBox { spacing: 7px; color: @text@; }
QCheckBox:disabled { color: @text_off@; }
QCheckBox::indicator { width: 15px; height: 15px; border: 1px solid @neutral@; border-radius: 2px; background: @well@; }
QCheckBox::indicator:checked { background: @accent@; border-color: @accent@; image: url(@check_icon@); }
QListView::indicator {
  width: 15px; height: 15px; border: 1px solid @neutral@; border-radius: 2px; background: @well@;
}
QListView::indicator:checked { background: @accent@; border-color: @accent@; image: url(@check_icon@); }
QTableView { background: @well@; border: 1px solid @line_strong@; selection-background-color: @accent_strong@; }
QTableView::item { padding: 0 10px; }
QHeaderView::section {
  background: @panel_raised@; color: @text_dim@; border: none; border-bottom: 1px solid @line_strong@; padding: 6px 10px;
}
QTabWidget::pane { border: 1px solid @line_strong@; background: @panel@; }
QTabBar::tab { padding: 7px 14px; background: @panel@; color: @text_dim@; border: 1px solid transparent; }
QTabBar::tab:selected { background: @panel_raised@; color: @text@; border-color: @line_strong@; }
QTabBar::tab:focus { border-color: @accent@; }
QCheckBox:focus { border: 1px solid @accent@; border-radius: 3px; }
QLabel[tone="dim"] { color: @text_dim@; }
QLabel[tone="off"] { color: @text_off@; }
QLabel[tone="warn"] { color: @warn@; }
QLabel[tone="danger"] { color: @danger_text@; }
QLabel[tone="ok"] { color: @ok@; }
QFrame#queue_panel, QFrame#strip_panel, QFrame#strip_column { background: @panel@; border: none; }
QLabel#ptz_badge {
  background: @warn@; color: @on_accent@; padding: 8px 18px; border-radius: 4px; font-weight: bold; font-size: 15px;
}
QFrame#notice { background: @panel_raised@; border-bottom: 1px solid @line_strong@; }
QFrame#palette_frame { background: @panel_raised@; border: 1px solid @accent_edge@; border-radius: 4px; }
QListWidget#palette::item { padding: 4px 8px; }
QListWidget#palette::item:selected { background: @accent_strong@; color: @text@; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }
QFrame#map_panel, QFrame#map_tools { background: @panel@; border: 1px solid @line_strong@; }
QFrame#map_tools QToolButton { background: @panel@; border: 1px solid transparent; padding: 3px; }
QFrame#map_tools QToolButton:hover { background: @panel_hover@; }
QFrame#map_tools QToolButton:focus { border-color: @accent@; }
QFrame#map_tools QToolButton:checked { background: @accent_strong@; border-color: @accent_edge@; }
QFrame#drill_sheet { background: @panel@; border: 2px solid @drill@; border-radius: 6px; }
QFrame#drill_card { background: @panel_raised@; border: 2px solid @drill@; border-radius: 6px; }
QLabel[tone="drill"] { color: @drill@; }
QWidget#drill_veil { background: rgba(10, 12, 15, 200); }
QFrame#header { background: @bg@; border-bottom: 1px solid @panel_raised@; }
QListView { border: none; background: @panel@; outline: none; }
"""
