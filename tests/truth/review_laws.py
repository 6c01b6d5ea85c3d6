"""``python -m tests.truth.review_laws FIRST LAST``: what no review and no list of offers may do, whatever the data.

The command tries the programs of those seeds, every other one with files replaced where they lay, prints each row that
breaks a law and how much there was to break. Seats, study modes and coverage are those of the oracle; no decision is
made once more here. Belongs here: laws of ``ops.seat_reviews``, ``ops.seat_offers``, ``kpi.seats``. Does not belong
here: what a decision should be (``oracle_reviews``).
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from .generate import edited, generate
from .harness import by_models
from .oracle import Tables
from .oracle_calendar import DAY, day_of, days, month_after
from .oracle_seats import Seats
from .oracle_slices import NONE, Roster
from .oracle_staging import Case, Row, World

TABLES = ("core.review_months", "ops.seat_reviews", "ops.seat_offers", "kpi.seats")
SHOWN_AFTER = 100


class Facts:
    """What a program's rows say of seats, modes and coverage."""

    def __init__(self, case: Case) -> None:
        self.world = World(case)
        self.as_of = self.world.as_of
        self.roster = Roster(self.world)
        self.seats = Seats(self.world, self.roster)
        rules = case.settings.get("review", {}).get("rules", [])
        self.rules: dict[str, Row] = {rule["id"]: {**rule, "from": day_of(rule["from"])} for rule in rules}

    def mode(self, member: str, day: date) -> str:
        """How the member studies on the day."""
        period = self.roster.on(member, day)
        return (period.study_mode if period else None) or NONE

    def held(self, pool: str, day: date) -> list[str]:
        """Who holds a seat of the pool on the day, known or not."""
        return [seat.person for seat in self.seats.seats if seat.pool == pool and seat.held_on(day)]

    def invited(self, pool: str) -> list[str]:
        """Who has an open invitation to it on ``as_of``."""
        return [offer.person for offer in self.seats.invitations if offer.pool == pool and offer.state == "open"]


def broken(case: Case, tables: Tables) -> list[str]:
    """A line for every row that breaks a law."""
    facts = Facts(case)
    return [f"{law.__name__.strip('_')}: {row}" for law in LAWS for row in law(facts, tables)]


def _a_month_not_wholly_covered_is_not_reviewed(facts: Facts, tables: Tables) -> Iterator[Any]:
    for month in sorted({row["review_month"] for row in tables["ops.seat_reviews"]}):
        missing = [day for day in days(month_after(month, -1), month - DAY) if not facts.world.is_covered(day)]
        if missing or month - DAY > facts.as_of:
            yield month, missing


def _nobody_is_under_another_rule(facts: Facts, tables: Tables) -> Iterator[Any]:
    for row in tables["ops.seat_reviews"]:
        mode, month = facts.mode(row["member_id"], row["review_month"] - DAY), row["review_month"]
        fitting = [
            rule for rule in facts.rules.values() if rule["from"] <= month and rule.get("study_mode") in (None, mode)
        ]
        applied = facts.rules.get(row["rule"])
        if applied is None or applied not in fitting or applied["from"] < max(rule["from"] for rule in fitting):
            yield row


def _only_who_holds_a_seat_is_reviewed_and_once(facts: Facts, tables: Tables) -> Iterator[Any]:
    seen: Counter[tuple[Any, ...]] = Counter()
    for row in tables["ops.seat_reviews"]:
        seen[row["review_month"], row["pool"], row["member_id"]] += 1
        if row["member_id"] not in facts.held(row["pool"], row["review_month"] - DAY):
            yield row
    yield from (place for place, count in seen.items() if count > 1)


def _no_seat_is_offered_twice(facts: Facts, tables: Tables) -> Iterator[Any]:
    seats: dict[str, list[int]] = defaultdict(list)
    people: Counter[tuple[str, str]] = Counter()
    for row in tables["ops.seat_offers"]:
        person = row["member_id"] or f"name:{row['applicant']}"
        seats[row["pool"]].append(row["position"])
        people[person, row["pool"]] += 1
        if row["reason"].endswith("+no_pool"):
            people[person, "any"] += 1
        if person in (*facts.held(row["pool"], facts.as_of), *facts.invited(row["pool"])):
            yield row
    yield from (pool for pool, places in seats.items() if sorted(places) != list(range(1, len(places) + 1)))
    yield from (place for place, count in people.items() if count > 1)


def _no_more_is_offered_than_is_idle_or_freed(facts: Facts, tables: Tables) -> Iterator[Any]:
    latest = max((row["review_month"] for row in tables["ops.seat_reviews"]), default=None)
    for pool, count in Counter(row["pool"] for row in tables["ops.seat_offers"]).items():
        capacity, held = facts.seats.capacity(pool, facts.as_of), facts.held(pool, facts.as_of)
        idle = 0 if capacity is None else capacity - len(held) - len(facts.invited(pool))
        freed = sum(
            row["review_month"] == latest and row["pool"] == pool and row["decision"] == "reclaim"
            for row in tables["ops.seat_reviews"]
            if row["member_id"] in held
        )
        if count > max(0, idle + freed):
            yield pool, count, idle, freed


def _seats_add_up(facts: Facts, tables: Tables) -> Iterator[Any]:
    for _, rows in groupby(sorted(tables["kpi.seats"], key=lambda row: (row["pool"], row["month"])), _pool):
        before = 0
        for row in rows:
            held = row["held_start"] + row["accepted"] - row["reclaimed"] - row["returned"]
            if (row["held_start"], row["held_end"]) != (before, held) or held < 0:
                yield row
            before = row["held_end"]


def _pool(row: Row) -> str:
    return str(row["pool"])


LAWS = (
    _a_month_not_wholly_covered_is_not_reviewed,
    _nobody_is_under_another_rule,
    _only_who_holds_a_seat_is_reviewed_and_once,
    _no_seat_is_offered_twice,
    _no_more_is_offered_than_is_idle_or_freed,
    _seats_add_up,
)


def counted(tables: Tables) -> Counter[str]:
    """How much there is in the tables that a law could be broken by."""
    decisions = Counter(row["decision"] for row in tables["ops.seat_reviews"])
    months = tables["core.review_months"]
    return Counter(
        {
            "programs": 1,
            "months reviewed": len({row["review_month"] for row in tables["ops.seat_reviews"]}),
            "months with days missing": sum(row["days_missing"] > 0 for row in months),
            "decisions": decisions.total(),
            "of them reclaim": decisions["reclaim"],
            "offers": len(tables["ops.seat_offers"]),
            "of them freed seats": sum(row["reason"].startswith("freed") for row in tables["ops.seat_offers"]),
            "months of pools": len(tables["kpi.seats"]),
        }
    )


def tried(seed: int) -> tuple[Case, Tables]:
    """The program of that seed, with versions where it is odd, and what the models make of it."""
    case = edited(generate(seed)) if seed % 2 else generate(seed)
    return case, by_models(case, TABLES)


def main(first: int, last: int) -> int:
    """Prints what breaks; 1 where anything does."""
    seen: Counter[str] = Counter()
    for seed in range(first, last + 1):
        case, tables = tried(seed)
        found = broken(case, tables)
        for line in found:
            print(f"seed {seed}: {line}", flush=True)
        seen += counted(tables) + Counter({"BROKEN": len(found)})
        if seen["programs"] % SHOWN_AFTER == 0 or seed == last:
            told = ", ".join(f"{count:,} {what}" for what, count in seen.items())
            print(f"{told}: {seen['BROKEN']} rows break a law", flush=True)
    return 1 if seen["BROKEN"] else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
