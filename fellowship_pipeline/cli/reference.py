"""``docs/commands.md``: ``python -m fellowship_pipeline.cli.reference > docs/commands.md``.

Belongs here: rendering each command as `--help` has it. Does not belong here: any description; those stand with the
commands.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import typer

from fellowship_pipeline.cli import app

INTRODUCTION = """\
# Commands

`fellowship COMMAND --help` says the same. HOME is the folder that `fellowship init` made. `fellowship --version` says
which version this is; `fellowship --install-completion` has the shell complete commands and options. Written by
`python -m fellowship_pipeline.cli.reference`; a test holds it to the code.

Exit codes: 0 done; 1 what was asked does not hold (a blocking check failed and nothing new was published, a figure is
not what its units make, `doctor` found something); 2 bad configuration or input; 3 another run held the home or another
program the warehouse; 130 interrupted.
"""


def commands() -> dict[str, Any]:
    """Every command by its name, as the command line knows it."""
    return dict(typer.main.get_group(app).commands)


def page() -> str:
    """The page in Markdown, a section per command."""
    return INTRODUCTION + "".join("\n" + "\n".join(_section(name, one)) + "\n" for name, one in commands().items())


def _section(name: str, command: Any) -> Iterator[str]:
    context = typer.Context(command, info_name=f"fellowship {name}")
    yield f"## fellowship {name}"
    yield ""
    yield f"`{' '.join([f'fellowship {name}', *command.collect_usage_pieces(context)])}`"
    yield ""
    yield command.help
    yield ""
    yield "| argument or option | what |"
    yield "| --- | --- |"
    for parameter in command.params:
        yield f"| {_name(parameter, context)} | {_what(parameter)} |"


def _name(parameter: Any, context: typer.Context) -> str:
    value = parameter.metavar or parameter.display_type(context)
    if parameter.param_type_name == "argument":
        return _code(value)
    return ", ".join(_code(name if parameter.is_flag else f"{name} {value}") for name in parameter.opts)


def _what(parameter: Any) -> str:
    words = parameter.help or ""
    default = None if getattr(parameter, "is_flag", False) else parameter.default
    return (
        words
        + (" May be given several times." if parameter.multiple else "")
        + (f" Default: {default}." if default is not None else "")
    )


def _code(text: str) -> str:
    """As code in a cell of a table."""
    return f"`{text.replace('|', chr(92) + '|')}`"


if __name__ == "__main__":
    sys.stdout.write(page())
