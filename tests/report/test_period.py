"""Which terms have a report, and which rows belong to one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import Release
from fellowship_pipeline.report.period import Period, file_stem, periods, within
from tests.dashboard import synthetic

TERMS = [
    {"id": "year-1", "from": "2021-08-01", "to": "2022-07-31"},
    {"id": "year-2", "from": "2022-08-01", "to": "2023-07-30"},
    {"id": "year-3", "from": "2023-07-31", "to": "2024-07-30"},
]


def program(terms: list[dict[str, Any]]) -> Program:
    return synthetic.program(terms=terms)


def test_every_term_that_is_over_has_one_the_latest_first(release: Release) -> None:
    found = periods(release, program(TERMS))
    assert [(one.term.id if one.term else None, one.before and one.before.id, one.is_latest) for one in found] == [
        ("year-2", "year-1", True),
        ("year-1", None, False),
    ]
    assert [file_stem(one) for one in found] == ["report", "report-year-1"]
    assert found[0].days == 364


def test_before_the_first_term_is_over_there_is_the_program_so_far(release: Release) -> None:
    for terms in ([], TERMS[2:]):
        (one,) = periods(release, program(terms))
        assert (one.first, one.last, one.term, file_stem(one)) == (synthetic.START, synthetic.AS_OF, None, "report")


@pytest.mark.parametrize("name", ["../up", "a b", "1기 <b>", "a/b", "a-b"])
def test_names_of_terms_make_names_of_files_that_are_told_apart(release: Release, name: str) -> None:
    other = program([{"id": "a-b", "from": "2021-08-01", "to": "2022-01-31"}, *TERMS[1:2]])
    taken = file_stem(periods(release, other)[1])
    (_, one) = periods(release, program([{"id": name, "from": "2021-08-01", "to": "2022-01-31"}, *TERMS[1:2]]))
    assert set(file_stem(one)) & set("/ <>") == set()
    assert ".." not in file_stem(one)
    assert (file_stem(one) == taken) == (name == "a-b")


def test_a_release_cut_to_a_term_has_its_days_its_months_and_its_surveys(release: Release) -> None:
    second, first = periods(release, program(TERMS))
    cut = within(release, second)
    assert cut.as_of == date(2023, 7, 30)
    days, months = cut.frames["engagement"]["day"], cut.frames["seats"]["month"]
    assert (days.min().date(), days.max().date()) == (date(2022, 8, 1), date(2023, 7, 30))
    assert (months.min().date(), months.max().date()) == (date(2022, 8, 1), date(2023, 6, 1))
    assert set(cut.frames["survey"]["survey"]) == {"year-2"}
    assert set(within(release, first).frames["survey"]["survey"]) == {"year-1"}
    assert cut.frames["courses"].equals(release.frames["courses"])
    for name, frame in cut.frames.items():
        assert frame.index.equals(cut.labels[name].index)


def test_without_terms_nothing_is_cut(release: Release) -> None:
    whole = Period(synthetic.START, synthetic.AS_OF)
    cut = within(release, whole)
    assert {name: len(frame) for name, frame in cut.frames.items()} == {
        name: len(frame) for name, frame in release.frames.items()
    }


def test_a_withheld_row_keeps_its_label_where_rows_before_it_go(release: Release) -> None:
    second = periods(release, program(TERMS))[0]
    cut, whole = within(release, second), release
    of_group = whole.frames["engagement"]["suppressed"] & whole.frames["engagement"]["day"].between(
        "2022-08-01", "2023-07-30"
    )
    assert of_group.any()
    assert (
        cut.labels["engagement"].loc[cut.frames["engagement"]["suppressed"], "holders"].tolist()
        == whole.labels["engagement"].loc[of_group, "holders"].tolist()
    )


@pytest.mark.parametrize(
    ("first", "last", "months", "reviews"),
    [
        ("2022-08-01", "2023-07-31", ("2022-08", "2023-07"), ("2022-08", "2023-07")),
        ("2022-08-02", "2023-07-30", ("2022-09", "2023-06"), ("2022-09", "2023-07")),
        ("2022-03-01", "2022-03-31", ("2022-03", "2022-03"), ("2022-03", "2022-03")),
    ],
)
def test_months_are_those_wholly_in_the_term_and_a_review_is_of_the_month_it_is_named_by(
    release: Release, first: str, last: str, months: tuple[str, str], reviews: tuple[str, str]
) -> None:
    cut = within(release, Period(date.fromisoformat(first), date.fromisoformat(last)))
    held, judged = cut.frames["seats"]["month"], cut.frames["review_summary"]["review_month"]
    assert (f"{held.min():%Y-%m}", f"{held.max():%Y-%m}") == months
    assert (f"{judged.min():%Y-%m}", f"{judged.max():%Y-%m}") == reviews


def test_a_term_that_ends_today_has_the_month_as_far_as_it_is_known(release: Release) -> None:
    early = replace(release, as_of=date(2023, 7, 20))
    cut = within(early, Period(date(2022, 8, 1), date(2023, 7, 20)))
    assert cut.frames["seats"]["month"].max().date() == date(2023, 7, 1)


def test_the_review_at_the_start_of_the_month_after_is_the_next_term_s(release: Release) -> None:
    rows = synthetic.tables()
    rows["review_summary"].append(rows["review_summary"][-1] | {"review_month": date(2023, 8, 1)})
    cut = within(synthetic.release(rows), Period(date(2022, 8, 1), synthetic.AS_OF))
    assert cut.frames["review_summary"]["review_month"].max().date() == date(2023, 7, 1)
