"""The page's two languages: sentences from ``locale/*.yaml``, numbers, dates and plurals from Babel.

Belongs here: how a value reads in a language. Does not belong here: which sentence a figure says (``figures``).
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale, dates, lists, numbers

LOCALES = {"en": "en_GB", "ko": "ko_KR"}
"""Day before month in English, as on the rest of the page."""

LOCALE = Path(__file__).parent / "locale"
"""The dashboard's sentences; other pages have their own."""

DASH = "–"
PARTICLE = re.compile("%(?=[가-힣])")
"""A percent sign and the Korean particle that belongs to it: no line ends between them."""


def half_up(value: float, digits: int = 0) -> Decimal:
    """The number with so many decimals; a half goes up, as browsers have it: tables and tiles say the same."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@cache
def catalog(language: str, folder: Path = LOCALE) -> dict[str, Any]:
    """Every message of a language by its dotted key; a message with plural forms is a mapping."""
    path = folder / f"{language}.yaml"
    flat: dict[str, Any] = {}

    def flatten(prefix: str, node: dict[str, Any]) -> None:
        for key, value in node.items():
            if isinstance(value, dict) and "other" not in value:
                flatten(f"{prefix}{key}.", value)
            else:
                flat[prefix + key] = value

    flatten("", yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader))
    return flat


@lru_cache(4096)
def _whole(language: str, value: int) -> str:
    return str(numbers.format_decimal(value, locale=LOCALES[language]))


@lru_cache(4096)
def _compact(language: str, value: float) -> str:
    return str(numbers.format_compact_decimal(value, locale=LOCALES[language], fraction_digits=1))


@lru_cache(4096)
def _percent(language: str, value: Decimal, pattern: str) -> str:
    return str(numbers.format_percent(value, pattern, locale=LOCALES[language]))


@lru_cache(4096)
def _day(language: str, value: date, skeleton: str) -> str:
    return str(dates.format_skeleton(skeleton, value, locale=LOCALES[language]))


class Voice:
    """One language: call it with a message's key."""

    def __init__(self, language: str, folder: Path = LOCALE) -> None:
        """``folder``: where its sentences are."""
        self.language = language
        self.locale = Locale.parse(LOCALES[language])
        self._catalog = catalog(language, folder)

    def __call__(self, key: str, /, count: int | None = None, **values: object) -> str:
        """The message; ``count`` chooses its plural form and reads as ``{count}``."""
        message = self._catalog[key]
        if isinstance(message, dict):
            message = message.get(self.locale.plural_form(count or 0), message["other"])
        if count is not None:
            values["count"] = self.integer(count)
        return PARTICLE.sub("%\u2060", str(message).format(**values))

    def knows(self, key: str) -> bool:
        """Whether there is a message of that key."""
        return key in self._catalog

    def messages(self, prefix: str) -> dict[str, Any]:
        """The messages under a prefix, unformatted, for the page's script."""
        return {key.removeprefix(prefix): text for key, text in self._catalog.items() if key.startswith(prefix)}

    def withheld(self, label: str) -> str:
        """What stands for a figure that is not shown: a bound as it is, else a word."""
        return label if label[0] in "<≤≥" else self("withheld")

    def integer(self, value: float) -> str:
        """1,874."""
        return _whole(self.language, int(half_up(value)))

    def compact(self, value: float) -> str:
        """98K."""
        return _compact(self.language, value)

    def decimal(self, value: float) -> str:
        """3.4."""
        return str(numbers.format_decimal(half_up(value, 1), "#,##0.#", locale=self.locale))

    def percent(self, value: float, digits: int = 1) -> str:
        """61.9%."""
        pattern = "#,##0." + "0" * digits + "%" if digits else "#,##0%"
        return _percent(self.language, half_up(value, digits + 2), pattern)

    def whole(self, value: float) -> str:
        """62%."""
        return self.percent(value, 0)

    def target(self, value: float) -> str:
        """50%, 12.5%: as many digits as it was given."""
        return _percent(self.language, half_up(value, 3), "#,##0.#%")

    def small(self, value: float) -> str:
        """0.4%, 0.003%: a share that is far from 1."""
        return _percent(self.language, half_up(value, 5), "#,##0.0##%")

    def points(self, value: float, digits: int) -> str:
        """2.3: the size of a change in percentage points."""
        size = half_up(abs(value), digits + 2) * 100
        return str(numbers.format_decimal(size, "#,##0" + (".0" if digits else ""), locale=self.locale))

    def day(self, value: date) -> str:
        """31 July 2023."""
        return self._whole(str(dates.format_date(value, "long", locale=self.locale)))

    def day_of_year(self, value: date) -> str:
        """31 July."""
        return self._whole(_day(self.language, value, "MMMMd"))

    def day_brief(self, value: date) -> str:
        """31 Jul."""
        return self._whole(_day(self.language, value, "MMMd"))

    def day_short(self, value: date) -> str:
        """31 Jul 2023."""
        return self._whole(str(dates.format_date(value, "medium", locale=self.locale)))

    def month(self, value: date) -> str:
        """July 2023."""
        return self._whole(_day(self.language, value, "yMMMM"))

    def month_short(self, value: date) -> str:
        """Jul 2023."""
        return self._whole(_day(self.language, value, "yMMM"))

    def _whole(self, said: str) -> str:
        """A date whose Korean parts stay on one line with the particle behind them."""
        return said.replace(" ", "\u00a0") if self.language == "ko" else said

    def quarter(self, value: date) -> str:
        """Q3 2021."""
        return _day(self.language, value, "yQQQ")

    def month_name(self, value: date) -> str:
        """Jul."""
        return _day(self.language, value, "MMM")

    def listing(self, items: list[str]) -> str:
        """a, b and c."""

        return str(lists.format_list(items, locale=self.locale))
