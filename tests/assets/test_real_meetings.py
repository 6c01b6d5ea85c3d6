"""Meetings that others published, from their reports to core and kpi. Skips without them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.core.settings import write_settings
from assets.sql import run_models
from tests.intake.homes import Place, fetch

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("FELLOWSHIP_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
MADE = ["kpi.community", "ops.stray_attendance"]
AS_OF = date(2025, 12, 31)

pytestmark = pytest.mark.skipif(
    not all((DATA / name).is_dir() for name in ("zoom", "teams", "ds4owd")),
    reason=f"no zoom/, teams/ and ds4owd/ in {DATA}; FELLOWSHIP_TEST_DATA names the folder that has them",
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.home.landing.mkdir()
    return place


def land(place: Place, folder: str, pattern: str) -> None:
    place.land({path.name: path.read_bytes() for path in (DATA / folder).glob(pattern)})


@contextmanager
def computed(place: Place) -> Iterator[duckdb.DuckDBPyConnection]:
    with place.staged() as con:
        write_settings(con, place.program(), AS_OF)
        run_models(con, MADE)
        yield con


def test_every_join_of_three_months_belongs_to_its_meeting(place: Place) -> None:
    """416 joins in 34 meetings; minutes are those of the reports, since no meeting is shorter than its joins."""
    entry = {"preset": "zoom", "files": "landing/*.csv", "timezone": "America/New_York"}
    place.configure({"attendance": [entry], "sessions": [entry]})
    land(place, "zoom", "anon_meetinglistdetails_*.csv")
    with computed(place) as con:
        assert fetch(con, "select sum(sessions), sum(attendances) from kpi.community") == [(34, 308)]
        assert fetch(con, "select sum(joins), count(distinct session) from core.session_attendances") == [(416, 34)]
        assert fetch(con, "select count(*) from ops.stray_attendance") == [(0,)]
        other = """
            select count(*) from core.session_attendances as merged
            join staging.attendance as said on merged.session = said.session and merged.member_id = said.member
            where abs(merged.minutes - said.minutes) > 0.0001
        """
        assert fetch(con, other) == [(0,)]


def test_a_meeting_is_the_session_of_the_operators_sheet_that_was_held_then(place: Place) -> None:
    """All 27 came from a quarter to ten to twelve; the host is apart; who came early is counted from ten."""
    place.configure(
        {
            "attendance": [{"preset": "zoom", "files": "landing/participants*.csv"}],
            "sessions": [{"files": "landing/sessions.csv"}],
        },
        attendance={"match": "window"},
    )
    land(place, "zoom", "participants_heroes_full.csv")
    place.land({"sessions.csv": "session,kind,starts_at,minutes\nweek-3,talk,2021-11-19 10:00,120\n"})
    with computed(place) as con:
        assert fetch(con, "select kind, attendances, unique_members from kpi.community") == [("talk", 26, 26)]
        early = "select cast(minutes as double), distance_minutes, matched_by from core.session_attendances"
        assert fetch(con, early + " where member_id like 'loki%'") == [(120.0, -5.75, "window")]


def test_one_person_with_two_addresses_and_another_in_two_tools_count_once(place: Place) -> None:
    """UserMap.txt says that Jan, the organizer, was there under both; Simon was in Zoom too, from before the start."""
    people = re.findall(r'name = "(\w+)".*eMails = \[(.*)\]', (DATA / "teams" / "UserMap.txt").read_text())
    aliases = "".join(
        f"{name},email,{address}\n" for name, addresses in people for address in re.findall('"(.*?)"', addresses)
    )
    zoom = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
    zoom += "S,PGSimon@spain.es,11/14/2022 09:20:00 AM,11/14/2022 09:40:00 AM,20,Yes\n"
    brussels = {"timezone": "Europe/Brussels"}
    place.configure(
        {
            "attendance": [
                {"preset": "teams", "files": "landing/IDL*.csv", **brussels},
                {"preset": "zoom", "files": "landing/zoom.csv", "values": {"session": "Zoom"}, **brussels},
            ],
            "sessions": [{"files": "landing/sessions.csv", **brussels}],
            "roster": [{"files": "landing/roster.csv"}],
            "aliases": [{"files": "landing/aliases.csv"}],
        },
        attendance={"match": "window"},
    )
    land(place, "teams", "IDL-14*.csv")
    place.land(
        {
            "zoom.csv": zoom,
            "sessions.csv": "session,kind,starts_at,minutes\nweek-1,stand-up,2022-11-14 09:30,20\n",
            "roster.csv": "member,cohort\n" + "".join(f"{name},A\n" for name, _ in people),
            "aliases.csv": "member,kind,value\n" + aliases,
        }
    )
    with computed(place) as con:
        merged = "select cast(minutes * 60 as int), joins, names, files, is_host from core.session_attendances"
        assert fetch(con, merged + " where member_id = 'Jan'") == [(20 * 60 - 46, 2, 2, 1, True)]
        assert fetch(con, merged + " where member_id = 'Simon'") == [(20 * 60, 2, 2, 2, False)]
        counted = "select attendances, unique_members, members, attendance_rate from kpi.community"
        assert fetch(con, counted) == [(5, 5, 6, 5 / 6)]


def test_hosts_by_what_the_file_says_of_guests(place: Place) -> None:
    """734 rows, 26 of them the hosts'; 65 participants attended at least four of the ten sessions."""
    file: dict[str, Any] = {"files": "landing/course_participation.csv"}
    who = {"session": "session", "member": "anonymized_name", "minutes": "duration_minutes", "role": "guest"}
    when = {"session": "session", "starts_at": {"from": "date", "format": "%d.%m.%Y"}}
    place.configure(
        {
            "attendance": [{**file, "columns": who, "values": {"role": {"Yes": "participant", "No": "host"}}}],
            "sessions": [{**file, "columns": when, "values": {"kind": "class"}}],
        }
    )
    land(place, "ds4owd", "course_participation.csv")
    with computed(place) as con:
        assert fetch(con, "select sum(sessions), sum(attendances) from kpi.community") == [(10, 708)]
        assert fetch(con, "select count(*) from core.session_attendances where is_host") == [(26,)]
        often = """
            select member_id from core.session_attendances
            where status = 'attended' and not is_host group by member_id having count(*) >= 4
        """
        assert fetch(con, f"select count(*) from ({often})") == [(65,)]
