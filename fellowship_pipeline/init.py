"""A new home: the commented template, or an example with its exports.

Belongs here: what a home begins with. Does not belong here: any example (``examples/``) or anything that runs.
"""

from __future__ import annotations

import pkgutil
import tempfile
from collections.abc import Callable
from importlib import import_module, resources
from pathlib import Path

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.home.instance import settle
from fellowship_pipeline.program.mistakes import unknown
from fellowship_pipeline.program.reference import schema, written

TEMPLATE = resources.files("fellowship_pipeline.program") / "template.yaml"

SCHEMA_LINE = f"# yaml-language-server: $schema={Home(Path()).schema_file.name}\n"
"""What tells an editor by what to complete and check the file."""

Fill = Callable[[Path], None]
"""Puts files into a landing folder."""


def new_home(home: Path, example: str | None = None, data: Path | None = None) -> None:
    """Makes ``home``, from the template or from an example; ``data`` has an example's real data, or a folder with them.

    Exports name persons: the landing folder is for its owner alone, until the owner opens it to whoever drops files.

    Raises UserError where ``home`` holds anything, or there is no such example. A failure leaves nothing behind.
    """
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise UserError(f"{home} is not empty; name a new directory")
    text, fill = _example(example, data) if example else _template(data)
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix=".init-") as scratch:
        made = Home(Path(scratch))
        made.program_file.write_bytes(SCHEMA_LINE.encode() + text)
        made.schema_file.write_text(written(schema()), encoding="utf-8")
        made.landing.mkdir(mode=0o700)
        settle(made)
        fill(made.landing)
        home.mkdir(exist_ok=True)
        for child in made.path.iterdir():
            child.rename(home / child.name)


def _template(data: Path | None) -> tuple[bytes, Fill]:
    if data is not None:
        raise UserError("--data goes with --example")
    return TEMPLATE.read_bytes(), lambda landing: None


def _example(name: str, data: Path | None) -> tuple[bytes, Fill]:
    """The example's program.yaml, and what fills its landing folder: ``generate.generate`` or ``copy.copy``."""
    known = _submodules("examples", packages=True)
    if name not in known:
        raise UserError(unknown("example", name, known))
    package = f"examples.{name}"
    program = (resources.files(package) / "program.yaml").read_bytes()
    if "generate" in _submodules(package):
        if data is not None:
            raise UserError(f"the example '{name}' makes its own exports; leave --data out")
        return program, import_module(f"{package}.generate").generate
    if data is None:
        raise UserError(f"the example '{name}' needs real data: --data DIR")
    if not data.is_dir():
        raise UserError(f"{data} is no directory")
    copy = import_module(f"{package}.copy").copy
    found = data / name if (data / name).is_dir() else data
    return program, lambda landing: copy(landing, found)


def _submodules(package: str, *, packages: bool = False) -> list[str]:
    found = pkgutil.iter_modules(import_module(package).__path__)
    return sorted(module.name for module in found if module.ispkg or not packages)
