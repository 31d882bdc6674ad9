"""Rules that measure time: claim, first camera, verdict, hand-off, closing, answers, the queue."""

from __future__ import annotations

from smartcity_console.drill.scenario.model import Expectation, Words
from smartcity_console.drill.score.cases import Case, Record, Told
from smartcity_console.drill.score.findings import Finding, missed, timed, void
from smartcity_console.model import events as ev
from smartcity_console.model.alert import Priority
from smartcity_console.model.incident import Incident


def claim(_: Record, case: Case, wish: Expectation) -> Finding:
    claimed = case.first(ev.IncidentClaimed)
    if claimed is None:
        return missed("아무도 맡지 않았습니다", "Nobody claimed it", (case.opened.seq,))
    return _since_opened(case, wish, claimed[0], Words("접수까지", "Claimed after"))


def first_camera(_: Record, case: Case, wish: Expectation) -> Finding:
    right = set(case.spec.cameras)
    for told, selected in case.of(ev.CamerasSelected):
        if right & {seen.camera_id for seen in selected.cameras}:
            return _since_opened(case, wish, told, Words("맞는 카메라까지", "A right camera after"))
    return missed("맞는 카메라가 화면에 오르지 않았습니다", "No right camera came on the wall", (case.opened.seq,))


def verdict(_: Record, case: Case, wish: Expectation) -> Finding:
    claimed, given = case.first(ev.IncidentClaimed), case.first(ev.VerdictGiven)
    if claimed is None or given is None:
        return missed("판정하지 않았습니다", "No verdict was given", (case.opened.seq,))
    took_s = given[0].at_s - claimed[0].at_s
    return timed(wish, took_s, given[0].at_s, Words("판정까지", "Verdict after"), (claimed[0].seq, given[0].seq))


def hand_off(_: Record, case: Case, wish: Expectation) -> Finding:
    right = set(case.spec.agencies)
    asked = [told for told, request in case.of(ev.HandoffRequested) if not right or request.agency_kind in right]
    if not asked:
        return missed("맞는 기관에 이관하지 않았습니다", "It was not handed off to a right agency", (case.opened.seq,))
    return _since_opened(case, wish, asked[0], Words("이관까지", "Handed off after"))


def close(_: Record, case: Case, wish: Expectation) -> Finding:
    closed = case.first(ev.IncidentClosed)
    if closed is None:
        return missed("종결하지 않았습니다", "It was not closed", (case.opened.seq,))
    return _since_opened(case, wish, closed[0], Words("종결까지", "Closed after"))


def answer(record: Record, case: Case, wish: Expectation) -> Finding:
    """The slowest answer counts; a question that came less than the target before the end is left out."""
    delays: list[tuple[float, Told]] = []
    for told, question in case.of(ev.MessageFromDesk):
        later = [
            t for t, said in case.of(ev.MessageToDesk) if said.handoff_id == question.handoff_id and t.seq > told.seq
        ]
        if later:
            delays.append((later[0].at_s - told.at_s, later[0]))
        elif record.base.duration_s - told.at_s > (wish.within_s or 0.0):
            return missed("수신 기관의 질문에 답하지 않았습니다", "The desk's question was not answered", (told.seq,))
    if not delays:
        return void("수신 기관이 묻지 않았습니다", "The desk asked nothing")
    took_s, told = max(delays, key=lambda delay: delay[0])
    return timed(wish, took_s, told.at_s, Words("답변까지", "Answered after"), (told.seq,))


def queue(record: Record, case: Case | None, wish: Expectation) -> Finding:
    """The longest that anything urgent waited for somebody."""
    del case
    waits = [_wait(record, incident) for incident in _urgent(record)]
    if not waits:
        return void("긴급한 사건이 없었습니다", "There was nothing urgent")
    took_s, seqs = max(waits, key=lambda wait: wait[0])
    return timed(wish, took_s, None, Words("긴급 사건의 가장 긴 대기", "The longest wait of an urgent incident:"), seqs)


def _urgent(record: Record) -> list[Incident]:
    ours = [incident for case in record.cases.values() if case.spec.real for incident in case.incidents]
    return [one for one in (*ours, *record.strangers) if one.priority is not Priority.NORMAL]


def _wait(record: Record, incident: Incident) -> tuple[float, tuple[int, ...]]:
    told = [t for t in record.told if t.event.stream == f"incident/{incident.id}"]
    ended = next((t for t in told if t.event.type in ("IncidentClaimed", "IncidentMerged", "IncidentClosed")), None)
    until_s = ended.at_s if ended else record.base.duration_s
    return until_s - told[0].at_s, (told[0].seq, *((ended.seq,) if ended else ()))


def _since_opened(case: Case, wish: Expectation, told: Told, what: Words) -> Finding:
    return timed(wish, told.at_s - case.opened.at_s, told.at_s, what, (case.opened.seq, told.seq))
