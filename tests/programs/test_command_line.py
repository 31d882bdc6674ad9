"""What stands before a sub-command holds for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartcity_console.__main__ import default_workspace, parser


@pytest.mark.parametrize(
    ("words", "workspace", "pairs"),
    [
        (["doctor"], default_workspace(), []),
        (["--workspace", "a", "doctor"], Path("a"), []),
        (["doctor", "--workspace", "b"], Path("b"), []),
        (["--workspace", "a", "doctor", "--workspace", "b"], Path("b"), []),
        (["--set", "x=1", "doctor"], default_workspace(), ["x=1"]),
        (["--workspace", "a", "doctor", "--set", "y=2"], Path("a"), ["y=2"]),
    ],
)
def test_a_workspace_and_settings_may_stand_before_or_after(
    words: list[str], workspace: Path, pairs: list[str]
) -> None:
    options = parser().parse_args(words)
    assert (options.workspace, options.set) == (workspace, pairs)
