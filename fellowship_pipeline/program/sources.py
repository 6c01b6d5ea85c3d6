"""The entries of ``sources`` in program.yaml: which files feed a source, and how they are read.

Belongs here: settings of files, columns, questions. Does not belong here: reading (``intake``), the program's policies
(``program``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from fellowship_pipeline.program.conditions import Wanted
from fellowship_pipeline.program.mistakes import wrong
from fellowship_pipeline.program.types import (
    Character,
    Count,
    DateFormat,
    Encoding,
    Factor,
    Glob,
    QuestionKind,
    Regex,
    SettingsSection,
    Text,
    Zone,
)


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

    from_: Text = Field(alias="from", description="The header.")
    format: Annotated[list[DateFormat], BeforeValidator(_listed)] = Field(
        default=[], description="How dates are written, as strptime has it (오전 and 오후 are %p); a list: any of them."
    )
    decimal: Literal[".", ","] | None = Field(default=None, description="What stands before the decimals, if no point.")
    thousands: Literal[",", ".", " ", "'"] | None = Field(
        default=None, description="What parts groups of three digits."
    )
    percent: bool = Field(default=False, description="Whether numbers are percentages, with or without the sign.")
    times: Factor | None = Field(default=None, description="Factor that a number is multiplied by.")

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if self.format and (self.decimal or self.thousands or self.percent or self.times is not None):
            raise wrong("a date has a format, a number none", "format")
        if self.thousands is not None and self.thousands == (self.decimal or "."):
            raise wrong("the same as what stands before the decimals: declare `decimal`", "thousands")
        return self


class Filename(SettingsSection):
    """What named groups of a pattern find in a path relative to landing/."""

    filename: Regex = Field(description="Pattern searched in the path relative to landing/.")


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


class EntryQuestion(SettingsSection):
    """A question of a survey, and the column that answers it."""

    kind: QuestionKind | None = Field(default=None, description="How it is answered; left out: as surveys says.")
    scale: tuple[float, float] | None = Field(default=None, description="Lowest and highest rating.")
    header: Text = Field(description="The header.")
    separator: Annotated[str, Field(min_length=1)] = Field(default=", ", description="What parts several answers.")
    options: dict[Text, Text] = Field(default={}, description="The answer shown → the answer stored.")
    other: bool = Field(default=False, description="Whether answers beyond the options count; else they are rejected.")

    @model_validator(mode="after")
    def _scale(self) -> Self:
        check_scale(self.kind, self.scale)
        return self


def _kind_of_value(value: object) -> str:
    if isinstance(value, Filename) or (isinstance(value, Mapping) and set(value) == {"filename"}):
        return "filename"
    return "words" if isinstance(value, Mapping) else "value"


Covers = Annotated[
    Annotated[Literal["rows", "export", "all"], Tag("word")] | Annotated[Filename, Tag("filename")],
    Discriminator(lambda value: "filename" if isinstance(value, Mapping | Filename) else "word"),
]
Given = Annotated[
    Annotated[Text, Tag("value")] | Annotated[Filename, Tag("filename")] | Annotated[dict[Text, Text], Tag("words")],
    Discriminator(_kind_of_value),
]
"""A value; the group of a pattern in the path that has the column's name; or values by the words of the file."""
HeaderOrMapping = Annotated[
    ColumnMapping, BeforeValidator(lambda value: {"from": value} if isinstance(value, str) else value)
]


class Entry(SettingsSection):
    """Files that feed a source, and how they are read."""

    files: Glob = Field(description="The files: a path in HOME, or a URL (s3://, gs://, https://, …).")
    preset: Text | None = Field(default=None, description="A layout that ships.")
    columns: dict[str, HeaderOrMapping] | None = Field(
        default=None, description="Headers by canonical column; left out: the same."
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
        default="rows", description="Days they vouch for: of their rows, up to the export, all, or as named."
    )
    max_gap_days: Count | None = Field(default=3, description="Longest covered run of days without a row; null: any.")
    exported: Exported | None = Field(default=None, description="When a file was made; left out: its latest instant.")
    cumulative: bool = Field(default=False, description="Totals since enrollment, to be differenced (activity only).")
    survey: Text | None = Field(default=None, description="The survey that the files answer (survey_responses only).")
    values: dict[str, Given] = Field(
        default={}, description="What the files do not say, by canonical column: a value, or where it comes from."
    )
    member: Text | None = Field(default=None, description="The header that names the member (survey_responses only).")
    questions: dict[Text, EntryQuestion] = Field(default={}, description="Its questions (survey_responses only).")

    @model_validator(mode="after")
    def _found(self) -> Self:
        for name, value in self.values.items():
            if isinstance(value, Filename) and name not in value.filename.groupindex:
                raise wrong(f"expected a group (?P<{name}>…)", "values", name, "filename")
        return self

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.preset is not None and self.columns is not None:
            raise wrong("preset and columns exclude each other", "columns")
        if isinstance(self.covers, Filename):
            groups = set(self.covers.filename.groupindex)
            if "date" not in groups and not {"from", "to"} <= groups:
                raise wrong("expected groups (?P<from>…) and (?P<to>…), or (?P<date>…)", "covers", "filename")
        return self
