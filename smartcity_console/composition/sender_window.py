"""The register of senders and its figures for the console's window: read on from the journal, in a worker."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from itertools import islice
from pathlib import Path

from smartcity_console.city import City
from smartcity_console.clock import Clock
from smartcity_console.console.senders.ports import Book, FirmLine, SenderLine
from smartcity_console.intake.keys import SenderKeys
from smartcity_console.intake.sender_columns import COLUMNS, Contact
from smartcity_console.intake.sender_table import Changes, compare, contact_of, read_cells, read_table, write_table
from smartcity_console.intake.senders import Senders, firm_with, site_of
from smartcity_console.journal import Follower, Vault
from smartcity_console.model.sender import canonical_account
from smartcity_console.model.sender_figures import KOREA, Figures, SenderFigures
from smartcity_console.model.site import Site
from smartcity_console.runtime import write_atomically

MOST_LINES = 20_000


class JournalSenderBook:
    """A console.senders.ports.SenderBook over a workspace. Safe to call from several threads, one at a time each."""

    def __init__(self, workspace: Path, city: Callable[[], City], clock: Clock, seat: str) -> None:
        self._workspace, self._city, self._clock, self._seat = workspace, city, clock, seat
        self._vault = Vault(workspace)
        self._lock = threading.Lock()
        self._senders, self._figures = Senders(), SenderFigures()
        self._after_seq = 0

    def load(self, days: int, heard: Collection[str]) -> Book:
        """Read on to the journal's end and put the book together."""
        with self._lock:
            self._read_on()
            until = self._clock.now().astimezone(KOREA).date()
            since = until - timedelta(days=days - 1)
            accounts, firms = self._figures.of_accounts(since, until), self._figures.of_firms(since, until)
            senders = self._sender_lines(accounts, heard)
            return Book(since, until, senders, self._firm_lines(firms, senders))

    def contact(self, sha256: str) -> Contact:
        return contact_of(self._vault.get(sha256))

    def edit(self, texts: Mapping[str, str]) -> Changes:
        titles = [COLUMNS[field][0] for field in texts]
        table = read_cells(titles, list(texts.values()), list(texts))
        with self._lock:
            self._read_on()
            seen = compare(table, self._senders, None, self._seat)
            return seen if seen.bad else compare(table, self._senders, self._vault.put, self._seat)

    def look(self, path: Path) -> Changes:
        return self._compare(path, keeps=False)

    def take(self, path: Path) -> Changes:
        return self._compare(path, keeps=True)

    def export(self, path: Path) -> int:
        with self._lock:
            self._read_on()
            write_atomically(path, write_table(self._senders, self._vault.get).encode("utf-8-sig"), 0o600)
            return len(self._senders.firms) + len(self._senders.accounts)

    def _compare(self, path: Path, *, keeps: bool) -> Changes:
        table = read_table(path)
        with self._lock:
            self._read_on()
            return compare(table, self._senders, self._vault.put if keeps else None, self._seat)

    def _read_on(self) -> None:
        follower = Follower(self._workspace / "journal.sqlite", after_seq=self._after_seq)
        try:
            while events := follower.wait(0.0):
                self._senders.take(events)
                self._figures.take(events)
                self._after_seq = events[-1].seq
        finally:
            follower.close()

    def _sender_lines(self, figures: Mapping[str, Figures], heard: Collection[str]) -> tuple[SenderLine, ...]:
        """Return a line for each account that register, catalogue, journal or fold knows; at most MOST_LINES."""
        city = self._city()
        sites = {site.account.upper(): site for site in islice(city.sites.values(), MOST_LINES) if site.account}
        own = {record.account.upper() for record in self._senders.accounts.values()}
        keyed = set(SenderKeys(self._workspace, self._clock).accounts())
        names = dict.fromkeys([*sorted(own), *sites, *sorted(figures), *sorted(name.upper() for name in heard)])
        return tuple(
            self._line(name, sites.get(name), figures.get(name, Figures()), keyed) for name in islice(names, MOST_LINES)
        )

    def _line(self, account: str, known: Site | None, figures: Figures, keyed: set[str]) -> SenderLine:
        record = self._senders.account(account)
        site = site_of(record, known) if record is not None else known
        firm_id = site.firm_id if site is not None else ""
        return SenderLine(
            account=account,
            firm_id=firm_id,
            firm_name=self._firm_name(firm_id),
            site_name=site.name if site is not None else "",
            address=site.address if site is not None else "",
            interval_s=record.interval_s if record is not None else 0.0,
            has_key=canonical_account(account) in keyed,
            figures=figures,
            own=record,
        )

    def _firm_name(self, firm_id: str) -> str:
        known, record = self._city().firms.get(firm_id), self._senders.firms.get(firm_id)
        if record is not None:
            return firm_with(record, known).name_ko
        return known.name_ko if known is not None else firm_id

    def _firm_lines(self, figures: Mapping[str, Figures], senders: tuple[SenderLine, ...]) -> tuple[FirmLine, ...]:
        city = self._city()
        counted: dict[str, int] = {}
        for line in senders:
            counted[line.firm_id] = counted.get(line.firm_id, 0) + 1
        ids = dict.fromkeys([*self._senders.firms, *city.firms, *figures, *counted])
        return tuple(self._firm_line(id_, figures.get(id_, Figures()), counted.get(id_, 0)) for id_ in ids if id_)

    def _firm_line(self, firm_id: str, figures: Figures, accounts: int) -> FirmLine:
        known, record = self._city().firms.get(firm_id), self._senders.firms.get(firm_id)
        firm = firm_with(record, known) if record is not None else known
        call_back = firm.call_back if firm is not None else ""
        return FirmLine(firm_id, self._firm_name(firm_id), call_back, accounts, figures, record)
