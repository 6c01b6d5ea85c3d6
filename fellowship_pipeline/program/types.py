"""The words that settings are made of: days, months, zones, patterns, and sections that know their keys.

Belongs here: scalar types with their messages, the base of every section. Does not belong here: which settings there
are (``program``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from fellowship_pipeline.contracts import HEADLINES, SOURCE_BY_NAME
from fellowship_pipeline.program.mistakes import unknown, wrong

LARGEST = 10**12
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?")
_MONTHS = {"type": "integer", "minimum": 1}
TARGETS = tuple(headline.kpi for headline in HEADLINES)


def _day(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise wrong(f"expected a date YYYY-MM-DD, found '{value}'")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise wrong(f"'{value}' is no day of the calendar") from None
    return value


def _month(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"\d{4}-\d{2}(-01)?", value):
            raise wrong(f"expected a month YYYY-MM, found '{value}'")
        return _day(value[:7] + "-01")
    return value


@cache
def _zones() -> set[str]:
    return available_timezones()


ABBREVIATED = {"KST": "Asia/Seoul", "JST": "Asia/Tokyo"}
"""Zones by the letters that people write, which no database of zones knows."""


def _zone(value: str) -> str:
    if name := ABBREVIATED.get(value.upper()):
        raise wrong(f"'{value}' is no name of a time zone: write {name}")
    if value not in _zones():
        raise wrong(unknown("time zone", value, _zones(), "a name such as Asia/Seoul"))
    return value


def _encoding(value: str) -> str:
    try:
        "".encode(value)
    except LookupError:
        raise wrong(unknown("encoding", value, ("utf-8", "utf-16", "cp949", "latin-1"))) from None
    return value


_MOMENTS = tuple(datetime(2003, 2, 1, hour, 5, 6, tzinfo=UTC) for hour in (0, 4, 12, 16))
"""After midnight, in the morning, after noon and in the afternoon."""

_MISREAD = tuple(
    (re.compile(mistake), said)
    for mistake, said in (
        ("%[cxX]", "depends on the machine's language: spell the parts out"),
        ("%-", "is no form of strptime: %m reads both 3 and 03"),
        ("%H.*%p|%p.*%H", "has %p, which belongs to hours from 1 to 12: write %I for %H"),
        (r"오전|오후|(?<=%[HIMS])\s*[AaPp]\.?[Mm]\b", "has half a day as text: write %I, and %p for AM and PM"),
        ("^(?!.*%p).*%I", "has %I without %p, so that 8 in the evening is 8 in the morning: add %p, or write %H"),
        (
            r"(?<=%[HIMSfp])[\s(.,0-9]*(?:Z|UTC|GMT)(?![A-Za-z+-]|\s*%z)|%Z",
            "has a zone that would be passed over: write %z, which reads Z, UTC, GMT and +09:00",
        ),
    )
)
"""What a format of dates cannot mean as it stands, and what to write instead."""


def _date_format(value: str) -> str:
    for mistake, said in _MISREAD:
        if mistake.search(value.replace("%%", "")):
            raise wrong(f"'{value}' {said}")
    pattern = value if has_year(value) else f"%Y {value}"
    if not all(_comes_back(moment, pattern) for moment in _MOMENTS):
        raise wrong(no_whole_dates(value))
    return value


def no_whole_dates(pattern: str) -> str:
    """What is said of a format in which a part of the day is missing."""
    return f"expected a format of whole dates such as %d.%m.%Y or %Y-%m-%d %H:%M:%S, found '{pattern}'"


def has_year(pattern: str) -> bool:
    """Whether dates of that form say their year."""
    return re.search("%[YyG]", pattern) is not None


def _comes_back(moment: datetime, pattern: str) -> bool:
    """Whether the pattern reads what it writes: the day and, where it has a part of the time, hour and minute."""
    try:
        read = datetime.strptime(moment.strftime(pattern), pattern)
    except ValueError:
        return False
    if not re.search("%[HIMSfp]", pattern):
        return read.date() == moment.date()
    return read.replace(second=0, microsecond=0, tzinfo=UTC) == moment.replace(
        minute=moment.minute if "%M" in pattern else 0, second=0
    )


def _glob(value: str) -> str:
    if "://" in value:
        from fellowship_pipeline.program.paths import check  # noqa: PLC0415 - fsspec takes a while; few need it

        check(value)
        return value
    path = PurePosixPath(value)
    if path.is_absolute() or ".." in path.parts:
        raise wrong(f"expected a path inside HOME such as landing/*.csv, found '{value}'")
    return value


def _source(value: str) -> str:
    if value not in SOURCE_BY_NAME:
        raise wrong(unknown("source", value, SOURCE_BY_NAME), value)
    return value


def _kpi(value: str) -> str:
    if value not in TARGETS:
        raise wrong(unknown("KPI", value, TARGETS), value)
    return value


def _variable(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
        raise wrong("expected the name of an environment variable; URLs hold secrets and do not stand here")
    return value


def _web(value: str) -> str:
    if not re.fullmatch(r"https?://\S+", value):
        raise wrong(f"expected an address that begins with https://, found '{value}'")
    return value


def _deadline(value: object) -> object:
    if isinstance(value, str) and len(value) != len("YYYY-MM-DD"):
        if not INSTANT.fullmatch(value):
            raise wrong(f"expected a date or an instant YYYY-MM-DDTHH:MM[:SS][Z|±HH:MM], found '{value}'")
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise wrong(f"'{value}' is no instant") from None
    return _day(value)


def ordered(first: date | None, last: date | None, key: str) -> None:
    """Raises where ``last``, which stands under ``key``, is before ``first``."""
    if first is not None and last is not None and last < first:
        raise wrong(f"{last} is before {first}", key)


def _pattern(value: object) -> object:
    if isinstance(value, str):
        try:
            return re.compile(value)
        except re.error as error:
            raise wrong(f"'{value}' is no regular expression: {error}") from None
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Day = Annotated[date, BeforeValidator(_day)]
Month = Annotated[date, BeforeValidator(_month), WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}(-01)?$"})]
Deadline = Annotated[datetime | date, BeforeValidator(_deadline), WithJsonSchema({"type": "string"})]
Zone = Annotated[Text, AfterValidator(_zone)]
Encoding = Annotated[Text, AfterValidator(_encoding)]
DateFormat = Annotated[Text, AfterValidator(_date_format)]
Glob = Annotated[Text, AfterValidator(_glob)]
Regex = Annotated[re.Pattern[str], BeforeValidator(_pattern)]
Variable = Annotated[Text, AfterValidator(_variable)]
WebAddress = Annotated[Text, AfterValidator(_web)]
Character = Annotated[str, StringConstraints(min_length=1, max_length=1)]
Count = Annotated[int, Field(ge=0, le=LARGEST)]
Positive = Annotated[int, Field(ge=1, le=LARGEST)]
Factor = Annotated[Decimal, WithJsonSchema({"type": "number"})]
Amount = Annotated[
    Decimal, Field(ge=0, le=LARGEST, decimal_places=10), WithJsonSchema({"type": "number", "minimum": 0})
]
Share = Annotated[
    Decimal, Field(ge=0, le=1, decimal_places=10), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1})
]
Rate = Annotated[float, Field(ge=0, le=1)]
QuestionKind = Literal["single", "multi", "rating", "text"]
Language = Literal["ko", "en"]
Label = dict[Language, Text]
"""What people call something, by language."""
Role = Literal["learner", "builder", "mentor", "staff"]
Roles = Annotated[list[Role], Field(min_length=1)]
LEARNERS: list[Role] = ["learner"]
StudyMode = Literal["group", "individual"]
SourceName = Annotated[str, AfterValidator(_source), WithJsonSchema({"type": "string", "enum": [*SOURCE_BY_NAME]})]
Retention = Annotated[
    dict[SourceName, Positive],
    BeforeValidator(lambda value: value if isinstance(value, Mapping) else dict.fromkeys(SOURCE_BY_NAME, value)),
    WithJsonSchema({"anyOf": [_MONTHS, {"type": "object", "additionalProperties": _MONTHS}]}),
]
Kpi = Annotated[str, AfterValidator(_kpi), WithJsonSchema({"type": "string", "enum": [*TARGETS]})]


def _again(error: ErrorDetails) -> InitErrorDetails:
    """An error that was found below, to be raised together with others."""
    context: dict[str, Any] = error.get("ctx", {})
    kind = PydanticCustomError("mistake", "{what}", context) if error["type"] == "mistake" else error["type"]
    return InitErrorDetails(type=kind, loc=error["loc"], input=error["input"], ctx=context)


class SettingsSection(BaseModel):
    """A mapping of program.yaml. Unknown keys are errors; a key without a value is as if left out."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @classmethod
    def moved(cls, key: str) -> PydanticCustomError | None:
        """Of a key of before, what to write instead; None of any other."""
        return None

    @model_validator(mode="wrap")
    @classmethod
    def _keys(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Unknown keys are said together with what is wrong under the known ones."""
        if not isinstance(data, Mapping):
            return handler(data)
        fields = {field.alias or name: field for name, field in cls.model_fields.items()}
        strange = [cls.moved(key) or wrong(unknown("key", key, fields), key) for key in data if key not in fields]
        given = {
            key: value
            for key, value in data.items()
            if key in fields and (value is not None or type(None) in get_args(fields[key].annotation))
        }
        found = [InitErrorDetails(type=one, input=data) for one in strange]
        try:
            made = handler(given)
        except ValidationError as error:
            if not found:
                raise
            found += map(_again, error.errors())
        if found:
            raise ValidationError.from_exception_data(cls.__name__, found)
        return made
