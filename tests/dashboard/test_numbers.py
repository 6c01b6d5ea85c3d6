"""Every number on the page is that of a cell in ``published/current/kpi.duckdb``, formatted."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assets.publication.files import publish
from fellowship_pipeline.contracts import HEADLINES
from fellowship_pipeline.home import Home
from tests.dashboard import synthetic
from tests.dashboard.published import Published, cell, forms, numbers_in, written

pytestmark = [pytest.mark.browser, pytest.mark.whole_run, pytest.mark.xdist_group("browser")]

SLICED = ("adoption", "engagement", "modes", "activity", "tracks", "survey", "ratings")
TABLES = {"modes": "engagement", "flows": "seats", "reviews": "review_summary", "survival": "missions"}
TABLES |= {"attendance": "community", "ratings": "survey_ratings", "timeline": "outcome_timeline"}
TABLES |= {"channels": "application_channels"}
"""Tables of figures that are not named as these."""
SOME_ROWS = {"engagement", "modes", "survival"}
"""Figures whose table has some of the published rows: whole weeks, mandatory missions."""

SENSITIVE = {headline.kpi for headline in HEADLINES if headline.measure == "sensitive"}
OF_SETTINGS = {"engagement": [30, 0.5], "adoption": [0.9]}
"""What titles say from program.yaml: the window in days, targets."""
DERIVED = {
    "flows": "select sum(accepted), sum(reclaimed), sum(returned) from seats",
    "reviews": "select reviewed - exempt from review_summary",
    "support": "select sum(opened), sum(answered), sum(escalated) from support",
    "retention": "select value, denominator from scorecard where kpi = 'retention_3m' and slice_by = 'all'",
    "applications": "select sum(entered), sum(passed), sum(pending) from applications group by stage",
    "term_surveys": "select count(distinct question) filter (comparable), "
    "count(distinct question) filter (not comparable) from term_surveys",
}
"""What titles say that is no cell by itself: sums of cells, and how many there are."""

HEADS = """key => {
    const data = JSON.parse(document.getElementById('data').textContent);
    const place = data.figures[key].slices[0][data.languages.indexOf('en')];
    return data.heads[data.shown[place].table[0]];
}"""
CELLS = "all => all.map(row => [...row.children].map(one => one.textContent))"


@pytest.fixture
def folder(tmp_path: Path, html: str) -> Path:
    return publish(Home(tmp_path), "r1", synthetic.release(), {"dashboard.html": html}, {}, program=synthetic.program())


@pytest.fixture
def kpi(folder: Path) -> Iterator[Published]:
    published = Published(folder / "kpi.duckdb")
    yield published
    published.close()


@pytest.fixture
def page(open_uri: Callable[..., Any], folder: Path) -> Any:
    opened = open_uri((folder / "dashboard.html").as_uri() + "#lang=en")
    opened.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    opened.wait_for_selector("#f-channels .dt")
    return opened


def source(figure: str, where: str = "slice_by = 'all'") -> str:
    """The published rows behind a figure of everybody."""
    name = TABLES.get(figure, figure)
    only = " where slice_by = 'study_mode' and slice <> '(none)'" if figure == "modes" else f" where {where}"
    return f"select * from {name}" + (only if figure in SLICED else "")


def figures(page: Any) -> list[str]:
    return [str(one) for one in page.eval_on_selector_all("[data-figure]", "all => all.map(one => one.dataset.figure)")]


def test_every_table_has_the_cells_that_are_published(page: Any, kpi: Published) -> None:
    compared = 0
    for figure in sorted({*figures(page)} - {"retention"}):
        rows = kpi.rows(source(figure))
        heads = page.evaluate(HEADS, figure)
        kinds = {name: kind for name, _, kind in heads if kind != "text" and name in rows[0]}
        assert len(kinds) == sum(kind != "text" for _, _, kind in heads), figure
        places = [at for at, (name, *_) in enumerate(heads) if name in kinds]
        shown = Counter(
            tuple(
                line[at] if line[at][0].isdigit() or (line[at][:3].isalpha() and " " in line[at]) else "?"
                for at in places
            )
            for line in page.eval_on_selector_all(f"#f-{figure} .dt tbody tr", CELLS)
        )
        there = Counter(tuple(cell(row[name], kind) for name, kind in kinds.items()) for row in rows)
        assert shown, figure
        assert shown <= there, figure
        assert figure in SOME_ROWS or shown == there, figure
        compared += sum(len(line) * count for line, count in shown.items())
    assert compared > 2000


def test_retention_has_the_counts_and_rates_that_are_published(page: Any, kpi: Published) -> None:
    rows = kpi.rows("select * from retention where slice_by = 'all'")
    counts = {(cell(row["start_month"], "month"), row["months_since"]): row for row in rows}
    lines = page.eval_on_selector_all("#f-retention .dt tbody tr", CELLS)
    for month, started, *active in lines:
        assert started == cell(counts[month, 0]["started"], "int").replace("?", started)
        for since, said in enumerate(active):
            row = counts.get((month, since))
            assert said == (cell(row["active"], "int").replace("?", said) if row else "–")
    for month, _, *rates in page.eval_on_selector_all("#f-retention .heat tbody tr:has(td:nth-child(4))", CELLS):
        for since, said in enumerate(rates):
            if said.isdigit():
                assert f"{said}%" == written(counts[month, since]["retention_rate"], "share")


def test_every_tile_is_its_row_of_the_scorecard(page: Any, kpi: Published) -> None:
    tiles = page.query_selector_all("[data-tile]")
    rows = {row["kpi"]: row for row in kpi.rows("select * from scorecard where slice_by = 'all'")}
    assert {tile.get_attribute("data-tile") for tile in tiles} == rows.keys()
    for tile in tiles:
        row = rows[tile.get_attribute("data-tile")]
        is_sensitive = row["kpi"] in SENSITIVE
        assert tile.query_selector(".val b").inner_text() == written(row["value"], "share" if is_sensitive else "rate")
        beside = dict(
            zip(*([one.inner_text() for one in tile.query_selector_all(tag)] for tag in ("dt", "dd")), strict=True)
        )
        said = {"Target": row["target"], "Peers": row["benchmark"]}
        assert {name: beside.get(name) or None for name in said} == {
            name: None if value is None else written(value * 100, "decimal") + "%" for name, value in said.items()
        }
        counts = [written(row[name], "int") for name in ("numerator", "denominator") if row[name] is not None]
        assert beside["Count"] == (f"of {counts[-1]}" if is_sensitive else " / ".join(counts))


@pytest.mark.parametrize("chosen", [("all", "all"), ("study_mode", "group"), ("cohort", "2022-H1")])
def test_every_title_says_numbers_that_are_published(page: Any, kpi: Published, chosen: tuple[str, str]) -> None:
    kind, name = chosen
    page.select_option("#slice", f"{kind}:{name}")
    page.wait_for_selector("html[data-ready]")
    names = [row["course"] for row in kpi.rows("select course from courses")]
    said = 0
    for figure in figures(page):
        if not page.is_visible(f"#f-{figure}-t"):
            continue
        title = page.inner_text(f"#f-{figure}-t")
        queries = [source(figure, f"slice_by in ('all', '{kind}')"), *([DERIVED[figure]] if figure in DERIVED else [])]
        if figure == "retention":
            queries = [DERIVED[figure].replace("'all'", f"'{kind}' and slice = '{name}'"), "select * from retention"]
        known = kpi.numbers(*queries) | forms(OF_SETTINGS.get(figure, []))
        found = numbers_in(title, [*names, *synthetic.COHORTS])
        assert {number for number in found if number not in known} == set(), title
        said += len(found)
    assert said > 20
    lead = page.inner_text(".lead")
    known = kpi.numbers("select value, target from scorecard", "select engagement_rate from engagement")
    assert {number for number in numbers_in(lead) if number not in known | {"30"}} == set(), lead


def test_what_is_said_of_a_point_is_published(page: Any, kpi: Published) -> None:
    """Hover texts of lists and what lines and bars say beside a value."""
    said = 0
    for figure in figures(page):
        traces = page.evaluate(
            "key => (document.querySelector(`#f-${key} .draw`).data || [])"
            ".map(trace => [trace.hovertext || [], trace.customdata || []])",
            figure,
        )
        beside = {"adoption": ["select holders from engagement where slice_by = 'all'"]}
        beside |= {"reviews": [DERIVED["reviews"]], "applications": [DERIVED["applications"]]}
        beside |= {"support": [], "engagement": [source("engagement")]}
        known = kpi.numbers(source(figure), *beside.get(figure, []))
        for hovers, points in traces:
            texts = [text.rsplit(": ", 1)[-1].split("<br>")[0] for text in hovers]
            texts += [str(one) for point in points for one in (point if isinstance(point, list) else [point])]
            for text in texts:
                rule = "rule" in text or "survey" in figure
                found = [] if rule else numbers_in(text.replace(".0", ""))
                assert {number for number in found if number not in known} == set(), (figure, text)
                said += len(found)
    assert said > 300
