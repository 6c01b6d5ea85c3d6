"""The pages in a real browser."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook

from assets.publication.cells import FORMULA_STARTS
from fellowship_pipeline.operations.groups import file_name
from tests.browsing import OpenUri
from tests.operations import literal
from tests.operations.conftest import Make
from tests.payloads import FOREIGN, PAYLOADS, SAID, Dealer

pytestmark = [pytest.mark.browser, pytest.mark.whole_run, pytest.mark.xdist_group("browser")]

ROUNDS = 3
"""Folders until each payload was dealt."""


def pages(folder: Path) -> list[str]:
    return [path.as_uri() for path in (folder / "index.html", folder / "groups" / file_name(literal.GROUP))]


@pytest.mark.sampled(5)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_accessibility_violation_and_no_sideways_scroll(
    open_uri: OpenUri, folder: Path, width: int, scheme: str, language: str
) -> None:
    for uri in pages(folder):
        page = open_uri(f"{uri}#lang={language}", width=width, scheme=scheme)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert page.evaluate("document.documentElement.lang") == language
        assert page.evaluate("document.documentElement.scrollWidth") == width
        violations = Axe().run(page).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in violations] == []


def test_one_language_is_seen_and_kept_from_page_to_page(open_uri: OpenUri, folder: Path) -> None:
    page = open_uri(pages(folder)[0])
    assert page.inner_text("#review-h") == "좌석 심사"
    assert page.title() == "데모 · 운영"
    page.click("label[for=lang-en]")
    assert page.inner_text("#review-h") == "Seat review"
    assert page.title() == "Demo · Operations"
    page.click(f"#groups a >> text={literal.GROUP}")
    page.wait_for_selector("html[data-ready]")
    assert page.inner_text("#members-h") == "Members"
    assert page.inner_text("h1").startswith(literal.GROUP)


def test_what_is_to_be_pasted_is_copied_as_it_stands(open_uri: OpenUri, folder: Path) -> None:
    page = open_uri(pages(folder)[0] + "#lang=en")
    page.evaluate("navigator.clipboard.writeText = async text => { window.copied = text }")  # the real one wants focus
    page.click("#unmatched [data-copy]")
    page.wait_for_function("document.querySelector('#unmatched [data-copy]').innerText === 'Copied'")
    assert page.evaluate("window.copied") == ",email,=who@example.org\n,meeting,Ann Kim"


TEXTS = {
    "staging.roster": ("name",),
    "staging.seat_events": ("member",),
    "ops.seat_reviews": ("rule", "reason"),
    "ops.seat_offers": ("applicant", "reason"),
    "ops.waiting_applicants": ("applicant", "cohort", "stage"),
    "ops.open_invitations": ("value",),
    "ops.unmatched": ("value", "file"),
    "ops.at_risk": ("next_mission", "study_group"),
    "raw.files": ("path", "reason", "file_id"),
    "core.missions": ("title",),
    "core.mission_results": ("missing",),
    "core.next_missions": ("mission", "missing"),
    "staging.sessions": ("kind", "session"),
    "staging.support_requests": ("topic", "session"),
    "core.requests": ("topic",),
    "core.member_periods": ("study_group", "track"),
    "core.track_progress": ("track",),
    "staging.catalog": ("track", "title"),
}


def poisoned(deal: Dealer) -> literal.Given:
    """The literal rows with a payload before each name, and a hundred files and names that nobody knows more."""
    rows = literal.given()
    for table, column in (("raw.files", "path"), ("ops.unmatched", "value")):
        rows[table] += [rows[table][0] | {column: f"{column} {at}"} for at in range(100)]
    for at, row in enumerate(rows["raw.files"]):
        row["file_id"] = str(at)
    for table, columns in TEXTS.items():
        for row in rows[table]:
            row |= {column: deal(row.get(column)) for column in columns}
    return rows


def cells_of(path: Path) -> set[str]:
    """The cells of a workbook, which are texts all of them, without formula, link or anything outside of it."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name).decode() for name in book.namelist() if name.endswith((".xml", ".rels"))}
    assert [name for name, part in parts.items() if "<f>" in part or "<hyperlink" in part or "External" in part] == []
    sheet = load_workbook(path).worksheets[0]
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in found} <= {"s", "inlineStr"}
    return {str(cell.value) for cell in found}


def as_text(value: str) -> str:
    """What a cell has for a text: a quote before what would be run; XML has no carriage return."""
    return ("'" + value if value.startswith(tuple(FORMULA_STARTS)) else value).replace("\r", "\n")


@pytest.mark.fault("H13", "H14", "H15")
def test_payloads_in_files_stay_text(open_uri: OpenUri, make: Make) -> None:
    """In names, groups, missions and names of files: shown as they are on pages and in workbooks, run by nothing."""
    seen, in_books, at = set(), set(), 0
    for _ in range(ROUNDS):
        deal = Dealer(at)
        rows, title = poisoned(deal), PAYLOADS[at % len(PAYLOADS)]
        at = deal.next
        program = literal.program(program={"id": "demo", "name": {"ko": title, "en": title}})
        folder = make(rows, program, (title,))
        assert {path.parent for path in folder.rglob("*.html")} == {folder, folder / "groups"}
        for path in folder.rglob("*.html"):
            page = open_uri(path.as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            assert page.evaluate("typeof hit") == "undefined"
            assert page.query_selector_all(FOREIGN) == []
            said = "".join(page.evaluate(SAID).split())
            seen |= {payload for value, payload in deal.dealt.items() if "".join((payload + value).split()) in said}
            page.context.close()
        books = set[str]().union(*map(cells_of, folder.glob("*.xlsx")))
        in_books |= {payload for value, payload in deal.dealt.items() if as_text(payload + value) in books}
    assert seen == set(PAYLOADS)
    assert in_books == set(PAYLOADS)
