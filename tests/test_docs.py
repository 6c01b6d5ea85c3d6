"""What the documents name exists: commands, make targets, folders, tables."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent, indent

import yaml

from assets.publication.operations import SETTINGS, SETTINGS_COLUMNS
from fellowship_pipeline import warehouse
from fellowship_pipeline.cli import reference
from fellowship_pipeline.cli.reference import commands
from fellowship_pipeline.contracts import SOURCE_BY_NAME, TABLES
from fellowship_pipeline.contracts.presets import PRESET_SOURCES
from fellowship_pipeline.operations import Desk, add_messages, make_lists
from fellowship_pipeline.program import Program, parse_program
from fellowship_pipeline.program.sources import ColumnMapping, Entry

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = set(commands())


def text() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)


def test_every_command_is_in_the_readme() -> None:
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
        {
            key
            for row in re.findall(r"^\| (`[^|]+) \|", table.split("\n\n")[0], flags=re.M)
            for key in re.findall(r"`(\w+)`", row)
        }
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
        lists = make_lists(con)
        add_messages(Desk(con, parse_program("program: {id: test}\nsources: {}"), "", ""))
        made = {name: con.table(table).columns for name, table in lists.items()}
    assert {name: columns.replace("`", "").split(", ") for name, columns in rows} == {
        **made, SETTINGS: list(SETTINGS_COLUMNS),
    }  # fmt: skip


def test_every_test_that_a_document_names_is_there() -> None:
    named = {
        (document.name, path)
        for document in DOCUMENTS
        for path in re.findall(r"`(tests/[\w/.]+\w)/?(?:::\w+)?`", document.read_text(encoding="utf-8"))
    }
    assert len(named) > 20
    assert {(document, path) for document, path in named if not (ROOT / path).exists()} == set()


FENCED = re.compile(r"^[ ]*```(\w+)\n(.*?)^[ ]*```$", flags=re.M | re.S)


def blocks(*kinds: str) -> list[str]:
    return [dedent(body) for kind, body in FENCED.findall(text()) if kind in kinds]


def typed() -> list[list[str]]:
    """Every command line of the documents: in a block, or in the text as code; without what a comment says of it."""
    lines = [line.removeprefix("$ ") for block in blocks("sh", "console") for line in block.splitlines()]
    lines += re.findall(r"`(fellowship [^`\n…]+)`", FENCED.sub("", text()))
    found = [line.partition(" #")[0].split() for line in lines if line.startswith("fellowship ")]
    return [line for line in found if not line[1].startswith("-") and line[1].islower()]


def test_every_command_that_a_reader_types_exists_with_all_of_its_options() -> None:
    known = {
        name: {"--help"}.union(*(parameter.opts for parameter in command.params))
        for name, command in commands().items()
    }
    asked = [(line[1], word.partition("=")[0]) for line in typed() for word in line[2:] if word.startswith("--")]
    assert {line[1] for line in typed()} == set(known)
    assert [(name, option) for name, option in asked if option not in known[name]] == []


def test_the_command_is_typed_in_one_way_after_the_environment_is_activated() -> None:
    """No document names a path to it, but for what systemd and other users run; a reader's first ones say how."""
    ways = [page.name for page in DOCUMENTS if "bin/fellowship" in page.read_text(encoding="utf-8")]
    assert ways == ["deployment.md"]
    for first in ("README.md", "docs/first-program.md", "docs/handbook.md", "docs/handbook.ko.md"):
        page = (ROOT / first).read_text(encoding="utf-8")
        assert page.index(". .venv/bin/activate") < page.index(
            "\nfellowship " if "\nfellowship " in page else "$ fellow"
        )


def test_the_page_of_commands_is_what_help_says() -> None:
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == reference.page()


def whole(block: str) -> str:
    """A program of which the block is all, a part, entries under a source, or keys of an entry."""
    parts = yaml.safe_load(block)
    if parts.keys() <= SOURCE_BY_NAME.keys() and all(isinstance(entries, list) for entries in parts.values()):
        block = f"sources:\n{indent(block, '  ')}"
    elif not parts.keys() <= {field.alias or name for name, field in Program.model_fields.items()}:
        entry = "{files: landing/x.csv, preset: google_forms, survey: s, member: m}"
        block = f"sources:\n  survey_responses:\n  - <<: {entry}\n{indent(block, '    ')}"
    document = {"program": {"id": "x"}, "sources": {}} | yaml.safe_load(block)
    if "    - table:" in block:
        document["engine"] = {"spark": {"remote": "sc://host:15002"}}
    return yaml.safe_dump(document, allow_unicode=True)


def test_every_block_of_program_yaml_in_the_documents_is_read_without_a_mistake() -> None:
    found = blocks("yaml")
    assert found
    for block in found:
        parse_program(whole(block))


def test_every_page_of_the_handbook_has_the_same_commands_in_both_languages() -> None:
    def lines(name: str) -> list[str]:
        page = (ROOT / "docs" / name).read_text(encoding="utf-8")
        return [re.sub("'.*?'", "''", line) for _, body in FENCED.findall(page) for line in body.splitlines()]

    assert lines("handbook.md") == lines("handbook.ko.md")
