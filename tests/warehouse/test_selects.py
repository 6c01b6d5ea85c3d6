"""What selects read and where their columns come from: as parsed, as shipped, and the same."""

from __future__ import annotations

import json

import pytest

from fellowship_pipeline import derived
from fellowship_pipeline.warehouse import selects

MEMBERS = (
    "select r.member_id, count(*) as days from core.activity_days as r inner join core.parameters on true group by 1"
)


def test_a_select_reads_the_tables_that_it_names() -> None:
    assert selects.reads(MEMBERS) == {"core.activity_days", "core.parameters"}
    assert selects.reads("with a as (select * from batch) select * from a") == set()


def test_a_column_comes_from_columns_of_tables() -> None:
    assert selects.origins(MEMBERS, ("member_id",)) == {"member_id": [("core.activity_days", "member_id")]}


def test_what_is_no_select_is_told() -> None:
    with pytest.raises(TypeError, match="not one select"):
        selects.parse("create table a (b integer)")


@pytest.mark.slow
def test_what_is_shipped_is_what_the_texts_say() -> None:
    assert json.loads(selects.SHIPPED.read_text(encoding="utf-8")) == derived.current(), (
        "`python -m fellowship_pipeline.derived` writes it anew"
    )
