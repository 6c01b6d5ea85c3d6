"""The operators' page: the seats of the month, whom to write to, what waits for a decision.

Belongs here: the sections about seats, applicants and persons at risk. Does not belong here: those about files, names,
missions and groups (``desk_sections``), cells (``blocks``), HTML (``pages``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from markupsafe import Markup

from fellowship_pipeline.dashboard.words import Voice
from fellowship_pipeline.operations.blocks import (
    MOST_ROWS,
    Block,
    CopyText,
    Grid,
    ListRow,
    ListSection,
    Sentence,
    days_ago,
    person,
    risk_state,
    state,
    under,
)
from fellowship_pipeline.operations.desk import Desk
from fellowship_pipeline.operations.messages import message_cell
from fellowship_pipeline.operations.speech import Spoken, counted, short_day

NO_RULE = date.min


def due(desk: Desk) -> date:
    """The month of the review that can be made of what is over, its 1st."""
    return (desk.as_of + timedelta(1)).replace(day=1)


def review(desk: Desk) -> ListSection | None:
    """Who keeps the seat and who does not: the review due now, or why there is none and the last one there was."""
    say, now = desk.say, due(desk)
    if not desk.program.review.rules and not desk.count("seat_reviews"):
        return None
    blocks: list[Block] = []
    latest = next((row["review_month"] for row in desk.first("seat_reviews", most=1)), NO_RULE)
    if latest < now:
        missing = [row["day"] for row in desk.first("uncovered_days", f"review_month = date '{now}'", most=31)]
        if missing:
            blocks.append(Sentence(say("review.waits", count=len(missing), month=_month(now)), "caution"))
            blocks.append(Sentence(say("review.missing", days=_spans(missing))))
        else:
            blocks.append(Sentence(say("review.no_case", month=_month(now)), "empty"))
    reclaimed = 0
    if latest > NO_RULE:
        if latest < now:
            blocks.append(Sentence(say("review.earlier")))
        counts = {name: desk.count("seat_reviews", f"decision = '{name}'") for name in DECISIONS}
        reclaimed = counts["reclaim"] if latest == now else 0
        blocks += _reviewed(desk, latest, counts, is_due=latest == now)
    return ListSection("review", blocks, ("seat_reviews", "uncovered_days"), reclaimed)


DECISIONS = ("keep", "reclaim", "deferred", "exempt")


def _reviewed(desk: Desk, month: date, counts: dict[str, int], *, is_due: bool) -> Iterable[Block]:
    """The decisions; accounts to be pasted only of the review that is due: of an older one seats may have ended."""
    say = desk.say
    reviewed, reclaim = counted(sum(counts.values())), counted(counts["reclaim"])
    yield Sentence(say("review.title", month=_month(month), reviewed=reviewed, reclaim=reclaim), "title")
    before = _month(month - timedelta(1))
    kept, deferred, exempt = (counted(counts[name]) for name in ("keep", "deferred", "exempt"))
    yield Sentence(say("review.looks_at", month=before, kept=kept, deferred=deferred, exempt=exempt))
    rows = desk.first("seat_reviews", "decision = 'reclaim'")
    if rows and is_due:
        accounts = ((row["pool"], row["account"] or row["email"] or row["member_id"]) for row in rows)
        yield from _copies("review.copy", desk, accounts)
    elif not rows:
        yield Sentence(say("review.none"), "empty")
    for decision in DECISIONS[1:]:
        if counts[decision]:
            chosen = rows if decision == "reclaim" else desk.first("seat_reviews", f"decision = '{decision}'")
            yield Grid(
                f"review-{decision}",
                ("who", "why", "evidence", "last", "since", "rule"),
                [_case(desk, row) for row in chosen],
                counts[decision],
                say(f"review.{decision}"),
                is_folded=decision != "reclaim",
            )


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
        say("decision.reason.role", role=role) if role else say.code("decision.reason", code),
        under(xp, days) if xp else days,
        say.day(row["last_activity"]),
        say.day(row["seat_since"]),
        under(row["rule"], row["pool"]),
    ]


def offers(desk: Desk) -> ListSection | None:
    """Who gets the seats that are free or will be."""
    if not desk.has("applications"):
        return None
    say, total, rows = desk.say, desk.count("seat_offers"), desk.first("seat_offers")
    if not rows:
        return ListSection("offers", [Sentence(say("offers.none"), "empty")], ("seat_offers",))
    cells = [
        [
            person(row["name"], row["email"], row["applicant"], row["member_id"]),
            say.number(row["position"]),
            say.code("offers", row["reason"]),
            Markup.escape(row["pool"]),
        ]
        for row in rows
    ]
    blocks: list[Block] = [
        Sentence(say("offers.title", count=total), "title"),
        *_copies("offers.copy", desk, ((row["pool"], row["email"] or row["applicant"]) for row in rows)),
        Grid("offers", ("who", "+place", "why", "pool"), cells, total),
    ]
    return ListSection("offers", blocks, ("seat_offers",), total)


def at_risk(desk: Desk) -> ListSection | None:
    """Whom to write to, with a message for each."""
    if not desk.has("seat_events", "seat_snapshots"):
        return None
    say, total = desk.say, desk.count("at_risk")
    if not total:
        return ListSection("risk", [Sentence(say("risk.none"), "empty")], ("at_risk",))
    blocks: list[Block] = [Sentence(say("risk.title", count=total), "title")]
    for risk in ("high", "watch"):
        rows = [_at_risk(desk, row) for row in desk.ask("at_risk", risk=risk, most=MOST_ROWS)]
        heads = ("who", "risk", "last", "month", "mission", "message")
        if rows:
            count = desk.count("at_risk", f"risk = '{risk}'")
            blocks.append(Grid(f"risk-{risk}", heads, rows, count, say(f"risk.{risk}"), is_folded=risk == "watch"))
    return ListSection("risk", blocks, ("at_risk",), total)


def _at_risk(desk: Desk, row: ListRow) -> list[Markup]:
    group = row["study_group"] if row["study_group"] != "(none)" else None
    return [
        person(row["name"], row["email"], row["member_id"], group),
        risk_state(desk.say, row["risk"]),
        days_ago(desk.say, row["days_since_activity"]),
        this_month(desk, row),
        mission(desk, row),
        message_cell(desk.say, row, desk.titles, desk.as_of),
    ]


def this_month(desk: Desk, row: ListRow) -> Markup:
    """XP and days of the running month, and what the next review asks for."""
    say, lines = desk.say, []
    if row["xp_needed"] is not None:
        lines.append(say("risk.xp", have=counted(row["xp_month_to_date"]), needed=counted(row["xp_needed"])))
    if row["active_days_needed"] is not None:
        days = row["active_days_month_to_date"], row["active_days_needed"]
        lines.append(say("risk.days", have=days[0], count=days[1]))
    return under(lines[0], lines[1] if len(lines) > 1 else None) if lines else say.number(None)


def mission(desk: Desk, row: ListRow) -> Markup:
    """The mission that is due next, and what is missing of it."""
    if not row["next_mission"]:
        return desk.say.number(None)
    due = desk.say("risk.due", day=short_day(row["next_due"].date()))
    missing = Markup(" · {}").format(row["mission_missing"]) if row["mission_missing"] else Markup("")
    return under(row["next_mission"], due + missing)


def waiting(desk: Desk) -> ListSection | None:
    """Applicants without an answer."""
    if not desk.has("applications"):
        return None
    say, total = desk.say, desk.count("waiting_applicants")
    if not total:
        return ListSection("waiting", [Sentence(say("waiting.none"), "empty")], ("waiting_applicants",))
    cells = [
        [
            person(row["name"], row["email"], row["applicant"], row["member_id"]),
            Markup.escape(row["cohort"]),
            Markup.escape(row["stage"]),
            say.day(row["waiting_since"]),
            state("near", say("waiting.unanswered")) if row["is_unanswered"] else Markup(""),
            say.number(row["days_waiting"]),
        ]
        for row in desk.first("waiting_applicants")
    ]
    heads = ("who", "cohort", "stage", "waiting_since", "status", "+days")
    blocks: list[Block] = [Sentence(say("waiting.title", count=total), "title"), Grid("waiting", heads, cells, total)]
    return ListSection("waiting", blocks, ("waiting_applicants",), total)


def invitations(desk: Desk) -> ListSection | None:
    """Whom to remind of an invitation."""
    if not desk.has("seat_events", "seat_snapshots"):
        return None
    say, total, rows = desk.say, desk.count("open_invitations"), desk.first("open_invitations")
    if not rows:
        return ListSection("invitations", [Sentence(say("invitations.none"), "empty")], ("open_invitations",))
    cells = [
        [
            person(row["name"], row["email"], row["value"], row["member_id"]),
            Markup.escape(row["pool"]),
            say.day(row["invited_on"]),
            say.day(row["last_sent_on"]),
            say.number(row["times_sent"]),
            say.number(row["days_open"]),
        ]
        for row in rows
    ]
    heads = ("who", "pool", "invited", "last_sent", "+times", "+days")
    blocks: list[Block] = [
        Sentence(say("invitations.title", count=total), "title"),
        *_copies("invitations.copy", desk, ((row["pool"], row["email"] or row["value"]) for row in rows)),
        Grid("invitations", heads, cells, total),
    ]
    return ListSection("invitations", blocks, ("open_invitations",), total)


def _copies(key: str, desk: Desk, lines: Iterable[tuple[str, str]]) -> list[CopyText]:
    """The lines of each pool, to be pasted into the platform's form."""
    pools: dict[str, list[str]] = defaultdict(list)
    for pool, line in lines:
        pools[pool].append(line)
    return [CopyText(desk.say(key, pool=pool), "\n".join(found)) for pool, found in pools.items()]


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
