"""What the gateway's intake takes: 1,700 transmitters on DC-09, half of them encrypted, on this machine.

    python benchmarks/intake.py [--seconds 30] [--rate 4200] [--connections 1700] [--saturate 8] [--no-console] [--no-peer]

The gateway and the senders are processes of their own on the same cores. The senders offer `offered_per_s` together, each
frame at a time of its own that does not wait for the answers of others; one sender sends its next frame when the last is
acknowledged. A console, offscreen, is attached meanwhile, and keys are pressed on it. After that, without the console,
more is offered than can be taken, for `--saturate` seconds (0: not).

Prints one JSON line. alerts_per_s: acknowledged, over the whole load. ack_p50_ms, ack_p99_ms: from a frame sent to its
ACK, which goes out after the fsync. due_p99_ms: the same from the time at which the frame was due, so that a sender that
was held up counts. saturated_per_s, saturated_ack_p99_ms: of the second load. lost: acknowledged and not in the journal,
of both loads. duplicated: more than once in it.
key_p99_ms, key_max_ms: from a key pressed to the console having done what it means. gateway_cpu_us: processor time of
the gateway for each alert. peer_alerts_per_s: pysiaalarm's receiver on the same load; it stores nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import msgspec
import psutil

from benchmarks.intake_gateway import ROOT, Gateway, stored_alerts
from benchmarks.intake_load import Load, Outcome, Sender
from smartcity_console.city import City, city_path
from smartcity_console.clock import SystemClock
from smartcity_console.intake.keys import KEY_BYTES, SenderKeys
from smartcity_console.journal import SqliteJournal

CLOCK = SystemClock()
CONNECTIONS_A_SECOND = 400.0
LATE_S = 15.0
"""How long after its last frame is due a load may wait for answers."""


def main(argv: list[str] | None = None) -> dict[str, object]:
    """Run the load, print the figures and return them."""
    options = _arguments(argv)
    with tempfile.TemporaryDirectory(prefix="intake-", dir=options.data) as folder:
        workspace = Path(folder)
        senders = make_senders(workspace, options.connections)
        result = _measure(workspace, senders, options)
    if options.peer:
        from benchmarks.intake_peer import peer_alerts_per_s

        # It refuses Korean text, and Contact ID with extended data: its load is SIA-DCS in ASCII.
        plain = [msgspec.structs.replace(one, text="rear door", payload="SIA-DCS") for one in senders]
        result |= peer_alerts_per_s(plain, options.rate, min(options.seconds, 10.0))
    print(json.dumps(result))
    return result


def make_senders(workspace: Path, count: int) -> list[Sender]:
    """Return so many accounts, those of the sample city first; every other one has a key, of each length in turn."""
    known = sorted(City.open(city_path(workspace, "")).sites.values(), key=lambda site: site.id)
    accounts = [site.account for site in known if site.account][:count]
    accounts += [f"{0xB00000 + number:X}" for number in range(count - len(accounts))]
    keys = SenderKeys(workspace, CLOCK)
    senders = []
    for number, account in enumerate(accounts):
        # Keys of printable bytes: the peer takes no others.
        key = os.urandom(KEY_BYTES[number // 2 % 3] // 2).hex().encode() if number % 2 else b""
        senders.append(Sender(account, key, "ADM-CID" if number % 3 == 2 else "SIA-DCS"))
    keys.set_all({sender.account: sender.key.hex() for sender in senders if sender.key})
    return senders


def _measure(workspace: Path, senders: list[Sender], options: argparse.Namespace) -> dict[str, object]:
    gateway = Gateway(workspace)
    gateway.start()
    try:
        with _console(workspace, options.console) as console:
            before_s, others_s = gateway.cpu_s(), _all_cpu_s()
            outcome = _run_load(gateway.address, senders, options.rate, options.seconds)
            used_s, all_s = gateway.cpu_s() - before_s, _all_cpu_s() - others_s
            rss_mib = gateway.rss_mib()
        keys = console()
        more = _saturate(gateway.address, senders, options, outcome.longest)
    finally:
        gateway.end()
    return (
        _figures(outcome, options)
        | _saturated(more)
        | _truth(workspace, [*outcome.acked, *more.acked])
        | keys
        | {
            "gateway_cpu_us": round(used_s / max(1, len(outcome.acked)) * 1e6, 1),
            "sender_cpu_us": round(outcome.cpu_s / max(1, len(outcome.acked)) * 1e6, 1),
            "machine_cpu_us": round(all_s / max(1, len(outcome.acked)) * 1e6, 1),
            "gateway_rss_mib": round(rss_mib, 1),
        }
    )


def _run_load(
    address: tuple[str, int], senders: list[Sender], rate_s: float, seconds: float, first: int = 1
) -> Outcome:
    """Run the senders in a process of their own, as they are on other machines in the field."""
    job = pickle.dumps((address, senders, rate_s, seconds, first))
    command = [sys.executable, str(Path(__file__).resolve()), "--send"]
    done = subprocess.run(command, cwd=ROOT, input=job, stdout=subprocess.PIPE, check=True)
    outcome: Outcome = pickle.loads(done.stdout)
    return outcome


def _saturate(
    address: tuple[str, int], senders: list[Sender], options: argparse.Namespace, sent_before: int
) -> Outcome:
    """Offer twice what was offered before; sequence numbers go on, for a repeated frame would be a repetition."""
    if options.saturate <= 0:
        return Outcome()
    return _run_load(address, senders, 2.0 * options.rate, options.saturate, sent_before + 1)


def _send() -> None:
    """What the senders' process does: a job on stdin, its outcome on stdout."""
    address, senders, rate_s, seconds, first = pickle.load(sys.stdin.buffer)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    load = Load(address, senders, CLOCK, rate_s, seconds)
    begins_in_s = 0.3 + len(senders) / CONNECTIONS_A_SECOND + rate_s * seconds / 20_000.0
    load.prepare(begins_in_s, first)
    load.connect()
    own = psutil.Process()
    before_s = sum(own.cpu_times()[:2])
    began_s = CLOCK.monotonic_s()
    outcome = load.run(began_s + begins_in_s + seconds + LATE_S)
    outcome.cpu_s, outcome.longest = sum(own.cpu_times()[:2]) - before_s, load.longest
    load.close()
    pickle.dump(outcome, sys.stdout.buffer)


def _figures(outcome: Outcome, options: argparse.Namespace) -> dict[str, object]:
    latencies_ms, due_ms = sorted(outcome.latencies_ms) or [float("nan")], sorted(outcome.due_ms) or [float("nan")]
    return {
        "alerts_per_s": _rate_s(outcome),
        "offered_per_s": options.rate,
        "ack_p50_ms": round(latencies_ms[len(latencies_ms) // 2], 1),
        "ack_p99_ms": round(latencies_ms[int(len(latencies_ms) * 0.99)], 1),
        "ack_max_ms": round(latencies_ms[-1], 1),
        "due_p99_ms": round(due_ms[int(len(due_ms) * 0.99)], 1),
        "acked": len(outcome.acked),
        "refused": outcome.refused,
        "resent": outcome.resent,
        "connections": options.connections,
        "seconds": options.seconds,
    }


def _rate_s(outcome: Outcome) -> float:
    return round(len(outcome.acked) / max(0.001, outcome.ended_s - outcome.began_s), 1)


def _saturated(outcome: Outcome) -> dict[str, object]:
    if not outcome.acked:
        return {}
    latencies_ms = sorted(outcome.latencies_ms)
    p99_ms = round(latencies_ms[int(len(latencies_ms) * 0.99)], 1)
    return {"saturated_per_s": _rate_s(outcome), "saturated_ack_p99_ms": p99_ms}


def _truth(workspace: Path, acked: list[tuple[str, str]]) -> dict[str, object]:
    stored = stored_alerts(workspace)
    journal = SqliteJournal(workspace / "journal.sqlite", CLOCK, verify=False)
    broken = journal.verify()
    journal.close()
    return {
        "lost": sum(1 for alert in acked if alert not in stored),
        "duplicated": sum(1 for count in stored.values() if count > 1),
        "chain": "whole" if broken is None else f"broken at {broken.seq}",
    }


@contextmanager
def _console(workspace: Path, wanted: bool) -> Iterator[object]:
    if not wanted:
        yield dict
        return
    from benchmarks.intake_console import attached_console

    with attached_console(workspace) as figures:
        yield figures


def _all_cpu_s() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - times.iowait)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=4200.0, help="alerts a second that the senders offer together")
    parser.add_argument("--connections", type=int, default=1700)
    parser.add_argument("--saturate", type=float, default=8.0, help="seconds of a second load of twice the rate")
    parser.add_argument("--console", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--peer", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument(
        "--data", type=Path, default=None, help="where the workspace is made; default: the system's own"
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--send"]:
        _send()
    else:
        main()
