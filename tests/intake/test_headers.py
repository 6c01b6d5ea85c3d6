"""Exports whose header, or what stands around it, is not what it was: from the landing folder to staging."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from fellowship_pipeline.intake.staging import stage
from tests.intake.homes import Place

pytestmark = pytest.mark.slow

COLUMNS = {"member": "Email", "occurred_at": "When", "course": "Course", "xp": "Points"}
FILES = "select status, rows, staged, rejected, ignored from raw.files order by path"
STAGED = "select member, cast(cast(occurred_at as date) as varchar), course, xp from staging.activity order by all"


def after_staging(place: Place, *queries: str) -> list[list[tuple[Any, ...]]]:
    with place.read() as con:
        stage(con, place.program())
        return [con.execute(query).fetchall() for query in queries]


@pytest.fixture
def mapped(place: Place) -> Place:
    place.configure({"activity": [{"files": "landing/*.csv", "columns": COLUMNS}]}, timezone="UTC")
    return place


@pytest.mark.fault("B22")
def test_swapped_columns_are_read_by_their_names(mapped: Place) -> None:
    mapped.land(
        {
            "a.csv": "Email,When,Course,Points\nkim,2022-01-01,R,10\n",
            "b.csv": "Points,Course,When,Email\n20,SQL,2022-01-02,lee\n",
        }
    )
    assert after_staging(mapped, STAGED) == [[("kim", "2022-01-01", "R", 10), ("lee", "2022-01-02", "SQL", 20)]]


@pytest.mark.fault("B23")
def test_a_renamed_column_is_quarantined_with_its_nearest_name(mapped: Place) -> None:
    mapped.land(
        {
            "a.csv": "Email,When,Course,Points\nkim,2022-01-01,R,10\n",
            "b.csv": "Email,When,Course,XP points\nlee,2022-01-02,SQL,20\n",
            "c.csv": "이메일,When,Course,Points\nlee,2022-01-02,SQL,20\n",
        }
    )
    staged, files = after_staging(mapped, STAGED, "select path, status, reason from raw.files order by path")
    assert staged == [("kim", "2022-01-01", "R", 10)]
    assert files[1:] == [
        ("landing/b.csv", "quarantined", "the file has no column 'Points' (nearest: 'XP points')"),
        ("landing/c.csv", "quarantined", "the file has no column 'Email'"),
    ]


@pytest.mark.fault("B25")
@pytest.mark.parametrize("columns", [COLUMNS, None])
def test_a_removed_column_is_quarantined_where_it_is_mapped_or_required(
    place: Place, columns: dict[str, str] | None
) -> None:
    place.configure({"activity": [{"files": "landing/*.csv", "columns": columns}]})
    names = COLUMNS if columns else {name: name for name in COLUMNS}
    header = ",".join([names["member"], names["occurred_at"], names["course"], names["xp"]])
    without = ",".join([names["member"], names["course"], names["xp"]])
    place.land({"a.csv": f"{header}\nkim,2022-01-01,R,10\n", "b.csv": f"{without}\nlee,SQL,20\n"})
    staged, files = after_staging(place, "select member from staging.activity", FILES)
    assert staged == [("kim",)]
    assert files == [("loaded", 1, 1, 0, 0), ("quarantined", 0, 0, 0, 0)]


@pytest.mark.fault("B25")
def test_records_without_a_required_value_are_rejected(mapped: Place) -> None:
    mapped.land({"a.csv": "Email,When,Course,Points\nkim,,R,10\nlee, ,SQL,20\n"})
    files, rejects = after_staging(mapped, FILES, 'select "row", "column", line from raw.rejects order by all')
    assert files == [("loaded", 2, 0, 2, 0)]
    assert rejects == [(1, "occurred_at", 2), (2, "occurred_at", 3)]


@pytest.mark.fault("B9")
def test_a_decomposed_header_and_name_are_those_of_the_same_person(place: Place) -> None:
    columns = {"member": "이메일", "occurred_at": "날짜"}
    place.configure(
        {
            "roster": [{"files": "landing/roster.csv"}],
            "activity": [{"files": "landing/activity.csv", "columns": columns}],
        }
    )
    place.land(
        {
            "roster.csv": "member,cohort,email\n1,1,김@example.org\n",
            "activity.csv": unicodedata.normalize("NFD", "이메일,날짜\n김@example.org,2022-01-01\n"),
        }
    )
    assert after_staging(place, "select member_id from staging.activity") == [[("1",)]]


@pytest.mark.fault("B19", "B20")
def test_what_stands_around_the_records_is_counted_as_ignored(place: Place) -> None:
    entry = {"files": "landing/*.csv", "skip_lines": 2, "skip_matching": "^(member|Total|합계|#)"}
    place.configure({"activity": [entry]}, timezone="UTC")
    place.land(
        {
            "a.csv": "Report generated 2022-01-31\nfor us\nmember,occurred_at,course,xp\nkim,2022-01-01,R,10\n\n,,,\n"
            "# more\nmember,occurred_at,course,xp\nlee,2022-01-02,SQL,20\nTotal,,,30\n합계\n"
        }
    )
    staged, files = after_staging(place, STAGED, FILES)
    assert staged == [("kim", "2022-01-01", "R", 10), ("lee", "2022-01-02", "SQL", 20)]
    assert files == [("loaded", 8, 2, 0, 6)]


@pytest.mark.fault("B19")
def test_a_total_that_nobody_declared_is_no_learner(mapped: Place) -> None:
    mapped.land({"a.csv": "Email,When,Course,Points\nkim,2022-01-01,R,10\nTotal,,,10\n"})
    staged, files = after_staging(mapped, STAGED, FILES)
    assert staged == [("kim", "2022-01-01", "R", 10)]
    assert files == [("loaded", 2, 1, 1, 0)]


@pytest.mark.fault("B12", "B15")
def test_every_record_is_staged_or_rejected(mapped: Place) -> None:
    mapped.land(
        {
            "a.csv": 'Email,When,Course,Points\nkim,2022-01-01,R,10\nlee,2022-01-01,5" disk,1\nlee,2022-01-02,SQL\n'
            "lee,2022-01-02,SQL,1,2\nlee,2022-01-03,SQL,3\n"
        }
    )
    files, rejects = after_staging(mapped, FILES, 'select "row", reason, line from raw.rejects order by all')
    assert files == [("loaded", 5, 2, 3, 0)]
    assert rejects == [
        (2, "a quote inside a value that is not doubled", 3),
        (3, "3 fields where the header has 4", 4),
        (4, "5 fields where the header has 4", 5),
    ]


@pytest.mark.fault("B24")
def test_a_new_column_is_left_aside(mapped: Place) -> None:
    mapped.land({"a.csv": "Email,When,Team,Course,Points\nkim,2022-01-01,blue,R,10\n"})
    staged, files = after_staging(mapped, STAGED, FILES)
    assert (staged, files) == ([("kim", "2022-01-01", "R", 10)], [("loaded", 1, 1, 0, 0)])


@pytest.mark.fault("B18")
@pytest.mark.parametrize(
    "written",
    [
        "kim@example.org ",
        "kim@example.org\u00a0",
        "\ufeffkim@example.org",
        "kim\u200b@example.org",
        "Kim＠example．org",
    ],
)
def test_an_address_with_invisible_or_full_width_characters_is_that_of_the_same_person(
    place: Place, written: str
) -> None:
    place.configure({"roster": [{"files": "landing/roster.csv"}], "activity": [{"files": "landing/activity.csv"}]})
    place.land(
        {
            "roster.csv": "member,cohort,email\n1,1,kim@example.org\n2,1,ｌｅｅ２＠example.org\n",
            "activity.csv": f"member,occurred_at\n{written},2022-01-01\nlee2@example.org,2022-01-02\n",
        }
    )
    named, kept = after_staging(
        place, "select member_id from staging.activity order by all", "select member from raw.activity order by _row"
    )
    assert named == [("1",), ("2",)]
    assert kept[0] == (written,)
