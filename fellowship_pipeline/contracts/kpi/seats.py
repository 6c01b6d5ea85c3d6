"""Seats, invitations, and the reviews that give seats back.

Belongs here: columns, grain, units and privacy rules. Does not belong here: formulas (``assets/kpi``).
"""

from __future__ import annotations

from fellowship_pipeline.contracts.kpi.columns import MONTH, SLICE, count, key, rate, table, value
from fellowship_pipeline.contracts.model import Column, Dated, Table
from fellowship_pipeline.contracts.privacy import Operational

SEAT_TABLES: tuple[Table, ...] = (
    table(
        "adoption",
        "Of the seat invitations sent up to the end of the month, how many were accepted by then.",
        ("month", "slice_by", "slice"),
        (
            MONTH,
            *SLICE,
            count("invited", "Invitations sent so far, without those withdrawn unanswered.", "invitations"),
            count("accepted", "Those of them accepted so far.", "invitations"),
            rate("adoption_rate", "accepted / invited."),
            count("activated", "Those accepted whose member has learned since.", "invitations"),
            rate("activation_rate", "activated / accepted."),
            value("median_days_to_accept", "Median calendar days from the first sending to acceptance.", "days"),
        ),
        Operational(
            "invited",
            ("month", "slice_by", "slice"),
            sliced=True,
            adds=("invited", "accepted", "activated"),
            rates=(("adoption_rate", "accepted", "invited"), ("activation_rate", "activated", "accepted")),
        ),
        plotted=("month", "adoption_rate"),
        dated=Dated("month", of_months=True),
    ),
    table(
        "seats",
        "Seats of a pool over the month: what was held, accepted, taken back and left idle.",
        ("month", "pool"),
        (
            MONTH,
            key("pool", "VARCHAR", "The pool of seats."),
            count("capacity", "Seats bought, on the month's last day.", "seats", required=False),
            count("held_start", "Held on the last day before the month.", "seats"),
            count("accepted", "Accepted in the month.", "seats"),
            count("reclaimed", "Taken back in the month.", "seats"),
            count("returned", "Given back in the month.", "seats"),
            count("held_end", "held_start + accepted - reclaimed - returned.", "seats"),
            count("peak_held", "The most held on one day.", "seats"),
            count("invited_open", "Invitations open at the end.", "invitations"),
            count(
                "idle",
                "capacity - held_end - invited_open; negative: over-committed.",
                "seats",
                required=False,
                minimum=None,
            ),
            rate("utilization", "held_end / capacity.", maximum=None),
            count("rotations_used", "Seats taken back in the budget's term so far.", "seats", required=False),
            count("rotations_left", "What the budget leaves.", "seats", required=False, minimum=None),
        ),
        # The fewest that held a seat at once (kpi.engagement hides such a day); before there are any, those asked.
        Operational(
            "coalesce(least(nullif(held_start, 0), nullif(peak_held, 0), nullif(held_end, 0)), invited_open)",
            ("month", "pool"),
            kept=("capacity",),
        ),
        plotted=("month", "held_end"),
    ),
    table(
        "review_summary",
        "What the month's seat review proposes, by rule.",
        ("review_month", "rule"),
        (
            key("review_month", "DATE", "The month at whose start the review is held."),
            key("rule", "VARCHAR", "The rule that applied."),
            count("reviewed", "Seats reviewed.", "seats"),
            count("kept", "Seats kept.", "seats"),
            count("reclaimed", "Seats to be taken back.", "seats"),
            count("exempt", "Seats that the rule leaves alone.", "seats"),
            count("deferred", "Seats over the rotation budget.", "seats"),
            rate("reclaim_rate", "reclaimed / (reviewed - exempt)."),
        ),
        Operational("reviewed", ("review_month", "rule"), rates=(("reclaim_rate", "reclaimed", "reviewed"),)),
        plotted=("review_month", "reclaim_rate"),
    ),
    table(
        "what_if",
        "What each review would have done under another minimum of XP.",
        ("review_month", "minimum_xp"),
        (
            key("review_month", "DATE", "The month at whose start the review is held."),
            Column("minimum_xp", "BIGINT", "The minimum tried.", unit="XP", required=True, minimum=0),
            count("reclaimed", "Seats that would be taken back.", "seats"),
            rate("reclaim_rate", "reclaimed / (reviewed - exempt)."),
        ),
        Operational(
            "(select sum(r.reviewed) from kpi.review_summary as r where r.review_month = what_if.review_month)",
            ("review_month",),
        ),
    ),
)
