"""``fellowship workspace``: the file by which one Dagster serves several programs.

Belongs here: reading which programs they are, and that file. Does not belong here: what keeps them apart (``apart``),
any Dagster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
import yaml

from fellowship_pipeline.apart import MODULE, Location
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.program import load_program

Homes = Annotated[list[Path], typer.Argument(metavar="HOME…", help="The programs' home directories.")]

NAME = re.compile(r"[A-Za-z0-9_-]+")
"""What Dagster takes as part of an asset's key without a change."""

HEAD = """\
# The programs of one Dagster, a code location each: `dagster dev -w workspace.yaml`, or dagster-webserver and
# dagster-daemon with the same -w. Made by `fellowship workspace`; make it anew where a home moves.
"""


def workspace(homes: Homes) -> None:
    """Prints a workspace.yaml for several programs on one Dagster: a code location each, named by its program's id."""
    entries = [
        {"python_module": {"module_name": MODULE, "attribute": one.attribute, "location_name": one.name}}
        for one in _locations(homes)
    ]
    typer.echo(HEAD + yaml.safe_dump({"load_from": entries}, allow_unicode=True, sort_keys=False, width=1000), nl=False)


def _locations(homes: Sequence[Path]) -> Iterator[Location]:
    """A location per home. Raises UserError where one is no program's, or two would have one name."""
    named: dict[str, Path] = {}
    for home in homes:
        name = load_program(home).program.id
        if not NAME.fullmatch(name):
            raise UserError(
                f"{home}: program.id is {name!r}, and Dagster takes letters A to Z, digits, - and _ alone: "
                "give it such an id in its program.yaml"
            )
        other = named.setdefault(name.replace("-", "_"), home)
        if other is not home:
            raise UserError(
                f"{other} and {home}: both have the program.id {name!r}, up to - and _: "
                "give one of them another in its program.yaml"
            )
        yield Location(str(home.resolve()), name)
