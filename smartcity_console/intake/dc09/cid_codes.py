"""Contact ID event codes (ANSI/SIA DC-05-2016, appendix C) and what each stands for in a centre.

A code that the table lacks is judged by its class (§4.3: 1xx alarm, 2xx supervisory, 3xx trouble, 4xx open/close and
access, 5xx disable, 6xx test and misc). Qualifier 3 makes a restoral of whatever opens an incident.
"""

from __future__ import annotations

import msgspec

from smartcity_console.intake.arrival import Role
from smartcity_console.intake.dc09.code_table import UNKNOWN, rows
from smartcity_console.intake.dc09.signal import Meaning
from smartcity_console.model.alert import AlertKind, Priority

RESTORAL = "3"

_TABLE = """
; medical
100 opens medical panic emergency | 응급의료 | Medical
101 opens medical panic emergency | 개인 긴급호출 | Personal emergency
102 opens medical other high | 안부 확인 안 됨 | Failed to report in
103 opens medical motion emergency | 넘어짐 감지 | Fall detected
; fire
110 opens fire smoke emergency | 화재 | Fire
111 opens fire smoke emergency | 연기 | Smoke
112 opens fire smoke emergency | 연소 | Combustion
113 opens fire other emergency | 소화수 흐름 | Water flow
114 opens fire heat emergency | 열 | Heat
115 opens fire panic emergency | 화재 발신기 | Pull station
116 opens fire smoke emergency | 덕트 연기 | Duct
117 opens fire heat emergency | 불꽃 | Flame
118 opens fire smoke high | 화재 직전 | Near alarm
; panic and hold-up
120 opens robbery panic emergency | 비상벨 | Panic
121 opens robbery panic emergency | 협박 암호 | Duress
122 opens robbery panic emergency | 무음 비상 | Silent panic
123 opens robbery panic emergency | 유음 비상 | Audible panic
124 opens robbery panic emergency | 협박 출입 | Duress, access granted
125 opens robbery panic emergency | 협박 퇴실 | Duress, egress granted
126 opens robbery panic high | 수상한 상황 | Hold-up suspicion
129 opens robbery panic emergency | 강도 확인됨 | Panic verified
; burglary
130 opens intrusion motion high | 침입 | Burglary
131 opens intrusion door high | 외곽 침입 | Perimeter
132 opens intrusion motion high | 내부 침입 | Interior
133 opens intrusion other high | 24시간 구역(금고) | 24-hour safe
134 opens intrusion door high | 출입구 침입 | Entry/exit
135 opens intrusion motion high | 주야간 구역 | Day/night
136 opens intrusion motion high | 옥외 침입 | Outdoor
137 opens tamper other high | 훼손 | Tamper
138 opens intrusion motion normal | 침입 직전 | Near alarm
139 opens intrusion motion emergency | 침입 확인됨 | Intrusion verified
140 opens other other high | 일반 경보 | General alarm
141 opens tamper other high | 감지 회로 끊김 | Polling loop open
142 opens tamper other high | 감지 회로 단락 | Polling loop short
143 opens trouble other normal | 확장장치 고장 | Expansion module failure
144 opens tamper other high | 감지기 훼손 | Sensor tamper
145 opens tamper other high | 확장장치 훼손 | Expansion module tamper
146 opens intrusion motion high | 무음 침입 | Silent burglary
147 opens trouble other normal | 감지기 감시 실패 | Sensor supervision failed
; 24-hour, not burglary
150 opens other other normal | 24시간 구역 | 24-hour, not burglary
151 opens gas gas emergency | 가스 감지 | Gas detected
152 opens other heat normal | 냉장 이상 | Refrigeration
153 opens other heat normal | 난방 꺼짐 | Loss of heat
154 opens water water normal | 누수 | Water leakage
155 opens intrusion glass high | 유리·박막 파손 | Foil break
156 opens trouble other normal | 주간 장애 | Day trouble
157 opens gas gas normal | 가스 잔량 부족 | Low bottled gas
158 opens other heat high | 고온 | High temperature
159 opens other heat normal | 저온 | Low temperature
161 opens other other normal | 공기 흐름 없음 | Loss of air flow
162 opens gas gas emergency | 일산화탄소 | Carbon monoxide
163 opens other water normal | 탱크 수위 | Tank level
168 opens other water normal | 고습 | High humidity
169 opens other water normal | 저습 | Low humidity
; supervisory
200 opens trouble smoke normal | 소방 감시 | Fire supervisory
201 opens trouble water normal | 소화수 압력 낮음 | Low water pressure
203 opens trouble water normal | 소화 밸브 | Gate valve
204 opens trouble water normal | 소화수 수위 낮음 | Low water level
205 opens trouble water normal | 소화 펌프 작동 | Pump activated
206 opens trouble water normal | 소화 펌프 고장 | Pump failure
; trouble
301 opens power power normal | 상용전원 끊김 | Mains power lost
302 opens power power normal | 배터리 부족 | Low system battery
305 notes other other normal | 장비 초기화 | System reset
306 notes other other normal | 설정 바뀜 | Programming changed
308 opens trouble power normal | 장비 꺼짐 | System shutdown
309 opens power power normal | 배터리 시험 실패 | Battery test failed
311 opens power power normal | 배터리 없음 | Battery missing
312 opens power power normal | 과전류 | Overcurrent
313 notes other other normal | 기사 초기화 | Engineer reset
314 opens power power normal | 주전원 이상 | Primary power failure
316 opens tamper other high | 장비 훼손 | System tamper
317 opens tamper other high | 제어반 훼손 | Control panel tamper
337 opens power power normal | 확장장치 전원 이상 | Module DC loss
338 opens power power normal | 확장장치 배터리 부족 | Module low battery
341 opens tamper other normal | 확장장치 훼손 | Module tamper
342 opens power power normal | 확장장치 상용전원 끊김 | Module AC loss
344 opens tamper other high | 전파 방해 | RF jamming
350 opens trouble other normal | 통신 이상 | Communication trouble
351 opens trouble other normal | 회선 1 이상 | Telco 1 fault
352 opens trouble other normal | 회선 2 이상 | Telco 2 fault
354 opens trouble other normal | 통신 실패 | Failed to communicate
358 notes test other normal | 정기 통신 시험 | Periodic communication test
373 opens trouble smoke normal | 화재 회로 장애 | Fire trouble
374 opens intrusion door normal | 퇴실 오류 경보 | Exit error alarm
375 opens trouble panic normal | 비상벨 구역 장애 | Panic zone trouble
376 opens trouble panic normal | 강도 구역 장애 | Hold-up zone trouble
383 opens tamper other high | 감지기 훼손 | Sensor tamper
384 opens trouble power normal | 무선 감지기 배터리 부족 | RF low battery
; open/close, access
400 notes other other normal | 경비 시작·해제 | Open/close
401 notes other other normal | 사용자 경비·해제 | Open/close by user
402 notes other other normal | 구역 경비·해제 | Group open/close
403 notes other other normal | 자동 경비·해제 | Automatic open/close
406 joins other other normal | 사용자가 경보 취소 | Cancelled by user
407 notes other other normal | 원격 경비·해제 | Remote arm/disarm
408 notes other other normal | 간편 경비 | Quick arm
409 notes other other normal | 열쇠 경비·해제 | Keyswitch open/close
421 notes other door normal | 출입 거부 | Access denied
423 opens intrusion door high | 출입문 강제 개방 | Forced access
426 opens intrusion door normal | 출입문 열린 채 방치 | Door propped open
427 opens trouble door normal | 출입문 감시 장애 | Door monitor trouble
428 opens trouble door normal | 퇴실 요청 장애 | Request-to-exit trouble
461 opens tamper other normal | 암호 오류 | Wrong code entered
465 notes other panic normal | 비상벨 초기화 | Panic alarm reset
; tests
601 notes test other normal | 수동 시험 | Manual test
602 notes test other normal | 정기 시험 | Periodic test
603 notes test other normal | 정기 무선 시험 | Periodic RF transmission
604 notes test smoke normal | 화재 시험 | Fire test
607 notes test other normal | 보행 시험 | Walk test
608 notes test other normal | 정기 시험(장애 있음) | Periodic test, trouble present
611 notes test other normal | 감지점 시험 정상 | Point tested
612 notes test other normal | 감지점 시험 안 됨 | Point not tested
613 notes test motion normal | 침입 구역 시험 | Intrusion zone walk tested
614 notes test smoke normal | 화재 구역 시험 | Fire zone walk tested
615 notes test panic normal | 비상벨 구역 시험 | Panic zone walk tested
641 opens medical other high | 안부 이상 | Senior watch trouble
645 notes other other normal | 지원 도착 | Help arrived
646 opens other panic high | 추가 지원 요청 | More help needed
647 joins other panic normal | 추가 지원 취소 | More help cancelled
704 notes test other normal | 기사 시험 | Installer test
922 opens other other high | 감시점 경보 | Supervisory point alarm
924 opens trouble other normal | 감시점 장애 | Supervisory point trouble
926 opens power power normal | 상용전원 4시간 끊김 | AC lost for four hours
954 opens trouble other normal | 관제 연결 실패 | Central connection failed
"""
_CLASSES = """
1 opens other other high | 경보 | Alarm
2 opens trouble other normal | 소방 감시 | Fire supervisory
3 opens trouble other normal | 장애 | Trouble
4 notes other other normal | 경비·출입 | Open/close or access
5 notes other other normal | 구역·장치 해제 | Disabled or bypassed
6 notes test other normal | 시험·기타 | Test or other
7 notes other other normal | 사용자 정의 | User assigned
9 notes other other normal | 원격 설정·기타 | Remote configuration or other
"""

CID_CODES: dict[str, Meaning] = dict(rows(_TABLE))
_BY_CLASS: dict[str, Meaning] = dict(rows(_CLASSES))


def cid_meaning(qualifier: str, code: str) -> Meaning:
    """Return what a qualifier (1, 3 or 6) and a three-digit code stand for; UNKNOWN for one of no class."""
    meaning = CID_CODES.get(code) or _BY_CLASS.get(code[:1], UNKNOWN)
    return _restored(meaning) if qualifier == RESTORAL and meaning.role is Role.OPENS else meaning


def _restored(meaning: Meaning) -> Meaning:
    return msgspec.structs.replace(
        meaning,
        kind=AlertKind.RESTORE,
        priority=Priority.NORMAL,
        role=Role.JOINS,
        ko=f"{meaning.ko} 복구",
        en=f"{meaning.en}, restored",
    )
