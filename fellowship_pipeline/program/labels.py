"""What people call surveys, questions, answers, stages, channels, missions, kinds of sessions and terms, by language.

Belongs here: the label that program.yaml has, else the file's own words, else the name. Does not belong here: which of
them may be published (``release``), sentences (``dashboard``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fellowship_pipeline.program.settings import Program, Question
from fellowship_pipeline.program.sources import EntryQuestion
from fellowship_pipeline.program.types import Label


def asked_as(program: Program, survey: str, question: str) -> Iterator[Question | EntryQuestion]:
    """Where program.yaml tells of a question: under ``surveys`` before the entries that read it."""
    for declared in program.surveys:
        if declared.id == survey and question in declared.questions:
            yield declared.questions[question]
    for entry in program.sources.get("survey_responses", []):
        if entry.survey in (None, survey) and question in entry.questions:
            yield entry.questions[question]


@dataclass(frozen=True)
class Labels:
    """The labels of a program in one language."""

    program: Program
    language: str

    def survey(self, survey: str) -> str:
        """A survey's."""
        return self._of(next((one.label for one in self.program.surveys if one.id == survey), {}), survey)

    def question(self, survey: str, question: str) -> str:
        """A question's; without one the header of its column."""
        asked = list(asked_as(self.program, survey, question))
        header = next((one.header for one in asked if isinstance(one, EntryQuestion) and one.header), question)
        return self._of(next((one.label for one in asked if one.label), {}), header)

    def option(self, survey: str, question: str, option: str) -> str:
        """An answer's; without one the answer as the form shows it."""
        asked = list(asked_as(self.program, survey, question))
        shown = [
            text
            for one in asked
            if isinstance(one, EntryQuestion)
            for text, stored in one.options.items()
            if stored == option
        ]
        return self._of(next((one.labels[option] for one in asked if option in one.labels), {}), [*shown, option][0])

    def stage(self, stage: str) -> str:
        """A stage's of the application."""
        return self._of(self.program.applications.labels.get(stage, {}), stage)

    def channel(self, channel: str) -> str:
        """A channel's by which applicants came."""
        return self._of(self.program.applications.channels.get(channel, {}), channel)

    def mission(self, mission: str, title: str | None) -> str:
        """A mission's; without one its title, else its name."""
        return self._of(self.program.missions.labels.get(mission, {}), title or mission)

    def session_kind(self, kind: str) -> str:
        """A kind's of sessions; without one its name, without what files put between words."""
        known = self.program.community.kinds.get(kind)
        return self._of(known.label if known else {}, kind.replace("_", " "))

    def term(self, term: str) -> str:
        """A term's."""
        return self._of(next((one.label for one in self.program.terms if one.id == term), {}), term)

    def _of(self, label: Label, otherwise: str) -> str:
        """The label in the language, else in the first there is, else what it is called without one."""
        by_language = dict[str, str](label.items())
        return by_language.get(self.language) or next(iter(by_language.values()), otherwise)
