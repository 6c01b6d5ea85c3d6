"""Every command that is given HOME says in a line where that is none, and makes nothing there."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from fellowship_pipeline.cli import app, status

MAKE_ONE = {"init", "restore"}
MORE = {
    "backup": ["to"],
    "erase": ["m1", "--yes"],
    "explain": ["adoption_rate"],
    "review": ["2022-09"],
    "what-if": ["2022-09", "--minimum-xp", "1"],
}
TAKE_ONE = [
    name
    for name, command in typer.main.get_group(app).commands.items()  # type: ignore[attr-defined]
    if {"home", "homes"} & {one.name for one in command.params if one.param_type_name == "argument"}
    and name not in MAKE_ONE
]


@pytest.mark.parametrize("command", [*TAKE_ONE, "check"])
@pytest.mark.parametrize("what", ["nothing", "folder", "file", "file/below"])
def test_what_is_no_home_is_said_in_a_line(
    command: str, what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir(), Path("file").write_text("program: {id: x}\n")
    there = sorted(tmp_path.rglob("*"))
    arguments = ["file", "--home", what] if command == "check" else [what, *MORE.get(command, ())]
    assert status([command, *arguments]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == (
        "", f"error: {what} is no home: it has no program.yaml; "
        "name the folder that has it, or make one with `fellowship init`\n",
    )  # fmt: skip
    assert sorted(tmp_path.rglob("*")) == there


def test_every_command_is_asked() -> None:
    assert {"run", "files", "serve", "report", "doctor", "workspace", *MORE} <= {*TAKE_ONE}
