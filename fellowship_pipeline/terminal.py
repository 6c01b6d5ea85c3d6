"""How proposals and trials of a file look on a terminal, or as plain text in a pipe.

Belongs here: words and tables. Does not belong here: finding anything out (``intake``), exit codes (``cli``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Column, Table
from rich.text import Text

if TYPE_CHECKING:
    from fellowship_pipeline.intake.proposal import Proposal, Proposals
    from fellowship_pipeline.intake.trial import Trial
    from fellowship_pipeline.stopwatch import Lap

SLOWEST = 5
"""How many pieces of a layer a profile names."""


def printable(text: str) -> str:
    """The text without what would move a terminal's cursor."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def proposals(proposed: Proposals) -> Iterator[RenderableType]:
    """What ``fellowship map`` says: the best proposal with the lines to paste, then the others."""
    encoding = f", {proposed.encoding}" if proposed.encoding else ""
    yield _line(f"{proposed.file}: {proposed.rows:,} records, {len(proposed.header)} columns{encoding}", "bold")
    for doubt in proposed.doubts:
        yield _line(f"it would be held: {doubt}", "yellow")
    for note in proposed.notes:
        yield _line(f"note: {note}")
    for number, proposal in enumerate(proposed.found, start=1):
        yield Text()
        yield from _proposal(number, proposal)


def trials(tried: list[Trial]) -> Iterator[RenderableType]:
    """What ``fellowship check`` says: what would become of the file under each entry."""
    for trial in tried:
        verdict = f"would be {trial.status}" + (f": {trial.reason}" if trial.reason else "")
        yield _line(f"{trial.source} ({trial.entry}): {verdict}", "bold" if trial.loadable else "bold yellow")
        yield _facts(trial)
        for broken in trial.rejects:
            lines = ", ".join(map(str, broken.lines)) + (", …" if broken.records > len(broken.lines) else "")
            where = f" (line {lines})" if broken.lines else ""
            yield _line(f"  rejected {broken.records:,}: {broken.column or 'record'}: {broken.rule}{where}")
        if trial.unmatched_names:
            yield _line(f"  {trial.unmatched_names:,} names resolve to nobody, in {trial.unmatched_rows:,} rows")
        if trial.came_before:
            yield _line("  these bytes came before and count once, as they are read now")


def profile(pieces: Sequence[Lap]) -> Iterator[RenderableType]:
    """What ``fellowship run --profile`` says: the seconds of each layer, and of its slowest pieces."""
    table = Table("layer", "piece", Column("seconds", justify="right"), box=None)
    layers: dict[str, list[Lap]] = {}
    for piece in pieces:
        layers.setdefault(piece.layer, []).append(piece)
    for layer, own in layers.items():
        table.add_row(layer, f"{len(own)} in all", f"{sum(piece.seconds for piece in own):.1f}", style="bold")
        for piece in sorted(own, key=lambda piece: -piece.seconds)[:SLOWEST]:
            table.add_row("", piece.name, f"{piece.seconds:.1f}")
    yield table


def _proposal(number: int, proposal: Proposal) -> Iterator[RenderableType]:
    preset = f"preset {proposal.preset}: " if proposal.preset else ""
    yield _line(f"{number}. {', '.join(proposal.sources)} — {preset}{proposal.title}", "bold")
    matches = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for match in proposal.matches:
        matches.add_row(*(Text(printable(cell)) for cell in ("  ", match.column, match.header, match.why)))
    yield matches
    if proposal.missing:
        yield _line("  missing: " + ", ".join(proposal.missing), "yellow")
    if proposal.unmatched:
        yield _line("  not used: " + ", ".join(proposal.unmatched))
    yield _line("  to paste under `sources:`")
    for line in proposal.lines.splitlines():
        yield _line(line, "cyan")


def _facts(trial: Trial) -> Table:
    facts = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    counts = ("staged", "rejected", "superseded", "ignored", "restated")
    fates = ", ".join(f"{name} {count:,}" for name in counts if (count := getattr(trial, name)) or name == "staged")
    facts.add_row("  records", f"{trial.rows:,}: {fates}")
    if trial.encoding:
        facts.add_row("  encoding", trial.encoding)
    if trial.exported_at:
        facts.add_row("  exported", f"{trial.exported_at:%Y-%m-%d %H:%M} UTC")
    if trial.covers_from and trial.covers_to:
        facts.add_row("  covers", f"{trial.covers_from} … {trial.covers_to}")
    return facts


def _line(text: str, style: str = "") -> Text:
    return Text(printable(text), style)
