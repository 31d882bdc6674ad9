"""SIA two-letter event codes (ANSI/SIA DC-03-2017, table A.3) and what each stands for in a centre.

The first letter is a family (B burglary, F fire …), the second what happened to it (A alarm, R restoral …). The rows
below the families are the codes that follow no family; they override it where two letters mean another thing.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartcity_console.intake.arrival import Role
from smartcity_console.intake.dc09.code_table import UNKNOWN, rows
from smartcity_console.intake.dc09.sia_notes import NOTED
from smartcity_console.intake.dc09.signal import Meaning
from smartcity_console.model.alert import AlertKind, Priority
from smartcity_console.model.site import Sensor

_FAMILIES = {
    "B": (AlertKind.INTRUSION, Sensor.MOTION, Priority.HIGH, "침입", "Burglary"),
    "F": (AlertKind.FIRE, Sensor.SMOKE, Priority.EMERGENCY, "화재", "Fire"),
    "G": (AlertKind.GAS, Sensor.GAS, Priority.EMERGENCY, "가스", "Gas"),
    "H": (AlertKind.ROBBERY, Sensor.PANIC, Priority.EMERGENCY, "강도", "Hold-up"),
    "K": (AlertKind.FIRE, Sensor.HEAT, Priority.EMERGENCY, "열", "Heat"),
    "M": (AlertKind.MEDICAL, Sensor.PANIC, Priority.EMERGENCY, "응급의료", "Medical"),
    "P": (AlertKind.ROBBERY, Sensor.PANIC, Priority.EMERGENCY, "비상벨", "Panic"),
    "Q": (AlertKind.MEDICAL, Sensor.PANIC, Priority.EMERGENCY, "긴급호출", "Emergency call"),
    "S": (AlertKind.FIRE, Sensor.OTHER, Priority.EMERGENCY, "스프링클러", "Sprinkler"),
    "T": (AlertKind.TAMPER, Sensor.OTHER, Priority.HIGH, "훼손", "Tamper"),
    "U": (AlertKind.OTHER, Sensor.OTHER, Priority.HIGH, "미지정 구역", "Untyped zone"),
    "W": (AlertKind.WATER, Sensor.WATER, Priority.NORMAL, "누수", "Water"),
    "Z": (AlertKind.OTHER, Sensor.OTHER, Priority.NORMAL, "동결", "Freeze"),
}
_ENDINGS = {
    "B": (AlertKind.OTHER, Role.NOTES, "구역 해제", "zone bypassed"),
    "H": (AlertKind.RESTORE, Role.JOINS, "경보 복구", "alarm restored"),
    "J": (AlertKind.RESTORE, Role.JOINS, "장애 복구", "trouble restored"),
    "R": (AlertKind.RESTORE, Role.JOINS, "복구", "restored"),
    "S": (AlertKind.TROUBLE, Role.OPENS, "감시 이상", "supervisory"),
    "T": (AlertKind.TROUBLE, Role.OPENS, "감지기 장애", "trouble"),
    "U": (AlertKind.OTHER, Role.NOTES, "구역 해제 취소", "zone bypass ended"),
}

_SINGLE = """
; power
AT opens power power normal | 상용전원 끊김 | Mains power lost
AR joins restore power normal | 상용전원 복구 | Mains power restored
YT opens power power normal | 배터리 이상 | System battery trouble
YR joins restore power normal | 배터리 복구 | System battery restored
YM opens power power normal | 배터리 없음 | System battery missing
YP opens power power normal | 전원부 이상 | Power supply trouble
YQ joins restore power normal | 전원부 복구 | Power supply restored
YI opens power power normal | 과전류 | Overcurrent
YJ joins restore power normal | 과전류 복구 | Overcurrent ended
RR notes other power normal | 장비 전원 켜짐 | Panel powered up
XT opens trouble power normal | 무선 감지기 배터리 부족 | Transmitter battery low
XR joins restore power normal | 무선 감지기 배터리 복구 | Transmitter battery restored
; burglary beyond the family
BV opens intrusion motion emergency | 침입 확인됨 | Burglary verified
BM opens intrusion motion emergency | 교차 감지 침입 | Burglary, cross point
BG opens intrusion motion normal | 확인 안 된 침입 | Burglary, unverified
BC joins other other normal | 사용자가 침입 경보 취소 | Burglary cancelled by user
BD opens trouble motion normal | 반복 감지 장애 | Swinger trouble
BE joins restore motion normal | 반복 감지 복구 | Swinger trouble ended
BX notes test motion normal | 침입 감지 시험 | Burglary test
BZ opens trouble motion normal | 감지기 응답 없음 | Zone missing
EA opens intrusion door high | 퇴실 경보 | Exit alarm
EE notes other door normal | 퇴실 오류 | Exit error
EZ opens intrusion door normal | 퇴실 오류로 응답 없음 | Missing after exit error
CM opens intrusion other high | 경비 직후 응답 없음 | Missing, recently armed
XM opens intrusion other high | 교차 감지 응답 없음 | Missing, cross point
DF opens intrusion door high | 출입문 강제 개방 | Door forced
DL opens intrusion door normal | 출입문 열린 채 방치 | Door left open
DJ opens trouble door normal | 강제 개방 장애 | Door forced, trouble
DM opens trouble door normal | 문 열림 장애 | Door left open, trouble
DT opens trouble door normal | 출입통제 장애 | Access trouble
DH joins restore door normal | 출입문 닫힘 | Door left open, restored
DR joins restore door normal | 출입문 복구 | Door restored
HA opens robbery panic emergency | 강도 경보 | Hold-up alarm
; fire beyond the family
FM opens fire smoke emergency | 교차 감지 화재 | Fire, cross point
FG opens fire smoke high | 확인 안 된 화재 | Fire, unverified
FC joins other smoke normal | 사용자가 화재 경보 취소 | Fire cancelled by user
FL notes other smoke normal | 화재 경종 정지 | Fire sounder silenced
FX notes test smoke normal | 화재 감지 시험 | Fire test
FI notes test smoke normal | 화재 시험 시작 | Fire test begins
FK notes test smoke normal | 화재 시험 끝 | Fire test ends
FW opens trouble smoke normal | 화재 감시 장애 | Fire supervisory trouble
FQ joins restore smoke normal | 화재 감시 장애 복구 | Fire supervisory trouble ended
FV joins restore smoke normal | 화재 감시 복구 | Fire supervision restored
FY opens trouble smoke normal | 화재 감지기 응답 없음 | Fire point missing, trouble
FZ opens trouble smoke normal | 화재 감시점 응답 없음 | Fire point missing
AS opens trouble smoke normal | 연기감지기 점검 필요 | Fire sensor needs service
AN joins restore smoke normal | 연기감지기 정상 | Fire sensor normal again
GX notes test gas normal | 가스 감지 시험 | Gas test
NA opens medical motion high | 활동 없음(안부) | No activity
NS joins restore motion normal | 활동 다시 감지 | Activity resumed
; tamper
ES opens tamper other normal | 확장장치 훼손 | Expander tampered with
EJ joins restore other normal | 확장장치 훼손 복구 | Expander tamper ended
JA opens tamper other high | 암호 반복 오류 | User code tried repeatedly
XS opens tamper other high | 수신기 훼손 | RF receiver tampered with
XJ joins restore other normal | 수신기 훼손 복구 | RF receiver tamper ended
XQ opens tamper other high | 전파 방해 | Radio interference
XH joins restore other normal | 전파 방해 끝남 | Radio interference ended
AA opens tamper other high | 장비 바꿔치기 의심 | Panel substituted
TT opens tamper other normal | 훼손 감지 장애 | Tamper trouble
; communications and equipment
YC opens trouble other normal | 통신 실패 | Communication failed
YS opens trouble other normal | 통신 이상 | Communication trouble
YK joins restore other normal | 통신 복구 | Communication restored
LT opens trouble other normal | 회선 이상 | Line trouble
LR joins restore other normal | 회선 복구 | Line restored
NT opens trouble other normal | 통신망 이상 | Network failed
NR joins restore other normal | 통신망 복구 | Network restored
NC opens trouble other normal | 통신망 상태 변화 | Network condition
RT opens trouble other normal | 자료 유실 | Data lost
EM opens trouble other normal | 확장장치 응답 없음 | Expander missing
EN joins restore other normal | 확장장치 응답 복구 | Expander found again
ET opens trouble other normal | 확장장치 장애 | Expander trouble
ER joins restore other normal | 확장장치 복구 | Expander restored
EX notes other other normal | 외부 장치 상태 | External device condition
IA opens trouble other normal | 장비 고장 | Equipment failure
IR joins restore other normal | 장비 복구 | Equipment restored
OU opens trouble other normal | 출력 장애 | Output trouble
OV joins restore other normal | 출력 복구 | Output restored
UY opens trouble other normal | 미지정 구역 응답 없음 | Untyped zone missing, trouble
UZ opens other other high | 미지정 구역 응답 없음(경보) | Untyped zone missing, alarm
UG opens other other normal | 확인 안 된 미지정 경보 | Untyped, unverified
XL opens trouble other normal | 전파 세기 약함 | Weak radio signal
XI notes other other normal | 감지기 초기화 | Sensor reset
XW notes other other normal | 강제 지정 감지기 | Point forced
XE notes other other normal | 등록 안 된 감지기 | Extra point
XF notes other other normal | 등록 안 된 무선 감지기 | Extra RF point
XA notes other other normal | 등록 안 된 계정 보고 | Extra account report
XX opens trouble other normal | 정기 시험 안 옴 | Test did not arrive
YA opens trouble other normal | 경종 이상 | Bell fault
YH joins restore other normal | 경종 복구 | Bell restored
YB notes other other normal | 회선 통화 중 | Line card busy
YD opens trouble other normal | 수신카드 이상 | Line card trouble
YE joins restore other normal | 수신카드 복구 | Line card restored
YF opens trouble other normal | 설정값 검사 오류 | Parameter checksum wrong
YG notes other other normal | 설정 바뀜 | Parameter changed
YN notes other other normal | 잘못된 보고 | Invalid report
YO notes other other normal | 알 수 없는 보고 | Unknown message
YU opens trouble other normal | 자가진단 오류 | Diagnostic error
YW opens trouble other normal | 감시 재시작 | Watchdog reset
YX opens trouble other normal | 점검 필요 | Service required
YY notes other other normal | 상태 보고 | Status report
YZ notes other other normal | 점검 끝남 | Service completed
VT opens trouble other normal | 프린터 이상 | Printer trouble
VR joins restore other normal | 프린터 복구 | Printer restored
; tests
RP notes test other normal | 자동 시험 | Automatic test
RX notes test other normal | 수동 시험 | Manual test
RY notes test other normal | 시험(비정상 상태) | Test, off normal
TX notes test other normal | 시험 보고 | Test report
TS notes test other normal | 시험 시작 | Test begins
TE notes test other normal | 시험 끝 | Test ends
TC notes test other normal | 모든 감지기 시험 끝 | All points tested
TP notes test other normal | 보행 시험 | Walk test
TW notes test other normal | 구역 관찰 시작 | Area watch begins
TZ notes test other normal | 구역 관찰 끝 | Area watch ends
VX notes test other normal | 프린터 시험 | Printer test
; cancels of any kind
OC joins other other normal | 경보 취소 보고 | Cancel report
AB joins other other normal | 경보 전송 중단 | Alarm aborted
OR joins other other normal | 경보 중 경비 해제 | Disarmed from alarm
OH notes other other normal | 경보 뒤 이른 해제 | Opened early after alarm
OL notes other other normal | 경보 뒤 늦은 해제 | Opened late after alarm
A opens other other normal | 문자 보고 | Text report
"""


def _family_codes() -> Iterator[tuple[str, Meaning]]:
    for letter, (kind, sensor, priority, ko, en) in _FAMILIES.items():
        yield letter + "A", Meaning(kind, sensor, priority, Role.OPENS, f"{ko} 경보", f"{en} alarm")
        for ending, (what, role, ko_end, en_end) in _ENDINGS.items():
            yield letter + ending, Meaning(what, sensor, Priority.NORMAL, role, f"{ko} {ko_end}", f"{en} {en_end}")


SIA_CODES: dict[str, Meaning] = dict(_family_codes()) | dict(rows(NOTED)) | dict(rows(_SINGLE))


def sia_meaning(code: str) -> Meaning:
    """Return what a two-letter code stands for; UNKNOWN for one in no table."""
    return SIA_CODES.get(code, UNKNOWN)
