import re
from datetime import date
from string import Formatter
from typing import Any

import pytest

from fellowship_pipeline.dashboard.words import LOCALES, Voice, catalog


def fields(message: Any) -> set[str]:
    forms = message.values() if isinstance(message, dict) else [message]
    return {name for form in forms for _, name, _, _ in Formatter().parse(str(form)) if name}


def test_every_message_is_in_both_languages_with_the_same_placeholders() -> None:
    english, korean = catalog("en"), catalog("ko")
    assert english.keys() == korean.keys()
    differing = [key for key in english if fields(english[key]) - {"count"} != fields(korean[key]) - {"count"}]
    assert differing == []


def test_every_message_reads_as_something() -> None:
    for language in LOCALES:
        assert [key for key, message in catalog(language).items() if not str(message).strip()] == []


def test_korean_titles_end_in_da() -> None:
    titles = {
        key: message
        for key, message in catalog("ko").items()
        if re.search(r"^\w+\.(title|hidden|always|since|one|past)", key)
        and not key.startswith(("lead.", "slice.", "state."))
    }
    allowed = re.compile(r"(다( \(\{survey\}\))?|\{completions\})$")
    forms = {
        (key, form)
        for key, message in titles.items()
        if not key.endswith(("title_against", "title_failed"))
        for form in (message.values() if isinstance(message, dict) else [message])
    }
    assert {key for key, form in forms if not allowed.search(form)} == set()


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["31 July 2023", "July 2023", "30 June", "61.9%", "62%", "1,874", "2.3", "98.1K", "12.5%"]),
        (
            "ko",
            [
                "2023년\u00a07월\u00a031일",
                "2023년\u00a07월",
                "6월\u00a030일",
                "61.9%",
                "62%",
                "1,874",
                "2.3",
                "9.8만",
                "12.5%",
            ],
        ),
    ],
)
def test_numbers_and_dates_by_locale(language: str, expected: list[str]) -> None:
    words = Voice(language)
    assert [
        words.day(date(2023, 7, 31)),
        words.month(date(2023, 7, 1)),
        words.day_of_year(date(2023, 6, 30)),
        words.percent(91 / 147),
        words.percent(91 / 147, 0),
        words.integer(1874),
        words.points(-0.0231, 1),
        words.compact(98123),
        words.target(0.125),
    ] == expected


def test_plural_forms() -> None:
    words = Voice("en")
    assert [words("meta.warnings", count=n) for n in (0, 1, 2)] == ["0 warnings", "1 warning", "2 warnings"]
    assert Voice("ko")("meta.warnings", count=1) == "경고 1개"


def test_a_value_is_never_read_as_a_message() -> None:
    assert Voice("en")("slice.option", name="{x}", size="%{y}") == "{x} (%{y})"


def test_a_half_goes_up_as_in_the_page_s_tables() -> None:
    words = Voice("en")
    assert [words.whole(0.525), words.percent(0.0625), words.percent(0.1245)] == ["53%", "6.3%", "12.5%"]
    assert [words.decimal(2.25), words.integer(20.5), words.points(-0.0225, 1)] == ["2.3", "21", "2.3"]
