"""fellowship workspace: a code location per program; what keeps them apart on one Dagster; what it refuses."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import dagster as dg
import pytest
import yaml

from fellowship_pipeline import definitions
from fellowship_pipeline.apart import MODULE, Apart, Location
from fellowship_pipeline.cli import status
from fellowship_pipeline.definitions import build_defs


def program(home: Path, name: str) -> Path:
    home.mkdir()
    (home / "program.yaml").write_text(f"program: {{id: {name}}}\nsources: {{}}\n")
    return home


def told(capsys: pytest.CaptureFixture[str], *homes: Path) -> tuple[int, str, str]:
    code = status(["workspace", *map(str, homes)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_each_program_is_a_location_that_is_told_its_home(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "한 곳", "mentoring"), program(tmp_path / "b", "data-science")
    monkeypatch.chdir(tmp_path)
    code, out, _ = told(capsys, Path("한 곳"), Path("b"))
    assert code == 0
    entries = [entry["python_module"] for entry in yaml.safe_load(out)["load_from"]]
    assert [(entry["module_name"], entry["location_name"]) for entry in entries] == [
        (MODULE, "mentoring"), (MODULE, "data-science"),
    ]  # fmt: skip
    assert [Location.read(entry["attribute"]) for entry in entries] == [
        Location(f"{tmp_path}/한 곳", "mentoring"), Location(f"{tmp_path}/b", "data-science"),
    ]  # fmt: skip


def test_two_of_one_name_are_refused_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    homes = program(tmp_path / "a", "data-science"), program(tmp_path / "b", "data_science")
    assert told(capsys, *homes) == (
        2, "", f"error: {homes[0]} and {homes[1]}: both have the program.id 'data_science', up to - and _: "
        "give one of them another in its program.yaml\n",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["데이터", "a b", "a/b", "a.b"])
def test_a_name_that_no_asset_can_have_is_refused_in_a_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = told(capsys, program(tmp_path / "a", name))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.endswith("give it such an id in its program.yaml\n")


def test_what_is_no_home_is_refused_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, program(tmp_path / "a", "a"), tmp_path / "none")
    assert (code, out, err.count("\n")) == (2, "", 1)


@cache
def two() -> tuple[dg.Definitions, dg.Definitions]:
    return build_defs(home="", apart=Apart("a-b")), build_defs(home="", apart=Apart("c"))


@pytest.mark.slow
def test_no_key_no_check_and_no_pool_is_of_two_programs() -> None:
    keys, checks, pools = [], [], []
    for defs in two():
        graph = defs.resolve_asset_graph()
        keys.append(set(graph.get_all_asset_keys()))
        checks.append(set(graph.asset_check_keys))
        pools.append({node.definition.pool for node in defs.resolve_job_def("refresh").nodes})  # type: ignore[attr-defined]
    assert {key.path[0] for key in keys[0]} == {"a-b"} and {key.path[0] for key in keys[1]} == {"c"}
    assert {key.asset_key.path[0] for key in checks[0]} == {"a-b"}
    assert pools == [{"warehouse_a-b"}, {"warehouse_c"}]
    alone = build_defs(home="").resolve_asset_graph()
    assert {tuple(key.path[1:]) for key in keys[0]} == {tuple(key.path) for key in alone.get_all_asset_keys()}
    assert len(checks[0]) == len(alone.asset_check_keys)


@pytest.mark.slow
def test_the_definitions_of_a_location_are_an_attribute_of_the_module(tmp_path: Path) -> None:
    home = program(tmp_path / "a", "a")
    found = getattr(definitions, Location(str(home), "a").attribute)
    assert isinstance(found, dg.Definitions)
    assert {key.path[0] for key in found.resolve_asset_graph().get_all_asset_keys()} == {"a"}
    with pytest.raises(AttributeError):
        getattr(definitions, '{"home": "/srv"}')
