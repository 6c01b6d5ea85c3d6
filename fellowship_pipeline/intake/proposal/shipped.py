"""Presets tried on a file: those whose header it has, and what their layout makes of it.

Belongs here: recognizing by ``Preset.known``, settings that a preset asks for. Does not belong here: any preset.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fellowship_pipeline.contracts import SOURCE_BY_NAME
from fellowship_pipeline.home import clock
from fellowship_pipeline.intake.layouts.layout import EntryFiles, Incoming, Known, Preset, Shaped, with_values
from fellowship_pipeline.intake.layouts.wide import SEPARATORS
from fellowship_pipeline.intake.presets import preset
from fellowship_pipeline.intake.proposal.columns import Match, matches
from fellowship_pipeline.intake.proposal.content import MOST, ColumnTexts
from fellowship_pipeline.intake.proposal.model import Proposal
from fellowship_pipeline.intake.proposal.opened import Opened, records_of
from fellowship_pipeline.intake.proposal.surveys import Asked, questions
from fellowship_pipeline.intake.proposal.wording import pattern, survey_id
from fellowship_pipeline.intake.readers.records import LacksColumns, Quarantined, Records, normal
from fellowship_pipeline.program.sources import Entry

if TYPE_CHECKING:
    import duckdb

KNOWN_WEIGHT, PRESET_WEIGHT = 1.0, 0.5
ALONE = 0.7
"""What it takes from the score that a header known to a preset is one that others have too."""

NEARLY = 0.75


@dataclass(frozen=True)
class Shipped:
    """A file that presets are tried on."""

    file: Opened
    con: duckdb.DuckDBPyConnection

    def proposal(self, name: str, sources: Collection[str]) -> Proposal | None:
        """What the preset makes of the file for these sources, if it knows its header, or nearly all of it."""
        layout = preset(name)
        records = self._read(name, layout)
        titles = [known for known in layout.known if set(known.sources) & set(sources)]
        if records is None or not titles:
            return None
        known = max(titles, key=lambda known: (_share(known, records), len(known.header)))
        if _share(known, records) < NEARLY:
            return None
        entries: dict[str, dict[str, Any]] = {}
        notes: list[str] = []
        asked: list[Asked] = []
        for source in (source for source in known.sources if source in sources):
            entry: dict[str, Any] = {"preset": name, "files": pattern(self.file.path, with_folder=bool(layout.beside))}
            if layout.reader is None:
                entry |= self.file.settings
            if source == "survey_responses":
                survey, asked = self._survey(records, layout)
                entry |= survey
            try:
                shaped = self._shaped(records, layout, source, entry)
                if shaped.rows is None or len(shaped.rejects) > (1 - MOST) * records.count:
                    continue
            except LacksColumns:
                pass
            except Quarantined as refusal:
                notes.append(f"{source}: {refusal}")
            entries[source] = entry
        if not entries:
            return None
        there = [header for header in known.header if records.place(header) is not None]
        read = [Match("", header, "the preset reads it", KNOWN_WEIGHT, {}) for header in there]
        found = (*read, *(question.match for question in asked))
        return Proposal(
            tuple(entries),
            known.title,
            entries,
            found,
            tuple(header for header in known.header if header not in there),
            (),
            tuple(notes),
            PRESET_WEIGHT + sum(match.weight for match in found) - (0 if len(there) > 1 else ALONE),
            certain=len(there) > 1,
            preset=name,
            records=records,
        )

    def _read(self, name: str, layout: Preset) -> Records | None:
        if layout.reader is None:
            return self.file.records
        try:
            return records_of(self.file.path, preset=name)
        except Quarantined:
            return None

    def _survey(self, records: Records, layout: Preset) -> tuple[dict[str, Any], list[Asked]]:
        """What the entry of a form's export says beside its preset, and its questions."""
        texts = ColumnTexts(records, self.con)
        own = [*layout.no_questions, *(header for known in layout.known for header in known.header)]
        who = [match for match in self._of_a_response(records, own) if match.column == "member"]
        taken = [*own, *(match.header for match in who)]
        asked = questions(texts, taken, separators=layout.separators or SEPARATORS)
        entry: dict[str, Any] = {"survey": survey_id(self.file.path)}
        if who and isinstance(who[0].entry, str):
            entry["member"] = who[0].entry
        return entry | {"questions": {question.name: dict(question.settings) for question in asked}}, asked

    def _of_a_response(self, records: Records, own: Collection[str]) -> list[Match]:
        """What is told of a response by other columns than the preset's own."""
        known = set(map(normal, own))
        header = tuple("" if normal(name) in known else name for name in records.header)
        return matches(ColumnTexts(replace(records, header=header), self.con), SOURCE_BY_NAME["survey_responses"])

    def _shaped(self, records: Records, layout: Preset, source: str, entry: dict[str, Any]) -> Shaped:
        """What the preset's layout makes of the file, with the files beside it that it looks things up in."""
        path = self.file.path
        others = (other for other in path.parent.iterdir() if other.name != path.name)
        files = [path, *(other for other in others if layout.looks_up(source, other.name))]
        now = clock.now()
        incoming = tuple(Incoming(str(at), (str(path),), 0, now, asked=at == 0) for at, path in enumerate(files))

        def read(wanted: Incoming) -> Records:
            return records if wanted.asked else records_of(Path(wanted.paths[0]))

        settings = Entry.model_validate(entry)
        group = EntryFiles(SOURCE_BY_NAME[source], settings, layout.timezone or "UTC", incoming, read)
        return with_values(group, incoming[0], layout.layout(group).shape(incoming[0], records))


def _share(known: Known, records: Records) -> float:
    return sum(records.place(header) is not None for header in known.header) / len(known.header)
