"""What is said of each kind of act when it was done well, and what to do when it was not."""

from __future__ import annotations

import msgspec

from smartcity_console.drill.scenario.model import Act, Words


class Advice(msgspec.Struct, frozen=True):
    """`well` of {count} marks; `practise`: how to do it better."""

    well: Words
    practise: Words


ADVICE: dict[Act, Advice] = {
    Act.CLAIM: Advice(
        Words(
            "새 사건 {count}건을 모두 기준 시간 안에 맡았습니다", "All {count} incidents were claimed within the time"
        ),
        Words(
            "경보가 오르면 먼저 맡고 나서 살피십시오. 맡지 않은 사건은 다른 좌석도 기다립니다.",
            "Claim first, look afterwards: while nobody has it, every seat waits.",
        ),
    ),
    Act.FIRST_CAMERA: Advice(
        Words(
            "사건을 보여 주는 카메라를 {count}건 모두 제때 찾았습니다",
            "The camera that shows it was found in time, {count} of {count}",
        ),
        Words(
            "순위 첫 카메라가 현장을 비추는지 확인하고, 아니면 지도에서 시야가 닿는 카메라를 고르십시오.",
            "Check that the first of the ranked cameras shows the spot; if not, choose one on the map whose view reaches it.",
        ),
    ),
    Act.VERDICT: Advice(
        Words(
            "맡은 뒤 판정까지 {count}건 모두 기준 시간을 지켰습니다",
            "From claim to verdict the time was kept, {count} of {count}",
        ),
        Words(
            "보이는 것으로 판정하고, 더 보이면 등급을 올리십시오. 확신을 기다리는 동안 출동이 늦어집니다.",
            "Grade by what is seen and raise it when more is seen: while certainty is awaited nobody is on the way.",
        ),
    ),
    Act.GRADE: Advice(
        Words("등급 {count}건이 모두 맞았습니다", "All {count} grades were right"),
        Words(
            "TMA-AVS-01 의 0-4등급 기준을 다시 읽고, 사람·재산·생명 위협을 화면에서 구분하는 연습을 하십시오.",
            "Read the levels 0-4 of TMA-AVS-01 again, and practise telling presence, threat to property and threat to life apart.",
        ),
    ),
    Act.HAND_OFF: Advice(
        Words("이관 {count}건이 모두 기준 시간 안에 나갔습니다", "All {count} hand-offs went out within the time"),
        Words(
            "판정과 이관을 한 동작으로 하십시오. 구간은 넓게 잡고 나중에 보탤 수 있습니다.",
            "Make verdict and hand-off one movement: take a wide span, more can be sent later.",
        ),
    ),
    Act.AGENCY: Advice(
        Words(
            "받아야 할 기관 {count}건에 모두, 그곳에만 보냈습니다",
            "Everyone who had to have it got it and nobody else, {count} of {count}",
        ),
        Words(
            "112와 119 가운데 누가 필요한지 사건의 종류로 다시 확인하십시오. 둘 다 필요한 사건이 있습니다.",
            "Check by the kind of incident who is needed, 112 or 119: some need both.",
        ),
    ),
    Act.CLIP: Advice(
        Words("보낸 영상 {count}건이 모두 사건의 순간을 담고 있습니다", "All {count} clips hold the act"),
        Words(
            "이관 전에 시간 막대를 사건의 순간까지 끌고, 맞는 카메라인지 확인하십시오.",
            "Before handing off, drag the span until it holds the act, and check that it is the right camera.",
        ),
    ),
    Act.PROCEDURE: Advice(
        Words("절차 {count}건을 빠짐없이 지켰습니다", "The procedure was followed throughout, {count} of {count}"),
        Words(
            "절차 칸을 위에서부터 차례로 표시하며 진행하십시오.",
            "Work down the procedure's boxes and tick each as it is done.",
        ),
    ),
    Act.NOTE: Advice(
        Words("메모 {count}건을 남겼습니다", "Notes were written where wanted, {count} of {count}"),
        Words(
            "본 것을 한 줄로 적으십시오: 몇 명, 옷, 방향, 차량.",
            "Write down what was seen in a line: how many, clothes, direction, vehicle.",
        ),
    ),
    Act.CLOSE: Advice(
        Words("사건 {count}건을 제때 종결했습니다", "All {count} incidents were closed in time"),
        Words("끝난 사건은 결과를 적어 바로 종결하십시오.", "Close what is over at once, with its outcome."),
    ),
    Act.NO_HAND_OFF: Advice(
        Words("오경보 {count}건을 이관하지 않았습니다", "None of {count} false alarms was handed off"),
        Words(
            "오경보를 이관하면 실제 사건의 출동이 늦어집니다. 화면에서 확인되지 않으면 보류하십시오.",
            "A false alarm handed off keeps units from a real one: what the pictures do not show is not handed off.",
        ),
    ),
    Act.NO_LOOK: Advice(
        Words(
            "사생활을 지켰습니다: 필요 없이 민간 카메라를 열지 않았습니다({count}건)",
            "Privacy was kept: no private camera was opened without need ({count})",
        ),
        Words(
            "민간 카메라는 맡은 사건에 필요할 때만 열립니다. 사건이 없으면 보지 않는 것이 바른 행동입니다.",
            "Private cameras open only for the incident that needs them: without one, not to look is the right act.",
        ),
    ),
    Act.QUEUE: Advice(
        Words("대기열을 방치하지 않았습니다({count}건)", "The queue was never left unattended ({count})"),
        Words(
            "사건을 처리하는 중에도 대기열의 맨 위를 보십시오. 긴급 사건이 기다리면 먼저 맡으십시오.",
            "Keep an eye on the top of the queue while working: what is urgent is claimed first.",
        ),
    ),
    Act.ANSWER: Advice(
        Words("상황실의 질문 {count}건에 제때 답했습니다", "All {count} questions of the desks were answered in time"),
        Words(
            "상황실의 질문은 출동 중인 사람의 질문입니다. 모르면 모른다고 바로 답하십시오.",
            "A desk asks for people on their way: answer at once, even if it is that you do not know.",
        ),
    ),
    Act.FOLLOW_UP: Advice(
        Words("새로 보인 것을 {count}건 모두 이어서 보냈습니다", "What was seen later was sent on, {count} of {count}"),
        Words(
            "이관한 뒤에도 추적하고, 다른 카메라에 나타나면 추가로 보내십시오.",
            "Go on following after the hand-off, and send more when another camera shows it.",
        ),
    ),
    Act.MERGE: Advice(
        Words(
            "같은 사건의 신고 {count}건을 하나로 모았습니다",
            "Reports of one thing were brought together, {count} of {count}",
        ),
        Words(
            "가까운 곳에서 이어지는 신고는 같은 사건인지 먼저 보십시오.",
            "When reports come from close by, first see whether they are one thing.",
        ),
    ),
    Act.RECALL: Advice(
        Words("잘못 보낸 {count}건을 거두어들였습니다", "What was sent in error was taken back, {count} of {count}"),
        Words(
            "잘못 보낸 것을 알면 바로 회수하고 이유를 적으십시오.",
            "Take back what was sent in error at once, and say why.",
        ),
    ),
}
