"""The seat review as an asset of months: a backfill is one run and equals month by month; what is refused, and why."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.core.settings import write_settings
from assets.publication.months import file_of
from assets.publication.seat_review import SEAT_REVIEW, months_of, review_inputs
from assets.sql import run_models
from fellowship_pipeline import definitions
from fellowship_pipeline.cli import status
from fellowship_pipeline.definitions import build_defs
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.reading import generation
from fellowship_pipeline.warehouse import connect
from tests.intake.homes import Place
from tests.review.homes import fellowship, ran

pytestmark = pytest.mark.slow

ROSTER = "member,name,email,cohort\nm1,Canary Ann,canary@example.org,c\nm2,Canary Bo,,c\n"
SEATS = "member,event,pool,occurred_at\nm1,accepted,p,2021-12-05T09:00:00\nm2,accepted,p,2021-12-05T09:00:00\n"
FIRST, LAST = "2022-02", "2024-01"
MISSING = "2023-05"
"""The review of this month has no day of the month before."""


def keys() -> list[str]:
    return [f"{year}-{month:02}" for year in (2022, 2023, 2024) for month in range(1, 13)][1:25]


def days() -> Iterator[date]:
    day = date(2022, 1, 1)
    while day < date(2024, 1, 1):
        if (day.year, day.month) != (2023, 4):
            yield day
        day += timedelta(1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of two members, one of whom has 1,000 XP in every month but March of each year."""
    place = fellowship(tmp_path_factory.mktemp("months") / "home")
    xp = {day: 1000 if day.day == 1 and day.month != 3 else 0 for day in days()}
    lines = [f"{member},{day}T09:00:00,{xp[day] if member == 'm1' else 1}" for day in xp for member in ("m1", "m2")]
    place.land({"roster.csv": ROSTER, "seat_events.csv": SEATS})
    place.land({"activity.csv": "\n".join(["member,occurred_at,xp", *lines, ""])})
    ran(place)
    return place.path


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Home:
    shutil.copytree(made, tmp_path / "home")
    return Home(tmp_path / "home")


def materialized(
    home: Home, first: str, last: str | None = None
) -> tuple[dg.ExecuteInProcessResult, dict[str, dict[str, Any]], str]:
    """A run of those months: what Dagster is told of each, and all that it keeps as text."""
    defs = build_defs(home=str(home.path), is_locked=True)
    tags = {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last or first}
    with dg.DagsterInstance.ephemeral() as instance:
        result = defs.resolve_implicit_global_asset_job_def().execute_in_process(
            asset_selection=[SEAT_REVIEW], tags=tags, instance=instance, raise_on_error=False
        )
        told = {
            str(one.partition): {name: value.value for name, value in one.metadata.items()}
            for one in result.asset_materializations_for_node("publication__seat_review")
        }
        kept = "\n".join(repr(entry) for entry in instance.all_logs(result.run_id))
    return result, told, kept


def files(home: Home) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in home.reviews.iterdir()}


def test_a_backfill_of_24_months_is_one_run_and_equals_24_runs_byte_by_byte(
    made: Path, home: Home, tmp_path: Path
) -> None:
    result, told, _ = materialized(home, FIRST, LAST)
    assert result.success and list(told) == keys() and len(keys()) == 24
    other = Home(tmp_path / "other")
    shutil.copytree(made, other.path)
    one_by_one = {}
    for key in keys():
        single, of_one, _ = materialized(other, key)
        assert single.success
        one_by_one |= of_one
    assert files(other) == files(home)
    assert one_by_one == told
    assert sorted(files(home)) == [f"{key}.csv" for key in keys() if key != MISSING]
    assert not home.published.exists() and not home.lists.is_symlink()


def test_counts_and_coverage_are_told_and_whom_they_name_is_in_the_file_alone(home: Home) -> None:
    _, told, kept = materialized(home, "2022-03", "2022-04")
    assert told["2022-03"] == {
        "review": "made", "is_confirmed": False, "reviewed": 2, "keep": 1, "reclaim": 1, "deferred": 0, "exempt": 0,
        "days": 28, "days_covered": 28, "file": "2022-03.csv",
    }  # fmt: skip
    assert (told["2022-04"]["keep"], told["2022-04"]["reclaim"], told["2022-04"]["days"]) == (0, 2, 31)
    lines = file_of(home, date(2022, 3, 1)).read_text().splitlines()
    assert lines[0].split(",")[:5] == ["review_month", "member_id", "name", "email", "account"]
    assert [line.split(",")[1:4] for line in lines[1:]] == [
        ["m2", "Canary Bo", ""], ["m1", "Canary Ann", "canary@example.org"],
    ]  # fmt: skip
    assert "2022-03" in kept and not re.search(r"Canary|canary|\bm[12]\b", kept)
    modes = {path.stat().st_mode & 0o777 for path in (home.operations, home.reviews)}
    assert (modes, lines and file_of(home, date(2022, 3, 1)).stat().st_mode & 0o777) == ({0o700}, 0o600)


def test_a_month_without_a_review_has_no_file_and_its_reason_in_words(home: Home) -> None:
    home.reviews.mkdir(parents=True)
    file_of(home, date(2023, 5, 1)).write_text("of a run before")
    result, told, _ = materialized(home, "2023-05")
    assert result.success
    assert told["2023-05"]["review"] == "no seat review for 2023-05: activity is missing on 2023-04-01 … 2023-04-30"
    assert (told["2023-05"]["reviewed"], told["2023-05"]["days_covered"]) == (0, 0)
    assert files(home) == {}
    later = materialized(home, "2024-02")[1]["2024-02"]["review"]
    assert later == "no seat review for 2024-02: the data reach 2023-12-31, and the month before is not over then"


def test_a_confirmed_month_says_so(home: Home) -> None:
    assert status(["review", str(home.path), "2022-03", "confirm", "--by", "kim"]) == 0
    told = materialized(home, "2022-03", "2022-04")[1]
    assert [told[key]["is_confirmed"] for key in ("2022-03", "2022-04")] == [True, False]


def refusal(home: Home) -> str:
    result, told, kept = materialized(home, FIRST, LAST)
    assert not result.success and told == {} and not home.reviews.exists()
    (found,) = set(re.findall(r"no review is written: [^'\"\\]+", kept))
    return str(found)


def test_of_tables_of_another_day_nothing_is_written(home: Home) -> None:
    program, day = Place(home.path).program(), date(2022, 6, 1)
    with connect(home.warehouse) as con:
        write_settings(con, program, day)
        generation.mark_settled(con, home, program, day)
        run_models(con)
    assert "the tables are as of 2022-06-01, as `--as-of` asked" in refusal(home)


def test_of_tables_that_a_check_found_wrong_or_that_do_not_stand_nothing_is_written(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(definitions, "_unsound", lambda con: "core.seats: two at once")
        assert "core.seats: two at once" in refusal(home)
    with connect(home.warehouse) as con:
        con.execute("comment on table core.seats is null")
    assert "the tables are not what a run would make" in refusal(home)


def test_every_table_of_a_review_is_looked_at() -> None:
    assert {"staging.activity", "staging.seat_events", "core.seats", "ops.seat_reviews", "core.parameters"} <= (
        review_inputs()
    )
    assert "kpi.survey" not in review_inputs()


@pytest.mark.parametrize(
    ("first", "zone", "now", "expected"),
    [
        (date(2022, 3, 1), "Asia/Seoul", datetime(2022, 5, 31, 14, 59, tzinfo=UTC), ["2022-03", "2022-04", "2022-05"]),
        (date(2022, 5, 1), "Asia/Seoul", datetime(2022, 5, 31, 15, 0, tzinfo=UTC), ["2022-05", "2022-06"]),
        (date(2022, 5, 1), "America/Lima", datetime(2022, 6, 1, 4, 59, tzinfo=UTC), ["2022-05"]),
        (date(2030, 1, 1), "Asia/Seoul", datetime(2022, 5, 31, tzinfo=UTC), []),
    ],
)
def test_a_month_is_a_partition_from_its_1st_on_in_the_programs_time_zone(
    first: date, zone: str, now: datetime, expected: list[str]
) -> None:
    assert months_of(first, zone).get_partition_keys(current_time=now) == expected


def test_without_a_rule_months_begin_where_days_are_believed() -> None:
    now = datetime(2000, 3, 1, tzinfo=UTC)
    for first in (None, date(1, 1, 1)):
        assert months_of(first, "UTC").get_partition_keys(current_time=now) == ["2000-01", "2000-02", "2000-03"]
