"""What titles and subtitles of several figures have in common.

Belongs here: how a selection, a rule or a day is named. Does not belong here: one figure's sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Sized
from datetime import date

from fellowship_pipeline.dashboard.scene import NOBODY, Row, Scene, Slice, is_hidden, shown_as
from fellowship_pipeline.dashboard.words import DASH, Voice
from fellowship_pipeline.program.settings import ReviewRule

MODES = ("group", "individual")


def slice_name(chosen: Slice, words: Voice) -> str:
    """The selection's name: study modes and 'none' in the page's language, others as the files name them."""
    if chosen.whole:
        return words("slice.all")
    if chosen.name == NOBODY:
        return words(f"slice.none.{chosen.kind}")
    if chosen.kind == "study_mode" and chosen.name in MODES:
        return words(f"slice.mode.{chosen.name}")
    return chosen.name


def titled(sentence: str, chosen: Slice, words: Voice) -> str:
    """The sentence, preceded by what it is true of."""
    return sentence if chosen.whole else f"{slice_name(chosen, words)}: {sentence}"


def rule_name(rule: ReviewRule, words: Voice) -> str:
    """What a review rule asks for, in a few words."""
    if rule.minimum_xp:
        return words("rule.xp", xp=words.integer(float(rule.minimum_xp)))
    if rule.minimum_active_days > 1:
        return words("rule.days", count=rule.minimum_active_days)
    return words("rule.activity")


def rule_dates(scene: Scene, chosen: Slice, words: Voice) -> list[tuple[date, str]]:
    """When each rule begins, and its name."""
    return [(rule.from_, rule_name(rule, words)) for rule in scene.rules(chosen)]


def against(value: float, target: float | None, words: Voice) -> str:
    """A clause that compares a value with its target; empty without one."""
    if target is None:
        return ""
    return words("against.met" if value >= target else "against.missed", target=words.target(target))


def cell(value: float | None, label: str, words: Voice, form: Callable[[float], str]) -> str:
    """A figure beside a row's name, or what stands in its place."""
    if value is None:
        return DASH
    return words.withheld(shown_as(value, label)) if is_hidden(value) else form(value)


def cells(row: Row, label: str, words: Voice, **forms: Callable[[float], str]) -> tuple[str, ...]:
    """Figures of a row beside its name, each with how it is written."""
    return tuple(cell(row[field], label, words, form) for field, form in forms.items())


def first_of(items: Sized, most: int, words: Voice) -> str:
    """Says so where only the first items are drawn."""
    return " " + words("rows.first", count=most, all=words.integer(len(items))) if len(items) > most else ""
