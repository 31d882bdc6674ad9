"""The senders' CSV through the command line: both encodings, Korean and English titles, bad rows, dry run, round trip."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from smartcity_console.intake.sender_table import TableUnreadable, compare, read_table, read_text, write_table
from smartcity_console.intake.senders import Senders
from smartcity_console.journal import Follower, Vault
from smartcity_console.model.events import Event

KOREAN = (
    "업체코드,업체명,관제실전화,상태회신주소,계정,대상처명,주소,경도,위도,존,감시주기(초),허용대역,프로토콜,담당자,담당자전화,비고",
    "s1,에스원,02-123-4567,https://firm.example/status,,,,,,,,10.8.0.0/16,,홍길동,010-1234-5678,",
    "s1,,,,1701,가온마트 은행로점,가온로 1,127.1,37.4,9:계산대:panic|3:뒷문,60,10.9.0.0/16|192.0.2.7,dc09|webhook,김담당,010-9,",
)
ENGLISH = ("firm_id,account,site_name,interval_s", "s1,1701,가온마트 은행로점,60", "s1,1702,New shop,0")
BAD = (
    "업체코드,업체명,계정,경도,위도,존,감시주기,허용대역,프로토콜,상태회신주소,대상처명",
    "s1,에스원,1701,227.1,37.4,,,,,,가",
    "s1,에스원,1702,,,,abc,,,,나",
    "s1,에스원,1703,,,,,10.0.0.1/8,,,다",
    "s1,에스원,1704,,,,,,telnet,,라",
    "s1,에스원,1705,,,,,,,http://firm.example,마",
    "s1,에스원,17 06,,,,,,,,바",
    "s1,에스원,1707,,,9:a|09:b,,,,,사",
    "s1,에스원,1708,,,,,,,,\u202e아",
    "s1,에스원,1711,,,,,,,,차",
    "s1,다른이름,1709,,,,,,,,자",
    "s1,에스원,1710",
    "s1,에스원,01711,,,,,,,,카",
)


def command(workspace: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "smartcity_console", "sender", *map(str, arguments), "--workspace", str(workspace)]
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)


def write(path: Path, lines: tuple[str, ...], encoding: str = "utf-8-sig") -> Path:
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def events(workspace: Path) -> list[Event]:
    follower = Follower(workspace / "journal.sqlite")
    found = follower.wait(0)
    follower.close()
    return found


def register(workspace: Path) -> Senders:
    senders = Senders()
    senders.take(events(workspace))
    return senders


@pytest.mark.parametrize("encoding", ["cp949", "utf-8-sig", "utf-8"])
def test_korean_titles_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    table = read_table(write(tmp_path / "a.csv", KOREAN, encoding))
    assert not table.bad and table.passed_over == ("비고",)
    changes = compare(table, Senders(), None)
    assert (changes.added, changes.changed, changes.same) == (2, 0, 0)


def test_import_list_export_and_import_again(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", KOREAN, "cp949")
    dry = command(tmp_path, "import", file, "--dry-run")
    assert json.loads(dry.stdout) == {"added": 2, "changed": 0, "same": 0, "bad": 0, "applied": False}
    assert not (tmp_path / "journal.sqlite").exists()
    assert json.loads(command(tmp_path, "import", file, "--yes").stdout)["applied"] is True
    senders = register(tmp_path)
    (account,) = senders.accounts.values()
    assert (account.interval_s, account.networks, account.doors) == (
        60.0,
        ("10.9.0.0/16", "192.0.2.7/32"),
        ("dc09", "webhook"),
    )
    raw = b"".join(event.data for event in events(tmp_path))
    assert "홍길동".encode() not in raw and b"010-1234" not in raw, "a person's name and phone stay out of the journal"
    assert "홍길동".encode() in (Vault(tmp_path).get(senders.firms["s1"].contact_sha256) or b"")
    out = tmp_path / "out.csv"
    assert command(tmp_path, "export", out).returncode == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600 and "홍길동" in out.read_text("utf-8-sig")
    again = json.loads(command(tmp_path, "import", out, "--yes").stdout)
    assert again == {"added": 0, "changed": 0, "same": 2, "bad": 0, "applied": False}
    listed = [json.loads(line) for line in command(tmp_path, "list").stdout.splitlines()]
    assert listed[1]["has_key"] is False and "홍길동" not in json.dumps(listed, ensure_ascii=False)
    assert command(tmp_path, "remove", "01701").returncode == 0 and not register(tmp_path).accounts
    assert command(tmp_path, "remove", "01701").returncode == 3


def test_only_what_the_file_has_columns_for_changes(tmp_path: Path) -> None:
    command(tmp_path, "import", write(tmp_path / "a.csv", KOREAN), "--yes")
    shown = command(tmp_path, "import", write(tmp_path / "b.csv", ENGLISH), "--yes")
    assert json.loads(shown.stdout) == {"added": 1, "changed": 0, "same": 1, "bad": 0, "applied": True}
    assert register(tmp_path).accounts["1701"].networks == ("10.9.0.0/16", "192.0.2.7/32")
    emptied = write(tmp_path / "c.csv", ("firm_id,account,networks,interval_s", "s1,1701,,90"))
    told = command(tmp_path, "import", emptied, "--yes")
    assert "networks" in told.stderr and "interval_s 60.0 → 90.0" in told.stderr
    assert register(tmp_path).accounts["1701"].networks == ()
    (changed,) = [event for event in events(tmp_path) if event.type == "SenderChanged"]
    assert changed.stream == "sender/1701" and changed.as_json()["data"]["before"]["interval_s"] == 60.0


def test_bad_rows_are_told_with_line_column_value_and_why(tmp_path: Path) -> None:
    file = write(tmp_path / "bad.csv", BAD)
    done = command(tmp_path, "import", file, "--yes")
    assert done.returncode == 1
    assert json.loads(done.stdout) == {"added": 2, "changed": 0, "same": 0, "bad": 11, "applied": True}
    assert set(register(tmp_path).accounts) == {"1711"}
    changes = compare(read_table(file), Senders(), None)
    told: dict[int, tuple[str, str]] = {cell.line: (cell.column, cell.value) for cell in changes.bad}
    assert told[2] == ("경도, 위도", "227.1, 37.4") and told[3] == ("감시주기", "abc")
    assert told[4][0] == "허용대역" and told[5][0] == "프로토콜" and told[6][0] == "상태회신주소"
    assert told[7] == ("계정", "17 06") and told[8][0] == "존" and told[9][0] == "대상처명"
    assert told[11] == ("업체명", "다른이름") and told[12] == ("", "") and told[13][1] == "01711"
    assert all(cell.ko and cell.en for cell in changes.bad)


@pytest.mark.parametrize("text", ["", "이름,값\r\n1,2\r\n", "업체코드,firm_id\r\n1,2\r\n", 'firm_id\r\n"a\r\n'])
def test_what_is_no_table_of_senders_is_refused(text: str) -> None:
    with pytest.raises(TableUnreadable):
        read_text(text, "x.csv")


def test_an_export_holds_no_formula() -> None:
    table = read_text("firm_id,account,site_name\r\ns1,1701,=HYPERLINK(1)\r\n", "x.csv")
    senders = Senders()
    made: list[Any] = list(compare(table, senders, None).senders)
    senders.accounts["1701"] = made[0].sender
    assert ",=HYPER" not in write_table(senders, lambda _: None)
