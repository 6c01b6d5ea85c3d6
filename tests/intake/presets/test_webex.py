from __future__ import annotations

from typing import Any

import pytest

from tests.intake.homes import Place, fetch

pytestmark = pytest.mark.slow

NAMES = (
    "Session Name",
    "Meeting Name",
    "Meeting Start Time",
    "Meeting End Time",
    "Display Name",
    "Role",
    "Attendee Email",
    "Join Time",
    "Leave Time",
    "Attendance Duration",
)
SESSION = "Study circle 2025-03-10T19:00:00"
FATES = "select rows, staged, rejected, superseded, ignored from raw.files"


def report(*people: tuple[str, str, str, str, str, str], names: tuple[str, ...] = NAMES) -> bytes:
    """The file as Webex writes it; of a person the room, name, role, address, and the time in and out."""
    rows = [
        (
            room,
            "Study circle",
            timed("19:00:00"),
            timed("20:30:00"),
            name,
            role,
            email,
            timed(came),
            timed(went),
            "1 mins",
        )
        for room, name, role, email, came, went in people
    ]
    return "".join("\t".join(f'"{cell}"' for cell in row) + "\n" for row in (names, *rows)).encode("utf-16")


def timed(time: str) -> str:
    return f'=""2025-03-10 {time}""' if time else ""


CAME_BACK = (
    ("Main Session", "Duri", "Attendee", "duri@example.org", "19:10:00", "19:32:00"),
    ("Main Session", "Duri", "Attendee", "duri@example.org", "19:40:00", "20:19:00"),
    ("Breakout 1", "Duri", "Attendee", "duri@example.org", "19:50:00", "20:10:00"),
)
HOST = ("Main Session", "Bora", "Host", "bora@example.org", "19:02:11", "20:05:11")
GUEST = ("Main Session", "Gaon", "Attendee", "a1b2@guest.webex.localhost", "19:00:00", "19:15:30")


def configure(place: Place, *sources: str, **entry: Any) -> None:
    place.configure({source: [{"preset": "webex", "files": "landing/*", **entry}] for source in sources})


def test_who_comes_back_attends_once_and_a_breakout_room_is_no_time_on_top(place: Place) -> None:
    """Duri: 22 minutes and 39, the 20 in the breakout room among them. Gaon's address is one that Webex made up."""
    configure(place, "attendance")
    place.land({"participant.csv": report(*CAME_BACK, HOST, GUEST)})
    with place.staged() as con:
        query = "select session, member, role, cast(minutes as double) from staging.attendance order by member"
        assert fetch(con, query) == [
            (SESSION, "Gaon", "participant", 15.5),
            (SESSION, "bora@example.org", "host", 63.0),
            (SESSION, "duri@example.org", "participant", 61.0),
        ]
        assert fetch(con, FATES) == [(5, 3, 0, 2, 0)]


def test_the_meeting_is_a_session_with_its_host(place: Place) -> None:
    """Seven in the evening in Seoul is ten in the morning in UTC; it lasts until half past eight."""
    configure(place, "sessions")
    place.land({"participant.csv": report(*CAME_BACK, HOST)})
    with place.staged() as con:
        columns = "session, kind, cast(starts_at as varchar), title, host, cast(minutes as double)"
        assert fetch(con, f"select {columns} from staging.sessions") == [
            (SESSION, "meeting", "2025-03-10 10:00:00", "Study circle", "bora@example.org", 90.0)
        ]
        assert fetch(con, FATES) == [(4, 1, 0, 3, 0)]


def test_files_of_2020_have_another_header_for_the_name(place: Place) -> None:
    names = tuple("Name" if name == "Display Name" else name for name in NAMES)
    configure(place, "attendance")
    place.land({"participant.csv": report(GUEST, names=names)})
    assert place.rows("select member, minutes from raw.attendance") == [("Gaon", "15.5")]


@pytest.mark.parametrize(("came", "went"), [("20:00:00", "19:00:00"), ("", "19:00:00")])
def test_times_that_make_no_stay_are_rejected(place: Place, came: str, went: str) -> None:
    configure(place, "attendance")
    place.land({"participant.csv": report(HOST, ("Main Session", "Nari", "Attendee", "nari@example.org", came, went))})
    with place.staged() as con:
        assert fetch(con, FATES) == [(2, 1, 1, 0, 0)]


def test_a_meeting_without_an_end_lasts_an_unknown_time(place: Place) -> None:
    configure(place, "sessions")
    text = report(HOST).decode("utf-16").replace('"=""2025-03-10 20:30:00"""', '""')
    place.land({"participant.csv": text.encode("utf-16")})
    assert place.rows("select minutes from raw.sessions") == [("",)]
