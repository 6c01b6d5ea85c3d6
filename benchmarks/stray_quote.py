"""A large activity file with one stray quote in its middle, taken in as a run does: what became of every record.

DuckDB's reader loses thousands of records of such a file, most of them without a word; the line for it says how many
it returns in the same process. ``python benchmarks/stray_quote.py [RECORDS]``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from fellowship_pipeline import warehouse
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing.arrival import take_in
from fellowship_pipeline.intake.reading import read_into
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.program import load_program

PROGRAM = "program: {id: bench}\nsources:\n  activity: [{files: landing/*.csv}]\n"
HEADER = "member,occurred_at,course,item,xp\n"
STRAYS = {
    "in a value without quotes": (HEADER, '{0},2022-01-01T00:00:00Z,course {1},a screen of 5" and more words,{1}\n'),
    "in a value with quotes": (HEADER, '"{0}","2022-01-01T00:00:00Z","course {1}","a 5" screen","{1}"\n'),
    "at the beginning of a value": (HEADER, '{0},2022-01-01T00:00:00Z,course {1},"a screen of 5 and more words,{1}\n'),
}


def write(path: Path, header: str, stray: str, records: int) -> None:
    """A file of that many records, like ``stray`` but without its stray quote, which only the middle one has."""
    clean = stray.replace('5" ', "5 ").replace(',"a screen', ",a screen")
    with path.open("w") as file:
        file.write(header)
        file.writelines((stray if at == records // 2 else clean).format(f"m{at:07}", at % 250) for at in range(records))


def row_count_of_duckdb(path: Path) -> str:
    """The number of records that DuckDB's reader returns, its errors ignored."""
    with warehouse.connect(None) as con:
        found = con.execute("select count(*) from read_csv(?, ignore_errors = true)", [str(path)]).fetchall()
    return f"{found[0][0]:,}"


def main(records: int) -> None:
    """Prints what became of the records of each file."""
    table = Table("stray quote", "MB", "records", "status", "staged", "rejected", "reason, line", "read_csv")
    for name, (header, stray) in STRAYS.items():
        with tempfile.TemporaryDirectory() as folder:
            home = Home(Path(folder))
            home.landing.mkdir()
            home.program_file.write_text(PROGRAM)
            file = home.landing / "activity.csv"
            write(file, header, stray, records)
            program = load_program(home.path)
            with warehouse.connect(home.warehouse) as con:
                take_in(home, program)
                read_into(con, home, program)
                stage(con, program)
                found = con.execute("select rows, status, staged, rejected, reason from raw.files").fetchall()
                why = con.execute("select string_agg(reason || ', line ' || line, '; ') from raw.rejects").fetchall()
            count, status, staged, rejected, reason = found[0]
            size = f"{file.stat().st_size / 1e6:.0f}"
            counts = (f"{count:,}", status, f"{staged:,}", f"{rejected:,}")
            table.add_row(name, size, *counts, reason or why[0][0], row_count_of_duckdb(file))
    Console(width=160).print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 700_001)
