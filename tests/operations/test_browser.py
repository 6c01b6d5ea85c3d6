"""The pages in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from fellowship_pipeline.operations.groups import file_name
from tests.browsing import OpenUri
from tests.operations import literal
from tests.operations.conftest import Make

pytestmark = [pytest.mark.browser, pytest.mark.whole_run, pytest.mark.xdist_group("browser")]

PAYLOADS = (
    "<img src=x onerror=hit()>",
    '<a href="javascript:hit()">x</a>',
    "</script><script>hit()</script>",
    "</textarea><svg onload=hit()>",
    "</style><b>&lt;i&gt; {count} %{x}",
    "=HYPERLINK(1)\" onmouseover='hit()'",
)


def pages(folder: Path) -> list[str]:
    return [path.as_uri() for path in (folder / "index.html", folder / "groups" / file_name(literal.GROUP))]


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


def poisoned(value: Any, at: int) -> Any:
    return PAYLOADS[at % len(PAYLOADS)] + value if isinstance(value, str) else value


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


def test_payloads_in_files_stay_text(open_uri: OpenUri, make: Make) -> None:
    seen = set()
    for shift in range(len(PAYLOADS)):
        rows = literal.given()
        for table, columns in TEXTS.items():
            for at, column in enumerate(columns):
                for row in rows[table]:
                    same_for_all = shift if column in ("track", "study_group", "session", "reason") else shift + at
                    row[column] = poisoned(row.get(column), same_for_all)
        title = PAYLOADS[shift]
        program = literal.program(program={"id": "demo", "name": {"ko": title, "en": title}})
        folder = make(rows, program, (title,))
        assert {path.parent for path in folder.rglob("*.html")} == {folder, folder / "groups"}
        for path in folder.rglob("*.html"):
            page = open_uri(path.as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            assert page.evaluate("typeof hit") == "undefined"
            assert (
                page.query_selector_all("img, iframe, a[href^='javascript'], textarea svg, [onload], [onerror]") == []
            )
            assert page.query_selector_all("[onmouseover]") == []
            text = page.evaluate("document.body.textContent")
            seen |= {payload for payload in PAYLOADS if payload in text}
    assert seen == set(PAYLOADS)
