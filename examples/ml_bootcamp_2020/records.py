"""The operators' own sheets: roster, other names, courses, missions, certificates, what became of members.

Belongs here: their layouts, who earned and found what. Does not belong here: selection, studying, community.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from examples.ml_bootcamp_2020 import plan
from examples.ml_bootcamp_2020.people import Member
from examples.ml_bootcamp_2020.studying import Study
from examples.writing import csv_bytes

ROSTER = "member,cohort,name,email,role,study_mode,track,joined_on,left_on,seeking"
MISSIONS = "cohort,mission,due_at,alternative,requirement,target,threshold,mandatory,title"
WEEKLY_HOURS, QUOTAS = 10, 11
Outcome = tuple[str, str, date, str, str]
"""Member, kind, day, organization, title."""


@dataclass(frozen=True)
class Ending:
    """How the bootcamp ended: certificates by member, outcomes, who looks for a job."""

    certificates: list[tuple[str, str, date]]
    outcomes: list[Outcome]
    seeking: frozenset[str]


def ending(rng: random.Random, found: Sequence[Study]) -> Ending:
    """Certificates go to those who finished in time; jobs to those certified on the busiest day."""
    in_time = [
        study.member.member
        for study in found
        if study.is_finisher
        and study.finished_at.date() <= plan.SPECIALIZATION_DUE
        and study.member.member not in plan.EXCUSED
    ]
    certified = rng.sample(in_time, len(plan.CERTIFIED_ON))
    developer, engineer = plan.CERTIFICATES
    certificates = [
        (member, engineer if at % 10 < 3 else developer, day)
        for at, (member, day) in enumerate(zip(certified, plan.CERTIFIED_ON, strict=True))
    ]
    both = [row for row in certificates if row[1] == developer][: plan.BOTH_CERTIFICATES]
    certificates += [(member, engineer, date(2021, 2, 8)) for member, _, _ in both]
    usual = [member for member, _, day in certificates if day == plan.CERTIFIED_ON[20]]
    completing = [*usual[: plan.SEEKING - len(plan.EXCUSED)], *plan.EXCUSED]
    others = [study.member.member for study in found if not study.is_finisher][: plan.SEEKING_OTHERS]
    hired = list(zip(completing, plan.HIRED_ON, _employers(), strict=False))
    outcomes = [
        (member, "internship" if at == 2 else "job", day, employer, "ML Engineer Intern" if at == 2 else "ML Engineer")
        for at, (member, day, employer) in enumerate(hired)
    ]
    outcomes += [
        (member, "job", date(2021, 5, 3), plan.PARTNERS[0], "Data Analyst")
        for member in others[: plan.HIRED_WITHOUT_COMPLETING]
    ]
    return Ending(certificates, outcomes, frozenset([*completing, *others]))


def _employers() -> list[str]:
    """The partner of each person hired, in turn."""
    places = [plan.HIRED_BY_NAMED if at < plan.NAMED else plan.HIRED_BY_OTHERS for at in range(len(plan.PARTNERS))]
    return [
        partner
        for turn in range(max(places))
        for partner, many in zip(plan.PARTNERS, places, strict=True)
        if turn < many
    ]


def files(found: Sequence[Study], end: Ending) -> dict[str, bytes]:
    """Every sheet."""
    members = [study.member for study in found]
    certificates = sorted(end.certificates, key=lambda row: (row[2], row[0]))
    return {
        "roster/roster_2020.csv": csv_bytes(ROSTER, _roster(found, end.seeking), encoding="utf-8-sig", newline="\r\n"),
        "aliases/aliases.csv": csv_bytes("member,kind,value", _aliases(members)),
        "catalog/catalog.csv": csv_bytes("course,track,position,title,provider,hours", _catalog()),
        "missions/missions.csv": csv_bytes(MISSIONS, _missions()),
        "certifications/certifications.csv": csv_bytes("member,certification,issued_on", certificates),
        "outcomes/outcomes.csv": csv_bytes(
            "member,kind,occurred_on,organization,title", sorted(end.outcomes, key=lambda row: (row[2], row[0]))
        ),
    }


def _roster(found: Sequence[Study], seeking: frozenset[str]) -> Iterable[Sequence[object]]:
    """Those who gave up after two weeks said so and left in the fourth."""
    for study in found:
        member = study.member
        left_on = plan.monday(4) if len(study.weeks) == 2 else ""
        who = [
            member.member,
            plan.COHORT,
            member.name.korean,
            member.email,
            "learner",
            "individual",
            plan.SPECIALIZATION,
        ]
        yield [*who, "", left_on, "true" if member.member in seeking else "false"]


def _aliases(members: Iterable[Member]) -> Iterable[Sequence[object]]:
    for member in members:
        yield [member.member, "discord", member.discord]
        if member.learner.email != member.email:
            yield [member.member, "platform", member.learner.email]


def _catalog() -> Iterable[Sequence[object]]:
    for position, course in enumerate(plan.COURSES, 1):
        yield [course.title, plan.SPECIALIZATION, position, course.title, "Coursera", course.hours]


def _missions() -> Iterable[Sequence[object]]:
    """A quota of hours a week, nobody's end; the specialization, by either report; one of two certificates."""
    for week in range(1, QUOTAS + 1):
        due, hours = plan.monday(week + 1) - plan.DAY, week * WEEKLY_HOURS
        yield [plan.COHORT, f"week-{week:02d}", due, "hours", "hours", "", hours, "false", f"{week}주차 학습량"]
    courses = "|".join(course.title for course in plan.COURSES)
    for alternative, target in (("courses", courses), ("specialization", plan.SPECIALIZATION)):
        what = [plan.COHORT, "specialization", plan.SPECIALIZATION_DUE, alternative, "course", target]
        yield [*what, "", "true", "다섯 과목 수료"]
    for certificate in plan.CERTIFICATES:
        what = [plan.COHORT, "certificate", plan.ENDS_ON, certificate, "certification", certificate]
        yield [*what, "", "true", "자격증 하나"]
