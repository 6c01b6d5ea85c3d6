from __future__ import annotations

from typing import Any

import pytest

from tests.intake.homes import Place, fetch

pytestmark = pytest.mark.slow

MEETING = (
    "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants,\n"
    "123 4567 8901,Career talk,08/01/2023 08:58:30 PM,08/01/2023 10:01:00 PM,host@x.org,63,{announced},\n"
    "\n"
)
PEOPLE = (
    "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
    "Kim (김),kim@x.org,08/01/2023 08:58:30 PM,08/01/2023 09:28:30 PM,30,No\n"
    "Lee,,08/01/2023 12:00:00 AM,08/01/2023 12:30:15 AM,31,Yes\n"
    "Kim (김),kim@x.org,08/01/2023 09:20:30 PM,08/01/2023 09:38:30 PM,18,No\n"
    "Kim (김),kim@x.org,08/01/2023 09:50:30 PM,08/01/2023 10:00:30 PM,10,No\n"
)
DETAILS = (
    "Topic,Type,ID,Host name,Host email,Start time,End time,Participants,Duration (minutes),"
    "Name (original name),Email,Join time,Leave time,Duration (minutes)_1,Guest\n"
    "Clinic,Meeting,111 222 3333,H,h@x.org,08/29/2025 12:27:16 PM,08/29/2025 01:06:39 PM,3,40,"
    "A,a@x.org,08/29/2025 12:27:16 PM,08/29/2025 01:00:16 PM,33,No\n"
    "Clinic,Meeting,111 222 3333,H,h@x.org,08/29/2025 12:27:16 PM,08/29/2025 01:06:39 PM,3,40,"
    "B,b@x.org,08/29/2025 12:30:16 PM,08/29/2025 12:40:16 PM,10,No\n"
    ",,,,,,,,,,,,,,\n"
    "Clinic,Meeting,111 222 3333,H,h@x.org,08/30/2025 12:00:00 PM,08/30/2025 12:30:00 PM,2,30,"
    "A,a@x.org,08/30/2025 12:00:00 PM,08/30/2025 12:10:00 PM,10,No\n"
    "Clinic,Meeting,111 222 3333,H,h@x.org,08/30/2025 12:00:00 PM,08/30/2025 12:30:00 PM,2,30,"
    "A,a@x.org,08/30/2025 12:20:00 PM,08/30/2025 12:30:00 PM,10,No\n"
    ",,,,,,,,,,,,,,\n"
)
SESSION = "12345678901 2023-08-01T20:58:30"
ATTENDANCE = "select session, member, cast(minutes as double) from staging.attendance order by 1, 2"
FATES = "select rows, staged, rejected, superseded, ignored from raw.files"


def configure(place: Place, *sources: str, **entry: Any) -> None:
    settings = {"preset": "zoom", "files": "landing/*", "timezone": "Asia/Seoul", **entry}
    place.configure({source: [settings] for source in sources})


def test_who_joins_again_attends_once_for_as_long_as_any_join_lasted(place: Place) -> None:
    """Kim was in from 20:58:30 to 21:38:30 on two devices, and for ten minutes more."""
    configure(place, "attendance")
    place.land({"participants.csv": MEETING.format(announced=2) + PEOPLE})
    with place.staged() as con:
        assert fetch(con, ATTENDANCE) == [(SESSION, "Lee", 30.25), (SESSION, "kim@x.org", 50.0)]
        assert fetch(con, FATES) == [(4, 2, 0, 2, 0)]
        assert fetch(con, "select min(_line), max(_line) from raw.attendance") == [(5, 8)]


def test_every_time_in_and_out_is_kept_in_utc(place: Place) -> None:
    """Of one on two devices, both; the host of the meeting is one by address, in any case."""
    configure(place, "attendance")
    place.land({"a.csv": MEETING.format(announced=2).replace("host@x.org", "KIM@x.org") + PEOPLE})
    with place.staged() as con:
        times = "cast(joined_at as varchar), cast(left_at as varchar), stays"
        assert fetch(con, f"select member, role, {times} from staging.attendance order by 1") == [
            ("Lee", "participant", "2023-07-31 15:00:00", "2023-07-31 15:30:15", None),
            (
                "kim@x.org",
                "host",
                "2023-08-01 11:58:30",
                "2023-08-01 13:00:30",
                "2023-08-01T11:58:30Z/2023-08-01T12:28:30Z|2023-08-01T12:20:30Z/2023-08-01T12:38:30Z"
                "|2023-08-01T12:50:30Z/2023-08-01T13:00:30Z",
            ),
        ]


def test_the_meeting_above_its_participants_is_a_session(place: Place) -> None:
    configure(place, "sessions")
    place.land({"participants.csv": MEETING.format(announced=2) + PEOPLE})
    with place.staged() as con:
        columns = "session, kind, cast(starts_at as varchar), title, host, cast(minutes as int)"
        assert fetch(con, f"select {columns} from staging.sessions") == [
            (SESSION, "meeting", "2023-08-01 11:58:30", "Career talk", "host@x.org", 63)
        ]
        assert fetch(con, FATES) == [(4, 1, 0, 3, 0)]


def test_participants_may_be_announced_as_joins_or_as_people_else_it_is_said(place: Place) -> None:
    configure(place, "attendance")
    place.land({f"{number}.csv": MEETING.format(announced=number) + PEOPLE for number in (2, 4, 5)})
    assert place.rows("select path, reason from raw.files order by path") == [
        ("landing/2.csv", None),
        ("landing/4.csv", None),
        ("landing/5.csv", "the meeting at line 5 says 5 participants, lists 4 joins of 2 people"),
    ]


def test_without_a_meeting_the_entry_says_which_session_it_is(place: Place) -> None:
    configure(place, "attendance", "sessions", values={"session": {"filename": r"(?P<session>\d{4}-\d\d-\d\d)"}})
    place.land({"2023-08-01.csv": PEOPLE})
    with place.staged() as con:
        assert fetch(con, "select distinct session from staging.attendance") == [("2023-08-01",)]
        assert fetch(con, "select status, reason from raw.files where source = 'sessions'") == [
            ("ignored", "no meeting stands above its participants")
        ]


def test_without_a_meeting_and_without_a_word_of_the_entry_it_is_refused(place: Place) -> None:
    configure(place, "attendance")
    place.land({"a.csv": PEOPLE})
    assert place.rows("select status, reason from raw.files") == [
        ("quarantined", "it does not say session: declare `values: {session: …}` in the entry")
    ]


def test_unique_users_have_their_total(place: Place) -> None:
    configure(place, "attendance", values={"session": "s"})
    place.land(
        {"a.csv": "Name (original name),User Email,Total Duration (Minutes),Guest\nKim,kim@x.org,50,No\nLee,,31,Yes\n"}
    )
    assert place.rows("select member, minutes from raw.attendance order by 1") == [("Lee", "31"), ("kim@x.org", "50")]


def test_korean_participants(place: Place) -> None:
    """Times with the year first are certain; Korean columns, re-joins as in English."""
    configure(place, "attendance", values={"session": "s"})
    place.land(
        {
            "a.csv": "이름(원래 이름),사용자 이메일,참가 시간,나간 시간,기간(분),게스트\n"
            "김하나(하나),,2023-08-01 9:05,2023-08-01 9:35,30,예\n"
            "김하나(하나),,2023-08-01 9:30,2023-08-01 10:00,30,예\n"
        }
    )
    with place.staged() as con:
        assert fetch(con, ATTENDANCE) == [("s", "김하나(하나)", 55.0)]


def test_korean_times_of_an_unknown_form_are_declared(place: Place) -> None:
    people = (
        "이름(원래 이름),사용자 이메일,참가 시간,나간 시간,기간(분),게스트\n"
        "김하나,,2023/08/01 오후 08:58:30,2023/08/01 오후 09:28:30,30,예\n"
    )
    configure(place, "attendance", values={"session": "s"})
    place.land({"a.csv": people})
    assert place.rows("select status, reason from raw.files") == [
        ("quarantined", "no known form of dates and times: declare `datetime_format`, such as '%d/%m/%Y %H:%M'")
    ]
    configure(place, "attendance", values={"session": "s"}, datetime_format="%Y/%m/%d %p %I:%M:%S")
    assert place.rows("select minutes from raw.attendance") == [("30",)]


def test_korean_unique_users_below_a_report_s_title(place: Place) -> None:
    configure(place, "attendance", values={"session": "s"})
    place.land(
        {"a.csv": "회의 보고서,,\n주제,AI 아카데미,\n,,\n이름(원래 이름),사용자 이메일,참가 시간(분)\n팀_김,k@x,92\n"}
    )
    assert place.rows("select member, minutes, _line from raw.attendance") == [("k@x", "92", 5)]


def test_meeting_list_details(place: Place) -> None:
    """A recurring id is a session per start; rows of commas part meetings and are ignored."""
    configure(place, "attendance", "sessions")
    place.land({"meetinglistdetails.csv": DETAILS})
    with place.staged() as con:
        first, second = "1112223333 2025-08-29T12:27:16", "1112223333 2025-08-30T12:00:00"
        assert fetch(con, ATTENDANCE) == [(first, "a@x.org", 33.0), (first, "b@x.org", 10.0), (second, "a@x.org", 20.0)]
        assert fetch(con, "select session, host, title, cast(minutes as int) from staging.sessions order by 1") == [
            (first, "h@x.org", "Clinic", 40),
            (second, "h@x.org", "Clinic", 30),
        ]
        assert fetch(con, FATES + " order by source") == [(6, 3, 0, 1, 2), (6, 2, 0, 2, 2)]
        assert fetch(con, "select distinct reason from raw.files") == [
            ("the meeting at line 2 says 3 participants, lists 2 joins of 2 people",)
        ]


@pytest.mark.parametrize(("host", "found"), [("B,b@x.org", "b@x.org"), ("Kim,", "Kim"), ("H,h@x.org", None)])
def test_the_host_named_beside_the_participants_is_a_host(place: Place, host: str, found: str | None) -> None:
    configure(place, "attendance")
    place.land({"a.csv": DETAILS.replace("A,a@x.org", "Kim,").replace("H,h@x.org", host)})
    assert place.rows("select max(member) from raw.attendance where role = 'host'") == [(found,)]


def test_a_kind_of_session_may_be_declared(place: Place) -> None:
    configure(place, "sessions", values={"kind": "clinic"})
    place.land({"a.csv": DETAILS})
    assert place.rows("select distinct kind from raw.sessions") == [("clinic",)]


@pytest.mark.fault("B25")
def test_a_column_that_is_gone_is_said(place: Place) -> None:
    configure(place, "sessions", "attendance")
    place.land({"a.csv": DETAILS.replace("Topic,", "Thema,"), "b.csv": DETAILS.replace("Email,Join", "Mail,Join")})
    assert place.rows("select path, source, reason from raw.files where status <> 'loaded' order by all") == [
        ("landing/a.csv", "sessions", "the file has no column 'Topic'"),
        ("landing/b.csv", "attendance", "the file has no column 'User Email'"),
        ("landing/b.csv", "sessions", "the file has no column 'User Email'"),
    ]


def test_times_that_cannot_be_read_reject_their_record(place: Place) -> None:
    configure(place, "attendance", values={"session": "s"})
    place.land(
        {"a.csv": PEOPLE + "Park,,yesterday,today,1,Yes\nChoi,,08/01/2023 09:00:00 PM,08/01/2023 08:00:00 PM,,\n"}
    )
    with place.staged() as con:
        assert fetch(con, 'select "row", "column", value, reason, line from raw.rejects order by 1') == [
            (5, "minutes", "yesterday – today", "no known form of a date and time", 6),
            (6, "minutes", "08/01/2023 09:00:00 PM – 08/01/2023 08:00:00 PM", "left before it joined", 7),
        ]
        assert fetch(con, FATES) == [(6, 2, 2, 2, 0)]


def test_who_has_not_left_has_no_minutes(place: Place) -> None:
    configure(place, "attendance", values={"session": "s"})
    place.land({"a.csv": PEOPLE + "Lee,,08/01/2023 01:00:00 AM,,,Yes\n"})
    assert place.rows("select distinct minutes from raw.attendance where member = 'Lee'") == [("",)]


def test_hosts_are_left_out_by_what_the_file_says_of_guests(place: Place) -> None:
    configure(place, "attendance", where={"guest": "yes"})
    place.land({"a.csv": MEETING.format(announced=4) + PEOPLE})
    with place.staged() as con:
        assert fetch(con, "select member from staging.attendance") == [("Lee",)]
        assert fetch(con, FATES) == [(4, 1, 0, 0, 3)]
        assert fetch(con, "select reason from raw.files") == [(None,)]


def test_another_file_is_refused(place: Place) -> None:
    configure(place, "attendance")
    place.land({"a.csv": "name,minutes\nKim,3\n"})
    assert place.rows("select status, reason from raw.files") == [
        ("quarantined", "the file has no column 'Name (Original Name)', 'User Email'")
    ]
