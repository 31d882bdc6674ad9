"""A drill's own workspace: made before anything starts, so that every program finds that it is in a drill."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import tomli_w

from smartcity_console.city import City, city_path
from smartcity_console.clock import Clock
from smartcity_console.desk.users import add_user, users_path
from smartcity_console.drill.director.desks import DeskLogin, write_login
from smartcity_console.drill.director.doors import FirmKey, write_firm_keys
from smartcity_console.drill.facts import DrillFacts, write_drill
from smartcity_console.drill.scenario.check import contradictions
from smartcity_console.drill.scenario.model import Scenario, Webhook
from smartcity_console.drill.scenario.read import FILE, find_scenario, read_scenario
from smartcity_console.gateway.doors import FREE_PORTS as GATEWAY_PORTS
from smartcity_console.intake.webhook.keys import add_key
from smartcity_console.model.agency import EMERGENCY_SERVICES, AgencyKind
from smartcity_console.model.errors import ConsoleError
from smartcity_console.settings import load_settings

SEOUL = ZoneInfo("Asia/Seoul")
SCENARIOS = "scenarios"
PLAYER = "drill"
FREE_PORTS = (*GATEWAY_PORTS, "desk.http.port=0", "feeds.rtsp.port=0")
_LISTENS = {
    f"{prefix}.host": "127.0.0.1"
    for prefix in ("intake.dc09", "intake.dc09_udp", "intake.linked", "intake.webhook", "gateway.http", "desk.http")
} | {"feeds.rtsp.host": "127.0.0.1"}
_OUTSIDE = (
    *("handoff.", "status.", "intake.mqtt.", "intake.cap.", "mail."),
    *("desk.http.certificate", "desk.http.key", "desk.gateway_ca"),
    *("gateway.http.certificate", "gateway.http.key", "gateway.http.url"),
)
"""Settings by which something could leave, or come in, that is not this drill's own: no scenario sets them."""


class DrillNotMade(ConsoleError):
    code = "drill_not_made"
    ko = "훈련을 시작하지 않았습니다: {why}. 아무것도 바뀌지 않았습니다. 시나리오를 고치거나 다른 폴더를 주십시오."
    en = "The drill was not begun: {why}. Nothing was changed. Mend the scenario, or name another folder."


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a drill is run with."""

    scenario: str  # a shipped one's id, or a path
    operator: str = "human"
    trainees: Mapping[str, str] = {}
    trainer: str = ""
    out: Path | None = None
    by_hand: frozenset[AgencyKind] = frozenset()
    overrides: tuple[str, ...] = ()


class DrillFolder(msgspec.Struct, frozen=True):
    """A drill that is ready to start: its workspace, its scenario, and the folder that the scenario's feeds lie in."""

    run_dir: Path
    scenario: Scenario
    source: Path
    facts: DrillFacts


def make_drill(workspace: Path, wanted: Wanted, clock: Clock) -> DrillFolder:
    """Make the workspace. Raises NoSuchScenario, ScenarioRefused, DrillNotMade, SettingRefused."""
    found = find_scenario(wanted.scenario, workspace / SCENARIOS)
    source = found.parent if found.suffix == ".toml" else found
    scenario = read_scenario(found)
    settings = _settings(scenario, source, wanted.overrides)
    load_settings(Path("/nonexistent"), [f"{name}={value}" for name, value in settings.items()])
    _require_sound(scenario, source, settings)
    run_dir = _fresh(wanted.out or workspace / "drills", scenario.id, clock)
    facts = DrillFacts(
        drill_id=run_dir.name,
        scenario_id=scenario.id,
        title_ko=scenario.title.ko,
        title_en=scenario.title.en,
        operator=wanted.operator,
        trainees=dict(wanted.trainees),
        trainer=wanted.trainer,
    )
    write_drill(run_dir, facts)
    shutil.copyfile(source / FILE if found.suffix != ".toml" else found, run_dir / FILE)
    (run_dir / "settings.toml").write_text(tomli_w.dumps(settings), "utf-8")
    _make_users(run_dir, set(EMERGENCY_SERVICES) - wanted.by_hand)
    _make_firm_keys(run_dir, scenario)
    return DrillFolder(run_dir, scenario, source.absolute(), facts)


def scenario_folder(name: str, workspace: Path) -> Path:
    """Return where a scenario of the trainer's own lies: a folder that was named, or the workspace's of that id."""
    given = Path(name)
    if given.suffix == ".toml":
        return given.parent
    return given if given.is_dir() or len(given.parts) > 1 else workspace / SCENARIOS / name


def _require_sound(scenario: Scenario, source: Path, settings: Mapping[str, object]) -> None:
    """Raises DrillNotMade for a scenario that contradicts itself, its city or its folder."""
    city = City.open(city_path(source, str(settings.get("city.path", ""))))
    found = [problem for problem in contradictions(scenario, city, source) if not problem.is_warning]
    if found:
        raise DrillNotMade(why="; ".join(f"{p.where}: {p.words.ko} / {p.words.en}" for p in found[:5]))


def _settings(scenario: Scenario, source: Path, overrides: Iterable[str]) -> dict[str, object]:
    """Return the settings of every program of the drill. Raises DrillNotMade for one that a scenario may not set."""
    for name in scenario.settings:
        if name.startswith(_OUTSIDE) or name in _LISTENS:
            raise DrillNotMade(why=f"settings: {name}")
    settings: dict[str, object] = dict(pair.partition("=")[::2] for pair in (*FREE_PORTS, *overrides))
    settings |= scenario.settings
    if scenario.city:
        settings["city.path"] = str((source / scenario.city).absolute())
    return settings | _LISTENS


def _fresh(folder: Path, scenario_id: str, clock: Clock) -> Path:
    """Make an empty folder that nobody has. Raises DrillNotMade."""
    stamp = f"{clock.now().astimezone(SEOUL):%Y%m%d-%H%M%S}-{scenario_id}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, 100):
            made = folder / (stamp if number == 1 else f"{stamp}-{number}")
            if not made.exists():
                made.mkdir()
                return made.absolute()
    except OSError as error:
        raise DrillNotMade(why=f"{folder}: {error.strerror}") from error
    raise DrillNotMade(why=f"{folder} / {stamp}")


def _make_users(run_dir: Path, kinds: Iterable[AgencyKind]) -> None:
    """A desk that plays by itself has one user, the director; one that a person plays stays open, on this machine."""
    for kind in kinds:
        password = secrets.token_urlsafe(24)
        add_user(users_path(run_dir, kind), PLAYER, password)
        write_login(run_dir, kind, DeskLogin(PLAYER, password))


def _make_firm_keys(run_dir: Path, scenario: Scenario) -> None:
    firms = sorted({inject.firm for inject in scenario.injects if isinstance(inject, Webhook)})
    keys = {firm: FirmKey(*add_key(run_dir, firm, firm)) for firm in firms}
    if keys:
        write_firm_keys(run_dir, keys)
