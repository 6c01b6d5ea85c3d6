from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from fellowship_pipeline.contracts import SOURCES
from fellowship_pipeline.intake.staging import stage

from .staging_home import Landing, landing, program, required

pytestmark = pytest.mark.slow


def learned(day: str, xp: int | None = None, **values: Any) -> dict[str, Any]:
    return {"member": "m1", "occurred_at": day, "xp": None if xp is None else str(xp), **values}


def joined(study_group: str, **values: Any) -> dict[str, Any]:
    return {"member": "m1", "cohort": "c1", "study_group": study_group, **values}


def activity(raw: Landing) -> list[tuple[Any, ...]]:
    stage(raw.con, program("activity"))
    return raw.rows("staging.activity", "occurred_at", "xp", "_file_id", "_row")


def restated(raw: Landing) -> dict[str, int]:
    return dict(raw.con.execute("select file_id, restated from raw.files where restated > 0").fetchall())


def test_of_one_key_the_later_export_decides_and_gives_all_its_rows() -> None:
    with landing() as raw:
        # b is the later export: its latest instant is on the 3rd
        raw.file("activity", "a", learned("2022-01-01", 1), learned("2022-01-02", 10), learned("2022-01-02", 10))
        raw.file("activity", "b", learned("2022-01-02", 10), learned("2022-01-02", 7), learned("2022-01-03", 3))
        assert activity(raw) == [
            (datetime(2021, 12, 31, 15), Decimal(1), "a", 1),
            (datetime(2022, 1, 1, 15), Decimal(7), "b", 2),
            (datetime(2022, 1, 1, 15), Decimal(10), "b", 1),
            (datetime(2022, 1, 2, 15), Decimal(3), "b", 3),
        ]
        assert raw.fates("activity") == {"a": (3, 1, 0, 2, 0), "b": (3, 3, 0, 0, 0)}
        assert restated(raw) == {}


def test_a_record_replaced_by_other_values_is_restated() -> None:
    with landing() as raw:
        raw.file("activity", "a", learned("2022-01-01", 1), learned("2022-01-02", 10))
        raw.file("activity", "b", learned("2022-01-01", 1), learned("2022-01-02", 11), learned("2022-01-03", 3))
        assert [row[1] for row in activity(raw)] == [1, 11, 3]
        assert restated(raw) == {"b": 1}


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_the_order_of_arrival_does_not_matter(order: tuple[str, ...]) -> None:
    files = {
        "a": [learned("2022-01-01", 1), learned("2022-01-02", 2), learned("2022-01-03", 3)],
        "b": [learned("2022-01-02", 20), learned("2022-01-03", 30), learned("2022-01-04", 40)],
        "c": [learned("2022-01-03", 300), learned("2022-01-05", 500)],
    }
    with landing() as raw:
        for name in order:
            raw.file("activity", name, *files[name])
        assert [row[1:3] for row in activity(raw)] == [(1, "a"), (20, "b"), (300, "c"), (40, "b"), (500, "c")]
        assert raw.fates("activity") == {"a": (3, 1, 0, 2, 0), "b": (3, 2, 0, 1, 0), "c": (2, 2, 0, 0, 0)}
        assert restated(raw) == {"b": 1, "c": 2}


def test_a_declared_export_time_stands_before_the_latest_instant() -> None:
    with landing() as raw:
        raw.file("activity", "a", learned("2022-01-01", 1), exported_at=datetime(2022, 3, 1))
        raw.file("activity", "b", learned("2022-01-01", 2), learned("2022-02-01", 3))
        assert [row[1:3] for row in activity(raw)] == [(1, "a"), (3, "b")]
        assert dict(raw.rows("raw.files", "file_id", "exported_at")) == {
            "a": datetime(2022, 3, 1),
            "b": datetime(2022, 1, 31, 15),
        }


def test_equal_export_times_are_decided_by_the_greater_sha256() -> None:
    with landing() as raw:
        raw.file("activity", "a", learned("2022-01-01", 1), sha256="ff")
        raw.file("activity", "b", learned("2022-01-01", 2), sha256="0f")
        assert [row[2] for row in activity(raw)] == ["a"]


def test_a_broken_row_makes_no_export_later_and_replaces_nothing() -> None:
    with landing() as raw:
        raw.file("activity", "a", learned("2022-01-01", 1), learned("2022-02-01", 2))
        raw.file("activity", "b", learned("2022-01-01", 5), {**learned("2022-03-01"), "xp": "many"})
        assert [row[1:3] for row in activity(raw)] == [(1, "a"), (2, "a")]
        assert raw.fates("activity") == {"a": (2, 2, 0, 0, 0), "b": (2, 0, 1, 1, 0)}


def test_instants_are_compared_and_missing_parts_of_a_key_are_equal() -> None:
    with landing() as raw:
        raw.file("activity", "a", learned("2022-01-02T00:30", 1, course=" ", kind="exercise"))
        raw.file(
            "activity",
            "b",
            learned("2022-01-01T15:30Z", 2, kind=" exercise"),
            learned("2022-01-03", 3, kind="exercise"),
        )
        assert [row[1:3] for row in activity(raw)] == [(2, "b"), (3, "b")]


ANN = (
    {"member": "m1", "cohort": "c1", "email": "ann@x.org"},
    {"member": "m2", "cohort": "c1", "email": "bo@x.org"},
)
ALIASES = (
    {"member": "m1", "kind": "email", "value": "old@x.org"},
    {"member": "m1", "kind": "kaggle", "value": "ann-k"},
)


def known(raw: Landing) -> None:
    raw.file("roster", "r", *ANN)
    raw.file("aliases", "l", *ALIASES)


@pytest.mark.fault("S0")
@pytest.mark.parametrize("name", ["m1", "ann@x.org", "ANN@X.org", "old@x.org", "Old@x.org", "ann-k"])
def test_the_member_of_a_key_is_who_the_name_resolves_to(name: str) -> None:
    with landing() as raw:
        known(raw)
        raw.file("activity", "a", learned("2022-01-01", 1), learned("2022-01-01", 1), learned("2022-01-02", 2))
        raw.file("activity", "b", learned("2022-01-01", 1, member=name), learned("2022-01-03", 3, member=name))
        stage(raw.con, program("roster", "aliases", "activity"))
        assert raw.rows("staging.activity", "occurred_at", "member", "member_id", "xp", "_file_id") == [
            (datetime(2021, 12, 31, 15), name, "m1", Decimal(1), "b"),
            (datetime(2022, 1, 1, 15), "m1", "m1", Decimal(2), "a"),
            (datetime(2022, 1, 2, 15), name, "m1", Decimal(3), "b"),
        ]
        assert raw.fates("activity") == {"a": (3, 1, 0, 2, 0), "b": (2, 2, 0, 0, 0)}
        assert restated(raw) == {}  # another name is no other value


def test_a_name_of_nobody_stands_for_itself_and_is_no_member_who_is_called_so() -> None:
    with landing() as raw:
        raw.file("roster", "r", {"member": "some", "cohort": "c1"})
        names = ("Some", "Gone@x.org", "Jose\u0301", "Kim")
        raw.file("activity", "a", *(learned("2022-01-01", 1, member=name) for name in ("some", *names)))
        others = ("gone@X.org", "Jos\u00e9", "kim")
        raw.file("activity", "b", *(learned("2022-01-01", 2, member=name) for name in others), learned("2022-01-02", 3))
        stage(raw.con, program("roster", "activity"))
        assert raw.rows("staging.activity", "member", "member_id", "xp") == [
            ("Jos\u00e9", None, Decimal(2)),
            ("Kim", None, Decimal(1)),
            ("Some", None, Decimal(1)),
            ("gone@X.org", None, Decimal(2)),
            ("kim", None, Decimal(2)),
            ("m1", None, Decimal(3)),
            ("some", "some", Decimal(1)),
        ]


def test_where_nobody_is_known_an_address_with_a_capital_is_still_one_in_a_key() -> None:
    with landing() as raw:
        raw.file("activity", "a", learned("2022-01-01", 1, member="Ann@x.org"), learned("2022-01-01", 1, member="M1"))
        raw.file("activity", "b", learned("2022-01-01", 2, member="ann@X.org"), learned("2022-01-02", 3))
        assert [row[1] for row in activity(raw)] == [1, 2, 3]


def test_of_one_file_the_last_row_of_a_person_wins_under_whatever_name() -> None:
    with landing() as raw:
        known(raw)
        names = ("m1", "bo@x.org", "old@x.org", "m2", "ANN@x.org", "stranger", "stranger")
        raw.file(
            "completions", "c", *(required("completions", member=name, score=str(n)) for n, name in enumerate(names))
        )
        raw.file(
            "applications", "p", *(required("applications", applicant=name) for name in ("new@x.org", "New@x.org"))
        )
        stage(raw.con, program("roster", "aliases", "completions", "applications"))
        assert raw.rows("staging.completions", "member", "member_id", "score") == [
            ("ANN@x.org", "m1", 4.0),
            ("m2", "m2", 3.0),
            ("stranger", None, 6.0),
        ]
        assert raw.rows("staging.applications", "applicant", "member_id") == [("New@x.org", None)]
        assert raw.fates("completions") == {"c": (7, 3, 0, 4, 0)}


def test_aliases_of_one_person_under_two_names_are_one_line() -> None:
    with landing() as raw:
        raw.file("roster", "r", *ANN)
        raw.file("aliases", "a", {"member": "m1", "kind": "kaggle", "value": "k"})
        raw.file("aliases", "b", {"member": "Ann@x.org", "kind": "kaggle", "value": "k"})
        stage(raw.con, program("roster", "aliases"))
        assert raw.rows("staging.aliases", "member", "member_id", "_file_id") == [("Ann@x.org", "m1", "b")]


def test_a_fact_that_a_later_export_has_again_counts_once_even_with_another_key() -> None:
    with landing() as raw:
        raw.file("activity", "a", learned("2022-01-01", 1, _fact="f1"), learned("2022-01-01T10:00", 2, _fact="f2"))
        raw.file("activity", "b", learned("2022-01-03", 3, _fact="f1"), learned("2022-01-04", 4, _fact="f3"))
        assert [row[1:3] for row in activity(raw)] == [(2, "a"), (3, "b"), (4, "b")]
        assert raw.fates("activity") == {"a": (2, 1, 0, 1, 0), "b": (2, 2, 0, 0, 0)}
        assert restated(raw) == {"b": 1}


def test_a_replaced_fact_does_not_decide_over_its_old_key() -> None:
    with landing() as raw:
        # b moves its fact off the key of a's row, so that a's row counts again
        raw.file("activity", "a", learned("2022-01-01", 1))
        raw.file("activity", "b", learned("2022-01-01", 2, _fact="f1"), learned("2022-01-02", 9))
        raw.file("activity", "c", learned("2022-01-03", 3, _fact="f1"))
        assert [row[1:3] for row in activity(raw)] == [(1, "a"), (9, "b"), (3, "c")]


def test_elsewhere_a_key_counts_once_the_last_row_of_the_file_winning() -> None:
    with landing() as raw:
        raw.file("roster", "a", joined("g1"), joined("g2"), joined("g3", joined_on="2022-01-01"), joined("g4"))
        stage(raw.con, program("roster"))
        assert raw.rows("staging.roster", "study_group", "_row") == [("g3", 3), ("g4", 4)]
        assert raw.fates("roster") == {"a": (4, 2, 0, 2, 0)}
        assert restated(raw) == {}


def test_without_instants_the_greater_sha256_decides_and_a_declared_time_over_it() -> None:
    with landing() as raw:
        raw.file("roster", "a", joined("g1"), sha256="aa")
        raw.file("roster", "b", joined("g2"), sha256="bb")
        stage(raw.con, program("roster"))
        assert raw.rows("staging.roster", "study_group", "_file_id") == [("g2", "b")]
        assert restated(raw) == {"b": 1}
        raw.file("roster", "c", joined("g3"), sha256="00", exported_at=datetime(2020, 1, 1))
        stage(raw.con, program("roster"))
        assert raw.rows("staging.roster", "study_group", "_file_id") == [("g3", "c")]


def test_a_due_date_counts_as_its_midnight_when_exports_are_ordered() -> None:
    with landing() as raw:
        mission = required("missions", threshold="1")
        raw.file("missions", "a", {**mission, "due_at": "2022-01-01"}, sha256="bb")
        raw.file("missions", "b", {**mission, "due_at": "2022-01-01T12:00"}, sha256="aa")
        stage(raw.con, program("missions"))
        assert raw.rows("staging.missions", "_file_id") == [("b",)]


def test_pools_left_out_and_written_out_are_one_key() -> None:
    seats = "seats: [{pool: datacamp, from: 2021-08-01, capacity: 60}]"
    with landing() as raw:
        event = {"member": "m1", "event": "invited", "occurred_at": "2022-01-01"}
        raw.file("seat_events", "a", event, {**event, "pool": "datacamp"})
        stage(raw.con, program("seat_events", extra=seats))
        assert raw.rows("staging.seat_events", "pool", "_row") == [("datacamp", 2)]


def test_of_one_record_the_last_row_of_a_key_wins() -> None:
    with landing() as raw:
        answers = [required("survey_responses", member=member, _row=1) for member in ("m1", "m2")]
        raw.file("survey_responses", "a", *answers)
        stage(raw.con, program("survey_responses"))
        assert raw.rows("staging.survey_responses", "member") == [("m2",)]
        assert raw.fates("survey_responses") == {"a": (1, 1, 0, 0, 0)}


@pytest.mark.parametrize("source", [source.name for source in SOURCES])
def test_the_same_rows_in_two_exports_count_once(source: str) -> None:
    with landing() as raw:
        raw.file(source, "a", required(source))
        raw.file(source, "b", required(source))
        stage(raw.con, program(source))
        assert raw.rows(f"staging.{source}", "_file_id", "_row") == [("b", 1)]
        assert raw.fates(source) == {"a": (1, 0, 0, 1, 0), "b": (1, 1, 0, 0, 0)}
        assert restated(raw) == {}


@pytest.mark.parametrize("source", [source.name for source in SOURCES if source.name != "activity"])
def test_each_part_of_a_natural_key_tells_rows_apart(source: str) -> None:
    contract = next(one for one in SOURCES if one.name == source)
    for column in (one for one in contract.columns if one.name in contract.natural_key):
        other = "2022-01-02" if column.type in ("TIMESTAMP", "DATE") else (*column.values, "other", "other")[1]
        with landing() as raw:
            raw.file(source, "a", required(source), required(source, **{column.name: other}))
            stage(raw.con, program(source))
            assert len(raw.rows(f"staging.{source}", "_row")) == 2, column.name
