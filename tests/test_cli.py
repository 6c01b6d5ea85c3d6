"""The command line: what is said where, and the exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from fellowship_pipeline import __version__
from fellowship_pipeline.cli import status
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.lock import hold
from fellowship_pipeline.intake.landing.arrival import take_in
from fellowship_pipeline.intake.landing.ledger import Ledger
from fellowship_pipeline.program import Program, load_program, parse_program
from fellowship_pipeline.program.reference import schema


@dataclass(frozen=True)
class Summary:
    run_id: str = "r1"
    as_of: date = date(2022, 3, 31)
    ok: bool = True
    published: Path | None = None
    failed_checks: list[str] = field(default_factory=list)
    warned_checks: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    tables: int = 2
    stood: int = 0
    rows: int = 30
    seconds: float = 1.25
    stands_since: datetime | None = None


Runs = list[dict[str, Any]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "program.yaml").write_text("program: {id: x}\nsources: {}\n")
    return tmp_path


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Callable[[Summary | BaseException], Runs]:
    """Puts an outcome in the place of what runs; what it was called with is in the list returned."""

    def outcome(result: Summary | BaseException) -> Runs:
        calls: Runs = []

        def run_home(home: Home, program: Program, **arguments: Any) -> Summary:
            calls.append({"home": home, **arguments})
            arguments["on_step"]("kpi/seats", 1, 2)
            if isinstance(result, BaseException):
                raise result
            return result

        module = types.ModuleType("fellowship_pipeline.run")
        module.run_home = run_home  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "fellowship_pipeline.run", module)
        return calls

    return outcome


@pytest.fixture
def examples(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two examples in the place of those that ship: one that makes its exports, one that copies real data."""
    root = tmp_path_factory.mktemp("examples")
    fills = {
        "made/generate.py": "def generate(landing):\n    (landing / 'roster.csv').write_text('made')\n",
        "copied/copy.py": "import shutil\ndef copy(landing, data):\n    shutil.copy(data / 'a.csv', landing)\n",
    }
    for module, fill in fills.items():
        file = root / "examples" / module
        file.parent.mkdir(parents=True)
        file.write_text(fill)
        (file.parent / "__init__.py").touch()
        (file.parent / "program.yaml").write_text(f"program: {{id: {file.parent.name}}}\nsources: {{}}\n")
    (root / "examples" / "__init__.py").touch()
    monkeypatch.syspath_prepend(root)
    real = _forget_examples()
    yield
    _forget_examples()
    sys.modules.update(real)


def _forget_examples() -> dict[str, types.ModuleType]:
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "examples"}


def test_run_prints_the_dashboard(home: Path, runs: Any, capsys: pytest.CaptureFixture[str]) -> None:
    page = home / "published/current/dashboard.html"
    calls = runs(Summary(published=page))
    assert status(["run", str(home), "--as-of", "2022-03-31", "--select", "kpi/seats"]) == 0
    assert (calls[0]["home"], calls[0]["as_of"], calls[0]["select"]) == (Home(home), date(2022, 3, 31), "kpi/seats")
    out, err = capsys.readouterr()
    assert out == f"{page}\n"
    assert err == "as of 2022-03-31: 2 tables, 30 rows in 1.2 s\n"


def test_warnings_are_counted_and_leave_the_exit_code_alone(
    home: Path, runs: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    found = ["1 file held", "no activity on 2022-03-05 …\n2022-03-09"]
    runs(Summary(warnings=found, warned_checks=["kpi.seats: More seats are promised than there are."]))
    assert status(["run", str(home)]) == 0
    assert capsys.readouterr().err.splitlines()[:4] == [
        "warning: 1 file held",
        "warning: no activity on 2022-03-05 … 2022-03-09",
        "2 warnings",
        "check: kpi.seats: More seats are promised than there are.",
    ]


def test_one_of_a_thing_is_in_the_singular(home: Path, runs: Any, capsys: pytest.CaptureFixture[str]) -> None:
    runs(Summary(warnings=["1 file held"], tables=1, rows=1))
    assert status(["run", str(home)]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "warning: 1 file held",
        "1 warning",
        "as of 2022-03-31: 1 table, 1 row in 1.2 s",
    ]


def test_every_mistake_of_the_settings_has_a_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "program.yaml").write_text("program: {id: x}\nsources: {}\ntimezone: KST\ntargets: {adoption_rate: 90}\n")
    assert status(["run", str(home)]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "error: program.yaml line 3, timezone: 'KST' is no name of a time zone: write Asia/Seoul",
        "error: program.yaml line 4, targets.adoption_rate: expected 1.0 or less, found '90'; for 90 % write 0.90",
    ]


COMMAND = "import sys; sys.argv[0] = 'fellowship'; from fellowship_pipeline.cli import main; main()"
"""The command as its script calls it."""


def in_shell(arguments: Sequence[str], **environment: str) -> str:
    command = [sys.executable, "-c", COMMAND, *arguments]
    shell = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True)
    return shell.stdout


@pytest.mark.parametrize(
    ("typed", "words", "completed"),
    [
        ("fellowship do", 1, {"doctor"}),
        ("fellowship doctor --js", 2, {"--json"}),
        ("fellowship re", 1, {"review", "report", "restore"}),
    ],
)
def test_a_shell_completes_commands_and_options(typed: str, words: int, completed: set[str]) -> None:
    asked = {"_FELLOWSHIP_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(words)}
    assert set(in_shell([], **asked).split()) == completed


def test_completion_is_installed_for_the_shell_that_is_named(tmp_path: Path) -> None:
    in_shell(["--install-completion", "bash"], HOME=str(tmp_path), _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    script = tmp_path / ".bash_completions" / "fellowship.sh"
    assert "_FELLOWSHIP_COMPLETE=complete_bash" in script.read_text()
    assert str(script) in (tmp_path / ".bashrc").read_text()


def test_a_failed_check_is_1(home: Path, runs: Any, capsys: pytest.CaptureFixture[str]) -> None:
    runs(Summary(ok=False, failed_checks=["kpi.seats: identity"]))
    assert status(["run", str(home)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "error: nothing new published; failed: kpi.seats: identity\n" in err


def test_a_failure_without_a_check_names_the_run(home: Path, runs: Any, capsys: pytest.CaptureFixture[str]) -> None:
    runs(Summary(ok=False))
    assert status(["run", str(home)]) == 1
    assert "error: nothing new published; failed: see run r1 in HOME/dagster\n" in capsys.readouterr().err


def test_json_is_one_object(home: Path, runs: Any, capsys: pytest.CaptureFixture[str]) -> None:
    summary = Summary(published=home / "d.html", warnings=["w"])
    runs(summary)
    assert status(["run", str(home), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "run_id": "r1",
        "as_of": "2022-03-31",
        "ok": True,
        "published": str(home / "d.html"),
        "failed_checks": [],
        "warned_checks": [],
        "warnings": ["w"],
        "tables": 2,
        "stood": 0,
        "rows": 30,
        "seconds": 1.25,
        "stands_since": None,
    }
    runs(replace(summary, ok=False))
    assert status(["run", str(home), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing command."),
        (["rnu"], "No such command 'rnu'. Did you mean 'run'?"),
        (["run"], "Missing argument 'HOME'."),
        (["run", "@", "--engine", "spark"], "program.yaml names no Spark"),
        (
            ["run", "@", "--as-of", "2022-13-01"],
            "Invalid value for '--as-of': '2022-13-01' is no day: write it as 2022-09-30",
        ),
        (["run", "@", "--wait", "-1"], "Invalid value for '--wait'"),
        (["run", "@/nothing"], "@/nothing is no home: it has no program.yaml"),
        (["init", "@"], "@ is not empty"),
        (["init", "@/program.yaml"], "@/program.yaml is not empty"),
        (["init", "@/new", "--data", "@"], "--data goes with --example"),
        (
            ["init", "@/new", "--example", "maed"],
            "unknown example 'maed'. Nearest: 'made'. Expected one of c",
        ),
        (["init", "@/new", "--example", "made", "--data", "@"], "the example 'made' makes its own exports"),
        (["init", "@/new", "--example", "copied"], "the example 'copied' needs real data: --data DIR"),
        (["init", "@/new", "--example", "copied", "--data", "@/no"], "@/no is no directory"),
    ],
)
@pytest.mark.usefixtures("examples")
def test_bad_input_is_2_and_one_line(
    home: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status([argument.replace("@", str(home)) for argument in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: " + said.replace("@", str(home)))
    assert err.count("\n") == 1
    assert not (home / "new").exists()


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (UserError("program.yaml line 3: no"), 2),
        (PermissionError(13, "Permission denied", "/x"), 2),
        (KeyboardInterrupt(), 130),
    ],
)
def test_what_stops_a_run(
    home: Path, runs: Any, raised: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    runs(raised)
    assert status(["run", str(home)]) == code
    assert capsys.readouterr().err.count("\n") <= 1


def test_a_held_home_is_3(home: Path, runs: Any, capsys: pytest.CaptureFixture[str]) -> None:
    calls = runs(Summary())
    with hold(Home(home).state, 0):
        assert status(["run", str(home), "--wait", "0"]) == 3
    assert calls == []
    assert capsys.readouterr().err.startswith("error: another run (process ")


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["--version"]) == 0
    assert capsys.readouterr().out == f"fellowship {__version__}\n"


def test_init_makes_a_home_that_loads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["init", str(tmp_path / "a" / "home")]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'a' / 'home'}\n"
    assert load_program(tmp_path / "a" / "home").program.id == "my-fellowship"
    assert (tmp_path / "a" / "home" / "landing").is_dir()
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["home"]


def test_init_fills_an_empty_directory(tmp_path: Path) -> None:
    assert status(["init", str(tmp_path)]) == 0
    names = ["dagster", "landing", "program.schema.json", "program.yaml"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    (line, *_) = (tmp_path / "program.yaml").read_text(encoding="utf-8").splitlines()
    assert line == "# yaml-language-server: $schema=program.schema.json"
    assert json.loads((tmp_path / "program.schema.json").read_text(encoding="utf-8")) == schema()


@pytest.mark.usefixtures("examples")
def test_init_with_an_example_fills_the_landing_folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("copied")
    assert status(["init", str(tmp_path / "one"), "--example", "made"]) == 0
    assert status(["init", str(tmp_path / "two"), "--example", "copied", "--data", str(tmp_path / "data")]) == 0
    assert load_program(tmp_path / "one").program.id == "made"
    assert (tmp_path / "one" / "landing" / "roster.csv").read_text() == "made"
    assert load_program(tmp_path / "two").program.id == "copied"
    assert (tmp_path / "two" / "landing" / "a.csv").read_text() == "copied"


@pytest.mark.usefixtures("examples")
def test_real_data_may_lie_in_a_folder_of_the_examples_name(tmp_path: Path) -> None:
    (tmp_path / "data" / "copied").mkdir(parents=True)
    (tmp_path / "data" / "copied" / "a.csv").write_text("copied")
    assert status(["init", str(tmp_path / "new"), "--example", "copied", "--data", str(tmp_path / "data")]) == 0
    assert (tmp_path / "new" / "landing" / "a.csv").read_text() == "copied"


@pytest.mark.usefixtures("examples")
def test_an_example_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    assert status(["init", str(tmp_path / "new"), "--example", "copied", "--data", str(tmp_path / "data")]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.fixture
def ledger(home: Path) -> Ledger:
    """Two files that came: one held, one not read yet; the name of the second would clear a terminal."""
    ledger = Ledger(Home(home).ledger, lambda: datetime(2022, 3, 1, 12, 30, tzinfo=UTC))
    ledger.append(
        [
            {"event": "received", "sha256": "ab" * 32, "bytes": 10, "path": "landing/a.csv"},
            {"event": "received", "sha256": "cd" * 32, "bytes": 10, "path": "landing/[b]\x1b[2J.csv"},
            {
                "event": "held",
                "file_id": "1234567890abcdef",
                "sha256": "ab" * 32,
                "path": "landing/a.csv",
                "source": "activity",
                "reason": "cut off",
                "rows": 1200,
            },
        ]
    )
    return ledger


@pytest.mark.usefixtures("ledger")
def test_files_are_listed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["files", str(home)]) == 0
    out = capsys.readouterr().out
    header, second, first = (" ".join(line.split()) for line in out.splitlines())
    assert header == "id source status rows first seen path reason"
    assert first == "1234567890abcdef activity held 1,200 2022-03-01 12:30 landing/a.csv cut off"
    assert second == r"cdcdcdcdcdcdcdcd received 2022-03-01 12:30 landing/[b]\x1b[2J.csv"
    assert "\x1b" not in out


@pytest.mark.usefixtures("ledger")
def test_files_are_decided_on(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["files", str(home), "reject", "12345", "--json"]) == 0
    out, err = capsys.readouterr()
    (file,) = json.loads(out)["files"]
    assert (file["id"], file["status"]) == ("1234567890abcdef", "rejected")
    assert err == "the next run acts on it\n"
    assert status(["files", str(home), "accept", "1234567890abcdef"]) == 0


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["accept"], "accept which file?"),
        (["accept", "9999"], "no file has the id '9999'"),
        (["accept", "cdcd"], "file cdcdcdcdcdcdcdcd is received: only"),
        (["drop", "1234"], "Invalid value for 'action'"),
    ],
)
def test_a_decision_that_makes_no_sense_is_2(
    home: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["files", str(home), *arguments]) == 2
    assert capsys.readouterr().err.startswith("error: " + said)


def test_deciding_waits_for_the_home(home: Path, ledger: Ledger) -> None:
    with hold(Home(home).state, 0):
        assert status(["files", str(home), "reject", "1234", "--wait", "0"]) == 3
        assert status(["files", str(home)]) == 0
    assert ledger.state().contents["ab" * 32].decision is None


def test_no_files_and_no_home(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["files", str(home)]) == 0
    assert capsys.readouterr().err.startswith("nothing came yet")
    assert status(["files", str(home / "nothing")]) == 2
    assert "is no home" in capsys.readouterr().err


ACTIVITY = "E-Mail,Activity Date,XP\ncanary@x.org,2022-03-01,10\ncanary@y.org,2022-03-02,-1\n"


@pytest.fixture
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("downloads") / "activity.csv"
    file.write_text(ACTIVITY)
    return file


def test_map_proposes_lines_to_paste(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["map", str(export)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("activity.csv: 2 records, 3 columns, utf-8\n")
    assert "1. activity" in out
    assert "canary" not in out
    lines = out[out.index("  activity:\n") :].split("\n\n")[0]
    (entry,) = parse_program("program: {id: x}\nsources:\n" + lines).sources["activity"]
    assert {name: mapped.from_ for name, mapped in (entry.columns or {}).items()} == {
        "member": "E-Mail",
        "occurred_at": "Activity Date",
        "xp": "XP",
    }


def test_map_as_json(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["map", str(export), "--source", "activity", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["rows"], document["header"]) == (2, ["E-Mail", "Activity Date", "XP"])
    (proposal,) = document["proposals"]
    assert (proposal["sources"], proposal["complete"]) == (["activity"], True)


def test_check_tells_what_a_run_would_make_of_a_file(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["check", str(export)]) == 0
    out = capsys.readouterr().out
    assert "would be loaded" in out
    assert "2: staged 1, rejected 1" in " ".join(out.split())
    assert "rejected 1: xp: below 0 (line 3)" in out
    assert "(line 3)" in out
    assert "canary" not in out


def test_check_with_a_home_uses_its_entries_and_names_and_leaves_it_alone(
    home: Path, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "program.yaml").write_text(
        "program: {id: x}\narrival: {quiet_seconds: 0}\nsources:\n"
        "  roster: [{files: landing/roster.csv}]\n"
        "  activity: [{files: landing/a*.csv, columns: {member: E-Mail, occurred_at: Activity Date, xp: null}}]\n"
    )
    (home / "landing").mkdir()
    (home / "landing" / "roster.csv").write_text("member,cohort,email\nm1,c,Canary@x.org\n")
    take_in(Home(home), load_program(home))
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    assert status(["check", str(export), "--home", str(home), "--json"]) == 0
    (trial,) = json.loads(capsys.readouterr().out)["trials"]
    assert trial["entry"] == "program.yaml line 5, sources.activity[0]"
    assert (trial["status"], trial["staged"], trial["unmatched_names"], trial["unmatched_rows"]) == ("loaded", 2, 1, 1)
    assert (trial["covers_from"], trial["covers_to"]) == ("2022-03-01", "2022-03-02")
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "activity.csv: empty file"),
        ("<html></html>", "activity.csv: HTML"),
        ("E-Mail,Activity Date,XP\nk@x.org,2022-03-01,-1\n", "activity.csv would not be loaded into activity: every"),
    ],
)
def test_check_of_a_file_that_would_not_be_loaded_is_2(
    export: Path, content: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    export.write_text(content)
    assert status(["check", str(export)]) == 2
    assert capsys.readouterr().err.startswith(f"error: {said}")


def test_check_with_a_home_that_asks_for_no_such_file(
    home: Path, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "program.yaml").write_text(
        "program: {id: x}\nsources:\n  activity:\n"
        "    - {files: landing/x.csv, columns: {member: Nobody, occurred_at: Activity Date}}\n"
        "    - {files: landing/y.csv, columns: {member: E-Mail, occurred_at: Activity Date}}\n"
    )
    assert status(["check", str(export), "--home", str(home)]) == 2
    assert "no entry of program.yaml asks for activity.csv" in capsys.readouterr().err
    assert status(["check", str(export), "--home", str(home), "--source", "activity"]) == 0
    assert "sources.activity[1]" in capsys.readouterr().out
