"""The two years of the example: days, months, cohorts and capacities, in Seoul's time.

Belongs here: when things happen. Instants are naive and of Seoul everywhere in this example until a file is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

FIRST = date(2021, 8, 1)
LAST = date(2023, 8, 31)
DAY = timedelta(days=1)
SEOUL = timedelta(hours=9)

COHORTS = {
    "2021-H2": (date(2021, 8, 1), date(2022, 1, 31)),
    "2022-H1": (date(2022, 2, 1), date(2022, 7, 31)),
    "2022-H2": (date(2022, 8, 1), date(2022, 12, 31)),
    "2023-H1": (date(2023, 1, 1), date(2023, 8, 31)),
}
ENDED = "ended"
"""The sheet of applications for those whose seat ended."""
COHORT_STARTS = {starts_on: cohort for cohort, (starts_on, _) in COHORTS.items()}
CAPACITIES = {date(2021, 8, 1): 60, date(2022, 2, 1): 180, date(2023, 1, 1): 150}
FIRST_REVIEW = date(2022, 3, 1)
FIRST_XP_REVIEW = date(2022, 9, 1)


def days() -> Iterator[date]:
    """Every day of the two years."""
    return (FIRST + n * DAY for n in range((LAST - FIRST).days + 1))


def month_of(day: date) -> date:
    """The month's 1st."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The 1st of the month after."""
    return (day.replace(day=28) + 4 * DAY).replace(day=1)


def months() -> list[date]:
    """The 1st of every month."""
    firsts = [FIRST]
    while (after := next_month(firsts[-1])) <= LAST:
        firsts.append(after)
    return firsts


def capacity(day: date) -> int:
    """Seats on that day."""
    return next((seats for since, seats in sorted(CAPACITIES.items(), reverse=True) if since <= day), 0)


def cohort_of(day: date) -> str:
    """The cohort that runs on that day; before the first, the first."""
    return next((cohort for cohort, (_, ends_on) in COHORTS.items() if day <= ends_on), "2023-H1")


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """An instant of that day."""
    return datetime.combine(day, time(hour, minute, second))


def utc(local: datetime) -> datetime:
    """The instant in UTC."""
    return local - SEOUL
