"""The page of benchmarks is rendered from measurements, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.growth import measurements, page
from benchmarks.growth.cost import Cost
from benchmarks.growth.equality import COMPARED
from benchmarks.growth.measurements import Costs, Machine, Measurements, Round, Size

DOCS = Path(__file__).parents[2] / "docs"
MB = 1_000_000


def costs(**seconds: float) -> Costs:
    return {name: Cost(cpu, int(cpu * 10) * MB) for name, cpu in seconds.items()}


def one_round(first: float, later: float, polars: float, queries: float) -> Round:
    return Round(
        runs=costs(first=first, later=later),
        readings=costs(read_csv=2, polars=polars, pandas=8),
        queries=costs(product=queries, polars=4, pandas=5),
        cells=1000,
    )


SMALL = Size(
    1_000,
    "python -m benchmarks.growth --rows 1000",
    "abc1234",
    "2026-01-02",
    [one_round(20, 5, 4, 10), one_round(30, 6, 10, 12), one_round(40, 10, 5, 14)],
)
LARGE = replace(SMALL, rows=10_000, rounds=[one_round(100, 30, 50, 60)])
MACHINE = Machine("Linux x86_64", "A Processor", 2, 24 * 2**30, {"Python": "3.11.7", "polars": "2.1.0"})
MEASURED = Measurements(MACHINE, [LARGE, SMALL])


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def rows(text: str, section: str) -> list[list[str]]:
    found = text.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return [cells(line) for line in found.splitlines() if line.startswith("| ") and "---" not in line]


def test_a_run_has_medians_of_seconds_and_of_ratios_within_a_round() -> None:
    assert rows(page.page(MEASURED, COMPARED), "Runs") == [
        ["rows", "run", "CPU s", "of first", "peak MB", "of first"],
        ["1,000", "first", "30.0", "1.00", "300", "1.00"],
        ["1,000", "later", "6.0", "0.25", "60", "0.25"],
        ["10,000", "first", "100.0", "1.00", "1,000", "1.00"],
        ["10,000", "later", "30.0", "0.30", "300", "0.30"],
    ]


def test_the_first_run_stands_beside_those_that_do_less() -> None:
    found = rows(page.page(MEASURED, COMPARED), "From exports")
    assert found[0][2:6] == ["CPU s", "of read_csv", "of polars", "of pandas"]
    assert found[1] == ["1,000", "product, first run", "30.0", "15.00", "5.00", "3.75", "300", "15.00", "5.00", "3.75"]
    assert [row[1] for row in found[2:5]] == ["read_csv", "polars", "pandas"]


def test_the_six_tables_stand_beside_the_peers() -> None:
    found = rows(page.page(MEASURED, COMPARED), "Six tables alone")
    assert found[1] == ["1,000", "product", "12.0", "3.00", "2.40", "120", "3.00", "2.40"]
    assert found[4][:5] == ["10,000", "product", "60.0", "15.00", "12.00"]


def test_growth_is_from_each_size_to_the_next() -> None:
    found = rows(page.page(MEASURED, COMPARED), "Growth")
    assert found[0] == ["what", "1,000 rows", "10,000 rows", "for 10 times the rows"]
    assert found[1:4] == [
        ["run: first", "30.0", "100.0", "3.33"],
        ["run: later", "6.0", "30.0", "5.00"],
        ["read_csv", "2.0", "2.0", "1.00"],
    ]


def test_what_memory_did_not_do_for_is_said_and_has_no_ratio() -> None:
    (whole,) = LARGE.rounds
    killed = replace(whole, queries={**whole.queries, "pandas": None})
    found = rows(page.page(Measurements(MACHINE, [replace(LARGE, rounds=[killed])]), COMPARED), "Six tables alone")
    assert found[1] == ["10,000", "product", "60.0", "15.00", "–", "600", "15.00", "–"]
    assert found[3] == ["10,000", "pandas", "out of memory", "–", "–", "–", "–", "–"]


def test_a_peer_that_was_not_tried_at_a_size_has_no_line_there() -> None:
    (whole,) = LARGE.rounds
    untried = replace(whole, readings=costs(read_csv=2))
    text = page.page(Measurements(MACHINE, [SMALL, replace(LARGE, rounds=[untried])]), COMPARED)
    found = [row for row in rows(text, "From exports") if row[0] == "10,000"]
    assert found[0][:6] == ["10,000", "product, first run", "100.0", "50.00", "–", "–"]
    assert [row[1] for row in found[1:]] == ["read_csv"]
    assert ["polars", "5.0", "–", "–"] in rows(text, "Growth")


def test_the_page_says_what_made_it_and_on_what() -> None:
    text = page.page(MEASURED, COMPARED)
    assert "A Processor, 2 cores, 24 GiB of memory, Linux x86_64; Python 3.11.7, polars 2.1.0." in text
    assert "| 1,000 | 3 | 2026-01-02 | `abc1234` | `python -m benchmarks.growth --rows 1000` |" in text
    assert "4,000 cells in all" in text
    assert all(f"`{key}`" in text for key in COMPARED)


def test_measurements_are_what_was_written(tmp_path: Path) -> None:
    measurements.write(MEASURED, tmp_path / "benchmarks.json")
    assert measurements.read(tmp_path / "benchmarks.json") == MEASURED


def test_the_page_in_the_documents_is_that_of_its_measurements() -> None:
    measured = measurements.read(DOCS / "benchmarks.json")
    assert (DOCS / "benchmarks.md").read_text(encoding="utf-8") == page.page(measured, COMPARED)


def test_the_picture_shows_all_that_is_followed(tmp_path: Path) -> None:
    for name in ("altair", "vl_convert"):
        pytest.importorskip(name, reason=f"{name} comes with requirements/bench.txt")
    from benchmarks.growth.picture import draw  # noqa: PLC0415

    draw(MEASURED, tmp_path / "images" / "benchmarks.svg")
    shown = (tmp_path / "images" / "benchmarks.svg").read_text(encoding="utf-8")
    assert shown.startswith("<svg")
    assert all(name in shown for name in page.series(SMALL.rounds[0]))
