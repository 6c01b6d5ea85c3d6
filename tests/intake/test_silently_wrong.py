"""Files that read well and once gave a wrong figure with nothing said; a run and a trial say the same of each."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from fellowship_pipeline.intake.plain import loading
from fellowship_pipeline.intake.proposal import propose
from fellowship_pipeline.intake.trial import Trial, try_file
from tests.intake.homes import Place, fetch

pytestmark = pytest.mark.slow

PEOPLE = [f"m{n:02}" for n in range(1, 25)]
FATES = "select status, rows, staged, rejected, ignored from raw.files where source = '{}'"
SAID = "select needs_look, reason from raw.files where source = '{}'"
REJECTS = 'select "column", value, reason, line from raw.rejects order by line'


def run(place: Place, source: str, *queries: str) -> list[list[tuple[Any, ...]]]:
    with place.staged() as con:
        return [fetch(con, query.format(source)) for query in queries]


def tried(place: Place, file: str, source: str) -> Trial:
    (trial,) = try_file(place.home.landing / file, place.program(), place.home, source)
    return trial


# A row per member and day


def daily() -> str:
    """24 members who learned on the first of 20 days, with zeros on the others."""
    rows = [f"{member},2025-02-{day:02},{30 if day == 1 else 0}" for member in PEOPLE for day in range(1, 21)]
    return "\n".join(["member,occurred_at,minutes", *rows]) + "\n"


@pytest.mark.fault("S8")
@pytest.mark.parametrize(
    ("entry", "fates"),
    [
        ({}, ("held", 0, 0, 0, 0)),
        ({"where": {"minutes": "> 0"}}, ("loaded", 480, 24, 0, 456)),
        ({"counts": "all"}, ("loaded", 480, 480, 0, 0)),
    ],
)
def test_a_row_of_zeros_a_day_is_held_until_the_entry_says_which_count(
    place: Place, entry: dict[str, Any], fates: tuple[Any, ...]
) -> None:
    place.configure({"activity": [{"files": "landing/daily.csv", **entry}]})
    place.land({"daily.csv": daily()})
    before = tried(place, "daily.csv", "activity")
    found, ((_, said),) = run(place, "activity", FATES, SAID)
    assert found == [fates]
    assert (before.status, before.rows, before.staged, before.reason) == (*fates[:3], said)
    if not entry:
        assert said == (
            "456 of its 480 records have nothing but zeros (minutes), and each would be a day of learning: say in the "
            'entry which count, `where: {minutes: "> 0"}`, or `counts: all`'
        )


@pytest.mark.fault("S8")
def test_which_rows_count_is_proposed(place: Place) -> None:
    place.land({"daily.csv": daily(), "other.csv": "member,occurred_at,minutes\n" + "kim,2025-02-01,5\n" * 20})
    first, other = (propose(place.home.landing / name, "activity").found[0] for name in ("daily.csv", "other.csv"))
    assert first.entries["activity"]["where"] == {"minutes": "> 0"}
    assert first.notes == (
        "most rows have nothing but zeros: without `where` on minutes, `counts: all` makes each a day of learning",
    )
    assert "where" not in other.entries["activity"]


@pytest.mark.fault("S8")
def test_the_amount_that_most_rows_have_is_proposed(place: Place) -> None:
    rows = ["kim,2025-02-01,5,0"] + ["kim,2025-02-01,5,7"] * 4 + ["kim,2025-02-01,0,0"] * 9 + ["kim,2025-02-01,0,"] * 9
    place.land({"a.csv": "\n".join(["member,occurred_at,xp,minutes", *rows]) + "\n"})
    assert propose(place.home.landing / "a.csv", "activity").found[0].entries["activity"]["where"] == {"xp": "> 0"}


@pytest.mark.fault("S8")
def test_totals_in_which_most_are_zero_are_no_days(place: Place) -> None:
    entry = {"files": "landing/*.csv", "cumulative": True, "exported": {"filename": "(?P<date>.{10}).csv"}}
    place.configure({"activity": [entry]})
    rows = [f"{member},2025-02-01,SQL,{0 if member > 'm03' else 30}" for member in PEOPLE]
    place.land({"2025-02-02.csv": "\n".join(["member,occurred_at,course,minutes", *rows]) + "\n"})
    assert place.rows("select status, reason from raw.files") == [("loaded", None)]


# Hours that come twice, or never

STAYS = (
    "session,member,joined_at,left_at\n"
    "night-0330,bora,2025-03-30 01:50,2025-03-30 03:10\n"
    "night-0330,duri,2025-03-30 02:15,2025-03-30 03:30\n"
    "night-1026,bora,2025-10-26 01:50,2025-10-26 02:40\n"
    "night-1026,duri,2025-10-26 01:50,2025-10-26 03:10\n"
    "night-1026,gaon,2025-10-26 01:50+02:00,2025-10-26 03:10+01:00\n"
    "night-1026,hana,2025-10-26 02:10,2025-10-26 03:10\n"
)
PRAGUE = "records have a time that clocks of Europe/Prague show twice or never: write it with its offset"


@pytest.mark.fault("S7")
def test_a_stay_in_an_hour_that_comes_twice_or_never_has_no_end_and_is_noted(place: Place) -> None:
    """Bora's first is 20 minutes, duri's and gaon's in autumn 140; of the others nobody can tell."""
    place.configure({"attendance": [{"files": "landing/dst.csv"}]}, timezone="Europe/Prague")
    place.land({"dst.csv": STAYS})
    before = tried(place, "dst.csv", "attendance")
    stays = "select session, member, cast(left_at - joined_at as varchar) from staging.attendance order by 1, 2"
    found, said, fates = run(place, "attendance", stays, SAID, FATES)
    assert found == [
        ("night-0330", "bora", "00:20:00"),
        ("night-0330", "duri", None),
        ("night-1026", "bora", None),
        ("night-1026", "duri", "02:20:00"),
        ("night-1026", "gaon", "02:20:00"),
        ("night-1026", "hana", None),
    ]
    assert said == [(True, "3 " + PRAGUE)]
    assert fates == [("loaded", 6, 6, 0, 0)]
    assert (before.status, before.reason) == ("loaded", "3 " + PRAGUE)


@pytest.mark.fault("S7")
def test_a_meeting_s_report_of_that_hour_has_no_minutes_and_is_noted(place: Place) -> None:
    """Lee left at 01:30, of which there is one; Kim at 02:40, of which there are two."""
    entry = {"preset": "zoom", "files": "landing/*", "timezone": "Europe/Prague", "values": {"session": "s"}}
    place.configure({"attendance": [entry]})
    header = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
    kim = "Kim,,10/26/2025 01:50:00 AM,10/26/2025 02:40:00 AM,50,No\n"
    lee = "Lee,,10/26/2025 01:00:00 AM,10/26/2025 01:30:00 AM,30,No\n"
    place.land({"a.csv": header + kim + lee})
    minutes = "select member, cast(minutes as double), left_at from staging.attendance order by 1"
    found, said = run(place, "attendance", minutes, SAID)
    assert found == [("Kim", None, None), ("Lee", 30.0, datetime(2025, 10, 25, 23, 30))]
    assert said == [(True, "1 " + PRAGUE)]


@pytest.mark.fault("S7")
def test_a_list_of_who_came_and_left_in_that_hour_has_no_minutes_and_is_noted(place: Place) -> None:
    entry = {"preset": "teams", "files": "landing/*", "timezone": "Europe/Prague", "values": {"session": "s"}}
    place.configure({"attendance": [entry]})
    events = "Kim\tJoined\t26/10/2025, 01:50:00\nKim\tLeft\t26/10/2025, 02:40:00\n"
    sure = "Lee\tJoined\t26/10/2025, 01:00:00\nLee\tLeft\t26/10/2025, 01:30:00\n"
    place.land({"a.csv": ("Full Name\tUser Action\tTimestamp\n" + events + sure).encode("utf-16")})
    found, said = run(
        place, "attendance", "select member, cast(minutes as double) from staging.attendance order by 1", SAID
    )
    assert found == [("Kim", None), ("Lee", 30.0)]
    assert said == [(True, "1 " + PRAGUE)]


@pytest.mark.fault("S7")
@pytest.mark.parametrize("smallest", [0, 1 << 30])
@pytest.mark.parametrize(
    ("zone", "moment", "noted"),
    [
        ("Europe/Prague", "2025-10-26T02:00:00", True),
        ("Europe/Prague", "2025-10-26T02:59:59", True),
        ("Europe/Prague", "2025-03-30T02:00:00", True),
        ("Europe/Prague", "2025-03-30T02:59:59", True),
        ("Europe/Prague", "2025-10-26T01:59:59", False),
        ("Europe/Prague", "2025-10-26T03:00:00", False),
        ("Europe/Prague", "2025-03-30T03:00:00", False),
        ("Europe/Prague", "2025-10-27T02:30:00", False),
        ("Europe/Prague", "2025-10-26T02:30:00+02:00", False),
        ("Europe/Prague", "2025-10-26", False),
        ("Australia/Lord_Howe", "2025-04-06T01:45:00", True),
        ("Australia/Lord_Howe", "2025-04-06T01:15:00", False),
        ("Asia/Seoul", "2025-10-26T02:30:00", False),
    ],
)
def test_any_time_of_such_an_hour_is_noted(
    place: Place, monkeypatch: pytest.MonkeyPatch, zone: str, moment: str, noted: bool, smallest: int
) -> None:
    """In a large file as in a small one; a bare day is none."""
    monkeypatch.setattr(loading, "SMALLEST", smallest)
    place.configure({"activity": [{"files": "landing/*.csv"}]}, timezone=zone)
    place.land({"a.csv": f"member,occurred_at,minutes\nkim,{moment},5\nlee,{moment},5\n"})
    found, said = run(place, "activity", "select count(*) from raw.plain", SAID)
    assert found == [(1 if smallest == 0 else 0,)]
    text = f"2 records have a time that clocks of {zone} show twice or never: write it with its offset"
    assert said == [(True, text) if noted else (False, None)]


# Formats


@pytest.mark.fault("S7", "I2")
def test_halves_of_a_day_and_zones_are_read_as_they_are_written(place: Place) -> None:
    """20:30, half past noon, and 20:00 UTC, which is 1 April in Seoul."""
    formats = {"a": "%m/%d/%Y %I:%M %p", "b": "%m/%d/%Y %H:%M", "c": "%Y-%m-%dT%H:%M:%S%z"}
    entries = [
        {"files": f"landing/{name}.csv", "columns": {"completed_at": {"from": "completed_at", "format": pattern}}}
        for name, pattern in formats.items()
    ]
    place.configure({"completions": entries})
    days = {"a": "03/05/2025 08:30 PM", "b": "03/05/2025 12:30", "c": "2025-03-31T20:00:00Z"}
    place.land({f"{name}.csv": f"member,course,completed_at\n{name},intro,{day}\n" for name, day in days.items()})
    (found,) = run(place, "completions", "select member, completed_at from staging.completions order by 1")
    assert found == [
        ("a", datetime(2025, 3, 5, 11, 30)),
        ("b", datetime(2025, 3, 5, 3, 30)),
        ("c", datetime(2025, 3, 31, 20, 0)),
    ]


# Mostly or wholly rejected, and a `where` that nothing fits


@pytest.mark.fault("S10")
def test_a_file_most_of_whose_days_are_not_padded_is_held_by_run_and_trial_alike(place: Place) -> None:
    """Of ten days only the tenth can be read."""
    rows = [f"{member},2025-03-{day},5" for member in PEOPLE for day in range(1, 11)]
    place.configure({"activity": [{"files": "landing/unpadded.csv"}]})
    place.land({"unpadded.csv": "\n".join(["member,occurred_at,minutes", *rows]) + "\n"})
    before = tried(place, "unpadded.csv", "activity")
    found, ((_, said),) = run(place, "activity", FATES, SAID)
    assert found == [("held", 0, 0, 0, 0)]
    assert said == (
        "216 of its 240 records are rejected, 216 of them because occurred_at: not an instant "
        "(YYYY-MM-DD[THH:MM[:SS]][Z|±HH:MM]), first on line 2; `format` under `columns` says how dates "
        "are written, such as '%d/%m/%Y %H:%M'; accept it if the rest is enough"
    )
    assert (before.status, before.reason, before.loadable) == ("held", said, False)


@pytest.mark.fault("S10")
def test_a_small_file_of_which_nothing_fits_is_no_success(place: Place) -> None:
    """What the entry ignores is none of it."""
    place.configure({"activity": [{"files": "landing/*.csv", "where": {"kind": "exercise"}}]})
    place.land({"a.csv": "member,occurred_at,kind\nkim,soon,exercise\nlee,2025-03-01,video\n"})
    trial = tried(place, "a.csv", "activity")
    assert (trial.status, trial.reason, trial.loadable) == (
        "loaded",
        "every record would be rejected; `format` under `columns` says how dates are written, such as '%d/%m/%Y %H:%M'",
        False,
    )
    assert run(place, "activity", FATES) == [[("loaded", 2, 0, 1, 1)]]


@pytest.mark.fault("S10")
def test_a_where_that_nothing_fits_is_said_by_run_and_trial_alike(place: Place) -> None:
    place.configure({"activity": [{"files": "landing/*.csv", "where": {"minutes": "> 90"}}]})
    place.land({"a.csv": "member,occurred_at,minutes\nkim,2025-03-01,90\n"})
    before = tried(place, "a.csv", "activity")
    assert run(place, "activity", SAID) == [[(True, "no record counts: `where` asks for minutes: > 90")]]
    assert (before.status, before.reason) == ("loaded", "no record counts: `where` asks for minutes: > 90")


# Ratings

RATINGS = ["4"] * 34 + ["55"] * 6
FORM = "Timestamp,Rate us\n" + "".join(f"2025-03-01 10:00:{at:02},{text}\n" for at, text in enumerate(RATINGS))
OFF = "not a rating from 1 to 5, which rate asks for"
RETURNED = "select count(distinct response), count(answer) from staging.survey_responses"
RATE = {"kind": "rating", "scale": [1, 5]}


@pytest.mark.fault("S10")
@pytest.mark.parametrize(
    ("question", "surveys"), [(RATE, []), ({}, [{"id": "f", "questions": {"rate": RATE}}])], ids=["entry", "survey"]
)
def test_a_rating_off_its_scale_is_rejected_and_its_response_returned(
    place: Place, question: dict[str, Any], surveys: list[Any]
) -> None:
    entry = {"preset": "google_forms", "files": "landing/form.csv", "survey": "f"}
    questions = {"rate": {"header": "Rate us", **question}}
    place.configure({"survey_responses": [{**entry, "questions": questions}]}, surveys=surveys)
    place.land({"form.csv": FORM})
    before = tried(place, "form.csv", "survey_responses")
    returned, rejects = run(place, "survey_responses", RETURNED, REJECTS)
    assert returned == [(40, 34)]
    assert rejects == [("answer", "55", OFF, line) for line in range(36, 42)]
    assert [(b.rule, b.records, b.lines) for b in before.rejects] == [(OFF, 6, (36, 37, 38, 39, 40, 41))]


@pytest.mark.fault("S10")
def test_a_rating_off_its_scale_is_rejected_in_the_canonical_form(place: Place) -> None:
    questions = {"rate": RATE, "free": {"kind": "rating"}, "why": {"kind": "text"}}
    place.configure({"survey_responses": [{"files": "landing/a.csv"}]}, surveys=[{"id": "f", "questions": questions}])
    answers = [("rate", "1"), ("rate", "5.5"), ("rate", "five"), ("rate", ""), ("free", "99"), ("free", "n/a"),
               ("why", "99"), ("other", "99")]  # fmt: skip
    rows = [f"f,r{at},2025-03-01,{question},{answer}" for at, (question, answer) in enumerate(answers)]
    other = "g,r9,2025-03-01,rate,99"
    place.land({"a.csv": "\n".join(["survey,response,submitted_at,question,answer", *rows, other]) + "\n"})
    rejects, kept = run(place, "survey_responses", REJECTS, "select response from staging.survey_responses order by 1")
    assert rejects == [
        ("answer", "5.5", "not a rating from 1 to 5", 3),
        ("answer", "five", "not a rating from 1 to 5", 4),
        ("answer", "n/a", "not a rating: no number", 7),
    ]
    assert kept == [("r0",), ("r3",), ("r4",), ("r6",), ("r7",), ("r9",)]


# Days that are none


def test_the_beginning_of_a_clock_in_a_column_that_may_be_empty_is_no_day(place: Place) -> None:
    columns = {"member": "email", "completed_at": "completed", "started_at": "enrolled"}
    place.configure({"completions": [{"files": "landing/epoch.csv", "columns": columns}]})
    place.land(
        {
            "epoch.csv": "email,course,enrolled,completed\n"
            "bora,Safety,2025-02-01,2025-03-01\n"
            "duri,Safety,1970-01-01,2025-03-02\n"
            "gaon,Safety,2025-02-01,1970-01-01\n"
            "hana,Safety,2025-03-05,2025-03-01\n"
            "mina,Safety,1970-01-01T00:00:00Z,2025-03-03\n"
        }
    )
    starts = "select member, cast(started_at + interval 9 hour as date) from staging.completions order by 1"
    found, rejects = run(place, "completions", starts, REJECTS)
    assert found == [("bora", date(2025, 2, 1)), ("duri", None), ("hana", date(2025, 3, 5)), ("mina", None)]
    assert rejects == [("completed_at", "1970-01-01", "before 2000", 4)]


def test_who_has_not_finished_is_ignored_and_what_to_write_is_said(place: Place) -> None:
    rows = [f"{member},basics,in,{'2025-02-21' if member <= 'm03' else ''}" for member in PEOPLE]
    text = "\n".join(["member,course,state,finished", *rows]) + "\n"
    entry = {"files": "landing/enrolled.csv", "columns": {"completed_at": "finished"}}
    place.configure({"completions": [entry]})
    place.land({"enrolled.csv": text})
    before = tried(place, "enrolled.csv", "completions")
    found, said = run(place, "completions", FATES, SAID)
    note = "21 of 24 records ignored, completed_at is empty: fill it, or say `where: {finished: present}`"
    assert (found, said) == ([("loaded", 24, 3, 0, 21)], [(True, note)])
    assert (before.staged, before.ignored, before.reason) == (3, 21, note)
    place.configure({"completions": [{**entry, "where": {"finished": "present"}}]})
    assert run(place, "completions", FATES, SAID) == [[("loaded", 24, 3, 0, 21)], [(False, None)]]


def test_the_day_of_an_anonymous_survey_is_asked_for(place: Place) -> None:
    lime = (
        '"id","submitdate","lastpage","startlanguage","G1Q1","G1Q2[SQ001]","G1Q2[SQ002]"\n'
        '"1","1980-01-01 00:00:00","3","en","5","Y",""\n'
        '"2","1980-01-01 00:00:00","3","en","4","Y","Y"\n'
        '"3","","2","en","3","",""\n'
    )
    entry = {"files": "landing/lime.csv", "survey": "lime", "questions": {"useful": {"header": "G1Q1", **RATE}}}
    place.configure({"survey_responses": [{**entry, "columns": {"response": "id", "submitted_at": "submitdate"}}]})
    place.land({"lime.csv": lime})
    (rejects,) = run(place, "survey_responses", "select line, reason from raw.rejects order by 1")
    early = "before 2000; of anonymous responses without a day `values: {submitted_at: DAY}` gives one"
    assert rejects == [(2, early), (3, early), (4, "required")]
    said = {"values": {"submitted_at": "2025-03-01"}, "where": {"submitdate": "1980-01-01 00:00:00"}}
    place.configure({"survey_responses": [{**entry, "columns": {"response": "id"}, **said}]})
    answers = "select response, answer from staging.survey_responses order by 1"
    assert run(place, "survey_responses", answers) == [[("1", "5"), ("2", "4")]]


# Ids, headers, rows of one key


def test_an_id_with_an_e_among_its_digits_is_no_number(place: Place) -> None:
    place.configure({"roster": [{"files": "landing/roster.csv"}], "activity": [{"files": "landing/hex.csv"}]})
    place.land(
        {
            "roster.csv": "member,cohort\n4e528674,a\n4f528674,a\n",
            "hex.csv": "member,occurred_at,minutes\n4e528674,2025-02-01,30\n4f528674,2025-02-01,30\n",
        }
    )
    (found,) = run(place, "activity", "select member_id, cast(minutes as double) from staging.activity order by 1")
    assert found == [("4e528674", 30.0), ("4f528674", 30.0)]


@pytest.mark.fault("B21")
def test_equal_headers_that_nobody_asks_for_do_no_harm(place: Place) -> None:
    columns = {"submitted_at": {"from": "Timestamp", "format": "%m/%d/%Y %H:%M:%S"}, "member": "Email Address"}
    questions = {"useful": {"header": "How useful was it?", **RATE}}
    entry = {"files": "landing/forms.csv", "survey": "s", "columns": columns, "questions": questions}
    place.configure({"survey_responses": [entry]})
    place.land(
        {
            "forms.csv": "Timestamp,Email Address,How useful was it?,Comments,What next?,Comments\n"
            "3/14/2025 10:00:00,bora@example.org,5,Good,More,Thanks\n"
            "3/15/2025 10:00:00,duri@example.org,4,Slow,,Bye\n"
        }
    )
    (found,) = run(place, "survey_responses", "select answer, submitted_at from staging.survey_responses order by 1")
    assert found == [("4", datetime(2025, 3, 15, 1)), ("5", datetime(2025, 3, 14, 1))]


@pytest.mark.fault("S9")
@pytest.mark.parametrize("order", [1, -1])
def test_canceled_and_enrolled_again_on_one_day_is_in(place: Place, order: int) -> None:
    rows = ["m01,a,2025-01-07,\n", "m01,a,2025-01-07,2025-01-07\n", "m02,a,2025-01-07,\n"][::order]
    place.configure({"roster": [{"files": "landing/roster.csv"}]})
    place.land({"roster.csv": "member,cohort,joined_on,left_on\n" + "".join(rows)})
    (found,) = run(place, "roster", "select member, left_on from staging.roster order by 1")
    assert found == [("m01", None), ("m02", None)]
