"""A large plain file, read by DuckDB and typed at once, against the same rows read as any other file's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.plain import loading
from fellowship_pipeline.intake.reading import read_into
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.warehouse import connect
from tests.intake.homes import Place

pytestmark = pytest.mark.slow

HEADER = "member,occurred_at,course,kind,xp,minutes\n"
ROWS = ["m1@x.org,2022-03-01T00:00:00Z,R,exercise,10,2.5\n", "m2@x.org,2022-03-01T09:30:00Z,,exercise,,\n"]
STAGED = "select member, occurred_at, course, item, xp, minutes, member_id, _row from staging.activity order by all"


@pytest.fixture
def every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(loading, "SMALLEST", 0)
    yield


def staged(place: Place, *queries: str) -> list[list[tuple[Any, ...]]]:
    arrivals = place.take_in()
    program = place.program()
    with connect(None) as con:
        read_into(con, place.home, program, arrivals)
        stage(con, program)
        return [con.execute(query).fetchall() for query in queries]


def both_ways(place: Place, monkeypatch: pytest.MonkeyPatch, *queries: str) -> list[list[tuple[Any, ...]]]:
    """What staging makes of the files as any others, after seeing that it makes the same of them read by DuckDB."""
    monkeypatch.setattr(loading, "SMALLEST", 1 << 40)
    as_text = staged(place, *queries)
    monkeypatch.setattr(loading, "SMALLEST", 0)
    assert staged(place, *queries) == as_text
    return as_text


FILES = (
    "select path, rows, staged, rejected, superseded, ignored, status, exported_at, covers_from, covers_to"
    " from raw.files"
)
REJECTS = 'select "row", line, "column", value, reason from raw.rejects order by all'


def test_a_clean_file_is_not_copied_as_text(place: Place, every_file_is_large: None) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": HEADER + "".join(ROWS * 20)})
    texts, plain, counts = staged(
        place, "select * from raw.activity", "select count(*) from raw.plain", "select rows, staged from raw.files"
    )
    assert (texts, plain, counts) == ([], [(1,)], [(40, 40)])


@pytest.mark.parametrize(
    "rows",
    [
        ROWS,
        [" m1@x.org ,2022-03-01 ,R,exercise, 10,1\n", "이름,2022-03-01T09:30:00+09:00,가나,exercise,1.5,\n"],
        [
            *ROWS,
            ROWS[0],
            "m3@x.org,2022-03-32,R,exercise,x,-1\n",
            ",2022-03-01,R,,1,1\n",
            "a@x.org;b@x.org,2022-03-02,,,,\n",
        ],
        [*ROWS, "m3@x.org,1999-03-01,R,exercise,1,1\n", "m3@x.org,2222-03-01,R,exercise,1000000000000,1\n"],
    ],
)
@pytest.mark.parametrize("roster", [None, "member,cohort,email\np1,c,m1@x.org\n이름,c,\n"])
def test_duckdb_gives_the_rows_that_the_strict_reader_gives(
    place: Place, monkeypatch: pytest.MonkeyPatch, rows: list[str], roster: str | None
) -> None:
    place.configure(
        {"activity": [{"files": "landing/a*.csv"}]} | ({"roster": [{"files": "landing/r.csv"}]} if roster else {})
    )
    place.land({"a.csv": HEADER + "".join(rows * 10)} | ({"r.csv": roster} if roster else {}))
    rows_staged, _, rejects = both_ways(place, monkeypatch, STAGED, FILES, REJECTS)
    assert len(rows_staged) + len({row for row, *_ in rejects}) == 10 * len(rows)


def test_several_files_of_which_some_are_plain(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    quoted = HEADER + 'm1@x.org,2022-03-01T00:00:00Z,"R",exercise,20,2\n'
    place.land({"a.csv": HEADER + "".join(ROWS), "b.csv": quoted, "c.csv": HEADER + ROWS[0].replace("-03-", "-04-")})
    rows, _, _ = both_ways(
        place, monkeypatch, "select occurred_at::date::text, xp::int from staging.activity order by all", FILES, REJECTS
    )
    assert rows == [("2022-03-01", 10), ("2022-03-01", None), ("2022-04-01", 10)]


@pytest.mark.parametrize("second", ["2022-04-01T00:00:00Z", "2022-03-01T09:30:00Z", "2022-02-01T00:00:00Z", "x"])
def test_several_plain_files_apart_and_of_the_same_time(
    place: Place, monkeypatch: pytest.MonkeyPatch, second: str
) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    later = f"m2@x.org,{second},,exercise,7,\nm9@x.org,2022-06-01T00:00:00Z,R,exercise,1,1\n"
    place.land({"a.csv": HEADER + "".join(ROWS), "b.csv": HEADER + later})
    rows, files, _ = both_ways(place, monkeypatch, STAGED, FILES, REJECTS)
    restated = second == "2022-03-01T09:30:00Z"
    assert len(rows) == 4 - restated - (second == "x")
    assert [superseded for _, _, _, _, superseded, *_ in sorted(files)] == [int(restated), 0]


@pytest.mark.parametrize(("factor", "minutes"), [("Hours", 1.5), ({"from": "Hours", "times": 60}, 90.0)])
def test_columns_by_mapping(place: Place, monkeypatch: pytest.MonkeyPatch, factor: Any, minutes: float) -> None:
    columns = {"member": "Email", "occurred_at": "When", "minutes": factor, "xp": "Hours"}
    place.configure({"activity": [{"files": "landing/*.csv", "columns": columns, "timezone": "UTC"}]})
    place.land({"a.csv": "When,Other,Hours,Email\r\n2022-03-01,x,1.5,m1\r\n2022-03-02,,,m2\r\n"})
    (rows,) = both_ways(
        place, monkeypatch, "select member, xp::double, minutes::double from staging.activity order by _row"
    )
    assert rows == [("m1", 1.5, minutes), ("m2", None, None)]


def test_a_damaged_archive_stops_the_run(place: Place, every_file_is_large: None) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": HEADER + "".join(ROWS)})
    place.take_in()
    (kept,) = [path for path in place.home.archive.rglob("*") if path.is_file()]
    for spoil, said in ((lambda: kept.write_text(HEADER + ROWS[1]), "not what was archived"), (kept.unlink, "missing")):
        spoil()
        with pytest.raises(UserError, match=f"is {said}: restore it, or withdraw the file"):
            staged(place)


INSTANTS = ["2022-03-01", "2022-03-01 09:30", "2022-03-01T09:30:05", "2022-03-01T09:30:05Z", "2022-03-01 09:30:05.25"]
INSTANTS += [
    "2022-03-01T09:30:05+09:00",
    "2022-03-01T09:30-09:30",
    "2022-03-01T00:00:00.123456Z",
    "2022-10-30 01:30:00",
]
NUMBERS = [
    "7",
    "007",
    "12",
    "250",
    "1.5",
    ".5",
    "5.",
    "0.00000000005",
    "123456789",
    "999999999999",
    "12345678.123456789",
]
NAMES = ["kim", "KIM@x.org", "\uae40\ubbfc\uc900", "caf\u00e9", "m1", "1e5", "#N/A", "0x1f", "a b"]
QUOTED = "\x01"
ODD = [QUOTED, '"', "'", "\\", *"0259-+:.TZ eE_ ,\u3000\u00a0\ufeff\u200b\uff11x@#/"]
NEAR = {
    "occurred_at": st.sampled_from(INSTANTS),
    "xp": st.sampled_from(NUMBERS),
    "minutes": st.sampled_from(NUMBERS),
    "progress": st.sampled_from(["0.5", "1", "0", "1.0", ".25"]),
    "member": st.sampled_from(NAMES),
    "course": st.sampled_from(NAMES),
}


@st.composite
def columns(draw: st.DrawFn) -> list[list[str]]:
    """Rows of cells that are alike within a column, now and then with a character that does not belong there."""
    length = draw(st.integers(1, 4))
    made = []
    for cells in NEAR.values():
        first = draw(cells)
        column = [draw(st.sampled_from([first, first, "", draw(cells)])) for _ in range(length)]
        if draw(st.integers(0, 5)) == 0:
            at, odd = draw(st.integers(0, len(first))), draw(st.sampled_from(ODD))
            column[draw(st.integers(0, length - 1))] = first[:at] + odd + first[at + draw(st.integers(0, 1)) :]
        made.append(column)
    return [list(row) for row in zip(*made, strict=True)]


def written(cell: str) -> str:
    """As CSV has it; a character of its own asks for quotes around a cell that needs none."""
    if QUOTED not in cell and not {*cell} & {",", '"'}:
        return cell
    return '"' + cell.replace(QUOTED, "").replace('"', '""') + '"'


@given(columns(), st.sampled_from(["UTC", "Asia/Seoul", "Europe/Berlin"]), st.booleans())
@settings(max_examples=40, deadline=None)
def test_whatever_is_in_the_cells_both_ways_agree(rows: list[list[str]], zone: str, is_ended: bool) -> None:
    text = "\n".join(",".join(map(written, row)) for row in [list(NEAR), *rows]) + "\n" * is_ended
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        place = Place(Path(folder))
        place.configure({"activity": [{"files": "landing/*.csv", "timezone": zone}]})
        place.land({"a.csv": text})
        both_ways(
            place,
            patch,
            STAGED.replace("minutes", "minutes, progress"),
            FILES,
            REJECTS,
            "select file_id, day from raw.days order by all",
        )


def test_most_clean_forms_are_typed(place: Place, every_file_is_large: None) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    lines = [f"{NAMES[at % 5]},{moment},{NAMES[at % 5]},{NUMBERS[at]}\n" for at, moment in enumerate(INSTANTS)]
    place.land({f"{at}.csv": "member,occurred_at,course,xp\n" + line for at, line in enumerate(lines)})
    (typed, loaded) = staged(place, "select count(*) from raw.plain", "select count(*) from raw.files where staged = 1")
    assert typed == loaded == [(len(INSTANTS),)]


def test_a_home_may_have_any_name(tmp_path: Path, every_file_is_large: None) -> None:
    place = Place(tmp_path / "a [b] * 'c'?")
    place.home.landing.mkdir(parents=True)
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": HEADER + "".join(ROWS)})
    assert staged(place, "select count(*) from raw.plain", "select count(*) from staging.activity") == [[(1,)], [(2,)]]


def test_a_typed_file_that_is_withdrawn_leaves_nothing(place: Place, every_file_is_large: None) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}]})
    place.land({"a.csv": HEADER + "".join(ROWS)})
    there = "select (select count(*) from duckdb_views() where schema_name = 'staging'), count(*) from duckdb_tables()"
    there += " where schema_name = 'raw' and table_name like 'activity_%'"
    with connect(None) as con:
        for expected in ([(1, 3)], [(0, 0)]):
            read_into(con, place.home, place.program(), place.take_in())
            stage(con, place.program())
            assert con.execute(there).fetchall() == expected
            ((file_id,),) = con.execute("select file_id from raw.files").fetchall()
            place.ledger.decide("withdraw", file_id)
        assert con.execute("select * from staging.activity").fetchall() == []


def test_what_was_told_during_the_copy_is_told_again_in_a_later_run(place: Place, every_file_is_large: None) -> None:
    place.configure({"activity": [{"files": "landing/*.csv"}, {"files": "landing/b*", "delimiter": ";"}]})
    place.land({"a.csv": HEADER + "".join(ROWS), "b.csv": (HEADER + ROWS[0]).replace(",", ";"), "c.txt": "no source"})
    arrivals = place.take_in()
    told = {(plain and plain.count, delimiter) for (_, delimiter), plain in arrivals.plain.items()}
    assert told == {(2, None), (1, None), (1, ";")}
    assert place.take_in().plain == {}
    for known in (arrivals, None):
        with connect(None) as con:
            read_into(con, place.home, place.program(), known)
            assert con.execute("select count(*) from raw.plain").fetchall() == [(3,)]
