"""Files and records that are not as they should be: what is alike is one line, and each line says how to go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from assets.publication.doubtful import WARNINGS, of_files, of_rejects
from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.home import Home
from fellowship_pipeline.warehouse import connect, create
from tests.intake.workbooks import workbook


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(None) as con:
        for table in TABLES:
            if table.key in ("raw.files", "raw.rejects"):
                create(con, table)
        yield con


def files(con: duckdb.DuckDBPyConnection, *rows: tuple[str, str, str, str]) -> None:
    """File id, path, status, reason."""
    con.executemany(
        "insert into raw.files (file_id, path, status, reason, source, sha256) values (?, ?, ?, ?, 'activity', ?)",
        [[*row, row[0] * 64] for row in rows],
    )


def said(con: duckdb.DuckDBPyConnection, home: Path, *, named: bool = True) -> list[str]:
    return [line["en"] for line in of_files(con, Home(home), named=named)]


def test_what_is_said_of_many_files_is_one_line(con: duckdb.DuckDBPyConnection) -> None:
    """Whatever numbers stand in it; the first few are named."""
    files(con, *((str(n), f"landing/{n}.csv", "held", f"{n + 20} of its 30 records have nothing") for n in range(7)))
    files(con, ("8", "landing/8.csv", "held", "it is cut off"))
    assert said(con, Path("/h")) == [
        "7 files are held: landing/0.csv, landing/1.csv, landing/2.csv, landing/3.csv, landing/4.csv (+2). The first "
        "because: 20 of its 30 records have nothing. `fellowship files /h accept 0` counts it, `reject 0` leaves it "
        "out; `fellowship files /h` has the ids of the others",
        "landing/8.csv: held: it is cut off. `fellowship files /h accept 8` counts it, `reject 8` leaves it out",
    ]
    assert said(con, Path("/h"), named=False) == ["8 files (activity) are held; see operations/current/files.csv"]


def test_a_file_in_another_layout_is_followed_by_what_proposes_its_lines(con: duckdb.DuckDBPyConnection) -> None:
    """As a reader can type it, with a blank in the path or from elsewhere."""
    files(con, ("1", "landing/a b.csv", "quarantined", "the file has no column 'XP'"))
    files(con, ("2", "s3://b/c.csv", "quarantined", "the file has no column 'Day'"))
    assert said(con, Path("/h")) == [
        "landing/a b.csv: quarantined: the file has no column 'XP'; `fellowship map '/h/landing/a b.csv'` proposes "
        "lines that fit it",
        "s3://b/c.csv: quarantined: the file has no column 'Day'; `fellowship map s3://b/c.csv` proposes lines that "
        "fit it",
    ]


@pytest.mark.parametrize("reason", ["2 sheets with cells: declare `sheet`", "the workbook has no sheet 'Marhc'"])
def test_the_sheets_of_a_workbook_are_said_not_kept(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, reason: str
) -> None:
    kept = tmp_path / "archive" / "77" / ("7" * 64)
    kept.parent.mkdir(parents=True)
    kept.write_bytes(workbook(March=[["a"], [1]], April=[["a"], [2]]))
    files(con, ("7", "landing/b.xlsx", "quarantined", reason))
    assert said(con, tmp_path) == [f"landing/b.xlsx: quarantined: {reason}; its sheets: 'March', 'April'"]


def test_rejected_records_are_said_with_what_rejects_most_of_them(con: duckdb.DuckDBPyConnection) -> None:
    files(con, ("1", "landing/a.csv", "loaded", ""))
    con.execute(
        """insert into raw.rejects (file_id, "row", "column", reason)
        values ('1', 1, 'xp', 'no number'), ('1', 2, 'xp', 'no number'), ('1', 2, 'minutes', 'no length of time')"""
    )
    assert [line["en"] for line in of_rejects(con, named=True)] == [
        "records rejected: 2, 2 of them because xp of landing/a.csv: no number; all in operations/current/rejects.csv"
    ]
    assert [line["ko"] for line in of_rejects(con, named=False)] == [
        "거부된 레코드 2건: operations/current/rejects.csv 참고"
    ]


def test_every_text_is_there_in_both_languages_for_one_and_for_many_files() -> None:
    kinds = [what for what in WARNINGS if "_" not in what.replace("all_rejected", "")]
    assert {f"{kind}{many}{named}" for kind in kinds for many in ("", "_alike") for named in ("", "_unnamed")} >= {
        what for what in WARNINGS if not what.startswith("rejects")
    }
    assert all(texts.keys() == {"en", "ko"} for texts in WARNINGS.values())
