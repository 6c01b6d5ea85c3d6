"""What a digest says: two headlines, one exception, the review to confirm, held files, the link.

Figures are those published; nothing in it is a person's. Belongs here: choosing and putting into words. Does not belong
here: sending (``sending``), what is wrong (``assets.publication.warnings``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from assets.publication.warnings import foremost
from checks.remembered import stopping
from fellowship_pipeline import standing, warehouse
from fellowship_pipeline.contracts import HEADLINES, TABLES
from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.errors import UserError
from fellowship_pipeline.home import Home, decisions
from fellowship_pipeline.home.generations import MANIFEST
from fellowship_pipeline.program import Program
from fellowship_pipeline.program.settings import Notify
from fellowship_pipeline.warehouse.facts import known

MOST_LINES = 15
LONGEST_LINE = 300
"""Letters; a service cuts long messages where it likes."""

LABELS = {headline.kpi: headline.label for headline in HEADLINES}

_SCORECARD = """
select kpi, value, target, status, delta, cast(as_of - interval 1 month as date) as since
from scorecard
where slice_by = 'all'
"""

_REVIEW = """
select review_month, case when count(*) = count(reclaimed) then sum(reclaimed) end as reclaimed
from review_summary
group by review_month
order by review_month desc
limit 1
"""


@dataclass(frozen=True)
class Digest:
    """A title and lines of text; none begins with a date, which Markdown may take for the number of a list."""

    title: str
    lines: tuple[str, ...]

    @property
    def body(self) -> str:
        """The lines as text."""
        return "\n".join(self.lines)


def digest(home: Home, program: Program, wait: float) -> Digest:
    """The digest of what is published, in the program's first language.

    Raises UserError where nothing is. ``wait``: see ``warehouse.connect``.
    """
    published = home.release / "kpi.duckdb"
    if not published.is_file() or not home.warehouse.exists():
        raise UserError(f"nothing is published in {home.path} yet: `fellowship run {home.path}` does it")
    words, asked = Voice(program.languages[0]), program.notify or Notify()
    as_of = date.fromisoformat(json.loads((home.release / MANIFEST).read_text(encoding="utf-8"))["as_of"])
    with warehouse.connect(published, read_only=True, wait=wait) as con:
        headlines = {row["kpi"]: row for row in _rows(con, _SCORECARD)}
        review = next(iter(con.execute(_REVIEW).fetchall()), None)
    with warehouse.connect(home.warehouse, read_only=True, wait=wait) as con:
        exception = _exception(con, home, program, as_of, words) or _missed(headlines, words)
        ((held,),) = con.execute("select count(distinct sha256) from raw.files where status = 'held'").fetchall()
    lines = [
        *(_headline(headlines[kpi], words) for kpi in asked.kpis if kpi in headlines),
        words("digest.exception", what=exception) if exception else words("digest.nothing"),
        *_to_confirm(home, review, words),
        *([words("digest.held", count=held)] if held else []),
    ]
    link = [asked.link] if asked.link else []
    title = words("digest.heading", program=program.program.title(words.language), day=words.day(as_of))
    return Digest(title, (*(_one_line(line) for line in lines), *link)[: MOST_LINES - 1])


def _headline(row: dict[str, Any], words: Voice) -> str:
    label = LABELS[row["kpi"]][words.language]
    if row["value"] is None:
        return words("digest.withheld", label=label)
    change = state = ""
    if row["delta"] is not None:
        since, size = words.day_of_year(row["since"]), words.points(row["delta"], 1)
        way = "unchanged" if size == words.points(0, 1) else "up" if row["delta"] > 0 else "down"
        change = f" ({words(f'tile.{way}', since=since, points=size)})"
    if row["status"]:
        state = f" · {words('state.' + row['status'])}"
    return words("digest.kpi", label=label, value=words.percent(row["value"]), change=change, state=state)


def _exception(
    con: duckdb.DuckDBPyConnection, home: Home, program: Program, published: date, words: Voice
) -> str | None:
    """The gravest of what makes the figures wrong or old."""
    ((seen,),) = con.execute("select as_of from core.parameters").fetchall()
    if seen != published:
        return words("digest.unpublished", day=words.day(seen))
    if failing := {f"{key}: {result.name}": result.words.model_dump() for key, result in stopping(TABLES, known(con))}:
        return failed(failing, words)
    if standing.behind(con, home, program) is not None:
        return words("digest.behind")
    found = foremost(con, program)
    return found[words.language] if found else None


def failed(failing: Mapping[str, Mapping[str, str]], words: Voice) -> str:
    """That blocking checks fail; by ``schema.table: check`` what that means, by language."""
    first = next(iter(failing))
    what = f"{first.partition(':')[0]}: {failing[first][words.language]}"
    return words("digest.failed", count=len(failing), what=what)


def _missed(headlines: dict[str, dict[str, Any]], words: Voice) -> str | None:
    """The headline that is the farthest below its target."""
    missed = [row for row in headlines.values() if row["status"] == "missed" and row["value"] is not None]
    if not missed:
        return None
    worst = min(missed, key=lambda row: (row["value"] / row["target"], row["kpi"]))
    return words("digest.missed", label=LABELS[worst["kpi"]][words.language], target=words.target(worst["target"]))


def _to_confirm(home: Home, review: tuple[date, int | None] | None, words: Voice) -> Iterator[str]:
    """The latest review, as long as no decision of it stands; without the number where that is withheld."""
    if review is None or decisions.load(home).standing(review[0]):
        return
    month, reclaimed = review
    name, argument = words.month(month), f"{month:%Y-%m}"
    if reclaimed is None:
        yield words("digest.review_withheld", month=name, argument=argument)
    else:
        yield words("digest.review", count=int(reclaimed), month=name, argument=argument)


def _one_line(text: str) -> str:
    line = " ".join(text.replace("\u2060", "").split())
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    found = con.execute(query)
    names = [name for name, *_ in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
