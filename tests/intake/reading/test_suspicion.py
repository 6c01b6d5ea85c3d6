"""Files that are held because of what an earlier export, the roster or the cohorts say."""

from __future__ import annotations

from typing import Any

import pytest

from tests.intake.homes import Place

pytestmark = pytest.mark.slow

HEADER = "member,occurred_at,xp\n"
FILES = 'select path, status, "rows", reason from raw.files order by path, sha256'
PERIOD = {"filename": r"(?P<from>\d{4}-\d\d-\d\d)_(?P<to>\d{4}-\d\d-\d\d)"}
EXPORTED = {"filename": r"^(?P<date>\d{4}-\d\d-\d\d)/"}
MARCH, FEBRUARY = "2022-03-01_2022-03-31.csv", "2022-02-01_2022-02-28.csv"
FIRST, SECOND, THIRD = "2022-04-01/", "2022-04-02/", "2022-04-03/"


def activity(*rows: tuple[str, int, int]) -> str:
    """An export of XP by member and day of March."""
    return HEADER + "".join(f"{member},2022-03-{day:02},{xp}\n" for member, day, xp in rows)


TEN = [("kim", day, 100) for day in range(1, 9)] + [("lee", 9, 100), ("lee", 10, 100)]
"""Ten rows of two persons, 1,000 XP in all."""


def by_period(place: Place, **entry: Any) -> None:
    place.configure({"activity": [{"files": "landing/*/*.csv", "covers": PERIOD, "exported": EXPORTED, **entry}]})


def statuses(place: Place) -> dict[str, str]:
    return {path.removeprefix("landing/"): status for path, status, _, _ in place.rows(FILES)}


def reason(place: Place, path: str) -> str:
    (found,) = [why for at, status, _, why in place.rows(FILES) if at == "landing/" + path and status == "held"]
    return str(found)


def decide(place: Place, verb: Any, path: str) -> None:
    ((file_id,),) = place.rows(f"select file_id from raw.files where path = 'landing/{path}'")
    place.ledger.decide(verb, file_id)


@pytest.mark.fault("A3")
@pytest.mark.parametrize(("rows", "status"), [(9, "loaded"), (8, "held")])
def test_an_export_cut_between_two_lines_is_held_below_nine_tenths_of_the_rows_before(
    place: Place, rows: int, status: str
) -> None:
    by_period(place)
    # XP stays, so that only the rows are fewer
    kept = [("kim", day, 125) for day in range(1, rows)] + [("lee", 9, 200)]
    place.land({FIRST + MARCH: activity(*TEN), SECOND + MARCH: activity(*kept)})
    assert statuses(place) == {FIRST + MARCH: "loaded", SECOND + MARCH: status}
    if status == "held":
        assert reason(place, SECOND + MARCH) == (
            "8 rows, fewer than 90 % of the 10 in the export of 2022-04-01; accept it if that is right"
        )


@pytest.mark.fault("D2")
@pytest.mark.parametrize(("xp", "status"), [(50, "loaded"), (49, "held")])
def test_a_total_that_fell_by_more_than_a_twentieth_is_held(place: Place, xp: int, status: str) -> None:
    by_period(place)
    place.land({FIRST + MARCH: activity(*TEN), SECOND + MARCH: activity(("kim", 1, xp), *TEN[1:])})
    assert statuses(place)[SECOND + MARCH] == status
    if status == "held":
        assert "decreased: XP in all are 5.1% less" in reason(place, SECOND + MARCH)


@pytest.mark.fault("D2")
def test_a_person_whose_xp_is_gone_is_a_reason_to_hold(place: Place) -> None:
    by_period(place)
    lee = [("lee", 1, 1), *TEN[:8]]
    place.land({FIRST + MARCH: activity(*lee), SECOND + MARCH: activity(("lee", 1, 0), *TEN[:8])})
    assert reason(place, SECOND + MARCH) == (
        "no XP of 1 persons who had some in the export of 2022-04-01; accept it if that is right"
    )


def test_a_person_of_another_name_has_what_the_person_had(place: Place) -> None:
    entry = {"files": "landing/*/*.csv", "covers": PERIOD, "exported": EXPORTED}
    place.configure({"roster": [{"files": "landing/roster.csv"}], "activity": [entry]})
    place.land({"roster.csv": "member,cohort,email\nlee,c,lee@x.org\nkim,c,kim@x.org\n"})
    renamed = [("LEE@x.org" if member == "lee" else "Kim@x.org", *rest) for member, *rest in TEN]
    place.land({FIRST + MARCH: activity(*TEN), SECOND + MARCH: activity(*renamed)})
    assert statuses(place)[SECOND + MARCH] == "loaded"
    place.land({THIRD + MARCH: activity(*((name, day, 0 if "LEE" in name else 125) for name, day, _ in renamed))})
    assert reason(place, THIRD + MARCH) == (
        "no XP of 1 persons who had some in the export of 2022-04-02; accept it if that is right"
    )


def test_a_held_file_leaves_nothing_but_its_line_and_is_in_the_ledger(place: Place) -> None:
    by_period(place)
    broken = activity(("kim", 1, 100)) + "lee,2022-03-02\n"
    place.land({FIRST + MARCH: activity(*TEN), SECOND + MARCH: broken + "kim,2022-03-03,1\n"})
    with place.read() as con:
        assert con.execute("select count(*), min(_file_id) = max(_file_id) from raw.activity").fetchall() == [
            (10, True)
        ]
        assert con.execute("select count(*) from raw.rejects").fetchall() == [(0,)]
        counts = "select \"rows\", ignored, superseded from raw.files where status = 'held'"
        assert con.execute(counts).fetchall() == [(0, 0, 0)]
    (listed,) = [file for file in place.ledger.state().listed() if file.status == "held"]
    assert (listed.path, listed.rows) == ("landing/" + SECOND + MARCH, 0)
    assert listed.reason == reason(place, SECOND + MARCH)


def test_an_accepted_file_is_believed_and_what_comes_later_is_compared_with_it(place: Place) -> None:
    by_period(place)
    place.land({FIRST + MARCH: activity(*TEN), SECOND + MARCH: activity(*TEN[:5])})
    assert statuses(place)[SECOND + MARCH] == "held"
    decide(place, "accept", SECOND + MARCH)
    assert statuses(place)[SECOND + MARCH] == "loaded"
    place.land({THIRD + MARCH: activity(*TEN[:5], ("kim", 30, 1))})
    assert statuses(place)[THIRD + MARCH] == "loaded"


def test_a_held_file_is_nothing_to_compare_with(place: Place) -> None:
    by_period(place)
    place.land({FIRST + MARCH: activity(*TEN), SECOND + MARCH: activity(*TEN[:5])})
    place.land({THIRD + MARCH: activity(*TEN[:6])})
    assert statuses(place) == {FIRST + MARCH: "loaded", SECOND + MARCH: "held", THIRD + MARCH: "held"}
    assert "fewer than 90 % of the 10" in reason(place, THIRD + MARCH)


@pytest.mark.fault("E5")
def test_earlier_is_by_export_time_and_not_by_arrival(place: Place) -> None:
    by_period(place)
    place.land({SECOND + MARCH: activity(*TEN)})
    assert statuses(place) == {SECOND + MARCH: "loaded"}
    place.land({FIRST + MARCH: activity(*TEN[:5])})
    assert statuses(place) == {FIRST + MARCH: "loaded", SECOND + MARCH: "loaded"}


def test_only_exports_of_one_declared_period_are_compared(place: Place) -> None:
    by_period(place)
    place.land({FIRST + MARCH: activity(*TEN), SECOND + FEBRUARY: HEADER + "kim,2022-02-01,1\n"})
    place.land({SECOND + "other.csv": activity(("kim", 1, 1))})
    assert set(statuses(place).values()) == {"loaded"}


def test_entries_that_declare_no_period_are_not_compared(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*/*.csv", "exported": EXPORTED}]})
    place.land({FIRST + "a.csv": activity(*TEN), SECOND + "b.csv": activity(("kim", 1, 1))})
    assert set(statuses(place).values()) == {"loaded"}


def test_parts_of_one_export_are_not_versions_of_each_other(place: Place) -> None:
    by_period(place)
    place.land({FIRST + MARCH: activity(*TEN), SECOND + MARCH: activity(("park", 1, 1))})
    assert set(statuses(place).values()) == {"loaded"}


@pytest.mark.parametrize(("day", "status"), [(1, "held"), (2, "loaded")])
def test_exports_up_to_their_day_are_compared_where_they_begin_on_one_day(place: Place, day: int, status: str) -> None:
    by_period(place, covers="export")
    place.land({FIRST + "a.csv": activity(*TEN), SECOND + "a.csv": activity(("kim", day, 1000), ("lee", 9, 200))})
    assert statuses(place)[SECOND + "a.csv"] == status


def test_exports_of_totals_are_compared_whatever_they_cover(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*/*.csv", "exported": EXPORTED, "cumulative": True}]})
    place.land({FIRST + "a.csv": activity(*TEN), SECOND + "a.csv": activity(*TEN[:5])})
    assert statuses(place)[SECOND + "a.csv"] == "held"


@pytest.mark.fault("A10")
def test_the_same_name_with_other_content_is_a_correction_or_held(place: Place) -> None:
    by_period(place, exported=None)
    place.land({MARCH: activity(*TEN)})
    place.configure({"activity": [{"files": "landing/*.csv", "covers": PERIOD}]})
    place.take_in()
    place.land({MARCH: activity(("kim", 1, 101), *TEN[1:], ("lee", 11, 1))})
    assert sorted(status for _, status, _, _ in place.rows(FILES)) == ["loaded", "superseded"]
    place.land({MARCH: activity(("kim", 20, 1), ("lee", 21, 1))})
    assert sorted(status for _, status, _, _ in place.rows(FILES)) == ["held", "loaded", "superseded"]
    assert len({content.sha256 for content in place.ledger.state().contents.values()}) == 3


ROSTER = "member,cohort,email\n" + "".join(f"m{n},c1,P{n}@Example.org\n" for n in range(10))
COHORTS = [{"id": "c1", "starts_on": "2022-03-01", "ends_on": "2022-03-31"}]


def names(known: int, strangers: int, day: str = "2022-03-05") -> str:
    """A row of each: members by e-mail and by id, then others."""
    people = [f"p{n}@example.org" if n % 2 else f"m{n}" for n in range(known)] + [f"s{n}" for n in range(strangers)]
    return HEADER + "".join(f"{name},{day},1\n" for name in people)


@pytest.mark.fault("D13")
@pytest.mark.parametrize(
    ("known", "strangers", "status"), [(10, 10, "loaded"), (9, 11, "held"), (1, 18, "loaded"), (0, 20, "held")]
)
def test_an_export_of_another_program_is_held(place: Place, known: int, strangers: int, status: str) -> None:
    place.configure({"activity": [{"files": "landing/a*.csv"}], "roster": [{"files": "landing/r*.csv"}]})
    place.land({"a.csv": names(known, strangers), "r.csv": ROSTER})
    assert statuses(place)["a.csv"] == status
    if status == "held":
        assert reason(place, "a.csv") == (
            f"does not look like this program's: roster and aliases know {known} of its 20 names, fewer than half;"
            " accept it if it is"
        )
        decide(place, "accept", "a.csv")
        assert statuses(place)["a.csv"] == "loaded"


@pytest.mark.fault("D13")
def test_an_export_of_another_year_is_held(place: Place) -> None:
    sources = {"activity": [{"files": "landing/a*.csv"}], "completions": [{"files": "landing/c*.csv"}]}
    place.configure(sources, cohorts=COHORTS)
    rows = names(0, 20).splitlines(keepends=True)
    half = [row.replace("2022-03", "2021-03") for row in rows[1:12]]
    completed = "member,course,completed_at\n" + "".join(f"s{n},R,2023-03-0{n % 9 + 1}\n" for n in range(20))
    place.land({"a1.csv": "".join(rows), "a2.csv": "".join(half + rows[12:]).join([HEADER, ""]), "c.csv": completed})
    assert statuses(place) == {"a1.csv": "loaded", "a2.csv": "held", "c.csv": "held"}
    assert "9 of its 20 rows are dated within a cohort" in reason(place, "a2.csv")


def test_a_program_that_knows_nobody_or_has_a_cohort_without_bounds_doubts_nothing(place: Place) -> None:
    cohorts = [*COHORTS, {"id": "c2", "starts_on": "2022-04-01"}]
    sources = {"activity": [{"files": "landing/a*.csv"}], "roster": [{"files": "landing/r*.csv"}]}
    place.configure(sources, cohorts=cohorts)
    place.land({"a.csv": names(0, 30, "2019-01-01")})
    assert statuses(place) == {"a.csv": "loaded"}
