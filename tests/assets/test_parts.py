"""What is made in parts, in which order, and how a model is cut where its rows add up."""

from __future__ import annotations

import pytest

from assets import parts
from assets.sql import made_tables, models
from fellowship_pipeline.contracts.divided import DIVIDED, SUMS
from fellowship_pipeline.warehouse import selects


def test_parts_are_asked_twice() -> None:
    """All that members' rows tell of themselves, then what also asks for what they tell together."""
    of_parts = [stage.keys for stage in parts.stages() if stage.in_parts]
    assert len(of_parts) == 2
    assert {"core.activity_days", "core.member_months", "told.engagement", "told.measured"} <= set(of_parts[0])
    assert of_parts[1] == ("core.next_missions",)


def test_everything_is_made_once_and_after_what_it_reads() -> None:
    made: list[str] = []
    for stage in parts.stages():
        for key in stage.tables:
            assert not (made_tables()[key].reads & made_tables().keys()) - {
                *made,
                *stage.answers[: stage.keys.index(key)],
            }
            made.append(key)
    assert sorted(made) == sorted(made_tables())


def test_activity_stays_where_it_is() -> None:
    assert {"core.activity_days", "core.course_starts"} <= parts.staying()


@pytest.mark.parametrize("key", sorted(SUMS))
def test_what_adds_up_is_asked_of_parts_and_the_rest_reads_none_of_it(key: str) -> None:
    model = models()[key]
    assert selects.reads(parts.told_by(model)) & DIVIDED.keys()
    assert "core.activity_days" not in selects.reads(parts.rest_of(model))
    told = f"temp.told_{model.table.name}"
    assert selects.reads(parts.told_by(model)) | selects.reads(parts.rest_of(model)) == model.reads | {told}


def test_a_cut_model() -> None:
    model = models()["core.measured"]
    assert parts.told_by(model) == (
        "with told as (\n"
        "    select\n"
        "        count(xp) as days_with_xp,\n"
        "        count(minutes) as days_with_minutes\n"
        "    from core.activity_days\n"
        ")\n\n"
        "select * from told"
    )
    assert parts.rest_of(model).startswith("with told as (\n    select * from temp.told_measured\n)\n\nselect\n")
