"""Layouts that ship: which there are, what each feeds, and the one of a name.

Belongs here: the registry, light enough for ``program.yaml`` to be checked against. Does not belong here: any layout
(the modules beside, loaded when first used).
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

from fellowship_pipeline.contracts.presets import PRESET_SOURCES
from fellowship_pipeline.program.paths import asked_for

if TYPE_CHECKING:
    from fellowship_pipeline.intake.layouts.layout import Preset
    from fellowship_pipeline.program.sources import Entry


def preset(name: str) -> Preset:
    """The preset of that name; KeyError where none ships."""
    if name not in PRESET_SOURCES:
        raise KeyError(name)
    found: Preset = import_module(f"{__name__}.{name}").PRESET
    return found


def beside(source: str, entry: Entry, paths: Iterable[str]) -> set[str]:
    """The paths in the folders of the entry's files that its preset looks things up in."""
    if entry.preset is None or not preset(entry.preset).beside.get(source):
        return set()
    layout = preset(entry.preset)
    folders = {path.rpartition("/")[0] for path in asked_for(entry.files, paths)}
    split = ((path, *path.rpartition("/")[::2]) for path in paths)
    return {path for path, folder, name in split if folder in folders and layout.looks_up(source, name)}


def is_cumulative(entry: Entry) -> bool:
    """Whether an entry of activity holds totals since enrollment, by its own word or its preset's."""
    return entry.cumulative or (entry.preset is not None and preset(entry.preset).cumulative)
