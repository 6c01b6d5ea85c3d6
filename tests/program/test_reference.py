"""docs/program.md and docs/program.schema.json say what the models say."""

from __future__ import annotations

import json
from pathlib import Path

from fellowship_pipeline.program.reference import page, schema, settings

DOCS = Path(__file__).parents[2] / "docs"


def test_the_schema_is_the_models() -> None:
    assert json.loads((DOCS / "program.schema.json").read_text("utf-8")) == schema()


def test_the_page_is_the_models() -> None:
    assert (DOCS / "program.md").read_text("utf-8") == page()


def test_every_key_is_described() -> None:
    described = list(settings())
    assert [path for path, _, _, field in described if not field.description] == []
    paths = {path for path, *_ in described}
    assert {
        "program.id",
        "seats[].from",
        "review.exempt.leave[].to",
        "surveys[].questions.NAME.kind",
        "sources.NAME[].columns.NAME.times",
        "sources.NAME[].covers.filename",
        "sources.NAME[].questions.NAME.options",
    } <= paths
