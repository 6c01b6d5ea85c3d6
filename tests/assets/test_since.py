"""Dated tables made from a day on: after every change they are what making all of them gives."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from assets import sql, versions
from assets.core.settings import differing_from
from assets.sql import EVER, made_tables, make_since, models, upstream
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.warehouse import facts

from .tiny import Tiny

DATED = sorted(key for key, model in models().items() if model.table.dated)
MAKING = upstream([*DATED, "core.previous_headlines"])
BASE = sorted({read for key in MAKING for read in made_tables()[key].reads} - made_tables().keys())
FIRST, DAYS = date(2022, 1, 1), 120
MEMBERS = "abcdef"


class Program:
    """Tables that change, with what is made of them step by step, and of all of them at once."""

    def __init__(self, tiny: Tiny, random_: random.Random) -> None:
        self.tiny, self.random = tiny, random_
        self.parameters = tiny.given["core.parameters"][0]
        self.since: date | None = None
        for member in MEMBERS[:4]:
            self.enroll(member)
            tiny.seat(member, "invited", f"2022-01-0{random_.randint(1, 5)}")
            tiny.seat(member, "accepted", f"2022-01-1{random_.randint(0, 9)}")
        for _ in range(30):
            self.learn()
        self.parameters["as_of"] = FIRST + timedelta(days=70)

    def enroll(self, member: str) -> None:
        self.tiny.add("staging.roster", member=member, member_id=member, cohort="c", study_group=member < "c" and "g")

    def day(self) -> date:
        return FIRST + timedelta(days=self.random.randrange(DAYS))

    def learn(self, on: date | None = None) -> None:
        """A row of a day, more often than not of the last ones."""
        late = self.parameters["as_of"] - timedelta(days=self.random.randrange(3))
        day = on or self.random.choice([self.day(), late])
        moment = datetime.combine(day, datetime.min.time()) + timedelta(hours=self.random.randrange(24))
        self.tiny.learn(
            self.random.choice(MEMBERS),
            moment.isoformat(),
            xp=self.random.choice([None, 10, 25]),
            course="xyz"[day.day % 3],
        )
        self.differs(moment.date())

    def differs(self, day: date) -> None:
        self.since = min(filter(None, (self.since, day - timedelta(days=1))))

    def forget(self) -> None:
        """A row of activity is withdrawn."""
        rows = self.tiny.given["staging.activity"]
        gone = rows.pop(self.random.randrange(len(rows)))
        self.differs(gone["occurred_at"].date())

    def next_day(self) -> None:
        self.parameters["as_of"] += timedelta(days=1)
        self.learn(self.parameters["as_of"])

    def another_day(self) -> None:
        self.parameters["as_of"] = self.day()

    def seat(self) -> None:
        member, event = self.random.choice(MEMBERS), self.random.choice(["invited", "accepted", "reclaimed"])
        self.tiny.seat(member, event, self.day().isoformat())

    def complete(self) -> None:
        self.tiny.add(
            "staging.completions", member="a", member_id=self.random.choice(MEMBERS), course="x",
            completed_at=datetime.combine(self.day(), datetime.min.time()), started_at=None,
        )  # fmt: skip

    def move(self) -> None:
        self.random.choice(self.tiny.given["staging.roster"])["study_group"] = self.random.choice("gh")

    def step(self) -> str:
        """Something changes."""
        changes: list[Callable[[], None]] = [
            self.learn, self.forget, self.next_day, self.another_day, self.seat, self.complete, self.move,
        ]  # fmt: skip
        change = self.random.choice(changes)
        change()
        return change.__name__

    def write(self) -> None:
        """Writes what is given, with its versions."""
        con = self.tiny.con
        was = _row(self.tiny)
        tables = [TABLE_BY_KEY[key] for key in BASE]
        differing = {
            "staging.activity": lambda: self.since,
            "core.parameters": lambda: differing_from(was, _row(self.tiny)),
        }
        with versions.stamping(con, tables, differing):
            for table in tables:
                rows = self.tiny.given.get(table.key)
                if rows is None and table.key not in facts.known(con):
                    warehouse.create(con, table)
                if rows is not None:
                    warehouse.write_rows(con, table, [[row.get(c) for c in table.column_names] for row in rows])
        self.since = None


def _row(tiny: Tiny) -> dict[str, Any]:
    if warehouse.lacking(tiny.con, ["core.parameters"]):
        return {}
    found = tiny.con.execute("select * from core.parameters")
    row = found.fetchone()
    return dict(zip([name for name, *_ in found.description or ()], row, strict=True)) if row else {}


def _rows(tiny: Tiny) -> dict[str, list[tuple[Any, ...]]]:
    return {key: tiny.con.table(key).order("all").fetchall() for key in MAKING}


@pytest.mark.parametrize("seed", range(3))
def test_what_is_made_from_a_day_on_is_what_making_all_of_it_gives(tiny: Tiny, seed: int) -> None:
    program = Program(tiny, random.Random(seed))
    steps = ["at first"]
    for _ in range(6):
        program.write()
        known = facts.known(tiny.con)
        for key in MAKING:
            versions.make_stale(tiny.con, key, known)
        made = _rows(tiny)
        for key in MAKING:
            versions.make(tiny.con, key)
        for key, rows in _rows(tiny).items():
            assert made[key] == rows, (key, steps)
        for key, notes in known.items():  # a table that is made anew has no notes
            if key in MAKING:
                facts.write(tiny.con, TABLE_BY_KEY[key], notes)
        steps.append(program.step())


def test_what_was_learned_in_a_seat_that_ended_in_the_window_counts_in_the_next(tiny: Tiny) -> None:
    for event, day in (("accepted", "03-01"), ("reclaimed", "04-20"), ("accepted", "04-25")):
        tiny.seat("a", event, "2022-" + day)
    tiny.learn("a", "2022-04-10")
    last_day = tiny.rows("kpi.engagement", "*", "day = date '2022-04-30'")
    make_since(tiny.con, "kpi.engagement", date(2022, 4, 30))
    found = tiny.con.table("kpi.engagement").filter("day = date '2022-04-30'").order("all")
    assert found.fetchall() == last_day
    assert found.filter("slice_by = 'all'").project("holders, active").fetchall() == [(1, 1)]


def test_from_a_day_on_no_earlier_row_is_made(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny.learn("a", "2022-04-10")
    tiny.learn("a", "2022-04-12")
    tiny.rows("core.activity_days", "*")
    tiny.con.execute("delete from core.activity_days")
    monkeypatch.setattr(sql, "since", lambda model, _day: model.sql)
    make_since(tiny.con, "core.activity_days", date(2022, 4, 11))
    assert tiny.con.table("core.activity_days").project("day").fetchall() == [(date(2022, 4, 12),)]


def test_what_was_found_of_the_version_before_is_kept_with_one_that_is_made_from_a_day_on(tiny: Tiny) -> None:
    program = Program(tiny, random.Random(1))
    program.write()
    known = facts.known(tiny.con)
    for key in MAKING:
        versions.make_stale(tiny.con, key, known)
    days, found = "core.activity_days", {"wrong": []}
    facts.note(tiny.con, TABLE_BY_KEY[days], checked=found)
    was = facts.versions(tiny.con)[days]
    program.next_day()
    program.write()
    known = facts.known(tiny.con)
    versions.make_stale(tiny.con, days, known)
    noted = facts.known(tiny.con)[days]
    assert noted == known[days]
    assert (noted["before"], noted["checked"]) == (was, found)
    assert noted["version"] != was
    facts.note(tiny.con, TABLE_BY_KEY[days], code="other code")
    known = facts.known(tiny.con) | {"core.parameters": {"version": "other"}}
    versions.make_stale(tiny.con, days, known)
    assert "checked" not in facts.known(tiny.con)[days]


def test_a_day_more_of_activity_makes_dated_tables_from_that_day_on(tiny: Tiny) -> None:
    program = Program(tiny, random.Random(1))
    program.write()
    known = facts.known(tiny.con)
    for key in MAKING:
        versions.make_stale(tiny.con, key, known)
    day = program.parameters["as_of"] + timedelta(days=1)
    program.next_day()
    program.write()
    known = facts.known(tiny.con)
    since = {}
    for key in MAKING:
        if key in DATED and key != "core.first_completions":
            since[key] = versions.first_stale(key, known)
        versions.make_stale(tiny.con, key, known)
    assert set(since.values()) <= {day - timedelta(days=1), day.replace(day=1)}


@pytest.mark.parametrize("key", DATED)
def test_the_select_of_a_dated_table_names_the_day(key: str) -> None:
    assert EVER in models()[key].sql
