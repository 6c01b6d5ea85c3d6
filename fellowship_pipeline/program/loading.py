"""From the text of program.yaml to the program, or to lines that say what is wrong with it.

Belongs here: reading the file. Does not belong here: what may stand in it (``settings``), what must hold between its
parts (``rules``), YAML's syntax (``marked_yaml``), words (``mistakes``).
"""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home
from fellowship_pipeline.program import marked_yaml, mistakes
from fellowship_pipeline.program.rules import contradictions
from fellowship_pipeline.program.settings import FILE_NAME, Program


def parse_program(content: bytes | str) -> Program:
    """The program of that YAML. Raises UserError, a line for each mistake, where it cannot be followed."""
    if isinstance(content, str):
        content = content.encode()
    data, lines = marked_yaml.read(content, FILE_NAME)
    try:
        program = Program.model_validate({} if data is None else data)
    except ValidationError as error:
        raise mistakes.invalid(error, FILE_NAME, lines) from None
    if found := list(contradictions(program)):
        raise mistakes.contradictory(found, FILE_NAME, lines)
    program._lines.update(lines)
    return program


def load_program(home: Path) -> Program:
    """The program of a home directory. Raises UserError where there is none; as :func:`parse_program` of its words."""
    try:
        file = Home.existing(home).program_file
        content = file.read_bytes()
    except OSError as error:
        raise UserError(f"{error.filename} cannot be read: {error.strerror}") from None
    return parse_program(content)
