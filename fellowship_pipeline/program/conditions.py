"""What a cell has to say for its record to count: the words of ``where`` in program.yaml.

Belongs here: the words, and what each asks of a text. Does not belong here: records (``intake``).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from fellowship_pipeline.program.mistakes import wrong
from fellowship_pipeline.program.types import Text

PRESENT, ABSENT = "present", "absent"
_COMPARISON = re.compile(r"(>=|<=|>|<|=)\s*(.*)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_ORDER: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


@dataclass(frozen=True)
class Condition:
    """``present``, ``absent``; a comparison with a number, ``limit``; or one of some texts, where there is no sign."""

    sign: str = ""
    limit: Decimal = Decimal(0)
    texts: tuple[str, ...] = ()

    @property
    def is_of_number(self) -> bool:
        """Whether it asks for a number."""
        return self.sign in _ORDER

    def holds(self, number: Decimal) -> bool:
        """Whether a number compares as is asked."""
        return _ORDER[self.sign](number, self.limit)


def condition(written: str | list[str]) -> Condition:
    """What is written after a header of ``where``; raises for a comparison with what is no number."""
    if isinstance(written, list):
        return Condition(texts=tuple(written))
    if written in (PRESENT, ABSENT):
        return Condition(written)
    compared = _COMPARISON.fullmatch(written)
    if compared is None:
        return Condition(texts=(written,))
    sign, text = compared.groups()
    if sign == "=":
        return Condition(texts=(text,))
    limit = number(text)
    if limit is None:
        raise wrong(f"expected a number after {sign}, found '{text}' (a text that begins so is written '= {written}')")
    return Condition(sign, limit)


def number(text: str) -> Decimal | None:
    """The number that a text is; None where it is none."""
    bare = text.strip()
    return Decimal(bare) if _NUMBER.fullmatch(bare) else None


def _checked(written: str | list[str]) -> str | list[str]:
    condition(written)
    return written


Wanted = Annotated[Text | Annotated[list[Text], Field(min_length=1)], AfterValidator(_checked)]
