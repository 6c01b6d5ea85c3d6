"""The page in a real browser."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from fellowship_pipeline.dashboard import render
from fellowship_pipeline.dashboard.context import CheckResult
from fellowship_pipeline.dashboard.scene import Slice
from tests.dashboard import synthetic
from tests.dashboard.poisoned import tables
from tests.payloads import FOREIGN, PAYLOADS, SAID, STARTS, Dealer

pytestmark = [pytest.mark.browser, pytest.mark.whole_run, pytest.mark.xdist_group("browser")]

Visit = Callable[..., Any]
ROUNDS = 3
"""Pages until each payload was dealt."""
RUN = {start[0] for start in STARTS} - {'"'}
"""What a text begins with that a spreadsheet would run: CSV has a quote before it."""


@pytest.mark.sampled(5)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("width", [1280, 768, 360])
def test_no_accessibility_violation(visit: Visit, html: str, width: int, language: str, scheme: str) -> None:
    page = visit(html, f"#lang={language}", width=width, scheme=scheme)
    opened = ["what_if", "missions", "support", "outcomes", "funnel", "terms", "quality"]
    page.evaluate("keys => keys.forEach(key => document.querySelector(`#f-${key} details`).open = true)", opened)
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in violations] == []


def title(page: Any, figure: str) -> str:
    return str(page.inner_text(f"#f-{figure}-t"))


def ready(page: Any) -> None:
    page.wait_for_selector("html[data-ready]")


def test_selection_and_language_change_figures_and_fragment(visit: Visit, html: str) -> None:
    page = visit(html)
    assert page.evaluate("document.documentElement.lang") == "ko"
    before = page.evaluate("document.querySelector('#f-engagement .draw').data.map(trace => trace.y)")
    page.select_option("#slice", "study_mode:group")
    ready(page)
    assert page.evaluate("location.hash") == "#slice=study_mode%3Agroup&lang=ko"
    assert title(page, "engagement").startswith("그룹 학습: ")
    assert page.inner_text(".selected").startswith("선택: 그룹 학습")
    assert page.title().startswith("그룹 학습 · ")
    assert page.evaluate("document.querySelector('#f-engagement .draw').data.map(trace => trace.y)") != before
    assert not page.is_visible("#f-modes")
    assert "선택을 따르지 않는다" in page.inner_text("#f-seats .scope")
    page.click("label[for=lang-en]")
    ready(page)
    assert page.evaluate("location.hash") == "#slice=study_mode%3Agroup&lang=en"
    assert title(page, "engagement").startswith("Group study: ")
    page.click("nav a[href='#retention']")
    assert page.evaluate("location.hash") == "#section=retention&slice=study_mode%3Agroup&lang=en"
    assert page.evaluate("document.activeElement.id") == "retention"


def test_back_steps_through_what_was_selected(visit: Visit, html: str) -> None:
    page = visit(html, "#lang=en")
    for name in ("study_mode:group", "study_mode:individual"):
        page.select_option("#slice", name)
        ready(page)
    for name, said in (("study_mode:group", "Group study"), ("all:all", "")):
        page.go_back()
        page.wait_for_function("name => document.getElementById('slice').value === name", arg=name)
        assert said in page.evaluate("document.querySelector('.selected').textContent")
    assert not page.is_visible(".selected")
    ready(page)


@pytest.mark.parametrize(("reads", "language"), [("en-US", "en"), ("ko", "ko"), ("fr-FR", "ko")])
def test_the_page_opens_in_the_reader_s_language_or_the_program_s(
    visit: Visit, html: str, reads: str, language: str
) -> None:
    assert visit(html, reads=reads).evaluate("document.documentElement.lang") == language


@pytest.mark.fault("H15")
def test_a_linked_view_opens_as_it_was(visit: Visit, html: str) -> None:
    page = visit(html, "#section=retention&slice=study_group%3A%EC%8A%A4%ED%84%B0%EB%94%94%20B&lang=en")
    assert page.input_value("#slice") == "study_group:스터디 B"
    assert title(page, "retention").startswith("스터디 B: ")
    assert page.evaluate("Math.abs(document.getElementById('retention').getBoundingClientRect().top) < 200")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_sideways_scroll_on_a_small_screen(visit: Visit, html: str, language: str) -> None:
    page = visit(html, f"#lang={language}", width=360)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    drawn = page.evaluate("[...document.querySelectorAll('.draw .main-svg')].map(svg => svg.clientWidth)")
    assert drawn
    assert max(drawn) <= 328


def test_figures_of_one_cohort_follow_it(visit: Visit, html: str) -> None:
    page = visit(html, "#lang=en")
    assert title(page, "missions").startswith("2023-H1: ")
    assert title(page, "funnel").startswith("2022-H1: ")
    assert "select" in page.inner_text("#f-missions .scope").lower()
    page.select_option("#slice", "cohort:2021-H2")
    ready(page)
    assert title(page, "funnel").startswith("2021-H2: ")
    assert page.inner_text("#f-funnel .scope") == ""
    assert title(page, "missions").startswith("2023-H1: ")
    assert "follows cohorts only" in page.inner_text("#f-missions .scope")


def box(page: Any, figure: str) -> dict[str, float]:
    return dict(page.locator(f"#f-{figure}").bounding_box())


def test_figures_stand_in_pairs_and_one_that_is_alone_is_as_wide_as_two(visit: Visit, html: str) -> None:
    page = visit(html, "#lang=en")
    assert box(page, "engagement")["y"] == box(page, "modes")["y"]
    assert box(page, "engagement")["x"] < box(page, "modes")["x"]
    half = box(page, "engagement")["width"]
    page.select_option("#slice", "study_mode:group")
    ready(page)
    assert not page.is_visible("#f-modes")
    assert box(page, "engagement")["width"] > 2 * half
    drawn = page.evaluate("document.querySelector('#f-engagement .main-svg').clientWidth")
    assert drawn == box(page, "engagement")["width"]


def test_a_figure_with_nothing_to_draw_keeps_nothing_of_the_selection_before(visit: Visit, html: str) -> None:
    page = visit(html, "#lang=en")
    assert page.is_visible("#f-engagement .draw")
    page.select_option("#slice", "study_group:스터디 A")
    ready(page)
    assert title(page, "engagement") == "스터디 A: Too few seat holders to show how many studied"
    assert not page.is_visible("#f-engagement .draw")
    assert page.is_visible("#f-engagement summary")


def test_colors_follow_the_scheme(visit: Visit, html: str) -> None:
    page = visit(html)
    color = "document.querySelector('#f-seats .draw').data[0].line.color"
    assert page.evaluate(color) == "#005f9e"
    page.emulate_media(color_scheme="dark")
    for _ in range(200):
        if page.evaluate(color) == "#6bb5ea":
            break
        page.wait_for_timeout(50)
    assert page.evaluate(color) == "#6bb5ea"
    ready(page)


@pytest.mark.fault("G4", "G5", "H16")
def test_the_page_knows_its_own_age(visit: Visit, html: str) -> None:
    fresh = visit(html, "#lang=en", today="2023-08-05T03:00:00Z")
    assert fresh.inner_text("#age") == "Fresh, 5 days old"
    stale = visit(html, "#lang=en", today="2023-09-04T03:00:00Z")
    assert stale.inner_text("#age") == "Stale: 35 days old"


def test_a_program_that_has_ended_is_final(visit: Visit) -> None:
    program = synthetic.program(cohorts=[{"id": "only", "ends_on": synthetic.AS_OF}])
    page = visit(render(synthetic.release(), program, synthetic.page()), "#lang=en", today="2024-09-04T03:00:00Z")
    assert page.inner_text("#age") == "Final"
    assert "the program ended on 31 July 2023" in page.inner_text(".meta")


def test_on_paper_every_figure_fits_and_the_page_takes_ten_sheets_at_most(visit: Visit, html: str) -> None:
    page = visit(html, "#lang=en&slice=study_mode:group")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    edges = "one => one.getBoundingClientRect().right"
    drawn = page.evaluate(f"[...document.querySelectorAll('.draw svg.main-svg, .draw table')].map({edges})")
    assert max(drawn) <= page.evaluate("document.body.getBoundingClientRect().right") + 1
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    ready(page)
    assert len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True))) <= 10
    assert page.is_visible(".selected")


@pytest.mark.fault("H7")
def test_table_and_csv_show_the_selection(visit: Visit, html: str) -> None:
    page = visit(html, "#slice=study_group%3A%EC%8A%A4%ED%84%B0%EB%94%94%20A&lang=en")
    page.click("#f-adoption summary")
    page.wait_for_selector("#f-adoption .dt")
    cells = page.eval_on_selector_all(
        "#f-adoption .dt tbody tr:first-child > *", "all => all.map(one => one.textContent)"
    )
    assert cells == ["Aug 2021", "<5", "<5", "<5", "<5", "<5", "<5"]
    with page.expect_download() as waiting:
        page.click("#f-adoption .csv")
    assert waiting.value.suggested_filename == "adoption-study_group_스터디_A-2023-07-31.csv"
    lines = waiting.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "month,invited,accepted,adoption_rate,activated,activation_rate,median_days_to_accept"
    assert lines[1] == "2021-08-01,<5,<5,<5,<5,<5,<5"


@pytest.mark.fault("H13", "H14", "H15")
def test_payloads_in_files_stay_text(visit: Visit, record_figure: Callable[[str, int], None]) -> None:
    """In names, groups, courses, options, answers: shown as they are, run by nothing, asking for nothing."""
    seen, at = set(), 0
    for _ in range(ROUNDS):
        deal = Dealer(at)
        rows, title = tables(deal), PAYLOADS[at % len(PAYLOADS)]
        at = deal.next
        failed = [
            CheckResult(str(n), f"kpi.x{n}", False, "error", PAYLOADS[(at + n) % len(PAYLOADS)]) for n in range(20)
        ]
        at += 20
        program = synthetic.program(program={"id": "demo", "name": {"ko": title, "en": title}})
        about = synthetic.page(run_id=title, checks=failed, warnings=PAYLOADS)
        page = visit(render(synthetic.release(rows), program, about), "#lang=en")
        page.select_option("#slice", Slice("cohort", deal("2022-H1")).key)
        ready(page)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        page.wait_for_selector("#f-courses .dt")
        assert page.evaluate("typeof hit") == "undefined"
        assert page.query_selector_all(FOREIGN) == []
        assert page.inner_text("h1 span").startswith(title.strip())
        said = page.evaluate(SAID)
        shown = {payload for value, payload in deal.dealt.items() if payload + value in said}
        shown |= {str(check.words) for check in failed if str(check.words) in said}
        assert len(shown) > 100
        seen |= shown
        drawn = page.eval_on_selector_all("#f-courses .annotation-text", "all => all.map(one => one.textContent)")
        first = max(rows["courses"], key=lambda row: row.get("started") or 0)["course"]
        assert "".join(first.split())[:20] in "".join("".join(drawn).split())
        cells = page.eval_on_selector_all("#f-courses .dt tbody th", "all => all.map(one => one.textContent)")
        with page.expect_download() as waiting:
            page.click("#f-courses .csv")
        content = waiting.value.path().read_bytes().decode("utf-8-sig")
        saved = [line[0] for line in csv.reader(io.StringIO(content, newline=""))][1:]
        assert saved == ["'" + name if name[0] in RUN else name for name in cells]
        page.context.close()
    assert seen == set(PAYLOADS)
    record_figure("payloads shown in a browser", len(seen))
    record_figure("payloads run, requests, violations of the policy", 0)


def test_figures_keep_inside_the_bundle(visit: Visit, html: str) -> None:
    page = visit(html)
    unknown = page.evaluate(
        "[...document.querySelectorAll('.draw')].filter(one => one.data)"
        ".flatMap((one, at) => one.data.filter((trace, i) => trace.type !== one._fullData[i].type))"
    )
    assert unknown == []
