"""Homes of any size to measure with: two years of a program of many, a few of whom do most of the learning.

Belongs here: making a home, and the exports that come later. Does not belong here: measuring.
"""

from __future__ import annotations

from pathlib import Path

from fellowship_pipeline import warehouse
from fellowship_pipeline.home import Home

PROGRAM = """\
program: {id: bench}
arrival: {quiet_seconds: 0}
cohorts: [{id: c, starts_on: 2024-01-01, ends_on: 2025-12-31}]
seats: [{pool: p, from: 2024-01-01, capacity: 2500000}]
sources:
  roster: [{files: landing/roster.csv}]
  seat_events: [{files: landing/seats.csv}]
  activity: [{files: landing/activity*.csv}]
"""
MEMBERS_OF_A_MILLION = 20_000
GROUPS = 500
DAYS = 730
LATE_ROWS = 100

_ROSTER = """
select
    'm' || i as member, 'c' as cohort, 'g' || (i % {groups}) as study_group,
    case when i % 3 = 0 then 'group' else 'individual' end as study_mode
from range({members}) as t(i)
"""
_SEATS = """
select
    'm' || i as member, event,
    strftime(timestamp '2024-01-01' + to_days(i % 300) + to_hours(hour), '%Y-%m-%dT%H:%M:%S') as occurred_at
from range({members}) as t(i), (values ('invited', 9), ('accepted', 10)) as v(event, hour)
"""
_ACTIVITY = """
select
    'm' || cast(floor({members} * pow((hash(i) % 1000003) / 1000003.0, 2)) as integer) as member,
    strftime(timestamp '2024-01-01' + to_seconds({begins} + i * {seconds} // {rows}), '%Y-%m-%dT%H:%M:%S')
        as occurred_at,
    'course ' || (hash(i + 1) % 400) as course,
    'exercise ' || (hash(i + 2) % 5000) as item,
    (hash(i + 3) % 20) * 10 as xp,
    (hash(i + 4) % 600) / 10.0 as minutes
from range({rows}) as t(i)
"""
"""The square puts a tenth of all learning on the first hundredth of the members."""


def make(place: Path, rows: int) -> Home:
    """A home of that many rows of activity in 24 months."""
    home = Home(place)
    home.landing.mkdir(parents=True)
    home.program_file.write_text(PROGRAM)
    members = _members(rows)
    _export(home, "roster", _ROSTER.format(groups=GROUPS, members=members))
    _export(home, "seats", _SEATS.format(members=members))
    _export(home, "activity", _activity(rows, members, 0, DAYS * 86_400))
    return home


def one_more_day(home: Home, rows: int) -> None:
    """The export of the day after, in a home made of ``rows``."""
    of_a_day = rows // DAYS
    _export(home, "activity-more", _activity(of_a_day, _members(rows), DAYS * 86_400, 86_400))


def late_rows(home: Home, rows: int) -> None:
    """A small export of a month that ended a year before the last day, in a home made of ``rows``."""
    month = 30 * 86_400
    _export(home, "activity-late", _activity(LATE_ROWS, _members(rows), (DAYS - 365) * 86_400 - month, month))


def _members(rows: int) -> int:
    return max(1_000, rows * MEMBERS_OF_A_MILLION // 1_000_000)


def _activity(rows: int, members: int, begins: int, seconds: int) -> str:
    return _ACTIVITY.format(rows=rows, members=members, begins=begins, seconds=seconds)


def _export(home: Home, name: str, select: str) -> None:
    with warehouse.connect(None) as con:
        con.execute("copy (" + select + ") to '" + str(home.landing / name) + ".csv' (header)")
