"""The oracle on meetings and questions against figures worked out by hand from the KPI dictionary."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from .by_hand import case, one
from .oracle import evaluate

AS_OF = date(2023, 10, 31)
SESSION = {"session": "s", "kind": "talk", "starts_at": "2023-10-04T12:00", "minutes": "60", "host": "b"}
ROSTER = [
    {"member": member, "cohort": "c", "joined_on": day}
    for member, day in zip("abcd", ("2023-09-01",) * 3 + ("2023-11-01",), strict=True)
]


def test_joins_of_one_person_are_merged_and_hosts_are_apart() -> None:
    times = [("11:50", "12:20"), ("12:10", "12:30"), ("12:50", "13:30"), ("13:00", "13:40")]
    rows = [
        {"session": "s", "member": "a", "joined_at": f"2023-10-04T{joined}", "left_at": f"2023-10-04T{left}"}
        for joined, left in times
    ]
    rows += [{"session": "s", "member": member, "joined_at": "", "left_at": ""} for member in "bz"]
    tables = evaluate(case(as_of=AS_OF, roster=ROSTER, sessions=[SESSION], attendance=rows))
    visit = one(tables["core.session_attendances"], member_id="a")
    assert (visit["minutes"], visit["joins"]) == (40, 3)
    row = one(tables["kpi.community"], kind="talk")
    assert (row["attendances"], row["unique_members"], row["attendance_rate"]) == (1, 1, Fraction(1, 3))


def test_questions_asked_ahead_and_answered() -> None:
    def asked(at: str, answered: str = "", session: str = "s", member: str = "a") -> dict[str, str]:
        row = {"opened_at": at, "session": session, "member": member, "channel": "discord", "topic": ""}
        return {**row, "answered_at": answered, "answered_by": "c", "escalated_to": ""}

    rows = [
        asked("2023-10-04T11:59", "2023-10-04T13:59"),
        asked("2023-10-04T12:00", "2023-11-01T00:00"),
        asked("2023-09-30T10:00", "2023-10-01T10:00", session="", member=""),
        asked("2023-10-05T10:00", member="stranger"),
    ]
    tables = evaluate(case(as_of=AS_OF, roster=ROSTER, sessions=[SESSION], support_requests=rows))
    talk = one(tables["kpi.community"], kind="talk")
    assert (talk["questions"], talk["answered"], talk["median_hours_to_answer"]) == (2, 1, 2)
    assert one(tables["kpi.community"], kind="(none)")["month"] == date(2023, 9, 1)
    october = one(tables["kpi.support"], month=date(2023, 10, 1))
    assert [october[c] for c in ("opened", "answered", "open_at_end", "asked_ahead", "answered_by_members")] == [
        2, 1, 1, 1, 1,
    ]  # fmt: skip
    september = one(tables["kpi.support"], month=date(2023, 9, 1))
    assert (september["opened"], september["open_at_end"], september["median_hours_to_answer"]) == (1, 1, 24)
