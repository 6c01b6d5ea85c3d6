"""What titles and subtitles of several figures have in common.

Belongs here: how a selection, a rule or a day is named. Does not belong here: one figure's sentence.
"""

from __future__ import annotations

from datetime import date

from fellowship_pipeline.dashboard.scene import NOBODY, Scene, Slice
from fellowship_pipeline.dashboard.words import Words
from fellowship_pipeline.program import Rule

MODES = ("group", "individual")


def slice_name(chosen: Slice, words: Words) -> str:
    """The selection's name: study modes and 'none' in the page's language, others as the files name them."""
    if chosen.whole:
        return words("slice.all")
    if chosen.name == NOBODY:
        return words(f"slice.none.{chosen.kind}")
    if chosen.kind == "study_mode" and chosen.name in MODES:
        return words(f"slice.mode.{chosen.name}")
    return chosen.name


def titled(sentence: str, chosen: Slice, words: Words) -> str:
    """The sentence, preceded by what it is true of."""
    return sentence if chosen.whole else f"{slice_name(chosen, words)}: {sentence}"


def rule_name(rule: Rule, words: Words) -> str:
    """What a review rule asks for, in a few words."""
    if rule.minimum_xp:
        return words("rule.xp", xp=words.integer(float(rule.minimum_xp)))
    if rule.minimum_active_days > 1:
        return words("rule.days", count=rule.minimum_active_days)
    return words("rule.activity")


def rule_dates(scene: Scene, chosen: Slice, words: Words) -> list[tuple[date, str]]:
    """When each rule begins, and its name."""
    return [(rule.from_, rule_name(rule, words)) for rule in scene.rules(chosen)]


def against(value: float, target: float | None, words: Words) -> str:
    """A clause that compares a value with its target; empty without one."""
    if target is None:
        return ""
    return words("against.met" if value >= target else "against.missed", target=words.target(target))
