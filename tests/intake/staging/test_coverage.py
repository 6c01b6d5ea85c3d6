from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.intake.staging.coverage import coverage, default_as_of
from fellowship_pipeline.program import Program, parse_program

from .staging_home import Landing, landing, program, required

pytestmark = pytest.mark.slow


def entries(*options: str, sources: str = "") -> Program:
    """A program whose activity has an entry per options."""
    listed = ", ".join(f"{{files: landing/{number}.csv, {option}}}" for number, option in enumerate(options))
    return parse_program(f"program: {{id: test}}\nsources:\n  activity: [{listed}]\n{sources}")


def learned(*days: int | str) -> list[dict[str, Any]]:
    """Activity on days of March 2022, or at instants."""
    return [{"member": "m1", "occurred_at": day if isinstance(day, str) else f"2022-03-{day:02}"} for day in days]


def march(*days: int) -> list[date]:
    return [date(2022, 3, day) for day in days]


def covered(raw: Landing, settings: Program, until: date | None = None) -> list[date]:
    stage(raw.con, settings)
    count = coverage(raw.con, settings, until)
    days = [row[0] for row in raw.rows("core.coverage", "day")]
    assert count == len(days)
    return days


def spans(raw: Landing) -> dict[str, tuple[date | None, date | None]]:
    return {row[0]: row[1:] for row in raw.rows("raw.files", "file_id", "covers_from", "covers_to")}


def test_rows_vouch_from_the_first_to_the_last_less_long_gaps() -> None:
    with landing() as raw:
        # three days without a row between 1 and 5, four between 5 and 10
        raw.file("activity", "a", *learned(1, 5, 10))
        assert covered(raw, entries("covers: rows")) == march(1, 2, 3, 4, 5, 10)
        assert spans(raw) == {"a": (date(2022, 3, 1), date(2022, 3, 10))}


@pytest.mark.parametrize(
    ("longest", "days"),
    [("0", march(1, 3, 4)), ("1", march(1, 2, 3, 4)), ("null", march(1, 2, 3, 4))],
)
def test_the_longest_gap_is_the_entrys(longest: str, days: list[date]) -> None:
    with landing() as raw:
        raw.file("activity", "a", *learned(1, 3, 4))
        assert covered(raw, entries(f"max_gap_days: {longest}")) == days


def test_the_files_of_an_entry_vouch_together_and_entries_apart() -> None:
    with landing() as raw:
        raw.file("activity", "a", *learned(1))
        raw.file("activity", "b", *learned(3))
        raw.file("activity", "c", *learned(6), entry=1)
        assert covered(raw, entries("max_gap_days: 1", "max_gap_days: 3")) == march(1, 2, 3, 6)


def test_replaced_and_unmatched_rows_vouch_and_broken_ones_do_not() -> None:
    with landing() as raw:
        raw.file("activity", "a", {**learned(1)[0], "_fact": "f1"}, *learned(9))
        raw.file("activity", "b", {**learned(2)[0], "_fact": "f1"}, *learned(10), {**learned(5)[0], "xp": "ten"})
        raw.file("activity", "c", *learned(20), status="loaded")
        settings = entries("max_gap_days: 0", sources="  roster: [{files: landing/roster.csv}]")
        assert covered(raw, settings) == march(1, 2, 9, 10, 20)


def test_days_are_those_of_the_program() -> None:
    with landing() as raw:
        raw.file("activity", "a", *learned("2022-03-01T15:00Z", "2022-03-02T14:59:59Z"))
        assert covered(raw, entries("covers: rows")) == march(2)


def test_files_that_are_not_loaded_vouch_for_nothing() -> None:
    with landing() as raw:
        raw.file("activity", "a", status="held", covers_from=date(2022, 3, 1), covers_to=date(2022, 3, 9))
        filename = r"covers: {filename: '(?P<date>\d{4}-\d\d-\d\d)'}"
        assert covered(raw, entries(filename)) == []
        assert covered(raw, entries("covers: all"), date(2022, 3, 9)) == []


def test_a_file_name_vouches_for_what_it_says() -> None:
    with landing() as raw:
        raw.file("activity", "a", *learned(2), covers_from=date(2022, 3, 1), covers_to=date(2022, 3, 3))
        raw.file("activity", "b", covers_from=date(2022, 3, 20), covers_to=date(2022, 3, 20))
        raw.file("activity", "c", *learned(28))
        assert covered(raw, entries(r"covers: {filename: '(?P<date>\d{4}-\d\d-\d\d)'}")) == march(1, 2, 3, 20)
        assert spans(raw)["a"] == (date(2022, 3, 1), date(2022, 3, 3))


def test_an_export_vouches_from_its_first_row_to_the_day_before() -> None:
    with landing() as raw:
        # 15:00 UTC is midnight of the 6th in Seoul
        raw.file("activity", "a", *learned(2), exported_at=datetime(2022, 3, 5, 15))
        raw.file("activity", "b", *learned(10, 12))
        raw.file("activity", "c", *learned(20))
        assert covered(raw, entries("covers: export")) == march(2, 3, 4, 5, 10, 11)
        assert spans(raw)["a"] == (date(2022, 3, 2), date(2022, 3, 5))


def test_an_entry_that_covers_all_vouches_from_the_month_of_the_first_dated_row_to_the_day_asked_for() -> None:
    with landing() as raw:
        raw.file("activity", "a", *learned(3, 25))
        raw.file("seat_events", "s", required("seat_events", occurred_at="2022-03-02"))
        settings = entries("covers: all")
        assert covered(raw, settings) == march(*range(1, 26))
        assert covered(raw, settings, date(2022, 3, 27)) == march(*range(1, 28))
        assert covered(raw, settings, date(2022, 3, 4)) == march(*range(1, 26))


def test_without_activity_nothing_is_covered() -> None:
    with landing() as raw:
        raw.file("seat_events", "s", required("seat_events"))
        assert covered(raw, program("seat_events")) == []


def as_of(raw: Landing, settings: Program) -> date:
    stage(raw.con, settings)
    return default_as_of(raw.con, settings)


def test_the_program_is_seen_at_the_last_covered_day() -> None:
    with landing() as raw:
        raw.file("activity", "a", *learned(3, 25))
        raw.file("seat_events", "s", required("seat_events", occurred_at="2022-06-01"))
        assert as_of(raw, entries("covers: rows")) == date(2022, 3, 25)
        assert as_of(raw, entries("covers: export")) == date(2022, 3, 24)
        assert as_of(raw, entries("covers: all")) == date(2022, 3, 25)


def test_activity_that_vouches_for_nothing_still_tells_its_last_day() -> None:
    with landing() as raw:
        raw.file("activity", "a", *learned(3))
        assert as_of(raw, entries("covers: export")) == date(2022, 3, 3)


def test_without_activity_the_latest_day_of_the_other_sources_counts() -> None:
    with landing() as raw:
        raw.file("seat_events", "s", required("seat_events", occurred_at="2022-06-01T15:00Z"))
        raw.file("outcomes", "o", required("outcomes", occurred_on="2022-06-01"))
        raw.file("roster", "r", required("roster", left_on="2023-01-01"))
        raw.file("missions", "m", required("missions", due_at="2023-01-01"))
        assert as_of(raw, program("seat_events", "outcomes", "roster", "missions")) == date(2022, 6, 2)


@pytest.mark.parametrize(
    ("source", "column", "value"),
    [
        ("outcomes", "occurred_on", "2022-06-02"),
        ("sessions", "starts_at", "2022-06-01T15:00Z"),
        ("attendance", "left_at", "2022-06-01T15:00Z"),
        ("competitions", "as_of", "2022-06-02"),
        ("certifications", "expires_on", "2022-06-02"),
        ("support_requests", "answered_at", "2022-06-02T14:59:59Z"),
        ("applications", "applied_at", "2022-06-02"),
        ("survey_responses", "submitted_at", "2022-06-02"),
        ("completions", "started_at", "2022-06-02"),
        ("seat_snapshots", "accepted_at", "2022-06-02"),
    ],
)
def test_every_column_of_a_day_or_an_instant_counts(source: str, column: str, value: str) -> None:
    with landing() as raw:
        raw.file(source, "f", required(source, **{column: value}))
        raw.file("catalog", "c", required("catalog"))
        assert as_of(raw, program(source, "catalog")) == date(2022, 6, 2)


def test_where_nothing_carries_a_day_one_is_asked_for() -> None:
    with landing() as raw:
        raw.file("roster", "r", required("roster", joined_on="2023-01-01"))
        with pytest.raises(UserError, match="--as-of YYYY-MM-DD"):
            as_of(raw, program("roster"))


def test_where_no_file_could_be_loaded_that_is_said_with_it() -> None:
    with landing() as raw:
        raw.file("activity", "a", status="quarantined")
        with pytest.raises(
            UserError, match="; 1 of the files are held or quarantined: `fellowship files HOME` says why"
        ):
            as_of(raw, program("activity"))


def test_coverage_of_a_long_program_has_every_day() -> None:
    first = date(2021, 8, 1)

    def weekly() -> Iterable[str]:
        return ((first + timedelta(days=7 * week)).isoformat() for week in range(100))

    with landing() as raw:
        raw.file("activity", "a", *learned(*weekly()))
        days = covered(raw, entries("max_gap_days: 6"))
        assert days == [first + timedelta(days=number) for number in range(99 * 7 + 1)]
