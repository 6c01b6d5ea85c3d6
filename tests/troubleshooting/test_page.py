"""docs/troubleshooting.md has each message of the code, and what to do about it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from fellowship_pipeline.troubleshooting.page import SAYS_ITSELF, english, is_handed_on, page, remedies, sections
from fellowship_pipeline.troubleshooting.templates import messages, said_in

PAGE = Path(__file__).parents[2] / "docs" / "troubleshooting.md"

HANDED_ON = {
    "cli/reviewing", "cli/trying", "health/__init__", "intake/isolation", "intake/landing/arrival",
    "intake/landing/ledger", "intake/proposal/__init__", "intake/readers/decoding", "intake/reading/files",
    "program/mistakes", "review/issuing", "warehouse/__init__", "health/archive", "health/dagster_storage",
    "health/finding",
}  # fmt: skip
"""Modules that raise in their own name what another has said, in words that stand on the page there."""

EXPLAINED_TOGETHER = ("Checks", "Notes of loaded files")
"""Sections whose introduction, or whose every second sentence, says what to do."""


def said(folder: Path, code: str) -> list[str]:
    module = folder / f"example_{len(code)}.py"
    module.write_text(code, encoding="utf-8")
    return [text for _, text in said_in(module)]


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_no_message_is_lost_because_its_words_come_from_elsewhere() -> None:
    assert {message.module for message in messages() if is_handed_on(message)} == HANDED_ON


def test_each_message_says_what_to_do_or_the_page_does() -> None:
    known = remedies()
    silent = [
        text
        for title, _, texts in sections()
        if not (title.startswith("Checks") or title == EXPLAINED_TOGETHER[1])
        for text in texts
        if not SAYS_ITSELF.search(text) and english(text) not in known
    ]
    assert silent == []


def test_nothing_is_advised_about_a_message_that_is_no_more_or_twice() -> None:
    there = {english(text) for _, _, texts in sections() for text in texts}
    assert set(remedies()) - there == set()


def test_a_template_has_an_ellipsis_for_what_varies_and_each_way_to_say_it(tmp_path: Path) -> None:
    assert said(
        tmp_path,
        """
def refuse(path, many):
    hint = "look at it" if many else "run again"
    raise UserError(f"{path}: {len(many)} are wrong; {hint}")
""",
    ) == ["…: … are wrong; look at it", "…: … are wrong; run again"]
    assert said(
        tmp_path,
        """
WHAT = (("a", "a picture"), ("b", "a sound"))
def refuse(kind):
    for begins, reason in WHAT:
        if kind == begins:
            raise Quarantined(reason + " is no table")
""",
    ) == ["a picture is no table", "a sound is no table"]


def test_no_section_has_one_message_twice() -> None:
    assert [text for _, _, texts in sections() for text, times in Counter(texts).items() if times > 1] == []
