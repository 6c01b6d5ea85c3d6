"""What the pages say, in all of their languages at once: the page shows one, and switches without asking anybody.

Belongs here: a text by its key, days and numbers, as markup. Does not belong here: which text stands where.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup, escape

from fellowship_pipeline.dashboard.words import DASH, Voice

LOCALE = Path(__file__).parent / "locale"

Spoken = Callable[[Voice], str]
"""What is said in each language: called with its voice."""


class Speech:
    """Every language of the page. Whatever is put into a text is escaped."""

    def __init__(self, languages: Sequence[str]) -> None:
        self.voices = {language: Voice(language, LOCALE) for language in languages}
        self.first = next(iter(self.voices.values()))
        self._shared = {language: Voice(language) for language in languages}
        self._known = lru_cache(16384)(self._say)
        self.day = lru_cache(4096)(self._day)
        self.code = lru_cache(4096)(self._code)

    def __call__(self, key: str, /, count: int | None = None, **values: object) -> Markup:
        """The message of that key; a value that is said differently in each language is a function of the voice."""
        return self._known(key, count, **values)

    def _say(self, key: str, count: int | None, **values: object) -> Markup:
        return self.each(spoken(key, count, **values))

    def each(self, say: Spoken) -> Markup:
        """What ``say`` makes of each voice: once, where all say the same."""
        texts = [(language, say(voice)) for language, voice in self.voices.items()]
        if len({text for _, text in texts}) == 1:
            return escape(texts[0][1])
        spans = (f'<span class="lg" lang="{language}">{escape(text)}</span>' for language, text in texts)
        return Markup("".join(spans))  # noqa: S704 - escaped above

    def source(self, name: str) -> Markup:
        """A source by the name that the dashboard has for it."""
        return self.each(lambda voice: self._shared[voice.language](f"source_name.{name}"))

    def number(self, value: float | None) -> Markup:
        """1,874; a dash for what does not apply."""
        return Markup(DASH) if value is None else self.each(lambda voice: amount(value, voice))  # noqa: S704 - ours

    def moment(self, value: datetime | None) -> Markup:
        """31 Jul 2023, 19:00."""
        return Markup(DASH) if value is None else self.day(value.date()) + f" {value:%H:%M}"  # noqa: S704 - ours

    def _day(self, value: date | None) -> Markup:
        """31 Jul 2023; a dash where there is none."""
        return Markup(DASH) if value is None else self.each(lambda voice: voice.day_short(value))  # noqa: S704 - ours

    def _code(self, prefix: str, value: str) -> Markup:
        """The words for a code, or the code itself where there are none."""
        key = f"{prefix}.{value}"
        return self(key) if self.first.knows(key) else escape(value)


def spoken(key: str, /, count: int | None = None, **values: object) -> Spoken:
    """A message as a function of the voice, to be put into another one."""

    def say(voice: Voice) -> str:
        said = {name: value(voice) if callable(value) else value for name, value in values.items()}
        return voice(key, count=count, **said)

    return say


def amount(value: float, voice: Voice) -> str:
    """1,874 or 12.5."""
    return voice.integer(value) if float(value).is_integer() else voice.decimal(value)


@lru_cache(16384)
def counted(value: float) -> Spoken:
    """An amount, to be put into a message: the same function for the same amount, so that messages are made once."""
    return lambda voice: amount(value, voice)


@lru_cache(4096)
def short_day(value: date) -> Spoken:
    """31 Jul 2023, to be put into a message."""
    return lambda voice: voice.day_short(value)
