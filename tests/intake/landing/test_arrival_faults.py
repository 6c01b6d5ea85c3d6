"""Faults of arrival seen from the other end: what the tables, the ledger and the operator get."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from fellowship_pipeline.cli import status
from fellowship_pipeline.intake.landing.archive import archived
from tests.intake.homes import Place

pytestmark = pytest.mark.slow

HEADER = "member,occurred_at,course\n"
MARCH = HEADER + "민수,2022-03-01,Intro\n지우,2022-03-02,Intro\n"
APRIL = HEADER + "민수,2022-04-01,SQL\n지우,2022-04-02,SQL\n"
ANY = {"activity": [{"files": "landing/**/*.csv"}]}
OF_MARCH = [("민수", "2022-03-01", "Intro"), ("지우", "2022-03-02", "Intro")]
OF_APRIL = [("민수", "2022-04-01", "SQL"), ("지우", "2022-04-02", "SQL")]


def activity(place: Place) -> list[tuple[Any, ...]]:
    """Every staged row, its day in Seoul."""
    with place.staged() as con:
        return con.execute(
            "select member, strftime(occurred_at + interval 9 hour, '%Y-%m-%d') as day, course "
            "from staging.activity order by day"
        ).fetchall()


def fate(place: Place, name: str) -> tuple[str, str | None, int]:
    (found,) = [file for file in place.ledger.state().listed() if file.path == f"landing/{name}"]
    return found.status, found.reason, found.rows or 0


DAMAGED = {
    "cut in a quoted field": (
        "A2",
        '민수,2022-04-01,"SQL\n지우,2022',
        "quarantined",
        "unterminated quote at line 2",
    ),
    "cut inside the last record": ("A4", "민수,2022-04-01,SQL\n지우,20", "held", "line 3: the last record has fewer"),
    "0 bytes": ("A5", None, "quarantined", "empty file"),
    "header only": ("A6", "", "loaded", "a header and nothing else: nothing new"),
    "a line of 1 MB": (
        "A19",
        "a" * (1 << 20) + ",2022-04-01,SQL\n",
        "quarantined",
        "line 2: a record of more than 1 MB",
    ),
    "33 MB as last line": ("A19", "민수,2022-04-01," + "S" * (33 << 20), "quarantined", "a record of more than 1 MB"),
}


@pytest.mark.parametrize(
    ("april", "becomes", "reason"),
    [pytest.param(*case, marks=pytest.mark.fault(fault), id=name) for name, (fault, *case) in DAMAGED.items()],
)
def test_a_damaged_file_changes_nothing_until_it_comes_whole(
    place: Place, april: str | None, becomes: str, reason: str
) -> None:
    damaged = "" if april is None else HEADER + april
    place.configure(ANY)
    place.land({"03.csv": MARCH, "04.csv": damaged})
    assert activity(place) == OF_MARCH
    found = fate(place, "04.csv")
    assert (found[0], reason in str(found[1])) == (becomes, True)
    content = place.ledger.state().latest["landing/04.csv"]
    assert archived(place.home, content).read_text() == damaged
    assert "민수" not in str(found[1])
    place.land({"04.csv": APRIL})
    assert activity(place) == activity(place) == OF_MARCH + OF_APRIL


@pytest.mark.fault("A3")
def test_a_file_cut_between_two_lines_without_an_earlier_export_of_the_period_looks_complete(place: Place) -> None:
    """The documented limit: nothing in the file tells. Comparison with an earlier export is ``suspicion``'s."""
    place.configure(ANY)
    place.land({"03.csv": MARCH[: MARCH.rindex("지우")]})
    assert activity(place) == OF_MARCH[:1]
    assert fate(place, "03.csv")[0] == "loaded"


@pytest.mark.fault("A4")
def test_a_missing_final_newline_alone_is_noted(place: Place) -> None:
    place.configure(ANY)
    place.land({"03.csv": MARCH.rstrip("\n")})
    assert activity(place) == OF_MARCH
    becomes, note, rows = fate(place, "03.csv")
    assert (becomes, rows) == ("loaded", 2)
    assert note


@pytest.mark.fault("A8", "A9")
def test_a_file_dropped_twice_counts_once_and_the_second_is_already_loaded(place: Place) -> None:
    place.configure(ANY)
    place.land({"03.csv": MARCH})
    assert activity(place) == OF_MARCH
    place.land({"03.csv": MARCH, "03 (1).csv": MARCH, "copies/march.csv": MARCH})
    assert activity(place) == OF_MARCH
    assert fate(place, "03.csv") == ("loaded", None, 2)
    for name in ("03 (1).csv", "copies/march.csv"):
        becomes, reason, _ = fate(place, name)
        assert becomes == "ignored"
        assert str(reason).startswith("already loaded on 20")
        assert str(reason).endswith(" as landing/03.csv")


@pytest.mark.fault("A10")
def test_other_content_under_the_same_name_restates_and_the_first_is_kept(place: Place) -> None:
    place.configure(ANY)
    for content in (MARCH, APRIL):
        place.land({"activity.csv": content})
        staged = activity(place)
    assert staged == OF_MARCH + OF_APRIL
    assert len([path for path in place.home.archive.rglob("*") if path.is_file()]) == 2


@pytest.mark.fault("A11")
def test_the_same_rows_in_other_encoding_and_order_of_columns_change_nothing(place: Place) -> None:
    place.configure(ANY)
    place.land({"03.csv": MARCH})
    assert activity(place) == OF_MARCH
    turned = "\r\n".join(";".join(reversed(line.split(","))) for line in MARCH.splitlines()) + "\r\n"
    place.land({"utf-16.csv": MARCH.encode("utf-16"), "cp949.csv": MARCH.encode("cp949"), "turned.csv": turned})
    assert activity(place) == OF_MARCH


@pytest.mark.fault("A12", "A13")
def test_what_was_archived_is_read_though_the_landed_file_is_gone_or_other(place: Place) -> None:
    place.configure(ANY)
    place.land({"03.csv": MARCH, "04.csv": APRIL})
    place.take_in()
    place.land({"03.csv": "rubbish"})
    (place.home.landing / "04.csv").unlink()
    with place.staged() as con:
        assert con.execute("select count(*) from staging.activity").fetchall() == [(4,)]


@pytest.mark.fault("A16", "A17")
@pytest.mark.parametrize(
    "name",
    [
        "a'; drop table raw.files; --.csv",
        "*.csv",
        "a[1].csv",
        "a{1,2}?.csv",
        "$(id).csv",
        "a\nb\u202e.csv",
        "a\udcff.csv",
    ],
)
def test_a_name_is_only_a_name(place: Place, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    place.configure(ANY)
    place.land({name: MARCH, "other.csv": APRIL})
    assert activity(place) == OF_MARCH + OF_APRIL
    for options in ([], ["--json"]):
        assert status(["files", str(place.path), *options]) == 0
        shown = capsys.readouterr().out
        assert "loaded" in shown
        assert not {"\u202e", "\udcff"} & set(shown)


@pytest.mark.fault("A21")
def test_the_times_of_files_change_no_table(place: Place, tmp_path: Path) -> None:
    place.configure({"roster": [{"files": "landing/roster.csv"}]})
    for cohort, moment in (("2022-H1", 4_000_000_000), ("2022-H2", 0)):
        place.land({"roster.csv": f"member,cohort\n민수,{cohort}\n"})
        os.utime(place.home.landing / "roster.csv", (moment, moment))
        with place.staged() as con:
            assert con.execute("select cohort from staging.roster").fetchall() == [(cohort,)]
