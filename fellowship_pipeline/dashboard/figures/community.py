"""Community: who comes to sessions, and what becomes of questions.

Belongs here: figures of kpi.community and kpi.support. Does not belong here: learning on the platform (``learning``).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import partial

from fellowship_pipeline.dashboard.drawing import count_axis, next_month, plain
from fellowship_pipeline.dashboard.figures.wording import cell, first_of, stands
from fellowship_pipeline.dashboard.panels import Panel, month_panels
from fellowship_pipeline.dashboard.parts import Drawing
from fellowship_pipeline.dashboard.scene import NOBODY, Row, Scene, Slice, known
from fellowship_pipeline.dashboard.view import Field, View, table
from fellowship_pipeline.dashboard.words import Voice

MOST = 6
"""Kinds of sessions drawn; the table has all."""
ACROSS = 2
"""Panels side by side."""
FLOWS = ("opened", "answered", "open_at_end", "escalated")


def span(rows: list[Row]) -> list[date]:
    """Every month from the first to the last row's."""
    months = [min(row["month"] for row in rows)]
    last = max(row["month"] for row in rows)
    while months[-1] < last:
        months.append(next_month(months[-1]))
    return months


def attendance(scene: Scene, _chosen: Slice, words: Voice) -> View | None:
    """The share of members who came to each kind of session, month by month."""
    everything = scene.rows("community")
    rows = [row for row in everything if row["kind"] != NOBODY]
    if not rows:
        return None
    names = scene.labels(words.language)
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        kinds[row["kind"]].append(row)
    kinds = {kind: found for kind, found in kinds.items() if any(known(row["expected_attended"]) for row in found)}
    ranked = sorted(kinds, key=lambda kind: (-sum(known(row["sessions"]) or 0 for row in kinds[kind]), kind))
    told = [row for row in rows if known(row["attendance_rate"]) is not None and known(row["members"]) is not None]
    if told:
        most = max(told, key=lambda row: (row["month"], row["members"], row["attendance_rate"], row["kind"]))
        title = words(
            "attendance.title",
            attended=cell(most["expected_attended"], words, words.integer),
            members=words.integer(most["members"]),
            share=words.whole(most["attendance_rate"]),
            month=words.month(most["month"]),
            kind=names.session_kind(most["kind"]),
        )
    else:
        title = words("attendance.hidden")
    fields = (
        Field("month", words("column.month"), "month"),
        Field("kind", words("column.kind"), "text"),
        Field("sessions", words("column.sessions"), "int"),
        Field("attendances", words("column.attendances"), "int"),
        Field("unique_members", words("column.unique_members"), "int"),
        Field("expected_attended", words("column.expected_attended"), "int"),
        Field("members", words("column.expected"), "int"),
        Field("attendance_rate", words("column.attendance_rate"), "rate"),
        Field("mean_rating", words("column.mean_rating"), "decimal"),
        Field("registered", words("column.registered"), "int"),
        Field("capacity", words("column.places"), "int"),
        Field("places_taken", words("column.places_taken"), "int"),
        Field("fill_rate", words("column.fill_rate"), "rate"),
        Field("questions", words("column.questions"), "int"),
        Field("answered", words("column.questions_answered"), "int"),
        Field("median_hours_to_answer", words("column.median_hours_to_answer"), "decimal"),
    )
    named = [
        row | {"kind": words("community.none") if row["kind"] == NOBODY else names.session_kind(row["kind"])}
        for row in everything
    ]
    return View(
        title,
        words("attendance.subtitle") + first_of(ranked, MOST, words),
        table(fields, named, words),
        partial(draw_attendance, span(rows), {names.session_kind(kind): kinds[kind] for kind in ranked[:MOST]}, words)
        if kinds
        else None,
    )


def draw_attendance(months: list[date], kinds: dict[str, list[Row]], words: Voice, narrow: bool) -> Drawing:
    """A panel a kind: how many came, before those who were expected."""
    panels = []
    for kind, rows in kinds.items():
        by_month = {row["month"]: row for row in rows}
        found = [by_month.get(month) for month in months]
        came, expected = (
            [known((row or {}).get(field)) for row in found] for field in ("expected_attended", "members")
        )
        beside = [
            [
                plain(_count((row or {}).get("members"), words)),
                plain(cell((row or {}).get("attendance_rate"), words, words.whole)),
                plain(_count((row or {}).get("sessions"), words)),
            ]
            for row in found
        ]
        panels.append(
            Panel(
                kind,
                came,
                ["" if row is None else stands(row["expected_attended"], words) for row in found],
                count_axis(max((count for count in (*came, *expected) if count is not None), default=1), words),
                words("attendance.hover"),
                words("attendance.of", attended=_count(came[-1], words), members=_count(expected[-1], words)),
                beside,
                expected,
            )
        )
    return month_panels(months, panels, words, narrow, across=ACROSS)


def _count(count: float | None, words: Voice) -> str:
    return cell(count, words, words.integer)


def by_month(rows: list[Row]) -> list[Row]:
    """Channels and topics of each month together, as far as they are published."""
    groups: dict[date, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["month"]].append(row)
    return [
        {"month": month} | {flow: sum(known(row[flow]) or 0 for row in groups[month]) for flow in FLOWS}
        for month in span(rows)
    ]


def support(scene: Scene, _chosen: Slice, words: Voice) -> View | None:
    """Questions and problems raised, answered, still open, and passed on."""
    rows = scene.rows("support")
    if not rows:
        return None
    months = by_month(rows)
    totals = {flow: sum(month[flow] for month in months) for flow in FLOWS}
    if totals["opened"]:
        passed_on = words.integer(totals["escalated"])
        title = words("support.title", count=int(totals["opened"]), answered=words.integer(totals["answered"]))
        title += words("support.passed_on", escalated=passed_on) if totals["escalated"] else ""
    else:
        title = words("support.hidden")
    fields = (
        Field("month", words("column.month"), "month"),
        Field("channel", words("column.channel"), "text"),
        Field("topic", words("column.topic"), "text"),
        Field("opened", words("column.opened"), "int"),
        Field("asked_ahead", words("column.asked_ahead"), "int"),
        Field("answered", words("column.questions_answered"), "int"),
        Field("answered_by_members", words("column.answered_by_members"), "int"),
        Field("median_hours_to_answer", words("column.median_hours_to_answer"), "decimal"),
        Field("open_at_end", words("column.open_at_end"), "int"),
        Field("escalated", words("column.escalated"), "int"),
    )
    unsaid = words("community.not_said")
    named = [row | {name: unsaid for name in ("channel", "topic") if row[name] == NOBODY} for row in rows]
    return View(
        title,
        words("support.subtitle"),
        table(fields, named, words),
        partial(draw_support, months, words) if any(totals.values()) else None,
    )


def draw_support(months: list[Row], words: Voice, narrow: bool) -> Drawing:
    """A panel each for what was asked, answered, left open and passed on, on one scale."""
    axis = count_axis(max(month[flow] for month in months for flow in FLOWS), words)
    panels = [
        Panel(
            words(f"support.{flow}"),
            [month[flow] for month in months],
            [""] * len(months),
            axis,
            words("support.hover"),
            words.integer(months[-1][flow]),
        )
        for flow in FLOWS
        if any(month[flow] for month in months)
    ]
    return month_panels([month["month"] for month in months], panels, words, narrow, across=ACROSS)
