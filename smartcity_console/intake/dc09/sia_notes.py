"""SIA codes of arming, disarming, access and programming (DC-03-2017, table A.3): recorded, never an incident."""

NOTED = """
CL notes other other normal | 경비 시작 | Armed
CA notes other other normal | 자동 경비 | Armed automatically
CP notes other other normal | 자동 경비 | Armed automatically
CG notes other other normal | 구역 경비 | Area armed
CQ notes other other normal | 원격 경비 | Armed remotely
CS notes other other normal | 열쇠 경비 | Armed by key switch
CF notes other other normal | 강제 경비 | Force armed
CW notes other other normal | 강제 경비됨 | Was force armed
CR notes other other normal | 방금 경비 | Recently armed
CD notes other other normal | 오래 경비 안 함 | Not armed for long
CE notes other other normal | 경비 시각 연장 | Closing time extended
CI notes other other normal | 경비 안 함 | Failed to arm
CJ notes other other normal | 늦은 경비 | Armed late
CK notes other other normal | 이른 경비 | Armed early
CT notes other other normal | 해제 늦음 | Late to open
CZ notes other other normal | 감지점 경비 | Point armed
CO notes other other normal | 명령 보냄 | Command sent
CX notes other other normal | 사용자 정의 기능 | Custom function
OP notes other other normal | 경비 해제 | Disarmed
OA notes other other normal | 자동 해제 | Disarmed automatically
OG notes other other normal | 구역 해제 | Area disarmed
OQ notes other other normal | 원격 해제 | Disarmed remotely
OS notes other other normal | 열쇠 해제 | Disarmed by key switch
OI notes other other normal | 해제 안 함 | Failed to open
OJ notes other other normal | 늦은 해제 | Opened late
OK notes other other normal | 이른 해제 | Opened early
OT notes other other normal | 경비 늦음 | Late to close
OZ notes other other normal | 감지점 해제 | Point disarmed
NF notes other other normal | 외곽 강제 경비 | Perimeter force armed
NL notes other other normal | 외곽 경비 | Perimeter armed
NM notes other other normal | 외곽 경비(사용자) | Perimeter armed, user defined
DA notes other other normal | 카드 등록 | Card assigned
DB notes other other normal | 카드 삭제 | Card deleted
DC notes other other normal | 출입 닫힘 | Access closed
DD notes other other normal | 출입 거부 | Access denied
DE notes other other normal | 출입 요청 | Request to enter
DG notes other other normal | 출입 허가 | Access granted
DI notes other other normal | 출입 거부(되돌이) | Access denied, passback
DK notes other other normal | 출입 잠금 | Access lockout
DN notes other other normal | 문 열림 | Door left open, no alarm
DO notes other other normal | 출입 열림 | Access open
DP notes other other normal | 출입 거부(시간) | Access denied, time
DQ notes other other normal | 출입 거부(경비 중) | Access denied, armed
DS notes other other normal | 출입 단말 | Door station
DU notes other other normal | 판매자 번호 | Dealer number
DV notes other other normal | 출입 거부(등급) | Access denied, level
DW notes other other normal | 출입 거부(연동) | Access denied, interlock
DX notes other other normal | 퇴실 요청 | Request to exit
DY notes other other normal | 문 잠김 | Door locked
DZ notes other other normal | 출입문 경비 중 | Door secured
JD notes other other normal | 날짜 바꿈 | Date changed
JH notes other other normal | 휴일 바꿈 | Holiday changed
JK notes other other normal | 귀가 알림 | Latchkey
JL notes other other normal | 기록 거의 참 | Log threshold
JO notes other other normal | 기록 넘침 | Log overflow
JP notes other other normal | 사용자 있음 | User on premises
JR notes other other normal | 예약 실행 | Schedule executed
JS notes other other normal | 예약 바꿈 | Schedule changed
JT notes other other normal | 시각 바꿈 | Time changed
JV notes other other normal | 암호 바꿈 | User code changed
JX notes other other normal | 암호 삭제 | User code deleted
JY notes other other normal | 암호 추가 | User code added
JZ notes other other normal | 등급 바꿈 | User level set
LB notes other other normal | 현장 설정 | Local programming
LD notes other other normal | 현장 설정 거부 | Denied
LE notes other other normal | 청취 끝 | Listen-in ended
LF notes other other normal | 청취 시작 | Listen-in begun
LS notes other other normal | 현장 설정 됨 | Programmed
LU notes other other normal | 현장 설정 실패 | Programming failed
LX notes other other normal | 현장 설정 끝 | Programming ended
MI notes other other normal | 정형 문구 | Canned message
RA notes other other normal | 원격 설정 호출 실패 | Remote call failed
RB notes other other normal | 원격 설정 시작 | Remote programming
RC notes other other normal | 릴레이 닫힘 | Relay closed
RD notes other other normal | 원격 설정 거부 | Remote programming denied
RN notes other other normal | 원격 초기화 | Remote reset
RO notes other other normal | 릴레이 열림 | Relay open
RS notes other other normal | 원격 설정 됨 | Remotely programmed
RU notes other other normal | 원격 설정 실패 | Remote programming failed
SC notes other other normal | 상태 바뀜 | Change of state
UX notes other other normal | 정의 안 됨 | Undefined
VI notes other other normal | 프린터 용지 있음 | Paper in
VO notes other other normal | 프린터 용지 없음 | Paper out
VY notes other other normal | 프린터 켜짐 | Printer online
VZ notes other other normal | 프린터 꺼짐 | Printer offline
"""
