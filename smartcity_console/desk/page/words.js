// Every word of the page, Korean first. A key without a word shows itself, so that a gap is seen and nothing breaks.

const KO = {
  title_police: "112 상황실", title_fire: "119 상황실", title_centre: "관제센터", title_facility: "시설 상황실", subtitle: "스마트도시센터 이관 접수",
  connected: "연결됨", reconnecting: "다시 연결 중", unsent: "센터에 못 보낸 응답", journal_broken: "접수대 기록이 훼손됨: 관리자에게 알리십시오", operator: "담당", sound: "알림음",
  on: "켬", off: "끔", list: "이관", list_hint: "최신순", empty_list: "아직 받은 이관이 없습니다.",
  empty_hint: "관제센터가 이관하면 여기에 바로 나타납니다.", choose: "왼쪽에서 이관을 고르십시오.", drill: "훈련",
  drill_banner: "훈련입니다 — 실제 출동을 지시하지 마십시오", waiting: "대기", package_coming: "영상 오는 중",
  stage_new: "미확인", stage_opened: "열람", stage_accepted: "접수", stage_refused: "거부", stage_units_sent: "출동",
  step_received: "수신", accept: "접수", refuse: "거부", units: "출동", send: "보내기", cancel: "취소",
  units_label: "출동 단위", units_hint: "순21호, 순23호", units_hint_fire: "펌프1, 구급2", eta: "도착 예정", minutes: "분",
  refuse_reason: "거부 사유", reason_area: "관할 아님", reason_duplicate: "중복 접수", reason_false: "오인 신고",
  first_accept: "접수한 뒤에 보낼 수 있습니다", already_refused: "거부한 이관입니다", already_accepted: "이미 접수했습니다",
  to_centre: "센터 확인", not_yet_sent: "센터로 보내는 중", clip: "클립", live: "실시간", live_left: "남음", live_over: "실시간 열람 시간이 끝났습니다",
  live_none: "이 이관에는 실시간 보기가 없습니다", live_waiting: "실시간 영상을 여는 중", live_again: "끊김 · 다시 연결 중",
  live_insecure: "관제센터의 실시간 주소가 암호화되지 않아 브라우저가 열지 않습니다 · 클립은 그대로입니다. 관제센터에 gateway.http.certificate 설정을 알리십시오",
  live_denied: "관제센터가 실시간 보기를 허락하지 않았습니다", live_revoked: "관제센터가 실시간 열람을 거두었습니다 · 받은 클립은 그대로입니다",
  live_full: "지금 보는 사람이 많아 열 수 없습니다 · 곧 다시 시도합니다", live_busy: "변환 자리가 가득 찼습니다 · 곧 다시 시도합니다",
  live_not_now: "관제센터가 지금 열 수 없습니다 · 곧 다시 시도합니다", live_silent: "카메라에서 영상이 오지 않습니다 · 오는 대로 보입니다",
  live_codec: "이 브라우저가 재생하지 못하는 영상 형식입니다", live_codec_hint: "센터에서 변환한 영상으로 보거나 클립을 내려받으십시오.",
  live_convert: "H.264로 변환해 보기", live_converted: "변환됨", live_delay: "지연", live_stale: "멈춤", clip_coming: "클립이 아직 오지 않았습니다 · 오는 대로 열립니다",
  clip_missing: "이 카메라의 클립은 없습니다", cannot_play: "이 브라우저는 이 영상 형식을 재생할 수 없습니다", download: "내려받기",
  download_package: "증거 꾸러미", still: "정지 화면", download_rule: "반출은 기록됩니다", private: "민간", public: "공공",
  place: "위치", address: "주소", coordinates: "좌표", uncertainty: "오차", firm: "신고", sent_by: "보낸 곳", basis: "근거", note: "메모",
  no_note: "메모 없음", alert_at: "신고 시각", seal: "봉인", seal_ok: "확인됨", seal_wait: "꾸러미 대기", signer: "서명 지문", gaps: "빠진 것",
  timeline: "경위", map_none: "위치를 알 수 없습니다", map_plain: "지도 자료 없이 좌표만 표시합니다", alerts: "신고 내역", zone: "구역",
  grade: "판정", grade_0: "오경보", grade_1: "판단 불가", grade_2: "사람 있음", grade_3: "재산 위협", grade_4: "생명 위협",
  kind_robbery: "강도", kind_intrusion: "침입", kind_fire: "화재", kind_gas: "가스", kind_medical: "구급", kind_water: "누수",
  kind_tamper: "훼손", kind_power: "정전", kind_trouble: "장애", kind_test: "시험", kind_restore: "복구",
  kind_missing_person: "실종", kind_disaster: "재난", kind_other: "기타", by: "담당", zoom_in: "확대", zoom_out: "축소", metres: "m",
  pipa_18_2_3: "개인정보 보호법 제18조 제2항 제3호 (급박한 생명·신체·재산의 이익)",
  pipa_18_2_7: "개인정보 보호법 제18조 제2항 제7호 (범죄 수사)",
  pipa_18_2_10: "개인정보 보호법 제18조 제2항 제10호 (공공의 안전)",
  t_IncidentOpened: "신고 접수, 사건 생성", t_AlertJoined: "추가 신고를 한 사건으로 묶음", t_CamerasSelected: "현장을 보는 카메라 선정",
  p_weapon: "흉기 여부", p_persons: "인원·인상착의", p_escape: "도주 방향", p_injured: "부상자", p_entry: "침입 경로", p_guard: "출동 요원 확인",
  p_flame: "불꽃·연기", p_trapped: "내부 인원", p_access: "소방차 진입로", p_spread: "옆 건물 번짐", p_scene: "현장 확인",
  p_call_back: "업체 통화", p_last_seen: "마지막 목격 위치",
  why_verification: "현장 확인", why_extended: "연장", why_released: "좌석이 놓음", why_closed: "사건 종결", why_expired: "시간 지남", seat: "좌석",
  t_IncidentClaimed: "관제 좌석이 확인 시작", t_IncidentReleased: "관제 좌석이 놓음", t_VerdictGiven: "판정", t_NoteAdded: "메모", t_SightingNoted: "목격",
  t_PrivateCamerasUnlocked: "민간 카메라 사건 한정 열람", t_PrivateCamerasLocked: "민간 카메라 닫음", t_EvidenceSpanSet: "증거 구간 지정",
  t_ProcedureStepTicked: "절차 확인", t_PriorityChanged: "우선순위 변경", t_HandoffRequested: "이관 요청", t_HandoffPackaged: "증거 봉인",
  t_LiveViewRevoked: "실시간 열람 거둠", why_seat: "관제 좌석의 결정", t_HandoffDelivered: "이관 전달", t_HandoffAttemptFailed: "전달 재시도", failed: "처리하지 못했습니다", offline: "서버에 닿지 않습니다",
  stage_on_scene: "현장 도착", stage_closed: "종결", on_scene: "현장 도착", close: "종결", first_units: "출동을 보낸 뒤에 알릴 수 있습니다",
  already_closed: "종결한 이관입니다", is_recalled: "센터가 거둔 이관입니다", recalled: "회수됨", recalled_banner: "센터가 이 이관을 거두었습니다",
  recall_false_alarm: "오경보", recall_wrong_receiver: "수신 기관 착오", recall_duplicate: "이중 이관", recall_corrected: "다른 이관으로 정정",
  recall_seat: "관제 좌석의 결정", live_revoked_short: "실시간 열람 거둠", follow_up: "추가", first_handoff: "처음 이관", this_follows: "이 사건의 앞선 이관", followed_by: "이 사건의 다른 이관",
  outcome_settled: "현장 종결", outcome_arrested: "피의자 검거", outcome_nothing_found: "이상 없음", outcome_false_alarm: "오경보", outcome_passed_on: "다른 기관 이첩",
  outcome_extinguished: "화재 진압", outcome_rescued: "구조·이송", talk: "센터와 주고받은 말", talk_empty: "아직 주고받은 말이 없습니다.", talk_hint: "센터에 보낼 말 (Enter)",
  units_out: "출동 단위 위치", units_none: "보낸 출동 단위가 없습니다.", set_place: "지도에서 위치 지정", pick_place: "지도에서 그 위치를 누르십시오 (Esc 취소)", place_unknown: "위치 보고 없음",
  t_HandoffRecalled: "이관 회수", t_MessageToDesk: "센터 메시지", t_MessageFromDesk: "접수대 메시지", t_HandoffOnScene: "현장 도착", t_HandoffEnded: "접수대 종결",
  t_HandoffOpened: "접수대 열람", t_HandoffAccepted: "접수", t_HandoffRefused: "거부", t_HandoffUnitsSent: "출동", t_HandoffUpdateFailed: "알림 재시도",
  login: "로그인", user: "사용자", password: "비밀번호", logout: "로그아웃", login_hint: "기록에 남는 접수대입니다. 본인 계정으로 로그인하십시오.",
  open_desk: "로그인 없음 · 이 컴퓨터에서만", package_at: "수신", clock_label: "현재 시각", day: "일", to_alert: "신고 시점", reception: "접수대",
};

const EN = {
  title_police: "112 Control room", title_fire: "119 Control room", title_centre: "Control centre", title_facility: "Facility control room", subtitle: "Hand-offs from the smart-city centre",
  connected: "Connected", reconnecting: "Reconnecting", unsent: "Answers not yet at the centre", journal_broken: "The desk's record was damaged: tell its administrator", operator: "Officer", sound: "Sound",
  on: "on", off: "off", list: "Hand-offs", list_hint: "newest first", empty_list: "No hand-off has come yet.",
  empty_hint: "It appears here the moment the centre hands one over.", choose: "Choose a hand-off on the left.", drill: "DRILL",
  drill_banner: "This is a DRILL — do not send real units", waiting: "waiting", package_coming: "video on its way",
  stage_new: "Unread", stage_opened: "Opened", stage_accepted: "Accepted", stage_refused: "Refused", stage_units_sent: "Units sent",
  step_received: "Received", accept: "Accept", refuse: "Refuse", units: "Units", send: "Send", cancel: "Cancel",
  units_label: "Units", units_hint: "Patrol 21, Patrol 23", units_hint_fire: "Pump 1, Ambulance 2", eta: "Arrival in", minutes: "min",
  refuse_reason: "Reason", reason_area: "Not our area", reason_duplicate: "Duplicate", reason_false: "False report",
  first_accept: "Accept it first", already_refused: "It was refused", already_accepted: "Accepted already",
  to_centre: "Centre has it", not_yet_sent: "On its way to the centre", clip: "Clip", live: "Live", live_left: "left", live_over: "Leave to watch live has ended",
  live_none: "This hand-off has no live view", live_waiting: "Opening the live view", live_again: "Lost · connecting again",
  live_insecure: "The centre's live address is not encrypted and the browser does not open it · clips stay. Tell the centre to set gateway.http.certificate",
  live_denied: "The centre refused the live view", live_revoked: "The centre has taken the live view back · clips received stay",
  live_full: "Too many are watching now · trying again shortly", live_busy: "No room to convert now · trying again shortly",
  live_not_now: "The centre cannot open it now · trying again shortly", live_silent: "No picture comes from the camera · it shows when it does",
  live_codec: "This browser cannot play the camera's video format", live_codec_hint: "Watch it converted by the centre, or download the clip.",
  live_convert: "Watch converted to H.264", live_converted: "converted", live_delay: "delay", live_stale: "STALE", clip_coming: "The clip has not come yet · it opens when it does",
  clip_missing: "There is no clip of this camera", cannot_play: "This browser cannot play this video format", download: "Download",
  download_package: "Evidence package", still: "Still", download_rule: "Downloads are recorded", private: "private", public: "public",
  place: "Place", address: "Address", coordinates: "Coordinates", uncertainty: "within", firm: "Reported by", sent_by: "Sent by", basis: "Basis", note: "Note",
  no_note: "No note", alert_at: "Alert at", seal: "Seal", seal_ok: "verified", seal_wait: "package awaited", signer: "Signer", gaps: "Missing",
  timeline: "History", map_none: "The position is not known", map_plain: "No map data: coordinates only", alerts: "Alerts", zone: "Zone",
  grade: "Verdict", grade_0: "False alarm", grade_1: "Undecided", grade_2: "Person present", grade_3: "Threat to property", grade_4: "Threat to life",
  kind_robbery: "Robbery", kind_intrusion: "Intrusion", kind_fire: "Fire", kind_gas: "Gas", kind_medical: "Medical", kind_water: "Water",
  kind_tamper: "Tamper", kind_power: "Power", kind_trouble: "Trouble", kind_test: "Test", kind_restore: "Restored",
  kind_missing_person: "Missing person", kind_disaster: "Disaster", kind_other: "Other", by: "by", zoom_in: "Zoom in", zoom_out: "Zoom out", metres: "m",
  pipa_18_2_3: "Personal Information Protection Act 18(2)3 (urgent interest of life, body, property)",
  pipa_18_2_7: "Personal Information Protection Act 18(2)7 (criminal investigation)",
  pipa_18_2_10: "Personal Information Protection Act 18(2)10 (public safety)",
  t_IncidentOpened: "Alert received, incident opened", t_AlertJoined: "Further alert joined", t_CamerasSelected: "Cameras that see the spot chosen",
  p_weapon: "weapon", p_persons: "people, clothing", p_escape: "direction of flight", p_injured: "injured", p_entry: "point of entry",
  p_guard: "guard on the way", p_flame: "flame or smoke", p_trapped: "people inside", p_access: "access for engines",
  p_spread: "spread to neighbours", p_scene: "scene seen", p_call_back: "firm called back", p_last_seen: "last seen at",
  why_verification: "verification", why_extended: "extended", why_released: "given back", why_closed: "incident closed", why_expired: "time over", seat: "seat",
  t_IncidentClaimed: "A seat began to verify", t_IncidentReleased: "The seat let go", t_VerdictGiven: "Verdict", t_NoteAdded: "Note", t_SightingNoted: "Seen",
  t_PrivateCamerasUnlocked: "Private cameras opened for this incident", t_PrivateCamerasLocked: "Private cameras closed", t_EvidenceSpanSet: "Evidence span set",
  t_ProcedureStepTicked: "Procedure step", t_PriorityChanged: "Priority changed", t_HandoffRequested: "Hand-off asked for", t_HandoffPackaged: "Evidence sealed",
  t_LiveViewRevoked: "Live view taken back", why_seat: "the seat's decision", t_HandoffDelivered: "Delivered", t_HandoffAttemptFailed: "Delivery tried again", failed: "It could not be done", offline: "The server cannot be reached",
  stage_on_scene: "On scene", stage_closed: "Closed", on_scene: "On scene", close: "Close", first_units: "Send units first",
  already_closed: "It was closed", is_recalled: "The centre took it back", recalled: "RECALLED", recalled_banner: "The centre has recalled this hand-off",
  recall_false_alarm: "false alarm", recall_wrong_receiver: "wrong receiver", recall_duplicate: "handed off twice", recall_corrected: "corrected by another hand-off",
  recall_seat: "the seat's decision", live_revoked_short: "live view taken back", follow_up: "FOLLOW-UP", first_handoff: "first hand-off", this_follows: "Earlier for this incident", followed_by: "Others of this incident",
  outcome_settled: "Settled on scene", outcome_arrested: "Arrested", outcome_nothing_found: "Nothing found", outcome_false_alarm: "False alarm", outcome_passed_on: "Passed on",
  outcome_extinguished: "Extinguished", outcome_rescued: "Rescued", talk: "Messages with the centre", talk_empty: "Nothing was said yet.", talk_hint: "To the centre (Enter)",
  units_out: "Where units are", units_none: "No unit was sent.", set_place: "Set on the map", pick_place: "Click its place on the map (Esc gives up)", place_unknown: "no place reported",
  t_HandoffRecalled: "Hand-off recalled", t_MessageToDesk: "Message of the centre", t_MessageFromDesk: "Message of the desk", t_HandoffOnScene: "On scene", t_HandoffEnded: "Closed by the desk",
  t_HandoffOpened: "Opened by the desk", t_HandoffAccepted: "Accepted", t_HandoffRefused: "Refused", t_HandoffUnitsSent: "Units sent", t_HandoffUpdateFailed: "Told again",
  login: "Log in", user: "User", password: "Password", logout: "Log out", login_hint: "What is done here goes on record. Log in with your own account.",
  open_desk: "no login · this machine only", package_at: "received", clock_label: "Time", day: "d", to_alert: "to the alert", reception: "reception",
};

const TABLES = { ko: KO, en: EN };
let language = localStorage.getItem("desk.language") === "en" ? "en" : "ko";

export function currentLanguage() {
  return language;
}

export function setLanguage(next) {
  language = next;
  localStorage.setItem("desk.language", next);
  document.documentElement.lang = next;
}

/** The word for a code out of a family ("p_", "why_"); a code of a later version, or free text, shows itself. */
export function worded(family, code) {
  return TABLES[language][`${family}${code}`] ?? String(code);
}

export function w(key) {
  return TABLES[language][key] ?? String(key);
}
