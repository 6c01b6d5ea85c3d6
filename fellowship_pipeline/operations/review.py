"""The month's seat review on the operators' page: as it was issued, else as it is proposed, with its evidence.

Belongs here: that section. Does not belong here: what a decision is (``assets/ops``), confirming it (``cli``).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from fellowship_pipeline.dashboard.words import DASH, Voice
from fellowship_pipeline.operations.blocks import Block, Grid, ListRow, ListSection, Sentence, copies, person, under
from fellowship_pipeline.operations.desk import Desk
from fellowship_pipeline.operations.speech import Spoken, counted, short_day

NO_RULE = date.min


def due(desk: Desk) -> date:
    """The month of the review that can be made of what is over, its 1st."""
    return (desk.as_of + timedelta(1)).replace(day=1)


def review(desk: Desk) -> ListSection | None:
    """Who keeps the seat and who does not: the review due now, or why there is none and the last one there was."""
    say, now = desk.say, due(desk)
    if not desk.program.review.rules and not desk.count(SHOWN) and not desk.count(ISSUED):
        return None
    blocks: list[Block] = []
    latest = max(
        (
            row["review_month"]
            for name, where in IN_FORCE.items()
            for row in desk.first(name, f"{where} and review_month <= date '{now}'", most=1)
        ),
        default=NO_RULE,
    )
    if latest < now:
        missing = [row["day"] for row in desk.first("uncovered_days", f"review_month = date '{now}'", most=31)]
        if missing:
            blocks.append(Sentence(say("review.waits", count=len(missing), month=_month(now)), "caution"))
            blocks.append(Sentence(say("review.missing", days=_spans(missing))))
        else:
            blocks.append(Sentence(say("review.no_case", month=_month(now)), "empty"))
        if latest > NO_RULE:
            blocks.append(Sentence(say("review.earlier")))
    reclaimed = 0
    if latest > NO_RULE:
        found = Decided(desk, latest)
        reclaimed = found.counts["reclaim"] if latest == now else 0
        blocks += found.blocks(is_due=latest == now)
    return ListSection("review", blocks, (SHOWN, ISSUED, "review_differences", "uncovered_days"), reclaimed)


DECISIONS = ("keep", "reclaim", "deferred", "exempt")
SHOWN, ISSUED = "seat_reviews", "review_decisions"
IN_FORCE = {SHOWN: "true", ISSUED: "undo_id is null and member_id is not null"}
"""Which rows of either list count: of what was issued neither what was undone nor who was erased."""


class Decided:
    """A month's decisions: as they were issued, where somebody confirmed them, else as they are proposed."""

    def __init__(self, desk: Desk, month: date) -> None:
        self.desk, self.say, self.month = desk, desk.say, month
        of_month = {name: f"{where} and review_month = date '{month}'" for name, where in IN_FORCE.items()}
        self.source = ISSUED if desk.count(ISSUED, of_month[ISSUED]) else SHOWN
        self.where = of_month[self.source]
        self.counts = {name: desk.count(self.source, self._of(name)) for name in DECISIONS}

    def _of(self, decision: str) -> str:
        return f"{self.where} and decision = '{decision}'"

    def blocks(self, *, is_due: bool) -> Iterable[Block]:
        """Accounts to be pasted stand only with the review that is due: of an older one seats may have ended."""
        say = self.say
        reviewed, reclaim = counted(sum(self.counts.values())), counted(self.counts["reclaim"])
        yield Sentence(say("review.title", month=_month(self.month), reviewed=reviewed, reclaim=reclaim), "title")
        before = _month(self.month - timedelta(1))
        kept, deferred, exempt = (counted(self.counts[name]) for name in ("keep", "deferred", "exempt"))
        yield Sentence(say("review.looks_at", month=before, kept=kept, deferred=deferred, exempt=exempt))
        yield self._confirmed(is_due=is_due)
        yield from self._to_decide()
        rows = self.desk.first(self.source, self._of("reclaim"))
        if rows and is_due:
            accounts = ((row["pool"], row["account"] or row["email"] or row["member_id"]) for row in rows)
            yield from copies("review.copy", self.say, accounts)
        elif not rows:
            yield Sentence(say("review.none"), "empty")
        for decision in DECISIONS[1:]:
            if self.counts[decision]:
                chosen = rows if decision == "reclaim" else self.desk.first(self.source, self._of(decision))
                yield Grid(
                    f"review-{decision}",
                    ("who", "why", "evidence", "last", "since", "rule"),
                    [_case(self.desk, row) for row in chosen],
                    self.counts[decision],
                    say(f"review.{decision}"),
                    is_folded=decision != "reclaim",
                )
        yield from self._differences()

    def _confirmed(self, *, is_due: bool) -> Sentence:
        if self.source == SHOWN:
            return Sentence(self.say("review.proposed") + (self._command() if is_due else ""))
        (row,) = self.desk.first(self.source, self.where, most=1)
        at = row["issued_at"].replace(tzinfo=UTC).astimezone(ZoneInfo(self.desk.program.timezone))
        return Sentence(self.say("review.confirmed", day=short_day(at.date()), who=row["issued_by"] or DASH))

    def _command(self) -> Markup:
        command = ["fellowship", "review", self.desk.place, f"{self.month:%Y-%m}", "confirm"]
        return Markup(" <code>{}</code>").format(shlex.join(command))

    def _to_decide(self) -> Iterable[Sentence]:
        """Files to be decided on before it is confirmed; seats whose decision is undone, and that have no other."""
        if self.source == SHOWN:
            before = (self.month - timedelta(1)).replace(day=1)
            if files := self.desk.ask("undecided", first_day=before):
                yield Sentence(self.say("review.held", count=len(files), month=_month(before)), "caution")
            return
        seats = f"select row(pool, member_id) from list_{ISSUED} where {self.where}"
        undone = f"review_month = date '{self.month}' and undo_id is not null and member_id is not null"
        if count := self.desk.count(ISSUED, f"{undone} and row(pool, member_id) not in ({seats})"):
            yield Sentence(self.say("review.undone", count=count) + self._command(), "caution")

    def _differences(self) -> Iterable[Grid]:
        of_month = f"review_month = date '{self.month}'"
        rows = [
            [
                person(row["name"], row["email"], row["member_id"]),
                self.say.code("difference", row["difference"]),
                self.say.code("decision.said", row["issued"] or DASH),
                self.say.code("decision.said", row["found"] or DASH),
            ]
            for row in self.desk.first("review_differences", of_month)
        ]
        if rows:
            total = self.desk.count("review_differences", of_month)
            heads = ("who", "difference", "issued", "found")
            yield Grid("review-differences", heads, rows, total, self.say("review.differs"), is_folded=True)


def _case(desk: Desk, row: ListRow) -> list[Markup]:
    say = desk.say
    reason = row["reason"]
    code, _, role = reason.partition(":")
    days = say("risk.days", have=row["active_days"], count=row["minimum_active_days"])
    xp = None
    if row["minimum_xp"] is not None:
        xp = say("risk.xp", have=counted(row["xp"]), needed=counted(row["minimum_xp"]))
    return [
        person(row["name"], row["email"], row["member_id"]),
        under(
            say("decision.reason.role", role=role) if role else say.code("decision.reason", code), row.get("exception")
        ),
        under(xp, days) if xp else days,
        say.day(row["last_activity"]),
        say.day(row["seat_since"]),
        under(row["rule"], row["pool"]),
    ]


def _month(day: date) -> Spoken:
    return lambda voice: voice.month(day)


def _spans(days: list[date]) -> Spoken:
    """Days in order as runs: 3 – 9 March, 12 March."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(1):
            runs[-1].append(day)
        else:
            runs.append([day])

    def say(voice: Voice) -> str:
        return ", ".join(" – ".join(voice.day_short(day) for day in dict.fromkeys((run[0], run[-1]))) for run in runs)

    return say
