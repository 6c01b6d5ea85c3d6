"""Missions in program.yaml: whom they are for, who is excused from which or has longer, what completes an item.

Belongs here: the section ``missions``. Does not belong here: missions themselves, which are a source.
"""

from __future__ import annotations

from pydantic import Field

from fellowship_pipeline.program.types import LEARNERS, Deadline, Label, Roles, SettingsSection, Text

COMPLETING_KINDS = ["completed", "complete", "completion", "passed", "satisfied", "mastered", "finished", "done"]
"""Words for: the item is done."""


class MissionException(SettingsSection):
    """A member whom a mission does not bind, or later."""

    member: Text = Field(description="The member, by any name that is resolved.")
    mission: Text = Field(description="The mission, as the source names it.")
    cohort: Text | None = Field(default=None, description="The mission's cohort; left out: every cohort.")
    reason: Text = Field(description="Why, for the operators' list.")
    due_at: Deadline | None = Field(
        default=None, description="When it is due for the member, a date meaning its whole day; left out: excused."
    )


class Missions(SettingsSection):
    """How missions are judged."""

    roles: Roles = Field(default=LEARNERS, description="Roles whom missions are for.")
    exceptions: list[MissionException] = Field(default=[], description="Members who are excused or have longer.")
    labels: dict[Text, Label] = Field(
        default={}, description="What pages call a mission, by language; left out: its title."
    )
    completing_kinds: list[Text] = Field(
        default=COMPLETING_KINDS, description="Kinds of activity that complete an item, in any case of letters."
    )
