"""The report's own words in Korean and English. Words of the scenario and of the score come with them."""

from __future__ import annotations

from typing import Literal

from smartcity_console.drill.scenario.model import Act, Words
from smartcity_console.drill.score.model import Standing
from smartcity_console.drill.score.titles import ACTS

Language = Literal["ko", "en"]


class Say:
    """The words of one language: `say("score")`, `say("of_objective", name=…)`. Outside text is only ever a value."""

    def __init__(self, language: str) -> None:
        self.language: Language = "en" if language == "en" else "ko"

    def __call__(self, key: str, **values: object) -> str:
        return TEXTS[key].of(self.language).format_map(values)

    def of(self, words: Words) -> str:
        return words.of(self.language)

    def act(self, act: Act) -> str:
        return self.of(ACTS[act])

    def standing(self, standing: Standing) -> str:
        return self.of(STANDINGS[standing])


TEXTS: dict[str, Words] = {
    "drill": Words("훈련 DRILL · 실제 상황이 아닙니다", "DRILL 훈련 · not a real event"),
    "report": Words("훈련 사후 강평서", "After-action report"),
    "score": Words("점수", "Score"),
    "of_100": Words("/ 100점", "/ 100"),
    "passed": Words("합격", "Passed"),
    "failed": Words("불합격", "Not passed"),
    "pass_rule": Words("합격: 60점 이상이며 필수 항목을 놓치지 않음", "Pass: 60 or more, and no critical mark missed"),
    "overview": Words("개요", "Overview"),
    "scenario": Words("시나리오", "Scenario"),
    "run": Words("훈련 번호", "Run"),
    "when": Words("일시", "When"),
    "length": Words("진행 시간", "Length"),
    "length_told": Words("{run} (일시 정지 {paused})", "{run} (paused {paused})"),
    "trainees": Words("훈련자", "Trainees"),
    "seat_scores": Words("좌석별 점수", "Score by seat"),
    "seat_score": Words("좌석 {seat}: {score}", "Seat {seat}: {score}"),
    "seat_of": Words("{name} (좌석 {seat})", "{name} (seat {seat})"),
    "operator": Words("조작", "Operated by"),
    "trainer": Words("교관", "Trainer"),
    "end": Words("종료", "Ended by"),
    "journal": Words("근거 기록", "Rests on"),
    "journal_told": Words("관제 기록 1–{seq}번, 해시 {hash}", "journal events 1–{seq}, hash {hash}"),
    "file": Words("시나리오 파일", "Scenario file"),
    "briefing": Words("상황 부여", "Briefing"),
    "critical": Words("놓친 필수 항목", "Critical misses"),
    "no_critical": Words("필수 항목은 모두 지켰습니다.", "Every critical mark was met."),
    "late_critical": Words("늦음: {title}", "Late: {title}"),
    "objectives": Words("목표와 역량", "Objectives and capabilities"),
    "objective": Words("목표", "Objective"),
    "capability": Words("핵심 역량", "Core capability"),
    "rating": Words("평가", "Rating"),
    "result": Words("득점", "Earned"),
    "marks_of": Words("항목 {met}/{count}", "marks {met}/{count}"),
    "rating_rule": Words(
        "평가는 HSEEP 의 네 등급입니다. P: 어려움 없이 수행(득점 95 % 이상) · S: 일부 어려움(70 % 이상) · M: 큰 어려움(30 % 이상, "
        "또는 필수 항목을 놓침) · U: 수행하지 못함. 성립하지 않은 항목은 뺍니다.",
        "Ratings are HSEEP's four. P: performed without challenges (95 % or more of the marks) · S: with some challenges (70 %) · "
        "M: with major challenges (30 %, or a critical mark missed) · U: unable to be performed. Void marks are left out.",
    ),
    "other_marks": Words("목표에 딸리지 않은 항목", "Marks of no objective"),
    "strengths": Words("강점", "Strengths"),
    "improvements": Words("개선할 점", "Areas for improvement"),
    "no_strengths": Words(
        "모든 항목을 지킨 행동이 없어 적을 강점이 없습니다.",
        "No kind of act was met throughout: there is none to name.",
    ),
    "no_improvements": Words(
        "모든 항목을 기준대로 지켰습니다. 더 어려운 시나리오로 넘어가십시오.",
        "Everything was done to the standard. Go on to a harder scenario.",
    ),
    "timeline_plot": Words("시간선: 기대와 실제", "Time line: expected and actual"),
    "timeline_told": Words(
        "진한 띠는 만점 시간, 옅은 띠는 점수가 남아 있는 시간, 표시는 실제로 한 때입니다. 위의 눈금은 상황 부여입니다.",
        "Dark bands are the time for full marks, pale ones the time in which something is earned, signs when it was done. Ticks above "
        "are injects.",
    ),
    "times_plot": Words("걸린 시간과 기준", "Times taken against targets"),
    "times_told": Words(
        "막대는 걸린 시간, 짙은 세로줄은 만점 기준, 옅은 세로줄은 0점이 되는 때입니다.",
        "Bars are the times taken; the dark line is the target, the pale one where nothing is earned.",
    ),
    "queue_plot": Words("대기열의 길이", "Length of the queue"),
    "queue_told": Words(
        "짙은 면은 아무도 맡지 않은 사건, 옅은 면은 종결되지 않은 사건 모두입니다.",
        "The dark area is incidents that nobody had; the pale one is all that were not closed.",
    ),
    "waiting": Words("맡지 않음", "unclaimed"),
    "open": Words("종결 전", "not closed"),
    "not_done": Words("하지 않음", "not done"),
    "injects": Words("상황 부여", "injects"),
    "seconds": Words("{value}초", "{value} s"),
    "legend": Words("● 지킴   ◆ 늦음   × 못함   – 성립 안 됨", "● met   ◆ late   × missed   – void"),
    "stills": Words("주요 순간의 정지 영상", "Stills of the key moments"),
    "no_stills": Words("남은 영상이 없습니다.", "No pictures were kept."),
    "still_lost": Words("{camera} {time}: 영상이 남아 있지 않습니다.", "{camera} {time}: no picture is left."),
    "of_feed": Words("재생한 영상 파일에서", "from the recording that was played"),
    "of_ring": Words("녹화에서", "from the recording of the drill"),
    "of_seat": Words("훈련자가 남긴 정지 영상", "taken by the trainee"),
    "still_act": Words("사건의 순간", "the act"),
    "still_verdict": Words("판정할 때", "at the verdict"),
    "still_handoff": Words("이관할 때", "at the hand-off"),
    "still_snapshot": Words("정지 영상 저장", "snapshot"),
    "still_moment": Words("교관 표시: {text}", "marked by the trainer: {text}"),
    "marks": Words("항목별 판정", "Marks"),
    "mark": Words("항목", "Mark"),
    "act": Words("행동", "Act"),
    "standing": Words("판정", "Standing"),
    "points": Words("점수", "Points"),
    "measured": Words("실제 / 기준", "Actual / target"),
    "reason": Words("이유", "Reason"),
    "events": Words("근거 기록", "Events"),
    "whole_drill": Words("훈련 전체", "The whole drill"),
    "false_alarm": Words("오경보", "false alarm"),
    "is_critical": Words("필수", "critical"),
    "weight": Words("배점", "Weight"),
    "incident": Words("사건", "Incident"),
    "journal_id": Words("사건 번호", "Incident number"),
    "seat": Words("좌석", "Seat"),
    "second": Words("훈련 초", "Second"),
    "at": Words("시각", "Time"),
    "kind": Words("종류", "Kind"),
    "what": Words("내용", "What"),
    "within": Words("만점 기준(초)", "Within (s)"),
    "late_after": Words("0점 기준(초)", "Nothing after (s)"),
    "actual": Words("실제(초)", "Actual (s)"),
    "earned": Words("득점", "Earned"),
    "timeline": Words("시간순 기록", "Time line"),
    "comparison": Words("앞선 훈련과의 비교", "Comparison with earlier runs"),
    "first_run": Words(
        "이 시나리오의 첫 훈련이라 비교할 기록이 없습니다.", "The first run of this scenario: nothing to compare with."
    ),
    "own_runs": Words("같은 훈련자", "Same trainee"),
    "group_runs": Words("전체", "The group"),
    "runs": Words("훈련 수", "Runs"),
    "median": Words("중앙값", "Median"),
    "best": Words("최고", "Best"),
    "last": Words("직전", "Last"),
    "this_run": Words("이번", "This run"),
    "runs_plot": Words("점수의 변화", "Scores over time"),
    "rank": Words("이번 점수는 {count}회 가운데 {rank}번째입니다.", "This score is number {rank} of {count} runs."),
    "debriefing": Words("강평", "Debriefing"),
    "questions": Words("강평에서 물을 것", "To be asked in the debriefing"),
    "signatures": Words("확인", "Signed"),
    "page": Words("{page} / {pages}", "{page} / {pages}"),
}

STANDINGS: dict[Standing, Words] = {
    Standing.MET: Words("지킴", "Met"),
    Standing.LATE: Words("늦음", "Late"),
    Standing.MISSED: Words("못함", "Missed"),
    Standing.VOID: Words("성립 안 됨", "Void"),
}

OPERATORS: dict[str, Words] = {
    "human": Words("사람", "a person"),
    "good": Words("각본: 숙련", "script: good"),
    "slow": Words("각본: 느림", "script: slow"),
    "wrong": Words("각본: 잘못", "script: wrong"),
}

ENDS: dict[str, Words] = {
    "inject": Words("시나리오의 끝", "the scenario's end"),
    "time": Words("시간 종료", "time was up"),
    "trainer": Words("교관", "the trainer"),
    "done": Words("모두 종결", "everything closed"),
    "failed": Words("훈련 장애", "the drill failed"),
}

KINDS: dict[str, Words] = {
    "inject": Words("상황 부여", "Inject"),
    "act": Words("행동", "Act"),
    "receipt": Words("수신 확인", "Receipt"),
    "expected": Words("기대", "Expected"),
    "moment": Words("교관 표시", "Marked"),
    "spoken": Words("말", "Spoken"),
    "system": Words("시스템", "System"),
}


def named(table: dict[str, Words], key: str, language: str) -> str:
    """Return the word for a code, or the code itself where there is none."""
    return table[key].of(language) if key in table else key
