"""Layouts that ship: which there are, what each feeds, and the one of a name.

Belongs here: the registry, light enough for ``program.yaml`` to be checked against. Does not belong here: any layout
(the modules beside, loaded when first used).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fellowship_pipeline.intake.layout import Preset

PRESET_SOURCES: dict[str, frozenset[str]] = {
    "datacamp_data_connector": frozenset({"activity", "completions"}),
    "google_forms": frozenset({"survey_responses"}),
    "oulad": frozenset({"roster", "activity", "completions", "catalog"}),
}
"""The canonical sources that each preset can feed."""


def preset(name: str) -> Preset:
    """The preset of that name; KeyError where none ships."""
    if name not in PRESET_SOURCES:
        raise KeyError(name)
    found: Preset = import_module(f"{__name__}.{name}").PRESET
    return found
