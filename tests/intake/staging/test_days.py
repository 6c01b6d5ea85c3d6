"""As long as a day has the same versions of files, ``staging.activity`` has the same rows of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fellowship_pipeline.intake.plain import loading
from fellowship_pipeline.intake.reading import read_into
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.warehouse import connect
from tests.intake.homes import Place

pytestmark = pytest.mark.slow

ACTIVITY = "member,occurred_at,course,kind,xp\n"
ROSTER = "member,cohort,email\np1,c,m1@x.org\n"
FIRST = ACTIVITY + "m1@x.org,2022-03-01T03:00:00Z,R,exercise,10\nm2,2022-03-02T03:00:00Z,R,exercise,20\n"
SECOND = ACTIVITY + "m2,2022-04-01T16:00:00Z,R,exercise,1\n"
MORE = ACTIVITY + "m2,2022-03-02T03:00:00Z,R,exercise,{xp}\n"

ROWS = """
select local_day(occurred_at, 'Asia/Seoul') as day, list(staged order by staged::text)
from staging.activity as staged group by day
"""
VERSIONS = "select day, list((file_id, version) order by file_id) from raw.days group by day"

DAYS = (date(2022, 3, 1), date(2022, 3, 2), date(2022, 4, 2))


@pytest.fixture(params=["text", "typed"])
def place(request: pytest.FixtureRequest, place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(loading, "SMALLEST", 0 if request.param == "typed" else 1 << 40)
    place.configure(
        {"activity": [{"files": "landing/a*.csv"}], "roster": [{"files": "landing/r.csv"}]}
        | {"aliases": [{"files": "landing/n.csv"}]}
    )
    place.land({"a1.csv": FIRST, "a2.csv": SECOND, "r.csv": ROSTER})
    return place


def staged(place: Place) -> tuple[dict[date, Any], dict[date, Any]]:
    """Rows and versions by day."""
    arrivals, program = place.take_in(), place.program()
    with connect(None) as con:
        read_into(con, place.home, program, arrivals)
        stage(con, program)
        return dict(con.execute(ROWS).fetchall()), dict(con.execute(VERSIONS).fetchall())


def changed(place: Place, files: dict[str, str]) -> set[date]:
    """The days whose rows are others after the files came: those have other versions."""
    rows_before, before = staged(place)
    place.land(files)
    rows, versions = staged(place)
    days = {day for day in rows.keys() | rows_before.keys() if rows.get(day) != rows_before.get(day)}
    assert days <= {day for day in versions.keys() | before.keys() if versions.get(day) != before.get(day)}
    return days


def test_days_are_the_programs_and_the_same_files_have_the_same_versions(place: Place) -> None:
    first = staged(place)
    assert tuple(sorted(first[1])) == DAYS
    assert staged(place) == first


def test_a_name_that_resolves_otherwise_changes_the_days_of_its_rows(place: Place) -> None:
    assert changed(place, {"r.csv": ROSTER.replace("m1@x.org", "m2")}) == {DAYS[0]}
    assert changed(place, {"n.csv": "member,kind,value\np1,name,m2\n"}) == {DAYS[1], DAYS[2]}


def test_a_restated_row_changes_its_day(place: Place) -> None:
    assert changed(place, {"a3.csv": MORE.format(xp=30) + "m9,2022-05-01,R,exercise,1\n"}) == {
        DAYS[1],
        date(2022, 5, 1),
    }


def test_a_file_of_other_days_changes_those(place: Place) -> None:
    assert changed(place, {"a3.csv": ACTIVITY + "m1@x.org,2022-03-03T03:00:00Z,R,exercise,10\n"}) == {date(2022, 3, 3)}
