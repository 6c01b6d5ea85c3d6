"""The entries of ``sources`` in program.yaml: which files feed a source, and how they are read.

Belongs here: settings of files, columns, questions. Does not belong here: reading (``intake``), the program's policies
(``program``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from fellowship_pipeline.program.conditions import Wanted
from fellowship_pipeline.program.mistakes import wrong
from fellowship_pipeline.program.types import (
    Character,
    Count,
    DateFormat,
    Encoding,
    Factor,
    Glob,
    Label,
    Positive,
    QuestionKind,
    Regex,
    SettingsSection,
    Text,
    Zone,
    has_year,
    no_whole_dates,
)

PLACE = "The place of a column whose header is none or not its alone, the first being 1."


def check_scale(kind: QuestionKind | None, scale: tuple[float, float] | None) -> None:
    """Raises where a scale is no scale, or the question is no rating."""
    if scale is not None and kind not in (None, "rating"):
        raise wrong("only a question of kind rating has a scale", "scale")
    if scale is not None and scale[0] >= scale[1]:
        raise wrong("expected [lowest, highest]", "scale")


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class ColumnMapping(SettingsSection):
    """The header that a canonical column is read from; the header alone is the short form."""

    from_: Text | None = Field(default=None, alias="from", description="The header.")
    place: Positive | None = Field(default=None, description=PLACE)
    format: Annotated[
        list[DateFormat],
        BeforeValidator(_listed),
        WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
    ] = Field(
        default=[], description="How dates are written, as strptime has it (오전 and 오후 are %p); a list: any of them."
    )
    year: Annotated[int, Field(ge=2000, le=2100)] | None = Field(
        default=None, description="The year of the first date, where dates have none; it rises over new year."
    )
    decimal: Literal[".", ","] | None = Field(default=None, description="What stands before the decimals, if no point.")
    thousands: Literal[",", ".", " ", "'"] | None = Field(
        default=None, description="What parts groups of three digits."
    )
    percent: bool = Field(default=False, description="Whether numbers are percentages, with or without the sign.")
    times: Factor | None = Field(default=None, description="Factor that a number is multiplied by.")
    duration: Literal["h:mm", "m:ss"] | None = Field(
        default=None, description="What 1:30 is in minutes: hours and minutes, or minutes and seconds."
    )

    @property
    def header(self) -> str | int:
        """The header, or the place."""
        return _one_of(self.from_, self.place)

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.from_ is None) == (self.place is None):
            raise wrong("expected either from or place")
        if self.format and (self.decimal or self.thousands or self.percent or self.times is not None):
            raise wrong("a date has a format, a number none", "format")
        dated = {has_year(pattern) for pattern in self.format}
        if (self.year is not None) in dated or (self.year is not None and not self.format):
            raise wrong("a format without a year needs `year`, the year of the first date, and no other has it", "year")
        if self.format and self.duration:
            raise wrong("a date has a format, a length of time none", "format")
        if self.thousands is not None and self.thousands == (self.decimal or "."):
            raise wrong("the same as what stands before the decimals: declare `decimal`", "thousands")
        return self


class Filename(SettingsSection):
    """What named groups of a pattern find in a path relative to landing/."""

    filename: Regex = Field(description="Pattern searched in the path relative to landing/.")


OF_DAYS = ("_at", "_on")
"""How the names of columns of instants and days end."""


def of_month(name: str) -> str | None:
    """The group of a pattern for a path that may say a column's day by its month; None where it has no day."""
    return "month" if name.endswith(OF_DAYS) else None


class PeriodInPath(Filename):
    """The days that a path names."""

    filename: Regex = Field(
        description="Pattern searched in the path relative to landing/: group `month` (2025-03, 202503, 2025년 3월), "
        "`date`, or `from` and `to` (YYYY-MM-DD)."
    )


class Exported(SettingsSection):
    """When a file was exported."""

    filename: Regex | None = Field(default=None, description="Pattern with group `date`, searched in the path.")
    column: Text | None = Field(default=None, description="The header of a column that says so.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.filename is None) == (self.column is None):
            raise wrong("expected either filename or column")
        if self.filename is not None and "date" not in self.filename.groupindex:
            raise wrong("expected a group (?P<date>…) of the form YYYY-MM-DD", "filename")
        return self


class Place(SettingsSection):
    """A column that has no header of its own."""

    place: Positive = Field(description=PLACE)


class EntryQuestion(SettingsSection):
    """A question of a survey, and the column that answers it, or a column per option."""

    kind: QuestionKind | None = Field(default=None, description="How it is answered; left out: as surveys says.")
    scale: tuple[float, float] | None = Field(default=None, description="Lowest and highest rating.")
    header: Text | None = Field(default=None, description="The header.")
    place: Positive | None = Field(default=None, description=PLACE)
    headers: dict[Text, Text | Place] = Field(
        default={}, description="A column per option: the answer stored → the header, or {place: …}."
    )
    separator: Annotated[str, Field(min_length=1)] = Field(default=", ", description="What parts several answers.")
    options: dict[Text, Text] = Field(default={}, description="The answer shown → the answer stored.")
    label: Label = Field(default={}, description="What pages call it, by language; left out: its header.")
    labels: dict[Text, Label] = Field(
        default={}, description="What pages call a stored answer, by language; left out: the answer as it is shown."
    )
    other: bool = Field(default=False, description="Whether answers beyond the options count; else they are rejected.")

    @property
    def asked(self) -> list[tuple[tuple[str, ...], str | int]]:
        """The columns that answer it, each a header or a place, with the keys that say so."""
        if self.headers:
            return [
                (("headers", option), where if isinstance(where, str) else where.place)
                for option, where in self.headers.items()
            ]
        return [(("header" if self.place is None else "place",), _one_of(self.header, self.place))]

    @property
    def stored(self) -> list[str]:
        """The options that are declared, as they are stored."""
        return [*self.headers, *self.options.values()]

    @model_validator(mode="after")
    def _scale(self) -> Self:
        check_scale(self.kind, self.scale)
        return self

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.header is not None) + (self.place is not None) + bool(self.headers) != 1:
            raise wrong("expected one of header, place and headers")
        if self.headers and self.kind != "multi":
            raise wrong("a question with a column per option is of kind multi", "kind")
        for key in ("options", "separator", "other") if self.headers else ():
            if key in self.model_fields_set:
                raise wrong("headers say the options, one column each", key)
        return self


class Unpivot(SettingsSection):
    """Columns that are an activity, a session or a course each, read as a record for each of them."""

    columns: list[Text | Place] = Field(default=[], description="The columns: headers, or {place: …}.")
    matching: Regex | None = Field(
        default=None, description="Instead: a pattern searched in headers; its group `name`, if any, is the name."
    )
    header: Text = Field(description="The canonical column that a header, or its `name`, is read as.")
    cell: Text | None = Field(default=None, description="The canonical column that the cell is read as.")
    beside: Text | None = Field(
        default=None, description="The canonical column that what stands right of the cell is read as."
    )

    @property
    def made(self) -> tuple[str, ...]:
        """The columns that come of it."""
        return tuple(name for name in (self.header, self.cell, self.beside) if name is not None)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.columns) == (self.matching is not None):
            raise wrong("expected either columns or matching")
        if len(set(self.made)) < len(self.made):
            raise wrong("expected a column of its own for each of header, cell and beside")
        return self


class Best(SettingsSection):
    """Which of several records of one thing counts."""

    of: list[Text] = Field(min_length=1, description="Headers that together say what a record is of: a team, a test.")
    by: Text = Field(description="The header of a number.")
    order: Literal["highest", "lowest"] = Field(default="highest", description="Which number is the best.")


def _one_of(header: str | None, place: int | None) -> str | int:
    if header is not None:
        return header
    if place is None:
        raise ValueError("neither a header nor a place")
    return place


def _kind_of_value(value: object) -> str:
    if isinstance(value, Filename) or (isinstance(value, Mapping) and set(value) == {"filename"}):
        return "filename"
    return "words" if isinstance(value, Mapping) else "value"


Covers = Annotated[
    Annotated[Literal["rows", "export", "all"], Tag("word")] | Annotated[PeriodInPath, Tag("filename")],
    Discriminator(lambda value: "filename" if isinstance(value, Mapping | PeriodInPath) else "word"),
]
Given = Annotated[
    Annotated[Text, Tag("value")] | Annotated[Filename, Tag("filename")] | Annotated[dict[Text, Text], Tag("words")],
    Discriminator(_kind_of_value),
]
"""A value; the group of a pattern in the path that has the column's name; or values by the words of the file."""
HeaderOrMapping = Annotated[
    ColumnMapping, BeforeValidator(lambda value: {"from": value} if isinstance(value, str) else value)
]


OF_TABLES = {"table", "columns", "timezone", "covers", "max_gap_days"}
"""What an entry may say of a table of a lake."""


class Entry(SettingsSection):
    """Files that feed a source, and how they are read."""

    files: Glob = Field(default="", description="The files: a path in HOME, or a URL (s3://, gs://, https://, …).")
    table: Text | None = Field(
        default=None, description="Instead, of activity on Spark: a table of its catalog, which stays where it is."
    )
    preset: Text | None = Field(default=None, description="A layout that ships.")
    columns: dict[str, HeaderOrMapping | None] | None = Field(
        default=None, description="Headers by canonical column; left out: its own name; null: not read."
    )
    encoding: Encoding | None = Field(default=None, description="How text is encoded; left out: found out.")
    delimiter: Character | None = Field(default=None, description="What parts the fields; left out: found out.")
    escape: Literal["\\"] | None = Field(
        default=None, description="What escapes quotes and delimiters, if not doubled quotes."
    )
    skip_lines: Count = Field(default=0, description="Lines before the header.")
    skip_matching: Regex | None = Field(
        default=None, description="Pattern searched in the first cell; matching records (totals, comments) are ignored."
    )
    sheet: Text | None = Field(default=None, description="Sheet of a workbook; left out: the only one.")
    where: dict[Text, Wanted] = Field(
        default={},
        description="Header → what counts there: a text, a list of texts, present, absent, '> 0', '>= 5', '< 9', "
        "'<= 9', '= text'; other records are ignored.",
    )
    counts: Literal["all"] | None = Field(
        default=None, description="Rows of zeros are learning too, however many there are (activity only)."
    )
    datetime_format: DateFormat | None = Field(
        default=None, description="How a preset's files write instants, as strptime has it; left out: as it knows."
    )
    timezone: Zone | None = Field(default=None, description="Zone of instants without one; left out: the program's.")
    covers: Covers = Field(
        default="rows",
        description="Days they vouch for, with a row or not: `rows`, of their rows; `export`, up to the export; `all`, "
        "from the program's first month to their last row; or those that the path names.",
    )
    max_gap_days: Count | None = Field(
        default=3, description="Longest run of days without a row that `covers: rows` vouches for; null: any."
    )
    exported: Exported | None = Field(default=None, description="When a file was made; left out: its latest instant.")
    expects: Literal["daily", "weekly", "monthly"] | None = Field(
        default=None, description="How often a file comes; a run warns while the last is older. Left out: as it comes."
    )
    cumulative: bool = Field(default=False, description="Totals since enrollment, to be differenced (activity only).")
    survey: Text | None = Field(default=None, description="The survey that the files answer (survey_responses only).")
    values: dict[str, Given] = Field(
        default={}, description="What the files do not say, by canonical column: a value, or where it comes from."
    )
    member: Text | None = Field(default=None, description="The header that names the member (survey_responses only).")
    questions: dict[Text, EntryQuestion] = Field(default={}, description="Its questions (survey_responses only).")
    best: Best | None = Field(default=None, description="Of several records of one thing only the best counts.")
    unpivot: Unpivot | None = Field(default=None, description="Columns that are an activity each, as records.")

    @model_validator(mode="after")
    def _found(self) -> Self:
        for name, value in self.values.items():
            if isinstance(value, Filename) and not value.filename.groupindex.keys() & {name, of_month(name)}:
                or_month = " or (?P<month>…), whose last day it is" if of_month(name) else ""
                raise wrong(f"expected a group (?P<{name}>…){or_month}", "values", name, "filename")
        return self

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if bool(self.files) == bool(self.table):
            raise wrong(
                "expected either files or table" if self.table else "files is missing", *["table"] * bool(self.table)
            )
        for key in sorted(self.model_fields_set - OF_TABLES) if self.table else ():
            raise wrong("a table needs none of this: its columns are mapped, and typed already", key)
        return self

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for key in ("preset", "questions") if self.unpivot is not None else ():
            if getattr(self, key):
                raise wrong(f"{key} and unpivot exclude each other", "unpivot")
        if self.datetime_format is not None and not has_year(self.datetime_format):
            raise wrong(no_whole_dates(self.datetime_format), "datetime_format")
        if self.preset is not None and self.columns is not None:
            raise wrong("preset and columns exclude each other", "columns")
        if isinstance(self.covers, PeriodInPath):
            groups = set(self.covers.filename.groupindex)
            if not groups & {"date", "month"} and not {"from", "to"} <= groups:
                expected = "expected a group (?P<month>…) or (?P<date>…), or groups (?P<from>…) and (?P<to>…)"
                raise wrong(expected, "covers", "filename")
        return self
