"""What is embedded in page and reports is what the release has: tables behind figures, points, words at them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from fellowship_pipeline.dashboard import render
from fellowship_pipeline.dashboard.context import PageContext, SourceCoverage
from fellowship_pipeline.program import Program
from fellowship_pipeline.release.build import Release
from fellowship_pipeline.report import render_reports
from tests.release.known import ABOUT
from tests.release.people import program, rows_of
from tests.release.test_attack import UNTIL, released

pytestmark = pytest.mark.slow

SETTINGS = Program.model_validate(ABOUT)
CONTEXT = PageContext("run", UNTIL)
PLACES = re.compile(r"width|line|pattern|marker|error|offset|size")
"""How a trace is drawn, and the arms of intervals, which are released as their ends."""
NUMBER = re.compile(r"(?<![\d.,:-])\d[\d,]*(?:\.\d+)?(?![\d-])")
NOT_WORDS = re.compile(r"<[^>]*>|%\{[^}]*\}|\d{4}-\d\d-\d\d|[ct]\d")
"""Markup, what a script puts in, days, and names of courses and tracks."""


def embedded(html: str) -> Any:
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    return json.loads(found)


def numbers(release: Release) -> set[float]:
    """Every figure of a release, as the page keeps it: with four decimals."""
    return {
        round(float(value), 4)
        for frame in release.frames.values()
        for column in frame.select_dtypes("number")
        for value in frame[column].dropna()
    }


def cells(data: Any) -> Iterator[tuple[str, float]]:
    """The numbers in the tables behind a page's figures, with their columns."""
    for figure in data["figures"].values():
        for place in {place for places in figure["slices"] for place in places or []}:
            heads, columns, *_ = data["shown"][place]["table"]
            for (name, _, kind), at in zip(data["heads"][heads], columns, strict=True):
                kept = data["columns"][at]
                for value in kept if kind not in ("text", "day", "month") else ():
                    if isinstance(value, float | int) and not isinstance(value, bool):
                        yield name, round(float(value), 4)


def drawn(node: Any, key: str = "") -> Iterator[tuple[str, float]]:
    """The numbers of traces, and those in the words at their points."""
    if isinstance(node, dict):
        for name, value in node.items():
            if not PLACES.search(name):
                yield from drawn(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from drawn(value, key)
    elif isinstance(node, str):
        for text in NUMBER.findall(NOT_WORDS.sub("", node)) if key in ("customdata", "text", "hovertext") else ():
            yield key, float(text.replace(",", ""))
    elif isinstance(node, float | int) and not isinstance(node, bool) and key in ("x", "customdata"):
        yield key, round(float(node), 4)


def is_said(value: float, known: set[float]) -> bool:
    """Whether it is a figure of the release, or one in percent with no more decimals than are shown."""
    return value in known or any(abs(value / 100 - share) <= 0.00501 for share in known if 0 <= share <= 1)


@pytest.mark.sampled(2)
@pytest.mark.fault("H7")
@pytest.mark.parametrize("seed", [1, 3])
def test_every_number_in_the_tables_of_the_page_is_released(seed: int) -> None:
    release = released(rows_of(program(seed, UNTIL), UNTIL))
    data, known = embedded(render(release, SETTINGS, CONTEXT)), numbers(release)
    found = list(cells(data))
    assert len(found) > 500
    assert [cell for cell in found if cell[1] not in known] == []
    shaded = [value for heat in data["heats"] for row in heat["rows"] for value in row.get("cells") or ()]
    assert [value for value in shaded if isinstance(value, int) and not is_said(value, known)] == []


@pytest.mark.fault("H7")
def test_every_number_that_a_report_draws_is_released() -> None:
    release = released(rows_of(program(1, UNTIL), UNTIL))
    known = numbers(release)
    found = []
    for html in render_reports(release, SETTINGS, CONTEXT, ()).values():
        for drawings in embedded(html)["figures"].values():
            for drawing in drawings:
                found += list(drawn(drawing["data"]))
    assert len(found) > 20
    assert [one for one in found if not is_said(one[1], known)] == []


def test_what_is_said_of_sources_counts_days_and_no_records() -> None:
    """How many answers came in would narrow every count of a survey, which is rounded."""
    counted = {field.name for field in fields(SourceCoverage) if "int" in str(field.type)}
    assert counted == {"days_covered", "days_expected"}


def test_a_number_of_its_own_is_found() -> None:
    assert list(drawn({"customdata": ["7 of 12<br>", 0.5], "x": [3], "width": 9})) == [
        ("customdata", 7.0),
        ("customdata", 12.0),
        ("customdata", 0.5),
        ("x", 3.0),
    ]
    assert not is_said(7.0, {12.0, 0.5})
    assert is_said(50.0, {0.5})
