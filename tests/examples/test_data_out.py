"""What the example publishes, read by others: a validator of data packages, and the notebook of docs."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import duckdb
import nbformat
import numpy as np
import pytest
from frictionless import Package
from nbclient import NotebookClient

from fellowship_pipeline.home import Home
from fellowship_pipeline.run import RunSummary
from tests.examples.runs import REPOSITORY

pytestmark = pytest.mark.xdist_group("datacamp")


def test_every_published_cell_is_as_the_package_says(home: Home, summary: RunSummary) -> None:
    assert summary.ok
    report = Package(str(home.release / "datapackage.json")).validate()
    assert report.valid, report.flatten(["path", "message"])[:5]


@pytest.fixture(scope="module")
def outputs(home: Home, summary: RunSummary) -> list[dict[str, Any]]:
    """What the cells of the notebook show, by media type."""
    assert summary.ok
    notebook = nbformat.read(REPOSITORY / "docs/notebooks/kpis.ipynb", as_version=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FELLOWSHIP_HOME", str(home.path))
        NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(REPOSITORY)}}).execute()
    return [output["data"] for cell in notebook.cells for output in cell.get("outputs", ()) if "data" in output]


def test_the_notebook_answers_its_questions(outputs: list[dict[str, Any]]) -> None:
    standing, groups, _, meanings = outputs
    assert "adoption_rate" in standing["text/plain"] and "0.933" in standing["text/plain"]
    assert "study_group" in groups["text/plain"]
    assert "NaN" not in groups["text/plain"]
    assert "Seats bought, on the month's last day." in meanings["text/html"]


def test_the_figure_of_the_notebook_has_the_published_figures(home: Home, outputs: list[dict[str, Any]]) -> None:
    bought, held = outputs[2]["application/vnd.plotly.v1+json"]["data"]
    with duckdb.connect(str(Path(home.release / "kpi.duckdb")), read_only=True) as con:
        months = con.execute("select month, capacity, held_end from seats order by month").fetchall()
    assert [str(month)[:10] for month in bought["x"]] == [f"{month:%Y-%m-%d}" for month, _, _ in months]
    assert (bought["name"], held["name"], len(months)) == ("bought", "held", 25)
    assert [numbers(bought), numbers(held)] == [[row[1] for row in months], [row[2] for row in months]]


def numbers(trace: dict[str, Any]) -> list[float]:
    """The figures of a trace, which Plotly writes as bytes."""
    assert trace["y"]["dtype"] == "f8"
    return np.frombuffer(base64.b64decode(trace["y"]["bdata"]), dtype="f8").tolist()
