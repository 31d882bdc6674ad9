"""Reads and writes the register of senders as CSV: columns by name, bad rows told and left out, the good ones compared."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from smartcity_console.intake.sender_columns import (
    COLUMNS,
    PARSERS,
    CellRefused,
    Contact,
    column_of,
    position_of,
    zones_text,
)
from smartcity_console.intake.senders import Senders
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import (
    Draft,
    FirmChanged,
    FirmRegistered,
    Payload,
    SenderChanged,
    SenderRegistered,
    stream_of,
)
from smartcity_console.model.sender import FirmRecord, SenderRecord, canonical_account

MOST_BYTES, MOST_ROWS = 64 << 20, 200_000
Keep = Callable[[bytes], str]
"""Puts a personal record into the vault and returns its digest."""


class TableUnreadable(ConsoleError):
    code = "sender_table_unreadable"
    ko = "송신기 목록 {path}을(를) 읽지 못했습니다({why}). 등록은 그대로입니다. 파일을 확인하고 다시 하십시오."
    en = "The list of senders {path} cannot be read ({why}). The register is as it was. Check the file and try again."


class BadCell(msgspec.Struct, frozen=True):
    """What is wrong with a row: its line in the file (from 1), the column's title, the value, and why."""

    line: int
    column: str
    value: str
    ko: str
    en: str


class Row(msgspec.Struct, frozen=True):
    """A good row: fields by name, as their parsers gave them; only what the file has a column for."""

    line: int
    fields: dict[str, Any]


class Table(msgspec.Struct, frozen=True):
    """A file that was read."""

    rows: tuple[Row, ...]
    bad: tuple[BadCell, ...]
    passed_over: tuple[str, ...]  # titles that mean nothing here


class Changes(msgspec.Struct, frozen=True):
    """What a table would change: payloads ready to append; `same` rows are as they were."""

    firms: tuple[Payload, ...] = ()
    senders: tuple[Payload, ...] = ()
    bad: tuple[BadCell, ...] = ()
    same: int = 0

    @property
    def added(self) -> int:
        return sum(isinstance(p, FirmRegistered | SenderRegistered) for p in (*self.firms, *self.senders))

    @property
    def changed(self) -> int:
        return sum(isinstance(p, FirmChanged | SenderChanged) for p in (*self.firms, *self.senders))

    def drafts(self, actor: str) -> list[Draft]:
        """Return what to append, in one transaction."""
        return [draft_of(payload, actor) for payload in (*self.firms, *self.senders)]


def draft_of(payload: Any, actor: str) -> Draft:
    """Return the draft of one change, on the stream of its firm or account."""
    if isinstance(payload, FirmRegistered | FirmChanged):
        return Draft(stream_of(type(payload), payload.firm.id), payload, actor)
    return Draft(stream_of(type(payload), payload.sender.account.upper()), payload, actor)


def read_table(path: Path) -> Table:
    """Read a CSV in UTF-8 (with a mark or without) or CP949. Raises TableUnreadable."""
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise TableUnreadable(path=path.name, why=error.strerror or type(error).__name__) from None
    if len(raw) > MOST_BYTES:
        raise TableUnreadable(path=path.name, why=f"more than {MOST_BYTES >> 20} MiB")
    return read_text(_decoded(raw, path.name), path.name)


def read_text(text: str, name: str) -> Table:
    """Read the text of a CSV. Raises TableUnreadable when it has no columns of ours."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        titles = [title.strip() for title in next(reader, [])]
        fields = [column_of(title) for title in titles]
        if "firm_id" not in fields:
            raise TableUnreadable(path=name, why=f"no column {' / '.join(COLUMNS['firm_id'])}")
        twice = {field for field in fields if field and fields.count(field) > 1}
        if twice:
            raise TableUnreadable(path=name, why=f"two columns for {', '.join(sorted(twice))}")
        rows, bad = _rows(reader, titles, fields)
    except csv.Error as error:
        raise TableUnreadable(path=name, why=f"line {reader.line_num}: {error}") from None
    unknown = tuple(title for title, field in zip(titles, fields, strict=True) if field is None)
    return Table(tuple(rows), tuple(bad), unknown)


def read_cells(titles: Sequence[str], cells: Sequence[str], fields: Sequence[str]) -> Table:
    """Read one row that did not come from a file: a form's."""
    read = _row(1, list(cells), titles, fields)
    return Table((read,), (), ()) if isinstance(read, Row) else Table((), tuple(read), ())


def compare(table: Table, senders: Senders, keep: Keep | None, seat: str = "") -> Changes:
    """Return what a table changes of the register. `keep` stores contacts; None (a look): they only get their digest.

    A column that the file lacks leaves what is registered; an empty cell of a column it has empties it.
    """
    comparing = _Comparing(senders, keep or _digest_only, seat)
    for row in table.rows:
        comparing.take(row)
    return comparing.changes(table.bad)


class _Comparing:
    """Goes through rows; the last row of an account or firm decides nothing that an earlier one said otherwise."""

    def __init__(self, senders: Senders, keep: Keep, seat: str) -> None:
        self._senders, self._keep, self._seat = senders, keep, seat
        self._firms: dict[str, FirmRecord] = {}
        self._said: dict[tuple[str, str], Any] = {}  # what a row has said of a firm's field
        self._accounts: dict[str, SenderRecord] = {}
        self._bad: list[BadCell] = []

    def take(self, row: Row) -> None:
        """Take a row over, or say why not."""
        account = row.fields.get("account", "")
        key = canonical_account(account) if account else ""
        if key and key in self._accounts:
            self._refuse(row, "account", account, "같은 계정이 앞 줄에 있습니다", "the account stands on a line before")
            return
        if not self._take_firm(row, is_own=not account):
            return
        if key:
            self._accounts[key] = self._sender(row)

    def changes(self, bad: Sequence[BadCell]) -> Changes:
        firms = [self._firm_change(firm) for firm in self._firms.values()]
        senders = [self._sender_change(sender) for sender in self._accounts.values()]
        told = sorted((*bad, *self._bad), key=lambda cell: cell.line)
        same = firms.count(None) + senders.count(None)
        return Changes(tuple(p for p in firms if p), tuple(p for p in senders if p), tuple(told), same)

    def _take_firm(self, row: Row, is_own: bool) -> bool:
        """Take over what a row says of its firm. Networks and contact of a row without an account are the firm's."""
        firm_id = row.fields["firm_id"]
        names = {"firm_name": "name_ko", "call_back": "call_back", "status_url": "status_url"}
        told = {name: row.fields[column] for column, name in names.items() if row.fields.get(column)}
        if is_own:
            told |= {names[c]: row.fields[c] for c in names if c in row.fields}
            told |= {"networks": row.fields["networks"]} if "networks" in row.fields else {}
            told |= self._contact(row)
        for name, value in told.items():
            if self._said.get((firm_id, name), value) != value:
                ko, en = "같은 업체의 앞 줄과 다릅니다", "a line before says otherwise of this firm"
                self._refuse(row, _column_of_firm(name), str(value), ko, en)
                return False
        self._said |= {(firm_id, name): value for name, value in told.items()}
        if told:
            before = self._firms.get(firm_id) or self._senders.firms.get(firm_id) or FirmRecord(id=firm_id)
            self._firms[firm_id] = msgspec.structs.replace(before, **told)
        return True

    def _sender(self, row: Row) -> SenderRecord:
        fields = row.fields
        before = self._senders.account(fields["account"])
        told = {name: fields[name] for name in _OF_SENDER if name in fields} | self._contact(row)
        if before is None:
            return SenderRecord(**({"account": fields["account"], "firm_id": fields["firm_id"]} | told))
        return msgspec.structs.replace(before, **(told | {"account": before.account}))

    def _contact(self, row: Row) -> dict[str, str]:
        if "contact_name" not in row.fields and "contact_phone" not in row.fields:
            return {}
        contact = Contact(row.fields.get("contact_name", ""), row.fields.get("contact_phone", ""))
        return {"contact_sha256": self._keep(contact_bytes(contact)) if contact != Contact() else ""}

    def _firm_change(self, firm: FirmRecord) -> Payload | None:
        before = self._senders.firms.get(firm.id)
        return firm_change(firm, before, self._seat)

    def _sender_change(self, sender: SenderRecord) -> Payload | None:
        return sender_change(sender, self._senders.account(sender.account), self._seat)

    def _refuse(self, row: Row, field: str, value: str, ko: str, en: str) -> None:
        self._bad.append(BadCell(row.line, COLUMNS[field][0], value[:60], ko, en))


_OF_SENDER = ("account", "firm_id", "site_name", "address", "position", "zones", "interval_s", "networks", "doors")


def firm_change(firm: FirmRecord, before: FirmRecord | None, seat: str) -> Payload | None:
    """Return the event of a firm as it is to be; None when it is as it was."""
    if before is None:
        return FirmRegistered(firm=firm, seat=seat)
    return None if firm == before else FirmChanged(firm=firm, before=before, seat=seat)


def sender_change(sender: SenderRecord, before: SenderRecord | None, seat: str) -> Payload | None:
    """Return the event of an account as it is to be; None when it is as it was."""
    if before is None:
        return SenderRegistered(sender=sender, seat=seat)
    return None if sender == before else SenderChanged(sender=sender, before=before, seat=seat)


def write_table(senders: Senders, read: Callable[[str], bytes | None]) -> str:
    """Return the register as CSV text with its Korean titles; `read` gives a record of the vault by its digest."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names[0] for names in COLUMNS.values())
    for firm in sorted(senders.firms.values(), key=lambda firm: firm.id):
        writer.writerow(_safe(_firm_cells(firm, read)))
    for sender in sorted(senders.accounts.values(), key=lambda sender: sender.account):
        writer.writerow(_safe(_sender_cells(sender, read)))
    return out.getvalue()


def contact_bytes(contact: Contact) -> bytes:
    """Return a contact as the vault keeps it."""
    return msgspec.json.encode(contact, order="sorted")


def contact_of(data: bytes | None) -> Contact:
    """Return the contact of a record of the vault; an empty one when it was purged."""
    return msgspec.json.decode(data, type=Contact) if data else Contact()


def _firm_cells(firm: FirmRecord, read: Callable[[str], bytes | None]) -> Mapping[str, str]:
    contact = contact_of(read(firm.contact_sha256) if firm.contact_sha256 else None)
    return {
        "firm_id": firm.id,
        "firm_name": firm.name_ko,
        "call_back": firm.call_back,
        "status_url": firm.status_url,
        "networks": "|".join(firm.networks),
        "contact_name": contact.name,
        "contact_phone": contact.phone,
    }


def _sender_cells(sender: SenderRecord, read: Callable[[str], bytes | None]) -> Mapping[str, str]:
    contact = contact_of(read(sender.contact_sha256) if sender.contact_sha256 else None)
    place = sender.position
    return {
        "firm_id": sender.firm_id,
        "account": sender.account,
        "site_name": sender.site_name,
        "address": sender.address,
        "lon": f"{place.lon_deg:.7f}" if place else "",
        "lat": f"{place.lat_deg:.7f}" if place else "",
        "zones": zones_text(sender.zones),
        "interval_s": f"{sender.interval_s:g}" if sender.interval_s else "",
        "networks": "|".join(sender.networks),
        "doors": "|".join(sender.doors),
        "contact_name": contact.name,
        "contact_phone": contact.phone,
    }


def _safe(cells: Mapping[str, str]) -> Iterable[str]:
    """Yield the cells in order; what a spreadsheet would take for a formula gets a blank before it."""
    for field in COLUMNS:
        cell = cells.get(field, "")
        yield f" {cell}" if cell[:1] in ("=", "+", "-", "@") else cell


def _rows(
    reader: Iterable[list[str]], titles: Sequence[str], fields: Sequence[str | None]
) -> tuple[list[Row], list[BadCell]]:
    rows: list[Row] = []
    bad: list[BadCell] = []
    for cells in reader:
        line: int = reader.line_num  # type: ignore[attr-defined]
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) + len(bad) >= MOST_ROWS:
            bad.append(BadCell(line, "", "", f"{MOST_ROWS:,}행까지만 읽습니다", f"only {MOST_ROWS:,} rows are read"))
            break
        read = _row(line, cells, titles, fields)
        if isinstance(read, Row):
            rows.append(read)
        else:
            bad += read
    return rows, bad


def _row(line: int, cells: list[str], titles: Sequence[str], fields: Sequence[str | None]) -> Row | list[BadCell]:
    """Return a good row, else what is wrong with it."""
    if len(cells) != len(titles):
        told = (f"칸이 {len(cells)}개입니다", f"{len(cells)} cells under {len(titles)} titles")
        return [BadCell(line, "", "", *told)]
    values: dict[str, Any] = {}
    bad: list[BadCell] = []
    texts = {field: cell for field, cell in zip(fields, cells, strict=True) if field}
    named = {field: title for field, title in zip(fields, titles, strict=True) if field}
    for field, cell in texts.items():
        if field in PARSERS:
            try:
                values[field] = PARSERS[field](cell)
            except CellRefused as error:
                bad.append(BadCell(line, named[field], cell[:60], error.ko, error.en))
    if "lon" in texts and "lat" in texts:
        try:
            values["position"] = position_of(texts["lon"], texts["lat"])
        except CellRefused as error:
            value = f"{texts['lon']}, {texts['lat']}"
            bad.append(BadCell(line, f"{named['lon']}, {named['lat']}", value[:60], error.ko, error.en))
    return bad or Row(line, values)


def _column_of_firm(name: str) -> str:
    return {"name_ko": "firm_name", "contact_sha256": "contact_name"}.get(name, name)


def _decoded(raw: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableUnreadable(path=name, why="neither UTF-8 nor CP949")


def _digest_only(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()
