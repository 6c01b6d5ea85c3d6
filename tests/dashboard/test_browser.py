"""The page in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from fellowship_pipeline.dashboard import render
from tests.dashboard import synthetic

pytestmark = [pytest.mark.browser, pytest.mark.whole_run, pytest.mark.xdist_group("browser")]

Visit = Callable[..., Any]
PAYLOADS = (
    "<img src=x onerror=hit()>",
    '<a href="javascript:hit()">x</a>',
    "</script><script>hit()</script>",
    "<svg onload=hit()>",
    "&lt;b&gt; %{x} {count}",
    "=HYPERLINK(1)",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_accessibility_violation(visit: Visit, html: str, scheme: str) -> None:
    page = visit(html, "#lang=en", scheme=scheme)
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
    assert page.evaluate("location.hash") == "#slice=study_mode%3Agroup"
    assert title(page, "engagement").startswith("그룹 학습: ")
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


@pytest.mark.fault("G4", "G5")
def test_the_page_knows_its_own_age(visit: Visit, html: str) -> None:
    fresh = visit(html, "#lang=en", today="2023-08-05T03:00:00Z")
    assert fresh.inner_text("#age") == "Fresh, 5 days old"
    stale = visit(html, "#lang=en", today="2023-09-04T03:00:00Z")
    assert stale.inner_text("#age") == "Stale: 35 days old"


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


def test_payloads_in_files_stay_text(visit: Visit) -> None:
    rows = synthetic.tables()
    for at, course in enumerate(rows["courses"]):
        course["course"] = PAYLOADS[at % len(PAYLOADS)] + str(at)
    for table in ("adoption", "engagement", "activity", "scorecard", "retention", "tracks"):
        for row in rows[table]:
            if row["slice"] == "2022-H1":
                row["slice"] = PAYLOADS[0]
            if "track" in row:
                row["track"] = PAYLOADS[synthetic.TRACKS.index(row["track"]) % len(PAYLOADS)] + row["track"]
    for row in rows["survey"]:
        row["option"] = PAYLOADS[2] + row["option"]
    for row in (*rows["applications"], *rows["funnel"]):
        row["stage"] = PAYLOADS[1] + row["stage"]
    named = {"missions": "title", "competitions": "competition", "community": "kind", "support": "channel"}
    named |= {"outcomes": "kind", "outcome_timeline": "kind", "application_channels": "channel", "terms": "term"}
    for table, field in (named | {"term_surveys": "question"}).items():
        for at, row in enumerate(rows[table]):
            row[field] = PAYLOADS[at % len(PAYLOADS)] + str(row.get(field))
    program = synthetic.program(program={"id": "demo", "name": {"ko": PAYLOADS[3], "en": PAYLOADS[2]}})
    html = render(synthetic.release(rows), program, synthetic.page(run_id=PAYLOADS[0], warnings=PAYLOADS))
    page = visit(html, "#lang=en")
    page.select_option("#slice", f"cohort:{PAYLOADS[0]}")
    ready(page)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.wait_for_selector("#f-courses .dt")
    assert page.inner_text("h1 span").startswith(PAYLOADS[2])
    assert page.evaluate("typeof hit") == "undefined"
    assert page.query_selector_all("img, a[href^='javascript'], svg a, iframe") == []
    drawn = page.eval_on_selector_all("#f-courses .annotation-text", "all => all.map(one => one.textContent)")
    assert f"{PAYLOADS[0]}0" in drawn
    with page.expect_download() as waiting:
        page.click("#f-courses .csv")
    assert "\n'=HYPERLINK(1)5," in waiting.value.path().read_text(encoding="utf-8-sig").replace("\r", "")


def test_figures_keep_inside_the_bundle(visit: Visit, html: str) -> None:
    page = visit(html)
    unknown = page.evaluate(
        "[...document.querySelectorAll('.draw')].filter(one => one.data)"
        ".flatMap((one, at) => one.data.filter((trace, i) => trace.type !== one._fullData[i].type))"
    )
    assert unknown == []
