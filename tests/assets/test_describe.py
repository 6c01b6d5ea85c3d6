"""How a table shows in the Dagster UI."""

from __future__ import annotations

import pytest

from assets.describe import column_schema, group, made, read_from
from fellowship_pipeline.contracts import TABLE_BY_KEY


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("raw.activity", "raw"),
        ("core.seats", "core"),
        ("ops.at_risk", "ops"),
        ("kpi.seats", "kpi_seats"),
        ("kpi.scorecard", "kpi_program"),
        ("kpi.courses", "kpi_learning"),
        ("kpi.applications", "kpi_applications"),
    ],
)
def test_a_table_is_in_the_group_of_its_layer_a_kpi_in_that_of_its_subject(table: str, name: str) -> None:
    assert group(TABLE_BY_KEY[table]) == name


@pytest.mark.parametrize(
    ("table", "is_told"),
    [
        ("core.activity_days", True),
        ("core.survey_questions", True),
        ("kpi.survey", True),
        ("raw.survey_responses", False),
        ("core.survey_responses", False),
        ("staging.outcomes", False),
        ("ops.waiting_applicants", False),
        ("ops.uncovered_days", True),
    ],
)
def test_rows_are_counted_where_their_number_is_no_figure_that_a_release_withholds(table: str, is_told: bool) -> None:
    metadata = made(table, 35).metadata
    assert metadata is not None
    assert metadata.get("dagster/row_count") == (35 if is_told else None)


def test_a_column_says_unit_and_whether_it_tells_of_a_person() -> None:
    columns = {column.name: column for column in column_schema(TABLE_BY_KEY["staging.roster"]).columns}
    assert (columns["member"].tags["pii"], dict(columns["_row"].tags)) == ("direct", {})
    held = next(column for column in column_schema(TABLE_BY_KEY["kpi.seats"]).columns if column.name == "idle")
    assert held.description and held.description.endswith("[seats]")


def test_a_column_of_rows_comes_from_the_texts_of_its_name() -> None:
    found = read_from(TABLE_BY_KEY["staging.completions"])
    assert found["course"] == [("raw.completions", "course")]
    assert "member_id" not in found, "it is who the name resolves to, which no file says"
    assert read_from(TABLE_BY_KEY["core.seats"]) == {}
