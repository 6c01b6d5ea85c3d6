from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from fellowship_pipeline.contracts import SOURCES, STAGING_TABLES
from fellowship_pipeline.intake.staging import stage

from .staging_home import landing, program, required

pytestmark = pytest.mark.slow

NOT_AN_INSTANT = "not an instant (YYYY-MM-DD[THH:MM[:SS]][Z|±HH:MM])"


def staged(source: str, column: str, text: str | None, *, extra: str = "", **place: Any) -> Any:
    """What the text becomes in staging; ``rejected`` and the reason where it does not get there."""
    with landing() as raw:
        raw.file(source, "a", required(source, **{column: text, **place}))
        stage(raw.con, program(source, extra=extra))
        if rejects := raw.rows("raw.rejects", "column", "value", "reason"):
            assert raw.fates(source) == {"a": (1, 0, 1, 0, 0)}
            assert [reject[0] for reject in rejects] == [column]
            return ("rejected", *rejects[0][1:])
        assert raw.fates(source) == {"a": (1, 1, 0, 0, 0)}
        return raw.rows(f"staging.{source}", column)[0][0]


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2023-07-31", datetime(2023, 7, 30, 15)),
        ("2023-07-31T15:30", datetime(2023, 7, 31, 6, 30)),
        ("2023-07-31 15:30:01", datetime(2023, 7, 31, 6, 30, 1)),
        ("2023-07-31T15:30:01.5", datetime(2023, 7, 31, 6, 30, 1, 500000)),
        ("2023-07-31T15:30:01.123456Z", datetime(2023, 7, 31, 15, 30, 1, 123456)),
        ("2023-07-31T15:30Z", datetime(2023, 7, 31, 15, 30)),
        ("2023-07-31 15:30 Z", datetime(2023, 7, 31, 15, 30)),
        ("2023-07-31T15:30:00+09:00", datetime(2023, 7, 31, 6, 30)),
        ("2023-07-31 15:30:00 -05:30", datetime(2023, 7, 31, 21, 0)),
        ("\u00a0\u3000\ufeff2023-07-31\u200b\t", datetime(2023, 7, 30, 15)),
    ],
)
def test_an_instant_is_stored_in_utc(text: str, utc: datetime) -> None:
    assert staged("activity", "occurred_at", text) == utc


def test_an_instant_without_an_offset_is_of_the_entrys_zone() -> None:
    assert staged("activity", "occurred_at", "2023-01-15", _timezone="America/New_York") == datetime(2023, 1, 15, 5)
    assert staged("activity", "occurred_at", "2023-07-15", _timezone="America/New_York") == datetime(2023, 7, 15, 4)


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-29", "2023-13-01", "0000-01-01", "2023-7-31", "2023/07/31", "31-07-2023", "20230731", "45138",
        "2023-07-31T", "2023-07-31T15", "2023-07-31T24:00", "2023-07-31T15:60", "2023-07-31T15:30:60",
        "2023-07-31  15:30", "2023-07-31t15:30", "2023-07-31T15:30z", "2023-07-31T15:30+0900", "2023-07-31T15:30+09",
        "2023-07-31T15:30+24:00", "2023-07-31T15:30+09:60", "2023-07-31T15:30:01.1234567", "2023-07-31Z",
        "2023-07-31 오후 3:30", "2023-07-31T15:30 KST", "9999-12-31T23:00-09:00", "yesterday",
    ],
)  # fmt: skip
def test_another_form_of_an_instant_is_rejected(text: str) -> None:
    assert staged("activity", "occurred_at", text) == ("rejected", text, NOT_AN_INSTANT)


def test_a_due_date_means_its_whole_day_and_a_due_instant_itself() -> None:
    assert staged("missions", "due_at", "2023-10-31") == datetime(2023, 10, 31, 14, 59, 59, 999999)
    assert staged("missions", "due_at", "2023-10-31T18:00") == datetime(2023, 10, 31, 9)
    assert staged("missions", "due_at", "2023-10-32") == ("rejected", "2023-10-32", NOT_AN_INSTANT)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-07-31", date(2023, 7, 31)),
        ("9999-12-31", date(9999, 12, 31)),
        ("2023-07-31T15:30Z", date(2023, 8, 1)),
        ("2023-07-31T23:30", date(2023, 7, 31)),
        ("2023-07-31T23:30-05:00", date(2023, 8, 1)),
        (" ", None),
    ],
)
def test_a_date_is_a_day_of_the_program(text: str, day: date | None) -> None:
    assert staged("roster", "joined_on", text) == day


def test_a_date_of_another_form_is_rejected() -> None:
    reason = "not a date (YYYY-MM-DD)"
    assert staged("roster", "left_on", "2023-02-30") == ("rejected", "2023-02-30", reason)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", Decimal(0)),
        ("+12.50", Decimal("12.5")),
        (".5", Decimal("0.5")),
        ("0.30000000000000004", Decimal("0.3")),
        ("999999999999.9999999999", Decimal("999999999999.9999999999")),
        (None, None),
    ],
)
def test_an_amount_is_a_plain_decimal(text: str | None, number: Decimal | None) -> None:
    assert staged("activity", "xp", text) == number


@pytest.mark.parametrize(
    "text",
    ["1e5", "NaN", "inf", "1,234", "1 234", "1_000", "0x10", "٣", ".", "-", "12 XP", "9" * 30],
)
def test_another_form_of_an_amount_is_rejected(text: str) -> None:
    reason = "not a number (plain decimal with a point)"
    assert staged("activity", "xp", text) == ("rejected", text, reason)


def test_an_amount_of_xp_has_bounds() -> None:
    assert staged("activity", "xp", "-1") == ("rejected", "-1", "below 0")
    assert staged("activity", "xp", "1000000000000") == ("rejected", "1000000000000", "not below 1000000000000")


def test_a_large_amount_of_another_kind_must_fit_its_type() -> None:
    assert staged("activity", "minutes", "1000000000000") == Decimal(1000000000000)
    reason = "not a number (plain decimal with a point)"
    assert staged("activity", "minutes", "1" + "0" * 18) == ("rejected", "1" + "0" * 18, reason)


def test_a_score_may_be_negative_but_must_be_finite() -> None:
    assert staged("completions", "score", "-1.5") == -1.5
    huge = "9" * 400
    assert staged("completions", "score", huge) == ("rejected", huge, "not a number (plain decimal with a point)")


def test_a_whole_number_has_no_fraction_and_keeps_its_minimum() -> None:
    assert staged("competitions", "rank", "283") == 283
    assert staged("competitions", "rank", "283.0") == 283
    assert staged("competitions", "rank", "283.5") == ("rejected", "283.5", "not a whole number")
    assert staged("competitions", "rank", "0") == ("rejected", "0", "below 1")


@pytest.mark.parametrize(("text", "truth"), [("TRUE", True), ("no", False), ("1", True), ("0", False), ("", None)])
def test_truth_values(text: str, truth: bool | None) -> None:
    assert staged("roster", "seeking", text) is truth


def test_another_truth_value_is_rejected() -> None:
    assert staged("roster", "seeking", "y") == ("rejected", "y", "not a truth value (true/false, yes/no, 1/0)")


def test_a_vocabulary_is_compared_without_case() -> None:
    assert staged("roster", "role", " builder ") == "builder"
    assert staged("roster", "role", "Builder") == "builder"
    assert staged("seat_events", "event", "INVITED") == "invited"
    assert staged("attendance", "status", None) == "attended"


@pytest.mark.parametrize(
    ("word", "near"), [("bulider", " (nearest: builder)"), ("MENTORS", " (nearest: mentor)"), ("러너", "")]
)
def test_of_a_word_that_is_not_known_the_nearest_known_one_is_said(word: str, near: str) -> None:
    reason = "not one of learner, builder, mentor, staff"
    assert staged("roster", "role", word) == ("rejected", word, reason + near)


def test_known_words_of_open_vocabularies_are_compared_without_case() -> None:
    assert staged("outcomes", "kind", "Job") == "job"
    assert staged("outcomes", "kind", "Freelance") == "Freelance"
    assert staged("missions", "requirement", "Course") == "course"
    assert staged("aliases", "kind", "Email") == "email"
    expected = "community: {kinds: {Builder meeting: {expects: [builder]}}}"
    assert staged("sessions", "kind", "builder meeting", extra=expected) == "Builder meeting"
    assert staged("sessions", "kind", "Clinic", extra=expected) == "Clinic"


def test_text_keeps_what_is_inside_it() -> None:
    assert staged("activity", "course", "  R  입문\n(1) ") == "R  입문\n(1)"


@pytest.mark.parametrize("source", [source.name for source in SOURCES])
def test_an_empty_required_cell_rejects_the_row(source: str) -> None:
    contract = next(one for one in SOURCES if one.name == source)
    for column in contract.required:
        if column in contract.may_be_empty:
            assert staged(source, column, "\u00a0") is None
        else:
            assert staged(source, column, "\u00a0") == ("rejected", None, "required")


ONE_POOL = "seats: [{pool: datacamp, from: 2021-08-01, capacity: 60}, {pool: datacamp, from: 2022-02-01, capacity: 9}]"
TWO_POOLS = "seats: [{pool: datacamp, from: 2021-08-01, capacity: 60}, {pool: other, from: 2021-08-01, capacity: 9}]"


@pytest.mark.parametrize("source", ["seat_events", "seat_snapshots"])
def test_a_pool_left_out_is_the_only_one_there_is(source: str) -> None:
    assert staged(source, "pool", None, extra=ONE_POOL) == "datacamp"
    assert staged(source, "pool", "third", extra=ONE_POOL) == "third"
    assert staged(source, "pool", None) == "default"
    reason = "pool is needed: program.yaml names several"
    assert staged(source, "pool", None, extra=TWO_POOLS) == ("rejected", None, reason)
    assert staged(source, "pool", "other", extra=TWO_POOLS) == "other"


def test_an_application_may_be_for_any_pool() -> None:
    assert staged("applications", "pool", None, extra=ONE_POOL) == "datacamp"
    assert staged("applications", "pool", None, extra=TWO_POOLS) is None
    assert staged("applications", "pool", None) is None


def test_who_is_listed_at_a_session_attended_it_unless_it_says_otherwise() -> None:
    assert staged("attendance", "status", None) == "attended"
    assert staged("attendance", "status", "registered") == "registered"
    reason = "not one of registered, waitlisted, attended"
    assert staged("attendance", "status", "late") == ("rejected", "late", reason)
    assert staged("attendance", "role", None) == "participant"


def test_times_in_and_out_are_read_as_utc_or_rejected() -> None:
    both = "2022-03-01T10:00:00Z/2022-03-01T10:30:00Z"
    for text in (both, both + "|2022-03-01T11:00:00Z/", "2022-03-01T10:00:00Z/2022-03-01T10:00:00Z"):
        assert staged("attendance", "stays", text) == text
    reason = "not stays in UTC (YYYY-MM-DDTHH:MM:SSZ/YYYY-MM-DDTHH:MM:SSZ|…)"
    wrong = ("10:00/10:30", both[:-1], "2022-02-30T10:00:00Z/", both + "|", both + "/" + both, "/" + both[:20],
             "2022-03-01T10:00:00Z/2022-03-01T09:59:59Z")  # fmt: skip
    for text in wrong:
        assert staged("attendance", "stays", text) == ("rejected", text, reason)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_of_roster_rows_of_one_key_the_open_one_wins_wherever_it_stands(order: tuple[int, ...]) -> None:
    canceled, later, still_in = (
        {"member": "m01", "cohort": "A", "joined_on": "2024-03-01", "left_on": left_on}
        for left_on in ("2024-03-01", "2024-03-20", None)
    )
    rows = [canceled, later, still_in]
    with landing() as raw:
        raw.file("roster", "r", *(rows[place] for place in order))
        stage(raw.con, program("roster"))
        assert raw.rows("staging.roster", "member", "left_on") == [("m01", None)]
        assert raw.rows("raw.files", "staged", "superseded") == [(1, 2)]
    with landing() as raw:
        raw.file("roster", "r", *(rows[place] for place in order if place < 2))
        stage(raw.con, program("roster"))
        assert raw.rows("staging.roster", "left_on") == [(date(2024, 3, 20),)]


def test_a_later_export_may_still_end_a_roster_row() -> None:
    row = {"member": "m01", "cohort": "A", "joined_on": "2024-03-01"}
    with landing() as raw:
        raw.file("roster", "r1", row, exported_at=datetime(2024, 3, 2))
        raw.file("roster", "r2", {**row, "left_on": "2024-03-20"}, exported_at=datetime(2024, 4, 2))
        stage(raw.con, program("roster"))
        assert raw.rows("staging.roster", "left_on") == [(date(2024, 3, 20),)]


def test_every_broken_value_of_a_row_is_named_and_the_others_stay() -> None:
    with landing() as raw:
        good = required("activity", member="m1", xp="10")
        raw.file(
            "activity", "a", good, required("activity", member=" ", xp="ten", minutes="5"), good, ignored=1, rows=4
        )
        stage(raw.con, program("activity"))
        assert raw.rows("raw.rejects", "file_id", "row", "column", "value", "line") == [
            ("a", 2, "member", None, 3),
            ("a", 2, "xp", "ten", 3),
        ]
        assert raw.rows("staging.activity", "member", "xp", "member_id", "_file_id", "_row") == [
            ("m1", Decimal(10), "m1", "a", 1),
            ("m1", Decimal(10), "m1", "a", 3),
        ]
        assert raw.fates("activity") == {"a": (4, 2, 1, 0, 1)}


def test_rejects_of_reading_are_kept_and_counted() -> None:
    with landing() as raw:
        raw.file("activity", "a", required("activity"), rows=2)
        raw.con.execute("insert into raw.rejects values ('a', 2, '', 'x,y,z', 'three fields instead of two', 3)")
        stage(raw.con, program("activity"))
        assert raw.rows("raw.rejects", "row", "reason") == [(2, "three fields instead of two")]
        assert raw.fates("activity") == {"a": (2, 1, 1, 0, 0)}


def test_a_record_that_gave_several_rows_counts_once() -> None:
    with landing() as raw:
        answers = [
            required("survey_responses", response="r1", question=question, submitted_at=at, _row=1, _line=2)
            for question, at in (("q1", "2022-08-01"), ("q2", "2022-08-01"))
        ]
        broken = [{**answer, "response": "r2", "submitted_at": "soon", "_row": 2, "_line": 3} for answer in answers]
        raw.file("survey_responses", "a", *answers, *broken)
        stage(raw.con, program("survey_responses"))
        assert raw.fates("survey_responses") == {"a": (2, 1, 1, 0, 0)}
        assert raw.rows("raw.rejects", "row", "column", "value") == [(2, "submitted_at", "soon")]


def test_a_record_that_nobody_accounts_for_stays_visible() -> None:
    with landing() as raw:
        raw.file("activity", "a", required("activity"), rows=3)
        stage(raw.con, program("activity"))
        assert raw.fates("activity") == {"a": (3, 1, 0, 0, 0)}


def test_without_any_file_every_staging_table_is_there_and_empty() -> None:
    with landing() as raw:
        stage(raw.con, program("activity"))
        for table in STAGING_TABLES:
            described = raw.con.execute(f"describe {table.key}").fetchall()
            assert [(row[0], row[1]) for row in described] == [(column.name, column.type) for column in table.columns]
            assert raw.rows(table.key, "_row") == []


def test_staging_twice_is_as_staging_once() -> None:
    with landing() as raw:
        raw.file("activity", "a", required("activity"), required("activity", xp="ten"))
        for _ in range(2):
            stage(raw.con, program("activity"))
            assert len(raw.rows("raw.rejects", "row")) == 1
            assert raw.fates("activity") == {"a": (2, 1, 1, 0, 0)}


def test_files_that_are_not_loaded_keep_their_counts() -> None:
    with landing() as raw:
        raw.file("activity", "a", status="held", rows=5)
        stage(raw.con, program("activity"))
        assert raw.fates("activity") == {"a": (5, 0, 0, 0, 0)}
