"""The sheets of an incident's acts: asks what an operation needs, and shows what it may show once it is on record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget

from smartcity_console.clock import Clock
from smartcity_console.console import words
from smartcity_console.console.history import clips_words, recall_word
from smartcity_console.console.incident.chooser import Choice, Chooser
from smartcity_console.console.incident.clips_sheet import ClipsSheet
from smartcity_console.console.incident.links import LinksDialog
from smartcity_console.console.incident.person import PersonDialog
from smartcity_console.console.incident.pictures import PictureMissing, read_picture
from smartcity_console.console.incident.pictures_view import Get, Submit
from smartcity_console.console.incident.recipients import recipients_sheet
from smartcity_console.console.incident.reports_view import reports_of
from smartcity_console.console.language import translate
from smartcity_console.console.notice import Notice
from smartcity_console.console.operations.hand_off import HandOffToOthers
from smartcity_console.console.operations.merge import Merge
from smartcity_console.console.operations.recall import REASONS, RecallWish, recallable
from smartcity_console.console.operations.report_acts import PersonalItem, ReportLink, personal_items, report_links
from smartcity_console.console.operations.save_clips import SaveClips
from smartcity_console.console.runner import Runner
from smartcity_console.console.seat import Seat
from smartcity_console.console.times import elapsed_s, span_text
from smartcity_console.intake.relations import distance_m
from smartcity_console.model.alert import Alert
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Event, IncidentClipsSaved
from smartcity_console.model.incident import Incident

OpenUrl = Callable[[str], object]


class IncidentActs(QObject):
    """Owns at most one sheet. It goes when another incident is looked at, or when the claim it rests on ends."""

    def __init__(
        self,
        seat: Seat,
        runner: Runner,
        notice: Notice,
        clock: Clock,
        submit: Submit,
        vault: Get,
        open_url: OpenUrl | None = None,
    ) -> None:
        super().__init__(seat)
        self._seat, self._runner, self._notice, self._clock = seat, runner, notice, clock
        self._submit, self._vault = submit, vault
        self._open_url = open_url or (lambda url: QDesktopServices.openUrl(QUrl(url)))
        self.window: QWidget | None = None
        self.sheet: QDialog | None = None
        self._links: dict[tuple[str, str], ReportLink] = {}
        runner.asked.connect(self._asked)
        runner.done.connect(self._done)
        seat.session.taken.connect(self._told)
        seat.selected.connect(self._follow)
        seat.updated.connect(self._follow)

    @Slot(str, str)
    def _asked(self, op_id: str, needs: str) -> None:
        makers = {
            "other_incident": self._ask_other,
            "alerts": self._ask_alerts,
            "person": self._ask_person,
            "link": self._ask_link,
            "recall": self._ask_recall,
            "recipients": self._ask_recipients,
            "clips": self._ask_clips,
        }
        incident = self._seat.incident
        if needs in makers and incident is not None:
            self._show(makers[needs](op_id, incident))

    def _show(self, sheet: QDialog) -> None:
        if self.sheet is not None:
            self.sheet.close()
        self.sheet = sheet
        sheet.finished.connect(lambda _code, sheet=sheet: self._forget(sheet))
        sheet.show()

    def _forget(self, sheet: QDialog) -> None:
        if self.sheet is sheet:
            self.sheet = None

    @Slot(object)
    def _follow(self, incident: Incident | None) -> None:
        """What was asked about one incident is not answered about another; a person's record goes with the claim."""
        sheet = self.sheet
        if sheet is None:
            return
        if (
            incident is None
            or sheet.property("incident") != incident.id
            or (isinstance(sheet, PersonDialog) and incident.claimed_by != self._seat.name)
        ):
            sheet.close()

    def _ask_other(self, op_id: str, incident: Incident) -> QDialog:
        state = self._seat.state()
        merge = self._runner.operations[op_id]
        assert isinstance(merge, Merge)
        others = sorted((o for o in state.queue if o.id != incident.id), key=lambda o: _apart(incident, o))
        refusals = {other.id: merge.refuses(state, other) for other in others}
        choices = [
            Choice(
                other.id, self._other_words(incident, other), refusal.text if (refusal := refusals[other.id]) else ""
            )
            for other in others
        ]
        hint = translate(
            "Merge", "The incident that is chosen ends; its alerts go on in {title}. Ctrl+Z takes it back."
        )
        sheet = Chooser(
            merge.label(),
            hint.format(title=f"{words.incident_title(incident)} — {words.place(incident)}"),
            merge.short(),
            choices,
            several=False,
            parent=self._parent(),
        )
        sheet.chosen.connect(lambda ids: self._runner.run(op_id, ids[0]))
        return self._of(sheet, incident)

    def _other_words(self, incident: Incident, other: Incident) -> str:
        far = _apart(incident, other)
        apart = translate("Merge", "{metres:.0f} m away").format(metres=far) if far < 1e6 else ""
        waits = span_text(elapsed_s(other.opened_at, self._clock.now()))
        parts = (words.incident_title(other), words.place(other), words.source(other), apart, waits)
        return " · ".join(part for part in parts if part)

    def _ask_alerts(self, op_id: str, incident: Incident) -> QDialog:
        operation = self._runner.operations[op_id]
        ids = {
            report.first.id: tuple(a.id for a in incident.alerts if _detector(a) == _detector(report.first))
            for report in reports_of(incident)
        }
        choices = [
            Choice(report.first.id, _report_words(report.first, report.count)) for report in reports_of(incident)
        ]
        hint = translate("Split", "What is ticked becomes an incident of its own. Ctrl+Z takes it back.")
        sheet = Chooser(operation.label(), hint, operation.short(), choices, several=True, parent=self._parent())
        sheet.chosen.connect(lambda firsts: self._runner.run(op_id, tuple(i for first in firsts for i in ids[first])))
        return self._of(sheet, incident)

    def _ask_person(self, op_id: str, incident: Incident) -> QDialog:
        sheet = PersonDialog(list(personal_items(incident)), self._parent())
        sheet.wanted.connect(lambda item, why: self._runner.run(op_id, (item, why)))
        return self._of(sheet, incident)

    def _ask_recall(self, op_id: str, incident: Incident) -> QDialog:
        """Ask why, and where several have it, who is to be told that it is taken back."""
        operation = self._runner.operations[op_id]
        running = recallable(self._seat.state())
        everybody = [Choice(f"|{reason}", recall_word(reason)) for reason in REASONS]
        single = [
            Choice(f"{h.id}|wrong_receiver", f"{words.agency_word(h.agency_kind)}: {recall_word('wrong_receiver')}")
            for h in running
        ]
        hint = translate(
            "Recall", "The receivers are told and the live view ends at once. What was sent stays sent, on record."
        )
        choices = [*everybody, *(single if len(running) > 1 else [])]
        sheet = Chooser(operation.label(), hint, operation.short(), choices, several=False, parent=self._parent())
        sheet.chosen.connect(lambda ids: self._runner.run(op_id, _recall_wish(ids[0])))
        return self._of(sheet, incident)

    def _ask_recipients(self, op_id: str, incident: Incident) -> QDialog:
        operation = self._runner.operations[op_id]
        assert isinstance(operation, HandOffToOthers)
        sheet = recipients_sheet(self._seat.state(), operation, self._parent())
        sheet.chosen.connect(lambda ids: self._runner.run(op_id, ids))
        return self._of(sheet, incident)

    def _ask_clips(self, op_id: str, incident: Incident) -> QDialog:
        operation = self._runner.operations[op_id]
        assert isinstance(operation, SaveClips)
        sheet = ClipsSheet(operation, self._seat.state, self._parent())
        sheet.wanted.connect(lambda wish: self._runner.run(op_id, wish))
        return self._of(sheet, incident)

    @Slot(object)
    def _told(self, events: list[Event]) -> None:
        """Say what came of the clips that this seat wanted, whatever is looked at meanwhile."""
        for event in events:
            if self._seat.session.is_live and event.type == IncidentClipsSaved.__name__:
                saved = event.payload_as(IncidentClipsSaved)
                if saved.seat == self._seat.name:
                    self._notice.tell(clips_words(saved))

    def _ask_link(self, op_id: str, incident: Incident) -> QDialog:
        links = list(report_links(incident))
        self._links = {(link.alert_id, link.link): link for link in links}
        sheet = LinksDialog(links, self._parent())
        sheet.wanted.connect(lambda link, act: self._runner.run(op_id, (link, act)))
        return self._of(sheet, incident)

    @Slot(str, object)
    def _done(self, op_id: str, events: list[Event]) -> None:
        """What is on record may be shown and opened; before that nothing is."""
        if op_id == "incident.show_person":
            facts = events[0].payload()
            self._bring(PersonalItem(facts.alert_id, facts.what, facts.sha256))
        elif op_id == "incident.use_link":
            facts = events[0].payload()
            self._use(self._links.get((facts.alert_id, facts.link)), facts.act)

    def _bring(self, item: PersonalItem) -> None:
        work = (
            (lambda: self._record(item)) if item.what == "record" else (lambda: read_picture(self._vault, item.sha256))
        )
        self._submit(work, self._brought(item, self.sheet))

    def _record(self, item: PersonalItem) -> bytes:
        data = self._vault(item.sha256)
        if data is None:
            raise PictureMissing(digest=item.sha256[:12])
        return data

    def _brought(self, item: PersonalItem, sheet: QDialog | None) -> Callable[[Any], None]:
        def take(outcome: Any) -> None:
            if isinstance(outcome, ConsoleError):
                self._notice.tell_error(outcome)
            elif sheet is self.sheet and isinstance(sheet, PersonDialog):  # gone meanwhile: shown nowhere
                sheet.show_record(outcome) if item.what == "record" else sheet.show_picture(outcome)

        return take

    def _use(self, link: ReportLink | None, act: str) -> None:
        if link is None:
            return
        if act == "opened":
            self._open_url(link.url)
        else:
            QGuiApplication.clipboard().setText(link.url)
            self._notice.tell(translate("Links", "The address was copied."))

    def _of(self, sheet: QDialog, incident: Incident) -> QDialog:
        sheet.setProperty("incident", incident.id)
        return sheet

    def _parent(self) -> QWidget:
        assert self.window is not None
        return self.window


def _apart(a: Incident, b: Incident) -> float:
    return distance_m(a.position, b.position) if a.position is not None and b.position is not None else float("inf")


def _detector(alert: Alert) -> tuple[str, str, str]:
    return alert.account, alert.zone, alert.code


def _report_words(alert: Alert, count: int) -> str:
    place = alert.site_name or alert.address or alert.account
    text = f"{words.source_word(alert)} {alert.code} {words.alert_title(alert)} · {place}"
    return f"{text} ×{count}" if count > 1 else text


def _recall_wish(chosen: str) -> RecallWish:
    handoff_id, _, reason = chosen.rpartition("|")
    return RecallWish(reason, (handoff_id,) if handoff_id else ())
