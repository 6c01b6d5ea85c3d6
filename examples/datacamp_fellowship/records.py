"""The operators' own sheets: roster, other names, applications, seat ledger, catalog, peers.

Belongs here: their layouts, and what is wrong with them on purpose. Does not belong here: what happened (``season``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from examples.datacamp_fellowship import catalog
from examples.datacamp_fellowship.connector import MOVED, moved_address
from examples.datacamp_fellowship.dates import COHORTS, ENDED, at
from examples.datacamp_fellowship.ledger import SeatEvent
from examples.datacamp_fellowship.people import Person
from examples.writing import csv_bytes

POOL = "datacamp"
ROSTER = "member,cohort,name,email,role,study_mode,study_group,track,joined_on,left_on"
APPLICATIONS = "applicant,cohort,stage,result,decided_at,applied_at,pool,channel,role"
SEATS = "member,event,occurred_at,pool"
SEATS_KOREAN = "번호,이메일,상태,일시,플랫폼,비고"
MISTYPED = "kim.mijun@exmaple.org"
LATE_EVENTS = (date(2022, 11, 1), date(2022, 11, 12))
PEERS = (
    ("adoption_rate", "다른 단체 평균(가정)", "2021-2022", 0.78),
    ("adoption_rate", "다른 단체 평균(가정)", "2022-2023", 0.8),
    ("engagement_rate", "다른 단체 평균(가정)", "2021-2022", 0.42),
    ("engagement_rate", "다른 단체 평균(가정)", "2022-2023", 0.44),
)


def roster(members: Sequence[Person]) -> dict[str, bytes]:
    """A sheet per cohort; days that are the cohort's own bounds are left out."""
    rows: dict[str, list[list[object]]] = {cohort: [] for cohort in COHORTS}
    for person in members:
        for stint in person.stints:
            joined_on = "" if stint.starts_on <= COHORTS[stint.cohort][0] else stint.starts_on
            who = [person.member, stint.cohort, person.name, person.email, stint.role]
            how = [stint.study_mode, stint.study_group, stint.track]
            rows[stint.cohort].append([*who, *how, joined_on, stint.left_on or ""])
    return {
        f"roster/roster_{cohort}.csv": csv_bytes(ROSTER, sheet, encoding="utf-8-sig", newline="\r\n")
        for cohort, sheet in rows.items()
    }


def aliases(members: Sequence[Person]) -> bytes:
    """Other addresses that members go by."""
    rows: list[tuple[str, str, str]] = []
    for person in members:
        if person.seat_email.casefold() != person.email:
            rows.append((person.member, "platform", person.seat_email))
        if person.member == MOVED:
            rows.append((person.member, "platform", moved_address(person)))
        if person.survey_email:
            rows.append((person.member, "survey", person.survey_email))
    return csv_bytes("member,kind,value", rows)


def applications(people: Sequence[Person]) -> dict[str, bytes]:
    """A sheet per cohort: each decision on each applicant; and one of those whose seat ended."""
    rows: dict[str, list[list[object]]] = {cohort: [] for cohort in (*COHORTS, ENDED)}
    for person in people:
        for decision in person.decisions:
            what = [person.email, decision.cohort, decision.stage, decision.result]
            when = [_minute(decision.decided_at), _minute(person.applied_at)]
            rows[decision.cohort].append([*what, *when, POOL, person.channel, person.role])
    return {
        f"applications/applications_{cohort}.csv": csv_bytes(APPLICATIONS, sheet, newline="\r\n")
        for cohort, sheet in rows.items()
    }


def seat_ledger(events: Sequence[SeatEvent]) -> dict[str, bytes]:
    """The ledger in four files: an old Korean one in CP949, overlaps, a copy, events that came late, a typing error."""
    late = [event for event in events if _is_late(event)]
    mistyped = [
        SeatEvent(at(date(2022, 2, 1), 14, 58), MISTYPED, "invited"),
        SeatEvent(at(date(2022, 2, 2), 9, 5), MISTYPED, "withdrawn"),
    ]
    ordered = sorted([*events, *mistyped], key=lambda event: (event.occurred_at, event.member))

    def between(first: date, last: date) -> list[SeatEvent]:
        return [event for event in ordered if first <= event.occurred_at.date() <= last and event not in late]

    korean = [
        (n, event.member, event.event, f"{event.occurred_at:%Y-%m-%d %H:%M}", POOL, "")
        for n, event in enumerate(between(date(2021, 8, 1), date(2022, 2, 6)), 1)
    ]
    first_half = csv_bytes(SEATS, _seat_rows(between(date(2022, 1, 1), date(2022, 7, 31))))
    return {
        "seats-2021/좌석대장_2021.csv": csv_bytes(SEATS_KOREAN, korean, encoding="cp949", newline="\r\n"),
        "seats/seat_ledger_2022H1.csv": first_half,
        "seats/seat_ledger_2022H1 (1).csv": first_half,
        "seats/seat_ledger_2022H2.csv": csv_bytes(SEATS, _seat_rows(between(date(2022, 7, 1), date(2022, 12, 31)))),
        "seats/seat_ledger_2023.csv": csv_bytes(
            SEATS, _seat_rows([*late, *between(date(2022, 12, 15), date(2023, 8, 31))])
        ),
    }


def catalog_sheet() -> bytes:
    """Every course, once per track."""
    return csv_bytes("course,track,position,title,provider,hours", catalog.rows())


def benchmarks() -> bytes:
    """What peers reach: assumed figures."""
    return csv_bytes("kpi,peer,period,value", PEERS)


def _is_late(event: SeatEvent) -> bool:
    first, last = LATE_EVENTS
    return event.event == "accepted" and first <= event.occurred_at.date() <= last


def _seat_rows(events: Sequence[SeatEvent]) -> list[tuple[str, str, str, str]]:
    return [(event.member, event.event, _minute(event.occurred_at) + ":00+09:00", POOL) for event in events]


def _minute(local: datetime) -> str:
    return f"{local:%Y-%m-%dT%H:%M}"
