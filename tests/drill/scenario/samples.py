"""A small scenario of which nothing is wrong."""

from __future__ import annotations

WHOLE = """\
format = 1
id = "corner-shop"
title = { ko = "골목 가게", en = "Corner shop" }
briefing = { ko = "오후 근무입니다.", en = "An afternoon shift." }
debriefing = { ko = "무엇을 보았습니까?", en = "What did you see?" }
duration_s = 300.0

[[feeds]]
camera = "GN-0001"
file = "GN-0001.mp4"
cue = "act"
before_s = [0.0, 30.0]
act_s = [30.0, 84.0]
after_s = [84.0, 90.0]

[[incidents]]
id = "shop"
title = { ko = "강도", en = "Robbery" }
site = "site-gaonmart"
cue = "act"
act_s = [10.0, 16.0]
grades = [4]
agencies = ["police"]
cameras = ["GN-0001"]
steps = ["weapon", "persons"]

[[incidents]]
id = "cat"
title = { ko = "고양이", en = "A cat" }
account = "2711"
real = false
grades = [0]

[[injects]]
kind = "cue"
id = "act"
label = { ko = "강도 시작", en = "The robbery begins" }
[injects.when]
at_s = 50.0

[[injects]]
kind = "dc09"
id = "panic"
label = { ko = "비상벨", en = "Panic button" }
account = "1701"
code = "PA"
zone = "9"
sets = "alarmed"
[injects.when]
event = "fired"
of = "act"
delay_s = 10.0

[[injects]]
kind = "speak"
id = "owner-calls"
label = { ko = "점주 전화", en = "The owner telephones" }
words = { ko = '''
점주입니다.
[[injects]] 는 여기서 글일 뿐입니다.
''', en = "This is the owner." }
[injects.when]
event = "unclaimed"
of = "shop"
delay_s = 60.0
needs = ["alarmed"]

[[expectations]]
id = "claim"
act = "claim"
incident = "shop"
weight = 10
within_s = 10.0
late_s = 40.0
critical = true

[[expectations]]
id = "clip"
act = "clip"
incident = "shop"
weight = 15

[[expectations]]
id = "not-the-cat"
act = "no_hand_off"
incident = "cat"
weight = 5
"""
