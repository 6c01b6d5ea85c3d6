"""The entries of ``sources`` in program.yaml: which files feed a source, and how they are read.

Belongs here: settings of files, columns, questions. Does not belong here: reading (``intake``), the program's policies
(``program``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from fellowship_pipeline.mistakes import wrong
from fellowship_pipeline.program_types import (
    Character,
    Count,
    Encoding,
    Factor,
    Glob,
    Kind,
    Regex,
    Section,
    Text,
    Zone,
)


def check_scale(kind: Kind | None, scale: tuple[float, float] | None) -> None:
    """Raises where a scale is no scale, or the question is no rating."""
    if scale is not None and kind not in (None, "rating"):
        raise wrong("only a question of kind rating has a scale", "scale")
    if scale is not None and scale[0] >= scale[1]:
        raise wrong("expected [lowest, highest]", "scale")


class Mapped(Section):
    """The header that a canonical column is read from; the header alone is the short form."""

    from_: Text = Field(alias="from", description="The header.")
    times: Factor | None = Field(default=None, description="Factor that a number is multiplied by.")


class Filename(Section):
    """Days in a path relative to landing/."""

    filename: Regex = Field(description="Pattern searched in the path relative to landing/.")


class Exported(Section):
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


class EntryQuestion(Section):
    """A question of a survey, and the column that answers it."""

    kind: Kind | None = Field(default=None, description="How it is answered; left out: as surveys says.")
    scale: tuple[float, float] | None = Field(default=None, description="Lowest and highest rating.")
    header: Text = Field(description="The header.")
    separator: Annotated[str, Field(min_length=1)] = Field(default=", ", description="What parts several answers.")
    options: dict[Text, Text] = Field(default={}, description="The answer shown → the answer stored.")

    @model_validator(mode="after")
    def _scale(self) -> Self:
        check_scale(self.kind, self.scale)
        return self


Covers = Annotated[
    Annotated[Literal["rows", "export", "all"], Tag("word")] | Annotated[Filename, Tag("filename")],
    Discriminator(lambda value: "filename" if isinstance(value, Mapping | Filename) else "word"),
]
Header = Annotated[Mapped, BeforeValidator(lambda value: {"from": value} if isinstance(value, str) else value)]


class Entry(Section):
    """Files that feed a source, and how they are read."""

    files: Glob = Field(description="The files, relative to HOME.")
    preset: Text | None = Field(default=None, description="A layout that ships.")
    columns: dict[str, Header] | None = Field(
        default=None, description="Headers by canonical column; left out: the same."
    )
    encoding: Encoding | None = Field(default=None, description="How text is encoded; left out: found out.")
    delimiter: Character | None = Field(default=None, description="What parts the fields; left out: found out.")
    skip_lines: Count = Field(default=0, description="Lines before the header.")
    sheet: Text | None = Field(default=None, description="Sheet of a workbook; left out: the only one.")
    timezone: Zone | None = Field(default=None, description="Zone of instants without one; left out: the program's.")
    covers: Covers = Field(
        default="rows", description="Days they vouch for: of their rows, up to the export, all, or as named."
    )
    max_gap_days: Count | None = Field(default=3, description="Longest covered run of days without a row; null: any.")
    exported: Exported | None = Field(default=None, description="When a file was made; left out: its latest instant.")
    cumulative: bool = Field(default=False, description="Totals since enrollment, to be differenced (activity only).")
    survey: Text | None = Field(default=None, description="The survey that the files answer (survey_responses only).")
    member: Text | None = Field(default=None, description="The header that names the member (survey_responses only).")
    questions: dict[Text, EntryQuestion] = Field(default={}, description="Its questions (survey_responses only).")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.preset is not None and self.columns is not None:
            raise wrong("preset and columns exclude each other", "columns")
        if isinstance(self.covers, Filename):
            groups = set(self.covers.filename.groupindex)
            if "date" not in groups and not {"from", "to"} <= groups:
                raise wrong("expected groups (?P<from>…) and (?P<to>…), or (?P<date>…)", "covers", "filename")
        return self
