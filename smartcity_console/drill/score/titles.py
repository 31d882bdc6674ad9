"""What each mark is called."""

from __future__ import annotations

from smartcity_console.drill.scenario.model import Act, IncidentSpec, Words

ACTS: dict[Act, Words] = {
    Act.CLAIM: Words("접수 시간", "Time to claim"),
    Act.FIRST_CAMERA: Words("첫 카메라", "First right camera"),
    Act.VERDICT: Words("판정 시간", "Time to verdict"),
    Act.GRADE: Words("판정 등급", "Right grade"),
    Act.HAND_OFF: Words("이관 시간", "Time to hand-off"),
    Act.AGENCY: Words("수신 기관", "Right agency"),
    Act.CLIP: Words("증거 구간", "Span of the clip"),
    Act.PROCEDURE: Words("확인 절차", "Procedure"),
    Act.NOTE: Words("상황 기록", "Notes"),
    Act.CLOSE: Words("종결", "Closing"),
    Act.NO_HAND_OFF: Words("불필요한 이관 없음", "No needless hand-off"),
    Act.NO_LOOK: Words("사생활 보호", "Privacy"),
    Act.QUEUE: Words("대기열 관리", "The queue attended"),
    Act.ANSWER: Words("질문에 답변", "Answers to the desk"),
    Act.FOLLOW_UP: Words("추가 이관", "Follow-up"),
    Act.MERGE: Words("사건 병합", "Reports brought together"),
    Act.RECALL: Words("잘못 보낸 것의 회수", "Recall of what went astray"),
}


def title_of(act: Act, spec: IncidentSpec | None) -> Words:
    """Return what a mark is called, with its incident's name."""
    words = ACTS[act]
    return words if spec is None else Words(f"{words.ko} · {spec.title.ko}", f"{words.en} · {spec.title.en}")
