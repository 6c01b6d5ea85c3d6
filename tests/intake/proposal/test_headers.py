"""Real headers: most are mapped to the right source and columns, none to a wrong one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml

from fellowship_pipeline.errors import UserError
from fellowship_pipeline.intake.proposal import Proposal, propose

pytestmark = pytest.mark.slow

TABLE: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("headers.yaml").read_text(encoding="utf-8"))
Verdict = Literal["right", "silent", "wrong"]


def verdict(layout: dict[str, Any], folder: Path) -> tuple[Verdict, str]:
    """What became of the layout, and what was proposed."""
    file = folder / "export.csv"
    file.write_text(layout["text"], encoding="utf-8")
    try:
        best = propose(file).found[0]
    except UserError as refusal:
        return "silent", str(refusal)
    said = f"{best.sources} {best.preset or ''} lacks {best.missing}\n{best.lines}"
    if is_right(layout, best):
        return "right", said
    return ("wrong" if best.complete else "silent"), said


def is_right(layout: dict[str, Any], best: Proposal) -> bool:
    """Whether sources, columns and what is lacking are as the table says."""
    wanted: dict[str, dict[str, str]] = layout.get("sources", {})
    if best.preset is not None:
        return best.preset == layout.get("preset") or set(wanted) <= set(best.sources)
    if set(best.entries) != set(wanted) or set(best.missing) != set(layout.get("lacks", ())):
        return False
    unpivot = next((entry["unpivot"] for entry in best.entries.values() if "unpivot" in entry), None)
    return unpivot == layout.get("unpivot") and all(
        headers(entry) == wanted[source] for source, entry in best.entries.items()
    )


def headers(entry: Any) -> dict[str, str]:
    """The header of each column that the entry maps."""
    mapped = entry.get("columns", {})
    return {
        column: of if isinstance(of, str) else of.get("from", of.get("place"))
        for column, of in mapped.items()
        if of is not None
    }


def test_most_are_right_and_none_is_wrong(tmp_path: Path) -> None:
    found = {layout["layout"]: verdict(layout, tmp_path) for layout in TABLE}
    counts = Counter(one for one, _ in found.values())
    report = "\n".join(f"{one}: {name}\n{said}" for name, (one, said) in found.items() if one != "right")
    assert len(TABLE) >= 40
    assert counts["wrong"] == 0, report
    assert counts["right"] >= 0.9 * len(TABLE), report
