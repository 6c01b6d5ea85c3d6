"""Five courses against five dates, and Coursera's reports: totals since enrollment, and who has a license.

Belongs here: who completed which course when. Does not belong here: competitions.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from examples.coursera import Seat, Standing, course_activity, course_activity_sheet, membership_report
from examples.ml_bootcamp_2023 import plan
from examples.ml_bootcamp_2023.people import Member

BEGINS_AT = datetime.combine(plan.STARTS_ON, time(9, 30))
ENDS_AT = datetime.combine(plan.EXPORTS[-1] - plan.DAY, time(12))
EXPORT_HOUR = time(9)
"""Exports are dated by the day in UTC, which begins at nine in Seoul."""
WORKBOOK = date(2023, 10, 2)


@dataclass
class Study:
    """What a member did: when each course was completed, and how far the next one got before giving up."""

    member: Member
    completed_at: list[datetime] = field(default_factory=list)
    gave_up_at: datetime | None = None
    share: float = 0.0
    is_in_time: bool = True

    @property
    def is_finisher(self) -> bool:
        """Whether every course was completed in time, or as long as was granted."""
        return self.is_in_time and len(self.completed_at) == len(plan.COURSES)

    @property
    def goes_on(self) -> bool:
        """Every second of those goes over the last course again, a little every week."""
        return self.is_finisher and int(self.member.member[1:]) % 2 == 0

    @property
    def out_on(self) -> date | None:
        """The day after the date that was missed."""
        if self.is_finisher:
            return None
        met = len(self.completed_at) - (not self.is_in_time)
        return plan.DUE[met] + plan.DAY

    def standing(self, at: int, moment: datetime) -> tuple[float, datetime | None, datetime | None]:
        """Hours in a course, when last, and when completed, as it stood at the moment."""
        hours = plan.COURSES[at].hours
        begins = BEGINS_AT if at == 0 else self.completed_at[at - 1] if at <= len(self.completed_at) else None
        if begins is None or moment <= begins:
            return 0.0, None, None
        if at < len(self.completed_at):
            ends, share = self.completed_at[at], 1.0
        else:
            ends, share = self.gave_up_at or begins, self.share
        if ends <= begins:
            return 0.0, None, None
        if moment > ends and at == len(plan.COURSES) - 1 and self.goes_on:
            weeks = (min(moment, ENDS_AT) - ends) // plan.WEEK
            return hours + 0.75 * weeks, ends + weeks * plan.WEEK, ends
        if moment > ends:
            return round(hours * share, 2), ends, ends if share == 1 else None
        last_at = max(moment - timedelta(hours=11), begins + timedelta(minutes=5))
        return round(hours * share * ((last_at - begins) / (ends - begins)), 2), last_at, None


def studies(rng: random.Random, members: Sequence[Member]) -> list[Study]:
    """What everybody did, by member: as many fall behind at every date as planned."""
    kept = (plan.EXTENDED, *plan.EXCUSED)
    others = [member for member in rng.sample(members, len(members)) if member.member not in kept]
    found = []
    for course, (late, missed) in enumerate(zip(plan.LATE, plan.MISSED, strict=True)):
        found += [_study(rng, others.pop(), course, is_late=True) for _ in range(late)]
        found += [_study(rng, others.pop(), course, is_late=False) for _ in range(missed)]
    first, *rest = (_study(rng, member, len(plan.COURSES)) for member in others)
    first.completed_at[0] = datetime.combine(plan.DUE[0] + plan.DAY, time()) - timedelta(seconds=1)
    found += [first, *rest, *(_study(rng, m, len(plan.COURSES)) for m in members if m.member in kept)]
    return sorted(found, key=lambda study: study.member.member)


def _study(rng: random.Random, member: Member, met: int, *, is_late: bool = False) -> Study:
    """Completes so many courses in time; the next one a second too late, or not."""
    study = Study(member, is_in_time=not is_late)
    for course, (begins, due) in enumerate(pairwise((plan.STARTS_ON, *plan.DUE))):
        if course < met:
            ends = datetime.combine(due, time(9 + rng.randrange(14), rng.randrange(60), rng.randrange(60)))
            ends -= rng.randrange((due - begins).days // 2) * plan.DAY
            granted = member.member == plan.EXTENDED and course == 1
            study.completed_at.append(plan.EXTENDED_TO if granted else ends)
        elif is_late:
            study.completed_at.append(datetime.combine(due + plan.DAY, time()))
            break
        else:
            study.gave_up_at = datetime.combine(due - plan.DAY, time(21, rng.randrange(60)))
            study.share = rng.randrange(2, 9) / 10
            break
    return study


def exports(found: Sequence[Study]) -> dict[str, bytes]:
    """Course activity and membership, on the same days."""
    files = {}
    for day in plan.EXPORTS:
        moment = datetime.combine(day, EXPORT_HOUR)
        standings = [standing for study in found for standing in _standings(study, moment)]
        if day == WORKBOOK:
            files[f"coursera/CourseActivity_{day}.xlsx"] = course_activity_sheet(plan.PROGRAM, standings)
        else:
            files[f"coursera/CourseActivity_{day}.csv"] = course_activity(plan.PROGRAM, standings)
        seats = [_seat(study, day, moment) for study in found]
        files[f"coursera/membership-report_{day}.csv"] = membership_report(plan.PROGRAM, seats, len(plan.COURSES))
    return files


def _standings(study: Study, moment: datetime) -> Iterator[Standing]:
    for at, course in enumerate(plan.COURSES):
        hours, last_at, completed_at = study.standing(at, moment)
        is_removed = study.out_on is not None and moment.date() > study.out_on
        enrolled_at = _joined_at(study.member)
        yield Standing(study.member.learner, course, enrolled_at, hours, last_at, completed_at, is_removed)


def _seat(study: Study, day: date, moment: datetime) -> Seat:
    """Who is out loses the license with the next export."""
    seen = [last_at for at in range(len(plan.COURSES)) if (last_at := study.standing(at, moment)[1])]
    state = "Removed" if study.out_on is not None and day > study.out_on else "Member"
    return Seat(study.member.learner, state, plan.INVITED_AT, _joined_at(study.member), max(seen, default=None))


def _joined_at(member: Member) -> datetime:
    return plan.INVITED_AT + timedelta(hours=int(member.member[1:]) % 60)
