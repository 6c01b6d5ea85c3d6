"""Learning: kpi.engagement, kpi.activity, kpi.retention, kpi.courses, kpi.tracks, ops.recognition.

Belongs here: what is counted from activity and completions. Does not belong here: seats themselves, reviews.

Readings chosen:
- kpi.activity has a row only where the month has a learner or a first completion, 'all' included; sums over no learner
  are 0, quantiles over no learner NULL;
- one course in two tracks is two rows of kpi.courses; a catalog row without a track has track NULL;
- the earliest completion decides `started_at`; a start that is later than the completion leaves the member out of
  `median_days`, and no other start replaces it;
- a course without hours weighs nothing in its track;
- the start of somebody's own that a completion has is that of the earliest completion, or activity by its day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from .oracle_calendar import days, median, month_end, month_of, months, quantile, rate
from .oracle_seats import Seats
from .oracle_slices import Roster, by_slice
from .oracle_staging import Row, World


class Learning:
    """Activity and first completions of known members by `as_of`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.activity = [row for row in world.counted("activity", "occurred_at") if row["member_id"] is not None]
        self.first: dict[tuple[str, str], Row] = {}
        for row in world.counted("completions", "completed_at"):
            key = (row["member_id"], row["course"])
            if row["member_id"] is not None and (
                key not in self.first or row["completed_at"] < self.first[key]["completed_at"]
            ):
                self.first[key] = row

    @cached_property
    def days(self) -> dict[str, set[date]]:
        """Days on which a member has any activity."""
        found: dict[str, set[date]] = defaultdict(set)
        for row in self.activity:
            found[row["member_id"]].add(row["on"])
        return found

    def measured(self, column: str) -> bool:
        """Whether any counted row has the amount."""
        return any(row.get(column) is not None for row in self.activity)

    @cached_property
    def _monthly(self) -> dict[tuple[str, str, date], Decimal]:
        sums: dict[tuple[str, str, date], Decimal] = defaultdict(Decimal)
        for row in self.activity:
            for column in ("xp", "minutes"):
                sums[column, row["member_id"], month_of(row["on"])] += row.get(column) or 0
        return sums

    def amount(self, column: str, member: str, month: date) -> Decimal:
        """XP or minutes of a member in a month, 0 where there is none."""
        return self._monthly.get((column, member, month), Decimal(0))

    def active_days(self, member: str, month: date) -> int:
        """Days of the month with activity."""
        return sum(month_of(day) == month for day in self.days.get(member, ()))

    @cached_property
    def _first_completions(self) -> Counter[tuple[str, date]]:
        return Counter((member, month_of(row["on"])) for (member, _), row in self.first.items())

    def completions(self, member: str, month: date) -> int:
        """First completions of the month."""
        return self._first_completions[member, month]

    def learners(self, month: date) -> set[str]:
        """Members with any activity in the month."""
        return {member for member, found in self.days.items() if any(month_of(day) == month for day in found)}

    def months(self) -> list[date]:
        """Months with any activity or first completion."""
        learned = {month_of(day) for found in self.days.values() for day in found}
        return sorted(learned | {month_of(row["on"]) for row in self.first.values()})


def engagement(seats: Seats, learning: Learning) -> list[Row]:
    """kpi.engagement."""
    as_of = seats.world.as_of
    window = seats.world.case.settings.get("engagement", {}).get("window_days", 30)
    held = seats.held_days
    studied = {member: learning.days.get(member, set()) & held[member] for member in held}
    rows: list[Row] = []
    if not seats.of_members:
        return rows
    for day in days(min(seat.held_from for seat in seats.of_members), as_of):

        def active_within(length: int, day: date = day) -> Callable[[str], bool]:
            first = day - timedelta(days=length - 1)
            return lambda member: any(first <= d <= day for d in studied[member])

        groups = dict(by_slice((m, seats.roster.slices(m, day)) for m in held if day in held[m]))
        groups.setdefault(("all", "all"), [])
        for (slice_by, slice_), members in groups.items():
            active, one, seven = (sum(map(active_within(length), members)) for length in (window, 1, 7))
            rows.append(
                {
                    "day": day,
                    "slice_by": slice_by,
                    "slice": slice_,
                    "holders": len(members),
                    "active": active,
                    "engagement_rate": rate(active, len(members)),
                    "active_1d": one,
                    "active_7d": seven,
                    "stickiness": rate(one, active),
                }
            )
    return rows


def activity(roster: Roster, learning: Learning) -> list[Row]:
    """kpi.activity."""
    has_xp, has_minutes = learning.measured("xp"), learning.measured("minutes")
    rows = []
    for month in learning.months():
        day = min(month_end(month), learning.world.as_of)
        learners = learning.learners(month)
        completed = {member for (member, _), row in learning.first.items() if month_of(row["on"]) == month}
        for (slice_by, slice_), members in by_slice((m, roster.slices(m, day)) for m in learners | completed):
            present = [member for member in members if member in learners]
            xp = [learning.amount("xp", member, month) for member in present]
            rows.append(
                {
                    "month": month,
                    "slice_by": slice_by,
                    "slice": slice_,
                    "learners": len(present),
                    "active_days": sum(learning.active_days(member, month) for member in present),
                    "xp": sum(xp) if has_xp else None,
                    "minutes": sum(learning.amount("minutes", m, month) for m in present) if has_minutes else None,
                    "median_xp": median(xp) if has_xp else None,
                    "p90_xp": quantile(xp, Fraction(9, 10)) if has_xp else None,
                    "completions": sum(learning.completions(member, month) for member in members),
                }
            )
    return rows


def retention(seats: Seats, learning: Learning) -> list[Row]:
    """kpi.retention."""
    as_of = seats.world.as_of
    first: dict[str, date] = {}
    for seat in seats.of_members:
        first[seat.member or ""] = min(seat.held_from, first.get(seat.member or "", seat.held_from))
    if since_day := seats.world.case.since:
        first = {member: day for member, day in first.items() if day >= since_day}
    rows = []
    for start in sorted({month_of(day) for day in first.values()}):
        started = [(m, seats.roster.slices(m, day)) for m, day in first.items() if month_of(day) == start]
        for since, month in enumerate(months(start, as_of)):
            if month_end(month) > as_of:
                continue
            active = learning.learners(month)
            for (slice_by, slice_), members in by_slice(started):
                still = sum(member in active for member in members)
                rows.append(
                    {
                        "start_month": start,
                        "months_since": since,
                        "slice_by": slice_by,
                        "slice": slice_,
                        "started": len(members),
                        "active": still,
                        "retention_rate": rate(still, len(members)),
                    }
                )
    return rows


def courses(learning: Learning) -> list[Row]:
    """kpi.courses."""
    begun: dict[str, dict[str, date]] = defaultdict(dict)
    for row in learning.activity:
        if row.get("course") is not None:
            of_course = begun[row["course"]]
            of_course[row["member_id"]] = min(row["on"], of_course.get(row["member_id"], row["on"]))
    done: dict[str, dict[str, Row]] = defaultdict(dict)
    for (member, course), row in learning.first.items():
        done[course][member] = row
    if learning.world.case.since:
        _leave_out_earlier(learning.world, begun, done)
    catalog = learning.world.facts["catalog"]
    listed = {row["course"] for row in catalog}
    keys = [(row["course"], row.get("track"), row.get("hours")) for row in catalog]
    keys += [(course, None, None) for course in sorted((set(begun) | set(done)) - listed)]
    rows = []
    for course, track, hours in keys:
        lengths, known = [], 0
        for member, row in done[course].items():
            given = row.get("started_at")
            starts = [learning.world.day(given)] if given else []
            starts += [begun[course][member]] if member in begun[course] else []
            known += any(start <= row["on"] for start in starts)
            start = starts[0] if starts else None
            if start is not None and start <= row["on"]:
                lengths.append((row["on"] - start).days)
        started = len(set(begun[course]) | set(done[course])) if 2 * known >= len(done[course]) else None
        rows.append(
            {
                "course": course,
                "track": track,
                "started": started,
                "completed": len(done[course]),
                "known_starts": known,
                "completion_rate": rate(len(done[course]), started),
                "median_days": median(lengths),
                "hours": hours,
            }
        )
    return rows


def _leave_out_earlier(world: World, begun: dict[str, dict[str, date]], done: dict[str, dict[str, Row]]) -> None:
    """Takes out who began a course before the term; where no start is known, who completed it before."""
    for course in set(begun) | set(done):
        for member in set(begun[course]) | set(done[course]):
            row = done[course].get(member)
            given = row.get("started_at") if row else None
            start = world.day(given) if given else begun[course].get(member)
            told = [day for day in (start, row["on"] if row else None) if day is not None]
            if world.case.since and min(told) < world.case.since:
                begun[course].pop(member, None)
                done[course].pop(member, None)


def tracks(roster: Roster, learning: Learning) -> list[Row]:
    """kpi.tracks."""
    as_of = learning.world.as_of
    weights: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for row in learning.world.facts["catalog"]:
        if row.get("track") is not None:
            weights[row["track"]][row["course"]] = row.get("hours") or Decimal(0)
    followers: dict[str, list[str]] = defaultdict(list)
    for member in roster.periods:
        period = roster.on(member, as_of)
        if period is not None and period.track is not None:
            followers[period.track].append(member)
    rows = []
    for track, on_track in followers.items():
        total = sum(weights[track].values())
        for (slice_by, slice_), members in by_slice((member, roster.slices(member, as_of)) for member in on_track):
            done = [sum(h for c, h in weights[track].items() if (member, c) in learning.first) for member in members]
            completed = sum(hours == total for hours in done) if total else None
            rows.append(
                {
                    "track": track,
                    "slice_by": slice_by,
                    "slice": slice_,
                    "members": len(members),
                    "median_progress": median(Fraction(h) / Fraction(total) for h in done) if total else None,
                    "completed": completed,
                    "completion_rate": None if completed is None else rate(completed, len(members)),
                }
            )
    return rows


def recognition(learning: Learning) -> list[Row]:
    """ops.recognition."""
    top = learning.world.case.settings.get("recognition", {}).get("top", 3)
    has_xp = learning.measured("xp")
    rows = []
    for month in learning.months():
        scores = {
            member: (
                learning.amount("xp", member, month),
                learning.completions(member, month),
                learning.active_days(member, month),
            )
            for member in learning.learners(month)
        }
        for member, score in scores.items():
            rank = 1 + sum(other > score for other in scores.values())
            if rank <= top:
                rows.append(
                    {
                        "month": month,
                        "rank": rank,
                        "member_id": member,
                        "xp": score[0] if has_xp else None,
                        "completions": score[1],
                        "active_days": score[2],
                    }
                )
    return rows
