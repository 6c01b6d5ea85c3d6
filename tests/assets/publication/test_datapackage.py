"""What is said of the published tables, held against the tables by validators that know nothing of this project."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from frictionless import Package
from jsonschema import Draft202012Validator, ValidationError

from assets.publication.datapackage import NAMED_OTHERWISE
from assets.publication.files import publish
from fellowship_pipeline.contracts import KPI_TABLES, TABLE_BY_KEY
from fellowship_pipeline.dashboard.words import catalog
from fellowship_pipeline.home import Home
from fellowship_pipeline.release.build import Release
from tests.assets.publication.conftest import PROGRAM, made

pytestmark = pytest.mark.slow

TABLES = sorted(table.name for table in KPI_TABLES if table.name != "headlines")


@pytest.fixture(scope="module")
def release() -> Release:
    return made()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, release: Release) -> Path:
    return publish(Home(tmp_path_factory.mktemp("home")), "r1", release, {}, {}, program=PROGRAM)


@pytest.fixture
def own(tmp_path: Path, folder: Path) -> Path:
    """A copy of what was published, to be changed."""
    return shutil.copytree(folder, tmp_path / "own")


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def resource(folder: Path, name: str) -> Any:
    return next(one for one in read(folder / "datapackage.json")["resources"] if one["name"] == name)


def mistakes(folder: Path, *only: str) -> list[str]:
    """What Frictionless has against the package and the cells of its tables, or of one of them."""
    package = Package(str(folder / "datapackage.json"))
    report = package.get_resource(*only).validate() if only else package.validate()
    return [error.message for error in [*report.errors, *(error for task in report.tasks for error in task.errors)]]


def test_a_table_is_told_of(folder: Path) -> None:
    activity = resource(folder, "activity")
    assert activity["title"] == "학습: activity" and activity["titles"]["en"] == "Learning: activity"
    assert activity["description"] == TABLE_BY_KEY["kpi.activity"].description
    assert activity["privacyClass"] == "operational"
    assert activity["period"] == {"column": "month", "first": "2022-03-01", "last": "2022-03-01"}
    schema = activity["schema"]
    assert schema["primaryKey"] == ["month", "slice_by", "slice"]
    names = [field["name"] for field in schema["fields"]]
    with (folder / activity["path"]).open(encoding="utf-8", newline="") as file:
        assert names == next(csv.reader(file))
    fields = dict(zip(names, schema["fields"], strict=True))
    assert fields["minutes"] == {
        "name": "minutes",
        "type": "number",
        "title": "분",
        "titles": {"ko": "분", "en": "Minutes"},
        "description": "Minutes; NULL where no activity of the program has any.",
        "unit": "minutes",
        "constraints": {"minimum": 0},
    }
    assert fields["month"]["constraints"] == fields["suppressed"]["constraints"] == {"required": True}


def test_a_key_with_an_empty_column_is_no_primary_key(folder: Path) -> None:
    assert "primaryKey" not in resource(folder, "courses")["schema"]
    assert resource(folder, "courses")["schema"]["uniqueKeys"] == [["course", "track"]]


def test_what_stands_for_a_figure_is_said(folder: Path) -> None:
    said = {one["value"]: one["label"] for one in resource(folder, "activity")["schema"]["missingValues"]}
    assert said == {
        "": "no figure",
        "withheld": "not shown, for privacy",
        "<5": "fewer than 5 persons, in tables that are operational",
        "<10": "fewer than 10 persons, in tables that are sensitive",
        "≤5%": "a share of 5 % or less, of fewer than 100",
        "≥95%": "a share of 95 % or more, of fewer than 100",
    }


def test_the_package_is_sound_and_every_cell_is_as_it_says(folder: Path) -> None:
    assert mistakes(folder) == []
    about = read(folder / "datapackage.json")
    assert [one["name"] for one in about["resources"]] == [t.name for t in KPI_TABLES if t.name in TABLES]
    assert (about["name"], about["title"], about["asOf"]) == ("test", "시험", "2022-03-31")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2022-03-01,all,all,40", "2022-03-01,all,all,forty", 'type is "integer/default"'),
        ("2022-03-01,all,all,40", "2022-03-01,all,all,-4", 'constraint "minimum" is "0"'),
        ("2022-03-01,all,all,40", "2022-03-01,team,all,40", 'constraint "enum"'),
        ("2022-03-01,all,all,40", ",all,all,40", 'constraint "required" is "True"'),
    ],
)
def test_a_cell_that_is_otherwise_is_found(own: Path, old: str, new: str, said: str) -> None:
    file = own / "tables" / "activity.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    assert any(said in mistake for mistake in mistakes(own, "activity"))


def test_a_group_may_be_called_as_a_figure_is_that_is_not_shown(own: Path) -> None:
    file = own / "tables" / "activity.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",study_group,c,", ",study_group,withheld,"), "utf-8")
    kept = Package(str(own / "datapackage.json")).get_resource("activity").read_rows()
    assert "withheld" in [row["slice"] for row in kept]


def test_rows_are_as_their_schema_says(folder: Path) -> None:
    con = duckdb.connect(str(folder / "kpi.duckdb"), read_only=True)
    counted = 0
    for name in TABLES:
        schema = Draft202012Validator(read(folder / "schemas" / f"{name}.json"))
        Draft202012Validator.check_schema(schema.schema)
        for (row,) in con.execute(f"select to_json(t) from kpi.{name} as t").fetchall():
            schema.validate(json.loads(row))
            counted += 1
    assert counted == 8
    activity = Draft202012Validator(read(folder / "schemas" / "activity.json"))
    (row,) = con.execute("select to_json(t) from kpi.activity as t where slice = 'all'").fetchall()[0]
    for change in ({"learners": "<5"}, {"learners": -1}, {"slice_by": "team"}, {"month": None}, {"name": "Kim"}):
        with pytest.raises(ValidationError):
            activity.validate(json.loads(row) | change)


def test_headings_of_other_columns_are_of_columns_and_messages_that_exist() -> None:
    for column, message in NAMED_OTHERWISE.items():
        table, _, name = column.partition(".")
        assert name in TABLE_BY_KEY[f"kpi.{table}"].column_names
        for language in ("ko", "en"):
            assert message is None or isinstance(catalog(language)[f"column.{message}"], str)


def test_a_program_whose_id_is_no_name_for_a_package_has_none(tmp_path: Path, release: Release) -> None:
    about = {"program": {"id": "펠로우십 2"}, "languages": ["en"], "sources": {}}
    folder = publish(Home(tmp_path), "r1", release, {}, {}, program=type(PROGRAM).model_validate(about))
    said = read(folder / "datapackage.json")
    assert "name" not in said and said["titles"] == {"en": "펠로우십 2"}
    assert mistakes(folder) == []
