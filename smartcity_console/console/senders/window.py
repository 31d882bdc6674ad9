"""The window of senders: two tables with search and figures, the form beside them. Not modal: the control room goes on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QSortFilterProxyModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from smartcity_console.console.language import translate
from smartcity_console.console.senders.form import OF_FIRM, OF_SENDER, EntryForm
from smartcity_console.console.senders.model import HAYSTACK, LINE, ORDER, FirmsModel, LinesModel, SendersModel
from smartcity_console.console.senders.ports import Book, FirmLine, SenderLine
from smartcity_console.console.texts import label, set_tone

SIZE_PX = (1760, 860)
PERIODS_DAYS = (30, 90)
TICK_MS = 1000
SENDERS, FIRMS = range(2)
_WIDTHS = {
    SENDERS: (205, 80, 105, 185, 85, 120, 65, 80, 110, 80, 90, 85),
    FIRMS: (180, 150, 80, 80, 80, 120, 90, 90, 80),
}


class SendersWindow(QDialog):
    """Shows and asks; who carries out is its desk. `chosen(line)`: a line of a table is looked at."""

    chosen = Signal(object)
    save_wanted = Signal()
    remove_wanted = Signal()
    import_wanted = Signal()
    export_wanted = Signal()
    period_wanted = Signal(int)

    def __init__(self, models: tuple[SendersModel, FirmsModel], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.models: tuple[LinesModel, ...] = models
        self.search, self.period = QLineEdit(), QComboBox()
        self.named, self.note = label(13, tone="dim"), label(13, wrap=True)
        self.forms = (EntryForm(OF_SENDER), EntryForm(OF_FIRM))
        self.tables = tuple(_table(model, self) for model in models)
        self.tabs, self._pages = QTabWidget(), QTabWidget()
        self.new, self.save, self.remove = QPushButton(), QPushButton(), QPushButton()
        self.bring, self.export, self.shut = QPushButton(), QPushButton(), QPushButton()
        self._reason = ""
        self._lay_out()
        self._connect()
        self._timer = QTimer(self)
        self._timer.timeout.connect(models[SENDERS].tick)
        self.resize(*SIZE_PX)
        self.retranslate()

    @property
    def page(self) -> int:
        """SENDERS or FIRMS."""
        return self.tabs.currentIndex()

    @property
    def form(self) -> EntryForm:
        return self.forms[self.page]

    @property
    def days(self) -> int:
        return PERIODS_DAYS[self.period.currentIndex()]

    def line(self) -> SenderLine | FirmLine | None:
        """Return the line that is looked at."""
        index = self.tables[self.page].currentIndex()
        return index.data(LINE) if index.isValid() else None

    def show_book(self, book: Book) -> None:
        """Show all anew; the line that was looked at stays so."""
        for table, model, lines in zip(self.tables, self.models, (book.senders, book.firms), strict=True):
            kept = _key(table.currentIndex().data(LINE)) if table.currentIndex().isValid() else None
            model.show(lines)
            self._look_at(table, model, kept)
        text = translate("Senders", "{since} to {until}, {days} days")
        self.named.setText(text.format(since=book.since, until=book.until, days=(book.until - book.since).days + 1))

    def show_reason(self, reason: str) -> None:
        """Say why the register may not be changed from here; empty: it may."""
        self._reason = reason
        for form in self.forms:
            form.lock(bool(reason))
        self.refresh()

    def refresh(self) -> None:
        """Bring the buttons up to date."""
        line = self.line()
        own = line is not None and line.own is not None
        self.save.setEnabled(not self._reason and self.form.is_changed)
        self.remove.setEnabled(not self._reason and own)
        self.bring.setEnabled(not self._reason)
        self.new.setEnabled(not self._reason)
        for button in (self.save, self.remove, self.bring, self.new):
            button.setToolTip(self._reason)
        if not own and not self._reason and line is not None:
            self.remove.setToolTip(translate("Senders", "Nothing is registered here: this is the catalogue's."))

    def tell(self, text: str, tone: str = "") -> None:
        """Say something at the foot; `tone`: empty, "warn" or "danger"."""
        self.note.setText(text)
        set_tone(self.note, tone)

    def begin_new(self) -> None:
        """Empty the form for an entry that is not there yet."""
        self.tables[self.page].clearSelection()
        self.tables[self.page].setCurrentIndex(QModelIndex())
        self.form.show_texts({})
        self.tell("")
        next(iter(self.form.edits.values())).setFocus()
        self.refresh()

    def retranslate(self) -> None:
        """Put every word into the language of the screen."""
        self.setWindowTitle(translate("Senders", "Senders"))
        self.search.setPlaceholderText(translate("Senders", "Search account, firm, site or address (Ctrl+F)"))
        self.search.setAccessibleName(translate("Senders", "Search"))
        self.period.setAccessibleName(translate("Senders", "Period of the figures"))
        for at, days in enumerate(PERIODS_DAYS):
            self.period.setItemText(at, translate("Senders", "Last {days} days").format(days=days))
        names = (translate("Senders", "Accounts"), translate("Senders", "Firms"))
        for at, name in enumerate(names):
            self.tabs.setTabText(at, name)
            self.tables[at].setAccessibleName(name)
        self.new.setText(translate("Senders", "New (Ctrl+N)"))
        self.save.setText(translate("Senders", "Save (Ctrl+S)"))
        self.remove.setText(translate("Senders", "Take out"))
        self.bring.setText(translate("Senders", "Import CSV…"))
        self.export.setText(translate("Senders", "Export CSV…"))
        self.shut.setText(translate("Senders", "Close (Esc)"))
        for form in self.forms:
            form.retranslate()
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            for model in self.models:
                model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, model.columnCount() - 1)
        super().changeEvent(event)

    def showEvent(self, event: object) -> None:
        self._timer.start(TICK_MS)
        super().showEvent(event)  # type: ignore[arg-type]

    def hideEvent(self, event: object) -> None:
        self._timer.stop()
        super().hideEvent(event)  # type: ignore[arg-type]

    def _lay_out(self) -> None:
        for days in PERIODS_DAYS:
            self.period.addItem(str(days))
        head = QHBoxLayout()
        head.addWidget(self.search, 1)
        head.addWidget(self.period)
        head.addWidget(self.named)
        split = QSplitter(Qt.Orientation.Horizontal)
        for table in self.tables:
            self.tabs.addTab(table, "")
        split.addWidget(self.tabs)
        split.addWidget(self._side())
        split.setStretchFactor(0, 1)
        split.setSizes([1340, 400])
        foot = QHBoxLayout()
        for button in (self.bring, self.export):
            foot.addWidget(button)
        foot.addWidget(self.note, 1)
        foot.addWidget(self.shut)
        box = QVBoxLayout(self)
        box.addLayout(head)
        box.addWidget(split, 1)
        box.addLayout(foot)
        for button in (self.new, self.save, self.remove, self.bring, self.export, self.shut):
            button.setAutoDefault(False)

    def _side(self) -> QWidget:
        """The form of the page that is shown, and what can be done with it."""
        self._pages.tabBar().hide()
        for form in self.forms:
            area = QScrollArea()
            area.setWidget(form)
            area.setWidgetResizable(True)
            self._pages.addTab(area, "")
        row = QHBoxLayout()
        for button in (self.new, self.remove, self.save):
            row.addWidget(button)
        side = QWidget()
        box = QVBoxLayout(side)
        box.setContentsMargins(8, 0, 0, 0)
        box.addWidget(self._pages, 1)
        box.addLayout(row)
        return side

    def _connect(self) -> None:
        self.search.textChanged.connect(self._filter)
        self.period.activated.connect(lambda _at: self.period_wanted.emit(self.days))
        self.tabs.currentChanged.connect(self._turn)
        for table in self.tables:
            table.selectionModel().currentChanged.connect(lambda _now, _before: self._choose())
        for form in self.forms:
            form.changed.connect(self.refresh)
        self.new.clicked.connect(self.begin_new)
        self.save.clicked.connect(self.save_wanted)
        self.remove.clicked.connect(self.remove_wanted)
        self.bring.clicked.connect(self.import_wanted)
        self.export.clicked.connect(self.export_wanted)
        self.shut.clicked.connect(self.reject)
        keys = {
            "Ctrl+F": self.search.setFocus,
            "Ctrl+N": self.new.click,
            "Ctrl+S": self.save.click,
            "Ctrl+PgDown": lambda: self.tabs.setCurrentIndex(FIRMS),
            "Ctrl+PgUp": lambda: self.tabs.setCurrentIndex(SENDERS),
        }
        for key, act in keys.items():
            QShortcut(QKeySequence(key), self, act, context=Qt.ShortcutContext.WindowShortcut)

    def _turn(self, page: int) -> None:
        self._pages.setCurrentIndex(page)
        self._choose()

    def _choose(self) -> None:
        self.tell("")
        self.chosen.emit(self.line())
        self.refresh()

    def _filter(self, text: str) -> None:
        for table in self.tables:
            proxy = table.model()
            assert isinstance(proxy, QSortFilterProxyModel)
            proxy.setFilterFixedString(text.strip())

    def _look_at(self, table: QTableView, model: LinesModel, key: str | None) -> None:
        proxy = table.model()
        assert isinstance(proxy, QSortFilterProxyModel)
        rows = [row for row, line in enumerate(model.lines) if _key(line) == key] if key else []
        index = proxy.mapFromSource(model.index(rows[0], 0)) if rows else proxy.index(0, 0)
        table.setCurrentIndex(index)


def _key(line: SenderLine | FirmLine | None) -> str | None:
    if line is None:
        return None
    return line.account if isinstance(line, SenderLine) else line.id


def _table(model: LinesModel, parent: QWidget) -> QTableView:
    """Return a table over a model: searched in what HAYSTACK gives, ordered by what ORDER gives, one line a choice."""
    proxy = QSortFilterProxyModel(parent)
    proxy.setSourceModel(model)
    proxy.setFilterRole(HAYSTACK)
    proxy.setSortRole(ORDER)
    proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    view = QTableView()
    view.setModel(proxy)
    view.setSortingEnabled(True)
    view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    view.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    view.setTabKeyNavigation(False)
    view.setWordWrap(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(28)
    view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for column, width_px in enumerate(_WIDTHS[SENDERS if isinstance(model, SendersModel) else FIRMS]):
        view.setColumnWidth(column, width_px)
    return view
