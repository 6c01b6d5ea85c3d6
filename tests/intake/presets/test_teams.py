from __future__ import annotations

import codecs
import re
from typing import Any

import pytest

from tests.intake.homes import Place, fetch

pytestmark = pytest.mark.slow

PARTICIPANTS = (
    "2. Participants\n"
    "Name\tFirst join\tLast leave\tIn-meeting duration\tEmail\tParticipant ID (UPN)\tRole\n"
    "Kim\t14/11/22, 09:30:00\t14/11/22, 09:50:00\t15m\tkim@x.org\tkim@x.org\tOrganizer\n"
    "Lee\t14/11/22, 09:31:00\t14/11/22, 09:50:15\t19m 15s\t\t\tPresenter\n"
)
ACTIVITIES = (
    "3. In-Meeting activities\n"
    "Name\tJoin time\tLeave time\tDuration\tEmail\tRole\n"
    "Kim\t14/11/22, 09:30:00\t14/11/22, 09:40:00\t10m\tkim@x.org\tOrganizer\n"
    "Kim\t14/11/22, 09:45:00\t14/11/22, 09:50:00\t5m\tkim@x.org\tOrganizer\n"
    "Lee\t14/11/22, 09:31:00\t14/11/22, 09:50:15\t19m 15s\t\tPresenter\n"
)
EVENTS = (
    "Full Name\tUser Action\tTimestamp\n"
    "Kim\tJoined\t{day}/12/2020, 12:00:00\n"
    "Kim\tLeft\t{day}/12/2020, 12:30:00\n"
    "Lee\tJoined\t{day}/12/2020, 12:10:00\n"
    "Kim\tJoined\t{day}/12/2020, 13:00:00\n"
    "Kim\tLeft\t{day}/12/2020, 13:15:30\n"
)
FATES = "select rows, staged, rejected, superseded, ignored from raw.files"
STATUS = "select status, reason from raw.files"


def report(attended: str = "2") -> str:
    summary = (
        f"1. Summary\nMeeting title\tScrum\nAttended participants\t{attended}\nStart time\t14/11/22, 09:29:07\n"
        "End time\t14/11/22, 09:50:14\nMeeting duration\t1h 21m 6s\nAverage attendance time\t18m 24s\n"
    )
    return f"{summary}\n{PARTICIPANTS}\n{ACTIVITIES}"


def utf_16_be(text: str) -> bytes:
    return codecs.BOM_UTF16_BE + text.encode("utf-16-be")


def configure(place: Place, *sources: str, **entry: Any) -> None:
    settings = {"preset": "teams", "files": "landing/*", "timezone": "Europe/Brussels", **entry}
    place.configure({source: [settings] for source in sources})


@pytest.mark.fault("B3")
def test_the_activities_of_a_report_are_attendance(place: Place) -> None:
    """UTF-16 BE with a mark, three sections; participants are the same people once more."""
    configure(place, "attendance")
    place.land({"a.csv": utf_16_be(report())})
    with place.staged() as con:
        assert fetch(con, "select session, member, cast(minutes as double) from staging.attendance order by 2") == [
            ("Scrum 2022-11-14T09:29:07", "Lee", 19.25),
            ("Scrum 2022-11-14T09:29:07", "kim@x.org", 15.0),
        ]
        assert fetch(con, FATES) == [(5, 2, 0, 1, 2)]
        assert fetch(con, "select _row, _line from raw.attendance order by 1") == [(3, 16), (4, 17), (5, 18)]
        assert fetch(con, "select status, reason, encoding from raw.files") == [("loaded", None, "utf-16-be")]


def test_every_time_in_and_out_is_kept_in_utc(place: Place) -> None:
    """The organizer is a host."""
    configure(place, "attendance")
    place.land({"a.csv": utf_16_be(report())})
    with place.staged() as con:
        times = "cast(joined_at as varchar), cast(left_at as varchar), stays"
        assert fetch(con, f"select member, role, {times} from staging.attendance order by 1") == [
            ("Lee", "participant", "2022-11-14 08:31:00", "2022-11-14 08:50:15", None),
            (
                "kim@x.org",
                "host",
                "2022-11-14 08:30:00",
                "2022-11-14 08:50:00",
                "2022-11-14T08:30:00Z/2022-11-14T08:40:00Z|2022-11-14T08:45:00Z/2022-11-14T08:50:00Z",
            ),
        ]


def test_the_summary_is_a_session(place: Place) -> None:
    configure(place, "sessions")
    place.land({"a.csv": utf_16_be(report())})
    with place.staged() as con:
        columns = "session, kind, cast(starts_at as varchar), title, host, cast(minutes as double)"
        assert fetch(con, f"select {columns} from staging.sessions") == [
            ("Scrum 2022-11-14T09:29:07", "meeting", "2022-11-14 08:29:07", "Scrum", "kim@x.org", 81.1)
        ]


def test_numbers_that_do_not_add_up_are_said(place: Place) -> None:
    configure(place, "attendance")
    place.land(
        {
            "a.csv": utf_16_be(
                report("3").replace(
                    "Lee\t14/11/22, 09:31:00\t14/11/22, 09:50:15\t19m 15s\t\tP",
                    "Park\t14/11/22, 09:31:00\t14/11/22, 09:50:15\t19m 15s\t\tP",
                )
            )
        }
    )
    assert place.rows(STATUS) == [
        (
            "loaded",
            "the summary says 3 attended, the report lists 2;"
            " 2 people stand either among the participants or in the activities, not in both",
        )
    ]


def test_a_report_without_its_activities_is_refused(place: Place) -> None:
    configure(place, "attendance")
    place.land({"a.csv": utf_16_be(report().partition("3. In")[0])})
    assert place.rows(STATUS) == [("quarantined", "a report without the section 'in-meeting activities'")]


def test_a_record_that_is_no_stay_is_rejected_with_its_line(place: Place) -> None:
    configure(place, "attendance")
    before = "Lee\t14/11/22, 09:31:00\t14/11/22, 09:50:15\t19m 15s\t\tPresenter\n"
    place.land({"a.csv": utf_16_be(report().replace(before, "Park\t14/11/22, 09:31:00\n" + before))})
    assert place.rows('select "row", reason, line from raw.rejects') == [(5, "2 fields where the header has 6", 18)]


@pytest.mark.fault("C8")
def test_day_and_month_are_certain_or_declared(place: Place) -> None:
    """The 13th and later decide; the 12th of December is either way; 11/12 may be two days."""
    configure(place, "attendance", values={"session": "s"})
    place.land({f"{day}.csv": EVENTS.format(day=day).encode("utf-16") for day in (11, 12, 13)})
    assert place.rows("select path, status from raw.files order by 1") == [
        ("landing/11.csv", "quarantined"),
        ("landing/12.csv", "loaded"),
        ("landing/13.csv", "loaded"),
    ]
    assert place.rows("select reason from raw.files where status = 'quarantined'") == [
        (
            "whether the day or the month comes first is not certain: declare "
            "`datetime_format: '%d/%m/%Y, %H:%M:%S'` (day first) or "
            "`datetime_format: '%m/%d/%Y, %H:%M:%S'` (month first)",
        )
    ]
    configure(place, "attendance", values={"session": "s"}, datetime_format="%d/%m/%Y, %H:%M:%S")
    assert place.rows("select distinct status from raw.files") == [("loaded",)]


def test_american_times(place: Place) -> None:
    american = re.sub(r"14/11/22, 0(9:\d\d:\d\d)", r"11/14/22, \1 PM", report())
    configure(place, "sessions")
    place.land({"a.csv": utf_16_be(american)})
    assert place.rows("select distinct starts_at from raw.sessions") == [("2022-11-14T21:29:07",)]


def test_joined_and_left(place: Place) -> None:
    """Who did not leave has no minutes; leaving closes the joining before it and is no attendance."""
    configure(place, "attendance", values={"session": "s"})
    place.land({"a.csv": EVENTS.format(day=13).encode("utf-16")})
    with place.staged() as con:
        assert fetch(con, "select member, cast(minutes as double) from staging.attendance order by 1") == [
            ("Kim", 45.5),
            ("Lee", None),
        ]
        assert fetch(
            con, "select cast(joined_at as varchar), left_at from staging.attendance where member = 'Lee'"
        ) == [("2020-12-13 11:10:00", None)]
        assert fetch(con, FATES) == [(5, 2, 0, 1, 2)]
        assert fetch(con, STATUS) == [("loaded", "1 joined and never left: no minutes for them")]


def test_events_that_fit_nothing_are_rejected(place: Place) -> None:
    configure(place, "attendance", values={"session": "s"})
    more = "Park\tLeft\t13/12/2020, 12:30:00\nPark\tWaved\t13/12/2020, 12:31:00\nPark\tJoined\tnoon\n"
    place.land({"a.csv": (EVENTS.format(day=13) + more).encode("utf-16")})
    assert place.rows('select "row", value, reason, line from raw.rejects order by 1') == [
        (6, "Left", "left without having joined", 7),
        (7, "Waved", "neither Joined nor Left", 8),
        (8, "noon", "no known form of a date and time", 9),
    ]


@pytest.mark.fault("S6")
def test_who_joined_before_the_list_begins_was_there(place: Place) -> None:
    """Joined before at 12:00, left at 12:20: 20 minutes; neither record is refused."""
    configure(place, "attendance", values={"session": "s"})
    more = "Park\tJoined before\t13/12/2020, 12:00:00\nPark\tLeft\t13/12/2020, 12:20:00\n"
    place.land({"a.csv": (EVENTS.format(day=13) + more).encode("utf-16")})
    with place.staged() as con:
        minutes = "select cast(minutes as double) from staging.attendance where member = 'Park'"
        assert fetch(con, minutes) == [(20.0,)]
        assert fetch(con, "select rows, staged, rejected, needs_look, reason from raw.files") == [
            (
                7,
                3,
                0,
                True,
                "1 were there before the list begins: their minutes count from its beginning; "
                "1 joined and never left: no minutes for them",
            )
        ]


@pytest.mark.fault("S6")
@pytest.mark.parametrize(
    ("header", "before", "left", "moment"),
    [
        (
            "Nome Completo\tAtividade\tCarimbo de data/hora",
            "Entrou antes de",
            "Saiu",
            "13/12/2020, 12:{}:00",
        ),
        (
            "Nom complet\tAction de l’utilisateur\tDate et heure",
            "Rejoint",
            "A quitté l'appel",
            "13/12/2020 à 12:{}:00",
        ),
    ],
    ids=["Portuguese", "French"],
)
def test_lists_in_other_languages(place: Place, header: str, before: str, left: str, moment: str) -> None:
    configure(place, "attendance", values={"session": "s"})
    rows = f"Kim\t{before}\t{moment.format('00')}\nKim\t{left}\t{moment.format('30')}\n"
    place.land({"a.csv": f"{header}\n{rows}".encode("utf-16")})
    with place.staged() as con:
        assert fetch(con, "select member, cast(minutes as double) from staging.attendance") == [("Kim", 30.0)]


@pytest.mark.fault("S6")
@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (
            "Full Name\tUser Action\tTimestamp",
            "a list whose words for joining and leaving are not known ('Beigetreten', 'Verlassen'): "
            "export it with Teams in English, Portuguese or French",
        ),
        (
            "Wer\tWas\tWann",
            "a list whose headers are not known ('Wer', 'Was', 'Wann'): "
            "export it with Teams in English, Portuguese or French",
        ),
    ],
)
def test_a_list_in_an_unknown_language_says_its_words(place: Place, header: str, reason: str) -> None:
    configure(place, "attendance", values={"session": "s"})
    rows = "Kim\tBeigetreten\t13/12/2020, 12:00:00\nKim\tVerlassen\t13/12/2020, 12:30:00\n"
    place.land({"a.csv": f"{header}\n{rows}".encode("utf-16")})
    assert place.rows(STATUS) == [("quarantined", reason)]


@pytest.mark.fault("D5")
def test_two_addresses_of_one_person_are_one_by_aliases_only(place: Place) -> None:
    events = EVENTS.format(day=13).replace("Kim", "kim@x.org").replace("Lee", "kim@school.org")
    entry = {"preset": "teams", "files": "landing/*.tsv", "values": {"session": "s"}}
    members = "select member, member_id from staging.attendance order by 1"
    place.land({"a.tsv": events.encode("utf-16"), "aliases.csv": "member,kind,value\nk1,email,KIM@x.org\n"})
    place.configure({"attendance": [entry], "aliases": [{"files": "landing/aliases.csv"}]})
    with place.staged() as con:
        assert fetch(con, members) == [("kim@school.org", None), ("kim@x.org", "k1")]
        assert fetch(con, "select value from ops.unmatched") == [("kim@school.org",)]
    place.land({"aliases.csv": "member,kind,value\nk1,email,KIM@x.org\nk1,email,kim@school.org\n"})
    with place.staged() as con:
        assert fetch(con, members) == [("kim@school.org", "k1"), ("kim@x.org", "k1")]
