"""What `fellowship report` prints of what is published, and what it says where it cannot."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from fellowship_pipeline.cli import status
from fellowship_pipeline.home import Home
from fellowship_pipeline.report.paper import WIDTH
from fellowship_pipeline.report.printing import PublishedReport, print_reports, published_reports
from tests.browsing import CHROMIUM, aside

needs_chromium = [
    pytest.mark.browser,
    pytest.mark.whole_run,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium"),
]


def with_chromium(test: Any) -> Any:
    """Marks a test that prints."""
    for mark in needs_chromium:
        test = mark(test)
    return test


def ran(arguments: Sequence[str]) -> int:
    """The exit code of a command line."""
    return int(aside(status, arguments))


@pytest.fixture
def home(tmp_path: Path, reports: dict[str, str]) -> Home:
    """A home that has published the reports."""
    home = Home(tmp_path)
    home.program_file.touch()
    home.release.mkdir(parents=True)
    for name, html in reports.items():
        (home.release / name).write_text(html, encoding="utf-8")
    return home


@with_chromium
def test_the_command_prints_pages_and_figures(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (home.path / "program.yaml").write_text("program: {id: x}\nsources: {}\n")
    monkeypatch.chdir(home.path.parent)
    assert ran(["report", home.path.name, "--term", "year-1"]) == 0
    printed = Home(Path(home.path.name)).release
    out = capsys.readouterr()
    assert out.out.splitlines() == [str(printed / f"report-year-1.{language}.pdf") for language in ("en", "ko")]
    pdf = (home.release / "report-year-1.ko.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert 3 <= len(re.findall(rb"/Type /Page\b", pdf)) <= 10
    assert b"/MediaBox [0 0 594.95996 841.91998]" in pdf or b"/MediaBox [0 0 595" in pdf
    figures = home.release / "figures" / "report-year-1.ko"
    drawn = {"seats", "flows", "reviews", "engagement", "modes", "activity", "attendance", "support", "survey"}
    assert {path.stem for path in figures.glob("*.svg")} == {path.stem for path in figures.glob("*.png")} == drawn
    assert "목표 50%" in (figures / "engagement.svg").read_text("utf-8")
    assert (figures / "engagement.png").read_bytes().startswith(b"\x89PNG")
    assert list(home.release.rglob("*.tmp")) == []


@with_chromium
def test_korean_letters_are_drawn_and_not_boxes(tmp_path: Path) -> None:
    def drawing(text: str) -> dict[str, Any]:
        note = {"text": text, "x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper", "showarrow": False}
        return {"data": [], "layout": {"width": WIDTH, "height": 80, "annotations": [note]}}

    page = tmp_path / "report.ko.html"
    page.write_text("<!doctype html><html data-ready='1'><title>x</title>")
    aside(
        print_reports,
        [PublishedReport(page, None, {"one": drawing("한글"), "other": drawing("좌석"), "same": drawing("한글")})],
    )
    one, other, same = (
        (tmp_path / "figures/report.ko" / f"{name}.png").read_bytes() for name in ("one", "other", "same")
    )
    assert one == same
    assert one != other  # boxes would be the same ones


def test_without_a_browser_one_line_says_what_to_install(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER_PATH", "/nonexistent/chromium")
    assert ran(["report", str(home.path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: no Chromium is found, which prints the report: install it")
    assert line.endswith(f"the pages are in {home.release}")
    assert list(home.release.glob("*.pdf")) == []


def test_a_term_without_a_report_is_named_with_those_that_have_one(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(["report", str(home.path), "--term", "year-3"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: unknown term 'year-3'. Nearest: 'year-2'. Expected one of year-1, year-2;")


def test_reports_are_found_by_term_in_every_language(home: Home) -> None:
    assert [one.page.name for one in published_reports(home, None)] == ["report.en.html", "report.ko.html"]
    assert published_reports(home, "year-2") == published_reports(home, None)
    assert {one.term for one in published_reports(home, "year-1")} == {"year-1"}


def test_a_home_without_reports_says_how_to_get_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Home(tmp_path).program_file.touch()
    assert ran(["report", str(tmp_path)]) == 2
    assert "no report is published" in capsys.readouterr().err
