"""What titles and subtitles of several figures have in common.

Belongs here: how a selection, a rule or a day is named. Does not belong here: one figure's sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Sized
from datetime import date

from fellowship_pipeline.dashboard.scene import NOBODY, Row, Scene, Slice, is_hidden, known, shown_as
from fellowship_pipeline.dashboard.words import DASH, Voice
from fellowship_pipeline.program.labels import Labels
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


def labeled(row: Row, names: Labels) -> Row:
    """A row of a survey with what people call the survey, its question and its answer."""
    said = {"survey": names.survey(row["survey"]), "question": names.question(row["survey"], row["question"])}
    if "option" in row:
        said["option"] = names.option(row["survey"], row["question"], row["option"])
    return row | said


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


def stands(value: object, words: Voice) -> str:
    """What stands for a figure that is not shown; nothing for one that is, or where there is none."""
    return words.withheld(shown_as(value)) if is_hidden(value) else ""


def cell(value: float | None, words: Voice, form: Callable[[float], str]) -> str:
    """A figure beside a row's name, or what stands in its place."""
    if value is None:
        return DASH
    return stands(value, words) or form(value)


def shows(rows: Iterable[Row], *fields: str) -> bool:
    """Whether any of these figures is shown in any row: where none is, there is nothing to draw."""
    return any(known(row[field]) is not None for row in rows for field in fields)


class ValueColumns:
    """Columns of figures beside the names of rows: each its head and how it is written, by its field.

    One of which no row has anything to show is left out.
    """

    def __init__(self, rows: Sequence[Row], words: Voice, **columns: tuple[str, Callable[[float], str]]) -> None:
        self._words = words
        self._columns = {field: column for field, column in columns.items() if shows(rows, field)}

    @property
    def heads(self) -> tuple[str, ...]:
        """What stands above the columns."""
        return tuple(self._words(f"column.{head}") for head, _ in self._columns.values())

    def cells(self, row: Row) -> tuple[str, ...]:
        """The figures of a row."""
        return tuple(cell(row[field], self._words, form) for field, (_, form) in self._columns.items())


def first_of(items: Sized, most: int, words: Voice) -> str:
    """Says so where only the first items are drawn."""
    return " " + words("rows.first", count=most, all=words.integer(len(items))) if len(items) > most else ""
