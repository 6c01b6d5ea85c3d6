"""The last release's home under this code, then lost and restored from its backup: the same tables, the same pages."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from fellowship_pipeline.cli import status
from fellowship_pipeline.forgetting import tombstones
from fellowship_pipeline.home import Home, decisions
from fellowship_pipeline.home.chain import Chain
from tests.upgrade.make import ERASED, MEMBERS, MONTH
from tests.upgrade.taken_over import environment, published, tables, unpacked

pytestmark = [pytest.mark.whole_run, pytest.mark.xdist_group("upgrade")]

ANOTHER_DUCKDB = re.compile(r"mended: warehouse/fellowship.duckdb: written by DuckDB .* set aside as .*, made anew")


@dataclass(frozen=True)
class Taken:
    """The home after a run of this code, what that run said, and the tables before it."""

    home: Home
    said: list[str]
    before: dict[str, list[tuple[object, ...]]]


def ran(home: Home, *options: str) -> list[str]:
    with redirect_stderr(StringIO()) as said:
        assert status(["run", str(home.path), *options]) == 0, said.getvalue()
    return said.getvalue().splitlines()


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    folder = tmp_path_factory.mktemp("upgrade")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(folder).items():
            patch.setenv(name, value)
        home = unpacked(folder)
        before = tables(home)
        yield Taken(home, ran(home, "--all"), before)


def test_the_tables_are_the_same(taken: Taken) -> None:
    assert len(taken.before) > 100
    after = tables(taken.home)
    assert {key: after.get(key) for key in taken.before} == taken.before


def test_nothing_is_said_that_a_volunteer_would_have_to_look_up(taken: Taken) -> None:
    *said, last = [line for line in taken.said if not ANOTHER_DUCKDB.fullmatch(line)]
    assert re.fullmatch(r"as of 2022-02-10: \d+ tables, [\d,]+ rows in [\d.]+ s", last)
    assert [line.partition(":")[0] for line in said] == ["warning", "1 warning"]
    assert "rows of tables still stand as published" in said[0]


def test_what_came_and_was_decided_holds_together(taken: Taken, capsys: pytest.CaptureFixture[str]) -> None:
    home = taken.home
    assert [Chain(path).fault() for path in (home.ledger, home.decisions, home.tombstones)] == [None] * 3
    issued = decisions.load(home).issued
    assert {one.member_id for one in issued} == {*MEMBERS, None} - {ERASED}
    assert status(["review", str(home.path), MONTH]) == 0
    assert "2 reclaim" in (told := "".join(capsys.readouterr())) and "confirmed on" in told
    assert (len(tombstones.load(home).ended), tombstones.load(home).pending) == (1, ())


def test_a_home_that_is_lost_comes_back_from_its_backup(
    taken: Taken, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The drill of docs/deployment.md: backup, the home lost, restore, run."""
    home, backups = taken.home, tmp_path / "backups"
    before = tables(home), published(home)
    assert status(["backup", str(home.path), str(backups)]) == 0
    shutil.rmtree(home.path)
    assert status(["restore", str(backups), str(home.path)]) == 0
    assert "warning" not in capsys.readouterr().err
    said = ran(home)
    assert [line for line in said if line.startswith(("mended", "stop"))] == []
    assert (tables(home), published(home)) == before
    assert status(["doctor", str(home.path)]) in (0, 1)
