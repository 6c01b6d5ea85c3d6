"""Small wrong changes of an SQL text, each at one place: what somebody might mistype, or leave out, or mix up.

Belongs here: which changes there are, found by the text's tokens, so that all else stays as it is written. Does not
belong here: which are tried, and whether anything notices (``mutants``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot.tokenizer_core import Token

OPENING, CLOSING = ("(", "[", "{"), (")", "]", "}")
ENDING = ("group by", "order by", "having", "qualify", "union", "window", "limit", "except", "intersect", ",", ";")
"""Words that end a condition, where they stand as deep as it."""

BOUNDARIES = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
TWINS = {
    name: other
    for pair in (
        ("min", "max"), ("arg_min", "arg_max"), ("least", "greatest"), ("bool_or", "bool_and"), ("floor", "ceil"),
        ("rank", "dense_rank"), ("sum", "max"),
    )
    for name, other in (pair, pair[::-1])
    if name != "max" or other != "sum"
}  # fmt: skip
JOINS = {"left join": "join", "full join": "left join", "anti join": "semi join", "semi join": "anti join"}


@dataclass(frozen=True)
class Mutation:
    """A change of ``sql``: from ``start`` on, before ``end``, it says ``text`` instead."""

    kind: str
    sql: str
    start: int
    end: int
    text: str

    @property
    def mutated(self) -> str:
        """The text with the change."""
        return self.sql[: self.start] + self.text + self.sql[self.end :]

    @property
    def line(self) -> int:
        """The number of the line where it begins, from 1."""
        return self.sql.count("\n", 0, self.start) + 1

    @property
    def was(self) -> str:
        """The whole lines that change."""
        first, last = self._lines()
        return self.sql[first:last].strip()

    @property
    def becomes(self) -> str:
        """What those lines are with the change, blanks run together."""
        first, last = self._lines()
        return " ".join((self.sql[first : self.start] + self.text + self.sql[self.end : last]).split())

    def _lines(self) -> tuple[int, int]:
        last = self.sql.find("\n", self.end)
        return self.sql.rfind("\n", 0, self.start) + 1, len(self.sql) if last < 0 else last


class Words:
    """The tokens of a text, and where in it they stand."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.tokens: Sequence[Token] = sqlglot.tokenize(sql, read="duckdb")
        self.words = [sql[token.start : token.end + 1].lower() for token in self.tokens]
        self.depths: list[int] = []
        depth = 0
        for word in self.words:
            depth -= word in CLOSING
            self.depths.append(depth)
            depth += word in OPENING

    def word(self, at: int) -> str:
        """The token's text in small letters; empty where there is none."""
        return self.words[at] if 0 <= at < len(self.words) else ""

    def change(self, kind: str, first: int, last: int, text: str) -> Mutation:
        """The change of the tokens from the first to the last."""
        return Mutation(kind, self.sql, self.tokens[first].start, self.tokens[last].end + 1, text)

    def condition_end(self, at: int, ending: Sequence[str] = ENDING) -> int:
        """The last token of what begins at the token and ends at a word of ``ending``, or with what it is in."""
        depth = self.depths[at]
        for place in range(at, len(self.words)):
            if self.depths[place] < depth or (self.depths[place] == depth and self.words[place] in ending):
                return place - 1
        return len(self.words) - 1

    def is_between(self, at: int) -> bool:
        """Whether an ``and`` is that of ``between``."""
        open_ = 0
        for place in range(at - 1, -1, -1):
            if self.depths[place] < self.depths[at]:
                break
            if self.depths[place] == self.depths[at]:
                if self.words[place] == "between":
                    return open_ == 0
                open_ += self.words[place] == "and"
        return False


def _boundary(words: Words, at: int) -> Iterator[Mutation]:
    if other := BOUNDARIES.get(words.word(at)):
        yield words.change("boundary", at, at, other)


def _logic(words: Words, at: int) -> Iterator[Mutation]:
    if words.word(at) in ("and", "or") and not words.is_between(at):
        yield words.change("and or", at, at, "or" if words.word(at) == "and" else "and")


def _join(words: Words, at: int) -> Iterator[Mutation]:
    if words.word(at) != "join":
        return
    both = f"{words.word(at - 1)} join"
    if both in JOINS:
        yield words.change("join", at - 1, at, JOINS[both])
    elif words.word(at - 1) == "inner":
        yield words.change("join", at - 1, at, "left join")
    elif words.word(at - 1) not in ("cross", "asof", "positional", "right", "outer", "natural"):
        yield words.change("join", at, at, "left join")


def _distinct(words: Words, at: int) -> Iterator[Mutation]:
    if words.word(at) == "distinct" and words.word(at - 1) not in ("is", "not") and words.word(at + 1) != "on":
        yield words.change("distinct", at, at, "")


def _default(words: Words, at: int) -> Iterator[Mutation]:
    if words.word(at) == "coalesce" and words.word(at + 1) == "(":
        last = words.condition_end(at + 2, ())
        if words.word(last - 1) == "," and (default := _other(words.word(last))):
            yield words.change("default", last, last, default)


def _other(literal: str) -> str:
    if literal.startswith("'"):
        return "'another'"
    if literal in ("true", "false"):
        return "false" if literal == "true" else "true"
    return str(int(literal) + 1) if literal.isdigit() else ""


def _number(words: Words, at: int) -> Iterator[Mutation]:
    if words.word(at).isdigit() and (words.word(at - 1) in ("+", "-", "interval", "<", "<=", ">", ">=", "between")):
        yield words.change("shift", at, at, str(int(words.word(at)) + 1))


def _filter(words: Words, at: int) -> Iterator[Mutation]:
    if words.word(at) == "filter" and words.word(at + 1) == "(":
        yield words.change("filter", at, words.condition_end(at + 2, ()) + 1, "")
    elif words.word(at) in ("where", "qualify", "having") and words.word(at - 1) != "(":
        yield words.change("filter", at, words.condition_end(at), "")
    elif words.word(at) == "and" and not words.is_between(at) and words.word(at + 1) != "not":
        end = words.condition_end(
            at + 1,
            (*ENDING, "and", "or", "then", "where", "join", "inner", "left", "anti", "semi", "full", "cross", "as"),
        )
        if "between" not in words.words[at : end + 1]:
            yield words.change("filter", at, end, "")


def _union(words: Words, at: int) -> Iterator[Mutation]:
    if words.word(at) == "union" and words.word(at + 1) == "all":
        yield words.change("union", at + 1, at + 1, "")
    elif words.word(at) == "union":
        yield words.change("union", at, at, "union all")


def _twin(words: Words, at: int) -> Iterator[Mutation]:
    if words.word(at + 1) == "(" and (other := TWINS.get(words.word(at))):
        yield words.change("twin", at, at, other)


def _direction(words: Words, at: int) -> Iterator[Mutation]:
    if words.word(at) == "desc":
        yield words.change("direction", at, at, "")
    elif words.word(at) == "order by" and words.word(at + 1) != "all":
        last = words.condition_end(at + 1, (*ENDING, "asc", "desc", "nulls", "rows", "range", "groups"))
        if words.word(last + 1) not in ("asc", "desc"):
            yield words.change(
                "direction", last, last, words.sql[words.tokens[last].start : words.tokens[last].end + 1] + " desc"
            )


def _null(words: Words, at: int) -> Iterator[Mutation]:
    if words.word(at) != "is":
        return
    if words.word(at + 1) == "not" and words.word(at + 2) == "null":
        yield words.change("null", at + 1, at + 1, "")
    elif words.word(at + 1) == "null":
        yield words.change("null", at + 1, at + 1, "not null")


def _frame(words: Words, at: int) -> Iterator[Mutation]:
    if words.word(at) in ("unbounded", "current") and words.word(at + 1) in ("preceding", "following", "row"):
        side = "following" if words.word(at + 1) == "following" else "preceding"
        yield words.change("frame", at, at + 1, f"1 {side}")
    elif words.word(at) == "partition by":
        last = words.condition_end(at + 1, (*ENDING, "rows", "range", "groups"))
        if words.word(last + 1) == ",":
            yield words.change("frame", last + 1, words.condition_end(last + 2, ("order by", "rows", "range")), "")


KINDS: tuple[Callable[[Words, int], Iterator[Mutation]], ...] = (
    _boundary, _logic, _join, _distinct, _default, _number, _filter, _union, _twin, _direction, _null, _frame,
)  # fmt: skip


def mutations(sql: str) -> list[Mutation]:
    """Every small wrong change of the text, in its order."""
    words = Words(sql)
    return [found for at in range(len(words.words)) for kind in KINDS for found in kind(words, at)]
