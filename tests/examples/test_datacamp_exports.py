"""The generated exports: the same bytes every time, ``mission.md``'s figures, rules followed, and messy on purpose."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from examples.datacamp_fellowship import review
from examples.datacamp_fellowship.dates import COHORTS, capacity, months, next_month
from examples.datacamp_fellowship.season import Season
from fellowship_pipeline.program import Program, parse_program
from tests.examples.exports import Month, Truth, rows, sheets, whole_facts

EXAMPLE = Path(review.__file__).parent
DAY = timedelta(days=1)
YEAR_1 = "surveys/year-1/펠로우십 1년차 설문(응답) - 설문지 응답 시트1.csv"
YEAR_2 = "surveys/year-2/펠로우십 2년차 설문(응답) - 설문지 응답 시트1.csv"

pytestmark = pytest.mark.xdist_group("datacamp")


@pytest.fixture(scope="module")
def truth(landing: Path) -> Truth:
    return Truth(landing)


@pytest.fixture(scope="module")
def program() -> Program:
    return parse_program((EXAMPLE / "program.yaml").read_bytes())


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_bytes_every_time(landing: Path, tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from examples.datacamp_fellowship.generate import generate; "
    subprocess.run(
        [sys.executable, "-c", code + "generate(Path(sys.argv[1]))", str(tmp_path)],
        check=True,
        cwd=EXAMPLE.parents[1],
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/New_York"},
    )
    assert content(tmp_path) == content(landing)


def test_it_stays_small(landing: Path) -> None:
    assert sum(len(file) for file in content(landing).values()) < 30_000_000


def test_program_and_generator_agree(program: Program) -> None:
    assert {cohort.id: (cohort.starts_on, cohort.ends_on) for cohort in program.cohorts} == COHORTS
    assert [(row.from_, row.capacity) for row in program.seats] == [
        (date(2021, 8, 1), 60),
        (date(2022, 2, 1), 180),
        (date(2023, 1, 1), 150),
    ]
    (leave,) = program.review.exempt.leave
    assert (leave.member, leave.from_, leave.to) == (review.LEAVE, review.LEAVE_FROM, review.LEAVE_TO)
    assert [(rule.id, rule.from_, rule.minimum_xp) for rule in program.review.rules] == [
        ("any-activity", date(2022, 3, 1), None),
        ("xp-1000", date(2022, 9, 1), 1000),
    ]


def test_eleven_builders_ten_groups_twelve_tracks(landing: Path) -> None:
    roster = sheets(landing / "roster")
    assert len({row["member"] for row in roster if row["role"] == "builder"}) == 11
    assert len({row["study_group"] for row in roster if row["study_group"]}) == 10
    catalog = rows(landing / "catalog" / "catalog.csv")
    hours: Counter[str] = Counter()
    for row in catalog:
        hours[row["track"]] += int(row["hours"]) if row["track"] else 0
    del hours[""]
    assert len(hours) == 12
    assert all(90 <= total <= 100 for total in hours.values())
    assert {row["track"] for row in roster} == set(hours)
    assert len({row["course"] for row in catalog}) > 400


def test_group_study_first_individual_study_from_the_second_half_year(landing: Path) -> None:
    modes = {(row["cohort"], row["study_mode"]) for row in sheets(landing / "roster")}
    assert ("2021-H2", "individual") not in modes
    assert {mode for cohort, mode in modes if cohort == "2022-H1"} == {"group", "individual"}
    learners = Counter(row["study_mode"] for row in rows(landing / "roster" / "roster_2021-H2.csv"))
    assert learners["group"] >= 60


def test_builders_were_selected_in_july_2021(landing: Path) -> None:
    chosen = [
        row
        for row in rows(landing / "applications" / "applications_2021-H2.csv")
        if row["role"] == "builder" and row["stage"] == "screening" and row["result"] == "passed"
    ]
    assert len(chosen) == 11
    assert {row["decided_at"][:7] for row in chosen} == {"2021-07"}


def test_some_applicants_wait_at_the_end(landing: Path) -> None:
    latest: dict[str, tuple[str, str]] = {}
    for row in sorted(sheets(landing / "applications"), key=lambda row: row["decided_at"]):
        latest[row["applicant"]] = (row["stage"], row["result"])
    assert list(latest.values()).count(("seat", "pending")) >= 5


def test_seats_are_used_and_never_over_committed(truth: Truth) -> None:
    assert all(taken <= capacity(day) for day, taken in truth.occupied())
    for month in (date(2021, 9, 1), date(2022, 3, 1), date(2022, 12, 1) - DAY, date(2023, 2, 1), date(2023, 8, 31)):
        last = next_month(month) - DAY
        assert len(truth.holders_on(last)) >= 0.95 * capacity(last)
    assert len(truth.holders_on(date(2022, 12, 31))) <= 150


def judged(landing: Path, truth: Truth, reviewed: date) -> list[str]:
    """Who is under the rules: studying alone on the month's last day, no builder, on no leave, not new."""
    last = next_month(reviewed) - DAY
    speaking: dict[str, tuple[date, dict[str, str]]] = {}
    for row in sheets(landing / "roster"):
        joined = date.fromisoformat(row["joined_on"]) if row["joined_on"] else COHORTS[row["cohort"]][0]
        if joined <= last and (row["member"] not in speaking or speaking[row["member"]][0] <= joined):
            speaking[row["member"]] = (joined, row)
    return [
        member
        for member, since in truth.holders_on(last).items()
        if speaking[member][1]["study_mode"] == "individual"
        and speaking[member][1]["role"] == "learner"
        and since < reviewed
        and not (member == review.LEAVE and reviewed <= review.LEAVE_TO and last >= review.LEAVE_FROM)
    ]


@pytest.mark.parametrize("month", [month for month in months() if month >= date(2022, 3, 1)], ids=str)
def test_the_ledger_follows_the_rules(landing: Path, truth: Truth, month: date) -> None:
    reviewed = (month - DAY).replace(day=1)
    done = {member: truth.months.get((member, reviewed), Month()) for member in judged(landing, truth, reviewed)}
    if month < date(2022, 9, 1):
        expected = {member for member, studied in done.items() if not studied.days}
    else:
        expected = {member for member, studied in done.items() if studied.xp < 1000}
    reclaimed = [(at, who) for at, who, event in truth.events if event == "reclaimed" and at.date() >= month]
    carried_out = {who for at, who in reclaimed if at.date() < next_month(month)}
    assert carried_out == expected
    assert all(3 <= at.day <= 5 and at.hour == 12 for at, _ in reclaimed)


@pytest.mark.parametrize("reviewed", [month for month in months() if month >= date(2022, 8, 1)], ids=str)
def test_somebody_sits_on_each_side_of_the_boundary(landing: Path, truth: Truth, reviewed: date) -> None:
    done = [truth.months[member, reviewed].xp for member in judged(landing, truth, reviewed)]
    assert {999, 1000, 1001} <= set(done)


def test_utc_would_decide_otherwise(truth: Truth, season: Season) -> None:
    """In UTC nearly all of those with 1,000 XP have fewer, of those with 999 more."""
    otherwise = []
    for month, member, xp in season.motivation.boundary:
        assert truth.months[member, month].xp == xp
        otherwise.append((truth.months_of_utc[member, month].xp >= 1000) != (xp >= 1000))
    assert len(otherwise) == 13 * 3
    assert otherwise.count(True) >= 30


def test_activity_nearly_every_day_up_to_the_last(truth: Truth) -> None:
    days = sorted({day for month in truth.months.values() for day in month.days})
    assert (days[0], days[-1]) == (date(2021, 8, 1), date(2023, 8, 31))
    assert max(after - before for before, after in pairwise(days)) <= timedelta(days=3)


def answers(landing: Path, form: str) -> dict[str, dict[str, str]]:
    """The last answers of each member."""
    truth = Truth(landing)
    return {truth.members[row["이메일 주소"]]: row for row in rows(landing / form)}


def test_year_1_survey(landing: Path) -> None:
    given = answers(landing, YEAR_1)
    assert len(rows(landing / YEAR_1)) == 34
    assert len(given) == 33
    yes = Counter(question for row in given.values() for question, answer in row.items() if answer == "예")
    assert yes["펠로우십이 취업, 이직, 인턴십에 도움이 되었나요?"] == 8
    assert yes["개인 목표 달성에 도움이 되었나요?"] == 28
    assert yes["프로젝트 수행에 도움이 되었나요?"] == 24
    asked = {
        row["member"] for cohort in ("2021-H2", "2022-H1") for row in rows(landing / f"roster/roster_{cohort}.csv")
    }
    assert len(asked) > 180
    assert set(given) <= asked


def test_year_2_survey(landing: Path) -> None:
    given = answers(landing, YEAR_2)
    assert len(given) == len(rows(landing / YEAR_2)) == 24
    steps = Counter(row["참여 기간에 있었던 취업, 승진을 골라 주세요."] for row in given.values())
    assert steps["인턴십"] + steps["정규직 취업"] + steps["승진"] == 12
    studies = Counter(row["진학한 경우 골라 주세요."] for row in given.values())
    assert studies.most_common(2)[1][0] == "석사 진학"


def test_timestamps_in_the_forms_own_ways(landing: Path) -> None:
    first = [row["타임스탬프"] for row in rows(landing / YEAR_1)]
    assert all(text.startswith("2022/0") and text.endswith(("오전 GMT+9", "오후 GMT+9")) for text in first)
    assert any(" 12:" in text and "오전" in text for text in first)
    assert all(row["타임스탬프"].startswith("2023. 8. ") for row in rows(landing / YEAR_2))


def test_messy_on_purpose(landing: Path) -> None:
    ledger = (landing / "seats-2021" / "좌석대장_2021.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        ledger.decode("utf-8")
    copies = Counter(content(landing / "seats").values())
    assert max(copies.values()) == 2
    assert content(landing / "datacamp" / "latest") == content(landing / "datacamp" / "2023-09-01")
    ordinary = {row["email"].casefold() for row in sheets(landing / "roster")}
    on_platform = {row["email"].casefold() for row in rows(landing / "datacamp" / "latest" / "user_dim.csv")}
    assert len(on_platform - ordinary) > 20


def test_nothing_is_lost_with_the_file_that_was_cut_off(landing: Path) -> None:
    folder = landing / "datacamp"
    name = "learning_exercise_fact.csv"
    cut = folder / "2022-05-21" / name
    assert not cut.read_bytes().endswith(b"\n")
    last = cut.read_text("utf-8").splitlines()[-1]
    elsewhere = (folder / "2022-05-01" / name).read_text("utf-8") + (folder / "2022-06-01" / name).read_text("utf-8")
    assert last.count(",") < 6
    assert last in elsewhere
    known = {
        tuple(row.values()) for other in ("2022-05-01", "2022-06-01") for row in whole_facts(folder / other / name)
    }
    assert all(tuple(row.values()) in known for row in whole_facts(cut) if row["completed_at"])


def test_overlaps_and_late_rows(landing: Path) -> None:
    folder = landing / "datacamp"
    october, december = (
        {(row["user_id"], row["started_at"]) for row in whole_facts(folder / day / "learning_exercise_fact.csv")}
        for day in ("2022-11-01", "2022-12-01")
    )
    assert october & december
    january = whole_facts(folder / "2023-01-01" / "learning_exercise_fact.csv")
    assert any(row["started_at"] < "2022-11" for row in january)
    late = [row["occurred_at"][:7] for row in rows(landing / "seats" / "seat_ledger_2023.csv")]
    on_time = rows(landing / "seats" / "seat_ledger_2022H2.csv")
    assert "2022-11" in late
    assert {row["occurred_at"] for row in on_time} & {
        row["occurred_at"] for row in rows(landing / "seats" / "seat_ledger_2023.csv")
    }
