"""What builders of the DataCamp example do together: meetings, problems passed on to the sponsor.

Belongs here: ``mission.md`` 1, "builders meet monthly; platform problems collected there go to the sponsor, who is met
every five to six months, urgent ones by e-mail at once". Which problems is the example's own (``community.py``).
"""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

pytestmark = pytest.mark.xdist_group("datacamp")


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = con.execute(sql).fetchall()
    return found


def test_builders_meet_monthly(con: duckdb.DuckDBPyConnection) -> None:
    """25 months with a meeting of 8 to 11 of 11 builders; operators, who are excluded, hold it."""
    held = (
        "select count(*), min(month), max(month), min(sessions), max(sessions), min(unique_members) >= 8, "
        "max(unique_members) from kpi.community where kind = 'builder_meeting'"
    )
    assert rows(con, held) == [(25, date(2021, 8, 1), date(2023, 8, 1), 1, 1, True, 11)]
    came = (
        "select distinct roster.role from core.session_attendances join staging.roster using (member_id) "
        "where kind = 'builder_meeting' and not is_host"
    )
    assert rows(con, came) == [("builder",)]
    hosts = "select distinct member_id from core.session_attendances where is_host"
    assert rows(con, hosts) == []


def test_the_sponsor_is_met_every_five_to_six_months(con: duckdb.DuckDBPyConnection) -> None:
    met = "select month from kpi.community where kind = 'sponsor_meeting' and sessions = 1 order by month"
    assert rows(con, met) == [(date(2022, 1, 1),), (date(2022, 6, 1),), (date(2022, 11, 1),), (date(2023, 5, 1),)]


def test_problems_are_collected_answered_or_passed_on(con: duckdb.DuckDBPyConnection) -> None:
    """20: 5 urgent ones by e-mail; 15 at meetings, of which 9 went to the sponsor, 4 a builder could answer, 2 wait."""
    counted = (
        "select channel, sum(opened), sum(answered), sum(escalated), sum(answered_by_members), sum(asked_ahead) "
        "from kpi.support group by channel order by channel"
    )
    assert rows(con, counted) == [("builder meeting", 15, 13, 9, 4, 0), ("e-mail", 5, 5, 5, 0, 0)]
    waiting = "select sum(open_at_end) from kpi.support where month = '2023-08-01'"
    assert rows(con, waiting) == [(2,)]


def test_urgent_ones_are_answered_within_two_days(con: duckdb.DuckDBPyConnection) -> None:
    by_mail = "select max(median_hours_to_answer) from kpi.support where channel = 'e-mail'"
    assert rows(con, by_mail) == [(44.0,)]
