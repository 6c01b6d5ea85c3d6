"""The report as a file: the same numbers as dashboard and tables, safe, and nobody in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.publication.files import publish
from fellowship_pipeline.contracts import HEADLINES
from fellowship_pipeline.dashboard import render
from fellowship_pipeline.home import Home
from fellowship_pipeline.release.build import Release
from fellowship_pipeline.report import render_reports
from fellowship_pipeline.report.quotes import Quote
from tests.dashboard import synthetic
from tests.dashboard.published import Published, numbers_in, written
from tests.report.conftest import QUOTES, program

pytestmark = pytest.mark.slow

HEADLINE_ROW = re.compile(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>')


class Starts(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def data_of(html: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found.group(1))


def table_after(html: str, mark: str) -> list[list[str]]:
    """The cells of the first table after a mark, head first."""
    table = html[html.index(mark) :].split("<table", 1)[1].split("</table>", 1)[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [
        [unescape(re.sub("<.*?>", "", cell)) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows
    ]


def test_a_page_for_each_term_and_language(reports: dict[str, str]) -> None:
    assert sorted(reports) == ["report-year-1.en.html", "report-year-1.ko.html", "report.en.html", "report.ko.html"]
    for name, html in reports.items():
        assert f'<html lang="{name.split(".")[1]}" class="print">' in html
        assert '<meta name="color-scheme" content="light">' in html
        assert "Select a cohort" not in html  # there is nothing to select on paper


def test_page_report_and_tables_have_the_same_numbers(release: Release, tmp_path: Path) -> None:
    rows = synthetic.tables()
    rows["terms"] = [row | {"ends_on": synthetic.AS_OF} for row in rows["terms"]]
    release = synthetic.release(rows)
    settings, about = program(), synthetic.page()
    pages = {"dashboard.html": render(release, settings, about), **render_reports(release, settings, about, QUOTES)}
    folder = publish(Home(tmp_path), "r1", release, pages, {}, program=settings)
    report, dashboard = ((folder / name).read_text("utf-8") for name in ("report.en.html", "dashboard.html"))
    texts = data_of(dashboard)
    shown = dict(zip(texts["sliced"], (texts["strings"][at] for at in texts["texts"][0][1]), strict=True))

    with duckdb.connect(str(folder / "kpi.duckdb"), read_only=True) as con:
        terms = con.sql("select kpi, term, value from main.terms").fetchall()
        seats = con.sql(
            "select capacity, accepted, reclaimed, returned, held_end, utilization from main.seats "
            "where month between '2022-08-01' and '2023-06-30' order by month"
        ).fetchall()
        counted = con.sql("select kpi, value from main.scorecard where slice_by = 'all'").fetchall()
    of_term = {(kpi, term): value for kpi, term, value in terms}
    so_far = dict(counted)

    headlines = {row[0]: row[1:] for row in table_after(report, 'id="headlines"')[1:]}
    for kpi, label in (("adoption_rate", "Adoption rate"), ("engagement_rate", "Engagement rate")):
        now, _, before, begun = headlines[label]
        assert (now, before) == (f"{of_term[kpi, 'year-2']:.1%}", f"{of_term[kpi, 'year-1']:.1%}")
        assert begun == f"{so_far[kpi]:.1%}" == shown[f"tile.{kpi}.value"] + shown[f"tile.{kpi}.unit"]
        assert f"<b>{now}</b>" in report.split(f'data-kpi="{kpi}"', 1)[1].split("</li>", 1)[0]
    printed = [row[1:] for row in table_after(report, 'id="f-seats"')[1:]]
    assert printed == [[*map(str, counts), f"{share:.1%}"] for *counts, share in seats]
    drawn = data_of(report)["figures"]["seats"][0]["data"][0]["y"]
    assert drawn[1:] == [row[4] for row in seats]


IN_TERM = "month between '2022-08-01' and '2023-06-30'"
DERIVED = {
    "flows": f"select sum(accepted), sum(reclaimed), sum(returned) from seats where {IN_TERM}",
    "reviews": "select reviewed - exempt from review_summary",
    "support": f"select sum(opened), sum(answered), sum(escalated) from support where {IN_TERM}",
    "engagement": "select 30 as days, 0.5 as target",
}
SOURCES = {"modes": "engagement", "flows": "seats", "reviews": "review_summary", "survival": "missions"}
SOURCES |= {"attendance": "community", "timeline": "outcome_timeline"}


def test_every_number_of_headlines_titles_and_survey_is_published(release: Release, tmp_path: Path) -> None:
    settings, about = program(), synthetic.page()
    pages = render_reports(release, settings, about, QUOTES)
    html = pages["report.en.html"]
    kpi = Published(publish(Home(tmp_path), "r1", release, pages, {}, program=settings) / "kpi.duckdb")

    rows = {(row["kpi"], row["term"]): row for row in kpi.rows("select * from terms")}
    so_far = {row["kpi"]: row for row in kpi.rows("select * from scorecard where slice_by = 'all'")}
    lines = {row[0]: row[1:] for row in table_after(html, 'id="headlines"')[1:]}
    listed = [headline for headline in HEADLINES if (headline.kpi, "year-2") in rows]
    assert lines.keys() == {headline.label["en"] for headline in listed}
    for headline in listed:
        now, before = rows[headline.kpi, "year-2"], rows[headline.kpi, "year-1"]
        is_sensitive = headline.measure == "sensitive"
        kind, base = "share" if is_sensitive else "rate", written(now["denominator"], "int")
        value = written(before["value"], kind) if now["comparable"] else "not comparable"
        assert lines[headline.label["en"]] == [
            written(now["value"], kind),
            f"of {base}" if is_sensitive else f"{written(now['numerator'], 'int')} / {base}",
            value,
            written(so_far[headline.kpi]["value"], kind),
        ]

    titles = re.findall(r'<figure[^>]*data-figure="(\w+)".*?<h3[^>]*>(.*?)</h3>', html, re.DOTALL)
    names = [row["course"] for row in kpi.rows("select course from courses")]
    said = 0
    for figure, title in titles:
        known = kpi.numbers(f"select * from {SOURCES.get(figure, figure)}", *DERIVED.get(figure, "").splitlines())
        found = numbers_in(unescape(re.sub("<.*?>", "", title)), [*names, *synthetic.COHORTS, "year-1", "year-2"])
        assert {number for number in found if number not in known} == set(), title
        said += len(found)
    assert said > 20

    words = html.split('class="words"', 1)[1].split("</section>", 1)[0].split("What became of", 1)[0]
    known = kpi.numbers(*(f"select * from {name}" for name in ("survey", "survey_ratings", "survey_response")))
    found = numbers_in(unescape(re.sub("<.*?>", " ", words)), ["year-2", "95% interval", "nearest 5", "<10"])
    assert {number for number in found if number not in known} == set()
    assert len(found) > 15
    kpi.close()


def test_figures_are_in_colors_and_as_wide_as_the_paper(reports: dict[str, str]) -> None:
    data = data_of(reports["report.en.html"])
    assert "var(--" not in json.dumps([data["figures"], data["template"]])
    assert {wide["layout"]["width"] for wide, _ in data["figures"].values()} == {695}
    assert data["term"] == "year-2"


def test_the_policy_allows_the_page_s_own_scripts_and_nothing_else(reports: dict[str, str]) -> None:
    html = reports["report.ko.html"]
    starts = Starts(html).found
    (policy,) = [attributes["content"] for tag, attributes in starts if "http-equiv" in attributes]
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert policy == (
        "default-src 'none'; script-src " + " ".join(f"'sha256-{one}'" for one in hashes) + "; "
        "style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    assert [tag for tag, _ in starts if tag in {"link", "img", "iframe", "object", "embed", "base", "a"}] == []
    assert [name for _, attributes in starts for name in attributes if name.startswith("on")] == []


def test_a_page_is_no_larger_than_the_dashboard_may_be(reports: dict[str, str]) -> None:
    assert {name: len(html) for name, html in reports.items() if len(html.encode()) > 2_200_000} == {}


def test_a_quote_stands_as_it_was_written_without_the_response(release: Release) -> None:
    quote = Quote("year-2", "words", "</script><script>hit()</script>\nsecond line")
    html = render_reports(release, program(report={"quotes": ["secret-response"]}), synthetic.page(), (quote,))[
        "report.en.html"
    ]
    assert "<blockquote>&lt;/script&gt;&lt;script&gt;hit()&lt;/script&gt;\nsecond line</blockquote>" in html
    assert "secret-response" not in html


def test_the_words_of_both_languages_are_the_same_keys() -> None:
    from fellowship_pipeline.dashboard.words import catalog  # noqa: PLC0415
    from fellowship_pipeline.report.page import LOCALE  # noqa: PLC0415

    english, korean = catalog("en", LOCALE), catalog("ko", LOCALE)
    assert english.keys() == korean.keys()
    for key, text in english.items():
        forms = [one for said in (text, korean[key]) for one in (said.values() if isinstance(said, dict) else [said])]
        named = {frozenset(re.findall(r"\{(\w+)\}", form)) for form in forms}
        assert len(named) == 1, key
