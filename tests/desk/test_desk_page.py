"""The page in a real browser: a hand-off appears, is opened, seen, accepted and answered with units."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import av
import httpx
import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, expect, sync_playwright

from smartcity_console.clock import SystemClock
from smartcity_console.desk.users import add_user

pytestmark = pytest.mark.browser

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
SIZES = {
    "1440": {"width": 1440, "height": 900},
    "1024": {"width": 1024, "height": 768},
    "1366": {"width": 1366, "height": 768},
    "1920": {"width": 1920, "height": 1080},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with storage of its own that fails the test when a script throws or the content security policy had to
    stop something."""
    context = browser.new_context(viewport=SIZES["1440"])
    page = context.new_page()
    page.set_default_timeout(15_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if "Content Security Policy" in m.text else None)
    yield page
    context.close()
    assert complaints == []


def deliver(desk, sender, number: int = 1, *, package: bool = True, is_test: bool = False, **words: str) -> None:
    with httpx.Client(base_url=desk.url, headers=desk.bearer, trust_env=False, timeout=20) as client:
        notice = sender.notice(number, is_test=is_test, **words)
        assert client.post("/api/handoffs", content=notice).status_code == 201
        if package:
            sealed = sender.package()
            answer = client.put(
                f"/api/handoffs/handoff-{number}/package",
                content=sealed.path.read_bytes(),
                headers={"X-Content-SHA256": sealed.sha256},
            )
            assert answer.status_code == 201, answer.text


def write_base(workspace: Path) -> None:
    """A few streets and houses around the sample position, as the city would give them."""
    lon, lat = 127.0276, 37.4979
    per_lon = 111320 * math.cos(math.radians(lat))

    def at(x: float, y: float) -> list[float]:
        return [lon + x / per_lon, lat + y / 111320]

    def road(name: str, width: float, *points: tuple[float, float]) -> dict:
        geometry = {"type": "LineString", "coordinates": [at(*p) for p in points]}
        return {
            "type": "Feature",
            "properties": {"layer": "road", "name": name, "width_m": width},
            "geometry": geometry,
        }

    def house(x: float, y: float) -> dict:
        ring = [at(x, y), at(x + 22, y), at(x + 22, y + 16), at(x, y + 16), at(x, y)]
        return {
            "type": "Feature",
            "properties": {"layer": "building"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }

    roads = [
        road("은행로", 18, (-700, -60), (700, 40)),
        road("은행로2길", 6, (-90, -500), (-60, 500)),
        road("학당길", 8, (120, -500), (140, 500)),
    ]
    houses = [
        house(x, y)
        for x in range(-520, 520, 34)
        for y in (-130, -100, 24, 60, 90)
        if not -110 < x < -40 and not 90 < x < 150
    ]
    (workspace / "base.json").write_text(
        json.dumps({"type": "FeatureCollection", "features": [*houses, *roads]}), "utf-8"
    )


def until(page: Page, script: str, timeout_s: float = 15.0) -> None:
    """Wait for a script to be true. From here, because the page's policy rightly forbids evaluating text inside it."""
    deadline = time.monotonic() + timeout_s
    while not page.evaluate(script):
        assert time.monotonic() < deadline, script
        page.wait_for_timeout(50)


def shoot(page: Page, name: str) -> None:
    """Keep a picture where DESK_SHOTS says: for people who polish the page."""
    folder = os.environ.get("DESK_SHOTS")
    if not folder:
        return
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        page.screenshot(path=f"{folder}/{name}-{size}.png")
    page.set_viewport_size(SIZES["1440"])


def test_a_handoff_is_seen_opened_watched_accepted_and_answered(
    start_desk, sender, gateway, page: Page, tmp_path
) -> None:
    (tmp_path / "workspace").mkdir()
    write_base(tmp_path / "workspace")
    desk = start_desk()
    page.goto(desk.url)
    expect(page.locator("#list")).to_contain_text("아직 받은 이관이 없습니다")
    deliver(desk, sender)
    row = page.locator(".row").first
    expect(row).to_contain_text("가온마트 은행로점")
    expect(row).to_contain_text("미확인")
    deliver(desk, sender, 2, package=False, is_test=True, site_name="한솔분식 2층 주방")
    expect(page.locator(".row")).to_have_count(2)
    expect(page.locator(".row").first).to_contain_text("한솔분식")
    shoot(page, "list")
    page.locator(".row", has_text="가온마트").click()
    expect(page.locator("h1")).to_contain_text("강도 · 가온마트 은행로점")
    expect(page.locator(".where")).to_contain_text("은행로 85")
    expect(page.locator(".map path.base-road")).to_have_count(3)
    until(page, "document.querySelector('.screen video').currentTime > 0.5")  # it plays by itself, without sound
    expect(page.locator("[data-act=units]")).to_be_disabled()
    expect(page.locator("[data-act=units]")).to_contain_text("접수한 뒤에")
    shoot(page, "detail")
    page.locator("[data-act=accept]").click()
    expect(page.locator(".progress")).to_contain_text("접수")
    expect(page.locator("[data-act=units]")).to_be_enabled()
    page.keyboard.press("F4")
    page.locator("input[name=units]").fill("순21호, 순23호")
    page.locator("input[name=eta]").fill("4")
    shoot(page, "units")
    page.locator("form.answer button[type=submit]").click()
    expect(page.locator(".progress")).to_contain_text("순21호, 순23호")
    expect(page.locator(".progress .sent")).to_have_count(3)
    assert [r["stage"] for r in gateway.receipts] == ["opened", "accepted", "units_sent"]
    assert gateway.receipts[2]["units"] == ["순21호", "순23호"]
    assert gateway.receipts[2]["eta_min"] == 4
    assert {r["handoff_id"] for r in gateway.receipts} == {"handoff-1"}
    shoot(page, "answered")


def test_a_refusal_carries_its_reason_and_a_drill_says_so(start_desk, sender, gateway, page: Page) -> None:
    desk = start_desk()
    deliver(desk, sender, is_test=True)
    page.goto(desk.url)
    page.locator(".row").click()
    expect(page.locator(".drill-banner")).to_contain_text("훈련")
    page.keyboard.press("F8")
    page.locator(".chip", has_text="관할 아님").click()
    page.locator("form.answer button[type=submit]").click()
    expect(page.locator(".progress")).to_contain_text("관할 아님")
    expect(page.locator("[data-act=accept]")).to_be_disabled()
    expect(page.locator(".progress .sent")).to_have_count(2)
    assert gateway.receipts[1]["reason"] == "관할 아님"
    shoot(page, "drill")


def test_outside_text_stays_text(start_desk, sender, page: Page) -> None:
    desk = start_desk()
    bomb = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    fields = ("site_name", "address", "firm_name", "zone_name", "text", "note", "camera", "agency", "seat")
    deliver(desk, sender, **{name: f"{name}{bomb}" for name in fields})
    page.goto(desk.url)
    page.locator(".row").click()
    expect(page.locator("h1")).to_contain_text("site_name<img src=x")
    for name in ("note", "camera", "address", "firm_name", "seat", "zone_name"):
        expect(page.locator("#detail")).to_contain_text(f"{name}<img src=x")
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("main script").count() == 0
    assert "owned" not in page.title()


def test_the_live_view_plays_and_counts_down(start_desk, sender, gateway, page: Page, tmp_path) -> None:
    gateway.live_chunks = fragments(sender.clip, tmp_path / "live.mp4")
    desk = start_desk()
    deliver(desk, sender)
    page.goto(desk.url)
    page.locator(".row").click()
    page.locator(".mode-live").click()
    expect(page.locator(".live-left")).to_contain_text("남음")
    until(page, "document.querySelector('video[data-live]')?.currentTime > 0.3")
    until(page, "document.querySelector('.live-state').textContent.startsWith('멈춤')")  # the feed has ended
    shoot(page, "live")


def test_a_refused_live_token_is_said_in_words(start_desk, sender, gateway, page: Page) -> None:
    gateway.token = "another"
    desk = start_desk()
    deliver(desk, sender)
    page.goto(desk.url)
    page.locator(".row").click()
    page.locator(".mode-live").click()
    expect(page.locator(".screen-message")).to_contain_text("실시간 열람 시간이 끝났습니다")


def test_a_format_the_browser_cannot_play_is_named(start_desk, sender, page: Page) -> None:
    sender.codec = "hvc1.1.6.L120.90"
    desk = start_desk()
    deliver(desk, sender)
    page.goto(desk.url)
    page.locator(".row").click()
    expect(page.locator(".screen-message")).to_contain_text("hvc1.1.6.L120.90")
    expect(page.locator(".screen-message a")).to_have_attribute("href", "/media/handoff-1/clips/GN-0001.mp4")
    until(page, "document.querySelector('.unplayable img').naturalWidth === 640")
    page.locator("button.language").click()
    expect(page.locator(".screen-message")).to_contain_text("cannot play")
    shoot(page, "unplayable")


def test_the_page_finds_its_way_back_after_the_desk_was_restarted(start_desk, sender, page: Page) -> None:
    desk = start_desk()
    deliver(desk, sender)
    page.goto(desk.url)
    page.locator(".row").click()
    expect(page.locator(".link.up")).to_be_visible()
    desk.process.terminate()
    assert desk.process.wait(15) == 0
    expect(page.locator(".link.down")).to_be_visible()
    again = start_desk(port=desk.port)
    expect(page.locator(".link.up")).to_be_visible()
    deliver(again, sender, 2, site_name="한솔분식 2층 주방")
    expect(page.locator(".row").first).to_contain_text("한솔분식")  # nobody reloaded the page
    expect(page.locator(".row").nth(1)).to_contain_text("열람")


def fragments(clip: Path, out: Path) -> list[bytes]:
    """Remux a clip into an init segment and its fragments."""
    with (
        av.open(str(clip)) as source,
        av.open(
            str(out), "w", format="mp4", options={"movflags": "frag_keyframe+empty_moov+default_base_moof"}
        ) as target,
    ):
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    data, cuts, offset = out.read_bytes(), [0], 0
    while offset < len(data):
        size, kind = int.from_bytes(data[offset : offset + 4], "big"), data[offset + 4 : offset + 8]
        if kind == b"moof":
            cuts.append(offset)
        offset += size
    return [data[a:b] for a, b in zip(cuts, [*cuts[1:], len(data)], strict=True)]


def tell(desk, handoff_id: str, kind: str, text: str, update_id: str, sent_by: str = "가온시 통합관제센터 · 3") -> None:
    told = {"handoff_id": handoff_id, "update_id": update_id, "kind": kind, "text": text, "sent_by": sent_by}
    told["sent_at"] = SystemClock().now().isoformat()
    answer = httpx.post(
        f"{desk.url}/api/handoffs/{handoff_id}/updates", json=told, headers=desk.bearer, trust_env=False
    )
    assert answer.status_code == 201, answer.text


def test_messages_units_arrival_and_the_end(start_desk, sender, gateway, page: Page, tmp_path) -> None:
    (tmp_path / "workspace").mkdir()
    write_base(tmp_path / "workspace")
    desk = start_desk()
    deliver(desk, sender)
    page.goto(desk.url)
    page.locator(".row").click()
    tell(desk, "handoff-1", "message", "용의자 남쪽 골목으로", "update-1")
    expect(page.locator(".talk .theirs")).to_contain_text("용의자 남쪽 골목으로")
    page.locator("input[name=message]").fill("순21호 전달함")
    page.keyboard.press("Enter")
    expect(page.locator(".talk .ours")).to_contain_text("순21호 전달함")
    page.locator("[data-act=accept]").click()
    expect(page.locator("[data-act=on_scene]")).to_be_disabled()
    page.locator("[data-act=units]").click()
    page.locator("input[name=units]").fill("순21호")
    page.locator("form.answer button[type=submit]").click()
    page.locator(".units button").click()
    page.locator(".map-canvas svg").click(position={"x": 60, "y": 60})
    expect(page.locator(".map circle.unit")).to_have_count(1)
    page.locator("[data-act=on_scene]").click()
    expect(page.locator(".progress .is-on_scene")).to_be_visible()
    page.keyboard.press("F9")
    page.locator("[data-outcome=arrested]").click()
    page.locator("input[name=note]").fill("1명")
    shoot(page, "closing")
    page.locator("form.answer button[type=submit]").click()
    expect(page.locator(".progress .is-closed")).to_contain_text("피의자 검거 · 1명")
    expect(page.locator("[data-act=units]")).to_be_disabled()
    expect(page.locator(".progress .sent")).to_have_count(5)
    stages = [receipt["stage"] for receipt in gateway.receipts]
    assert stages == ["opened", "message", "accepted", "units_sent", "positions", "on_scene", "closed"]
    (place,) = gateway.receipts[4]["positions"]
    assert place["unit"] == "순21호"
    assert 0.0001 < abs(place["lon_deg"] - 127.0276) < 0.01 and 0.0001 < abs(place["lat_deg"] - 37.4979) < 0.01
    shoot(page, "closed")


@pytest.mark.alone
def test_a_recall_is_shown_and_shuts_the_live_view_within_two_seconds(
    start_desk, sender, gateway, page: Page, tmp_path
) -> None:
    gateway.live_chunks = fragments(sender.clip, tmp_path / "live.mp4")
    desk = start_desk()
    deliver(desk, sender)
    deliver(desk, sender, 2, site_name="한솔분식 2층 주방")
    page.goto(desk.url)
    page.locator(".row", has_text="가온마트").click()
    page.locator(".mode-live").click()
    until(page, "document.querySelector('video[data-live]')?.currentTime > 0.3")
    tell(desk, "handoff-1", "recalled", "false_alarm", "update-1")
    began = time.monotonic()
    until(page, "document.querySelector('video[data-live]') === null", 2.0)
    assert time.monotonic() - began < 2.0
    expect(page.locator(".recall-banner")).to_contain_text("센터가 이 이관을 거두었습니다")
    expect(page.locator(".recall-banner")).to_contain_text("오경보")
    expect(page.locator(".screen-message")).to_contain_text("거두었습니다")
    expect(page.locator(".row.is-recalled")).to_contain_text("회수됨")
    expect(page.locator("[data-act=accept]")).to_be_disabled()
    page.locator(".mode-clip").click()
    until(page, "document.querySelector('.screen video').currentTime > 0.2")  # what came stays
    shoot(page, "recalled")


def test_one_logs_in_first_where_the_desk_has_users(start_desk, sender, page: Page, tmp_path) -> None:
    users = tmp_path / "workspace" / "secrets" / "desk-police.users.json"
    add_user(users, "김경사", "은행로 85 정문 앞")
    desk = start_desk()
    deliver(desk, sender)
    page.goto(desk.url)
    expect(page.locator("#gate form")).to_be_visible()
    assert "가온마트" not in page.content()
    page.locator("input[name=name]").fill("김경사")
    page.locator("input[name=password]").fill("falsch falsch")
    page.keyboard.press("Enter")
    expect(page.locator(".login .warn")).to_contain_text("비밀번호가 맞지 않습니다")
    shoot(page, "login")
    page.locator("input[name=password]").fill("은행로 85 정문 앞")
    page.keyboard.press("Enter")
    expect(page.locator("#bar .user")).to_contain_text("김경사")
    page.locator(".row").click()
    page.locator("[data-act=accept]").click()
    expect(page.locator(".progress .is-accepted")).to_contain_text("김경사")
    page.reload()
    expect(page.locator("#bar .user")).to_contain_text("김경사")
    page.locator(".logout").click()
    expect(page.locator("#gate form")).to_be_visible()
    assert "가온마트" not in page.content()


def test_an_answer_that_comes_after_the_logout_is_not_shown(start_desk, sender, page: Page, tmp_path) -> None:
    """The list was asked for, the user logs out, and only then the answer arrives."""
    add_user(tmp_path / "workspace" / "secrets" / "desk-police.users.json", "김경사", "은행로 85 정문 앞")
    desk = start_desk()
    deliver(desk, sender)
    page.goto(desk.url)
    page.locator("input[name=name]").fill("김경사")
    page.locator("input[name=password]").fill("은행로 85 정문 앞")
    page.keyboard.press("Enter")
    expect(page.locator(".row")).to_be_visible()
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/page/handoffs", lambda route: held.append((route, route.fetch())))
    page.reload()
    page.locator(".logout").click()
    expect(page.locator("#gate form")).to_be_visible()
    with page.expect_response("**/page/handoffs") as late:
        route, response = held[0]
        assert "가온마트" in response.text()
        route.fulfill(response=response)
    late.value.finished()
    page.evaluate("() => new Promise((done) => setTimeout(done, 0))")  # the page has had its turn with it
    assert "가온마트" not in page.content()


def test_an_open_desk_says_so(start_desk, page: Page) -> None:
    page.goto(start_desk().url)
    expect(page.locator(".open-desk")).to_contain_text("로그인 없음")


def test_outside_text_stays_text_in_everything_that_comes_later(start_desk, sender, page: Page) -> None:
    """Every text of notice, package, recall and messages at once, in both languages, on the list and in the detail."""
    bomb = "<img src=x onerror=\"document.title='owned'\"><svg onload=\"document.title='owned'\">"
    desk = start_desk()
    told = json.loads(sender.notice())
    sealed = sender.package(gap=f"gap{bomb}")
    spiked = {"handoff_id", "id", "url", "token", "kind", "priority", "ownership", "camera_id"}

    def spike(value, name=""):
        if isinstance(value, dict):
            return {key: spike(part, key) for key, part in value.items()}
        if isinstance(value, list):
            return [spike(part, name) for part in value]
        is_time = isinstance(value, str) and value[:2] == "20" and value[10:11] == "T"
        return value + bomb if isinstance(value, str) and name not in spiked and not is_time else value

    notice = spike({key: part for key, part in told.items() if key not in ("live", "receipts")})
    notice["timeline"] += [{**line, "type": "NoteAdded"} for line in notice["timeline"]]
    notice |= {"live": told["live"], "receipts": told["receipts"], "follows": f"handoff{bomb}", "is_test": True}
    with httpx.Client(base_url=desk.url, headers=desk.bearer, trust_env=False, timeout=20) as client:
        assert client.post("/api/handoffs", content=json.dumps(notice)).status_code == 201
        package, headers = sealed.path.read_bytes(), {"X-Content-SHA256": sealed.sha256}
        assert client.put("/api/handoffs/handoff-1/package", content=package, headers=headers).status_code == 201
    page.goto(desk.url)
    page.locator(".row").click()
    tell(desk, "handoff-1", "message", f"message{bomb}", "update-1", f"centre{bomb}")
    expect(page.locator(".talk .theirs")).to_contain_text("message<img src=x")
    expect(page.locator(".talk .theirs")).to_contain_text("centre<img src=x")
    page.locator("[data-act=accept]").click()
    page.locator("[data-act=units]").click()
    page.locator("input[name=units]").fill(f"unit{bomb}"[:60])
    page.locator("form.answer button[type=submit]").click()
    expect(page.locator(".units strong")).to_contain_text("unit<img src=x")
    tell(desk, "handoff-1", "recalled", f"reason{bomb}", "update-2", f"seat{bomb}")
    expect(page.locator(".recall-banner")).to_contain_text("reason<img src=x")
    for _ in range(2):
        for text in ("gap<img src=x", "reason<img src=x", "비상벨 눌림<img src=x", "좌석 3<img src=x"):
            expect(page.locator("#detail")).to_contain_text(text)
        page.locator("button.language").click()
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("svg[onload]").count() == 0
    assert "owned" not in page.title()


def test_a_press_is_not_lost_when_news_draws_the_list_anew(page: Page, start_desk, sender) -> None:
    desk = start_desk()
    deliver(desk, sender, package=False)
    page.goto(desk.url)
    row = page.locator(".row[data-id='handoff-1']")
    row.hover()
    page.mouse.down()
    deliver(desk, sender, 2, package=False)
    expect(page.locator(".row")).to_have_count(2)
    page.mouse.up()
    expect(row).to_have_attribute("aria-current", "true")


def test_a_neighbouring_centre_and_a_facility_have_a_desk_of_their_own(page: Page, tmp_path: Path) -> None:
    for agency, korean in (("centre", "관제센터"), ("facility", "시설 상황실")):
        command = [sys.executable, "-m", "smartcity_console", "desk", "--agency", agency, "--workspace", str(tmp_path)]
        program = subprocess.Popen([*command, "--set", "desk.http.port=0"], stdout=subprocess.PIPE, text=True)
        try:
            assert program.stdout is not None
            page.goto(json.loads(program.stdout.readline())["addresses"]["http"])
            expect(page.locator("#bar .agency")).to_have_text(korean)
        finally:
            program.terminate()
            program.communicate(timeout=20)
