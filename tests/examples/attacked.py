"""An example's release, attacked from its published tables: what a test asks of every example with surveys."""

from __future__ import annotations

from collections.abc import Set

import duckdb

from fellowship_pipeline.home import Home
from fellowship_pipeline.program import load_program
from fellowship_pipeline.program.rows import survey_questions
from tests.release.attacker import Attack, of_somebody
from tests.release.whole_numbers import Name


def exposed(home: Home, con: duckdb.DuckDBPyConnection) -> tuple[int, dict[Name, int]]:
    """How many counts are hidden, and those that fewer than three values fit."""
    attack = Attack(home.release / "tables", single(home))
    return len(attack.hidden), of_somebody(attack.few_values(), *answers(home, con))


def single(home: Home) -> Set[tuple[str, str]]:
    """Questions of which everybody knows that one answer could be given, by survey."""
    kinds = survey_questions(load_program(home.path)).items()
    return {asked for asked, one in kinds if one.kind in ("single", "rating")}


def answers(home: Home, con: duckdb.DuckDBPyConnection) -> tuple[list[tuple[object, ...]], set[str]]:
    """Who answered what, which no release says; and the cohorts that are closed."""
    ((as_of,),) = con.execute("select as_of from core.parameters").fetchall()
    cohorts = load_program(home.path).cohorts
    survey = con.execute(
        "select survey, question, option, slice_by, slice, respondents, answered, chosen from kpi.survey"
    ).fetchall()
    return survey, {one.id for one in cohorts if one.ends_on is not None and one.ends_on <= as_of}
