from __future__ import annotations

from typing import Any

import pytest

from tests.intake.homes import Place, fetch

pytestmark = pytest.mark.slow

WEEKLY = """\
UID:circle@example.org
DTSTAMP:20240301T000000Z
DTSTART;TZID=Asia/Seoul:20240305T190000
DTEND;TZID=Asia/Seoul:20240305T203000
RRULE:FREQ=WEEKLY;COUNT=4
EXDATE;TZID=Asia/Seoul:20240312T190000
SUMMARY:Study circle
ORGANIZER;CN=Kim:mailto:kim@example.org
"""
MOVED = """\
UID:circle@example.org
DTSTAMP:20240301T000000Z
RECURRENCE-ID;TZID=Asia/Seoul:20240319T190000
DTSTART;TZID=Asia/Seoul:20240320T200000
DTEND;TZID=Asia/Seoul:20240320T210000
SUMMARY:Study circle, a day later
"""
COLUMNS = "session, cast(starts_at as varchar), title, host, cast(minutes as double)"
STAGED = f"select {COLUMNS} from staging.sessions order by starts_at"
FATES = "select rows, staged, rejected, superseded, ignored from raw.files"


def calendar(*events: str, **head: str) -> str:
    """A file of these events, in the lines as the format has them."""
    lines = "".join(f"{name.replace('_', '-')}:{value}\n" for name, value in head.items())
    bodies = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example//en\n{lines}{bodies}END:VCALENDAR\n"
    return text.replace("\n", "\r\n")


def configure(place: Place, **entry: Any) -> None:
    place.configure({"sessions": [{"preset": "icalendar", "files": "landing/*.ics", **entry}]})


def starts(place: Place, *events: str, **head: str) -> list[tuple[str, str]]:
    """Start and minutes of every session, as they are read."""
    place.land({"c.ics": calendar(*events, **head)})
    return place.rows("select starts_at, minutes from raw.sessions order by 1")


def test_a_session_for_every_occurrence_that_takes_place(place: Place) -> None:
    """Tuesdays at seven in Seoul, ten in UTC: the 5th, not the 12th, the 19th moved to the 20th, the 26th."""
    configure(place)
    place.land({"c.ics": calendar(WEEKLY, MOVED)})
    with place.staged() as con:
        assert fetch(con, STAGED) == [
            ("circle@example.org 2024-03-05T10:00:00Z", "2024-03-05 10:00:00", "Study circle", "kim@example.org", 90.0),
            ("circle@example.org 2024-03-20T11:00:00Z", "2024-03-20 11:00:00", "Study circle, a day later", None, 60.0),
            ("circle@example.org 2024-03-26T10:00:00Z", "2024-03-26 10:00:00", "Study circle", "kim@example.org", 90.0),
        ]
        assert fetch(con, FATES) == [(3, 3, 0, 0, 0)]
        assert fetch(con, "select _row, _line from raw.sessions order by _row") == [(1, 4), (2, 14), (3, 4)]


def test_what_is_canceled_is_no_session(place: Place) -> None:
    """One occurrence, and a series as a whole."""
    one = MOVED + "STATUS:CANCELLED\n"
    whole = WEEKLY.replace("circle@", "talk@") + "STATUS:CANCELLED\n"
    configure(place)
    place.land({"c.ics": calendar(WEEKLY, one, whole)})
    with place.staged() as con:
        assert fetch(con, "select cast(starts_at as varchar) from staging.sessions order by 1") == [
            ("2024-03-05 10:00:00",),
            ("2024-03-26 10:00:00",),
        ]
        assert fetch(con, FATES) == [(4, 2, 0, 0, 2)]


@pytest.mark.parametrize(
    ("lasts", "minutes"),
    [
        ("DURATION:PT1H30M", "90"),
        ("DTEND:20240305T100030Z", "0.5"),
        ("", ""),
        ("DTEND:20240305T100000Z", ""),
    ],
)
def test_an_event_without_an_end_lasts_an_unknown_time_not_none(place: Place, lasts: str, minutes: str) -> None:
    configure(place)
    event = f"UID:a\nDTSTAMP:20240301T000000Z\nDTSTART:20240305T100000Z\n{lasts}"
    assert starts(place, event) == [("2024-03-05T10:00:00Z", minutes)]


def test_a_whole_day_is_no_length_of_a_session(place: Place) -> None:
    """It begins with the day where the program is: at three in the afternoon in UTC of the day before."""
    configure(place)
    event = "UID:a\nDTSTAMP:20240301T000000Z\nDTSTART;VALUE=DATE:20240401\nDTEND;VALUE=DATE:20240403\nSUMMARY:Hackathon"
    place.land({"c.ics": calendar(event)})
    with place.staged() as con:
        assert fetch(con, STAGED) == [("a 2024-04-01", "2024-03-31 15:00:00", "Hackathon", None, None)]


def test_a_time_without_a_zone_is_of_the_entry_s(place: Place) -> None:
    configure(place, timezone="Europe/Berlin")
    place.land({"c.ics": calendar("UID:a\nDTSTAMP:20240301T000000Z\nDTSTART:20240401T100000\nDURATION:PT1H")})
    with place.staged() as con:
        assert fetch(con, "select cast(starts_at as varchar) from staging.sessions") == [("2024-04-01 08:00:00",)]


def test_clocks_that_go_forward_do_not_move_a_session(place: Place) -> None:
    """Ten in the morning in Berlin: nine in UTC in winter, eight from 31 March on."""
    configure(place)
    event = (
        "UID:a\nDTSTAMP:20240301T000000Z\nDTSTART;TZID=Europe/Berlin:20240325T100000\n"
        "DURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2"
    )
    assert starts(place, event) == [("2024-03-25T09:00:00Z", "60"), ("2024-04-01T08:00:00Z", "60")]


def test_a_rule_without_an_end_is_followed_for_a_year_after_the_file_was_made(place: Place) -> None:
    """Every first of January since 2022; stamped in June 2024, so 2025's is the last."""
    configure(place)
    event = "UID:a\nDTSTAMP:20240601T000000Z\nDTSTART:20220101T100000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY"
    assert [start[:4] for start, _ in starts(place, event)] == ["2022", "2023", "2024", "2025"]


@pytest.mark.parametrize(
    "bad",
    [
        "UID:b\nDTSTAMP:20240301T000000Z\nSUMMARY:Sometime",
        "UID:b\nDTSTAMP:20240301T000000Z\nDTSTART:tomorrow",
        "UID:b\nDTSTAMP:20240301T000000Z\nDTSTART:20240401T100000Z\nDTEND:20240401T090000Z",
        "UID:b\nDTSTAMP:20240301T000000Z\nDTSTART;TZID=Nowhere/Nothing:20240401T100000",
        "UID:b\nDTSTAMP:20240301T000000Z\nDTSTART:20240401T100000Z\nRRULE:FREQ=NEVER",
        "DTSTAMP:20240301T000000Z\nDTSTART:20240401T100000Z",
        WEEKLY.replace("circle@", "b@").replace(";COUNT=4", ";COUNT4"),
        WEEKLY.replace("circle@", "b@").replace("EXDATE;TZID=", "EXDATE;TZ"),
        WEEKLY.replace("circle@", "b@").replace("EXDATE;TZID=Asia/Seoul:", "EXDATE;TZID=Asia/Nowhere:"),
        WEEKLY.replace("circle@", "b@").replace(":20240312T190000", ":2024031T190000"),
        WEEKLY.replace("circle@", "b@").replace("DTSTART;TZID=", "DTSTART;TZIE="),
        WEEKLY.replace("circle@", "b@") + "SUMMARY:Study circle\n",
        WEEKLY.replace("circle@", "b@") + "DTEND;TZID=Asia/Seoul:20240305T203000\n",
        WEEKLY.replace("circle@", "b@").replace("20240305", "99991231"),
    ],
)
def test_an_event_that_is_none_is_rejected_alone(place: Place, bad: str) -> None:
    configure(place)
    place.land({"c.ics": calendar(bad, WEEKLY)})
    with place.staged() as con:
        assert fetch(con, FATES) == [(4, 3, 1, 0, 0)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (calendar(WEEKLY)[:-20], "a calendar without its end: cut off"),
        ("session,starts_at\na,2024-03-05\n", "no calendar: it does not begin with BEGIN:VCALENDAR"),
        (calendar(WEEKLY).replace("VERSION:2.0", "and so on"), "no calendar: one of its lines is none of iCalendar's"),
        (
            calendar(WEEKLY).replace("BEGIN:VEVENT", "BEGIN:VUVENT"),
            "no calendar: one of its lines is none of iCalendar's",
        ),
        (calendar(WEEKLY).replace("EXDATE", "EX\rDATE"), "no calendar: one of its lines is none of iCalendar's"),
    ],
)
def test_what_is_no_calendar_is_refused(place: Place, text: str, reason: str) -> None:
    configure(place)
    place.land({"c.ics": text})
    assert place.rows("select status, reason from raw.files") == [("quarantined", reason)]


def test_an_exception_that_says_its_uid_twice_is_none_without_its_series(place: Place) -> None:
    """What was moved would else take place on its old day too."""
    configure(place)
    place.land({"c.ics": calendar(WEEKLY, "UID:circle@example.org\n" + MOVED)})
    with place.staged() as con:
        assert fetch(con, FATES) == [(1, 0, 1, 0, 0)]


def test_the_ends_of_time_do_not_break_a_calendar(place: Place) -> None:
    """A stamp in the year 1 or 9999, which tools write for none."""
    configure(place)
    stamped = ("UID:a\nDTSTAMP:99991231T235959Z", "UID:b\nDTSTAMP;TZID=Asia/Seoul:00010101T000000")
    for event in stamped:
        assert starts(place, f"{event}\nDTSTART:20240401T100000Z\nDURATION:PT1H")[0] == ("2024-04-01T10:00:00Z", "60")


def test_an_entry_chooses_events_and_says_their_kind(place: Place) -> None:
    clinic = "UID:a\nDTSTAMP:20240301T000000Z\nDTSTART:20240401T100000Z\nCATEGORIES:Clinic\nSUMMARY:SQL"
    lunch = "UID:b\nDTSTAMP:20240301T000000Z\nDTSTART:20240402T100000Z\nSUMMARY:Lunch"
    configure(place, where={"Categories": "Clinic"}, values={"kind": "clinic"})
    place.land({"c.ics": calendar(clinic, lunch)})
    with place.staged() as con:
        assert fetch(con, "select title, kind from staging.sessions") == [("SQL", "clinic")]
        assert fetch(con, FATES) == [(2, 1, 0, 0, 1)]


HOLIDAY = "UID:d\nDTSTAMP:20240301T000000Z\nDTSTART;VALUE=DATE:20240301\nSUMMARY:Independence Movement Day\n"
NOTED = "select rows, staged, ignored, reason from raw.files"


def test_events_of_a_whole_day_are_noted_until_somebody_says_which_count(place: Place) -> None:
    """Three meetings of the circle, and a holiday."""
    configure(place)
    place.land({"c.ics": calendar(WEEKLY, MOVED, HOLIDAY)})
    with place.staged() as con:
        noted = "1 events of a whole day are sessions too: `skip_matching` leaves holidays and the like out"
        assert fetch(con, NOTED) == [(4, 4, 0, noted)]
    configure(place, skip_matching="Day$")
    with place.staged() as con:
        assert fetch(con, NOTED) == [(4, 3, 1, None)]


TALK = "UID:talk@example.org\nDTSTAMP:20240301T000000Z\nDTSTART:{at}\nDURATION:PT1H\nSUMMARY:{title}\n"


@pytest.mark.parametrize(
    ("sequences", "stands"),
    [(("", ""), "2024-03-05 10:00:00"), (("SEQUENCE:1\n", "SEQUENCE:2\n"), "2024-03-06 10:00:00")],
)
def test_of_two_events_with_one_uid_one_is_rejected_and_named(
    place: Place, sequences: tuple[str, str], stands: str
) -> None:
    """The later SEQUENCE stands, else the first."""
    days = ("20240305T100000Z", "20240306T100000Z")
    events = [TALK.format(at=at, title="Talk") + said for at, said in zip(days, sequences, strict=True)]
    configure(place)
    place.land({"c.ics": calendar(*events)})
    with place.staged() as con:
        assert fetch(con, "select cast(starts_at as varchar) from staging.sessions") == [(stands,)]
        assert fetch(con, FATES) == [(2, 1, 1, 0, 0)]
        (reason,) = fetch(con, "select reason from raw.rejects")
        assert reason == ("another event has its UID, and its place in the series",)
