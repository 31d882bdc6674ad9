"""Carries out what the window of senders asks: reads in a worker, changes through operations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from smartcity_console.clock import Clock
from smartcity_console.console.language import translate
from smartcity_console.console.operations.senders import OPEN
from smartcity_console.console.runner import Runner
from smartcity_console.console.seat import Seat
from smartcity_console.console.senders.form import texts_of_firm, texts_of_sender
from smartcity_console.console.senders.model import FirmsModel, SendersModel
from smartcity_console.console.senders.ports import Book, FirmLine, SenderBook, SenderLine
from smartcity_console.console.senders.preview import ImportPreview
from smartcity_console.console.senders.window import SendersWindow
from smartcity_console.intake.sender_columns import Contact
from smartcity_console.intake.sender_table import Changes
from smartcity_console.model.errors import ConsoleError, Language
from smartcity_console.model.sender import FirmRecord, SenderRecord

SAVE, REMOVE = "senders.save", "senders.remove"
Submit = Callable[[Callable[[], Any], Callable[[Any], None]], None]


class SendersDesk(QObject):
    """Lives on the Qt thread. What comes back for a line that is no longer looked at is dropped."""

    def __init__(
        self,
        book: SenderBook | None,
        seat: Seat,
        runner: Runner,
        clock: Clock,
        submit: Submit,
        language: Callable[[], Language],
    ) -> None:
        super().__init__(seat)
        self._book, self._seat, self._runner, self._clock = book, seat, runner, clock
        self._submit, self._language = submit, language
        self.parent_window: QWidget | None = None
        self.preview: ImportPreview | None = None
        self._window: SendersWindow | None = None
        self._asked_for: Any = None
        self.loading = self._is_closed = False
        runner.moved.connect(self._moved)
        runner.done.connect(self._done)
        runner.failed.connect(self._failed)
        runner.refused.connect(lambda op_id, reason: self._tell_of(op_id, reason.text))
        runner.asked.connect(self._asked)

    @property
    def window(self) -> SendersWindow:
        """The window; made when it is wanted first."""
        if self._window is None:
            centre = self._seat.session.centre
            states = SendersModel(lambda: centre.senders, self._clock.now, self)
            window = SendersWindow((states, FirmsModel(self)), self.parent_window)
            window.chosen.connect(self._choose)
            window.save_wanted.connect(self._save)
            window.remove_wanted.connect(self._remove)
            window.import_wanted.connect(self._choose_file)
            window.export_wanted.connect(self._choose_export)
            window.period_wanted.connect(lambda _days: self.load())
            self._window = window
        return self._window

    def open(self) -> None:
        """Show the window and read all anew."""
        window = self.window
        reason = self._runner.reason(SAVE)
        window.show_reason(reason.text if reason else "")
        window.show()
        window.raise_()
        window.activateWindow()
        self.load()

    def close(self) -> None:
        """Shut the window; nothing is asked of a worker any more."""
        self._is_closed = True
        if self._window is not None:
            self._window.close()

    def load(self) -> None:
        """Read the book of the chosen period in a worker."""
        book, days = self._book, self.window.days
        if book is None or self.loading or self._is_closed:
            return
        self.loading = True
        heard = tuple(self._seat.session.centre.senders)
        self.window.tell(translate("Senders", "Reading the journal…"))
        self._submit(lambda: book.load(days, heard), self._loaded)

    def import_file(self, path: Path) -> None:
        """Read a file in a worker and show what it would change."""
        if (book := self._book) is not None:
            self._submit(lambda: book.look(path), lambda seen: self._show_preview(path, seen))

    def export_to(self, path: Path) -> None:
        """Write the register in a worker."""
        if (book := self._book) is not None:
            self._submit(lambda: book.export(path), self._exported)

    @Slot(str)
    def _moved(self, op_id: str) -> None:
        if op_id == OPEN:
            self.open()

    @Slot(str, str)
    def _asked(self, _op_id: str, needs: str) -> None:
        """An act on the register was called from the menu: it is done in the window."""
        if needs == "senders":
            self.open()

    def _loaded(self, outcome: Book | ConsoleError) -> None:
        self.loading = False
        if isinstance(outcome, ConsoleError):
            self._tell_error(outcome)
            return
        self.window.tell("")
        self.window.show_book(outcome)
        if outcome.until and self.window.days != (outcome.until - outcome.since).days + 1:
            self.load()  # another period was chosen meanwhile

    def _choose(self, line: SenderLine | FirmLine | None) -> None:
        """Show a line in the form; its contact is read from the vault in a worker."""
        self._asked_for = line
        if line is None:
            return
        digest = line.own.contact_sha256 if line.own is not None else ""
        self._fill(line, Contact())
        if digest and (book := self._book) is not None:
            self._submit(lambda: book.contact(digest), lambda contact: self._show_contact(line, contact))

    def _show_contact(self, line: SenderLine | FirmLine, outcome: Contact | ConsoleError) -> None:
        if line is not self._asked_for or self.window.form.is_changed:
            return
        if isinstance(outcome, ConsoleError):
            self._tell_error(outcome)
        else:
            self._fill(line, outcome)

    def _fill(self, line: SenderLine | FirmLine, contact: Contact) -> None:
        self.window.form.retranslate()
        if isinstance(line, SenderLine):
            self.window.form.hint({"site_name": line.site_name, "address": line.address})
            record = line.own or SenderRecord(account=line.account, firm_id=line.firm_id)
            self.window.form.show_texts(texts_of_sender(record, contact), fixed="account")
        else:
            self.window.form.hint({"firm_name": line.name, "call_back": line.call_back})
            firm = line.own or FirmRecord(id=line.id)
            self.window.form.show_texts(texts_of_firm(firm, contact), fixed="firm_id")
        self.window.refresh()

    def _save(self) -> None:
        texts = self.window.form.texts
        if (book := self._book) is not None:
            self._submit(lambda: book.edit(texts), self._save_changes)

    def _save_changes(self, outcome: Changes | ConsoleError) -> None:
        """Append what a form changes; what is wrong with it is said beside its fields."""
        if isinstance(outcome, ConsoleError):
            self._tell_error(outcome)
            return
        self.window.form.show_bad(outcome.bad, self._language())
        if outcome.bad:
            self.window.tell(translate("Senders", "Nothing was saved: mend what is marked."), "danger")
        elif outcome.firms or outcome.senders:
            self._runner.run(SAVE, outcome)
        else:
            self.window.tell(translate("Senders", "It is registered so already."))

    def _remove(self) -> None:
        line = self.window.line()
        if line is not None and line.own is not None:
            self._runner.run(REMOVE, line.own)

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self.window, translate("Senders", "Import senders"), "", "CSV (*.csv)")
        if name:
            self.import_file(Path(name))

    def _choose_export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self.window, translate("Senders", "Export senders"), "", "CSV (*.csv)")
        if name:
            self.export_to(Path(name))

    def _show_preview(self, path: Path, outcome: Changes | ConsoleError) -> None:
        if isinstance(outcome, ConsoleError):
            self._tell_error(outcome)
            return
        self.preview = ImportPreview(path, outcome, self._language(), self.window)
        self.preview.apply_wanted.connect(self._apply_file)
        self.preview.show()

    def _apply_file(self) -> None:
        book, preview = self._book, self.preview
        if book is not None and preview is not None:
            path = preview.path
            preview.apply.setEnabled(False)
            self._submit(lambda: book.take(path), self._take_file)

    def _take_file(self, outcome: Changes | ConsoleError) -> None:
        if isinstance(outcome, ConsoleError):
            self._tell_error(outcome)
        elif outcome.firms or outcome.senders:
            self._runner.run(SAVE, outcome)
        if self.preview is not None:
            self.preview.accept()
            self.preview = None

    def _exported(self, outcome: int | ConsoleError) -> None:
        if isinstance(outcome, ConsoleError):
            self._tell_error(outcome)
        else:
            self.window.tell(translate("Senders", "{count} entries were written.").format(count=outcome))

    def _done(self, op_id: str, _events: object) -> None:
        if op_id in (SAVE, REMOVE) and self._window is not None:
            self.load()

    def _failed(self, op_id: str, error: ConsoleError) -> None:
        if op_id in (SAVE, REMOVE) and self._window is not None:
            self._tell_error(error)

    def _tell_of(self, op_id: str, text: str) -> None:
        if op_id in (SAVE, REMOVE) and self._window is not None:
            self._window.tell(text, "warn")

    def _tell_error(self, error: ConsoleError) -> None:
        self.window.tell(error.sentence(self._language()), "danger")
