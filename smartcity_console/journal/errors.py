"""What can go wrong with the journal, told in sentences."""

from __future__ import annotations

from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.events import Event


class JournalDamaged(ConsoleError):
    """The chain is broken. `event` is the number of the first event that does not verify."""

    code = "journal_damaged"
    ko = (
        "기록(저널) {path}의 연결이 {event}번 사건에서 끊겼습니다({why}). 더 이상 쓰지 않으며 있는 내용은 그대로 두었습니다. "
        "'smartcity-console journal --workspace {workspace} --json > journal.json' 으로 내보낸 뒤 새 작업 공간을 쓰십시오."
    )
    en = (
        "The journal {path} is broken at event {event} ({why}). Nothing more is written and what it holds was left as it "
        "is. Export it with 'smartcity-console journal --workspace {workspace} --json > journal.json', then start a new "
        "workspace."
    )


class VersionConflict(ConsoleError):
    """Somebody else wrote to the stream first; `last` is their event."""

    code = "version_conflict"
    ko = (
        "{stream}: 다른 좌석이 먼저 처리했습니다({who}, {what}). 이번 조작은 저장하지 않았습니다. "
        "화면이 새로 고쳐지면 다시 하십시오."
    )
    en = (
        "{stream}: somebody else was first ({who}, {what}). This act was not stored. Look at the refreshed screen "
        "and try again."
    )

    def __init__(self, *, stream: str, expected: int, actual: int, last: Event | None = None, **_: object) -> None:
        self.last = last
        self.expected = expected
        self.actual = actual
        who = last.actor if last else "-"
        what = last.type if last else "-"
        super().__init__(stream=stream, expected=expected, actual=actual, last=last, who=who, what=what)


class JournalBusy(ConsoleError):
    code = "journal_busy"
    ko = "기록(저널)에 쓰려는 일이 {waiting}건 밀려 있어 이번 것은 받지 않았습니다. 저장된 것은 그대로입니다. 잠시 뒤 다시 하십시오."
    en = "{waiting} appends wait for the journal, so this one was refused. What was stored is kept. Try again shortly."


class JournalLocked(ConsoleError):
    code = "journal_locked"
    ko = "다른 프로그램이 기록(저널) {path}을(를) 오래 잡고 있습니다. 이번 것은 저장하지 않았습니다. 잠시 뒤 다시 하십시오."
    en = "Another program holds the journal {path} for too long. This was not stored. Try again shortly."


class JournalMissing(ConsoleError):
    code = "journal_missing"
    ko = "작업 공간에 기록(저널)이 없습니다: {path}. 아무것도 바꾸지 않았습니다. --workspace 를 확인하십시오."
    en = "There is no journal at {path}. Nothing was changed. Check --workspace."
