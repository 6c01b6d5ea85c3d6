from __future__ import annotations

from typing import Any

import pytest

from tests.intake.homes import Place, fetch

pytestmark = pytest.mark.slow

HEADER = "First name,Last name,Email,Duration,Time joined,Time exited\n"
PEOPLE = (
    "Bora,Ahn,bora@example.org,1 hr 5 min,7:55 PM,9:00 PM\n"
    "Duri,Baek,duri@example.org,22 min,8:00 PM,8:50 PM\n"
    "Gaon,,,45 sec,8:59 PM,9:00 PM\n"
)
TIMES = "cast(joined_at as varchar), cast(left_at as varchar)"
STAGED = f"select session, member, cast(minutes as double), {TIMES} from staging.attendance order by member"


def configure(place: Place, **entry: Any) -> None:
    settings = {"preset": "google_meet", "files": "landing/*", "values": {"session": "circle"}, **entry}
    place.configure({"attendance": [settings]})


def test_times_are_of_the_day_in_the_path_and_minutes_are_the_duration(place: Place) -> None:
    """In Seoul, nine hours ahead. Duri was out for 28 of the 50 minutes: his leaving would say that he was not."""
    configure(place)
    place.land({"2025-03-03 circle.csv": HEADER + PEOPLE})
    with place.staged() as con:
        assert fetch(con, STAGED) == [
            ("circle", "Gaon", 0.75, "2025-03-03 11:59:00", "2025-03-03 12:00:00"),
            ("circle", "bora@example.org", 65.0, "2025-03-03 10:55:00", "2025-03-03 12:00:00"),
            ("circle", "duri@example.org", 22.0, "2025-03-03 11:00:00", None),
        ]
        assert fetch(con, "select rows, staged, rejected, superseded, ignored from raw.files") == [(3, 3, 0, 0, 0)]


def test_without_a_day_there_are_minutes_alone_and_a_note(place: Place) -> None:
    configure(place)
    place.land({"circle.csv": HEADER + PEOPLE})
    with place.staged() as con:
        assert [row[2:] for row in fetch(con, STAGED)] == [(0.75, None, None), (65.0, None, None), (22.0, None, None)]
        assert fetch(con, "select reason, needs_look from raw.files") == [
            ("its times have no day, so only minutes are read: put YYYY-MM-DD into its name, or say `exported`", False)
        ]


def test_who_leaves_after_midnight_leaves_on_the_next_day(place: Place) -> None:
    configure(place)
    place.land({"2025-03-03.csv": HEADER + "Bora,Ahn,bora@example.org,1 hr,23:30,0:30\n"})
    with place.staged() as con:
        assert fetch(con, STAGED) == [
            ("circle", "bora@example.org", 60.0, "2025-03-03 14:30:00", "2025-03-03 15:30:00")
        ]


@pytest.mark.parametrize(
    "row", ["Bora,Ahn,b@example.org,5 min,noon,9:00 PM\n", "Bora,Ahn,b@example.org,soon,8:00 PM,9:00 PM\n"]
)
def test_what_is_no_time_and_no_length_of_time_is_rejected(place: Place, row: str) -> None:
    configure(place)
    place.land({"2025-03-03.csv": HEADER + PEOPLE + row})
    with place.staged() as con:
        assert fetch(con, "select rows, staged, rejected, superseded, ignored from raw.files") == [(4, 3, 1, 0, 0)]


def test_an_entry_says_where_the_path_has_day_and_meeting(place: Place) -> None:
    """A path with two days: the one that `exported` finds counts."""
    configure(
        place,
        files="landing/meet/*",
        exported={"filename": r"/(?P<date>\d{4}-\d\d-\d\d) "},
        values={"session": {"filename": r"/(?P<session>[^/]+)\.csv"}},
    )
    place.land({"meet/2025-03-03 circle of 2025-02-24.csv": HEADER + PEOPLE})
    with place.staged() as con:
        assert fetch(con, STAGED)[0] == (
            "2025-03-03 circle of 2025-02-24",
            "Gaon",
            0.75,
            "2025-03-03 11:59:00",
            "2025-03-03 12:00:00",
        )


def test_a_meeting_that_nobody_names_is_refused(place: Place) -> None:
    configure(place, values={})
    place.land({"2025-03-03.csv": HEADER + PEOPLE})
    assert place.rows("select status, reason from raw.files") == [
        ("quarantined", "it does not say session: declare `values: {session: …}` in the entry")
    ]


def test_a_length_that_is_damaged_rejects_its_record_alone(place: Place) -> None:
    configure(place)
    place.land({"2025-03-03.csv": HEADER + PEOPLE.replace("22 min", "22222222222222222222222 min")})
    with place.staged() as con:
        assert fetch(con, "select rows, staged, rejected, superseded, ignored from raw.files") == [(3, 2, 1, 0, 0)]
