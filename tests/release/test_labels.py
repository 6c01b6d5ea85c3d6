"""Labels of one or two persons are published as other: rows in, rows out, every figure by hand."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd
import pytest

from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import PUBLISHED, Release
from fellowship_pipeline.release.labels import COLUMNS, DECLARED, PERSONS, persons_by_label, rare_labels, with_other
from tests.release.conftest import ReleaseOf
from tests.release.labeled import add

MARCH = date(2022, 3, 1)
PROGRAM = {"program": {"id": "p"}, "sources": {}}

pytestmark = pytest.mark.fault("H1", "H4")


def in_groups(con: duckdb.DuckDBPyConnection, kind: str = "study_group", **persons: int) -> None:
    for group, count in persons.items():
        for number in range(count):
            add(con, "person_slices", person=f"{group}{number}", slice_by=kind, slice=group)


def adoption(group: str, invited: int, accepted: int) -> tuple[object, ...]:
    kind = "all" if group == "all" else "study_group"
    return MARCH, kind, group, invited, accepted, accepted / invited, max(accepted - 1, 0), 0.9, 3.0


def shown(release: Release, table: str, *columns: str) -> list[tuple[object, ...]]:
    frame = release.frames[table]
    columns = (*columns, "suppressed")
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in frame[[*columns]].itertuples(index=False)]


def test_groups_of_two_are_one_group_that_adds_up(con: duckdb.DuckDBPyConnection, release_of: ReleaseOf) -> None:
    """46 invited: 30 and 10, and three groups of 2 of whom 1, 1 and 2 accepted."""
    in_groups(con, a=30, b=10, duo=2, kim=2, pair=2)
    rows = [("all", 46, 24), ("a", 30, 15), ("b", 10, 5), ("duo", 2, 1), ("kim", 2, 1), ("pair", 2, 2)]
    release = release_of({"adoption": [adoption(*row) for row in rows]}, languages=["en"])
    named = ("slice", "invited", "accepted", "adoption_rate", "median_days_to_accept")
    assert shown(release, "adoption", *named) == [
        ("all", 46, 24, 24 / 46, 3.0, False),
        ("a", 30, 15, 0.5, 3.0, False),
        ("b", 10, 5, 0.5, 3.0, False),
        ("other", 6, 4, 4 / 6, None, False),
    ]


def test_what_is_not_known_of_any_small_group_is_not_known_of_them_together(
    con: duckdb.DuckDBPyConnection, release_of: ReleaseOf
) -> None:
    in_groups(con, a=30, b=10, duo=2, kim=2, pair=2)
    rows = [("all", 46, 24), ("a", 30, 15), ("b", 10, 5), ("duo", 2, 1), ("kim", 2, 1), ("pair", 2, 2)]
    unknown = [(*adoption(*row)[:6], None, None, 3.0) for row in rows]
    release = release_of({"adoption": unknown}, languages=["en"])
    assert shown(release, "adoption", "slice", "invited", "activated")[-1] == ("other", 6, None, False)


def test_one_group_of_two_is_suppressed_without_its_name(con: duckdb.DuckDBPyConnection, release_of: ReleaseOf) -> None:
    in_groups(con, a=30, b=10, kim=2)
    rows = [("all", 42, 21), ("a", 30, 15), ("b", 10, 5), ("kim", 2, 1)]
    release = release_of({"adoption": [adoption(*row) for row in rows]}, languages=["ko"])
    assert [row[0] for row in shown(release, "adoption", "slice")] == ["all", "a", "b", "기타"]
    assert shown(release, "adoption", "slice", "invited")[3] == ("기타", None, True)


def test_three_persons_have_a_name_and_declared_groups_too(
    con: duckdb.DuckDBPyConnection, release_of: ReleaseOf
) -> None:
    in_groups(con, a=30, trio=3)
    in_groups(con, kind="cohort", **{"2021-H2": 1})
    rows = [adoption(*row) for row in (("all", 33, 15), ("a", 30, 15), ("trio", 3, 1))]
    rows.append((MARCH, "cohort", "2021-H2", 33, 15, 15 / 33, 15, 1.0, 3.0))
    release = release_of({"adoption": rows}, languages=["en"])
    assert [row[0] for row in shown(release, "adoption", "slice")] == ["all", "2021-H2", "a", "trio"]


def test_a_group_that_is_named_other_is_not_mixed_up(con: duckdb.DuckDBPyConnection, release_of: ReleaseOf) -> None:
    in_groups(con, other=30, kim=2)
    rows = [("all", 32, 16), ("kim", 2, 1), ("other", 30, 15)]
    release = release_of({"adoption": [adoption(*row) for row in rows]}, languages=["en"])
    assert [row[0] for row in shown(release, "adoption", "slice")] == ["all", "(other)", "other"]


def test_courses_of_one_person_are_withheld_whatever_they_add_up_to(
    con: duckdb.DuckDBPyConnection, release_of: ReleaseOf
) -> None:
    """Six courses that one person took are six starts, and one person."""
    for number in range(6):
        add(con, "course_starts", member_id="kim", course=f"k{number}")
    for number in range(20):
        add(con, "first_completions", member_id=f"m{number}", course="intro")
    courses = [("intro", None, 20, 10, 0.5, 9.0, 4.0, 10)]
    courses += [(f"k{number}", None, 1, 1, 1.0, 2.0, 7.5, 1) for number in range(6)]
    release = release_of({"courses": courses}, languages=["en"])
    assert shown(release, "courses", "course", "started", "completed", "hours") == [
        ("intro", 20, 10, 4.0, False),
        ("other", None, None, None, True),
    ]


def test_nobody_is_told_how_many_took_the_courses_of_few(con: duckdb.DuckDBPyConnection, release_of: ReleaseOf) -> None:
    """18 starts less 7 are 11: if four were of others, and that were said to be under 5, the rest would be 3 and 4."""
    for course in ("k1", "k2"):
        for member in ("kim", "lee"):
            add(con, "course_starts", member_id=member, course=course)
    numbers = {"c0": 7, "c1": 3, "c2": 4, "k1": 2, "k2": 2}
    courses = [(course, None, count, count - 1, 0.5, 9.0, 4.0, count) for course, count in numbers.items()]
    card = ("course_completion_rate", "Courses", date(2022, 3, 31), "all", "all", 13, 18, 13 / 18, "rate")
    release = release_of({"courses": courses, "scorecard": [card]}, languages=["en"])
    assert [row[1] for row in shown(release, "courses", "course", "started")] == [7, None, None, None]
    assert release.labels["courses"]["started"].to_list() == [None, "<5", "<5", "withheld"]


def test_the_headlines_of_few_are_one_headline(con: duckdb.DuckDBPyConnection, release_of: ReleaseOf) -> None:
    in_groups(con, a=30, duo=2, kim=2, pair=2)
    card = [
        ("engagement_rate", "Engagement", date(2022, 3, 31), kind, group, part, of, part / of, "rate", 0.5, "met")
        for kind, group, part, of in (
            ("all", "all", 20, 36),
            ("study_group", "a", 17, 30),
            ("study_group", "duo", 1, 2),
            ("study_group", "kim", 2, 2),
            ("study_group", "pair", 0, 2),
        )
    ]
    release = release_of({"scorecard": card}, languages=["en"])
    columns = ("slice", "numerator", "denominator", "value", "target", "status")
    assert shown(release, "scorecard", *columns)[-1] == ("other", 3, 6, 0.5, 0.5, None, False)


ROWS: dict[str, tuple[tuple[str, dict[str, object]], ...]] = {
    "pool": (("seat_changes", {"person": "kim", "pool": "Kim"}),),
    "course": (("course_starts", {"member_id": "kim", "course": "Kim"}),),
    "stage": (("application_decisions", {"person": "kim", "stage": "Kim"}),),
    "role": (("applicants", {"person": "kim", "role": "Kim"}),),
    "application_channel": (("applicants", {"person": "kim", "channel": "Kim"}),),
    "outcome": (("member_outcomes", {"member_id": "kim", "kind": "Kim"}),),
    "session": (
        ("session_attendances", {"member_id": "kim", "kind": "Kim"}),
        ("requests", {"member_id": "kim", "kind": "Kim"}),
    ),
    "request_channel": (("requests", {"member_id": "kim", "channel": "Kim"}),) * 3,
    "topic": (("requests", {"member_id": "kim", "topic": "Kim"}),) * 3,
    "mission": (("mission_members", {"member_id": "kim", "mission": "Kim"}),),
    "title": (
        ("missions", {"cohort": "c", "mission": "M1", "title": "Kim"}),
        ("mission_members", {"cohort": "c", "mission": "M1", "member_id": "kim"}),
    ),
    "competition": (("leaderboard_places", {"member_id": "kim", "competition": "Kim"}),),
    "category": (("leaderboard_places", {"member_id": "kim", "category": "Kim"}),),
    **{
        kind: (("person_slices", {"person": "kim", "slice_by": kind, "slice": "Kim"}),)
        for kind in ("cohort", "study_mode", "study_group", "track")
    },
}


@pytest.mark.parametrize(("most", "named"), [(2, []), (7, [("c1", None, True), ("other", None, True)])])
def test_courses_of_few_are_not_what_one_sum_leaves(
    con: duckdb.DuckDBPyConnection, release_of: ReleaseOf, most: int, named: list[tuple[object, ...]]
) -> None:
    """Two of two persons each are all there is, or what 7 leaves of 11: then there is no row, or 7 is not shown."""
    numbers = {"c1": most, "k1": 2, "k2": 2}
    for course in [course for course, count in numbers.items() if count == 2]:
        for member in ("kim", "lee"):
            add(con, "course_starts", member_id=member, course=course)
    courses = [(course, None, count, count - 1, 0.5, 9.0, 4.0, count) for course, count in numbers.items()]
    whole, done = sum(numbers.values()), sum(numbers.values()) - 3
    card = ("course_completion_rate", "Courses", date(2022, 3, 31), "all", "all", done, whole, done / whole, "rate")
    release = release_of({"courses": courses, "scorecard": [card]}, languages=["en"])
    assert shown(release, "courses", "course", "started") == named


@pytest.mark.parametrize("kind", PERSONS)
def test_one_person_is_counted_once_behind_a_label_of_each_kind(con: duckdb.DuckDBPyConnection, kind: str) -> None:
    for table, values in ROWS[kind]:
        add(con, table, **values)
    persons = persons_by_label(con)[kind]
    persons.pop(None, None)  # type: ignore[call-overload]
    assert persons == {"Kim": 1}


LABELS = {
    "seats": {"pool": "Kim"},
    "courses": {"course": "Kim", "track": "Kim"},
    "tracks": {"track": "Kim", "slice_by": "all", "slice": "all"},
    "community": {"kind": "Kim"},
    "support": {"channel": "Kim", "topic": "Kim"},
    "outcomes": {"cohort": "c", "kind": "Kim"},
    "outcome_timeline": {"cohort": "c", "kind": "Kim"},
    "applications": {"cohort": "c", "stage": "Kim"},
    "funnel": {"cohort": "c", "stage": "Kim"},
    "application_channels": {"cohort": "Kim", "role": "Kim", "channel": "Kim"},
    "missions": {"cohort": "c", "mission": "Kim", "title": "Kim"},
    "competitions": {"cohort": "c", "competition": "Kim", "category": "Kim"},
    "terms": {"term": "t", "kpi": "mission_survival_rate", "subject": "Kim"},
    "survey_response": {"survey": "s", "slice_by": "track", "slice": "Kim"},
}


@pytest.mark.parametrize("name", LABELS)
def test_no_table_keeps_the_label(name: str) -> None:
    table = TABLE_BY_KEY[f"kpi.{name}"]
    frame = pd.DataFrame([{column: LABELS[name].get(column) for column in table.column_names}]).astype(object)
    rare = dict.fromkeys(PERSONS, frozenset(["Kim"]))
    assert "Kim" in frame.to_csv()
    assert "Kim" not in with_other(table, frame, rare, "en").to_csv()


def test_what_program_yaml_or_the_house_declares_stays() -> None:
    settings = {
        **PROGRAM,
        "cohorts": [{"id": "c1"}],
        "seats": [{"pool": "p1", "from": "2022-01-01", "capacity": 9}],
        "applications": {"stages": ["interview"]},
        "community": {"kinds": {"builder_meeting": {}}},
    }
    declared = {
        "cohort": {"c1": 1, "c2": 2},
        "pool": {"p1": 1, "p2": 2},
        "stage": {"interview": 1, "tea with Kim": 2},
        "session": {"builder_meeting": 1, "Kim": 2},
        "outcome": {"job": 1, "placement": 1, "astronaut": 2, "employment": 3},
        "topic": {"(none)": 1, "Kim": 2, "three": 3, "nobody": 0},
    }
    assert rare_labels(declared, Program.model_validate(settings), 5) == {
        "cohort": {"c2"},
        "pool": {"p2"},
        "stage": {"tea with Kim"},
        "session": {"Kim"},
        "outcome": {"astronaut"},
        "topic": {"Kim"},
    }


@pytest.mark.parametrize(("minimum", "rare"), [(1, set()), (2, {"one"}), (3, {"one", "two"}), (10, {"one", "two"})])
def test_no_more_persons_are_asked_for_than_a_figure_needs(minimum: int, rare: set[str]) -> None:
    persons = {"topic": {"one": 1, "two": 2, "three": 3}}
    assert rare_labels(persons, Program.model_validate(PROGRAM), minimum) == {"topic": rare}


def test_of_every_published_column_of_text_it_is_known_whose_labels_it_has() -> None:
    texts = [
        f"{table.name}.{column.name}"
        for table in PUBLISHED
        for column in table.columns
        if column.type == "VARCHAR" and not column.values and column.name not in DECLARED
    ]
    assert [name for name in texts if name not in COLUMNS and name.partition(".")[2] not in COLUMNS] == []
