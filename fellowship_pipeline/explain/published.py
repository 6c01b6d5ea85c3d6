"""What stands of a figure in ``published/current``, and why, where it is withheld or rounded.

Belongs here: comparing what is published with what the warehouse has. Does not belong here: the rules of disclosure
(``release``), or what is behind the figure (``explaining``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fellowship_pipeline import warehouse
from fellowship_pipeline.contracts import TABLE_BY_KEY, Table
from fellowship_pipeline.contracts.privacy import ByHeadline, Operational, Sensitive
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.explain.cells import KpiCell, Values, agree, rows_of
from fellowship_pipeline.explain.figures import Figure
from fellowship_pipeline.warehouse.names import identifier, qualified

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.home import Home
    from fellowship_pipeline.program import Program
    from fellowship_pipeline.program.settings import Privacy

EXACT = 1e-9


@dataclass(frozen=True)
class PublishedFigure:
    """The rows of ``published/current/kpi.duckdb``, and in words what becomes of the figure there.

    ``as_of``: the day that they are of. ``file``: the folder of the release, with the table.
    """

    as_of: str
    file: str
    rows: list[Values]
    says: list[str]


def published(
    con: duckdb.DuckDBPyConnection, home: Home, program: Program, figure: Figure, cell: KpiCell
) -> PublishedFigure:
    """What stands there of a cell; ``con``: the warehouse. Raises UserError where nothing is published."""
    table, column = _as_published(figure, cell)
    database = home.release / "kpi.duckdb"
    if not database.is_file():
        raise UserError(f"{home.path} has published nothing yet: `fellowship run {home.path}` does")
    manifest = json.loads((home.release / "manifest.json").read_text(encoding="utf-8"))
    with warehouse.connect(database, read_only=True) as release:
        comparison = _Comparison(con, release, program.privacy, figure, table, column)
        compared = [comparison.of(truth) for truth in cell.rows]
    says = [said for _, said in compared]
    ((as_of,),) = con.execute("select as_of from core.parameters").fetchall()
    if table.name != "terms" and manifest["as_of"] != as_of.isoformat():
        says.append(f"it is of a run as of {manifest['as_of']}, the warehouse of one as of {as_of}")
    file = f"{database.relative_to(home.path)} {table.name}"
    return PublishedFigure(manifest["as_of"], file, [row for row, _ in compared if row], says)


def _as_published(figure: Figure, cell: KpiCell) -> tuple[Table, str]:
    """The table that is published of it, and the figure's column there."""
    if cell.table.schema != "kpi":
        raise UserError(f"{figure.name} is not published: it names persons")
    if cell.table.name == "headlines":
        return TABLE_BY_KEY["kpi.scorecard"], "value"
    return cell.table, cell.column or figure.own_column or figure.column


@dataclass(frozen=True)
class _Comparison:
    """Rows of a table as they are and as they are published."""

    con: duckdb.DuckDBPyConnection
    release: duckdb.DuckDBPyConnection
    privacy: Privacy
    figure: Figure
    table: Table
    column: str

    def of(self, truth: Values) -> tuple[Values | None, str]:
        """The row of the same grain, if any, and what became of the figure."""
        place = agree({name: truth[name] for name in self.table.grain})
        rows = rows_of(self.release, f"select * from main.{identifier(self.table.name)} where {place}")
        if not rows:
            return None, f"not published: {self._missing(truth)}"
        (row,) = rows
        if row["suppressed"]:
            return row, f"{self._withheld(truth)}{self._beside(row)}"
        return row, self._shown(truth[self.column], row[self.column])

    def _missing(self, truth: Values) -> str:
        if self._is_sensitive and truth.get("slice_by", "all") not in ("all", "cohort"):
            return "of it only the whole program and cohorts that have ended are"
        if self._is_sensitive:
            reasons = ["the cohort has not ended"] if truth.get("slice_by") != "all" else []
            reasons += ["answers have no names"] if "survey" in truth and truth.get("slice_by") == "cohort" else []
            reasons += ["the answer is in somebody's own words"] if "option" in truth else []
            return ", or ".join(reasons)
        return (
            "slices stand there by week and by quarter of start, as far as they can be shown; a label that only one or "
            "two persons have as `other`"
        )

    def _withheld(self, truth: Values) -> str:
        persons = self._persons(truth)
        least = self.privacy.sensitive_minimum if self._is_sensitive else self.privacy.operational_minimum
        said = f"{persons} persons"
        return f"<{least}: {said}" if persons < least else f"withheld: {said}, which would give away others"

    def _shown(self, truth: float | None, value: float | None) -> str:
        if truth is None or value is None:
            base = (
                f"on a base of fewer than {self.privacy.sensitive_base}, of nearly all of its base, "
                "or beside a figure that it would give away"
            )
            return "published: unknown, as it is here" if truth is None else f"withheld: {base}"
        if abs(value - truth) < EXACT:
            return "published: as it stands here"
        return f"published: {value:g}, where {truth:.4f} stands here"

    def _beside(self, row: Values) -> str:
        """How many groups are withheld at the same moment, of the same kind of slice and with their total."""
        if "slice_by" not in self.table.grain:
            return ""
        kind = row["slice_by"]
        alike = {name: row[name] for name in self.table.grain if name not in ("slice_by", "slice")}
        place = f"suppressed and {agree(alike)} and (slice_by = 'all' or {agree({'slice_by': kind})})"
        query = f"select count(*), bool_or(slice_by = 'all') from main.{identifier(self.table.name)} where {place}"
        groups, has_total = self.release.execute(query).fetchall()[0]
        if kind == "all":
            return "; it is the total"
        return f"; with its total {groups} groups" if has_total else f"; {groups} of {kind} are withheld together"

    @property
    def _is_sensitive(self) -> bool:
        headline = self.figure.headline
        if headline is not None and isinstance(self.table.privacy, ByHeadline):
            return headline.measure == "sensitive"
        return isinstance(self.table.privacy, Sensitive)

    def _persons(self, truth: Values) -> int:
        """How many persons the row describes."""
        rules = self.table.privacy
        if isinstance(rules, Operational):
            place = agree({name: truth[name] for name in self.table.grain})
            query = f"select coalesce(cast({rules.size} as bigint), 0) from {qualified(self.table)} where {place}"
            ((persons,),) = self.con.execute(query).fetchall()
            return int(persons)
        if isinstance(rules, Sensitive):
            return int(min((truth[name] or 0 for name in rules.main if name in rules.counts), default=0))
        described = self.figure.headline.persons if self.figure.headline else None
        return int(truth[described.counted if described else "denominator"] or 0)
