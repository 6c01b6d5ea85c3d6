from __future__ import annotations

from typing import Any

import pytest

from tests.intake.homes import Place

STUDENTS = "mail,team,state\na@x.org,red, Aktiv\nb@x.org,blue,weg\n"
COLUMNS = {"member": "mail", "study_group": "team", "role": "state"}
FATES = "select status, reason from raw.files"


def configure(place: Place, **entry: Any) -> None:
    place.configure({"roster": [{"files": "landing/**/*.csv", "columns": COLUMNS, **entry}]})


def test_values_give_a_column_that_the_file_does_not_have(place: Place) -> None:
    configure(place, values={"cohort": "2026"})
    place.land({"a.csv": STUDENTS})
    assert place.rows("select member, cohort from raw.roster order by 1") == [("a@x.org", "2026"), ("b@x.org", "2026")]


def test_values_decide_over_the_file(place: Place) -> None:
    configure(place, values={"cohort": "2026", "study_group": "green"})
    place.land({"a.csv": STUDENTS})
    assert place.rows("select distinct study_group from raw.roster") == [("green",)]


@pytest.mark.fault("D11")
def test_values_translate_the_words_of_the_file(place: Place) -> None:
    """Compared like headers; a word that is not among them stays, for the contract to reject."""
    configure(place, values={"cohort": "2026", "role": {"aktiv": "learner"}})
    place.land({"a.csv": STUDENTS})
    assert place.rows("select role from raw.roster order by member") == [("learner",), ("weg",)]


def test_values_are_found_in_the_path(place: Place) -> None:
    configure(place, values={"cohort": {"filename": r"(?P<cohort>\d{4})/"}})
    place.land({"2027/a.csv": STUDENTS})
    assert place.rows("select distinct cohort from raw.roster") == [("2027",)]


@pytest.mark.parametrize(("column", "group"), [("joined_on", "month"), ("cohort", "cohort")])
def test_a_part_of_the_path_that_may_be_missing_and_is_does_not_say_it(place: Place, column: str, group: str) -> None:
    configure(place, values={"cohort": "2026", column: {"filename": rf"a(?P<{group}>-\d+)?\."}})
    place.land({"a.csv": STUDENTS})
    assert place.rows(FATES) == [("quarantined", f"its path does not say {column}, which `values` looks for in it")]


@pytest.mark.parametrize(
    ("month", "said"),
    [
        ("2022-02", [("2022-02-28",)]),
        ("202202", [("2022-02-28",)]),
        ("2999-01", [("quarantined", "its path names a month that had not begun when it came")]),
        ("2022-13", [("quarantined", "the month, as a pattern finds it in the path, is no YYYY-MM")]),
    ],
)
def test_a_month_in_the_path_is_its_last_day(place: Place, month: str, said: list[tuple[str, ...]]) -> None:
    configure(place, values={"cohort": "2026", "joined_on": {"filename": r"of-(?P<month>[\d-]+)\."}})
    place.land({f"of-{month}.csv": STUDENTS})
    assert place.rows(FATES if len(said[0]) > 1 else "select distinct joined_on from raw.roster") == said


def test_a_path_that_does_not_say_the_value_is_refused(place: Place) -> None:
    configure(place, values={"cohort": {"filename": r"(?P<cohort>\d{4})/"}})
    place.land({"a.csv": STUDENTS})
    assert place.rows(FATES) == [("quarantined", "its path does not say cohort, which `values` looks for in it")]
