"""`--unattended`: the sample day from the first alarm to two closed incidents, with a report and screenshots."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from smartcity_console.city import City
from smartcity_console.clock import Clock
from smartcity_console.composition.desk_browser import DeskBrowser
from smartcity_console.composition.programs import Programs
from smartcity_console.composition.report import make_report
from smartcity_console.composition.seat import SeatParts, take_seat
from smartcity_console.console.unattended.acts import Act, Alarm, Played, World
from smartcity_console.drill.feeds.program import SAMPLE_FEEDS
from smartcity_console.drill.scenes import Scene, read_scenes
from smartcity_console.drill.transmitter import Transmitter
from smartcity_console.gateway.doors import FREE_PORTS as GATEWAY_PORTS
from smartcity_console.model.agency import EMERGENCY_SERVICES, AgencyKind
from smartcity_console.model.errors import ConsoleError
from smartcity_console.model.verdict import Grade
from smartcity_console.runtime import is_running, read_announcement, write_atomically
from smartcity_console.settings import Settings, load_settings

FREE_PORTS = (*GATEWAY_PORTS, "desk.http.port=0", "feeds.rtsp.port=0")


class OutNotUsable(ConsoleError):
    code = "out_not_usable"
    ko = "{out} 에 무인 실행의 결과를 쓸 수 없습니다: {why}. 아무것도 지우지 않았습니다. --out 에 다른 폴더를 주십시오."
    en = "The unattended run cannot use {out}: {why}. Nothing was removed. Name another folder with --out."


def run_unattended(out: Path, feeds: Path | None, overrides: Sequence[str], clock: Clock) -> int:
    """Run the sample day; return 0 when all of it was reached and every clip and package stood its check."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    workspace = _fresh_workspace(out)
    given = [*FREE_PORTS, *overrides]
    settings = load_settings(workspace, given)
    programs = Programs(workspace, feeds, settings, given, clock)
    try:
        programs.start()
        played = _Run(out, workspace, feeds, settings, programs, clock).play()
    finally:
        programs.stop()
    report = make_report(out, workspace, feeds or SAMPLE_FEEDS, played)
    write_atomically(out / "report.json", msgspec.json.format(msgspec.json.encode(report), indent=1))
    print(json.dumps({"report": str(out / "report.json"), "ok": report.ok}), flush=True)
    for problem in report.problems:
        print(problem, file=sys.stderr)
    return 0 if report.ok else 1


def _fresh_workspace(out: Path) -> Path:
    """Return an empty workspace under `out`; one left by an earlier run of ours is removed. Raises OutNotUsable."""
    workspace = out / "workspace"
    if workspace.exists():
        if not (workspace / ".unattended").is_file():
            raise OutNotUsable(out=out, why=f"{workspace} was not made by an unattended run")
        if is_running(workspace, "gateway"):
            raise OutNotUsable(out=out, why="another unattended run is using it")
        shutil.rmtree(workspace)
    try:
        workspace.mkdir(parents=True)
        (workspace / ".unattended").touch()
        for old in (*out.glob("*.png"), out / "report.json"):
            old.unlink(missing_ok=True)
    except OSError as error:
        raise OutNotUsable(out=out, why=error.strerror or str(error)) from error
    return workspace.absolute()


class _Run:
    """One console played by a script."""

    def __init__(
        self, out: Path, workspace: Path, feeds: Path | None, settings: Settings, programs: Programs, clock: Clock
    ) -> None:
        self._out, self._workspace, self._feeds, self._settings = out, workspace, feeds, settings
        self._programs, self._clock = programs, clock

    def play(self) -> Played:
        """Play the day; the desks' pages are closed whatever happens."""
        from smartcity_console.console.unattended.play import play  # Qt loads only here

        seat, lock = take_seat(self._workspace)
        desks = {kind: self._desk(kind) for kind in EMERGENCY_SERVICES}
        try:
            made = SeatParts(self._workspace, self._settings, self._clock, seat, self._programs.next_trouble)
            world = self._world(desks, made.city)
            played = play(self._workspace, self._settings, self._clock, made.parts(), world, self._out)
        finally:
            for desk in desks.values():
                desk.close()
            lock.release()
        played.screenshots += [shot for desk in desks.values() for shot in desk.shots]
        return played

    def _desk(self, kind: AgencyKind) -> DeskBrowser:
        return DeskBrowser(kind, self._programs.addresses[f"desk-{kind}"]["http"], self._out)

    def _world(self, desks: dict[AgencyKind, DeskBrowser], city: City) -> World:
        transmitter = Transmitter(self._programs.addresses["gateway"]["dc09"], self._clock)
        scenes = read_scenes(SAMPLE_FEEDS / "feeds.toml")
        return World(
            send=lambda alarm: transmitter.send(alarm.account, alarm.code, alarm.zone, alarm.text),
            gateway_up=lambda: is_running(self._workspace, "gateway"),
            loop_position_s=self._loop_position_s,
            begins_at_s=scenes["robbery"].at_s,
            desks=desks,
            acts=sample_acts(scenes),
            noise=noise_of(city),
        )

    def _loop_position_s(self) -> float | None:
        """Return where in their loop the sample feeds are; None for anybody's recordings, which show no scene."""
        told = (read_announcement(self._workspace, "feeds") or {}).get("addresses", {})
        if self._feeds is not None or "epoch_monotonic_s" not in told:
            return None
        elapsed_s: float = self._clock.monotonic_s() - told["epoch_monotonic_s"]
        return elapsed_s % float(told["loop_s"])


def sample_acts(scenes: Mapping[str, Scene]) -> tuple[Act, ...]:
    """Return the two acts of the sample day."""
    robbery, fire = scenes["robbery"], scenes["fire"]
    return (
        Act(
            site_id=robbery.site,
            alarms=(Alarm(robbery.account, "BA", "3"), Alarm(robbery.account, robbery.code, robbery.zone)),
            kind=AgencyKind.POLICE,
            grade=Grade.LIFE_THREAT,
            note="남성 1명, 검은 패딩, 흉기 소지, 도주 중",
            steps=("weapon", "persons"),
            units=("순21호", "순23호"),
        ),
        Act(
            site_id=fire.site,
            alarms=(Alarm(fire.account, fire.code, fire.zone),),
            kind=AgencyKind.FIRE,
            grade=Grade.PROPERTY_THREAT,
            note="2층 창문에서 화염과 검은 연기, 사람들 대피 중",
            steps=("flame", "access"),
            units=("펌프1호", "구급2호"),
        ),
    )


def noise_of(city: City) -> tuple[Alarm, ...]:
    """Return the rest of a queue: an alarm of each firm that the acts leave out, a power failure, an unknown account."""
    sites = sorted(city.sites.values(), key=lambda site: site.id)
    adt, nsok, power = (
        next(s for s in sites if s.firm_id == firm and s.id[-1].isdigit()) for firm in ("adt", "nsok", "s1")
    )
    return (
        Alarm(adt.account, "BA", "2"),
        Alarm(nsok.account, "BA", "1"),
        Alarm(power.account, "AT", "0"),
        Alarm("FFFE", "BA", "1", "등록되지 않은 송신기"),
    )
