"""The pipeline against the oracle on generated programs: every table, row by row.

A failure names the seed; ``python -m tests.truth.replay SEED`` shows its differences and its rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.plain import loading
from fellowship_pipeline.program import load_program
from fellowship_pipeline.run import run_home
from fellowship_pipeline.warehouse import connect

from .generate import by_months, edited, generate, tidied
from .generate_joint import together
from .harness import by_intake, by_models, differences, marked, of_warehouse, write_home
from .laws import broken
from .many import row_differences
from .oracle import HEADLINES, Tables, evaluate
from .oracle_outcomes import PLACEMENT
from .oracle_slices import NONE
from .oracle_staging import Case, World

pytestmark = pytest.mark.slow

PROGRAMS = 80
CHUNK = 8
SCORED = 6

one_worker = pytest.mark.xdist_group("oracle")
"""Tests of the same seeds, which are evaluated once."""
DAYS = "median_days_from_completion"


@cache
def evaluated(seed: int) -> tuple[Case, Tables]:
    """A program, and what is right of it; with headlines where they are compared."""
    case = generate(seed)
    return case, evaluate(case, with_headlines=seed % SCORED == 0)


def agreed(record_figure: Callable[[str, int], None], programs: int) -> None:
    """Of so many programs nothing differed."""
    record_figure("generated programs", programs)
    record_figure("programs that differ", 0)


@pytest.mark.sampled(3)
@pytest.mark.fault("I9")
@one_worker
@pytest.mark.parametrize("first", range(0, PROGRAMS, CHUNK))
def test_models_agree_with_the_oracle(first: int, record_figure: Callable[[str, int], None]) -> None:
    found = []
    for seed in range(first, first + CHUNK):
        case, expected = evaluated(seed)
        got = by_models(case, expected)
        found += [f"seed {seed}: {line}" for line in [*differences(expected, got), *broken(got)]]
    assert not found, "\n".join(found)
    agreed(record_figure, CHUNK)


@pytest.mark.sampled(4)
@pytest.mark.fault("I9")
@pytest.mark.parametrize("seed", range(PROGRAMS, PROGRAMS + 6))
@pytest.mark.parametrize("smallest", [loading.SMALLEST, 0], ids=["as text", "typed"])
def test_from_files_the_models_agree_with_the_oracle(
    seed: int,
    smallest: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_figure: Callable[[str, int], None],
) -> None:
    monkeypatch.setattr(loading, "SMALLEST", smallest)
    case = by_months(generate(seed)) if seed % 2 else generate(seed)
    case = marked(case if smallest else tidied(case))
    expected = evaluate(case)
    assert not differences(expected, by_intake(case, tmp_path, expected)), f"seed {seed}"
    if smallest:  # the program of that seed, once
        agreed(record_figure, 1)


@pytest.mark.sampled(3)
@pytest.mark.fault("I9")
@pytest.mark.parametrize("seed", range(PROGRAMS + 6, PROGRAMS + 12))
def test_with_files_edited_in_place_the_models_agree_with_the_oracle(seed: int, tmp_path: Path) -> None:
    case = marked(edited(generate(seed)))
    expected = evaluate(case)
    assert not differences(expected, by_intake(case, tmp_path, expected)), f"seed {seed}"
    assert not differences(expected, by_models(case, expected)), f"seed {seed}"


@pytest.mark.sampled(2)
@pytest.mark.fault("I9")
@pytest.mark.parametrize("first", range(PROGRAMS, 5 * PROGRAMS, 2 * PROGRAMS))
def test_names_and_versions_of_many_programs_agree_with_the_oracle(first: int) -> None:
    case = together(range(first, first + 2 * PROGRAMS))
    assert not list(row_differences(case))
    assert not list(row_differences(edited(case)))


@pytest.mark.fault("I9")
@pytest.mark.whole_run
@one_worker
def test_a_whole_run_agrees_with_the_oracle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "SMALLEST", 0)
    seeds = [seed for seed in range(PROGRAMS) if len(generate(seed).files.get("activity", ())) == 1]
    case = tidied(generate(max(seeds, key=lambda seed: sum(map(bool, evaluated(seed)[1].values())))))
    write_home(case, tmp_path)
    run_home(Home(tmp_path), load_program(tmp_path), as_of=case.as_of)
    expected = evaluate(case, with_headlines=True)
    assert not differences(expected, of_warehouse(Home(tmp_path).warehouse, expected)), case.name
    with connect(Home(tmp_path).warehouse, read_only=True) as con:
        assert con.execute("select view_name from duckdb_views() where schema_name = 'staging'").fetchall() == [
            ("activity",)
        ]


@one_worker
def test_generated_programs_reach_the_edges() -> None:
    seen: Counter[str] = Counter()
    for seed in range(PROGRAMS):
        case, tables = evaluated(seed)
        world = World(case)
        seen.update(row["decision"] for row in tables["ops.seat_reviews"])
        seen.update(f"{table} filled" for table, rows in tables.items() if rows and table not in HEADLINES)
        seen["over-committed"] += any((row["idle"] or 0) < 0 for row in tables["kpi.seats"])
        seen["no capacity"] += any(row["capacity"] is None for row in tables["kpi.seats"])
        seen.update({row["status"] for row in tables["core.mission_results"]})
        seen.update({one for row in tables["kpi.outcomes"] for one in (row["kind"], row["cohort"])} & {PLACEMENT, NONE})
        seen.update({f"{row['stage']} in the funnel" for row in tables["kpi.funnel"] if row["passed"]})
        seen["eliminated"] += any(row["eliminated"] for row in tables["kpi.missions"])
        seen["passing boards"] += any(row["passing"] for row in tables["kpi.competitions"])
        seen["unanswered"] += any(row["unanswered"] for row in tables["kpi.application_channels"])
        seen["before completion"] += any((row[DAYS] or 0) < 0 for row in tables["kpi.outcomes"])
        seen["hosts"] += any(row["is_host"] for row in tables["core.session_attendances"])
        seen["asked ahead"] += any(row["asked_ahead"] for row in tables["kpi.support"])
        seen["offers of any pool"] += any(row["reason"].endswith("+no_pool") for row in tables["ops.seat_offers"])
        seen["gaps"] += bool(world.uncovered)
        seen["days that are not of the month's end"] += world.as_of.day not in (28, 29, 30, 31)
        seen["no XP at all"] += any(row["xp"] is None for row in tables["kpi.activity"])
        names = {row["member"] for row in world.facts["activity"]}
        seen["unmatched"] += any(world.names.resolve(name) is None for name in names)
        seen["other names"] += any(world.names.resolve(name) not in (None, name) for name in names)
    rare = {what: count for what, count in seen.items() if count < 3}
    assert not rare
    assert {"keep", "reclaim", "deferred", "exempt"} <= seen.keys()
    assert {"met", "late", "missed", "pending", "excused", PLACEMENT, NONE, "placed in the funnel"} <= seen.keys()
