"""The report as one page of HTML that needs nothing else: no script, no address, pictures inside. Prints on A4.

Everything that is not the report's own words is escaped; the page's policy forbids scripts and loading all the same.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape as e
from pathlib import Path

from smartcity_console.drill.report.charts import clock_text
from smartcity_console.drill.report.content import Content, entry_kind, event_numbers, measured
from smartcity_console.drill.report.drawing import Drawing, svg
from smartcity_console.drill.report.runs import Standings
from smartcity_console.drill.report.stills import Still
from smartcity_console.drill.report.texts import Say
from smartcity_console.drill.score.model import Mark, Standing

_STYLE = (Path(__file__).parent / "report.css").read_text("utf-8")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
SIGNS = {Standing.MET: "●", Standing.LATE: "◆", Standing.MISSED: "×", Standing.VOID: "–"}


def html_page(content: Content, say: Say) -> str:
    """Return the whole page."""
    sections = "".join(
        (
            _head(content, say),
            _critical(content, say),
            _objectives(content, say),
            _findings(content, say),
            _timelines(content, say),
            _stills(content, say),
            _marks(content, say),
            _comparison(content, say),
            _debriefing(content, say),
            _entries(content, say),
        )
    )
    title = e(f"{say('report')} · {content.title} · {content.score.drill_id}")
    return (
        f'<!doctype html><html lang="{say.language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body>"
        f'<table class="sheet"><thead><tr><td><div class="drill">{e(say("drill"))}</div></td></tr></thead>'
        f"<tbody><tr><td>{sections}</td></tr></tbody></table></body></html>\n"
    )


def _head(content: Content, say: Say) -> str:
    score = content.score
    verdict, word = ("good", say("passed")) if score.passed else ("bad", say("failed"))
    rows = "".join(f"<tr><th>{e(name)}</th><td>{e(value)}</td></tr>" for name, value in content.facts)
    return (
        f"<header><div><p class='kind'>{e(say('report'))}</p><h1>{e(content.title)}</h1>"
        f"<table class='facts'>{rows}</table></div>"
        f"<div class='score {verdict}'><p class='kind'>{e(say('score'))}</p>"
        f"<p class='number'>{score.score:g}<span>{e(say('of_100'))}</span></p><p class='verdict'>{e(word)}</p>"
        f"<p class='small'>{e(say('pass_rule'))}</p></div></header>"
        f"<section><h2>{e(say('briefing'))}</h2>{_paragraphs(content.briefing)}</section>"
    )


def _critical(content: Content, say: Say) -> str:
    if not content.critical:
        return f"<section class='critical none'><h2>{e(say('critical'))}</h2><p>{e(say('no_critical'))}</p></section>"
    lines = "".join(
        f"<li><b>{e(_critical_title(mark, say))}</b> {e(say.of(mark.reason))} <span class='seq'>{e(event_numbers(mark.events))}</span></li>"
        for mark in content.critical
    )
    return f"<section class='critical'><h2>{e(say('critical'))}</h2><ul>{lines}</ul></section>"


def _critical_title(mark: Mark, say: Say) -> str:
    title = say.of(mark.title)
    return say("late_critical", title=title) if mark.standing is Standing.LATE else title


def _objectives(content: Content, say: Say) -> str:
    rows = "".join(
        f"<tr><td>{e(r.objective)}</td><td>{e(r.capability)}</td><td class='letter l{e(r.letter)}'>{e(r.letter)}</td>"
        f"<td class='num'>{r.earned:.1f} / {r.weight:g}</td><td>{e(say('marks_of', met=r.met, count=r.count))}</td></tr>"
        for r in content.ratings
    )
    heads = _heads(say, "objective", "capability", "rating", "result", "marks")
    return (
        f"<section><h2>{e(say('objectives'))}</h2><table class='grid'>{heads}{rows}</table>"
        f"<p class='small'>{e(say('rating_rule'))}</p></section>"
    )


def _findings(content: Content, say: Say) -> str:
    return (
        "<section class='pair'>"
        f"<div><h2>{e(say('strengths'))}</h2>{_list(content.strengths, say('no_strengths'))}</div>"
        f"<div><h2>{e(say('improvements'))}</h2>{_list(content.improvements, say('no_improvements'))}</div></section>"
    )


def _timelines(content: Content, say: Say) -> str:
    parts = [_plot(drawing, say("timeline_plot"), say("timeline_told")) for drawing in content.timelines]
    if parts:
        parts.append(f"<p class='legend'>{e(say('legend'))}</p>")
    if content.times is not None:
        parts.append(_plot(content.times, say("times_plot"), say("times_told")))
    parts.append(_plot(content.queue, say("queue_plot"), say("queue_told")))
    return "".join(parts)


def _plot(drawing: Drawing, title: str, told: str) -> str:
    return f"<section class='plot'><h2>{e(title)}</h2><p class='small'>{e(told)}</p>{svg(drawing)}</section>"


def _stills(content: Content, say: Say) -> str:
    shown = "".join(_still(still, say) for still in content.stills if still.jpeg)
    lost = "".join(f"<li>{e(lost_still(still, say))}</li>" for still in content.stills if not still.jpeg)
    body = f"<div class='stills'>{shown}</div>" if shown else f"<p>{e(say('no_stills'))}</p>"
    return (
        f"<section><h2>{e(say('stills'))}</h2>{body}"
        + (f"<ul class='small'>{lost}</ul>" if lost else "")
        + "</section>"
    )


def _still(still: Still, say: Say) -> str:
    data = base64.b64encode(still.jpeg).decode("ascii")
    words, where = still_words(still, say)
    return (
        f"<figure><img alt='{e(words, quote=True)}' src='data:image/jpeg;base64,{data}'>"
        f"<figcaption><b>{e(words)}</b><br>{e(where)}</figcaption></figure>"
    )


def still_words(still: Still, say: Say) -> tuple[str, str]:
    """Return what a still shows, and second, camera and source."""
    title = " · ".join(part for part in (still.moment.title, still.moment.incident) if part)
    source = say({"ring": "of_ring", "feed": "of_feed", "seat": "of_seat"}[still.source]) if still.source else ""
    return title, " · ".join(part for part in (clock_text(still.moment.second), still.camera, source) if part)


def lost_still(still: Still, say: Say) -> str:
    """Return the sentence for a moment of which no picture is left."""
    return say("still_lost", camera=still.camera, time=clock_text(still.moment.second))


def _marks(content: Content, say: Say) -> str:
    heads = _heads(say, "mark", "standing", "points", "measured", "reason", "events")
    rows = []
    for group in content.groups:
        number = f" <span class='seq'>{e(group.journal_id)}</span>" if group.journal_id else ""
        rows.append(f"<tr class='group'><th colspan='6'>{e(group.title)}{number}</th></tr>")
        rows += [_mark(mark, say) for mark in group.marks]
    return f"<section><h2>{e(say('marks'))}</h2><table class='grid marks'>{heads}{''.join(rows)}</table></section>"


def _mark(mark: Mark, say: Say) -> str:
    critical = f" <span class='tag'>{e(say('is_critical'))}</span>" if mark.critical else ""
    cells = (
        f"<td>{e(say.act(mark.act))}{critical}</td>"
        f"<td class='{mark.standing.value}'>{SIGNS[mark.standing]} {e(say.standing(mark.standing))}</td>"
        f"<td class='num'>{mark.earned:.1f} / {mark.weight:g}</td><td class='num'>{e(measured(mark, say))}</td>"
        f"<td>{e(say.of(mark.reason))}</td><td class='seq'>{e(event_numbers(mark.events))}</td>"
    )
    return f"<tr>{cells}</tr>"


def _comparison(content: Content, say: Say) -> str:
    title = f"<h2>{e(say('comparison'))}</h2>"
    if content.runs is None:
        return f"<section>{title}<p>{e(say('first_run'))}</p></section>"
    rows = "".join(_standing_row(name, told) for name, told in content.comparison)
    place = say("rank", count=len(content.history.group) + 1, rank=content.history.rank(content.score.score))
    heads = "<tr><th></th>" + "".join(f"<th>{e(say(key))}</th>" for key in ("runs", "median", "best", "last")) + "</tr>"
    return f"<section class='plot'>{title}<table class='grid'>{heads}{rows}</table><p>{e(place)}</p>{svg(content.runs)}</section>"


def _standing_row(name: str, told: Standings) -> str:
    values = (told.runs, told.median, told.best, told.last)
    return f"<tr><th>{e(name)}</th>" + "".join(f"<td class='num'>{number(value)}</td>" for value in values) + "</tr>"


def number(value: float | None) -> str:
    """Return a figure as the report writes it."""
    return "–" if value is None else f"{value:g}"


def _debriefing(content: Content, say: Say) -> str:
    return f"<section><h2>{e(say('debriefing'))}</h2>{_paragraphs(content.debriefing)}</section>"


def _entries(content: Content, say: Say) -> str:
    rows = "".join(
        f"<tr><td class='num'>{clock_text(entry.at_s)}</td><td>{e(entry_kind(entry, say))}</td><td>{e(entry.incident)}</td>"
        f"<td>{e(say.of(entry.words))}</td><td class='seq'>{f'#{entry.seq}' if entry.seq is not None else ''}</td></tr>"
        for entry in content.score.timeline
    )
    heads = _heads(say, "second", "kind", "incident", "what", "events")
    return f"<section><h2>{e(say('timeline'))}</h2><table class='grid entries'>{heads}{rows}</table></section>"


def _heads(say: Say, *keys: str) -> str:
    return "<tr>" + "".join(f"<th>{e(say(key))}</th>" for key in keys) + "</tr>"


def _list(sentences: Iterable[str], otherwise: str) -> str:
    lines = "".join(f"<li>{e(sentence)}</li>" for sentence in sentences)
    return f"<ul>{lines}</ul>" if lines else f"<p>{e(otherwise)}</p>"


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{e(part.strip())}</p>" for part in text.split("\n\n") if part.strip())
