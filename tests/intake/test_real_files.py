"""Reports of Zoom and Teams that others published, as they are. Skips without them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.intake.homes import Place, fetch

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("FELLOWSHIP_TEST_DATA", REPOSITORY.parent / "shared" / "data"))

pytestmark = pytest.mark.skipif(
    not (DATA / "zoom").is_dir() or not (DATA / "teams").is_dir(),
    reason=f"no zoom/ and teams/ in {DATA}; FELLOWSHIP_TEST_DATA names the folder that has them",
)


def land(place: Place, folder: str, pattern: str) -> None:
    place.land({path.name: path.read_bytes() for path in (DATA / folder).glob(pattern)})


def both(**entry: Any) -> dict[str, list[dict[str, Any]]]:
    return {"attendance": [entry], "sessions": [entry]}


def test_three_months_of_zoom_meetings(place: Place) -> None:
    """416 joins in 34 meetings, 37 rows of commas only; nobody's joins are announced otherwise than listed."""
    place.configure(both(preset="zoom", files="landing/*.csv", timezone="America/New_York"))
    land(place, "zoom", "anon_meetinglistdetails_*.csv")
    with place.staged() as con:
        assert fetch(con, "select count(*) from raw.attendance") == [(416,)]
        assert fetch(con, "select count(*) from staging.sessions") == [(34,)]
        assert fetch(con, "select count(*) from staging.attendance anti join staging.sessions using (session)") == [
            (0,)
        ]
        assert fetch(
            con, "select sum(rows), sum(staged + superseded), sum(ignored) from raw.files where source = 'attendance'"
        ) == [(453, 416, 37)]
        assert fetch(con, "select count(*) from raw.files where status <> 'loaded' or reason like '%says%'") == [(0,)]


def test_participants_of_one_zoom_meeting(place: Place) -> None:
    """31 joins of the 27 people that are announced; with and without the meeting above them."""
    named = {"session": {"filename": r"(?P<session>participants_heroes)\.csv"}}
    zoom = {"preset": "zoom", "timezone": "Asia/Seoul"}
    place.configure(
        {
            "attendance": [
                {**zoom, "files": "landing/*_full.csv"},
                {**zoom, "files": "landing/*_heroes.csv", "values": named},
            ]
        }
    )
    land(place, "zoom", "participants_heroes*.csv")
    with place.staged() as con:
        counted = "select session, count(*) from staging.attendance group by 1 order by 1"
        assert fetch(con, counted) == [("60245167821 2021-11-19T10:00:00", 27), ("participants_heroes", 27)]
        assert fetch(con, "select distinct rows, superseded, coalesce(reason, '') like '%says%' from raw.files") == [
            (31, 4, False)
        ]
        dazzler = "select distinct round(minutes * 60) from staging.attendance where member like 'dazzler%'"
        assert fetch(con, dazzler) == [(93 + 1612,)]


def test_teams_reports(place: Place) -> None:
    """IDL-15 says that 9 attended, and lists 8: it is loaded, and said."""
    place.configure(both(preset="teams", files="landing/*.csv", timezone="Europe/Brussels"))
    land(place, "teams", "IDL-*.csv")
    with place.staged() as con:
        assert fetch(
            con, "select path, staged, ignored, reason from raw.files where source = 'attendance' order by 1"
        ) == [
            ("landing/IDL-14-11-22.csv", 7, 7, None),
            ("landing/IDL-15-11-22.csv", 8, 8, "the summary says 9 attended, the report lists 8"),
            ("landing/IDL-16-11-22.csv", 8, 8, None),
        ]
        assert fetch(con, "select distinct encoding, status from raw.files") == [("utf-16-be", "loaded")]
        assert fetch(con, "select count(*), any_value(host) from staging.sessions") == [(3, "jan.janssens.ext@un.int")]


def test_a_teams_list_says_neither_the_session_nor_which_number_is_the_day(place: Place) -> None:
    entry = {"preset": "teams", "files": "landing/*.csv", "values": {"session": "class"}}
    place.configure({"attendance": [entry]})
    land(place, "teams", "joined_left.csv")
    assert place.rows("select status from raw.files") == [("quarantined",)]
    place.configure({"attendance": [entry | {"datetime_format": "%d/%m/%Y, %H:%M:%S"}]})
    with place.staged() as con:
        assert fetch(con, "select member, cast(minutes as double) from staging.attendance order by 1 limit 3") == [
            ("Huber Uwe", 45.7),
            ("Musterfrau Franziska", 11.15),
            ("Mustermann Max", 35.25),
        ]


@pytest.mark.fault("D5")
def test_one_person_with_two_addresses_is_one_by_aliases(place: Place) -> None:
    """UserMap.txt says that Jan has both; without a word the two are two."""
    place.configure(
        {
            "attendance": [{"preset": "teams", "files": "landing/IDL-14*.csv"}],
            "aliases": [{"files": "landing/aliases.csv"}],
        }
    )
    land(place, "teams", "IDL-14*.csv")
    known = "member,kind,value\nJan,email,jan.janssens.ext@un.int\n"
    place.land({"aliases.csv": known})
    resolved = "select count(*) filter (member_id = 'Jan'), count(*) filter (member_id is null) from staging.attendance"
    with place.staged() as con:
        assert fetch(con, resolved) == [(1, 6)]
        assert fetch(con, "select count(*) from ops.unmatched where value = 'sdc@smallco.co.uk'") == [(1,)]
    place.land({"aliases.csv": known + "Jan,email,sdc@smallco.co.uk\n"})
    with place.staged() as con:
        assert fetch(con, resolved) == [(2, 5)]
