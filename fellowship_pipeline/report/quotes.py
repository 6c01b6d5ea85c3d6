"""Quotes: what respondents wrote in their own words, of the responses that somebody chose by hand.

One that holds a name of a member or any address is refused as a whole: nobody is named, not even by another. Belongs
here: reading the chosen answers, refusing. Does not belong here: what a run says of a refusal
(``assets/publication/warnings``), the page.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from fellowship_pipeline.forgetting.names import Sieve, Tombstone, digest, fold, looked_for, sieve

if TYPE_CHECKING:
    import duckdb

    from fellowship_pipeline.program import Program

_NAMES = """
select member as name from staging.roster
union select email from staging.roster
union select name from staging.roster
union select member from staging.aliases
union select value from staging.aliases
union select member_id from core.seats
union select member_id from core.activity_days
union select member from staging.survey_responses
"""

_ANSWERS = """
with chosen as (
    select unnest($responses::varchar[]) as response, generate_subscripts($responses::varchar[], 1) as place
),

closed as (
    select survey, question from core.survey_questions where kind <> 'text'
)

select chosen.place - 1, answers.survey, answers.question, answers.answer
from staging.survey_responses as answers
inner join chosen on answers.response = chosen.response
inner join core.survey_responses as responses
    on answers.survey = responses.survey and answers.response = responses.response and responses.is_in_force
left join closed on answers.survey = closed.survey and answers.question = closed.question
where answers.answer is not null and answers.submitted_at <= responses.submitted_at and closed.question is null
order by chosen.place, answers.survey, answers.question, answers.answer
"""
"""By place in ``report.quotes``: what the responses in force say to questions that are answered in words."""

ADDRESS = re.compile(
    r"[^\s@]+@[^\s@]+|https?://|www\.|(?<!\d)0\d{1,2}[-. ]?\d{3,4}[-. ]?\d{4}(?!\d)|\+\d[\d\-. ]{7,}\d"
)
"""An e-mail or web address, a handle, a telephone number."""

_HANGUL_NAME = re.compile(r"[가-힣]{3,4}")
SHORTEST_PART = 3
"""Letters of a part of a name that is written in several words."""

Refusal = Literal["unknown", "named"]
"""No response in force with words of its own has that id; or it holds a member's name or an address."""


@dataclass(frozen=True)
class Quote:
    """What somebody wrote, and where; never whose it is, nor the id of the response."""

    survey: str
    question: str
    text: str


@dataclass(frozen=True)
class ChosenQuotes:
    """``quotes`` in the order of program.yaml; by place there, why what was ``refused`` is not among them."""

    quotes: tuple[Quote, ...] = ()
    refused: tuple[tuple[int, Refusal], ...] = ()


def chosen(con: duckdb.DuckDBPyConnection, program: Program) -> ChosenQuotes:
    """What is quoted of the responses that ``report.quotes`` names. Reads only."""
    responses = list(program.report.quotes)
    if not responses:
        return ChosenQuotes()
    found: dict[int, list[Quote]] = {}
    for place, *words in con.execute(_ANSWERS, {"responses": responses}).fetchall():
        found.setdefault(place, []).append(Quote(*words))
    members = _Members([name for (name,) in con.execute(_NAMES).fetchall() if name])
    quotes: dict[Quote, None] = {}
    refused: list[tuple[int, Refusal]] = []
    for place in range(len(responses)):
        said = found.get(place, [])
        if not said:
            refused.append((place, "unknown"))
        elif any(members.are_told_by(quote.text) for quote in said):
            refused.append((place, "named"))
        else:
            quotes |= dict.fromkeys(said)
    return ChosenQuotes(tuple(quotes), tuple(refused))


@dataclass(frozen=True)
class _Members:
    """All names of members, and what tells one: the whole name, a part of several words, a Korean given name."""

    names: Sequence[str]

    def are_told_by(self, text: str) -> bool:
        """Whether a text holds a name of a member, or an address of anybody."""
        return ADDRESS.search(text) is not None or self._sieve.mentions(text)

    @cached_property
    def _sieve(self) -> Sieve:
        key = secrets.token_bytes(32)
        parts = {part for name in self.names for part in _parts(fold(name))}
        return sieve(key, (Tombstone(digest(key, part), len(part), "text") for part in parts))


def _parts(name: str) -> set[str]:
    """What is looked for of a folded name: of one character nothing is, of a number only a telephone's."""
    words = name.split()
    is_telling = len(name) > 1 and any(letter.isalpha() for letter in name)
    parts = {name} if is_telling or looked_for(name) == "number" else set()
    if len(words) > 1:
        parts |= {word for word in words if len(word) >= SHORTEST_PART and word.isalpha()}
    parts |= {word[1:] for word in words if _HANGUL_NAME.fullmatch(word)}
    return parts
