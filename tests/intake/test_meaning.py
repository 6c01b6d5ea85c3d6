"""Rows that read well and mean something odd: what is kept, what is not, and who is told."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.intake.staging.coverage import coverage
from tests.intake.homes import Place
from tests.intake.staging.staging_home import Landing, landing, program, required

pytestmark = pytest.mark.slow

ARRIVED = datetime(2022, 1, 1)


def staged(raw: Landing, source: str, *rows: dict[str, Any], **meta: Any) -> None:
    raw.file(source, "f", *rows, **{"first_seen": ARRIVED, **meta})
    stage(raw.con, program(source))


def rejected(raw: Landing) -> list[tuple[Any, ...]]:
    return raw.rows("raw.rejects", "row", "column", "value")


@pytest.mark.fault("D1")
def test_impossible_xp_is_rejected_and_the_rest_loaded() -> None:
    amounts = ["10", "-1", "1000000000000", "NaN", "inf", "999999999999"]
    with landing() as raw:
        staged(raw, "activity", *(required("activity", xp=xp) for xp in amounts))
        assert rejected(raw) == [(2, "xp", "-1"), (3, "xp", "1000000000000"), (4, "xp", "NaN"), (5, "xp", "inf")]
        assert raw.rows("staging.activity", "xp") == [(Decimal(10),), (Decimal(999999999999),)]
        assert raw.fates("activity") == {"f": (6, 2, 4, 0, 0)}


@pytest.mark.fault("D3")
@pytest.mark.parametrize(
    ("at", "is_kept"),
    [
        ("1999-12-31T23:59:59", False),
        ("2000-01-01", True),
        ("2023-01-02T09:00", True),  # 366 days after midnight of 2022-01-01 in UTC
        ("2023-01-02T09:00:01", False),
        ("9999-12-31", False),
    ],
)
def test_only_an_instant_that_cannot_be_is_rejected(at: str, is_kept: bool) -> None:
    with landing() as raw:
        staged(raw, "activity", required("activity", occurred_at=at))
        assert len(raw.rows("staging.activity", "_row")) == is_kept
        assert rejected(raw) == ([] if is_kept else [(1, "occurred_at", at)])


@pytest.mark.fault("D3")
def test_days_that_are_planned_may_lie_ahead() -> None:
    with landing() as raw:
        staged(raw, "certifications", required("certifications", issued_on="2024-01-01", expires_on="2030-01-01"))
        assert rejected(raw) == [(1, "issued_on", "2024-01-01")]
    with landing() as raw:
        staged(raw, "missions", required("missions", due_at="2025-01-01"))
        assert rejected(raw) == []


@pytest.mark.fault("D3")
def test_a_completion_before_its_start_is_loaded() -> None:
    with landing() as raw:
        row = required("completions", completed_at="2021-01-01", started_at="2021-02-01")
        staged(raw, "completions", row)
        assert raw.fates("completions") == {"f": (1, 1, 0, 0, 0)}


@pytest.mark.fault("D4")
@pytest.mark.parametrize(
    "email", ["kim", "kim@", "@x.org", "kim@x", "kim@@x.org", "a@x.org, b@x.org", "a@x.org;b@x.org"]
)
def test_what_is_no_single_address_costs_the_address_alone(email: str) -> None:
    with landing() as raw:
        rows = (required("roster", member="m1", email=email), required("roster", member="m2", email="kim@mail.x.org"))
        staged(raw, "roster", *rows, required("roster", member="m3", email=""))
        assert rejected(raw) == []
        assert raw.rows("staging.roster", "member", "email") == [("m1", None), ("m2", "kim@mail.x.org"), ("m3", None)]


@pytest.mark.fault("D4")
def test_two_addresses_where_a_member_should_be_are_rejected_and_so_is_none() -> None:
    with landing() as raw:
        names = ["a@x.org", "a@x.org, b@x.org", "a@x.org;b@x.org", "", "@handle", "Kim, A."]
        staged(raw, "activity", *(required("activity", member=name) for name in names))
        assert [row for row, _, _ in rejected(raw)] == [2, 3, 4]


ROSTER = [
    {"member": "m1", "cohort": "c", "name": "Kim Jiwoo", "email": "kim@school.org"},
    {"member": "m2", "cohort": "c", "name": "Kim Jiwoo", "email": "jiwoo@work.org"},
]


@pytest.mark.fault("D5", "D7")
def test_another_address_of_a_person_is_not_merged_but_listed() -> None:
    with landing() as raw:
        raw.file("roster", "r", *ROSTER)
        raw.file("activity", "a", *(required("activity", member=name) for name in ("kim@school.org", "kim@home.org")))
        stage(raw.con, program("roster", "activity"))
        assert raw.rows("staging.activity", "member", "member_id") == [("kim@home.org", None), ("kim@school.org", "m1")]
        assert raw.rows("ops.unmatched", "source", "value", "rows", "reason") == [
            ("activity", "kim@home.org", 1, "unknown")
        ]
        assert raw.fates("activity") == {"a": (2, 2, 0, 0, 0)}


@pytest.mark.fault("D6")
def test_two_persons_of_one_name_are_kept_apart() -> None:
    with landing() as raw:
        raw.file("roster", "r", *ROSTER)
        members = ("m1", "jiwoo@work.org", "Kim Jiwoo")
        raw.file("activity", "a", *(required("activity", member=name) for name in members))
        stage(raw.con, program("roster", "activity"))
        assert raw.rows("staging.activity", "member_id") == [("m1",), ("m2",), (None,)]
        assert raw.rows("ops.unmatched", "value") == [("Kim Jiwoo",)]


@pytest.mark.fault("D9")
def test_a_share_that_is_no_share_is_rejected() -> None:
    with landing() as raw:
        shares = ["0", "0.25", "1", "25", "25 %", "1.01", "-0.1"]
        staged(raw, "activity", *(required("activity", progress=share) for share in shares))
        assert raw.rows("staging.activity", "progress") == [(0,), (0.25,), (1,)]
        assert [row for row, _, _ in rejected(raw)] == [4, 5, 6, 7]


@pytest.mark.fault("D9")
def test_percent_is_declared_by_the_entry(place: Place) -> None:
    columns = {"member": "Who", "occurred_at": "When", "progress": {"from": "Done (%)", "times": 0.01}}
    place.configure({"activity": [{"files": "landing/*.csv", "columns": columns}]})
    place.land({"a.csv": "Who,When,Done (%)\nkim,2022-01-01,25\nlee,2022-01-01,100\n"})
    with place.read() as con:
        stage(con, place.program())
        assert con.execute("select progress from staging.activity order by 1").fetchall() == [(0.25,), (1.0,)]


@pytest.mark.fault("D10")
def test_both_responses_of_a_person_are_kept() -> None:
    with landing() as raw:
        answers = [
            required("survey_responses", response=response, submitted_at=at, answer=answer)
            for response, at, answer in (("r1", "2022-01-01", "no"), ("r2", "2022-01-02", "yes"))
        ]
        staged(raw, "survey_responses", *answers)
        assert raw.rows("staging.survey_responses", "response", "answer") == [("r1", "no"), ("r2", "yes")]


QUESTIONS = {
    "helped": {"header": "도움이 되었나요?", "kind": "single", "options": {"예": "yes", "네": "yes", "아니오": "no"}},
    "liked": {"header": "좋았던 점", "kind": "multi", "options": {"강의, 실습": "course", "사람": "people"}},
}
FORM = "When,Mail,도움이 되었나요?,좋았던 점\n"


def survey(**questions: Any) -> dict[str, Any]:
    columns = {"submitted_at": "When", "member": "Mail"}
    return {"files": "landing/*.csv", "survey": "s", "columns": columns, "questions": questions}


@pytest.mark.fault("D11")
def test_an_option_reworded_is_mapped_or_its_answer_rejected(place: Place) -> None:
    place.configure({"survey_responses": [survey(**QUESTIONS)]})
    place.land(
        {
            "a.csv": FORM
            + '2022-01-01,k,예,"강의, 실습, 사람"\n'
            + "2022-01-02,l,네,People\n"
            + "2022-01-03,m,그렇다,People\n"
        }
    )
    with place.read() as con:
        stage(con, place.program())
        answers = "select member, question, answer from staging.survey_responses order by all"
        assert con.execute(answers).fetchall() == [
            ("k", "helped", "yes"),
            ("k", "liked", "course"),
            ("k", "liked", "people"),
            ("l", "helped", "yes"),
        ]
        rejects = 'select "row", "column", value, reason, line from raw.rejects order by all'
        declare = "add it to `options`, or say `other: true`"
        assert con.execute(rejects).fetchall() == [
            (2, "answer", "People", f"no declared option of liked: {declare}", 3),
            (3, "answer", "그렇다; People", f"no declared option of helped, liked: {declare}", 4),
        ]
        counts = 'select "rows", staged, rejected, superseded, ignored from raw.files'
        assert con.execute(counts).fetchall() == [(3, 2, 1, 0, 0)]


@pytest.mark.fault("D11")
def test_a_question_with_room_for_other_answers_keeps_them(place: Place) -> None:
    place.configure({"survey_responses": [survey(liked={**QUESTIONS["liked"], "other": True})]})
    place.land({"a.csv": FORM + "2022-01-01,k,,커피\n"})
    assert place.rows("select answer from raw.survey_responses") == [("커피",)]
    assert place.rows("select count(*) from raw.rejects") == [(0,)]


@pytest.mark.fault("D12")
def test_a_team_renamed_in_mid_term_keeps_its_history() -> None:
    with landing() as raw:
        row = {"member": "m1", "cohort": "c"}
        raw.file("roster", "a", {**row, "study_group": "Alpha", "joined_on": "2022-01-01"})
        renamed = {**row, "study_group": "Omega", "joined_on": "2022-03-01"}
        raw.file("roster", "b", {**row, "study_group": "Alpha", "joined_on": "2022-01-01"}, renamed)
        stage(raw.con, program("roster"))
        assert raw.rows("staging.roster", "study_group", "joined_on") == [
            ("Alpha", date(2022, 1, 1)),
            ("Omega", date(2022, 3, 1)),
        ]


@pytest.mark.fault("D14")
def test_test_and_staff_accounts_are_ignored_everywhere(place: Place) -> None:
    sources = ("roster", "aliases", "activity", "seat_events", "applications")
    place.configure({name: [{"files": f"landing/{name}.csv"}] for name in sources}, excluded=["QA@x.org", "m9", "bot"])
    place.land(
        {
            "roster.csv": "member,cohort,email\nm1,c,kim@x.org\nm8,c,qa@X.org\nm9,c,boss@x.org\n",
            "aliases.csv": "member,kind,value\nm9,discord,bossy\nm1,discord,kimmy\n",
            "activity.csv": "member,occurred_at\nkim@x.org,2022-01-01\nqa@x.org,2022-01-01\nm8,2022-01-01\n"
            "BOSS@x.org,2022-01-01\nbossy,2022-01-01\nbot,2022-01-01\nBot,2022-01-01\n",
            "seat_events.csv": "member,event,occurred_at\nm9,invited,2022-01-01\nkimmy,invited,2022-01-01\n",
            "applications.csv": "applicant,cohort,stage,result,decided_at\nqa@x.org,c,s,passed,2022-01-01\n",
        }
    )
    with place.read() as con:
        stage(con, place.program())
        assert con.execute("select member from staging.activity order by 1").fetchall() == [("Bot",), ("kim@x.org",)]
        assert con.execute("select value from ops.unmatched").fetchall() == [("Bot",)]
        counts = 'select source, "rows", staged, rejected, superseded, ignored from raw.files order by source'
        assert con.execute(counts).fetchall() == [
            ("activity", 7, 2, 0, 0, 5),
            ("aliases", 2, 1, 0, 0, 1),
            ("applications", 1, 0, 0, 0, 1),
            ("roster", 3, 1, 0, 0, 2),
            ("seat_events", 2, 1, 0, 0, 1),
        ]


def test_what_was_left_out_for_each_excluded_name_is_noted(place: Place) -> None:
    sources = ("roster", "aliases", "activity")
    names = ["Ann Lee", "QA@x.org", "gone"]
    place.configure({name: [{"files": f"landing/{name}.csv"}] for name in sources}, excluded=names)
    place.land(
        {
            "roster.csv": "member,cohort,name,email\nm1,c,Ann Lee,ann@x.org\nm2,c,Bo,bo@x.org\n",
            "aliases.csv": "member,kind,value\nAnn@x.org,kaggle,ann-k\n",
            "activity.csv": "member,occurred_at\nann-k,2022-01-01\nbo@x.org,2022-01-01\nqa@X.org,2022-01-01\n",
        }
    )
    assert place.rows("select name, records from raw.excluded order by 1") == [
        ("Ann Lee", 3),
        ("QA@x.org", 1),
        ("gone", 0),
    ]
    assert place.rows("select member from raw.activity") == [("bo@x.org",)]
    assert place.rows("select member from raw.roster") == [("m2",)]


def test_an_excluded_name_that_two_members_share_excludes_neither_of_them(place: Place) -> None:
    sources = ("roster", "activity")
    place.configure({name: [{"files": f"landing/{name}.csv"}] for name in sources}, excluded=["team@x.org"])
    place.land(
        {
            "roster.csv": "member,cohort,email\nm1,c,team@x.org\nm2,c,team@x.org\n",
            "activity.csv": "member,occurred_at\nm1,2022-01-01\nteam@x.org,2022-01-01\n",
        }
    )
    assert place.rows("select member from raw.activity") == [("m1",)]
    assert place.rows("select member from raw.roster order by 1") == [("m1",), ("m2",)]


@pytest.mark.fault("I7")
def test_who_has_no_address_is_not_excluded_by_an_account_that_has_none_either(place: Place) -> None:
    sources = ("roster", "aliases", "activity")
    place.configure({name: [{"files": f"landing/{name}.csv"}] for name in sources}, excluded=["m9", "nobody@x.org"])
    place.land(
        {
            "roster.csv": "member,cohort,email\nm1,c,\nm2,c,bo@x.org\nm9,c,\n",
            "aliases.csv": "member,kind,value\nm1,discord,kim\nm9,discord,bot\n",
            "activity.csv": "member,occurred_at\nm1,2022-01-01\nkim,2022-01-02\nm2,2022-01-01\nm9,2022-01-01\n",
        }
    )
    assert place.rows("select member from raw.activity order by 1") == [("kim",), ("m1",), ("m2",)]
    assert place.rows("select member from raw.roster order by 1") == [("m1",), ("m2",)]


@pytest.mark.fault("D15")
def test_a_seat_handed_on_is_of_two_persons_who_share_no_activity() -> None:
    with landing() as raw:
        raw.file("roster", "r", *ROSTER)
        events = [
            {"member": "kim@school.org", "event": "accepted", "occurred_at": "2022-01-01"},
            {"member": "kim@school.org", "event": "reclaimed", "occurred_at": "2022-02-01"},
            {"member": "jiwoo@work.org", "event": "accepted", "occurred_at": "2022-02-02"},
        ]
        raw.file("seat_events", "s", *events)
        learned = {"kim@school.org": "2022-01-05", "jiwoo@work.org": "2022-02-05"}
        raw.file("activity", "a", *(required("activity", member=m, occurred_at=at) for m, at in learned.items()))
        stage(raw.con, program("roster", "seat_events", "activity"))
        seats = raw.rows("staging.seat_events", "member_id", "event")
        assert seats == [("m1", "accepted"), ("m1", "reclaimed"), ("m2", "accepted")]
        assert raw.rows("staging.activity", "member_id", "occurred_at") == [
            ("m1", datetime(2022, 1, 4, 15)),
            ("m2", datetime(2022, 2, 4, 15)),
        ]


def days(*spans: tuple[int, int], xp: int = 1) -> list[dict[str, Any]]:
    return [
        required("activity", member="m", occurred_at=f"2022-{month:02}-{day:02}", xp=str(xp)) for month, day in spans
    ]


@pytest.mark.fault("E1")
def test_overlapping_windows_make_a_union() -> None:
    march, april = [(3, day) for day in range(1, 32)], [(4, day) for day in range(1, 16)]
    with landing() as raw:
        raw.file("activity", "a", *days(*march))
        raw.file("activity", "b", *days(*march[14:], *april))
        stage(raw.con, program("activity"))
        assert raw.con.execute("select count(*), sum(xp) from staging.activity").fetchall() == [(46, 46)]
        assert raw.fates("activity") == {"a": (31, 14, 0, 17, 0), "b": (32, 32, 0, 0, 0)}


@pytest.mark.fault("E2")
def test_two_equal_events_of_one_export_are_two_and_stay_two_in_the_next() -> None:
    with landing() as raw:
        raw.file("activity", "a", *days((3, 1), (3, 1)))
        raw.file("activity", "b", *days((3, 1), (3, 1), (3, 2)))
        stage(raw.con, program("activity"))
        assert raw.con.execute("select count(*) from staging.activity").fetchall() == [(3,)]


@pytest.mark.fault("E4")
def test_a_restated_export_decides_and_says_how_many_records_it_changed() -> None:
    with landing() as raw:
        raw.file("activity", "a", *days((3, 1), (3, 2), (3, 3)))
        raw.file("activity", "b", *days((3, 1)), *days((3, 2), (3, 3), (3, 4), xp=5))
        stage(raw.con, program("activity"))
        assert raw.con.execute("select sum(xp) from staging.activity").fetchall() == [(16,)]
        assert raw.rows("raw.files", "file_id", "superseded", "restated") == [("a", 3, 0), ("b", 0, 2)]


@pytest.mark.fault("E5")
def test_an_older_version_that_comes_later_changes_nothing(place: Place) -> None:
    exported = {"filename": r"(?P<date>\d{4}-\d\d-\d\d)"}
    place.configure({"activity": [{"files": "landing/*.csv", "exported": exported}]})
    tables = []
    for name, xp in (("2022-04-02.csv", 2), ("2022-04-01.csv", 1)):
        place.land({name: f"member,occurred_at,xp\nm,2022-03-01,{xp}\n"})
        with place.read() as con:
            stage(con, place.program())
            tables.append(con.execute("select occurred_at, xp from staging.activity").fetchall())
    assert tables[0] == tables[1] == [(datetime(2022, 2, 28, 15), Decimal(2))]


@pytest.mark.fault("E6")
def test_files_in_24_orders_make_one_table() -> None:
    files = {
        "a": days((3, 1), (3, 2)),
        "b": days((3, 2), (3, 3), xp=2),
        "c": days((3, 3), (3, 3), (3, 4), xp=3),
        "d": days((3, 1), (3, 5), xp=4),
    }
    tables = []
    for order in permutations(files):
        with landing() as raw:
            for name in order:
                raw.file("activity", name, *files[name])
            stage(raw.con, program("activity"))
            tables.append((raw.rows("staging.activity", "occurred_at", "xp", "_file_id"), raw.fates("activity")))
    assert len(tables) == 24
    assert all(table == tables[0] for table in tables)
    assert [xp for _, xp, _ in tables[0][0]] == [4, 2, 3, 3, 3, 4]


@pytest.mark.fault("E7")
def test_a_month_with_one_of_three_files_missing_is_not_covered() -> None:
    with landing() as raw:
        raw.file("activity", "a", *days(*((3, day) for day in range(1, 11))))
        raw.file("activity", "c", *days(*((3, day) for day in range(21, 32))))
        stage(raw.con, program("activity"))
        coverage(raw.con, program("activity"))
        missing = raw.con.execute(
            "select list(day(day)::int) from (select unnest(generate_series(date '2022-03-01', date '2022-03-31', "
            "interval 1 day))::date as day) anti join core.coverage using (day)"
        ).fetchall()
        assert sorted(missing[0][0]) == list(range(11, 21))


@pytest.mark.fault("E11")
def test_withdrawing_a_file_restores_exactly_what_was_before(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/a*.csv"}], "roster": [{"files": "landing/r*.csv"}]})

    def tables() -> list[Any]:
        with place.read() as con:
            stage(con, place.program())
            names = ("staging.activity", "staging.roster", "ops.unmatched", "raw.rejects")
            return [con.execute(f"select * from {name} order by all").fetchall() for name in names]

    place.land({"a1.csv": "member,occurred_at,xp\nm,2022-03-01,1\nm,2022-03-02,x\n", "r.csv": "member,cohort\nm,c\n"})
    before = tables()
    place.land({"a2.csv": "member,occurred_at,xp\nm,2022-03-01,9\nn,2022-03-03,1\n", "r.csv": "member,cohort\nn,c\n"})
    assert tables() != before
    for path, file_id in place.rows("select path, file_id from raw.files where status = 'loaded'"):
        if path in ("landing/a2.csv", "landing/r.csv"):
            place.ledger.decide("withdraw", file_id)
    assert tables() == before
