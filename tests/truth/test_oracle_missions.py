"""The oracle on missions, selection and outcomes against figures worked out by hand from the KPI dictionary."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from .by_hand import case, one
from .oracle import Tables, evaluate
from .oracle_staging import TextRow

COHORT = "2023"
DUE = "2023-11-26"


def mission(name: str = "m1", due: str = DUE, **needed: str) -> TextRow:
    row = {"cohort": COHORT, "mission": name, "due_at": due, "alternative": "A", "target": "", "threshold": ""}
    return {**row, "team_min": "", "team_max": "", "mandatory": "", **needed}


def standing(rank: int, teams: int, at: str = "2023-11-20", **about: str) -> TextRow:
    row = {"competition": "c", "category": "featured", "team": "t", "member": "a", "as_of": at, "board": "public"}
    return {**row, "rank": str(rank), "teams": str(teams), "team_size": "1", **about}


def played(missions: list[TextRow], as_of: date = date(2023, 12, 31), **sources: list[TextRow]) -> Tables:
    settings: dict[str, Any] = {"cohorts": [{"id": COHORT, "starts_on": "2023-09-01", "ends_on": "2023-11-30"}]}
    roster = [{"member": member, "cohort": COHORT} for member in "ab"]
    return evaluate(case(settings, as_of, missions=missions, roster=roster, **sources))


def status(tables: Tables, name: str = "m1") -> str:
    return str(one(tables["core.mission_results"], mission=name, member_id="a")["status"])


TOP_40 = mission(requirement="competition", target="featured", threshold="0.40")
TEAM_20 = mission(
    requirement="competition", target="playground", threshold="0.2", team_min="2", team_max="5", alternative="B"
)


@pytest.mark.parametrize(("rank", "expected"), [(2, "met"), (3, "missed")])
def test_a_rank_share_of_exactly_forty_percent_passes(rank: int, expected: str) -> None:
    assert status(played([TOP_40], competitions=[standing(rank, 5)])) == expected


@pytest.mark.parametrize(("size", "expected"), [("1", "missed"), ("2", "met"), ("5", "met"), ("6", "missed")])
def test_the_playground_takes_a_team_of_two_to_five(size: str, expected: str) -> None:
    row = standing(1, 10, category="playground", team_size=size)
    assert status(played([TOP_40, TEAM_20], competitions=[row])) == expected


def test_a_private_board_after_graduation_undoes_nothing_and_is_late_where_only_it_passes() -> None:
    public, private = standing(289, 1877), standing(283, 1877, "2023-12-20", board="private")
    tables = played([TOP_40], competitions=[public, private])
    result = one(tables["core.mission_results"], member_id="a")
    assert (result["status"], result["met_at"]) == ("met", datetime(2023, 11, 19, 15, tzinfo=UTC))
    shares = {row["board"]: row["best_share"] for row in tables["kpi.competitions"]}
    assert {board: round(float(share), 4) for board, share in shares.items()} == {"public": 0.1540, "private": 0.1508}
    fell = [standing(289, 1877), standing(1500, 1877, "2023-12-20", board="private")]
    assert status(played([TOP_40], competitions=fell)) == "met"
    rose = [standing(1500, 1877), standing(283, 1877, "2023-12-20", board="private")]
    assert status(played([TOP_40], competitions=rose)) == "late"


def test_at_one_time_the_private_board_decides() -> None:
    rows = [standing(1, 10, team="x", board="private"), standing(9, 10, team="y", board="public")]
    assert status(played([TOP_40], competitions=rows)) == "met"


@pytest.mark.fault("I1")
@pytest.mark.parametrize(
    ("due", "at", "expected"),
    [
        (DUE, "2023-11-26T14:59:59.999999Z", "met"),
        (DUE, "2023-11-26T15:00:00Z", "late"),
        ("2023-11-26T12:00", "2023-11-26T12:00:00", "met"),
        ("2023-11-26T12:00", "2023-11-26T12:00:01", "late"),
    ],
)
def test_due_is_inclusive_in_the_program_s_time_zone(due: str, at: str, expected: str) -> None:
    done = [{"member": "a", "course": "x", "completed_at": at}]
    assert status(played([mission(due=due, requirement="course", target="x")], completions=done)) == expected


@pytest.mark.parametrize(("issued", "expected"), [(DUE, "met"), ("2023-11-27", "late")])
def test_a_certificate_on_the_due_date_is_on_time(issued: str, expected: str) -> None:
    rows = [{"member": "a", "certification": "TFDC", "issued_on": issued}]
    needed = mission(requirement="certification", target="TFDC")
    assert status(played([needed], certifications=rows)) == expected


def test_who_is_eliminated_is_in_no_later_mission() -> None:
    days = ("2023-09-30", "2023-10-31", "2023-10-31", "2023-11-30")
    needed = [mission(f"m{n}", day, requirement="course", target=f"c{n}") for n, day in enumerate(days)]
    needed[1]["mandatory"] = "no"
    done = [{"member": "a", "course": f"c{n}", "completed_at": "2023-09-15"} for n in (0, 3)]
    done += [{"member": "b", "course": "c0", "completed_at": "2023-10-01"}]
    rows = {row["mission"]: row for row in played(needed, completions=done)["kpi.missions"]}
    counted = {
        name: [row[c] for c in ("members", "met", "late", "missed", "eliminated", "remaining")]
        for name, row in rows.items()
    }
    assert counted == {
        "m0": [2, 1, 1, 0, 1, 1],
        "m1": [1, 0, 0, 1, 0, 0],
        "m2": [1, 0, 0, 1, 1, 0],
        "m3": [0, 0, 0, 0, 0, 0],
    }
    assert (rows["m0"]["survival_rate"], rows["m3"]["on_time_rate"]) == (Fraction(1, 2), None)


def test_not_due_yet_is_pending_unless_met_before() -> None:
    done = [{"member": "a", "course": "x", "completed_at": "2023-10-01"}]
    needed = [mission(requirement="course", target="x")]
    row = one(played(needed, date(2023, 11, 25), completions=done)["kpi.missions"])
    assert (row["met"], row["pending"], row["missed"], row["remaining"]) == (1, 1, 0, 2)


@pytest.mark.parametrize(("day", "expected"), [("2023-08-31", "missed"), ("2023-09-01", "met")])
def test_amounts_count_from_the_cohort_s_start(day: str, expected: str) -> None:
    rows = [{"member": "a", "occurred_at": at, "xp": "500"} for at in (day, "2023-10-01")]
    assert status(played([mission(requirement="xp", threshold="1000")], activity=rows)) == expected


def test_the_way_from_applying_to_a_place() -> None:
    def applied(who: str, stage: str, result: str, at: str) -> TextRow:
        row = {"applicant": who, "cohort": COHORT, "stage": stage, "result": result}
        return {**row, "decided_at": at, "applied_at": "2023-07-01"}

    applications = [applied(who, "quiz", "passed", "2023-07-11") for who in "abc"]
    applications += [applied("d", "quiz", "failed", "2023-07-11"), applied("a", "accepted", "passed", "2023-08-30")]
    applications += [
        applied("b", "accepted", "pending", "2023-08-30"),
        applied("d", "accepted", "passed", "2023-08-30"),
    ]
    tables = played(
        [mission(requirement="course", target="x")],
        applications=applications,
        completions=[{"member": "a", "course": "x", "completed_at": "2023-11-20"}],
        certifications=[{"member": member, "certification": "TFDC", "issued_on": "2023-11-25"} for member in "ab"],
        outcomes=[{"member": "a", "kind": "job", "occurred_on": "2023-12-20", "organization": "Acme"}],
    )
    found = [(row["stage"], row["passed"], row["median_days"]) for row in tables["kpi.funnel"]]
    assert found == [
        ("quiz", 3, 10),
        ("accepted", 1, 50),
        ("completed", 1, 82),
        ("certified", 1, 5),
        ("placed", 1, 25),
    ]
    placement = one(tables["kpi.outcomes"], kind="placement")
    assert (placement["members"], placement["share"], placement["median_days_from_completion"]) == (1, 1, 20)
    job = one(tables["kpi.outcomes"], kind="job")
    assert (job["members"], job["share"], job["organizations"]) == (1, Fraction(1, 2), 1)
