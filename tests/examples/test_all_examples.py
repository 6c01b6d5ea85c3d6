"""Every example: known to ``fellowship init``, described beside its program, named in the README."""

from __future__ import annotations

from pathlib import Path

import pytest

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.init import new_home
from fellowship_pipeline.program import parse_program
from tests.examples.runs import REPOSITORY

EXAMPLES = sorted(path.parent for path in (REPOSITORY / "examples").glob("*/program.yaml"))


def test_init_lists_them_all(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        new_home(tmp_path / "home", "xxxxxxxx")
    listed = str(caught.value).rpartition(" of ")[2]
    assert [name.strip(" '.") for name in listed.split(",")] == [example.name for example in EXAMPLES]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_is_described(example: Path) -> None:
    about = (example / "README.md").read_text(encoding="utf-8")
    assert f"fellowship init HOME --example {example.name}" in about
    assert f"`{example.name}`" in (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert parse_program((example / "program.yaml").read_bytes()).program.name.keys() == {"ko", "en"}
