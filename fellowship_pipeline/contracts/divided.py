"""How tables divide: which can be made in parts, and what of the others adds up.

Facts may be too many for one machine. The rows of a divided table that are of some persons follow from the rows of
those persons in the divided tables that it reads, and from all rows of the others, so that any number of parts, each
with its persons, makes it by the one select that its model has; what divides by months likewise. Where a model counts
over everybody, one of its steps (CTEs) may be such that its rows add up: it is made in parts, and the rest of the
select of the sums. Belongs here: which tables divide, and by what. Does not belong here: making parts
(``assets/parts.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Divided:
    """Of a table: by what its rows are divided, as SQL over its columns.

    ``member``: whom a row is about; rows of one person are in one part. ``month``: a day in the month that a row is
    about. None: not divided so.
    """

    member: str | None = None
    month: str | None = None


@dataclass(frozen=True)
class Additive:
    """Of a model that counts over everybody: the step whose rows add up over parts of persons, and its columns that do.

    Rows that agree in all other columns are one.
    """

    step: str
    adds: tuple[str, ...]


_NAMED = "coalesce(member_id, 'name:' || member)"
"""In staging: the person, known or not, as ``core.seat_changes`` calls them."""

_DAY = "cast(timezone((select timezone from core.parameters), timezone('UTC', occurred_at)) as date)"
"""The program's day of an instant."""

_OF_MEMBERS = (
    "raw.totals",
    "core.holdings",
    "core.member_periods",
    "core.cohort_members",
    "core.session_attendances",
    "core.course_starts",
    "core.paces",
    "core.review_cases",
    "core.mission_amounts",
    "core.target_results",
    "core.competition_trials",
    "core.mission_members",
    "core.requirement_results",
    "core.mission_results",
    "core.next_missions",
    "staging.certifications",
)
_OF_PERSONS = ("core.seat_changes", "core.seats", "core.invitations", "core.person_periods", "core.person_slices")

DIVIDED = MappingProxyType(
    {
        "staging.activity": Divided(_NAMED, _DAY),
        "core.activity_days": Divided("member_id", "day"),
        "core.first_completions": Divided("member_id", "completed_on"),
        "core.member_months": Divided("member_id", "month"),
        "kpi.activity": Divided(month="month"),
        "ops.recognition": Divided(month="month"),
        **dict.fromkeys(_OF_MEMBERS, Divided("member_id")),
        **dict.fromkeys(_OF_PERSONS, Divided("person")),
    }
)
"""By table key."""

SUMS = MappingProxyType(
    {
        "core.measured": Additive("told", ("days_with_xp", "days_with_minutes")),
        "kpi.courses": Additive("spread", ("members", "completed", "known_starts")),
        "kpi.engagement": Additive("changes", ("holders", "active", "active_1d", "active_7d")),
    }
)
"""By the key of the model's table."""
