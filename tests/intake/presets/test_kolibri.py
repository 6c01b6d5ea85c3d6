from __future__ import annotations

from tests.intake.homes import Place

SESSION = (
    "Facility name,Username,Channel id,Channel name,Content id,Content title,Time of first interaction,"
    "Time of last interaction,Time Spent (sec),Progress (0-1),Content kind,Topic level 1\n"
)
SUMMARY = (
    "Facility name,Username,Channel id,Channel name,Content id,Content title,Time of first interaction,"
    "Time of last interaction,Time of completion,Time Spent (sec),Progress (0-1),Content kind\n"
)
START, END = "2024-03-05 01:00:00.123456+00:00", "2024-03-05 01:01:30+00:00"
VISIT = f'Home,ana,c1,Math,k1,"Sums, easy",{START},{END},90.0,0.5000,video,Numbers\n'
DONE = f'Home,ana,c1,Math,k1,"Sums, easy",{START},{END},{END},90.0,1.0000,video\n'
OPEN = f"Home,ana,c1,Math,k2,,{START},{END},,60.0,0.2000,exercise\n"
LOADED = "select member, occurred_at, course, item, kind, minutes, progress, _fact from raw.activity order by all"
FATES = "select rows, ignored, status, reason from raw.files order by path"


def configure(place: Place, source: str) -> Place:
    place.configure({source: [{"preset": "kolibri", "files": "landing/*"}]})
    return place


def test_a_session_log_is_activity_by_visit(place: Place) -> None:
    configure(place, "activity").land({"session.csv": ("\ufeff" + SESSION + VISIT)})
    assert place.rows(LOADED) == [
        ("ana", END, "Sums, easy", "k1", "video", "1.5", "0.5000", f"session|ana|c1|k1|{START}")
    ]


def test_a_summary_log_is_activity_where_there_is_nothing_finer(place: Place) -> None:
    """A later summary of the same content replaces it: the time is of all visits."""
    configure(place, "activity").land({"summary.csv": SUMMARY + DONE + OPEN})
    assert [(row[2], row[5], row[7]) for row in place.rows(LOADED)] == [
        ("Sums, easy", "1.5", "summary|ana|c1|k1"),
        ("k2", "1", "summary|ana|c1|k2"),
    ]


def test_time_is_not_counted_from_both_logs(place: Place) -> None:
    configure(place, "activity").land({"session.csv": SESSION + VISIT, "summary.csv": SUMMARY + DONE})
    assert place.rows("select minutes from raw.activity") == [("1.5",)]
    assert place.rows(FATES) == [(1, 0, "loaded", None), (1, 1, "ignored", "the same time as in the session logs")]


def test_completed_content(place: Place) -> None:
    configure(place, "completions").land({"session.csv": SESSION + VISIT, "summary.csv": SUMMARY + DONE + OPEN})
    assert place.rows("select member, course, completed_at, started_at from raw.completions") == [
        ("ana", "Sums, easy", END, START)
    ]
    assert place.rows(FATES) == [(1, 1, "ignored", "a session log completes nothing"), (2, 1, "loaded", None)]


def test_headers_in_another_language_are_mapped_by_hand(place: Place) -> None:
    configure(place, "activity").land({"s.csv": SESSION.replace("Username", "Nombre de usuario") + VISIT})
    assert place.rows(FATES)[0][2:] == (
        "quarantined",
        "not Kolibri's headers in English: map them by hand, `columns` instead of `preset`",
    )
