"""The operators' page: the seats to give, whom to write to, who waits.

Belongs here: the sections about applicants and persons at risk. Does not belong here: the review (``review``), those
about files, names, missions and groups (``housekeeping``), cells (``blocks``), HTML (``pages``).
"""

from __future__ import annotations

from markupsafe import Markup

from fellowship_pipeline.operations.blocks import (
    MOST_ROWS,
    Block,
    Grid,
    ListRow,
    ListSection,
    Sentence,
    copies,
    days_ago,
    person,
    risk_state,
    state,
    under,
)
from fellowship_pipeline.operations.desk import Desk
from fellowship_pipeline.operations.messages import message_cell
from fellowship_pipeline.operations.speech import counted, short_day


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
            _offered(desk, row["reason"]),
            Markup.escape(row["pool"]),
        ]
        for row in rows
    ]
    blocks: list[Block] = [
        Sentence(say("offers.title", count=total), "title"),
        *copies("offers.copy", say, ((row["pool"], row["email"] or row["applicant"]) for row in rows)),
        Grid("offers", ("who", "+place", "why", "pool"), cells, total),
    ]
    return ListSection("offers", blocks, ("seat_offers",), total)


def _offered(desk: Desk, reason: str) -> Markup:
    """Why there is a seat, and whether the applicant named no pool."""
    seat, _, no_pool = reason.partition("+")
    return under(desk.say.code("offers", seat), desk.say.code("offers", no_pool) if no_pool else None)


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
        *copies("invitations.copy", say, ((row["pool"], row["email"] or row["value"]) for row in rows)),
        Grid("invitations", heads, cells, total),
    ]
    return ListSection("invitations", blocks, ("open_invitations",), total)
