"""Layouts that ship: which there are, what each feeds, and the one of a name.

Belongs here: the registry, light enough for ``program.yaml`` to be checked against. Does not belong here: any layout
(the modules beside, loaded when first used).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fellowship_pipeline.intake.layouts.layout import Preset
    from fellowship_pipeline.program_sources import Entry

PRESET_SOURCES: dict[str, frozenset[str]] = {
    "coursera": frozenset({"activity", "completions", "seat_snapshots"}),
    "datacamp_data_connector": frozenset({"activity", "completions"}),
    "discord_chat_exporter": frozenset({"support_requests"}),
    "edx_enterprise": frozenset({"activity", "completions", "seat_snapshots"}),
    "google_forms": frozenset({"survey_responses"}),
    "kaggle": frozenset({"competitions"}),
    "kolibri": frozenset({"activity", "completions"}),
    "notion_roster": frozenset({"roster"}),
    "oulad": frozenset({"roster", "activity", "completions", "catalog"}),
    "tally": frozenset({"survey_responses"}),
    "teams": frozenset({"sessions", "attendance"}),
    "typeform": frozenset({"survey_responses"}),
    "xapi": frozenset({"activity", "completions"}),
    "zoom": frozenset({"sessions", "attendance"}),
}
"""The canonical sources that each preset can feed."""


def preset(name: str) -> Preset:
    """The preset of that name; KeyError where none ships."""
    if name not in PRESET_SOURCES:
        raise KeyError(name)
    found: Preset = import_module(f"{__name__}.{name}").PRESET
    return found


def is_cumulative(entry: Entry) -> bool:
    """Whether an entry of activity holds totals since enrollment, by its own word or its preset's."""
    return entry.cumulative or (entry.preset is not None and preset(entry.preset).cumulative)
