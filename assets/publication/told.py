"""What Dagster tells of a release: the scorecard, and of every KPI table its latest figures, as they are published.

Whoever may look at Dagster is no operator, so that all of it is read from the published files, none from the warehouse.
Numbers are rounded as they read on the page, in the program's first language. Belongs here: metadata of what is
published. Does not belong here: what may be shown (``fellowship_pipeline.release``), or the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb

from assets.describe import SUBJECTS, asset_key
from fellowship_pipeline.apart import ALONE, Apart
from fellowship_pipeline.contracts import HEADLINES, Column, Headline, Table
from fellowship_pipeline.dashboard.opening import headlines_in_order
from fellowship_pipeline.dashboard.words import DASH, Voice
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import PUBLISHED
from fellowship_pipeline.warehouse.names import identifier

Figures = dict[str, float]
"""Numbers by what they are, with their unit."""

CURRENT = Path("published", "current")
"""Below the home. Whoever may look at Dagster need not know where that is."""

PAGE = "dashboard.html"
TOP = "score"
"""The page's part above its sections, where the scorecard is."""

NO_BREAK = "\u00a0"
"""A space at which Dagster, whose columns are narrow, ends no line."""

_TEXTS = "read_csv(?, header = true, all_varchar = true)"
_COUNTS = "count(*) filter (where not suppressed), count(*) filter (where suppressed)"


def page(program: Program, part: str = "", shown: Path = CURRENT) -> dg.MetadataValue:
    """Where the page, or a part of it, can be read: at ``notify.link``, else in the folder ``shown`` of the home."""
    part = f"#{part}" if part else ""
    if link := _link(program):
        return dg.MetadataValue.url(link + part)
    return dg.MetadataValue.path(str(shown / PAGE) + part)


def scorecard(con: duckdb.DuckDBPyConnection, folder: Path, program: Program) -> str:
    """The whole program's scorecard in Markdown, its lines in the order of the page's tiles."""
    words = Voice(program.languages[0])
    query = "select kpi, value, target, status from " + _TEXTS + " where slice_by = 'all'"
    rows = {kpi: row for kpi, *row in con.execute(query, [str(folder / "tables/scorecard.csv")]).fetchall()}
    heads = ("page.scorecard", "column.value", "tile.target", "column.state")
    lines = [[words(head) for head in heads], ["---", "---:", "---:", "---"]]
    for headline in headlines_in_order(rows, program):
        value, target, status = rows[headline.kpi]
        lines.append(
            [
                _linked(headline, program, words.language),
                _value(value, headline, words),
                words.target(float(target)) if target else DASH,
                words(f"state.{status}") if status else DASH,
            ]
        )
    return "\n".join("| " + " | ".join(cell.replace(" ", NO_BREAK) for cell in line) + " |" for line in lines)


def places(program: Program) -> dict[str, dict[str, dg.MetadataValue]]:
    """By key of every KPI table that is published, where it can be read."""
    return {
        table.key: {
            "page": page(program, TOP if SUBJECTS[table.key] == "program" else SUBJECTS[table.key]),
            "published_as": dg.MetadataValue.path(str(CURRENT / "tables" / f"{table.name}.csv")),
        }
        for table in PUBLISHED
    }


def observations(
    con: duckdb.DuckDBPyConnection, folder: Path, program: Program, apart: Apart = ALONE
) -> Iterator[dg.AssetObservation]:
    """Of every published KPI table: how much of it is shown, and its latest figures for the whole program."""
    for table in PUBLISHED:
        file = folder / "tables" / f"{table.name}.parquet"
        ((shown, withheld),) = con.execute("select " + _COUNTS + " from read_parquet(?)", [str(file)]).fetchall()
        rows = {"rows_published": shown, "rows_withheld": withheld}
        yield dg.AssetObservation(asset_key(table.key, apart), metadata={**_figures(con, table, file, program), **rows})


def _figures(con: duckdb.DuckDBPyConnection, table: Table, file: Path, program: Program) -> Figures:
    if table.name == "scorecard":
        query = "select kpi, value from read_parquet(?) where slice_by = 'all' and value is not null"
        values = dict(con.execute(query, [str(file)]).fetchall())
        label = {headline.kpi: headline.label[program.languages[0]] for headline in HEADLINES}
        return {
            f"{label[one.kpi]} (%)": round(100 * values[one.kpi], _digits(one))
            for one in headlines_in_order(values, program)
        }
    return dict(_latest(con, table, file, *table.plotted)) if table.plotted else {}


def _latest(
    con: duckdb.DuckDBPyConnection, table: Table, file: Path, period: str, name: str
) -> Iterator[tuple[str, float]]:
    """The plotted figure in the last period: one, or one for each pool, rule or mission."""
    others = [key for key in table.grain if key not in (period, "slice_by", "slice")]
    whole = " where slice_by = 'all'" if "slice_by" in table.column_names else ""
    query = (
        "with rows as (from read_parquet(?)" + whole + ") select " + ", ".join(map(identifier, [name, *others])) + ""
        " from rows where " + identifier(period) + " = (select max(" + identifier(period) + ") from rows) order by all"
    )
    found = con.execute(query, [str(file)]).fetchall()
    for value, *labels in found:
        if value is not None:
            of = " · " + " · ".join(map(str, labels)) if len(found) > 1 else ""
            yield _named(table.column(name)) + of, _rounded(value, table.column(name))


def _named(column: Column) -> str:
    unit = "%" if column.unit == "rate" else column.unit
    return f"{column.name} ({unit})" if unit else column.name


def _rounded(value: float, column: Column) -> float:
    """As people read it: a rate in percent, a count as it is, anything else with a decimal."""
    if column.type == "BIGINT":
        return value
    return round(100 * value if column.unit == "rate" else value, 1)


def _digits(headline: Headline) -> int:
    """How many decimals its percentage has on the page."""
    return 0 if headline.measure == "sensitive" else 1


def _value(value: str | None, headline: Headline, words: Voice) -> str:
    """The figure as on its tile, or what stands in its place."""
    if value is None:
        return DASH
    try:
        return words.percent(float(value), _digits(headline))
    except ValueError:
        return words.withheld(value)


def _linked(headline: Headline, program: Program, language: str) -> str:
    link, label = _link(program), headline.label[language]
    return f"[{label}]({link}#{SUBJECTS[f'kpi.{headline.table}']})" if link else label


def _link(program: Program) -> str | None:
    return program.notify.link if program.notify else None
