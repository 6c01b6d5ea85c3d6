"""The operators' own sheets: roster with sign-ups for study groups, other names, courses, missions, outcomes.

Belongs here: their layouts. Does not belong here: studying, competing, the community.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from examples.ml_bootcamp_2023 import plan
from examples.ml_bootcamp_2023.competing import Line
from examples.ml_bootcamp_2023.people import Member
from examples.ml_bootcamp_2023.studying import Study
from examples.writing import csv_bytes

ROSTER = "member,cohort,name,email,role,study_mode,study_group,track,joined_on,left_on,seeking"
MISSIONS = "cohort,mission,due_at,alternative,requirement,target,threshold,team_min,team_max,title"
COMPETING = (("A", "featured", 0.4, 1), ("B playground", "playground", 0.2, 2), ("B community", "community", 0.2, 2))
LARGEST_TEAM = 5


def groups(finishers: Sequence[Member]) -> dict[str, list[Member]]:
    """Who signed up for which study group; the first of each opened it."""
    return {
        name: list(finishers[at * plan.GROUP_SIZE : (at + 1) * plan.GROUP_SIZE]) for at, name in enumerate(plan.GROUPS)
    }


def files(found: Sequence[Study], ours: Line, signed_up: Mapping[str, Sequence[Member]]) -> dict[str, bytes]:
    """Every sheet."""
    group_of = {member.member: name for name, members in signed_up.items() for member in members}
    graduates = [member for entry in _passing() for member in ours[entry]]
    seeking = [member.member for member in graduates[: plan.SEEKING]]
    return {
        "roster/roster_2023.csv": csv_bytes(ROSTER, _roster(found, group_of, set(seeking)), newline="\r\n"),
        "aliases/aliases.csv": csv_bytes("member,kind,value", _aliases(ours)),
        "catalog/catalog.csv": csv_bytes("course,track,position,title,provider,hours", _catalog()),
        "missions/missions.csv": csv_bytes(MISSIONS, _missions()),
        "outcomes/outcomes.csv": csv_bytes("member,kind,occurred_on,organization,title", _outcomes(seeking)),
    }


def _passing() -> list[str]:
    """Teams that surely passed: the published one, and those of the second featured competition."""
    first, second, *_ = plan.COMPETITIONS
    return [first.entries[0].name, *(entry.name for entry in second.entries)]


def _roster(found: Sequence[Study], group_of: Mapping[str, str], seeking: set[str]) -> Iterable[Sequence[object]]:
    for study in found:
        member = study.member
        group = group_of.get(member.member, "")
        who = [member.member, plan.COHORT, member.name.korean, member.email, "learner"]
        how = ["group" if group else "individual", group, plan.SPECIALIZATION]
        yield [*who, *how, "", study.out_on or "", "true" if member.member in seeking else "false"]


def _aliases(ours: Line) -> Iterable[Sequence[object]]:
    return sorted([member.member, "kaggle", member.kaggle] for members in ours.values() for member in members)


def _catalog() -> Iterable[Sequence[object]]:
    for position, course in enumerate(plan.COURSES, 1):
        yield [course.title, plan.SPECIALIZATION, position, course.title, "Coursera", course.hours]


def _missions() -> Iterable[Sequence[object]]:
    """A course by each date; then one of three ways to compete. All mandatory."""
    for number, (course, due) in enumerate(zip(plan.COURSES, plan.DUE, strict=True), 1):
        yield [
            plan.COHORT,
            f"course-{number}",
            due,
            "course",
            "course",
            course.title,
            "",
            "",
            "",
            f"과목 {number} 수료",
        ]
    for alternative, category, share, smallest in COMPETING:
        what = [plan.COHORT, "competition", plan.ENDS_ON, alternative, "competition", category]
        yield [*what, share, smallest, LARGEST_TEAM, "대회 미션"]


def _outcomes(seeking: Sequence[str]) -> Iterable[Sequence[object]]:
    for at, (member, day) in enumerate(zip(seeking, plan.HIRED_ON, strict=False)):
        yield [member, "job", day, plan.EMPLOYERS[at % len(plan.EMPLOYERS)], "ML Engineer"]
