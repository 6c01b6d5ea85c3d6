"""The schedule of the seat review: it waits for coverage in words, then asks for one run a month."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._core.storage.tags import CODE_LOCATION_TAG
from dagster._core.test_utils import create_test_daemon_workspace_context

from assets.core.settings import write_settings
from assets.publication.months import file_of
from fellowship_pipeline.apart import ALONE, Apart
from fellowship_pipeline.cli import status
from fellowship_pipeline.definitions import HOME_VARIABLE, build_defs
from fellowship_pipeline.intake.reading import generation
from fellowship_pipeline.warehouse import connect
from tests.health.homes import READER, other_process
from tests.intake.homes import Place
from tests.review.homes import activity, fellowship, month, ran
from tests.test_dagster_faults import LAUNCHER, QUIET, TARGET
from tests.test_dagster_faults import tick as tick_of_all

pytestmark = pytest.mark.slow

ROSTER = "member,name,cohort\nm1,Canary Ann,c\nother,Canary Bo,c\n"
SEATS = "member,event,pool,occurred_at\nm1,accepted,p,2021-12-05T09:00:00\n"
SEOUL = ZoneInfo("Asia/Seoul")
MISSING = "no seat review for 2022-03: activity is missing on 2022-02-21 … 2022-02-28"
MADE = "the review of 2022-02 was made"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """January, and February but for its last days, with some days of March."""
    place = fellowship(tmp_path_factory.mktemp("schedule") / "home", timezone="Asia/Seoul")
    place.land({"roster.csv": ROSTER, "seat_events.csv": SEATS, "activity-01.csv": activity(*month("2022-01"), m1=5)})
    place.land({"activity-02.csv": activity(*month("2022-02", 20), *month("2022-03", 2), m1=5)})
    ran(place)
    place.home.reviews.mkdir(parents=True)
    for year_and_month in ("2022-01", "2022-02"):
        file_of(place.home, datetime.fromisoformat(f"{year_and_month}-01").date()).write_text("")
    return place.path


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Place:
    shutil.copytree(made, tmp_path / "home")
    return Place(tmp_path / "home")


def tick(
    home: Path | str, day: str, instance: dg.DagsterInstance, hour: int = 7, apart: Apart = ALONE
) -> tuple[list[str | None], str | None]:
    """For which months the tick of that morning asks for a run, and why for none."""
    repository = build_defs(home=str(home), apart=apart).get_repository_def()
    at = datetime.fromisoformat(day).replace(hour=hour, tzinfo=SEOUL)
    with dg.build_schedule_context(
        instance=instance, scheduled_execution_time=at, repository_def=repository
    ) as context:
        told = repository.get_schedule_def("monthly_seat_review").evaluate_tick(context)
    return [request.partition_key for request in told.run_requests or ()], told.skip_message


def test_while_days_are_missing_it_waits_and_says_which_then_asks_once(place: Place) -> None:
    with dg.instance_for_test() as instance:
        for day in ("2022-03-01", "2022-03-02", "2022-03-15"):
            asked, why = tick(place.path, day, instance)
            assert asked == []
            assert why == f"{MISSING}; {MADE}"
        place.land({"activity-02b.csv": activity(*month("2022-02", 28)[20:], m1=1)})
        ran(place)
        before = place.home.warehouse.stat().st_mtime_ns
        assert tick(place.path, "2022-03-16", instance) == (["2022-03"], None)
        assert place.home.warehouse.stat().st_mtime_ns == before
        file_of(place.home, datetime(2022, 3, 1).date()).write_text("")
        assert tick(place.path, "2022-03-17", instance) == ([], f"the review of 2022-03 was made; {MADE}")
        assert "the data reach 2022-03-02" in str(tick(place.path, "2022-04-01", instance)[1])


def test_a_month_is_waited_for_when_the_next_has_begun(place: Place) -> None:
    with dg.instance_for_test() as instance:
        asked, why = tick(place.path, "2022-04-03", instance)
        assert asked == [] and MISSING in str(why)
        place.land({"activity-02b.csv": activity(*month("2022-02", 28)[20:], *month("2022-03"), m1=1)})
        ran(place)
        assert tick(place.path, "2022-04-04", instance) == (["2022-04", "2022-03"], None)
        assert tick(place.path, "2022-06-01", instance)[0] == ["2022-04"]
        assert tick(place.path, "2022-07-01", instance)[0] == []


def test_a_confirmed_review_is_not_made_again(place: Place) -> None:
    file_of(place.home, datetime(2022, 2, 1).date()).unlink()
    with dg.instance_for_test() as instance:
        assert tick(place.path, "2022-02-01", instance)[0] == ["2022-02"]
        assert status(["review", str(place.path), "2022-02", "confirm", "--by", "kim"]) == 0
        assert tick(place.path, "2022-02-02", instance) == ([], "the review of 2022-02 is confirmed")


@pytest.mark.parametrize(
    ("how", "is_asked"), [("STARTING", False), ("STARTED", False), ("FAILURE", True), ("CANCELED", True)]
)
def test_a_run_that_is_on_its_way_is_waited_for_and_one_that_failed_is_asked_for_again(
    how: str, is_asked: bool, place: Place
) -> None:
    file_of(place.home, datetime(2022, 2, 1).date()).unlink()
    job = build_defs(home=str(place.path)).resolve_job_def("seat_review")
    with dg.instance_for_test() as instance:
        instance.create_run_for_job(job, status=dg.DagsterRunStatus(how), tags={"dagster/partition": "2022-02"})
        asked, why = tick(place.path, "2022-02-01", instance)
    assert (asked, why) == ((["2022-02"], None) if is_asked else ([], "a run for 2022-02 is on its way"))


def test_a_run_of_another_program_for_that_month_is_not_waited_for(place: Place) -> None:
    file_of(place.home, datetime(2022, 2, 1).date()).unlink()
    with dg.instance_for_test() as instance:
        for name, asked in (("b", ["2022-02"]), ("a", [])):
            tags = {"dagster/partition": "2022-02", CODE_LOCATION_TAG: name}
            instance.add_run(dg.DagsterRun("seat_review", run_id=name, status=dg.DagsterRunStatus.STARTED, tags=tags))
            assert tick(place.path, "2022-02-01", instance, apart=Apart("a"))[0] == asked


def test_while_a_run_is_at_work_or_the_tables_are_of_another_day_it_waits_in_words(place: Place) -> None:
    file_of(place.home, datetime(2022, 2, 1).date()).unlink()
    writer = READER.replace("read_only=True", "read_only=False")
    assert writer != READER
    with dg.instance_for_test() as instance:
        with other_process(writer, str(place.home.warehouse), "600") as process:
            asked, why = tick(place.path, "2022-02-01", instance)
            assert asked == [] and f"process {process.pid}" in str(why) and str(why).endswith("tried again tomorrow")
            process.kill()
        day = datetime(2022, 2, 3).date()
        with connect(place.home.warehouse) as con:
            write_settings(con, place.program(), day)
            generation.mark_settled(con, place.home, place.program(), day)
        assert tick(place.path, "2022-02-01", instance) == (
            [], "the tables are as of 2022-02-03, as `--as-of` asked, until the next run",
        )  # fmt: skip


def test_homes_that_have_nothing_yet_are_said_in_words(tmp_path: Path) -> None:
    with dg.instance_for_test() as instance:
        assert tick("", "2022-03-01", instance) == ([], "FELLOWSHIP_HOME is not set")
        place = fellowship(tmp_path / "home", timezone="Asia/Seoul")
        no_tables = "there are no tables yet: the job `refresh` makes them; tried again tomorrow"
        assert tick(place.path, "2022-03-01", instance) == ([], no_tables)
        nothing = "no rule is for 2022-01 or a month before, as program.yaml was when this was loaded"
        assert tick(place.path, "2022-01-31", instance) == ([], nothing)
        place.home.program_file.write_text("timezone: Mars\n")
        asked, why = tick(place.path, "2022-03-01", instance)
        assert asked == [] and "program.yaml" in str(why)


def test_the_month_is_that_of_the_programs_time_zone(place: Place) -> None:
    file_of(place.home, datetime(2022, 2, 1).date()).unlink()
    with dg.instance_for_test() as instance:
        assert tick(place.path, "2022-01-31", instance, hour=23)[0] == []
        assert tick(place.path, "2022-02-01", instance, hour=0)[0] == ["2022-02"]


@pytest.mark.xdist_group("run")
def test_the_scheduler_launches_one_run_of_that_month(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the daemon has it: nothing before the month is over, then one run, and not another each morning."""
    file_of(place.home, datetime(2022, 2, 1).date()).unlink()
    place.home.program_file.write_text(place.home.program_file.read_text() + "schedules: {start: true}\n")
    monkeypatch.setenv(HOME_VARIABLE, str(place.path))
    place.home.dagster.mkdir()
    launched = []
    with (
        dg.DagsterInstance.local_temp(str(place.home.dagster), overrides=LAUNCHER | QUIET) as instance,
        create_test_daemon_workspace_context(TARGET, instance) as daemon,
    ):
        for day in (30, 31, 32, 33, 35):
            tick_of_all(daemon, datetime(2022, 1, 1, 12, tzinfo=UTC) + timedelta(days=day - 1))
            runs = instance.get_runs(dg.RunsFilter(job_name="seat_review"))
            launched.append([run.tags["dagster/partition"] for run in runs])
    assert launched == [[], [], ["2022-02"], ["2022-02"], ["2022-02"]]
