"""A program of an example as it stood on another day, and its exports made once more elsewhere.

Belongs here: what tests of several examples do. Does not belong here: any figure.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from assets.sql import run_models
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import SETTINGS_TABLES
from fellowship_pipeline.forgetting.reading import forget_and_read
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.intake.staging.coverage import coverage
from fellowship_pipeline.program import load_program
from fellowship_pipeline.program.rows import settings_rows
from tests.examples.runs import REPOSITORY


def generated_elsewhere(example: str, folder: Path) -> dict[str, bytes]:
    """The example's exports as a process in another time zone makes them, with another order of sets."""
    code = f"import sys; from pathlib import Path; from examples.{example}.generate import generate; "
    subprocess.run(
        [sys.executable, "-c", code + "generate(Path(sys.argv[1]))", str(folder)],
        check=True,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/New_York"},
    )
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def as_it_stood(home: Home, as_of: date, *tables: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Those tables, of what the home's archive holds, at the end of that day: what `--as-of` computes."""
    program = load_program(home.path)
    with warehouse.connect(None) as con:
        forget_and_read(con, home, program)
        stage(con, program)
        coverage(con, program, as_of)
        settings = settings_rows(program, as_of)
        for table in SETTINGS_TABLES:
            if table.name in settings:
                warehouse.write_rows(con, table, settings[table.name])
        run_models(con, tables)
        yield con
