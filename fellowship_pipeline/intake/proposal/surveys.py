"""A form's file as a survey: which column says when, which who, and what sort of question each other column answers.

Belongs here: kinds of questions by their answers. Does not belong here: decoding answers (``intake/layouts/wide``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fellowship_pipeline.intake.layouts.wide import SEPARATORS, plain_text
from fellowship_pipeline.intake.proposal.columns import Match
from fellowship_pipeline.intake.proposal.content import EMAIL, ColumnTexts
from fellowship_pipeline.intake.proposal.naming import MAIL, listed, loose, words
from fellowship_pipeline.intake.proposal.options import option_groups

MANY_LETTERS, MANY_WORDS, FEW_WORDS = 20, 4, 3
QUESTION_WEIGHT = 0.8
MOST_OPTIONS = 12
MOST_PARTS = 30
SCALES = ((1, 5), (0, 10))
ASKING = ("?", "까", "요")
NUMBER = re.compile(r"\d+(\.0+)?")


@dataclass(frozen=True)
class Asked:
    """A question: its id, the headers of its columns, and what the entry says of it.

    ``of_form``: a form tool has made the file, so that a long header is a question.
    """

    name: str
    headers: tuple[str, ...]
    settings: Mapping[str, Any]
    of_form: bool = False

    @property
    def weight(self) -> float:
        """How much it tells of the file that it is a survey's: something where the header reads like a question."""
        if len(self.headers) > 1:
            return QUESTION_WEIGHT
        text = plain_text(self.headers[0])
        is_long = len(text) >= MANY_LETTERS or len(text.split()) >= MANY_WORDS
        asking = text.endswith(ASKING) or (
            len(text.split()) >= FEW_WORDS and loose(text.split()[0]) in listed("asking")
        )
        return QUESTION_WEIGHT if asking or (is_long and self.of_form) else 0

    @property
    def match(self) -> Match:
        """It as a matched column."""
        return Match(self.name, ", ".join(self.headers), f"a question of kind {self.settings['kind']}", self.weight, {})


def is_form(texts: ColumnTexts) -> bool:
    """Whether a column is there that form tools add to every response."""
    return any(loose(header) in listed("forms") for header in texts.header)


def questions(texts: ColumnTexts, taken: Iterable[str], *, separators: Sequence[str] = SEPARATORS) -> list[Asked]:
    """Every column that may answer a question: not those ``taken``, nor what a form tool adds, nor personal data."""
    taken = {loose(header) for header in taken} | listed("no_questions")
    of_form = is_form(texts)
    beginnings, endings = (tuple(words()[f"no_question_{part}"]) for part in ("beginnings", "endings"))
    places = [
        at
        for at, header in enumerate(texts.header)
        if header.strip() and loose(header) not in taken and not plain_text(header).endswith(endings)
        if not plain_text(header).startswith(beginnings)
        if not MAIL.search(loose(header)) and not texts.share(at, EMAIL.fullmatch)
    ]
    together = {group.places[0]: group for group in option_groups(texts, places)}
    titles = {group.title for group in together.values()}
    within = {at for group in together.values() for at in group.places[1:]}
    within |= {at for at in places if plain_text(texts.header[at]) in titles}
    asked: list[Asked] = []
    for at in places:
        names = {question.name for question in asked}
        if group := together.get(at):
            headers = tuple(texts.header[place] for place in group.places)
            asked.append(Asked(_name(group.title, at, names), headers, group.settings(texts), of_form))
        elif at not in within:
            header = texts.header[at]
            asked.append(
                Asked(
                    _name(header, at, names),
                    (header,),
                    {**texts.asked(at, "header"), **_kind(texts.columns[at], separators)},
                    of_form,
                )
            )
    return asked


def _name(header: str, at: int, taken: set[str]) -> str:
    """A short id: of the header where it is short and plain, else of its place."""
    name = header if header.isidentifier() else loose(header).replace(" ", "_")
    if name and name.isascii() and (len(name) < MANY_LETTERS or name == header) and name not in taken:
        return name
    return f"q{at + 1}"


def _kind(answers: Mapping[str, int], separators: Sequence[str]) -> dict[str, Any]:
    """How it is answered. Options are named only where several persons chose each, so that nobody's words are shown."""
    answers = _merged(answers)
    if answers and all(NUMBER.fullmatch(answer) for answer in answers):
        for lowest, highest in SCALES:
            if all(lowest <= float(answer) <= highest for answer in answers):
                return {"kind": "rating", "scale": [lowest, highest]}
    if scale := _scale(answers):
        return {"kind": "rating", "scale": [1, max(map(int, scale.values()))], "options": scale}
    for separator in separators:
        parts: Counter[str] = Counter()
        for answer, count in answers.items():
            parts.update({part.strip(): count for part in answer.split(separator) if part.strip()})
        is_list = len(answers) > len(parts) or _share_parts(answers, separator)
        several = {part: count for part, count in parts.items() if count > 1}
        if is_list and len(several) > 1 and len(parts) <= min(MOST_PARTS, 2 * len(several)):
            others = {"other": True} if len(several) < len(parts) else {}
            return {"kind": "multi", "separator": separator, **_options(several), **others}
    if 0 < len(answers) <= MOST_OPTIONS:
        if min(answers.values()) > 1:
            return {"kind": "single", **_options(answers)}
        several = {answer: count for answer, count in answers.items() if count > 1}
        if len(answers) * 3 <= sum(answers.values()):
            return {"kind": "single", **({**_options(several), "other": True} if len(several) > 1 else {})}
    return {"kind": "text"}


def _scale(answers: Iterable[str]) -> dict[str, str]:
    """The steps of a scale of words, highest first, as they are written here; those that nobody chose, too.

    Empty where the answers are not all of one scale, or are a single step.
    """
    written = {loose(answer): answer for answer in answers}
    for steps in words()["scales"]:
        numbers = {loose(word): number for number, synonyms in enumerate(steps, start=1) for word in synonyms}
        if len({numbers.get(word) for word in written}) > 1 and written.keys() <= numbers.keys():
            chosen: dict[int, list[str]] = {number: [] for number in range(len(steps), 0, -1)}
            for word, answer in written.items():
                chosen[numbers[word]].append(answer)
            return {text: str(number) for number, texts in chosen.items() for text in texts or steps[number - 1][:1]}
    return {}


def _share_parts(answers: Iterable[str], separator: str) -> bool:
    """Whether several answers have several parts, and most parts stand in more answers than one.

    A comma within an option, as in "Yes, a little", parts it the same way in whatever answer it stands.
    """
    sets = [{part.strip() for part in answer.split(separator)} for answer in answers]
    among = Counter(part for parts in sets for part in parts)
    shared = sum(times > 1 for times in among.values())
    return sum(len(parts) > 1 for parts in sets) > 1 and 2 * shared > len(among)


def _options(answers: Mapping[str, int]) -> dict[str, Any]:
    """Each option stored as it is shown, the most frequent first; none where there is only one."""
    if len(answers) < 2:
        return {}
    return {"options": {answer: answer for answer in sorted(answers, key=lambda answer: (-answers[answer], answer))}}


def _merged(answers: Mapping[str, int]) -> dict[str, int]:
    merged: Counter[str] = Counter()
    for answer, count in answers.items():
        merged[plain_text(answer)] += count
    return dict(merged)
