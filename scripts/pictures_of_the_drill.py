"""Draws the pictures of drills: the trainee's console, the trainer's window, the scenario editor; offscreen.

    python -m scripts.pictures_of_the_drill [--out docs/pictures] [--only console trainer editor] [--small]

The drill is played on the sample feeds by a real gateway; this script says what the director would say. --small draws
each at 1366x768 too, to look at.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from scripts.pictures_of_the_wall import SIZES, staged, wait
from smartcity_console.children import Child
from smartcity_console.city import City, city_path, view_polygon
from smartcity_console.clock import SystemClock
from smartcity_console.composition.unattended import FREE_PORTS
from smartcity_console.console.assembly import Console
from smartcity_console.console.main_window import MainWindow
from smartcity_console.console.map import MapWidget
from smartcity_console.console.trainer.editor.editor_app import make_editor
from smartcity_console.console.trainer.editor.parts import Place
from smartcity_console.console.trainer.editor.window import EditorParts
from smartcity_console.console.trainer.trainer_app import Trainer
from smartcity_console.console.trainer.trainer_desk import TrainerParts
from smartcity_console.drill.facts import DrillFacts, write_drill
from smartcity_console.drill.feeds.program import SAMPLE_FEEDS
from smartcity_console.drill.scenario.check import contradictions
from smartcity_console.drill.scenario.read import SHIPPED
from smartcity_console.drill.score.judge import score_of
from smartcity_console.journal import SqliteJournal
from smartcity_console.model import events as ev
from smartcity_console.model.ids import new_id

DRILL = "picture"
CAMERAS = (*(f"GN-{number:04}" for number in range(1, 9)), "PV-0001", "PV-0002")


class Play:
    """Writes into the journal what the director would write."""

    def __init__(self, folder: Path) -> None:
        self._journal = SqliteJournal(folder / "journal.sqlite", SystemClock())

    def say(self, *payloads: ev.Payload) -> None:
        self._journal.append(*(ev.Draft(f"drill/{DRILL}", payload, "director") for payload in payloads))

    def close(self) -> None:
        self._journal.close()


class Studio:
    """Keeps PNGs in both sizes."""

    def __init__(self, out: Path, small: bool) -> None:
        self._out = out
        self.small = small
        self._sizes = SIZES if small else {"1920": SIZES["1920"]}
        out.mkdir(parents=True, exist_ok=True)

    def shoot_as_is(self, name: str, window: QWidget) -> None:
        """Keep a sheet in its own size."""
        QTest.qWait(300)
        path = self._out / f"{name}.png"
        window.grab().save(str(path), "PNG")
        print(path, flush=True)

    def shoot(self, name: str, window: QWidget, ready: Callable[[], bool] = lambda: True) -> None:
        for size, shape in self._sizes.items():
            window.resize(*shape)
            if isinstance(window, MainWindow):
                window.docks.bring_back()
            wait(ready)
            QTest.qWait(900)
            path = self._out / (f"{name}.png" if size == "1920" else f"{name}-{size}.png")
            if not window.grab().save(str(path), "PNG"):
                raise OSError(f"{path} could not be written")
            print(path, flush=True)


FACTS = DrillFacts(
    drill_id=DRILL,
    scenario_id="robbery",
    title_ko="편의점 강도와 도주",
    title_en="Robbery of a shop, and the flight",
    trainees={"3": "김관제"},
    trainer="이훈련",
)


def write_run(folder: Path) -> None:
    """Make a folder a drill's run, with a scenario on the sample city's shop."""
    write_drill(folder, FACTS)
    (folder / "scenario.toml").write_text(SCENARIO + "".join(map(feed, CAMERAS)), "utf-8")


def feed(camera: str) -> str:
    """Return the table of one of the sample recordings."""
    return f'\n[[feeds]]\ncamera = "{camera}"\nfile = "{SAMPLE_FEEDS / camera}.mp4"\n'


@contextmanager
def desks(folder: Path) -> Iterator[None]:
    """Run both desks: a hand-off is delivered in the pictures too."""
    sets = [part for pair in FREE_PORTS for part in ("--set", pair)]
    clock = SystemClock()
    made = [
        Child(folder, f"desk-{kind}", ["desk", "--agency", kind, *sets], clock, lambda _name, _state: None)
        for kind in ("police", "fire")
    ]
    try:
        for child in made:
            child.start()
        yield
    finally:
        for child in made:
            child.stop()


def the_console(studio: Studio, console: Console, play: Play) -> None:
    """The trainee's console: briefing, at work with the trainer's words, a pause, the result."""
    drill = console.drill
    assert drill is not None
    if studio.small:
        studio.shoot("drill-briefing", console.window)
    drill.put_away()
    play.say(SPOKEN)
    wait(drill.card.isVisible)
    studio.shoot("drill-console", console.window)
    if not studio.small:
        return
    console.runner.run("drill.words_seen")
    play.say(ev.DrillPaused(at_s=40.0, by="trainer"))
    wait(lambda: drill.fold.is_paused)
    studio.shoot("drill-paused", console.window)
    play.say(ev.DrillResumed(at_s=40.0, by="trainer", paused_s=3.0))


def the_trainer(studio: Studio, console: Console, play: Play, folder: Path, language: str) -> None:
    """The trainer's window beside the console: a robbery claimed, handed off, one inject held, one failed."""
    clock = SystemClock()
    parts = TrainerParts(
        run_dir=folder,
        facts=FACTS,
        by="이훈련",
        journal_path=folder / "journal.sqlite",
        open_journal=lambda: SqliteJournal(folder / "journal.sqlite", clock),
        judge=score_of,
        look=lambda: {"director": True, "gateway": True, "desk-police": True, "desk-fire": True},
        new_id=lambda prefix: new_id(prefix, clock.now(), os.urandom),
        language=language,
    )
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    assert console.drill is not None
    console.drill.put_away()
    console.drill.mirror.windows = lambda: [console.window]  # here both windows live in one process
    console.drill.marks.stop()
    trainer = Trainer(app, parts, clock)
    trainer.window.show()
    trainer.start()
    desk = trainer.desk
    wait(lambda: desk.fold.is_running and desk.scenario is not None)
    at_s = desk.second
    play.say(fired("panic", at_s - 6.0, "가온마트 비상벨"), fired("act", at_s - 4.0, "강도 장면 시작"))
    console.runner.run("incident.grade.4")
    QTest.qWait(1500)
    console.runner.run("incident.hand_off.police")
    play.say(
        fired("noise", at_s + 2.0, "사무실 열선 오경보"),
        ev.InjectHeld(at_s=at_s + 3.0, inject_id="dark", held=True),
        ev.InjectFailed(at_s=at_s + 4.0, inject_id="silent", reason="1704: 등록되지 않은 계정"),
        SPOKEN,
    )
    wait(lambda: bool(console.drill and console.drill.card.isVisible()))
    QTest.qWait(9000)
    play.say(ev.MomentMarked(at_s=desk.second, text="도주 방향 보고 누락", by="이훈련"))
    wait(lambda: trainer.window.mirror.screen.image is not None and desk.score is not None)
    wait(lambda: bool(desk.fold.moments))
    trainer.window.injects.mark("dark")
    studio.shoot("drill-trainer", trainer.window)
    if studio.small:
        trainer.runner.run("drill.inject.add")
        assert trainer.window.sheet is not None
        studio.shoot_as_is("drill-add", trainer.window.sheet)
    trainer.window.close()


def the_editor(studio: Studio, folder: Path, language: str) -> None:
    """The editor on a shipped scenario: an actor's way on the map; then an inject that contradicts another part."""
    city = City.open(city_path(folder, ""))
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    parts = EditorParts(
        check=lambda made, where: contradictions(made, city, where),
        make_map=lambda: MapWidget(city, view_polygon=lambda camera: view_polygon(city, camera)),
        film=lambda _path, _told, _stopped: [],
        language=language,
    )
    window, languages = make_editor(app, parts)
    window.ask = lambda _title: "discard"
    window.show()
    window.open(SHIPPED / "assault-park")
    wait(lambda: window.document.path is not None)
    window.go_to(Place("actors", 1))
    window.actors.second = 50.0
    studio.shoot("drill-editor", window, lambda: drawn(window.map))
    window.go_to(Place("injects", 1))
    if studio.small:
        studio.shoot("drill-editor-inject", window, lambda: drawn(window.map))
        window.open(SHIPPED / "robbery")
        wait(lambda: window.document.scenario.id == "robbery")
        window.go_to(Place("feeds", 0))
        studio.shoot("drill-editor-feed", window, lambda: window.preview.screen.image is not None)
    window.close()
    languages.remove()


def drawn(chart: QWidget) -> bool:
    """Return whether all of a map that is visible has been painted."""
    QTest.qWait(300)
    assert isinstance(chart, MapWidget)
    return chart.is_complete()


def fired(inject_id: str, at_s: float, label: str) -> ev.InjectFired:
    return ev.InjectFired(at_s=at_s, inject_id=inject_id, kind="dc09", cause="time", label_ko=label, label_en=label)


SPOKEN = ev.DrillSpoken(
    at_s=38.0,
    seat="3",
    who_ko="순찰차 은행12호",
    who_en="Patrol car 12",
    text_ko="은행로 진입 중입니다. 용의자가 어느 쪽으로 갔는지, 흉기를 들고 있는지 알려 주십시오.",
    text_en="We are on Bank Street. Which way did he go, and does he carry a weapon?",
)

SCENARIO = """
format = 1
id = "robbery"
duration_s = 480.0
seats = ["3"]
title = { ko = "편의점 강도와 도주", en = "Robbery of a shop, and the flight" }
briefing = { ko = '''
평일 오후 주간조입니다. 은행동 상가에서 최근 두 주 동안 흉기 강도가 세 건 있었습니다.

지금부터 들어오는 모든 경보를 실제와 같이 처리하십시오. 현장을 보고, 등급을 매기고, 필요한 기관에 이관하십시오.
이관 뒤에도 도주를 계속 추적하십시오.

이 훈련에서 나가는 것은 어느 것도 실제 112·119에 닿지 않습니다.''', en = "A weekday afternoon." }
debriefing = { ko = "도주 방향을 끝까지 쫓았습니까? 민간 카메라는 필요한 만큼만 보았습니까?", en = "Did you follow the flight?" }

[[incidents]]
id = "robbery"
site = "site-gaonmart"
account = "1701"
agencies = ["police"]
grades = [4]
title = { ko = "가온마트 강도", en = "Robbery at Gaon Mart" }

[[incidents]]
id = "false-alarm"
account = "1702"
real = false
title = { ko = "사무실 열선 오경보", en = "False alarm at an office" }

[[injects]]
kind = "dc09"
id = "panic"
account = "1701"
code = "PA"
when = { at_s = 10.0 }
label = { ko = "가온마트 비상벨", en = "Panic button at Gaon Mart" }

[[injects]]
kind = "cue"
id = "act"
when = { at_s = 12.0 }
label = { ko = "강도 장면 시작", en = "The robbery begins" }

[[injects]]
kind = "dc09"
id = "noise"
account = "1702"
code = "BA"
noise = true
when = { at_s = 45.0 }
label = { ko = "사무실 열선 오경보", en = "Motion in an office" }

[[injects]]
kind = "speak"
id = "call"
words = { ko = "도주 방향을 알려 주십시오.", en = "Which way did he go?" }
when = { event = "claimed", of = "robbery", delay_s = 30.0 }
label = { ko = "순찰차의 전화", en = "Call of the patrol car" }

[[injects]]
kind = "camera"
id = "dark"
cameras = ["GN-0006"]
fault = "dark"
when = { at_s = 95.0 }
label = { ko = "카메라 GN-0006 암전", en = "GN-0006 goes dark" }

[[injects]]
kind = "linked"
id = "report"
service = "112-video"
fields = { what = "강도" }
when = { event = "unclaimed", of = "robbery", delay_s = 60.0 }
label = { ko = "112 신고 접수", en = "Report by 112" }

[[injects]]
kind = "desk"
id = "slow"
agency = "police"
manner = { opens_s = 25.0, accepts_s = 40.0, asks = "흉기가 있습니까?" }
when = { event = "handed_off", of = "robbery", to = "police" }
label = { ko = "112 응답 지연", en = "112 answers slowly" }

[[injects]]
kind = "sender"
id = "silent"
accounts = ["1703", "1704"]
noise = true
when = { at_s = 210.0 }
label = { ko = "경비사 수신 두절", en = "A firm falls silent" }

[[injects]]
kind = "end"
id = "end"
when = { at_s = 480.0 }
label = { ko = "훈련 종료", en = "End" }

[[expectations]]
id = "claim"
act = "claim"
incident = "robbery"
weight = 10.0
within_s = 20.0
late_s = 60.0

[[expectations]]
id = "camera"
act = "first_camera"
incident = "robbery"
weight = 10.0
within_s = 30.0
late_s = 90.0

[[expectations]]
id = "hand-off"
act = "hand_off"
incident = "robbery"
weight = 20.0
within_s = 60.0
late_s = 180.0
critical = true

[[expectations]]
id = "agency"
act = "agency"
incident = "robbery"
weight = 15.0

[[expectations]]
id = "no-hand-off"
act = "no_hand_off"
incident = "false-alarm"
weight = 10.0
"""


def main(argv: list[str] | None = None) -> int:
    """Draw; print each picture's path."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"))
    parser.add_argument("--only", nargs="*", default=["console", "trainer", "editor"])
    parser.add_argument("--small", action="store_true", help="1366x768 too")
    parser.add_argument("--language", default="ko", choices=("ko", "en"))
    options = parser.parse_args(argv)
    studio = Studio(options.out, options.small)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "editor" in options.only:
            the_editor(studio, folder, options.language)
        if not {"console", "trainer"} & set(options.only):
            return 0
        write_run(folder)
        play = Play(folder)
        play.say(begun())
        with desks(folder), staged(folder, options.language) as (console, _parts):
            if "console" in options.only:
                the_console(studio, console, play)
            if "trainer" in options.only:
                the_trainer(studio, console, play, folder, options.language)
            play.close()
    return 0


def begun() -> ev.DrillBegun:
    return ev.DrillBegun(
        at_s=0.0,
        drill_id=DRILL,
        scenario_id="robbery",
        scenario_sha256="0" * 64,
        title_ko="편의점 강도와 도주",
        title_en="Robbery of a shop, and the flight",
        trainees={"3": "김관제"},
        trainer="이훈련",
    )


if __name__ == "__main__":
    sys.exit(main())
