"""The report in a real browser: on the screen, and as it is laid out for paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from fellowship_pipeline.report import render_reports
from fellowship_pipeline.report.paper import WIDTH
from fellowship_pipeline.report.quotes import Quote
from tests.browsing import OpenUri
from tests.dashboard import synthetic
from tests.dashboard.poisoned import tables
from tests.payloads import FOREIGN, PAYLOADS, SAID, Dealer
from tests.report.conftest import program

pytestmark = [pytest.mark.browser, pytest.mark.whole_run, pytest.mark.xdist_group("browser")]

Visit = Callable[..., Any]
ROUNDS = 3
"""Reports until each payload was dealt."""
NOT_INSIDE = """width => [...document.querySelectorAll('body *')]
    .filter(one => !one.closest('.vh, .draglayer, .hoverlayer, defs, #js-plotly-tester'))
    .map(one => [one.tagName, one.className.baseVal ?? one.className, one.getBoundingClientRect()])
    .filter(([, , box]) => box.width && (box.right > width + 1 || box.left < -1))
    .map(([tag, name]) => tag + '.' + name)"""


@pytest.fixture
def visit(open_uri: OpenUri, tmp_path: Path) -> Visit:
    """Opens a page from a file and waits until every figure is drawn."""

    def open_page(html: str, **how: Any) -> Any:
        file = tmp_path / "report.html"
        file.write_text(html, encoding="utf-8")
        return open_uri(file.as_uri(), **how)

    return open_page


@pytest.mark.sampled(5)
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_light_and_not_wider_than_the_screen(
    visit: Visit, reports: dict[str, str], language: str, width: int, scheme: str
) -> None:
    page = visit(reports[f"report.{language}.html"], width=width, scheme=scheme)
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in violations] == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(252, 251, 248)"
    assert page.evaluate("document.documentElement.scrollWidth") == width
    drawn = page.eval_on_selector_all(".draw", "all => all.map(one => one.querySelector('.main-svg') !== null)")
    assert drawn
    assert all(drawn)


def test_on_paper_nothing_is_cut(visit: Visit, reports: dict[str, str]) -> None:
    page = visit(reports["report.ko.html"], width=WIDTH)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(NOT_INSIDE, WIDTH) == []
    first = page.evaluate("document.querySelector('.first').getBoundingClientRect().bottom")
    assert first < 1024  # A4 less its margins, at 96 pixels an inch: the decision is on one page


@pytest.mark.fault("H13", "H15")
def test_payloads_in_files_and_quotes_stay_text(visit: Visit) -> None:
    """In names, courses, options, answers and quotes: shown as they are, run by nothing, asking for nothing."""
    seen, at = set(), 0
    for _ in range(ROUNDS):
        deal = Dealer(at)
        rows, title = tables(deal), PAYLOADS[at % len(PAYLOADS)]
        at = deal.next
        asked = {"ask": {"en": title + "\n" + PAYLOADS[0]}}
        settings = program(program={"id": "demo", "name": {"en": title}}, report=asked)
        quotes = tuple(Quote("year-2", title, payload) for payload in PAYLOADS)
        about = synthetic.page(run_id=title)
        page = visit(render_reports(synthetic.release(rows), settings, about, quotes)["report.en.html"])
        assert page.evaluate("typeof hit") == "undefined"
        assert page.query_selector_all(FOREIGN) == []
        assert page.inner_text("h1").strip() == title.strip()
        assert page.eval_on_selector_all("blockquote", "all => all.map(one => one.textContent)") == [
            payload.replace("\r", "\n") for payload in PAYLOADS
        ]
        said = "".join(page.evaluate(SAID).split())
        seen |= {payload for value, payload in deal.dealt.items() if "".join((payload + value).split())[:16] in said}
        page.context.close()
    assert len(seen) > len(PAYLOADS) / 4  # the report has few of the names; the quotes are all of them
