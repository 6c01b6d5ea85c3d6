"""The words of the pages: in both languages, and used."""

from __future__ import annotations

import re
from pathlib import Path

from fellowship_pipeline import operations
from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.dashboard.words import catalog
from fellowship_pipeline.operations.speech import LOCALE
from fellowship_pipeline.operations.tables import LISTS
from tests.dashboard.test_words import fields


def test_every_message_is_in_both_languages_with_the_same_placeholders() -> None:
    english, korean = catalog("en", LOCALE), catalog("ko", LOCALE)
    assert english.keys() == korean.keys()
    assert [key for key in english if fields(english[key]) - {"count"} != fields(korean[key]) - {"count"}] == []


def test_every_list_and_every_source_has_words() -> None:
    known = catalog("en", LOCALE).keys()
    assert {f"lists.{name}" for name in LISTS} <= known
    assert {f"enters.{name}" for name in SOURCE_BY_NAME} <= known


def test_every_message_is_used() -> None:
    here = Path(operations.__file__).parent
    texts = "\n".join(path.read_text(encoding="utf-8") for path in (*here.glob("*.py"), *here.glob("templates/*")))
    quoted = set(re.findall(r"[\"']\+?([a-z_0-9.]+)[\"']", texts))
    of_codes = (
        "agenda beside decision.reason decision.said difference enters fact files.status head lists message offers"
    )
    more = "review risk section unit unmatched.todo"
    prefixes = tuple(f"{code}." for code in (*of_codes.split(), *more.split()))
    assert [key for key in catalog("en", LOCALE) if not key.startswith(prefixes) and key not in quoted] == []
    heads = {key.removeprefix("head.") for key in catalog("en", LOCALE) if key.startswith("head.")}
    assert heads - quoted == set()
