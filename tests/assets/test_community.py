"""Attendance merged by person and session, community and support by month, on tiny literal programs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .tiny import Tiny


def session(tiny: Tiny, name: str, starts_at: str, minutes: float | None = 60, **more: Any) -> None:
    tiny.add("staging.sessions", **{"kind": "talk", **more}, session=name, minutes=minutes,
             starts_at=datetime.fromisoformat(starts_at))  # fmt: skip


def attend(tiny: Tiny, of: str, who: str | None, span: str = "", **more: Any) -> None:
    """``span`` is ``HH:MM-HH:MM`` on 1 April, the second of them perhaps left out."""
    times = [datetime.fromisoformat(f"2022-04-01T{time}") for time in span.split("-") if time]
    row = {"member": who or "stranger", "status": "attended", "role": "participant", "_file_id": "f"}
    tiny.add("staging.attendance", **{**row, **more}, session=of, member_id=who,
             joined_at=times[0] if times else None, left_at=times[1] if len(times) > 1 else None,
             _row=len(tiny.given.get("staging.attendance", [])))  # fmt: skip


def ask(tiny: Tiny, opened: str, answered: str | None = None, **more: Any) -> None:
    tiny.add("staging.support_requests", **more, opened_at=datetime.fromisoformat(opened),
             answered_at=datetime.fromisoformat(answered) if answered else None)  # fmt: skip


def minutes(tiny: Tiny, where: str = "true") -> list[tuple[Any, ...]]:
    return [(name, None if found is None else float(found)) for name, found in
            tiny.rows("core.session_attendances", "member_id, minutes", where)]  # fmt: skip


def strays(tiny: Tiny) -> list[tuple[Any, ...]]:
    return tiny.rows(
        "core.stays", "named_session, strftime(joined_at, '%H:%M'), stray_reason", "stray_reason is not null"
    )


def test_times_of_a_person_under_two_names_in_two_tools_are_one_union(tiny: Tiny) -> None:
    session(tiny, "s", "2022-04-01T01:00")
    attend(tiny, "s", "a", "01:00-01:20", member="a@x.org", _file_id="zoom")
    attend(tiny, "s", "a", "01:10-01:30", member="a@y.org", _file_id="teams")
    attend(tiny, "s", "a", "01:50-02:00", member="a@y.org", _file_id="teams")
    columns = "member_id, minutes, joins, first_joined_at, last_left_at, names, files, matched_by, distance_minutes"
    assert tiny.rows("core.session_attendances", columns) == [
        ("a", Decimal(40), 3, datetime(2022, 4, 1, 1), datetime(2022, 4, 1, 2), 2, 2, "name", 0.0)
    ]


def test_all_times_of_one_row_count_each(tiny: Tiny) -> None:
    session(tiny, "s", "2022-04-01T01:00")
    stays = "2022-04-01T01:00:00Z/2022-04-01T01:10:00Z|2022-04-01T01:30:00Z/2022-04-01T01:31:15Z"
    attend(tiny, "s", "a", "01:00-01:31", stays=stays, minutes=11.25)
    attend(tiny, "s", "a", "01:05-01:12", member="other name")
    assert minutes(tiny) == [("a", 13.25)]
    assert tiny.rows("core.session_attendances", "joins") == [(3,)]


def test_minutes_are_those_within_the_window_of_the_session(tiny: Tiny) -> None:
    session(tiny, "s", "2022-04-01T01:00")
    attend(tiny, "s", "a", "00:50-01:10")
    attend(tiny, "s", "b", "01:55-02:20")
    attend(tiny, "s", "early", "00:40-01:00")
    attend(tiny, "s", "late", "02:00-02:10")
    assert minutes(tiny) == [("a", 10.0), ("b", 5.0)]
    assert strays(tiny) == [("s", "00:40", "outside_session"), ("s", "02:00", "outside_session")]


def test_a_session_of_unknown_length_has_no_end(tiny: Tiny) -> None:
    session(tiny, "s", "2022-04-01T01:00", None)
    attend(tiny, "s", "a", "00:50-09:00")
    assert minutes(tiny) == [("a", 480.0)]


def test_without_times_the_most_minutes_that_a_file_says_count(tiny: Tiny) -> None:
    session(tiny, "s", "2022-04-01T01:00")
    attend(tiny, "s", "a", minutes=30, member="a@x.org")
    attend(tiny, "s", "a", minutes=45, member="a@y.org")
    attend(tiny, "s", "b", minutes=20)
    attend(tiny, "s", "b", "01:00-01:25")
    attend(tiny, "s", "c")
    assert minutes(tiny) == [("a", 45.0), ("b", 25.0), ("c", None)]


def test_who_never_left_was_there_for_nobody_knows_how_long(tiny: Tiny) -> None:
    session(tiny, "s", "2022-04-01T01:00")
    attend(tiny, "s", "a", "01:00-01:10")
    attend(tiny, "s", "a", "01:30")
    attend(tiny, "s", "b", "01:30", minutes=10)
    assert minutes(tiny) == [("a", None), ("b", 10.0)]


def test_attended_is_more_than_registered_and_that_more_than_waitlisted(tiny: Tiny) -> None:
    session(tiny, "s", "2022-04-01T01:00")
    for member, statuses in (("a", ("registered", "attended")), ("b", ("waitlisted", "registered"))):
        for status in statuses:
            attend(tiny, "s", member, status=status, member=f"{member} {status}")
    attend(tiny, "s", "c", status="registered")
    attend(tiny, "s", "c", "05:00-06:00")
    assert tiny.rows("core.session_attendances", "member_id, status") == [
        ("a", "attended"), ("b", "registered"), ("c", "registered"),
    ]  # fmt: skip


def test_ratings_of_one_person_are_their_mean(tiny: Tiny) -> None:
    session(tiny, "s", "2022-04-01T01:00")
    attend(tiny, "s", "a", rating=4, stays="2022-04-01T01:00:00Z/2022-04-01T01:10:00Z|2022-04-01T01:30:00Z/")
    attend(tiny, "s", "a", rating=5, member="other name")
    assert tiny.rows("core.session_attendances", "rating") == [(4.5,)]


def test_hosts_are_those_whom_the_session_the_row_or_another_name_says(tiny: Tiny) -> None:
    tiny.given["core.parameters"][0]["has_names"] = True
    for member in "abcd":
        tiny.add("staging.roster", member=member, member_id=member, cohort="x")
    tiny.add("staging.aliases", member="a", member_id="a", kind="email", value="Host@X.org")
    session(tiny, "s", "2022-04-01T01:00", host="host@x.org")
    session(tiny, "t", "2022-04-01T03:00", host="b", kind="clinic")
    for name, member, role in (("s", "a", "participant"), ("s", "b", "participant"), ("s", "c", "host"),
                               ("t", "a", "participant"), ("t", "b", "participant")):  # fmt: skip
        attend(tiny, name, member, role=role)
    assert tiny.rows("core.session_attendances", "session, member_id", "is_host") == [
        ("s", "a"),
        ("s", "c"),
        ("t", "b"),
    ]


def test_a_session_unknown_by_name_is_never_guessed(tiny: Tiny) -> None:
    session(tiny, "s", "2022-04-01T01:00")
    attend(tiny, "Zoom 1", "a", "01:00-01:30")
    assert minutes(tiny) == []
    assert strays(tiny) == [("Zoom 1", "01:00", "unknown_session")]


def test_where_declared_the_one_session_held_then_is_meant(tiny: Tiny) -> None:
    tiny.add("core.session_windows", margin_minutes=15)
    session(tiny, "s", "2022-04-01T01:00")
    session(tiny, "t", "2022-04-01T02:20")
    for member, span in (("a", "00:45-01:30"), ("b", "00:44-01:30"), ("c", "02:04-02:30"), ("d", "02:10-02:30"),
                         ("e", "02:15-02:30"), ("f", "03:35-03:40")):  # fmt: skip
        attend(tiny, "Zoom 1", member, span)
    attend(tiny, "Zoom 1", "g", minutes=3)
    attend(tiny, "s", "h", "01:00-01:10")
    columns = "session, member_id, matched_by, distance_minutes, minutes"
    assert tiny.rows("core.session_attendances", columns) == [
        ("s", "a", "window", -15.0, Decimal(30)),
        ("s", "h", "name", 0.0, Decimal(10)),
        ("t", "e", "window", -5.0, Decimal(10)),
    ]
    assert strays(tiny) == [
        ("Zoom 1", "00:44", "no_session_then"),
        ("Zoom 1", "02:04", "outside_session"),
        ("Zoom 1", "02:10", "several_sessions_then"),
        ("Zoom 1", "03:35", "no_session_then"),
        ("Zoom 1", None, "no_time"),
    ]


def test_nothing_after_as_of_counts(tiny: Tiny) -> None:
    session(tiny, "s", "2022-04-30T14:59", 120)  # 30 April in Seoul, the last minute of as_of
    session(tiny, "t", "2022-04-30T15:00")
    for name, at in (("s", "2022-04-30T14:59"), ("s", "2022-04-30T15:00"), ("t", "2022-04-30T15:00")):
        tiny.add("staging.attendance", session=name, member=at, member_id=at, status="attended", role="participant",
                 joined_at=datetime.fromisoformat(at))  # fmt: skip
    assert minutes(tiny) == [("2022-04-30T14:59", None)]


COMMUNITY = "month, kind, sessions, attendances, unique_members, members, attendance_rate, mean_rating"


def test_community_by_month_of_the_program_and_kind(tiny: Tiny) -> None:
    for member in "abcd":
        left_on = date(2022, 4, 1) if member == "d" else None
        tiny.add("staging.roster", member=member, member_id=member, cohort="x", left_on=left_on)
    session(tiny, "late", "2022-03-31T15:00")  # 1 April in Seoul
    session(tiny, "next", "2022-04-10T01:00")
    session(tiny, "clinic", "2022-03-31T14:59", kind="clinic")  # 31 March
    session(tiny, "empty", "2022-03-10T01:00")
    session(tiny, "to come", "2022-04-30T15:00")
    for name, who, rating in (("late", "a", 5), ("late", "b", 4), ("next", "a", None), ("clinic", "c", None),
                              ("to come", "a", 1), ("late", None, 1)):  # fmt: skip
        attend(tiny, name, who, rating=rating)
    assert tiny.rows("kpi.community", COMMUNITY) == [
        (date(2022, 3, 1), "clinic", 1, 1, 1, 4, 0.25, None),
        (date(2022, 3, 1), "talk", 1, 0, 0, 4, 0.0, None),
        (date(2022, 4, 1), "talk", 2, 3, 2, 3, 2 / 3, 4.5),
    ]


def test_hosts_count_for_nothing(tiny: Tiny) -> None:
    tiny.add("staging.roster", member="a", member_id="a", cohort="x")
    session(tiny, "s", "2022-04-01T01:00", capacity=4)
    attend(tiny, "s", "h", role="host", rating=1)
    attend(tiny, "s", "a", rating=5)
    columns = "attendances, unique_members, attendance_rate, mean_rating, places_taken"
    assert tiny.rows("kpi.community", columns) == [(1, 1, 1.0, 5.0, 1)]


def test_places_are_filled_in_sessions_that_have_a_limit(tiny: Tiny) -> None:
    session(tiny, "office hours", "2022-04-01T01:00", capacity=3)
    session(tiny, "open", "2022-04-02T01:00")
    session(tiny, "closed", "2022-04-03T01:00", capacity=0, kind="clinic")
    for name, member, status in (("office hours", "a", "attended"), ("office hours", "b", "attended"),
                                 ("office hours", "c", "registered"), ("office hours", "d", "waitlisted"),
                                 ("open", "a", "attended")):  # fmt: skip
        attend(tiny, name, member, status=status)
    columns = "kind, attendances, registered, capacity, places_taken, fill_rate, members, attendance_rate"
    assert tiny.rows("kpi.community", columns) == [
        ("clinic", 0, 0, 0, 0, None, 0, None),
        ("talk", 3, 1, 3, 2, 2 / 3, 0, None),
    ]


def test_questions_stand_in_the_month_they_were_raised_in_beside_their_kind_of_session(tiny: Tiny) -> None:
    session(tiny, "s", "2022-04-10T01:00", kind="clinic")
    ask(tiny, "2022-03-31T00:00", "2022-03-31T03:00", session="s")
    ask(tiny, "2022-04-01T00:00", "2022-04-01T01:00", session="s")
    ask(tiny, "2022-04-01T00:00", "2022-04-01T02:00", session="s")
    ask(tiny, "2022-04-02T00:00", session="unknown")
    ask(tiny, "2022-04-03T00:00", "2022-05-03T00:00")
    ask(tiny, "2022-05-01T00:00")
    columns = "month, kind, sessions, questions, answered, median_hours_to_answer"
    assert tiny.rows("kpi.community", columns) == [
        (date(2022, 3, 1), "clinic", 0, 1, 1, 3.0),
        (date(2022, 4, 1), "(none)", 0, 2, 0, None),
        (date(2022, 4, 1), "clinic", 1, 2, 2, 1.5),
    ]


SUPPORT = "month, channel, topic, opened, answered, open_at_end"


def test_what_is_open_stays_open_until_the_month_of_its_answer(tiny: Tiny) -> None:
    ask(tiny, "2022-01-10T00:00", "2022-03-31T14:59:59", channel="chat", topic="seats")  # 31 March in Seoul
    ask(tiny, "2022-01-11T00:00", "2022-01-12T00:00", channel="chat", topic="seats")
    ask(tiny, "2022-04-01T00:00", "2022-05-01T00:00", channel="chat")
    ask(tiny, "2022-04-02T00:00", "2022-04-01T00:00")
    assert tiny.rows("kpi.support", SUPPORT) == [
        (date(2022, 1, 1), "chat", "seats", 2, 2, 1),
        (date(2022, 2, 1), "chat", "seats", 0, 0, 1),
        (date(2022, 4, 1), "(none)", "(none)", 1, 1, 0),
        (date(2022, 4, 1), "chat", "(none)", 1, 0, 1),
    ]


def test_an_answer_before_its_question_is_no_hours(tiny: Tiny) -> None:
    ask(tiny, "2022-04-02T00:00", "2022-04-01T00:00")
    ask(tiny, "2022-04-02T00:00", "2022-04-02T00:30")
    assert tiny.rows("kpi.support", "answered, median_hours_to_answer") == [(2, 0.5)]


def test_questions_asked_ahead_passed_on_and_answered_by_members(tiny: Tiny) -> None:
    tiny.given["core.parameters"][0]["has_names"] = True
    for member, role in (("a", "learner"), ("b", "builder"), ("m", "mentor"), ("s", "staff"), ("n", None)):
        tiny.add("staging.roster", member=member, member_id=member, cohort="x", role=role, email=f"{member}@x.org")
    tiny.add("staging.aliases", member="b", member_id="b", kind="discord", value="Bee")
    session(tiny, "s", "2022-04-10T01:00")
    for opened, by in (("00:59", "A@X.org"), ("01:00", "Bee"), ("01:01", "m"), ("01:02", "s"), ("01:03", "n"),
                       ("01:04", "nobody"), ("01:05", None)):  # fmt: skip
        ask(tiny, f"2022-04-10T{opened}", "2022-04-11T00:00", session="s", answered_by=by)
    ask(tiny, "2022-04-10T00:00", "2022-05-11T00:00", session="s", answered_by="a", escalated_to="sponsor")
    columns = "opened, answered, escalated, asked_ahead, answered_by_members"
    assert tiny.rows("kpi.support", columns) == [(8, 7, 1, 2, 3)]


def test_a_name_in_an_export_is_nobodys_though_program_yaml_may_call_a_member_so(tiny: Tiny) -> None:
    tiny.given["core.parameters"][0]["has_names"] = True
    tiny.add("staging.roster", member="a", member_id="a", cohort="x", role="learner", name="Ann Lee")
    tiny.add("core.leaves", member="Ann Lee", starts_on=date(2022, 4, 1))
    ask(tiny, "2022-04-10T00:00", "2022-04-11T00:00", answered_by="Ann Lee")
    assert tiny.rows("kpi.support", "answered, answered_by_members") == [(1, 0)]
    assert tiny.rows("core.named_members", "named_by, member_id") == [("file", None), ("program.yaml", "a")]


def test_the_role_of_who_answered_is_that_of_the_day(tiny: Tiny) -> None:
    tiny.given["core.parameters"][0]["has_names"] = True
    tiny.add("staging.roster", member="a", member_id="a", cohort="x", role="learner", joined_on=date(2022, 1, 1))
    tiny.add("staging.roster", member="a", member_id="a", cohort="y", role="mentor", joined_on=date(2022, 4, 2))
    for day in ("01", "02"):
        ask(tiny, "2022-04-01T00:00", f"2022-04-{day}T00:00", answered_by="a")
    assert tiny.rows("kpi.support", "answered, answered_by_members") == [(2, 1)]


def test_whose_name_resolves_to_nobody_asked_nothing_that_counts(tiny: Tiny) -> None:
    ask(tiny, "2022-04-01T00:00", member="stranger")
    ask(tiny, "2022-04-01T00:00", member="a", member_id="a")
    ask(tiny, "2022-04-01T00:00")
    assert tiny.rows("kpi.support", "opened") == [(2,)]


def test_stray_attendance_is_listed_with_its_file(tiny: Tiny) -> None:
    attend(tiny, "s", None, "01:00")
    columns = "session, person, joined_at, left_at, reason, _file_id, _row"
    assert tiny.rows("ops.stray_attendance", columns) == [
        ("s", "stranger", datetime(2022, 4, 1, 1), None, "unknown_session", "f", 0)
    ]
