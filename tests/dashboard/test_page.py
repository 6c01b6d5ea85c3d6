import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from assets.publication.cells import FORMULA_STARTS
from fellowship_pipeline.dashboard import render
from fellowship_pipeline.dashboard.shell import script_json, static
from tests.dashboard import synthetic

pytestmark = pytest.mark.slow


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.starts: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.starts.append((tag, dict(attrs)))


def data_of(html: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found.group(1))


def test_size_of_two_years(html: str) -> None:
    assert len(html.encode()) <= 2_200_000


def test_the_policy_names_the_page_s_scripts_and_nothing_else(html: str) -> None:
    (policy,) = [
        attributes["content"]
        for tag, attributes in Elements(html).starts
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert len(scripts) == 2
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert policy == (
        "default-src 'none'; script-src " + " ".join(f"'sha256-{one}'" for one in hashes) + "; "
        "style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def test_nothing_is_fetched_from_anywhere(html: str) -> None:
    elements = Elements(html).starts
    assert [tag for tag, _ in elements if tag in {"link", "img", "iframe", "object", "embed", "base"}] == []
    outside = [
        value
        for _, attributes in elements
        for name, value in attributes.items()
        if name in {"src", "href", "action", "data"} and value and not value.startswith("#")
    ]
    assert outside == []


def test_no_event_handlers_in_markup(html: str) -> None:
    assert [name for _, attributes in Elements(html).starts for name in attributes if name.startswith("on")] == []


def test_plotly_shares_nothing(html: str) -> None:
    config = data_of(html)["config"]
    assert config["showSendToCloud"] is False
    assert config["plotlyServerURL"] == ""
    assert config["typesetMath"] is False
    assert config["displaylogo"] is False
    assert config["displayModeBar"] is False


def test_the_page_s_csv_quotes_what_files_of_csv_quote() -> None:
    (quoted,) = re.findall(r"/\^\[(.*?)\]/\.test\(text\)\) text = \"'\" \+ text", static("page.js"))
    for written, meant in (("\\-", "-"), ("\\t", "\t"), ("\\r", "\r"), ("\\n", "\n")):
        quoted = quoted.replace(written, meant)
    assert set(quoted) == set(FORMULA_STARTS)


def test_json_cannot_leave_its_element() -> None:
    text = script_json({"a": "</script><!--\u2028&"})
    assert not set(text) & set("<\u2028")
    assert json.loads(text) == {"a": "</script><!--\u2028&"}


def test_every_text_is_there_in_both_languages(html: str) -> None:
    data = data_of(html)
    assert data["languages"] == ["ko", "en"]
    assert data["fixed"]["ko"].keys() == data["fixed"]["en"].keys()
    for texts in data["texts"]:
        assert [len(of_language) for of_language in texts] == [len(data["sliced"])] * 2


def test_as_of_run_and_files_stand_on_the_page(html: str) -> None:
    data = data_of(html)
    assert data["fixed"]["en"]["meta.day"] == "31 July 2023"
    assert data["fixed"]["en"]["footer.about"] == "As of 31 July 2023 · run 7f3a"
    assert data["fixed"]["en"]["meta.covered"] == "728 of 730 days"
    assert "activity_2023-07.csv" not in html


def sections(html: str) -> list[str]:
    return [
        attributes["id"] or ""
        for tag, attributes in Elements(html).starts
        if tag == "section" and attributes["id"] != "score"
    ]


def test_a_section_without_source_is_left_out_and_an_empty_one_says_so() -> None:
    gone = ("survey", "survey_ratings", "survey_response", "applications", "funnel", "application_channels", "terms")
    rows = synthetic.tables() | {name: [] for name in (*gone, "term_surveys", "missions", "competitions")}
    program = synthetic.program()
    without = {name: entries for name, entries in program.sources.items() if name not in {"applications", "missions"}}
    del without["competitions"]
    html = render(synthetic.release(rows), program.model_copy(update={"sources": without}), synthetic.page())
    assert sections(html) == [
        *("seats", "engagement", "learning", "retention", "community", "survey", "outcomes", "quality")
    ]
    survey = html[html.index('<section id="survey"') : html.index('<section id="outcomes"')]
    assert 'data-t="section.empty"' in survey
    assert "<figure" not in survey
    assert 'href="#applications"' not in html
    assert 'href="#missions"' not in html


def test_a_section_that_waits_says_for_what() -> None:
    rows = synthetic.tables() | {name: [] for name in ("survey", "survey_ratings", "survey_response")}
    program = synthetic.program(cohorts=[{"id": "2023-H2", "ends_on": "2023-12-31"}])
    said = data_of(render(synthetic.release(rows), program, synthetic.page()))["fixed"]["en"]
    assert said["waits.survey"] == "Shown once a cohort has ended: 2023-H2 ends on 31 December 2023."


def test_a_release_without_rows_still_makes_a_page() -> None:
    html = render(synthetic.release({}), synthetic.program(), synthetic.page(coverage=(), checks=()))
    assert sections(html) == [
        *("seats", "engagement", "learning", "retention", "missions", "community"),
        *("survey", "outcomes", "applications", "quality"),
    ]
    assert html.count('data-t="section.empty"') == 9


def test_one_language_has_no_switch() -> None:
    html = render(synthetic.release(), synthetic.program(languages=["en"]), synthetic.page())
    assert 'name="lang"' not in html
    assert '<html lang="en">' in html


def test_two_renderings_are_equal(html: str) -> None:
    assert render(synthetic.release(), synthetic.program(), synthetic.page()) == html


@pytest.mark.parametrize("text", ["</script><script>hit()</script>", "<b>x</b>", "<a href='javascript:hit()'>x</a>"])
def test_text_from_files_is_never_markup(text: str) -> None:
    rows = synthetic.tables()
    for row in rows["courses"]:
        row["course"] = text + row["course"]
    for table in ("adoption", "engagement", "activity", "scorecard", "retention"):
        for row in rows[table]:
            if row["slice"] == "스터디 B":
                row["slice"] = text
    program = synthetic.program(program={"id": "demo", "name": {"ko": text, "en": text}})
    html = render(synthetic.release(rows), program, synthetic.page(run_id=text, warnings=(text,)))
    assert text not in html
    assert f"slice=study_group:{text}" not in html
    assert f"study_group:{text}" in data_of(html)["slices"]


@pytest.mark.fault("G8")
def test_a_check_that_only_warns_is_counted_on_the_page_and_left_to_operators(html: str) -> None:
    said = data_of(html)["fixed"]["en"]
    assert said["meta.checks_passed"] == "46 of 47 checks passed"
    assert said["quality.warned"] == "2 warnings are on the operators' pages."
    assert "2 days without a row: 22–23 October 2022." not in html
