"""What a mission may ask for and what may become of a member: every kind, with what the pipeline does with it.

Belongs here: the kinds and their properties, which are also the tables ``core.requirement_kinds`` and
``core.outcome_kinds``. Does not belong here: how evidence is looked up (``assets/core``), or what a kind is called on
the page (``dashboard/locale``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FoundIn = Literal["target_results", "mission_amounts", "competition_trials"]
"""The table of schema core, and so the SQL file, that says how far members are."""

Evidence = Literal["completions", "items", "progress", "certifications", "boards", "xp", "minutes", "sessions"]
"""What counts, each a step of that file."""


@dataclass(frozen=True)
class RequirementKind:
    """A kind of requirement, as ``requirement`` of the source missions names it.

    ``is_list``: the target names several, separated by '|'. ``needs_target``: not met where it names nothing.
    ``needs_threshold``: how much must be said. ``takes_any``: a threshold left out means any, else it means 1.
    ``is_share``: the threshold is a share, 0 to 1. ``unit``: how many of what is counted make 1 of the threshold.
    """

    requirement: str
    found_in: FoundIn
    evidence: Evidence
    is_list: bool = False
    needs_target: bool = True
    needs_threshold: bool = False
    takes_any: bool = False
    is_share: bool = False
    unit: int = 1


@dataclass(frozen=True)
class OutcomeKind:
    """A kind of outcome, as ``kind`` of the source outcomes names it. ``is_placement``: whoever has it is placed."""

    kind: str
    is_placement: bool = False


REQUIREMENT_KINDS: tuple[RequirementKind, ...] = (
    RequirementKind("course", "target_results", "completions", is_list=True),
    RequirementKind("items", "target_results", "items", is_list=True),
    RequirementKind("progress", "target_results", "progress", needs_threshold=True, is_share=True),
    RequirementKind("competition", "competition_trials", "boards", takes_any=True, is_share=True),
    RequirementKind("certification", "target_results", "certifications"),
    RequirementKind("xp", "mission_amounts", "xp", is_list=True, needs_target=False, needs_threshold=True),
    RequirementKind(
        "hours", "mission_amounts", "minutes", is_list=True, needs_target=False, needs_threshold=True, unit=60
    ),
    RequirementKind(
        "attendance", "mission_amounts", "sessions", is_list=True, needs_target=False, needs_threshold=True
    ),
)

OUTCOME_KINDS: tuple[OutcomeKind, ...] = (
    OutcomeKind("internship", is_placement=True),
    OutcomeKind("job", is_placement=True),
    OutcomeKind("promotion"),
    OutcomeKind("graduate_school"),
    OutcomeKind("paper"),
    OutcomeKind("project"),
    OutcomeKind("award"),
    OutcomeKind("certification"),
)
"""Any other is counted under its own name. ``placement`` is none: core.member_outcomes makes it of these."""
