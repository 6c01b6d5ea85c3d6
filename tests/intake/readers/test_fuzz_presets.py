"""A seeded part of ``benchmarks/fuzz_presets.py``, which mutates files of the platforms' layouts by the thousand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from benchmarks.fuzz_intake import SAME, SILENT
from benchmarks.fuzz_presets import KINDS, Kind, fate, survey, take

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_nothing_crashes_and_nothing_is_staged_that_the_damaged_bytes_do_not_say(
    kind: Kind, record_figure: Callable[[str, int], None]
) -> None:
    found, failed = survey(kind, 14, seed=2025)
    assert (found.total(), failed) == (14, [])
    for figure in ("fuzzed files", "files counted a second time"):
        record_figure(figure, 14)
    for figure in ("fuzzed files, silent or crashed", "files that do not balance"):
        record_figure(figure, 0)


def test_what_is_not_damaged_is_the_same_and_a_name_that_the_bytes_do_not_say_would_be_found() -> None:
    kind = next(kind for kind in KINDS if kind.name == "google_meet")
    (taken,) = take(kind, [kind.whole])
    assert fate(kind, taken, kind.whole, taken) == SAME
    assert fate(kind, taken, kind.whole.replace(b"duri@example.org", b"nari@example.org"), taken) == SILENT


@pytest.mark.parametrize(("column", "wrong"), [("minutes", 23), ("joined_at", None), ("member", "bora@example.org")])
def test_a_length_and_the_name_of_another_record_would_be_found(column: str, wrong: object) -> None:
    """Duri was there for 22 minutes; that a record says no time of joining is no lie."""
    kind = next(kind for kind in KINDS if kind.name == "google_meet")
    (taken,) = take(kind, [kind.whole])
    rows = [row | {column: wrong} if row["member"] == "duri@example.org" else row for row in taken.rows]
    told = fate(kind, taken, kind.whole, replace(taken, rows=rows))
    assert (told == SILENT) == (wrong is not None)


def test_a_record_that_is_counted_nowhere_would_be_found() -> None:
    kind = next(kind for kind in KINDS if kind.name == "unpivot")
    (taken,) = take(kind, [kind.whole])
    lost = replace(taken, file=taken.file | {"staged": taken.file["staged"] - 1})
    fewer = replace(taken, file=lost.file | {"rows": lost.file["rows"] - 1})
    assert [fate(kind, taken, kind.whole, one) for one in (lost, fewer)] == [SILENT, SILENT]
