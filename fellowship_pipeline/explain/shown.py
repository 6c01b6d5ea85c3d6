"""How an explanation looks: on a terminal, as CSV for a spreadsheet, as JSON for a machine.

Belongs here: words and layouts. Does not belong here: what is explained (``explaining``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, Any

from rich.text import Text

from assets.publication.cells import cell
from fellowship_pipeline.terminal import printable

if TYPE_CHECKING:
    from fellowship_pipeline.explain.cells import Values
    from fellowship_pipeline.explain.evidence import Line
    from fellowship_pipeline.explain.explaining import Explanation, Unit

LINES = 6
"""Lines of a unit that a terminal shows, where there are several units."""

OF_LINES = ("source", "file", "line", "row", "text")


def on_terminal(explained: Explanation) -> Iterator[Text]:
    """The figure, what it means, then each unit with its lines."""
    yield _text(f"{explained.label}: {_figure(explained)}", "bold")
    for sentence in explained.definition:
        yield _text(f"  {sentence}")
    for row in explained.cell.rows:
        yield _text(f"{explained.cell.table.key}: {_pairs(row)}", "cyan")
    if explained.published:
        for line in explained.published.says:
            yield _text(f"{explained.published.file}: {line}", "yellow")
    if not explained.agrees:
        yield _text("what the units make differs from what stands in the table", "bold red")
    if explained.elsewhere:
        yield _text(f"activity is in {explained.elsewhere}, a table of a lake: none of its rows is listed", "yellow")
    numerator, denominator = explained.counts
    counted = [unit for unit in explained.units if unit.numerator]
    others = [unit for unit in explained.units if not unit.numerator and unit.denominator]
    unit = explained.unit
    if numerator == denominator:
        sections = [(f"{denominator}: {len(counted) + len(others):,} {unit}", [*counted, *others])]
    else:
        is_unknown = any(one.facts.get("is_anonymous") for one in counted)
        left = (
            f"which of them are the {numerator} without a name is not known" if is_unknown else f"but not {numerator}"
        )
        sections = [
            (f"{numerator}: {_number(explained.numerator)} {unit}", counted),
            (f"{denominator}, {left}", others),
        ]
    shown = LINES if len(counted) + len(others) > 1 else None
    for title, units in sections:
        yield Text()
        yield _text(title if units else f"{title}: none", "bold")
        for one in units:
            yield from _unit(one, shown)


def write_csv(sink: IO[str], explained: Explanation) -> None:
    """A row for each unit and line, safe for spreadsheets."""
    numerator, denominator = explained.counts
    counts = list(dict.fromkeys((numerator, denominator)))
    facts = list(dict.fromkeys(name for unit in explained.units for name in unit.facts if name not in counts))
    place = list(explained.cell.place)
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow([*place, "person", "name", *counts, *facts, *OF_LINES])
    for unit in explained.units:
        values = {numerator: unit.numerator, denominator: unit.denominator}
        own = [*explained.cell.place.values(), unit.person, unit.name]
        own += [values[name] for name in counts] + [unit.facts.get(name) for name in facts]
        told = [[getattr(line, name) for name in OF_LINES] for line in unit.lines]
        for one in told or [[None] * len(OF_LINES)]:
            writer.writerow(map(cell, [*own, *one]))


def document(explained: Explanation) -> dict[str, Any]:
    """The same as JSON has it."""
    cell = explained.cell
    return {
        "kpi": explained.kpi,
        "label": explained.label,
        "definition": explained.definition,
        "table": cell.table.key,
        "column": cell.column,
        "cell": cell.place,
        "rows": list(cell.rows),
        "value": explained.value,
        "numerator": {"column": explained.counts[0], "value": explained.numerator},
        "denominator": {"column": explained.counts[1], "value": explained.denominator},
        "agrees": explained.agrees,
        "published": asdict(explained.published) if explained.published else None,
        "elsewhere": explained.elsewhere,
        "unit": explained.unit,
        "units": [asdict(unit) for unit in explained.units],
    }


def _figure(explained: Explanation) -> str:
    value = "unknown" if explained.value is None else f"{explained.value:.1%}"
    numerator, denominator = explained.counts
    if numerator == denominator:
        return f"{value}, of {_number(explained.denominator)} {explained.unit}"
    above, below = _number(explained.numerator), _number(explained.denominator)
    return f"{value} ({numerator} {above} / {denominator} {below})"


def _unit(unit: Unit, most: int | None) -> Iterator[Text]:
    who = " ".join(part for part in (unit.person or "", unit.name or "") if part)
    facts = _pairs({name: value for name, value in unit.facts.items() if not isinstance(value, bool)})
    yield _text("  " + "  ".join(part for part in (who, facts) if part))
    for line in unit.lines[:most]:
        yield _text(f"      {_place(line)}  {line.text}", "dim")
    if most is not None and len(unit.lines) > most:
        yield _text(f"      … and {len(unit.lines) - most:,} more lines: --csv and --json have all", "dim")


def _place(line: Line) -> str:
    return f"{line.file}:{line.line}" if line.line is not None else f"{line.file}, record {line.row}"


def _pairs(row: Values) -> str:
    return ", ".join(f"{name}={_plain(value)}" for name, value in row.items() if value is not None)


def _plain(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) and value != int(value) else _number(value)


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "none" if value is None else str(value)
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def _text(text: str, style: str = "") -> Text:
    return Text(printable(text), style)
