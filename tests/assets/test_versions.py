"""Data versions: what is made anew when something changes, and what stands."""

from __future__ import annotations

from datetime import date

import pytest

from assets import versions
from assets.sql import made_tables, upstream
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.warehouse import facts

from .tiny import Tiny

TARGETS = TABLE_BY_KEY["core.targets"]


@pytest.fixture
def made(tiny: Tiny) -> Tiny:
    """A tiny program of which every table that the scorecard needs is made."""
    tiny.seat("a", "accepted", "2022-03-01")
    tiny.rows("kpi.scorecard", "*")
    base = {read for key in upstream(["kpi.scorecard"]) for read in made_tables()[key].reads} - made_tables().keys()
    with versions.stamping(tiny.con, [TABLE_BY_KEY[key] for key in base]):
        pass
    make(tiny)
    return tiny


def make(tiny: Tiny) -> set[str]:
    """Makes what does not stand; tells which tables those were."""
    known = facts.known(tiny.con)
    return {key for key in upstream(["kpi.scorecard"]) if versions.make_stale(tiny.con, key, known)}


def rewrite(tiny: Tiny, table: str, **row: object) -> None:
    contract = TABLE_BY_KEY[table]
    with versions.stamping(tiny.con, [contract]):
        warehouse.write_rows(tiny.con, contract, [[row.get(column) for column in contract.column_names]])


def test_where_nothing_changed_everything_stands(made: Tiny) -> None:
    assert make(made) == set()


def test_a_target_makes_the_scorecard_anew_and_nothing_else(made: Tiny) -> None:
    rewrite(made, "core.targets", kpi="adoption_rate", target=0.9)
    assert make(made) == {"kpi.scorecard"}
    assert make(made) == set()


def test_another_day_makes_anew_what_asks_for_the_day(made: Tiny) -> None:
    rewrite(made, "core.parameters", as_of=date(2022, 5, 1), timezone="Asia/Seoul", window_days=30, recognition_top=3)
    again = make(made)
    assert {"core.activity_days", "kpi.engagement", "core.previous_headlines", "kpi.scorecard"} <= again
    assert "core.requirement_targets" not in again


def test_what_reads_a_table_that_comes_out_the_same_stands(made: Tiny) -> None:
    rewrite(made, "core.parameters", as_of=date(2022, 5, 1), timezone="Asia/Seoul", window_days=30, recognition_top=3)
    again = make(made)
    assert "core.seat_changes" in again
    assert "core.seats" not in again


def test_equal_rows_in_another_order_are_the_same_version(tiny: Tiny) -> None:
    seen = set()
    for rows in ([("a", 0.9), ("b", 0.5)], [("b", 0.5), ("a", 0.9)]):
        warehouse.write_rows(tiny.con, TARGETS, rows)
        seen.add(facts.of_rows(tiny.con, TARGETS))
    assert len(seen) == 1
    warehouse.write_rows(tiny.con, TARGETS, [("a", 0.9), ("b", 0.6)])
    assert facts.of_rows(tiny.con, TARGETS) not in seen


def test_rows_that_are_twice_there_are_another_version(tiny: Tiny) -> None:
    warehouse.write_rows(tiny.con, TARGETS, [("a", 0.9)])
    once = facts.of_rows(tiny.con, TARGETS)
    warehouse.write_rows(tiny.con, TARGETS, [("a", 0.9)] * 2)
    assert facts.of_rows(tiny.con, TARGETS) != once


def test_a_table_that_is_made_anew_tells_nothing_of_itself(made: Tiny) -> None:
    table = TABLE_BY_KEY["kpi.scorecard"]
    assert "kpi.scorecard" in facts.versions(made.con)
    warehouse.create(made.con, table)  # as where a run is killed in the middle
    assert "kpi.scorecard" not in facts.versions(made.con)
    assert make(made) == {"kpi.scorecard"}


def test_what_a_table_tells_is_kept_while_its_rows_are_the_same(tiny: Tiny) -> None:
    rewrite(tiny, "core.targets", kpi="adoption_rate", target=0.9)
    facts.note(tiny.con, TARGETS, checked="so")
    rewrite(tiny, "core.targets", kpi="adoption_rate", target=0.9)
    assert facts.known(tiny.con)["core.targets"]["checked"] == "so"
    rewrite(tiny, "core.targets", kpi="adoption_rate", target=0.8)
    assert "checked" not in facts.known(tiny.con)["core.targets"]


def test_where_something_has_no_version_nothing_over_it_stands(made: Tiny) -> None:
    warehouse.create(made.con, TARGETS)
    assert make(made) == {"kpi.scorecard"} == make(made)


def test_all_is_forgotten_at_once_of_views_too(made: Tiny) -> None:
    activity = TABLE_BY_KEY["staging.activity"]
    made.con.execute("create table staging.kept as select * from staging.activity")
    warehouse.create_view(made.con, activity, "select * from staging.kept")
    facts.note(made.con, activity, version="v")
    assert facts.versions(made.con)["staging.activity"] == "v"
    facts.forget(made.con)
    assert facts.versions(made.con) == {}
