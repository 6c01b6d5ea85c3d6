"""What members studied, and Coursera's reports of it: totals since enrollment, an export a week.

Belongs here: paces, hours, courses completed. Does not belong here: certificates and what came after (``records``).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import accumulate, pairwise

from examples.coursera import Course, Learner, Standing, course_activity, course_activity_sheet, specialization_report
from examples.ml_bootcamp_2020 import plan
from examples.ml_bootcamp_2020.people import Member
from examples.names import Name

ENDS = list(accumulate(course.hours for course in plan.COURSES))
WORKBOOKS = (date(2020, 11, 2), date(2020, 12, 7))
ELSEWHERE = 2
"""Members who had done the third course under an account of their own: only the specialization report knows."""
GONE_FROM = date(2020, 12, 7)
STRANGER = Learner(Name("테스트", "qa", "Team"), "qa-team@example.com")


@dataclass
class Study:
    """A member's weeks: hours in each, when the last was, and when each course was completed."""

    member: Member
    weeks: list[float]
    last_at: dict[int, datetime] = field(default_factory=dict)
    completed_at: dict[Course, datetime] = field(default_factory=dict)
    elsewhere: Course | None = None

    @property
    def is_finisher(self) -> bool:
        """Whether all courses are completed, in time or late."""
        return len(self.completed_at) == len(plan.COURSES)

    @property
    def finished_at(self) -> datetime:
        """When the last course was completed."""
        return max(self.completed_at.values())

    def hours(self, course: Course, weeks: int) -> float:
        """Hours in the course up to the end of a week."""
        end = ENDS[plan.COURSES.index(course)]
        return min(max(sum(self.weeks[:weeks]) - (end - course.hours), 0), course.hours)


def studies(rng: random.Random, members: Sequence[Member]) -> list[Study]:
    """What everybody did, by member; those excused from the certificate are among the steady ones."""
    shuffled = sorted(rng.sample(members, len(members)), key=lambda member: member.member not in plan.EXCUSED)
    found: list[Study] = []
    for number, weeks in plan.PACES:
        found += [_study(rng, member, weeks) for member in shuffled[len(found) : len(found) + number]]
    punctual, late = found[2], next(study for study in found if len(study.weeks) > len(plan.STEADY))
    midnight = datetime.combine(plan.SPECIALIZATION_DUE + plan.DAY, time())
    punctual.completed_at[plan.COURSES[-1]] = punctual.last_at[11] = midnight - timedelta(seconds=1)
    late.completed_at[plan.COURSES[-1]] = late.last_at[12] = midnight
    for study in found[3 : 3 + ELSEWHERE]:
        study.elsewhere = plan.COURSES[2]
    return sorted(found, key=lambda study: study.member.member)


def _study(rng: random.Random, member: Member, weeks: list[float]) -> Study:
    study = Study(member, weeks)
    totals = [0.0, *accumulate(weeks)]
    for week, (before, after) in enumerate(pairwise(totals), 1):
        begins = datetime.combine(plan.monday(week), time(9, 30))
        last_at = begins + timedelta(
            days=rng.randrange(3, 7), minutes=rng.randrange(14 * 60), seconds=rng.randrange(60)
        )
        study.last_at[week] = last_at
        for course, end in zip(plan.COURSES, ENDS, strict=True):
            if before < end <= after:
                share = (end - before) / (after - before)
                study.completed_at[course] = begins + timedelta(seconds=int(share * (last_at - begins).total_seconds()))
    return study


def exports(rng: random.Random, found: Sequence[Study]) -> dict[str, bytes]:
    """Course activity at the start and after every week, then seldom; the specialization report at the end."""
    files = {}
    gone = next(study.member for study in found if len(study.weeks) == 5)
    weekly = {plan.STARTS_ON + week * plan.WEEK: week for week in range(plan.WEEKS + 1)}
    for day, week in {**weekly, **dict.fromkeys(plan.LATER_EXPORTS, plan.WEEKS)}.items():
        listed = [study for study in found if study.member is not gone or day < GONE_FROM]
        standings = [standing for study in listed for standing in _standings(rng, study, week)]
        standings.append(_stranger(week))
        if day in WORKBOOKS:
            files[f"coursera/CourseActivity_{day}.xlsx"] = course_activity_sheet(plan.PROGRAM, standings)
        else:
            files[f"coursera/CourseActivity_{day}.csv"] = course_activity(plan.PROGRAM, standings)
    done = {
        study.member.learner: (_enrolled(), len(study.completed_at), study.finished_at if study.is_finisher else None)
        for study in found
    }
    report = specialization_report(plan.PROGRAM, plan.SPECIALIZATION, len(plan.COURSES), done)
    return files | {f"coursera/SpecializationReport_{plan.ENDS_ON + plan.DAY}.csv": report}


def _standings(rng: random.Random, study: Study, weeks: int) -> Iterator[Standing]:
    """The member's courses after so many weeks; now and then a total is a little less than it was."""
    for course in plan.COURSES:
        if course is study.elsewhere:
            continue
        hours = study.hours(course, weeks)
        worked = [week for week in range(1, weeks + 1) if study.hours(course, week) > study.hours(course, week - 1)]
        completed_at = study.completed_at.get(course)
        is_done = completed_at is not None and bool(worked) and hours == course.hours
        last_at = completed_at if is_done else study.last_at[worked[-1]] if worked else None
        was_done = 0 < weeks < len(plan.STEADY) and study.hours(course, weeks - 1) == course.hours
        restated = 0.03 if was_done and rng.random() < 0.02 else 0.0
        yield Standing(
            study.member.learner, course, _enrolled(), hours - restated, last_at, completed_at if is_done else None
        )


def _stranger(weeks: int) -> Standing:
    """An account of the operators that nobody put on a list; it looked into the first course in the first week."""
    opened_at = datetime.combine(plan.STARTS_ON + plan.DAY, time(16)) if weeks else None
    return Standing(STRANGER, plan.COURSES[0], _enrolled(), 0.5 if weeks else 0.0, opened_at, None)


def _enrolled() -> datetime:
    return datetime.combine(plan.ENROLLED_ON, time(11))
