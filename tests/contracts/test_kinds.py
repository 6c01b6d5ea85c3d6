"""Kinds of requirements and outcomes: said once, read by SQL, checks and documents."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from checks.model import meanings
from fellowship_pipeline.contracts import TABLE_BY_KEY
from fellowship_pipeline.contracts.kinds import OUTCOME_KINDS, REQUIREMENT_KINDS, OutcomeKind, RequirementKind
from fellowship_pipeline.dashboard.words import catalog

ROOT = Path(__file__).parents[2]
MODELS = sorted((ROOT / "assets").rglob("*.sql"))


@pytest.mark.parametrize(("kind", "table"), [(RequirementKind, "requirement_kinds"), (OutcomeKind, "outcome_kinds")])
def test_the_tables_have_the_properties_as_columns(kind: type, table: str) -> None:
    assert [field.name for field in fields(kind)] == list(TABLE_BY_KEY[f"core.{table}"].column_names)


def test_no_model_names_a_kind() -> None:
    kinds = "|".join([kind.requirement for kind in REQUIREMENT_KINDS] + [kind.kind for kind in OUTCOME_KINDS])
    named = re.compile(rf"(kind|requirement)\b[^\n]* (=|<>|in) ?\(?[^\n]*'({kinds})'")
    assert [path.name for path in MODELS if named.search(path.read_text(encoding="utf-8"))] == []


def test_where_a_requirement_is_found_is_a_table_of_core() -> None:
    assert {f"core.{kind.found_in}" for kind in REQUIREMENT_KINDS} <= TABLE_BY_KEY.keys()


def test_the_page_of_missions_lists_every_requirement() -> None:
    page = (ROOT / "docs/missions.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?`) \|", page, flags=re.M)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == {
        kind.requirement for kind in REQUIREMENT_KINDS
    }


def test_the_words_of_checks_name_the_kinds() -> None:
    (words,) = [told.words for told in meanings("staging.outcomes") if told.name == "every_kind_is_known"]
    assert words.en.startswith(
        "An outcome is of a kind that is not known (internship, job, promotion, graduate_school, paper, project, "
        "award, certification). It is counted under its own name, and only internship and job count"
    )
    assert "internship과 job만 취업으로" in words.ko


def test_every_outcome_has_a_name_on_the_page() -> None:
    assert {f"outcome.{kind.kind}" for kind in OUTCOME_KINDS} <= catalog("en").keys() & catalog("ko").keys()
