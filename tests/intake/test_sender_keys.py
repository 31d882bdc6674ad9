"""The file of senders' keys: who may read it, what it takes, what is said of it."""

from __future__ import annotations

import json
import logging
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from smartcity_console.clock import ManualClock
from smartcity_console.intake.keys import KeyFileRefused, KeyRefused, SenderKeys
from smartcity_console.intake.limits import TokenBuckets

KEY = "00112233445566778899AABBCCDDEEFF"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 23, tzinfo=UTC))


def test_a_key_is_filed_for_its_owner_alone(tmp_path: Path, clock: ManualClock) -> None:
    keys = SenderKeys(tmp_path, clock)
    keys.set("1701", KEY.lower()[:16] + " " + KEY[16:] + "\n")
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.path.parent.stat().st_mode) == 0o700
    assert SenderKeys(tmp_path, clock).of("1701") == bytes.fromhex(KEY)


def test_an_account_is_the_number_it_means(tmp_path: Path, clock: ManualClock) -> None:
    keys = SenderKeys(tmp_path, clock)
    keys.set("00ab1", KEY)
    assert keys.of("AB1") == keys.of("0AB1") == bytes.fromhex(KEY)
    assert keys.of("AB10") is None and keys.accounts() == ["AB1"]
    assert keys.remove("ab1") and not keys.remove("ab1")
    assert keys.of("AB1") is None


@pytest.mark.parametrize("text", ["", "zz" * 16, KEY[:-1], KEY[:-2], KEY * 3])
def test_what_is_no_key_is_refused_without_repeating_it(tmp_path: Path, clock: ManualClock, text: str) -> None:
    keys = SenderKeys(tmp_path, clock)
    keys.set("1701", KEY)
    with pytest.raises(KeyRefused) as told:
        keys.set("1701", text)
    assert not text or text not in str(told.value)
    assert keys.of("1701") == bytes.fromhex(KEY)


@pytest.mark.parametrize("account", ["", "12", "1" * 17, "17#1", "한글계정"])
def test_what_is_no_account_gets_no_key(tmp_path: Path, clock: ManualClock, account: str) -> None:
    with pytest.raises(KeyRefused):
        SenderKeys(tmp_path, clock).set(account, KEY)


def test_a_file_that_others_may_read_is_not_used(tmp_path: Path, clock: ManualClock) -> None:
    SenderKeys(tmp_path, clock).set("1701", KEY)
    path = tmp_path / "secrets" / "dc09-keys.json"
    path.chmod(0o640)
    with pytest.raises(KeyFileRefused):
        SenderKeys(tmp_path, clock)


def test_a_file_that_cannot_be_read_is_told_without_its_text(tmp_path: Path, clock: ManualClock) -> None:
    SenderKeys(tmp_path, clock).set("1701", KEY)
    path = tmp_path / "secrets" / "dc09-keys.json"
    path.write_text('{"1701": "' + KEY + "xx")
    with pytest.raises(KeyFileRefused) as told:
        SenderKeys(tmp_path, clock)
    assert KEY not in str(told.value)


@pytest.mark.logs
def test_a_file_spoiled_while_the_gateway_runs_keeps_the_keys_it_had(
    tmp_path: Path, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    keys = SenderKeys(tmp_path, clock)
    keys.set("1701", KEY)
    with caplog.at_level(logging.ERROR):
        keys.path.write_text("{")
        clock.advance(2)
        assert keys.of("1701") == bytes.fromhex(KEY)
        clock.advance(2)
        assert keys.of("1701") == bytes.fromhex(KEY)
    assert len(caplog.records) == 1 and KEY not in caplog.text


def test_the_command_reads_a_key_from_standard_input(tmp_path: Path) -> None:
    def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "smartcity_console", "sender", "key", *arguments, "--workspace", str(tmp_path)]
        return subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=False)

    done = run("set", "1701", given=KEY + "\n")
    assert json.loads(done.stdout) == {"account": "1701", "encrypted": True}
    assert KEY.lower() not in (done.stdout + done.stderr).lower()
    assert json.loads(run("list").stdout) == {"accounts": ["1701"]}
    refused = run("set", "2702", given="short\n")
    assert refused.returncode == 3 and "2702" in refused.stderr and "short" not in refused.stderr


def test_a_bucket_fills_again_with_time() -> None:
    buckets = TokenBuckets(rate_s=2.0, burst=3.0)
    assert [buckets.take("a", 0.0) for _ in range(4)] == [True, True, True, False]
    assert buckets.take("b", 0.0)
    assert [buckets.take("a", 1.0) for _ in range(3)] == [True, True, False]
    assert [buckets.take("a", 60.0) for _ in range(4)] == [True, True, True, False]


def test_buckets_are_bounded_and_the_busy_ones_stay() -> None:
    buckets = TokenBuckets(rate_s=1.0, burst=2.0, most=10)
    for number in range(9):
        buckets.take(f"idle{number}", 0.0)
    for _ in range(2):
        buckets.take("busy", 99.5)
    for number in range(6):
        buckets.take(f"new{number}", 100.0)
    assert len(buckets) <= 10
    assert not buckets.take("busy", 100.0)
    for number in range(1000):
        buckets.take(f"storm{number}", 100.0)
    assert len(buckets) <= 10
