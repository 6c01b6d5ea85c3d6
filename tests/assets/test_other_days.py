"""Headlines of other days: the models run again on what was known by then."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from fellowship_pipeline.contracts import TABLE_BY_KEY

from .tiny import Tiny

FINAL = {key: dated for key, table in TABLE_BY_KEY.items() if (dated := table.dated) and dated.is_final}


def _learned(tiny: Tiny) -> None:
    tiny.seat("a", "accepted", "2022-02-01")
    for day in ("2022-02-10", "2022-03-31T15:30", "2022-04-20"):  # the second is 1 April in Seoul
        tiny.learn("a", day, xp=10, course="one")
    tiny.learn("a", "2022-03-05", xp=5, course="two")
    for course, day in (("one", "2022-03-31T14:30"), ("one", "2022-04-02"), ("two", "2022-04-09")):
        tiny.add("staging.completions", member="a", member_id="a", course=course, completed_at=day, started_at=None)


def _as_of(tiny: Tiny, day: date) -> None:
    tiny.given["core.parameters"][0]["as_of"] = day


@pytest.mark.parametrize("key", FINAL)
@pytest.mark.parametrize("day", [date(2022, 3, 31), date(2022, 4, 1), date(2022, 4, 9)])
def test_a_table_with_final_rows_has_as_of_an_earlier_day_those_up_to_it(tiny: Tiny, key: str, day: date) -> None:
    _learned(tiny)
    dated = FINAL[key]
    last = dated.period(day) - timedelta(days=1) if dated.of_months else day
    condition = f"{dated.column} <= date '{last}'"
    later: list[tuple[Any, ...]] = tiny.rows(key, "*", condition)
    _as_of(tiny, day)
    assert later
    assert tiny.rows(key, "*", condition if dated.of_months else "true") == later


def test_previous_headlines_are_those_of_a_run_a_month_earlier(tiny: Tiny) -> None:
    _learned(tiny)
    tiny.seat("b", "accepted", "2022-04-15")
    columns = "kpi, value"
    previous = tiny.rows("core.previous_headlines", columns, "slice_by = 'all'")
    _as_of(tiny, date(2022, 3, 30))
    assert tiny.rows("kpi.headlines", columns, "slice_by = 'all'") == previous
    assert ("engagement_rate", 1.0) in previous


def test_a_search_for_tables_ends_with_the_other_day(tiny: Tiny) -> None:
    _learned(tiny)
    tiny.rows("core.previous_headlines", "kpi")
    assert tiny.con.execute("select as_of from core.parameters").fetchall() == [(date(2022, 4, 30),)]
    assert tiny.con.execute("select current_setting('search_path')").fetchall() == [("",)]
