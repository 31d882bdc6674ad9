<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko_KR" sourcelanguage="en">
<context>
    <name>Act</name>
    <message>
        <source>claim in time</source>
        <translation>제때 확인 시작</translation>
    </message>
    <message>
        <source>right camera in time</source>
        <translation>제때 맞는 카메라</translation>
    </message>
    <message>
        <source>verdict in time</source>
        <translation>제때 판정</translation>
    </message>
    <message>
        <source>right grade</source>
        <translation>맞는 등급</translation>
    </message>
    <message>
        <source>hand-off in time</source>
        <translation>제때 이관</translation>
    </message>
    <message>
        <source>right agency</source>
        <translation>맞는 기관</translation>
    </message>
    <message>
        <source>clip contains the act</source>
        <translation>클립에 범행 장면</translation>
    </message>
    <message>
        <source>procedure steps</source>
        <translation>절차 확인</translation>
    </message>
    <message>
        <source>note written</source>
        <translation>메모 남김</translation>
    </message>
    <message>
        <source>closed in time</source>
        <translation>제때 종결</translation>
    </message>
    <message>
        <source>no false hand-off</source>
        <translation>오경보 이관 없음</translation>
    </message>
    <message>
        <source>no private look without need</source>
        <translation>불필요한 민간 영상 열람 없음</translation>
    </message>
    <message>
        <source>nothing urgent waits</source>
        <translation>긴급 건 방치 없음</translation>
    </message>
    <message>
        <source>question answered</source>
        <translation>질문에 답함</translation>
    </message>
    <message>
        <source>more was sent</source>
        <translation>추가 정보 전송</translation>
    </message>
    <message>
        <source>reports merged</source>
        <translation>같은 사건 병합</translation>
    </message>
    <message>
        <source>error recalled</source>
        <translation>잘못 보낸 것 회수</translation>
    </message>
</context>
<context>
    <name>Agency</name>
    <message>
        <source>112 Police</source>
        <translation>112 경찰</translation>
    </message>
    <message>
        <source>119 Fire</source>
        <translation>119 소방</translation>
    </message>
    <message>
        <source>Neighbouring centre</source>
        <translation>인접 관제센터</translation>
    </message>
    <message>
        <source>Facility</source>
        <translation>시설</translation>
    </message>
</context>
<context>
    <name>Card</name>
    <message>
        <source>{count} bundled</source>
        <translation>{count}건 묶음</translation>
    </message>
    <message>
        <source>{elapsed} ago</source>
        <translation>{elapsed} 경과</translation>
    </message>
    <message>
        <source>Unknown account {account}</source>
        <translation>미등록 계정 {account}</translation>
    </message>
    <message>
        <source>{count} alerts</source>
        <translation>경보 {count}건</translation>
    </message>
    <message>
        <source> ({count} repeated, only counted)</source>
        <translation> (되풀이 {count}건은 수만 셈)</translation>
    </message>
</context>
<context>
    <name>Chip</name>
    <message>
        <source>brought before the supervisor: nobody has taken it</source>
        <translation>아무도 맡지 않아 관리자에게 올림</translation>
    </message>
    <message>
        <source>Escalated</source>
        <translation>상신</translation>
    </message>
    <message>
        <source>seat {seat} is gone: take it over (F2)</source>
        <translation>좌석 {seat}이 비었음: 이어받으십시오(F2)</translation>
    </message>
    <message>
        <source>Seat gone</source>
        <translation>좌석 비움</translation>
    </message>
    <message>
        <source>Exercise</source>
        <translation>훈련</translation>
    </message>
    <message>
        <source>the sender says that it is an exercise</source>
        <translation>보낸 곳에서 훈련이라고 함</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>미등록</translation>
    </message>
    <message>
        <source>a sender is in no register</source>
        <translation>등록되지 않은 발신처</translation>
    </message>
    <message>
        <source>Restored</source>
        <translation>복구</translation>
    </message>
    <message>
        <source>every detector has reported its restoral</source>
        <translation>모든 감지기가 복구를 알림</translation>
    </message>
    <message>
        <source>it stands for more than a day</source>
        <translation>하루 넘게 대기열에 있음</translation>
    </message>
    <message>
        <source>{days} d</source>
        <translation>{days}일</translation>
    </message>
    <message>
        <source>No place</source>
        <translation>위치 없음</translation>
    </message>
    <message>
        <source>nobody has told where it is</source>
        <translation>위치를 알린 곳이 없음</translation>
    </message>
    <message>
        <source>somewhere within {metres:.0f} m</source>
        <translation>반경 {metres:.0f} m 안 어딘가</translation>
    </message>
</context>
<context>
    <name>Chooser</name>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
</context>
<context>
    <name>Clips</name>
    <message>
        <source>Cameras</source>
        <translation>카메라</translation>
    </message>
    <message>
        <source>needed for a private camera</source>
        <translation>민간 카메라에는 꼭 적으십시오</translation>
    </message>
    <message>
        <source>Each camera&apos;s own bits, one file for each picture format, with digests and gaps in a note beside them. The access is on record. For passing on, use a hand-off.</source>
        <translation>카메라 원본 그대로, 영상 형식마다 파일 하나씩 저장하고 해시와 빈 구간을 적은 쪽지를 함께 둡니다. 열람은 대장에 기록됩니다. 밖으로 보낼 때는 이관을 쓰십시오.</translation>
    </message>
    <message>
        <source>From</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>To</source>
        <translation>끝</translation>
    </message>
    <message>
        <source>What for</source>
        <translation>목적</translation>
    </message>
</context>
<context>
    <name>Compass</name>
    <message>
        <source>north</source>
        <translation>북향</translation>
    </message>
    <message>
        <source>north-east</source>
        <translation>북동향</translation>
    </message>
    <message>
        <source>east</source>
        <translation>동향</translation>
    </message>
    <message>
        <source>south-east</source>
        <translation>남동향</translation>
    </message>
    <message>
        <source>south</source>
        <translation>남향</translation>
    </message>
    <message>
        <source>south-west</source>
        <translation>남서향</translation>
    </message>
    <message>
        <source>west</source>
        <translation>서향</translation>
    </message>
    <message>
        <source>north-west</source>
        <translation>북서향</translation>
    </message>
</context>
<context>
    <name>DeskOutcome</name>
    <message>
        <source>settled on scene</source>
        <translation>현장 종결</translation>
    </message>
    <message>
        <source>suspect arrested</source>
        <translation>피의자 검거</translation>
    </message>
    <message>
        <source>rescued, taken to hospital</source>
        <translation>구조, 병원 이송</translation>
    </message>
    <message>
        <source>fire extinguished</source>
        <translation>화재 진압</translation>
    </message>
    <message>
        <source>nothing found</source>
        <translation>이상 없음</translation>
    </message>
    <message>
        <source>passed on to another agency</source>
        <translation>다른 기관으로 이첩</translation>
    </message>
</context>
<context>
    <name>Docks</name>
    <message>
        <source>Map</source>
        <translation>지도</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>영상</translation>
    </message>
    <message>
        <source>Incident</source>
        <translation>사건</translation>
    </message>
    <message>
        <source>Steering a camera</source>
        <translation>카메라 조작</translation>
    </message>
</context>
<context>
    <name>Dori</name>
    <message>
        <source>too far</source>
        <translation>너무 멂</translation>
    </message>
    <message>
        <source>monitor</source>
        <translation>감시</translation>
    </message>
    <message>
        <source>detect</source>
        <translation>탐지</translation>
    </message>
    <message>
        <source>observe</source>
        <translation>관찰</translation>
    </message>
    <message>
        <source>recognise</source>
        <translation>인지</translation>
    </message>
    <message>
        <source>identify</source>
        <translation>식별</translation>
    </message>
</context>
<context>
    <name>Drill</name>
    <message>
        <source>Trainer: {name}</source>
        <translation>훈련관: {name}</translation>
    </message>
    <message>
        <source>about {minutes:.0f} min</source>
        <translation>약 {minutes:.0f}분</translation>
    </message>
    <message>
        <source>Not begun yet</source>
        <translation>시작 전</translation>
    </message>
    <message>
        <source>Over after {time}</source>
        <translation>{time}에 종료</translation>
    </message>
    <message>
        <source>Open the report</source>
        <translation>보고서 열기</translation>
    </message>
    <message>
        <source>The report lies in {path}</source>
        <translation>보고서 위치: {path}</translation>
    </message>
    <message>
        <source>The report will lie in {path}</source>
        <translation>보고서가 놓일 곳: {path}</translation>
    </message>
    <message>
        <source>Put away</source>
        <translation>치우기</translation>
    </message>
    <message>
        <source>The score is being worked out.</source>
        <translation>점수를 계산하고 있습니다.</translation>
    </message>
    <message>
        <source>✔ Passed</source>
        <translation>✔ 합격</translation>
    </message>
    <message>
        <source>✘ Not passed</source>
        <translation>✘ 불합격</translation>
    </message>
    <message>
        <source>{passed} · of 100 · {time} of drill</source>
        <translation>{passed} · 100점 만점 · 훈련 {time}</translation>
    </message>
    <message>
        <source>and {count} more in the report</source>
        <translation>그 밖에 {count}건은 보고서에</translation>
    </message>
    <message>
        <source>Every mark was earned in full.</source>
        <translation>모든 항목에서 만점을 받았습니다.</translation>
    </message>
    <message>
        <source>Trainer</source>
        <translation>훈련관</translation>
    </message>
    <message>
        <source>{count} more</source>
        <translation>{count}건 더</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>일시 정지</translation>
    </message>
    <message>
        <source>The trainer has stopped the drill. Its clock and its pictures stand still.</source>
        <translation>훈련관이 훈련을 멈췄습니다. 훈련 시계와 영상이 멈춰 있습니다.</translation>
    </message>
</context>
<context>
    <name>DrillEnd</name>
    <message>
        <source>by the scenario</source>
        <translation>시나리오에 따라</translation>
    </message>
    <message>
        <source>its time was over</source>
        <translation>시간 종료</translation>
    </message>
    <message>
        <source>by the trainer</source>
        <translation>훈련관이 종료</translation>
    </message>
    <message>
        <source>everything was closed</source>
        <translation>모두 종결됨</translation>
    </message>
    <message>
        <source>it could not go on</source>
        <translation>계속할 수 없음</translation>
    </message>
</context>
<context>
    <name>Editor</name>
    <message>
        <source>Click: next place · drag a place: move it · Backspace: take the last back · Esc: done</source>
        <translation>클릭: 다음 위치 · 끌기: 위치 옮기기 · Backspace: 마지막 위치 취소 · Esc: 마침</translation>
    </message>
    <message>
        <source>Second of the recording</source>
        <translation>녹화의 초</translation>
    </message>
    <message>
        <source>Choose a feed to look at its recording.</source>
        <translation>볼 영상을 고르십시오.</translation>
    </message>
    <message>
        <source>It loops.</source>
        <translation>처음부터 끝까지 되풀이합니다.</translation>
    </message>
    <message>
        <source>Until cue {cue} it loops {before}, then it plays {act}, then it loops {after}.</source>
        <translation>신호 {cue} 전에는 {before} 되풀이, 신호 뒤 {act} 재생, 그 뒤 {after} 되풀이.</translation>
    </message>
    <message>
        <source>Filming {percent:.0f} %</source>
        <translation>촬영 중 {percent:.0f} %</translation>
    </message>
    <message>
        <source>{count} films lie beside the scenario.</source>
        <translation>영상 {count}개를 시나리오 옆에 두었습니다.</translation>
    </message>
    <message>
        <source>Filming was stopped; what was there before is kept.</source>
        <translation>촬영을 멈췄습니다. 전에 있던 영상은 그대로입니다.</translation>
    </message>
    <message>
        <source>Give the scenario a stage</source>
        <translation>무대 만들기</translation>
    </message>
    <message>
        <source>Scenario editor · {title}</source>
        <translation>시나리오 편집기 · {title}</translation>
    </message>
    <message>
        <source>Contradictions · {errors} · remarks {warnings}</source>
        <translation>모순 {errors}건 · 참고 {warnings}건</translation>
    </message>
    <message>
        <source>✔ Nothing contradicts itself.</source>
        <translation>✔ 모순이 없습니다.</translation>
    </message>
    <message>
        <source>Save the scenario</source>
        <translation>시나리오 저장</translation>
    </message>
    <message>
        <source>Open a scenario</source>
        <translation>시나리오 열기</translation>
    </message>
    <message>
        <source>“{title}” has changes that are not saved.</source>
        <translation>‘{title}’에 저장하지 않은 변경이 있습니다.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Throw away</source>
        <translation>버리기</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>머무르기</translation>
    </message>
    <message>
        <source>Parts of the scenario</source>
        <translation>시나리오의 부분</translation>
    </message>
</context>
<context>
    <name>Evidence</name>
    <message>
        <source>Back to live</source>
        <translation>실시간으로 돌아가기</translation>
    </message>
    <message>
        <source>Evidence span</source>
        <translation>증거 구간</translation>
    </message>
    <message>
        <source>Evidence span — no recording camera sees this place</source>
        <translation>증거 구간 — 이곳을 녹화하는 카메라가 없습니다</translation>
    </message>
    <message>
        <source>Evidence span — cameras {cameras} (from {before:.0f} s before the alarm, untouched)</source>
        <translation>증거 구간 — 카메라 {cameras} (경보 {before:.0f}초 전부터, 원본 그대로)</translation>
    </message>
    <message>
        <source>Evidence that is locked</source>
        <translation>잠긴 증거</translation>
    </message>
    <message>
        <source>Handed off</source>
        <translation>이관 시각</translation>
    </message>
    <message>
        <source>To</source>
        <translation>수신 기관</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>영상</translation>
    </message>
    <message>
        <source>Locked for</source>
        <translation>잠긴 시간</translation>
    </message>
    <message>
        <source>Incident</source>
        <translation>사건</translation>
    </message>
    <message>
        <source>What was handed off stays until it is released here. After that the ring may forget it and the package goes on its day; the record stays.</source>
        <translation>이관한 증거는 여기서 해제할 때까지 보관됩니다. 해제하면 원본 영상은 보관 순서에 따라 지워지고 꾸러미는 보존 기간이 끝나면 파기됩니다. 기록은 남습니다.</translation>
    </message>
    <message>
        <source>Reason for the release (goes on record)</source>
        <translation>해제 사유(기록에 남습니다)</translation>
    </message>
    <message>
        <source>Release</source>
        <translation>해제</translation>
    </message>
    <message>
        <source>An incident that is open keeps its evidence; close it first.</source>
        <translation>진행 중인 사건의 증거는 해제할 수 없습니다. 먼저 사건을 종결하십시오.</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>외 {count}건</translation>
    </message>
    <message>
        <source>Damaged evidence: {files}. Restore it from a backup; it is checked again by itself.</source>
        <translation>손상된 증거: {files}. 백업에서 되살리십시오. 스스로 다시 검사합니다.</translation>
    </message>
    <message>
        <source>{count} cameras, {seconds:.0f} s</source>
        <translation>카메라 {count}대, {seconds:.0f}초</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>종결</translation>
    </message>
    <message>
        <source>open</source>
        <translation>진행 중</translation>
    </message>
</context>
<context>
    <name>Field</name>
    <message>
        <source>Name (id)</source>
        <translation>이름(id)</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>제목</translation>
    </message>
    <message>
        <source>On the time line</source>
        <translation>시간선 표시</translation>
    </message>
    <message>
        <source>Briefing</source>
        <translation>브리핑</translation>
    </message>
    <message>
        <source>Debriefing</source>
        <translation>디브리핑</translation>
    </message>
    <message>
        <source>Length, s</source>
        <translation>길이(초)</translation>
    </message>
    <message>
        <source>City (GeoPackage)</source>
        <translation>도시(GeoPackage)</translation>
    </message>
    <message>
        <source>Seats</source>
        <translation>좌석</translation>
    </message>
    <message>
        <source>Hour shown</source>
        <translation>영상 속 시각</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>When</source>
        <translation>언제</translation>
    </message>
    <message>
        <source>At second</source>
        <translation>몇 초에</translation>
    </message>
    <message>
        <source>After this happened</source>
        <translation>이 일이 있은 뒤</translation>
    </message>
    <message>
        <source>Of incident or inject</source>
        <translation>사건 또는 투입</translation>
    </message>
    <message>
        <source>To</source>
        <translation>받는 곳</translation>
    </message>
    <message>
        <source>So long after, s</source>
        <translation>그 뒤 몇 초</translation>
    </message>
    <message>
        <source>Only with flags</source>
        <translation>필요한 깃발</translation>
    </message>
    <message>
        <source>Not with flags</source>
        <translation>막는 깃발</translation>
    </message>
    <message>
        <source>Raises flag</source>
        <translation>올리는 깃발</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>소음</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>계정</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>코드</translation>
    </message>
    <message>
        <source>Zone</source>
        <translation>구역</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>내용</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>횟수</translation>
    </message>
    <message>
        <source>Every, s</source>
        <translation>간격(초)</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>서비스</translation>
    </message>
    <message>
        <source>Fields</source>
        <translation>필드</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>사건 번호</translation>
    </message>
    <message>
        <source>Firm</source>
        <translation>경비사</translation>
    </message>
    <message>
        <source>Report (JSON)</source>
        <translation>신고(JSON)</translation>
    </message>
    <message>
        <source>Headline</source>
        <translation>제목</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>심각도</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>지역</translation>
    </message>
    <message>
        <source>Circle</source>
        <translation>원</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>카메라</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>카메라</translation>
    </message>
    <message>
        <source>Fault</source>
        <translation>고장</translation>
    </message>
    <message>
        <source>Desk</source>
        <translation>상황실</translation>
    </message>
    <message>
        <source>Must have it</source>
        <translation>받아야 할 곳</translation>
    </message>
    <message>
        <source>Manner</source>
        <translation>태도</translation>
    </message>
    <message>
        <source>Says now</source>
        <translation>지금 하는 말</translation>
    </message>
    <message>
        <source>Opens after, s</source>
        <translation>열기까지(초)</translation>
    </message>
    <message>
        <source>Accepts after, s</source>
        <translation>접수까지(초)</translation>
    </message>
    <message>
        <source>Refuses because</source>
        <translation>거절 사유</translation>
    </message>
    <message>
        <source>Units</source>
        <translation>출동대</translation>
    </message>
    <message>
        <source>Units after, s</source>
        <translation>출동까지(초)</translation>
    </message>
    <message>
        <source>There in, min</source>
        <translation>도착까지(분)</translation>
    </message>
    <message>
        <source>On scene after, s</source>
        <translation>현장 도착(초)</translation>
    </message>
    <message>
        <source>Closes after, s</source>
        <translation>종결까지(초)</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>결과</translation>
    </message>
    <message>
        <source>Asks</source>
        <translation>묻는 말</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>계정</translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>수신 두절</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>말</translation>
    </message>
    <message>
        <source>Seat (empty: all)</source>
        <translation>좌석(비우면 전체)</translation>
    </message>
    <message>
        <source>Who speaks</source>
        <translation>말하는 사람</translation>
    </message>
    <message>
        <source>Core capability</source>
        <translation>핵심 역량</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>시설</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>위치</translation>
    </message>
    <message>
        <source>Within, m</source>
        <translation>반경(m)</translation>
    </message>
    <message>
        <source>Real</source>
        <translation>실제 사건</translation>
    </message>
    <message>
        <source>Cue</source>
        <translation>신호</translation>
    </message>
    <message>
        <source>Act, s</source>
        <translation>장면(초)</translation>
    </message>
    <message>
        <source>Loop before, s</source>
        <translation>앞 반복(초)</translation>
    </message>
    <message>
        <source>Loop after, s</source>
        <translation>뒤 반복(초)</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>녹화 파일</translation>
    </message>
    <message>
        <source>Right grades</source>
        <translation>맞는 등급</translation>
    </message>
    <message>
        <source>Steps of the procedure</source>
        <translation>절차 단계</translation>
    </message>
    <message>
        <source>Note of a good operator</source>
        <translation>모범 메모</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>순서</translation>
    </message>
    <message>
        <source>Act</source>
        <translation>행동</translation>
    </message>
    <message>
        <source>Incident</source>
        <translation>사건</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>배점</translation>
    </message>
    <message>
        <source>Full within, s</source>
        <translation>만점 시한(초)</translation>
    </message>
    <message>
        <source>None after, s</source>
        <translation>0점 시한(초)</translation>
    </message>
    <message>
        <source>Critical</source>
        <translation>필수</translation>
    </message>
    <message>
        <source>Objective</source>
        <translation>훈련 목표</translation>
    </message>
    <message>
        <source>Looks like</source>
        <translation>모습</translation>
    </message>
    <message>
        <source>Appears at, s</source>
        <translation>등장(초)</translation>
    </message>
    <message>
        <source>Begins at</source>
        <translation>출발 위치</translation>
    </message>
    <message>
        <source>Way</source>
        <translation>경로</translation>
    </message>
    <message>
        <source>Colour (top)</source>
        <translation>위 색</translation>
    </message>
    <message>
        <source>Colour (bottom)</source>
        <translation>아래 색</translation>
    </message>
    <message>
        <source>Hair</source>
        <translation>머리 색</translation>
    </message>
    <message>
        <source>Holds</source>
        <translation>손에 든 것</translation>
    </message>
    <message>
        <source>Wears</source>
        <translation>차림</translation>
    </message>
    <message>
        <source>Speed, m/s</source>
        <translation>속도(m/s)</translation>
    </message>
    <message>
        <source>Stays until, s</source>
        <translation>머무는 때(초)</translation>
    </message>
    <message>
        <source>Does there</source>
        <translation>거기서 하는 일</translation>
    </message>
    <message>
        <source>Faces, °</source>
        <translation>바라보는 방향(°)</translation>
    </message>
    <message>
        <source>Middle</source>
        <translation>중심</translation>
    </message>
    <message>
        <source>Length of film, s</source>
        <translation>영상 길이(초)</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>빛</translation>
    </message>
    <message>
        <source>Weather</source>
        <translation>날씨</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>씨앗값</translation>
    </message>
    <message>
        <source>Traffic</source>
        <translation>차량</translation>
    </message>
    <message>
        <source>Congested</source>
        <translation>정체</translation>
    </message>
    <message>
        <source>Walkers</source>
        <translation>보행자</translation>
    </message>
    <message>
        <source>Written play</source>
        <translation>정해진 극</translation>
    </message>
    <message>
        <source>Height, m</source>
        <translation>높이(m)</translation>
    </message>
    <message>
        <source>Begins at, s</source>
        <translation>시작(초)</translation>
    </message>
    <message>
        <source>Full after, s</source>
        <translation>최대까지(초)</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>종류</translation>
    </message>
</context>
<context>
    <name>Form</name>
    <message>
        <source>not a number: {text}</source>
        <translation>숫자가 아님: {text}</translation>
    </message>
    <message>
        <source>parted by commas</source>
        <translation>쉼표로 나눔</translation>
    </message>
    <message>
        <source>two seconds, like 4 – 20</source>
        <translation>4 – 20 처럼 두 초</translation>
    </message>
    <message>
        <source>longitude, latitude in degrees</source>
        <translation>경도, 위도(도)</translation>
    </message>
    <message>
        <source>second and thing, like 12 knife; 30 sack</source>
        <translation>12 knife; 30 sack 처럼 초와 물건</translation>
    </message>
    <message>
        <source>one name = text a line</source>
        <translation>한 줄에 이름 = 내용 하나</translation>
    </message>
    <message>
        <source>not JSON: {why}</source>
        <translation>JSON이 아님: {why}</translation>
    </message>
    <message>
        <source>Take this place out</source>
        <translation>이 위치 빼기</translation>
    </message>
    <message>
        <source>Place {number} · {act}</source>
        <translation>위치 {number} · {act}</translation>
    </message>
    <message>
        <source>something is missing: {why}</source>
        <translation>빠진 것이 있음: {why}</translation>
    </message>
</context>
<context>
    <name>Grade</name>
    <message>
        <source>False alarm</source>
        <translation>오경보</translation>
    </message>
    <message>
        <source>Cannot tell</source>
        <translation>판단 불가</translation>
    </message>
    <message>
        <source>Person present</source>
        <translation>사람 있음</translation>
    </message>
    <message>
        <source>Property threat</source>
        <translation>재산 위협</translation>
    </message>
    <message>
        <source>Life threat</source>
        <translation>생명 위협</translation>
    </message>
</context>
<context>
    <name>Handoff</name>
    <message>
        <source>grade {grade}</source>
        <translation>판정 {grade}등급</translation>
    </message>
    <message>
        <source>note</source>
        <translation>메모</translation>
    </message>
    <message>
        <source>place</source>
        <translation>위치</translation>
    </message>
    <message>
        <source>Sends: {facts} · {clips} clips ({seconds:.0f} s, signed) · live view {minutes:.0f} min</source>
        <translation>보낼 내용: {facts} · 클립 {clips}개({seconds:.0f}초, 서명됨) · 실시간 보기 {minutes:.0f}분</translation>
    </message>
    <message>
        <source>To: no {agency} station is known here</source>
        <translation>받는 곳: 이곳을 맡은 {agency} 기관이 목록에 없습니다</translation>
    </message>
    <message>
        <source>To: {name} · {room}</source>
        <translation>받는 곳: {name} · {room}</translation>
    </message>
    <message>
        <source>Basis: PIPA 18(2) items 3 urgent danger, 10 public safety · access on record</source>
        <translation>근거: 개인정보 보호법 18조 2항 3호(급박한 위험)·10호(공공 안전) · 열람 기록 저장</translation>
    </message>
    <message>
        <source>Basis: PIPA 18(2) items 3 urgent danger, 7 crime · access on record</source>
        <translation>근거: 개인정보 보호법 18조 2항 3호(급박한 위험)·7호(수사) · 열람 기록 저장</translation>
    </message>
    <message>
        <source>Basis: PIPA 18(2) item 3 urgent danger · access on record</source>
        <translation>근거: 개인정보 보호법 18조 2항 3호(급박한 위험) · 열람 기록 저장</translation>
    </message>
</context>
<context>
    <name>Happening</name>
    <message>
        <source>Director</source>
        <translation>진행기</translation>
    </message>
    <message>
        <source>Desk</source>
        <translation>상황실</translation>
    </message>
    <message>
        <source>Gateway</source>
        <translation>게이트웨이</translation>
    </message>
    <message>
        <source>The drill began</source>
        <translation>훈련 시작</translation>
    </message>
    <message>
        <source>Fired: {label} ({cause})</source>
        <translation>투입: {label} ({cause})</translation>
    </message>
    <message>
        <source>Skipped: {inject}</source>
        <translation>건너뜀: {inject}</translation>
    </message>
    <message>
        <source>Held: {inject}</source>
        <translation>보류: {inject}</translation>
    </message>
    <message>
        <source>Released: {inject}</source>
        <translation>보류 해제: {inject}</translation>
    </message>
    <message>
        <source>Failed: {inject} ({reason})</source>
        <translation>실패: {inject} ({reason})</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>일시 정지</translation>
    </message>
    <message>
        <source>Resumed after {time}</source>
        <translation>{time} 뒤 재개</translation>
    </message>
    <message>
        <source>To seat {seat}: {text}</source>
        <translation>좌석 {seat}에: {text}</translation>
    </message>
    <message>
        <source>all</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Seat {seat} acknowledged the words</source>
        <translation>좌석 {seat}이(가) 말을 확인함</translation>
    </message>
    <message>
        <source>Moment: {text}</source>
        <translation>표시: {text}</translation>
    </message>
    <message>
        <source>The drill ended ({reason})</source>
        <translation>훈련 종료({reason})</translation>
    </message>
    <message>
        <source>Not done: {reason}</source>
        <translation>하지 못함: {reason}</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>{city} integrated control centre</source>
        <translation>{city} 스마트도시 통합관제</translation>
    </message>
    <message>
        <source>Seat {seat}</source>
        <translation>좌석 {seat}</translation>
    </message>
    <message>
        <source>{count} senders well</source>
        <translation>수신 {count}곳 정상</translation>
    </message>
    <message>
        <source>{firm} late by {time}</source>
        <translation>{firm} 지연 {time}</translation>
    </message>
    <message>
        <source> and {count} more</source>
        <translation> 외 {count}곳</translation>
    </message>
    <message>
        <source>{count} escalated · waiting {time}</source>
        <translation>상신 {count}건 · 대기 {time}</translation>
    </message>
    <message>
        <source>Alarm flood: calm screen</source>
        <translation>경보 폭주: 묶음 화면</translation>
    </message>
    <message>
        <source>{count} shelved</source>
        <translation>보류 {count}건</translation>
    </message>
    <message>
        <source>Gateway is down: no alert comes in</source>
        <translation>게이트웨이 중단: 경보가 들어오지 않습니다</translation>
    </message>
    <message>
        <source>Evidence damaged: {count} files</source>
        <translation>증거 손상 {count}건</translation>
    </message>
    <message>
        <source>{desk} not reached ({count} waiting)</source>
        <translation>{desk} 전달 실패 ({count}건 대기)</translation>
    </message>
    <message>
        <source>{desk} is not connected</source>
        <translation>{desk} 연결 끊김</translation>
    </message>
    <message>
        <source>{desk} not tried yet</source>
        <translation>{desk} 미확인</translation>
    </message>
    <message>
        <source>{desk} connected</source>
        <translation>{desk} 연결</translation>
    </message>
    <message>
        <source>Recording has stopped: the disk is full</source>
        <translation>녹화 멈춤: 디스크가 가득 찼습니다</translation>
    </message>
    <message>
        <source>Recording {recording}/{total}</source>
        <translation>녹화 {recording}/{total}</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>zone {zone}</source>
        <translation>구역 {zone}</translation>
    </message>
    <message>
        <source> (unknown account {account})</source>
        <translation> (미등록 계정 {account})</translation>
    </message>
    <message>
        <source>{alert}: taken as the same incident ({why})</source>
        <translation>{alert}: 같은 사건으로 묶음 ({why})</translation>
    </message>
    <message>
        <source>{account} {code} zone {zone} repeats itself: {count} only counted</source>
        <translation>{account} {code} 구역 {zone} 되풀이: {count}건은 수만 셈</translation>
    </message>
    <message>
        <source>Brought before the supervisor: nobody took it for {time}</source>
        <translation>관리자에게 올림: {time} 동안 맡은 좌석 없음</translation>
    </message>
    <message>
        <source>Seat {seat} merged it into {incident}</source>
        <translation>좌석 {seat}이 {incident}(으)로 합침</translation>
    </message>
    <message>
        <source>Seat {seat} merged {incident} into this one (alerts: {count})</source>
        <translation>좌석 {seat}이 {incident}을(를) 이 사건에 합침 (경보 {count}건)</translation>
    </message>
    <message>
        <source>Seat {seat} took the merging back: open again</source>
        <translation>좌석 {seat}이 합침을 되돌림: 다시 열림</translation>
    </message>
    <message>
        <source>Seat {seat} parted alerts to {incident} ({count})</source>
        <translation>좌석 {seat}이 경보를 {incident}(으)로 나눔 ({count}건)</translation>
    </message>
    <message>
        <source>picture</source>
        <translation>사진</translation>
    </message>
    <message>
        <source>record</source>
        <translation>기록</translation>
    </message>
    <message>
        <source>Seat {seat} was shown the person&apos;s {what}: {why}</source>
        <translation>좌석 {seat}이 대상자의 {what}을(를) 열람: {why}</translation>
    </message>
    <message>
        <source>Seat {seat} opened the sender&apos;s address ({link})</source>
        <translation>좌석 {seat}이 신고처 주소를 엶 ({link})</translation>
    </message>
    <message>
        <source>Seat {seat} copied the sender&apos;s address ({link})</source>
        <translation>좌석 {seat}이 신고처 주소를 복사 ({link})</translation>
    </message>
    <message>
        <source>Cameras chosen: {count}</source>
        <translation>카메라 {count}대 선정</translation>
    </message>
    <message>
        <source>Seat {seat} began to verify</source>
        <translation>좌석 {seat} 확인 시작</translation>
    </message>
    <message>
        <source>Seat {seat} took over from seat {before}, which was left</source>
        <translation>좌석 {seat}이 자리를 비운 좌석 {before}의 사건을 이어받음</translation>
    </message>
    <message>
        <source>Seat {seat} took over from seat {before}, whose console does not run</source>
        <translation>좌석 {seat}이 콘솔이 꺼진 좌석 {before}의 사건을 이어받음</translation>
    </message>
    <message>
        <source>Seat {seat} gave it back</source>
        <translation>좌석 {seat} 대기열로 되돌림</translation>
    </message>
    <message>
        <source>Private cameras open until {until} ({count})</source>
        <translation>민간 카메라 {count}대 열람 개시 ({until}까지)</translation>
    </message>
    <message>
        <source>Private cameras closed ({count})</source>
        <translation>민간 카메라 {count}대 열람 종료</translation>
    </message>
    <message>
        <source>Grade {grade} {word}</source>
        <translation>판정 {grade}등급 {word}</translation>
    </message>
    <message>
        <source>Note: {text}</source>
        <translation>메모: {text}</translation>
    </message>
    <message>
        <source>Done: {step}</source>
        <translation>확인함: {step}</translation>
    </message>
    <message>
        <source>Not done: {step}</source>
        <translation>확인 취소: {step}</translation>
    </message>
    <message>
        <source>Evidence span {start} to {end}</source>
        <translation>증거 구간 {start} ~ {end}</translation>
    </message>
    <message>
        <source>Priority set to {priority}</source>
        <translation>우선순위 변경: {priority}</translation>
    </message>
    <message>
        <source>Closed: {outcome}</source>
        <translation>종결: {outcome}</translation>
    </message>
    <message>
        <source>{agency} hand-off requested: {name}</source>
        <translation>{agency} 이관 요청: {name}</translation>
    </message>
    <message>
        <source>Package sealed (files: {count})</source>
        <translation>증거 꾸러미 봉인 (파일 {count}개)</translation>
    </message>
    <message>
        <source>; missing: {gaps}</source>
        <translation>; 빠진 것: {gaps}</translation>
    </message>
    <message>
        <source>Not delivered, try {attempt}: {reason}</source>
        <translation>전달 실패 {attempt}회째: {reason}</translation>
    </message>
    <message>
        <source>Delivered to {receiver}</source>
        <translation>전달됨: {receiver}</translation>
    </message>
    <message>
        <source>Seen on {camera}</source>
        <translation>{camera}에서 목격</translation>
    </message>
    <message>
        <source>A link to the package was mailed to {to}; it ends at {until}</source>
        <translation>꾸러미를 받는 링크를 {to}에 전자우편으로 보냄, {until}까지</translation>
    </message>
    <message>
        <source>The package is fetched by the mailed link from {remote}</source>
        <translation>{remote}에서 전자우편 링크로 꾸러미를 받아 감</translation>
    </message>
    <message>
        <source>Opened by {by}</source>
        <translation>열람: {by}</translation>
    </message>
    <message>
        <source>Accepted by {by}</source>
        <translation>접수: {by}</translation>
    </message>
    <message>
        <source>Refused by {by}: {reason}</source>
        <translation>거부: {by} · {reason}</translation>
    </message>
    <message>
        <source>Units sent: {units}</source>
        <translation>출동: {units}</translation>
    </message>
    <message>
        <source> · {eta:g} min</source>
        <translation> · {eta:g}분</translation>
    </message>
    <message>
        <source>{name} watches {camera} live (from {remote})</source>
        <translation>{name}, {camera} 실시간 열람 시작 ({remote})</translation>
    </message>
    <message>
        <source>Live view of {camera} ended after {seconds:.0f} s: {reason}</source>
        <translation>{camera} 실시간 열람 {seconds:.0f}초 만에 끝남: {reason}</translation>
    </message>
    <message>
        <source>Live view of {camera} ended: {reason}</source>
        <translation>{camera} 실시간 열람 끝남: {reason}</translation>
    </message>
    <message>
        <source>Live view taken back by seat {seat}: {reason}</source>
        <translation>좌석 {seat}이(가) 실시간 열람을 거둠: {reason}</translation>
    </message>
    <message>
        <source>Snapshot of {camera}</source>
        <translation>{camera} 정지 영상 저장</translation>
    </message>
    <message>
        <source>Clips wanted of {cameras}, {start} to {end}</source>
        <translation>영상 저장 요청: {cameras}, {start}~{end}</translation>
    </message>
    <message>
        <source>Clips saved: {files} in {folder}</source>
        <translation>영상 저장됨: 파일 {files}개, {folder}</translation>
    </message>
    <message>
        <source>No clip could be saved</source>
        <translation>저장된 영상 없음</translation>
    </message>
    <message>
        <source>gaps: {gaps}</source>
        <translation>빈 구간 {gaps}곳</translation>
    </message>
    <message>
        <source>nothing of {cameras}</source>
        <translation>영상 없음: {cameras}</translation>
    </message>
    <message>
        <source>On scene: {units}</source>
        <translation>현장 도착: {units}</translation>
    </message>
    <message>
        <source>Closed by {by}: {outcome}</source>
        <translation>{by} 종결: {outcome}</translation>
    </message>
    <message>
        <source>Message from {by}: {text}</source>
        <translation>{by} 메시지: {text}</translation>
    </message>
    <message>
        <source>Units moved: {units}</source>
        <translation>출동대 이동: {units}</translation>
    </message>
    <message>
        <source>Message of seat {seat}: {text}</source>
        <translation>좌석 {seat} 메시지: {text}</translation>
    </message>
    <message>
        <source>Hand-off recalled by seat {seat}: {reason}</source>
        <translation>좌석 {seat}이(가) 이관을 거둠: {reason}</translation>
    </message>
    <message>
        <source>The receiver could not be told, try {attempt}: {reason}</source>
        <translation>수신 기관에 알리지 못함, {attempt}번째: {reason}</translation>
    </message>
    <message>
        <source>The receiver was told, try {attempt}</source>
        <translation>수신 기관에 알림, {attempt}번째</translation>
    </message>
</context>
<context>
    <name>Import</name>
    <message>
        <source>Import data</source>
        <translation>자료 가져오기</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>적용</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>다시 살펴보기</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>파일</translation>
    </message>
    <message>
        <source>Kind of data</source>
        <translation>자료 종류</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>출처</translation>
    </message>
    <message>
        <source>No kind of data is kept in files of this name.</source>
        <translation>이런 이름의 파일로 가져올 수 있는 자료가 없습니다.</translation>
    </message>
    <message>
        <source>Reading. Nothing is changed yet.</source>
        <translation>읽는 중입니다. 아직 바뀐 것은 없습니다.</translation>
    </message>
    <message>
        <source>Applying</source>
        <translation>적용하는 중</translation>
    </message>
    <message>
        <source>Applied. The catalogue has the new data.</source>
        <translation>적용했습니다. 목록에 새 자료가 들어갔습니다.</translation>
    </message>
    <message>
        <source>Tables</source>
        <translation>표</translation>
    </message>
    <message>
        <source>Changes ({number})</source>
        <translation>바뀔 것 ({number})</translation>
    </message>
    <message>
        <source>Bad rows ({number})</source>
        <translation>잘못된 행 ({number})</translation>
    </message>
    <message>
        <source>{rows} rows: {imported} can be imported, {refused} are refused, {remarks} remarks.</source>
        <translation>{rows}행: 가져올 수 있는 행 {imported}, 거절한 행 {refused}, 참고 {remarks}.</translation>
    </message>
    <message>
        <source>Most of what this source had would go: give another city&apos;s file another source.</source>
        <translation>이 출처의 자료가 대부분 없어집니다. 다른 도시의 파일이면 출처를 다르게 하십시오.</translation>
    </message>
    <message>
        <source>All bad rows: {path}</source>
        <translation>잘못된 행 전체: {path}</translation>
    </message>
    <message>
        <source>Raster base map</source>
        <translation>배경 영상 지도</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>줄</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>열</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>값</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>까닭</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>표</translation>
    </message>
    <message>
        <source>added</source>
        <translation>추가</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>변경</translation>
    </message>
    <message>
        <source>gone</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>as they were</source>
        <translation>그대로</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>변경</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>식별자</translation>
    </message>
    <message>
        <source>What</source>
        <translation>내용</translation>
    </message>
</context>
<context>
    <name>Inject</name>
    <message>
        <source>Alarm by DC-09</source>
        <translation>DC-09 경보</translation>
    </message>
    <message>
        <source>Message of a linked service</source>
        <translation>연계 서비스 메시지</translation>
    </message>
    <message>
        <source>Report by webhook</source>
        <translation>웹훅 신고</translation>
    </message>
    <message>
        <source>Disaster message (CAP)</source>
        <translation>재난 메시지(CAP)</translation>
    </message>
    <message>
        <source>The act begins</source>
        <translation>장면 시작</translation>
    </message>
    <message>
        <source>Camera fails or recovers</source>
        <translation>카메라 고장·복구</translation>
    </message>
    <message>
        <source>Manner of a desk</source>
        <translation>상황실 태도</translation>
    </message>
    <message>
        <source>A firm falls silent</source>
        <translation>경비사 수신 두절</translation>
    </message>
    <message>
        <source>Words to the seat</source>
        <translation>좌석에 말하기</translation>
    </message>
    <message>
        <source>End of the drill</source>
        <translation>훈련 종료</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>대기</translation>
    </message>
    <message>
        <source>held</source>
        <translation>보류</translation>
    </message>
    <message>
        <source>fired</source>
        <translation>투입됨</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>건너뜀</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>by its time</source>
        <translation>시각에 따라</translation>
    </message>
    <message>
        <source>by its condition</source>
        <translation>조건에 따라</translation>
    </message>
    <message>
        <source>by the trainer</source>
        <translation>훈련관이</translation>
    </message>
</context>
<context>
    <name>Injects</name>
    <message>
        <source>Stands</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>At</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>Inject</source>
        <translation>투입</translation>
    </message>
    <message>
        <source>Waits on</source>
        <translation>조건</translation>
    </message>
    <message>
        <source>Injects · {waiting} to come of {count}</source>
        <translation>투입 · {count}건 중 {waiting}건 남음</translation>
    </message>
</context>
<context>
    <name>Joined</name>
    <message>
        <source>after {seconds:.0f} s</source>
        <translation>{seconds:.0f}초 뒤</translation>
    </message>
    <message>
        <source>same site</source>
        <translation>같은 현장</translation>
    </message>
    <message>
        <source>same case number</source>
        <translation>같은 사건 번호</translation>
    </message>
    <message>
        <source>same account</source>
        <translation>같은 계정</translation>
    </message>
    <message>
        <source>near</source>
        <translation>가까움</translation>
    </message>
    <message>
        <source>parted together</source>
        <translation>함께 나눔</translation>
    </message>
    <message>
        <source>{metres:.0f} m</source>
        <translation>{metres:.0f} m</translation>
    </message>
</context>
<context>
    <name>Kind</name>
    <message>
        <source>Robbery</source>
        <translation>강도</translation>
    </message>
    <message>
        <source>Intrusion</source>
        <translation>침입</translation>
    </message>
    <message>
        <source>Fire</source>
        <translation>화재</translation>
    </message>
    <message>
        <source>Gas</source>
        <translation>가스</translation>
    </message>
    <message>
        <source>Medical</source>
        <translation>구급</translation>
    </message>
    <message>
        <source>Water</source>
        <translation>누수</translation>
    </message>
    <message>
        <source>Tamper</source>
        <translation>훼손</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>정전</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>장애</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>시험</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>복구</translation>
    </message>
    <message>
        <source>Missing person</source>
        <translation>실종</translation>
    </message>
    <message>
        <source>Disaster</source>
        <translation>재난</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>기타</translation>
    </message>
</context>
<context>
    <name>Lane</name>
    <message>
        <source>Story</source>
        <translation>본 흐름</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>소음</translation>
    </message>
    <message>
        <source>Conditions</source>
        <translation>조건부</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>기대 시한</translation>
    </message>
    <message>
        <source>Seats</source>
        <translation>좌석</translation>
    </message>
    <message>
        <source>Desks</source>
        <translation>상황실</translation>
    </message>
</context>
<context>
    <name>Language</name>
    <message>
        <source>en</source>
        <translation>ko</translation>
    </message>
</context>
<context>
    <name>Late</name>
    <message>
        <source>Senders that are late</source>
        <translation>지연된 발신처</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>계정</translation>
    </message>
    <message>
        <source>Firm</source>
        <translation>업체</translation>
    </message>
    <message>
        <source>Late since</source>
        <translation>지연 시작</translation>
    </message>
    <message>
        <source>Silent for</source>
        <translation>무신호</translation>
    </message>
    <message>
        <source>{late} of {count} supervised senders are late</source>
        <translation>감시 중인 발신처 {count}곳 가운데 {late}곳 지연</translation>
    </message>
</context>
<context>
    <name>Link</name>
    <message>
        <source>live view</source>
        <translation>실시간 보기</translation>
    </message>
    <message>
        <source>verification</source>
        <translation>확인 영상</translation>
    </message>
</context>
<context>
    <name>Links</name>
    <message>
        <source>The address was copied.</source>
        <translation>주소를 복사했습니다.</translation>
    </message>
    <message>
        <source>Addresses told by the sender</source>
        <translation>신고처가 알린 주소</translation>
    </message>
    <message>
        <source>These addresses come from outside. Opening one leaves this console and tells its owner that you look. Opening and copying stand in the record.</source>
        <translation>바깥에서 온 주소입니다. 열면 이 콘솔을 벗어나며 주소의 주인이 열람을 알 수 있습니다. 열기와 복사는 기록에 남습니다.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>Open outside</source>
        <translation>바깥에서 열기</translation>
    </message>
    <message>
        <source>Only web and RTSP addresses are opened.</source>
        <translation>웹과 RTSP 주소만 열 수 있습니다.</translation>
    </message>
</context>
<context>
    <name>LiveView</name>
    <message>
        <source>the viewer left</source>
        <translation>열람자가 나감</translation>
    </message>
    <message>
        <source>its time was over</source>
        <translation>허용 시간이 끝남</translation>
    </message>
    <message>
        <source>it was taken back</source>
        <translation>열람을 거둠</translation>
    </message>
    <message>
        <source>the camera was closed again</source>
        <translation>카메라가 다시 닫힘</translation>
    </message>
    <message>
        <source>no picture came</source>
        <translation>영상이 오지 않음</translation>
    </message>
    <message>
        <source>the gateway was restarted</source>
        <translation>게이트웨이가 다시 시작됨</translation>
    </message>
    <message>
        <source>the seat&apos;s decision</source>
        <translation>관제 좌석의 결정</translation>
    </message>
</context>
<context>
    <name>Map</name>
    <message>
        <source>{count} cameras</source>
        <translation>카메라 {count}대</translation>
    </message>
    <message>
        <source>Click to zoom in</source>
        <translation>눌러서 확대</translation>
    </message>
    <message>
        <source>City map</source>
        <translation>도시 지도</translation>
    </message>
    <message>
        <source>Arrows move, plus and minus zoom, Home shows the incident, Enter opens what is in the middle, C asks which cameras see the middle</source>
        <translation>화살표로 옮기고 +와 -로 확대·축소합니다. Home은 사건, Enter는 가운데 있는 것을 열고, C는 가운데 지점을 보는 카메라를 찾습니다</translation>
    </message>
    <message>
        <source>The place of this incident is not known</source>
        <translation>이 사건의 위치를 알 수 없습니다</translation>
    </message>
    <message>
        <source>Cameras that see this spot</source>
        <translation>이 지점을 보는 카메라</translation>
    </message>
    <message>
        <source>Turn every camera that can see this spot to it</source>
        <translation>이 지점을 볼 수 있는 모든 카메라 돌리기</translation>
    </message>
    <message>
        <source>Set where this camera looks</source>
        <translation>이 카메라의 방향 정하기</translation>
    </message>
    <message>
        <source>Show the incident</source>
        <translation>사건 위치 보기</translation>
    </message>
    <message>
        <source>Show the whole city</source>
        <translation>도시 전체 보기</translation>
    </message>
    <message>
        <source>Private</source>
        <translation>민간</translation>
    </message>
    <message>
        <source>Public</source>
        <translation>공공</translation>
    </message>
    <message>
        <source>PTZ</source>
        <translation>회전형</translation>
    </message>
    <message>
        <source>indoors</source>
        <translation>실내</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>녹화 중</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>영상 없음</translation>
    </message>
    <message>
        <source>{distance} m</source>
        <translation>{distance} m</translation>
    </message>
    <message>
        <source>direction unknown</source>
        <translation>방향 모름</translation>
    </message>
    <message>
        <source>PTZ turns in {seconds} s</source>
        <translation>PTZ 회전 {seconds}초</translation>
    </message>
    <message>
        <source>in view now</source>
        <translation>지금 비춤</translation>
    </message>
    <message>
        <source>behind a building</source>
        <translation>건물에 가림</translation>
    </message>
    <message>
        <source>private, open now</source>
        <translation>민간, 지금 열람 중</translation>
    </message>
    <message>
        <source>private: opens when the incident is claimed</source>
        <translation>민간: 사건을 확인하기 시작하면 열림</translation>
    </message>
    <message>
        <source>picture lost</source>
        <translation>영상 끊김</translation>
    </message>
    <message>
        <source>no picture</source>
        <translation>영상 없음</translation>
    </message>
    <message>
        <source>{count} cameras here</source>
        <translation>카메라 {count}대</translation>
    </message>
    <message>
        <source>No camera can see the spot · buildings considered</source>
        <translation>사건 지점을 볼 수 있는 카메라 없음 · 건물 가림 반영</translation>
    </message>
    <message>
        <source>Cameras that can see the spot: {count} · within {radius} m · buildings considered</source>
        <translation>사건 지점을 볼 수 있는 카메라 {count}대 · 반경 {radius} m · 건물 가림 반영</translation>
    </message>
    <message>
        <source>No raster base map has been imported</source>
        <translation>가져온 배경 영상 지도가 없습니다</translation>
    </message>
    <message>
        <source>Coverage has not been computed</source>
        <translation>촬영 범위를 아직 계산하지 않았습니다</translation>
    </message>
    <message>
        <source>No traffic speeds have been imported</source>
        <translation>가져온 교통 속도가 없습니다</translation>
    </message>
    <message>
        <source>Zoom in: too many cameras for coverage</source>
        <translation>확대하십시오: 촬영 범위를 구하기에는 카메라가 너무 많습니다</translation>
    </message>
    <message>
        <source>Coverage is being worked out</source>
        <translation>촬영 범위 계산 중</translation>
    </message>
    <message>
        <source>Seen by public cameras {share} %</source>
        <translation>공공 카메라가 보는 곳 {share} %</translation>
    </message>
    <message>
        <source>By private ones only {share} %</source>
        <translation>민간 카메라만 보는 곳 {share} %</translation>
    </message>
    <message>
        <source>Perhaps: direction unknown {share} %</source>
        <translation>방향을 몰라 불확실 {share} %</translation>
    </message>
    <message>
        <source>Blind ground {share} %</source>
        <translation>사각지대 {share} %</translation>
    </message>
    <message>
        <source>Coverage: stopped</source>
        <translation>감시 범위 계산을 멈춤</translation>
    </message>
    <message>
        <source>Working out {district}: {done} of {all} views</source>
        <translation>{district} 계산 중: {all}대 중 {done}대</translation>
    </message>
    <message>
        <source>In view</source>
        <translation>화면에 듦</translation>
    </message>
    <message>
        <source>Monitor</source>
        <translation>감시</translation>
    </message>
    <message>
        <source>Detect</source>
        <translation>탐지</translation>
    </message>
    <message>
        <source>Observe</source>
        <translation>관찰</translation>
    </message>
    <message>
        <source>Recognise</source>
        <translation>인식</translation>
    </message>
    <message>
        <source>Identify</source>
        <translation>식별</translation>
    </message>
    <message>
        <source>Raster base map</source>
        <translation>배경 영상 지도</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>카메라</translation>
    </message>
    <message>
        <source>What they see</source>
        <translation>보는 범위</translation>
    </message>
    <message>
        <source>Coverage and blind spots</source>
        <translation>촬영 범위와 사각지대</translation>
    </message>
    <message>
        <source>Guarded sites</source>
        <translation>경비 대상</translation>
    </message>
    <message>
        <source>Police and fire stations</source>
        <translation>경찰·소방 관서</translation>
    </message>
    <message>
        <source>Their areas</source>
        <translation>관할 구역</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>사건</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>신호</translation>
    </message>
    <message>
        <source>Tracks and sightings (1 → newest)</source>
        <translation>동선과 목격 지점 (1 → 최신)</translation>
    </message>
    <message>
        <source>Traffic</source>
        <translation>교통 흐름</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>레이어</translation>
    </message>
    <message>
        <source>Click to measure · Backspace takes a point back · Esc ends</source>
        <translation>클릭하여 측정 · Backspace 한 점 취소 · Esc 끝</translation>
    </message>
    <message>
        <source>Address, road, site, camera or coordinates</source>
        <translation>주소, 도로명, 경비 대상, 카메라, 좌표</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>검색</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>찾은 것이 없습니다</translation>
    </message>
    <message>
        <source>The index of names is being made: not all cameras are found yet</source>
        <translation>이름 색인을 만드는 중이라 아직 찾지 못하는 카메라가 있습니다</translation>
    </message>
    <message>
        <source>Coordinates</source>
        <translation>좌표</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>주소</translation>
    </message>
    <message>
        <source>Road</source>
        <translation>도로</translation>
    </message>
    <message>
        <source>District</source>
        <translation>행정동</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>경비 대상</translation>
    </message>
    <message>
        <source>Station</source>
        <translation>관서</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>카메라</translation>
    </message>
    <message>
        <source>Draw around the cameras · Esc ends</source>
        <translation>카메라 둘레를 그리십시오 · Esc 끝</translation>
    </message>
    <message>
        <source>Drag over the cameras, or choose two corners by Enter · Esc ends</source>
        <translation>카메라 위로 끌거나 Enter로 두 모서리를 고르십시오 · Esc 끝</translation>
    </message>
    <message>
        <source>Cameras that see this spot: {count}</source>
        <translation>이 지점을 보는 카메라: {count}대</translation>
    </message>
    <message>
        <source>may see it: {count}</source>
        <translation>볼 수도 있음: {count}대</translation>
    </message>
    <message>
        <source>No camera sees this spot</source>
        <translation>이 지점을 보는 카메라가 없습니다</translation>
    </message>
    <message>
        <source>Show on the wall (Enter)</source>
        <translation>영상 타일에 띄우기 (Enter)</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>측정</translation>
    </message>
    <message>
        <source>Select cameras in a rectangle</source>
        <translation>사각형으로 카메라 선택</translation>
    </message>
    <message>
        <source>Select cameras by drawing around them</source>
        <translation>둘레를 그려 카메라 선택</translation>
    </message>
    <message>
        <source>Follow the incident</source>
        <translation>사건 따라가기</translation>
    </message>
    <message>
        <source>Another map window</source>
        <translation>지도 창 하나 더</translation>
    </message>
    <message>
        <source>{count} cameras selected</source>
        <translation>카메라 {count}대 선택</translation>
    </message>
    <message>
        <source>{total} cameras are here; the {count} nearest to the middle are selected</source>
        <translation>이곳의 카메라 {total}대 가운데 중심에서 가까운 {count}대를 선택했습니다</translation>
    </message>
    <message>
        <source>Traffic: measured at an unknown time</source>
        <translation>교통: 측정 시각을 알 수 없음</translation>
    </message>
    <message>
        <source>Traffic is old: measured {time}</source>
        <translation>교통 정보가 오래됨: {time} 측정</translation>
    </message>
    <message>
        <source>Public and private cameras</source>
        <translation>공공과 민간 카메라</translation>
    </message>
    <message>
        <source>Public cameras alone</source>
        <translation>공공 카메라만</translation>
    </message>
    <message>
        <source>Seen at least how well</source>
        <translation>최소한의 식별 등급</translation>
    </message>
    <message>
        <source>Whose cameras count</source>
        <translation>셈에 넣을 카메라</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>계속</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>멈춤</translation>
    </message>
    <message>
        <source>Drag the cone, its side widens it · arrows (Shift: finer), [ and ] too · Enter keeps it, Esc drops it</source>
        <translation>부채꼴을 끌어 돌리고 옆선을 끌어 넓힘 · 화살표(Shift: 세밀하게), [ ]도 됨 · Enter 저장, Esc 취소</translation>
    </message>
    <message>
        <source>Sighting {number}</source>
        <translation>목격 {number}</translation>
    </message>
</context>
<context>
    <name>Marks</name>
    <message>
        <source>Expected · {earned:g} of {whole:g} so far</source>
        <translation>기대 행동 · 지금까지 {earned:g}/{whole:g}</translation>
    </message>
</context>
<context>
    <name>Mask</name>
    <message>
        <source>Why are the masks lifted for {minutes:g} minutes?</source>
        <translation>가림을 {minutes:g}분 동안 해제하는 사유를 적으십시오</translation>
    </message>
    <message>
        <source>Privacy masks: draw areas</source>
        <translation>가림 영역 그리기</translation>
    </message>
    <message>
        <source>Reason for the record</source>
        <translation>기록에 남길 사유</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Click corners, Enter closes an area, Backspace takes back, Esc leaves</source>
        <translation>꼭짓점을 누르십시오. Enter 영역 닫기, Backspace 되돌리기, Esc 나가기</translation>
    </message>
</context>
<context>
    <name>Menu</name>
    <message>
        <source>&amp;Incident</source>
        <translation>사건(&amp;I)</translation>
    </message>
    <message>
        <source>V&amp;erdict</source>
        <translation>판정(&amp;E)</translation>
    </message>
    <message>
        <source>E&amp;vidence</source>
        <translation>증거(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Wall</source>
        <translation>영상 벽(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Tile</source>
        <translation>타일(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Replay</source>
        <translation>다시보기(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Cameras that turn</source>
        <translation>카메라 조작(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Salvos and tours</source>
        <translation>묶음·순회(&amp;S)</translation>
    </message>
    <message>
        <source>S&amp;upervisor</source>
        <translation>관리자(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Drill</source>
        <translation>훈련(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>화면(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Menu</source>
        <translation>메뉴(&amp;M)</translation>
    </message>
</context>
<context>
    <name>Merge</name>
    <message>
        <source>The incident that is chosen ends; its alerts go on in {title}. Ctrl+Z takes it back.</source>
        <translation>고른 사건은 끝나고 그 경보는 {title}에서 이어집니다. Ctrl+Z로 되돌립니다.</translation>
    </message>
    <message>
        <source>{metres:.0f} m away</source>
        <translation>{metres:.0f} m 거리</translation>
    </message>
</context>
<context>
    <name>Message</name>
    <message>
        <source>seat {seat}</source>
        <translation>좌석 {seat}</translation>
    </message>
    <message>
        <source> (not there yet)</source>
        <translation> (전달 중)</translation>
    </message>
    <message>
        <source>To the receivers (Enter sends)</source>
        <translation>수신 기관에 보낼 말 (Enter로 보냄)</translation>
    </message>
    <message>
        <source>Message to the receivers</source>
        <translation>수신 기관에 보낼 메시지</translation>
    </message>
</context>
<context>
    <name>Mirror</name>
    <message>
        <source>What the trainee sees</source>
        <translation>훈련생 화면</translation>
    </message>
    <message>
        <source>No picture of this seat has come yet.</source>
        <translation>이 좌석의 화면이 아직 오지 않았습니다.</translation>
    </message>
    <message>
        <source>kept at {second:.0f} s</source>
        <translation>{second:.0f}초의 화면</translation>
    </message>
    <message>
        <source>▲ {age:.0f} s old</source>
        <translation>▲ {age:.0f}초 전</translation>
    </message>
    <message>
        <source>{age:.1f} s old</source>
        <translation>{age:.1f}초 전</translation>
    </message>
</context>
<context>
    <name>Note</name>
    <message>
        <source>Note: what you see (N, then Enter)</source>
        <translation>메모: 보이는 것을 적고 Enter (N)</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>메모</translation>
    </message>
    <message>
        <source>Note: {text}</source>
        <translation>메모: {text}</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Seen</source>
        <translation>확인</translation>
    </message>
    <message>
        <source>Choose a camera first: on the map, by search, or by its tile.</source>
        <translation>먼저 카메라를 고르십시오. 지도나 검색, 영상 타일에서 고를 수 있습니다.</translation>
    </message>
</context>
<context>
    <name>Operation</name>
    <message>
        <source>Begin to verify</source>
        <translation>확인 시작</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>확인 시작</translation>
    </message>
    <message>
        <source>Close the incident</source>
        <translation>사건 종결</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>종결</translation>
    </message>
    <message>
        <source>Evidence: begin before the alarm</source>
        <translation>증거: 경보 전부터</translation>
    </message>
    <message>
        <source>Evidence: end now</source>
        <translation>증거: 지금까지</translation>
    </message>
    <message>
        <source>Evidence: begin 5 s earlier</source>
        <translation>증거: 시작 5초 앞으로</translation>
    </message>
    <message>
        <source>Evidence: begin 5 s later</source>
        <translation>증거: 시작 5초 뒤로</translation>
    </message>
    <message>
        <source>Evidence: end 5 s earlier</source>
        <translation>증거: 끝 5초 앞으로</translation>
    </message>
    <message>
        <source>Evidence: end 5 s later</source>
        <translation>증거: 끝 5초 뒤로</translation>
    </message>
    <message>
        <source>Evidence: camera {number} in or out</source>
        <translation>증거: 카메라 {number} 넣기·빼기</translation>
    </message>
    <message>
        <source>{agency} hand-off</source>
        <translation>{agency} 이관</translation>
    </message>
    <message>
        <source>Hand off to others or to several</source>
        <translation>다른 기관·여러 기관 이관</translation>
    </message>
    <message>
        <source>Others</source>
        <translation>다른 기관</translation>
    </message>
    <message>
        <source>Write a note</source>
        <translation>메모 쓰기</translation>
    </message>
    <message>
        <source>Priority: {priority}</source>
        <translation>우선순위: {priority}</translation>
    </message>
    <message>
        <source>Give back to the queue</source>
        <translation>대기열로 되돌리기</translation>
    </message>
    <message>
        <source>Give back</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <source>Tick a procedure step</source>
        <translation>절차 확인 표시</translation>
    </message>
    <message>
        <source>Undo the last act</source>
        <translation>마지막 조작 취소</translation>
    </message>
    <message>
        <source>Extend the private cameras</source>
        <translation>민간 카메라 열람 연장</translation>
    </message>
    <message>
        <source>Next in the queue</source>
        <translation>대기열 다음</translation>
    </message>
    <message>
        <source>Previous in the queue</source>
        <translation>대기열 이전</translation>
    </message>
    <message>
        <source>Go to the queue</source>
        <translation>대기열로 가기</translation>
    </message>
    <message>
        <source>History, reports, pictures</source>
        <translation>경과 · 신고 · 사진</translation>
    </message>
    <message>
        <source>Seconds before the alarm</source>
        <translation>경보 직전 다시보기</translation>
    </message>
    <message>
        <source>Import data…</source>
        <translation>자료 가져오기…</translation>
    </message>
    <message>
        <source>Supervisor: table, shelves, senders</source>
        <translation>관리자: 우선순위표 · 보류 · 발신처</translation>
    </message>
    <message>
        <source>Map to the next monitor</source>
        <translation>지도를 다음 모니터로</translation>
    </message>
    <message>
        <source>Wall to the next monitor</source>
        <translation>영상을 다음 모니터로</translation>
    </message>
    <message>
        <source>Incident to the next monitor</source>
        <translation>사건을 다음 모니터로</translation>
    </message>
    <message>
        <source>Bring all panels back</source>
        <translation>모든 화면 제자리로</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>전체 화면</translation>
    </message>
    <message>
        <source>Put the message away</source>
        <translation>알림 치우기</translation>
    </message>
    <message>
        <source>한국어 / English</source>
        <translation>한국어 / English</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>명령 찾기</translation>
    </message>
    <message>
        <source>Leave the console</source>
        <translation>관제 화면 끝내기</translation>
    </message>
    <message>
        <source>Set a camera&apos;s direction on the map</source>
        <translation>지도에서 카메라 방향 정하기</translation>
    </message>
    <message>
        <source>Set direction</source>
        <translation>방향 정하기</translation>
    </message>
    <message>
        <source>Take back the live view</source>
        <translation>실시간 열람 거두기</translation>
    </message>
    <message>
        <source>Panel for steering cameras</source>
        <translation>카메라 조작 패널</translation>
    </message>
    <message>
        <source>Steer by keys, on or off</source>
        <translation>키보드로 카메라 조작 켜기·끄기</translation>
    </message>
    <message>
        <source>Take the camera</source>
        <translation>카메라 조작권 가져오기</translation>
    </message>
    <message>
        <source>Give the camera up</source>
        <translation>카메라 조작권 내려놓기</translation>
    </message>
    <message>
        <source>Turn every camera that can see a spot to it</source>
        <translation>지점을 볼 수 있는 모든 카메라를 그곳으로 돌리기</translation>
    </message>
    <message>
        <source>Turn every camera that can see the incident to it</source>
        <translation>사건 현장을 볼 수 있는 모든 카메라를 그곳으로 돌리기</translation>
    </message>
    <message>
        <source>Wall of {tiles}</source>
        <translation>{tiles}분할</translation>
    </message>
    <message>
        <source>As many tiles as there are cameras</source>
        <translation>카메라 수에 맞춘 분할</translation>
    </message>
    <message>
        <source>The incident&apos;s cameras in rank order</source>
        <translation>사건 카메라를 순위대로</translation>
    </message>
    <message>
        <source>Second wall on another monitor, open or close</source>
        <translation>두 번째 영상 벽 창 열기·닫기</translation>
    </message>
    <message>
        <source>Replay: 5 s back</source>
        <translation>다시보기: 5초 전</translation>
    </message>
    <message>
        <source>Replay: 30 s back</source>
        <translation>다시보기: 30초 전</translation>
    </message>
    <message>
        <source>Replay: pause or play</source>
        <translation>다시보기: 멈춤·재생</translation>
    </message>
    <message>
        <source>Replay: the picture before</source>
        <translation>다시보기: 앞 화면</translation>
    </message>
    <message>
        <source>Replay: the next picture</source>
        <translation>다시보기: 다음 화면</translation>
    </message>
    <message>
        <source>Back to live</source>
        <translation>실시간으로</translation>
    </message>
    <message>
        <source>Salvo {number}</source>
        <translation>묶음 {number}</translation>
    </message>
    <message>
        <source>Saved wall {number}</source>
        <translation>저장한 벽 {number}</translation>
    </message>
    <message>
        <source>Tour {number}</source>
        <translation>순회 {number}</translation>
    </message>
    <message>
        <source>Tour: wait or go on</source>
        <translation>순회: 멈춤·계속</translation>
    </message>
    <message>
        <source>Tour: end</source>
        <translation>순회: 끝내기</translation>
    </message>
    <message>
        <source>Salvos, saved walls and tours …</source>
        <translation>묶음·저장한 벽·순회 관리…</translation>
    </message>
    <message>
        <source>Keep the wall&apos;s cameras as a salvo</source>
        <translation>지금 카메라를 묶음으로 저장</translation>
    </message>
    <message>
        <source>Keep the wall, layout and places</source>
        <translation>지금 영상 벽을 배치째 저장</translation>
    </message>
    <message>
        <source>Keep the wall&apos;s cameras as a tour</source>
        <translation>지금 카메라를 순회로 저장</translation>
    </message>
    <message>
        <source>Snapshot of the tile</source>
        <translation>타일 정지 영상 저장</translation>
    </message>
    <message>
        <source>Choose tile {number}</source>
        <translation>{number}번 타일 선택</translation>
    </message>
    <message>
        <source>Enlarge the tile, or show all again</source>
        <translation>타일 크게 보기·모두 보기</translation>
    </message>
    <message>
        <source>Swap the tile with the one chosen next</source>
        <translation>다음에 고르는 타일과 자리 바꾸기</translation>
    </message>
    <message>
        <source>Take the camera off the wall</source>
        <translation>카메라를 벽에서 내리기</translation>
    </message>
    <message>
        <source>Digital zoom in</source>
        <translation>디지털 확대</translation>
    </message>
    <message>
        <source>Digital zoom out</source>
        <translation>디지털 축소</translation>
    </message>
    <message>
        <source>The whole picture again</source>
        <translation>확대 해제</translation>
    </message>
    <message>
        <source>Freeze a picture beside the live one</source>
        <translation>화면을 고정해 실시간과 비교</translation>
    </message>
    <message>
        <source>Privacy masks of the camera</source>
        <translation>카메라 가림 영역 설정</translation>
    </message>
    <message>
        <source>Lift the camera&apos;s masks for a time</source>
        <translation>카메라 가림 일시 해제</translation>
    </message>
    <message>
        <source>Cover the camera&apos;s picture again</source>
        <translation>카메라 가림 다시 적용</translation>
    </message>
    <message>
        <source>Covered by hand</source>
        <translation>수동으로 다시 가림</translation>
    </message>
    <message>
        <source>Merge another incident into this one</source>
        <translation>다른 사건을 이 사건에 합치기</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>합치기</translation>
    </message>
    <message>
        <source>Show the record of the person</source>
        <translation>대상자 기록 열람</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>열람</translation>
    </message>
    <message>
        <source>Addresses told by the sender</source>
        <translation>신고처가 알린 주소</translation>
    </message>
    <message>
        <source>Addresses</source>
        <translation>주소</translation>
    </message>
    <message>
        <source>Shelve an alarm</source>
        <translation>경보 보류</translation>
    </message>
    <message>
        <source>Take an alarm off the shelf</source>
        <translation>경보 보류 해제</translation>
    </message>
    <message>
        <source>Part alerts to an incident of their own</source>
        <translation>경보를 따로 나누기</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>나누기</translation>
    </message>
    <message>
        <source>Table of priorities</source>
        <translation>우선순위표</translation>
    </message>
    <message>
        <source>Send a follow-up</source>
        <translation>추가 이관</translation>
    </message>
    <message>
        <source>Follow-up</source>
        <translation>추가 이관</translation>
    </message>
    <message>
        <source>Write to the receivers</source>
        <translation>수신 기관에 메시지</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>메시지</translation>
    </message>
    <message>
        <source>Recall the hand-off</source>
        <translation>이관 거두기</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>거두기</translation>
    </message>
    <message>
        <source>Change the register of senders</source>
        <translation>송신기 등록부 변경</translation>
    </message>
    <message>
        <source>Take a sender out of the register</source>
        <translation>송신기 등록 해제</translation>
    </message>
    <message>
        <source>Senders: register and figures</source>
        <translation>송신기: 등록부와 실적</translation>
    </message>
    <message>
        <source>To work</source>
        <translation>업무 시작</translation>
    </message>
    <message>
        <source>Words heard</source>
        <translation>확인했음</translation>
    </message>
    <message>
        <source>Read the briefing again</source>
        <translation>브리핑 다시 보기</translation>
    </message>
    <message>
        <source>Result of the drill</source>
        <translation>훈련 결과</translation>
    </message>
    <message>
        <source>Release locked evidence</source>
        <translation>잠긴 증거 해제</translation>
    </message>
    <message>
        <source>Release</source>
        <translation>해제</translation>
    </message>
    <message>
        <source>Fire now</source>
        <translation>지금 투입</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>건너뛰기</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>보류</translation>
    </message>
    <message>
        <source>Let go</source>
        <translation>보류 해제</translation>
    </message>
    <message>
        <source>Add an inject …</source>
        <translation>투입 추가 …</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>일시 정지</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>재개</translation>
    </message>
    <message>
        <source>Speak to a seat …</source>
        <translation>좌석에 말하기 …</translation>
    </message>
    <message>
        <source>Mark this moment …</source>
        <translation>이 순간 표시 …</translation>
    </message>
    <message>
        <source>End the drill …</source>
        <translation>훈련 종료 …</translation>
    </message>
    <message>
        <source>Open the report</source>
        <translation>보고서 열기</translation>
    </message>
    <message>
        <source>Play or stop the replay</source>
        <translation>다시보기 재생·정지</translation>
    </message>
    <message>
        <source>Ten seconds back</source>
        <translation>10초 뒤로</translation>
    </message>
    <message>
        <source>Ten seconds on</source>
        <translation>10초 앞으로</translation>
    </message>
    <message>
        <source>Next seat</source>
        <translation>다음 좌석</translation>
    </message>
    <message>
        <source>Leave the trainer&apos;s window</source>
        <translation>훈련관 창 닫기</translation>
    </message>
    <message>
        <source>Seen here now (track)</source>
        <translation>지금 여기서 목격(이동 경로)</translation>
    </message>
    <message>
        <source>New scenario</source>
        <translation>새 시나리오</translation>
    </message>
    <message>
        <source>Open …</source>
        <translation>열기 …</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Save as …</source>
        <translation>다른 이름 …</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>다시 하기</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>추가</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>빼기</translation>
    </message>
    <message>
        <source>Film this</source>
        <translation>촬영</translation>
    </message>
    <message>
        <source>Stop filming</source>
        <translation>촬영 멈춤</translation>
    </message>
    <message>
        <source>Leave the editor</source>
        <translation>편집기 닫기</translation>
    </message>
    <message>
        <source>Save clips of the span …</source>
        <translation>구간 영상 저장 …</translation>
    </message>
    <message>
        <source>Save clips</source>
        <translation>영상 저장</translation>
    </message>
</context>
<context>
    <name>Outcome</name>
    <message>
        <source>false alarm</source>
        <translation>오경보</translation>
    </message>
    <message>
        <source>handed off</source>
        <translation>이관 완료</translation>
    </message>
    <message>
        <source>restored by itself</source>
        <translation>스스로 복구</translation>
    </message>
    <message>
        <source>merged</source>
        <translation>다른 사건에 합침</translation>
    </message>
    <message>
        <source>resolved without a hand-off</source>
        <translation>이관 없이 종료</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>What do you want to do?</source>
        <translation>무엇을 하시겠습니까?</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>명령 찾기</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>명령</translation>
    </message>
</context>
<context>
    <name>Person</name>
    <message>
        <source>Record of the person</source>
        <translation>대상자 기록</translation>
    </message>
    <message>
        <source>What for</source>
        <translation>열람 목적</translation>
    </message>
    <message>
        <source>Picture of the person</source>
        <translation>대상자 사진</translation>
    </message>
    <message>
        <source>Show the record</source>
        <translation>기록 열람</translation>
    </message>
    <message>
        <source>Show picture {number}</source>
        <translation>사진 {number} 열람</translation>
    </message>
    <message>
        <source>Each item that is shown is on record with this seat, the time and what for.</source>
        <translation>열람할 때마다 좌석, 시각, 목적이 기록에 남습니다.</translation>
    </message>
    <message>
        <source>Search for the person on cameras</source>
        <translation>카메라에서 대상자 찾기</translation>
    </message>
    <message>
        <source>Compare with a person on camera</source>
        <translation>카메라에 보이는 사람과 비교</translation>
    </message>
    <message>
        <source>Call the guardian back</source>
        <translation>보호자에게 회신</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>기록</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>읽을 수 없음</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>서비스</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>사건 번호</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Phone</source>
        <translation>전화</translation>
    </message>
    <message>
        <source>Born</source>
        <translation>생년월일</translation>
    </message>
    <message>
        <source>Sex</source>
        <translation>성별</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>주소</translation>
    </message>
    <message>
        <source>Guardian</source>
        <translation>보호자</translation>
    </message>
    <message>
        <source>Guardian&apos;s phone</source>
        <translation>보호자 전화</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>인상착의</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>비고</translation>
    </message>
    <message>
        <source>Pictures not sent</source>
        <translation>보내지 않은 사진</translation>
    </message>
</context>
<context>
    <name>Pictures</name>
    <message>
        <source>Pictures that came with the alerts</source>
        <translation>경보와 함께 온 사진</translation>
    </message>
    <message>
        <source>Picture from the sender</source>
        <translation>신고처가 보낸 사진</translation>
    </message>
</context>
<context>
    <name>Priority</name>
    <message>
        <source>Emergency</source>
        <translation>긴급</translation>
    </message>
    <message>
        <source>High</source>
        <translation>높음</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>보통</translation>
    </message>
</context>
<context>
    <name>Procedure</name>
    <message>
        <source>Procedure</source>
        <translation>절차</translation>
    </message>
    <message>
        <source>Weapon</source>
        <translation>흉기 여부</translation>
    </message>
    <message>
        <source>People, clothing</source>
        <translation>인원·인상착의</translation>
    </message>
    <message>
        <source>Direction of flight</source>
        <translation>도주 방향</translation>
    </message>
    <message>
        <source>Injured</source>
        <translation>부상자</translation>
    </message>
    <message>
        <source>Point of entry</source>
        <translation>침입 경로</translation>
    </message>
    <message>
        <source>Guard on the way</source>
        <translation>출동 요원 확인</translation>
    </message>
    <message>
        <source>Flame or smoke</source>
        <translation>불꽃·연기</translation>
    </message>
    <message>
        <source>People inside</source>
        <translation>내부 인원</translation>
    </message>
    <message>
        <source>Access for engines</source>
        <translation>소방차 진입로</translation>
    </message>
    <message>
        <source>Spread to neighbours</source>
        <translation>옆 건물 번짐</translation>
    </message>
    <message>
        <source>Scene seen</source>
        <translation>현장 확인</translation>
    </message>
    <message>
        <source>Firm called back</source>
        <translation>업체 통화</translation>
    </message>
    <message>
        <source>Last seen at</source>
        <translation>마지막 목격 위치</translation>
    </message>
</context>
<context>
    <name>Ptz</name>
    <message>
        <source>This device neither turns nor zooms.</source>
        <translation>이 장치는 회전도 확대도 하지 않습니다.</translation>
    </message>
    <message>
        <source>supervisor</source>
        <translation>감독자</translation>
    </message>
    <message>
        <source>verifies the incident</source>
        <translation>사건 확인 중</translation>
    </message>
    <message>
        <source>operator</source>
        <translation>관제원</translation>
    </message>
    <message>
        <source>Nobody steers it</source>
        <translation>조작 중인 좌석 없음</translation>
    </message>
    <message>
        <source>This seat steers it ({rank})</source>
        <translation>이 좌석이 조작 중 ({rank})</translation>
    </message>
    <message>
        <source>Seat {seat} steers it ({rank})</source>
        <translation>{seat}번 좌석이 조작 중 ({rank})</translation>
    </message>
    <message>
        <source>Seat {seat} ({rank}) has taken over {camera}. Your move was stopped.</source>
        <translation>{seat}번 좌석({rank})이 {camera} 조작권을 가져갔습니다. 움직임을 멈췄습니다.</translation>
    </message>
    <message>
        <source>The device does not say where it looks</source>
        <translation>장치가 바라보는 방향을 알려 주지 않습니다</translation>
    </message>
    <message>
        <source>pan {pan} · tilt {tilt}</source>
        <translation>팬 {pan} · 틸트 {tilt}</translation>
    </message>
    <message>
        <source>zoom {zoom}</source>
        <translation>줌 {zoom}</translation>
    </message>
    <message>
        <source>This device does not turn.</source>
        <translation>이 장치는 회전하지 않습니다.</translation>
    </message>
    <message>
        <source>This device does not zoom.</source>
        <translation>이 장치는 확대하지 않습니다.</translation>
    </message>
    <message>
        <source>This device cannot be pointed at a spot.</source>
        <translation>이 장치는 지점을 지정해 돌릴 수 없습니다.</translation>
    </message>
    <message>
        <source>This device keeps no presets.</source>
        <translation>이 장치는 프리셋을 저장하지 않습니다.</translation>
    </message>
    <message>
        <source>This device cannot do this.</source>
        <translation>이 장치는 이 동작을 지원하지 않습니다.</translation>
    </message>
    <message>
        <source>No camera that turns can see this spot.</source>
        <translation>이 지점을 볼 수 있는 회전 카메라가 없습니다.</translation>
    </message>
    <message>
        <source>{turned} of {of} cameras that turn now look at the spot.</source>
        <translation>회전 카메라 {of}대 중 {turned}대를 지점으로 돌렸습니다.</translation>
    </message>
    <message>
        <source>a building is in the way</source>
        <translation>건물에 가려 있음</translation>
    </message>
    <message>
        <source>no answer in time</source>
        <translation>제때 답하지 않음</translation>
    </message>
    <message>
        <source>Gamepad: {name}</source>
        <translation>게임패드: {name}</translation>
    </message>
    <message>
        <source>No camera is chosen</source>
        <translation>고른 카메라 없음</translation>
    </message>
    <message>
        <source>Give up</source>
        <translation>내려놓기</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>조작권 가져오기</translation>
    </message>
    <message>
        <source>Keys steer: ON (Esc ends)</source>
        <translation>키보드 조작: 켜짐 (Esc로 끝냄)</translation>
    </message>
    <message>
        <source>Steer by keys</source>
        <translation>키보드로 조작</translation>
    </message>
    <message>
        <source>The gateway cannot be reached. Cameras stand still; it is tried again.</source>
        <translation>게이트웨이에 연결할 수 없습니다. 카메라는 멈춰 있으며 다시 시도하는 중입니다.</translation>
    </message>
    <message>
        <source>Choose one on the map or on the wall.</source>
        <translation>지도나 영상벽에서 카메라를 고르십시오.</translation>
    </message>
    <message>
        <source>Connecting to the device …</source>
        <translation>장치에 연결하는 중…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>다시 시도</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>속도</translation>
    </message>
    <message>
        <source>Arrows turn · Page Up and Page Down zoom · Shift is slow</source>
        <translation>화살표 회전 · Page Up, Page Down 확대·축소 · Shift 천천히</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>프리셋</translation>
    </message>
    <message>
        <source>Stick: pull to turn</source>
        <translation>스틱: 당겨서 회전</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>확대</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>축소</translation>
    </message>
    <message>
        <source>Steering a camera</source>
        <translation>카메라 조작</translation>
    </message>
    <message>
        <source>Keys steer {camera} · Esc ends</source>
        <translation>키보드로 {camera} 조작 중 · Esc 끝</translation>
    </message>
    <message>
        <source>Name for this view</source>
        <translation>이 화면의 이름</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Go</source>
        <translation>이동</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>이름 바꾸기</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>New name. The camera goes there first: a device renames only where it looks.</source>
        <translation>새 이름을 입력하십시오. 장치는 바라보는 곳의 이름만 바꿀 수 있어 카메라가 먼저 그곳으로 이동합니다.</translation>
    </message>
    <message>
        <source>This seat</source>
        <translation>이 좌석</translation>
    </message>
    <message>
        <source>Seat {seat}</source>
        <translation>{seat}번 좌석</translation>
    </message>
</context>
<context>
    <name>Purpose</name>
    <message>
        <source>crime prevention</source>
        <translation>방범</translation>
    </message>
    <message>
        <source>child protection</source>
        <translation>어린이보호</translation>
    </message>
    <message>
        <source>traffic</source>
        <translation>교통</translation>
    </message>
    <message>
        <source>litter</source>
        <translation>쓰레기단속</translation>
    </message>
    <message>
        <source>facility</source>
        <translation>시설물관리</translation>
    </message>
    <message>
        <source>disaster</source>
        <translation>재난</translation>
    </message>
    <message>
        <source>vehicle crime</source>
        <translation>차량방범</translation>
    </message>
    <message>
        <source>multi-purpose</source>
        <translation>다목적</translation>
    </message>
    <message>
        <source>other purpose</source>
        <translation>기타</translation>
    </message>
</context>
<context>
    <name>Queue</name>
    <message>
        <source>Incidents that wait</source>
        <translation>접수 대기 사건</translation>
    </message>
    <message>
        <source>Priority · time waited</source>
        <translation>우선순위 · 경과시간순</translation>
    </message>
    <message>
        <source>Waiting {count}</source>
        <translation>접수 대기 {count}</translation>
    </message>
    <message>
        <source>Flood</source>
        <translation>폭주</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>정상</translation>
    </message>
    <message>
        <source>in 10 min</source>
        <translation>10분 접수</translation>
    </message>
    <message>
        <source>longest wait</source>
        <translation>최장 미확인</translation>
    </message>
    <message>
        <source>alarm load</source>
        <translation>폭주 상태</translation>
    </message>
    <message>
        <source>By place and kind</source>
        <translation>곳 · 종류별</translation>
    </message>
    <message>
        <source>{count} incidents</source>
        <translation>사건 {count}건</translation>
    </message>
</context>
<context>
    <name>Reason</name>
    <message>
        <source>No incident is selected.</source>
        <translation>선택한 사건이 없습니다.</translation>
    </message>
    <message>
        <source>The incident is closed.</source>
        <translation>종결된 사건입니다.</translation>
    </message>
    <message>
        <source>Begin to verify the incident first (F2).</source>
        <translation>먼저 확인을 시작하십시오(F2).</translation>
    </message>
    <message>
        <source>Seat {seat} is verifying this incident.</source>
        <translation>좌석 {seat}에서 확인 중인 사건입니다.</translation>
    </message>
    <message>
        <source>This seat is verifying it already.</source>
        <translation>이 좌석에서 이미 확인 중입니다.</translation>
    </message>
    <message>
        <source>Give a grade first (keys 0 to 4).</source>
        <translation>먼저 등급을 판정하십시오(0~4 키).</translation>
    </message>
    <message>
        <source>A hand-off is not delivered yet.</source>
        <translation>아직 전달되지 않은 이관이 있습니다.</translation>
    </message>
    <message>
        <source>A threat must be handed off before it is closed.</source>
        <translation>위협 등급은 이관한 뒤에 종결할 수 있습니다.</translation>
    </message>
    <message>
        <source>There is no recording camera with this number.</source>
        <translation>이 번호의 녹화 카메라가 없습니다.</translation>
    </message>
    <message>
        <source>One camera must stay in the evidence.</source>
        <translation>증거에는 카메라가 한 대 이상 있어야 합니다.</translation>
    </message>
    <message>
        <source>Give a grade first (keys 1 to 4).</source>
        <translation>먼저 등급을 판정하십시오(1~4 키).</translation>
    </message>
    <message>
        <source>Graded a false alarm: close it, or give another grade.</source>
        <translation>오경보로 판정했습니다. 종결하거나 등급을 바꾸십시오.</translation>
    </message>
    <message>
        <source>No station is known that answers for this place.</source>
        <translation>이곳을 맡은 기관이 목록에 없습니다.</translation>
    </message>
    <message>
        <source>Handed off to them already; see the receipts.</source>
        <translation>이미 이관했습니다. 수신 기록을 보십시오.</translation>
    </message>
    <message>
        <source>It has this priority already.</source>
        <translation>이미 이 우선순위입니다.</translation>
    </message>
    <message>
        <source>This seat&apos;s last act cannot be undone.</source>
        <translation>이 좌석의 마지막 조작은 취소할 수 없습니다.</translation>
    </message>
    <message>
        <source>This place has no private camera.</source>
        <translation>이곳에는 민간 카메라가 없습니다.</translation>
    </message>
    <message>
        <source>The queue is empty.</source>
        <translation>대기 중인 사건이 없습니다.</translation>
    </message>
    <message>
        <source>No recording camera sees this place.</source>
        <translation>이곳을 녹화하는 카메라가 없습니다.</translation>
    </message>
    <message>
        <source>Not done: another incident was selected meanwhile.</source>
        <translation>그사이 다른 사건을 선택하여 실행하지 않았습니다.</translation>
    </message>
    <message>
        <source>Nothing has been handed off, so nobody may watch live.</source>
        <translation>이관한 것이 없어 실시간으로 보는 곳이 없습니다.</translation>
    </message>
    <message>
        <source>No receiver may watch live any more.</source>
        <translation>실시간으로 볼 수 있는 기관이 더 이상 없습니다.</translation>
    </message>
    <message>
        <source>This console is not connected to a gateway that steers cameras.</source>
        <translation>이 콘솔은 카메라를 조작하는 게이트웨이에 연결되어 있지 않습니다.</translation>
    </message>
    <message>
        <source>Choose a camera first, on the map or on the wall.</source>
        <translation>먼저 지도나 영상벽에서 카메라를 고르십시오.</translation>
    </message>
    <message>
        <source>This seat steers the camera already.</source>
        <translation>이 좌석이 이미 카메라를 조작하고 있습니다.</translation>
    </message>
    <message>
        <source>This seat does not steer the camera.</source>
        <translation>이 좌석은 카메라를 조작하고 있지 않습니다.</translation>
    </message>
    <message>
        <source>The place of this incident is not known.</source>
        <translation>이 사건의 위치를 알 수 없습니다.</translation>
    </message>
    <message>
        <source>Choose a tile first (Shift+1 to 9, or the arrows).</source>
        <translation>먼저 타일을 고르십시오(Shift+1~9 또는 화살표).</translation>
    </message>
    <message>
        <source>This private camera is shut.</source>
        <translation>이 민간 카메라는 닫혀 있습니다.</translation>
    </message>
    <message>
        <source>The chosen tile has no picture.</source>
        <translation>고른 타일에 영상이 없습니다.</translation>
    </message>
    <message>
        <source>The wall has as many tiles as there are cameras.</source>
        <translation>이미 카메라 수에 맞춘 분할입니다.</translation>
    </message>
    <message>
        <source>The wall shows the cameras in rank order.</source>
        <translation>이미 순위대로 보이고 있습니다.</translation>
    </message>
    <message>
        <source>This camera has no stream, so nothing of it is recorded.</source>
        <translation>스트림이 없는 카메라라 녹화된 것이 없습니다.</translation>
    </message>
    <message>
        <source>No replay is open (J opens one).</source>
        <translation>열린 다시보기가 없습니다(J로 엽니다).</translation>
    </message>
    <message>
        <source>Every tile is live.</source>
        <translation>모든 타일이 실시간입니다.</translation>
    </message>
    <message>
        <source>Nothing is kept in this place.</source>
        <translation>이 자리에 저장된 것이 없습니다.</translation>
    </message>
    <message>
        <source>The wall shows no camera.</source>
        <translation>영상 벽에 카메라가 없습니다.</translation>
    </message>
    <message>
        <source>No tour runs.</source>
        <translation>진행 중인 순회가 없습니다.</translation>
    </message>
    <message>
        <source>Nothing is kept yet.</source>
        <translation>아직 저장된 것이 없습니다.</translation>
    </message>
    <message>
        <source>No tile has this number.</source>
        <translation>이 번호의 타일이 없습니다.</translation>
    </message>
    <message>
        <source>There is no other tile to swap with.</source>
        <translation>자리를 바꿀 다른 타일이 없습니다.</translation>
    </message>
    <message>
        <source>The picture is not magnified.</source>
        <translation>확대된 화면이 아닙니다.</translation>
    </message>
    <message>
        <source>Only a supervisor&apos;s seat may do this.</source>
        <translation>관리자 좌석에서만 할 수 있습니다.</translation>
    </message>
    <message>
        <source>The camera has no privacy mask.</source>
        <translation>이 카메라에는 가림 영역이 없습니다.</translation>
    </message>
    <message>
        <source>The camera&apos;s masks are not lifted.</source>
        <translation>이 카메라의 가림은 해제되어 있지 않습니다.</translation>
    </message>
    <message>
        <source>There is no other open incident.</source>
        <translation>열린 다른 사건이 없습니다.</translation>
    </message>
    <message>
        <source>It is handed off: merge this one into it, so that its receipts stay with it.</source>
        <translation>이미 이관한 사건입니다. 수신 확인이 이어지도록 이 사건을 그쪽에 합치십시오.</translation>
    </message>
    <message>
        <source>No personal record came with it.</source>
        <translation>함께 온 대상자 기록이 없습니다.</translation>
    </message>
    <message>
        <source>No sender told an address.</source>
        <translation>신고처가 알린 주소가 없습니다.</translation>
    </message>
    <message>
        <source>An emergency is never shelved.</source>
        <translation>긴급 경보는 보류할 수 없습니다.</translation>
    </message>
    <message>
        <source>Nothing is shelved.</source>
        <translation>보류한 경보가 없습니다.</translation>
    </message>
    <message>
        <source>It holds only one alert.</source>
        <translation>경보가 한 건뿐입니다.</translation>
    </message>
    <message>
        <source>It is handed off as it is: what was sent stays.</source>
        <translation>이대로 이관한 사건입니다. 보낸 것은 바꿀 수 없습니다.</translation>
    </message>
    <message>
        <source>Nobody has this incident whom more could be sent to.</source>
        <translation>이 사건을 받아 더 보낼 기관이 없습니다.</translation>
    </message>
    <message>
        <source>Nobody has this incident whom you could write to.</source>
        <translation>이 사건을 받아 메시지를 보낼 기관이 없습니다.</translation>
    </message>
    <message>
        <source>Nothing has been handed off.</source>
        <translation>이관한 것이 없습니다.</translation>
    </message>
    <message>
        <source>Every hand-off is recalled, refused or closed already.</source>
        <translation>모든 이관이 이미 회수, 거부 또는 종결되었습니다.</translation>
    </message>
    <message>
        <source>Nothing lies over the console.</source>
        <translation>콘솔을 가린 것이 없습니다.</translation>
    </message>
    <message>
        <source>Nobody has spoken to this seat.</source>
        <translation>이 좌석에 온 말이 없습니다.</translation>
    </message>
    <message>
        <source>The drill is not over yet.</source>
        <translation>훈련이 아직 끝나지 않았습니다.</translation>
    </message>
    <message>
        <source>No evidence is locked.</source>
        <translation>잠긴 증거가 없습니다.</translation>
    </message>
    <message>
        <source>Every locked piece belongs to an open incident.</source>
        <translation>잠긴 증거가 모두 진행 중인 사건의 것입니다.</translation>
    </message>
    <message>
        <source>The drill is over.</source>
        <translation>훈련이 끝났습니다.</translation>
    </message>
    <message>
        <source>The drill has not begun yet.</source>
        <translation>훈련이 아직 시작되지 않았습니다.</translation>
    </message>
    <message>
        <source>The director does not run: nobody would carry this out.</source>
        <translation>진행기가 돌고 있지 않아 실행할 곳이 없습니다.</translation>
    </message>
    <message>
        <source>Choose an inject first.</source>
        <translation>먼저 투입을 고르십시오.</translation>
    </message>
    <message>
        <source>This inject was fired already.</source>
        <translation>이미 투입되었습니다.</translation>
    </message>
    <message>
        <source>This inject was skipped.</source>
        <translation>건너뛴 투입입니다.</translation>
    </message>
    <message>
        <source>It is held already.</source>
        <translation>이미 보류 중입니다.</translation>
    </message>
    <message>
        <source>It is not held.</source>
        <translation>보류 중이 아닙니다.</translation>
    </message>
    <message>
        <source>The drill is paused already.</source>
        <translation>이미 일시 정지 중입니다.</translation>
    </message>
    <message>
        <source>The drill is not paused.</source>
        <translation>일시 정지 중이 아닙니다.</translation>
    </message>
    <message>
        <source>There is no report yet.</source>
        <translation>보고서가 아직 없습니다.</translation>
    </message>
    <message>
        <source>A replay is to be had when the drill is over.</source>
        <translation>다시보기는 훈련이 끝난 뒤에 할 수 있습니다.</translation>
    </message>
    <message>
        <source>The scenario has not been read yet.</source>
        <translation>시나리오를 아직 읽지 못했습니다.</translation>
    </message>
    <message>
        <source>The tile looks back: return to the live picture first.</source>
        <translation>지난 영상을 보는 중입니다. 먼저 실시간으로 돌아가십시오.</translation>
    </message>
    <message>
        <source>Everything is saved.</source>
        <translation>모두 저장되어 있습니다.</translation>
    </message>
    <message>
        <source>There is nothing to take back.</source>
        <translation>되돌릴 것이 없습니다.</translation>
    </message>
    <message>
        <source>There is nothing to do again.</source>
        <translation>다시 할 것이 없습니다.</translation>
    </message>
    <message>
        <source>Choose a part first.</source>
        <translation>먼저 부분을 고르십시오.</translation>
    </message>
    <message>
        <source>It is being filmed.</source>
        <translation>촬영하고 있습니다.</translation>
    </message>
    <message>
        <source>The scenario has no stage.</source>
        <translation>시나리오에 무대가 없습니다.</translation>
    </message>
    <message>
        <source>Save first: what is filmed is what the file says.</source>
        <translation>먼저 저장하십시오. 저장된 파일대로 촬영합니다.</translation>
    </message>
    <message>
        <source>Nothing is being filmed.</source>
        <translation>촬영 중이 아닙니다.</translation>
    </message>
    <message>
        <source>The stage is not installed here.</source>
        <translation>이 컴퓨터에는 무대(촬영기)가 설치되어 있지 않습니다.</translation>
    </message>
    <message>
        <source>No camera of this incident is recorded and open.</source>
        <translation>이 사건에는 녹화되고 열려 있는 카메라가 없습니다.</translation>
    </message>
    <message>
        <source>Choose at least one camera.</source>
        <translation>카메라를 하나 이상 고르십시오.</translation>
    </message>
    <message>
        <source>The end must be after the begin, by an hour at most.</source>
        <translation>끝은 시작보다 뒤여야 하며, 한 시간까지입니다.</translation>
    </message>
    <message>
        <source>The end is not over yet.</source>
        <translation>끝 시각이 아직 지나지 않았습니다.</translation>
    </message>
    <message>
        <source>A private camera is among them: say what for.</source>
        <translation>민간 카메라가 들어 있습니다. 목적을 적으십시오.</translation>
    </message>
</context>
<context>
    <name>Recall</name>
    <message>
        <source>false alarm</source>
        <translation>오경보</translation>
    </message>
    <message>
        <source>wrong receiver</source>
        <translation>수신 기관 착오</translation>
    </message>
    <message>
        <source>handed off twice</source>
        <translation>이중 이관</translation>
    </message>
    <message>
        <source>corrected by another hand-off</source>
        <translation>다른 이관으로 정정</translation>
    </message>
    <message>
        <source>The receivers are told and the live view ends at once. What was sent stays sent, on record.</source>
        <translation>수신 기관에 알리고 실시간 보기를 바로 끝냅니다. 보낸 것은 보낸 그대로 기록에 남습니다.</translation>
    </message>
</context>
<context>
    <name>Receipts</name>
    <message>
        <source>follow-up</source>
        <translation>추가 이관</translation>
    </message>
    <message>
        <source>being sent …</source>
        <translation>보내는 중 …</translation>
    </message>
    <message>
        <source>NOT DELIVERED · try {attempt} · {reason}</source>
        <translation>전달 안 됨 · {attempt}회 시도 · {reason}</translation>
    </message>
    <message>
        <source>RECALLED · {reason}</source>
        <translation>회수됨 · {reason}</translation>
    </message>
    <message>
        <source> · before it arrived</source>
        <translation> · 도착 전</translation>
    </message>
    <message>
        <source> · RECEIVER NOT TOLD YET, try {attempt}</source>
        <translation> · 수신 기관에 아직 알리지 못함, {attempt}번째</translation>
    </message>
    <message>
        <source>live view taken back</source>
        <translation>실시간 열람 거둠</translation>
    </message>
    <message>
        <source>LIVE {viewers} watching · cameras {cameras}</source>
        <translation>실시간 열람 {viewers}명 · 카메라 {cameras}대</translation>
    </message>
</context>
<context>
    <name>Recipients</name>
    <message>
        <source>its area</source>
        <translation>관할</translation>
    </message>
    <message>
        <source>nearest on duty, {km:.1f} km</source>
        <translation>근무 중 최근접 {km:.1f} km</translation>
    </message>
    <message>
        <source>nearest, {km:.1f} km</source>
        <translation>최근접 {km:.1f} km</translation>
    </message>
    <message>
        <source>on duty ({hours})</source>
        <translation>근무 중({hours})</translation>
    </message>
    <message>
        <source>OFF DUTY now ({hours})</source>
        <translation>지금 근무 외({hours})</translation>
    </message>
    <message>
        <source>Each one gets what stands here. Access is on record.</source>
        <translation>고른 기관마다 위 내용을 보냅니다. 열람은 대장에 기록됩니다.</translation>
    </message>
    <message>
        <source>Hand off</source>
        <translation>이관</translation>
    </message>
    <message>
        <source>masked copies</source>
        <translation>가림 처리본</translation>
    </message>
    <message>
        <source>has it already</source>
        <translation>이미 이관함</translation>
    </message>
</context>
<context>
    <name>Reports</name>
    <message>
        <source>zone {zone}</source>
        <translation>구역 {zone}</translation>
    </message>
    <message>
        <source>Reports of the incident</source>
        <translation>사건의 신고</translation>
    </message>
    <message>
        <source>{address} — no position was told</source>
        <translation>{address} — 위치를 받지 못함</translation>
    </message>
    <message>
        <source>{address} — within {metres:.0f} m</source>
        <translation>{address} — 반경 {metres:.0f} m</translation>
    </message>
</context>
<context>
    <name>Section</name>
    <message>
        <source>Scenario</source>
        <translation>시나리오</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>사건</translation>
    </message>
    <message>
        <source>Injects</source>
        <translation>투입</translation>
    </message>
    <message>
        <source>Expectations</source>
        <translation>기대 행동</translation>
    </message>
    <message>
        <source>Objectives</source>
        <translation>훈련 목표</translation>
    </message>
    <message>
        <source>Feeds</source>
        <translation>영상</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>무대</translation>
    </message>
    <message>
        <source>Actors</source>
        <translation>배우</translation>
    </message>
    <message>
        <source>Fire and smoke</source>
        <translation>불과 연기</translation>
    </message>
</context>
<context>
    <name>Senders</name>
    <message>
        <source>Reading the journal…</source>
        <translation>기록을 읽는 중…</translation>
    </message>
    <message>
        <source>Nothing was saved: mend what is marked.</source>
        <translation>저장하지 않았습니다. 표시된 칸을 고치십시오.</translation>
    </message>
    <message>
        <source>It is registered so already.</source>
        <translation>이미 그렇게 등록되어 있습니다.</translation>
    </message>
    <message>
        <source>Import senders</source>
        <translation>송신기 가져오기</translation>
    </message>
    <message>
        <source>Export senders</source>
        <translation>송신기 내보내기</translation>
    </message>
    <message>
        <source>{count} entries were written.</source>
        <translation>{count}건을 저장했습니다.</translation>
    </message>
    <message>
        <source>9:counter bell:panic|3:back door:motion</source>
        <translation>9:계산대 비상벨:panic|3:뒷문:motion</translation>
    </message>
    <message>
        <source>10.20.0.0/16|203.0.113.7; empty: any</source>
        <translation>10.20.0.0/16|203.0.113.7, 비우면 제한 없음</translation>
    </message>
    <message>
        <source>dc09|webhook; empty: any</source>
        <translation>dc09|webhook, 비우면 제한 없음</translation>
    </message>
    <message>
        <source>seconds; empty: not supervised</source>
        <translation>초, 비우면 감시하지 않음</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>계정</translation>
    </message>
    <message>
        <source>Firm&apos;s id</source>
        <translation>업체 코드</translation>
    </message>
    <message>
        <source>Firm&apos;s name</source>
        <translation>업체명</translation>
    </message>
    <message>
        <source>Call-back number</source>
        <translation>관제실 전화</translation>
    </message>
    <message>
        <source>Status returns to</source>
        <translation>상태 회신 주소</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>대상처</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>주소</translation>
    </message>
    <message>
        <source>Longitude</source>
        <translation>경도</translation>
    </message>
    <message>
        <source>Latitude</source>
        <translation>위도</translation>
    </message>
    <message>
        <source>Zones</source>
        <translation>존</translation>
    </message>
    <message>
        <source>Expected every</source>
        <translation>감시 주기</translation>
    </message>
    <message>
        <source>Allowed networks</source>
        <translation>허용 네트워크</translation>
    </message>
    <message>
        <source>Protocols</source>
        <translation>프로토콜</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>담당자</translation>
    </message>
    <message>
        <source>Contact&apos;s phone</source>
        <translation>담당자 전화</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>Firm</source>
        <translation>업체</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>암호화 키</translation>
    </message>
    <message>
        <source>has a key</source>
        <translation>키 있음</translation>
    </message>
    <message>
        <source>never heard</source>
        <translation>수신된 적 없음</translation>
    </message>
    <message>
        <source>● heard since {time}</source>
        <translation>● {time}부터 정상 수신</translation>
    </message>
    <message>
        <source>▲ late: silent for {time}</source>
        <translation>▲ 지연: {time} 동안 무응답</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>계정</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>경보</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>사건</translation>
    </message>
    <message>
        <source>False</source>
        <translation>오경보</translation>
    </message>
    <message>
        <source>To claim</source>
        <translation>확인 착수</translation>
    </message>
    <message>
        <source>To verdict</source>
        <translation>판정까지</translation>
    </message>
    <message>
        <source>Handed off</source>
        <translation>이관</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds}초</translation>
    </message>
    <message>
        <source>{added} are new, {changed} change, {same} stay, {bad} rows are refused.</source>
        <translation>새 항목 {added}건, 변경 {changed}건, 그대로 {same}건, 제외 {bad}행입니다.</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>변경</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>식별자</translation>
    </message>
    <message>
        <source>new</source>
        <translation>추가</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>변경</translation>
    </message>
    <message>
        <source>{since} to {until}, {days} days</source>
        <translation>{since} ~ {until}, {days}일</translation>
    </message>
    <message>
        <source>Nothing is registered here: this is the catalogue&apos;s.</source>
        <translation>등록된 항목이 아니라 카탈로그의 내용입니다.</translation>
    </message>
    <message>
        <source>Senders</source>
        <translation>송신기</translation>
    </message>
    <message>
        <source>Search account, firm, site or address (Ctrl+F)</source>
        <translation>계정, 업체, 대상처, 주소 검색 (Ctrl+F)</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>검색</translation>
    </message>
    <message>
        <source>Period of the figures</source>
        <translation>실적 기간</translation>
    </message>
    <message>
        <source>Last {days} days</source>
        <translation>최근 {days}일</translation>
    </message>
    <message>
        <source>Firms</source>
        <translation>업체</translation>
    </message>
    <message>
        <source>New (Ctrl+N)</source>
        <translation>새로 등록 (Ctrl+N)</translation>
    </message>
    <message>
        <source>Save (Ctrl+S)</source>
        <translation>저장 (Ctrl+S)</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>등록 해제</translation>
    </message>
    <message>
        <source>Import CSV…</source>
        <translation>CSV 가져오기…</translation>
    </message>
    <message>
        <source>Export CSV…</source>
        <translation>CSV 내보내기…</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>닫기 (Esc)</translation>
    </message>
</context>
<context>
    <name>Sensor</name>
    <message>
        <source>motion</source>
        <translation>열선감지</translation>
    </message>
    <message>
        <source>door</source>
        <translation>출입문</translation>
    </message>
    <message>
        <source>glass break</source>
        <translation>유리파손</translation>
    </message>
    <message>
        <source>panic button</source>
        <translation>비상벨 눌림</translation>
    </message>
    <message>
        <source>smoke</source>
        <translation>연기감지</translation>
    </message>
    <message>
        <source>heat</source>
        <translation>열감지</translation>
    </message>
    <message>
        <source>gas leak</source>
        <translation>가스감지</translation>
    </message>
    <message>
        <source>leak</source>
        <translation>누수</translation>
    </message>
    <message>
        <source>power</source>
        <translation>전원</translation>
    </message>
</context>
<context>
    <name>Shelve</name>
    <message>
        <source>Shelve an alarm</source>
        <translation>경보 보류</translation>
    </message>
    <message>
        <source>Shelve</source>
        <translation>보류</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source> h</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>blank: all zones</source>
        <translation>비우면 모든 구역</translation>
    </message>
    <message>
        <source>Until then its alarms open nothing. They stay on record; emergencies come through.</source>
        <translation>그때까지 이 경보는 사건을 열지 않습니다. 기록에는 남으며 긴급 경보는 그대로 들어옵니다.</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>감지기</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>계정</translation>
    </message>
    <message>
        <source>Zone</source>
        <translation>구역</translation>
    </message>
    <message>
        <source>For</source>
        <translation>기간</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>사유</translation>
    </message>
    <message>
        <source>{account} zone {zone} · {what}</source>
        <translation>{account} 구역 {zone} · {what}</translation>
    </message>
    <message>
        <source>{account} · all zones</source>
        <translation>{account} · 모든 구역</translation>
    </message>
</context>
<context>
    <name>Shelves</name>
    <message>
        <source>Alarms that are shelved</source>
        <translation>보류한 경보</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>계정</translation>
    </message>
    <message>
        <source>Zone</source>
        <translation>구역</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>남은 시간</translation>
    </message>
    <message>
        <source>Held back</source>
        <translation>막은 경보</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>사유</translation>
    </message>
    <message>
        <source>Seat</source>
        <translation>좌석</translation>
    </message>
    <message>
        <source>Held-back alarms are on record and counted. Emergencies are never shelved.</source>
        <translation>막은 경보도 기록에 남고 수를 셉니다. 긴급 경보는 보류하지 않습니다.</translation>
    </message>
    <message>
        <source>Take off the shelf</source>
        <translation>보류 해제</translation>
    </message>
    <message>
        <source>Shelve…</source>
        <translation>보류…</translation>
    </message>
    <message>
        <source>all zones</source>
        <translation>모든 구역</translation>
    </message>
</context>
<context>
    <name>Source</name>
    <message>
        <source>112 video request</source>
        <translation>112 긴급영상</translation>
    </message>
    <message>
        <source>112 dispatch</source>
        <translation>112 긴급출동</translation>
    </message>
    <message>
        <source>119 dispatch</source>
        <translation>119 긴급출동</translation>
    </message>
    <message>
        <source>Disaster room</source>
        <translation>재난상황</translation>
    </message>
    <message>
        <source>Person sought</source>
        <translation>사회적약자</translation>
    </message>
    <message>
        <source>Camera analytics</source>
        <translation>영상분석</translation>
    </message>
</context>
<context>
    <name>Split</name>
    <message>
        <source>What is ticked becomes an incident of its own. Ctrl+Z takes it back.</source>
        <translation>고른 경보는 따로 한 사건이 됩니다. Ctrl+Z로 되돌립니다.</translation>
    </message>
</context>
<context>
    <name>Stage</name>
    <message>
        <source>Requested</source>
        <translation>요청</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>전달</translation>
    </message>
    <message>
        <source>Opened</source>
        <translation>열람</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>접수</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>거부</translation>
    </message>
    <message>
        <source>Units sent</source>
        <translation>출동</translation>
    </message>
    <message>
        <source>On scene</source>
        <translation>현장 도착</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>종결</translation>
    </message>
</context>
<context>
    <name>State</name>
    <message>
        <source>closed</source>
        <translation>종결</translation>
    </message>
    <message>
        <source>unacknowledged</source>
        <translation>미확인</translation>
    </message>
    <message>
        <source>verifying · seat {seat}</source>
        <translation>확인 중 · 좌석 {seat}</translation>
    </message>
    <message>
        <source>{agency}: not delivered</source>
        <translation>{agency} 전달 실패</translation>
    </message>
    <message>
        <source>{agency}: {stage}</source>
        <translation>{agency} {stage}</translation>
    </message>
</context>
<context>
    <name>Step</name>
    <message>
        <source>Received</source>
        <translation>접수</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>확인</translation>
    </message>
    <message>
        <source>Hand off</source>
        <translation>이관</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>응답</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>종결</translation>
    </message>
</context>
<context>
    <name>Strip</name>
    <message>
        <source>History of the incident</source>
        <translation>사건 기록</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Step: {step}</source>
        <translation>단계: {step}</translation>
    </message>
    <message>
        <source>No incident is selected</source>
        <translation>선택한 사건이 없습니다</translation>
    </message>
</context>
<context>
    <name>Supervisor</name>
    <message>
        <source>Supervisor</source>
        <translation>관리자</translation>
    </message>
    <message>
        <source>Table of priorities</source>
        <translation>우선순위표</translation>
    </message>
    <message>
        <source>Shelves</source>
        <translation>보류</translation>
    </message>
    <message>
        <source>Late senders</source>
        <translation>지연 발신처</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>증거</translation>
    </message>
</context>
<context>
    <name>Table</name>
    <message>
        <source>Name in Korean</source>
        <translation>한국어 이름</translation>
    </message>
    <message>
        <source>Name in English</source>
        <translation>영어 이름</translation>
    </message>
    <message>
        <source>Kinds</source>
        <translation>종류</translation>
    </message>
    <message>
        <source>Came by</source>
        <translation>들어온 길</translation>
    </message>
    <message>
        <source>Firms (ids)</source>
        <translation>업체 (번호)</translation>
    </message>
    <message>
        <source>Sites (ids)</source>
        <translation>대상처 (번호)</translation>
    </message>
    <message>
        <source>Sender</source>
        <translation>발신처</translation>
    </message>
    <message>
        <source>Only if</source>
        <translation>조건</translation>
    </message>
    <message>
        <source>Then</source>
        <translation>우선순위</translation>
    </message>
    <message>
        <source>time of day</source>
        <translation>시각</translation>
    </message>
    <message>
        <source>false alarms of the site ≥ %</source>
        <translation>대상처 오경보율 ≥ %</translation>
    </message>
    <message>
        <source>alerts of the site within the hour ≥</source>
        <translation>한 시간 안 대상처 경보 ≥</translation>
    </message>
    <message>
        <source>any sender</source>
        <translation>모든 발신처</translation>
    </message>
    <message>
        <source>registered senders</source>
        <translation>등록된 발신처</translation>
    </message>
    <message>
        <source>unknown senders</source>
        <translation>미등록 발신처</translation>
    </message>
    <message>
        <source>one step more urgent</source>
        <translation>한 단계 올림</translation>
    </message>
    <message>
        <source>one step less urgent</source>
        <translation>한 단계 내림</translation>
    </message>
    <message>
        <source>as the sender says</source>
        <translation>발신처가 알린 대로</translation>
    </message>
    <message>
        <source>linked services</source>
        <translation>연계 서비스</translation>
    </message>
    <message>
        <source>webhook</source>
        <translation>웹훅</translation>
    </message>
    <message>
        <source>Rules in order</source>
        <translation>차례대로 놓인 규칙</translation>
    </message>
    <message>
        <source>The first rule that fits decides. What a rule leaves blank fits everything.</source>
        <translation>맞는 첫 규칙이 정합니다. 비워 둔 조건은 모두에 맞습니다.</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>위로</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>아래로</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>추가</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>As delivered</source>
        <translation>처음 상태로</translation>
    </message>
    <message>
        <source>Discard changes</source>
        <translation>고친 것 버리기</translation>
    </message>
    <message>
        <source>Put in force</source>
        <translation>시행</translation>
    </message>
    <message>
        <source>fits {fitted}, decides {decided} of the last {of}</source>
        <translation>지난 {of}건 중 {fitted}건에 맞고 {decided}건을 정함</translation>
    </message>
    <message>
        <source>This rule would have fitted {fitted} of the last {of} alerts and decided {decided}.</source>
        <translation>이 규칙은 지난 경보 {of}건 중 {fitted}건에 맞고 {decided}건을 정했을 것입니다.</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Evidence from {start} to {end}</source>
        <translation>증거 구간 {start}부터 {end}까지</translation>
    </message>
    <message>
        <source>Drag a handle, or: arrow keys move it, Tab goes to the other one.</source>
        <translation>손잡이를 끌거나 화살표 키로 옮깁니다. Tab은 다른 쪽 손잡이로 갑니다.</translation>
    </message>
    <message>
        <source>Alarm {time}</source>
        <translation>경보 {time}</translation>
    </message>
</context>
<context>
    <name>Told</name>
    <message>
        <source>History</source>
        <translation>경과</translation>
    </message>
    <message>
        <source>Reports</source>
        <translation>신고</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>사진</translation>
    </message>
</context>
<context>
    <name>Trainer</name>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Speak to a seat</source>
        <translation>좌석에 말하기</translation>
    </message>
    <message>
        <source>All seats</source>
        <translation>모든 좌석</translation>
    </message>
    <message>
        <source>What the trainee is told</source>
        <translation>훈련생에게 할 말</translation>
    </message>
    <message>
        <source>Speak</source>
        <translation>말하기</translation>
    </message>
    <message>
        <source>Mark this moment</source>
        <translation>이 순간 표시</translation>
    </message>
    <message>
        <source>What is to be spoken about</source>
        <translation>나중에 이야기할 것</translation>
    </message>
    <message>
        <source>Mark</source>
        <translation>표시</translation>
    </message>
    <message>
        <source>End the drill</source>
        <translation>훈련 종료</translation>
    </message>
    <message>
        <source>The drill ends for every seat, and is judged as it stands. It cannot go on afterwards.</source>
        <translation>모든 좌석의 훈련이 끝나고 지금까지로 채점합니다. 다시 이어 갈 수 없습니다.</translation>
    </message>
    <message>
        <source>Add an inject</source>
        <translation>투입 추가</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>추가</translation>
    </message>
    <message>
        <source>An inject of this name is there already.</source>
        <translation>같은 이름의 투입이 이미 있습니다.</translation>
    </message>
    <message>
        <source>What is to be said?</source>
        <translation>무슨 말을 할지 적으십시오.</translation>
    </message>
    <message>
        <source>Incidents · {count}</source>
        <translation>사건 · {count}건</translation>
    </message>
    <message>
        <source>Desks</source>
        <translation>상황실</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>연결</translation>
    </message>
    <message>
        <source>▲ not running</source>
        <translation>▲ 꺼져 있음</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>있었던 일</translation>
    </message>
    <message>
        <source>Director</source>
        <translation>진행기</translation>
    </message>
    <message>
        <source>Gateway</source>
        <translation>게이트웨이</translation>
    </message>
    <message>
        <source>{program} does not run</source>
        <translation>{program} 꺼짐</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>다시보기</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>진행 중</translation>
    </message>
    <message>
        <source>Trainer · {drill}</source>
        <translation>훈련관 · {drill}</translation>
    </message>
    <message>
        <source>Time line</source>
        <translation>시간선</translation>
    </message>
</context>
<context>
    <name>Value</name>
    <message>
        <source>day</source>
        <translation>낮</translation>
    </message>
    <message>
        <source>dusk</source>
        <translation>해 질 녘</translation>
    </message>
    <message>
        <source>night</source>
        <translation>밤</translation>
    </message>
    <message>
        <source>clear</source>
        <translation>맑음</translation>
    </message>
    <message>
        <source>rain</source>
        <translation>비</translation>
    </message>
    <message>
        <source>opened</source>
        <translation>열림</translation>
    </message>
    <message>
        <source>claimed</source>
        <translation>확인 시작</translation>
    </message>
    <message>
        <source>graded</source>
        <translation>판정</translation>
    </message>
    <message>
        <source>handed off</source>
        <translation>이관</translation>
    </message>
    <message>
        <source>delivered</source>
        <translation>전달</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>접수</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>종결</translation>
    </message>
    <message>
        <source>fired</source>
        <translation>투입</translation>
    </message>
    <message>
        <source>still unclaimed</source>
        <translation>아직 미확인</translation>
    </message>
    <message>
        <source>still not handed off</source>
        <translation>아직 미이관</translation>
    </message>
</context>
<context>
    <name>Wall</name>
    <message>
        <source>Camera wall</source>
        <translation>영상 벽</translation>
    </message>
    <message>
        <source>The camera&apos;s address refuses the connection</source>
        <translation>카메라 주소가 연결을 거부합니다</translation>
    </message>
    <message>
        <source>The camera&apos;s address cannot be reached</source>
        <translation>카메라 주소에 닿을 수 없습니다</translation>
    </message>
    <message>
        <source>The camera does not answer</source>
        <translation>카메라가 응답하지 않습니다</translation>
    </message>
    <message>
        <source>The camera refuses the user name or password</source>
        <translation>카메라가 사용자 이름이나 암호를 거부합니다</translation>
    </message>
    <message>
        <source>The file with the camera&apos;s user name and password cannot be used</source>
        <translation>카메라의 사용자 이름·암호 파일을 쓸 수 없습니다</translation>
    </message>
    <message>
        <source>The camera does not know this stream</source>
        <translation>카메라에 이 영상 주소가 없습니다</translation>
    </message>
    <message>
        <source>The camera accepts no further viewer</source>
        <translation>카메라의 동시 접속이 가득 찼습니다</translation>
    </message>
    <message>
        <source>The stream cannot be opened</source>
        <translation>영상을 열 수 없습니다</translation>
    </message>
    <message>
        <source>The camera stopped sending</source>
        <translation>카메라가 보내기를 멈췄습니다</translation>
    </message>
    <message>
        <source>The camera closed the stream</source>
        <translation>카메라가 영상을 닫았습니다</translation>
    </message>
    <message>
        <source>Decoding fell behind</source>
        <translation>복호가 밀렸습니다</translation>
    </message>
    <message>
        <source>The decoder was replaced</source>
        <translation>복호기를 바꿨습니다</translation>
    </message>
    <message>
        <source>The decoder failed</source>
        <translation>복호기가 실패했습니다</translation>
    </message>
    <message>
        <source>private</source>
        <translation>민간</translation>
    </message>
    <message>
        <source>PTZ</source>
        <translation>회전형</translation>
    </message>
    <message>
        <source>open for {left}</source>
        <translation>열람 {left} 남음</translation>
    </message>
    <message>
        <source>Private video · this incident only</source>
        <translation>민간 영상 · 사건 한정 열람</translation>
    </message>
    <message>
        <source>LIVE</source>
        <translation>LIVE</translation>
    </message>
    <message>
        <source>REPLAY</source>
        <translation>다시보기</translation>
    </message>
    <message>
        <source>STOPPED</source>
        <translation>멈춤</translation>
    </message>
    <message>
        <source>NO SIGNAL</source>
        <translation>신호 없음</translation>
    </message>
    <message>
        <source>CONNECTING</source>
        <translation>연결 중</translation>
    </message>
    <message>
        <source>CODEC</source>
        <translation>코덱</translation>
    </message>
    <message>
        <source>NO STREAM</source>
        <translation>영상 없음</translation>
    </message>
    <message>
        <source>DAMAGED PICTURE</source>
        <translation>깨진 화면</translation>
    </message>
    <message>
        <source>eased: 16/s</source>
        <translation>부하 조절: 초당 16장</translation>
    </message>
    <message>
        <source>eased: 21/s, coarser</source>
        <translation>부하 조절: 초당 21장, 화질 낮춤</translation>
    </message>
    <message>
        <source>keyframes only</source>
        <translation>키프레임만 표시</translation>
    </message>
    <message>
        <source>Digital zoom {times}×</source>
        <translation>디지털 확대 {times}배</translation>
    </message>
    <message>
        <source>not recorded</source>
        <translation>녹화 안 됨</translation>
    </message>
    <message>
        <source>FROZEN</source>
        <translation>고정 화면</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>멈춤</translation>
    </message>
    <message>
        <source>{seconds} s ago</source>
        <translation>{seconds}초 전</translation>
    </message>
    <message>
        <source>{time} ago</source>
        <translation>{time} 전</translation>
    </message>
    <message>
        <source>over tile {numbers}</source>
        <translation>{numbers}번 타일 위</translation>
    </message>
    <message>
        <source>Choose the tile to swap tile {number} with.</source>
        <translation>{number}번 타일과 자리를 바꿀 타일을 고르십시오.</translation>
    </message>
    <message>
        <source>Camera {camera} is in no catalogue, so it cannot be shown.</source>
        <translation>카메라 {camera}은(는) 목록에 없어 보일 수 없습니다.</translation>
    </message>
    <message>
        <source>{name} is a private camera and shut: it opens only for the incident that this seat verifies.</source>
        <translation>{name}은(는) 닫힌 민간 카메라입니다. 이 좌석이 확인 중인 사건에 한해 열립니다.</translation>
    </message>
    <message>
        <source>Keep these cameras as a salvo named</source>
        <translation>이 카메라들을 저장할 묶음 이름</translation>
    </message>
    <message>
        <source>Keep this wall under the name</source>
        <translation>이 영상 벽을 저장할 이름</translation>
    </message>
    <message>
        <source>Keep a tour of these cameras, 10 s each, named</source>
        <translation>이 카메라들을 10초씩 도는 순회 이름</translation>
    </message>
    <message>
        <source>Salvo kept: {name}</source>
        <translation>묶음 저장: {name}</translation>
    </message>
    <message>
        <source>Wall kept: {name}</source>
        <translation>영상 벽 저장: {name}</translation>
    </message>
    <message>
        <source>Tour kept: {name}</source>
        <translation>순회 저장: {name}</translation>
    </message>
    <message>
        <source>Cameras that are in the catalogue no more: {count}</source>
        <translation>이제 목록에 없는 카메라: {count}대</translation>
    </message>
    <message>
        <source>The tour {name} has no camera that can be shown.</source>
        <translation>순회 {name}에 보일 수 있는 카메라가 없습니다.</translation>
    </message>
    <message>
        <source>The tour {name} waits. T goes on.</source>
        <translation>순회 {name}이(가) 멈춰 있습니다. T로 계속합니다.</translation>
    </message>
    <message>
        <source>Snapshot saved and on record: {path}</source>
        <translation>정지 영상을 저장하고 기록에 남겼습니다: {path}</translation>
    </message>
    <message>
        <source>Seat {seat} {user}</source>
        <translation>좌석 {seat} {user}</translation>
    </message>
    <message>
        <source>Fetching the recording</source>
        <translation>녹화 영상을 가져오는 중</translation>
    </message>
    <message>
        <source>No recording here</source>
        <translation>녹화 영상 없음</translation>
    </message>
    <message>
        <source>No incident is selected</source>
        <translation>선택한 사건이 없습니다</translation>
    </message>
    <message>
        <source>The cameras that see it open by themselves</source>
        <translation>사건을 고르면 현장을 보는 카메라가 열립니다</translation>
    </message>
    <message>
        <source>LOCKED</source>
        <translation>잠김</translation>
    </message>
    <message>
        <source>still for {seconds} s</source>
        <translation>정지 {seconds}초</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds}초</translation>
    </message>
    <message>
        <source>{seconds} s before the alert</source>
        <translation>경보 {seconds}초 전</translation>
    </message>
    <message>
        <source>{seconds} s after the alert</source>
        <translation>경보 {seconds}초 후</translation>
    </message>
    <message>
        <source>The picture stands still</source>
        <translation>영상이 멈췄습니다</translation>
    </message>
    <message>
        <source>No signal</source>
        <translation>신호가 없습니다</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>연결하고 있습니다</translation>
    </message>
    <message>
        <source>{codec} video cannot be shown here</source>
        <translation>{codec} 영상은 여기서 볼 수 없습니다</translation>
    </message>
    <message>
        <source>Set the camera&apos;s stream to H.264</source>
        <translation>카메라의 영상을 H.264로 바꾸십시오</translation>
    </message>
    <message>
        <source>This camera has no stream</source>
        <translation>이 카메라에는 영상이 없습니다</translation>
    </message>
    <message>
        <source>Private camera · shut</source>
        <translation>민간 카메라 · 닫힘</translation>
    </message>
    <message>
        <source>The time for which it was open is over</source>
        <translation>열람 시간이 끝났습니다</translation>
    </message>
    <message>
        <source>Opens when the incident is claimed</source>
        <translation>확인을 시작하면 열립니다</translation>
    </message>
    <message>
        <source>tried every minute</source>
        <translation>1분마다 다시 시도</translation>
    </message>
    <message>
        <source>reconnect {attempt}/{tries}</source>
        <translation>재연결 {attempt}/{tries}</translation>
    </message>
    <message>
        <source>30 s back</source>
        <translation>30초 전</translation>
    </message>
    <message>
        <source>5 s back</source>
        <translation>5초 전</translation>
    </message>
    <message>
        <source>The picture before</source>
        <translation>앞 화면</translation>
    </message>
    <message>
        <source>Pause or play</source>
        <translation>멈춤·재생</translation>
    </message>
    <message>
        <source>The next picture</source>
        <translation>다음 화면</translation>
    </message>
    <message>
        <source>Back to live</source>
        <translation>실시간으로</translation>
    </message>
    <message>
        <source>Name, then Enter</source>
        <translation>이름을 적고 Enter</translation>
    </message>
    <message>
        <source>Salvos, saved walls and tours</source>
        <translation>묶음·저장한 벽·순회</translation>
    </message>
    <message>
        <source>Salvos (Shift+F1 to F9)</source>
        <translation>묶음 (Shift+F1~F9)</translation>
    </message>
    <message>
        <source>Saved walls (Ctrl+F1 to F9)</source>
        <translation>저장한 벽 (Ctrl+F1~F9)</translation>
    </message>
    <message>
        <source>Tours (Ctrl+Shift+F1 to F9)</source>
        <translation>순회 (Ctrl+Shift+F1~F9)</translation>
    </message>
    <message>
        <source>Call up</source>
        <translation>불러오기</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>지우기</translation>
    </message>
    <message>
        <source>Name of a new tour</source>
        <translation>새 순회 이름</translation>
    </message>
    <message>
        <source> s each</source>
        <translation>초씩</translation>
    </message>
    <message>
        <source>Seconds for each step</source>
        <translation>한 단계의 초</translation>
    </message>
    <message>
        <source>Make a tour of the chosen salvos</source>
        <translation>고른 묶음으로 순회 만들기</translation>
    </message>
    <message>
        <source>Choose several salvos with Ctrl or Shift to make a tour of them.</source>
        <translation>Ctrl이나 Shift로 묶음을 여럿 골라 순회를 만드십시오.</translation>
    </message>
    <message>
        <source>Second wall</source>
        <translation>두 번째 영상 벽</translation>
    </message>
</context>
<context>
    <name>WallPurpose</name>
    <message>
        <source>crime</source>
        <translation>방범</translation>
    </message>
    <message>
        <source>children</source>
        <translation>어린이</translation>
    </message>
    <message>
        <source>traffic</source>
        <translation>교통</translation>
    </message>
    <message>
        <source>litter</source>
        <translation>쓰레기</translation>
    </message>
    <message>
        <source>facility</source>
        <translation>시설</translation>
    </message>
    <message>
        <source>disaster</source>
        <translation>재난</translation>
    </message>
    <message>
        <source>vehicles</source>
        <translation>차량</translation>
    </message>
    <message>
        <source>multi</source>
        <translation>다목적</translation>
    </message>
    <message>
        <source>other</source>
        <translation>기타</translation>
    </message>
</context>
<context>
    <name>When</name>
    <message>
        <source>only with {flags}</source>
        <translation>{flags} 있을 때만</translation>
    </message>
    <message>
        <source>not with {flags}</source>
        <translation>{flags} 있으면 안 함</translation>
    </message>
    <message>
        <source>at {time}</source>
        <translation>{time}에</translation>
    </message>
    <message>
        <source>{delay} s after: {words}</source>
        <translation>{words} 뒤 {delay}초</translation>
    </message>
    <message>
        <source>{of} opened</source>
        <translation>{of} 열림</translation>
    </message>
    <message>
        <source>{of} claimed</source>
        <translation>{of} 확인 시작</translation>
    </message>
    <message>
        <source>{of} graded</source>
        <translation>{of} 판정</translation>
    </message>
    <message>
        <source>{of} handed off</source>
        <translation>{of} 이관</translation>
    </message>
    <message>
        <source>hand-off of {of} delivered</source>
        <translation>{of} 이관 전달</translation>
    </message>
    <message>
        <source>hand-off of {of} accepted</source>
        <translation>{of} 이관 접수</translation>
    </message>
    <message>
        <source>{of} closed</source>
        <translation>{of} 종결</translation>
    </message>
    <message>
        <source>inject “{of}” fired</source>
        <translation>‘{of}’ 투입</translation>
    </message>
    <message>
        <source>if nobody has {of} after {delay} s</source>
        <translation>{delay}초 안에 {of} 확인자가 없으면</translation>
    </message>
    <message>
        <source>if {of} is not handed off after {delay} s</source>
        <translation>{delay}초 안에 {of} 이관이 없으면</translation>
    </message>
</context>
<context>
    <name>Why</name>
    <message>
        <source>Priority set at seat {seat}</source>
        <translation>좌석 {seat}에서 정한 우선순위</translation>
    </message>
    <message>
        <source>Priority by rule: {rule}</source>
        <translation>규칙에 따른 우선순위: {rule}</translation>
    </message>
    <message>
        <source>Priority as {source} told it ({code})</source>
        <translation>{source}이(가) 알린 대로의 우선순위 ({code})</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>Smart-city console</source>
        <translation>스마트도시 통합관제</translation>
    </message>
</context>
<context>
    <name>Word</name>
    <message>
        <source>well again</source>
        <translation>정상 복구</translation>
    </message>
    <message>
        <source>stands still</source>
        <translation>멈춤</translation>
    </message>
    <message>
        <source>silent</source>
        <translation>무응답</translation>
    </message>
    <message>
        <source>refuses</source>
        <translation>연결 거절</translation>
    </message>
    <message>
        <source>garbage</source>
        <translation>깨진 영상</translation>
    </message>
    <message>
        <source>loses packets</source>
        <translation>패킷 손실</translation>
    </message>
    <message>
        <source>dark</source>
        <translation>암전</translation>
    </message>
    <message>
        <source>man</source>
        <translation>남자</translation>
    </message>
    <message>
        <source>woman</source>
        <translation>여자</translation>
    </message>
    <message>
        <source>child</source>
        <translation>어린이</translation>
    </message>
    <message>
        <source>elder</source>
        <translation>어르신</translation>
    </message>
    <message>
        <source>police officer</source>
        <translation>경찰관</translation>
    </message>
    <message>
        <source>firefighter</source>
        <translation>소방관</translation>
    </message>
    <message>
        <source>car</source>
        <translation>승용차</translation>
    </message>
    <message>
        <source>van</source>
        <translation>승합차</translation>
    </message>
    <message>
        <source>motorbike</source>
        <translation>오토바이</translation>
    </message>
    <message>
        <source>patrol car</source>
        <translation>순찰차</translation>
    </message>
    <message>
        <source>fire engine</source>
        <translation>소방차</translation>
    </message>
    <message>
        <source>ambulance</source>
        <translation>구급차</translation>
    </message>
    <message>
        <source>walks</source>
        <translation>걷기</translation>
    </message>
    <message>
        <source>runs</source>
        <translation>뛰기</translation>
    </message>
    <message>
        <source>rides</source>
        <translation>타고 가기</translation>
    </message>
    <message>
        <source>drives</source>
        <translation>운전</translation>
    </message>
    <message>
        <source>crawls</source>
        <translation>서행</translation>
    </message>
    <message>
        <source>stands</source>
        <translation>서 있기</translation>
    </message>
    <message>
        <source>telephones</source>
        <translation>전화</translation>
    </message>
    <message>
        <source>points</source>
        <translation>가리키기</translation>
    </message>
    <message>
        <source>threatens</source>
        <translation>위협</translation>
    </message>
    <message>
        <source>hands up</source>
        <translation>손 들기</translation>
    </message>
    <message>
        <source>films</source>
        <translation>촬영</translation>
    </message>
    <message>
        <source>falls</source>
        <translation>쓰러짐</translation>
    </message>
    <message>
        <source>sits</source>
        <translation>앉기</translation>
    </message>
    <message>
        <source>looks round</source>
        <translation>두리번거림</translation>
    </message>
    <message>
        <source>extreme</source>
        <translation>매우 심각</translation>
    </message>
    <message>
        <source>severe</source>
        <translation>심각</translation>
    </message>
    <message>
        <source>moderate</source>
        <translation>보통</translation>
    </message>
    <message>
        <source>minor</source>
        <translation>경미</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>알 수 없음</translation>
    </message>
</context>
</TS>
