"""Figures counted on paper from the tables of ``people`` and ``doings``, so that the computation itself stands on them.

Belongs here: literal figures, each with the counting beside it. Does not belong here: the pipeline (``test_by_hand``).
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from .facts import Facts, corrected, mistaken
from .figures import TABLES
from .people import PEOPLE, ROWS

SEPTEMBER, OCTOBER, NOVEMBER = (date(2024, month, 1) for month in (9, 10, 11))
JANUARY, FEBRUARY, MARCH = (date(2025, month, 1) for month in (1, 2, 3))
TRUE, FIRST = corrected(), mistaken()


def figures(table: str, facts: Facts = TRUE, **where: Any) -> dict[str, Any]:
    """The only row of the whole program with those values."""
    (row,) = (
        row
        for row in TABLES[table][1](facts)
        if row.get("slice_by", "all") == "all" and all(row[name] == value for name, value in where.items())
    )
    return row


def holds(row: dict[str, Any], **expected: Any) -> None:
    assert {name: row[name] for name in expected} == expected


def test_there_are_56_people_in_60_rows() -> None:
    """p47, p53 and p54 came to the second cohort too; p54 had canceled the first and enrolled again on the same day."""
    assert (len(PEOPLE), len(ROWS)) == (56, 60)


def test_seats_of_november() -> None:
    """Held before: p01-p09, p11-p13, p15-p22, p24, p47, p48 and the guest. Then p14; p09 and p15 taken, p08 given."""
    row = figures("kpi.seats", month=NOVEMBER, pool="datacamp")
    holds(row, held_start=9 + 3 + 8 + 1 + 2 + 1, accepted=1, reclaimed=2, returned=1, held_end=22, peak_held=24)


def test_seats_on_the_last_day() -> None:
    """22 at the end of December; p31-p33, p34, p35, p38, p39; p36, p37, p53 less p33, p38; p40.

    Of the other pool p20, p21, p25-p27, p41, p42; p29, p43 and p44 have not answered yet.
    """
    holds(figures("kpi.seats", month=MARCH, pool="datacamp"), held_end=22 + 7 + 3 - 2 + 1, idle=30 - 31 - 1)
    holds(figures("kpi.seats", month=MARCH, pool="coursera"), held_end=7, invited_open=3, idle=2)
    holds(figures("kpi.headlines", kpi="seat_utilization"), numerator=38, denominator=42)


def test_the_first_log_had_p29_in_a_seat() -> None:
    holds(figures("kpi.seats", FIRST, month=date(2024, 12, 1), pool="coursera"), accepted=2, held_end=7)
    holds(figures("kpi.seats", month=date(2024, 12, 1), pool="coursera"), accepted=1, held_end=6)


def test_invitations() -> None:
    """40 of datacamp: p01-p13, p14 the second time, p15 twice, p16-p24, p31-p40, p47, p48, p53, p54, the guest.

    13 of coursera: p20-p22, p25-p30, p41-p44. p10, p22, p23, p29, p43, p44 and p54 did not accept (yet). The guest is
    nobody who could have learned.
    """
    row = figures("kpi.adoption", month=MARCH)
    holds(row, invited=40 + 13, accepted=53 - 7, activated=45, adoption_rate=Fraction(46, 53))


@pytest.mark.fault("I1")
def test_september_s_acceptances_count_by_the_day_in_seoul() -> None:
    """p04 at ten to midnight is in, p05 twenty minutes later is October's."""
    holds(figures("kpi.seats", month=SEPTEMBER, pool="datacamp"), accepted=22)
    holds(figures("kpi.seats", month=OCTOBER, pool="datacamp"), accepted=2)


def test_november_s_xp() -> None:
    """By habit; 8 steady days, 7 odd ones, 5 nights, 3 bursts of two, 3 late ones, the 14th; and p12's seven.

    p21's eight rows of 0 XP are learning. The first export had 100 too many of p17 and p24, 10 and 5 too few of p03 and
    p25.
    """
    steady = 8 * (125 + 125 + 100 + 10 + 0 + 125 + 30 + 10)
    odd = 7 * (143 + 30 + 40 + 20 + 5)
    night, burst, late, once = 5 * (200 + 60 + 100), 6 * (167 + 50 + 20), 3 * (333 + 400 + 100), 1000 + 5 + 1
    row = figures("kpi.activity", month=NOVEMBER)
    holds(row, xp=steady + odd + night + burst + late + once + 7, learners=8 + 5 + 3 + 3 + 3 + 3 + 1)
    assert row["xp"] == 12600
    holds(figures("kpi.activity", FIRST, month=NOVEMBER), xp=12600 + 100 - 15, learners=28)


@pytest.mark.parametrize(
    ("month", "person", "xp", "decision"),
    [
        (JANUARY, "p01", 8 * 125, "keep"),  # exactly 1,000
        (JANUARY, "p07", 999, "deferred"),
        (MARCH, "p04", 5 * 199, "deferred"),
        (NOVEMBER, "p16", 0, "exempt"),  # on leave until 1 November
        (JANUARY, "p15", 500, "exempt"),  # holds a seat anew since December
        (FEBRUARY, "p53", 0, None),  # a seat since midnight of 1 February was not held at the end of January
        (MARCH, "p53", 7 * 50, "keep"),
    ],
)
def test_reviews(month: date, person: str, xp: int, decision: str | None) -> None:
    found = [
        (row["xp"], row["decision"])
        for row in TABLES["ops.seat_reviews"][1](TRUE)
        if (row["review_month"], row["member_id"]) == (month, person)
    ]
    assert found == ([(xp, decision)] if decision else [])


def test_a_month_begun_on_its_twentieth_asks_for_twelve_days_of_31() -> None:
    """300 × 12 / 31 is 116.1, so 117: eight days of 15 XP and five more are enough. The first log asks for 194."""
    holds(figures("ops.seat_reviews", review_month=FEBRUARY, member_id="p39"), xp=8 * 15 + 5, decision="keep")
    holds(figures("ops.seat_reviews", FIRST, review_month=FEBRUARY, member_id="p39"), decision="deferred")


def test_the_corrected_export_takes_p17_and_p24_out_of_november() -> None:
    """Two seats had been taken by then, a tenth of 24: whoever falls in December is put off."""
    whom = ("any", 21 + 6)
    after = figures("kpi.review_summary", review_month=date(2024, 12, 1))
    holds(after, rule=whom[0], reviewed=whom[1], reclaimed=0, deferred=3)
    holds(figures("kpi.review_summary", FIRST, review_month=date(2024, 12, 1)), reclaimed=0, deferred=1)


def test_the_first_mission() -> None:
    """In are p01-p30, p53, p54 less p10 and p53 who had left, p14 and p27 who came later.

    Python by the end of October: p01-p04; p06, p16, p17; p08, p18-p21, p24; p11, p25, p28-p30; and p13, who has longer.
    p07 is a minute late, p12 ill. p05, p09, p15, p22, p23, p26, p54 miss it.
    """
    row = figures("kpi.missions", cohort="fall", mission="first")
    holds(row, cohort_members=32, members=32 - 2 - 2, met=4 + 3 + 6 + 5 + 1, late=1, missed=7, excused=1)
    holds(row, eliminated=8, left_before=2, remaining=32 - 2 - 8)


def test_the_midterm_survey() -> None:
    """Sent to the 32 less p10 and p53. Back came p01-p03, p08, p14, p16, p19 and one without a name; and p31, p47.

    p02 said yes first, then no, like p03 and p16.
    """
    holds(figures("kpi.survey_response", survey="midterm"), population=30, respondents=8)
    holds(figures("kpi.survey", survey="midterm", option="yes"), respondents=10, answered=10, chosen=7)


def test_the_final_survey() -> None:
    """Sent to p01-p30 less p08, p10, p19, p28, p30, who had left, and p31-p45 less p38, p53, p55.

    Back came 12 of them, one without a name, and p38, p47, p52. Promoters are p01, p02, p18, p41, p47, p52, p53;
    detractors p16, p32, p38 and the one without a name; p31 counts as the second time, with 8.
    """
    holds(figures("kpi.survey_response", survey="final"), population=25 + 14 + 2 + 1, respondents=13)
    recommend = figures("kpi.survey_ratings", survey="final", question="recommend")
    holds(recommend, answered=15, nps=Fraction(100 * (7 - 4), 15))
    satisfied = figures("kpi.survey_ratings", survey="final", question="satisfaction")
    holds(satisfied, answered=15, mean=Fraction(5 * 5 + 5 * 4 + 2 * 3 + 2 + 2 * 1, 15))


def test_who_came_in_february() -> None:
    """Of p31-p45 less p42, of p53-p55 and the builders p47 and p49, to the clinic p31, p34, p38, p49, p55; p46 is not
    in yet. p47 and p49 came to the builders' meeting, p01 too.
    """
    clinic = figures("kpi.community", month=FEBRUARY, kind="clinic")
    holds(clinic, attendances=6, members=14 + 3 + 2, expected_attended=5)
    holds(figures("kpi.community", month=FEBRUARY, kind="builder_meeting"), unique_members=3, attendance_rate=1)
    holds(figures("kpi.headlines", kpi="attendance_rate"), numerator=6, denominator=19)


def test_of_git_nobody_knows_who_began_it() -> None:
    holds(figures("kpi.courses", course="Git"), started=None, completed=4, completion_rate=None)
