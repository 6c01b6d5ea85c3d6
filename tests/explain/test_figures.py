"""Which figures can be explained: every rate of the contracts, under the names that people give them."""

from __future__ import annotations

import pytest

from fellowship_pipeline.contracts import HEADLINES, KPI_TABLES
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.explain.figures import COLUMNS, INTERVALS, OF_HEADLINES, REVIEWED, figure_of
from fellowship_pipeline.explain.units import FINAL_SELECT, FOLDER, OTHERS, below

OF_ALL_HEADLINES = ("headlines", "scorecard", "terms")
"""Tables whose rates are the headlines."""


def test_every_rate_of_the_contracts_can_be_explained() -> None:
    rates = {
        f"{table.name}.{column.name}"
        for table in KPI_TABLES
        for column in table.columns
        if column.unit == "rate" and table.name not in OF_ALL_HEADLINES
    }
    assert rates == {figure.name for figure in COLUMNS} | set(INTERVALS)
    assert {headline.kpi for headline in HEADLINES} == {figure.name for figure in OF_HEADLINES}


def test_every_select_of_units_and_of_evidence_is_used() -> None:
    figures = (*COLUMNS, *OF_HEADLINES, REVIEWED)
    assert {path.stem for path in (FOLDER / "units").rglob("*.sql")} <= {figure.units for figure in figures}
    evidence = {path.stem for path in (FOLDER / "evidence").glob("*.sql")}
    assert evidence == {one.relation for figure in figures for one in figure.evidence}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("adoption_rate", "adoption_rate"),
        ("kpi.adoption.adoption_rate", "adoption.adoption_rate"),
        ("retention", "retention.retention_rate"),
        ("kpi.retention", "retention.retention_rate"),
        ("stickiness", "engagement.stickiness"),
        ("ci_low", "survey.share"),
        ("ops.seat_reviews", "seat_reviews"),
    ],
)
def test_a_figure_is_called_by_its_column_its_table_or_both(asked: str, found: str) -> None:
    assert figure_of(asked).name == found


@pytest.mark.parametrize("asked", ["share", "missions", "tracks.members", "scorecard", "kpi.terms", ""])
def test_no_figure_and_several_are_said_in_one_line(asked: str) -> None:
    with pytest.raises(UserError) as raised:
        figure_of(asked)
    assert "\n" not in str(raised.value)


def test_units_stand_below_the_steps_of_a_model_and_never_its_final_select() -> None:
    model = "with steps as (\n    select 1 as n" + FINAL_SELECT + "    count(*) as lost\nfrom steps\n"
    assert "lost" not in below(model, "select n from steps")
    with pytest.raises(ValueError, match="one select below"):
        below("select 1", "select n from steps")


def test_units_that_others_read_exist() -> None:
    known = {figure.units for figure in COLUMNS}
    read = {
        name for path in (FOLDER / "units").rglob("*.sql") for name in OTHERS.findall(path.read_text(encoding="utf-8"))
    }
    assert read <= known
