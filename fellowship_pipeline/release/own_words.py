"""Answers that people wrote themselves: published as ``other`` where only few wrote the same.

A declared option is nobody's own words; without a declaration, how many wrote them tells. Belongs here: which answers
those are, and the row that stands for them. Does not belong here: whether a figure is shown (``sensitive``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from fellowship_pipeline.program.rows import survey_questions

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.contracts import Table
    from fellowship_pipeline.program import Program

OTHER = "other"
ANSWERS = ("survey", "term_surveys")
"""The tables with a row per answer."""

Answer = tuple[str, str, str]


def named_answers(
    con: duckdb.DuckDBPyConnection, program: Program, truth: Mapping[str, pd.DataFrame], minimum: int
) -> frozenset[Answer]:
    """Answers by survey and question that may be named: declared, or in some row given by ``minimum`` persons."""
    declared = con.execute("select survey, question, option from core.survey_options").fetchall()
    goals = [(survey.id, asked.question, asked.option) for survey in program.surveys if (asked := survey.goal_helped)]
    frequent = [answer for name in ANSWERS for answer in _answers(truth[name][truth[name]["chosen"] >= minimum])]
    return frozenset([*declared, *goals, *frequent])


def are_own_words(program: Program, answers: pd.DataFrame, named: frozenset[Answer]) -> pd.Series[bool]:
    """Rows of answers that people wrote themselves; a rating is none."""
    rated = {asked for asked, question in survey_questions(program).items() if question.kind == "rating"}
    own = [answer[:2] not in rated and answer not in named for answer in _answers(answers)]
    return pd.Series(own, index=answers.index, dtype=bool)


def as_other(table: Table, answers: pd.DataFrame, own: pd.Series[bool]) -> pd.DataFrame:
    """The rows with one named ``other`` in place of all that are own words, unless an answer of that name is there."""
    renamed = answers.assign(option=answers["option"].mask(own, OTHER)).loc[own.sort_values(kind="stable").index]
    return renamed[~renamed.duplicated(list(table.grain))].sort_values(list(table.grain), kind="stable")


def _answers(rows: pd.DataFrame) -> list[Answer]:
    return list(zip(rows["survey"], rows["question"], rows["option"], strict=True))
