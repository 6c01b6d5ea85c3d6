"""The renewal report in program.yaml: what a person decides about it, and no data can.

Belongs here: the section ``report``. Does not belong here: the report itself (``fellowship_pipeline.report``).
"""

from __future__ import annotations

from pydantic import Field

from fellowship_pipeline.program.types import Label, SettingsSection, Text


class RenewalReport(SettingsSection):
    """What the sponsor is asked for, and whose words are quoted."""

    ask: Label = Field(
        default={}, description="What is asked for next, by language; a paragraph a line. Left out: nothing is asked."
    )
    quotes: list[Text] = Field(
        default=[],
        description="Survey responses whose free text is quoted, by `survey_responses.response`, as "
        "`operations/current/survey_texts.csv` lists them. One that holds a member's name or any address is left out.",
    )

    def asked(self, language: str) -> list[str]:
        """The paragraphs in that language, else in the first there is."""
        texts = dict[str, str](self.ask.items())
        text = texts.get(language) or next(iter(texts.values()), "")
        return [line.strip() for line in text.splitlines() if line.strip()]
