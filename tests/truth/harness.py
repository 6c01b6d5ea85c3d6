"""The pipeline on a case: its models on text rows in memory, the same from CSV files, or a warehouse that a run made.

Belongs here: carrying a case in, carrying tables out, telling differences. Does not belong here: what is right.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from math import isclose
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml

from assets.sql import run_models
from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import DECISION_TABLES, META_TABLES, RAW_TABLES, SETTINGS_TABLES, TABLE_BY_KEY
from fellowship_pipeline.forgetting.reading import forget_and_read
from fellowship_pipeline.home import Home
from fellowship_pipeline.intake.landing.arrival import take_in
from fellowship_pipeline.intake.landing.ledger import Ledger
from fellowship_pipeline.intake.reading.versions import settle
from fellowship_pipeline.intake.staging import stage
from fellowship_pipeline.intake.staging.coverage import coverage, default_as_of
from fellowship_pipeline.program import Program, load_program, parse_program
from fellowship_pipeline.program.rows import settings_rows
from fellowship_pipeline.warehouse.names import qualified

from .oracle import HEADLINES, KEYS, Tables
from .oracle_staging import Case, File, Row

SHOWN = 8


def program_yaml(case: Case) -> str:
    """``program.yaml`` of the case: its settings, and an entry of canonical headers per source that has files."""
    sources: dict[str, list[dict[str, Any]]] = {}
    for source in case.files:
        entry = {"files": f"landing/{source}-*.csv"}
        sources[source] = [{**entry, **case.activity} if source == "activity" else entry]
    about = {"program": {"id": "truth"}, "arrival": {"quiet_seconds": 0}}
    return yaml.safe_dump({**about, **case.settings, "sources": sources}, allow_unicode=True)


def by_models(case: Case, tables: Iterable[str], threads: int = 1) -> Tables:
    """The tables that staging and the SQL models make of the case's text rows, in memory."""
    with modeled(case, tables, threads) as con:
        return {table: fetch(con, table) for table in tables}


@contextmanager
def modeled(case: Case, tables: Iterable[str], threads: int = 1) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in memory with these tables, made of the case's text rows."""
    program = parse_program(program_yaml(case))
    with warehouse.connect(None) as con:
        _read(con, case, program)
        make_tables(con, program, tables, case.as_of, threads)
        yield con


def staged(case: Case, columns: Mapping[str, Iterable[str]]) -> dict[str, list[tuple[Any, ...]]]:
    """The columns of sources as the same text rows are staged."""
    program = parse_program(program_yaml(case))
    with warehouse.connect(None) as con:
        con.execute("set threads = 1")
        _read(con, case, program)
        stage(con, program)
        return {source: con.table(f"staging.{source}").select(*names).fetchall() for source, names in columns.items()}


def by_intake(case: Case, home: Path, tables: Iterable[str]) -> Tables:
    """The same from CSV files in a landing folder; those that only look odd are accepted."""
    place = Home(home)
    for arrived in _arrivals(case):
        write_home(arrived, home)
        program = load_program(home)
        take_in(place, program)
    with warehouse.connect(None) as con:
        forget_and_read(con, place, program)
        held = con.execute("select file_id from raw.files where status = 'held'").fetchall()
    for (file_id,) in held:
        Ledger(place.ledger).decide("accept", file_id)
    with warehouse.connect(None) as con:
        forget_and_read(con, place, program)
        return _made(con, case, program, tables)


def _made(con: duckdb.DuckDBPyConnection, case: Case, program: Program, tables: Iterable[str]) -> Tables:
    make_tables(con, program, tables, case.as_of)
    return {table: fetch(con, table) for table in tables}


def make_tables(
    con: duckdb.DuckDBPyConnection, program: Program, tables: Iterable[str], day: date | None = None, threads: int = 1
) -> None:
    """Stages what is read, and makes these tables of it."""
    con.execute(f"set threads = {threads}")
    stage(con, program)
    as_of = day or default_as_of(con, program)
    coverage(con, program, as_of)
    settings = settings_rows(program, as_of)
    for table in SETTINGS_TABLES:
        if table.name in settings:
            warehouse.write_rows(con, table, settings[table.name])
    for table in DECISION_TABLES:
        warehouse.create(con, table)
    run_models(con, list(tables))


def write_home(case: Case, home: Path) -> None:
    """The case as a home: ``program.yaml`` and its exports, :func:`marked`, in ``landing/``, of each place the last."""
    (home / "landing").mkdir(parents=True, exist_ok=True)
    (home / "program.yaml").write_text(program_yaml(case), encoding="utf-8")
    for source, files in marked(case).files.items():
        for number, file in enumerate(files):
            name = file.place or ("_".join(map(str, file.period)) if file.period else number)
            (home / "landing" / f"{source}-{name}.csv").write_bytes(file.content())


def marked(case: Case) -> Case:
    """The case with a mark before all files but those of activity: a few words could be in another encoding too.

    Of files of one instant that with the greater SHA-256 decides, which is another with the mark.
    """
    files = {
        source: found if source == "activity" else tuple(replace(file, mark=BOM_UTF8) for file in found)
        for source, found in case.files.items()
    }
    return replace(case, files=files)


def _arrivals(case: Case) -> Iterator[Case]:
    """The case as often as a file lies where another lay, with one file more each time."""
    places = Counter((source, file.place) for source, files in case.files.items() for file in files if file.place)
    for number in range(max(places.values(), default=1)):
        seen: Counter[tuple[str, str]] = Counter()
        there: dict[str, tuple[File, ...]] = {}
        for source, files in case.files.items():
            kept = []
            for at, file in enumerate(files):
                place = (source, file.place or f"{at}")
                if seen[place] <= number:
                    kept.append(file)
                seen[place] += 1
            there[source] = tuple(kept)
        yield replace(case, files=there)


def of_warehouse(path: Path, tables: Iterable[str]) -> Tables:
    """The tables of a warehouse file."""
    with warehouse.connect(path, read_only=True) as con:
        return {table: fetch(con, table) for table in tables}


def _versions(source: str, files: Iterable[File]) -> list[list[str]]:
    """What :func:`_fill_raw` calls the files that lay at each place, oldest first."""
    places: dict[str, list[str]] = {}
    for file in files:
        if file.place is not None:
            places.setdefault(file.place, []).append(f"{source}:{file.sha256}")
    return list(places.values())


def _read(con: duckdb.DuckDBPyConnection, case: Case, program: Program) -> None:
    """The case's text rows in ``raw``, without those that a newer version replaces."""
    _fill_raw(con, case, program)
    places = {(source, 0): _versions(source, files) for source, files in case.files.items()}
    settle(con, program, places, {file_id for paths in places.values() for path in paths for file_id in path})


def _fill_raw(con: duckdb.DuckDBPyConnection, case: Case, program: Program) -> None:
    for meta in META_TABLES:
        warehouse.create(con, meta)
    files = []
    for table in RAW_TABLES:
        warehouse.create(con, table)
        text = [column for column in table.column_names if column not in ("_row", "_line")]
        schema = pa.schema([(c, pa.string() if c in text else pa.int64()) for c in table.column_names])
        rows: list[Row] = []
        zone = case.activity.get("timezone", program.timezone) if table.name == "activity" else program.timezone
        for file in case.files.get(table.name, ()):
            file_id = f"{table.name}:{file.sha256}"
            files.append((file_id, table.name, file.sha256, len(file.rows)))
            for number, row in enumerate(file.rows, start=1):
                cells = {column: row.get(column) for column in text}
                extra = {"_file_id": file_id, "_row": number, "_line": number + 1, "_timezone": zone}
                rows.append({**cells, **extra})
        if rows:
            con.register("rows_in", pa.Table.from_pylist(rows, schema=schema))
            con.execute("insert into " + qualified(table) + " by name select * from rows_in")
            con.unregister("rows_in")
    con.executemany(
        "insert into raw.files by name select ? as file_id, 'landing/' || ? || '.csv' as path, ? as source, "
        "? as sha256, 0 as bytes, ? as rows, 0 as staged, 0 as rejected, 0 as superseded, 0 as ignored, "
        "timestamp '2030-01-01' as first_seen, 'loaded' as status, 0 as entry, 0 as restated, "
        "false as needs_look",
        [(file_id, sha256, source, sha256, count) for file_id, source, sha256, count in files],
    )


def fetch(con: duckdb.DuckDBPyConnection, table: str) -> list[Row]:
    cursor = con.execute("select * from " + qualified(TABLE_BY_KEY[table]))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def differences(expected: Tables, got: Tables) -> list[str]:
    """A line per row that is missing, too many or different in a column of the oracle; at most some a table."""
    found = []
    for table, rows in expected.items():
        lines = list(_row_differences(*_comparable(table, rows, got[table])))
        found += [f"{table} {line}" for line in lines[:SHOWN]]
        if len(lines) > SHOWN:
            found.append(f"{table}: {len(lines) - SHOWN} more")
    return found


def _comparable(table: str, expected: list[Row], got: list[Row]) -> tuple[tuple[str, ...], list[Row], list[Row]]:
    """Key and rows; of headlines those of the whole program that have a value."""
    if table not in HEADLINES:
        return KEYS[table], expected, got
    return KEYS[table], expected, [r for r in got if r.get("slice_by", "all") == "all" and r["value"] is not None]


def _row_differences(key: tuple[str, ...], expected: list[Row], got: list[Row]) -> Iterator[str]:
    ours, theirs = ({tuple(row[column] for column in key): row for row in rows} for rows in (expected, got))
    if len(theirs) != len(got):
        yield f"has {len(got) - len(theirs)} rows whose key is another's"
    for place in sorted({*ours, *theirs}, key=str):
        shown = ", ".join(f"{column}={value}" for column, value in zip(key, place, strict=True))
        if place not in theirs:
            yield f"[{shown}] is missing: {_plain(ours[place])}"
        elif place not in ours:
            yield f"[{shown}] is too many: {theirs[place]}"
        else:
            mine, other = ours[place], theirs[place]
            if wrong := [c for c in mine if not _equal(mine[c], other[c])]:
                yield f"[{shown}] " + "; ".join(f"{c}: expected {_plain(mine[c])}, got {other[c]}" for c in wrong)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {column: _plain(one) for column, one in value.items()}
    return float(value) if isinstance(value, Fraction) else value


def _equal(mine: Any, other: Any) -> bool:
    if isinstance(mine, datetime) and isinstance(other, datetime):
        return mine == (other if other.tzinfo else other.replace(tzinfo=UTC))
    if mine is None or other is None or isinstance(mine, str) or not hasattr(mine, "__float__"):
        return bool(mine == other)
    return isclose(float(mine), float(other), rel_tol=1e-9, abs_tol=1e-9)
