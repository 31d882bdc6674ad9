"""pysiaalarm's receiver on the same load as ours: how many alerts a second it acknowledges. It stores nothing."""

from __future__ import annotations

import importlib.util
import pickle
import subprocess
import sys
from pathlib import Path

if __package__ in (None, ""):  # run as a file: the checkout that this file lies in goes first
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.intake_load import Outcome, Sender

ROOT = Path(__file__).resolve().parents[1]
START_LIMIT_S = 30.0


def peer_alerts_per_s(senders: list[Sender], rate_s: float, seconds: float) -> dict[str, object]:
    """Run the load against pysiaalarm's asynchronous receiver in a process of its own."""
    if importlib.util.find_spec("pysiaalarm") is None:
        return {"peer_alerts_per_s": None, "peer": "pysiaalarm is not installed: it belongs to the extra [bench]"}
    command = [sys.executable, str(Path(__file__).resolve())]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as peer:
        assert peer.stdin is not None and peer.stdout is not None
        peer.stdin.write(pickle.dumps(senders))
        peer.stdin.flush()
        try:
            port = int(peer.stdout.readline())
            outcome = _load(("127.0.0.1", port), senders, rate_s, seconds)
        finally:
            peer.kill()
    elapsed_s = max(0.001, outcome.ended_s - outcome.began_s)
    latencies_ms = sorted(outcome.latencies_ms) or [float("nan")]
    return {
        "peer_alerts_per_s": round(len(outcome.acked) / elapsed_s, 1),
        "peer_ack_p99_ms": round(latencies_ms[int(len(latencies_ms) * 0.99)], 1),
        "peer_refused": outcome.refused,
        "peer": "pysiaalarm, stores nothing",
    }


def _load(address: tuple[str, int], senders: list[Sender], rate_s: float, seconds: float) -> Outcome:
    job = pickle.dumps((address, senders, rate_s, seconds, 1))
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "intake.py"), "--send"],
        cwd=ROOT,
        input=job,
        stdout=subprocess.PIPE,
        check=True,
    )
    outcome: Outcome = pickle.loads(done.stdout)
    return outcome


def _serve() -> None:
    """What the peer's process does: senders on stdin, its port on stdout, then receives until it is killed."""
    import asyncio
    import logging
    import resource
    import socket

    from pysiaalarm.aio import SIAAccount, SIAClient

    logging.disable(logging.CRITICAL)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    senders: list[Sender] = pickle.load(sys.stdin.buffer)
    accounts = [SIAAccount(one.account, one.key.decode() or None) for one in senders]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    async def taken(_event: object) -> None:
        return

    async def run() -> None:
        client = SIAClient("127.0.0.1", port, accounts, function=taken)
        await client.async_start(reuse_port=True)
        print(port, flush=True)
        await asyncio.Event().wait()

    asyncio.run(run())


if __name__ == "__main__":
    _serve()
