"""An expectation as data, and the suites of meaning in the YAML files beside.

Belongs here: the shape of a suite file and reading it. Does not belong here: what follows from a contract
(``contract``), or running anything (``runner``). No Great Expectations: names are known without importing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, Field

from fellowship_pipeline.contracts import TABLE_BY_KEY, Table
from fellowship_pipeline.contracts.kinds import OUTCOME_KINDS, REQUIREMENT_KINDS
from fellowship_pipeline.program.types import Language
from fellowship_pipeline.warehouse import selects

CheckSeverity = Literal["critical", "warning"]

PERSONAL = ("direct", "quasi", "sensitive")

AND = {"en": " and ", "ko": "과 "}
VOCABULARIES = {
    language: {
        "requirement_kinds": ", ".join(kind.requirement for kind in REQUIREMENT_KINDS),
        "outcome_kinds": ", ".join(kind.kind for kind in OUTCOME_KINDS),
        "placement_kinds": between.join(kind.kind for kind in OUTCOME_KINDS if kind.is_placement),
    }
    for language, between in AND.items()
}
"""What stands in the words of a suite for ``{requirement_kinds}`` and the like, by language."""


class Bilingual(BaseModel, frozen=True, extra="forbid"):
    """What is wrong and where to look, for people."""

    en: str
    ko: str

    def in_(self, language: Language) -> str:
        """The sentence in that language."""
        return self.ko if language == "ko" else self.en


class Expectation(BaseModel, frozen=True, extra="forbid"):
    """A sentence that must be true: a type of Great Expectations, its arguments, and what it means when it is not.

    ``critical`` means that the pipeline is wrong and nothing may be published; ``warning`` that people should know.
    """

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    type: str
    kwargs: dict[str, Any]
    severity: CheckSeverity
    words: Bilingual

    @property
    def rows_query(self) -> str | None:
        """The select of the rows that must not be there, with ``batch`` for the table; None where it is no query."""
        text: str | None = self.kwargs.get("unexpected_rows_query")
        return text.format(batch="batch") if text else None

    @property
    def reads(self) -> frozenset[str]:
        """Keys of other tables that the query reads."""
        query = self.rows_query
        return selects.reads(query) if query else frozenset()


class Meaning(Expectation, frozen=True):
    """An expectation of a suite: of a table only it could say. ``claim``: what is so where it is met, for people."""

    claim: Bilingual


def suite_file(table: Table) -> Path:
    """Where the suite of meaning of a table is, if it has one."""
    return Path(__file__).parent / table.schema / f"{table.name}.yaml"


@cache
def meanings(table_key: str) -> tuple[Meaning, ...]:
    """The expectations of meaning of a table; none where it has no file.

    Raises pydantic.ValidationError where the file is not a list of expectations.
    """
    path = suite_file(TABLE_BY_KEY[table_key])
    if not path.exists():
        return ()
    entries = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return tuple(_with_vocabularies(Meaning.model_validate(entry)) for entry in entries)


def _with_vocabularies(written: Meaning) -> Meaning:
    """The expectation with what its words name in braces."""
    words = {language: text.format(**VOCABULARIES[language]) for language, text in written.words}
    return written.model_copy(update={"words": Bilingual.model_validate(words)})


def suites() -> Mapping[str, tuple[Meaning, ...]]:
    """Every table's expectations of meaning, by table key."""
    return {key: meanings(key) for key in TABLE_BY_KEY}


def has_persons(table: Table) -> bool:
    """Whether any column is about a person, so that no value of the table may be recorded."""
    return any(column.pii in PERSONAL for column in table.columns)
