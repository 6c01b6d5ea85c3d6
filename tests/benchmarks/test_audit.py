"""What is known of locked packages, and what may stand until when."""

from __future__ import annotations

from datetime import date

import pytest

from benchmarks.audit import Excepted, judged

TODAY = date(2026, 11, 30)
CLEAN = {"name": "a", "version": "1", "vulns": []}
KNOWN = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "aliases": ["GHSA-1"], "fix_versions": ["2.1"]}]}
SILENT = {"name": "c", "skip_reason": "not found"}


def excepted(until: date, known: str = "GHSA-1") -> list[Excepted]:
    return [Excepted(id=known, package="b", until=until, why="nothing of it is called")]


@pytest.mark.parametrize(
    ("packages", "exceptions", "found", "code"),
    [
        ([CLEAN], [], (), 0),
        ([CLEAN, KNOWN], [], ("b 2: PYSEC-1, mended by 2.1",), 1),
        ([KNOWN], excepted(date(2026, 12, 1)), (), 0),
        ([KNOWN], excepted(date(2026, 11, 30)), ("b: the exception for GHSA-1 was until 2026-11-30",), 1),
        ([CLEAN], excepted(date(2027, 1, 1)), ("b: the exception for GHSA-1 answers nothing",), 1),
        ([CLEAN, SILENT], excepted(date(2027, 1, 1)), (), 2),
        ([SILENT, KNOWN], [], ("b 2: PYSEC-1, mended by 2.1",), 1),
        ([], [], (), 2),
    ],
)
def test_verdict(
    packages: list[dict[str, object]], exceptions: list[Excepted], found: tuple[str, ...], code: int
) -> None:
    """Packages of which the database says nothing are not audited, whatever pip-audit says."""
    verdict = judged(packages, exceptions, TODAY)
    assert (verdict.found, verdict.exit_code) == (found, code)
