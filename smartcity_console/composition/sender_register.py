"""Commands around the register of senders: import, list, export, remove. The journal is where it stands."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

import msgspec

from smartcity_console.clock import Clock
from smartcity_console.intake.keys import SenderKeys
from smartcity_console.intake.sender_table import Changes, compare, read_table, write_table
from smartcity_console.intake.senders import Senders
from smartcity_console.journal import Follower, SqliteJournal, Vault
from smartcity_console.model.errors import ConsoleError, Language
from smartcity_console.model.events import (
    Draft,
    FirmChanged,
    FirmRegistered,
    FirmRemoved,
    Payload,
    SenderChanged,
    SenderRegistered,
    SenderRemoved,
    stream_of,
)
from smartcity_console.model.sender import canonical_account
from smartcity_console.runtime import write_atomically

ACTOR = "cli/sender"
MOST_SHOWN = 20


class NotRegistered(ConsoleError):
    code = "sender_not_registered"
    ko = "{name}은(는) 송신기 등록부에 없습니다. 아무것도 바꾸지 않았습니다. sender list 로 확인하십시오."
    en = "{name} is not in the register of senders. Nothing was changed. See: sender list."


def run_sender(options: Namespace, language: Language, clock: Clock) -> int:
    """Carry out one verb of `sender` but for its keys."""
    verbs = {"import": _import, "list": _list, "export": _export, "remove": _remove}
    return verbs[options.what](options, language, clock)


def read_senders(workspace: Path) -> Senders:
    """Return the register as the journal tells it; empty where there is no journal yet."""
    senders = Senders()
    path = workspace / "journal.sqlite"
    if path.is_file():
        follower = Follower(path)
        try:
            while events := follower.wait(0.0):
                senders.take(events)
        finally:
            follower.close()
    return senders


def _import(options: Namespace, language: Language, clock: Clock) -> int:
    """Show what a file would change, then change it. Exit code 1: some rows are bad (the good ones went in)."""
    vault = Vault(options.workspace)
    table, senders = read_table(options.file), read_senders(options.workspace)
    seen = compare(table, senders, None)
    for line in told(seen, table.passed_over, language):
        print(line, file=sys.stderr)
    applied = not options.dry_run and bool(seen.firms or seen.senders) and (options.yes or _confirmed(language))
    if applied:
        append(options.workspace, clock, compare(table, senders, vault.put).drafts(ACTOR))
    figures = {"added": seen.added, "changed": seen.changed, "same": seen.same, "bad": len({b.line for b in seen.bad})}
    print(json.dumps({**figures, "applied": applied}))
    return 1 if seen.bad else 0


def _list(options: Namespace, language: Language, clock: Clock) -> int:
    """Print the register, one JSON object a line; a key is only said to be there."""
    del language
    senders, keyed = read_senders(options.workspace), set(SenderKeys(options.workspace, clock).accounts())
    for firm in sorted(senders.firms.values(), key=lambda firm: firm.id):
        print(json.dumps({"firm": msgspec.to_builtins(firm)}, ensure_ascii=False))
    for key, sender in sorted(senders.accounts.items()):
        has_key = key in keyed
        print(json.dumps({"sender": msgspec.to_builtins(sender), "has_key": has_key}, ensure_ascii=False))
    return 0


def _export(options: Namespace, language: Language, clock: Clock) -> int:
    """Write the register as CSV (UTF-8 with a mark, 0600: it holds contacts) that an import takes again."""
    del language, clock
    senders, vault = read_senders(options.workspace), Vault(options.workspace)
    write_atomically(options.file, write_table(senders, vault.get).encode("utf-8-sig"), 0o600)
    print(json.dumps({"firms": len(senders.firms), "senders": len(senders.accounts), "file": str(options.file)}))
    return 0


def _remove(options: Namespace, language: Language, clock: Clock) -> int:
    """Take the centre's own entry of an account (or `firm:ID`) out; the catalogue's words hold again."""
    del language
    senders, name = read_senders(options.workspace), options.account
    if name.startswith("firm:"):
        firm = senders.firms.get(name.removeprefix("firm:"))
        if firm is None:
            raise NotRegistered(name=name)
        draft = Draft(stream_of(FirmRemoved, firm.id), FirmRemoved(before=firm), ACTOR)
    else:
        sender = senders.accounts.get(canonical_account(name))
        if sender is None:
            raise NotRegistered(name=name)
        draft = Draft(stream_of(SenderRemoved, sender.account.upper()), SenderRemoved(before=sender), ACTOR)
    append(options.workspace, clock, [draft])
    print(json.dumps({"removed": name}))
    return 0


def append(workspace: Path, clock: Clock, drafts: Sequence[Draft]) -> None:
    """Append in one transaction, as any program of the workspace does."""
    journal = SqliteJournal(workspace / "journal.sqlite", clock)
    try:
        journal.append(*drafts)
    finally:
        journal.close()


def told(seen: Changes, passed_over: Sequence[str], language: Language) -> list[str]:
    """Return what a person reads before deciding."""
    korean = language == "ko"
    bad_rows = len({cell.line for cell in seen.bad})
    head = (
        f"추가 {seen.added:,} · 변경 {seen.changed:,} · 그대로 {seen.same:,} · 제외 {bad_rows:,}행"
        if korean
        else f"{seen.added:,} added, {seen.changed:,} changed, {seen.same:,} as they were, {bad_rows:,} rows refused"
    )
    lines = [head]
    if passed_over:
        names = ", ".join(passed_over)
        lines.append(f"모르는 열은 읽지 않음: {names}" if korean else f"columns not read: {names}")
    shown = [change_line(payload) for payload in (*seen.firms, *seen.senders)]
    lines += [*shown[:MOST_SHOWN], *([f"… {len(shown) - MOST_SHOWN:,}"] if len(shown) > MOST_SHOWN else [])]
    for cell in seen.bad:
        place = f"{cell.line}행 {cell.column}" if korean else f"line {cell.line} {cell.column}"
        lines.append(f"{place}: {cell.value!r}: {cell.ko if korean else cell.en}")
    return lines


def change_line(payload: Payload) -> str:
    """Return one line of what a change is: + new, ~ changed with the fields that differ."""
    match payload:
        case FirmRegistered(firm=firm):
            return f"+ {firm.id} {firm.name_ko}"
        case SenderRegistered(sender=sender):
            return f"+ {sender.account} {sender.site_name} ({sender.firm_id})"
        case FirmChanged(firm=firm, before=before):
            return f"~ {firm.id}: {_differing(firm, before)}"
        case SenderChanged(sender=sender, before=before):
            return f"~ {sender.account}: {_differing(sender, before)}"
    return ""


def _differing(now: msgspec.Struct, before: msgspec.Struct) -> str:
    """Return which fields differ and how; a contact only that it does."""
    parts = []
    for name in now.__struct_fields__:
        old, new = getattr(before, name), getattr(now, name)
        if old != new:
            parts.append("contact" if name == "contact_sha256" else f"{name} {_plain(old)} → {_plain(new)}")
    return ", ".join(parts)


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + "|".join(str(getattr(one, "number", one)) for one in value) + "]"
    return str(msgspec.to_builtins(value)) if value not in ("", None) else "-"


def _confirmed(language: Language) -> bool:
    if not sys.stdin.isatty():
        return False
    print("적용할까요? (y/N)" if language == "ko" else "Apply? (y/N)", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "예", "네")
