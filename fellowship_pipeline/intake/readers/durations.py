"""Lengths of time as tools write them: ``1:30:00``, ``1 hr 5 min``, ``63 mins``, ``PT1H5M``.

Belongs here: text → minutes, where it can mean one thing only. Does not belong here: which column is a length of time,
numbers (``layouts.notation``), instants (``instants``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal

TwoParts = Literal["h:mm", "m:ss"]
"""What ``1:30`` is: an hour and a half, or a minute and a half."""

_SECONDS: Mapping[str, int] = {
    **dict.fromkeys(("d", "day", "days", "일"), 86_400),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "시간", "std"), 3_600),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "분"), 60),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "초", "sek"), 1),
}
_THREE_PARTS = re.compile(r"([0-9]+):([0-5][0-9]):([0-5][0-9](?:\.[0-9]+)?)")
_TWO_PARTS = re.compile(r"([0-9]+):([0-5][0-9](?:\.[0-9]+)?)")
_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
_ISO = re.compile(rf"P(?:{_NUMBER}D)?(?:T(?=[0-9])(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?", re.IGNORECASE)
_PART = re.compile(rf"{_NUMBER}\s*([^\W\d_]+)\.?,?\s*(?:and\s+)?")
LONGEST = 100 * 366 * 86_400
"""Seconds beyond which nothing is a length of time, but damage: a hundred years."""

UNCLEAR = "may be hours and minutes, or minutes and seconds: say `duration: h:mm` or `duration: m:ss` under `columns`"


def is_unclear(text: str) -> bool:
    """Whether the text is a clock of two parts, which nobody can tell without being told."""
    return _TWO_PARTS.fullmatch(_bare(text)) is not None


def minutes(text: str, clock: TwoParts | None = None) -> Decimal | None:
    """The length in minutes; None where the text is a bare number, is no length of time, too long a one, or may be two.

    ``clock`` says what two parts are.
    """
    seconds = _seconds(_bare(text), clock)
    return seconds / 60 if seconds is not None and seconds <= LONGEST else None


def _bare(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _seconds(text: str, clock: TwoParts | None) -> Decimal | None:
    if whole := _THREE_PARTS.fullmatch(text):
        return _sum(zip(whole.groups(), (3_600, 60, 1), strict=True))
    if half := _TWO_PARTS.fullmatch(text):
        units = {"h:mm": (3_600, 60), "m:ss": (60, 1)}
        return _sum(zip(half.groups(), units[clock], strict=True)) if clock else None
    if len(text) > 1 and (iso := _ISO.fullmatch(text)):
        return _sum(zip(iso.groups(), (86_400, 3_600, 60, 1), strict=True))
    return _spelled(text)


def _spelled(text: str) -> Decimal | None:
    """Numbers with units, from the longest to the shortest, each unit once."""
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text):
        return None
    units = [_SECONDS.get(word.casefold()) for _, word in parts]
    known = [unit for unit in units if unit is not None]
    if len(known) < len(units) or known != sorted(set(known), reverse=True):
        return None
    return _sum(zip((number for number, _ in parts), known, strict=True))


def _sum(parts: Iterable[tuple[str | None, int]]) -> Decimal:
    return sum((Decimal(number) * unit for number, unit in parts if number), Decimal(0))
