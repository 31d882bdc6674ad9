"""Rules about what was done rather than when: grade, agencies, clip, procedure, privacy."""

from __future__ import annotations

from smartcity_console.drill.scenario.model import Expectation, Words
from smartcity_console.drill.score.cases import Case, Record, Told, span_s
from smartcity_console.drill.score.findings import Finding, missed, share_of, timed, void, whole
from smartcity_console.drill.score.words import listed
from smartcity_console.model import events as ev

SLACK_S = 2.0  # a feed begins its act at the keyframe after the cue


def grade(_: Record, case: Case, wish: Expectation) -> Finding:
    """The grade that left the house; else the one at the closing; else the last."""
    del wish
    sent = case.first(ev.HandoffRequested)
    given = case.of(ev.VerdictGiven)
    if sent is None and not given:
        return missed("등급을 매기지 않았습니다", "No grade was given", (case.opened.seq,))
    told, value = (sent[0], sent[1].grade) if sent else (given[-1][0], given[-1][1].grade)
    good = value in case.spec.grades
    right = ", ".join(str(int(one)) for one in case.spec.grades)
    return whole(
        good, f"등급 {int(value)} (맞는 등급 {right})", f"Grade {int(value)} (right: {right})", (told.seq,), told.at_s
    )


def agency(_: Record, case: Case, wish: Expectation) -> Finding:
    """Everyone who must have it and nobody else. What went astray and was taken back costs half."""
    del wish
    right = set(case.spec.agencies)
    sent = case.of(ev.HandoffRequested)
    if not sent:
        return missed("이관하지 않았습니다", "It was not handed off", (case.opened.seq,))
    back = {recalled.handoff_id for _, recalled in case.of(ev.HandoffRecalled)}
    reached = {request.agency_kind for _, request in sent if request.handoff_id not in back}
    astray = [request for _, request in sent if request.agency_kind not in right]
    share = len(reached & right) / max(1, len(right))
    if any(request.handoff_id not in back for request in astray):
        share = 0.0
    elif astray:
        share *= 0.5
    to, wanted = listed(request.agency_kind for _, request in sent), listed(case.spec.agencies)
    reason = Words(f"보낸 곳 {to.ko} (맞는 곳 {wanted.ko})", f"Sent to {to.en} (right: {wanted.en})")
    return Finding(share=share, reason=reason, events=tuple(told.seq for told, _ in sent), at_s=sent[0][0].at_s)


def clip(record: Record, case: Case, wish: Expectation) -> Finding:
    """The span sent holds the act, from a camera that shows it; a part of it counts as that part."""
    del wish
    cue_s, act = record.cue_s(case.spec.cue), case.spec.act_s
    if cue_s is None or act is None or record.failed(case.spec.cue):
        return void("영상의 연기가 시작되지 않았습니다", "The act in the pictures did not begin")
    begin_s, end_s = cue_s + act[0], cue_s + act[1]
    best, best_told = 0.0, case.opened
    for told, request in case.of(ev.HandoffRequested):
        start_s, stop_s = span_s(record, request.span_start, request.span_end)
        held_s = min(stop_s + SLACK_S, end_s) - max(start_s - SLACK_S, begin_s)
        share = max(0.0, held_s) / (end_s - begin_s)
        share = share if set(request.camera_ids) & set(case.spec.cameras) else 0.0
        if share > best or best_told is case.opened:
            best, best_told = min(1.0, share), told
    if best_told is case.opened:
        return missed("보낸 영상이 없습니다", "No clip was sent", (case.opened.seq,))
    ko, en = f"보낸 구간이 행위의 {best:.0%}를 담았습니다", f"The span sent holds {best:.0%} of the act"
    return Finding(share=best, reason=Words(ko, en), events=(best_told.seq,), at_s=best_told.at_s)


def procedure(_: Record, case: Case, wish: Expectation) -> Finding:
    del wish
    ticked: dict[str, Told] = {}
    for told, step in case.of(ev.ProcedureStepTicked):
        ticked.pop(step.step, None)
        if step.done:
            ticked[step.step] = told
    wanted = set(case.spec.steps)
    done = wanted & set(ticked)
    events = tuple(sorted(ticked[step].seq for step in done)) or (case.opened.seq,)
    ko, en = f"절차 {len(done)}/{len(wanted)}단계", f"{len(done)} of {len(wanted)} steps of the procedure"
    return Finding(share=len(done) / max(1, len(wanted)), reason=Words(ko, en), events=events)


def note(_: Record, case: Case, wish: Expectation) -> Finding:
    del wish
    written = [told for told, kept in case.of(ev.NoteAdded) if kept.text.strip()]
    if written:
        return whole(True, "기록을 남겼습니다", "Something was written down", (written[0].seq,), written[0].at_s)
    return missed("기록을 남기지 않았습니다", "Nothing was written down", (case.opened.seq,))


def merge(_: Record, case: Case, wish: Expectation) -> Finding:
    """Brought together, by the console itself or by hand; timed where the scenario wants it."""
    left = [one for one in case.incidents if one.merged_into is None]
    merged = case.of(ev.IncidentMerged)
    if len(left) > 1:
        ko, en = f"같은 사건이 {len(left)}건으로 남았습니다", f"One thing stands in the queue as {len(left)} incidents"
        return missed(ko, en, (case.opened.seq,))
    if not merged:
        return whole(True, "한 사건으로 모였습니다", "It stood as one incident", (case.opened.seq,))
    told = merged[-1][0]
    return timed(wish, told.at_s - case.opened.at_s, told.at_s, Words("병합까지", "Merged after"), (told.seq,))


def follow_up(_: Record, case: Case, wish: Expectation) -> Finding:
    later = [told for told, request in case.of(ev.HandoffRequested) if request.follows]
    if not later:
        return missed("추가로 보낸 것이 없습니다", "Nothing more was sent", (case.opened.seq,))
    took_s = later[0].at_s - case.opened.at_s
    return timed(wish, took_s, later[0].at_s, Words("추가 이관까지", "More was sent after"), (later[0].seq,))


def recall(_: Record, case: Case, wish: Expectation) -> Finding:
    """What went to the wrong receiver is taken back; nothing went astray: nothing to judge."""
    right = set(case.spec.agencies)
    astray = {r.handoff_id: told for told, r in case.of(ev.HandoffRequested) if r.agency_kind not in right}
    if not astray:
        return void("잘못 보낸 것이 없습니다", "Nothing went astray")
    back = {recalled.handoff_id: told for told, recalled in case.of(ev.HandoffRecalled)}
    if left := [told.seq for handoff_id, told in astray.items() if handoff_id not in back]:
        return missed("잘못 보낸 것을 회수하지 않았습니다", "What went astray was not recalled", tuple(left))
    took_s = max(back[handoff_id].at_s - told.at_s for handoff_id, told in astray.items())
    events = tuple(back[handoff_id].seq for handoff_id in astray)
    return timed(wish, took_s, None, Words("회수까지", "Recalled after"), events)


def no_hand_off(record: Record, case: Case | None, wish: Expectation) -> Finding:
    """A false alarm goes to nobody. For the whole drill: nothing goes out but what the scenario wants out."""
    del wish
    if case is None and not _came(record):
        return void("아무 사건도 일어나지 않았습니다", "No incident came about")
    streams = _false_streams(record) if case is None else {f"incident/{one.id}" for one in case.incidents}
    sent = [told for told, _ in record.of(ev.HandoffRequested) if told.event.stream in streams]
    if not sent:
        return whole(True, "불필요한 이관이 없었습니다", "Nothing was handed off without need")
    ko, en = f"불필요한 이관 {len(sent)}건", f"{len(sent)} needless hand-offs"
    return missed(ko, en, tuple(told.seq for told in sent))


def _came(record: Record) -> bool:
    """Whether anything happened in which one could have erred."""
    return bool(record.strangers) or any(case.came for case in record.cases.values())


def _false_streams(record: Record) -> set[str]:
    false = [one for case in record.cases.values() if not case.spec.agencies for one in case.incidents]
    return {f"incident/{one.id}" for one in (*false, *record.strangers)}


def no_look(record: Record, case: Case | None, wish: Expectation) -> Finding:
    """Nothing private was looked at beyond what a claim opens by itself."""
    if case is None and not _came(record):
        return void("아무 사건도 일어나지 않았습니다", "No incident came about")
    looks = _looks(record, case)
    if not looks:
        return whole(True, "불필요한 열람이 없었습니다", "Nothing private was looked at without need")
    if wish.within_s is not None:  # a tolerance: so many seconds from the beginning are for finding out
        looks = [told for told in looks if share_of(wish, told.at_s) < 1.0] or looks
    ko, en = f"불필요한 민간 영상 열람 {len(looks)}건", f"{len(looks)} looks at private pictures without need"
    return missed(ko, en, tuple(told.seq for told in looks))


def _looks(record: Record, case: Case | None) -> list[Told]:
    """Return every look at something private that the incidents concerned did not call for."""
    if case is not None:
        theirs = {one.id for one in case.incidents}
        return [told for told, ids in _private(record) if not ids or ids & theirs]
    needed = {one.id for c in record.cases.values() if c.spec.real for one in c.incidents}
    return [told for told, ids in _private(record) if not ids & needed]


def _private(record: Record) -> list[tuple[Told, frozenset[str]]]:
    """Return looks at private things with the incidents that they were for."""
    replays = [(told, frozenset(p.incident_ids)) for told, p in record.of(ev.ReplayFetched) if p.is_private]
    longer = [(told, _own(told)) for told, p in record.of(ev.PrivateCamerasUnlocked) if p.reason == "extended"]
    links = [(told, _own(told)) for told, p in record.of(ev.ReportLinkUsed) if p.link == "live"]
    people = [(told, _own(told)) for told, _ in record.of(ev.PersonalRecordShown)]
    return sorted([*replays, *longer, *links, *people], key=lambda look: look[0].seq)


def _own(told: Told) -> frozenset[str]:
    return frozenset((told.event.stream.partition("/")[2],))
