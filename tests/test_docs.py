"""What the documents name exists: commands, make targets, folders, tables."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from assets.publication.operations import SETTINGS, SETTINGS_COLUMNS
from fellowship_pipeline import warehouse
from fellowship_pipeline.cli import app
from fellowship_pipeline.contracts import TABLES
from fellowship_pipeline.contracts.presets import PRESET_SOURCES
from fellowship_pipeline.operations import make_lists
from fellowship_pipeline.program.sources import ColumnMapping, Entry

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = set(typer.main.get_group(app).commands)


def text() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)


def test_every_command_in_the_documents_exists_and_every_command_is_in_the_readme() -> None:
    named = set(re.findall(r"(?:bin/|`)fellowship ([a-z][a-z-]*)", text()))
    assert named <= COMMANDS
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {name for name in COMMANDS if f"fellowship {name}" not in readme} == set()


def test_every_make_target_in_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text(), flags=re.M)) <= targets


def test_every_path_in_the_documents_exists() -> None:
    named = re.findall(r"`((?:docs|assets|checks|tests|examples|fellowship_pipeline|requirements)/[\w./]*)`", text())
    assert [path for path in named if "NAME" not in path and not (ROOT / path).exists()] == []


def test_every_table_in_the_documents_exists() -> None:
    known = {table.key for table in TABLES}
    named = set(re.findall(r"`((?:raw|staging|core|kpi|ops)\.[a-z_]+)(?:\.[a-z_]+)?`", text()))
    assert {key for key in named - known if not key.endswith((".duckdb", ".md"))} == set()


def test_the_changelog_lists_every_example() -> None:
    examples = {path.parent.name for path in (ROOT / "examples").glob("*/program.yaml")}
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert {name for name in examples if f"`{name}`" not in changelog} == set()


SOURCES_PAGE = ROOT / "docs" / "sources.md"


def test_the_page_of_sources_lists_every_preset_with_what_it_feeds() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([\w, ]+) \|$", SOURCES_PAGE.read_text(encoding="utf-8"), flags=re.M)
    assert {name: frozenset(feeds.split(", ")) for name, feeds in rows} == PRESET_SOURCES


def test_every_key_on_the_page_of_sources_exists() -> None:
    tables = SOURCES_PAGE.read_text(encoding="utf-8").split("| key | when |")
    of_entry, of_column = (
        {key for row in re.findall(r"^\| (`[^|]+) \|", table, flags=re.M) for key in re.findall(r"`(\w+)`", row)}
        for table in tables[1:]
    )
    assert of_entry <= {field.alias or name for name, field in Entry.model_fields.items()}
    assert of_column == {field.alias or name for name, field in ColumnMapping.model_fields.items()}


def test_every_class_in_the_glossary_is_where_it_says() -> None:
    rows = re.findall(r"`(\w+)` in `([\w/]+\.py)` \|$", (ROOT / "docs" / "glossary.md").read_text("utf-8"), flags=re.M)
    assert rows
    assert [
        row for row in rows if not re.search(rf"^(?:class )?{row[0]}\b", (ROOT / row[1]).read_text("utf-8"), re.M)
    ] == []


def test_the_page_of_operations_lists_every_list_with_its_columns() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| [^|]+ \| ([\w`, ]+) \|$", (ROOT / "docs" / "operations.md").read_text("utf-8"), flags=re.M
    )
    with warehouse.connect(None) as con:
        for table in TABLES:
            warehouse.create(con, table)
        made = {name: con.table(table).columns for name, table in make_lists(con).items()}
    assert {name: columns.replace("`", "").split(", ") for name, columns in rows} == {
        **made, SETTINGS: list(SETTINGS_COLUMNS),
    }  # fmt: skip
